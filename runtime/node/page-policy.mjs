/** The content security policy that `esmx-build start --csp` gives every page. */

import { randomBytes } from 'node:crypto';

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
export function readDirectives(text) {
    if (text === undefined) return undefined;
    const directives = text.split(';').map((directive) => directive.trim()).filter((directive) => directive !== '');
    return Object.fromEntries(
        directives.map((directive) => {
            const [name, ...sources] = directive.split(/\s+/);
            return [name.toLowerCase(), sources.join(' ')];
        })
    );
}

/** A nonce of its own for each page, unless it has one. @param {RenderOptions} options @returns {RenderOptions} */
export function withNonce(options) {
    return { nonce: randomBytes(16).toString('base64'), ...options };
}

/**
 * The page is sent with the strict policy and these directives, unless whoever answers has a policy.
 *
 * @param {RenderContext} context
 * @param {Record<string, string>} directives
 */
export function setPolicy(context, directives) {
    context.policy = context.contentSecurityPolicy(directives);
}
