/** Pages that come in pieces. */

import assert from 'node:assert/strict';
import { get } from 'node:http';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { createApplication, listen } from '../node/index.mjs';
import { createDirectory, putBuild } from './built-host.mjs';

describe('a streamed page', () => {
    let place;
    let application;
    before(() => {
        place = createDirectory('stream');
        putBuild(place, {
            server: { 'entry.mjs': 'export default (context) => context.params.page(context);' },
            client: { 'entry.mjs': '', 'late.mjs': '' },
            serverImports: { 'host/src/entry.server': 'entry.mjs' },
            clientImports: { 'host/src/entry.client': '/host/entry.mjs' },
            chunks: {
                'host@src/entry.client.ts': { js: 'entry.mjs', css: ['entry.css'], resources: [] },
                'host@src/late.ts': { js: 'late.mjs', css: ['late.css'], resources: [] }
            }
        });
        application = createApplication(place.directory);
    });
    after(() => place.remove());

    const users = () => {
        const dropped = [];
        application.linker.once('drop', (id) => dropped.push(id));
        return dropped;
    };

    async function textOf(page, options) {
        const context = await application.render({ params: { page }, ...options });
        let text = '';
        for await (const piece of context.pieces()) text += piece;
        return text;
    }

    test('has its head at once, its body as it comes, and at the end what is only known there', async () => {
        let go;
        const gate = new Promise((resolve) => (go = resolve));
        const context = await application.render({
            params: {
                page: (context) => context.stream({
                    head: '<title>t</title>', before: '<main>', after: () => '</main>', htmlAttributes: { lang: 'en' },
                    body: (async function* () {
                        await gate;
                        context.importMetaSet.add({ chunkName: 'host@src/late.ts' });
                        yield 'one';
                        yield Buffer.from('two');
                    })()
                })
            }
        });
        const pieces = context.pieces();
        const head = (await pieces.next()).value;
        assert.equal(head, '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title>'
            + '<link rel="preload" href="/host/entry.css" as="style"><link rel="stylesheet" href="/host/entry.css"></head><body><main>');
        go();
        assert.equal((await pieces.next()).value, 'one');
        assert.equal((await pieces.next()).value, 'two');
        const end = (await pieces.next()).value;
        assert.equal(end, '</main><link rel="stylesheet" href="/host/late.css">'
            + '<script type="importmap">{"imports":{"host/src/entry.client":"/host/entry.mjs"}}</script>'
            + '<script type="module">import "host/src/entry.client";</script>'
            + '<link rel="modulepreload" href="/host/entry.mjs"><link rel="modulepreload" href="/host/late.mjs"></body></html>');
        assert.equal((await pieces.next()).done, true);
    });

    test('may have its scripts in the head, each once', async () => {
        const text = await textOf((context) => context.stream({ body: 'x', scripts: 'head' }));
        assert.match(text, /<script type="importmap">.*<link rel="modulepreload" href="\/host\/entry\.mjs"><\/head><body>x<script type="module">import[^<]*<\/script><\/body><\/html>$/);
        assert.equal(text.match(/importmap/g).length, 1);
        assert.equal(text.match(/modulepreload/g).length, 1);
    });

    test('takes text, iterables, streams of the web and of Node, and functions that write', async () => {
        const euro = Buffer.from('€');
        const bodies = [
            'a€b', ['a€', 'b'], Readable.from(['a€', 'b']), new Blob(['a€b']).stream(),
            [Buffer.from('a'), euro.subarray(0, 1), euro.subarray(1), Buffer.from('b')],
            (destination) => { destination.write('a€'); setTimeout(() => destination.end('b'), 1); }
        ];
        for (const body of bodies) assert.match(await textOf((context) => context.stream({ body })), /<body>a€b</);
    });

    test('has the base of the request, wherever a piece ends', async () => {
        const placeholder = '[[[___ESMX_DYNAMIC_BASE___]]]';
        for (let cut = 0; cut <= placeholder.length; cut += 1) {
            const body = [`[[[<a>${placeholder.slice(0, cut)}`, `${placeholder.slice(cut)}/x</a>[[`, '[', '[']
            const text = await textOf((context) => context.stream({ body }), { base: '/docs' });
            assert.match(text, /<body>\[\[\[<a>\/docs\/x<\/a>\[\[\[\[<script type="importmap">/, `cut at ${cut}`);
        }
    });

    test('that breaks off is completed for the client, and told', async () => {
        for (const [broken, closed] of [['<p>text', ''], ['<p class="a', '">'], ['<p data-x', '>'], ["<p class='>", "'>"], ['<!-- <p> ', '-->'], ['<p>a < b', '']]) {
            const errors = [];
            const text = await textOf(
                (context) => context.stream({ body: (async function* () { yield broken; throw new Error('the database is gone'); })() }),
                { onError: (error) => errors.push(error.message) }
            );
            assert.ok(text.includes(`<body>${broken}${closed}<template data-esmx-error></template><script type="importmap">`), text);
            assert.match(text, /<\/body><\/html>$/);
            assert.deepEqual(errors, ['the database is gone']);
        }
    });

    test('that nobody walks to its end is not rendered to its end', async () => {
        let ended = false;
        const context = await application.render({ params: { page: (context) => context.stream({ body: (function* () {
            try {
                for (;;) yield 'x';
            } finally {
                ended = true;
            }
        })() }) } });
        let pieces = 0;
        for await (const piece of context.pieces()) if ((pieces += piece.length) > 1000) break;
        await new Promise(setImmediate);
        assert.ok(ended);
        assert.ok(context.signal instanceof AbortSignal);
        const dropped = users();
        await application.reinit();
        assert.equal(dropped.length, 1, 'its generation is free');
    });

    test('a function that fails is a body that breaks off', async () => {
        const errors = [];
        const text = await textOf((context) => context.stream({ body: () => { throw new Error('no'); } }), { onError: (error) => errors.push(error.message) });
        assert.match(text, /<template data-esmx-error>/);
        assert.deepEqual(errors, ['no']);
    });

    describe('over HTTP', () => {
        let server;
        let page;
        before(async () => {
            const served = { middleware: application.middleware, render: () => application.render({ params: { page: (context) => page(context) }, onError: () => {} }) };
            server = await listen(served);
        });
        after(() => server.close());

        const open = (options = {}) => new Promise((resolve, reject) => get(server.url, options, resolve).on('error', reject));

        test('is sent as fast as it is read', async () => {
            let made = 0;
            page = (context) => context.stream({ body: (function* () { for (; made < 5000; made += 1) yield 'x'.repeat(16_384); })() });
            const response = await open();
            response.pause();
            await new Promise((resolve) => setTimeout(resolve, 300));
            const before = made;
            assert.ok(before < 2500, `${before} of 5000 pieces were made for a client that reads nothing`);
            let bytes = 0;
            for await (const piece of response) bytes += piece.length;
            assert.ok(bytes > 5000 * 16_384);
        });

        test('a client that goes away ends the rendering, and its generation is free', async () => {
            let ended;
            const isEnded = new Promise((resolve) => (ended = resolve));
            page = (context) => context.stream({ body: (async function* () {
                try {
                    for (;;) {
                        yield 'x'.repeat(1000);
                        await new Promise((resolve) => setTimeout(resolve, 1));
                    }
                } finally {
                    ended();
                }
            })() });
            const response = await open();
            await new Promise((resolve) => response.once('data', resolve));
            response.destroy();
            await isEnded;
            const dropped = users();
            await application.reinit();
            await new Promise((resolve) => setTimeout(resolve, 50));
            assert.equal(dropped.length, 1);
        });

        test('with `abort`, a body that breaks off cuts the connection', async () => {
            page = (context) => context.stream({ onBodyError: 'abort', body: (async function* () { yield 'x'; await new Promise((resolve) => setTimeout(resolve, 20)); throw new Error('no'); })() });
            const logged = console.error;
            console.error = () => {};
            const response = await open();
            await assert.rejects(async () => { for await (const piece of response) assert.ok(piece); }, /aborted/);
            console.error = logged;
        });

        test('an error before the page begins is a 500', async () => {
            page = () => { throw new Error('expected by a test'); };
            const logged = console.error;
            console.error = () => {};
            const response = await open();
            console.error = logged;
            assert.equal(response.statusCode, 500);
            response.resume();
        });

        test('status, headers, redirects and HEAD are answered', async () => {
            page = (context) => {
                context.status = 404;
                context.headers['x-page'] = 'yes';
                context.stream({ body: 'gone' });
            };
            const response = await fetch(server.url);
            assert.deepEqual([response.status, response.headers.get('x-page')], [404, 'yes']);
            assert.match(await response.text(), /gone/);
            const head = await fetch(server.url, { method: 'HEAD' });
            assert.deepEqual([head.status, await head.text()], [404, '']);
            page = (context) => context.redirect('/elsewhere');
            const redirect = await fetch(server.url, { redirect: 'manual' });
            assert.deepEqual([redirect.status, redirect.headers.get('location')], [302, '/elsewhere']);
        });
    });
});
