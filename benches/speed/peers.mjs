/** How each bundler is started: one process, minified, with source maps, in production mode. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const own = fileURLToPath(new URL('.', import.meta.url));
const DEFINE = 'process.env.NODE_ENV="production"';

/**
 * @typedef {object} Job
 * @property {string} directory
 * @property {string} entry
 * @property {string} outDir
 * @property {boolean} minify
 */

/** @type {Record<string, (job: Job) => string[]>} */
export const COMMANDS = {
    esbuild: ({ entry, outDir, minify }) => [
        join(own, 'node_modules/@esbuild', `${process.platform}-${process.arch}`, 'bin/esbuild'),
        entry,
        '--bundle',
        '--format=esm',
        ...(minify ? ['--minify'] : []),
        '--sourcemap',
        '--log-level=error',
        `--define:${DEFINE}`,
        `--outdir=${outDir}`
    ],
    bun: ({ entry, outDir, minify }) => [
        bun(),
        'build',
        entry,
        ...(minify ? ['--minify'] : []),
        '--sourcemap=linked',
        '--target=browser',
        `--define=${DEFINE}`,
        `--outdir=${outDir}`
    ],
    rolldown: (job) => script('rolldown', job),
    rspack: (job) => script('rspack', job),
    rollup: (job) => script('rollup', job)
};

/** Where the program is; the install script of the package `bun`, where it runs, moves it there. */
function bun() {
    const asPublished = join(own, 'node_modules/@oven', `bun-${process.platform}-${process.arch}`, 'bin/bun');
    return existsSync(asPublished) ? asPublished : join(own, 'node_modules/bun/bin/bun.exe');
}

const script = (/** @type {string} */ name, /** @type {Job} */ job) => [process.execPath, join(own, 'run-peer.mjs'), name, JSON.stringify(job)];
