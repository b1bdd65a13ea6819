#!/usr/bin/env node
/**
 * Bundles programs that use popular packages, runs the bundles where no package is installed, and compares what they
 * print with what Node prints for the sources:
 *
 *     node tests/corpus/run.mjs                  all programs
 *     node tests/corpus/run.mjs vue zod          only these
 *     node tests/corpus/run.mjs --sizes          instead of that, minified sizes and times beside those of esbuild
 *
 * A program is a file in `programs/`; adding one adds a case. Its first comment lines may say
 *
 *     // platforms: node; why it does not run on browsers
 *     // expected: other-program.mjs; why its own sources are not what is compared with
 *
 * The binary is built by `cargo build`, or named by `ESMX_BUILD_BINARY`.
 */

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildBinary, installPackages, StepError } from '../../fixtures/workspace.mjs';

const corpus = dirname(fileURLToPath(import.meta.url));
const programs = join(corpus, 'programs');

/** What is built of each program; Node's own `NODE_ENV` decides where the bundle leaves it to Node. */
const VARIANTS = [
    { platform: 'node', mode: 'production', flags: ['--minify'] },
    { platform: 'node', mode: 'development', flags: [] },
    { platform: 'browser', mode: 'production', flags: ['--minify', '--mode', 'production'] },
    { platform: 'browser', mode: 'development', flags: ['--mode', 'development'] }
];
const SECONDS_TO_RUN = 90;

/** @typedef {{ name: string, file: string, platforms: string[], expected: string }} Program */
/** @typedef {{ program: string, platform: string, ours: number, theirs: number | undefined, ourTime: number, theirTime: number }} Size */

process.exitCode = await main(process.argv.slice(2));

/** @param {string[]} words @returns {Promise<number>} */
async function main(words) {
    const measures = words.includes('--sizes');
    const names = words.filter((word) => word !== '--sizes');
    const all = readdirSync(programs).sort().map(readProgram);
    const unknown = names.filter((name) => !all.some((program) => program.name === name));
    if (unknown.length > 0) {
        console.error(`There is no program ${unknown.join(', ')} in tests/corpus/programs.`);
        return 2;
    }
    let binary;
    try {
        installPackages(corpus);
        binary = process.env.ESMX_BUILD_BINARY ?? buildBinary();
    } catch (error) {
        if (!(error instanceof StepError)) throw error;
        console.error(error.message);
        return 1;
    }
    const scratch = mkdtempSync(join(tmpdir(), 'esmx-corpus-'));
    writeFileSync(join(scratch, 'package.json'), '{ "type": "module" }');
    const chosen = all.filter((program) => names.length === 0 || names.includes(program.name));
    try {
        return await (measures ? compareSizes(chosen, binary, scratch) : checkAll(chosen, binary, scratch));
    } finally {
        rmSync(scratch, { recursive: true, force: true });
    }
}

