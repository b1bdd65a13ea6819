/** @param {LoaderOptions} [options] */
export function createModuleLoader(options?: LoaderOptions): ModuleLoader;
/**
 * @typedef {object} LoaderOptions
 * @property {string | null} [mapUrl] Where the live import map is, for the one retry: a URL relative to the page, `null` for no retry.
 * @property {string} [base] What is put in front of the URLs in the live map, where it is composed without one.
 * @property {number} [timeout] Milliseconds for one attempt; 0 waits for ever.
 * @property {(specifier: string) => Promise<any>} [importModule] What imports; by default `import()` of this page.
 * @property {typeof globalThis.fetch} [fetch]
 * @property {string} [baseUrl] What relative URLs are relative to: the page.
 *
 * @typedef {object} LoadOptions
 * @property {number} [timeout]
 * @property {AbortSignal} [signal] Ends the waiting; what is being fetched is kept for whoever asks next.
 *
 * @typedef {'network' | 'timeout' | 'evaluation'} LoadFailure
 *
 * @typedef {object} LoadEventDetail
 * @property {string} specifier
 * @property {string} [url] With `retry`: what the live map says.
 * @property {number} [duration] With `load`, in milliseconds.
 * @property {unknown} [error] With `retry` and `error`.
 */
/** A module that did not come. Its `cause` is what the browser said. */
export class ModuleLoadError extends Error {
    /** @param {string} specifier @param {LoadFailure} failure @param {unknown} cause */
    constructor(specifier: string, failure: LoadFailure, cause: unknown);
    specifier: string;
    failure: LoadFailure;
}
/**
 * Dispatches `start`, `load`, `retry` and `error` as `CustomEvent`s with a {@link LoadEventDetail}.
 */
export class ModuleLoader extends EventTarget {
    /** @param {LoaderOptions} [options] */
    constructor({ mapUrl, base, timeout, importModule, fetch, baseUrl }?: LoaderOptions);
    /**
     * The module's namespace. Asked twice, it is loaded once; what failed can be asked again.
     *
     * @param {string} specifier
     * @param {LoadOptions} [options]
     * @returns {Promise<any>}
     */
    load(specifier: string, { timeout, signal }?: LoadOptions): Promise<any>;
    /** Begins to load, for a link that somebody is about to follow. Failures are left to {@link load}. @param {string} specifier */
    preload(specifier: string): void;
    #private;
}
export type LoaderOptions = {
    /**
     * Where the live import map is, for the one retry: a URL relative to the page, `null` for no retry.
     */
    mapUrl?: string | null;
    /**
     * What is put in front of the URLs in the live map, where it is composed without one.
     */
    base?: string;
    /**
     * Milliseconds for one attempt; 0 waits for ever.
     */
    timeout?: number;
    /**
     * What imports; by default `import()` of this page.
     */
    importModule?: (specifier: string) => Promise<any>;
    fetch?: typeof globalThis.fetch;
    /**
     * What relative URLs are relative to: the page.
     */
    baseUrl?: string;
};
export type LoadOptions = {
    timeout?: number;
    /**
     * Ends the waiting; what is being fetched is kept for whoever asks next.
     */
    signal?: AbortSignal;
};
export type LoadFailure = "network" | "timeout" | "evaluation";
export type LoadEventDetail = {
    specifier: string;
    /**
     * With `retry`: what the live map says.
     */
    url?: string;
    /**
     * With `load`, in milliseconds.
     */
    duration?: number;
    /**
     * With `retry` and `error`.
     */
    error?: unknown;
};
