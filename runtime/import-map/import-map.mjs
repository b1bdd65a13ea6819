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
    name = 'ImportMapError';
}

/** An entry of the map forbids the specifier: it is `null`, or it led out of its own prefix. */
export class BlockedSpecifierError extends TypeError {
    name = 'BlockedSpecifierError';
}

/**
 * "Parse an import map string", from the parsed JSON on.
 *
 * @param {unknown} value The parsed JSON.
 * @param {string} baseUrl What relative URLs in the map are relative to.
 * @returns {ImportMap}
 */
export function parseImportMap(value, baseUrl) {
    if (!isRecord(value)) throw new ImportMapError('an import map is a JSON object');
    const { imports = {}, scopes = {} } = value;
    if (!isRecord(imports)) throw new ImportMapError('`imports` of an import map is an object');
    if (!isRecord(scopes)) throw new ImportMapError('`scopes` of an import map is an object');
    const parsedScopes = [];
    for (const [prefix, table] of Object.entries(scopes)) {
        if (!isRecord(table)) throw new ImportMapError(`the scope ${JSON.stringify(prefix)} of an import map is an object`);
        // A scope whose prefix is no URL is ignored, as in a browser.
        const url = parseUrl(prefix, baseUrl);
        if (url !== null) parsedScopes.push({ prefix: url.href, table: parseSpecifierMap(table, baseUrl) });
    }
    // Prefixes of one URL are prefixes of each other, so this puts the most specific first.
    parsedScopes.sort((left, right) => descending(left.prefix, right.prefix));
    return { imports: parseSpecifierMap(imports, baseUrl), scopes: parsedScopes };
}

/**
 * "Resolve a module specifier" without its last two steps: `null` where the map has no answer, so that the
 * caller can go on (to the specifier itself when it is a URL, to Node otherwise).
 *
 * @param {ImportMap} map
 * @param {string} specifier As written in the importing module.
 * @param {string} importerUrl
 * @returns {URL | null}
 */
export function resolveImport(map, specifier, importerUrl) {
    const asUrl = parseUrlLikeSpecifier(specifier, importerUrl);
    const normalized = asUrl?.href ?? specifier;
    for (const { prefix, table } of map.scopes) {
        const isInScope = prefix === importerUrl || (prefix.endsWith('/') && importerUrl.startsWith(prefix));
        if (!isInScope) continue;
        const match = resolveImportsMatch(normalized, asUrl, table);
        if (match !== null) return match;
    }
    return resolveImportsMatch(normalized, asUrl, map.imports);
}

/**
 * Whether a specifier is bare: neither a URL nor relative to its importer.
 *
 * @param {string} specifier
 */
export function isBareSpecifier(specifier) {
    return parseUrlLikeSpecifier(specifier, 'https://importer.invalid/') === null;
}

/**
 * The same map under a base path: values, scope prefixes and integrity keys alike, since a scope that lost
 * its base matches nothing.
 *
 * @param {ImportMapText} map Composed without a base.
 * @param {string} base Empty, or `/path` without a final slash.
 * @returns {ImportMapText}
 */
export function withBase(map, base) {
    if (base === '') return map;
    const prefixed = (/** @type {string} */ url) => (url.startsWith('/') ? base + url : url);
    const values = (/** @type {Record<string, string | null>} */ table) =>
        mapEntries(table, (key, url) => [key, url === null ? null : prefixed(url)]);
    /** @type {ImportMapText} */
    const based = { ...map };
    if (map.imports) based.imports = values(map.imports);
    if (map.scopes) based.scopes = mapEntries(map.scopes, (scope, table) => [prefixed(scope), values(table)]);
    if (map.integrity) based.integrity = mapEntries(map.integrity, (url, hash) => [prefixed(url), hash]);
    return based;
}

/**
 * "Sort and normalize a module specifier map".
 *
 * @param {Record<string, unknown>} table
 * @param {string} baseUrl
 * @returns {SpecifierMap}
 */
function parseSpecifierMap(table, baseUrl) {
    /** @type {Map<string, URL | null>} */
    const exact = new Map();
    for (const [key, value] of Object.entries(table)) {
        if (key === '') continue;
        const normalized = parseUrlLikeSpecifier(key, baseUrl)?.href ?? key;
        const url = typeof value === 'string' ? parseUrlLikeSpecifier(value, baseUrl) : null;
        const isDirectory = !key.endsWith('/') || url?.href.endsWith('/') === true;
        exact.set(normalized, isDirectory ? url : null);
    }
    const prefixes = [...exact.keys()].filter((key) => key.endsWith('/')).sort(descending);
    return { exact, prefixes };
}

/**
 * "Resolve an imports match". The standard walks all keys in descending order; a key that equals the
 * specifier comes before every prefix of it, so the exact table may be asked first.
 *
 * @param {string} normalized
 * @param {URL | null} asUrl
 * @param {SpecifierMap} table
 * @returns {URL | null}
 */
function resolveImportsMatch(normalized, asUrl, table) {
    const exact = table.exact.get(normalized);
    if (exact === null) throw new BlockedSpecifierError(`the entry for ${JSON.stringify(normalized)} is blocked`);
    if (exact !== undefined) return exact;
    if (asUrl !== null && !isSpecial(asUrl)) return null;
    for (const prefix of table.prefixes) {
        if (!normalized.startsWith(prefix)) continue;
        const target = table.exact.get(prefix);
        if (!target) throw new BlockedSpecifierError(`the entry for ${JSON.stringify(prefix)} is blocked`);
        const url = parseUrl(normalized.slice(prefix.length), target.href);
        if (url === null || !url.href.startsWith(target.href)) {
            throw new BlockedSpecifierError(`${JSON.stringify(normalized)} leaves its prefix ${JSON.stringify(prefix)}`);
        }
        return url;
    }
    return null;
}

/**
 * "Resolve a URL-like module specifier".
 *
 * @param {string} specifier
 * @param {string} baseUrl
 * @returns {URL | null}
 */
function parseUrlLikeSpecifier(specifier, baseUrl) {
    if (/^(?:\/|\.\/|\.\.\/)/.test(specifier)) return parseUrl(specifier, baseUrl);
    return parseUrl(specifier, undefined);
}

/** @param {string} text @param {string | undefined} baseUrl @returns {URL | null} */
function parseUrl(text, baseUrl) {
    return URL.canParse(text, baseUrl) ? new URL(text, baseUrl) : null;
}

/** The URL standard's special schemes. @param {URL} url */
function isSpecial(url) {
    return ['file:', 'ftp:', 'http:', 'https:', 'ws:', 'wss:'].includes(url.protocol);
}

/** Descending by code units, as the standard sorts. @param {string} left @param {string} right */
function descending(left, right) {
    if (left === right) return 0;
    return left < right ? 1 : -1;
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isRecord(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * @template From, To
 * @param {Record<string, From>} record
 * @param {(key: string, value: From) => [string, To]} change
 * @returns {Record<string, To>}
 */
function mapEntries(record, change) {
    return Object.fromEntries(Object.entries(record).map(([key, value]) => change(key, value)));
}
