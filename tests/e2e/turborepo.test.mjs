/** Turborepo schedules modules and keeps what they are built into, with the configuration that docs/cache.md gives. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const COMMAND = join(CHECKOUT, 'runtime/bin/esmx-build.mjs');
const TURBO = fileURLToPath(new URL('./node_modules/turbo/bin/turbo', import.meta.url));
/** Turborepo keeps variables from tasks that it was told nothing of. */
const BINARY = process.env.ESMX_BUILD_BINARY === undefined ? '' : `ESMX_BUILD_BINARY=${JSON.stringify(process.env.ESMX_BUILD_BINARY)} `;
const BUILD = 'esmx-build build --no-cache';

const FILES = {
    'package.json': { name: 'workspace', private: true, workspaces: ['modules/*'], packageManager: 'npm@10.0.0' },
    'package-lock.json': { name: 'workspace', lockfileVersion: 3, requires: true, packages: { '': { name: 'workspace', workspaces: ['modules/*'] } } },
    'modules/shared/package.json': { name: 'shared', version: '1.0.0', type: 'module', scripts: { build: BUILD }, esmx: { exports: { './count': './count.ts' } } },
    'modules/shared/count.ts': 'export const count: number = 1;\n',
    'modules/shop/package.json': {
        name: 'shop',
        version: '1.0.0',
        type: 'module',
        scripts: { build: BUILD },
        dependencies: { shared: '^1.0.0' },
        esmx: { exports: { './cart': './cart.ts' }, uses: ['shared'] }
    },
    'modules/shop/cart.ts': "import { count } from 'shared/count';\nexport const cart = [count];\n",
    'modules/host/package.json': {
        name: 'host',
        version: '1.0.0',
        type: 'module',
        scripts: { build: BUILD },
        dependencies: { shop: '^1.0.0' },
        esmx: { entry: { client: './client.ts' }, uses: ['shop'] }
    },
    'modules/host/client.ts': "import { cart } from 'shop/cart';\nconsole.log(cart, import.meta.env.PUBLIC_GREETING);\n"
};

let workspace;
let bin;
before(() => {
    workspace = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-turbo-')));
    for (const [path, content] of Object.entries(FILES)) {
        mkdirSync(dirname(join(workspace, path)), { recursive: true });
        writeFileSync(join(workspace, path), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    }
    const documentation = readFileSync(join(CHECKOUT, 'docs/cache.md'), 'utf8');
    const configuration = /Turborepo, `turbo\.json`:\s+```json\n([^`]+)```/.exec(documentation)?.[1];
    assert.ok(configuration, 'the documentation has a turbo.json');
    writeFileSync(join(workspace, 'turbo.json'), configuration);
    // What nobody commits is no input.
    writeFileSync(join(workspace, '.gitignore'), 'node_modules\n.turbo\ndist\n');
    spawnSync('git', ['init', '--quiet'], { cwd: workspace });
    mkdirSync(join(workspace, 'node_modules'));
    for (const name of ['shared', 'shop', 'host']) symlinkSync(`../modules/${name}`, join(workspace, 'node_modules', name), 'junction');
    bin = join(workspace, 'node_modules/.bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'esmx-build'), `#!/bin/sh\n${BINARY}exec node ${JSON.stringify(COMMAND)} "$@"\n`);
    chmodSync(join(bin, 'esmx-build'), 0o755);
});
after(() => rmSync(workspace, { recursive: true, force: true }));

/** What Turborepo says of each module: whether it was built or found. @param {Record<string, string>} [variables] */
function turbo(variables = {}) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [TURBO, 'run', 'build', '--no-daemon', '--ui=stream', '--output-logs=hash-only', '--cache=local:rw'], {
        cwd: workspace,
        encoding: 'utf8',
        env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', NO_COLOR: '1', ...variables }
    });
    assert.equal(status, 0, stdout + stderr);
    const found = [...stdout.matchAll(/(\w+):build: cache (hit|miss)/g)].map(([, name, how]) => `${name} ${how}`);
    return found.sort();
}

/** @param {string} [directory] */
function outputs(directory = workspace) {
    const names = readdirSync(join(directory, 'modules'));
    const files = names.flatMap((name) => {
        const dist = join(directory, 'modules', name, 'dist');
        const entries = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
        return entries.map((entry) => join(entry.parentPath ?? entry.path, entry.name));
    });
    return Object.fromEntries(files.sort().map((file) => [file.slice(directory.length), readFileSync(file, 'utf8')]));
}

function removeOutputs() {
    for (const name of readdirSync(join(workspace, 'modules'))) rmSync(join(workspace, 'modules', name, 'dist'), { recursive: true, force: true });
}

const ALL = (/** @type {string} */ how) => [`host ${how}`, `shared ${how}`, `shop ${how}`];

test('modules are built in order, found again, and built when what they are made of has changed', () => {
    assert.deepEqual(turbo(), ALL('miss'));
    const built = outputs();
    removeOutputs();
    assert.deepEqual(turbo(), ALL('hit'));
    assert.deepEqual(outputs(), built);

    writeFileSync(join(workspace, 'modules/shop/cart.ts'), "import { count } from 'shared/count';\nexport const cart = [count, 2];\n");
    assert.deepEqual(turbo(), ['host miss', 'shared hit', 'shop miss']);
    assert.notDeepEqual(outputs(), built);
    assert.deepEqual(turbo({ PUBLIC_GREETING: 'hello' }), ALL('miss'));

    // The same as one process makes of all modules.
    const scheduled = outputs();
    const copy = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-turbo-copy-')));
    try {
        cpSync(workspace, copy, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('/dist') });
        const environment = { ...process.env, PUBLIC_GREETING: 'hello' };
        const { status, stderr } = spawnSync(process.execPath, [COMMAND, 'build', 'modules/host', '-r', '--no-cache'], { cwd: copy, encoding: 'utf8', env: environment });
        assert.equal(status, 0, stderr);
        assert.deepEqual(outputs(copy), scheduled);
    } finally {
        rmSync(copy, { recursive: true, force: true });
    }
});
