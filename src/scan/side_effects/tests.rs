//! One statement per line: what may be dropped and what may not.

use swc_core::common::{FileName, GLOBALS, Globals, SourceMap};
use swc_core::ecma::ast::{ImportSpecifier, ModuleDecl, ModuleItem};
use swc_core::ecma::parser::{EsSyntax, Parser, StringInput, Syntax};
use swc_core::ecma::transforms::base::resolver;
use swc_core::ecma::visit::VisitMutWith as _;

use super::*;

/// What the statements may refer to; imports and exports themselves are not judged.
const AROUND: &str = "import * as ns from 'n'; import imported from 'i'; let local;
    /* @__NO_SIDE_EFFECTS__ */ function quietFunction() {}
    /* @__NO_SIDE_EFFECTS__ */ export function quietExport() {}
    /* @__NO_SIDE_EFFECTS__ */ export const quietArrow = () => {};
    const quietInner = /* #__NO_SIDE_EFFECTS__ */ function () {};";

fn has_side_effects(statement: &str) -> bool {
    let source = format!("{AROUND}\n{statement}");
    let comments = SingleThreadedComments::default();
    GLOBALS.set(&Globals::new(), || {
        let file = SourceMap::default().new_source_file(FileName::Anon.into(), source.clone());
        let syntax = EsSyntax {
            decorators: true,
            explicit_resource_management: true,
            ..EsSyntax::default()
        };
        let mut parser = Parser::new(Syntax::Es(syntax), StringInput::from(&*file), Some(&comments));
        let mut module = parser
            .parse_module()
            .unwrap_or_else(|error| panic!("{error:?} {statement}"));
        let (unresolved, top_level) = (Mark::new(), Mark::new());
        module.visit_mut_with(&mut resolver(unresolved, top_level, false));
        let functions = annotated_functions(&module.body, &comments);
        let namespaces = module.body.iter().filter_map(|item| match item {
            ModuleItem::ModuleDecl(ModuleDecl::Import(import)) => match import.specifiers.first()? {
                ImportSpecifier::Namespace(namespace) => Some(namespace.local.to_id()),
                _ => None,
            },
            _ => None,
        });
        let namespaces = namespaces.collect();
        let learned = Learned::default();
        let purity = Purity::new(unresolved, &comments, &functions, &namespaces, &learned);
        let statements = module.body.iter().filter_map(ModuleItem::as_stmt);
        statements
            .into_iter()
            .any(|statement| purity.statement_has_side_effects(statement))
    })
}

