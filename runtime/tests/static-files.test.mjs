/** Serving the browser files of mounted modules. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createStaticMiddleware } from '../node/static-files.mjs';

const TEXT = 'export const answer = 42;\n';

describe('static files', () => {
    let directory;
    let server;
    before(async () => {
        directory = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-static-')));
        write('kit/client/a.1a2b3c4d.final.mjs', TEXT);
        write('kit/client/a.1a2b3c4d.final.mjs.br', 'brotli');
        write('kit/client/a.1a2b3c4d.final.mjs.gz', 'gzip');
        write('kit/client/old.mjs', TEXT);
        write('kit/client/old.mjs.gz', 'of an earlier build');
        utimesSync(join(directory, 'kit/client/old.mjs.gz'), 0, 0);
        write('kit/client/empty.css', '');
        write('kit/secret.txt', 'secret');
        symlinkSync(join(directory, 'kit/secret.txt'), join(directory, 'kit/client/link.txt'));
        const mounts = [
            { name: 'kit', client: join(directory, 'kit/client'), server: '' },
            { name: '@acme/kit', client: join(directory, 'kit/client'), server: '' }
        ];
        const middleware = createStaticMiddleware(mounts);
        server = createServer((incoming, response) => middleware(incoming, response, () => response.writeHead(418).end('next')));
        await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    after(() => {
        server.close();
        rmSync(directory, { recursive: true, force: true });
    });

    function write(path, content) {
        const file = join(directory, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, content);
    }

    /** Sends `path` as it is; `fetch` would tidy it up first. */
    const ask = (path, headers = {}, method = 'GET') => new Promise((resolve, reject) => {
        const options = { hostname: '127.0.0.1', port: server.address().port, path, method, headers };
        request(options, (response) => {
            let body = '';
            response.setEncoding('utf8').on('data', (text) => (body += text)).on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
        }).on('error', reject).end();
    });
    const FILE = '/kit/a.1a2b3c4d.final.mjs';

    test('a file comes with type, caching and tag, and is not sent twice', async () => {
        const { status, headers, body } = await ask(FILE);
        assert.deepEqual([status, body], [200, TEXT]);
        assert.equal(headers['content-type'], 'text/javascript; charset=utf-8');
        assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
        assert.equal(headers['content-length'], String(TEXT.length));
        const again = await ask(FILE, { 'if-none-match': `"other", W/${headers.etag}` });
        assert.deepEqual([again.status, again.body], [304, '']);
        assert.equal((await ask(FILE, { 'if-none-match': '"other"' })).status, 200);
        assert.equal((await ask('/kit/old.mjs')).headers['cache-control'], 'no-cache');
        assert.equal((await ask('/kit/empty.css')).body, '');
        assert.equal((await ask('/@acme/kit/old.mjs')).body, TEXT);
        assert.equal((await ask('/%40acme/kit/old.mjs?version=1')).body, TEXT);
        assert.equal((await ask(FILE, {}, 'HEAD')).body, '');
    });

    test('ranges', async () => {
        const range = async (value, headers = {}) => {
            const { status, headers: { 'content-range': told }, body } = await ask(FILE, { range: value, ...headers });
            return [status, told, body];
        };
        const size = TEXT.length;
        assert.deepEqual(await range('bytes=0-5'), [206, `bytes 0-5/${size}`, 'export']);
        assert.deepEqual(await range('bytes=-4'), [206, `bytes ${size - 4}-${size - 1}/${size}`, '42;\n']);
        assert.deepEqual(await range('bytes=7-9999'), [206, `bytes 7-${size - 1}/${size}`, TEXT.slice(7)]);
        assert.deepEqual(await range(`bytes=${size}-`), [416, `bytes */${size}`, '']);
        assert.deepEqual(await range('bytes=-0'), [416, `bytes */${size}`, '']);
        for (const ignored of ['bytes=5-2', 'bytes=-', 'bytes=0-1,3-4', 'lines=0-1']) assert.deepEqual(await range(ignored), [200, undefined, TEXT]);
        assert.deepEqual(await range('bytes=0-5', { 'if-range': '"of another build"' }), [200, undefined, TEXT]);
    });

    test('files compressed beforehand go to those who accept them', async () => {
        const encoding = async (accept, path = FILE) => {
            const { headers, body } = await ask(path, { 'accept-encoding': accept });
            return [headers['content-encoding'], body];
        };
        assert.deepEqual(await encoding('gzip, deflate, br'), ['br', 'brotli']);
        assert.deepEqual(await encoding('gzip;q=0.5, br;q=0'), ['gzip', 'gzip']);
        assert.deepEqual(await encoding('identity'), [undefined, TEXT]);
        assert.deepEqual(await encoding('gzip', '/kit/old.mjs'), [undefined, TEXT]);
        const tags = await Promise.all(['br', 'gzip', ''].map(async (accept) => (await ask(FILE, { 'accept-encoding': accept })).headers.etag));
        assert.equal(new Set(tags).size, 3);
    });

    test('nothing outside of the browser files is served', async () => {
        for (const path of [
            '/kit/link.txt', '/kit/..%2fsecret.txt', '/kit/%00', '/kit/%', '/kit/', '/kit//etc/passwd', '/kit/none.mjs'
        ]) assert.equal((await ask(path)).status, 404, path);
        for (const path of ['/', '/kit', '/kit-admin/a.mjs', '/secret.txt', '/kit/../secret.txt', '/kit/%2e%2e/secret.txt']) assert.equal((await ask(path)).status, 418, path);
        assert.equal((await ask(FILE, {}, 'POST')).status, 405);
    });

    test('a file that changes is another one, whatever its time and size', async () => {
        const file = join(directory, 'kit/client/importmap.json');
        const tags = [];
        for (const text of ['{"a":1}', '{"a":2}', '{"a":1}']) {
            write('kit/client/importmap.json', text);
            utimesSync(file, 1_000_000_000, 1_000_000_000);
            const response = await fetch(`http://127.0.0.1:${server.address().port}/kit/importmap.json`);
            assert.equal(await response.text(), text);
            tags.push(response.headers.get('etag'));
        }
        assert.notEqual(tags[0], tags[1]);
        assert.equal(tags[0], tags[2]);
    });

    test('of several generations, the newest that has a file answers; a base stands before all of them', async () => {
        write('new/client/a.1a2b3c4d.final.mjs', 'new');
        const generations = [[{ name: 'kit', client: join(directory, 'new/client'), server: '' }], [{ name: 'kit', client: join(directory, 'kit/client'), server: '' }]];
        const middleware = createStaticMiddleware(() => generations, { base: '/docs/' });
        const based = createServer((incoming, response) => middleware(incoming, response, () => response.writeHead(418).end('next')));
        await new Promise((resolve) => based.listen(0, '127.0.0.1', resolve));
        const answer = async (path) => {
            const response = await fetch(`http://127.0.0.1:${based.address().port}${path}`);
            return `${response.status} ${await response.text()}`;
        };
        try {
            assert.equal(await answer('/docs/kit/a.1a2b3c4d.final.mjs'), '200 new');
            assert.equal(await answer('/docs/kit/old.mjs'), `200 ${TEXT}`);
            assert.equal(await answer('/docs/kit/gone.mjs'), '404 Not found');
            assert.equal(await answer('/kit/old.mjs'), '418 next');
            assert.equal(await answer('/docsx/kit/old.mjs'), '418 next');
        } finally {
            based.close();
        }
    });
});
