/** `postBuild(esmx)` of a host's behaviour file: `node post-build.mjs <host>`. */

import { loadBehaviour, postBuild } from './start.mjs';
import { explain } from './explain.mjs';

const [root = '.'] = process.argv.slice(2);

try {
    await postBuild(root, await loadBehaviour(root));
    // A behaviour file may have opened connections; after a build nobody waits for them.
    process.exit(process.exitCode ?? 0);
} catch (error) {
    console.error(explain(error));
    process.exit(1);
}
