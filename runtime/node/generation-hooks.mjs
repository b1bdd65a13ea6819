/**
 * Generations: one build of a host and of everything it uses, as it was when it was opened. Node never forgets a module, so
 * a later build is loaded under other URLs, and a generation keeps what it has not loaded yet:
 *
 *     file:///site/host/dist/server/page.mjs                      the first generation
 *     file:///site/host/dist/server/page.mjs?esmx-generation=2    the second, beside it
 *
 * Each has its own import map, and a build that takes the files of an old one away does not break its last requests.
 *
 * This file runs where the hooks run: on the main thread with `module.registerHooks`, on a thread of its own with
 * `module.register`. There the generations come through a port, which is read before every question.
 */

import { receiveMessageOnPort } from 'node:worker_threads';
import { ask, createResolve, createSyncResolve, generationOf, LinkedImportError, parseServerImportMap } from './loader.mjs';

/**
 * @typedef {object} GenerationFacts What a thread may be sent.
 * @property {number} id
 * @property {string} query What its URLs end in.
 * @property {string} file Path of the server map,
 * @property {string} text and what it says.
 * @property {string[]} directories URLs of the server artifacts, with a final slash.
 * @property {[url: string, source: string][]} sources Every module, without the query.
 *
 * @typedef {{ add: GenerationFacts } | { drop: number }} GenerationMessage
 *
 * @typedef {object} Generation
 * @property {string} query
 * @property {string[]} directories
 * @property {import('./loader.mjs').ServerImportMap} server
 * @property {Map<string, string | undefined>} sources Without the text once it is loaded.
 */

/** @type {Map<number, Generation>} */
const generations = new Map();
/** URL with its query → the generation. @type {Map<string, Generation>} */
const owners = new Map();
/** @type {import('node:worker_threads').MessagePort | undefined} */
let port;

/** @param {GenerationMessage} message */
export function receive(message) {
    if ('drop' in message) {
        const generation = generations.get(message.drop);
        for (const url of generation?.sources.keys() ?? []) owners.delete(url + generation?.query);
        generations.delete(message.drop);
        return;
    }
    const { id, query, file, text, directories, sources } = message.add;
    /** @type {Generation} */
    const generation = { query, directories, server: parseServerImportMap(file, text), sources: new Map(sources) };
    generations.set(id, generation);
    for (const [url] of sources) owners.set(url + query, generation);
}

/** Called by `module.register`. @param {{ port: import('node:worker_threads').MessagePort }} data */
export function initialize(data) {
    port = data.port;
}

function receiveAll() {
    for (;;) {
        const message = port && receiveMessageOnPort(port);
        if (message === undefined) return;
        receive(message.message);
    }
}

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, nextResolve) {
    receiveAll();
    const generation = generationAsked(specifier, context.parentURL);
    if (generation === undefined) return nextResolve(specifier, context);
    return kept(generation, specifier, context.parentURL) ?? tagged(generation, await createResolve(generation.server)(specifier, context, nextResolve));
}

/** The same for `module.registerHooks`. @type {(specifier: string, context: any, nextResolve: (specifier: string, context: any) => any) => any} */
export function resolveSync(specifier, context, nextResolve) {
    const generation = generationAsked(specifier, context.parentURL);
    if (generation === undefined) return nextResolve(specifier, context);
    return kept(generation, specifier, context.parentURL) ?? tagged(generation, createSyncResolve(generation.server)(specifier, context, nextResolve));
}

/** For both. @type {(url: string, context: any, nextLoad: (url: string, context: any) => any) => any} */
export function load(url, context, nextLoad) {
    receiveAll();
    const generation = owners.get(url);
    if (generation === undefined) return nextLoad(url, context);
    const name = url.slice(0, url.length - generation.query.length);
    const source = generation.sources.get(name);
    if (source === undefined) return nextLoad(url, context);
    // Node asks once for each URL and never forgets.
    generation.sources.set(name, undefined);
    return { format: 'module', source, shortCircuit: true };
}

/** @param {string} specifier @param {string | undefined} importer */
function generationAsked(specifier, importer) {
    const owner = owners.get(importer ?? '') ?? owners.get(specifier);
    if (owner !== undefined) return owner;
    const id = generationOf(importer);
    if (id === undefined) return undefined;
    const generation = generations.get(id);
    if (generation !== undefined) return generation;
    throw new LinkedImportError(
        `Cannot import '${specifier}' from ${importer}: generation ${id} was dropped when its last request ended. `
            + 'Work that goes on after a request keeps its generation with `acquire()`.',
        { code: 'ERR_ESMX_GENERATION' }
    );
}

/**
 * The answer for a module that the generation keeps, whether it is still on the disk or not.
 *
 * @param {Generation} generation
 * @param {string} specifier
 * @param {string | undefined} importer
 */
function kept(generation, specifier, importer) {
    if (owners.get(specifier) === generation) return { url: specifier, format: 'module', shortCircuit: true };
    const url = ask(generation.server, specifier, importer) ?? relative(specifier, importer);
    if (url === undefined || !generation.sources.has(url)) return undefined;
    return { url: url + generation.query, format: 'module', shortCircuit: true };
}

/** @param {string} specifier @param {string | undefined} importer */
function relative(specifier, importer) {
    return importer !== undefined && /^(?:\.{0,2}\/|file:)/.test(specifier) ? new URL(specifier, importer).href : undefined;
}

/** What lies in an artifact without being a module in its manifest is of this generation, too. @param {Generation} generation @param {any} resolved */
function tagged({ query, directories }, resolved) {
    const isOwn = query !== '' && directories.some((directory) => resolved.url.startsWith(directory)) && generationOf(resolved.url) === undefined;
    return isOwn ? { ...resolved, url: resolved.url + (resolved.url.includes('?') ? query.replace('?', '&') : query) } : resolved;
}
