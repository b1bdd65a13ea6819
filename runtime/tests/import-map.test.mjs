import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BlockedSpecifierError, ImportMapError, isBareSpecifier, parseImportMap, resolveImport, withBase } from '../import-map/import-map.mjs';

const BASE = 'https://site.test/app/map.json';

/** @param {unknown} map @param {string} specifier @param {string} [importer] */
function resolve(map, specifier, importer = 'https://site.test/app/page.mjs') {
    return resolveImport(parseImportMap(map, BASE), specifier, importer)?.href ?? null;
}

describe('resolving through an import map', () => {
    test('answers exact keys, and nothing below them', () => {
        const map = { imports: { vue: '/vue.mjs' } };
        assert.equal(resolve(map, 'vue'), 'https://site.test/vue.mjs');
        assert.equal(resolve(map, 'vue/dist/x.js'), null);
        assert.equal(resolve(map, 'vue2'), null);
    });

    test('asks the longest prefix first', () => {
        const map = { imports: { 'kit/': '/kit/', 'kit/form/': '/form/', 'kit/form/input': '/input.mjs' } };
        assert.equal(resolve(map, 'kit/a.mjs'), 'https://site.test/kit/a.mjs');
        assert.equal(resolve(map, 'kit/form/b.mjs'), 'https://site.test/form/b.mjs');
        assert.equal(resolve(map, 'kit/form/input'), 'https://site.test/input.mjs');
    });

    test('asks the most specific scope first and falls through to less specific ones', () => {
        const map = {
            imports: { a: '/a-global.mjs', b: '/b-global.mjs', c: '/c-global.mjs' },
            scopes: { '/m/': { a: '/a-m.mjs', b: '/b-m.mjs' }, '/m/deep/': { a: '/a-deep.mjs' } }
        };
        const importer = 'https://site.test/m/deep/x.mjs';
        assert.equal(resolve(map, 'a', importer), 'https://site.test/a-deep.mjs');
        assert.equal(resolve(map, 'b', importer), 'https://site.test/b-m.mjs');
        assert.equal(resolve(map, 'c', importer), 'https://site.test/c-global.mjs');
    });

    test('scopes own by path segment, and a scope without a final slash is one file', () => {
        const map = { scopes: { '/cart/': { a: '/1.mjs' }, '/cart': { b: '/2.mjs' } } };
        assert.equal(resolve(map, 'a', 'https://site.test/cart-admin/x.mjs'), null);
        assert.equal(resolve(map, 'b', 'https://site.test/cart/x.mjs'), null);
        assert.equal(resolve(map, 'b', 'https://site.test/cart'), 'https://site.test/2.mjs');
    });

    test('maps URL-like specifiers after resolving them against the importer', () => {
        const map = { imports: { './old.mjs': './new.mjs', 'https://cdn.test/x.mjs': '/x.mjs' } };
        assert.equal(resolve(map, './old.mjs', 'https://site.test/app/other.mjs'), 'https://site.test/app/new.mjs');
        assert.equal(resolve(map, './old.mjs', 'https://site.test/elsewhere/other.mjs'), null);
        assert.equal(resolve(map, 'https://cdn.test/x.mjs'), 'https://site.test/x.mjs');
    });

    test('a blocked entry is an error, and is not answered by a shorter prefix', () => {
        const map = { imports: { 'kit/': '/kit/', 'kit/private': null, 'bare-value': 'not-a-url', 'half/': '/half' } };
        for (const specifier of ['kit/private', 'bare-value', 'half/x']) {
            assert.throws(() => resolve(map, specifier), BlockedSpecifierError, specifier);
        }
    });

    test('a prefix cannot be left', () => {
        const map = { imports: { 'kit/': '/kit/' } };
        assert.throws(() => resolve(map, 'kit/../secret.mjs'), BlockedSpecifierError);
        assert.equal(resolve(map, 'kit/a/../b.mjs'), 'https://site.test/kit/b.mjs');
    });

    test('prefixes apply to URLs of special schemes only', () => {
        const map = { imports: { 'data:text/': '/x/', 'https://cdn.test/': '/cdn/' } };
        assert.equal(resolve(map, 'data:text/javascript,0'), null);
        assert.equal(resolve(map, 'https://cdn.test/y.mjs'), 'https://site.test/cdn/y.mjs');
    });

    test('a value that is no map is refused', () => {
        for (const value of [null, [], 'x', { imports: [] }, { scopes: 1 }, { scopes: { '/a/': null } }]) {
            assert.throws(() => parseImportMap(value, BASE), ImportMapError);
        }
    });
});

test('bare specifiers are neither URLs nor relative', () => {
    assert.deepEqual(['vue', '@acme/kit', '#internal', './a', '../a', '/a', 'node:fs', 'https://a.test'].map(isBareSpecifier),
        [true, true, true, false, false, false, false, false]);
});

test('a base moves values, scopes and integrity, and leaves foreign URLs alone', () => {
    const map = {
        imports: { a: '/m/a.mjs', b: 'https://cdn.test/b.mjs', c: null },
        scopes: { '/m/': { vue: '/s/vue.mjs' } },
        integrity: { '/m/a.mjs': 'sha384-x' }
    };
    assert.deepEqual(withBase(map, '/docs'), {
        imports: { a: '/docs/m/a.mjs', b: 'https://cdn.test/b.mjs', c: null },
        scopes: { '/docs/m/': { vue: '/docs/s/vue.mjs' } },
        integrity: { '/docs/m/a.mjs': 'sha384-x' }
    });
    assert.equal(withBase(map, ''), map);
});
