#!/usr/bin/env node
/** Finds the native binary and becomes it. */

import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const executable = process.platform === 'win32' ? 'esmx-build.exe' : 'esmx-build';
const platformPackage = `esmx-build-${process.platform}-${process.arch}${isMusl() ? '-musl' : ''}`;
const checkout = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

const binary = findBinary();
if (binary === undefined) {
    console.error(`esmx-build: there is no binary for this machine (${process.platform}-${process.arch}).

Do one of these:
  - install the package that holds it:    npm install ${platformPackage}
    (npm leaves it out when optional dependencies are turned off)
  - name a binary you have:               ESMX_BUILD_BINARY=/path/to/${executable}
  - in a checkout of esmx-build, make it: cargo build --release`);
    process.exit(2);
}
run(binary);

/** @returns {string | undefined} */
function findBinary() {
    const named = process.env.ESMX_BUILD_BINARY;
    if (named) {
        if (existsSync(named)) return named;
        console.error(`esmx-build: ESMX_BUILD_BINARY names ${named}, which does not exist.`);
        process.exit(2);
    }
    return installedBinary() ?? checkoutBinary();
}

/** @returns {string | undefined} */
function installedBinary() {
    try {
        return createRequire(import.meta.url).resolve(`${platformPackage}/${executable}`);
    } catch {
        return undefined;
    }
}

/** Of a checkout, the binary that was built last. @returns {string | undefined} */
function checkoutBinary() {
    if (!existsSync(join(checkout, 'Cargo.toml'))) return undefined;
    const built = ['dist', 'release', 'debug'].map((profile) => join(checkout, 'target', profile, executable)).filter(existsSync);
    built.sort((left, right) => statSync(right).mtimeMs - statSync(left).mtimeMs);
    return built[0];
}

/** @param {string} file */
function run(file) {
    // What runs in Node, such as `start`, is this package, not another one.
    const environment = { ...process.env, ESMX_BUILD_RUNTIME: dirname(dirname(fileURLToPath(import.meta.url))) };
    const child = spawn(file, process.argv.slice(2), { stdio: 'inherit', env: environment });
    const signals = /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
    for (const signal of signals) process.on(signal, () => child.kill(signal));
    child.on('error', (error) => {
        console.error(`esmx-build: cannot run ${file}: ${error.message}`);
        process.exit(2);
    });
    child.on('exit', (code, signal) => {
        if (signal === null) process.exit(code ?? 1);
        for (const name of signals) process.removeAllListeners(name);
        process.kill(process.pid, signal);
    });
}

/** Whether this Linux has musl instead of glibc. */
function isMusl() {
    if (process.platform !== 'linux') return false;
    const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
    return report.header?.glibcVersionRuntime === undefined;
}
