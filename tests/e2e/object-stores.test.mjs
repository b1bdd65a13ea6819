/** Releases into an object store: a real server with the interface of S3, and everything that can go wrong on the way there. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { runProgram, startProxy, startStore } from './object-store.mjs';

const FOREVER = 'public, max-age=31536000, immutable';

describe('importmap release to an object store', () => {
    let directory, store, proxy;
    const to = () => ['--to', 's3://assets/shop/site', '--endpoint', proxy.url];
    const run = (words, environment) => runProgram(directory, ['importmap', ...words, ...to()], environment);
    const release = (name, ...words) => run(['release', name, ...words]);
    const document = async (...words) => JSON.parse((await run([...words, '--json'])).stdout);
    const read = async (path) => (await fetch(`${store.url}/assets/shop/site/${path}`)).text();
    const liveVersion = async () => JSON.parse(await read('importmap.json')).imports.shop.match(/\d+/)[0];

    /** A release with one module: a file for ever, and two that every release changes. */
    const layOut = (name, version, files = {}) => {
        const all = {
            'importmap.json': JSON.stringify({ imports: { shop: `/shop/main.${version}.final.mjs` } }),
            [`shop/main.${version}.final.mjs`]: `export const version = ${version};`,
            'shop/notes.txt': `version ${version}`,
            'shop/manifest.json': JSON.stringify({ protocol: 2, name: 'shop', version: `${version}.0.0`, exports: { '.': { file: `main.${version}.final.mjs`, identifier: 'shop' } } }),
            ...files
        };
        for (const [path, text] of Object.entries(all)) {
            const file = join(directory, name, path);
            mkdirSync(dirname(file), { recursive: true });
            writeFileSync(file, text);
        }
    };

    /** All that belongs to a version is there and nothing of another. */
    const assertWhole = async (version) => {
        assert.equal(await liveVersion(), String(version));
        assert.equal(await read(`shop/main.${version}.final.mjs`), `export const version = ${version};`);
        assert.equal(await read('shop/notes.txt'), `version ${version}`);
        assert.equal(JSON.parse(await read('shop/manifest.json')).version, `${version}.0.0`);
    };

    beforeEach(async () => {
        directory = mkdtempSync(join(tmpdir(), 'esmx-object-store-'));
        mkdirSync(join(directory, 'data', 'assets'), { recursive: true });
        for (const version of [1, 2, 3]) layOut(String(version), version);
        store = await startStore(join(directory, 'data'));
        proxy = await startProxy(store.port);
    });
    afterEach(async () => {
        await proxy.close();
        await store.kill();
        rmSync(directory, { recursive: true, force: true });
    });

    test('objects are served as what they are, and a page can use them', async () => {
        layOut('1', 1, { 'shop/a b+ü.txt': 'odd', 'shop/main.1.final.mjs.br': 'compressed', 'shop/index.html': '<!doctype html>' });
        const answer = await release('1');
        assert.equal(answer.code, 0, answer.stderr);
        assert.match(answer.stdout, /^Release 1 is live: shop 1\.0\.0\.\n6 files written\.\n/);
        await assertWhole(1);
        const headers = async (path) => {
            const { headers } = await fetch(`${store.url}/assets/shop/site/${path}`, { method: 'HEAD' });
            return [headers.get('content-type'), headers.get('cache-control'), headers.get('content-encoding')];
        };
        assert.deepEqual(await headers('importmap.json'), ['application/json', 'no-cache', null]);
        assert.deepEqual(await headers('shop/main.1.final.mjs'), ['text/javascript;charset=utf-8', FOREVER, null]);
        assert.deepEqual(await headers('shop/main.1.final.mjs.br'), ['text/javascript;charset=utf-8', FOREVER, 'br']);
        assert.deepEqual(await headers('shop/manifest.json'), ['application/json', 'no-cache', null]);
        assert.deepEqual(await headers('shop/index.html'), ['text/html;charset=utf-8', 'no-cache', null]);
        assert.equal(await read(encodeURIComponent('shop/a b+ü.txt').replaceAll('%2F', '/')), 'odd');
        const map = join(directory, 'live.json');
        writeFileSync(map, (await read('importmap.json')).replaceAll('"/shop', '"./shop'));
        const check = await runProgram(directory, ['importmap', 'check', map, '--base', `${store.url}/assets/shop/site/`]);
        assert.equal(check.code, 0, check.stderr);
    });

    test('what is there already is not sent again, and one goes back and forth', async () => {
        for (const name of ['1', '2']) assert.equal((await release(name)).code, 0);
        await assertWhole(2);
        assert.equal(await read('shop/main.1.final.mjs'), 'export const version = 1;', 'open pages keep theirs');
        const back = await document('rollback');
        assert.deepEqual([back.number, back.restored, back.written], [3, 1, ['shop/manifest.json', 'shop/notes.txt']]);
        await assertWhole(1);
        const again = await document('release', '2');
        assert.deepEqual(again.written, ['shop/manifest.json', 'shop/notes.txt']);
        await assertWhole(2);
        const history = await document('history');
        assert.deepEqual(history.releases.map(({ number, action, of }) => [number, action, of]), [[4, 'release', undefined], [3, 'rollback', 1], [2, 'release', undefined], [1, 'release', undefined]]);
        assert.equal(history.live, 4);
        const { requests } = proxy;
        requests.length = 0;
        await release('2');
        assert.deepEqual(requests.filter((request) => request.startsWith('PUT')), ['PUT /assets/shop/site/.releases/history.json', 'PUT /assets/shop/site/importmap.json']);
    });

    test('files that nobody keeps go, and no others', async () => {
        for (const name of ['1', '2']) await release(name);
        const third = await document('release', '3', '--keep', '2', '--keep-days', '0');
        assert.deepEqual(third.removed, ['shop/main.1.final.mjs']);
        assert.equal((await fetch(`${store.url}/assets/shop/site/shop/main.1.final.mjs`)).status, 404);
        await assertWhole(3);
        assert.equal((await run(['rollback'])).code, 0);
        await assertWhole(2);
        assert.equal((await run(['rollback', '1'])).code, 1);
    });

    test('what `check` refuses is not released, and names for ever keep their bytes', async () => {
        await release('1');
        layOut('2', 2, { 'shop/main.2.final.mjs': "import './gone.mjs';" });
        layOut('3', 3, { 'shop/main.1.final.mjs': 'other' });
        for (const [name, code] of [['2', 'E_DEPLOYED_FILE'], ['3', 'E_RELEASE']]) {
            const refused = await release(name);
            assert.equal(refused.code, 1);
            assert.match(refused.stderr, new RegExp(code));
        }
        await assertWhole(1);
        assert.equal(proxy.requests.filter((request) => request.includes('main.2')).length, 1, 'it is only asked for');
    });

    test('a map that was made from another release is refused', async () => {
        await release('1');
        await release('2');
        const refused = await release('3', '--after', '1');
        assert.equal(refused.code, 1);
        assert.match(refused.stderr, /E_RELEASE[^]*found: 2 \/ required: 1/);
        await assertWhole(2);
        assert.equal((await release('3', '--after', '2')).code, 0);
        await assertWhole(3);
    });

    describe('a release that is cut off', () => {
        const isMap = ({ method, url }) => method === 'PUT' && url.endsWith('/site/importmap.json');

        test('between its assets and its map leaves the old one whole, and the next one ends it', async () => {
            await release('1');
            proxy.decide((request) => (isMap(request) ? 'cut' : undefined));
            const cut = await release('2');
            assert.equal(cut.code, 2);
            assert.match(cut.stderr, /\[E_IO\] s3:\/\/assets\/shop\/site\/importmap\.json/);
            proxy.decide();
            await assertWhole(1);
            assert.match((await run(['history'])).stdout, /^2 .* release, cut off before it was live: shop 2\.0\.0\n1 .* release, live/);
            assert.equal((await release('3')).code, 0);
            await assertWhole(3);
            assert.equal((await document('rollback')).restored, 1, 'what was never live is nothing to go back to');
            await assertWhole(1);
        });

        test('because the server dies is ended by the next one', async () => {
            await release('1');
            proxy.decide(async (request) => {
                if (!isMap(request)) return undefined;
                await store.kill();
                return 'cut';
            });
            assert.equal((await release('2')).code, 2);
            proxy.decide();
            store = await startStore(join(directory, 'data'), store.port);
            assert.equal(await liveVersion(), '1');
            assert.equal(await read('shop/main.1.final.mjs'), 'export const version = 1;');
            assert.equal(await read('shop/notes.txt'), 'version 2', 'nobody was left who could have taken that back');
            layOut('4', 4, { 'shop/notes.txt': 'version 4' });
            rmSync(join(directory, '4', 'shop', 'notes.txt'));
            const next = await release('4');
            assert.equal(next.code, 0, next.stderr);
            assert.equal(await liveVersion(), '4');
            assert.equal(await read('shop/notes.txt'), 'version 1', 'the next one does');
            assert.equal((await document('rollback')).restored, 1);
            await assertWhole(1);
        });

        test('while it removes old files is ended by the next one', async () => {
            for (const name of ['1', '2']) await release(name);
            proxy.decide(({ method, url }) => (method === 'POST' && url.includes('delete') ? 'cut' : undefined));
            assert.equal((await release('3', '--keep', '1', '--keep-days', '0')).code, 2);
            proxy.decide();
            await assertWhole(3);
            assert.equal((await fetch(`${store.url}/assets/shop/site/shop/main.1.final.mjs`)).status, 200);
            assert.equal((await release('3')).code, 0);
            for (const version of [1, 2]) assert.equal((await fetch(`${store.url}/assets/shop/site/shop/main.${version}.final.mjs`)).status, 404);
            await assertWhole(3);
        });

        test('after its last step, so that only the answer is lost, is live', async () => {
            await release('1');
            let count = 0;
            proxy.decide(({ method, url }) => (method === 'PUT' && /importmap|history/.test(url) && count++ < 2 ? 'lose' : undefined));
            const answer = await release('2');
            assert.equal(answer.code, 0, answer.stderr);
            assert.equal(count, 2);
            await assertWhole(2);
            assert.equal((await document('history')).live, 2);
        });
    });

    describe('two releases at once', () => {
        const held = (matches) => {
            let letGo, arrived;
            const isHere = new Promise((resolve) => (arrived = resolve));
            const gate = new Promise((resolve) => (letGo = resolve));
            let isFirst = true;
            proxy.decide(async (request) => {
                if (!isFirst || !matches(request)) return undefined;
                isFirst = false;
                arrived();
                await gate;
                return undefined;
            });
            return { isHere, letGo };
        };

        test('the slower one is refused and has changed nothing', async () => {
            await release('1');
            const { isHere, letGo } = held(({ method, url }) => method === 'PUT' && url.endsWith('history.json'));
            const slow = release('2');
            await isHere;
            assert.equal((await release('3')).code, 0);
            letGo();
            const { code, stderr } = await slow;
            assert.equal(code, 1);
            assert.match(stderr, /\[E_RELEASE\] release\n {2}Somebody else has changed what is live meanwhile/);
            await assertWhole(3);
            assert.deepEqual((await document('history')).releases.map(({ number }) => number), [2, 1]);
            assert.equal((await release('2')).code, 0);
            await assertWhole(2);
        });

        test('one that was taken for dead is refused when it wakes up', async () => {
            await release('1');
            const { isHere, letGo } = held(({ method, url }) => method === 'PUT' && url.endsWith('/site/importmap.json'));
            const slow = release('2');
            await isHere;
            assert.equal((await release('3')).code, 0);
            letGo();
            assert.equal((await slow).code, 1);
            await assertWhole(3);
            assert.equal((await document('history')).live, 3);
        });

        test('of many, those that are told to be live were live', async () => {
            await release('1');
            const names = [4, 5, 6, 7, 8].map(String);
            for (const name of names) layOut(name, Number(name));
            const answers = await Promise.all(names.map((name) => release(name)));
            const live = names.filter((_, index) => answers[index].code === 0);
            assert.ok(live.length > 0);
            for (const { code, stderr } of answers.filter(({ code }) => code !== 0)) assert.match(`${code} ${stderr}`, /^1 [^]*E_RELEASE/);
            const { releases } = await document('history');
            const finished = releases.filter(({ unfinished }) => !unfinished).map(({ modules }) => modules[0].version[0]);
            assert.deepEqual(finished.toSorted(), ['1', ...live].toSorted());
            await assertWhole(Number(finished[0]));
        });
    });

    test('a store without conditional requests is looked at before it is written', async () => {
        const isConditional = ({ headers }) => 'if-match' in headers || 'if-none-match' in headers;
        proxy.decide((request) => (isConditional(request) ? 501 : undefined));
        assert.equal((await release('1')).code, 0);
        assert.equal((await release('2')).code, 0);
        await assertWhole(2);
        proxy.decide((request) => (isConditional(request) ? 400 : undefined));
        const words = ['release', '3'];
        assert.equal((await run(words, { AWS_CONDITIONAL_PUT: 'disabled' })).code, 0);
        await assertWhole(3);
    });

    test('a store that ignores conditions is found out by the first release', async () => {
        // The condition is that there is no such object, so there is none.
        proxy.decide(({ method, url, headers }) => {
            if (method === 'PUT' && 'if-none-match' in headers) rmSync(join(directory, 'data', url), { force: true });
            return undefined;
        });
        for (const _attempt of [1, 2]) {
            const refused = await release('1');
            assert.equal(refused.code, 2);
            assert.match(refused.stderr, /\[E_RELEASE\] s3:\/\/assets\/shop\/site\/\.releases\/history\.json\n {2}The store ignores the conditions/);
            assert.equal((await fetch(`${store.url}/assets/shop/site/importmap.json`)).status, 404);
        }
        for (const name of ['1', '2']) assert.equal((await run(['release', name], { AWS_CONDITIONAL_PUT: 'disabled' })).code, 0);
        await assertWhole(2);
    });

    test('what does not work is told', async () => {
        const told = async (bucket, environment) => {
            const words = ['importmap', 'release', '1', '--to', `s3://${bucket}/site`, '--endpoint', proxy.url];
            const { code, stderr } = await runProgram(directory, words, environment);
            assert.equal(code, 2);
            return stderr.split('\n')[1].trim();
        };
        const unallowed = 'Cannot read s3://assets/site/.releases/history.json: the store does not allow it (SignatureDoesNotMatch); releasing takes the right credentials, and permission to get, put, delete and list.';
        assert.equal(await told('assets', { AWS_SECRET_ACCESS_KEY: 'wrong' }), unallowed);
        assert.match(await told('nowhere', {}), /^Cannot write s3:\/\/nowhere\/site\/[^ ]+: there is no such bucket\.$/);
        await store.kill();
        assert.match(await told('assets', {}), /^Cannot read s3:.*(HTTP error|Connection refused)/);
        const nowhere = await runProgram(directory, ['importmap', 'history', '--to', 'site', '--endpoint', store.url]);
        assert.match(`${nowhere.code} ${nowhere.stderr}`, /^2 [^]*site is a directory, and no object store is asked/);
        for (const target of ['s3://', 'gs://bucket', 's3://a//b']) {
            assert.equal((await runProgram(directory, ['importmap', 'history', '--to', target])).code, 2, target);
        }
    });
});
