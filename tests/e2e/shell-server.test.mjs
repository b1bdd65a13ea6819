/** The shell demo rendered by Node: a stream, hydrated without a mismatch, under a strict policy, with one slice that is broken. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer, get } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { createApplication, listen } from '../../runtime/node/index.mjs';
import { launch, openPage, repeated } from './browser.mjs';
import { openShell } from './shell.mjs';

describe('the shell, rendered on the server', () => {
    let shell;
    let application;
    let server;
    let browser;
    before(async () => {
        shell = openShell();
        application = createApplication(shell.host);
        const render = (options) => application.render({ ...options, onError: () => {} });
        [server, browser] = await Promise.all([listen({ middleware: application.middleware, render }), launch()]);
    });
    after(async () => {
        await Promise.all([server?.close(), browser?.close()]);
        shell?.remove();
    });

    const visit = async (path) => {
        const visited = await openPage(browser);
        await visited.page.goto(new URL(path, server.url).href);
        return visited;
    };

    test('hydrates every route without a word in the console', async () => {
        for (const [path, seen] of [['/search?from=Paris&to=Venice', 'Paris to Venice'], ['/booking', 'No train chosen yet'], ['/tickets', 'No tickets yet']]) {
            const { page, complaints, requests, see, close } = await visit(path);
            await see(page.getByRole('heading', { name: seen }));
            await page.waitForLoadState('networkidle');
            await see(page.locator('main >> visible=true'));
            assert.deepEqual(complaints, [], path);
            assert.deepEqual(repeated(requests), [], path);
            const copies = requests.filter((file) => /\/react[^/]*\.[0-9a-f]{8}\.final\.mjs$/.test(file));
            assert.ok(copies.length > 0 && copies.every((file) => file.startsWith('/@nocturne/platform/')), `one React: ${copies}`);
            await close();
        }
    });

    test('is one product: what one slice chooses the next one books, and a third one shows', async () => {
        const { page, complaints, see, close } = await visit('/search?from=Berlin&to=Vienna');
        await page.getByRole('button', { name: 'Choose' }).nth(1).click();
        await see(page.getByRole('heading', { name: 'How would you like to sleep?' }));
        await page.getByLabel('Couchette').check();
        await page.getByLabel('Name on the ticket').fill('Ada <b>Lovelace</b>');
        await page.getByRole('button', { name: 'Book for €83' }).click();
        await see(page.getByText('Ada <b>Lovelace</b>'));
        await see(page.getByRole('link', { name: 'Tickets 1' }));
        await page.reload();
        await see(page.getByText('Ada <b>Lovelace</b>'));
        await page.getByRole('button', { name: 'Give back' }).click();
        await see(page.getByRole('heading', { name: 'No tickets yet' }));
        await page.goBack();
        await see(page.getByRole('heading', { name: 'No train chosen yet' }));
        assert.deepEqual(complaints, []);
        await close();
    });

    test('a slice that is broken takes its own place and no other', async () => {
        const { page, complaints, see, close } = await visit('/');
        await see(page.getByRole('alert').getByText('Live departures are not available'));
        await page.getByRole('button', { name: 'Try again' }).click();
        await see(page.getByRole('alert').getByText('Live departures are not available'));
        await page.getByRole('button', { name: 'Find a night train' }).click();
        await see(page.getByRole('heading', { name: 'Berlin to Vienna' }));
        assert.ok(complaints.length > 0, 'its error is told in the console');
        for (const complaint of complaints) assert.match(complaint, /departures/);
        await close();
    });

    test('a strict policy allows what the page needs, and nothing else', async () => {
        const strict = createServer((request, response) => {
            application.middleware(request, response, async () => {
                const nonce = randomBytes(16).toString('base64');
                const context = await application.render({ params: { url: request.url }, nonce, onError: () => {} });
                response.setHeader('content-security-policy', context.contentSecurityPolicy({ 'img-src': "'self' data:" }));
                await context.pipe(response);
            });
        });
        await new Promise((resolve) => strict.listen(0, '127.0.0.1', resolve));
        try {
            const { page, complaints, see, close } = await openPage(browser);
            await page.goto(`http://127.0.0.1:${strict.address().port}/search?from=Berlin&to=Vienna`);
            await page.getByRole('button', { name: 'Choose' }).first().click();
            await see(page.getByRole('heading', { name: 'How would you like to sleep?' }));
            assert.deepEqual(complaints, []);
            const ran = await page.evaluate(() => {
                const script = document.createElement('script');
                script.textContent = 'globalThis.injected = true';
                document.body.append(script);
                return globalThis.injected === true;
            });
            assert.equal(ran, false, 'a script without the nonce does not run');
            await close();
        } finally {
            strict.closeAllConnections();
            strict.close();
        }
    });

    test('a new build is taken over while a page is open', async () => {
        const { page, complaints, see, close } = await visit('/booking');
        await see(page.getByRole('heading', { name: 'No train chosen yet' }));
        shell.edit('search/src/release.ts', "= 'departure'", "= 'price'");
        shell.rebuild('search');
        await application.reinit();
        const fresh = await fetch(new URL('/search?from=Berlin&to=Vienna', server.url));
        assert.match(await fresh.text(), /Sorted by price/);
        // The file that the open page would load is gone: its loader asks the live map and gets the new one.
        await page.getByRole('link', { name: 'Search' }).click();
        await see(page.getByText('Sorted by price'));
        await page.getByRole('button', { name: 'Choose' }).first().click();
        await see(page.getByRole('heading', { name: 'How would you like to sleep?' }));
        assert.ok(complaints.length > 0);
        for (const complaint of complaints) assert.match(complaint, /search\/app\.[0-9a-f]{8}\.final\.mjs/);
        await close();
    });

    test('comes in pieces: the head and the frame at once, a slice that takes its time behind them', async () => {
        shell.edit('search/src/app.tsx', "import { sorting } from './release';", "import { sorting } from './release';\nif (import.meta.env.SSR) await new Promise((resolve) => setTimeout(resolve, 400));");
        shell.rebuild('search');
        await application.reinit();
        const started = performance.now();
        /** @type {{ time: number, text: string }[]} */
        const pieces = await new Promise((resolve, reject) => {
            get(new URL('/search?from=Berlin&to=Vienna', server.url), (response) => {
                const read = [];
                response.setEncoding('utf8');
                response.on('data', (text) => read.push({ time: performance.now() - started, text }));
                response.on('end', () => resolve(read));
            }).on('error', reject);
        });
        const slice = pieces.findIndex(({ text }) => text.includes('Night 409'));
        const early = pieces.slice(0, slice).map(({ text }) => text).join('');
        assert.match(early, /<head>.*search\/app\.[0-9a-f]{8}\.final\.css.*<\/head>.*aria-label="Main".*role="status" aria-label="Loading"/s);
        assert.ok(pieces[slice].time - pieces[0].time > 300, `the head after ${pieces[0].time} ms, the slice after ${pieces[slice].time} ms`);
        const text = pieces.map(({ text }) => text).join('');
        assert.match(text, /Night 409.*<script type="importmap">.*<script type="module">.*<link rel="modulepreload"[^>]*search\/app.*<\/html>$/s);
        const { page, complaints, see, close } = await visit('/search?from=Berlin&to=Vienna');
        await see(page.getByRole('heading', { name: 'Berlin to Vienna' }));
        await page.getByRole('button', { name: 'Choose' }).first().click();
        await see(page.getByRole('heading', { name: 'How would you like to sleep?' }));
        assert.deepEqual(complaints, []);
        await close();
    });
});
