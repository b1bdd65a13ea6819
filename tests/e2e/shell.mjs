/** The shell demo, built, in a directory that a test may change. */

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stageRelease } from '../../fixtures/static-site.mjs';

const CHECKOUT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const SOURCES = join(CHECKOUT, 'fixtures', 'demo-react-shell');

export function openShell() {
    if (!existsSync(join(SOURCES, 'shell', 'dist', 'client', 'index.html'))) {
        throw new Error('demo-react-shell is not built: run `node fixtures/demo.mjs --shell --no-serve`, or all tests with `node tests/run.mjs`');
    }
    const directory = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-shell-')));
    cpSync(SOURCES, directory, { recursive: true, verbatimSymlinks: true });
    const runtime = join(directory, 'node_modules', 'esmx-build');
    rmSync(runtime, { force: true });
    symlinkSync(join(CHECKOUT, 'runtime'), runtime, 'junction');
    const host = join(directory, 'shell');
    const esmxBuild = (/** @type {string} */ place, /** @type {string[]} */ ...words) =>
        execFileSync(process.env.ESMX_BUILD_BINARY ?? 'esmx-build', words, { cwd: join(directory, place), stdio: 'pipe', encoding: 'utf8' });
    // What was built elsewhere names that place in its server map.
    esmxBuild('shell', 'compose', '--html');
    return {
        directory,
        host,
        site: join(directory, 'site'),
        esmxBuild,
        /** Changes a source file, which has to have what is replaced. */
        edit(/** @type {string} */ file, /** @type {string} */ from, /** @type {string} */ to) {
            const path = join(directory, file);
            const text = readFileSync(path, 'utf8');
            if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
            writeFileSync(path, text.replace(from, to));
        },
        /** Builds one slice and composes the shell with it. */
        rebuild(/** @type {string} */ slice) {
            esmxBuild(slice, 'build');
            esmxBuild('shell', 'compose', '--html');
        },
        /** Releases what is built, or only some modules of it. */
        release(/** @type {string[] | undefined} */ modules) {
            stageRelease(host, join(directory, 'next'), modules);
            return esmxBuild('.', 'importmap', 'release', 'next', '--to', 'site');
        },
        rollback: () => esmxBuild('.', 'importmap', 'rollback', '--to', 'site'),
        remove: () => rmSync(directory, { recursive: true, force: true })
    };
}
