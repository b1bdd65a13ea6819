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
export function createPageServer(application: Served): any;
export type IncomingMessage = any;
export type ServerResponse = any;
export type RenderContext = import("./render.mjs").RenderContext;
export type RenderOptions = import("./render.mjs").RenderOptions;
export type Served = {
    middleware: (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;
    render: (options: RenderOptions) => Promise<RenderContext | {
        html: string;
    }>;
};
