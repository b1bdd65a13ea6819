#!/usr/bin/env node
/**
 * How long a linked workspace of 16 modules takes: all of them in one process, one process after the other, and with the
 * API of esbuild and of Rolldown from one script that builds the same modules:
 *
 *     cargo build --release && node benches/workspace.mjs
 *     node benches/workspace.mjs --runs 9 --mode development
 *
 * One module provides React; 14 have components with icons of a package that nobody provides, so that each bundles what it
 * uses of it; the last one uses them all. Client and server side, minified in production mode, with source maps. The server
 * side of every output is run and must print the same. A line tells the median wall time, also as a multiple of ours.
 *
 * The binary is `target/release/esmx-build`, or named by `ESMX_BUILD_BINARY`.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { checkout, installPackages } from '../fixtures/workspace.mjs';

const OWN = fileURLToPath(new URL('speed', import.meta.url));
const SHARED = ['react', 'react/jsx-runtime', 'react-dom', 'react-dom/client', 'react-dom/server'];
const SLICES = Array.from({ length: 14 }, (_, n) => `slice${n}`);
const COMPONENTS = 40;

const { values } = parseArgs({
    options: { runs: { type: 'string', default: '5' }, mode: { type: 'string', default: 'production' } }
});
process.exitCode = main();

/** @returns {number} */
function main() {
    const binary = resolve(process.env.ESMX_BUILD_BINARY ?? join(checkout, 'target/release/esmx-build'));
    if (!existsSync(binary)) {
        console.error(`There is no ${binary}: run \`cargo build --release\`.`);
        return 2;
    }
    installPackages(OWN);
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-workspace-')));
    try {
        makeWorkspace(root, join(OWN, 'node_modules'));
        const ours = (/** @type {string} */ name, /** @type {string[]} */ ...more) => [binary, 'build', join('packages', name), '--mode', values.mode ?? '', '--sourcemap', '--no-cache', ...more];
        const peer = (/** @type {string} */ name) => [[process.execPath, join(OWN, 'workspace-peer.mjs'), name, root, values.mode ?? '']];
        /** @type {Record<string, { commands: string[][], judge: () => string }>} */
        const ways = {
            'one process': { commands: [ours('app', '-r')], judge: () => answerOfOurs(binary, root) },
            'one after the other': { commands: ['base', ...SLICES, 'app'].map((name) => ours(name)), judge: () => answerOfOurs(binary, root) },
            'esbuild, one script': { commands: peer('esbuild'), judge: () => answerOfPeer(root, 'esbuild') },
            'rolldown, one script': { commands: peer('rolldown'), judge: () => answerOfPeer(root, 'rolldown') }
        };
        return compare(root, ways);
    } finally {
        rmSync(root, { recursive: true, force: true });
    }
}

/** @param {string} root @param {Record<string, { commands: string[][], judge: () => string }>} ways @returns {number} */
function compare(root, ways) {
    /** @type {Record<string, number[]>} */
    const samples = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
    /** @type {Record<string, string>} */
    const answers = {};
    // In turn: what else the machine does meets all of them alike. The first round fills the caches of the disk.
    for (let run = 0; run <= Number(values.runs); run++) {
        for (const [name, { commands, judge }] of Object.entries(ways)) {
            for (const module of readdirSync(join(root, 'packages'))) rmSync(join(root, 'packages', module, 'dist'), { recursive: true, force: true });
            const started = process.hrtime.bigint();
            for (const [program, ...words] of commands) {
                const { status, stderr, stdout } = spawnSync(program, words, { cwd: root, encoding: 'utf8' });
                if (status !== 0) throw new Error(`${name} fails: ${stdout}${stderr}`);
            }
            const wall = Number(process.hrtime.bigint() - started) / 1e9;
            if (run === 0) answers[name] = judge();
            else samples[name].push(wall);
        }
    }
    const first = Object.keys(ways)[0];
    const median = (/** @type {string} */ name) => samples[name].sort((a, b) => a - b)[samples[name].length >> 1];
    let failed = false;
    for (const name of Object.keys(ways)) {
        if (answers[name] !== answers[first]) {
            failed = true;
            console.log(`${name.padEnd(22)} prints ${answers[name].slice(0, 80)}, ours ${answers[first].slice(0, 80)}`);
            continue;
        }
        const ratio = (median(name) / median(first)).toFixed(2);
        console.log(`${name.padEnd(22)} ${median(name).toFixed(2).padStart(6)} s  ${ratio}x`);
    }
    console.log(`one process takes ${(median(first) / median('one after the other')).toFixed(2)} of the time of one after the other`);
    return failed ? 1 : 0;
}

/** @param {string} path @param {string | object} content */
function write(path, content) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
}

