/** The TypeScript types of the npm package: what the program writes has them, to the last key. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const COMMAND = join(CHECKOUT, 'runtime/bin/esmx-build.mjs');
const TSC = fileURLToPath(new URL('./node_modules/typescript/bin/tsc', import.meta.url));

/** Two modules; the second lacks nothing, the first has a finding of every shape. */
const FILES = {
    'base/package.json': {
        name: 'base',
        version: '1.0.0',
        dependencies: { tiny: '^1.0.0', nameless: '^1.0.0' },
        esmx: { exports: { './ui': './ui.ts', './map': { client: './ui.ts', server: false } }, provides: ['tiny'] }
    },
    'base/ui.ts': 'export const button = (label: string) => `[${label}]`;\n',
    'app/package.json': {
        name: 'app',
        version: '1.0.0',
        peerDependencies: { tiny: '^1.0.0' },
        esmx: { entry: { client: './main.ts' }, uses: ['base'] }
    },
    'app/main.ts': "import { button } from 'base/ui';\nimport { tiny } from 'tiny';\nimport('./later');\nconsole.log(button(tiny));\n",
    'app/later.ts': "export const later = 'later';\n",
    'node_modules/tiny/package.json': { name: 'tiny', version: '1.2.3', type: 'module', main: 'index.js' },
    'node_modules/tiny/index.js': "export const tiny = 'tiny';\n",
    'wrong/package.json': {
        name: 'wrong',
        version: '1.0.0',
        dependencies: { tiny: '^2.0.0' },
        esmx: { exports: { './a': './a.ts' }, provides: [7, 'unknown'], uses: ['base', 'gone'] }
    },
    'old/package.json': { name: 'old', version: '1.0.0' },
    'old/entry.node.ts': "export default { modules: { lib: true, exports: ['root:ui.ts', { x: 'pkg:tiny' }] } };\n",
    'old/ui.ts': 'export const old = 1;\n'
};

let workspace;
before(() => {
    workspace = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-types-')));
    for (const [path, content] of Object.entries(FILES)) {
        mkdirSync(dirname(join(workspace, path)), { recursive: true });
        writeFileSync(join(workspace, path), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    }
    symlinkSync('../base', join(workspace, 'node_modules/base'), 'junction');
    symlinkSync(join(CHECKOUT, 'runtime'), join(workspace, 'node_modules/esmx-build'), 'junction');
});
after(() => rmSync(workspace, { recursive: true, force: true }));

/** @param {string} directory @param {...string} words */
function document(directory, ...words) {
    const { stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...words, '--json'], { cwd: join(workspace, directory), encoding: 'utf8' });
    assert.ok(stdout.startsWith('{') || stdout.startsWith('['), `${words.join(' ')}\n${stdout}${stderr}`);
    return stdout;
}

/** An object literal must have every key of its type and no other, so `tsc` compares exactly. */
function check(values) {
    const lines = Object.entries(values).map(([name, { type, json }]) => `export const ${name}: types.${type} = ${json.trim()};`);
    const source = `import type * as types from 'esmx-build/types';\n${lines.join('\n')}\n`;
    writeFileSync(join(workspace, 'conforms.ts'), source);
    const options = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext', '--target', 'es2022'];
    return spawnSync(process.execPath, [TSC, ...options, 'conforms.ts'], { cwd: workspace, encoding: 'utf8' });
}

test('what the program writes has the types', () => {
    const build = document('app', 'build', '-r');
    const compose = document('app', 'compose', '--html');
    const file = (path) => readFileSync(join(workspace, path), 'utf8');
    assert.ok(existsSync(join(workspace, 'app/dist/client/importmap.json')), build + compose);
    const values = {
        build: { type: 'BuildDocument', json: build },
        compose: { type: 'ComposeDocument', json: compose },
        refused: { type: 'BuildDocument', json: document('node_modules', 'build') },
        failed: { type: 'BuildDocument', json: document('wrong', 'build') },
        valid: { type: 'DeclaredDocument', json: document('app', 'validate') },
        wrong: { type: 'ValidateDocument', json: document('wrong', 'validate') },
        legacy: { type: 'LegacyDocument', json: document('old', 'validate') },
        migration: { type: 'MigrateDocument', json: document('old', 'migrate') },
        explanation: { type: 'Explanation', json: document('app', 'explain', 'E_VERSION') },
        codes: { type: 'Explanation[]', json: document('app', 'explain') },
        graph: { type: 'GraphDocument', json: document('app', 'graph') },
        graphOfWrong: { type: 'GraphDocument', json: document('wrong', 'graph') },
        whyPackage: { type: 'WhyDocument', json: document('app', 'why', 'tiny') },
        whyIdentifier: { type: 'WhyDocument', json: document('app', 'why', 'base/tiny') },
        whyExport: { type: 'WhyDocument', json: document('app', 'why', 'base/map') },
        whyOwnCopy: { type: 'WhyDocument', json: document('base', 'why', 'esmx-build') },
        whyBuiltin: { type: 'WhyDocument', json: document('app', 'why', 'node:fs') },
        whyNothing: { type: 'WhyDocument', json: document('app', 'why', 'tinny') },
        whyRefused: { type: 'WhyDocument', json: document('app', 'why', 'base/nothing') },
        whyByHand: { type: 'WhyDocument', json: document('old', 'why', 'tiny') },
        bundle: { type: 'BundleDocument', json: document('app', 'bundle', './later.ts') },
        clientManifest: { type: 'Manifest', json: file('base/dist/client/manifest.json') },
        serverManifest: { type: 'Manifest', json: file('app/dist/server/manifest.json') },
        clientMap: { type: 'ImportMap', json: file('app/dist/client/importmap.json') },
        serverMap: { type: 'ImportMap', json: file('app/dist/server/importmap.json') },
        declaration: { type: 'Declaration', json: JSON.stringify(FILES['base/package.json'].esmx) }
    };
    const { status, stdout, stderr } = check(values);
    assert.equal(status, 0, stdout + stderr);
});

test('a key too many, a key too few and a wrong value are noticed', () => {
    const wrong = ['{ "provides": [], "extra": 1 }', '{ "exports": { "a": "./a.ts" } }', '{ "entry": { "client": true } }', '{ "exports": { "./a": "a.ts" } }'];
    const { stdout } = check(Object.fromEntries(wrong.map((json, index) => [`wrong${index}`, { type: 'Declaration', json }])));
    for (const [index, json] of wrong.entries()) {
        assert.match(stdout, new RegExp(`conforms\\.ts\\(${index + 2},\\d+\\): error TS2\\d+: `), `${json}\n${stdout}`);
    }
});

test('every code is a type', () => {
    const codes = JSON.parse(document('app', 'explain')).map(({ code }) => code);
    const declared = readFileSync(join(CHECKOUT, 'runtime/types/diagnostic.d.ts'), 'utf8').match(/(?<=\| ')[EW]_[A-Z_]+(?=')/g);
    assert.deepEqual(declared, codes);
});
