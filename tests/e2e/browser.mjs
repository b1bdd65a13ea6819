/** Chromium, and everything a page told while it was open. */

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** @returns {string} */
function executable() {
    const found = process.env.CHROMIUM ?? CANDIDATES.find(existsSync);
    if (found === undefined) throw new Error('no Chromium: run `node tests/run.mjs`, or name one with CHROMIUM=/path/to/chromium');
    return found;
}

export function launch() {
    return chromium.launch({
        executablePath: executable(),
        args: [
            '--headless',
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync'
        ]
    });
}

/**
 * Opens a page of its own (no cache, no cookies) and writes down what it says and fetches.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
export async function openPage(browser, options) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    /** Errors and warnings of the console, uncaught errors, failed requests. @type {string[]} */
    const complaints = [];
    /** Paths of all requests, in order. @type {string[]} */
    const requests = [];
    page.on('console', (message) => {
        if (['error', 'warning', 'assert'].includes(message.type())) complaints.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => complaints.push(`uncaught: ${error.stack ?? error.message}`));
    page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
    page.on('response', (response) => {
        if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
    });
    page.on('request', (request) => {
        const { protocol, pathname } = new URL(request.url());
        if (protocol.startsWith('http')) requests.push(pathname);
    });
    /** Waits until `locator` is there; a page that broke says why, not only that time is up. @param {import('playwright-core').Locator} locator */
    const see = async (locator) => {
        try {
            await locator.waitFor({ timeout: 20_000 });
        } catch (cause) {
            throw new Error(`the page never showed ${locator}; it said: ${complaints.join('\n') || 'nothing'}`, { cause });
        }
    };
    return { page, complaints, requests, see, close: () => context.close() };
}

/** The paths that were requested more than once. @param {string[]} requests */
export function repeated(requests) {
    return [...new Set(requests.filter((path, index) => requests.indexOf(path) !== index))];
}
