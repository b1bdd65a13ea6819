/** Answers a request with a rendered page. */
/**
 * @param {import('./render-context.mjs').RenderContext} context
 * @param {import('node:http').ServerResponse} response
 * @param {() => void} gone Called when the client goes away before the end.
 */
export function sendPage(context: import("./render-context.mjs").RenderContext, response: any, gone: () => void): Promise<void>;
