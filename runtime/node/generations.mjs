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
/** The first generation of each host, by its map. @type {Map<string, { generation: OpenedGeneration, users: number }>} */
const firsts = new Map();
/** @type {((message: import('./generation-hooks.mjs').GenerationMessage) => void) | undefined} */
let tell;

/**
 * The generation that this process knows by plain URLs, where it is still what is built: everybody who opens the host shares its
 * instances, those too that the process has imported itself. Otherwise a generation beside it.
 *
 * @param {string} root Directory of a host that is built and composed.
 * @param {Record<string, string>} [links] What the host links in its behaviour file.
 * @returns {OpenedGeneration}
 */
export function openGeneration(root, links) {
    const artifacts = readArtifacts(root, links);
    if (registerImportMap(artifacts.file).text !== artifacts.text) return openBeside(artifacts);
    let first = firsts.get(artifacts.file);
    if (first === undefined) {
        first = { generation: open(artifacts, () => ''), users: 0 };
        firsts.set(artifacts.file, first);
    }
    const { generation } = first;
    first.users += 1;
    const forget = () => {
        first.users -= 1;
        if (first.users > 0) return;
        firsts.delete(artifacts.file);
        generation.forget();
    };
    return { ...generation, forget };
}

/** What is built now, whatever the process knows. @param {string} root @param {Record<string, string>} [links] */
export function openNextGeneration(root, links) {
    return openBeside(readArtifacts(root, links));
}

/** @param {Artifacts} artifacts */
function openBeside(artifacts) {
    return open(artifacts, (id) => `?esmx-generation=${id}`);
}

/**
 * @typedef {object} Artifacts
 * @property {Mount[]} mounts With real paths.
 * @property {string} file The server map
 * @property {string} text and what it says.
 * @property {ReadonlySet<string>} identifiers
 *
 * @param {string} root
 * @param {Record<string, string>} [links]
 * @returns {Artifacts}
 */
function readArtifacts(root, links) {
    const mounts = readMounts(root, links).map(({ name, client, server }) => ({ name, client: real(client), server: real(server) }));
    const file = join(mounts[0].server, 'importmap.json');
    const text = readServerImportMapText(file);
    return { mounts, file, text, identifiers: new Set(parseServerImportMap(file, text).map.imports.exact.keys()) };
}

/** @param {Artifacts} artifacts @param {(id: number) => string} queryOf @returns {OpenedGeneration} */
function open({ mounts, file, text, identifiers }, queryOf) {
    const directories = mounts.map(({ server }) => `${pathToFileURL(server).href}/`);
    const importer = directories[0] + encodeURIComponent(IMPORTER);
    const sources = mounts.flatMap(({ server }) => modulesOf(server));
    sources.push([importer, 'export const load = (specifier) => import(specifier);']);
    opened += 1;
    const id = opened;
    const query = queryOf(id);
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
