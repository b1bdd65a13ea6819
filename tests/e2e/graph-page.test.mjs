/** The page of `esmx-build graph` in Chromium: a file that nobody serves, explored with mouse and keyboard. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { launch, openPage } from './browser.mjs';

const TROUBLE = '</script><img src=x onerror=alert(1)>';

/**
 * `host` uses a platform of two React majors, a module that offers a copy of its own, and many more.
 *
 * @param {number} applications
 */
function closure(applications) {
    const directory = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-graph-')));
    const write = (path, value) => {
        mkdirSync(dirname(join(directory, path)), { recursive: true });
        writeFileSync(join(directory, path), JSON.stringify(value));
    };
    const module = (name, dependencies, esmx) => write(`node_modules/${name}/package.json`, { name, version: '1.0.0', dependencies, esmx });
    const install = (name, key, real, version) => write(`node_modules/${name}/node_modules/${key}/package.json`, { name: real, version });
    module('platform', { react: '^19.0.0', react18: 'npm:react@^18.0.0' }, { provides: ['react', 'react18'] });
    install('platform', 'react', 'react', '19.0.0');
    install('platform', 'react18', 'react', '18.3.1');
    module('next', { react: '^19.0.0' }, { provides: ['react', TROUBLE], exports: { './form/input': './src/input.ts' } });
    install('next', 'react', 'react', '19.1.0');
    const names = Array.from({ length: applications }, (_, index) => `app-${index}`);
    names.forEach((name, index) => {
        const dependencies = { react: index % 2 === 0 ? '^19.0.0' : 'npm:react@^18.2.0' };
        module(name, dependencies, { uses: ['platform', ...(index > 0 && index % 5 === 0 ? [names[index - 1]] : [])] });
    });
    module('host', { react: '^19.0.0' }, { uses: ['platform', ...names, 'next'] });
    const file = join(directory, 'graph.html');
    execFileSync(process.env.ESMX_BUILD_BINARY, ['graph', join(directory, 'node_modules', 'host'), '--output', file]);
    return { directory, url: pathToFileURL(file).href };
}

for (const applications of [1, 57]) {
    describe(`the page of a closure of ${applications + 3} modules`, () => {
        let browser;
        let graph;
        before(async () => {
            graph = closure(applications);
            browser = await launch();
        });
        after(async () => {
            await browser?.close();
            if (graph) rmSync(graph.directory, { recursive: true });
        });

        async function visit(hash = '', options = {}) {
            const visited = await openPage(browser, options);
            const asked = [];
            visited.page.on('request', (request) => asked.push(request.url()));
            await visited.page.goto(graph.url + hash);
            await visited.see(visited.page.locator('.card.root'));
            return { ...visited, asked, details: visited.page.locator('#details') };
        }
        const card = (page, name) => page.locator(`.card[data-module="${name}"]`);
        const classes = async (page, name) => (await card(page, name).getAttribute('class')).split(' ');

        test('shows every module once, none upon another, everything in the view', async () => {
            const { page, complaints, asked, close } = await visit();
            const boxes = await page.locator('.card').evaluateAll((cards) => cards.map((one) => {
                const { left, top, right, bottom } = one.getBoundingClientRect();
                return { left, top, right, bottom };
            }));
            assert.equal(boxes.length, applications + 3);
            boxes.forEach((one, index) => boxes.slice(index + 1).forEach((other) => assert.ok(
                one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top,
                `${JSON.stringify(one)} lies upon ${JSON.stringify(other)}`)));
            const canvas = await page.locator('#canvas').boundingBox();
            for (const { left, top, right, bottom } of boxes) {
                assert.ok(left >= canvas.x && top >= canvas.y && right <= canvas.x + canvas.width && bottom <= canvas.y + canvas.height);
            }
            assert.deepEqual(asked, [graph.url], 'the page asks for nothing but itself');
            assert.deepEqual(complaints, []);
            await close();
        });

        test('a click on a module tells what it provides and gets', async () => {
            const { page, details, complaints, close } = await visit();
            await card(page, 'app-0').locator('.name').click();
            assert.equal(await details.locator('h2').textContent(), 'app-0');
            const gets = details.locator('.row', { hasText: 'react' }).filter({ hasText: '→ next/react' }).first();
            assert.match(await gets.textContent(), /19\.1\.0/);
            assert.ok((await classes(page, 'app-0')).includes('selected'));
            assert.ok(await page.locator('#edges path.near').count() > 0);
            await card(page, 'next').locator('.name').click();
            assert.match(await details.textContent(), /next\/form\/input.*both sides: \.\/src\/input\.ts/);
            assert.ok((await details.textContent()).includes(TROUBLE), 'names are text');
            assert.deepEqual(complaints, []);
            await close();
        });

        test('a click on a package tells who won, who lost and why, and who is wired to whom', async () => {
            const { page, details, complaints, close } = await visit();
            await card(page, 'platform').locator('.chip', { hasText: 'react 19' }).click();
            assert.equal(await details.locator('h2').textContent(), 'react');
            const groups = details.locator('.group');
            assert.deepEqual(await groups.locator('h4').allTextContents(), ['Major 19', 'Major 18']);
            assert.match(await groups.first().textContent(), /next\/react19\.1\.0elected.*platform\/react19\.0\.0lost/);
            assert.match(await groups.first().textContent(), /platform\/react lost to next\/react in host: next stands behind/);
            assert.ok((await classes(page, 'next')).includes('winner'));
            assert.ok(await card(page, 'platform').locator('.chip.lost', { hasText: 'react 19' }).count() === 1);
            await details.getByRole('button', { name: '← Everything' }).click();
            assert.equal(await details.locator('h2').textContent(), 'Everything');
            assert.deepEqual(complaints, []);
            await close();
        });

        test('is searched and walked through with the keyboard', async () => {
            const { page, details, complaints, close } = await visit();
            await page.keyboard.press('/');
            await page.keyboard.type('form/in');
            const found = page.getByRole('option');
            assert.deepEqual(await found.allTextContents(), ['next/form/inputexport']);
            await page.keyboard.press('Enter');
            assert.equal(await details.locator('h2').textContent(), 'next');
            assert.equal(await page.evaluate(() => document.activeElement.dataset.module), 'next');
            assert.equal(new URL(page.url()).hash, '#module=next');
            await page.keyboard.press('ArrowLeft');
            assert.notEqual(await page.evaluate(() => document.activeElement.dataset.module), 'next');
            await page.keyboard.press('Escape');
            assert.equal(await details.locator('h2').textContent(), 'Everything');
            await page.keyboard.press('/');
            await page.keyboard.type('nothing of this name');
            await page.getByText('Nothing has this name.').waitFor();
            assert.deepEqual(complaints, []);
            await close();
        });

        test('an address leads to a choice, and findings stand where they belong', async () => {
            const { page, details, complaints, close } = await visit('#package=react');
            assert.equal(await details.locator('h2').textContent(), 'react');
            assert.match(await details.textContent(), /W_MULTI_CANDIDATE 1.*W_MULTI_MAJOR 1/);
            assert.ok(Number(await card(page, 'host').locator('.badge').textContent()) >= 2);
            assert.deepEqual(complaints, []);
            await close();
        });

        test('has a dark side, and fits a telephone', async () => {
            const { page, close } = await visit('', { viewport: { width: 390, height: 780 }, colorScheme: 'dark' });
            const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
            const dark = await ground();
            await page.getByLabel('Switch between light and dark').click();
            assert.notEqual(await ground(), dark);
            assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
            await close();
        });
    });
}
