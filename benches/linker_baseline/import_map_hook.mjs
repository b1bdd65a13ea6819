/** Node's hook for built output: nothing but the import map, relative URLs and Node's own modules resolve. */

import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { pathToFileURL } from 'node:url';
import { parseImportMap, resolveImport } from '../../runtime/import-map/import-map.mjs';

/** @type {{ base: string, map: import('../../runtime/import-map/import-map.mjs').ImportMap }} */
let composed;

/** @param {string} file */
export function initialize(file) {
    const base = pathToFileURL(file).href;
    composed = { base, map: parseImportMap(JSON.parse(readFileSync(file, 'utf8')), base) };
}

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, { parentURL, ...context }, nextResolve) {
    if (isBuiltin(specifier)) return nextResolve(specifier, context);
    const importer = parentURL ?? composed.base;
    const url = resolveImport(composed.map, specifier, importer)?.href ?? new URL(specifier, importer).href;
    return { url, format: 'module', shortCircuit: true };
}
