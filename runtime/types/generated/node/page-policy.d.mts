/**
 * @typedef {import('./render-context.mjs').RenderContext} RenderContext
 * @typedef {import('./render-context.mjs').RenderOptions} RenderOptions
 */
/**
 * Directives as they stand in a policy: `img-src 'self' data:; connect-src 'self'`.
 *
 * @param {string | undefined} text `undefined` is no policy; nothing is the strict one as it is.
 * @returns {Record<string, string> | undefined}
 */
export function readDirectives(text: string | undefined): Record<string, string> | undefined;
/** A nonce of its own for each page, unless it has one. @param {RenderOptions} options @returns {RenderOptions} */
export function withNonce(options: RenderOptions): RenderOptions;
/**
 * The page is sent with the strict policy and these directives, unless whoever answers has a policy.
 *
 * @param {RenderContext} context
 * @param {Record<string, string>} directives
 */
export function setPolicy(context: RenderContext, directives: Record<string, string>): void;
export type RenderContext = import("./render-context.mjs").RenderContext;
export type RenderOptions = import("./render-context.mjs").RenderOptions;
