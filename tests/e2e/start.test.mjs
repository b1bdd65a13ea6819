/** Built hosts started as a person starts them: `node dist/index.mjs`. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { withStarted } from './started.mjs';
import { openWorkspace } from './workspace.mjs';

describe('node dist/index.mjs', () => {
    test('runs the compiled behaviour file, and the page hydrates', async () => {
        const { host } = openWorkspace('demo-vue');
        const behaviour = readFileSync(join(host, 'dist/node/src/entry.node.mjs'), 'utf8');
        assert.match(behaviour, /from "node:http"/);
        assert.doesNotMatch(behaviour, /interface/);
        const options = { cwd: host, env: { ...process.env, PORT: '0' } };
        await withStarted(process.execPath, ['dist/index.mjs'], options, async (url) => {
            const browser = await launch();
            try {
                const { page, complaints, see } = await openPage(browser);
                await page.goto(url);
                await see(page.locator('html[data-ready="true"]'));
                assert.deepEqual(complaints, []);
            } finally {
                await browser.close();
            }
        });
    });

    test('libraries have nothing to start', () => {
        const { directory } = openWorkspace('demo-vue');
        assert.ok(!existsSync(join(directory, 'shared/dist/index.mjs')));
        assert.ok(!existsSync(join(directory, 'shared/dist/node')));
    });
});
