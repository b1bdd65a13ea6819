/**
 * Legacy wiring that the demo has no use for, built, composed and run in Node: directory scopes, scopes of one export,
 * forked imports, and legacy and declared modules in one composition, with either kind of host.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const binary = process.env.ESMX_BUILD_BINARY;
if (binary === undefined) throw new Error('ESMX_BUILD_BINARY names no binary: run these tests with `node tests/run.mjs e2e`');
const register = pathToFileURL(resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', 'runtime', 'node', 'register.mjs')).href;

const directory = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-scopes-')));
after(() => rmSync(directory, { recursive: true }));

const tells = (/** @type {string} */ what) => `export default ${JSON.stringify(what)};\n`;

lay('base', { version: '1.0.0', dependencies: { color: '^1.0.0', color2: 'npm:color@^2.0.0' } }, {
    'entry.node.ts': `export default { modules: { lib: true, exports: ['pkg:color', 'pkg:color2', 'root:src/browser.ts', 'root:src/node.ts'] } };`,
    'src/browser.ts': tells('the browser store'),
    'src/node.ts': tells('the Node store')
});
for (const [name, version] of [['color', '1.0.0'], ['color2', '2.0.0']]) {
    lay(`base/node_modules/${name}`, { name: 'color', version, type: 'module', main: 'index.js' }, { 'index.js': tells(`color ${version[0]}`) });
}

lay('old', { version: '1.0.0' }, {
    'src/entry.node.ts': `export default {
        modules: {
            lib: true,
            links: { base: '../base/dist' },
            imports: { color: 'base/color', store: { client: 'base/src/browser', server: 'base/src/node' }, nowhere: 'base/nothing' },
            scopes: {
                'admin/': { color: 'base/color2' },
                'admin/deep/': { extra: 'base/src/browser' },
                'src/one': { color: 'base/color2' },
                'admin/exception': { color: 'base/color' }
            },
            exports: [
                'root:src/page.ts',
                'root:src/one.ts',
                { 'admin/page': './src/page-of-admin' },
                { 'admin/deep/page': './src/deep.ts' },
                { 'admin/exception': './src/exception.ts' },
                { broken: './src/broken.ts' }
            ]
        }
    } satisfies EsmxOptions;`,
    'src/page.ts': `import color from 'color';\nimport store from 'store';\nexport default [color, store, 'page'];\n`,
    'src/one.ts': `import color from 'color';\nexport default [color, 'one'];\n`,
    'src/page-of-admin.ts': `import color from 'color';\nexport default [color, 'admin'];\n`,
    'src/deep.ts': `import color from 'color';\nimport extra from 'extra';\nimport store from 'store';\nexport default [color, extra, store, 'deep'];\n`,
    'src/exception.ts': `import color from 'color';\nexport default [color, 'exception'];\n`,
    'src/broken.ts': `export default () => import('nowhere');\n`
});

lay('new', { version: '1.0.0', dependencies: { color: '^3.0.0' }, esmx: { provides: ['color'], exports: { './view': './view.ts' } } }, {
    'view.ts': `import color from 'color';\nexport default [color, 'view'];\n`
});
lay('new/node_modules/color', { version: '3.0.0', type: 'module', main: 'index.js' }, { 'index.js': tells('color 3') });

const everything = `import view from 'new/view';
import admin from 'old/admin/page';
import deep from 'old/admin/deep/page';
import exception from 'old/admin/exception';
import broken from 'old/broken';
import one from 'old/src/one';
import page from 'old/src/page';
const failure = await broken().then(() => 'it loads', (error) => error.code);
export default [page, one, admin, deep, exception, view, failure];
`;

const expected = [
    ['color 1', 'the Node store', 'page'],
    ['color 2', 'one'],
    ['color 2', 'admin'],
    ['color 2', 'the browser store', 'the Node store', 'deep'],
    ['color 1', 'exception'],
    ['color 3', 'view'],
    'ERR_MODULE_NOT_FOUND'
];

