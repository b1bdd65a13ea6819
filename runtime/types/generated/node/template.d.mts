/**
 * @param {string} html
 * @param {{ map: string, head?: string, end?: string }} pieces HTML: the map's element; what goes to the end of the head, such as
 *   stylesheets; what goes to the end of the body, such as the module entry.
 * @returns {string}
 */
export function injectImportMap(html: string, { map, head, end }: {
    map: string;
    head?: string;
    end?: string;
}): string;
