/** A built host, written by hand, in a directory of its own. */

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @param {string} purpose */
export function createDirectory(purpose) {
    const directory = realpathSync(mkdtempSync(join(tmpdir(), `esmx-${purpose}-`)));
    return {
        directory,
        /** Path → text; JSON for everything that is not text. @param {Record<string, unknown>} files */
        write(files) {
            for (const [path, content] of Object.entries(files)) {
                const file = join(directory, path);
                mkdirSync(dirname(file), { recursive: true });
                writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
            }
        },
        remove: (path = '.') => rmSync(join(directory, path), { recursive: true, force: true }),
        url: (path) => pathToFileURL(join(directory, path)).href
    };
}

/**
 * Puts the files of a build of `host` in place, as a build does: what was there before is gone.
 *
 * @param {ReturnType<typeof createDirectory>} place
 * @param {{ server: Record<string, string>, client?: Record<string, string>, serverImports: Record<string, string>, clientImports?: Record<string, string>,
 *   chunks?: Record<string, object>, integrity?: Record<string, string> }} build
 */
export function putBuild(place, { server, client = {}, serverImports, clientImports = {}, chunks = {}, integrity }) {
    place.remove('dist');
    const files = (side, all) => Object.fromEntries(Object.entries(all).map(([name, text]) => [`dist/${side}/${name}`, text]));
    const manifest = { protocol: 2, name: 'host', version: '1.0.0', exports: {}, provides: {}, uses: [], scopes: {} };
    place.write({
        'package.json': { name: 'host', esmx: { entry: {} } },
        ...files('server', server),
        ...files('client', client),
        'dist/client/manifest.json': { ...manifest, files: Object.keys(client), chunks },
        'dist/server/manifest.json': { ...manifest, files: Object.keys(server), chunks: {} },
        'dist/client/importmap.json': { imports: clientImports, ...(integrity ? { integrity } : {}) },
        'dist/server/importmap.json': {
            imports: Object.fromEntries(Object.entries(serverImports).map(([name, file]) => [name, place.url(`dist/server/${file}`)])),
            scopes: { [place.url('dist/server/')]: Object.fromEntries(Object.entries(serverImports).map(([name, file]) => [name.replace('host/', ''), place.url(`dist/server/${file}`)])) }
        }
    });
}
