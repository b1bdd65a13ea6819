import path, { basename, join as joinPath } from 'node:path';
import * as url from 'node:url';
import { extension } from './extension.js';

log(basename('/a/b.txt'), joinPath('a', 'b'), path.sep, typeof url.fileURLToPath);
log(extension('c.tar.gz'));
