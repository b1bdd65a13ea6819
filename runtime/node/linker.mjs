/**
 * The modules of a built host, linked in Node through its server map, and exchanged while the process runs:
 *
 *     const linker = createServerLinker({ root: '/srv/shop' });
 *     const { render } = await linker.import('shop/src/entry.server');
 *     …                             // a new build is put in place
 *     await linker.reinit();        // from here on, the new one; requests that began with the old one end with it
 */

import { EventEmitter } from 'node:events';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BuiltApplication } from './built-application.mjs';
import { openGeneration, openNextGeneration } from './generations.mjs';

/**
 * @typedef {import('./mounts.mjs').Mount} Mount
 *
 * @typedef {object} LinkerOptions
 * @property {string | URL} root Directory of a host that is built and composed.
 * @property {Record<string, string>} [links] What the host links in its behaviour file: module → artifact directory.
 *
 * @typedef {object} Lease A generation that is not dropped before it is released.
 * @property {number} generation
 * @property {BuiltApplication} application What the generation has for browsers.
 * @property {(specifier: string) => Promise<any>} import As a module of the host imports.
 * @property {() => void} release Once; more often does no harm.
 */

/** @param {LinkerOptions} options @returns {ServerLinker} */
export function createServerLinker(options) {
    return new ServerLinker(options);
}

/**
 * Emits `generation` (its number) when a new one takes over, and `drop` (its number) when an old one ended its last request.
 */
export class ServerLinker extends EventEmitter {
    #links;
    /** @type {Generation} */
    #current;
    /** One exchange after the other. @type {Promise<unknown>} */
    #exchange = Promise.resolve();
    /** The newest first. @type {Mount[][]} */
    #served;

    /** @param {LinkerOptions} options */
    constructor({ root, links }) {
        super();
        this.root = resolve(root instanceof URL || root.startsWith('file:') ? fileURLToPath(root) : root);
        this.#links = links;
        this.#current = this.#open(openGeneration);
        this.#served = [this.#current.mounts];
    }

    /** @param {typeof openGeneration} open */
    #open(open) {
        return new Generation(open(this.root, this.#links), (id) => this.emit('drop', id));
    }

    /** The number of the current generation. */
    get generation() {
        return this.#current.id;
    }

    /** Name of the host. */
    get name() {
        return this.#current.mounts[0].name;
    }

    /** The artifacts of the current generation, the host's first. */
    get mounts() {
        return this.#current.mounts;
    }

    /**
     * The artifacts of the last generations, the newest first: an open page asks for files of the build that rendered it.
     *
     * @returns {Mount[][]}
     */
    get served() {
        return this.#served;
    }

    /** Whether the current server map has an identifier. @param {string} identifier */
    has(identifier) {
        return this.#current.has(identifier);
    }

    /** Imports from the current generation as a module of the host does. @param {string} specifier @returns {Promise<any>} */
    async import(specifier) {
        return this.use((lease) => lease.import(specifier));
    }

    /** The current generation, for a piece of work that may take a while. @returns {Lease} */
    acquire() {
        return this.#current.acquire();
    }

    /**
     * The current generation for as long as `work` takes.
     *
     * @template Result
     * @param {(lease: Lease) => Result | Promise<Result>} work
     * @returns {Promise<Result>}
     */
    async use(work) {
        const lease = this.acquire();
        try {
            return await work(lease);
        } finally {
            lease.release();
        }
    }

    /**
     * Loads what is built now beside what runs, and hands over when it is ready. Where it cannot be loaded, this rejects and what ran
     * goes on.
     *
     * @param {string[]} [specifiers] What has to be loaded before the hand-over; the host's server entry, if it has one.
     * @returns {Promise<number>} The number of the new generation.
     */
    reinit(specifiers) {
        const exchanged = this.#exchange.then(async () => {
            const next = this.#open(openNextGeneration);
            const lease = next.acquire();
            try {
                for (const specifier of specifiers ?? next.entries) await lease.import(specifier);
            } catch (error) {
                next.retire();
                throw error;
            } finally {
                lease.release();
            }
            const last = this.#current;
            this.#current = next;
            this.#served = [next.mounts, ...this.#served].slice(0, 5);
            last.retire();
            this.emit('generation', next.id);
            return next.id;
        });
        this.#exchange = exchanged.catch(() => undefined);
        return exchanged;
    }
}

class Generation {
    #opened;
    #users = 0;
    #isRetired = false;
    #dropped;

    /** @param {import('./generations.mjs').OpenedGeneration} opened @param {(id: number) => void} dropped */
    constructor(opened, dropped) {
        this.#opened = opened;
        this.#dropped = dropped;
        this.id = this.#opened.id;
        this.mounts = this.#opened.mounts;
        /** @type {BuiltApplication | undefined} */
        this.application = new BuiltApplication(this.mounts);
        const entry = `${this.mounts[0].name}/src/entry.server`;
        /** What a renderer needs first. */
        this.entries = this.has(entry) ? [entry] : [];
    }

    /** @param {string} identifier */
    has(identifier) {
        return this.#opened.identifiers.has(identifier);
    }

    /** @returns {Lease} */
    acquire() {
        this.#users += 1;
        let isReleased = false;
        const { application, id } = this;
        if (application === undefined) throw new Error(`generation ${id} was dropped`);
        return {
            generation: id,
            application,
            import: (specifier) => this.#opened.load(specifier),
            release: () => {
                if (isReleased) return;
                isReleased = true;
                this.#users -= 1;
                this.#dropIfDone();
            }
        };
    }

    /** Nothing begins with it any more. */
    retire() {
        this.#isRetired = true;
        this.#dropIfDone();
    }

    #dropIfDone() {
        if (!this.#isRetired || this.#users > 0 || this.application === undefined) return;
        this.application = undefined;
        this.#opened.forget();
        this.#dropped(this.id);
    }
}
