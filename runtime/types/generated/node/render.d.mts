/**
 * @typedef {import('./render-context.mjs').RenderOptions} RenderOptions
 * @typedef {import('./render-context.mjs').RenderFiles} RenderFiles
 */
/**
 * @param {string} hostDirectory Directory of a host that is built and composed.
 * @param {{ links?: Record<string, string> }} [options] What the host links in its behaviour file.
 */
export function createRenderer(hostDirectory: string, { links }?: {
    links?: Record<string, string>;
}): {
    linker: import("./linker.mjs").ServerLinker;
    readonly mounts: import("./mounts.mjs").Mount[];
    /** @param {RenderOptions} [options] @returns {Promise<RenderContext>} */
    render: (options?: RenderOptions) => Promise<RenderContext>;
};
/**
 * One page with the current generation. A streamed page keeps it until its last piece: answer with `context.pipe(response)`, or walk
 * `context.pieces()` to the end.
 *
 * @param {import('./linker.mjs').ServerLinker} linker
 * @param {RenderOptions} [options]
 * @returns {Promise<RenderContext>}
 */
export function renderPage(linker: import("./linker.mjs").ServerLinker, options?: RenderOptions): Promise<RenderContext>;
export { RenderContext };
export type RenderOptions = import("./render-context.mjs").RenderOptions;
export type RenderFiles = import("./render-context.mjs").RenderFiles;
import { RenderContext } from './render-context.mjs';
