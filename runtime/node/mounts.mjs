/** Finds the built artifacts of a host and of everything it uses. */

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * @typedef {object} Mount
 * @property {string} name Module name.
 * @property {string} client Directory of the browser artifact.
 * @property {string} server Directory of the Node artifact.
 */

/** A host that cannot be opened; the message says what to do. */
export class HostError extends Error {
    name = 'HostError';
}

/**
 * The host first, then what it uses, depth-first; a name is mounted once. A host of the legacy kind uses nobody by
 * declaration: it mounts what it links, and nothing is followed from there.
 *
 * @param {string} hostDirectory
 * @param {Record<string, string>} [links] Module name → artifact directory, as `modules.links` of the host's behaviour file.
 * @returns {Mount[]}
 */
export function readMounts(hostDirectory, links = {}) {
    /** @type {Map<string, Mount>} */
    const mounts = new Map();
    const host = realpathSync(resolve(hostDirectory));
    const linked = new Map(Object.entries(links).map(([name, path]) => [name, resolve(host, path)]));
    const { name, isDeclared } = readPackage(host);
    visit(name, host, mounts, linked);
    if (!isDeclared) {
        for (const [name, artifact] of linked) mounts.set(name, mountOf(name, artifact));
    }
    return [...mounts.values()];
}

/** @param {string} name @param {string} directory @param {Map<string, Mount>} mounts @param {Map<string, string>} linked */
function visit(name, directory, mounts, linked) {
    mounts.set(name, mountOf(name, linked.get(name) ?? artifactOf(name, directory)));
    for (const used of readPackage(directory).uses) {
        if (mounts.has(used)) continue;
        const artifact = linked.get(used);
        const found = artifact === undefined ? findPackage(directory, used) : dirname(artifact);
        if (found === undefined) throw new HostError(`${name} uses ${used}, which is not installed where ${directory} can see it`);
        visit(used, found, mounts, linked);
    }
}

/** @param {string} name @param {string} artifact @returns {Mount} */
function mountOf(name, artifact) {
    return { name, client: join(artifact, 'client'), server: join(artifact, 'server') };
}

/** `dist` of the package, or the package itself where a pack carries the artifact at its root. @param {string} name @param {string} directory */
function artifactOf(name, directory) {
    const candidates = [join(directory, 'dist'), directory];
    const artifact = candidates.find((candidate) => existsSync(join(candidate, 'client', 'manifest.json')));
    if (artifact === undefined) throw new HostError(`${name} is not built: run \`esmx-build build -r\` in the host (looked in ${directory})`);
    return artifact;
}

/** Node's lookup of a package directory, symlinks followed. @param {string} from @param {string} name @returns {string | undefined} */
function findPackage(from, name) {
    for (let directory = from; ; directory = dirname(directory)) {
        const candidate = join(directory, 'node_modules', name);
        if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
        if (dirname(directory) === directory) return undefined;
    }
}

/** @param {string} directory @returns {{ name: string, isDeclared: boolean, uses: string[] }} */
function readPackage(directory) {
    const record = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    const uses = Array.isArray(record.esmx?.uses) ? record.esmx.uses : [];
    const isDeclared = record.esmx !== undefined;
    return { name: String(record.name), isDeclared, uses: uses.filter((/** @type {unknown} */ used) => typeof used === 'string') };
}
