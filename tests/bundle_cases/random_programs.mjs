/**
 * Makes random programs, bundles them minified, runs sources and outputs, and tells where they show something else.
 *
 *     node random_programs.mjs <binary> <directory> <first seed> <how many>
 *
 * What they show is the order of their effects: scopes and what is read before its time, closures of loops, `switch`, labels,
 * `finally`, generators, destructuring, getters, classes, conversions and failures, also of what nobody uses, and whether what is handed
 * out twice is the same. A program is a function of its seed.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chanceOf } from './chance.mjs';

const [binary, directory, first, count] = process.argv.slice(2);
const seeds = Array.from({ length: Number(count) }, (_, index) => Number(first) + index);

mkdirSync(directory, { recursive: true });
writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
for (const seed of seeds) {
    writeFileSync(join(directory, `p${seed}.js`), program(seed));
}
const entries = seeds.map((seed) => `p${seed}.js`);
execFileSync(binary, ['bundle', ...entries, '--minify', '--out-dir', 'output'], { cwd: directory, stdio: 'pipe' });

/** @type {string[]} */
let shown = [];
let steps = 0;
Object.assign(globalThis, { log, attempt, drain, converted, tagged, zero: 0, text: 'text' });
// The text of a function, and names in the text of an error, are not the same minified.
Function.prototype.toString = () => 'function';
Error.prototype.toString = function () { return this.constructor.name; };
let differences = 0;
let effects = 0;
for (const seed of seeds) {
    const sources = await run(`p${seed}.js`);
    const output = await run(`output/p${seed}.js`);
    effects += sources.length;
    const at = sources.findIndex((line, index) => line !== output[index]);
    if (at >= 0 || sources.length !== output.length) {
        differences += 1;
        const from = at < 0 ? sources.length : at;
        console.log(`seed ${seed}: ${sources.slice(from, from + 3).join(' ')}  but minified  ${output.slice(from, from + 3).join(' ')}`);
    }
}
if (effects < seeds.length * 5) {
    console.log(`the programs do nothing: ${effects} effects`);
}
process.exitCode = differences === 0 && effects >= seeds.length * 5 ? 0 : 1;

/** @param {string} file */
async function run(file) {
    shown = [];
    steps = 0;
    try {
        await import(pathToFileURL(join(resolve(directory), file)).href);
    } catch (error) {
        shown.push(`ended by ${show(error)}`);
    }
    return shown;
}

/** @param {unknown[]} values */
function log(...values) {
    steps += 1;
    if (steps > 300) {
        throw new RangeError('enough');
    }
    shown.push(values.map(show).join(','));
    return values.at(-1);
}

/** @param {() => unknown} action */
function attempt(action) {
    try {
        return action();
    } catch (error) {
        return log('failed', error);
    }
}

/** @param {unknown} mark @param {unknown} value */
function converted(mark, value) {
    return {
        valueOf() { log('valueOf', mark); return value; },
        toString() { log('toString', mark); return 'a'; },
        get a() { log('a', mark); return value; }
    };
}

/** @param {TemplateStringsArray} texts @param {unknown[]} values */
function tagged(texts, ...values) {
    return log('tagged', texts.length, ...values);
}

/** @param {Iterable<unknown>} values */
function drain(values) {
    let left = 4;
    for (const value of values) {
        log('drained', value);
        left -= 1;
        if (left === 0) {
            break;
        }
    }
}

