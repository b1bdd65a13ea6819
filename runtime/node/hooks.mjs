/** Registers server import maps with this process. */

import { realpathSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { resolve } from 'node:path';
import { createSyncResolve, readServerImportMap } from './loader.mjs';

/** @type {Set<string>} */
const registeredFiles = new Set();

/**
 * From here on, every import of this process is resolved through the map first. Registering a map twice does
 * nothing; of two maps, the one registered last is asked first.
 *
 * @param {string} file Path of a composed server map, such as `<host>/dist/server/importmap.json`.
 */
export function registerImportMap(file) {
    // Read here in both cases: an error on the hooks' thread would reach the user without its message.
    const server = readServerImportMap(resolve(file));
    const real = realpathSync(server.file);
    if (registeredFiles.has(real)) return;
    registeredFiles.add(real);
    if (typeof nodeModule.registerHooks === 'function') {
        nodeModule.registerHooks({ resolve: createSyncResolve(server) });
    } else if (typeof nodeModule.register === 'function') {
        // The query gives each map a loader module, and so a state, of its own.
        nodeModule.register(`./loader.mjs?${registeredFiles.size}`, { parentURL: import.meta.url, data: { file: server.file } });
    } else {
        throw new Error(`Import maps need module hooks, which Node ${process.version} does not have. Use Node 20.6 or newer.`);
    }
}
