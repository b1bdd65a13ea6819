/**
 * Runs the sources of a case as they are and prints what they show.
 *
 *     node run_sources.mjs <directory> <side> <order>
 */

import { writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Recording, readDeclaration } from './recording.mjs';

const [directory, side, order] = process.argv.slice(2);
const { sources } = readDeclaration(directory, side, order);
const recording = new Recording();
globalThis.log = recording.log;
process.on('uncaughtException', (error) => recording.addUncaught(error));
process.once('beforeExit', () => writeSync(1, recording.text()));
recording.importAll([...sources.keys()], (key) => pathToFileURL(join(resolve(directory), sources.get(key))).href);
