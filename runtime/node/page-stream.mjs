/**
 * A page in pieces. The browser gets the head, and with it the stylesheets that are known, before anything is rendered; then the
 * body as it is rendered; then what is only known afterwards: late stylesheets, scripts.
 */

import { PassThrough, Readable } from 'node:stream';
import { attributes } from './html.mjs';

/**
 * @typedef {import('./render-context.mjs').RenderContext} RenderContext
 *
 * @typedef {string | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array> | ReadableStream<string | Uint8Array>
 *   | ((destination: import('node:stream').Writable) => unknown)} PageBody
 *   Text, something that gives text piece by piece, or a function that writes into a stream (`pipe` of React's `renderToPipeableStream`).
 *
 * @typedef {Exclude<PageBody, (destination: import('node:stream').Writable) => unknown>} BodySource What can be read.
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
 * @param {RenderContext} context
 * @param {StreamedPage & { body: BodySource }} page
 * @param {{ replace: (piece: string) => string, end: () => string }} replacer
 * @param {(error: unknown) => void} onError
 * @returns {AsyncGenerator<string, void, void>}
 */
export async function* pagePieces(context, page, replacer, onError) {
    const { head = '', before = '', after = '', htmlAttributes = {}, bodyAttributes = {}, scripts = 'body', onBodyError = 'recover' } = page;
    const whole = (/** @type {string} */ text) => replacer.replace(text) + replacer.end();
    await context.commit();
    const early = scripts === 'head' ? context.importmap() + context.modulePreload() : '';
    yield whole(
        `<!doctype html><html${attributes(htmlAttributes)}><head><meta charset="utf-8">${head}${context.preload()}${context.css()}${early}</head>`
            + `<body${attributes(bodyAttributes)}>${before}`
    );
    /** What was written since the last tag began. */
    let open = '';
    try {
        for await (const piece of bodyPieces(page.body)) {
            const text = replacer.replace(piece);
            if (text === '') continue;
            open = unfinished(open, text);
            yield text;
        }
    } catch (error) {
        if (onBodyError === 'abort') throw error;
        onError(error);
        const rest = replacer.end();
        yield `${rest + closing(unfinished(open, rest))}<template data-esmx-error></template>`;
    }
    await context.commit();
    const late = scripts === 'head' ? '' : context.importmap();
    yield whole(
        replacer.end() + (typeof after === 'function' ? after() : after) + context.css() + late + context.moduleEntry() + context.modulePreload() + '</body></html>'
    );
}

/** A body nobody reads any more. @param {PageBody | undefined} body */
export function discardBody(body) {
    if (body instanceof Readable) body.destroy();
    else if (body instanceof ReadableStream && !body.locked) body.cancel().catch(() => {});
}

/** @param {BodySource} body @returns {AsyncGenerator<string, void, void>} */
async function* bodyPieces(body) {
    if (typeof body === 'string') {
        yield body;
        return;
    }
    const decoder = new TextDecoder();
    for await (const piece of /** @type {AsyncIterable<string | Uint8Array>} */ (body)) {
        yield typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true });
    }
    yield decoder.decode();
}

/** What a function writes, to be read. @param {(destination: import('node:stream').Writable) => unknown} write */
export function written(write) {
    const stream = new PassThrough();
    // A function that fails before or after its first write ends the stream with its error.
    Promise.resolve()
        .then(() => write(stream))
        .catch((error) => stream.destroy(error));
    return stream;
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
