/** The page of the Vue workspace in Chromium. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startServer } from '../../fixtures/serve.mjs';
import { launch, openPage, repeated } from './browser.mjs';
import { copyOf, openWorkspace, readManifest } from './workspace.mjs';

const { directory, host } = openWorkspace('demo-vue');

describe('the Vue page', () => {
    let browser;
    let server;
    before(async () => {
        [browser, server] = await Promise.all([launch(), startServer({ host, page: 'rendered' })]);
    });
    after(async () => {
        await Promise.all([browser?.close(), server?.close()]);
    });

    /** Opens `path` and waits until both applications run. */
    async function visit(path = '', options) {
        const visited = await openPage(browser, options);
        // Marks the server's elements before any module runs, to see whether they are still there afterwards.
        await visited.page.addInitScript(() => {
            document.addEventListener('readystatechange', () => {
                if (document.readyState !== 'interactive') return;
                for (const element of document.querySelectorAll('.application, .application *')) element.fromServer = true;
            });
        });
        await visited.page.goto(server.url + path);
        await visited.see(visited.page.locator('html[data-ready="true"]'));
        return visited;
    }

    const count = (page, application) => page.locator(`#${application} .count`).textContent();

    test('hydrates: no complaint, and the elements are the server\'s', async () => {
        const { page, complaints, close } = await visit();
        assert.deepEqual(complaints, []);
        const replaced = await page.$$eval('.application, .application *', (elements) =>
            elements.filter((element) => !element.fromServer).map((element) => element.outerHTML));
        assert.deepEqual(replaced, []);
        assert.match(await page.locator('#vue3-app .version').textContent(), /^Vue 3\./);
        assert.match(await page.locator('#vue2-app .version').textContent(), /^Vue 2\.7\./);
        await close();
    });

    test('counts from both applications, in one state', async () => {
        const { page, complaints, close } = await visit();
        await page.locator('#vue3-app').getByLabel('One more').click();
        await page.locator('#vue3-app').getByLabel('One more').click();
        await page.locator('#vue2-app').getByLabel('One more').click();
        assert.equal(await count(page, 'vue3-app'), '3');
        assert.equal(await count(page, 'vue2-app'), '3');
        await page.locator('#vue2-app').getByLabel('One less').click();
        assert.equal(await count(page, 'vue3-app'), '2');
        assert.equal(await count(page, 'vue2-app'), '2');
        assert.equal(await page.locator('#hub-count').textContent(), '2');
        assert.equal(await page.locator('#hub-last').textContent(), 'last by Vue 2');
        assert.deepEqual(complaints, []);
        await close();
    });

    test('loads every file once, every shared one, and no copy that lost', async () => {
        const { page, requests, complaints, close } = await visit();
        await openTab(page, 'vue3-app', 'Activity');
        await openTab(page, 'vue2-app', 'Activity');
        assert.deepEqual(repeated(requests), []);

        const { exports } = readManifest(directory, 'shared', 'client');
        for (const name of ['vue', 'vue2', 'universal-router', 'counter', 'ui']) {
            const url = `/shared/${exports[name].file}`;
            assert.equal(requests.filter((path) => path === url).length, 1, `${url} in ${requests.join(' ')}`);
        }
        for (const url of copyOf(directory, 'vue2-app', 'universal-router')) assert.ok(!requests.includes(url), `${url} was loaded`);
        assert.deepEqual(complaints, []);
        await close();
    });

    test('loads a lazy route when it is opened, and it shows what both applications did', async () => {
        const { page, requests, complaints, close } = await visit();
        const lazy = `/vue2-app/${readManifest(directory, 'vue2-app', 'client').chunks['vue2-app@src/views/activity.ts'].js}`;
        await page.locator('#vue3-app').getByLabel('One more').click();
        await page.locator('#vue2-app').getByLabel('One less').click();
        assert.ok(!requests.includes(lazy));
        await openTab(page, 'vue2-app', 'Activity');
        assert.ok(requests.includes(lazy));
        const lines = await page.locator('#vue2-app .activity li').allTextContents();
        assert.deepEqual(lines.map((line) => line.replace(/\s+/g, ' ')), ['−1by Vue 20', '+1by Vue 31']);
        assert.match(page.url(), /\?vue2=%2Factivity$/);
        assert.deepEqual(complaints, []);
        await close();
    });

    test('hydrates a lazy route that the server rendered', async () => {
        const { page, complaints, close } = await visit('?vue3=/activity&vue2=/activity');
        assert.deepEqual(complaints, []);
        assert.equal(await page.locator('.hint', { hasText: 'Nobody has counted yet.' }).count(), 2);
        await openTab(page, 'vue3-app', 'Counter');
        await page.locator('#vue3-app').getByLabel('One more').click();
        await page.locator('#vue2-app .activity li').waitFor();
        assert.deepEqual(complaints, []);
        await close();
    });

    test('shows the wiring of the map that is in the page', async () => {
        const { page, close } = await visit();
        const wire = (module, column) => page.locator('#wiring tbody tr', { has: page.locator('th', { hasText: module }) }).locator('td').nth(column)
            .locator('.wire').textContent();
        assert.equal(await wire('vue3-app', 0), 'shared/vue');
        assert.equal(await wire('vue2-app', 0), 'shared/vue2');
        assert.equal(await wire('vue2-app', 2), 'shared/universal-router');
        await page.locator('#proof', { hasText: 'exactly once' }).waitFor();
        await close();
    });

    test('is a page without JavaScript, too', async () => {
        const { page, close } = await openPage(browser, { javaScriptEnabled: false });
        await page.goto(server.url);
        assert.equal(await count(page, 'vue2-app'), '0');
        await page.locator('#vue3-app').getByRole('link', { name: 'Activity' }).click();
        await page.locator('#vue3-app .hint', { hasText: 'Nobody has counted yet.' }).waitFor();
        await close();
    });

    test('fits a telephone', async () => {
        const { page, close } = await visit('', { viewport: { width: 360, height: 740 } });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(overflow, 0);
        await close();
    });
});

/** @param {import('playwright-core').Page} page @param {string} application @param {string} label */
async function openTab(page, application, label) {
    await page.locator(`#${application}`).getByRole('link', { name: label }).click();
    await page.locator(`#${application} .tab-selected`, { hasText: label }).waitFor();
}
