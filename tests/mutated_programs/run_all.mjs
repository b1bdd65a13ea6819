/**
 * Runs programs and prints what they show, as a list of three texts per program: the sources, and what two bundles show.
 *
 *     node run_all.mjs <file with a list of [files of the sources, files of a bundle, files of the other]>
 */

import { readFileSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

const SECONDS = 4;
/** @type {string[][][]} */
const jobs = JSON.parse(readFileSync(process.argv[2], 'utf8'));
/** @type {string[][]} */
const answers = [];
let next = 0;
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, work));
writeSync(1, JSON.stringify(answers));

async function work() {
    while (next < jobs.length) {
        const number = next++;
        answers[number] = [];
        for (const files of jobs[number]) {
            answers[number].push(await run(files));
        }
    }
}

/** @param {string[]} files @returns {Promise<string>} */
function run(files) {
    return new Promise((settle) => {
        const worker = new Worker(new URL('run_one.mjs', import.meta.url), { workerData: files, stdout: true, stderr: true, stdin: true });
        const end = (/** @type {string} */ text) => {
            clearTimeout(timer);
            void worker.terminate();
            settle(text);
        };
        const timer = setTimeout(() => end('not comparable: it runs for ever'), SECONDS * 1000);
        worker.on('message', end);
        worker.on('error', (error) => end(`not comparable: ${error}`));
        worker.on('exit', () => end('it ends the process\n'));
    });
}
