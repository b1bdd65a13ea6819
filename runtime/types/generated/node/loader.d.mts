/**
 * @param {string} file Path of a composed server map, such as `<host>/dist/server/importmap.json`.
 * @returns {ServerImportMap}
 */
export function readServerImportMap(file: string): ServerImportMap;
/** @param {string} file */
export function readServerImportMapText(file: string): any;
/** @param {string} file Where the text is from. @param {string} text @returns {ServerImportMap} */
export function parseServerImportMap(file: string, text: string): ServerImportMap;
/**
 * Modules of a later generation have a map of their own, and this in their URL; see `generation-hooks.mjs`.
 *
 * @param {string | undefined} url
 * @returns {number | undefined} The number of the generation.
 */
export function generationOf(url: string | undefined): number | undefined;
/** Called by `module.register`. @param {{ file: string }} data */
export function initialize({ file }: {
    file: string;
}): void;
/** @type {import('node:module').ResolveHook} */
export function resolve(specifier: any, context: any, nextResolve: any): Promise<any>;
/** For hooks on their own thread, where everything may wait. @param {ServerImportMap} server */
export function createResolve(server: ServerImportMap): (specifier: string, context: any, nextResolve: (specifier: string, context: any) => any) => Promise<any>;
/**
 * The same for `module.registerHooks`, where everything is synchronous.
 *
 * @param {ServerImportMap} server
 */
export function createSyncResolve(server: ServerImportMap): (specifier: string, context: any, nextResolve: (specifier: string, context: any) => any) => any;
/**
 * @param {ServerImportMap} server
 * @param {string} specifier
 * @param {string | undefined} importer Absent for the program's entry.
 * @returns {string | null} The mapped URL.
 */
export function ask(server: ServerImportMap, specifier: string, importer: string | undefined): string | null;
/**
 * @typedef {object} ServerImportMap
 * @property {string} file Path of the map, for messages.
 * @property {import('../import-map/import-map.mjs').ImportMap} map
 */
/** A specifier that neither the map nor Node resolves, or whose mapped file is not there. */
export class LinkedImportError extends Error {
    /** @param {string} message @param {{ code?: string, cause?: unknown }} details */
    constructor(message: string, { code, cause }: {
        code?: string;
        cause?: unknown;
    });
    code: string;
}
export type ServerImportMap = {
    /**
     * Path of the map, for messages.
     */
    file: string;
    map: import("../import-map/import-map.mjs").ImportMap;
};
