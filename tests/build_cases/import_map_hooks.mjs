/**
 * Node's module hooks for the built output of a case: nothing but the composed import map (and relative
 * URLs) resolves, as in a browser.
 *
 * The server side lives under its `file:` URLs. The client side is made for a web server, so it gets one: URLs
 * of a host that does not exist, whose files are read from the `dist/client` directories. The query of every
 * URL holds the number of the run, which gives each run module instances of its own.
 */

import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isBareSpecifier, parseImportMap, resolveImport } from '../../runtime/import-map/import-map.mjs';

const CLIENT_ORIGIN = 'http://client.invalid/';

/**
 * @typedef {object} Run
 * @property {string} directory Of the built module.
 * @property {string} name Of the built module.
 * @property {string} side
 * @property {string} base Where the map itself is.
 * @property {import('../../runtime/import-map/import-map.mjs').ImportMap} map
 */

/** @type {Run[]} */
let runs;

/** @param {{ directory: string, name: string, side: string }[]} described */
export function initialize(described) {
    runs = described.map((run) => {
        const file = join(run.directory, 'dist', run.side, 'importmap.json');
        const base = run.side === 'client' ? CLIENT_ORIGIN : pathToFileURL(file).href;
        return { ...run, base, map: parseImportMap(JSON.parse(readFileSync(file, 'utf8')), base) };
    });
}

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, nextResolve) {
    const entry = /^run-(\d+):(.*)$/s.exec(specifier);
    const index = entry?.[1] ?? (context.parentURL && new URL(context.parentURL).searchParams.get('run'));
    // The runner's own imports.
    if (index === null || index === undefined) return nextResolve(specifier, context);

    const run = runs[Number(index)];
    const request = entry?.[2] ?? specifier;
    if (isBuiltin(request) && run.side === 'server') return nextResolve(request, context);
    const importer = entry === null ? context.parentURL : run.base;
    const mapped = resolveImport(run.map, request, importer)?.href;
    if (mapped === undefined && isBareSpecifier(request)) {
        throw new Error(`the import map does not resolve '${request}' imported from ${importer}`);
    }
    const url = new URL(mapped ?? request, importer);
    if (url.protocol === 'data:') return nextResolve(url.href, context);
    url.searchParams.set('run', index);
    return { url: url.href, format: 'module', shortCircuit: true };
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, nextLoad) {
    if (!url.startsWith(CLIENT_ORIGIN)) return nextLoad(url, context);
    const { pathname, searchParams } = new URL(url);
    const file = clientFile(runs[Number(searchParams.get('run'))], decodeURIComponent(pathname));
    return { format: 'module', source: readFileSync(file), shortCircuit: true };
}

/** @param {Run} run @param {string} pathname `/<module name>/<file>` */
function clientFile({ directory, name: ownName }, pathname) {
    const segments = pathname.split('/').slice(1);
    const nameLength = segments[0].startsWith('@') ? 2 : 1;
    const name = segments.slice(0, nameLength).join('/');
    const module = name === ownName ? directory : join(directory, 'node_modules', name);
    return join(module, 'dist', 'client', ...segments.slice(nameLength));
}
