/** How the demo server serves the files of the mounted modules. */

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { startServer } from '../../fixtures/serve.mjs';
import { openWorkspace, readManifest } from './workspace.mjs';

const { directory, host } = openWorkspace('demo-vue');

describe('the demo server', () => {
    let server;
    before(async () => {
        server = await startServer({ host, page: 'rendered' });
    });
    after(() => server.close());

    /** Sends `path` as it is; `fetch` would tidy it up first. */
    const ask = (path, method = 'GET') => new Promise((resolve, reject) => {
        const { hostname, port } = new URL(server.url);
        request({ hostname, port, path, method }, (response) => {
            let body = '';
            response.setEncoding('utf8').on('data', (text) => (body += text)).on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
        }).on('error', reject).end();
    });

    test('files with a hash in their name are modules that may be kept for ever', async () => {
        const { exports } = readManifest(directory, 'shared', 'client');
        const { status, headers } = await ask(`/shared/${exports.vue.file}`);
        assert.equal(status, 200);
        assert.equal(headers['content-type'], 'text/javascript; charset=utf-8');
        assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
        assert.equal((await ask(`/shared/${exports.vue.file}`, 'HEAD')).body, '');
    });

    test('files without one are asked for again', async () => {
        const { status, headers } = await ask('/shared/manifest.json');
        assert.equal(status, 200);
        assert.equal(headers['content-type'], 'application/json; charset=utf-8');
        assert.equal(headers['cache-control'], 'no-cache');
    });

    test('nothing outside of the browser files is served', async () => {
        const paths = [
            '/shared/../package.json', '/shared/../server/manifest.json', '/shared/%2e%2e/server/manifest.json', '/shared/..%2fserver%2fmanifest.json',
            '/shared/%2e%2e%2f%2e%2e%2fpackage.json', '/shared//etc/passwd', '/shared/%00', '/shared/%', '/shared/', '/shared/chunks',
            '/package.json', '/vue/manifest.json', '/shared-admin/manifest.json'
        ];
        for (const path of paths) assert.equal((await ask(path)).status, 404, path);
    });

    test('only reading is allowed', async () => {
        assert.equal((await ask('/', 'POST')).status, 405);
    });
});
