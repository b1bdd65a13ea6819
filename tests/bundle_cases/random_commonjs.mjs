/**
 * Makes random graphs of CommonJS and ES modules, bundles them, runs sources and outputs, and tells where they show something else.
 *
 *     node random_commonjs.mjs <binary> <directory> <first seed> <how many>
 *
 * What they show: the order in which modules run, what an exports object looks like and whether it is the same one, what has
 * been written to it from outside, partial exports in circles, what is required late, on a condition or in vain, errors, and
 * the default that ES modules see of all that. (The names that Node knows are fewer.) A graph is a function of its seed.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chanceOf } from './chance.mjs';

const [binary, directory, first, count] = process.argv.slice(2);
const seeds = Array.from({ length: Number(count) }, (_, index) => Number(first) + index);

// The text of a function is not the same.
Function.prototype.toString = () => 'function';

/** @type {string[]} */
let shown = [];
/** @type {(() => unknown)[]} */
let later = [];
Object.assign(globalThis, { log, look, look_at_namespace: lookAtNamespace, after, attempt, yes: true, no: false });

// Node reports what a CommonJS module throws twice.
process.on('uncaughtException', () => {});

let differences = 0;
let effects = 0;
for (const seed of seeds) {
    const folder = join(resolve(directory), `g${seed}`);
    mkdirSync(folder, { recursive: true });
    const modules = graph(seed);
    for (const { file, text } of modules) writeFileSync(join(folder, file), text);
    const { file: entry } = modules[0];
    const sources = await run(join(folder, entry));
    if (sources.some((line) => line.includes('ERR_REQUIRE_CYCLE_MODULE') || line.includes('SyntaxError'))) continue;
    effects += sources.length;
    for (const mode of ['--no-minify', '--minify']) {
        const output = `output${mode}`;
        try {
            execFileSync(binary, ['bundle', `main=${entry}`, mode, '--platform', 'node', '--entry-names', '[name].mjs', '--out-dir', output], { cwd: folder, stdio: 'pipe' });
        } catch (error) {
            differences += 1;
            console.log(`seed ${seed} ${mode}: ${/** @type {{ stderr: string }} */ (error).stderr}`);
            break;
        }
        const bundled = await run(join(folder, output, 'main.mjs'));
        const at = sources.findIndex((line, index) => line !== bundled[index]);
        if (at >= 0 || sources.length !== bundled.length) {
            differences += 1;
            const from = at < 0 ? sources.length : at;
            console.log(`seed ${seed} ${mode}: ${sources.slice(from, from + 2).join(' | ')}  but bundled  ${bundled.slice(from, from + 2).join(' | ')}`);
            break;
        }
    }
}
if (effects < seeds.length * 5) {
    console.log(`the graphs do nothing: ${effects} effects`);
}
process.exitCode = differences === 0 && effects >= seeds.length * 5 ? 0 : 1;

/** @param {string} file */
async function run(file) {
    shown = [];
    later = [];
    try {
        lookAtNamespace('entry', await import(pathToFileURL(file).href));
    } catch (error) {
        shown.push(`ended by ${describe(error)}`);
    }
    for (const action of later) {
        try {
            await action();
        } catch (error) {
            shown.push(`later ${describe(error)}`);
        }
    }
    return shown;
}

/** @param {unknown[]} values */
function log(...values) {
    if (shown.length < 400) shown.push(values.map((value) => describe(value)).join(' '));
    return values.at(-1);
}

/** Everything about an object. @param {string} mark @param {unknown} value */
function look(mark, value) {
    if (typeof value === 'object' && value !== null && value[Symbol.toStringTag] === 'Module') {
        return lookAtNamespace(mark, value);
    }
    log(mark, value);
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
    for (const key of Reflect.ownKeys(value)) {
        if (typeof value === 'function' && ['name', 'length', 'prototype', 'arguments', 'caller'].includes(String(key))) continue;
        const found = Object.getOwnPropertyDescriptor(value, key);
        log(mark, key, 'value' in found ? found.value : 'getter', found.enumerable, found.configurable, found.writable);
    }
    return value;
}

