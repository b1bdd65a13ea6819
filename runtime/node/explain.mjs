/** An error as a person should read it: what we say about a host needs no stack, what its own code throws does. */

import { LinkedImportError } from './loader.mjs';
import { HostError } from './mounts.mjs';

/** @param {unknown} error */
export function explain(error) {
    if (error instanceof HostError || error instanceof LinkedImportError) return `esmx-build: ${error.message}`;
    if (!(error instanceof Error)) return String(error);
    if ('code' in error && error.code === 'EADDRINUSE') return `esmx-build: ${error.message}. Choose another port with --port, or any free one with --port 0.`;
    return error.stack ?? error.message;
}
