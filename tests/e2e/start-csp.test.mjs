/** `esmx-build start --csp`: pages run under a strict policy, and what somebody smuggles in does not. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { openShell } from './shell.mjs';
import { withStarted } from './started.mjs';
import { openWorkspace } from './workspace.mjs';

const PROGRAM = process.env.ESMX_BUILD_BINARY ?? 'esmx-build';

/** @param {string} host @param {string[]} words @param {(url: string) => Promise<void>} use */
const withHost = (host, words, use) => withStarted(PROGRAM, ['start', '--port', '0', ...words], { cwd: host }, use);

/** Whether an inline script that somebody adds runs. @param {import('playwright-core').Page} page */
const runsInline = (page) => page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.injected = true';
    document.body.append(script);
    return globalThis.injected === true;
});

describe('esmx-build start --csp', () => {
    let browser;
    before(async () => {
        browser = await launch();
    });
    after(() => browser?.close());

    test('a page that is rendered and streamed hydrates, and nothing smuggled in runs', async () => {
        const shell = openShell();
        try {
            await withHost(shell.host, [`--csp=img-src 'self' data:`], async (url) => {
                const { page, complaints, see, close } = await openPage(browser);
                const answer = await page.goto(new URL('/search?from=Berlin&to=Vienna', url).href);
                const policy = answer.headers()['content-security-policy'];
                assert.match(policy, /^default-src 'self'; script-src 'self' 'nonce-[^']{24}'; style-src 'self'; object-src 'none'; base-uri 'none'; img-src 'self' data:$/);
                await page.getByRole('button', { name: 'Choose' }).first().click();
                await see(page.getByRole('heading', { name: 'How would you like to sleep?' }));
                assert.deepEqual(complaints, []);
                assert.equal(await runsInline(page), false);
                await close();
                const again = await fetch(url);
                assert.notEqual(again.headers.get('content-security-policy'), policy, 'every page has a nonce of its own');
                await again.text();
            });
            await withHost(shell.host, [], async (url) => {
                const { page, close } = await openPage(browser);
                const answer = await page.goto(url);
                assert.equal(answer.headers()['content-security-policy'], undefined);
                assert.equal(await runsInline(page), true, 'without a policy it runs, so the test can fail');
                await close();
            });
        } finally {
            shell.remove();
        }
    });

    test('so does the page of a host that renders nothing', async () => {
        const { host } = openWorkspace('demo-react');
        await withHost(host, [`--csp=style-src 'self' 'unsafe-inline'`], async (url) => {
            const { page, complaints, see, close } = await openPage(browser);
            const answer = await page.goto(url);
            assert.match(answer.headers()['content-security-policy'], /script-src 'self' 'nonce-[^']+'; style-src 'self' 'unsafe-inline'; object-src/);
            for (const id of ['react19-app', 'react18-app']) await see(page.locator(`#${id} p`, { hasText: 'effects run' }));
            assert.deepEqual(complaints, []);
            assert.equal(await runsInline(page), false);
            await close();
        });
    });

    test('directives that would be another header are refused', () => {
        for (const directives of ['img-src *, script-src *', 'img-src *\nx: y', 'img_src *']) {
            const { status, stderr } = spawnSync(PROGRAM, ['start', `--csp=${directives}`], { encoding: 'utf8' });
            assert.equal(status, 2, directives);
            assert.match(stderr, /is no directive/);
        }
    });
});
