/**
 * Runs a program and prints what it shows: what its modules log, in order, and what each entry exports after
 * everything has settled.
 *
 *     node observe.mjs files <directory>        the entries are the files that `esmx.exports` names
 *     node observe.mjs import-map <directory>   the entries are looked up in `dist/server/importmap.json`
 */

import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe } from '../../tests/build_cases/describe.mjs';

const [how, argument] = process.argv.slice(2);
const directory = resolve(argument);
const { name, esmx } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
if (how === 'import-map') {
    register('./import_map_hook.mjs', { parentURL: import.meta.url, data: join(directory, 'dist/server/importmap.json') });
}

globalThis.log = (...values) => {
    console.log(...values.map((value) => (typeof value === 'string' ? value : describe(value))));
};

/** @type {Map<string, object>} */
const namespaces = new Map();
process.on('uncaughtException', (error) => log('uncaught', error));
// By then timers and pending imports are done.
process.once('beforeExit', () => {
    for (const [key, namespace] of namespaces) log(key, '=', namespace);
});

for (const [key, source] of Object.entries(esmx.exports)) {
    const file = typeof source === 'string' ? source : source.server;
    const specifier = how === 'import-map' ? `${name}${key.slice(1)}` : pathToFileURL(join(directory, file)).href;
    try {
        namespaces.set(key, await import(specifier));
    } catch (error) {
        log(`importing ${key} threw ${error}`);
    }
}