/** @param {unknown} value @returns {string} */
function show(value) {
    if (value instanceof Error) {
        return value.constructor.name;
    }
    if (Array.isArray(value)) {
        return `[${Array.from(value, show)}]`;
    }
    if (typeof value === 'function') {
        return `function/${value.length}`;
    }
    if (typeof value === 'bigint') {
        return `${value}n`;
    }
    return Object.is(value, -0) ? '-0' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** @param {number} seed */
function program(seed) {
    const { random, integer, pick } = chanceOf(seed);
    let names = 0;
    let effect = 0;
    let rounds = 0;
    /** @type {{ name: string, isConstant: boolean }[]} */
    let scope = [];
    return Array.from({ length: 6 }, () => statement(3)).join('\n');

    function fresh() {
        names += 1;
        return `v${names}`;
    }
    /** @param {() => string} write */
    function inner(write) {
        const outer = scope;
        scope = [...outer];
        const written = write();
        scope = outer;
        return written;
    }
    /** @param {number} depth @param {number} [most] */
    function body(depth, most = 3) {
        return inner(() => Array.from({ length: 1 + integer(most) }, () => statement(depth)).join(' '));
    }
    function read() {
        return scope.length > 0 ? pick(scope).name : 'zero';
    }
    function literal() {
        return pick(['0', '-0', '1', 'NaN', '2n', "''", "'a\\u2028'", '"\\ud800"', 'null', 'undefined', 'true', '[1,,2]', '[]', '{}'].map((one) => (one === '{}' ? '({})' : one)));
    }
    /** @param {number} depth @returns {string} */
    function value(depth) {
        if (depth <= 0) {
            return random() < 0.4 ? literal() : read();
        }
        const next = () => value(depth - 1);
        const variables = scope.filter((one) => !one.isConstant);
        effect += 1;
        switch (integer(28)) {
            case 0: return literal();
            case 1: return read();
            case 2: return `log(${effect}, ${next()})`;
            case 3: return `(log(${effect}) ${pick(['&&', '||', '??'])} ${next()})`;
            case 4: return `(${next()} ? ${next()} : ${next()})`;
            case 5: return `[${next()}, ${next()}, ...[${next()}]]`;
            case 6: return `attempt(() => ${next()})`;
            case 7: return `attempt(() => { ${body(depth - 1)} return ${next()}; })`;
            case 8: return `typeof ${read()}`;
            case 9: return `(${next()} === ${next()})`;
            case 10: return variables.length > 0 ? `(${pick(variables).name} ${pick(['=', '??=', '||=', '&&='])} ${next()})` : literal();
            case 11: return `((a, b = ${next()}) => [a, b])(${pick(['', next()])})`;
            case 12: return `(function () { ${body(depth - 1)} return arguments.length; })(${next()})`;
            case 13: return `({ a: ${next()}, get b() { return log(${effect}); } }).${pick(['a', 'b'])}`;
            case 14: return `(log(${effect}), ${next()})`;
            case 15: return `(${next()} ${pick(['+', '-', '*', '|', '<<', '<', '>=', '==', '!=='])} ${next()})`;
            case 16: return `(${next()} ${pick(['in', 'instanceof'])} ${next()})`;
            case 17: return `(${pick(['+', '-', '~', '!', 'void '])}(${next()}))`;
            case 18: return `converted(${effect}, ${literal()})`;
            case 19: return `\`${'${'}${next()}} and ${'${'}${next()}}\``;
            case 20: return `(${next()})${pick(['', '?'])}.${pick(['a', 'length'])}`;
            case 21: return `tagged\`a${'${'}${next()}}\``;
            case 22: return `(class extends (${pick(['Object', 'null', next()])}) { static a = ${next()}; [${next()}]() {} })`;
            case 23: return `(${next()})(${next()})`;
            case 24: return `({ a: ${next()}, [${next()}]: ${next()} })`;
            case 25: return `(${pick(['function ()', '() =>'])} { log(${effect}); ${body(depth - 1)} })(${next()})`;
            case 26: return `(log(${effect}), ${literal()})`;
            default: return `[${next()}, ${next()}][${pick(['0', '1', '2'])}]`;
        }
    }
    /** @param {string} written The declaration of `name`, which is sometimes read before. @param {string} name */
    function declared(written, name) {
        effect += 1;
        return random() < 0.3 ? `attempt(() => log(${effect}, ${name})); ${written}` : written;
    }
    /** @param {number} depth @returns {string} */
    function statement(depth) {
        effect += 1;
        const mark = effect;
        if (depth <= 0) {
            return `log(${mark}, ${value(1)});`;
        }
        switch (integer(22)) {
            case 0: case 1: case 2: {
                const name = fresh();
                const kind = pick(['let', 'const', 'var']);
                const initial = random() < 0.2 && kind !== 'const' ? '' : ` = ${value(depth - 1)}`;
                scope.push({ name, isConstant: kind === 'const' });
                return declared(`${kind} ${name}${initial};`, name);
            }
            case 3: return `if (log(${mark}, ${value(1)})) { ${body(depth - 1)} } else { ${body(depth - 1)} }`;
            case 4: return `{ ${body(depth - 1)} }`;
            case 5: return inner(() => {
                const name = fresh();
                rounds += 1;
                const list = `calls${rounds}`;
                scope.push({ name, isConstant: true });
                return `const ${list} = []; for (let ${name} = 0; ${name} < 2; ${name}++) { ${body(depth - 1)} ${list}.push(() => log(${mark}, ${name})); } ${list}.forEach((call) => call());`;
            });
            case 6: return inner(() => {
                const name = fresh();
                scope.push({ name, isConstant: true });
                return `for (const ${name} ${pick(['of', 'in'])} [1, ${value(0)}]) { ${body(depth - 1)} if (log(${mark}, ${name}) == 1) ${pick(['continue', 'break'])}; ${body(0, 1)} }`;
            });
            case 7: return `try { ${body(depth - 1)} ${pick(['', 'throw new RangeError();'])} } catch (error) { log(${mark}, error); } finally { ${body(depth - 1, 1)} }`;
            case 8: return `label${mark}: { ${body(depth - 1)} if (log(${mark}, ${value(1)})) break label${mark}; ${body(depth - 1, 1)} }`;
            case 9: return inner(() => {
                const name = fresh();
                const before = `attempt(() => log(${mark}, ${name}));`;
                return `switch (${value(1)}) { case ${value(0)}: ${body(0, 1)} let ${name} = ${value(1)}; log(${name}); ${pick(['break;', ''])} case ${literal()}: ${before} ${pick(['', `attempt(() => { ${name} = 1; });`])} default: ${before} }`;
            });
            case 10: {
                const name = `f${mark}`;
                const written = inner(() => {
                    const parameter = fresh();
                    scope.push({ name: parameter, isConstant: false });
                    return `function ${name}(${parameter}) { ${body(depth - 1)} return ${value(1)}; }`;
                });
                return `log(${mark}, attempt(() => ${name}(${value(0)}))); ${written}`;
            }
            case 11: return `drain((function* () { ${body(depth - 1)} yield ${value(1)}; try { yield ${value(1)}; } finally { log(${mark}); } })());`;
            case 12: {
                const [one, two] = [fresh(), fresh()];
                const initial = value(1);
                scope.push({ name: one, isConstant: true }, { name: two, isConstant: true });
                return declared(`const { a: ${one} = ${initial}, ...${two} } = { a: ${value(1)}, b: log(${mark}) };`, two);
            }
            case 13: {
                const name = `C${mark}`;
                return declared(`class ${name} { static a = ${value(1)}; static { ${body(depth - 1)} } #b = ${value(1)}; b() { return this.#b; } } log(attempt(() => new ${name}().b()));`, name);
            }
            case 14: return `attempt(() => { ${pick(['zero', 'nowhere'])}; ${body(depth - 1)} });`;
            case 15: return `attempt(() => { ${pick(['void ', '!', ''])}(${value(depth)}); log(${mark}); });`;
            case 16: return `attempt(() => { let ${fresh()} = ${value(depth)}; log(${mark}); });`;
            case 17: {
                const name = fresh();
                return `attempt(() => { ${name} = ${value(1)}; log(${mark}); ${pick(['let', 'const'])} ${name} = ${value(1)}; });`;
            }
            case 18: return `attempt(() => { (${value(1)}).a ${pick(['=', '+=', '??='])} ${value(1)}; log(${mark}); });`;
            case 19: case 20: return handedOut(mark);
            default: return `log(${mark}, ${value(depth)});`;
        }
    }
    /** What is made once and given twice, by functions that stand anywhere. @param {number} mark */
    function handedOut(mark) {
        const [made, other, give] = [`m${mark}`, `o${mark}`, `g${mark}`];
        const end = pick([made, '[left]', `log(${mark}, left)`]);
        const again = pick([`${made}(left - 1)`, `[left].map(() => ${made}(left - 1))[0]`, `attempt(() => ${made}(left - 1))`]);
        const isFunction = random() < 0.7;
        const once = isFunction
            ? pick([
                `function ${made}(left) { return left > 0 ? ${again} : ${end}; }`,
                `function ${made}(left) { if (left > 0) return ${again}; return ${end}; }`,
                `function ${made}(left) { return left > 0 ? ${other}(left) : ${end}; } function ${other}(left) { return ${again}; }`,
                `const ${made} = (left) => left > 0 ? ${again} : ${end};`,
                `const ${made} = function ${pick(['', other])}(left) { return left > 0 ? ${again} : ${end}; };`
            ])
            : `${pick(['const', 'let', 'var'])} ${made} = ${pick(['[1]', '({ a: 1 })', '/a/g', 'class {}', `class ${other} { static b = () => ${other}; }`, 'function () {}', 'Symbol()'])};`;
        const handing = isFunction && random() < 0.4 ? `${made}(${pick(['0', '1', '2'])})` : made;
        const given = pick([
            `function ${give}() { return ${handing}; }`,
            `const ${give} = (value = ${handing}) => value;`,
            `function ${give}() { return attempt(() => ${handing}); }`,
            `const ${give} = () => new (class { field = ${handing}; })().field;`,
            `function ${give}() { for (const one of [1]) return { one, a: ${handing} }.a; }`,
            `function ${give}() { const list = []; for (let at = 0; at < 2; at++) list.push(${handing}); return list[0] === list[1] ? list[0] : 'two'; }`
        ]);
        return `{ ${once} ${given} log(${mark}, ${give}() === ${give}(), ${pick([`${give}()`, `${give}() === ${made}`, `new Set([${give}(), ${give}()]).size`])}); }`;
    }
}
