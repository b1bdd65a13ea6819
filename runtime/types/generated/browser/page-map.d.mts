/**
 * The import map of an open page, made longer. Browsers with several maps in a page merge them; what is resolved already stays as it is, so
 * only what is new has an effect. Others ignore a second map, or say so in the console.
 */
/**
 * Adds what a newer map has and the page's does not: specifiers, scopes, integrity.
 *
 * @param {import('../import-map/import-map.mjs').ImportMapText} live
 */
export function extendPageMap(live: import("../import-map/import-map.mjs").ImportMapText): void;
