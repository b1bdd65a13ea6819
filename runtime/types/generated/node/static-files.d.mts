/**
 * A Connect-style middleware. It answers everything below `<base>/<module>/`, with `ETag`, ranges and files
 * compressed beforehand (`x.mjs.br`, `x.mjs.gz`); all other paths go to `next`.
 *
 * @param {Mount[] | (() => Mount[][])} mounts Of several generations, the newest that has a file answers.
 * @param {{ base?: string }} [options] What client URLs start with, where the server in front does not take it away.
 * @returns {(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void}
 */
export function createStaticMiddleware(mounts: Mount[] | (() => Mount[][]), { base }?: {
    base?: string;
}): (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;
export type Mount = import("./mounts.mjs").Mount;
export type IncomingMessage = any;
export type ServerResponse = any;
export type StaticFile = {
    /**
     * Real path.
     */
    path: string;
    /**
     * In bytes.
     */
    size: number;
    /**
     * In milliseconds since 1970.
     */
    modified: number;
    /**
     * The same for everything about it, its place on the disk included.
     */
    changed: number;
};
/**
 * Both ends belong to it.
 */
export type ByteRange = {
    start: number;
    end: number;
};
