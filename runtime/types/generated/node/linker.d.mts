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
export function createServerLinker(options: LinkerOptions): ServerLinker;
/**
 * Emits `generation` (its number) when a new one takes over, and `drop` (its number) when an old one ended its last request.
 */
export class ServerLinker {
    /** @param {LinkerOptions} options */
    constructor({ root, links }: LinkerOptions);
    root: any;
    /** The number of the current generation. */
    get generation(): number;
    /** Name of the host. */
    get name(): string;
    /** The artifacts of the current generation, the host's first. */
    get mounts(): import("./mounts.mjs").Mount[];
    /**
     * The artifacts of the last generations, the newest first: an open page asks for files of the build that rendered it.
     *
     * @returns {Mount[][]}
     */
    get served(): Mount[][];
    /** Whether the current server map has an identifier. @param {string} identifier */
    has(identifier: string): boolean;
    /** Imports from the current generation as a module of the host does. @param {string} specifier @returns {Promise<any>} */
    import(specifier: string): Promise<any>;
    /** The current generation, for a piece of work that may take a while. @returns {Lease} */
    acquire(): Lease;
    /**
     * The current generation for as long as `work` takes.
     *
     * @template Result
     * @param {(lease: Lease) => Result | Promise<Result>} work
     * @returns {Promise<Result>}
     */
    use<Result>(work: (lease: Lease) => Result | Promise<Result>): Promise<Result>;
    /**
     * Loads what is built now beside what runs, and hands over when it is ready. Where it cannot be loaded, this rejects and what ran
     * goes on.
     *
     * @param {string[]} [specifiers] What has to be loaded before the hand-over; the host's server entry, if it has one.
     * @returns {Promise<number>} The number of the new generation.
     */
    reinit(specifiers?: string[]): Promise<number>;
    #private;
}
export type Mount = import("./mounts.mjs").Mount;
export type LinkerOptions = {
    /**
     * Directory of a host that is built and composed.
     */
    root: string | URL;
    /**
     * What the host links in its behaviour file: module → artifact directory.
     */
    links?: Record<string, string>;
};
/**
 * A generation that is not dropped before it is released.
 */
export type Lease = {
    generation: number;
    /**
     * What the generation has for browsers.
     */
    application: BuiltApplication;
    /**
     * As a module of the host imports.
     */
    import: (specifier: string) => Promise<any>;
    /**
     * Once; more often does no harm.
     */
    release: () => void;
};
import { BuiltApplication } from './built-application.mjs';
