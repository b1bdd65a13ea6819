#!/usr/bin/env node
/**
 * Minified sizes beside those of esbuild, Rolldown, Rspack and Rollup with terser, raw and compressed:
 *
 *     node benches/sizes.mjs                            every program of tests/corpus
 *     node benches/sizes.mjs vue zod                    only these
 *     node benches/sizes.mjs --peers esbuild,rolldown   beside these
 *     node benches/sizes.mjs --keep folder              outputs stay there, one folder per program and bundler
 *     node benches/sizes.mjs --json file                the numbers, for comparing two states
 *
 * Every output is run, and counts only if it prints what the sources print: nobody wins by leaving something out. The
 * binary is built by `cargo build`, or named by `ESMX_BUILD_BINARY`.
 */

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { buildBinary, checkout, installPackages, StepError } from '../fixtures/workspace.mjs';

const CORPUS = join(checkout, 'tests', 'corpus');
const OWN = join(dirname(fileURLToPath(import.meta.url)), 'sizes');
const OURS = 'ours';
const ALL = [OURS, 'esbuild', 'rolldown', 'rspack', 'rollup'];
const MEASURES = ['raw', 'gzip', 'brotli'];
const SECONDS_TO_RUN = 90;

/** @typedef {{ raw: number, gzip: number, brotli: number } | { problem: string }} Result */

process.exitCode = await main();

/** @returns {Promise<number>} */
async function main() {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: { peers: { type: 'string' }, keep: { type: 'string' }, json: { type: 'string' } }
    });
    const tools = values.peers === undefined ? ALL : [OURS, ...values.peers.split(',').filter((name) => name !== '')];
    const unknownTool = tools.find((name) => !ALL.includes(name));
    if (unknownTool !== undefined) return refuse(`There is no bundler ${unknownTool}; there are ${ALL.join(', ')}.`);
    const files = readdirSync(join(CORPUS, 'programs')).sort();
    const nameOf = (/** @type {string} */ file) => basename(file, extname(file));
    const unknown = positionals.filter((name) => !files.some((file) => nameOf(file) === name));
    if (unknown.length > 0) return refuse(`There is no program ${unknown.join(', ')} in tests/corpus/programs.`);
    let binary;
    try {
        installPackages(CORPUS);
        installPackages(OWN);
        binary = resolve(process.env.ESMX_BUILD_BINARY ?? buildBinary());
    } catch (error) {
        if (!(error instanceof StepError)) throw error;
        return refuse(error.message, 1);
    }
    const scratch = values.keep === undefined ? mkdtempSync(join(tmpdir(), 'esmx-sizes-')) : resolve(values.keep);
    mkdirSync(scratch, { recursive: true });
    writeFileSync(join(scratch, 'package.json'), '{ "type": "module" }');
    const chosen = files.filter((file) => positionals.length === 0 || positionals.includes(nameOf(file)));
    /** @type {Map<string, Map<string, Result>>} */
    const table = new Map();
    try {
        await inParallel(Math.min(2, availableParallelism()), chosen, async (file) => {
            const results = await compare(file, nameOf(file), tools, binary, scratch);
            table.set(nameOf(file), results);
            console.log(line(nameOf(file), results, tools));
        });
    } finally {
        if (values.keep === undefined) rmSync(scratch, { recursive: true, force: true });
    }
    report(table, tools);
    if (values.json !== undefined) {
        const sorted = [...table].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, results]) => [name, Object.fromEntries(results)]);
        writeFileSync(values.json, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
    }
    return [...table.values()].some((results) => 'problem' in (results.get(OURS) ?? {})) ? 1 : 0;
}

/** @param {string} message */
function refuse(message, code = 2) {
    console.error(message);
    return code;
}

/**
 * @param {string} file
 * @param {string} name
 * @param {string[]} tools
 * @param {string} binary
 * @param {string} scratch
 */
async function compare(file, name, tools, binary, scratch) {
    const input = join(CORPUS, 'programs', file);
    const said = (/** @type {string} */ word) => new RegExp(`^// ${word}: ([^;]+); \\S.*$`, 'm').exec(readFileSync(input, 'utf8'))?.[1];
    /** @type {'node' | 'browser'} */
    const platform = said('platforms') === 'node' ? 'node' : 'browser';
    const expected = await runNode([join(CORPUS, 'programs', said('expected') ?? file)], CORPUS);
    /** @type {Map<string, Result>} */
    const results = new Map();
    for (const tool of tools) {
        const outDir = join(scratch, name, tool);
        rmSync(outDir, { recursive: true, force: true });
        mkdirSync(outDir, { recursive: true });
        const built = await bundle(tool, { directory: CORPUS, input, name, platform, outDir }, binary);
        if (built !== undefined) {
            results.set(tool, { problem: `is not bundled: ${built}` });
            continue;
        }
        const preload = platform === 'browser' ? ['--import', pathToFileURL(join(CORPUS, 'browser.mjs')).href] : [];
        const ran = await runNode([...preload, join(outDir, `${name}.js`)], outDir);
        const isRight = ran.code === 0 && ran.stdout === expected.stdout;
        results.set(tool, isRight ? sizes(outDir) : { problem: `prints something else (${ran.code}): ${ran.stderr.trim().split('\n').slice(0, 6).join(' | ')}` });
    }
    return results;
}

