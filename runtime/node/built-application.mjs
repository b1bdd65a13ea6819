/** What a build left behind for browsers: the client map and manifests, and what follows from them. It reads nothing but `dist`. */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { parseImportMap, resolveImport, withBase } from '../import-map/import-map.mjs';
import { scriptJson } from './html.mjs';
import { HostError } from './mounts.mjs';
import { staticImports } from './static-imports.mjs';

/** Only so that root-relative client URLs can be handled as URLs. */
const ORIGIN = 'http://client.invalid';

/**
 * @typedef {import('./mounts.mjs').Mount} Mount
 * @typedef {import('../import-map/import-map.mjs').ImportMapText} ImportMapText
 *
 * @typedef {object} ClientChunk
 * @property {string} js
 * @property {string[]} css
 * @property {string[]} resources
 *
 * @typedef {object} ClientManifest
 * @property {Record<string, { name: string, pkg: boolean, file: string, identifier: string }>} exports
 * @property {Record<string, string | { chunks?: string[] }>} [provides]
 * @property {Record<string, ClientChunk>} [chunks]
 * @property {Record<string, string>} [integrity]
 *
 * @typedef {object} BasedMap
 * @property {ImportMapText} map
 * @property {string} text As it stands in a page.
 * @property {Map<string, Map<string, { start: string, end: string }>>} links By relation and URL, what pages have written around that which differs
 *   from page to page.
 *
 * @typedef {object} ChunkFiles URLs, each once.
 * @property {string[]} js
 * @property {string[]} css
 * @property {string[]} resources
 */

/** The same for every request of one generation. */
export class BuiltApplication {
    /** @param {Mount[]} mounts The host's first. */
    constructor(mounts) {
        const [host] = mounts;
        this.name = host.name;
        this.mounts = mounts;
        /** @type {ImportMapText} */
        this.importMap = readJson(join(host.client, 'importmap.json'));
        /** @type {Map<string, ClientManifest>} */
        this.manifests = new Map(mounts.map(({ name, client }) => [name, readJson(join(client, 'manifest.json'))]));
        this.suppressed = suppressedUrls(this.manifests, this.importMap);
        this.resolver = parseImportMap(this.importMap, ORIGIN);
        /** @type {Map<string, string[]>} */
        this.importsByUrl = new Map();
        this.importMapScript = importMapScript(host);
        /** URL → the chunk keys whose script it is. @type {Map<string, string[]>} */
        this.keysByUrl = new Map();
        for (const [module, { chunks = {} }] of this.manifests) {
            for (const [key, { js }] of Object.entries(chunks)) {
                const url = urlOf(module, js);
                this.keysByUrl.set(url, [...(this.keysByUrl.get(url) ?? []), key]);
            }
        }
        /** @type {Map<string, BasedMap>} */
        this.mapsByBase = new Map();
        /** What a request asks the same as the one before, by the keys it asks for. @type {Map<string, ChunkFiles & { modules: string[] }>} */
        this.filesByKeys = new Map();
    }

    /** The map under a base, and how a page writes it. @param {string} base @returns {BasedMap} */
    importMapUnder(base) {
        const known = this.mapsByBase.get(base);
        if (known !== undefined) return known;
        const map = withBase(this.importMap, base);
        /** @type {BasedMap} */
        const written = { map, text: scriptJson(map), links: new Map() };
        // Bases may come from requests, so their number is limited.
        if (this.mapsByBase.size >= 50) this.mapsByBase.clear();
        this.mapsByBase.set(base, written);
        return written;
    }

    /**
     * The URL, without a base, of an export of the host, or of any module by its identifier.
     *
     * @param {string} entry
     * @returns {string | undefined}
     */
    urlOfEntry(entry) {
        const imports = this.importMap.imports ?? {};
        const identifier = this.identifierOf(entry);
        return Object.hasOwn(imports, identifier) ? imports[identifier] ?? undefined : undefined;
    }

    /** @param {string} entry */
    identifierOf(entry) {
        const own = `${this.name}/${entry}`;
        const imports = this.importMap.imports ?? {};
        return Object.hasOwn(imports, own) || !Object.hasOwn(imports, entry) ? own : entry;
    }

