/** What of `esmx-build/browser` needs no browser: loading with a retry, and routes. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createModuleLoader, createRouteResolver, mountOf, watchReleases } from '../browser/index.mjs';

const gone = (url) => new TypeError(`Failed to fetch dynamically imported module: ${url}`);

/** A browser in which `files` exist, and a server whose map is `live`. */
function setUp({ files, live, ...options }) {
    const asked = [];
    const events = [];
    let maps = 0;
    const loader = createModuleLoader({
        baseUrl: 'https://page.example/',
        importModule: async (address) => {
            asked.push(address);
            const file = files[address];
            if (file === undefined) throw gone(address);
            return typeof file === 'function' ? file() : file;
        },
        fetch: async (url) => {
            maps += 1;
            assert.equal(url, 'https://page.example/importmap.json');
            return live === undefined ? new Response('', { status: 500 }) : Response.json(live);
        },
        ...options
    });
    for (const type of ['start', 'load', 'retry', 'error']) loader.addEventListener(type, (event) => events.push([type, event.detail.specifier]));
    return { loader, asked, events, maps: () => maps };
}

describe('the module loader', () => {
    test('asks for the specifier, once', async () => {
        const shop = { name: 'shop' };
        const { loader, asked, events } = setUp({ files: { 'shop/app': shop } });
        const [one, two] = await Promise.all([loader.load('shop/app'), loader.load('shop/app')]);
        assert.equal(one, shop);
        assert.equal(two, shop);
        assert.equal(await loader.load('shop/app'), shop);
        assert.deepEqual(asked, ['shop/app']);
        assert.deepEqual(events, [['start', 'shop/app'], ['load', 'shop/app']]);
    });

    test('tries once more with the live map, and keeps what it found', async () => {
        const url = 'https://page.example/shop/app.2.mjs';
        const { loader, asked, events, maps } = setUp({
            files: { [url]: { version: 2 } },
            live: { imports: { 'shop/app': '/shop/app.2.mjs', 'shop/cart': '/shop/cart.2.mjs' } }
        });
        assert.deepEqual(await loader.load('shop/app'), { version: 2 });
        assert.deepEqual(asked, ['shop/app', url]);
        assert.deepEqual(events.map(([type]) => type), ['start', 'retry', 'load']);
        await assert.rejects(loader.load('shop/cart'), { name: 'ModuleLoadError', failure: 'network', specifier: 'shop/cart' });
        assert.equal(maps(), 1, 'failures of one moment share one map');
    });

    test('puts the live map under the base of the page', async () => {
        const url = 'https://page.example/docs/shop/app.2.mjs';
        const { loader } = setUp({ files: { [url]: { version: 2 } }, live: { imports: { 'shop/app': '/shop/app.2.mjs' } }, base: '/docs' });
        assert.deepEqual(await loader.load('shop/app'), { version: 2 });
    });

    test('gives up where the live map knows nothing better, and can be asked again', async () => {
        const files = {};
        const { loader, asked } = setUp({ files, live: { imports: {} } });
        await assert.rejects(loader.load('shop/app'), (error) => error.cause instanceof TypeError && /"shop\/app" cannot be loaded: Failed to fetch/.test(error.message));
        files['shop/app'] = { back: true };
        assert.deepEqual(await loader.load('shop/app'), { back: true });
        assert.deepEqual(asked, ['shop/app', 'shop/app']);
    });

    test('a server without a map leaves the first failure to be told', async () => {
        const { loader } = setUp({ files: {} });
        await assert.rejects(loader.load('shop/app'), /"shop\/app" cannot be loaded/);
        const none = setUp({ files: {}, live: { imports: { 'shop/app': '/x.mjs' } }, mapUrl: null });
        await assert.rejects(none.loader.load('shop/app'), /cannot be loaded/);
        assert.equal(none.maps(), 0);
    });

    test('does not take a module that throws for one that is gone', async () => {
        const { loader, maps } = setUp({ files: { 'shop/app': () => { throw new TypeError('cannot read load of undefined'); } }, live: { imports: { 'shop/app': '/x.mjs' } } });
        await assert.rejects(loader.load('shop/app'), { failure: 'evaluation' });
        assert.equal(maps(), 0);
    });

    test('waits as long as it is told, and no longer than the caller wants', async () => {
        const { loader } = setUp({ files: { 'slow/app': () => new Promise(() => {}) }, mapUrl: null });
        await assert.rejects(loader.load('slow/app', { timeout: 5 }), { failure: 'timeout' });
        const leave = new AbortController();
        const waiting = loader.load('slow/app', { timeout: 0, signal: leave.signal });
        leave.abort(new Error('left the page'));
        await assert.rejects(waiting, /left the page/);
    });
});