/** @param {string} root @param {string} packages Where packages are installed. */
function makeWorkspace(root, packages) {
    symlinkSync(packages, join(root, 'node_modules'));
    const icons = readdirSync(join(packages, '@mui/icons-material/esm'))
        .filter((name) => /^[A-Z].*\.js$/.test(name))
        .sort();
    const dependencies = { react: '^19.0.0', 'react-dom': '^19.0.0', '@mui/icons-material': '^6.0.0' };
    const module = (/** @type {string} */ name, /** @type {string[]} */ uses, /** @type {object} */ declaration) => {
        write(join(root, 'packages', name, 'package.json'), {
            name,
            version: '1.0.0',
            type: 'module',
            dependencies: { ...dependencies, ...Object.fromEntries(uses.map((used) => [used, '^1.0.0'])) },
            esmx: { ...declaration, uses }
        });
        write(join(root, 'packages', name, 'tsconfig.json'), { compilerOptions: { jsx: 'react-jsx', target: 'esnext', module: 'esnext' } });
        for (const used of uses) {
            mkdirSync(join(root, 'packages', name, 'node_modules'), { recursive: true });
            symlinkSync(join(root, 'packages', used), join(root, 'packages', name, 'node_modules', used));
        }
    };
    const source = (/** @type {string} */ name, /** @type {string} */ path, /** @type {string} */ text) => write(join(root, 'packages', name, 'src', path), text);
    const entry = { client: './src/entry.client.tsx', server: './src/entry.server.tsx' };
    module('base', [], { provides: SHARED });
    for (const [number, name] of SLICES.entries()) {
        module(name, ['base'], { entry });
        const components = Array.from({ length: COMPONENTS }, (_, n) => `Part${n}`);
        for (const [n, component] of components.entries()) {
            const icon = icons[(number * COMPONENTS + n) % icons.length];
            source(
                name,
                `${component}.tsx`,
                `import { useMemo, useState } from 'react';
import Icon from '@mui/icons-material/esm/${icon}';

export function ${component}({ title = '${name} ${n}' }: { title?: string }) {
    const [isOpen] = useState<boolean>(${n % 2 === 0});
    const items = useMemo(() => Array.from({ length: ${n % 5} }, (_, index) => ({ id: index, text: \`\${title} \${index}\` })), [title]);
    return <section data-open={isOpen}><h2><Icon fontSize="small" />{title}</h2><ul>{items.map((item) => <li key={item.id}>{item.text}</li>)}</ul></section>;
}
`
            );
        }
        source(name, 'page.tsx', `${components.map((one) => `import { ${one} } from './${one}';`).join('\n')}\n\nexport const Page = () => <main>${components.map((one) => `<${one} />`).join('')}</main>;\n`);
        source(name, 'entry.server.tsx', `import { renderToStaticMarkup } from 'react-dom/server';\nimport { Page } from './page';\n\nexport default () => renderToStaticMarkup(<Page />).length;\n`);
        source(name, 'entry.client.tsx', `import { createRoot } from 'react-dom/client';\nimport { Page } from './page';\n\ncreateRoot(document.body).render(<Page />);\n`);
    }
    module('app', ['base', ...SLICES], { entry });
    source('app', 'entry.server.tsx', "import { version } from 'react';\n\nexport default () => version;\n");
    source('app', 'entry.client.tsx', "import { version } from 'react';\n\nconsole.log(version);\n");
}

/** @param {string[]} words @param {string} directory @returns {string} */
function printed(words, directory) {
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: directory, encoding: 'utf8' });
    return status === 0 ? stdout.trim() : `nothing: ${stderr.split('\n').find((line) => /Error/.test(line))}`;
}

/** What the server sides print, through the composed import map. @param {string} binary @param {string} root */
function answerOfOurs(binary, root) {
    const app = join(root, 'packages/app');
    const composed = spawnSync(binary, ['compose', app], { encoding: 'utf8' });
    if (composed.status !== 0) return `nothing: ${composed.stderr}`;
    const names = [...SLICES, 'app'].map((name) => `${name}/src/entry.server`);
    const script = `const all = await Promise.all(${JSON.stringify(names)}.map((name) => import(name))); console.log(all.map((one) => one.default()).join(' '));`;
    const register = pathToFileURL(join(checkout, 'runtime/node/register.mjs')).href;
    return printed(['--import', register, '--input-type=module', '--eval', script], app);
}

/** The same of a peer, whose outputs find React where it is installed. @param {string} root @param {string} name */
function answerOfPeer(root, name) {
    const files = [...SLICES, 'app'].map((module) => pathToFileURL(join(root, 'packages', module, 'dist', name, 'server/entry.server.js')).href);
    const script = `const all = await Promise.all(${JSON.stringify(files)}.map((file) => import(file))); console.log(all.map((one) => one.default()).join(' '));`;
    return printed(['--input-type=module', '--eval', script], root);
}
