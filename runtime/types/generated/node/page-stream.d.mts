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
export function writePage(context: RenderContext, page: StreamedPage, { replacer, onError, write, onBody }: PageWriter): Promise<void>;
/** A body that nobody has begun to read. @param {PageBody} body */
export function discardBody(body: PageBody): void;
export type RenderContext = import("./render-context.mjs").RenderContext;
/**
 * Text, something that gives text piece by piece, or a function that writes into a stream (`pipe` of React's `renderToPipeableStream`).
 */
export type PageBody = string | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array> | ReadableStream<string | Uint8Array> | ((destination: any) => unknown);
export type StreamedPage = {
    /**
     * HTML.
     */
    body: PageBody;
    /**
     * HTML for `<head>`, before the stylesheets.
     */
    head?: string;
    /**
     * HTML that opens the body, such as `<div id="root">`,
     */
    before?: string;
    /**
     * and that closes it. A function is asked when the body is complete, for state that rendering has collected.
     */
    after?: string | (() => string);
    /**
     * Such as `{ lang: 'en' }`.
     */
    htmlAttributes?: Record<string, string | boolean>;
    bodyAttributes?: Record<string, string | boolean>;
    /**
     * Where the import map and the preloads of modules stand. `body`: at the end, when all of them are known.
     * `head`: at once, so that modules load while the body is rendered; what is found later follows at the end.
     */
    scripts?: "body" | "head";
    /**
     * When the body breaks off. `recover`: the page is completed, with
     * `<template data-esmx-error>` behind the broken body, and the client renders it anew. `abort`: the connection is cut.
     */
    onBodyError?: "recover" | "abort";
};
export type PageWriter = {
    /**
     * Puts the base of the request in.
     */
    replacer: {
        replace: (piece: string) => string;
        end: () => string;
    };
    onError: (error: unknown) => void;
    /**
     * Answers with a promise where the next piece should wait.
     */
    write: (piece: string) => Promise<unknown> | void;
    /**
     * Hears how the body is stopped, when nobody wants it any more.
     */
    onBody: (stop: () => void) => void;
};
