/**
 * Loads modules that are deployed on their own, while a page is open:
 *
 *     const loader = createModuleLoader();
 *     const { mount } = await loader.load('booking/app');
 *
 * The specifier is what is kept: `import()` asks the page's import map. When a module cannot be fetched because a deployment has taken it
 * away, the loader fetches the map that is live now and tries once more with what that map says.
 */

import { parseImportMap, resolveImport, withBase } from '../import-map/import-map.mjs';
import { extendPageMap } from './page-map.mjs';

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
    name = 'ModuleLoadError';

    /** @param {string} specifier @param {LoadFailure} failure @param {unknown} cause */
    constructor(specifier, failure, cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        const told = { network: 'cannot be loaded', timeout: 'did not come in time', evaluation: 'failed while it ran' }[failure];
        super(`Module ${JSON.stringify(specifier)} ${told}: ${reason}`, { cause });
        this.specifier = specifier;
        this.failure = failure;
    }
}

/** @param {LoaderOptions} [options] */
export function createModuleLoader(options) {
    return new ModuleLoader(options);
}

/**
 * Dispatches `start`, `load`, `retry` and `error` as `CustomEvent`s with a {@link LoadEventDetail}.
 */
export class ModuleLoader extends EventTarget {
    #options;
    /** @type {Map<string, Promise<any>>} */
    #loading = new Map();
    /** What a retry has found, so that the specifier means the same from then on. @type {Map<string, string>} */
    #moved = new Map();
    /** @type {Promise<import('../import-map/import-map.mjs').ImportMap> | undefined} */
    #fresh;

    /** @param {LoaderOptions} [options] */
    constructor({
        mapUrl = '/importmap.json',
        base = '',
        timeout = 30_000,
        importModule = (specifier) => import(/* @vite-ignore */ specifier),
        fetch = (...request) => globalThis.fetch(...request),
        baseUrl = globalThis.document?.baseURI ?? globalThis.location?.href
    } = {}) {
        super();
        this.#options = { mapUrl, base, timeout, importModule, fetch, baseUrl };
    }

    /**
     * The module's namespace. Asked twice, it is loaded once; what failed can be asked again.
     *
     * @param {string} specifier
     * @param {LoadOptions} [options]
     * @returns {Promise<any>}
     */
    load(specifier, { timeout = this.#options.timeout, signal } = {}) {
        const known = this.#loading.get(specifier);
        if (known !== undefined) return untilAborted(known, signal);
        const loading = this.#load(specifier, timeout);
        this.#loading.set(specifier, loading);
        loading.catch(() => this.#loading.delete(specifier));
        return untilAborted(loading, signal);
    }

    /** Begins to load, for a link that somebody is about to follow. Failures are left to {@link load}. @param {string} specifier */
    preload(specifier) {
        this.load(specifier).catch(() => {});
    }

    /** @param {string} specifier @param {number} timeout */
    async #load(specifier, timeout) {
        const started = performance.now();
        this.#tell('start', { specifier });
        try {
            const namespace = await this.#attempts(specifier, timeout);
            this.#tell('load', { specifier, duration: performance.now() - started });
            return namespace;
        } catch (error) {
            this.#tell('error', { specifier, error });
            throw error;
        }
    }

    /** @param {string} specifier @param {number} timeout */
    async #attempts(specifier, timeout) {
        try {
            return await this.#import(specifier, this.#moved.get(specifier) ?? specifier, timeout);
        } catch (error) {
            const isWorthIt = error instanceof ModuleLoadError && error.failure !== 'evaluation' && this.#options.mapUrl !== null;
            if (!isWorthIt) throw error;
            const url = await this.#freshUrl(specifier).catch(() => undefined);
            // Nothing else is live: asking for the same file again is the browser's to refuse, since it remembers failures.
            if (url === undefined) throw error;
            this.#tell('retry', { specifier, url, error });
            const namespace = await this.#import(specifier, url, timeout);
            this.#moved.set(specifier, url);
            return namespace;
        }
    }

    /** @param {string} specifier @param {string} address What `import()` is asked for. @param {number} timeout */
    async #import(specifier, address, timeout) {
        const imported = this.#options.importModule(address);
        /** @type {ReturnType<typeof setTimeout> | undefined} */
        let timer;
        const limit = new Promise((_, reject) => {
            if (timeout > 0) timer = setTimeout(() => reject(new ModuleLoadError(specifier, 'timeout', new Error(`${timeout} ms have passed`))), timeout);
        });
        try {
            return await Promise.race([imported, limit]);
        } catch (error) {
            if (error instanceof ModuleLoadError) throw error;
            throw new ModuleLoadError(specifier, failureOf(error), error);
        } finally {
            clearTimeout(timer);
        }
    }

    /** Where the live map has a module; nothing when that is where the page has looked already. @param {string} specifier */
    async #freshUrl(specifier) {
        const { baseUrl } = this.#options;
        // Several modules may fail at once, after one deployment: they share an answer.
        this.#fresh ??= this.#fetchMap().finally(() => setTimeout(() => (this.#fresh = undefined), 1_000));
        const url = resolveImport(await this.#fresh, specifier, baseUrl)?.href;
        return url === this.#moved.get(specifier) || url === currentUrl(specifier) ? undefined : url;
    }

    async #fetchMap() {
        const { mapUrl, base, fetch, baseUrl } = this.#options;
        const response = await fetch(new URL(mapUrl ?? '', baseUrl).href, { cache: 'no-cache', credentials: 'same-origin' });
        if (!response.ok) throw new Error(`the import map answers ${response.status}`);
        const live = withBase(await response.json(), base);
        const map = parseImportMap(live, baseUrl);
        // What a new build imports may be new, too.
        extendPageMap(live);
        return map;
    }

    /** @param {'start' | 'load' | 'retry' | 'error'} type @param {LoadEventDetail} detail */
    #tell(type, detail) {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }
}

/** Where the page's own map leads. @param {string} specifier @returns {string | undefined} */
function currentUrl(specifier) {
    try {
        return import.meta.resolve(specifier);
    } catch {
        return undefined;
    }
}

/** What Chromium, Firefox and Safari say of a module that did not arrive, and of a specifier that the map does not have. */
const NOT_THERE = /^(?:failed to fetch dynamically imported module|error loading dynamically imported module|importing a module script failed|failed to resolve module specifier|the specifier|module name)/i;

/**
 * Browsers say in words only whether a module was not fetched or threw while it ran.
 *
 * @param {unknown} error
 * @returns {LoadFailure}
 */
function failureOf(error) {
    const text = error instanceof Error ? error.message : '';
    return error instanceof TypeError && NOT_THERE.test(text) ? 'network' : 'evaluation';
}

/**
 * @template Result
 * @param {Promise<Result>} work
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<Result>}
 */
function untilAborted(work, signal) {
    if (signal === undefined) return work;
    return new Promise((resolve, reject) => {
        const abort = () => reject(signal.reason);
        if (signal.aborted) return abort();
        signal.addEventListener('abort', abort, { once: true });
        work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    });
}
