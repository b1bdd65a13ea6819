/**
 * "Parse an import map string", from the parsed JSON on.
 *
 * @param {unknown} value The parsed JSON.
 * @param {string} baseUrl What relative URLs in the map are relative to.
 * @returns {ImportMap}
 */
export function parseImportMap(value: unknown, baseUrl: string): ImportMap;
/**
 * "Resolve a module specifier" without its last two steps: `null` where the map has no answer, so that the
 * caller can go on (to the specifier itself when it is a URL, to Node otherwise).
 *
 * @param {ImportMap} map
 * @param {string} specifier As written in the importing module.
 * @param {string} importerUrl
 * @returns {URL | null}
 */
export function resolveImport(map: ImportMap, specifier: string, importerUrl: string): URL | null;
/**
 * Whether a specifier is bare: neither a URL nor relative to its importer.
 *
 * @param {string} specifier
 */
export function isBareSpecifier(specifier: string): boolean;
/**
 * The same map under a base path: values, scope prefixes and integrity keys alike, since a scope that lost
 * its base matches nothing.
 *
 * @param {ImportMapText} map Composed without a base.
 * @param {string} base Empty, or `/path` without a final slash.
 * @returns {ImportMapText}
 */
export function withBase(map: ImportMapText, base: string): ImportMapText;
/**
 * Import maps as the HTML standard defines them ("Import maps" in "Scripting"), for places that have no
 * browser: parsing, and resolving a specifier. The step comments follow the standard's text.
 *
 * @typedef {object} ImportMapText What the JSON of a map may hold.
 * @property {Record<string, string | null>} [imports]
 * @property {Record<string, Record<string, string | null>>} [scopes]
 * @property {Record<string, string>} [integrity]
 *
 * @typedef {object} SpecifierMap One table, in the order in which the standard asks it.
 * @property {Map<string, URL | null>} exact Every entry by its normalized key.
 * @property {string[]} prefixes The keys that end in `/`, longest first.
 *
 * @typedef {object} ImportMap
 * @property {SpecifierMap} imports
 * @property {{ prefix: string, table: SpecifierMap }[]} scopes Most specific first.
 */
/** A map that is JSON but no import map. */
export class ImportMapError extends TypeError {
}
/** An entry of the map forbids the specifier: it is `null`, or it led out of its own prefix. */
export class BlockedSpecifierError extends TypeError {
}
/**
 * What the JSON of a map may hold.
 */
export type ImportMapText = {
    imports?: Record<string, string | null>;
    scopes?: Record<string, Record<string, string | null>>;
    integrity?: Record<string, string>;
};
/**
 * One table, in the order in which the standard asks it.
 */
export type SpecifierMap = {
    /**
     * Every entry by its normalized key.
     */
    exact: Map<string, URL | null>;
    /**
     * The keys that end in `/`, longest first.
     */
    prefixes: string[];
};
/**
 * Import maps as the HTML standard defines them ("Import maps" in "Scripting"), for places that have no
 * browser: parsing, and resolving a specifier. The step comments follow the standard's text.
 */
export type ImportMap = {
    imports: SpecifierMap;
    /**
     * Most specific first.
     */
    scopes: {
        prefix: string;
        table: SpecifierMap;
    }[];
};
