/** The page that `compose --html` wrote for the React workspace, in Chromium. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startServer } from '../../fixtures/serve.mjs';
import { launch, openPage, repeated } from './browser.mjs';
import { openWorkspace, readManifest } from './workspace.mjs';

const { directory, host } = openWorkspace('demo-react');

describe('the React page', () => {
    let browser;
    let server;
    before(async () => {
        [browser, server] = await Promise.all([launch(), startServer({ host, page: 'static' })]);
    });
    after(async () => {
        await Promise.all([browser?.close(), server?.close()]);
    });

    async function visit() {
        const visited = await openPage(browser);
        await visited.page.goto(server.url);
        for (const major of [19, 18]) await visited.see(panel(visited.page, major).locator('p', { hasText: 'effects run' }));
        return visited;
    }

    const panel = (page, major) => page.locator(`#react${major}-app`);

    test('runs one application on each major, and the page on React 19', async () => {
        const { page, complaints, close } = await visit();
        assert.match(await panel(page, 19).locator('.version').textContent(), /^React 19\./);
        assert.match(await panel(page, 18).locator('.version').textContent(), /^React 18\./);
        assert.match(await page.locator('.lead strong').textContent(), /^19\./);
        assert.deepEqual(complaints, []);
        await close();
    });

    test('hooks work on both majors, and the counter is one', async () => {
        const { page, complaints, see, close } = await visit();
        await panel(page, 19).getByRole('button').click();
        await panel(page, 18).getByLabel('step').fill('4');
        await panel(page, 18).getByRole('button', { name: 'Count +4' }).click();
        for (const major of [19, 18]) {
            await see(panel(page, major).locator('.count', { hasText: /^5$/ }));
            await see(panel(page, major).locator('p', { hasText: 'odd, last by React 18' }));
        }
        await panel(page, 19).getByRole('button', { name: 'Count +1' }).click();
        await see(panel(page, 18).locator('p', { hasText: 'even, last by React 19' }));
        assert.deepEqual(complaints, []);
        await close();
    });

    test('loads every file once, and every shared one', async () => {
        const { requests, complaints, close } = await visit();
        assert.deepEqual(complaints, []);
        assert.deepEqual(repeated(requests), []);
        const { exports } = readManifest(directory, 'base', 'client');
        for (const { file } of Object.values(exports)) {
            assert.equal(requests.filter((path) => path === `/base/${file}`).length, 1, `/base/${file} in ${requests.join(' ')}`);
        }
        await close();
    });
});
