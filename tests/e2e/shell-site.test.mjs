/** The shell demo as files on a static server: slices are released and taken back while a page is open, and no byte is taken on trust. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { serveSite } from '../../fixtures/static-site.mjs';
import { launch, openPage } from './browser.mjs';
import { openShell } from './shell.mjs';

describe('the shell, released to a static server', () => {
    let shell;
    let server;
    let browser;
    before(async () => {
        shell = openShell();
        shell.release();
        [server, browser] = await Promise.all([serveSite(shell.site, { host: '@nocturne/shell' }), launch()]);
    });
    after(async () => {
        await Promise.all([server?.close(), browser?.close()]);
        shell?.remove();
    });

    const visit = async (path) => {
        const visited = await openPage(browser);
        await visited.page.goto(server.url + path);
        return visited;
    };
    /** As if somebody came back to the tab: then the page looks whether something was released. */
    const comeBack = (page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    const fileOf = (slice) => join(shell.site, '@nocturne', slice, readdirSync(join(shell.site, '@nocturne', slice)).find((name) => /^app\..*\.mjs$/.test(name)));

    test('one slice is released and taken back while a page is open', async () => {
        const { page, complaints, see, close } = await visit('/search?from=Berlin&to=Vienna');
        await see(page.getByText('Sorted by departure'));
        shell.edit('search/src/release.ts', "= 'departure'", "= 'price'");
        shell.rebuild('search');
        shell.release(['@nocturne/search']);

        await comeBack(page);
        await see(page.getByText('A new version of Nocturne is ready.'));
        await see(page.getByText('Sorted by departure'));
        await page.getByRole('link', { name: 'Booking' }).click();
        await see(page.getByRole('heading', { name: 'No train chosen yet' }));
        await page.goBack();
        await page.getByRole('button', { name: 'Reload' }).click();
        await see(page.getByText('Sorted by price'));
        await see(page.getByText('Cheapest tonight'));
        assert.equal(await page.getByText('A new version').count(), 0);

        shell.rollback();
        await comeBack(page);
        await see(page.getByText('A new version of Nocturne is ready.'));
        await page.getByRole('button', { name: 'Reload' }).click();
        await see(page.getByText('Sorted by departure'));
        assert.deepEqual(complaints, []);
        await close();
    });

    test('an open page finds what a deployment has moved', async () => {
        const { page, complaints, see, close } = await visit('/');
        await see(page.getByRole('button', { name: 'Find a night train' }));
        const old = fileOf('tickets');
        shell.edit('tickets/src/app.tsx', 'No tickets yet', 'Nothing booked so far');
        shell.rebuild('tickets');
        shell.release(['@nocturne/tickets']);
        // `release` keeps it for this very page; other ways to deploy do not.
        rmSync(old);
        await page.getByRole('link', { name: 'Tickets' }).click();
        await see(page.getByRole('heading', { name: 'Nothing booked so far' }));
        const unexpected = complaints.filter((text) => !/departures|tickets\/app/.test(text));
        assert.deepEqual(unexpected, []);
        await close();
    });

    test('a flipped byte is refused by the browser, and the rest of the product works', async () => {
        const file = fileOf('booking');
        const bytes = readFileSync(file);
        const text = bytes.toString('latin1');
        const changed = Buffer.from(text.replace('No train chosen yet', 'No train chosen yeT'), 'latin1');
        assert.ok(!changed.equals(bytes));
        writeFileSync(file, changed);
        try {
            const { page, complaints, see, close } = await visit('/search?from=Berlin&to=Vienna');
            await page.getByRole('button', { name: 'Choose' }).first().click();
            await see(page.getByRole('alert').getByText('It could not be loaded.'));
            await page.getByRole('link', { name: 'Search' }).click();
            await see(page.getByRole('heading', { name: 'Berlin to Vienna' }));
            assert.ok(complaints.some((complaint) => /integrity/i.test(complaint)), complaints.join('\n'));
            await close();
        } finally {
            writeFileSync(file, bytes);
        }
    });

    test('a slice that does not hold is not released', () => {
        const live = readFileSync(join(shell.site, 'importmap.json'), 'utf8');
        shell.edit('search/src/app.tsx', "import { choose } from '@nocturne/platform/store';", "import { choose } from '@nocturne/platform/store';\nimport * as store from '@nocturne/platform/store';\nif (!store) throw store;");
        shell.rebuild('search');
        const file = join(shell.directory, 'search/dist/client');
        const name = readdirSync(file).find((one) => /^app\..*\.mjs$/.test(one));
        writeFileSync(join(file, name), `${readFileSync(join(file, name), 'utf8')}\n// changed after the build`);
        assert.throws(() => shell.release(['@nocturne/search']), (error) => /E_DEPLOYED_FILE/.test(`${error.stdout}${error.stderr}`));
        assert.equal(readFileSync(join(shell.site, 'importmap.json'), 'utf8'), live);
    });
});
