/**
 * Renders pages of a built host in Node: loads `<host>/src/entry.server` through the server import map and
 * gives it what a page is made of. It reads nothing but `dist`.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseImportMap, resolveImport, withBase } from '../import-map/import-map.mjs';
import { registerImportMap } from './hooks.mjs';
import { readMounts } from './mounts.mjs';
import { staticImports } from './static-imports.mjs';

/** Only so that root-relative client URLs can be handled as URLs. */
const ORIGIN = 'http://client.invalid';

/** Server builds write this where the base of the request belongs. */
const BASE_PLACEHOLDER = '[[[___ESMX_DYNAMIC_BASE___]]]';

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
 *
 * @typedef {object} RenderFiles URLs, each once.
 * @property {string[]} js
 * @property {string[]} css
 * @property {string[]} modulepreload
 * @property {string[]} resources
 *
 * @typedef {object} RenderOptions
 * @property {string} [base] Prefix of all client URLs: empty, or `/path` without a final slash.
 * @property {Record<string, any>} [params] For the host's entry, such as the URL of the request.
 * @property {string} [entryName] Which export of the server entry renders.
 */

/**
 * @param {string} hostDirectory Directory of a host that is built and composed.
 * @param {{ links?: Record<string, string> }} [options] What the host links in its behaviour file.
 */
export function createRenderer(hostDirectory, { links } = {}) {
    const mounts = readMounts(hostDirectory, links);
    const [host] = mounts;
    const application = new BuiltApplication(host, mounts);
    registerImportMap(join(host.server, 'importmap.json'));
    return {
        mounts,
        /** @param {RenderOptions} [options] @returns {Promise<RenderContext>} */
        async render(options = {}) {
            const context = new RenderContext(application, options);
            const entry = await import(`${host.name}/src/entry.server`);
            const render = entry[context.entryName];
            if (typeof render !== 'function') {
                throw new TypeError(`${host.name}/src/entry.server has no function as export \`${context.entryName}\``);
            }
            await render(context);
            context.html = context.html.replaceAll(BASE_PLACEHOLDER, context.base);
            return context;
        }
    };
}

/** What the build left behind for browsers; the same for every request. */
class BuiltApplication {
    /** @param {Mount} host @param {Mount[]} mounts */
    constructor(host, mounts) {
        this.name = host.name;
        /** @type {ImportMapText} */
        this.importMap = readJson(join(host.client, 'importmap.json'));
        this.mounts = mounts;
        /** @type {Map<string, ClientManifest>} */
        this.manifests = new Map(mounts.map(({ name, client }) => [name, readJson(join(client, 'manifest.json'))]));
        this.suppressed = suppressedUrls(this.manifests, this.importMap);
        this.resolver = parseImportMap(this.importMap, ORIGIN);
        /** @type {Map<string, string[]>} */
        this.importsByUrl = new Map();
    }

    /** @param {Iterable<string>} keys Chunk keys. @returns {Omit<RenderFiles, 'modulepreload'>} URLs without a base. */
    filesOfChunks(keys) {
        /** @type {Record<'js' | 'css' | 'resources', Set<string>>} */
        const files = { js: new Set(), css: new Set(), resources: new Set() };
        for (const key of keys) {
            for (const [module, { chunks = {} }] of this.manifests) {
                const chunk = chunks[key];
                if (chunk === undefined) continue;
                const url = (/** @type {string} */ file) => urlOf(module, file);
                files.js.add(url(chunk.js));
                for (const file of chunk.css) files.css.add(url(file));
                for (const file of chunk.resources) files.resources.add(url(file));
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
    reachable(urls) {
        const found = new Set(urls);
        // A set is iterated in insertion order, additions included: this is the queue as well.
        for (const url of found) {
            for (const imported of this.#importsOf(url)) found.add(imported);
        }
        return [...found].filter((url) => !this.suppressed.has(url));
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
        return mount && join(mount.client, decodeURIComponent(url.slice(mount.name.length + 2)));
    }
}

/** One page in the making. The host's entry sets {@link RenderContext.html}. */
export class RenderContext {
    #application;

    /** @param {BuiltApplication} application @param {RenderOptions} options */
    constructor(application, { base = '', params = {}, entryName = 'default' }) {
        this.#application = application;
        this.base = base;
        this.params = params;
        this.entryName = entryName;
        /** The page. */
        this.html = '';
        /** Rendered code adds its `import.meta` here, so that its files are preloaded. @type {Set<ImportMeta>} */
        this.importMetaSet = new Set();
        /** Filled by {@link RenderContext.commit}. @type {RenderFiles} */
        this.files = { js: [], css: [], modulepreload: [], resources: [] };
        /** The map that the page carries. */
        this.clientImportMap = withBase(application.importMap, base);
    }

    /** Turns what was rendered into files. Call it after rendering, before building the page. */
    async commit() {
        const { name, importMap } = this.#application;
        const keys = new Set([`${name}@src/entry.client.ts`]);
        for (const meta of this.importMetaSet) {
            const key = /** @type {ImportMeta & { chunkName?: string }} */ (meta).chunkName;
            if (key !== undefined) keys.add(key);
        }
        const files = this.#application.filesOfChunks(keys);
        const entry = importMap.imports?.[`${name}/src/entry.client`];
        const modulepreload = this.#application.reachable(entry ? [entry, ...files.js] : files.js);
        const based = (/** @type {string[]} */ urls) => urls.map((url) => this.base + url);
        this.files = {
            js: based(files.js),
            css: based(files.css),
            resources: based(files.resources),
            modulepreload: based(modulepreload)
        };
    }

    /** For `<head>`: fetch the stylesheets early. */
    preload() {
        return this.files.css.map((url) => `<link rel="preload" href="${attribute(url)}" as="style">`).join('');
    }

    /** For `<head>`: the stylesheets. */
    css() {
        return this.files.css.map((url) => `<link rel="stylesheet" href="${attribute(url)}">`).join('');
    }

    /** For the end of `<body>`, before everything that is a module. */
    importmap() {
        return `<script type="importmap">${scriptJson(this.clientImportMap)}</script>`;
    }

    /** After the import map: runs the client entry. */
    moduleEntry() {
        return `<script type="module">import ${scriptJson(`${this.#application.name}/src/entry.client`)};</script>`;
    }

    /** After the import map: fetch the modules that the entry will ask for. */
    modulePreload() {
        const { integrity = {} } = this.clientImportMap;
        const links = this.files.modulepreload.map((url) => {
            const hash = integrity[url];
            return `<link rel="modulepreload" href="${attribute(url)}"${hash ? ` integrity="${attribute(hash)}"` : ''}>`;
        });
        return links.join('');
    }
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

/** JSON that cannot end the script element it stands in. @param {unknown} value */
function scriptJson(value) {
    return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/** @param {string} text */
function attribute(text) {
    return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}

/** @param {string} file */
function readJson(file) {
    try {
        return JSON.parse(readFileSync(file, 'utf8'));
    } catch (cause) {
        throw new Error(`Cannot read ${file}: build the host with \`esmx-build build -r\`, then run \`esmx-build compose\`.`, { cause });
    }
}
