#!/usr/bin/env node
/**
 * Writes `types/generated` from the JSDoc of the sources, with the TypeScript that the end-to-end tests have:
 *
 *     node runtime/types/generate.mjs [directory]
 */

import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const runtime = dirname(dirname(fileURLToPath(import.meta.url)));
const compiler = join(runtime, '..', 'tests', 'e2e', 'node_modules', 'typescript', 'bin', 'tsc');
const entries = ['browser/index.mjs', 'import-map/import-map.mjs', 'node/index.mjs', 'node/register.mjs'];

// There are no type libraries in `bin`: what is installed around the checkout has no say.
/** @param {string} directory */
export function generateTypes(directory) {
    rmSync(directory, { recursive: true, force: true });
    const options = ['--allowJs', '--declaration', '--emitDeclarationOnly', '--skipLibCheck', '--typeRoots', join(runtime, 'bin'),
        '--target', 'es2022', '--lib', 'es2023,dom,dom.iterable', '--module', 'nodenext', '--newLine', 'lf', '--rootDir', runtime, '--outDir', directory];
    execFileSync(process.execPath, [compiler, ...options, ...entries.map((entry) => join(runtime, entry))], { stdio: 'inherit' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) generateTypes(resolve(process.argv[2] ?? join(runtime, 'types', 'generated')));
