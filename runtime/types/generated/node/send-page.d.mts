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
export function sendPage(context: import("./render-context.mjs").RenderContext, response: any, streaming: Streaming): Promise<void>;
/**
 * The same to be walked: a piece is made when the one before was taken.
 *
 * @param {(write: Write) => Promise<void>} write
 * @param {() => void} stop
 * @returns {AsyncGenerator<string, void, void>}
 */
export function walk(write: (write: Write) => Promise<void>, stop: () => void): AsyncGenerator<string, void, void>;
export type Write = import("./page-stream.mjs").PageWriter["write"];
export type Streaming = {
    /**
     * Writes the page to the end.
     */
    write: (write: Write) => Promise<void>;
    /**
     * When nobody wants it any more.
     */
    stop: () => void;
};
