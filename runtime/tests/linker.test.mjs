/** `createServerLinker`: one generation after the other in a process that goes on. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { createServerLinker } from '../node/index.mjs';
import { createDirectory, putBuild } from './built-host.mjs';

describe('the server linker', () => {
    let place;
    beforeEach(() => (place = createDirectory('linker')));
    afterEach(() => place.remove());

    /** A build that says its name, also from a chunk that nobody has loaded yet. */
    function build(name) {
        putBuild(place, {
            server: {
                [`entry.${name}.mjs`]: `
                    import { state } from 'state';
                    import dependency from 'dependency';
                    import { sep } from 'node:path';
                    export { state, dependency, sep };
                    export const name = ${JSON.stringify(name)};
                    export const later = (number) => import(number % 2 ? './chunks/odd.${name}.mjs' : './chunks/even.${name}.mjs');
                    export const missing = () => import('nobody/has-this');`,
                [`state.${name}.mjs`]: 'export const state = { count: 0 };',
                [`chunks/odd.${name}.mjs`]: `import { state } from 'state'; export { state }; export const name = ${JSON.stringify(name)};`,
                [`chunks/even.${name}.mjs`]: `import { state } from '../state.${name}.mjs'; export { state }; export const name = ${JSON.stringify(name)};`
            },
            serverImports: { 'host/src/entry.server': `entry.${name}.mjs`, 'host/state': `state.${name}.mjs` }
        });
        place.write({
            'node_modules/dependency/package.json': { name: 'dependency', type: 'module', exports: './index.js' },
            'node_modules/dependency/index.js': 'export default { instance: Math.random() };'
        });
    }

    test('imports through the map, one instance each, and leaves the rest to Node', async () => {
        build('one');
        const linker = createServerLinker({ root: place.directory });
        const entry = await linker.import('host/src/entry.server');
        const { state } = await linker.import('host/state');
        assert.equal(entry.state, state);
        assert.equal((await linker.import('state')).state, state, 'as a module of the host imports');
        assert.equal((await entry.later(1)).state, state);
        assert.equal((await entry.later(2)).state, state);
        assert.equal(typeof entry.sep, 'string');
        assert.equal((await linker.import('dependency')).default, entry.dependency);
    });

    test('what nobody has is told with its importer and the map, in every generation', async () => {
        build('one');
        const linker = createServerLinker({ root: place.directory });
        for (const name of ['one', 'two']) {
            const entry = await linker.import('host/src/entry.server');
            await assert.rejects(entry.missing(), new RegExp(`Cannot find 'nobody/has-this' imported from .*entry\\.${name}\\.mjs.*: the import map .*importmap\\.json`));
            build('two');
            await linker.reinit();
        }
    });

    test('a new generation stands beside the old one until its last request ends', async () => {
        build('one');
        const linker = createServerLinker({ root: place.directory });
        const dropped = [];
        linker.on('drop', (id) => dropped.push(id));
        const lease = linker.acquire();
        const first = await lease.import('host/src/entry.server');
        first.state.count = 7;

        build('two');
        const id = await linker.reinit();
        assert.equal(linker.generation, id);
        const second = await linker.import('host/src/entry.server');
        assert.deepEqual([first.name, second.name, second.state.count], ['one', 'two', 0]);
        assert.equal(second.dependency, first.dependency, 'what the host installed is no part of a build');
        assert.equal((await second.later(1)).state, second.state);

        // Its files are gone, and it loads what it has not loaded yet nevertheless.
        const later = await first.later(1);
        assert.deepEqual([later.name, later.state.count], ['one', 7]);
        assert.deepEqual(dropped, []);
        lease.release();
        lease.release();
        assert.deepEqual(dropped, [lease.generation]);
        assert.equal(linker.acquire().generation, id);
    });

    test('a generation that was dropped says so', async () => {
        build('one');
        const linker = createServerLinker({ root: place.directory });
        build('two');
        await linker.reinit();
        const second = await linker.import('host/src/entry.server');
        build('three');
        await linker.reinit();
        await assert.rejects(second.missing(), /generation \d+ was dropped/);
    });

    test('two linkers of one host share its instances, and go on alone', async () => {
        build('one');
        const [left, right] = [createServerLinker({ root: place.directory }), createServerLinker({ root: place.directory })];
        const entry = await left.import('host/src/entry.server');
        assert.equal(await right.import('host/src/entry.server'), entry);
        assert.equal(await import(place.url('dist/server/entry.one.mjs')), entry, 'what the process imports itself is the same');
        build('two');
        await left.reinit();
        assert.equal((await left.import('host/src/entry.server')).name, 'two');
        const { name, later } = await right.import('host/src/entry.server');
        assert.equal(name, 'one');
        assert.equal((await later(1)).name, 'one', 'what the other one has left is kept');
        assert.equal((await createServerLinker({ root: place.directory }).import('host/src/entry.server')).name, 'two', 'who comes later gets what is built');
    });

    test('a build that does not load leaves what runs', async () => {
        build('one');
        const linker = createServerLinker({ root: place.directory });
        const { generation } = linker;
        putBuild(place, { server: { 'entry.mjs': 'throw new Error("this build is broken");' }, serverImports: { 'host/src/entry.server': 'entry.mjs' } });
        await assert.rejects(linker.reinit(), /this build is broken/);
        place.remove('dist');
        await assert.rejects(linker.reinit(), /host is not built/);
        assert.equal(linker.generation, generation);
        assert.equal((await linker.import('host/src/entry.server')).name, 'one');
        build('two');
        await linker.reinit();
        assert.equal((await linker.import('host/src/entry.server')).name, 'two');
    });

    test('a manifest cannot name files outside of its artifact', async () => {
        build('one');
        place.write({ 'secret.mjs': 'export default 1;', 'dist/server/manifest.json': { exports: {}, files: ['../../secret.mjs'] } });
        const linker = createServerLinker({ root: place.directory });
        assert.equal((await linker.import('host/src/entry.server')).name, 'one');
    });
});
