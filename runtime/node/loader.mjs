/**
 * Node's resolution through a composed server import map: the map is asked first, and what it does not
 * resolve goes to Node as always (builtins, relative files, runtime dependencies of the host).
 *
 * Written for both ways Node can be hooked: `module.registerHooks` runs {@link createSyncResolve} on the
 * main thread, `module.register` loads this file on the hooks' thread and calls {@link initialize} and
 * {@link resolve} there.
 */

import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BlockedSpecifierError, isBareSpecifier, parseImportMap, resolveImport } from '../import-map/import-map.mjs';

/**
 * @typedef {object} ServerImportMap
 * @property {string} file Path of the map, for messages.
 * @property {import('../import-map/import-map.mjs').ImportMap} map
 */

/** A specifier that neither the map nor Node resolves, or whose mapped file is not there. */
export class LinkedImportError extends Error {
    name = 'LinkedImportError';

    /** @param {string} message @param {{ code?: string, cause?: unknown }} details */
    constructor(message, { code, cause }) {
        super(message, { cause });
        this.code = code;
    }
}

/**
 * @param {string} file Path of a composed server map, such as `<host>/dist/server/importmap.json`.
 * @returns {ServerImportMap}
 */
export function readServerImportMap(file) {
    return parseServerImportMap(file, readServerImportMapText(file));
}

/** @param {string} file */
export function readServerImportMapText(file) {
    try {
        return readFileSync(file, 'utf8');
    } catch (cause) {
        throw new LinkedImportError(
            `Cannot read the server import map ${file} (${codeOf(cause) ?? cause}). `
                + 'Write it with `esmx-build build -r` and `esmx-build compose` in the host.',
            { code: 'ERR_ESMX_IMPORT_MAP', cause }
        );
    }
}

/** @param {string} file Where the text is from. @param {string} text @returns {ServerImportMap} */
export function parseServerImportMap(file, text) {
    try {
        const map = parseImportMap(JSON.parse(text), pathToFileURL(file).href);
        return { file, map: withRealScopes(map) };
    } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new LinkedImportError(`The server import map ${file} is not usable: ${reason}. Write it again with \`esmx-build compose\`.`, {
            code: 'ERR_ESMX_IMPORT_MAP',
            cause
        });
    }
}

/**
 * Modules of a later generation have a map of their own, and this in their URL; see `generation-hooks.mjs`.
 *
 * @param {string | undefined} url
 * @returns {number | undefined} The number of the generation.
 */
export function generationOf(url) {
    const found = url === undefined ? null : /[?&]esmx-generation=(\d+)/.exec(url);
    return found === null ? undefined : Number(found[1]);
}

/** @type {ServerImportMap | undefined} */
let registered;

/** Called by `module.register`. @param {{ file: string }} data */
export function initialize({ file }) {
    registered = readServerImportMap(file);
}

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, nextResolve) {
    if (registered === undefined || generationOf(context.parentURL) !== undefined) return nextResolve(specifier, context);
    return createResolve(registered)(specifier, context, nextResolve);
}

/** For hooks on their own thread, where everything may wait. @param {ServerImportMap} server */
export function createResolve(server) {
    /** @param {string} specifier @param {any} context @param {(specifier: string, context: any) => any} nextResolve */
    return async function resolve(specifier, context, nextResolve) {
        const mapped = ask(server, specifier, context.parentURL);
        try {
            return await nextResolve(mapped ?? specifier, context);
        } catch (error) {
            throw explained(error, server, specifier, context.parentURL, mapped);
        }
    };
}

/**
 * The same for `module.registerHooks`, where everything is synchronous.
 *
 * @param {ServerImportMap} server
 */
export function createSyncResolve(server) {
    /** @param {string} specifier @param {any} context @param {(specifier: string, context: any) => any} nextResolve */
    return function resolve(specifier, context, nextResolve) {
        const mapped = ask(server, specifier, context.parentURL);
        try {
            return nextResolve(mapped ?? specifier, context);
        } catch (error) {
            throw explained(error, server, specifier, context.parentURL, mapped);
        }
    };
}

/**
 * @param {ServerImportMap} server
 * @param {string} specifier
 * @param {string | undefined} importer Absent for the program's entry.
 * @returns {string | null} The mapped URL.
 */
export function ask(server, specifier, importer) {
    try {
        return resolveImport(server.map, specifier, importer ?? pathToFileURL(server.file).href)?.href ?? null;
    } catch (cause) {
        if (!(cause instanceof BlockedSpecifierError)) throw cause;
        throw new LinkedImportError(`Cannot import '${specifier}' from ${nameOf(importer)}: ${cause.message} in the import map ${server.file}.`, {
            code: 'ERR_ESMX_BLOCKED_SPECIFIER',
            cause
        });
    }
}

/**
 * Node's own message names the importer but knows nothing of the map, which is where the fix is.
 *
 * @param {unknown} error
 * @param {ServerImportMap} server
 * @param {string} specifier
 * @param {string | undefined} importer
 * @param {string | null} mapped
 */
function explained(error, server, specifier, importer, mapped) {
    const code = codeOf(error);
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return error;
    if (mapped !== null) {
        return new LinkedImportError(
            `Cannot import '${specifier}' from ${nameOf(importer)}: the import map ${server.file} maps it to ${nameOf(mapped)}, `
                + 'which does not exist. The map is older than the build: run `esmx-build compose` in the host again.',
            { code, cause: error }
        );
    }
    if (!isBareSpecifier(specifier)) return error;
    const owners = server.map.scopes.filter(({ table }) => table.exact.has(specifier)).map(({ prefix }) => nameOf(prefix));
    const elsewhere = owners.length === 0 ? '' : ` The map has it only for importers in ${owners.join(', ')}.`;
    return new LinkedImportError(
        `Cannot find '${specifier}' imported from ${nameOf(importer)}: the import map ${server.file} does not map it for this importer, `
            + `and Node does not find it in node_modules.${elsewhere}`,
        { code, cause: error }
    );
}

/**
 * Node reports real paths as importers, so a scope that is written through a symlink would never match.
 *
 * @param {import('../import-map/import-map.mjs').ImportMap} map
 */
function withRealScopes(map) {
    const scopes = map.scopes.map(({ prefix, table }) => ({ prefix: realUrl(prefix), table }));
    scopes.sort((left, right) => (left.prefix < right.prefix ? 1 : -1));
    return { ...map, scopes };
}

/** @param {string} url */
function realUrl(url) {
    if (!url.startsWith('file:')) return url;
    try {
        const real = pathToFileURL(realpathSync(fileURLToPath(url))).href;
        return url.endsWith('/') && !real.endsWith('/') ? `${real}/` : real;
    } catch {
        // The directory is not there, so nothing is imported from it either.
        return url;
    }
}

/** @param {string | undefined} url */
function nameOf(url) {
    if (url === undefined) return 'the command line';
    return url.startsWith('file:') ? fileURLToPath(url) : url;
}

/** @param {unknown} error @returns {string | undefined} */
function codeOf(error) {
    return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
