import { posix, joinPath, everything } from './public.js';

log(joinPath('a', '..', 'b'), posix.join === joinPath, typeof everything.fileURLToPath);
export { basename } from 'node:path';
export * from './public.js';
