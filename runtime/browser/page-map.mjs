/**
 * The import map of an open page, made longer. Browsers with several maps in a page merge them; what is resolved already stays as it is, so
 * only what is new has an effect. Others ignore a second map, or say so in the console.
 */

/**
 * Adds what a newer map has and the page's does not: specifiers, scopes, integrity.
 *
 * @param {import('../import-map/import-map.mjs').ImportMapText} live
 */
export function extendPageMap(live) {
    const { document } = globalThis;
    if (document === undefined) return;
    const elements = [...document.querySelectorAll('script[type="importmap"]')];
    const maps = elements.map((element) => parsed(element.textContent));
    const addition = {
        imports: lacking(live.imports, maps.map(({ imports }) => imports)),
        scopes: Object.fromEntries(
            Object.entries(live.scopes ?? {})
                .map(([scope, table]) => [scope, lacking(table, maps.map(({ scopes }) => scopes?.[scope]))])
                .filter(([, table]) => Object.keys(table).length > 0)
        ),
        integrity: lacking(live.integrity, maps.map(({ integrity }) => integrity))
    };
    if (Object.values(addition).every((table) => Object.keys(table).length === 0)) return;
    const element = document.createElement('script');
    element.type = 'importmap';
    // Without one, a policy that names the hash of the first map refuses this; then the page goes on with what it has.
    const withNonce = /** @type {HTMLScriptElement | undefined} */ (elements.find((one) => /** @type {HTMLScriptElement} */ (one).nonce));
    if (withNonce !== undefined) element.nonce = withNonce.nonce;
    element.textContent = JSON.stringify(addition);
    document.head.append(element);
}

/**
 * @template Value
 * @param {Record<string, Value> | undefined} table
 * @param {(Record<string, unknown> | undefined)[]} known
 * @returns {Record<string, Value>}
 */
function lacking(table, known) {
    const entries = Object.entries(table ?? {});
    return Object.fromEntries(entries.filter(([key]) => !known.some((one) => one !== undefined && Object.hasOwn(one, key))));
}

/** @param {string | null} text @returns {import('../import-map/import-map.mjs').ImportMapText} */
function parsed(text) {
    try {
        return JSON.parse(text ?? '{}');
    } catch {
        return {};
    }
}