/** @param {string} tool @param {import('./sizes/peers.mjs').Job} job @param {string} binary @returns {Promise<string | undefined>} What went wrong. */
async function bundle(tool, job, binary) {
    const ran =
        tool === OURS
            ? await execute(binary, ['bundle', `${job.name}=${job.input}`, '--out-dir', job.outDir, '--platform', job.platform, '--mode', 'production', '--minify', '--legal-comments', 'none'], job.directory)
            : await execute(process.execPath, [join(OWN, 'bundle.mjs'), tool, JSON.stringify(job)], job.directory);
    return ran.code === 0 ? undefined : (ran.stderr.trim().split('\n')[0] ?? '').slice(0, 200);
}

/** @param {string[]} argumentList @param {string} directory */
function runNode(argumentList, directory) {
    return execute(process.execPath, ['--no-warnings', ...argumentList], directory);
}

/**
 * @param {string} command
 * @param {string[]} argumentList
 * @param {string} directory
 * @returns {Promise<{ code: number | string, stdout: string, stderr: string }>}
 */
function execute(command, argumentList, directory) {
    return new Promise((done, reject) => {
        const environment = { ...process.env, NODE_ENV: 'production', TZ: 'UTC', NO_COLOR: '1' };
        delete environment.FORCE_COLOR;
        const child = spawn(command, argumentList, { cwd: directory, env: environment, timeout: SECONDS_TO_RUN * 1000, stdio: ['ignore', 'pipe', 'pipe'] });
        let stdout = '';
        let stderr = '';
        child.stdout.setEncoding('utf8').on('data', (text) => { stdout += text; });
        child.stderr.setEncoding('utf8').on('data', (text) => { stderr += text; });
        child.on('error', reject);
        child.on('close', (code, signal) => done({ code: code ?? signal ?? 'no code', stdout, stderr }));
    });
}

/** All scripts of a folder; each file is compressed on its own, as servers do. @param {string} directory @returns {Result} */
function sizes(directory) {
    const sum = { raw: 0, gzip: 0, brotli: 0 };
    for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
        if (!/\.m?js$/.test(file)) continue;
        const text = readFileSync(join(directory, file));
        sum.raw += text.length;
        sum.gzip += gzipSync(text, { level: 9 }).length;
        sum.brotli += brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
    }
    return sum;
}

/** @template T @param {number} width @param {T[]} items @param {(item: T) => Promise<void>} work */
async function inParallel(width, items, work) {
    const waiting = items.values();
    const worker = async () => {
        for (const item of waiting) await work(item);
    };
    await Promise.all(Array.from({ length: width }, worker));
}

/** Our bytes, then ours divided by theirs: below 1 is smaller. @param {string} name @param {Map<string, Result>} results @param {string[]} tools */
function line(name, results, tools) {
    const ours = results.get(OURS);
    const cells = MEASURES.map((measure) => {
        if (ours === undefined || 'problem' in ours) return ' FAILS '.padEnd(10 + 8 * (tools.length - 1));
        const ratios = tools.slice(1).map((tool) => {
            const theirs = results.get(tool);
            return (theirs === undefined || 'problem' in theirs ? '-' : (ours[measure] / theirs[measure]).toFixed(3)).padStart(8);
        });
        return `${String(ours[measure]).padStart(10)}${ratios.join('')}`;
    });
    return `${name.padEnd(22)}${cells.join('  |')}`;
}

/** @param {Map<string, Map<string, Result>>} table @param {string[]} tools */
function report(table, tools) {
    console.log(`\n${''.padEnd(22)}${MEASURES.map((measure) => `${measure.padStart(10)}${tools.slice(1).map((tool) => tool.padStart(8)).join('')}`).join('  |')}`);
    for (const name of [...table.keys()].sort()) console.log(line(name, table.get(name) ?? new Map(), tools));
    console.log('');
    for (const tool of tools.slice(1)) {
        const both = [...table].filter(([, results]) => [OURS, tool].every((name) => !('problem' in (results.get(name) ?? { problem: '' }))));
        const means = MEASURES.map((measure) => {
            const logarithms = both.map(([, results]) => Math.log(results.get(OURS)?.[measure] / results.get(tool)?.[measure]));
            return `${measure} ${Math.exp(logarithms.reduce((a, b) => a + b, 0) / Math.max(1, both.length)).toFixed(4)}`;
        });
        const smaller = both.filter(([, results]) => results.get(OURS)?.raw <= results.get(tool)?.raw).length;
        console.log(`ours / ${tool.padEnd(9)} geometric mean of ${both.length}: ${means.join(', ')}; at or below in ${smaller}`);
    }
    for (const [name, results] of table) {
        for (const [tool, result] of results) if ('problem' in result) console.log(`${name}, ${tool}: ${result.problem}`);
    }
}