describe('the route resolver', () => {
    const local = async () => 'local';
    const routes = createRouteResolver({
        namespaces: { search: 'search/app', account: 'account/app', 'account/orders': 'orders/app', 'größe': 'size/app', booking: { specifier: 'booking/app', local } },
        fallback: 'page/app',
        locales: ['en', 'de', 'pt-BR'],
        base: '/shop'
    });
    const short = (url) => {
        const route = routes.resolve(url);
        return route && [route.specifier, route.locale, route.basename, route.path];
    };

    test('finds the namespace behind base and locale', () => {
        assert.deepEqual(short('/shop/search/flights?from=BER#top'), ['search/app', 'en', '/shop/search', '/flights']);
        assert.deepEqual(short('/shop/de/search'), ['search/app', 'de', '/shop/de/search', '/']);
        assert.deepEqual(short('/shop/PT-br/search/'), ['search/app', 'pt-BR', '/shop/PT-br/search', '/']);
        assert.deepEqual(short('https://elsewhere.example/shop/account/orders/7'), ['orders/app', 'en', '/shop/account/orders', '/7']);
        assert.deepEqual(short('/shop/account/order'), ['account/app', 'en', '/shop/account', '/order']);
        assert.deepEqual(short('/shop/gr%C3%B6%C3%9Fe/m'), ['size/app', 'en', '/shop/gr%C3%B6%C3%9Fe', '/m']);
        const { search, hash, namespace } = routes.resolve('/shop/search/flights?from=BER#top');
        assert.deepEqual([search, hash, namespace], ['?from=BER', '#top', 'search']);
    });

    test('leaves the rest to the default namespace, and what is elsewhere to nobody', () => {
        assert.deepEqual(short('/shop/'), ['page/app', 'en', '/shop', '/']);
        assert.deepEqual(short('/shop/de/searching/x'), ['page/app', 'de', '/shop/de', '/searching/x']);
        assert.deepEqual(short('/shop/constructor'), ['page/app', 'en', '/shop', '/constructor']);
        assert.equal(short('/other'), undefined);
        assert.equal(createRouteResolver({ namespaces: { a: 'a/app' } }).resolve('/b'), undefined);
        assert.equal(createRouteResolver({ namespaces: { a: 'a/app' }, base: 'shop/' }).resolve('/shop/a')?.specifier, 'a/app');
        assert.throws(() => createRouteResolver(/** @type {any} */ ({})), /needs `namespaces`/);
    });

    test('keeps a module as long as its key does', () => {
        const key = (url) => routes.resolve(url).key;
        assert.equal(key('/shop/search/a'), key('/shop/search/b?c'));
        assert.notEqual(key('/shop/search/a'), key('/shop/de/search/a'));
        assert.notEqual(key('/shop/search'), key('/shop/account'));
    });

    test('writes paths that it reads', () => {
        assert.equal(routes.pathOf('search', { path: '/flights', locale: 'de' }), '/shop/de/search/flights');
        assert.equal(routes.pathOf('search', { locale: 'en' }), '/shop/search');
        assert.equal(routes.pathOf(''), '/shop');
        assert.equal(createRouteResolver({ namespaces: {} }).pathOf(''), '/');
        assert.deepEqual(short(routes.pathOf('größe', { path: '/m' })), ['size/app', 'en', '/shop/gr%C3%B6%C3%9Fe', '/m']);
    });

    test('takes local sources where that is wanted and there are some', async () => {
        const loader = { load: async (specifier) => `deployed ${specifier}` };
        const load = (source, url) => {
            const resolver = createRouteResolver({ namespaces: { booking: { specifier: 'booking/app', local }, search: 'search/app' }, source });
            return resolver.load(resolver.resolve(url), loader);
        };
        assert.equal(await load('deployed', '/booking'), 'deployed booking/app');
        assert.equal(await load('local', '/booking'), 'local');
        assert.equal(await load('local', '/search'), 'deployed search/app');
        assert.equal(await load((namespace) => (namespace === 'booking' ? 'local' : 'deployed'), '/booking'), 'local');
    });
});

test('a release is told once, and so is taking it back', async () => {
    let live = { imports: { 'shop/app': '/shop/app.1.mjs', 'shop/new': '/shop/new.mjs' } };
    const told = [];
    const watch = watchReleases({
        interval: 0,
        base: '/docs',
        current: { imports: { 'shop/app': '/docs/shop/app.1.mjs' } },
        fetch: async (url) => (live === undefined ? new Response('', { status: 503 }) : Response.json(url === '/importmap.json' ? live : {})),
        onRelease: ({ changed }) => told.push(changed)
    });
    await watch.check();
    live = { imports: { 'shop/app': '/shop/app.2.mjs' } };
    await watch.check();
    await watch.check();
    live = undefined;
    await watch.check();
    live = { imports: { 'shop/app': '/shop/app.1.mjs' } };
    await watch.check();
    watch.stop();
    live = { imports: { 'shop/app': '/shop/app.3.mjs' } };
    await watch.check();
    assert.deepEqual(told, [['shop/app'], []]);
});

test('a module mounts by `mount`, or by what it exports as default', () => {
    const mount = () => {};
    assert.equal(mountOf({ mount }, 'a'), mount);
    assert.equal(mountOf({ default: mount }, 'a'), mount);
    assert.equal(mountOf({ default: { mount } }, 'a'), mount);
    assert.throws(() => mountOf({}, 'shop/app'), /shop\/app exports no `mount/);
});
