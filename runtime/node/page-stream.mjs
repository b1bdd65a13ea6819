/**
 * A page in pieces. The browser gets the head, and with it the stylesheets that are known, before anything is rendered; then the
 * body as it is rendered; then what is only known afterwards: late stylesheets, scripts.
 */

import { Readable, Writable } from 'node:stream';
import { attributes } from './html.mjs';

/**
 * @typedef {import('./render-context.mjs').RenderContext} RenderContext
 *
 * @typedef {string | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array> | ReadableStream<string | Uint8Array>
 *   | ((destination: import('node:stream').Writable) => unknown)} PageBody
 *   Text, something that gives text piece by piece, or a function that writes into a stream (`pipe` of React's `renderToPipeableStream`).
 *
 * @typedef {object} StreamedPage
 * @property {PageBody} body HTML.
 * @property {string} [head] HTML for `<head>`, before the stylesheets.
 * @property {string} [before] HTML that opens the body, such as `<div id="root">`,
 * @property {string | (() => string)} [after] and that closes it. A function is asked when the body is complete, for state that rendering has collected.
 * @property {Record<string, string | boolean>} [htmlAttributes] Such as `{ lang: 'en' }`.
 * @property {Record<string, string | boolean>} [bodyAttributes]
 * @property {'body' | 'head'} [scripts] Where the import map and the preloads of modules stand. `body`: at the end, when all of them are known.
 *   `head`: at once, so that modules load while the body is rendered; what is found later follows at the end.
 * @property {'recover' | 'abort'} [onBodyError] When the body breaks off. `recover`: the page is completed, with
 *   `<template data-esmx-error>` behind the broken body, and the client renders it anew. `abort`: the connection is cut.
 */

/**
 * @typedef {object} PageWriter
 * @property {{ replace: (piece: string) => string, end: () => string }} replacer Puts the base of the request in.
 * @property {(error: unknown) => void} onError
 * @property {(piece: string) => Promise<unknown> | void} write Answers with a promise where the next piece should wait.
 * @property {(stop: () => void) => void} onBody Hears how the body is stopped, when nobody wants it any more.
 */

/**
 * Writes a page to the end.
 *
 * @param {RenderContext} context
 * @param {StreamedPage} page
 * @param {PageWriter} writer
 */
export async function writePage(context, page, { replacer, onError, write, onBody }) {
    const { head = '', before = '', after = '', htmlAttributes = {}, bodyAttributes = {}, scripts = 'body', onBodyError = 'recover' } = page;
    const whole = (/** @type {string} */ text) => write(replacer.replace(text) + replacer.end());
    await context.commit();
    const early = scripts === 'head' ? context.importmap() + context.modulePreload() : '';
    await whole(
        `<!doctype html><html${attributes(htmlAttributes)}><head><meta charset="utf-8">${head}${context.preload()}${context.css()}${early}</head>`
            + `<body${attributes(bodyAttributes)}>${before}`
    );
    /** What was written since the last tag began. */
    let open = '';
    const body = bodyReader((piece) => {
        const text = replacer.replace(piece);
        if (text === '') return;
        open = unfinished(open, text);
        return write(text);
    });
    onBody(body.stop);
    try {
        await body.read(page.body);
    } catch (error) {
        if (onBodyError === 'abort') throw error;
        onError(error);
        const rest = replacer.end();
        await write(`${rest + closing(unfinished(open, rest))}<template data-esmx-error></template>`);
    }
    await context.commit();
    const late = scripts === 'head' ? '' : context.importmap();
    await whole(
        replacer.end() + (typeof after === 'function' ? after() : after) + context.css() + late + context.moduleEntry() + context.modulePreload() + '</body></html>'
    );
}

/**
 * Reads a body of any kind, piece by piece as text.
 *
 * @param {(piece: string) => Promise<unknown> | void} take
 */
function bodyReader(take) {
    const decoder = new TextDecoder();
    const textOf = (/** @type {string | Uint8Array} */ piece) => (typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true }));
    /** @type {() => void} */
    let stop = () => {};
    let isStopped = false;
    /** @type {Promise<never>} */
    const stopped = new Promise((_, reject) => {
        stop = () => {
            isStopped = true;
            reject(new Error('nobody wants this page any more'));
        };
    });
    stopped.catch(() => {});

    /** @param {(destination: Writable) => unknown} render */
    function receive(render) {
        // As good as any other stream for whoever writes into it, and nothing has to be read from it.
        const destination = new Writable({
            decodeStrings: false,
            write(piece, _, done) {
                const wait = take(textOf(piece));
                if (wait === undefined) done();
                else wait.then(() => done(), done);
            }
        });
        stopped.catch(() => destination.destroy());
        return new Promise((resolve, reject) => {
            destination.once('finish', () => resolve(undefined));
            destination.once('error', reject);
            destination.once('close', () => reject(new Error('the stream was closed before its end')));
            Promise.resolve()
                .then(() => render(destination))
                .catch((error) => destination.destroy(error));
        });
    }

    /** @param {Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>} body */
    async function iterate(body) {
        const iterator = Symbol.asyncIterator in body ? body[Symbol.asyncIterator]() : body[Symbol.iterator]();
        try {
            for (;;) {
                const { done, value } = await Promise.race([stopped, iterator.next()]);
                if (done) return;
                await take(textOf(value));
            }
        } finally {
            // Whoever waits for data somewhere in there ends when that comes; nobody waits for it here.
            if (isStopped) Promise.resolve(iterator.return?.()).catch(() => {});
        }
    }

    return {
        stop: () => stop(),
        /** @param {PageBody} body */
        async read(body) {
            if (typeof body === 'string') return take(body);
            await (typeof body === 'function' ? receive(body) : iterate(/** @type {AsyncIterable<string | Uint8Array>} */ (body)));
            await take(decoder.decode());
        }
    };
}

/** A body that nobody has begun to read. @param {PageBody} body */
export function discardBody(body) {
    if (body instanceof Readable) body.destroy();
    else if (body instanceof ReadableStream && !body.locked) body.cancel().catch(() => {});
}

/** The text from the beginning of the last tag or comment on. @param {string} open @param {string} text */
function unfinished(open, text) {
    const all = open + text;
    const comment = all.lastIndexOf('<!--');
    if (comment !== -1 && all.indexOf('-->', comment) === -1) return all.slice(comment);
    return all.slice(Math.max(all.lastIndexOf('<'), 0)).slice(0, 10_000);
}

/** What ends a tag or comment that broke off, so that the scripts behind it are elements. @param {string} open */
function closing(open) {
    if (open.startsWith('<!--')) return open.includes('-->') ? '' : '-->';
    if (!/^<[a-z/]/i.test(open)) return '';
    let quote = '';
    for (const character of open) {
        if (quote !== '') quote = character === quote ? '' : quote;
        else if (character === '"' || character === "'") quote = character;
        else if (character === '>') return '';
    }
    return `${quote}>`;
}
