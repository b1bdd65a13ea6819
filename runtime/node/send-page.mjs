/** Answers a request with a rendered page. */

/**
 * @typedef {import('./page-stream.mjs').PageWriter['write']} Write
 *
 * @typedef {object} Streaming
 * @property {(write: Write) => Promise<void>} write Writes the page to the end.
 * @property {() => void} stop When nobody wants it any more.
 *
 * @param {import('./render-context.mjs').RenderContext} context
 * @param {import('node:http').ServerResponse} response
 * @param {Streaming} streaming
 */
export async function sendPage(context, response, streaming) {
    const isHead = response.req.method === 'HEAD';
    const isRedirect = context.headers.location !== undefined;
    const headers = {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
        ...(context.policy === '' ? {} : { 'content-security-policy': context.policy }),
        ...context.headers
    };
    for (const [name, value] of Object.entries(headers)) if (!response.hasHeader(name) || name in context.headers) response.setHeader(name, value);
    response.statusCode = context.status;
    if (context.isStreamed && !isHead && !isRedirect) return sendPieces(response, streaming);
    if (context.isStreamed) streaming.stop();
    const body = Buffer.from(isRedirect || context.isStreamed ? '' : context.html);
    if (!context.isStreamed || isRedirect) response.setHeader('content-length', body.byteLength);
    response.end(isHead ? undefined : body);
}

/**
 * As fast as the client reads: a piece is asked for when the one before has left.
 *
 * @param {import('node:http').ServerResponse} response
 * @param {Streaming} streaming
 */
async function sendPieces(response, { write, stop }) {
    // What is made in one go leaves in one packet.
    let pending = '';
    let isScheduled = false;
    const flush = () => {
        isScheduled = false;
        if (pending === '' || response.destroyed || response.writableEnded) return;
        response.write(pending);
        pending = '';
    };
    // Whoever closes the page wants nothing of it any more; that is no failure of the server.
    const closed = () => response.writableEnded || stop();
    response.once('close', closed);
    try {
        await write((piece) => {
            pending += piece;
            if (pending.length > 16_384) flush();
            else if (!isScheduled) {
                isScheduled = true;
                setImmediate(flush);
            }
            return response.writableNeedDrain ? drained(response) : undefined;
        });
        response.end(pending);
    } catch (error) {
        if (response.destroyed) return;
        response.destroy();
        throw error;
    } finally {
        response.off('close', closed);
    }
}

/** @param {import('node:http').ServerResponse} response */
function drained(response) {
    return new Promise((resolve) => {
        const done = () => {
            response.off('drain', done).off('close', done);
            resolve(undefined);
        };
        response.once('drain', done).once('close', done);
    });
}

/**
 * The same to be walked: a piece is made when the one before was taken.
 *
 * @param {(write: Write) => Promise<void>} write
 * @param {() => void} stop
 * @returns {AsyncGenerator<string, void, void>}
 */
export async function* walk(write, stop) {
    /** The piece that waits to be taken, and what is called then. @type {{ piece: string, take: () => void } | undefined} */
    let offered;
    /** @type {(value?: unknown) => void} */
    let wake = () => {};
    let isDone = false;
    const writing = write((piece) => {
        if (isDone || piece === '') return undefined;
        return new Promise((resolve) => {
            offered = { piece, take: () => resolve(undefined) };
            wake();
        });
    }).finally(() => {
        isDone = true;
        wake();
    });
    writing.catch(() => {});
    try {
        for (;;) {
            if (offered === undefined && !isDone) await new Promise((resolve) => (wake = resolve));
            if (offered === undefined) break;
            yield offered.piece;
            const { take } = offered;
            offered = undefined;
            take();
        }
        await writing;
    } finally {
        if (!isDone) {
            isDone = true;
            stop();
            offered?.take();
        }
    }
}
