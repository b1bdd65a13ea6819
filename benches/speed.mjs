#!/usr/bin/env node
/**
 * How long whole builds take beside esbuild, Bun, Rolldown and Rspack, in turn, several times:
 *
 *     cargo build --release
 *     node benches/speed.mjs                          every input
 *     node benches/speed.mjs react-1k three10         only these
 *     node benches/speed.mjs --peers esbuild --runs 9 --no-minify
 *     node benches/speed.mjs --json file
 *
 * Each is one process from start to end: minified, with source maps, in production mode. A line tells the median wall
 * time, processor time, peak memory, size raw and compressed, and the time as a multiple of ours. `keeping` is ours with a cache
 * that is empty, `warm` with one that has the build, `edited` with one that has the build as it was before a text inside a
 * function of one module changed (a comment, where there is no such text), `grown` before one module exported more.
 * Every output is run in Node and must print what the others print: nobody wins by leaving something out.
 *
 * The binary is `target/release/esmx-build`, or named by `ESMX_BUILD_BINARY`.
 */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { checkout, installPackages } from '../fixtures/workspace.mjs';
import { INPUTS } from './speed/inputs.mjs';
import { COMMANDS } from './speed/peers.mjs';

const OWN = fileURLToPath(new URL('speed', import.meta.url));
const OURS = 'ours';

/** What the cache takes when it is filled, and gives the next process, when nothing was changed meanwhile. */
const KEEPING = 'keeping';
const WARM = 'warm';
/** What it gives when the inside of one module was changed meanwhile, and when that exports more. */
const EDITED = 'edited';
const GROWN = 'grown';
const CHANGED = [EDITED, GROWN];

/** @typedef {{ wall: number, cpu: number, memory: number }} Sample Seconds, seconds, bytes. */

const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        peers: { type: 'string', default: 'esbuild,bun,rolldown,rspack' },
        runs: { type: 'string', default: '5' },
        'no-minify': { type: 'boolean', default: false },
        json: { type: 'string' }
    }
});
process.exitCode = await main();

/** @returns {Promise<number>} */
async function main() {
    const names = positionals.length === 0 ? Object.keys(INPUTS) : positionals;
    const tools = [OURS, KEEPING, WARM, ...CHANGED, ...values.peers.split(',').filter((name) => name !== '')];
    const unknown = [...names.filter((name) => !(name in INPUTS)), ...tools.filter((name) => ![OURS, KEEPING, WARM, ...CHANGED].includes(name) && !(name in COMMANDS))];
    if (unknown.length > 0) return refuse(`Not known: ${unknown.join(', ')}. Inputs: ${Object.keys(INPUTS).join(', ')}. Peers: ${Object.keys(COMMANDS).join(', ')}.`);
    const binary = resolve(process.env.ESMX_BUILD_BINARY ?? join(checkout, 'target/release/esmx-build'));
    if (!existsSync(binary)) return refuse(`There is no ${binary}: run \`cargo build --release\`.`);
    installPackages(OWN);
    const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-speed-')));
    const document = {};
    let failed = false;
    try {
        for (const name of names) {
            const input = INPUTS[name];
            const directory = join(scratch, name);
            mkdirSync(directory);
            input.make(directory, join(OWN, 'node_modules'));
            console.log(`\n${name}: ${input.says}`);
            const results = await compare(directory, input.entry, tools, binary);
            document[name] = results;
            const ours = results[OURS];
            for (const [tool, result] of Object.entries(results)) {
                console.log(`  ${line(tool, result, ours)}`);
            }
            failed ||= 'problem' in ours;
            rmSync(directory, { recursive: true });
        }
    } finally {
        rmSync(scratch, { recursive: true, force: true });
    }
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(document, null, 2)}\n`);
    return failed ? 1 : 0;
}

async function compare(/** @type {string} */ directory, /** @type {string} */ entry, /** @type {string[]} */ tools, /** @type {string} */ binary) {
    const minify = !values['no-minify'];
    /** @type {Record<string, { samples: Sample[], answer?: string, problem?: string, raw?: number, gzip?: number }>} */
    const results = Object.fromEntries(tools.map((tool) => [tool, { samples: [] }]));
    // In turn: what else the machine does meets all of them alike.
    for (let run = 0; run <= Number(values.runs); run++) {
        for (const tool of tools) {
            const result = results[tool];
            if (result.problem !== undefined) continue;
            const outDir = join(directory, 'out', tool);
            const cache = join(directory, 'out', `${tool}-cache`);
            if (tool === KEEPING) rmSync(cache, { recursive: true, force: true });
            const ours = [binary, 'bundle', entry, ...(minify ? ['--minify'] : []), '--mode', 'production', '--sourcemap', '--out-dir', outDir];
            const command =
                tool === OURS ? [...ours, '--no-cache'] : tool in COMMANDS ? COMMANDS[tool]({ directory, entry, outDir, minify }) : [...ours, '--cache-dir', cache];
            const restore = CHANGED.includes(tool) ? edit(directory, entry, tool, run) : () => {};
            const sample = await measure(command, directory);
            restore();
            if (typeof sample === 'string') result.problem = sample;
            // The first round fills the caches of the disk.
            else if (run > 0) result.samples.push(sample);
            if (run === 0 && result.problem === undefined) Object.assign(result, judge(outDir));
        }
    }
    const expected = results[OURS].answer;
    return Object.fromEntries(
        Object.entries(results).map(([tool, { samples, answer, problem, raw, gzip }]) => {
            if (problem !== undefined) return [tool, { problem }];
            if (answer !== expected) return [tool, { problem: `prints ${JSON.stringify(answer)}, ours ${JSON.stringify(expected)}` }];
            const median = (/** @type {keyof Sample} */ key) => samples.map((sample) => sample[key]).sort((a, b) => a - b)[samples.length >> 1];
            return [tool, { wall: median('wall'), cpu: median('cpu'), memory: median('memory'), raw, gzip }];
        })
    );
}

/** Changes a module that others import, or the entry where there is no other. @returns {() => void} Takes it back. */
function edit(/** @type {string} */ directory, /** @type {string} */ entry, /** @type {string} */ how, /** @type {number} */ run) {
    const isOwn = (/** @type {string} */ name) => !/^(?:out|node_modules)[\\/]/.test(name) && ['.js', '.ts', '.tsx'].includes(extname(name)) && name !== entry;
    const names = readdirSync(directory, { recursive: true }).map(String).filter(isOwn).sort();
    const file = join(directory, names.at(-1) ?? entry);
    const text = readFileSync(file, 'utf8');
    // What is printed is how long the page is.
    const inside = text.replace(/title = 'Part (\d+)'/, `title = 'Par${run % 10} $1'`);
    const edited = inside === text ? `${text}\n// edited ${run}\n` : inside;
    writeFileSync(file, how === GROWN ? `${text}\nexport const grown = ${run};\n` : edited);
    return () => writeFileSync(file, text);
}

