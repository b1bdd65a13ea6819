/** Opens generations of a built host: reads what it consists of, and tells the hooks about it. */

import { readFileSync, realpathSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { load, receive, resolveSync } from './generation-hooks.mjs';
import { registerImportMap } from './hooks.mjs';
import { LinkedImportError, parseServerImportMap, readServerImportMapText } from './loader.mjs';
import { readMounts } from './mounts.mjs';

/**
 * @typedef {import('./mounts.mjs').Mount} Mount
 *
 * @typedef {object} OpenedGeneration
 * @property {number} id Counted in this process.
 * @property {Mount[]} mounts With real paths: a later deployment may lie elsewhere under the same name.
 * @property {ReadonlySet<string>} identifiers What its server map has for every importer.
 * @property {(specifier: string) => Promise<any>} load Imports as a module of the host does.
 * @property {() => void} forget Takes its map and its kept sources away.
 */

/** The name of the module that imports on behalf of {@link OpenedGeneration.load}; no build writes one like it. */
const IMPORTER = '(import of the host).mjs';

let opened = 0;
/** Maps that a generation was opened for. @type {Set<string>} */
const openedFiles = new Set();
/** @type {((message: import('./generation-hooks.mjs').GenerationMessage) => void) | undefined} */
let tell;

/**
 * @param {string} root Directory of a host that is built and composed.
 * @param {Record<string, string>} [links] What the host links in its behaviour file.
 * @returns {OpenedGeneration}
 */
export function openGeneration(root, links) {
    const mounts = readMounts(root, links).map(({ name, client, server }) => ({ name, client: real(client), server: real(server) }));
    const file = join(mounts[0].server, 'importmap.json');
    const text = readServerImportMapText(file);
    const identifiers = new Set(parseServerImportMap(file, text).map.imports.exact.keys());
    const directories = mounts.map(({ server }) => `${pathToFileURL(server).href}/`);
    const importer = directories[0] + encodeURIComponent(IMPORTER);
    const sources = mounts.flatMap(({ server }) => modulesOf(server));
    sources.push([importer, 'export const load = (specifier) => import(specifier);']);
    // The first one of a host has plain URLs, so that it shares its instances with what the process imports itself.
    const isFirst = registerImportMap(file).text === text && !openedFiles.has(file);
    openedFiles.add(file);
    opened += 1;
    const id = opened;
    const query = isFirst ? '' : `?esmx-generation=${id}`;
    tell ??= installHooks();
    tell({ add: { id, query, file, text, directories, sources } });
    /** Asking the hooks takes its time, and a module that is loaded stays the same. @type {Map<string, Promise<any>>} */
    const loaded = new Map();
    return {
        id,
        mounts,
        identifiers,
        load: (specifier) => {
            const known = loaded.get(specifier);
            if (known !== undefined) return known;
            const loading = import(importer + query).then(({ load }) => load(specifier));
            loaded.set(specifier, loading);
            loading.catch(() => loaded.delete(specifier));
            return loading;
        },
        forget: () => tell?.({ drop: id })
    };
}

/** @param {string} server Directory of an artifact. @returns {[url: string, source: string][]} */
function modulesOf(server) {
    const manifest = join(server, 'manifest.json');
    /** @type {{ files?: string[] }} */
    let record;
    try {
        record = JSON.parse(readFileSync(manifest, 'utf8'));
    } catch (cause) {
        // A host that never renders may have no manifest for the server.
        if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
        throw new LinkedImportError(`${manifest} is not usable: ${cause instanceof Error ? cause.message : cause}. Build the module again.`, { code: 'ERR_ESMX_MANIFEST', cause });
    }
    const root = `${pathToFileURL(server).href}/`;
    const modules = (record.files ?? []).filter((name) => name.endsWith('.mjs'));
    return modules.flatMap((name) => {
        const url = pathToFileURL(join(server, name)).href;
        // Manifests are data of somebody else: a path that leaves the artifact is none of its modules.
        return url.startsWith(root) ? [/** @type {[string, string]} */ ([url, readFileSync(join(server, name), 'utf8')])] : [];
    });
}

/** @returns {(message: import('./generation-hooks.mjs').GenerationMessage) => void} */
function installHooks() {
    if (typeof nodeModule.registerHooks === 'function') {
        nodeModule.registerHooks({ resolve: resolveSync, load });
        return receive;
    }
    const { port1, port2 } = new MessageChannel();
    nodeModule.register('./generation-hooks.mjs', { parentURL: import.meta.url, data: { port: port2 }, transferList: [port2] });
    port1.unref();
    return (message) => port1.postMessage(message);
}

/** @param {string} path */
function real(path) {
    try {
        return realpathSync(path);
    } catch {
        return path;
    }
}
