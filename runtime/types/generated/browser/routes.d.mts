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
export function createRouteResolver({ namespaces, fallback, locales, base, source }: RouteOptions): {
    resolve: (url: string) => Route | undefined;
    /**
     * The path of a namespace, in a locale.
     *
     * @param {string} namespace Empty for the fallback.
     * @param {{ path?: string, locale?: string }} [options]
     */
    pathOf(namespace: string, { path, locale }?: {
        path?: string;
        locale?: string;
    }): string;
    /**
     * The module of a route: the local source where that was chosen, the deployed one otherwise.
     *
     * @param {Route} route
     * @param {{ load: (specifier: string) => Promise<any> }} loader
     */
    load: ({ local, specifier }: Route, loader: {
        load: (specifier: string) => Promise<any>;
    }) => Promise<any>;
};
export type RouteSource = {
    /**
     * What the import map has: the deployed module.
     */
    specifier: string;
    /**
     * Source in this checkout, for whoever works on it.
     */
    local?: () => Promise<any>;
};
export type RouteOptions = {
    /**
     * First part of the path, or several (`account/orders`) → module.
     */
    namespaces: Record<string, string | RouteSource>;
    /**
     * The default namespace: what answers every path that no other one does.
     */
    fallback?: string | RouteSource;
    /**
     * May stand before the namespace. The first is the one of paths without.
     */
    locales?: string[];
    /**
     * What stands before all of it.
     */
    base?: string;
    /**
     * Which source is taken where both are there.
     */
    source?: "deployed" | "local" | ((namespace: string) => "deployed" | "local");
};
export type Route = {
    /**
     * Empty for the fallback.
     */
    namespace: string;
    specifier: string;
    /**
     * Present when the local source is to be taken.
     */
    local?: () => Promise<any>;
    source: "deployed" | "local";
    locale: string | undefined;
    /**
     * What the module's own router stands below.
     */
    basename: string;
    /**
     * The rest, with a leading slash.
     */
    path: string;
    search: string;
    hash: string;
    /**
     * The same for all paths of one module: what a mounted module is kept by.
     */
    key: string;
};
