/** A server with the interface of S3 on this machine, and a proxy before it that a test can let go wrong. */

import { execFile, spawn } from 'node:child_process';
import { createServer, request as send } from 'node:http';

/** The credentials of the server. */
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'tester', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-central-1' };

/**
 * @param {string} directory Its buckets.
 * @param {number} [port] The same one again, for a server that comes back.
 * @returns {Promise<{ url: string, port: number, kill: () => Promise<void> }>}
 */
export async function startStore(directory, port = 0) {
    const child = spawn(process.env.OBJECT_STORE_SERVER ?? 'object-store-server', [directory, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await new Promise((resolve, reject) => {
        child.once('error', reject).once('exit', (code) => reject(new Error(`the object store ended with ${code}`)));
        child.stdout.setEncoding('utf8').once('data', (line) => resolve(line.trim()));
    });
    return {
        url,
        port: Number(new URL(url).port),
        kill: () => new Promise((resolve) => {
            if (child.exitCode !== null || child.signalCode !== null) return resolve();
            child.once('exit', () => resolve());
            child.kill('SIGKILL');
        })
    };
}

/**
 * What the proxy makes of a request: `undefined` sends it on, `cut` drops the connection, `lose` sends it on and drops the connection
 * in the place of the answer, a number is an answer of its own.
 *
 * @typedef {undefined | 'cut' | 'lose' | number} Fate
 */

/**
 * @param {number} port Of the server.
 * @returns {Promise<{ url: string, requests: string[], decide: (decide?: (request: import('node:http').IncomingMessage) => Fate | Promise<Fate>) => void, close: () => Promise<void> }>}
 */
export async function startProxy(port) {
    /** @type {string[]} */
    const requests = [];
    const onwards = () => undefined;
    let decide = onwards;
    const server = createServer(async (request, response) => {
        requests.push(`${request.method} ${request.url}`);
        const fate = await decide(request);
        if (fate === 'cut') return request.socket.destroy();
        if (typeof fate === 'number') {
            request.resume().on('end', () => response.writeHead(fate).end());
            return;
        }
        const { method, url, headers } = request;
        const onward = send({ port, host: '127.0.0.1', method, path: url, headers }, (answer) => {
            if (fate === 'lose') return answer.resume().on('end', () => request.socket.destroy());
            response.writeHead(answer.statusCode ?? 500, answer.headers);
            answer.pipe(response);
        });
        onward.on('error', () => request.socket.destroy());
        request.pipe(onward);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    return {
        url: `http://127.0.0.1:${server.address().port}`,
        requests,
        decide: (next) => {
            decide = next ?? onwards;
        },
        close: () => new Promise((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
        })
    };
}

/**
 * Runs the program with the credentials.
 *
 * @param {string} directory
 * @param {string[]} words
 * @param {Record<string, string>} [environment]
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>}
 */
export function runProgram(directory, words, environment = {}) {
    return new Promise((resolve) => {
        const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
        const env = { ...Object.fromEntries(inherited), ...CREDENTIALS, ...environment };
        execFile(process.env.ESMX_BUILD_BINARY ?? 'esmx-build', words, { cwd: directory, env }, (error, stdout, stderr) => {
            resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
        });
    });
}
