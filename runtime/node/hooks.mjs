/** Registers server import maps with this process. */

import { realpathSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { resolve } from 'node:path';
import { createSyncResolve, generationOf, parseServerImportMap, readServerImportMapText } from './loader.mjs';

/** Real path of each map → its text when it was registered. @type {Map<string, string>} */
const registered = new Map();

/**
 * From here on, every import of this process is resolved through the map first. Registering a map twice does
 * nothing; of two maps, the one registered last is asked first.
 *
 * @param {string} file Path of a composed server map, such as `<host>/dist/server/importmap.json`.
 * @returns {{ file: string, text: string }} What is registered: the map as it was when it was registered first.
 */
export function registerImportMap(file) {
    // Read here in both cases: an error on the hooks' thread would reach the user without its message.
    const path = resolve(file);
    const text = readServerImportMapText(path);
    const server = parseServerImportMap(path, text);
    const real = realpathSync(path);
    const known = registered.get(real);
    if (known !== undefined) return { file: path, text: known };
    registered.set(real, text);
    if (typeof nodeModule.registerHooks === 'function') {
        const ask = createSyncResolve(server);
        nodeModule.registerHooks({
            resolve: (specifier, context, nextResolve) =>
                generationOf(context.parentURL) === undefined ? ask(specifier, context, nextResolve) : nextResolve(specifier, context)
        });
    } else if (typeof nodeModule.register === 'function') {
        // The query gives each map a loader module, and so a state, of its own.
        nodeModule.register(`./loader.mjs?${registered.size}`, { parentURL: import.meta.url, data: { file: path } });
    } else {
        throw new Error(`Import maps need module hooks, which Node ${process.version} does not have. Use Node 20.6 or newer.`);
    }
    return { file: path, text };
}
