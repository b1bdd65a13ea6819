import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const SHIM = fileURLToPath(new URL('../bin/esmx-build.mjs', import.meta.url));

describe('the esmx-build command', { skip: process.platform === 'win32' }, () => {
    let directory;
    beforeEach(() => {
        directory = mkdtempSync(join(tmpdir(), 'esmx-bin-'));
    });
    afterEach(() => rmSync(directory, { recursive: true, force: true }));

    function writeBinary(path, body) {
        const file = join(directory, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, `#!/bin/sh\n${body}\n`);
        chmodSync(file, 0o755);
        return file;
    }

    function run(shim, argumentList, environment = {}) {
        const { ESMX_BUILD_BINARY: _, ...inherited } = process.env;
        return spawnSync(process.execPath, [shim, ...argumentList], { encoding: 'utf8', env: { ...inherited, ...environment } });
    }

    /** The shim where it stands in a checkout or in node_modules, away from the real one. */
    function installShim() {
        const shim = join(directory, 'runtime', 'bin', 'esmx-build.mjs');
        cpSync(SHIM, shim, { recursive: true });
        return shim;
    }

    test('passes arguments and exit code through', () => {
        const binary = writeBinary('fake', 'echo "$@"; exit 3');
        const result = run(SHIM, ['build', 'a b', '--json'], { ESMX_BUILD_BINARY: binary });
        assert.equal(result.stdout, 'build a b --json\n');
        assert.equal(result.status, 3);
    });

    test('dies of the signal its binary died of', () => {
        const binary = writeBinary('fake', 'kill -TERM $$');
        assert.equal(run(SHIM, [], { ESMX_BUILD_BINARY: binary }).signal, 'SIGTERM');
    });

    test('uses the binary of its checkout', () => {
        const shim = installShim();
        writeFileSync(join(directory, 'Cargo.toml'), '');
        writeBinary('target/debug/esmx-build', 'echo from the checkout');
        assert.equal(run(shim, []).stdout, 'from the checkout\n');
    });

    test('prefers the package of the platform', () => {
        const shim = installShim();
        const report = process.report.getReport();
        const musl = process.platform === 'linux' && report.header.glibcVersionRuntime === undefined ? '-musl' : '';
        writeBinary(`node_modules/esmx-build-${process.platform}-${process.arch}${musl}/esmx-build`, 'echo from the package');
        assert.equal(run(shim, []).stdout, 'from the package\n');
    });

    test('without a binary it says what to do', () => {
        const result = run(installShim(), ['build']);
        assert.equal(result.status, 2);
        assert.match(result.stderr, /there is no binary for this machine/);
        assert.match(result.stderr, /npm install esmx-build-/);
        assert.match(result.stderr, /ESMX_BUILD_BINARY=/);
        assert.match(result.stderr, /cargo build --release/);
    });

    test('a named binary that is not there is an error, not a search', () => {
        const result = run(SHIM, [], { ESMX_BUILD_BINARY: join(directory, 'gone') });
        assert.equal(result.status, 2);
        assert.match(result.stderr, /ESMX_BUILD_BINARY names .*gone, which does not exist/);
    });
});