    /**
     * The files of chunks and everything that static imports reach from them and from `entries`.
     *
     * @param {string[]} entries URLs.
     * @param {string[]} keys Chunk keys.
     */
    filesOf(entries, keys) {
        const asked = JSON.stringify([entries, keys]);
        const known = this.filesByKeys.get(asked);
        if (known !== undefined) return known;
        const files = this.#filesOfChunks(keys);
        const modules = this.#reachable([...entries, ...files.js]);
        // A chunk lists the style sheets of its own module; what it imports from others has theirs, and they come first.
        const imported = this.#evaluated([...entries, ...files.js]).flatMap((url) => this.keysByUrl.get(url) ?? []);
        const css = [...new Set([...this.#filesOfChunks(imported).css, ...files.css])];
        const found = { ...files, css, modules };
        // Which chunks a page announces differs by route and state, so the number of answers is limited, not their use.
        if (this.filesByKeys.size >= 500) this.filesByKeys.clear();
        this.filesByKeys.set(asked, found);
        return found;
    }

    /** @param {Iterable<string>} keys Chunk keys. @returns {ChunkFiles} URLs without a base. */
    #filesOfChunks(keys) {
        /** @type {Record<'js' | 'css' | 'resources', Set<string>>} */
        const files = { js: new Set(), css: new Set(), resources: new Set() };
        for (const key of keys) {
            for (const [module, { chunks = {} }] of this.manifests) {
                if (!Object.hasOwn(chunks, key)) continue;
                const chunk = chunks[key];
                files.js.add(urlOf(module, chunk.js));
                for (const file of chunk.css) files.css.add(urlOf(module, file));
                for (const file of chunk.resources) files.resources.add(urlOf(module, file));
            }
        }
        const kept = (/** @type {Set<string>} */ urls) => [...urls].filter((url) => !this.suppressed.has(url));
        return { js: kept(files.js), css: kept(files.css), resources: kept(files.resources) };
    }

    /**
     * Everything that static imports reach, in the order a browser finds it.
     *
     * @param {string[]} urls Where to start, without a base.
     * @returns {string[]}
     */
    #reachable(urls) {
        const found = new Set(urls);
        // A set is iterated in insertion order, additions included: this is the queue as well.
        for (const url of found) {
            for (const imported of this.#importsOf(url)) found.add(imported);
        }
        return [...found].filter((url) => !this.suppressed.has(url));
    }

    /** The same modules in the order in which they are evaluated: dependencies first. @param {string[]} urls @returns {string[]} */
    #evaluated(urls) {
        const seen = new Set();
        /** @type {string[]} */
        const order = [];
        const visit = (/** @type {string} */ url) => {
            if (seen.has(url)) return;
            seen.add(url);
            for (const imported of this.#importsOf(url)) visit(imported);
            order.push(url);
        };
        for (const url of urls) visit(url);
        return order;
    }

    /** @param {string} url @returns {string[]} */
    #importsOf(url) {
        const known = this.importsByUrl.get(url);
        if (known !== undefined) return known;
        const file = this.#fileOf(url);
        const imports = [];
        if (file !== undefined && existsSync(file)) {
            const importer = ORIGIN + url;
            for (const specifier of staticImports(readFileSync(file, 'utf8'))) {
                const resolved = resolveImport(this.resolver, specifier, importer) ?? relativeUrl(specifier, importer);
                if (resolved?.origin === ORIGIN) imports.push(resolved.pathname);
            }
        }
        this.importsByUrl.set(url, imports);
        return imports;
    }

    /** @param {string} url @returns {string | undefined} */
    #fileOf(url) {
        const mount = this.mounts.find(({ name }) => url.startsWith(`/${name}/`));
        if (mount === undefined) return undefined;
        const file = join(mount.client, decodeURIComponent(url.slice(mount.name.length + 2)));
        // Maps are data of somebody else: `..%2f` is no way out of an artifact.
        return file.startsWith(mount.client + sep) ? file : undefined;
    }
}

/** The file that injects the map, as `compose` wrote it; of several, the last. @param {Mount} host @returns {{ url: string, integrity: string } | undefined} */
function importMapScript({ name, client }) {
    const directory = join(client, 'importmap');
    if (!existsSync(directory)) return undefined;
    const scripts = readdirSync(directory).filter((file) => /^[0-9a-f]{12}\.final\.mjs$/.test(file));
    const age = (/** @type {string} */ file) => statSync(join(directory, file)).mtimeMs;
    scripts.sort((left, right) => age(right) - age(left));
    if (scripts.length === 0) return undefined;
    // Composing comes after building, so no manifest has its hash.
    const hash = createHash('sha384').update(readFileSync(join(directory, scripts[0]))).digest('base64');
    return { url: urlOf(name, `importmap/${scripts[0]}`), integrity: `sha384-${hash}` };
}

/**
 * The files of copies that lost their election: the map answers their identifier with another file.
 *
 * @param {Map<string, ClientManifest>} manifests
 * @param {ImportMapText} map
 * @returns {Set<string>}
 */
function suppressedUrls(manifests, { imports = {} }) {
    const suppressed = new Set();
    for (const [module, { exports, provides = {} }] of manifests) {
        for (const { name, pkg, file, identifier } of Object.values(exports)) {
            if (!pkg || imports[identifier] === urlOf(module, file)) continue;
            const record = provides[name];
            const chunks = typeof record === 'object' ? record.chunks ?? [] : [];
            for (const own of [file, ...chunks]) suppressed.add(urlOf(module, own));
        }
    }
    return suppressed;
}

/**
 * The client URL of a file, escaped as the import map escapes it.
 *
 * @param {string} module
 * @param {string} file
 */
function urlOf(module, file) {
    // The URL parser escapes the rest; these it would take for delimiters.
    return new URL(`/${module}/${file.replace(/[%#?\\]/g, encodeURIComponent)}`, ORIGIN).pathname;
}

/** @param {string} specifier @param {string} importer @returns {URL | undefined} */
function relativeUrl(specifier, importer) {
    return /^\.{0,2}\//.test(specifier) ? new URL(specifier, importer) : undefined;
}

/** @param {string} file */
function readJson(file) {
    try {
        return JSON.parse(readFileSync(file, 'utf8'));
    } catch (cause) {
        throw new HostError(`Cannot read ${file}: build the host with \`esmx-build build -r\`, then run \`esmx-build compose\`.`, { cause });
    }
}
