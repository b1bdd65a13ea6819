/**
 * Imports files one after the other and prints what they show.
 *
 *     node run_entries.mjs <directory> '[["main", "main.js"], …]'
 */

import { writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Recording } from '../build_cases/recording.mjs';

const [directory, entries] = process.argv.slice(2);
/** @type {Map<string, string>} */
const files = new Map(JSON.parse(entries));
const recording = new Recording();
globalThis.log = recording.log;
process.on('uncaughtException', (error) => recording.addUncaught(error));
process.once('beforeExit', () => writeSync(1, recording.text()));
recording.importAll([...files.keys()], (name) => pathToFileURL(join(resolve(directory), files.get(name))).href);