const PURE: &str = r"
switch (local) { }
switch (local) { case 1: case imported: break; default: { break } }
for (const a of [1, local]) {}
for (const a in { b: 1 }) {}
label: { break label; }
null?.a.b; undefined?.a(g());
String.raw`a${1}`;
const { a = 1, b: [c], ...d } = { b: [2] };
const [a = 1, [b], ...c] = [1, [2], 3];
const a = /b/.test('c'), d = (5).toFixed(2), e = 'f'.split('');
new Promise(() => {}); Promise.resolve(1);
const a = typeof undeclared === 'function' ? undeclared : function () {};
const a = 'undefined' != typeof undeclared && typeof other == 'object' ? [undeclared, other] : null;
const a = typeof undeclared === 'undefined' || undeclared;
const a = typeof undeclared !== 'undefined' && undeclared;
const a = typeof undeclared < 'u' ? undeclared : null, b = typeof undeclared >= 'u' || undeclared;
const a = 'u' > typeof undeclared && undeclared, b = 'u' <= typeof undeclared ? null : undeclared;
const a = -Math.pow(10, 8) * 24 + Number('1') - Date.now();
;
function f() { g() }
async function* f() { await g() }
class A {}
class A { constructor() { g() } method() { g() } get a() { return g() } static method() { g() } #private() {} field = g(); static plain = 1; static #p = [1]; [Symbol.iterator]() {} ['a' + 1]() {} 'b'() {} 3() {} }
class A extends imported {}
class A extends ns.B {}
class A extends null {}
class A extends Error {}
class A extends (class {}) {}
class A { static { const inner = 1; } }
var a, b = 1, c = b;
let a = local;
const a = { b: 1, c: local, local, ['d']: 2, [Symbol.toStringTag]: 3, e() { g() }, get f() { return g() }, set f(x) {}, ...{ h: 1 } };
const a = [1, local, , ...[2, 3]];
const a = () => g(), b = function () { g() }, c = class { m() { g() } };
const a = local ? 1 : 'b';
const a = local && imported || undefined;
const a = local ?? null;
const a = local === imported, b = local !== 1;
const a = local == null, b = null != local;
const a = !local, b = void 0, c = typeof local, d = typeof undeclared;
const a = typeof window !== 'undefined' && typeof undeclared === 'function';
const a = -1, b = +'1', c = ~0, d = 1 + 2 * 3, e = 'a' + 1 + true, f = 1 < 2, g = 2 ** 3;
const a = `b${1}c${'d'}`;
const a = /b/g;
const a = 10n;
const a = (1, local);
const a = this;
const a = import.meta.url, b = import.meta;
const a = NaN, b = Infinity, c = undefined;
const a = Object, b = Array, c = Map, d = globalThis, e = console, f = setTimeout, g = URL;
const a = Object.prototype.hasOwnProperty, b = Array.prototype.slice, c = Object.keys, d = Math.PI * 2, e = Symbol.iterator, f = Number.MAX_SAFE_INTEGER - 1;
const { keys, values: list } = Object;
const { a, b: c } = ns;
const { a } = { a: 1 };
const [a, b] = [1, 2];
const a = ns.b, b = ns['c'];
/* @__PURE__ */ g();
/*#__PURE__*/ g(local, 1);
/*#__PURE__*/ g.h.i();
/*#__PURE__*/ g().h();
/* @__PURE__ */ new G();
/* @__PURE__ */ new G;
/* @__PURE__ */ (g());
/* @__PURE__ */ (() => g())();
/* @__PURE__ */ (function () { g() })();
(/* @__PURE__ */ g());
(/* @__PURE__ */ g(), /* @__PURE__ */ h());
const a = /* @__PURE__ */ g(), b = local || /* @__PURE__ */ g();
const a = { b: /* @__PURE__ */ g() };
/* @__PURE__ */ g?.();
/* @__PURE__ */ g?.h();
/* @__PURE__ */ g`a${1}`;
/* some words @__PURE__ */ g();
// @__PURE__
g();
quietFunction(); quietExport(local); quietArrow(1); quietInner(() => g());
quietFunction`a${local}`;
new Map; new Map(); new Set(); new WeakMap(); new WeakSet(null); new Set([1, local]); new Map([[1, 2], ['a', local]]); new Set(undefined);
new WeakSet([{}, () => g()]); new WeakMap([[{}, local], [[], 1]]);
new Date(); new Date(0); new Error('a'); new TypeError(`b`); new Object(); new Array();
Symbol(); Symbol('a'); Symbol.for('b'); String(1); Number('1'); Boolean(local); parseInt('1', 10);
Object.freeze({ a: 1 }); Object.freeze([1, 2]); Object.seal({}); Object.freeze({ ...{ a: 1 }, b: local });
Object.create(null); Object.assign({}, { a: 1 }, { b: local }); Object.keys({ a: 1 }); Object.fromEntries([['a', 1]]); Object.entries({ a: local });
Math.max(1, 2); Math.sqrt(2); Math.random(); Date.now(); Array.isArray(local); Array.of(1); Object.is(local, 1);
'a b c'.split(' '); 'A'.toLowerCase();
class A { static { A.prototype.isA = true; } }
class A { static { this.prototype.isA = true; } }
class A { get b() { return g() } static { A.prototype.isA = true; this.c = 1; A.d = 2; } }
(() => {})(); (() => 1)(); (function () { const inner = local; return inner })(); (() => { if (local) { return 1 } })(); (async () => {})();
((a, b) => { return a })(1, local);
var E = /* @__PURE__ */ function (E) { E[E['A'] = 0] = 'A'; g(); return E }(E || {});
var E = function (E) { E[E['A'] = 0] = 'A'; E[E['B'] = 1 << 2] = 'B'; E['C'] = 'c'; E.D = E['A']; return E; }(E || {});
var E = (function (E) { E['A'] = 'a'; return E; })(E || {});
if (local) { var a = 1 } else ;
{ const a = 1; function f() {} }
try { const a = 1 } catch { g() }
'use strict';
";

const EFFECTS: &str = r"
const a = typeof undeclared === 'undefined' ? undeclared : 1;
const a = typeof undeclared !== 'function' && undeclared;
const a = typeof undeclared === 'function' ? other : 1;
const a = typeof undeclared < 'u' ? other : 1;
const a = typeof undeclared > 'u' ? undeclared : 1;
const a = 'u' < typeof undeclared && undeclared;
const a = typeof undeclared < 'v' && undeclared;
const a = typeof undeclared === 'function' || undeclared;
const a = -Math.pow(10, local);
const a = -imported;
g();
new G();
g`a`;
local = 1;
local.a = 1;
local++;
delete local.a;
undeclared;
window;
process;
const a = document;
const a = local.b;
const a = local[b];
const a = local?.b;
const a = imported.b;
const a = ns[local];
const a = ns.b.c;
const a = window.b;
const a = Math.PI.b.c;
const a = Map.prototype.size;
const a = Function.prototype.caller;
const a = local + 1, b = 'a' + local;
const a = `a${local}`;
const a = -local;
const a = +10n;
const a = 1n + 1;
const a = local < 1;
const a = local == 1;
const a = 'a' in local;
const a = local instanceof imported;
const a = { ...local };
const a = { ...{ get b() { return g() } } };
const a = { [local]: 1 };
const a = { [{}]: 1 };
const a = [...local];
const a = [...g()];
const { a } = local;
const { a = g() } = ns;
const { [a]: b } = ns;
const { a: { b } } = ns;
const { ...a } = { get b() { g() } };
const { a } = { get a() { return g() } };
const { a } = { __proto__: local };
const [a] = local;
const [a = g()] = [];
const [[a]] = [local];
class A extends g() {}
class A extends undeclared {}
class A extends local.b {}
class A { static a = g() }
class A { static { g() } }
class A { set b(value) { g() } static { A.prototype.b = true; } }
class A { static set b(value) { g() } static { A.b = true; } }
class A { set b(value) { g() } static { this.prototype.b = true; } }
class A { static set b(value) { g() } static { this.b = true; } }
class A extends local { static { A.b = true; } }
class A { [g()]() {} }
class A { [local] = 1 }
class A { static #a = g() }
@decorate class A {}
class A { @decorate a }
class A { @decorate method() {} }
/* @__PURE__ */ g(h());
/* @__PURE__ */ g(...local);
/* @__PURE__ */ new G(h());
/* @__PURE__ */ g().h;
/* @__PURE__ */ local.b;
/* PURE */ g();
g(/* @__PURE__ */ h());
quietFunction(g());
imported(/* @__PURE__ */ g());
const quietFunctionNot = g();
new Map(local); new Set(local);
new Map([1]);
new WeakSet([1]);
new WeakSet([local]);
new WeakSet([{}, g()]);
new WeakMap([[1, {}]]);
new WeakMap([[{}, g()]]);
new WeakMap([{}]);
new Promise(local);
new Date(local);
new Error(local);
new RegExp('(');
Symbol(local);
String(local);
Object.freeze(local);
Object.freeze(g());
Object.assign(local, { a: 1 });
Object.assign({}, local);
Object.assign({}, { get a() { return g() } });
Object.assign({}, { ...local });
Object.create(local);
Object.create();
Object.keys(local);
Object.keys({ a: g() });
Object.defineProperty({}, 'a', {});
Math.max(local);
Array.from(local);
'a'.replace('a', local);
local.split(' ');
(() => { g() })();
(() => g())();
((a = g()) => {})();
(({ a }) => {})();
(() => { throw 1 })();
(() => { for (;;) ; })();
(function () { this.a = 1 })();
(a => { a.b = 1 })(local);
(() => {})(g());
var E = function (E) { E[E['A'] = g()] = 'A'; return E }(E || {});
var E = function (E) { local['A'] = 1; return E }(E || {});
var E = function (E) { E['A'] = 1; return E }(g());
if (g()) { }
if (local) g();
for (;;) { }
while (local) { }
throw local;
debugger;
await local;
const a = await local;
import('a');
switch (g()) { }
for (;;) {}
for (let i = 0; i < 10; i--) {}
for (let i = 0; i < 10; i++) { i = 0 }
for (const i = 0; i < 1; i++) {}
for (const a of local) {}
for (const a of [1]) { a = 2 }
for (const a in local) {}
while (local) {}
local.a?.b;
String.raw`${local}`;
const { a: { b } } = { a: null };
const [[a]] = [local];
try { g() } catch { }
try { } finally { g() }
{ g() }
using a = local;
const a = undeclared || 1;
const a = local ? g() : 1;
";

/// A line may continue a comment of the line above it.
fn cases(text: &str) -> impl Iterator<Item = String> {
    let text = text.replace("// @__PURE__\n", "// @__PURE__\u{0}");
    text.lines()
        .filter(|line| !line.is_empty())
        .map(|line| line.replace('\u{0}', "\n"))
        .collect::<Vec<_>>()
        .into_iter()
}

#[test]
fn pure_statements_can_be_dropped() {
    let wrong: Vec<_> = cases(PURE)
        .filter(|statement| has_side_effects(statement))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn observable_statements_are_kept() {
    let wrong: Vec<_> = cases(EFFECTS)
        .filter(|statement| !has_side_effects(statement))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
