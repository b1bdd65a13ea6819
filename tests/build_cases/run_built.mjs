/**
 * Runs the built output of a case several times and prints, as a JSON array, what each run shows.
 *
 *     node run_built.mjs '[{ "directory": "…", "side": "server", "order": "declared", "mode": "development" }, …]'
 *
 * One process for all runs, as starting Node is most of the time that a case takes. Each run has URLs, and so
 * module instances, of its own, and its globals are removed after it.
 */

import { writeSync } from 'node:fs';
import { register } from 'node:module';
import { Recording, readDeclaration } from './recording.mjs';

/** @type {{ directory: string, side: string, order: string, mode: string }[]} */
const runs = JSON.parse(process.argv[2]);
const declarations = runs.map(({ directory, side, order }) => readDeclaration(directory, side, order));
register('./import_map_hooks.mjs', {
    parentURL: import.meta.url,
    data: runs.map(({ directory, side }, index) => ({ directory, side, name: declarations[index].name }))
});

const ownGlobals = new Set(Reflect.ownKeys(globalThis));
/** @type {Recording[]} */
const recordings = [];

process.on('uncaughtException', (error) => recordings.at(-1)?.addUncaught(error));
process.on('beforeExit', next);
/** @type {string[]} */
const shown = [];
next();

/** Called whenever nothing is left to do: the run is over. */
function next() {
    const finished = recordings.at(-1);
    if (finished !== undefined) shown.push(finished.text());
    for (const key of Reflect.ownKeys(globalThis)) {
        if (!ownGlobals.has(key)) delete globalThis[key];
    }
    const index = recordings.length;
    if (index < runs.length) {
        // The event is raised again only if it left something for the event loop to do, which an import need not.
        setImmediate(start, index);
    } else {
        process.off('beforeExit', next);
        writeAll(JSON.stringify(shown));
    }
}

/** @param {number} index */
function start(index) {
    const { name, sources } = declarations[index];
    const recording = new Recording();
    recordings.push(recording);
    globalThis.log = recording.log;
    process.env.NODE_ENV = runs[index].mode;
    recording.importAll([...sources.keys()], (key) => `run-${index}:${name}${key.slice(1)}`);
}

/** A pipe may take less than all of it at once. @param {string} text */
function writeAll(text) {
    let bytes = Buffer.from(text);
    while (bytes.length > 0) bytes = bytes.subarray(writeSync(1, bytes));
}
