/** `build --dts`: what TypeScript sees of a module, as a sibling in a workspace and as an installed package. */

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const COMMAND = join(CHECKOUT, 'runtime/bin/esmx-build.mjs');
const TSC = fileURLToPath(new URL('./node_modules/typescript/bin/tsc', import.meta.url));

const SHARED = {
    name: 'shared',
    version: '1.0.0',
    exports: { './ui': { types: './dist/types/src/ui.d.ts' }, './store': { types: './dist/types/src/store.server.d.ts' } },
    esmx: { exports: { './ui': './src/ui.tsx', './store': { client: './src/store.client.ts', server: './src/store.server.ts' }, './plain': './src/plain.js' } }
};

const FILES = {
    'shared/package.json': SHARED,
    'shared/src/ui.tsx': `import type { Props } from './types';
import { format } from './text';
/** The application. */
export class App {
    constructor(private readonly props: Props) {}
    render(): string { return format(this.props.label); }
}
export * from './text/more';
export default function main(app: App, times = 1): string { return app.render().repeat(times); }
`,
    'shared/src/types.d.ts': 'export interface Props { label: string }\n',
    'shared/src/text/index.ts': 'export const format = (text: string): string => `[${text}]`;\nexport interface Style { bold: boolean }\n',
    'shared/src/text/more.ts': "import type { Style } from '.';\nexport const style: Style = { bold: true };\n",
    'shared/src/store.client.ts': 'export const read = (key: string): number => key.length;\n',
    'shared/src/store.server.ts': 'export const read = (key: string): number => key.length + 1;\n',
    'shared/src/plain.js': 'export const plain = 1;\n',
    'shared/src/plain.d.ts': 'export declare const plain: 1;\n',
    'app/right.ts': `import main, { App, style } from 'shared/ui';
import { read } from 'shared/store';
const text: string = main(new App({ label: 'a' }), 2);
const bold: boolean = style.bold;
const size: number = read(text);
export { text, bold, size };
`,
    'app/wrong.ts': `import main, { App, style } from 'shared/ui';
import { read } from 'shared/store';
new App({ label: 1 });
main(new App({ label: 'a' }), 'often');
style.italic;
export const size: string = read('a');
`,
    'app/package.json': { name: 'app', type: 'module', private: true }
};

let workspace;
before(() => {
    workspace = realpathSync(mkdtempSync(join(tmpdir(), 'esmx-declarations-')));
    for (const [path, content] of Object.entries(FILES)) write(path, content);
    mkdirSync(join(workspace, 'node_modules'));
    build('shared', '--dts');
});
after(() => rmSync(workspace, { recursive: true, force: true }));

/** @param {string} path @param {unknown} content */
function write(path, content) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
}

/** @param {string} directory @param {...string} words */
function build(directory, ...words) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'build', directory, ...words], { cwd: workspace, encoding: 'utf8' });
    assert.equal(status, 0, stdout + stderr);
}

/** The errors of one file, by code and line. @param {string} file @param {string} resolution @param {object} [more] */
function check(file, resolution, more = {}) {
    const module = resolution === 'nodenext' ? 'nodenext' : 'esnext';
    write('app/tsconfig.json', {
        compilerOptions: { strict: true, noEmit: true, module, moduleResolution: resolution, target: 'es2022', types: [], ...more },
        files: [file]
    });
    const { stdout } = spawnSync(process.execPath, [TSC, '-p', 'app', '--pretty', 'false'], { cwd: workspace, encoding: 'utf8' });
    return stdout.trim().split('\n').filter(Boolean).map((line) => line.replace(/^app\/(\w+)\.ts\((\d+),\d+\): error (TS\d+):.*$/, '$2 $3'));
}

/** @param {object} [more] */
function assertTyped(more) {
    for (const resolution of ['bundler', 'nodenext']) {
        assert.deepEqual(check('right.ts', resolution, more), [], resolution);
        assert.deepEqual(check('wrong.ts', resolution, more), ['3 TS2322', '4 TS2345', '5 TS2339', '6 TS2322'], resolution);
    }
}

