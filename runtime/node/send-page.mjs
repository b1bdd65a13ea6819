/** Answers a request with a rendered page. */

/**
 * @param {import('./render-context.mjs').RenderContext} context
 * @param {import('node:http').ServerResponse} response
 * @param {() => void} gone Called when the client goes away before the end.
 */
export async function sendPage(context, response, gone) {
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
    await sendPieces(context.pieces(), response, gone);
}

/**
 * As fast as the client reads: a piece is asked for when the one before has left.
 *
 * @param {AsyncGenerator<string, void, void>} pieces
 * @param {import('node:http').ServerResponse} response
 * @param {() => void} gone
 */
async function sendPieces(pieces, response, gone) {
    /** @type {() => void} */
    let wake = () => {};
    const closed = () => {
        // Whoever closes the page wants nothing of it any more; that is no failure of the server.
        if (!response.writableEnded) gone();
        wake();
    };
    response.once('close', closed);
    // What is made in one go leaves in one packet.
    let pending = '';
    let isScheduled = false;
    const flush = () => {
        isScheduled = false;
        if (pending === '' || response.destroyed || response.writableEnded) return;
        response.write(pending);
        pending = '';
    };
    try {
        for await (const piece of pieces) {
            if (response.destroyed) return;
            pending += piece;
            if (pending.length > 16_384) flush();
            else if (!isScheduled) setImmediate(flush);
            isScheduled = pending !== '';
            if (!response.writableNeedDrain) continue;
            await new Promise((resolve) => {
                wake = () => resolve(undefined);
                response.once('drain', wake);
                if (response.destroyed) wake();
            });
            response.off('drain', wake);
        }
        response.end(pending);
    } catch (error) {
        if (response.destroyed) return;
        response.destroy();
        throw error;
    } finally {
        response.off('close', closed);
    }
}
