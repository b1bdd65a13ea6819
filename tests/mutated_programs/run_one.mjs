/** Imports files one after the other, in a thread, and tells what was logged and how it ended. */

import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { describe } from '../build_cases/describe.mjs';

/** @type {string[]} */
const lines = [];
globalThis.log = (/** @type {unknown[]} */ ...values) => {
    if (lines.length < 1000) lines.push(values.map((value) => describe(value)).join(' '));
    return values.at(-1);
};
// Not every case waits for what it started.
/** @type {unknown[]} */
const unhandled = [];
const told = new Set();
process.on('unhandledRejection', (error) => unhandled.push(error));
process.on('uncaughtException', (error) => lines.push(`uncaught ${shown(error)}`));
let problem = '';
for (const file of workerData) {
    try {
        const namespace = await import(pathToFileURL(file).href);
        await new Promise((resolve) => setTimeout(resolve, 15));
        lines.push(describe(namespace));
    } catch (error) {
        lines.push(`failed ${shown(error)}`);
        told.add(error);
        problem ||= outside(error);
    }
}
await new Promise((resolve) => setTimeout(resolve, 15));
// Node rejects twice when a CommonJS module that is imported fails.
lines.push(...unhandled.filter((error) => !told.has(error)).map((error) => `unhandled ${shown(error)}`));
// What the engine says of a failure quotes the code.
const quoting = /"[^"]*( is not | before initialization|Cannot |Class constructor|Invalid |Assignment to )[^"]*"/g;
parentPort.postMessage(`${problem}${lines.join('\n').replaceAll(quoting, '"as the engine says it"')}\n`);

/**
 * V8 does not look whether an exported constant has a value before it refuses to assign to it (ECMA-262 §9.1.1.1.5 does): a
 * TypeError in one file, a ReferenceError in another where the same constant is not exported.
 *
 * @param {unknown} error
 */
function shown(error) {
    if (error instanceof Error && /^Assignment to constant| before initialization$/.test(error.message)) {
        return 'error of a name that is constant or has no value';
    }
    return error instanceof Error ? error.constructor.name : describe(error);
}

/**
 * Why what Node says is no measure: it finds fewer files and exports than a bundler, and reads files of other kinds not at all.
 *
 * @param {any} error
 */
function outside(error) {
    const code = String(error?.code ?? '');
    // Named exports of CommonJS modules are found before they run.
    if (/is a CommonJS module/.test(String(error?.message))) return 'not comparable: named exports of CommonJS ';
    return /^(ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND|ERR_UN|ERR_IMPORT|ERR_PACKAGE|ERR_INVALID|ERR_REQUIRE_ESM)/.test(code)
        ? `not comparable: ${code} `
        : '';
}