/** @param {() => void} link */
function installed(link) {
    rmSync(join(workspace, 'node_modules/shared'), { recursive: true, force: true });
    link();
}

test('a sibling in the workspace is typed by `exports` of its own package.json', () => {
    installed(() => symlinkSync('../shared', join(workspace, 'node_modules/shared'), 'junction'));
    assertTyped();
});

test('an installed `dist` is typed by the `exports` that the build writes', () => {
    installed(() => cpSync(join(workspace, 'shared/dist'), join(workspace, 'node_modules/shared'), { recursive: true }));
    assertTyped();
    // For the browser's code, its own file.
    assertTyped({ customConditions: ['browser'] });
});

test('`paths` of a tsconfig do it where package.json says nothing', () => {
    installed(() => {});
    const paths = { 'shared/ui': ['../shared/dist/types/src/ui.d.ts'], 'shared/store': ['../shared/dist/types/src/store.server.d.ts'] };
    assertTyped({ paths });
});

test('a failing build changes nothing, and what is not written again is removed', () => {
    const types = join(workspace, 'shared/dist/types');
    const files = () => readdirSync(types, { recursive: true }).map(String).sort();
    const kept = files();
    assert.ok(kept.includes(join('src', 'text', 'more.d.ts')), kept.join());
    const untyped = [
        [1, 'export const style = compute();\nfunction compute() { return 1; }\n'],
        [2, "export const style = '';\nexport import Width = Sizes.Width;\nnamespace Sizes { export type Width = 1; export const Width = 1; }\n"],
        [3, "export const style = '';\nexport function sized(): void {}\nsized.width = 1;\n"]
    ];
    for (const [line, source] of untyped) {
        write('shared/src/text/more.ts', source);
        const { status, stderr } = spawnSync(process.execPath, [COMMAND, 'build', 'shared', '--dts'], { cwd: workspace, encoding: 'utf8' });
        assert.equal(status, 1, source);
        assert.match(stderr, new RegExp(`\\[E_DECLARATION\\] shared[\\s\\S]*src/text/more\\.ts:${line}:`));
        assert.deepEqual(files(), kept);
    }
    write('shared/src/text/more.ts', FILES['shared/src/text/more.ts']);
    write('shared/src/ui.tsx', String(FILES['shared/src/ui.tsx']).replace("export * from './text/more';\n", ''));
    write('shared/esmx.config.json', { dts: true });
    build('shared');
    assert.ok(!existsSync(join(types, 'src/text/more.d.ts')));
    assert.ok(existsSync(join(types, 'src/ui.d.ts')));
    build('shared', '--no-dts');
    assert.ok(!existsSync(types));
    assert.equal(typeof JSON.parse(readFileSync(join(workspace, 'shared/dist/package.json'), 'utf8')).exports['./ui'], 'object');
    assert.equal(JSON.parse(readFileSync(join(workspace, 'shared/dist/package.json'), 'utf8')).exports['./ui'].types, undefined);
});

test('a watch sees files that hold nothing but types', async () => {
    const watch = spawn(process.execPath, [COMMAND, 'build', 'shared', '--dts', '--watch', '--json'], { cwd: workspace, stdio: ['pipe', 'pipe', 'inherit'] });
    try {
        const events = createInterface({ input: watch.stdout })[Symbol.asyncIterator]();
        const built = async () => {
            for (;;) {
                const { value, done } = await events.next();
                assert.ok(!done, 'the watch goes on');
                if (JSON.parse(value).event === 'built') return;
            }
        };
        await built();
        write('shared/src/types.d.ts', 'export interface Props { label: string; size?: number }\n');
        await built();
        assert.match(readFileSync(join(workspace, 'shared/dist/types/src/types.d.ts'), 'utf8'), /size\?: number/);
    } finally {
        watch.stdin.end();
        await once(watch, 'exit');
    }
});