/** @param {string} mark @param {Record<string, unknown>} namespace */
function lookAtNamespace(mark, namespace) {
    const keys = Object.keys(namespace).filter((key) => key !== 'module.exports' && key !== '__esModule');
    log(mark, keys.join());
    for (const key of keys) log(mark, key, attempt(() => namespace[key]));
    return namespace;
}

/** @param {() => unknown} action */
function after(action) {
    if (later.length < 60) later.push(action);
}

/** @param {() => unknown} action */
function attempt(action) {
    try {
        return action();
    } catch (error) {
        return `failed: ${describe(error)}`;
    }
}

/** @param {unknown} value @param {number} [depth] @returns {string} */
function describe(value, depth = 0) {
    if (value instanceof Error) return `${value.constructor.name} ${/** @type {{ code?: string }} */ (value).code ?? ''}`;
    if (typeof value === 'symbol') return String(value);
    if (typeof value === 'function') return `function/${value.length}${depth > 1 ? '' : inside(value, depth)}`;
    if (typeof value === 'object' && value !== null) {
        const kind = Array.isArray(value) ? 'array' : value instanceof RegExp ? String(value) : 'object';
        return depth > 1 ? kind : `${kind}${inside(value, depth)}`;
    }
    return Object.is(value, -0) ? '-0' : String(value);
}

/** @param {object} value @param {number} depth */
function inside(value, depth) {
    const keys = Object.keys(value).filter((key) => key !== '__esModule' && key !== 'module.exports');
    return `{${keys.map((key) => `${key}:${describe(attempt(() => value[key]), depth + 1)}`).join()}}`;
}

