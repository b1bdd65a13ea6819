#!/usr/bin/env node
/**
 * A load test of `esmx-build start` beside a plain Node server that renders the same page in the same run:
 *
 *     node fixtures/demo.mjs --shell --no-serve && node benches/start.mjs [--seconds 5] [--connections 50]
 *
 * The plain server has the same React, the same components and the same `renderToPipeableStream`, in one file that esmx-build bundled with
 * everything in it; it writes the head and the scripts from constants. So the ratio is what linking at run time, the render context and the
 * module generations cost. Both run in processes of their own; the load takes turns between them.
 */

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const CHECKOUT = dirname(dirname(fileURLToPath(import.meta.url)));
const SHELL = join(CHECKOUT, 'fixtures', 'demo-react-shell', 'shell');
const PATH = '/search?from=Berlin&to=Vienna';
const binary = process.env.ESMX_BUILD_BINARY ?? join(CHECKOUT, 'target', 'debug', 'esmx-build');

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '5' }, connections: { type: 'string', default: '50' }, rounds: { type: 'string', default: '3' } } });
const seconds = Number(values.seconds);
const connections = Number(values.connections);

const directory = mkdtempSync(join(tmpdir(), 'esmx-load-'));
const servers = [];
try {
    const started = await serve(binary, ['start', SHELL, '--port', '0']);
    // The first request loads the slice and streams around that; from then on it is there.
    await read(started.url + PATH);
    const page = await read(started.url + PATH);
    const plain = await serve(process.execPath, [writePlainServer(page)]);
    const same = textOf(await read(plain.url + PATH)) === textOf(page);
    if (!same) throw new Error(`the two servers do not answer with the same text:\n${textOf(page)}\n${textOf(await read(plain.url + PATH))}`);

    const results = { start: [], plain: [] };
    for (const [name, server] of [['start', started], ['plain', plain]]) await load(server, 2, name); // warm up
    for (let round = 0; round < Number(values.rounds); round += 1) {
        for (const [name, server] of [['start', started], ['plain', plain]]) results[name].push(await load(server, seconds, name));
    }
    const [start, own] = [median(results.start), median(results.plain)];
    console.log(`${PATH}, ${Buffer.byteLength(page)} bytes, ${connections} connections, median of ${values.rounds} rounds of ${seconds} s, Node ${process.version}\n`);
    console.log(`${''.padEnd(20)}${'requests/s'.padStart(12)}${'p50 ms'.padStart(10)}${'p95 ms'.padStart(10)}${'p99 ms'.padStart(10)}${'CPU ms'.padStart(10)}${'failed'.padStart(8)}`);
    for (const [name, { rate, p50, p95, p99, cpu, failed }] of [['esmx-build start', start], ['plain Node', own]]) {
        console.log(`${name.padEnd(20)}${rate.toFixed(0).padStart(12)}${p50.toFixed(1).padStart(10)}${p95.toFixed(1).padStart(10)}${p99.toFixed(1).padStart(10)}${cpu.toFixed(2).padStart(10)}${String(failed).padStart(8)}`);
    }
    console.log(`${'ratio'.padEnd(20)}${(start.rate / own.rate).toFixed(2).padStart(12)}${(start.p50 / own.p50).toFixed(2).padStart(10)}${(start.p95 / own.p95).toFixed(2).padStart(10)}${(start.p99 / own.p99).toFixed(2).padStart(10)}${(start.cpu / own.cpu).toFixed(2).padStart(10)}`);
} finally {
    for (const server of servers) server.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
}

