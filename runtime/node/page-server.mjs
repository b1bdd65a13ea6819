/** The server of a host that has none of its own: files where there are files, the host's page for every other path. */

import { createServer } from 'node:http';

/**
 * @typedef {import('node:http').IncomingMessage} IncomingMessage
 * @typedef {import('node:http').ServerResponse} ServerResponse
 * @typedef {import('./render.mjs').RenderContext} RenderContext
 * @typedef {import('./render.mjs').RenderOptions} RenderOptions
 *
 * @typedef {object} Served
 * @property {(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void} middleware
 * @property {(options: RenderOptions) => Promise<RenderContext | { html: string }>} render
 */

/** @param {Served} application */
export function createPageServer(application) {
    return createServer((request, response) => {
        application.middleware(request, response, () => {
            answerPage(application, request, response).catch((error) => {
                console.error(error);
                if (response.headersSent) response.destroy();
                else send(response, 500, 'Internal server error');
            });
        });
    });
}

/** @param {Served} application @param {IncomingMessage} request @param {ServerResponse} response */
async function answerPage(application, request, response) {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
        return send(response, 405, 'Method not allowed', { allow: 'GET, HEAD' });
    }
    const url = request.url ?? '/';
    const [path] = url.split('?');
    // Browsers ask for it unless a page names another icon, and complain where there is none.
    if (path === '/favicon.ico') return send(response, 204, '');
    // A missing script must not come as a page: the browser would complain about its type, not say that it is missing.
    if (/\.[^/]*$/.test(path)) return send(response, 404, 'Not found');
    const page = await application.render({ params: { url, req: request, res: response } });
    if (response.writableEnded) return;
    if ('pipe' in page) return page.pipe(response);
    send(response, 200, page.html, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
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