/** @param {number} seed @returns {{ file: string, text: string }[]} */
function graph(seed) {
    const { random, integer, chance, pick } = chanceOf(seed);
    let names = 0;
    for (let index = 0; index < 5; index += 1) random();
    const size = 2 + integer(5);
    const hasCircles = chance(0.15);
    const kinds = Array.from({ length: size }, (_, index) => (index === 0 || (!hasCircles && chance(0.2)) ? 'mjs' : 'cjs'));
    // Node ends where an ES module is required while it is imported.
    const asker = pick(['mjs', 'cjs']);
    return kinds.map((kind, index) => ({ file: file(index), text: `${(kind === 'mjs' ? esModule(index) : commonJs(index)).join('\n')}\n` }));

    function fresh() {
        names += 1;
        return `v${names}`;
    }
    /** @param {number} index */
    function file(index) {
        return `m${index}.${kinds[index]}`;
    }
    /** The specifier of a module that comes later, or of any in a graph with circles. @param {number} index */
    function other(index) {
        const candidates = kinds.flatMap((known, other) => ((known === 'cjs' || kinds[index] === asker) && (other > index || (hasCircles && other > 0 && kinds[index] === 'cjs' && chance(0.3))) ? [other] : []));
        return candidates.length === 0 ? undefined : `./${file(pick(candidates))}`;
    }
    /** @param {number} index */
    function effect(index) {
        return `log('m${index}.${integer(100)}');`;
    }
    function key() {
        return pick(['a', 'b', 'c', 'default', 'toString', 'x-y']);
    }
    /** @param {string} object @param {string} name */
    function member(object, name) {
        return name === 'x-y' ? `${object}['x-y']` : `${object}.${name}`;
    }
    /** @param {number} index @returns {string} */
    function value(index) {
        return pick([
            () => String(integer(9)),
            () => `'s${index}'`,
            () => 'undefined',
            () => `function () { return ${integer(9)}; }`,
            () => `function () { return this === undefined ? 'none' : typeof this.a; }`,
            () => `() => ${integer(9)}`,
            () => `{ a: ${integer(9)} }`,
            () => `log('made ${integer(100)}')`,
            () => 'class { static a = 1; static get b() { return 2; } }'
        ])();
    }
    /** Something to be `module.exports`: Node ends where it knows names of what is nothing. @param {number} index */
    function whole(index) {
        const found = value(index);
        return found === 'undefined' || found.startsWith('log') ? '{ a: 3 }' : found;
    }
    /** What becomes of a required module. @param {number} index @param {string} held @param {string} specifier @returns {string[]} */
    function uses(index, held, specifier) {
        // An ES module shows what Node shows, with the prototype of objects.
        if (specifier.endsWith('.mjs')) return [`look('m${index}', ${held});`, `log('m${index}', ${held}.a, attempt(() => ${held}.b()));`];
        return Array.from({ length: 1 + integer(3) }, () =>
            pick([
                () => `look('m${index}', ${held});`,
                () => `log('m${index}', attempt(() => ${member(held, key())}));`,
                () => `log('m${index}', attempt(() => ${member(held, key())}()));`,
                () => `var ${fresh()} = attempt(() => ${member(held, key())});`,
                () => `log('m${index}', attempt(() => { const { ${pick(['a', 'b', 'c'])}: part, toString } = ${held}; return part; }));`,
                () => `log('m${index}', typeof ${held}, attempt(() => 'a' in ${held}));`,
                () => `attempt(() => { ${member(held, key())} = 'from m${index}'; });`,
                () => `attempt(() => { delete ${member(held, key())}; });`,
                () => `after(() => look('m${index} later', ${held}));`,
                () => `log('m${index}', ${held}?.a);`,
                () => `function ${fresh()}() { return ${held}.a; }`
            ])()
        );
    }
    /** @param {number} index @returns {string[]} */
    function requests(index) {
        const specifier = other(index);
        if (specifier === undefined) return [];
        const held = fresh();
        return pick([
            () => [`${pick(['var', 'const', 'let'])} ${held} = require('${specifier}');`, ...uses(index, held, specifier)],
            () => [`const ${held} = require('${specifier}');`, ...uses(index, held, specifier)],
            () => [`const { a: ${held}, b: ${fresh()} } = require('${specifier}');`, `log('m${index}', ${held});`],
            () => [`var ${held} = require('${specifier}').a;`, `log('m${index}', ${held});`],
            () => [`require('${specifier}');`],
            () => [`const ${held} = require('node:path'), { readFileSync: ${held}b } = require('fs');`, `log('m${index}', ${held}.sep, typeof ${held}b, typeof ${held}.join);`],
            () => [`look('m${index}', require('${specifier}'));`],
            () => [`log('m${index} same', require('${specifier}') === require('${specifier}'));`],
            () => [`after(() => look('m${index} lazily', require('${specifier}')));`],
            () => [`function ${held}() { return require('${specifier}'); }`, ...(chance(0.5) ? [`look('m${index}', ${held}());`] : [`after(() => look('m${index}', ${held}()));`])],
            () => [`if (${pick(['yes', 'no'])}) { look('m${index}', require('${specifier}')); }`],
            () => [`var ${held}; try { ${held} = require('${specifier}'); } catch (error) { log('m${index}', error); }`],
            () => [`var ${held} = (e => e && e.__esModule ? e : { default: e })(require('${specifier}'));`, `log('m${index}', ${held}.default);`],
            () => [`var ${held}f = (this && this.${held}f) || function (mod) { return (mod && mod.__esModule) ? mod : { "default": mod }; };`, `const ${held} = ${held}f(require('${specifier}'));`, `log('m${index}', ${held}.default);`]
        ])();
    }
    /** @param {number} index @returns {string[]} */
    function exported(index) {
        const local = fresh();
        const specifier = other(index);
        const given = () => [`${pick(['exports', 'module.exports'])}${member('', key())} = ${value(index)};`];
        return pick([
            () => Array.from({ length: 1 + integer(3) }, given).flat(),
            () => [`exports.a = exports.b = void 0;`, `exports.a = ${value(index)};`, `exports.b = ${value(index)};`],
            () => [`Object.defineProperty(exports, '__esModule', { value: true });`, `exports.default = ${value(index)};`, `exports.a = ${value(index)};`],
            () => [`exports.__esModule = true;`, ...given(), ...given()],
            () => [`Object.defineProperty(exports, 'a', { enumerable: true, get: function () { return ${local}.b; } });`, `var ${local} = { b: ${value(index)} };`],
            () => [`function ${local}(one) { return ${integer(9)}; }`, `module.exports = ${local};`, ...(chance(0.5) ? [`module.exports.a = ${value(index)};`, `${local}.b = ${value(index)};`] : [])],
            () => [`var ${local} = ${value(index)};`, `module.exports = { a: ${local}, b: ${value(index)}, c: ${local} };`],
            () => [`const ${local} = ${value(index)};`, `module.exports = { ${local}, a: ${value(index)}, c() { return this === undefined; }, get b() { return 4; } };`],
            () => [`exports = module.exports = { a: 1 };`, `exports.b = ${value(index)};`, `after(() => look('m${index} own', exports));`],
            () => [`const ${local} = module.exports = ${whole(index)};`, `after(() => look('m${index} own', ${local}));`],
            () => [`module.exports = ${whole(index)};`, `after(() => look('m${index} own', module.exports));`],
            () => [`exports.a = 1;`, `module.exports = ${whole(index)};`],
            () => [`module.exports = ${pick(['5', '"text"', '/x/', '[1, 2]', 'new Map()', 'Object.create({ a: 1 })', 'Symbol.iterator'])};`],
            () => [`class ${local} { static a = 1; b() {} }`, `module.exports = ${local};`, `module.exports.default = ${local};`],
            () => (specifier === undefined || specifier.endsWith('.mjs') ? given() : [`module.exports = require('${specifier}');`]),
            () => (specifier === undefined || specifier.endsWith('.mjs') ? given() : [`if (true) { module.exports = require('${specifier}'); } else { module.exports = 1; }`]),
            () => (specifier === undefined ? given() : [`exports.a = require('${specifier}');`, `exports.b = require('${specifier}').a;`]),
            () => (specifier === undefined ? given() : [`var ${local} = require('${specifier}');`, `Object.defineProperty(exports, 'b', { enumerable: true, get: function () { return ${local}.a; } });`]),
            () => (specifier === undefined || specifier.endsWith('.mjs') ? given() : [`var ${local} = require('${specifier}');`, `Object.keys(${local}).forEach(function (key) { exports[key] = ${local}[key]; });`]),
            () => [`exports.count = 0;`, `exports.a = function () { exports.count += 1; return exports.count; };`],
            () => [`exports.a = function () { return exports.b; };`, `exports.b = ${value(index)};`],
            () => [`this.a = ${value(index)};`],
            () => [`if (${pick(['yes', 'no'])}) module.exports = ${whole(index)};`],
            () => [`function ${local}() { return module.exports.b; }`, `module.exports = { a: ${local}, b: ${value(index)} };`]
        ])();
    }
    /** @param {number} index @returns {string[]} */
    function commonJs(index) {
        const parts = Array.from({ length: 1 + integer(3) }, () => requests(index));
        parts.splice(chance(0.7) ? parts.length : integer(parts.length + 1), 0, exported(index));
        if (chance(0.3)) parts.push(requests(index));
        if (chance(0.15)) parts.push(exported(index));
        if (chance(0.4)) parts.splice(integer(parts.length + 1), 0, [effect(index)]);
        if (chance(0.05)) parts.push([`throw new RangeError('m${index}');`]);
        // What fails without a sound in sloppy code fails aloud in a bundle.
        return [`'use strict';`, ...parts.flat()];
    }
    /** @param {number} index @returns {string[]} */
    function esModule(index) {
        const imports = Array.from({ length: 1 + integer(4) }, () => {
            const specifier = other(index);
            if (specifier === undefined) return [];
            const held = fresh();
            if (specifier.endsWith('.mjs')) return [`import * as ${held} from '${specifier}';`, `look_at_namespace('m${index}', ${held});`];
            return pick([
                () => [`import ${held} from '${specifier}';`, ...uses(index, held, specifier).filter((use) => !use.includes('function v'))],
                () => [`import ${held} from '${specifier}';`, `log('m${index}', attempt(() => ${held}.a));`],
                () => [`import * as ${held} from '${specifier}';`, `log('m${index}', ${held}.default);`, `after(() => look('m${index}', ${held}.default));`],
                () => [`import '${specifier}';`],
                () => [`export { default as ${held} } from '${specifier}';`],
                () => [`after(async () => log('m${index}', (await import('${specifier}')).default));`]
            ])();
        });
        return [...imports.flat(), effect(index), ...(chance(0.5) ? [`export const a = ${integer(9)};`] : []), ...(chance(0.5) ? [`export default ${integer(9)};`] : [])];
    }
}
