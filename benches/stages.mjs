#!/usr/bin/env node
/**
 * Where the time of a build goes, stage by stage, how it grows with the program, and what a second thread gives:
 *
 *     cargo build --release && node benches/stages.mjs
 *     node benches/stages.mjs react-1k three10 --runs 9
 *     node benches/stages.mjs --json file
 *
 * A stage's time is what its spans take in the trace of `--profile` without the spans inside them, summed over all threads,
 * the median of the runs on one thread. `growth` says what a module costs in the largest program, as a multiple of what it
 * costs in the smallest: 1 where a stage is linear. The last lines have the wall time of the process on one thread and on two,
 * without a trace. Production, minified, with source maps, without a cache.
 *
 * The binary is `target/release/esmx-build`, or named by `ESMX_BUILD_BINARY`.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkout, installPackages } from '../fixtures/workspace.mjs';
import { INPUTS } from './speed/inputs.mjs';

const OWN = fileURLToPath(new URL('speed', import.meta.url));
const GROWING = ['react-1k', 'react-5k', 'react-10k', 'react-20k'];
/** Stages that take less of the largest program are not told. */
const LEAST = 0.005;

/** @typedef {{ modules: number, stages: Map<string, number>, walls: number[] }} Measured */

const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { runs: { type: 'string', default: '5' }, json: { type: 'string' } }
});
process.exitCode = main();

/** @returns {number} */
function main() {
    const binary = resolve(process.env.ESMX_BUILD_BINARY ?? join(checkout, 'target/release/esmx-build'));
    const names = positionals.length > 0 ? positionals : GROWING;
    const unknown = names.find((name) => INPUTS[name] === undefined);
    if (unknown !== undefined || !existsSync(binary)) {
        console.error(unknown === undefined ? `There is no ${binary}: run \`cargo build --release\`.` : `There is no input ${unknown}: ${Object.keys(INPUTS).join(', ')}.`);
        return 2;
    }
    installPackages(OWN);
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-stages-')));
    try {
        /** @type {Record<string, Measured>} */
        const measured = {};
        for (const name of names) measured[name] = measure(binary, root, name);
        tell(measured);
        if (values.json) {
            const plain = Object.entries(measured).map(([name, { stages, ...rest }]) => [name, { ...rest, stages: Object.fromEntries(stages) }]);
            writeFileSync(values.json, `${JSON.stringify(Object.fromEntries(plain), null, 2)}\n`);
        }
        return 0;
    } finally {
        rmSync(root, { recursive: true, force: true });
    }
}

/** @returns {Measured} */
function measure(/** @type {string} */ binary, /** @type {string} */ root, /** @type {string} */ name) {
    const directory = join(root, name);
    mkdirSync(directory);
    INPUTS[name].make(directory, join(OWN, 'node_modules'));
    const trace = join(root, 'trace.json');
    const words = ['bundle', INPUTS[name].entry, '--minify', '--mode', 'production', '--sourcemap', '--no-cache', '--out-dir', join(root, 'out')];
    const run = (/** @type {string[]} */ ...more) => {
        const started = process.hrtime.bigint();
        const { status, stdout, stderr } = spawnSync(binary, [...words, ...more], { cwd: directory, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });
        if (status !== 0) throw new Error(`${name} fails: ${stdout}${stderr}`);
        return Number(process.hrtime.bigint() - started) / 1e6;
    };
    /** @type {Map<string, number>[]} */
    const traces = [];
    /** @type {number[][]} */
    const walls = [[], []];
    let modules = 0;
    // The first round fills the caches of the disk.
    for (let round = 0; round <= Number(values.runs); round++) {
        const once = [1, 2].map((threads) => run('--threads', String(threads)));
        run('--threads', '1', '--profile', trace);
        const spans = stagesOf(trace);
        modules = spans.modules;
        if (round === 0) continue;
        once.forEach((wall, index) => walls[index].push(wall));
        traces.push(spans.stages);
    }
    rmSync(directory, { recursive: true, force: true });
    const stages = new Set(traces.flatMap((one) => [...one.keys()]));
    return {
        modules,
        stages: new Map([...stages].map((stage) => [stage, median(traces.map((one) => one.get(stage) ?? 0))])),
        walls: walls.map(median)
    };
}

/** Milliseconds that the spans of a trace take by themselves, and how many files were scanned. */
function stagesOf(/** @type {string} */ trace) {
    /** @type {Map<number, { name: string, start: number, inside: number }[]>} */
    const open = new Map();
    /** @type {Map<string, number>} */
    const stages = new Map();
    let modules = 0;
    for (const { ph, tid, name, ts } of JSON.parse(readFileSync(trace, 'utf8'))) {
        const stack = open.get(tid) ?? [];
        open.set(tid, stack);
        if (ph === 'B') {
            stack.push({ name, start: ts, inside: 0 });
            if (name === 'scan_file') modules++;
        } else if (ph === 'E') {
            const span = stack.pop();
            if (span === undefined) continue;
            const took = ts - span.start;
            stages.set(span.name, (stages.get(span.name) ?? 0) + (took - span.inside) / 1000);
            const outer = stack.at(-1);
            if (outer) outer.inside += took;
        }
    }
    return { stages, modules };
}

function median(/** @type {number[]} */ numbers) {
    return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}

function tell(/** @type {Record<string, Measured>} */ measured) {
    const all = Object.entries(measured);
    const [smallest, largest] = [all[0][1], all[all.length - 1][1]];
    const whole = (/** @type {Measured} */ one) => [...one.stages.values()].reduce((sum, time) => sum + time, 0);
    const growth = (/** @type {number} */ before, /** @type {number} */ after) =>
        all.length > 1 && before > 0 ? (after / largest.modules / (before / smallest.modules)).toFixed(2) : '';
    const line = (/** @type {string} */ label, /** @type {(string | number)[]} */ cells) =>
        console.log(label.padEnd(28), ...cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(cell < 10 ? 2 : 0) : cell).padStart(11)));
    line('ms on one thread', [...all.map(([name]) => name), 'growth']);
    line('modules', all.map(([, one]) => String(one.modules)));
    const stages = [...largest.stages].filter(([, time]) => time >= LEAST * whole(largest)).sort((a, b) => b[1] - a[1]);
    for (const [stage, time] of stages) {
        line(stage, [...all.map(([, one]) => one.stages.get(stage) ?? 0), growth(smallest.stages.get(stage) ?? 0, time)]);
    }
    line('all stages', [...all.map(([, one]) => whole(one)), growth(whole(smallest), whole(largest))]);
    line('process, one thread', [...all.map(([, one]) => one.walls[0]), growth(smallest.walls[0], largest.walls[0])]);
    line('process, two threads', [...all.map(([, one]) => one.walls[1]), growth(smallest.walls[1], largest.walls[1])]);
    line('one thread / two', all.map(([, one]) => one.walls[0] / one.walls[1]));
}
