/** Finds the built artifacts of a host and of everything it uses. */

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * @typedef {object} Mount
 * @property {string} name Module name.
 * @property {string} client Directory of the browser artifact.
 * @property {string} server Directory of the Node artifact.
 */

/**
 * The host first, then what it uses, depth-first; a name is mounted once.
 *
 * @param {string} hostDirectory
 * @returns {Mount[]}
 */
export function readMounts(hostDirectory) {
    /** @type {Map<string, Mount>} */
    const mounts = new Map();
    const host = realpathSync(resolve(hostDirectory));
    visit(readPackage(host).name, host, mounts);
    return [...mounts.values()];
}

/** @param {string} name @param {string} directory @param {Map<string, Mount>} mounts */
function visit(name, directory, mounts) {
    const artifact = artifactOf(name, directory);
    mounts.set(name, { name, client: join(artifact, 'client'), server: join(artifact, 'server') });
    for (const used of readPackage(directory).uses) {
        if (mounts.has(used)) continue;
        const found = findPackage(directory, used);
        if (found === undefined) throw new Error(`${name} uses ${used}, which is not installed where ${directory} can see it`);
        visit(used, found, mounts);
    }
}

/** `dist` of the package, or the package itself where a pack carries the artifact at its root. @param {string} name @param {string} directory */
function artifactOf(name, directory) {
    const candidates = [join(directory, 'dist'), directory];
    const artifact = candidates.find((candidate) => existsSync(join(candidate, 'client', 'manifest.json')));
    if (artifact === undefined) throw new Error(`${name} is not built: run \`esmx-build build -r\` in the host (looked in ${directory})`);
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

/** @param {string} directory @returns {{ name: string, uses: string[] }} */
function readPackage(directory) {
    const record = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    const uses = Array.isArray(record.esmx?.uses) ? record.esmx.uses : [];
    return { name: String(record.name), uses: uses.filter((/** @type {unknown} */ used) => typeof used === 'string') };
}
