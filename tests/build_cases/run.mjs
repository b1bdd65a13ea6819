/**
 * Runs one build case and prints what can be seen of it: what its modules logged, in order, and what each
 * export of the declaration holds after everything has settled.
 *
 *     node run.mjs <what> <side> <case directory> [reversed]
 *
 * `sources` runs the source files as they are, `built` runs `dist/<side>` through its own import map. The
 * exports are imported one after the other in the declaration's order, or in the opposite order.
 *
 * Modules of a case see one global: `log(...values)`.
 */

import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe } from './describe.mjs';

const [what, side, directory, order] = process.argv.slice(2);
const caseDirectory = resolve(directory);
const { name, esmx } = JSON.parse(readFileSync(join(caseDirectory, 'package.json'), 'utf8'));

/** @type {string[]} */
const lines = [];
globalThis.log = (...values) => {
    lines.push(values.map((value) => (typeof value === 'string' ? value : describe(value))).join(' '));
};

if (what === 'built') register('./import_map_hooks.mjs', { parentURL: import.meta.url, data: { caseDirectory, name, side } });

// Node also raises what a CommonJS module throws while it is imported, besides rejecting the import.
const importErrors = new Set();
const uncaughtErrors = new Set();
process.on('uncaughtException', (error) => uncaughtErrors.add(error));
// By then timers and pending imports of the case are done, so that late assignments to exports show too.
process.once('beforeExit', () => {
    for (const error of uncaughtErrors) if (!importErrors.has(error)) log('uncaught', error);
    for (const [exportName, namespace] of namespaces) log(exportName, '=', namespace);
    process.stdout.write(`${lines.join('\n')}\n`);
});

const exports = Object.entries(esmx.exports)
    .map(([key, source]) => ({ key, source: typeof source === 'string' ? source : source[side] }))
    .filter(({ source }) => typeof source === 'string');
if (order === 'reversed') exports.reverse();

/** @type {Map<string, object>} */
const namespaces = new Map();
for (const { key, source } of exports) {
    const specifier = what === 'built' ? `${name}${key.slice(1)}` : pathToFileURL(join(caseDirectory, source)).href;
    try {
        namespaces.set(key, await import(specifier));
    } catch (error) {
        importErrors.add(error);
        log(`importing ${key} threw`, error);
        if (process.env.SHOW_ERRORS !== undefined) console.error(error);
    }
}
