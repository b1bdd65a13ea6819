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
    constructor(mounts: Mount[]);
    name: string;
    mounts: import("./mounts.mjs").Mount[];
    /** @type {ImportMapText} */
    importMap: ImportMapText;
    /** @type {Map<string, ClientManifest>} */
    manifests: Map<string, ClientManifest>;
    suppressed: Set<string>;
    resolver: import("../import-map/import-map.mjs").ImportMap;
    /** @type {Map<string, string[]>} */
    importsByUrl: Map<string, string[]>;
    importMapScript: {
        url: string;
        integrity: string;
    };
    /** URL → the chunk keys whose script it is. @type {Map<string, string[]>} */
    keysByUrl: Map<string, string[]>;
    /** @type {Map<string, BasedMap>} */
    mapsByBase: Map<string, BasedMap>;
    /** What a request asks the same as the one before, by the keys it asks for. @type {Map<string, ChunkFiles & { modules: string[] }>} */
    filesByKeys: Map<string, ChunkFiles & {
        modules: string[];
    }>;
    /** The map under a base, and how a page writes it. @param {string} base @returns {BasedMap} */
    importMapUnder(base: string): BasedMap;
    /**
     * The URL, without a base, of an export of the host, or of any module by its identifier.
     *
     * @param {string} entry
     * @returns {string | undefined}
     */
    urlOfEntry(entry: string): string | undefined;
    /** @param {string} entry */
    identifierOf(entry: string): string;
    /**
     * The files of chunks and everything that static imports reach from them and from `entries`.
     *
     * @param {string[]} entries URLs.
     * @param {string[]} keys Chunk keys.
     */
    filesOf(entries: string[], keys: string[]): ChunkFiles & {
        modules: string[];
    };
    #private;
}
export type Mount = import("./mounts.mjs").Mount;
export type ImportMapText = import("../import-map/import-map.mjs").ImportMapText;
export type ClientChunk = {
    js: string;
    css: string[];
    resources: string[];
};
export type ClientManifest = {
    exports: Record<string, {
        name: string;
        pkg: boolean;
        file: string;
        identifier: string;
    }>;
    provides?: Record<string, string | {
        chunks?: string[];
    }>;
    chunks?: Record<string, ClientChunk>;
    integrity?: Record<string, string>;
};
export type BasedMap = {
    map: ImportMapText;
    /**
     * As it stands in a page.
     */
    text: string;
    /**
     * By relation and URL, what pages have written around that which differs
     * from page to page.
     */
    links: Map<string, Map<string, {
        start: string;
        end: string;
    }>>;
};
/**
 * URLs, each once.
 */
export type ChunkFiles = {
    js: string[];
    css: string[];
    resources: string[];
};
