/**
 * `node --import esmx-build/node/register app.mjs` resolves through the map that `ESMX_IMPORT_MAP` names, or
 * through `dist/server/importmap.json` of the current directory.
 */

import { registerImportMap } from './hooks.mjs';

registerImportMap(process.env.ESMX_IMPORT_MAP ?? 'dist/server/importmap.json');
