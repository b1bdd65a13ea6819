/** Hosts that are started as a person starts them. */

import { spawn } from 'node:child_process';

/**
 * Starts a server, waits until it says where it is, and ends it when `use` is done.
 *
 * @param {string} command
 * @param {string[]} words
 * @param {import('node:child_process').SpawnOptionsWithoutStdio} options
 * @param {(url: string) => Promise<void>} use
 */
export async function withStarted(command, words, options, use) {
    const child = spawn(command, words, options);
    let told = '';
    child.stderr.on('data', (text) => (told += text));
    try {
        const url = await new Promise((resolve, reject) => {
            child.stdout.on('data', (text) => {
                told += text;
                const found = /is served at (http:\/\/\S+)/.exec(told);
                if (found) resolve(found[1]);
            });
            child.once('error', reject);
            child.once('exit', (code) => reject(new Error(`ended with ${code}\n${told}`)));
        });
        await use(url);
    } finally {
        child.kill();
    }
}
