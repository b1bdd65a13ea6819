/**
 * For browsers without import maps, or with only one of them: loads `es-module-shims` from where the host serves it, and only where it is
 * needed. The file is the host's own copy; nothing is asked of another server.
 *
 *     await loadShims('/vendor/es-module-shims.js');
 */

/** Whether the browser has import maps. */
export function hasImportMaps() {
    return globalThis.HTMLScriptElement?.supports?.('importmap') === true;
}

/**
 * Whether a second import map in a page counts: it does in browsers that resolve through a merged one.
 *
 * @returns {Promise<boolean>}
 */
export async function hasMultipleImportMaps() {
    if (!hasImportMaps()) return false;
    const name = `esmx-probe-${Math.random().toString(36).slice(2)}`;
    const probe = document.createElement('script');
    probe.type = 'importmap';
    probe.nonce = /** @type {HTMLScriptElement | null} */ (document.querySelector('script[nonce]'))?.nonce ?? '';
    probe.textContent = JSON.stringify({ imports: { [name]: `data:text/javascript,` } });
    document.head.append(probe);
    try {
        return import.meta.resolve(name).startsWith('data:');
    } catch {
        return false;
    } finally {
        probe.remove();
    }
}

/**
 * @param {string} url Where the host serves `es-module-shims.js`.
 * @param {{ need?: 'import-maps' | 'multiple-import-maps', integrity?: string, options?: Record<string, unknown> }} [options]
 * @returns {Promise<boolean>} Whether it was needed. Modules are loaded with `globalThis.importShim` then; see {@link importModule}.
 */
export async function loadShims(url, { need = 'import-maps', integrity, options } = {}) {
    const isThere = need === 'import-maps' ? hasImportMaps() : await hasMultipleImportMaps();
    if (isThere) return false;
    if (options !== undefined) /** @type {any} */ (globalThis).esmsInitOptions ??= options;
    await new Promise((resolve, reject) => {
        const script = document.createElement('script');
        script.src = url;
        script.nonce = /** @type {HTMLScriptElement | null} */ (document.querySelector('script[nonce]'))?.nonce ?? '';
        if (integrity !== undefined) script.integrity = integrity;
        script.addEventListener('load', () => resolve(undefined), { once: true });
        script.addEventListener('error', () => reject(new Error(`es-module-shims cannot be loaded from ${url}`)), { once: true });
        document.head.append(script);
    });
    return true;
}

/** `import()`, by the shims where they are. For `createModuleLoader({ importModule })`. @param {string} specifier @returns {Promise<any>} */
export function importModule(specifier) {
    const shim = /** @type {any} */ (globalThis).importShim;
    return typeof shim === 'function' ? shim(specifier) : import(/* @vite-ignore */ specifier);
}
