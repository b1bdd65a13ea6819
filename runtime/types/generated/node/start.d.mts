/**
 * @typedef {import('node:http').IncomingMessage} IncomingMessage
 * @typedef {import('node:http').ServerResponse} ServerResponse
 * @typedef {import('./render.mjs').RenderContext} RenderContext
 * @typedef {import('./render.mjs').RenderOptions} RenderOptions
 *
 * @typedef {object} Application What a behaviour file works with.
 * @property {string} name Module name of the host.
 * @property {string} root Its directory.
 * @property {string} basePath What client URLs start with, unless a request says otherwise.
 * @property {boolean} isProd
 * @property {(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void} middleware
 *   Serves the browser files of the host and of everything it uses.
 * @property {(options?: RenderOptions) => Promise<RenderContext>} render Renders the host's page.
 * @property {() => Promise<number>} reinit Loads what is built now beside what runs; requests that began with the old build end with it.
 * @property {import('./linker.mjs').ServerLinker} linker
 * @property {(...paths: string[]) => string} resolvePath A path below the host's directory.
 * @property {(file: string, text: string | Uint8Array) => Promise<void>} write Writes a file, with the directories it is in.
 * @property {(file: string, text: string | Uint8Array) => void} writeSync
 *
 * @typedef {object} Behaviour The default export of `entry.node.ts`, as far as a built host needs it.
 * @property {(application: Application) => unknown} [server]
 * @property {(application: Application) => unknown} [postBuild]
 * @property {{ links?: Record<string, string> }} [modules] Where linked modules lie, relative to the host.
 */
/**
 * The built host in `root`, ready to serve and render. Registers its server import map with this process.
 *
 * @param {string | URL} root
 * @param {Behaviour} [behaviour]
 * @param {{ base?: string, csp?: Record<string, string> }} [options] With `csp` each page has a nonce, and is sent with the strict policy and
 *   these directives.
 * @returns {Application}
 */
export function createApplication(root: string | URL, behaviour?: Behaviour, { base, csp }?: {
    base?: string;
    csp?: Record<string, string>;
}): Application;
/**
 * @param {string | URL} root Directory of a host that is built and composed.
 * @param {Behaviour} [behaviour]
 * @returns {Promise<unknown>} What the behaviour's `server` returned, or the server that was started.
 */
export function start(root: string | URL, behaviour?: Behaviour): Promise<unknown>;
/**
 * What a behaviour file does after a build.
 *
 * @param {string | URL} root Directory of a host that is built and composed.
 * @param {Behaviour} behaviour
 * @returns {Promise<boolean>} Whether there was something to do; `false` from `postBuild` says that it failed.
 */
export function postBuild(root: string | URL, behaviour: Behaviour): Promise<boolean>;
/**
 * The compiled behaviour file of a built host, if it has one.
 *
 * @param {string} root
 * @returns {Promise<Behaviour>}
 */
export function loadBehaviour(root: string): Promise<Behaviour>;
/**
 * The server of a host that has none of its own.
 *
 * @param {Pick<Application, 'middleware'> & { render: (options: RenderOptions) => Promise<RenderContext | { html: string }> }} application
 * @param {{ port?: number, hostname?: string }} [options] Port 0 takes any free one.
 * @returns {Promise<{ url: string, close: () => Promise<void>, end: () => Promise<void> }>} `close` cuts connections, `end` answers what has begun.
 */
export function listen(application: Pick<Application, "middleware"> & {
    render: (options: RenderOptions) => Promise<RenderContext | {
        html: string;
    }>;
}, { port, hostname }?: {
    port?: number;
    hostname?: string;
}): Promise<{
    url: string;
    close: () => Promise<void>;
    end: () => Promise<void>;
}>;
export type IncomingMessage = any;
export type ServerResponse = any;
export type RenderContext = import("./render.mjs").RenderContext;
export type RenderOptions = import("./render.mjs").RenderOptions;
/**
 * What a behaviour file works with.
 */
export type Application = {
    /**
     * Module name of the host.
     */
    name: string;
    /**
     * Its directory.
     */
    root: string;
    /**
     * What client URLs start with, unless a request says otherwise.
     */
    basePath: string;
    isProd: boolean;
    /**
     * Serves the browser files of the host and of everything it uses.
     */
    middleware: (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;
    /**
     * Renders the host's page.
     */
    render: (options?: RenderOptions) => Promise<RenderContext>;
    /**
     * Loads what is built now beside what runs; requests that began with the old build end with it.
     */
    reinit: () => Promise<number>;
    linker: import("./linker.mjs").ServerLinker;
    /**
     * A path below the host's directory.
     */
    resolvePath: (...paths: string[]) => string;
    /**
     * Writes a file, with the directories it is in.
     */
    write: (file: string, text: string | Uint8Array) => Promise<void>;
    writeSync: (file: string, text: string | Uint8Array) => void;
};
/**
 * The default export of `entry.node.ts`, as far as a built host needs it.
 */
export type Behaviour = {
    server?: (application: Application) => unknown;
    postBuild?: (application: Application) => unknown;
    /**
     * Where linked modules lie, relative to the host.
     */
    modules?: {
        links?: Record<string, string>;
    };
};
