/** The Vue workspace in Node, through the server import map. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { registerImportMap } from '../../runtime/node/hooks.mjs';
import { createRenderer } from '../../runtime/node/render.mjs';
import { importInside, openWorkspace, readManifest } from './workspace.mjs';

const MODULES = ['shared', 'vue3-app', 'vue2-app', 'host'];
const { directory, host, serverMap } = openWorkspace('demo-vue');

before(() => registerImportMap(serverMap));

test('every export of every module can be evaluated, by its identifier', async () => {
    const { imports } = JSON.parse(readFileSync(serverMap, 'utf8'));
    const expected = MODULES.flatMap((module) =>
        Object.values(readManifest(directory, module, 'server').exports).map(({ identifier }) => identifier));
    assert.deepEqual(Object.keys(imports).sort(), expected.sort());
    for (const identifier of expected) {
        const namespace = await import(identifier);
        assert.notEqual(Object.keys(namespace).length, 0, `${identifier} exports nothing`);
    }
});

test('a shared package is one namespace object in every module that gets it, another one per major', async () => {
    const inside = Object.fromEntries(await Promise.all(MODULES.map(async (module) =>
        [module, await importInside(directory, module, ['vue', 'universal-router', 'shared/counter'])])));

    for (const module of MODULES) {
        assert.equal(inside[module]['universal-router'], inside.shared['universal-router'], `universal-router in ${module}`);
        assert.equal(inside[module]['shared/counter'], inside.shared['shared/counter'], `shared/counter in ${module}`);
    }
    assert.equal(inside['vue3-app'].vue, inside.shared.vue);
    assert.equal(inside.host.vue, inside.shared.vue);
    assert.notEqual(inside['vue2-app'].vue, inside.shared.vue);
    assert.equal(inside['vue2-app'].vue, (await importInside(directory, 'shared', ['vue2'])).vue2);
    assert.match(inside['vue3-app'].vue.version, /^3\./);
    assert.match(inside['vue2-app'].vue.version, /^2\.7\./);
});

test('the copy that lost its election is answered by the winner, whoever asks and however', async () => {
    const elected = await import('shared/universal-router');
    assert.equal(await import('vue2-app/universal-router'), elected);
    assert.equal((await importInside(directory, 'vue2-app', ['universal-router']))['universal-router'], elected);
});

test('provided packages have every named export that Node sees in the package itself', async () => {
    for (const [specifier, identifier] of [['vue', 'shared/vue'], ['vue2', 'shared/vue2'], ['universal-router', 'shared/universal-router']]) {
        // Asked from a file that the import map knows nothing about, so this is Node's own answer.
        const real = await import(pathToFileURL(join(directory, 'node_modules', specifier, nodeEntry(specifier))).href);
        const provided = await import(identifier);
        const missing = Object.keys(real).filter((name) => !(name in provided) && !INTEROP_NAMES.has(name));
        assert.deepEqual(missing, [], `${identifier} lacks exports of ${specifier}`);
    }
});

/** Names that Node gives the namespace of a CommonJS module, and no package exports. */
const INTEROP_NAMES = new Set(['module.exports', '__esModule']);

/** @param {string} specifier */
function nodeEntry(specifier) {
    let entry = JSON.parse(readFileSync(join(directory, 'node_modules', specifier, 'package.json'), 'utf8')).exports['.'].import;
    while (typeof entry === 'object') entry = entry.node ?? entry.default;
    return entry;
}

test('both applications render to a string', async () => {
    const vue3 = await (await import('vue3-app/render')).render('/', new Set());
    const vue2 = await (await import('vue2-app/render')).render('/', new Set());
    for (const [html, name, version] of [[vue3, 'Vue 3', /^3\.\d+\.\d+$/], [vue2, 'Vue 2', /^2\.7\.\d+$/]]) {
        assert.match(html, /<output class="count">0<\/output>/);
        assert.match(html.match(/class="version">Vue ([^<]+)</)[1], version);
        // Injected: a renderer with a Vue runtime of its own would not find what the application provided.
        assert.match(html, new RegExp(`counts as ${name} in `));
    }
});

test('the host renders the whole page, in the order the standard needs', async () => {
    const { html } = await createRenderer(host).render({ params: { url: '/' } });
    const order = [
        '<!doctype html>', '<style>', '</head>', 'id="vue3-app"', 'id="vue2-app"', '<script type="importmap">', '<script type="module">',
        '<link rel="modulepreload"', '</body>'
    ];
    const positions = order.map((piece) => html.indexOf(piece));
    assert.ok(!positions.includes(-1), `missing: ${order.filter((_, index) => positions[index] === -1)}`);
    assert.deepEqual(positions, positions.toSorted((left, right) => left - right));
    assert.match(html, /<td[^>]*data-tone="vue2"><span class="wire">shared\/vue2<\/span>/);
});

test('a lazy route that was rendered is preloaded, with its integrity', async () => {
    const renderer = createRenderer(host);
    const atCounter = await renderer.render({ params: { url: '/' } });
    const atActivity = await renderer.render({ params: { url: '/?vue3=/activity' } });
    const { js } = readManifest(directory, 'vue3-app', 'client').chunks['vue3-app@src/views/activity.ts'];
    const url = `/vue3-app/${js}`;
    assert.ok(!atCounter.files.modulepreload.includes(url));
    assert.ok(atActivity.files.modulepreload.includes(url));
    assert.match(atActivity.html, new RegExp(`<link rel="modulepreload" href="${url.replaceAll('.', '\\.')}" integrity="sha384-`));
    assert.match(atActivity.html, /Nobody has counted yet/);
});

test('a base moves every URL of the page', async () => {
    const { html, files } = await createRenderer(host).render({ base: '/docs', params: { url: '/' } });
    const map = JSON.parse(html.match(/<script type="importmap">(.*?)<\/script>/)[1]);
    const urls = [...Object.values(map.imports), ...Object.keys(map.scopes), ...Object.keys(map.integrity), ...files.modulepreload];
    assert.deepEqual(urls.filter((url) => !url.startsWith('/docs/')), []);
});
