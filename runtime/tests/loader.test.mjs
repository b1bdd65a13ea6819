/** `node --import esmx-build/node/register`, as a user starts it. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const REGISTER = fileURLToPath(new URL('../node/register.mjs', import.meta.url));

describe('the Node loader', () => {
    let directory;
    beforeEach(() => {
        directory = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-loader-')));
    });
    afterEach(() => rmSync(directory, { recursive: true, force: true }));

    const urlOf = (path) => pathToFileURL(join(directory, path)).href;

    /** Writes files, path → text; JSON for everything that is not text. */
    function write(files) {
        for (const [path, content] of Object.entries(files)) {
            const file = join(directory, path);
            mkdirSync(dirname(file), { recursive: true });
            writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
        }
    }

    function run(entry, { map = join(directory, 'importmap.json'), flags = [] } = {}) {
        const environment = { ...process.env, ESMX_IMPORT_MAP: map };
        delete environment.NODE_OPTIONS;
        const result = spawnSync(process.execPath, [...flags, '--import', pathToFileURL(REGISTER).href, entry], {
            cwd: directory, env: environment, encoding: 'utf8'
        });
        return { output: result.stdout.trim(), errors: result.stderr, status: result.status };
    }

    test('gives each module what its scope says, and identifiers to everybody', () => {
        write({
            'main.mjs': 'import two from "two/page"; import three from "three/page"; console.log(two, three);',
            'two/page.mjs': 'export { default } from "vue";',
            'three/page.mjs': 'export { default } from "vue";',
            'shared/vue2.mjs': 'export default 2;',
            'shared/vue3.mjs': 'export default 3;',
            'importmap.json': {
                imports: { 'two/page': urlOf('two/page.mjs'), 'three/page': urlOf('three/page.mjs') },
                scopes: {
                    [urlOf('two/')]: { vue: urlOf('shared/vue2.mjs') },
                    [urlOf('three/')]: { vue: urlOf('shared/vue3.mjs') }
                }
            }
        });
        const { output, errors } = run('main.mjs');
        assert.equal(output, '2 3', errors);
    });

    test('matches real paths, however the map and the importer spell them', { skip: process.platform === 'win32' }, () => {
        write({
            'store/app/page.mjs': 'export { default } from "vue";',
            'store/vue.mjs': 'export default 3;',
            'main.mjs': 'import page from "./linked/app/page.mjs"; console.log(page);'
        });
        symlinkSync(join(directory, 'store'), join(directory, 'linked'));
        write({ 'importmap.json': { scopes: { [urlOf('linked/app/')]: { vue: urlOf('linked/vue.mjs') } } } });
        const { output, errors } = run('main.mjs');
        assert.equal(output, '3', errors);
    });

    test('leaves everything else to Node', () => {
        write({
            'main.mjs': 'import { sep } from "path"; import dependency from "dependency"; import data from "./data.cjs"; console.log(typeof sep, dependency, data);',
            'data.cjs': 'module.exports = require("node:path") === require("path");',
            'node_modules/dependency/package.json': { name: 'dependency', type: 'module', exports: './index.js' },
            'node_modules/dependency/index.js': 'export default "from node_modules";',
            'importmap.json': { imports: {} }
        });
        const { output, errors } = run('main.mjs');
        assert.equal(output, 'string from node_modules true', errors);
    });

    test('one file is one instance, whether it is reached by identifier, by name or by path', () => {
        write({
            'main.mjs': 'import * as a from "shared/state"; import * as b from "state"; import * as c from "./shared/state.mjs"; console.log(a === b, b === c);',
            'shared/state.mjs': 'export const state = {};',
            'importmap.json': { imports: { 'shared/state': urlOf('shared/state.mjs'), state: urlOf('shared/state.mjs') } }
        });
        assert.equal(run('main.mjs').output, 'true true');
    });

    test('a specifier nobody resolves names importer, map, and who has it', () => {
        write({
            'main.mjs': 'import "./app/page.mjs";',
            'app/page.mjs': 'import "vue";',
            'importmap.json': { scopes: { [urlOf('other/')]: { vue: urlOf('vue.mjs') } } }
        });
        const { errors, status } = run('main.mjs');
        assert.notEqual(status, 0);
        assert.match(errors, /Cannot find 'vue' imported from .*page\.mjs: the import map .*importmap\.json does not map it/);
        assert.match(errors, /only for importers in .*other\//);
        assert.match(errors, /ERR_MODULE_NOT_FOUND/);
    });

    test('a mapped file that is gone says so', () => {
        write({ 'main.mjs': 'import "vue";', 'importmap.json': { imports: { vue: urlOf('gone.mjs') } } });
        assert.match(run('main.mjs').errors, /Cannot import 'vue' from .*main\.mjs: the import map .*importmap\.json maps it to .*gone\.mjs, which does not exist/);
    });

    test('a missing file of a relative import keeps Node\'s message', () => {
        write({ 'main.mjs': 'import "./gone.mjs";', 'importmap.json': {} });
        assert.match(run('main.mjs').errors, /Cannot find module '.*gone\.mjs' imported from/);
    });

    test('a blocked specifier says which entry blocks it', () => {
        write({ 'main.mjs': 'import "vue";', 'importmap.json': { imports: { vue: null } } });
        assert.match(run('main.mjs').errors, /Cannot import 'vue' from .*main\.mjs: the entry for "vue" is blocked in the import map/);
    });

    test('a map that is missing or no JSON is told before anything runs', () => {
        write({ 'main.mjs': 'console.log("ran");' });
        const missing = run('main.mjs');
        assert.match(missing.errors, /Cannot read the server import map .*importmap\.json \(ENOENT\).*esmx-build compose/);
        assert.equal(missing.output, '');
        write({ 'importmap.json': '{' });
        assert.match(run('main.mjs').errors, /The server import map .*importmap\.json is not usable/);
    });

    test('without a name, the map of the current directory is used', () => {
        write({
            'main.mjs': 'import value from "value"; console.log(value);',
            'value.mjs': 'export default 1;',
            'dist/server/importmap.json': { imports: { value: urlOf('value.mjs') } }
        });
        const environment = { ...process.env };
        delete environment.ESMX_IMPORT_MAP;
        const result = spawnSync(process.execPath, ['--import', pathToFileURL(REGISTER).href, 'main.mjs'], { cwd: directory, env: environment, encoding: 'utf8' });
        assert.equal(result.stdout.trim(), '1', result.stderr);
    });
});
