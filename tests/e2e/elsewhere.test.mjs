/** The Vue workspace built again in another directory: the same bytes, and the page in development mode. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startServer } from '../../fixtures/serve.mjs';
import { launch, openPage, repeated } from './browser.mjs';
import { openWorkspace } from './workspace.mjs';

const COMMAND = fileURLToPath(new URL('../../runtime/bin/esmx-build.mjs', import.meta.url));
const MODULES = ['shared', 'vue3-app', 'vue2-app', 'host'];

describe('the Vue workspace in another directory', () => {
    const { directory: original } = openWorkspace('demo-vue');
    let parent;
    let copy;
    before(() => {
        parent = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-elsewhere-')));
        copy = join(parent, 'a directory of another name');
        cpSync(original, copy, { recursive: true, verbatimSymlinks: true, filter: (path) => basename(path) !== 'dist' || path.includes('node_modules') });
    });
    after(() => rmSync(parent, { recursive: true, force: true }));

    /** @param {string[]} argumentList @param {Record<string, string>} [environment] */
    function esmxBuild(argumentList, environment = {}) {
        const result = spawnSync(process.execPath, [COMMAND, ...argumentList], { cwd: copy, encoding: 'utf8', env: { ...process.env, ...environment } });
        assert.equal(result.status, 0, `esmx-build ${argumentList.join(' ')}\n${result.stdout}${result.stderr}`);
        return result;
    }

    test('gives the same bytes, on one thread as on many', () => {
        esmxBuild(['build', 'host', '-r'], { RAYON_NUM_THREADS: '1' });
        esmxBuild(['compose', 'host']);
        for (const module of MODULES) {
            for (const side of ['client', 'server']) {
                const [here, there] = [original, copy].map((workspace) => readFiles(join(workspace, module, 'dist', side)));
                // Composing keeps earlier maps for pages that are still open; only this workspace may have had any.
                for (const name of here.keys()) if (name.startsWith('importmap/') && !there.has(name)) here.delete(name);
                assert.deepEqual([...there.keys()], [...here.keys()], `files of ${module}, ${side}`);
                for (const [name, bytes] of here) assert.ok(bytes.equals(there.get(name)), `${module}/dist/${side}/${name} differs`);
            }
        }
    });

    test('hydrates in development mode, where the frameworks tell every mismatch', async () => {
        esmxBuild(['build', 'host', '-r', '--mode', 'development']);
        esmxBuild(['compose', 'host']);
        const [browser, server] = await Promise.all([launch(), startServer({ host: join(copy, 'host'), page: 'rendered' })]);
        try {
            const { page, complaints, requests, see } = await openPage(browser);
            await page.goto(server.url);
            await see(page.locator('html[data-ready="true"]'));
            await page.locator('#vue3-app').getByLabel('One more').click();
            await page.locator('#vue2-app').getByLabel('One more').click();
            await see(page.locator('#vue3-app .count', { hasText: /^2$/ }));
            await see(page.locator('#vue2-app .count', { hasText: /^2$/ }));
            // Vue asks bundlers to define its flags in development builds; that is advice, not a mismatch.
            assert.deepEqual(complaints.filter((complaint) => !complaint.includes('Feature flag')), []);
            assert.deepEqual(repeated(requests), []);
        } finally {
            await Promise.all([browser.close(), server.close()]);
        }
    });
});

/** Relative path → bytes, sorted. The server's import map is left out: it holds absolute URLs. */
function readFiles(directory) {
    const files = readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
        .filter((path) => !path.endsWith(join('server', 'importmap.json')));
    return new Map(files.sort().map((path) => [relative(directory, path), readFileSync(path)]));
}
