/** The React workspace in Node, through the server import map. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { registerImportMap } from '../../runtime/node/hooks.mjs';
import { importInside, openWorkspace, readManifest } from './workspace.mjs';

const MODULES = ['base', 'react19-app', 'react18-app', 'host'];
const SHARED = ['react', 'react/jsx-runtime', 'react-dom', 'react-dom/client'];
const { directory, serverMap } = openWorkspace('demo-react');

before(() => registerImportMap(serverMap));

test('every export of every module can be evaluated, by its identifier', async () => {
    const { imports } = JSON.parse(readFileSync(serverMap, 'utf8'));
    const expected = MODULES.flatMap((module) =>
        Object.values(readManifest(directory, module, 'server').exports).map(({ identifier }) => identifier));
    assert.deepEqual(Object.keys(imports).sort(), expected.sort());
    for (const identifier of expected) {
        const namespace = await import(identifier);
        assert.notEqual(Object.keys(namespace).length, 0, `${identifier} exports nothing`);
    }
});

test('a shared package is one namespace object in every module that gets it, another one per major', async () => {
    const inside = Object.fromEntries(await Promise.all(MODULES.map(async (module) => [module, await importInside(directory, module, SHARED)])));
    const aliased = await importInside(directory, 'base', SHARED.map((specifier) => specifier.replace(/^react(-dom)?/, '$&18')));
    for (const specifier of SHARED) {
        assert.equal(inside['react19-app'][specifier], inside.base[specifier], `${specifier} in react19-app`);
        assert.equal(inside.host[specifier], inside.base[specifier], `${specifier} in host`);
        assert.notEqual(inside['react18-app'][specifier], inside.base[specifier], `${specifier} in react18-app`);
        assert.equal(inside['react18-app'][specifier], aliased[specifier.replace(/^react(-dom)?/, '$&18')], `${specifier} in react18-app`);
    }
    for (const specifier of ['react', 'react-dom']) {
        assert.match(inside['react19-app'][specifier].version, /^19\./);
        assert.match(inside['react18-app'][specifier].version, /^18\./);
    }
});

test('provided packages have the named exports that people import', async () => {
    const expected = {
        react: ['useState', 'useEffect', 'useSyncExternalStore', 'createElement', 'Fragment', 'version'],
        'react/jsx-runtime': ['jsx', 'jsxs', 'Fragment'],
        'react-dom': ['createPortal', 'flushSync', 'version'],
        'react-dom/client': ['createRoot', 'hydrateRoot']
    };
    for (const module of ['react19-app', 'react18-app']) {
        const namespaces = await importInside(directory, module, SHARED);
        for (const [specifier, names] of Object.entries(expected)) {
            for (const name of names) assert.ok(name in namespaces[specifier], `${specifier} in ${module} has no ${name}`);
        }
    }
    assert.ok('use' in (await importInside(directory, 'react19-app', ['react'])).react);
    assert.ok(!('use' in (await importInside(directory, 'react18-app', ['react'])).react));
});

test('both applications render to a string, hooks included', async () => {
    const react19 = (await import('react19-app/render')).render();
    const react18 = (await import('react18-app/render')).render();
    for (const html of [react19, react18]) assert.match(html, /<output class="count">0<\/output>/);
    assert.match(react19, /React (?:<!-- -->)?19\./);
    assert.match(react18, /React (?:<!-- -->)?18\./);
});
