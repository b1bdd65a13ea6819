/** Runs a bundler that is started from a script: `node run-peer.mjs rolldown '{ "entry": … }'`. */

import { resolve } from 'node:path';

const [name, text] = process.argv.slice(2);
/** @type {import('./peers.mjs').Job} */
const { directory, entry, outDir, minify } = JSON.parse(text);
const PRODUCTION = { 'process.env.NODE_ENV': '"production"' };

/** @type {Record<string, () => Promise<void>>} */
const RUN = {
    async rolldown() {
        const { rolldown } = await import('rolldown');
        const bundle = await rolldown({ cwd: directory, input: entry, platform: 'browser', logLevel: 'silent', transform: { define: PRODUCTION } });
        await bundle.write({ dir: outDir, format: 'esm', minify, sourcemap: true });
        await bundle.close();
    },
    async rspack() {
        const { rspack } = await import('@rspack/core');
        const compiler = rspack({
            mode: 'production',
            context: directory,
            entry: resolve(directory, entry),
            target: ['web', 'es2022'],
            devtool: 'source-map',
            performance: false,
            resolve: { extensions: ['.tsx', '.ts', '.jsx', '.js', '.mjs', '.json'] },
            module: {
                rules: [
                    {
                        test: /\.tsx?$/,
                        loader: 'builtin:swc-loader',
                        options: { jsc: { parser: { syntax: 'typescript', tsx: true }, transform: { react: { runtime: 'automatic' } }, target: 'es2022' } },
                        type: 'javascript/auto'
                    }
                ]
            },
            output: { path: outDir, module: true, filename: '[name].js', library: { type: 'module' } },
            optimization: { minimize: minify }
        });
        const stats = await new Promise((done, fail) => compiler.run((error, result) => (error ? fail(error) : done(result))));
        if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
        await new Promise((done) => compiler.close(done));
    },
    async rollup() {
        const { rollup } = await import('rollup');
        const bundle = await rollup({ input: resolve(directory, entry), onwarn() {} });
        await bundle.write({ dir: outDir, format: 'esm', sourcemap: true, compact: minify });
        await bundle.close();
    }
};

process.chdir(directory);
try {
    await RUN[name]();
    process.exit(0);
} catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
}
