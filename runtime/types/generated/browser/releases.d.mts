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
export function watchReleases({ mapUrl, base, interval, onRelease, fetch, current }: ReleaseOptions): {
    check: () => Promise<void>;
    stop(): void;
};
export type ImportMapText = import("../import-map/import-map.mjs").ImportMapText;
export type ReleaseOptions = {
    /**
     * Where the live import map is.
     */
    mapUrl?: string;
    /**
     * What is put in front of the URLs in the live map, where it is composed without one.
     */
    base?: string;
    /**
     * Milliseconds between two looks while the page is visible; 0 looks only when the page is returned to.
     */
    interval?: number;
    /**
     * The specifiers that lead elsewhere than in this page. None: what was
     * released has been taken back.
     */
    onRelease: (release: {
        changed: string[];
    }) => void;
    fetch?: typeof globalThis.fetch;
    /**
     * The map of this page; by default it is read from there.
     */
    current?: ImportMapText;
};
