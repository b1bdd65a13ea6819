/** Style sheets, images and workers of two modules in Chromium: rendered by Node, as a static page, and without help. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startServer } from '../../fixtures/serve.mjs';
import { launch, openPage, repeated } from './browser.mjs';

const SOURCES = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'fixtures', 'styled-page');

/** A built copy of the workspace. @param {'production' | 'development'} mode */
function build(mode) {
    const directory = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-styles-')));
    cpSync(SOURCES, directory, { recursive: true });
    const host = join(directory, 'host');
    mkdirSync(join(host, 'node_modules'));
    symlinkSync(join(directory, 'widgets'), join(host, 'node_modules', 'widgets'));
    const run = (...words) => execFileSync(process.env.ESMX_BUILD_BINARY, words, { cwd: host, stdio: 'pipe' });
    run('build', '-r', '--mode', mode);
    run('compose', '--html');
    return { directory, host };
}

for (const mode of /** @type {const} */ (['production', 'development'])) {
    describe(`a page with styles, ${mode}`, () => {
        let browser;
        let workspace;
        let rendered;
        let composed;
        before(async () => {
            workspace = build(mode);
            browser = await launch();
            rendered = await startServer({ host: workspace.host, page: 'rendered' });
            composed = await startServer({ host: workspace.host, page: 'static' });
        });
        after(async () => {
            await Promise.all([browser?.close(), rendered?.close(), composed?.close()]);
            if (workspace) rmSync(workspace.directory, { recursive: true });
        });

        const style = (page, selector, property) =>
            page.locator(selector).evaluate((element, property) => getComputedStyle(element)[property], property);
        const sheets = (requests) => requests.filter((path) => path.endsWith('.css'));

        async function expectStyles(page) {
            assert.equal(await style(page, '#app span', 'color'), 'rgb(1, 2, 3)', 'a class name of the other module');
            assert.match(await style(page, '#app span', 'backgroundImage'), /\/widgets\/assets\/.*dot.*\.svg"\)$/);
            assert.equal(await style(page, '#cascade', 'fontSize'), '20px', 'the later layer wins');
            assert.equal(await style(page, '#cascade', 'letterSpacing'), '1px', 'an imported sheet applies');
            assert.equal(await style(page, '#cascade', 'color'), 'rgb(5, 6, 7)', 'what is imported last wins');
        }

        test('what Node renders has its styles without any script', async () => {
            const { page, complaints, requests, close } = await openPage(browser, { javaScriptEnabled: false });
            await page.goto(rendered.url);
            await expectStyles(page);
            assert.equal(await page.locator('.dot').evaluate((image) => image.naturalWidth), 8, 'the image is there');
            assert.deepEqual(repeated(sheets(requests)), []);
            // Module preloads are refused where there are no scripts.
            assert.deepEqual(complaints.filter((complaint) => !/\.mjs csp$/.test(complaint)), []);
            await close();
        });

        test('URLs of images follow the base of the request', async () => {
            const { createRenderer } = await import('../../runtime/node/render.mjs');
            const { html } = await createRenderer(workspace.host).render({ base: '/below' });
            assert.match(html, /src="\/below\/widgets\/assets\/[^"]*dot[^"]*\.svg"/);
            assert.doesNotMatch(html, /ESMX_DYNAMIC_BASE/);
        });

        for (const kind of ['rendered', 'composed']) {
            test(`${kind}: the script adds no style sheet that is there, loads what it needs before it measures, and runs its worker`, async () => {
                const { page, complaints, requests, see, close } = await openPage(browser);
                await page.goto((kind === 'rendered' ? rendered : composed).url);
                await see(page.locator('html[data-ready="true"]'));
                await expectStyles(page);
                assert.equal(await page.locator('output').textContent(), 'worker says 3');
                assert.equal(await style(page, 'output', 'color'), 'rgb(7, 7, 7)');
                const before = sheets(requests).length;
                await page.locator('#open').click();
                await see(page.locator('html[data-width]'));
                assert.equal(await page.locator('html').getAttribute('data-width'), '123px');
                assert.equal(await style(page, '#late', 'backgroundColor'), 'rgb(8, 8, 8)');
                assert.equal(sheets(requests).length, before + 1);
                await page.locator('#open').click();
                assert.deepEqual(repeated(sheets(requests)), []);
                assert.equal(await page.locator('link[rel=stylesheet]').count(), new Set(sheets(requests)).size);
                assert.deepEqual(complaints, []);
                await close();
            });
        }

        test('entries bring their style sheets to a page that has none', async () => {
            const { page, complaints, requests, see, close } = await openPage(browser);
            await page.route(`${composed.url}/`, async (route) => {
                const response = await route.fetch();
                const html = (await response.text()).replaceAll(/<link rel="stylesheet"[^>]*>/g, '');
                assert.doesNotMatch(html, /stylesheet/);
                await route.fulfill({ response, body: html });
            });
            await page.goto(`${composed.url}/`);
            await see(page.locator('html[data-ready="true"]'));
            await page.waitForLoadState('networkidle');
            await expectStyles(page);
            assert.deepEqual(repeated(sheets(requests)), []);
            assert.deepEqual(complaints, []);
            await close();
        });

        test('a style sheet that does not arrive fails the import, and the next one tries again', async () => {
            const { page, see, close } = await openPage(browser);
            const failures = [];
            page.on('pageerror', (error) => failures.push(error.message));
            await page.goto(rendered.url);
            await see(page.locator('html[data-ready="true"]'));
            await page.route(/late[^/]*\.css$/, (route) => route.abort(), { times: 1 });
            await Promise.all([page.waitForEvent('pageerror'), page.locator('#open').click()]);
            assert.match(failures[0], /Cannot load the style sheet .*late/);
            await page.locator('#open').click();
            await see(page.locator('html[data-width="123px"]'));
            await close();
        });
    });
}