/** Sizes of the code, and what it prints. */
function judge(/** @type {string} */ outDir) {
    const scripts = readdirSync(outDir, { recursive: true })
        .map(String)
        .filter((name) => ['.js', '.mjs'].includes(extname(name)));
    const texts = scripts.map((name) => readFileSync(join(outDir, name)));
    const main = scripts.find((name) => /^main\./.test(name)) ?? scripts[0];
    writeFileSync(join(outDir, 'package.json'), '{ "type": "module" }');
    const ran = spawnSync(process.execPath, ['--stack-size=4000', join(outDir, main)], { encoding: 'utf8', timeout: 60_000 });
    const complaint = ran.stderr.split('\n').find((one) => /^\w*Error/.test(one)) ?? ran.signal;
    const problem = ran.status === 0 ? undefined : `its output fails: ${complaint}`;
    const sum = (/** @type {(text: Buffer) => number} */ of) => texts.reduce((total, text) => total + of(text), 0);
    return { answer: ran.stdout.trim(), problem, raw: sum((text) => text.length), gzip: sum((text) => gzipSync(text).length) };
}

/** Runs one process. @returns {Promise<Sample | string>} What it took, or why it failed. */
function measure(/** @type {string[]} */ command, /** @type {string} */ directory) {
    return new Promise((done) => {
        const started = process.hrtime.bigint();
        const timed = spawn('bash', ['-c', "TIMEFORMAT='%U %S'; time \"$@\" 2>&1", 'time', ...command], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
        let memory = 0;
        const watching = setInterval(() => {
            memory = Math.max(memory, peakOfFamily(timed.pid ?? 0));
        }, 15);
        let output = '';
        let times = '';
        timed.stdout.on('data', (text) => (output += text));
        timed.stderr.on('data', (text) => (times += text));
        timed.on('close', (code) => {
            clearInterval(watching);
            const wall = Number(process.hrtime.bigint() - started) / 1e9;
            const [user, system] = times.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
            done(code === 0 ? { wall, cpu: (user ?? 0) + (system ?? 0), memory } : output.trim().split('\n').slice(0, 3).join(' ') || `exit code ${code}`);
        });
    });
}

/** The most memory that the children of a process had at once so far, where the system tells. */
function peakOfFamily(/** @type {number} */ pid) {
    try {
        const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
        return children.reduce((most, child) => {
            const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child}/status`, 'utf8'));
            return Math.max(most, Number(peak?.[1] ?? 0) * 1024);
        }, 0);
    } catch {
        return 0;
    }
}

function line(/** @type {string} */ tool, /** @type {any} */ result, /** @type {any} */ ours) {
    if ('problem' in result) return `${tool.padEnd(9)} ${result.problem.slice(0, 200)}`;
    const megabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 1).padStart(7);
    const ratio = 'problem' in ours ? '' : `  ${(result.wall / ours.wall).toFixed(2)}x`;
    return `${tool.padEnd(9)} ${result.wall.toFixed(2).padStart(6)} s  cpu ${result.cpu.toFixed(2).padStart(6)} s  memory ${megabytes(result.memory)} MB  raw ${megabytes(result.raw)} MB  gzip ${megabytes(result.gzip)} MB${ratio}`;
}

/** @param {string} message */
function refuse(message) {
    console.error(message);
    return 2;
}
