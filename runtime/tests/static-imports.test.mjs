import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { staticImports } from '../node/static-imports.mjs';

const CASES = [
    ['every form of import', 'import "a"; import b from "b"; import * as c from "c"; import { d as e } from "d"; import f, { g } from "f";', ['a', 'b', 'c', 'd', 'f']],
    ['minified imports', 'import"a";import b from"b";import*as c from"c";import{d as e}from\'d\';export*from"e";export{f}from"f"', ['a', 'b', 'c', 'd', 'e', 'f']],
    ['exports with a source', 'export * as ns from "a"; export { default } from "b"; export { x as "a string" } from "c";', ['a', 'b', 'c']],
    ['exports without a source', 'const x = 1; export { x }; "from"; export default "text"; export const y = "from", z = 2; export function f() { return "g" }', []],
    ['an export list, then an import', 'const a=1;export{a}\nimport"b"', ['b']],
    ['dynamic imports and import.meta', 'import("a"); const u = import.meta.url; import.meta.resolve("b"); await import("c")', []],
    ['import attributes', 'import data from "./a.json" with { type: "json" }; import "b";', ['./a.json', 'b']],
    ['each specifier once', 'import "a"; export * from "a";', ['a']],
    ['strings', 'const a = "import \'x\'", b = \'import "y" \\\' import "z"\'; import "real";', ['real']],
    ['comments', '/* import "x" */ // import "y"\nimport /* "z" */ "real";', ['real']],
    ['templates', 'const t = `import "x" ${ `${ "}" } import "y"` } \\` import "z"`; import "real";', ['real']],
    ['code in templates', 'const t = `${ (() => { const r = /[`}]/; return r })() }`; import "real";', ['real']],
    ['regular expressions', 'const r = /["`/*]import "x"/g, s = a / b / c; if (x) /"/.test(y); import "real";', ['real']],
    ['a regular expression after a block', 'if (x) { y } /"/.test(z); import "real";', ['real']],
    ['division after brackets', 'const a = (b) / 2 + "x" / [1][0] / 3; import "real";', ['real']],
    ['properties called import', 'a.import("x"); a.export; const o = { import: "y", export: "z" }; import "real";', ['real']],
    ['nothing inside functions', 'function f() { return { from: "a", import: "b" } }', []]
];

describe('static imports of', () => {
    for (const [name, source, expected] of CASES) {
        test(name, () => assert.deepEqual(staticImports(source), expected));
    }
});

test('text that is no program ends', () => {
    for (const source of ['`${', '`', '"', '/*', '))))', 'import {', 'export *', 'import', '/(']) staticImports(source);
});
