/** One page in the making: what the host's entry gets, and what it writes the page with. */

import { createHash } from 'node:crypto';
import { baseReplacer, checkedBase } from './client-base.mjs';
import { attributes, escapeHtml, scriptJson } from './html.mjs';
import { discardBody, writePage } from './page-stream.mjs';
import { sendPage, walk } from './send-page.mjs';

/** What every page starts with. */
const CLIENT_ENTRY = 'src/entry.client';

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
    #application;
    #onError;
    /** The map as it stands in a page. */
    #mapText;
    #links;
    /** @type {StreamedPage | undefined} */
    #streamed;
    /** Once the body is being read. @type {(() => void) | undefined} */
    #stopBody;
    /** @type {AbortController | undefined} */
    #controller;
    /** Identifiers beside the entries. @type {Set<string>} */
    #modules = new Set();
    /** How much had been added when it was committed. */
    #announced = -1;
    /** What css() and modulePreload() have written of a stream already. @type {Record<'css' | 'module', { files: string[], urls: Set<string> }>} */
    #written = { css: { files: [], urls: new Set() }, module: { files: [], urls: new Set() } };

    /** @param {BuiltApplication} application @param {RenderOptions} [options] @param {() => void} [release] Called when the page is finished. */
    constructor(application, options = {}, release = () => {}) {
        const { base = '', params = {}, entryName = 'default', entries = [CLIENT_ENTRY], importmapMode = 'inline', nonce = '', csp = 'open', onError } = options;
        if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(nonce)) throw new TypeError('A nonce consists of letters, digits, `+`, `/`, `-` and `_`.');
        if (importmapMode !== 'inline' && importmapMode !== 'js') throw new TypeError(`importmapMode is 'inline' or 'js', not ${JSON.stringify(importmapMode)}.`);
        if (csp !== 'open' && csp !== 'strict') throw new TypeError(`csp is 'open' or 'strict', not ${JSON.stringify(csp)}.`);
        this.#application = application;
        this.#onError = onError ?? console.error;
        this.base = checkedBase(base);
        this.params = params;
        this.entryName = entryName;
        this.entries = entries;
        this.importmapMode = importmapMode;
        this.nonce = nonce;
        /** @type {'open' | 'strict'} */
        this.csp = nonce === '' ? csp : 'strict';
        /** The content security policy that the page is sent with, unless the answer has one already. */
        this.policy = '';
        /** Gives the generation back; the renderer and the stream call it. */
        this.release = release;
        /** The page, unless it is streamed. */
        this.html = '';
        /** For the answer to the request. */
        this.status = 200;
        /** For the answer to the request. @type {Record<string, string | string[]>} */
        this.headers = {};
        /** Rendered code adds its `import.meta` here, so that its files are preloaded. @type {Set<ImportMeta>} */
        this.importMetaSet = new Set();
        /** Filled by {@link RenderContext.commit}. @type {RenderFiles} */
        this.files = { js: [], css: [], modulepreload: [], resources: [] };
        const { map, text, links } = application.importMapUnder(this.base);
        /** The map that the page carries. */
        this.clientImportMap = map;
        this.#mapText = text;
        this.#links = links;
    }

    /** Name of the host. */
    get name() {
        return this.#application.name;
    }

    /**
     * The page shows a module that it does not import: its styles and files are those of the page, too.
     *
     * @param {string} identifier Such as `search/app`; what browsers do not have is left out.
     */
    addModule(identifier) {
        this.#modules.add(identifier);
    }

    /** Something went wrong, and the page goes on. @param {unknown} error */
    report(error) {
        this.#onError(error);
    }

    /** Turns what was rendered into files. Call it after rendering, before building the page. */
    async commit() {
        // Asked again at the end of a stream, when mostly nothing has been added.
        const announced = this.importMetaSet.size + this.#modules.size;
        if (announced === this.#announced) return;
        this.#announced = announced;
        const application = this.#application;
        const keys = new Set(this.entries.includes(CLIENT_ENTRY) ? [`${application.name}@${CLIENT_ENTRY}.ts`] : []);
        const urls = [...this.entries, ...this.#modules].map((entry) => application.urlOfEntry(entry)).filter((url) => url !== undefined);
        for (const url of urls) for (const key of application.keysByUrl.get(url) ?? []) keys.add(key);
        for (const meta of this.importMetaSet) {
            const key = /** @type {ImportMeta & { chunkName?: string }} */ (meta).chunkName;
            if (key !== undefined) keys.add(key);
        }
        const { js, css, resources, modules } = application.filesOf(urls, [...keys]);
        const based = (/** @type {string[]} */ files) => files.map((url) => this.base + url);
        this.files = { js: based(js), css: based(css), resources: based(resources), modulepreload: based(modules) };
    }

    /** For `<head>`: fetch the stylesheets early. */
    preload() {
        return this.#linksTo('preload', this.files.css, { as: 'style' });
    }

    /** For `<head>`: the stylesheets. Asked again later, those that came with what was rendered since. */
    css() {
        return this.#linksTo('stylesheet', this.#fresh('css', this.files.css));
    }

    /** Before everything that is a module. */
    importmap() {
        if (this.importmapMode === 'inline') {
            return `<script type="importmap"${attributes({ nonce: this.nonce })}>${this.#mapText}</script>`;
        }
        const { importMapScript } = this.#application;
        if (importMapScript === undefined) throw new Error(`${this.name} has no file for its import map: run \`esmx-build compose\`.`);
        const { url, integrity } = importMapScript;
        const src = this.base + url;
        return `<script${attributes({ src, 'data-base': this.base, integrity, crossorigin: src.startsWith('/') ? '' : 'anonymous', nonce: this.nonce })}></script>`;
    }

    /** The hash of the inline map, as a content security policy names it: `sha256-…`. */
    get importmapHash() {
        return `sha256-${createHash('sha256').update(this.#mapText).digest('base64')}`;
    }

    /**
     * A strict policy for this page: nothing inline but the map, everything else from where the files are. Directives that are given are
     * added or take the place of those.
     *
     * @param {Record<string, string>} [directives]
     */
    contentSecurityPolicy(directives = {}) {
        const origin = URL.canParse(this.base) ? ` ${new URL(this.base).origin}` : '';
        const map = this.nonce === '' ? this.importmapHash : `nonce-${this.nonce}`;
        const all = {
            'default-src': "'self'",
            'script-src': `'self'${origin} '${map}'`,
            'style-src': `'self'${origin}`,
            'object-src': "'none'",
            'base-uri': "'none'",
            ...directives
        };
        return Object.entries(all).map(([name, value]) => `${name} ${value}`).join('; ');
    }

    /** After the import map: runs the entries. */
    moduleEntry() {
        const urls = this.entries.map((entry) => {
            const url = this.#application.urlOfEntry(entry);
            if (url === undefined) throw new Error(`${this.name} has no export \`${entry}\` for browsers, and no module has it as an identifier.`);
            return url;
        });
        if (this.csp === 'open') {
            const identifiers = new Set(this.entries.map((entry) => this.#application.identifierOf(entry)));
            const imports = [...identifiers].map((identifier) => `import ${scriptJson(identifier)};`);
            return `<script type="module">${imports.join('')}</script>`;
        }
        const scripts = [...new Set(urls)].map((url) => {
            const src = this.base + url;
            return `<script type="module"${attributes({ src, ...this.#integrity(src), nonce: this.nonce })}></script>`;
        });
        return scripts.join('');
    }

    /** After the import map: fetch the modules that the entries will ask for. Asked again later, those of what was rendered since. */
    modulePreload() {
        return this.#linksTo('modulepreload', this.#fresh('module', this.files.modulepreload), { nonce: this.nonce });
    }

    /**
     * Data for the client: `JSON.parse(document.getElementById(id).textContent)`. It is no script, so no policy forbids it.
     *
     * @param {string} id
     * @param {unknown} value
     */
    state(id, value) {
        return `<script type="application/json"${attributes({ id })}>${scriptJson(value)}</script>`;
    }

    /** Text for anywhere in a page. @param {unknown} text */
    escape(text) {
        return escapeHtml(text);
    }

    /** The answer is somewhere else. @param {string} location @param {number} [status] */
    redirect(location, status = 302) {
        this.status = status;
        this.headers.location = location;
    }

    /** The page comes in pieces: its head at once, its body while it is rendered. @param {StreamedPage} page */
    stream(page) {
        this.#streamed = page;
    }

    get isStreamed() {
        return this.#streamed !== undefined;
    }

    /** The page in pieces; one piece where it is not streamed. It can be walked once. @returns {AsyncGenerator<string, void, void>} */
    async *pieces() {
        try {
            if (this.isStreamed) yield* walk((write) => this.#write(write), () => this.#stop());
            else yield this.html;
        } finally {
            this.release();
        }
    }

    /**
     * Answers a request with the page, as fast as the client reads. A client that goes away ends the rendering.
     *
     * @param {import('node:http').ServerResponse} response
     */
    async pipe(response) {
        try {
            await sendPage(this, response, { write: (write) => this.#write(write), stop: () => this.#stop() });
        } finally {
            this.release();
        }
    }

    /** @param {import('./page-stream.mjs').PageWriter['write']} write */
    #write(write) {
        const page = /** @type {StreamedPage} */ (this.#streamed);
        return writePage(this, page, {
            replacer: baseReplacer(this.base),
            onError: this.#onError,
            write,
            onBody: (stop) => (this.#stopBody = stop)
        });
    }

    /** Aborted when nobody wants the page any more, for what renders it. */
    get signal() {
        this.#controller ??= new AbortController();
        return this.#controller.signal;
    }

    #stop() {
        this.#controller?.abort();
        if (this.#stopBody !== undefined) this.#stopBody();
        else if (this.#streamed !== undefined) discardBody(this.#streamed.body);
    }

    /** @param {'css' | 'module'} kind @param {string[]} urls @returns {string[]} Those that were not written before. */
    #fresh(kind, urls) {
        if (!this.isStreamed) return urls;
        const written = this.#written[kind];
        if (written.files === urls) return [];
        const fresh = urls.filter((url) => !written.urls.has(url));
        for (const url of fresh) written.urls.add(url);
        written.files = urls;
        return fresh;
    }

    /** @param {string} rel @param {string[]} urls @param {Record<string, string>} [more] */
    #linksTo(rel, urls, more = {}) {
        const written = attributes(more);
        let known = this.#links.get(rel);
        if (known === undefined) {
            known = new Map();
            this.#links.set(rel, known);
        }
        let text = '';
        for (const href of urls) {
            let link = known.get(href);
            if (link === undefined) {
                link = { start: `<link${attributes({ rel, href })}`, end: `${attributes(this.#integrity(href))}>` };
                known.set(href, link);
            }
            text += link.start + written + link.end;
        }
        return text;
    }

    /** @param {string} url @returns {Record<string, string | boolean>} */
    #integrity(url) {
        const { integrity = {} } = this.clientImportMap;
        const hash = Object.hasOwn(integrity, url) ? integrity[url] : undefined;
        // What another origin answers cannot be checked, unless it is asked for with CORS.
        const isForeign = !url.startsWith('/');
        return { ...(hash ? { integrity: hash } : {}), ...(isForeign ? { crossorigin: 'anonymous' } : {}) };
    }
}
