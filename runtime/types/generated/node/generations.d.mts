/**
 * The generation that this process knows by plain URLs, where it is still what is built: everybody who opens the host shares its
 * instances, those too that the process has imported itself. Otherwise a generation beside it.
 *
 * @param {string} root Directory of a host that is built and composed.
 * @param {Record<string, string>} [links] What the host links in its behaviour file.
 * @returns {OpenedGeneration}
 */
export function openGeneration(root: string, links?: Record<string, string>): OpenedGeneration;
/** What is built now, whatever the process knows. @param {string} root @param {Record<string, string>} [links] */
export function openNextGeneration(root: string, links?: Record<string, string>): OpenedGeneration;
export type Artifacts = {
    /**
     * With real paths.
     */
    mounts: Mount[];
    /**
     * The server map
     */
    file: string;
    /**
     * and what it says.
     */
    text: string;
    identifiers: ReadonlySet<string>;
};
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
