/** The built demo workspaces, as the tests look at them. */

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const FIXTURES = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', 'fixtures');

/** @param {'demo-vue' | 'demo-react' | 'demo-legacy'} name */
export function openWorkspace(name) {
    const directory = join(FIXTURES, name);
    const host = join(directory, 'host');
    const map = join(host, 'dist', 'server', 'importmap.json');
    if (!existsSync(map)) throw new Error(`${name} is not built: run \`node fixtures/demo.mjs --no-serve\`, or all tests with \`node tests/run.mjs\``);
    return { directory, host, serverMap: map };
}

/** @param {string} workspace @param {string} module @param {'client' | 'server'} side */
export function readManifest(workspace, module, side) {
    return JSON.parse(readFileSync(join(workspace, module, 'dist', side, 'manifest.json'), 'utf8'));
}

/** The client URLs of everything that exists only because `module` has its own copy of `provided`. */
export function copyOf(workspace, module, provided) {
    const manifest = readManifest(workspace, module, 'client');
    const files = new Set([manifest.exports[provided].file, ...manifest.provides[provided].chunks]);
    return [...files].map((file) => `/${module}/${file}`);
}

/**
 * What `specifiers` are to code of `module`: imported by a file that stands in the module's own URL space for
 * the time of the call, since an import map answers by importer.
 *
 * @param {string} workspace
 * @param {string} module
 * @param {string[]} specifiers
 * @returns {Promise<Record<string, object>>} Specifier → namespace object.
 */
export async function importInside(workspace, module, specifiers) {
    const file = join(workspace, module, 'dist', 'server', `probe-${process.pid}-${Math.random().toString(36).slice(2)}.mjs`);
    const lines = specifiers.map((specifier, index) => `import * as namespace${index} from ${JSON.stringify(specifier)};`);
    const entries = specifiers.map((specifier, index) => `${JSON.stringify(specifier)}: namespace${index}`);
    writeFileSync(file, `${lines.join('\n')}\nexport default { ${entries.join(', ')} };\n`);
    try {
        return (await import(pathToFileURL(file).href)).default;
    } finally {
        rmSync(file);
    }
}