test('a legacy host of legacy and declared modules', () => {
    lay('legacy-host', { version: '1.0.0' }, {
        'entry.node.ts': `export default { modules: { lib: true, links: { base: '../base/dist', old: '../old/dist', new: '../new/dist' }, exports: ['root:src/all.ts'] } };`,
        'src/all.ts': everything
    });
    esmx('build', 'legacy-host', '-r');
    esmx('compose', 'legacy-host');
    assert.deepEqual(evaluate('legacy-host', 'legacy-host/src/all'), expected);
});

test('a declared host of legacy and declared modules', () => {
    lay('declared-host', { version: '1.0.0', esmx: { uses: ['base', 'old', 'new'], exports: { './all': './src/all.ts' } } }, {
        'entry.node.ts': `export default { modules: { links: { base: '../base/dist', old: '../old/dist', new: '../new/dist' } } };`,
        'src/all.ts': everything
    });
    esmx('build', 'declared-host', '-r');
    esmx('compose', 'declared-host');
    assert.deepEqual(evaluate('declared-host', 'declared-host/all'), expected);
});

test('a manifest holds all scopes of its side', () => {
    const { uses, scopes } = JSON.parse(readFileSync(join(directory, 'old/dist/client/manifest.json'), 'utf8'));
    assert.deepEqual(uses, []);
    assert.deepEqual(scopes, {
        '': { color: 'base/color', store: 'base/src/browser', nowhere: 'base/nothing' },
        'admin/': { color: 'base/color2' },
        'admin/deep/': { extra: 'base/src/browser' },
        'src/one': { color: 'base/color2' },
        'admin/exception': { color: 'base/color' }
    });
});

test('a linked module without a manifest is fatal where manifests are read', () => {
    lay('lonely-host', { version: '1.0.0' }, {
        'entry.node.ts': `export default { modules: { lib: true, links: { absent: '../absent/dist' }, exports: ['root:a.ts'] } };`,
        'a.ts': `import absent from 'absent/x';\nexport default absent;\n`
    });
    esmx('build', 'lonely-host');
    const told = esmx.failing('compose', 'lonely-host');
    assert.match(told, /\[E_NOT_BUILT\] lonely-host → absent/);
});

/** Writes a package below the workspace. */
function lay(/** @type {string} */ name, /** @type {object} */ manifest, /** @type {Record<string, string>} */ files) {
    const all = { 'package.json': JSON.stringify({ name: name.split('/').at(-1), ...manifest }), ...files };
    for (const [path, text] of Object.entries(all)) {
        mkdirSync(dirname(join(directory, name, path)), { recursive: true });
        writeFileSync(join(directory, name, path), text);
    }
}

function esmx(/** @type {string[]} */ ...words) {
    const result = spawnSync(binary, words, { cwd: directory, encoding: 'utf8' });
    assert.equal(result.status, 0, `esmx-build ${words.join(' ')}:\n${result.stdout}${result.stderr}`);
}

esmx.failing = (/** @type {string[]} */ ...words) => {
    const result = spawnSync(binary, words, { cwd: directory, encoding: 'utf8' });
    assert.equal(result.status, 1, `esmx-build ${words.join(' ')}:\n${result.stdout}${result.stderr}`);
    return result.stderr;
};

/** The default export of a specifier, in a process of its own with the host's server map. */
function evaluate(/** @type {string} */ host, /** @type {string} */ specifier) {
    const script = `console.log(JSON.stringify((await import(${JSON.stringify(specifier)})).default));`;
    const result = spawnSync(process.execPath, ['--import', register, '--input-type=module', '--eval', script], {
        cwd: join(directory, host),
        env: { ...process.env, ESMX_IMPORT_MAP: join(directory, host, 'dist/server/importmap.json') },
        encoding: 'utf8'
    });
    assert.equal(result.status, 0, result.stderr);
    return JSON.parse(result.stdout);
}
