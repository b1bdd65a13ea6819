/** The legacy workspace after `esmx-build migrate`, providers first: declared, built again, and the same to everybody. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after } from 'node:test';
import { describeLegacyWorkspace } from './legacy.mjs';
import { openWorkspace } from './workspace.mjs';

const binary = process.env.ESMX_BUILD_BINARY;
if (binary === undefined) throw new Error('ESMX_BUILD_BINARY names no binary: run these tests with `node tests/run.mjs e2e`');

const { directory: original } = openWorkspace('demo-legacy');
const directory = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-migrated-')));
after(() => rmSync(directory, { recursive: true }));

cpSync(original, directory, { recursive: true, filter: (path) => !['node_modules', 'dist'].includes(basename(path)) });
symlinkSync(join(original, 'node_modules'), join(directory, 'node_modules'));

// The host cannot move while nobody says what `shared` provides.
assert.match(run(1, 'migrate', 'host', '--write'), /`vue` was wired to shared\/vue and would be wired to nothing/);
for (const module of ['shared', 'vue3-app', 'vue2-app', 'host']) {
    run(0, 'migrate', module, '--write');
    const { esmx, dependencies } = JSON.parse(readFileSync(join(directory, module, 'package.json'), 'utf8'));
    assert.equal(typeof esmx, 'object', `${module} has a declaration`);
    if (module === 'vue2-app') assert.equal(dependencies.vue, 'npm:vue@^2.7.0');
}
run(0, 'build', 'host', '-r');
run(0, 'compose', 'host', '--html');

describeLegacyWorkspace(directory);

/** @param {number} exit @param {...string} words @returns {string} What was told. */
function run(exit, ...words) {
    const result = spawnSync(binary, words, { cwd: directory, encoding: 'utf8' });
    assert.equal(result.status, exit, `esmx-build ${words.join(' ')}:\n${result.stdout}${result.stderr}`);
    return result.stderr;
}
