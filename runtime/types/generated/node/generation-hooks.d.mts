/** @param {GenerationMessage} message */
export function receive(message: GenerationMessage): void;
/** Called by `module.register`. @param {{ port: import('node:worker_threads').MessagePort }} data */
export function initialize(data: {
    port: any;
}): void;
/** @type {import('node:module').ResolveHook} */
export function resolve(specifier: any, context: any, nextResolve: any): Promise<any>;
export function resolveSync(specifier: string, context: any, nextResolve: (specifier: string, context: any) => any): any;
export function load(url: string, context: any, nextLoad: (url: string, context: any) => any): any;
/**
 * What a thread may be sent.
 */
export type GenerationFacts = {
    id: number;
    /**
     * What its URLs end in.
     */
    query: string;
    /**
     * Path of the server map,
     */
    file: string;
    /**
     * and what it says.
     */
    text: string;
    /**
     * URLs of the server artifacts, with a final slash.
     */
    directories: string[];
    /**
     * Every module, without the query.
     */
    sources: [url: string, source: string][];
};
export type GenerationMessage = {
    add: GenerationFacts;
} | {
    drop: number;
};
export type Generation = {
    query: string;
    directories: string[];
    server: import("./loader.mjs").ServerImportMap;
    /**
     * Without the text once it is loaded.
     */
    sources: Map<string, string | undefined>;
};
