/** Answers a request with a rendered page. */

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * @param {import('./render-context.mjs').RenderContext} context
 * @param {import('node:http').ServerResponse} response
 */
export async function sendPage(context, response) {
    const isHead = response.req.method === 'HEAD';
    const isRedirect = context.headers.location !== undefined;
    const headers = {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
        ...context.headers
    };
    for (const [name, value] of Object.entries(headers)) if (!response.hasHeader(name) || name in context.headers) response.setHeader(name, value);
    response.statusCode = context.status;
    if (!context.isStreamed || isRedirect) {
        const body = Buffer.from(isRedirect ? '' : context.html);
        response.setHeader('content-length', body.byteLength);
        response.end(isHead ? undefined : body);
        return;
    }
    if (isHead) {
        response.end();
        return;
    }
    try {
        await pipeline(Readable.from(context.pieces(), { objectMode: false, encoding: 'utf8' }), response);
    } catch (error) {
        // Somebody who closed the page is no failure of the server.
        if (!isGone(error)) throw error;
    }
}

/** @param {unknown} error */
function isGone(error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE';
}
