/** `importmap.json`: an import map as the HTML standard defines it. Empty tables are left out. */
export interface ImportMap {
    /** Specifier → URL, for every importer. */
    imports?: Record<string, string>;
    /** Prefix (ends in `/`) or URL of the importer → its own table; `null` blocks a specifier. */
    scopes?: Record<string, Record<string, string | null>>;
    /** URL → integrity metadata. */
    integrity?: Record<string, string>;
}
