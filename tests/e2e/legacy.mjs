/** What the legacy workspace of four modules must do, as it is and after it was migrated. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { registerImportMap } from '../../runtime/node/hooks.mjs';
import { createApplication, listen } from '../../runtime/node/start.mjs';
import { createStaticMiddleware } from '../../runtime/node/static-files.mjs';
import { launch, openPage, repeated } from './browser.mjs';
import { importInside, readManifest } from './workspace.mjs';

const MODULES = ['host', 'shared', 'vue3-app', 'vue2-app'];

/**
 * Names of every file of the four modules are public names, so they are the same before and after migrating.
 *
 * @param {string} directory A built and composed copy of `fixtures/demo-legacy`.
 */
export function describeLegacyWorkspace(directory) {
    describe('in Node', () => {
        before(() => registerImportMap(join(directory, 'host', 'dist', 'server', 'importmap.json')));

        test('every module exports what its list says, under the same names', () => {
            /** @param {'client' | 'server'} side */
            const names = (side) => Object.fromEntries(MODULES.map((module) => [module, Object.keys(readManifest(directory, module, side).exports).sort()]));
            assert.deepEqual(names('client'), {
                host: ['src/entry.client', 'src/names'],
                shared: ['format', 'place', 'src/counter', 'vue', 'vue2'],
                'vue3-app': ['mount', 'src/title'],
                'vue2-app': ['mount', 'src/title']
            });
            assert.deepEqual(names('server'), {
                host: ['src/entry.server', 'src/names'],
                shared: ['format', 'place', 'src/counter', 'vue', 'vue-server', 'vue2'],
                'vue3-app': ['render', 'src/title'],
                'vue2-app': ['render', 'src/title']
            });
        });

        test('a manifest says what the module provides, under its real name', () => {
            const { provides, exports } = readManifest(directory, 'shared', 'client');
            assert.deepEqual(Object.entries(provides).map(([name, record]) => [name, record.package, record.version.split('.')[0], record.chunks[0]]), [
                ['vue', 'vue', '3', exports.vue.file],
                ['vue2', 'vue', '2', exports.vue2.file]
            ]);
        });

        test('each application gets its major, and everybody the same instance of it', async () => {
            const inside = Object.fromEntries(await Promise.all(['host', 'vue3-app', 'vue2-app'].map(async (module) =>
                [module, await importInside(directory, module, ['vue', 'shared/src/counter'])])));
            assert.equal(inside.host.vue, await import('shared/vue'));
            assert.equal(inside['vue3-app'].vue, inside.host.vue);
            assert.equal(inside['vue2-app'].vue, await import('shared/vue2'));
            assert.match(inside.host.vue.version, /^3\./);
            assert.match(inside['vue2-app'].vue.version, /^2\.7\./);
            assert.equal(inside['vue2-app']['shared/src/counter'], inside['vue3-app']['shared/src/counter']);
        });

        test('the host renders both applications', async () => {
            const context = { html: '' };
            await (await import('host/src/entry.server')).default(context);
            assert.match(context.html, /^<h1>vue3-app, vue2-app in Node, host on Vue 3\.[\d.]+: Vue 3\.[\d.]+, Vue 2\.7\.\d+<\/h1>/);
            assert.match(context.html, /<section id="vue3"><p>Vue 3\.[\d.]+ counts 0<\/p>/);
            assert.match(context.html, /<section id="vue2".*?><p>Vue 2\.7\.\d+ counts 0<\/p>/);
        });
    });

    test('the built host starts as its behaviour file says: what it links is mounted, and the page is rendered', async () => {
        const host = join(directory, 'host');
        const behaviour = (await import(pathToFileURL(join(host, 'dist', 'node', 'src', 'entry.node.mjs')).href)).default;
        const application = createApplication(host, behaviour);
        const { html } = await application.render();
        assert.match(html, /<section id="vue2".*?><p>Vue 2\.7\.\d+ counts 0<\/p>/);
        const server = await listen(application, { port: 0 });
        try {
            for (const module of MODULES) {
                const [{ file }] = Object.values(readManifest(directory, module, 'client').exports);
                assert.equal((await fetch(new URL(`/${module}/${file}`, server.url))).status, 200, `${module}/${file}`);
            }
        } finally {
            await server.close();
        }
    });

    describe('in Chromium', () => {
        let browser;
        let server;
        before(async () => {
            const mounts = MODULES.map((name) => ({
                name,
                client: join(directory, name, 'dist', 'client'),
                server: join(directory, name, 'dist', 'server')
            }));
            // Without an icon of its own a page asks for one.
            const page = readFileSync(join(mounts[0].client, 'index.html'), 'utf8').replace('</title>', '</title><link rel="icon" href="data:,">');
            const render = async () => ({ html: page });
            const host = { name: 'host', root: join(directory, 'host'), middleware: createStaticMiddleware(mounts), render };
            [browser, server] = await Promise.all([launch(), listen(host, { port: 0 })]);
        });
        after(async () => {
            await Promise.all([browser?.close(), server?.close()]);
        });

        test('both applications count in one state, each on its major, and nothing is loaded twice', async () => {
            const { page, complaints, requests, see, close } = await openPage(browser);
            await page.goto(server.url);
            await see(page.locator('html[data-ready="true"]'));
            await page.locator('#vue3 button').click();
            await page.locator('#vue2 button').click();
            await page.locator('#vue3 p', { hasText: 'counts 2' }).waitFor();
            await page.locator('#vue2 p', { hasText: 'counts 2' }).waitFor();
            assert.match(await page.locator('#vue3 p').textContent(), /^Vue 3\./);
            assert.match(await page.locator('#vue2 p').textContent(), /^Vue 2\.7\./);
            assert.match(await page.title(), /^2 on Vue 3\.[\d.]+ in the browser$/);
            assert.deepEqual(repeated(requests), []);
            for (const name of ['vue', 'vue2', 'src/counter']) {
                const url = `/shared/${readManifest(directory, 'shared', 'client').exports[name].file}`;
                assert.ok(requests.includes(url), `${url} in ${requests.join(' ')}`);
            }
            assert.deepEqual(complaints, []);
            await close();
        });
    });
}
