/** The committed declarations of the npm package are those of its sources. */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { generateTypes } from '../../runtime/types/generate.mjs';

const COMMITTED = fileURLToPath(new URL('../../runtime/types/generated', import.meta.url));

test('the declarations are up to date: `node runtime/types/generate.mjs` writes them', () => {
    const directory = mkdtempSync(join(tmpdir(), 'esmx-generated-types-'));
    try {
        generateTypes(directory);
        const files = (root) => readdirSync(root, { recursive: true }).map(String).filter((file) => file.endsWith('.d.mts')).sort();
        assert.deepEqual(files(COMMITTED), files(directory));
        for (const file of files(directory)) assert.equal(readFileSync(join(COMMITTED, file), 'utf8'), readFileSync(join(directory, file), 'utf8'), file);
    } finally {
        rmSync(directory, { recursive: true, force: true });
    }
});
