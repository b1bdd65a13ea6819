/**
 * Real packages that fork on NODE_ENV (React 19 and 18, Vue 3 and 2), provided by a module: the files have the
 * same names in a development and in a production build, and those are names that the packages really have.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openWorkspace } from './workspace.mjs';

const COMMAND = fileURLToPath(new URL('../../runtime/bin/esmx-build.mjs', import.meta.url));
/** Names that everybody imports, per package. */
const NEEDED = {
    'react': ['useState', 'createElement', 'Fragment', 'default'],
    'react18': ['useState', 'createElement', 'Fragment', 'default'],
    'react/jsx-runtime': ['jsx', 'jsxs', 'Fragment'],
    'react-dom/client': ['createRoot', 'hydrateRoot'],
    'react-dom18/client': ['createRoot', 'hydrateRoot'],
    'vue': ['ref', 'createSSRApp', 'h', 'computed'],
    'vue2': ['default', 'ref', 'computed']
};

for (const [demo, module] of [['demo-react', 'base'], ['demo-vue', 'shared']]) {
    describe(`the packages that ${module} of ${demo} provides`, () => {
        const { directory: original } = openWorkspace(demo);
        let copy;
        before(() => {
            copy = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-provided-')));
            cpSync(join(original, module), join(copy, module), { recursive: true, filter: (path) => basename(path) !== 'dist' });
            cpSync(join(original, 'tsconfig.json'), join(copy, 'tsconfig.json'));
            symlinkSync(join(original, 'node_modules'), join(copy, 'node_modules'), 'junction');
        });
        after(() => rmSync(copy, { recursive: true, force: true }));

        test('have the same names in both modes', () => {
            const development = names('development');
            const production = names('production');
            assert.deepEqual(production, development);
            for (const [key, exported] of Object.entries(production)) {
                const provided = key.slice(key.indexOf(' ') + 1);
                for (const name of NEEDED[provided] ?? []) assert.ok(exported.includes(name), `${key} lacks ${name}`);
            }
        });

        test('have no name in production that the package lacks there', () => {
            const require = createRequire(join(copy, module, 'package.json'));
            const exported = names('production')['server react'] ?? names('production')['server vue2'];
            const name = demo === 'demo-react' ? 'react' : 'vue2';
            const script = `process.stdout.write(JSON.stringify(Object.keys(require(${JSON.stringify(require.resolve(name))}))))`;
            const real = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' } });
            const has = new Set([...JSON.parse(real.stdout), 'default']);
            assert.deepEqual(exported.filter((one) => !has.has(one)), []);
        });

        /** `<side> <provided name>` → the names its file exports. @param {string} mode @returns {Record<string, string[]>} */
        function names(mode) {
            const result = spawnSync(process.execPath, [COMMAND, 'build', '--mode', mode], { cwd: join(copy, module), encoding: 'utf8' });
            assert.equal(result.status, 0, result.stdout + result.stderr);
            /** @type {Record<string, string[]>} */
            const found = {};
            for (const side of ['client', 'server']) {
                const dist = join(copy, module, 'dist', side);
                const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'));
                for (const { name, pkg, file } of Object.values(manifest.exports)) {
                    if (pkg) found[`${side} ${name}`] = exportedNames(readFileSync(join(dist, file), 'utf8'));
                }
            }
            return found;
        }
    });
}

/** The names in the export clauses that the builder writes at the end of a file. @param {string} code */
function exportedNames(code) {
    const clauses = [...code.matchAll(/^export\s*\{([^}]*)\}/gm)].map(([, clause]) => clause);
    return clauses.flatMap((clause) => clause.split(',').map((item) => item.trim().split(/\s+as\s+/).at(-1))).filter((name) => name !== '').sort();
}
