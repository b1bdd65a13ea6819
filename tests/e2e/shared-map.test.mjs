/** A host and a slice that share a map and nothing else: `compose --html --import-map` makes their page. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, openPage } from './browser.mjs';

const FILES = {
    'maps/importmap.production.json': { imports: { counter: '/npm/counter@1.0.0/counter.mjs', 'tools/': '/tools/', 'slice/box': '/slice/box.mjs' }, scopes: {} },
    'npm/package.json': { name: 'counter', version: '1.0.0', type: 'module' },
    'npm/counter.js': 'let count = 0;\nexport const next = () => ++count;\n',
    'tools/show.mjs': 'export const show = (text) => { document.documentElement.dataset.said = `${document.documentElement.dataset.said ?? ""}${text};`; };\n',
    'slice/package.json': { name: 'slice', version: '1.0.0', type: 'module' },
    'slice/box.ts': "import { next } from 'counter';\nexport const open = (): string => `slice ${next()}`;\n",
    'host/package.json': { name: 'host', version: '1.0.0', type: 'module', esmx: { entry: { client: './src/entry.client.ts' } } },
    'host/src/entry.client.ts': `
        import { next } from 'counter';
        import { show } from 'tools/show.mjs';
        import './page.css';
        show('host ' + next());
        const { open } = await import('slice/box');
        show(open());
        show('host ' + next());
    `,
    'host/src/page.css': 'body { color: rgb(1, 2, 3) }\n'
};

describe('a host and a slice with a shared map', () => {
    let directory, browser, server;
    before(async () => {
        directory = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-shared-map-')));
        for (const [path, content] of Object.entries(FILES)) {
            mkdirSync(dirname(join(directory, path)), { recursive: true });
            writeFileSync(join(directory, path), typeof content === 'string' ? content : JSON.stringify(content));
        }
        const run = (place, ...words) => execFileSync(process.env.ESMX_BUILD_BINARY ?? 'esmx-build', words, { cwd: join(directory, place), stdio: 'pipe' });
        const map = ['--import-map', '../maps/importmap.{env}.json', '--env', 'production'];
        run('npm', 'bundle', 'counter.js', '-o', '../site/npm/counter@1.0.0', '--entry-names', '[name].mjs');
        run('slice', 'bundle', 'box.ts', ...map, '--public-path', '/slice/', '-o', '../site/slice', '--entry-names', '[name].mjs');
        run('host', 'build', ...map);
        run('host', 'compose', '--html', ...map);
        cpSync(join(directory, 'host/dist/client'), join(directory, 'site/host'), { recursive: true });
        cpSync(join(directory, 'tools'), join(directory, 'site/tools'), { recursive: true });
        server = createServer((request, response) => {
            const path = request.url === '/' ? '/host/index.html' : request.url;
            const type = { html: 'text/html', mjs: 'text/javascript', css: 'text/css' }[path.split('.').pop()] ?? 'application/octet-stream';
            try {
                const body = readFileSync(join(directory, 'site', path));
                response.writeHead(200, { 'content-type': type }).end(body);
            } catch {
                response.writeHead(request.url === '/favicon.ico' ? 204 : 404).end();
            }
        });
        await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
        browser = await launch();
    });
    after(async () => {
        await browser?.close();
        server?.closeAllConnections();
        server?.close();
        rmSync(directory, { recursive: true, force: true });
    });

    test('has one page with one counter, and everything is there early', async () => {
        const { page, complaints, requests, see, close } = await openPage(browser);
        await page.goto(`http://127.0.0.1:${server.address().port}/`);
        await see(page.locator('html[data-said="host 1;slice 2;host 3;"]'));
        assert.equal(await page.evaluate(() => getComputedStyle(document.body).color), 'rgb(1, 2, 3)');
        assert.deepEqual(complaints, []);
        assert.equal(requests.filter((path) => path.includes('counter')).length, 1);
        const preloads = await page.locator('link[rel=modulepreload]').evaluateAll((links) => links.map((link) => new URL(link.href).pathname));
        assert.deepEqual(preloads.slice(1), ['/npm/counter@1.0.0/counter.mjs', '/tools/show.mjs']);
        await close();
    });

    test('is a deployment that holds', () => {
        const check = execFileSync(process.env.ESMX_BUILD_BINARY ?? 'esmx-build', ['importmap', 'check', 'host/dist/client/importmap.json', '--base', 'site'], { cwd: directory, encoding: 'utf8' });
        assert.match(check, /^The map holds: 4 files can be imported/);
    });
});