/** The same page without us: one bundled file with React in it, and constants around what it renders. @param {string} page */
function writePlainServer(page) {
    const [before, after] = [page.slice(0, page.indexOf('<div id="root">') + '<div id="root">'.length), page.slice(page.lastIndexOf('</div><script type="importmap">'))];
    writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
    const workspace = join(SHELL, '..');
    writeFileSync(join(directory, 'render.tsx'), `
        import { lazy, Suspense } from 'react';
        import { renderToPipeableStream } from 'react-dom/server';
        import { ServerPath } from '@nocturne/platform/navigation';
        import { Shell } from ${JSON.stringify(join(workspace, 'shell/src/shell.tsx'))};
        import { loader } from ${JSON.stringify(join(workspace, 'shell/src/routes.ts'))};
        import * as search from ${JSON.stringify(join(workspace, 'search/src/app.tsx'))};
        loader.load = async () => search;
        export const render = (url, options) => renderToPipeableStream(<ServerPath value={url}><Shell /></ServerPath>, options);
    `);
    const aliases = ['design.tsx', 'navigation.tsx', 'store.ts', 'timetable.ts'].flatMap((file) => ['--alias', `@nocturne/platform/${file.replace(/\.tsx?$/, '')}=${join(workspace, 'platform/src', file)}`]);
    const packages = ['react', 'react-dom', 'esmx-build'].flatMap((name) => ['--alias', `${name}=${join(workspace, 'node_modules', name)}`]);
    execFileSync(binary, ['bundle', 'render.tsx', '--platform', 'node', '--mode', 'production', '--minify', '--jsx', 'automatic', '--out-dir', 'out', ...aliases, ...packages], { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] });
    const file = join(directory, 'server.mjs');
    writeFileSync(file, `
        import { createServer } from 'node:http';
        import { PassThrough } from 'node:stream';
        import { render } from './out/render.js';
        const [before, after] = ${JSON.stringify([before, after])};
        const server = createServer((request, response) => {
            const { pipe } = render(request.url, {
                onAllReady() {
                    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
                    response.write(before);
                    const body = new PassThrough();
                    body.on('data', (piece) => response.write(piece));
                    body.on('end', () => response.end(after));
                    pipe(body);
                }
            });
        });
        server.listen(0, '127.0.0.1', () => console.log('at http://127.0.0.1:' + server.address().port + '/'));
    `);
    return file;
}

/** @param {string} command @param {string[]} words @returns {Promise<{ url: string, pid: number }>} */
function serve(command, words) {
    const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, HOST: '127.0.0.1' } });
    servers.push(child);
    return new Promise((resolve, reject) => {
        let told = '';
        child.stdout.on('data', (text) => {
            told += text;
            const found = /(http:\/\/\S+?)\/?\s/.exec(told);
            if (found) resolve({ url: found[1], pid: child.pid });
        });
        child.once('exit', (code) => reject(new Error(`${command} ended with ${code}: ${told}`)));
    });
}

/** @param {string} url @param {Agent} [agent] @returns {Promise<string>} */
function read(url, agent) {
    return new Promise((resolve, reject) => {
        get(url, { agent }, (response) => {
            const pieces = [];
            response.on('data', (piece) => pieces.push(piece));
            response.on('end', () => (response.statusCode === 200 ? resolve(Buffer.concat(pieces).toString()) : reject(new Error(String(response.statusCode)))));
            response.on('error', reject);
        }).on('error', reject);
    });
}

/**
 * CPU time says the same on a busy machine, where rates and latencies do not; it is read where Linux tells it.
 *
 * @param {{ url: string, pid: number }} server
 * @param {number} seconds
 * @param {string} name
 */
async function load(server, seconds, name) {
    const url = server.url + PATH;
    const busy = cpuTime(server.pid);
    const agent = new Agent({ keepAlive: true, maxSockets: connections });
    const times = [];
    let failed = 0;
    const end = performance.now() + seconds * 1000;
    await Promise.all(Array.from({ length: connections }, async () => {
        while (performance.now() < end) {
            const begun = performance.now();
            await read(url, agent).then(() => times.push(performance.now() - begun), () => (failed += 1));
        }
    }));
    agent.destroy();
    times.sort((left, right) => left - right);
    const at = (/** @type {number} */ part) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN;
    if (times.length === 0) throw new Error(`${name} answered nothing`);
    return { cpu: (cpuTime(server.pid) - busy) / times.length, rate: times.length / seconds, p50: at(0.5), p95: at(0.95), p99: at(0.99), failed };
}

/** Milliseconds that a process has computed, with all its threads. @param {number} pid */
function cpuTime(pid) {
    try {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
        return (Number(fields[11]) + Number(fields[12])) * 10;
    } catch {
        return Number.NaN;
    }
}

/** @template {{ rate: number }} Result @param {Result[]} results */
function median(results) {
    return results.sort((left, right) => left.rate - right.rate)[Math.floor(results.length / 2)];
}

/** What a reader sees. @param {string} page */
function textOf(page) {
    return readable(page.replace(/<script[^]*?<\/script>|<style[^]*?<\/style>/g, ''));
}

/** @param {string} html */
function readable(html) {
    return html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim();
}

