#!/usr/bin/env node
/**
 * How long it takes from a saved file to written outputs, beside esbuild and Rolldown, in turn, many times:
 *
 *     cargo build --release
 *     node benches/rebuilds.mjs                       10,000 components with 9,000 icons
 *     node benches/rebuilds.mjs react-1k --edits 51
 *     node benches/rebuilds.mjs --json file
 *
 * All of them stay in memory, in development mode with source maps, and one leaf module is edited again and again: `inside`
 * changes a text within its function, `names` adds and removes an exported function, which changes what the linker sees of
 * it. Ours and Rolldown watch the file system themselves; esbuild is told to build again, which spares it the waiting. A
 * line tells the median of what passed, and of what the tool says it took itself. Every output must contain the edit.
 *
 * The binary is `target/release/esmx-build`, or named by `ESMX_BUILD_BINARY`.
 */

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { checkout, installPackages } from '../fixtures/workspace.mjs';
import { INPUTS } from './speed/inputs.mjs';

const OWN = fileURLToPath(new URL('speed', import.meta.url));
const DEVELOPMENT = { 'process.env.NODE_ENV': '"development"' };

/**
 * @typedef {object} Session
 * @property {(save: () => void) => Promise<number | undefined>} rebuild Saves, and waits for the outputs; the answer is
 *     how long the tool says that it took.
 * @property {() => Promise<void>} end
 */

/** @typedef {{ directory: string, entry: string, outDir: string, binary: string }} Job */

const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        tools: { type: 'string', default: 'ours,esbuild,rolldown' },
        edits: { type: 'string', default: '21' },
        json: { type: 'string' }
    }
});

/** How each tool is kept running. @type {Record<string, (job: Job) => Promise<Session>>} */
const START = {
    async ours({ directory, entry, outDir, binary }) {
        const words = ['bundle', entry, '--mode', 'development', '--sourcemap', '--out-dir', outDir, '--watch', '--json'];
        const watching = spawn(binary, words, { cwd: directory, stdio: ['pipe', 'pipe', 'inherit'] });
        const lines = createInterface({ input: watching.stdout })[Symbol.asyncIterator]();
        const next = async () => {
            const event = JSON.parse((await lines.next()).value);
            if (event.event !== 'built') throw new Error(JSON.stringify(event.diagnostics));
            return Number(event.durationMs);
        };
        await next();
        return {
            rebuild(save) {
                save();
                return next();
            },
            async end() {
                watching.stdin.end();
                await new Promise((done) => watching.on('close', done));
            }
        };
    },
    async esbuild({ directory, entry, outDir }) {
        const { context } = installed('esbuild');
        const building = await context({
            absWorkingDir: directory,
            entryPoints: [entry],
            bundle: true,
            format: 'esm',
            sourcemap: true,
            outdir: outDir,
            define: DEVELOPMENT,
            logLevel: 'error'
        });
        await building.rebuild();
        return {
            async rebuild(save) {
                save();
                await building.rebuild();
                return undefined;
            },
            end: () => building.dispose()
        };
    },
    async rolldown({ directory, entry, outDir }) {
        const { watch } = await import(pathToFileURL(installed.resolve('rolldown').replace(/\.cjs$/, '.mjs')).href);
        const watching = watch({
            cwd: directory,
            input: entry,
            platform: 'browser',
            logLevel: 'silent',
            transform: { define: DEVELOPMENT },
            output: { dir: outDir, format: 'esm', sourcemap: true }
        });
        /** @type {number | undefined} */
        let took;
        /** @type {(answer: { error?: Error }) => void} */
        let ended = () => {};
        watching.on('event', async (/** @type {any} */ event) => {
            if (event.code === 'BUNDLE_END') {
                took = event.duration;
                await event.result?.close();
            }
            if (event.code === 'ERROR') ended({ error: event.error });
            if (event.code === 'END') ended({});
        });
        const end = () =>
            new Promise((/** @type {(answer: number | undefined) => void} */ done, fail) => {
                ended = ({ error }) => (error ? fail(error) : done(took));
            });
        await end();
        return {
            rebuild(save) {
                const built = end();
                save();
                return built;
            },
            end: () => watching.close()
        };
    }
};

/** The edits: what the leaf says, and what must be in the output then. @type {Record<string, (text: string, number: number) => [string, string]>} */
const EDITS = {
    inside: (text, number) => [text.replace(/title = 'Part \d+'/, `title = 'Edited ${number}'`), `Edited ${number}`],
    names: (text, number) => [`${text}\nexport function edited${number}() {\n    return LABELS.open;\n}\n${number % 2 ? `console.log(edited${number});\n` : ''}`, number % 2 ? `edited${number}` : 'LABELS']
};

