export { posix, join as joinPath } from 'node:path';
export * as everything from 'node:url';
