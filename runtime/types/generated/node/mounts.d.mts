/**
 * The host first, then what it uses, depth-first; a name is mounted once. A host of the legacy kind uses nobody by
 * declaration: it mounts what it links, and nothing is followed from there.
 *
 * @param {string} hostDirectory
 * @param {Record<string, string>} [links] Module name → artifact directory, as `modules.links` of the host's behaviour file.
 * @returns {Mount[]}
 */
export function readMounts(hostDirectory: string, links?: Record<string, string>): Mount[];
/**
 * @typedef {object} Mount
 * @property {string} name Module name.
 * @property {string} client Directory of the browser artifact.
 * @property {string} server Directory of the Node artifact.
 */
/** A host that cannot be opened; the message says what to do. */
export class HostError extends Error {
}
export type Mount = {
    /**
     * Module name.
     */
    name: string;
    /**
     * Directory of the browser artifact.
     */
    client: string;
    /**
     * Directory of the Node artifact.
     */
    server: string;
};
