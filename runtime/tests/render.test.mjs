/** Rendering a page from hand-written artifacts. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createRenderer } from '../node/render.mjs';

const ENTRY = `
export default async function (context) {
    context.importMetaSet.add({ chunkName: 'app@src/lazy.ts' });
    await context.commit();
    context.html = [context.preload(), context.css(), '<img src="[[[___ESMX_DYNAMIC_BASE___]]]/app/x.png">',
        context.importmap(), context.moduleEntry(), context.modulePreload()].join('\\n');
}
export async function other(context) { context.html = context.params.text; }
`;

describe('rendering', () => {
    let directory;
    beforeEach(() => {
        directory = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-render-')));
        writeArtifacts();
    });
    afterEach(() => rmSync(directory, { recursive: true, force: true }));

    const host = () => join(directory, 'host');

    function write(path, content) {
        const file = join(directory, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    }

    /** A host that uses `app`; both bring `lib`, and the host's was elected. */
    function writeArtifacts() {
        const app = 'host/node_modules/app';
        write('host/package.json', { name: 'host', esmx: { entry: {}, uses: ['app'] } });
        write(`${app}/package.json`, { name: 'app', esmx: {} });
        write('host/dist/client/manifest.json', {
            exports: {
                'src/entry.client': exported('host', 'src/entry.client', 'entry.mjs'),
                lib: { ...exported('host', 'lib', 'lib.mjs'), pkg: true }
            },
            provides: { lib: { chunks: ['lib.mjs'] } },
            chunks: { 'host@src/entry.client.ts': { js: 'entry.mjs', css: ['entry.css'], resources: [] } }
        });
        write(`${app}/dist/client/manifest.json`, {
            exports: {
                page: exported('app', 'page', 'page.mjs'),
                lib: { ...exported('app', 'lib', 'lib.mjs'), pkg: true }
            },
            provides: { lib: { chunks: ['lib.mjs', 'chunks/lib-part.mjs'] } },
            chunks: {
                'app@src/lazy.ts': { js: 'chunks/lazy.mjs', css: ['chunks/lazy.css'], resources: ['a b.png'] },
                'app@lib': { js: 'lib.mjs', css: [], resources: [] }
            }
        });
        write('host/dist/client/importmap.json', {
            imports: {
                'host/src/entry.client': '/host/entry.mjs', 'host/lib': '/host/lib.mjs', 'app/page': '/app/page.mjs', 'app/lib': '/host/lib.mjs',
                '</script>': '/host/lib.mjs'
            },
            scopes: { '/app/': { lib: '/host/lib.mjs' }, '/host/': { lib: '/host/lib.mjs' } },
            integrity: { '/host/entry.mjs': 'sha384-entry' }
        });
        write('host/dist/client/entry.mjs', 'import { page } from "app/page"; import("app/never");');
        write('host/dist/client/lib.mjs', 'export const lib = 1;');
        write(`${app}/dist/client/page.mjs`, 'import "lib"; import "./chunks/part.mjs"; export const page = 1;');
        write(`${app}/dist/client/chunks/part.mjs`, '');
        write(`${app}/dist/client/chunks/lazy.mjs`, 'import "../chunks/part.mjs";');
        write('host/dist/server/entry.mjs', ENTRY);
        write('host/dist/server/importmap.json', { imports: { 'host/src/entry.server': pathToFileURL(join(directory, 'host/dist/server/entry.mjs')).href } });
    }

    const exported = (module, name, file) => ({ name, pkg: false, file, identifier: `${module}/${name}` });

    test('preloads what static imports reach from the entry and from what was rendered, never a losing copy', async () => {
        const { files } = await createRenderer(host()).render();
        assert.deepEqual(files.modulepreload, ['/host/entry.mjs', '/app/chunks/lazy.mjs', '/app/page.mjs', '/app/chunks/part.mjs', '/host/lib.mjs']);
        assert.deepEqual(files.js, ['/host/entry.mjs', '/app/chunks/lazy.mjs']);
        assert.deepEqual(files.css, ['/host/entry.css', '/app/chunks/lazy.css']);
        assert.deepEqual(files.resources, ['/app/a%20b.png']);
    });

    test('writes the pieces of a page', async () => {
        const { html } = await createRenderer(host()).render({ base: '/docs' });
        assert.match(html, /^<link rel="preload" href="\/docs\/host\/entry\.css" as="style">/);
        assert.match(html, /<link rel="stylesheet" href="\/docs\/app\/chunks\/lazy\.css">/);
        assert.match(html, /<img src="\/docs\/app\/x\.png">/);
        assert.match(html, /"\\u003c\/script>":"\/docs\/host\/lib\.mjs"/);
        assert.match(html, /<script type="module">import "host\/src\/entry\.client";<\/script>/);
        assert.match(html, /<link rel="modulepreload" href="\/docs\/host\/entry\.mjs" integrity="sha384-entry">/);
        assert.match(html, /<link rel="modulepreload" href="\/docs\/app\/page\.mjs">/);
    });

    test('can render another export of the entry, and says when there is none', async () => {
        const renderer = createRenderer(host());
        assert.equal((await renderer.render({ entryName: 'other', params: { text: 'hello' } })).html, 'hello');
        await assert.rejects(renderer.render({ entryName: 'gone' }), /host\/src\/entry\.server has no function as export `gone`/);
    });

    test('a module that is not built is named', () => {
        rmSync(join(directory, 'host/node_modules/app/dist'), { recursive: true });
        assert.throws(() => createRenderer(host()), /app is not built: run `esmx-build build -r`/);
    });

    test('a module that is not installed is named with its consumer', () => {
        rmSync(join(directory, 'host/node_modules'), { recursive: true });
        assert.throws(() => createRenderer(host()), /host uses app, which is not installed/);
    });
});
