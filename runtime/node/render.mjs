/**
 * Renders pages of a built host in Node: loads `<host>/src/entry.server` through the server import map and
 * gives it what a page is made of. It reads nothing but `dist`.
 */

import { BASE_PLACEHOLDER } from './client-base.mjs';
import { createServerLinker } from './linker.mjs';
import { RenderContext } from './render-context.mjs';

export { RenderContext };

/**
 * @typedef {import('./render-context.mjs').RenderOptions} RenderOptions
 * @typedef {import('./render-context.mjs').RenderFiles} RenderFiles
 */

/**
 * @param {string} hostDirectory Directory of a host that is built and composed.
 * @param {{ links?: Record<string, string> }} [options] What the host links in its behaviour file.
 */
export function createRenderer(hostDirectory, { links } = {}) {
    const linker = createServerLinker({ root: hostDirectory, links });
    return {
        linker,
        get mounts() {
            return linker.mounts;
        },
        /** @param {RenderOptions} [options] @returns {Promise<RenderContext>} */
        render: (options) => renderPage(linker, options)
    };
}

/**
 * One page with the current generation. A streamed page keeps it until its last piece: answer with `context.pipe(response)`, or walk
 * `context.pieces()` to the end.
 *
 * @param {import('./linker.mjs').ServerLinker} linker
 * @param {RenderOptions} [options]
 * @returns {Promise<RenderContext>}
 */
export async function renderPage(linker, options = {}) {
    const lease = linker.acquire();
    let isOpen = false;
    try {
        const context = new RenderContext(lease.application, options, lease.release);
        const identifier = `${linker.name}/src/entry.server`;
        const entry = await lease.import(identifier);
        const render = Object.hasOwn(entry, context.entryName) ? entry[context.entryName] : undefined;
        if (typeof render !== 'function') throw new TypeError(`${identifier} has no function as export \`${context.entryName}\``);
        await render(context);
        context.html = context.html.replaceAll(BASE_PLACEHOLDER, context.base);
        isOpen = context.isStreamed;
        return context;
    } finally {
        if (!isOpen) lease.release();
    }
}
