/**
 * From a path to the module that answers it:
 *
 *     const routes = createRouteResolver({
 *         namespaces: { search: 'search/app', booking: { specifier: 'booking/app', local: () => import('./booking.tsx') } },
 *         fallback: 'page/app',
 *         locales: ['en', 'de']
 *     });
 *     routes.resolve('/de/search/flights?from=BER')
 *     // { namespace: 'search', specifier: 'search/app', locale: 'de', basename: '/de/search', path: '/flights', search: '?from=BER', … }
 */

/**
 * @typedef {object} RouteSource
 * @property {string} specifier What the import map has: the deployed module.
 * @property {() => Promise<any>} [local] Source in this checkout, for whoever works on it.
 *
 * @typedef {object} RouteOptions
 * @property {Record<string, string | RouteSource>} namespaces First part of the path, or several (`account/orders`) → module.
 * @property {string | RouteSource} [fallback] The default namespace: what answers every path that no other one does.
 * @property {string[]} [locales] May stand before the namespace. The first is the one of paths without.
 * @property {string} [base] What stands before all of it.
 * @property {'deployed' | 'local' | ((namespace: string) => 'deployed' | 'local')} [source] Which source is taken where both are there.
 *
 * @typedef {object} Route
 * @property {string} namespace Empty for the fallback.
 * @property {string} specifier
 * @property {() => Promise<any>} [local] Present when the local source is to be taken.
 * @property {'deployed' | 'local'} source
 * @property {string | undefined} locale
 * @property {string} basename What the module's own router stands below.
 * @property {string} path The rest, with a leading slash.
 * @property {string} search
 * @property {string} hash
 * @property {string} key The same for all paths of one module: what a mounted module is kept by.
 */

/** @param {RouteOptions} options */
export function createRouteResolver({ namespaces, fallback, locales = [], base = '', source = 'deployed' }) {
    if (namespaces === null || typeof namespaces !== 'object') throw new TypeError('createRouteResolver needs `namespaces`: { search: \'search/app\' }.');
    const prefix = partsOf(base);
    const known = Object.entries(namespaces).map(([namespace, target]) => ({ namespace, parts: partsOf(namespace), ...sourceOf(target) }));
    // `account/orders` goes before `account`.
    known.sort((left, right) => right.parts.length - left.parts.length);

    /** @param {string} namespace @param {RouteSource} target */
    const choose = (namespace, { specifier, local }) => {
        const wanted = typeof source === 'function' ? source(namespace) : source;
        return wanted === 'local' && local !== undefined
            ? { specifier, local, source: /** @type {const} */ ('local') }
            : { specifier, source: /** @type {const} */ ('deployed') };
    };

    /** @param {string} url A path, with search and hash if need be, or a whole URL. @returns {Route | undefined} */
    function resolve(url) {
        const { pathname, search, hash } = new URL(url, 'http://page.invalid');
        const parts = partsOf(pathname);
        if (!startsWith(parts, prefix)) return undefined;
        let at = prefix.length;
        // Locales are written in any case, and answered as they are configured.
        const locale = locales.find((one) => one.toLowerCase() === parts[at]?.toLowerCase());
        if (locale !== undefined) at += 1;
        const rest = parts.slice(at).map(decoded);
        const found = known.find((one) => startsWith(rest, one.parts));
        const target = found ?? (fallback === undefined ? undefined : { namespace: '', parts: [], ...sourceOf(fallback) });
        if (target === undefined) return undefined;
        const own = at + target.parts.length;
        return {
            namespace: target.namespace,
            ...choose(target.namespace, target),
            locale: locale ?? locales[0],
            basename: joined(parts.slice(0, own)) || '/',
            path: joined(parts.slice(own)) || '/',
            search,
            hash,
            key: `${target.specifier} ${joined(parts.slice(0, own))}`
        };
    }

    return {
        resolve,
        /**
         * The path of a namespace, in a locale.
         *
         * @param {string} namespace Empty for the fallback.
         * @param {{ path?: string, locale?: string }} [options]
         */
        pathOf(namespace, { path = '/', locale } = {}) {
            const spoken = locale === undefined || locale === locales[0] ? [] : [locale];
            return joined([...prefix, ...spoken, ...partsOf(namespace).map(encodeURIComponent)]) + (path === '/' ? '' : path) || '/';
        },
        /**
         * The module of a route: the local source where that was chosen, the deployed one otherwise.
         *
         * @param {Route} route
         * @param {{ load: (specifier: string) => Promise<any> }} loader
         */
        load: ({ local, specifier }, loader) => (local === undefined ? loader.load(specifier) : local())
    };
}

/** @param {string | RouteSource} target @returns {RouteSource} */
function sourceOf(target) {
    return typeof target === 'string' ? { specifier: target } : target;
}

/** @param {string} path */
function partsOf(path) {
    return path.split('/').filter((part) => part !== '');
}

/** @param {string[]} parts @param {string[]} beginning */
function startsWith(parts, beginning) {
    return beginning.every((part, index) => part === parts[index]);
}

/** @param {string[]} parts */
function joined(parts) {
    return parts.map((part) => `/${part}`).join('');
}

/** @param {string} part */
function decoded(part) {
    try {
        return decodeURIComponent(part);
    } catch {
        return part;
    }
}
