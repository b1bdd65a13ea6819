/** Files of code in Chromium and Node: names in import maps, integrity, and what an `import()` fetches at once. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startServer } from '../../fixtures/serve.mjs';
import { launch, openPage, repeated } from './browser.mjs';

const SOURCES = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'fixtures', 'chunked-page');
const REGISTER = new URL('../../runtime/node/register.mjs', import.meta.url).href;

/** @param {string} directory @param {string[]} words */
function esmxBuild(directory, ...words) {
    return execFileSync(process.env.ESMX_BUILD_BINARY, words, { cwd: directory, stdio: 'pipe', encoding: 'utf8' });
}

/** A copy of the workspace that goes away with the tests. */
function copySources() {
    const directory = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-chunks-')));
    cpSync(SOURCES, directory, { recursive: true });
    const host = join(directory, 'host');
    mkdirSync(join(host, 'node_modules'));
    symlinkSync(join(directory, 'kit'), join(host, 'node_modules', 'kit'));
    return { directory, host };
}

/** Names without hashes. @param {string[]} paths */
const stems = (paths) => paths.map((path) => path.replace(/^.*\//, '').replace(/\.[0-9a-f]{8}\.final|-[0-9a-f]{8}/, '')).sort();

/**
 * Holds the file of a page back and says what was asked for meanwhile: whatever comes then was not found by reading it.
 *
 * @param {import('playwright-core').Page} page
 * @param {RegExp} held
 * @param {() => Promise<void>} start
 */
async function askedBeforeArrival(page, held, start) {
    /** @type {string[]} */
    const asked = [];
    let release = () => {};
    const arrival = new Promise((resolve) => (release = resolve));
    await page.route(/\.m?js$|\.css$/, async (route) => {
        const { pathname } = new URL(route.request().url());
        asked.push(pathname);
        if (held.test(pathname)) await arrival;
        await route.continue();
    });
    await start();
    await page.waitForTimeout(500);
    const before = [...asked];
    release();
    return before;
}

for (const [title, options] of /** @type {const} */ ([
    ['names in files', []],
    ['names in the import map', ['--chunk-import-map']]
])) {
    describe(`a built host, ${title}`, () => {
        let browser;
        let workspace;
        let servers;
        before(async () => {
            workspace = copySources();
            esmxBuild(workspace.host, 'build', '-r', ...options);
            esmxBuild(workspace.host, 'compose', '--html');
            browser = await launch();
            servers = {
                rendered: await startServer({ host: workspace.host, page: 'rendered' }),
                composed: await startServer({ host: workspace.host, page: 'static' })
            };
        });
        after(async () => {
            await Promise.all([browser?.close(), servers?.rendered.close(), servers?.composed.close()]);
            if (workspace) rmSync(workspace.directory, { recursive: true });
        });

        test('what an import() needs is fetched before its file has arrived', async () => {
            const { page, complaints, requests, see, close } = await openPage(browser);
            await page.goto(servers.rendered.url);
            await see(page.locator('html[data-started="[page]"]'));
            const asked = await askedBeforeArrival(page, /chunks\/page/, () => page.locator('#open').click());
            assert.deepEqual(stems(asked), ['page.css', 'page.mjs', 'second.mjs', 'text.mjs']);
            await see(page.locator('output', { hasText: '[text] first second kit part' }));
            assert.equal(await page.locator('output').evaluate((output) => getComputedStyle(output).color), 'rgb(1, 2, 3)');
            await page.locator('#other').click();
            await see(page.locator('output', { hasText: /^\[text\] second$/ }));
            await page.locator('#open').click();
            await see(page.locator('output', { hasText: '[text] first second kit part' }));
            assert.deepEqual(repeated(requests), []);
            const links = await page.locator('link[rel=modulepreload]').evaluateAll((links) => links.map((link) => link.href));
            assert.deepEqual(links, [...new Set(links)]);
            assert.deepEqual(complaints, []);
            await close();
        });

        test('a file that is not what was built is refused', async () => {
            const { page, complaints, see, close } = await openPage(browser);
            await page.route(/chunks\/second/, async (route) => {
                const response = await route.fetch();
                await route.fulfill({ response, body: `${await response.text()}\nglobalThis.stranger = true;` });
            });
            await page.goto(servers.rendered.url);
            await see(page.locator('html[data-started="[page]"]'));
            await Promise.all([page.waitForEvent('pageerror'), page.locator('#other').click()]);
            assert.equal(await page.evaluate(() => globalThis.stranger), undefined);
            assert.ok(complaints.some((complaint) => /integrity/i.test(complaint)), complaints.join('\n'));
            await close();
        });

        test('a policy without inline code but with nonces is kept', async () => {
            const { page, complaints, see, close } = await openPage(browser);
            await page.route(`${servers.rendered.url}/`, async (route) => {
                const response = await route.fetch();
                const html = (await response.text()).replaceAll('<script', '<script nonce="n0nce"').replaceAll('rel="modulepreload"', 'nonce="n0nce" rel="modulepreload"');
                const headers = { ...response.headers(), 'content-security-policy': "script-src 'nonce-n0nce' 'strict-dynamic'" };
                await route.fulfill({ response, headers, body: html });
            });
            await page.goto(`${servers.rendered.url}/`);
            await see(page.locator('html[data-started="[page]"]'));
            await page.locator('#open').click();
            await see(page.locator('output', { hasText: '[text] first second kit part' }));
            assert.deepEqual(complaints, []);
            await close();
        });

        test('the page that compose writes and the one that Node renders do the same', async () => {
            const { page, see, close } = await openPage(browser);
            await page.goto(servers.rendered.url);
            await see(page.locator('#text', { hasText: '[[text]]' }));
            await close();
            const html = readFileSync(join(workspace.host, 'dist/client/index.html'), 'utf8');
            const map = JSON.parse(/<script type="importmap">(.*?)<\/script>/s.exec(html)[1]);
            const isMapped = Object.keys(map.imports).some((specifier) => specifier.startsWith('host/chunks/'));
            assert.equal(isMapped, options.length > 0);
        });
    });
}

describe('a host whose files are named in the import map', () => {
    test('a change of one module changes its file, the manifest and the map', () => {
        const { directory, host } = copySources();
        const build = () => {
            esmxBuild(host, 'build', '-r', '--chunk-import-map');
            esmxBuild(host, 'compose');
            return ['client', 'server'].flatMap((side) => {
                const files = readdirSync(join(host, 'dist', side), { recursive: true, withFileTypes: true });
                return files.filter((file) => file.isFile() && !file.parentPath.endsWith('importmap')).map((file) => join(file.parentPath, file.name));
            });
        };
        try {
            const before = new Set(build());
            const source = join(host, 'src/pages/second.js');
            writeFileSync(source, readFileSync(source, 'utf8').replace("'second'", "'changed'"));
            const after = build();
            const isNew = after.filter((file) => !before.has(file));
            assert.deepEqual(stems(isNew), ['second.mjs']);
        } finally {
            rmSync(directory, { recursive: true });
        }
    });
});

describe('two modules that provide one package, files named in the import map', () => {
    const FILES = {
        'package/package.json': '{ "name": "inner-parts", "version": "1.2.0", "type": "module", "exports": "./index.js" }',
        'package/index.js': "import { inner } from './inner.js';\nexport const name = () => inner;\nexport const late = () => import('./late.js');\n",
        'package/inner.js': "export const inner = 'inner';\n",
        'package/late.js': "import { inner } from './inner.js';\nexport const late = `${inner} late`;\n",
        'base/package.json': `{ "name": "base", "version": "1.0.0", "type": "module", "dependencies": { "inner-parts": "^1.0.0" },
            "esmx": { "provides": ["inner-parts"], "exports": { "./one": "./one.js", "./two": "./two.js" } } }`,
        'base/one.js': "import { name } from 'inner-parts';\nimport { shared } from './shared.js';\nexport const one = () => name() + shared;\n",
        'base/two.js': "export { shared as two } from './shared.js';\n",
        'base/shared.js': "export const shared = ' shared';\n",
        'app/package.json': `{ "name": "app", "version": "1.0.0", "type": "module", "dependencies": { "inner-parts": "^1.0.0", "base": "^1.0.0" },
            "esmx": { "uses": ["base"], "provides": ["inner-parts"], "entry": { "server": "./server.js", "client": "./server.js" } } }`,
        'app/server.js': "import { one } from 'base/one';\nimport { name, late } from 'inner-parts';\nconsole.log(one(), name(), (await late()).late);\n"
    };

    test('the files of the copy that is not elected are in no map', () => {
        const directory = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-chunks-')));
        try {
            for (const [file, text] of Object.entries(FILES)) {
                mkdirSync(dirname(join(directory, file)), { recursive: true });
                writeFileSync(join(directory, file), text);
            }
            for (const module of ['base', 'app']) cpSync(join(directory, 'package'), join(directory, module, 'node_modules/inner-parts'), { recursive: true });
            symlinkSync(join(directory, 'base'), join(directory, 'app/node_modules/base'));
            const app = join(directory, 'app');
            esmxBuild(app, 'build', '-r', '--chunk-import-map');
            esmxBuild(app, 'compose');
            const map = readFileSync(join(app, 'dist/client/importmap.json'), 'utf8');
            assert.match(map, /"base\/chunks\/shared": "\/base\/chunks\/shared/);
            assert.doesNotMatch(map, /\/base\/(inner-parts|chunks\/(inner|late))[^"]*mjs/);
            const program = "await import('app/src/entry.server');";
            const told = execFileSync(process.execPath, ['--import', REGISTER, '--input-type=module', '-e', program], { cwd: app, encoding: 'utf8' });
            assert.equal(told, 'inner shared inner inner late\n');
        } finally {
            rmSync(directory, { recursive: true });
        }
    });
});

describe('a plain bundle whose files are named in an import map', () => {
    const PROGRAM = {
        'main.js': "import { shared } from './shared.js';\nglobalThis.say?.(shared('main'));\nimport('./page.js').then((page) => globalThis.say?.(page.text()));\n",
        'other.js': "import { shared } from './shared.js';\nglobalThis.say?.(shared('other'));\n",
        'page.js': "import { shared } from './shared.js';\nimport { deep } from './deep.js';\nexport const text = () => shared(deep);\n",
        'late.js': "import { deep } from './deep.js';\nexport { deep };\n",
        'deep.js': "export const deep = 'deep';\n",
        'shared.js': 'export const shared = (text) => `shared ${text}`;\n'
    };
    let directory;
    before(() => {
        directory = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-chunks-')));
        for (const [file, text] of Object.entries(PROGRAM)) writeFileSync(join(directory, file), text);
        esmxBuild(directory, 'bundle', 'main.js', 'other.js', 'late.js', '--chunk-import-map', '--entry-names', '[name].mjs', '--chunk-names', 'chunks/[name]-[hash].mjs');
    });
    after(() => rmSync(directory, { recursive: true }));

    test('Node runs it with the map', () => {
        const map = join(directory, 'dist/importmap.json');
        assert.ok(Object.keys(JSON.parse(readFileSync(map, 'utf8')).imports).includes('#chunks/shared'));
        assert.match(readFileSync(join(directory, 'dist/main.mjs'), 'utf8'), /from "#chunks\/shared"/);
        const program = "globalThis.say = (text) => console.log(text); await import('./dist/main.mjs');";
        const told = execFileSync(process.execPath, ['--import', REGISTER, '--input-type=module', '-e', program], {
            cwd: directory,
            encoding: 'utf8',
            env: { ...process.env, ESMX_IMPORT_MAP: map }
        });
        assert.equal(told, 'shared main\nshared deep\n');
    });

    test('Chromium runs it with the map in the page', async () => {
        const map = readFileSync(join(directory, 'dist/importmap.json'), 'utf8');
        const html = `<!doctype html><link rel="icon" href="data:,"><script>globalThis.said = []; globalThis.say = (text) => said.push(text);</script>
            <script type="importmap">${map}</script><script type="module" src="./main.mjs"></script>`;
        const server = createServer((request, response) => {
            const { pathname } = new URL(request.url ?? '/', 'http://localhost');
            const body = pathname === '/' ? html : readFileSync(join(directory, 'dist', pathname));
            response.writeHead(200, { 'content-type': extname(pathname) === '.mjs' ? 'text/javascript' : 'text/html' }).end(body);
        });
        await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
        const browser = await launch();
        try {
            const { page, complaints, requests } = await openPage(browser);
            await page.goto(`http://127.0.0.1:${/** @type {any} */ (server.address()).port}/`);
            await page.waitForFunction(() => globalThis.said.length === 2);
            assert.deepEqual(await page.evaluate(() => globalThis.said), ['shared main', 'shared deep']);
            assert.deepEqual(repeated(requests), []);
            assert.deepEqual(complaints, []);
        } finally {
            await browser.close();
            server.close();
        }
    });
});
