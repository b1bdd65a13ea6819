/**
 * Starts a built host: what `dist/index.mjs` calls. The behaviour file decides how the host is served; without
 * its `server` there is a server that renders the host's page for every path that is no file.
 */

import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRenderer } from './render.mjs';
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
 * @property {(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void} middleware
 *   Serves the browser files of the host and of everything it uses.
 * @property {(options?: RenderOptions) => Promise<RenderContext>} render Renders the host's page.
 *
 * @typedef {object} Behaviour The default export of `entry.node.ts`, as far as a built host needs it.
 * @property {(application: Application) => unknown} [server]
 * @property {{ links?: Record<string, string> }} [modules] Where linked modules lie, relative to the host.
 */

/**
 * The built host in `root`, ready to serve and render. Registers its server import map with this process.
 *
 * @param {string | URL} root
 * @param {Behaviour} [behaviour]
 * @returns {Application}
 */
export function createApplication(root, behaviour = {}) {
    const directory = resolve(root instanceof URL || root.startsWith('file:') ? fileURLToPath(root) : root);
    const renderer = createRenderer(directory, { links: behaviour.modules?.links });
    return {
        name: renderer.mounts[0].name,
        root: directory,
        middleware: createStaticMiddleware(renderer.mounts),
        render: renderer.render
    };
}

/**
 * @param {string | URL} root Directory of a host that is built and composed.
 * @param {Behaviour} [behaviour]
 * @returns {Promise<unknown>} What the behaviour's `server` returned, or the server that was started.
 */
export async function start(root, behaviour = {}) {
    const application = createApplication(root, behaviour);
    if (typeof behaviour.server === 'function') return behaviour.server(application);
    const server = await listen(application, {
        port: Number(process.env.PORT ?? 3000),
        hostname: process.env.HOST ?? 'localhost'
    });
    console.log(`${application.name} is served at ${server.url}`);
    return server;
}

/**
 * The server of a host that has none of its own.
 *
 * @param {Application} application
 * @param {{ port?: number, hostname?: string }} [options] Port 0 takes any free one.
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function listen(application, { port = 0, hostname = '127.0.0.1' } = {}) {
    const server = createServer((request, response) => {
        application.middleware(request, response, () => {
            answerPage(application, request, response).catch((error) => {
                console.error(error);
                if (response.headersSent) response.destroy();
                else send(response, 500, 'Internal server error');
            });
        });
    });
    await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, hostname, () => resolve(undefined));
    });
    const address = /** @type {import('node:net').AddressInfo} */ (server.address());
    return {
        url: `http://${hostname}:${address.port}/`,
        close: () => new Promise((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
        })
    };
}

/** @param {Application} application @param {IncomingMessage} request @param {ServerResponse} response */
async function answerPage(application, request, response) {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
        return send(response, 405, 'Method not allowed', { allow: 'GET, HEAD' });
    }
    const [path] = (request.url ?? '/').split('?');
    // Browsers ask for it unless a page names another icon, and complain where there is none.
    if (path === '/favicon.ico') return send(response, 204, '');
    // A missing script must not come as a page: the browser would complain about its type, not say that it is missing.
    if (/\.[^/]*$/.test(path)) return send(response, 404, 'Not found');
    const { html } = await application.render({ params: { url: request.url ?? '/' } });
    send(response, 200, html, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
}

/** @param {ServerResponse} response @param {number} status @param {string} body @param {Record<string, string>} [headers] */
function send(response, status, body, headers = {}) {
    response.writeHead(status, {
        'content-type': 'text/plain; charset=utf-8',
        'content-length': String(Buffer.byteLength(body)),
        'x-content-type-options': 'nosniff',
        ...headers
    });
    response.end(response.req.method === 'HEAD' ? undefined : body);
}
