/** Notices that something was released, or taken back, while a page is open. */

import { withBase } from '../import-map/import-map.mjs';

/**
 * @typedef {import('../import-map/import-map.mjs').ImportMapText} ImportMapText
 *
 * @typedef {object} ReleaseOptions
 * @property {string} [mapUrl] Where the live import map is.
 * @property {string} [base] What is put in front of the URLs in the live map, where it is composed without one.
 * @property {number} [interval] Milliseconds between two looks while the page is visible; 0 looks only when the page is returned to.
 * @property {(release: { changed: string[] }) => void} onRelease The specifiers that lead elsewhere than in this page. None: what was
 *   released has been taken back.
 * @property {typeof globalThis.fetch} [fetch]
 * @property {ImportMapText} [current] The map of this page; by default it is read from there.
 */

/** @param {ReleaseOptions} options */
export function watchReleases({ mapUrl = '/importmap.json', base = '', interval = 60_000, onRelease, fetch = (...request) => globalThis.fetch(...request), current = pageMap() }) {
    let told = '[]';
    let isStopped = false;

    async function check() {
        // Nobody sees a page in the background; it is looked at when somebody comes back.
        if (isStopped || globalThis.document?.visibilityState === 'hidden') return;
        const response = await fetch(mapUrl, { cache: 'no-cache' }).catch(() => undefined);
        if (response?.ok !== true || isStopped) return;
        const live = withBase(await response.json().catch(() => ({})), base);
        const changed = changedSpecifiers(current, live);
        const text = JSON.stringify(changed);
        if (text === told) return;
        told = text;
        onRelease({ changed });
    }

    const timer = interval > 0 ? setInterval(check, interval) : undefined;
    globalThis.document?.addEventListener('visibilitychange', check);
    return {
        check,
        stop() {
            isStopped = true;
            clearInterval(timer);
            globalThis.document?.removeEventListener('visibilitychange', check);
        }
    };
}

/** @param {ImportMapText} current @param {ImportMapText} live */
function changedSpecifiers({ imports: current = {} }, { imports: live = {} }) {
    return Object.keys(live).filter((specifier) => Object.hasOwn(current, specifier) && current[specifier] !== live[specifier]);
}

/** @returns {ImportMapText} */
function pageMap() {
    try {
        return JSON.parse(globalThis.document?.querySelector('script[type="importmap"]')?.textContent ?? '{}');
    } catch {
        return {};
    }
}
