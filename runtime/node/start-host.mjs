/**
 * `esmx-build start`: `node start-host.mjs <host>`, with `PORT`, `HOST`, `ESMX_BASE` and `ESMX_CSP` in the environment. `SIGHUP` takes
 * over a new build without losing a request.
 */

import { loadBehaviour, start } from './start.mjs';
import { explain } from './explain.mjs';

const [root = '.'] = process.argv.slice(2);

try {
    await start(root, await loadBehaviour(root));
} catch (error) {
    console.error(explain(error));
    process.exitCode = 1;
}
