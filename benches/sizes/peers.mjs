/** The bundlers ours is compared with, each set to its smallest production output as ES modules for current engines. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * @typedef {object} Job
 * @property {string} directory Where the packages are.
 * @property {string} input The program, absolute.
 * @property {string} name What its file is called, without `.js`.
 * @property {'node' | 'browser'} platform
 * @property {string} outDir
 */

const PRODUCTION = { 'process.env.NODE_ENV': '"production"' };

/** @type {Record<string, (job: Job) => Promise<void>>} */
export const PEERS = {
    async esbuild({ directory, input, name, platform, outDir }) {
        const { build } = await import('esbuild');
        await build({
            absWorkingDir: directory,
            entryPoints: { [name]: input },
            outdir: outDir,
            bundle: true,
            splitting: true,
            format: 'esm',
            platform,
            minify: true,
            legalComments: 'none',
            logLevel: 'silent',
            define: PRODUCTION
        });
    },

    async rolldown({ directory, input, name, platform, outDir }) {
        const { rolldown } = await import('rolldown');
        const bundle = await rolldown({
            cwd: directory,
            input: { [name]: input },
            platform,
            logLevel: 'silent',
            transform: { define: PRODUCTION }
        });
        try {
            await bundle.write({ dir: outDir, format: 'esm', minify: true, comments: { legal: false } });
        } finally {
            await bundle.close();
        }
    },

    async rspack({ directory, input, name, platform, outDir }) {
        const { rspack } = await import('@rspack/core');
        const compiler = rspack({
            mode: 'production',
            context: directory,
            entry: { [name]: input },
            target: [platform === 'node' ? 'node22' : 'web', 'es2022'],
            devtool: false,
            performance: false,
            output: { path: outDir, module: true, filename: '[name].js', chunkFilename: '[name].chunk.js', publicPath: platform === 'browser' ? 'auto' : undefined, library: { type: 'module' } },
            optimization: {
                concatenateModules: true,
                minimizer: [new rspack.SwcJsMinimizerRspackPlugin({ extractComments: false, minimizerOptions: { format: { comments: false }, ecma: 2022, module: true } })]
            }
        });
        const stats = await new Promise((resolve, reject) => compiler.run((error, result) => (error ? reject(error) : resolve(result))));
        await new Promise((resolve) => compiler.close(resolve));
        if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
    },

    async rollup({ input, name, platform, outDir }) {
        const [{ rollup }, resolve, commonjs, json, replace, { minify }] = await Promise.all([
            import('rollup'),
            import('@rollup/plugin-node-resolve'),
            import('@rollup/plugin-commonjs'),
            import('@rollup/plugin-json'),
            import('@rollup/plugin-replace'),
            import('terser')
        ]);
        const bundle = await rollup({
            input: { [name]: input },
            plugins: [
                replace.default({ preventAssignment: true, values: PRODUCTION }),
                resolve.default({ browser: platform === 'browser', preferBuiltins: platform === 'node', exportConditions: ['production'] }),
                json.default(),
                commonjs.default()
            ],
            onwarn() {}
        });
        const { output } = await bundle.generate({ format: 'esm', compact: true });
        await bundle.close();
        for (const chunk of output) {
            if (chunk.type !== 'chunk') continue;
            const { code } = await minify(chunk.code, { module: true, ecma: 2020, compress: { passes: 2 }, format: { comments: false } });
            const file = join(outDir, chunk.fileName);
            mkdirSync(dirname(file), { recursive: true });
            writeFileSync(file, code ?? '');
        }
    }
};
