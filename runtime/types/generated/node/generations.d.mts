/**
 * @param {string} root Directory of a host that is built and composed.
 * @param {Record<string, string>} [links] What the host links in its behaviour file.
 * @returns {OpenedGeneration}
 */
export function openGeneration(root: string, links?: Record<string, string>): OpenedGeneration;
export type Mount = import("./mounts.mjs").Mount;
export type OpenedGeneration = {
    /**
     * Counted in this process.
     */
    id: number;
    /**
     * With real paths: a later deployment may lie elsewhere under the same name.
     */
    mounts: Mount[];
    /**
     * What its server map has for every importer.
     */
    identifiers: ReadonlySet<string>;
    /**
     * Imports as a module of the host does.
     */
    load: (specifier: string) => Promise<any>;
    /**
     * Takes its map and its kept sources away.
     */
    forget: () => void;
};
