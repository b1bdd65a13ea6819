/** What a host's entry writes its page with: policies, bases, entries, and nothing that breaks out of its place. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { createRenderer } from '../node/index.mjs';
import { createDirectory, putBuild } from './built-host.mjs';

describe('a render context', () => {
    let place;
    let render;
    before(() => {
        place = createDirectory('context');
        putBuild(place, {
            server: { 'entry.mjs': 'export default async (context) => { await context.commit(); await context.params.page?.(context); };' },
            client: { 'entry.mjs': 'import "host/shared";', 'widget.mjs': 'import "host/shared";', 'shared.mjs': '' },
            serverImports: { 'host/src/entry.server': 'entry.mjs' },
            clientImports: {
                'host/src/entry.client': '/host/entry.mjs', 'host/widget': '/host/widget.mjs', 'host/shared': '/host/shared.mjs',
                'other/widget': '/host/widget.mjs', '</script><!--\u2028': '/host/shared.mjs'
            },
            chunks: {
                'host@src/entry.client.ts': { js: 'entry.mjs', css: ['entry.css'], resources: [] },
                'host@src/widget.ts': { js: 'widget.mjs', css: ['widget.css'], resources: [] }
            },
            integrity: { '/host/entry.mjs': 'sha384-entry', '/host/entry.css': 'sha384-style' }
        });
        place.write({ 'dist/client/importmap/0123456789ab.final.mjs': '' });
        ({ render } = createRenderer(place.directory));
    });
    after(() => place.remove());

    test('the hash of the map is that of the text in the page', async () => {
        const context = await render({ csp: 'strict' });
        const text = /^<script type="importmap">([^]*)<\/script>$/.exec(context.importmap())[1];
        assert.equal(context.importmapHash, `sha256-${createHash('sha256').update(text).digest('base64')}`);
        assert.ok(!/<|\u2028/.test(text), text);
        assert.equal(JSON.parse(text).imports['</script><!--\u2028'], '/host/shared.mjs');
        assert.match(context.contentSecurityPolicy(), /script-src 'self' 'sha256-[^']+'; style-src 'self'; object-src 'none'/);
        assert.equal(context.moduleEntry(), '<script type="module" src="/host/entry.mjs" integrity="sha384-entry"></script>');
    });

    test('a nonce is on everything that a policy asks it of', async () => {
        const context = await render({ nonce: 'r4nd0m', base: '/docs' });
        assert.match(context.importmap(), /^<script type="importmap" nonce="r4nd0m">/);
        assert.equal(context.moduleEntry(), '<script type="module" src="/docs/host/entry.mjs" integrity="sha384-entry" nonce="r4nd0m"></script>');
        assert.match(context.modulePreload(), /^<link rel="modulepreload" href="\/docs\/host\/entry\.mjs" nonce="r4nd0m" integrity="sha384-entry">/);
        assert.match(context.contentSecurityPolicy({ 'img-src': '*' }), /'nonce-r4nd0m'.*; img-src \*$/);
        await assert.rejects(render({ nonce: '"><script>' }), /A nonce consists of/);
    });

    test('stylesheets have their integrity', async () => {
        const context = await render();
        assert.equal(context.css(), '<link rel="stylesheet" href="/host/entry.css" integrity="sha384-style">');
        assert.equal(context.preload(), '<link rel="preload" href="/host/entry.css" as="style" integrity="sha384-style">');
    });

    test('files of another origin are asked for with CORS', async () => {
        const context = await render({ base: 'https://files.example/v1/', csp: 'strict' });
        assert.match(context.moduleEntry(), /src="https:\/\/files\.example\/v1\/host\/entry\.mjs" integrity="sha384-entry" crossorigin="anonymous"/);
        assert.match(context.contentSecurityPolicy(), /script-src 'self' https:\/\/files\.example 'sha256/);
        assert.equal(context.clientImportMap.imports['host/widget'], 'https://files.example/v1/host/widget.mjs');
    });

    test('a base that is none is refused', async () => {
        for (const base of ['//evil.example', '/\\evil.example', 'docs', 'javascript:alert(1)', '/a"b', '/a b', '/a?b']) {
            await assert.rejects(render({ base }), /is no base/, base);
        }
        assert.equal((await render({ base: '/docs/' })).base, '/docs');
        assert.equal((await render({ base: '/' })).base, '');
    });

    test('a page may have several entries, of other modules, too', async () => {
        const context = await render({ entries: ['src/entry.client', 'widget'] });
        assert.equal(context.moduleEntry(), '<script type="module">import "host/src/entry.client";import "host/widget";</script>');
        assert.deepEqual(context.files.css, ['/host/entry.css', '/host/widget.css']);
        assert.deepEqual(context.files.modulepreload, ['/host/entry.mjs', '/host/widget.mjs', '/host/shared.mjs']);
        const other = await render({ entries: ['other/widget'], csp: 'strict' });
        assert.equal(other.moduleEntry(), '<script type="module" src="/host/widget.mjs"></script>');
        assert.deepEqual(other.files.css, ['/host/widget.css']);
        for (const csp of /** @type {const} */ (['open', 'strict'])) {
            const gone = await render({ entries: ['gone'], csp });
            assert.throws(() => gone.moduleEntry(), /host has no export `gone` for browsers/);
            const twice = await render({ entries: ['widget', 'host/widget'], csp });
            assert.equal(twice.moduleEntry().split('widget').length, 2, 'it runs once');
        }
        await assert.rejects(render({ csp: 'maybe' }), /csp is 'open' or 'strict', not "maybe"/);
        await assert.rejects(render({ importmapMode: 'file' }), /importmapMode is 'inline' or 'js', not "file"/);
    });

    test('the map can be a file', async () => {
        const context = await render({ importmapMode: 'js', base: '/docs' });
        assert.equal(context.importmap(), `<script src="/docs/host/importmap/0123456789ab.final.mjs" data-base="/docs" integrity="sha384-${createHash('sha384').update('').digest('base64')}"></script>`);
    });

    test('data and text stay in their places', async () => {
        const context = await render();
        const value = { text: '</script><script>alert(1)</script><!--\u2028' };
        const element = context.state('"><b>', value);
        const [, id, json] = /^<script type="application\/json" id="([^"]*)">([^<]*)<\/script>$/.exec(element);
        assert.equal(id, '&#34;&#62;&#60;b&#62;');
        assert.deepEqual(JSON.parse(json), value);
        assert.throws(() => context.state('state', undefined), /no JSON/);
        assert.equal(context.escape(`<a href='"&'>`), '&#60;a href=&#39;&#34;&#38;&#39;&#62;');
    });

    test('an entry that has only what objects have renders nothing', async () => {
        await assert.rejects(render({ entryName: 'constructor' }), /no function as export `constructor`/);
        await assert.rejects(render({ entryName: '__proto__' }), /no function/);
    });
});
