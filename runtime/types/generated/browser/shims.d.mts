/**
 * For browsers without import maps, or with only one of them: loads `es-module-shims` from where the host serves it, and only where it is
 * needed. The file is the host's own copy; nothing is asked of another server.
 *
 *     await loadShims('/vendor/es-module-shims.js');
 */
/** Whether the browser has import maps. */
export function hasImportMaps(): boolean;
/**
 * Whether a second import map in a page counts: it does in browsers that resolve through a merged one.
 *
 * @returns {Promise<boolean>}
 */
export function hasMultipleImportMaps(): Promise<boolean>;
/**
 * @param {string} url Where the host serves `es-module-shims.js`.
 * @param {{ need?: 'import-maps' | 'multiple-import-maps', integrity?: string, options?: Record<string, unknown> }} [options]
 * @returns {Promise<boolean>} Whether it was needed. Modules are loaded with `globalThis.importShim` then; see {@link importModule}.
 */
export function loadShims(url: string, { need, integrity, options }?: {
    need?: "import-maps" | "multiple-import-maps";
    integrity?: string;
    options?: Record<string, unknown>;
}): Promise<boolean>;
/** `import()`, by the shims where they are. For `createModuleLoader({ importModule })`. @param {string} specifier @returns {Promise<any>} */
export function importModule(specifier: string): Promise<any>;