/** What leaves said at first. @type {Map<string, string>} */
const originals = new Map();
const installed = createRequire(join(OWN, 'package.json'));
process.exitCode = await main();

/** @returns {Promise<number>} */
async function main() {
    const names = positionals.length === 0 ? ['react-10k'] : positionals;
    const tools = values.tools.split(',');
    const unknown = [...names.filter((name) => !name.startsWith('react-') || !(name in INPUTS)), ...tools.filter((tool) => !(tool in START))];
    if (unknown.length > 0) return refuse(`Not known: ${unknown.join(', ')}.`);
    const binary = resolve(process.env.ESMX_BUILD_BINARY ?? join(checkout, 'target/release/esmx-build'));
    if (!existsSync(binary)) return refuse(`There is no ${binary}: run \`cargo build --release\`.`);
    installPackages(OWN);
    const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-rebuilds-')));
    const document = {};
    try {
        for (const name of names) {
            console.log(`\n${name}: ${INPUTS[name].says}`);
            document[name] = await compare(join(scratch, name), INPUTS[name], tools, binary);
        }
    } finally {
        rmSync(scratch, { recursive: true, force: true });
    }
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(document, null, 2)}\n`);
    return 0;
}

/** @param {string} scratch @param {import('./speed/inputs.mjs').Input} input @param {string[]} tools @param {string} binary */
async function compare(scratch, input, tools, binary) {
    const running = [];
    // Each has sources of its own: nobody builds for an edit that is somebody else's.
    for (const tool of tools) {
        const directory = join(scratch, tool);
        mkdirSync(directory, { recursive: true });
        input.make(directory, join(OWN, 'node_modules'));
        const outDir = join(scratch, `out-${tool}`);
        running.push({ tool, directory, outDir, session: await START[tool]({ directory, entry: input.entry, outDir, binary }) });
    }
    const results = {};
    for (const [edit, change] of Object.entries(EDITS)) {
        /** @type {Record<string, { passed: number[], took: number[] }>} */
        const samples = Object.fromEntries(tools.map((tool) => [tool, { passed: [], took: [] }]));
        for (let number = 0; number <= Number(values.edits); number++) {
            for (const { tool, directory, outDir, session } of running) {
                const leaf = leafOf(directory);
                const [text, expected] = change(leaf.text, number);
                // What the last build left to do is not part of this one.
                await new Promise((done) => setTimeout(done, 100));
                const started = performance.now();
                const took = await session.rebuild(() => writeFileSync(leaf.path, text));
                const passed = performance.now() - started;
                if (!readFileSync(join(outDir, 'main.js'), 'utf8').includes(expected)) throw new Error(`${tool} did not build ${expected}`);
                if (number === 0) continue;
                samples[tool].passed.push(passed);
                if (took !== undefined) samples[tool].took.push(took);
            }
        }
        results[edit] = Object.fromEntries(tools.map((tool) => [tool, { passed: median(samples[tool].passed), took: median(samples[tool].took) }]));
        for (const tool of tools) console.log(`  ${edit.padEnd(7)}${line(tool, results[edit][tool])}`);
    }
    for (const { session } of running) await session.end();
    return results;
}

/** The last component is nobody's parent. */
function leafOf(/** @type {string} */ directory) {
    const parts = readdirSync(join(directory, 'src')).filter((name) => name.startsWith('part'));
    const last = `part${Math.max(...parts.map((name) => Number(name.slice(4))))}`;
    const components = readdirSync(join(directory, 'src', last)).map((name) => Number(/\d+/.exec(name)?.[0]));
    const path = join(directory, 'src', last, `Component${Math.max(...components)}.tsx`);
    if (!originals.has(path)) originals.set(path, readFileSync(path, 'utf8'));
    return { path, text: originals.get(path) ?? '' };
}

function median(/** @type {number[]} */ samples) {
    return samples.length === 0 ? undefined : samples.sort((a, b) => a - b)[samples.length >> 1];
}

function line(/** @type {string} */ tool, /** @type {{ passed?: number, took?: number }} */ { passed, took }) {
    const own = took === undefined ? '' : `  of its own ${took.toFixed(0).padStart(6)} ms`;
    return `${tool.padEnd(9)} ${passed?.toFixed(0).padStart(6)} ms${own}`;
}

/** @param {string} message */
function refuse(message) {
    console.error(message);
    return 2;
}
