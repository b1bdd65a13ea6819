/** Starting a built host, as `dist/index.mjs` does. */

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

const START = new URL('../node/start.mjs', import.meta.url).href;

describe('start', () => {
    let directory;
    before(() => {
        directory = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-start-')));
        const manifest = { exports: {}, provides: {}, chunks: {} };
        const entry = join(directory, 'dist/server/entry.mjs');
        write('package.json', { name: 'host', esmx: { entry: {} } });
        write('dist/client/manifest.json', manifest);
        write('dist/client/importmap.json', {});
        write('dist/client/page.css', 'p { color: teal }');
        write('dist/server/importmap.json', { imports: { 'host/src/entry.server': pathToFileURL(entry).href } });
        write('dist/server/entry.mjs', 'export default (context) => { context.html = `<p>${context.params.url}</p>`; };');
    });
    after(() => rmSync(directory, { recursive: true, force: true }));

    function write(path, content) {
        const file = join(directory, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    }

    test('a behaviour file serves the host with what it is given', () => {
        write('behaviour.mjs', `
            import { start } from ${JSON.stringify(START)};
            const behaviour = {
                async server({ name, root, middleware, render }) {
                    const { html } = await render({ params: { url: '/from-behaviour' } });
                    return { name, root, html, middleware: middleware.length };
                }
            };
            console.log(JSON.stringify(await start(new URL('.', import.meta.url), behaviour)));
        `);
        const answer = JSON.parse(execFileSync(process.execPath, [join(directory, 'behaviour.mjs')], { encoding: 'utf8' }));
        assert.deepEqual(answer, { name: 'host', root: directory, html: '<p>/from-behaviour</p>', middleware: 3 });
    });

    test('without one there is a server that renders pages and serves files', async () => {
        write('plain.mjs', `import { start } from ${JSON.stringify(START)}; await start(new URL('.', import.meta.url));`);
        const child = spawn(process.execPath, [join(directory, 'plain.mjs')], { env: { ...process.env, PORT: '0', HOST: '127.0.0.1' } });
        try {
            const told = await new Promise((resolve, reject) => {
                child.stdout.once('data', (text) => resolve(String(text)));
                child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
            });
            const url = /^host is served at (http:\/\/127\.0\.0\.1:\d+\/)$/m.exec(told)?.[1];
            assert.ok(url, told);
            const page = await fetch(`${url}tickets/7?seat=2`);
            assert.equal(await page.text(), '<p>/tickets/7?seat=2</p>');
            assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
            assert.equal((await fetch(`${url}host/page.css`)).headers.get('content-type'), 'text/css; charset=utf-8');
            assert.equal((await fetch(`${url}missing.mjs`)).status, 404);
            assert.equal((await fetch(url, { method: 'POST' })).status, 405);
        } finally {
            child.kill();
        }
    });

    test('with a policy each page has a nonce of its own, and an answer that has a policy keeps it', async () => {
        write('policy.mjs', `
            import { createServer } from 'node:http';
            import { start } from ${JSON.stringify(START)};
            await start(new URL('.', import.meta.url), {
                server({ render }) {
                    const server = createServer(async (request, response) => {
                        if (request.url === '/own') response.setHeader('content-security-policy', 'own');
                        const options = request.url === '/nonce' ? { nonce: 'given' } : {};
                        const context = await render({ ...options, params: { url: request.url } });
                        response.setHeader('x-nonce', context.nonce);
                        await context.pipe(response);
                    });
                    server.listen(0, '127.0.0.1', () => console.log(server.address().port));
                }
            });
        `);
        const child = spawn(process.execPath, [join(directory, 'policy.mjs')], { env: { ...process.env, ESMX_CSP: "img-src *;; Style-Src 'self'  data: ;" } });
        try {
            const port = await new Promise((resolve, reject) => {
                child.stdout.once('data', (text) => resolve(Number(text)));
                child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
            });
            const ask = async (path) => {
                const { headers } = await fetch(`http://127.0.0.1:${port}${path}`);
                return { nonce: headers.get('x-nonce'), policy: headers.get('content-security-policy') };
            };
            const first = await ask('/');
            const policy = (nonce) => `default-src 'self'; script-src 'self' 'nonce-${nonce}'; style-src 'self' data:; object-src 'none'; base-uri 'none'; img-src *`;
            assert.match(first.nonce, /^[A-Za-z0-9+/]{22}==$/);
            assert.equal(first.policy, policy(first.nonce));
            assert.notEqual((await ask('/')).nonce, first.nonce);
            assert.equal((await ask('/nonce')).policy, policy('given'));
            assert.equal((await ask('/own')).policy, 'own');
        } finally {
            child.kill();
        }
    });

    test('a host that is not composed says what to do', () => {
        rmSync(join(directory, 'dist/server/importmap.json'));
        const run = () => execFileSync(process.execPath, [join(directory, 'plain.mjs')], { encoding: 'utf8', stdio: 'pipe' });
        assert.throws(run, /esmx-build compose/);
    });
});
