/**
 * @typedef {import('./built-application.mjs').BuiltApplication} BuiltApplication
 * @typedef {import('../import-map/import-map.mjs').ImportMapText} ImportMapText
 *
 * @typedef {object} RenderFiles URLs, each once.
 * @property {string[]} js
 * @property {string[]} css
 * @property {string[]} modulepreload
 * @property {string[]} resources
 *
 * @typedef {object} RenderOptions
 * @property {string} [base] Prefix of all client URLs: empty, `/path`, or an origin with or without a path.
 * @property {Record<string, any>} [params] For the host's entry, such as the URL of the request.
 * @property {string} [entryName] Which export of the server entry renders.
 * @property {string[]} [entries] What the page starts: exports of the host, or identifiers of other modules (`shop/widget`).
 * @property {'inline' | 'js'} [importmapMode] Whether the map stands in the page, or in a file that is cached for ever.
 * @property {string} [nonce] Of the page's content security policy. No inline script but the map is written then.
 * @property {'open' | 'strict'} [csp] `strict`: no inline script but the map, whose hash is in `importmapHash`. A nonce means `strict`.
 * @property {(error: unknown) => void} [onError] Told what fails after the page has begun.
 *
 * @typedef {import('./page-stream.mjs').StreamedPage} StreamedPage
 */
export class RenderContext {
    /** @param {BuiltApplication} application @param {RenderOptions} [options] @param {() => void} [release] Called when the page is finished. */
    constructor(application: BuiltApplication, options?: RenderOptions, release?: () => void);
    base: string;
    params: Record<string, any>;
    entryName: string;
    entries: string[];
    importmapMode: "js" | "inline";
    nonce: string;
    /** @type {'open' | 'strict'} */
    csp: "open" | "strict";
    /** The content security policy that the page is sent with, unless the answer has one already. */
    policy: string;
    /** Gives the generation back; the renderer and the stream call it. */
    release: () => void;
    /** The page, unless it is streamed. */
    html: string;
    /** For the answer to the request. */
    status: number;
    /** For the answer to the request. @type {Record<string, string | string[]>} */
    headers: Record<string, string | string[]>;
    /** Rendered code adds its `import.meta` here, so that its files are preloaded. @type {Set<ImportMeta>} */
    importMetaSet: Set<ImportMeta>;
    /** Filled by {@link RenderContext.commit}. @type {RenderFiles} */
    files: RenderFiles;
    /** The map that the page carries. */
    clientImportMap: import("../import-map/import-map.mjs").ImportMapText;
    /** Name of the host. */
    get name(): string;
    /**
     * The page shows a module that it does not import: its styles and files are those of the page, too.
     *
     * @param {string} identifier Such as `search/app`; what browsers do not have is left out.
     */
    addModule(identifier: string): void;
    /** Something went wrong, and the page goes on. @param {unknown} error */
    report(error: unknown): void;
    /** Turns what was rendered into files. Call it after rendering, before building the page. */
    commit(): Promise<void>;
    /** For `<head>`: fetch the stylesheets early. */
    preload(): string;
    /** For `<head>`: the stylesheets. Asked again later, those that came with what was rendered since. */
    css(): string;
    /** Before everything that is a module. */
    importmap(): string;
    /** The hash of the inline map, as a content security policy names it: `sha256-…`. */
    get importmapHash(): string;
    /**
     * A strict policy for this page: nothing inline but the map, everything else from where the files are. Directives that are given are
     * added or take the place of those.
     *
     * @param {Record<string, string>} [directives]
     */
    contentSecurityPolicy(directives?: Record<string, string>): string;
    /** After the import map: runs the entries. */
    moduleEntry(): string;
    /** After the import map: fetch the modules that the entries will ask for. Asked again later, those of what was rendered since. */
    modulePreload(): string;
    /**
     * Data for the client: `JSON.parse(document.getElementById(id).textContent)`. It is no script, so no policy forbids it.
     *
     * @param {string} id
     * @param {unknown} value
     */
    state(id: string, value: unknown): string;
    /** Text for anywhere in a page. @param {unknown} text */
    escape(text: unknown): string;
    /** The answer is somewhere else. @param {string} location @param {number} [status] */
    redirect(location: string, status?: number): void;
    /** The page comes in pieces: its head at once, its body while it is rendered. @param {StreamedPage} page */
    stream(page: StreamedPage): void;
    get isStreamed(): boolean;
    /** The page in pieces; one piece where it is not streamed. It can be walked once. @returns {AsyncGenerator<string, void, void>} */
    pieces(): AsyncGenerator<string, void, void>;
    /**
     * Answers a request with the page, as fast as the client reads. A client that goes away ends the rendering.
     *
     * @param {import('node:http').ServerResponse} response
     */
    pipe(response: any): Promise<void>;
    /** Aborted when nobody wants the page any more, for what renders it. */
    get signal(): AbortSignal;
    #private;
}
export type BuiltApplication = import("./built-application.mjs").BuiltApplication;
export type ImportMapText = import("../import-map/import-map.mjs").ImportMapText;
/**
 * URLs, each once.
 */
export type RenderFiles = {
    js: string[];
    css: string[];
    modulepreload: string[];
    resources: string[];
};
export type RenderOptions = {
    /**
     * Prefix of all client URLs: empty, `/path`, or an origin with or without a path.
     */
    base?: string;
    /**
     * For the host's entry, such as the URL of the request.
     */
    params?: Record<string, any>;
    /**
     * Which export of the server entry renders.
     */
    entryName?: string;
    /**
     * What the page starts: exports of the host, or identifiers of other modules (`shop/widget`).
     */
    entries?: string[];
    /**
     * Whether the map stands in the page, or in a file that is cached for ever.
     */
    importmapMode?: "inline" | "js";
    /**
     * Of the page's content security policy. No inline script but the map is written then.
     */
    nonce?: string;
    /**
     * `strict`: no inline script but the map, whose hash is in `importmapHash`. A nonce means `strict`.
     */
    csp?: "open" | "strict";
    /**
     * Told what fails after the page has begun.
     */
    onError?: (error: unknown) => void;
};
export type StreamedPage = import("./page-stream.mjs").StreamedPage;
