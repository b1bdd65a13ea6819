// How long `esmx-build validate --json` takes, against the number of modules.
//
//     cargo build --release && node benches/validate.mjs [program]
//
// Three shapes of workspace, each at several sizes. A line tells the best of several runs of the whole process, the
// same without the start of a process (what `--version` takes), and what one module costs. A cost per module that
// grows with the size is a quadratic somewhere.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '../target/release/esmx-build'));
const RUNS = 15;
const SIZES = [50, 100, 200, 400, 800];
const PACKAGES = 40;

/** Numbers of the modules that module `n` of `count` uses; always larger, so that there is no circle. */
const SHAPES = {
    // A workspace as people have it: many apps, some features, few platforms at the bottom.
    layered: (n, count) => {
        const layer = Math.floor((n / count) * 6);
        const below = Math.ceil(((layer + 1) * count) / 6);
        return [0, 1, 2, 3].map((k) => below + ((n * 7 + k * 13) % Math.max(1, Math.ceil(count / 6)))).filter((m) => m < count);
    },
    chain: (n, count) => (n + 1 < count ? [n + 1] : []),
    // The root uses everybody, and everybody uses the last one.
    star: (n, count) => (n === 0 ? range(1, count) : n + 1 < count ? [count - 1] : []),
};

function range(from, to) {
    return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

function write(path, value) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(value, null, 2));
}

/** Writes a workspace of `count` modules below `base`; module 0 is the root. */
function generate(base, count, shape) {
    const uses = (n) => [...new Set(SHAPES[shape](n, count))];
    for (let n = 0; n < count; n++) {
        const dir = join(base, 'node_modules', `m${n}`);
        // A tenth of the modules provide packages, and several compete for each.
        const provides = n % 10 === 9 || n === count - 1 ? range(0, 8).map((k) => `p${(n + k * 5) % PACKAGES}`) : [];
        const dependencies = Object.fromEntries([
            ...range(0, 12).map((k) => [`p${(n + k * 3) % PACKAGES}`, `^${1 + (k % 2)}.0.0 || ^1.0.0`]),
            ...uses(n).map((m) => [`m${m}`, '^1.0.0']),
        ]);
        write(join(dir, 'package.json'), {
            name: `m${n}`,
            version: '1.0.0',
            dependencies,
            devDependencies: { p1: '^1.0.0', vitest: '^2.0.0', typescript: '^5.0.0' },
            esmx: { provides, uses: uses(n).map((m) => `m${m}`) },
        });
        write(join(dir, 'dist/client/manifest.json'), {
            protocol: 2,
            name: `m${n}`,
            version: '1.0.0',
            exports: {},
            provides: Object.fromEntries(provides.map((name) => [name, { version: '1.2.3', package: name, chunks: [] }])),
            uses: uses(n).map((m) => `m${m}`),
            scopes: { '': {} },
            files: range(0, 20).map((k) => `chunks/c${k}.0123abcd.final.mjs`),
            chunks: {},
        });
    }
    for (const p of range(0, PACKAGES)) {
        write(join(base, 'node_modules', `p${p}`, 'package.json'), { name: `p${p}`, version: '1.2.3' });
    }
    return join(base, 'node_modules', 'm0');
}

function best(directory, words) {
    let least = Infinity;
    for (let run = 0; run < RUNS; run++) {
        const start = process.hrtime.bigint();
        const { status, stdout, stderr } = spawnSync(program, words, { cwd: directory, maxBuffer: 1 << 30 });
        const took = Number(process.hrtime.bigint() - start) / 1e6;
        if (status === null || status > 1) {
            throw new Error(`${program} ${words.join(' ')} ended with ${status}: ${stderr}${stdout}`);
        }
        least = Math.min(least, took);
    }
    return least;
}

const base = realpathSync(mkdtempSync(join(tmpdir(), 'validate-')));
try {
    const floor = best(base, ['--version']);
    console.log(`start of a process: ${floor.toFixed(1)} ms`);
    console.log('shape     modules   process ms   own ms   µs per module');
    for (const shape of Object.keys(SHAPES)) {
        for (const size of SIZES) {
            const root = generate(join(base, `${shape}-${size}`), size, shape);
            const took = best(root, ['validate', '--json']);
            const own = took - floor;
            const cells = [shape.padEnd(9), `${size}`.padStart(7), took.toFixed(1).padStart(12), own.toFixed(1).padStart(8)];
            console.log(`${cells.join(' ')} ${((own * 1000) / size).toFixed(0).padStart(15)}`);
        }
    }
} finally {
    rmSync(base, { recursive: true });
}
