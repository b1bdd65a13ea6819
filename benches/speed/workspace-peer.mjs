/**
 * Builds all modules of the workspace of benches/workspace.mjs with one peer, side by side:
 *
 *     node workspace-peer.mjs NAME ROOT MODE
 */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [name, root, mode] = process.argv.slice(2);
const SHARED = ['react', 'react/jsx-runtime', 'react-dom', 'react-dom/client', 'react-dom/server'];
const minify = mode === 'production';
const define = { 'process.env.NODE_ENV': JSON.stringify(mode) };

/** @typedef {{ entries: Record<string, string>, external: string[], outDir: string, side: 'client' | 'server', directory: string }} Job */

/** @type {Record<string, (job: Job) => Promise<unknown>>} */
const BUILD = {
    async esbuild({ entries, external, outDir, side }) {
        const { build } = await import('esbuild');
        await build({
            entryPoints: entries,
            external,
            outdir: outDir,
            bundle: true,
            format: 'esm',
            platform: side === 'client' ? 'browser' : 'node',
            mainFields: ['module', 'main'],
            splitting: true,
            minify,
            sourcemap: true,
            define,
            jsx: 'automatic',
            logLevel: 'error'
        });
    },
    async rolldown({ entries, external, outDir, side, directory }) {
        const { build } = await import('rolldown');
        await build({
            cwd: directory,
            input: entries,
            external,
            platform: side === 'client' ? 'browser' : 'node',
            transform: { define, jsx: 'react-jsx' },
            logLevel: 'silent',
            output: { dir: outDir, format: 'esm', minify, sourcemap: true, entryFileNames: '[name].js' }
        });
    }
};

const modules = readdirSync(join(root, 'packages'));
const jobs = modules.flatMap((module) => /** @type {const} */ (['client', 'server']).map((side) => {
    const directory = join(root, 'packages', module);
    const entry = join(directory, 'src', `entry.${side}.tsx`);
    const isShared = !existsSync(entry);
    return {
        directory,
        side,
        outDir: join(directory, 'dist', name, side),
        entries: isShared ? Object.fromEntries(SHARED.map((shared) => [shared.replaceAll('/', '-'), shared])) : { [`entry.${side}`]: entry },
        external: isShared ? [] : SHARED
    };
}));
await Promise.all(jobs.map((job) => BUILD[name](job)));
