import { extname } from 'node:path';

const join = 'not the one of node:path';
export const extension = (file) => `${extname(file)} ${join}`;
