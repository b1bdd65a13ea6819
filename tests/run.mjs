#!/usr/bin/env node
/**
 * Passes all tests, and installs what they need first:
 *
 *     node tests/run.mjs            everything, in order, up to the first stage that fails
 *     node tests/run.mjs e2e …      only the named stages
 */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildBinary, buildDemo, buildObjectStore, checkout, demos, installPackages, run, StepError } from '../fixtures/workspace.mjs';

const NGINX = ['/usr/sbin/nginx', '/usr/bin/nginx', '/opt/homebrew/bin/nginx'];
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const E2E = join(checkout, 'tests', 'e2e');
const RANGES = join(checkout, 'tests', 'ranges');
const NODES = join(checkout, 'tests', 'nodes');
const CORPUS = join(checkout, 'tests', 'corpus');

/** Name → what it does. A stage fails by throwing a `StepError`. */
const STAGES = {
    tools: () => {
        requireTool('cargo', ['--version'], 'Install Rust from https://rustup.rs.');
        requireTool('cargo', ['fmt', '--version'], 'Install it with: rustup component add rustfmt');
        requireTool('cargo', ['clippy', '--version'], 'Install it with: rustup component add clippy');
        requireTool('npm', ['--version'], 'It comes with Node: https://nodejs.org.');
    },
    chromium: installChromium,
    packages: () => [...Object.values(demos).map(({ directory }) => directory), E2E, RANGES, CORPUS].forEach(installPackages),
    fmt: () => run('cargo', ['fmt', '--all', '--check']),
    clippy: () => run('cargo', ['clippy', '--workspace', '--all-targets', '--', '-D', 'warnings']),
    cargo: () => run('cargo', ['test', '--workspace']),
    ranges: () => {
        installPackages(RANGES);
        run('cargo', ['test', '--test', 'npm_ranges', '--', '--ignored']);
    },
    nginx: () => {
        installByApt('nginx', ['nginx-core'], NGINX.find((path) => existsSync(path)));
        if (!NGINX.some((path) => existsSync(path))) throw new StepError(`apt-get installed nginx, but none of ${NGINX.join(', ')} is there.`);
        run('cargo', ['test', '--test', 'cache', '--', '--ignored']);
    },
    demos: () => {
        const binary = buildBinary();
        for (const demo of Object.values(demos)) buildDemo(binary, demo);
    },
    runtime: () => runNodeTests(join(checkout, 'runtime', 'tests')),
    nodes: () => {
        // The registry has other versions of Node as packages, one for each system.
        if (process.platform !== 'linux' || process.arch !== 'x64') return console.log('on Linux with x64 only');
        installPackages(NODES);
        for (const name of ['node22', 'node24']) runNodeTests(join(checkout, 'runtime', 'tests'), {}, join(NODES, 'node_modules', name, 'bin', 'node'));
    },
    e2e: () => runNodeTests(E2E, { ESMX_BUILD_BINARY: buildBinary(), OBJECT_STORE_SERVER: buildObjectStore() }),
    corpus: () => run(process.execPath, [join(CORPUS, 'run.mjs')])
};

process.exitCode = main(process.argv.slice(2));

/** @param {string[]} names @returns {number} */
function main(names) {
    const unknown = names.filter((name) => !(name in STAGES));
    if (unknown.length > 0) {
        console.error(`There is no stage ${unknown.join(', ')}. The stages are: ${Object.keys(STAGES).join(', ')}.`);
        return 2;
    }
    const chosen = names.length === 0 ? Object.keys(STAGES) : names;
    /** @type {{ name: string, result: string, seconds: string }[]} */
    const summary = [];
    let failure;
    for (const name of chosen) {
        if (failure !== undefined) {
            summary.push({ name, result: 'not run', seconds: '' });
            continue;
        }
        console.log(`\n── ${name} ${'─'.repeat(Math.max(2, 72 - name.length))}`);
        const start = performance.now();
        try {
            STAGES[name]();
        } catch (error) {
            if (!(error instanceof StepError)) throw error;
            failure = error;
        }
        const seconds = `${((performance.now() - start) / 1000).toFixed(1)} s`;
        summary.push({ name, result: failure === undefined ? 'passed' : 'FAILED', seconds });
    }
    console.log(`\n── summary ${'─'.repeat(65)}`);
    for (const { name, result, seconds } of summary) console.log(`${name.padEnd(12)}${result.padEnd(10)}${seconds.padStart(9)}`);
    if (failure !== undefined) console.error(`\n${failure.message}`);
    return failure === undefined ? 0 : 1;
}

/** @param {string} command @param {string[]} argumentList @param {string} hint */
function requireTool(command, argumentList, hint) {
    const result = spawnSync(command, argumentList, { cwd: checkout, encoding: 'utf8', shell: process.platform === 'win32' });
    if (result.error || result.status !== 0) throw new StepError(`\`${[command, ...argumentList].join(' ')}\` does not run. ${hint}`);
    console.log(`${[command, ...argumentList.slice(0, -1)].join(' ').padEnd(14)}${result.stdout.trim().split('\n')[0]}`);
}

/** The browser tests drive the distribution's own Chromium; nothing is downloaded behind npm's back. */
function installChromium() {
    const found = process.env.CHROMIUM ?? CHROMIUM.find((path) => existsSync(path));
    const byHand = 'Or name it with CHROMIUM=/path/to/chromium.';
    installByApt('Chromium', ['chromium', 'fonts-liberation'], found, byHand);
    if (found === undefined && !CHROMIUM.some((path) => existsSync(path))) throw new StepError(`apt-get installed chromium, but none of ${CHROMIUM.join(', ')} is there. ${byHand}`);
}

/** @param {string} program @param {string[]} packages @param {string | undefined} found @param {string} [more] */
function installByApt(program, packages, found, more = '') {
    if (found !== undefined) {
        console.log(found);
        return;
    }
    const byHand = `Install ${program} yourself and run this again. ${more}`;
    if (spawnSync('apt-get', ['--version']).error) throw new StepError(`There is no ${program}, and no apt-get to install it. ${byHand}`);
    const isRoot = process.getuid?.() === 0;
    if (!isRoot && spawnSync('sudo', ['-n', 'true']).status !== 0) {
        throw new StepError(`There is no ${program}; installing it takes root, and sudo wants a password. ${byHand}\n\n    sudo apt-get update && sudo apt-get install ${packages[0]}`);
    }
    const prefix = isRoot ? [] : ['sudo', '-n'];
    for (const argumentList of [['update'], ['install', '--yes', '--no-install-recommends', ...packages]]) {
        const [command, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...argumentList];
        run(command, rest);
    }
}

/** @param {string} directory @param {Record<string, string>} [environment] @param {string} [node] */
function runNodeTests(directory, environment = {}, node = process.execPath) {
    const files = readdirSync(directory).filter((name) => name.endsWith('.test.mjs'));
    run(node, ['--test', '--test-reporter=spec', ...files.sort()], { directory, environment });
}
