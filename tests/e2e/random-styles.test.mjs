/**
 * Random style sheets in Chromium: what elements look like with the sheets as they are and with the bundle of them.
 *
 * `RANDOM_STYLES=0..1000` chooses the seeds.
 */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { sheetsThatImport, sheetsThatOverride } from './random-styles.mjs';

const PAGE = '<!doctype html><link rel="icon" href="data:,"><div class="x"><div class="t"></div><div class="u"></div><div class="t u"></div></div>';
const [FROM, TO] = (process.env.RANDOM_STYLES ?? '0..25').split('..').map(Number);

describe('random style sheets', () => {
    let directory, server, browser, page;
    before(async () => {
        directory = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-random-styles-')));
        server = createServer((request, response) => {
            const isPage = request.url === '/';
            response.writeHead(200, { 'content-type': isPage ? 'text/html' : 'text/css' });
            response.end(isPage ? PAGE : readFileSync(join(directory, request.url)));
        });
        await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
        browser = await launch();
        ({ page } = await openPage(browser));
        await page.goto(`http://127.0.0.1:${server.address().port}/`);
    });
    after(async () => {
        await browser?.close();
        server?.close();
        rmSync(directory, { recursive: true, force: true });
    });

    /** What every element and what stands before it looks like. @param {string} href */
    const looks = (href) => page.evaluate(async (href) => {
        for (const link of document.querySelectorAll('link[rel=stylesheet]')) link.remove();
        const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
        await new Promise((resolve) => {
            link.onload = link.onerror = resolve;
            document.head.append(link);
        });
        for (const animation of document.getAnimations()) animation.cancel();
        const own = ['--v0', '--v1', '--v2', '--v3', '--x'];
        return [...document.querySelectorAll('.t, .u')].flatMap((element) => [null, '::before'].flatMap((pseudo) => {
            const style = getComputedStyle(element, pseudo);
            // A position of 0% is that of 0.
            const valueOf = (name) => style.getPropertyValue(name).trim().replaceAll(/(?<![\d.])0%/g, name.includes('position') ? '0px' : '0%');
            return [...style, ...own].map((name) => `${element.className}${pseudo ?? ''} ${name}: ${valueOf(name)}`);
        }));
    }, href);

    const compare = async (name, sheets) => {
        for (let seed = FROM; seed < TO; seed++) {
            const place = `${name}-${seed}`;
            const sources = join(directory, place);
            mkdirSync(sources);
            for (const [file, text] of Object.entries(sheets(seed))) writeFileSync(join(sources, file), text);
            const expected = await looks(`/${place}/f0.css`);
            for (const flag of ['--no-minify', '--minify']) {
                execFileSync(process.env.ESMX_BUILD_BINARY ?? 'esmx-build', ['bundle', 'f0.css', '--out-dir', 'out', '--no-cache', flag], { cwd: sources, stdio: 'pipe' });
                assert.deepEqual(await looks(`/${place}/out/f0.css`), expected, `seed ${seed}, ${flag}`);
            }
        }
    };

    test('that import each other', () => compare('import', sheetsThatImport));

    test('that override each other', () => compare('override', sheetsThatOverride));
});
