/**
 * Starts a built host: what `dist/index.mjs` and `esmx-build start` call. The behaviour file decides how the host is served; without
 * its `server` there is a server that renders the host's page for every path that is no file.
 */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createPageServer } from './page-server.mjs';
import { explain } from './explain.mjs';
import { createServerLinker } from './linker.mjs';
import { readDirectives, setPolicy, withNonce } from './page-policy.mjs';
import { renderPage } from './render.mjs';
import { renderTemplate } from './static-page.mjs';
import { createStaticMiddleware } from './static-files.mjs';

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
export function createApplication(root, behaviour = {}, { base = '', csp } = {}) {
    const linker = createServerLinker({ root, links: behaviour.modules?.links });
    const resolvePath = (/** @type {string[]} */ ...paths) => resolve(linker.root, ...paths);
    return {
        name: linker.name,
        root: linker.root,
        basePath: base,
        isProd: true,
        middleware: createStaticMiddleware(() => linker.served, { base }),
        render: async (options = {}) => {
            const whole = { base, ...(csp === undefined ? options : withNonce(options)) };
            const context = await (hasPage(linker) ? renderPage(linker, whole) : renderTemplate(linker, whole));
            if (csp !== undefined) setPolicy(context, csp);
            return context;
        },
        reinit: () => linker.reinit(),
        linker,
        resolvePath,
        async write(file, text) {
            await mkdir(dirname(resolvePath(file)), { recursive: true });
            await writeFile(resolvePath(file), text);
        },
        writeSync(file, text) {
            mkdirSync(dirname(resolvePath(file)), { recursive: true });
            writeFileSync(resolvePath(file), text);
        }
    };
}

/** Whether the host renders its page itself. @param {import('./linker.mjs').ServerLinker} linker */
function hasPage(linker) {
    return linker.has(`${linker.name}/src/entry.server`);
}

/**
 * @param {string | URL} root Directory of a host that is built and composed.
 * @param {Behaviour} [behaviour]
 * @returns {Promise<unknown>} What the behaviour's `server` returned, or the server that was started.
 */
export async function start(root, behaviour = {}) {
    const application = createApplication(root, behaviour, { base: process.env.ESMX_BASE ?? '', csp: readDirectives(process.env.ESMX_CSP) });
    // In a terminal it says that the terminal is closed, and the server should end with it.
    if (!process.stdout.isTTY) process.on('SIGHUP', () => takeOver(application));
    if (typeof behaviour.server === 'function') return behaviour.server(application);
    const server = await listen(application, {
        port: Number(process.env.PORT ?? 3000),
        hostname: process.env.HOST ?? 'localhost'
    });
    // Requests that have begun are answered; a second signal ends the process as always.
    process.once('SIGTERM', () => server.end());
    process.once('SIGINT', () => server.end());
    console.log(`${application.name} is served at ${server.url}`);
    return server;
}

/** @param {Application} application */
function takeOver({ name, reinit }) {
    reinit().then(
        (generation) => console.log(`${name} goes on with its new build (generation ${generation})`),
        (error) => console.error(`${name} goes on with its old build: ${explain(error)}`)
    );
}

/**
 * What a behaviour file does after a build.
 *
 * @param {string | URL} root Directory of a host that is built and composed.
 * @param {Behaviour} behaviour
 * @returns {Promise<boolean>} Whether there was something to do; `false` from `postBuild` says that it failed.
 */
export async function postBuild(root, behaviour) {
    if (typeof behaviour.postBuild !== 'function') return false;
    const result = await behaviour.postBuild(createApplication(root, behaviour, { base: process.env.ESMX_BASE ?? '' }));
    if (result === false) throw new Error('postBuild answered false');
    return true;
}

/**
 * The compiled behaviour file of a built host, if it has one.
 *
 * @param {string} root
 * @returns {Promise<Behaviour>}
 */
export async function loadBehaviour(root) {
    const file = join(root, 'dist', 'node', 'src', 'entry.node.mjs');
    if (!existsSync(file)) return {};
    const { pathToFileURL } = await import('node:url');
    const module = await import(pathToFileURL(file).href);
    return module.default ?? {};
}

/**
 * The server of a host that has none of its own.
 *
 * @param {Pick<Application, 'middleware'> & { render: (options: RenderOptions) => Promise<RenderContext | { html: string }> }} application
 * @param {{ port?: number, hostname?: string }} [options] Port 0 takes any free one.
 * @returns {Promise<{ url: string, close: () => Promise<void>, end: () => Promise<void> }>} `close` cuts connections, `end` answers what has begun.
 */
export async function listen(application, { port = 0, hostname = '127.0.0.1' } = {}) {
    const server = createPageServer(application);
    await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, hostname, () => resolve(undefined));
    });
    const address = /** @type {import('node:net').AddressInfo} */ (server.address());
    return {
        url: `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${address.port}/`,
        close: () => new Promise((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
        }),
        end: () => new Promise((resolve) => {
            server.close(() => resolve());
            server.closeIdleConnections();
        })
    };
}