/** @param {Program[]} chosen @param {string} binary @param {string} scratch @returns {Promise<number>} The exit code. */
async function checkAll(chosen, binary, scratch) {
    let failures = 0;
    const started = performance.now();
    await inParallel(Math.min(4, availableParallelism()), chosen, async (program) => {
        const start = performance.now();
        const problems = await check(program, binary, scratch);
        const seconds = ((performance.now() - start) / 1000).toFixed(1);
        console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${program.name} (${program.platforms.join(', ')}; ${seconds} s)`);
        rmSync(join(scratch, program.name), { recursive: true, force: true });
        for (const problem of problems) console.log(problem.replace(/^/gm, '    '));
        if (problems.length > 0) failures += 1;
    });
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(`\n${chosen.length - failures} of ${chosen.length} programs behave as their sources do (${seconds} s)`);
    return failures === 0 ? 0 : 1;
}

/** One after the other, so that times mean something. @param {Program[]} chosen @param {string} binary @param {string} scratch */
async function compareSizes(chosen, binary, scratch) {
    /** @type {Size[]} */
    const sizes = [];
    for (const program of chosen) sizes.push(...(await measure(program, binary, scratch)));
    printSizes(sizes);
    return 0;
}

/** @param {string} file @returns {Program} */
function readProgram(file) {
    const name = basename(file, extname(file));
    const text = readFileSync(join(programs, file), 'utf8');
    const said = (/** @type {string} */ word) => new RegExp(`^// ${word}: ([^;]+); \\S.*$`, 'm').exec(text)?.[1];
    return {
        name,
        file,
        platforms: said('platforms')?.split(/,\s*/) ?? ['node', 'browser'],
        expected: said('expected') ?? file
    };
}

/** @param {Program} program @param {string} binary @param {string} scratch @returns {Promise<string[]>} What is wrong. */
async function check(program, binary, scratch) {
    const problems = [];
    /** @type {Map<string, string>} */
    const expected = new Map();
    for (const { platform, mode, flags } of VARIANTS) {
        if (!program.platforms.includes(platform)) continue;
        if (!expected.has(mode)) {
            const sources = await runNode([join(programs, program.expected)], mode, corpus);
            if (sources.code !== 0) return [`${program.expected} itself does not run (${mode}):\n${sources.stdout}${sources.stderr}`];
            if (sources.stdout.trim() === '') return [`${program.expected} prints nothing`];
            expected.set(mode, sources.stdout);
        }
        const label = `${platform}, ${mode}`;
        const outDir = join(scratch, program.name, `${platform}-${mode}`);
        const built = await bundle(program, binary, outDir, ['--platform', platform, ...flags]);
        if (built.code !== 0) {
            problems.push(`${label}: is not bundled\n${built.stderr}`);
            continue;
        }
        const preload = platform === 'browser' ? ['--import', pathToFileURL(join(corpus, 'browser.mjs')).href] : [];
        const ran = await runNode([...preload, join(outDir, `${program.name}.js`)], mode, outDir);
        if (ran.stdout !== expected.get(mode) || ran.code !== 0) {
            problems.push(`${label}: prints something else${ran.code === 0 ? '' : ` and ends with ${ran.code}`}\n${firstDifference(expected.get(mode) ?? '', ran.stdout)}\n${ran.stderr.slice(0, 2000)}`);
        }
    }
    return problems;
}

/** @param {Program} program @param {string} binary @param {string} outDir @param {string[]} flags */
function bundle(program, binary, outDir, flags) {
    return execute(binary, ['bundle', `${program.name}=programs/${program.file}`, '--out-dir', outDir, ...flags], corpus, {});
}

/** @param {string[]} argumentList @param {string} mode @param {string} directory */
function runNode(argumentList, mode, directory) {
    return execute(process.execPath, ['--no-warnings', ...argumentList], directory, { NODE_ENV: mode, TZ: 'UTC', FORCE_COLOR: undefined, NO_COLOR: '1' });
}

/**
 * @param {string} command
 * @param {string[]} argumentList
 * @param {string} directory
 * @param {Record<string, string | undefined>} environment
 * @returns {Promise<{ code: number | string, stdout: string, stderr: string }>}
 */
function execute(command, argumentList, directory, environment) {
    return new Promise((resolve, reject) => {
        const child = spawn(command, argumentList, { cwd: directory, env: { ...process.env, ...environment }, timeout: SECONDS_TO_RUN * 1000, stdio: ['ignore', 'pipe', 'pipe'] });
        let stdout = '';
        let stderr = '';
        child.stdout.setEncoding('utf8').on('data', (text) => { stdout += text; });
        child.stderr.setEncoding('utf8').on('data', (text) => { stderr += text; });
        child.on('error', reject);
        child.on('close', (code, signal) => resolve({ code: code ?? signal ?? 'no code', stdout, stderr }));
    });
}

/** @param {string} expected @param {string} found */
function firstDifference(expected, found) {
    let at = 0;
    while (at < expected.length && expected[at] === found[at]) at += 1;
    const from = Math.max(0, at - 60);
    const show = (/** @type {string} */ text) => JSON.stringify(text.slice(from, at + 140));
    return at === expected.length && at === found.length ? 'the text is the same' : `sources: ${show(expected)}\nbundle:  ${show(found)}`;
}

/** @template T @param {number} width @param {T[]} items @param {(item: T) => Promise<void>} work */
async function inParallel(width, items, work) {
    const waiting = items.values();
    const worker = async () => {
        for (const item of waiting) await work(item);
    };
    await Promise.all(Array.from({ length: width }, worker));
}

/** @param {Program} program @param {string} binary @param {string} scratch @returns {Promise<Size[]>} */
async function measure(program, binary, scratch) {
    const esbuild = createRequire(import.meta.url)('esbuild');
    /** @type {Size[]} */
    const sizes = [];
    for (const platform of program.platforms) {
        const ourDir = join(scratch, 'ours');
        rmSync(ourDir, { recursive: true, force: true });
        const flags = ['--platform', platform, '--mode', 'production', '--minify', '--legal-comments', 'none'];
        const start = performance.now();
        const built = await bundle(program, binary, ourDir, flags);
        const ourTime = performance.now() - start;
        if (built.code !== 0) continue;
        const theirStart = performance.now();
        const theirs = await esbuild
            .build({
                absWorkingDir: corpus,
                entryPoints: [join(programs, program.file)],
                outdir: join(scratch, 'theirs'),
                bundle: true,
                splitting: true,
                format: 'esm',
                platform,
                minify: true,
                legalComments: 'none',
                logLevel: 'silent',
                write: false,
                define: { 'process.env.NODE_ENV': '"production"' }
            })
            .catch(() => undefined);
        sizes.push({
            program: program.name,
            platform,
            ours: directorySize(ourDir),
            theirs: theirs?.outputFiles.reduce((sum, { contents }) => sum + contents.length, 0),
            ourTime,
            theirTime: performance.now() - theirStart
        });
    }
    return sizes;
}

/** @param {string} directory @returns {number} */
function directorySize(directory) {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.js'))
        .reduce((sum, file) => sum + statSync(join(directory, file)).size, 0);
}

/** @param {Size[]} sizes */
function printSizes(sizes) {
    console.log('\nminified bytes and milliseconds (a debug build of the bundler is no measure of its speed)\n');
    console.log(`${'program'.padEnd(26)}${'platform'.padEnd(10)}${'ours'.padStart(10)}${'esbuild'.padStart(10)}${'ratio'.padStart(8)}${'ours'.padStart(8)}${'esbuild'.padStart(9)}`);
    const row = (/** @type {Size} */ { program, platform, ours, theirs, ourTime, theirTime }) => {
        const ratio = theirs === undefined ? 'fails' : (ours / theirs).toFixed(3);
        console.log(`${program.padEnd(26)}${platform.padEnd(10)}${String(ours).padStart(10)}${String(theirs ?? '').padStart(10)}${ratio.padStart(8)}${ourTime.toFixed(0).padStart(8)}${theirTime.toFixed(0).padStart(9)}`);
    };
    for (const size of sizes) row(size);
    const both = sizes.filter(({ theirs }) => theirs !== undefined);
    const sum = (/** @type {(size: Size) => number} */ read) => both.reduce((total, size) => total + read(size), 0);
    row({ program: 'all', platform: '', ours: sum((size) => size.ours), theirs: sum((size) => size.theirs ?? 0), ourTime: sum((size) => size.ourTime), theirTime: sum((size) => size.theirTime) });
}
