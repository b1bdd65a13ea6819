/**
 * Node's module hooks for the built output of a case: nothing but the composed import map (and relative
 * URLs) resolves, as in a browser.
 *
 * The server side lives under its `file:` URLs. The client side is made for a web server, so it gets one: URLs
 * of a host that does not exist, whose files are read from the `dist/client` directories.
 */

import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isBareSpecifier, parseImportMap, resolveImport } from '../../runtime/import-map/import-map.mjs';

const CLIENT_ORIGIN = 'http://client.invalid/';

/** @type {{ caseDirectory: string, name: string, side: string, map: import('../../runtime/import-map/import-map.mjs').ImportMap }} */
let run;

/** @param {{ caseDirectory: string, name: string, side: string }} options */
export function initialize({ caseDirectory, name, side }) {
    const file = join(caseDirectory, 'dist', side, 'importmap.json');
    const base = side === 'client' ? CLIENT_ORIGIN : pathToFileURL(file).href;
    run = { caseDirectory, name, side, map: parseImportMap(JSON.parse(readFileSync(file, 'utf8')), base) };
}

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, nextResolve) {
    if (isBuiltin(specifier) && run.side === 'server') return nextResolve(specifier, context);
    const importer = context.parentURL ?? CLIENT_ORIGIN;
    const mapped = resolveImport(run.map, specifier, importer)?.href;
    if (mapped === undefined && isBareSpecifier(specifier)) {
        throw new Error(`the import map does not resolve '${specifier}' imported from ${importer}`);
    }
    const url = mapped ?? new URL(specifier, importer).href;
    if (url.startsWith('data:')) return nextResolve(url, context);
    return { url, format: 'module', shortCircuit: true };
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, nextLoad) {
    if (!url.startsWith(CLIENT_ORIGIN)) return nextLoad(url, context);
    return { format: 'module', source: readFileSync(clientFile(new URL(url).pathname)), shortCircuit: true };
}

/** @param {string} pathname `/<module name>/<file>` */
function clientFile(pathname) {
    const segments = decodeURIComponent(pathname).split('/').slice(1);
    const nameLength = segments[0].startsWith('@') ? 2 : 1;
    const name = segments.slice(0, nameLength).join('/');
    const file = segments.slice(nameLength).join('/');
    const directory = name === run.name ? run.caseDirectory : join(run.caseDirectory, 'node_modules', name);
    const path = join(directory, 'dist', 'client', file);
    if (!existsSync(path)) throw new Error(`404: ${pathname}`);
    return path;
}
