/**
 * `importmap resolve` against Chromium: generated maps, and what `import.meta.resolve` says under them in scripts at
 * several places. The seed is fixed; `IMPORTMAP_SEED` and `IMPORTMAP_MAPS` search further.
 */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { launch } from './browser.mjs';

const PAGE = 'https://example.com/app/index.html';
const SCRIPTS = ['https://example.com/js/app.mjs', 'https://example.com/a/b', 'https://example.com/a/b/c.mjs'];

/** Pieces of specifiers and addresses. Left out is where Chromium departs from the URL standard: `|`, tabs in `data:`, hosts it does not check, `filesystem:`. */
const PIECES = ['vue', 'a', 'b', '@s', '.', '..', '%2E', '%2e%2e', '%41', 'é', '😀', '\uff5e', '?q', '#f', ':', 'a:b', 'https:', 'https://example.com', 'https://EXAMPLE.com:443', 'http://other.example', 'data:text/javascript,1', 'node:fs', 'about:blank', 'file:///c', '', '^', '\\', '~', '"', '<', 'import', '__proto__', 'constructor', '1', '/', '*', 'ws://w', 'mailto:m', '+', 'https:rel', '.mjs', '=', '@'];
const KEYS = ['a', 'a/', 'a/b', 'a/b/', 'a/b/c', './a', './a/', '/a', '/a/', '../a', 'https://example.com/a', 'https://example.com/js/', '/js/app.mjs', 'vue', 'vue/', '@s/p', '@s/p/', '/', './', '../', '.', '..', 'a/../b', 'a/..', 'a//b', 'data:text/javascript,1', 'node:fs', 'node:', 'https:', 'file:///a/'];
const ADDRESSES = ['/x.mjs', './x.mjs', '../x', '/d/', './d/', 'https://cdn.example/', 'https://cdn.example/d/e/', 'data:text/javascript,2', 'data:x/', 'bare', 'node:fs', 'https://cdn.example/x?q=1', '/d/?q', '/d/#f/', 'file:///d/', 'other:p/', '//cdn/', 'http://[bad', ''];
const SCOPES = ['/js/', '/js/app.mjs', '/a/', '/a/b', '/a/b/', '/', '.', '..', '', './', 'https://example.com', 'js/', '?q', '#f', 'http://[bad', 'https://other.example/', '/js'];

/** A generator with a small state of its own, so that a seed gives the same maps everywhere. @param {number} seed */
function generator(seed) {
    let state = seed;
    const below = (count) => {
        state = (state * 1103515245 + 12345) & 0x7fffffff;
        return (state >> 8) % count;
    };
    const pick = (list) => list[below(list.length)];
    const some = (count, make) => Array.from({ length: below(count) }, make);
    const piece = () => pick(PIECES) + pick(['', '/']);
    const word = () => pick(['./', '../', '/', '', '']) + piece() + some(4, piece).join('');
    const key = () => (below(2) === 0 ? pick(KEYS) : word());
    const address = () => (below(10) === 0 ? pick([null, 1, {}, []]) : below(3) === 0 ? word() : pick(ADDRESSES));
    const table = () => Object.fromEntries(some(6, () => [key(), address()]));
    const scope = () => [below(4) === 0 ? word() : pick(SCOPES), below(30) === 0 ? null : table()];
    return {
        map: () => ({
            ...(below(40) === 0 ? { imports: pick([null, [], 1, 'x']) } : { imports: table() }),
            ...(below(3) === 0 ? {} : { scopes: Object.fromEntries(some(4, scope)) }),
            ...(below(20) === 0 ? { unknown: 1 } : {})
        }),
        specifiers: () => [...new Set(some(40, key))]
    };
}

let browser;
let directory;
before(async () => {
    browser = await launch();
    directory = mkdtempSync(join(tmpdir(), 'esmx-importmap-'));
});
after(async () => {
    await browser?.close();
    rmSync(directory, { recursive: true, force: true });
});

/** What the program says. @param {string} file @param {string} script @param {string[]} specifiers */
async function ours(file, script, specifiers) {
    const words = ['importmap', 'resolve', file, '--from', script, '--base', PAGE, '--json', '--', ...specifiers];
    const { stdout } = await promisify(execFile)(process.env.ESMX_BUILD_BINARY, words).catch((error) => {
        if (error.code !== 1) throw error;
        return error;
    });
    return JSON.parse(stdout);
}

test('every specifier means what it means in Chromium', { timeout: 300_000 }, async () => {
    const context = await browser.newContext();
    let html = '';
    await context.route('**/*', (route) => {
        const url = route.request().url();
        if (url === PAGE) return route.fulfill({ contentType: 'text/html; charset=utf-8', body: html });
        if (!SCRIPTS.includes(url)) return route.fulfill({ status: 404, body: '' });
        return route.fulfill({ contentType: 'text/javascript', body: '(globalThis.resolvers ??= {})[import.meta.url] = (specifier) => import.meta.resolve(specifier)' });
    });
    const page = await context.newPage();
    const { map, specifiers } = generator(Number(process.env.IMPORTMAP_SEED ?? 7));
    let compared = 0;
    for (let count = Number(process.env.IMPORTMAP_MAPS ?? 40); count > 0; count--) {
        const text = JSON.stringify(map());
        const asked = specifiers();
        html = `<!doctype html><script>globalThis.failures = []; addEventListener('error', (event) => failures.push(event.message))</script>
            <script type="importmap">${text.replaceAll('<', '\\u003c')}</script>
            ${SCRIPTS.map((src) => `<script type="module" src="${src}"></script>`).join('')}`;
        await page.goto(PAGE);
        await page.waitForFunction((length) => Object.keys(globalThis.resolvers ?? {}).length === length, SCRIPTS.length);
        const theirs = await page.evaluate(
            ({ scripts, asked }) => ({
                isMap: globalThis.failures.length === 0,
                results: scripts.map((script) =>
                    asked.map((specifier) => {
                        try {
                            return globalThis.resolvers[script](specifier);
                        } catch {
                            return null;
                        }
                    })
                )
            }),
            { scripts: SCRIPTS, asked }
        );
        const file = join(directory, 'importmap.json');
        writeFileSync(file, text);
        for (const [index, script] of SCRIPTS.entries()) {
            const document = await ours(file, script, asked);
            assert.equal(document.parsed !== null, theirs.isMap, text);
            if (!theirs.isMap) continue;
            asked.forEach((specifier, at) => {
                assert.equal(document.results[specifier], theirs.results[index][at], `${JSON.stringify(specifier)} from ${script} under ${text}`);
                compared++;
            });
        }
    }
    assert.ok(compared > 500, `${compared} specifiers were compared`);
    await context.close();
});
