/**
 * What one run of a case shows: what its modules logged, in order, and what its exports hold in the end.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from './describe.mjs';

export class Recording {
    /** @type {string[]} */
    #lines = [];
    /** @type {Map<string, object>} */
    #namespaces = new Map();
    #importErrors = new Set();
    #uncaughtErrors = new Set();
    #hasSettled = false;

    /** The one global that the modules of a case use. @param {...unknown} values */
    log = (...values) => {
        // Half a surrogate pair would not survive the way to the comparison.
        const words = values.map((value) => (typeof value === 'string' && value.isWellFormed() ? value : describe(value)));
        this.#lines.push(words.join(' '));
    };

    /** @param {unknown} error */
    addUncaught(error) {
        this.#uncaughtErrors.add(error);
    }

    /**
     * Imports exports one after the other.
     *
     * @param {string[]} keys Of the declaration.
     * @param {(key: string) => string} specifierOf
     */
    async importAll(keys, specifierOf) {
        for (const key of keys) {
            try {
                this.#namespaces.set(key, await import(specifierOf(key)));
            } catch (error) {
                this.#importErrors.add(error);
                this.log(`importing ${key} threw`, error);
                console.error(error);
            }
        }
        this.#hasSettled = true;
    }

    /** Asked when nothing is left to do, so that what timers and pending imports did to exports shows too. */
    text() {
        if (!this.#hasSettled) this.log('an import never settled');
        for (const error of this.#uncaughtErrors) {
            // Node also raises what a CommonJS module throws while it is imported, besides rejecting the import.
            if (!this.#importErrors.has(error)) this.log('uncaught', error);
        }
        for (const [key, namespace] of this.#namespaces) this.log(key, '=', namespace);
        return this.#lines.map((line) => `${line}\n`).join('');
    }
}

/**
 * The exports of a declaration that a side has, in the order in which they are to be imported.
 *
 * @param {string} directory
 * @param {string} side
 * @param {string} order `declared` or `reversed`
 * @returns {{ name: string, sources: Map<string, string> }} The module's name; export key → source file.
 */
export function readDeclaration(directory, side, order) {
    const { name, esmx } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    const sources = Object.entries(esmx.exports)
        .map(([key, source]) => [key, typeof source === 'string' ? source : source[side]])
        .filter(([, source]) => typeof source === 'string');
    return { name, sources: new Map(order === 'reversed' ? sources.reverse() : sources) };
}
