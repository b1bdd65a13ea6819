/** Runs one peer in a process of its own: `node bundle.mjs rolldown '{ "input": … }'`. */

import { PEERS } from './peers.mjs';

const [tool, job] = process.argv.slice(2);
try {
    await PEERS[tool](JSON.parse(job));
    // Some keep threads that would hold the process.
    process.exit(0);
} catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
}
