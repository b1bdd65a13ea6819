//! One test per way of writing exports. What real packages do is more than these.

use swc_core::common::input::StringInput;
use swc_core::common::{BytePos, GLOBALS, Globals, Mark, SyntaxContext};
use swc_core::ecma::ast::EsVersion;
use swc_core::ecma::parser::{EsSyntax, Lexer, Parser, Syntax};
use swc_core::ecma::transforms::base::resolver;

use super::detect_commonjs_exports;
use crate::graph::{CommonJsExports, ExportsPart};

fn detect(source: &str) -> CommonJsExports {
    GLOBALS.set(&Globals::new(), || {
        let syntax = Syntax::Es(EsSyntax {
            allow_return_outside_function: true,
            ..EsSyntax::default()
        });
        let end = BytePos(u32::try_from(source.len()).unwrap() + 1);
        let input = StringInput::new(source, BytePos(1), end);
        let mut parser = Parser::new_from(Lexer::new(syntax, EsVersion::EsNext, input, None));
        let mut program = parser.parse_program().unwrap();
        let (unresolved, top_level) = (Mark::new(), Mark::new());
        program.mutate(resolver(unresolved, top_level, false));
        detect_commonjs_exports(&program, SyntaxContext::empty().apply_mark(unresolved))
    })
}

#[track_caller]
fn has_names(source: &str, names: &[&str]) {
    let found = detect(source);
    assert_eq!(found.names, names);
    assert_eq!(
        (found.forwards, found.stars, found.part_forwards),
        Default::default()
    );
}

#[track_caller]
fn has_stars(source: &str, names: &[&str], stars: &[&str]) {
    let found = detect(source);
    assert_eq!(
        (found.names.as_slice(), found.stars.as_slice()),
        (&atoms(names)[..], &atoms(stars)[..])
    );
    assert!(found.forwards.is_empty());
}

#[track_caller]
fn has_forwards(source: &str, names: &[&str], forwards: &[&str]) {
    let found = detect(source);
    assert_eq!(
        (found.names.as_slice(), found.forwards.as_slice()),
        (&atoms(names)[..], &atoms(forwards)[..])
    );
    assert!(found.stars.is_empty());
}

fn atoms(names: &[&str]) -> Vec<swc_core::atoms::Atom> {
    names.iter().map(|name| (*name).into()).collect()
}

#[test]
fn properties_of_exports() {
    has_names(
        "exports.a = exports.b = void 0; exports.b = 1; module.exports.c = 2; this.d = 3",
        &["a", "b", "c", "d"],
    );
    has_names(
        "exports['a-b'] = 1; module['exports'].c = 2; exports[`d`] = 3",
        &["a-b", "c", "d"],
    );
    has_names(
        "exports.__proto__ = null; exports.default = 1; exports.__esModule = true",
        &["default", "__esModule"],
    );
    has_names(
        "(0, exports.a = 1), x && (exports.b = 2), [exports.c] = [3], ({ x: exports.d } = y)",
        &["a", "b", "c", "d"],
    );
    has_names("exports.a ||= 1; exports.b ??= 2", &["a", "b"]);
}

#[test]
fn shadowed_names_are_others() {
    has_names(
        "function f(exports, module) { exports.a = 1; module.exports = { b: 1 } } f({}, {}); exports.c = 1",
        &["c"],
    );
    has_names(
        "function f() { this.a = 1 } new f(); (() => { this.b = 1 })()",
        &["b"],
    );
    has_names(
        "const local = { exports: {} }; local.exports = { a: 1 }; exports.b = 1",
        &["b"],
    );
    has_forwards(
        "function f(require) { return require('a') } module.exports = require('b')",
        &[],
        &["b"],
    );
}

#[test]
fn defined_properties() {
    has_names(
        "Object.defineProperty(exports, 'a', { enumerable: true, get: function () { return x.a } })",
        &["a"],
    );
    has_names(
        "Object.defineProperty(module.exports, 'a', { value: 1 }); Reflect.defineProperty(exports, 'b', {})",
        &["a", "b"],
    );
    has_names(
        "Object.defineProperties(exports, { a: { value: 1 }, [Symbol.toStringTag]: { value: 'Module' } })",
        &["a"],
    );
    has_names("exports.__defineGetter__('a', () => 1)", &["a"]);
    has_names(
        "var define = Object.defineProperty; define(exports, 'a', {}); const { assign } = Object; assign(exports, { b: 1 })",
        &["a", "b"],
    );
}

#[test]
fn the_mark_of_compiled_modules() {
    assert!(detect("Object.defineProperty(exports, '__esModule', { value: true })").is_es_module);
    assert!(detect("exports.__esModule = !0").is_es_module);
    assert!(detect("Object.defineProperties(exports, { __esModule: { value: true } })").is_es_module);
    assert!(!detect("exports.esModule = true").is_es_module);
}

#[test]
fn object_literals() {
    has_names(
        "module.exports = { a, b: 1, 'c-d': 2, get e() { return 1 }, f() {}, ['g']: 3, async *h() {}, 1: 4 }",
        &["a", "b", "c-d", "e", "f", "g", "h"],
    );
    has_stars(
        "module.exports = { a: 1, ...require('x'), ...local }; var local = { b: 2 }",
        &["a", "b"],
        &["x"],
    );
    has_names(
        "module.exports = Object.freeze(Object.assign(Object.create(null), { a: 1 }))",
        &["a"],
    );
    has_names(
        "module.exports = Object.create(null, { a: { value: 1 } })",
        &["a"],
    );
}

#[test]
fn aliases() {
    has_names(
        "var e = module.exports = {}; e.a = 1; module.exports.b = 2",
        &["a", "b"],
    );
    has_names("exports = module.exports = {}; exports.a = 1", &["a"]);
    has_names(
        "var x = exports, y; y = x; y.a = 1; function f() { x.b = 2 }",
        &["a", "b"],
    );
    has_names(
        "(module.exports = {}).a = 1; (exports = module.exports).b = 2",
        &["a", "b"],
    );
    has_names(
        "const { exports: e } = module; e.a = 1; var m = module; m.exports.b = 2",
        &["a", "b"],
    );
    has_names(
        "function add(target) { var t = target; t.a = 1 } add(exports)",
        &["a"],
    );
    has_names(
        "exports.default = fn; module.exports = exports['default']; function fn() {} fn.a = 1",
        &["a"],
    );
}

#[test]
fn functions_and_classes() {
    has_names(
        "exports = module.exports = fn; fn.a = 1; function fn() {} exports.b = 2",
        &["a", "b"],
    );
    has_names(
        "module.exports = Fn; var Fn = function () {}; Fn.a = 1; Fn.prototype.b = 2; module.exports.default = Fn",
        &["a", "default"],
    );
    has_names(
        "module.exports = class { static a = 1; static b() {} static get c() {} d() {} e = 1; static #f = 1; static { this.g = 1 } }",
        &["a", "b", "c", "g"],
    );
    has_names(
        "class A { constructor() { this.a = 1 } b = 2; c() {} } module.exports = new A()",
        &["a", "b"],
    );
    has_names(
        "class B { x = 1 } class A extends B { constructor() { super(); this.a = 1 } } module.exports = new A()",
        &["x", "a"],
    );
    has_names(
        "function F() { this.a = 1 } module.exports = new F(); module.exports.b = 2",
        &["a", "b"],
    );
    has_names(
        "function make() { var made = function () {}; made.a = 1; return made } module.exports = make()",
        &["a"],
    );
}

#[test]
fn copies_by_local_functions() {
    has_names(
        "function extend(to, from) { for (var key in from) to[key] = from[key]; return to }
         extend(Other, { no: 1 }); extend(Vue, vca); module.exports = Vue; function Vue() {} function Other() {}
         var vca = Object.freeze({ __proto__: null, ref: 1, watch: 2 })",
        &["ref", "watch"],
    );
    has_names(
        "const extend = (a, b) => { forEach(b, (value, key) => { a[key] = value }); return a }
         module.exports = extend({}, { x: 1 })",
        &["x"],
    );
    has_names(
        "for (const [k, v] of Object.entries({ a: 1 })) exports[k] = v",
        &["a"],
    );
    has_names(
        "var ks = Object.keys(o), o = { a: 1 }; for (var i = 0; i < ks.length; i++) { var k = ks[i]; exports[k] = o[k] }",
        &["a"],
    );
    has_names(
        "function set(target, name) { Object.defineProperty(target, name, {}) } set(exports, 'a'); set({}, 'b')",
        &["a"],
    );
    has_names("module.exports = _objectSpread({ a: 1 }, { b: 2 });
         function _objectSpread(t) { for (var i = 1; i < arguments.length; i++) { var s = arguments[i]; ownKeys(Object(s)).forEach(function (k) { _defineProperty(t, k, s[k]) }) } return t }
         function ownKeys(o) { var keys = Object.keys(o); return keys }
         function _defineProperty(e, r, t) { return (r = _toPropertyKey(r)) in e ? Object.defineProperty(e, r, {}) : e[r] = t, e }
         function _toPropertyKey(t) { var i = _toPrimitive(t, 'string'); return 'symbol' == typeof i ? i : i + '' }
         function _toPrimitive(t, r) { if ('object' != typeof t || !t) return t; return String(t) }", &["a", "b"]);
}

#[test]
fn lists_of_names() {
    has_names(
        "['a', 'b'].forEach(k => exports[k] = 1); for (const k of ['c'].concat(['d'])) exports[k] = 1",
        &["a", "b", "c", "d"],
    );
    has_names(
        "'a b'.split(' ').map(function (k) { exports[k] = 1 })",
        &["a", "b"],
    );
    has_names(
        "each(['get', 'put'], function (i, method) { exports[method] = exports[method + 'Form'] = 1 })",
        &["get", "put", "getForm", "putForm"],
    );
    has_names(
        "const root = { types: new Set(Object.keys(types)) }, types = { a: 1 }; for (const t of root.types) exports[t] = 1",
        &["a"],
    );
    has_names("exports[computed()] = 1; exports[x + 1] = 2; exports[0] = 3", &[]);
}

#[test]
fn forwards() {
    has_forwards("module.exports = require('x')", &[], &["x"]);
    has_forwards(
        "if (x) { module.exports = require('a') } else { module.exports = require('b') }",
        &[],
        &["a", "b"],
    );
    has_forwards(
        "module.exports = x ? require('a') : require('b')",
        &[],
        &["a", "b"],
    );
    has_forwards(
        "try { module.exports = require('a') } catch { module.exports = require('b') }",
        &[],
        &["a", "b"],
    );
    has_forwards(
        "var x = require('x'); module.exports = x; x.a = 1; module.exports.b = 2",
        &["a", "b"],
        &["x"],
    );
    has_forwards(
        "module.exports = _interopRequireWildcard(require('x'))",
        &[],
        &["x"],
    );
    has_forwards(
        "module.exports = { a: 1 }; module.exports = require('x')",
        &[],
        &["x"],
    );
}

#[test]
fn parts_of_modules_are_forwarded() {
    let found = detect("exports = module.exports = require('x').default; exports.a = 1");
    assert_eq!(found.part_forwards, [("x".into(), ExportsPart::Default)]);
    assert_eq!(found.names, ["a"]);
    let found = detect("module.exports = require('x')()");
    assert_eq!(found.part_forwards, [("x".into(), ExportsPart::Result)]);

    let found = detect("exports.default = Redis; class Redis { static a = 1 } exports.b = 2");
    assert_eq!(found.part(ExportsPart::Default).unwrap().names, ["a"]);
    let found = detect("module.exports = function (x) { var made = { a: 1 }; made.b = x; return made }");
    assert_eq!(found.part(ExportsPart::Result).unwrap().names, ["a", "b"]);
    assert_eq!(
        detect("exports.default = 1; module.exports = () => 1").part(ExportsPart::Result),
        None
    );
}

#[test]
fn only_the_last_certain_assignment_counts() {
    has_names(
        "module.exports = { a: 1 }; module.exports = { b: 1 }; if (x) module.exports = { c: 1 }",
        &["b", "c"],
    );
    has_names("exports.a = 1; module.exports = { b: 1 }", &["b"]);
    has_names("exports.a = 1; if (x) module.exports = { b: 1 }", &["a", "b"]);
    has_names(
        "exports.a = 1; function later() { module.exports = { b: 1 } }",
        &["a", "b"],
    );
}

#[test]
fn typescript_output() {
    has_stars(
        "var __createBinding = (this && this.__createBinding) || (Object.create ? (function (o, m, k, k2) {
             if (k2 === undefined) k2 = k;
             Object.defineProperty(o, k2, { enumerable: true, get: function () { return m[k]; } });
         }) : (function (o, m, k, k2) { if (k2 === undefined) k2 = k; o[k2] = m[k]; }));
         var __exportStar = (this && this.__exportStar) || function (m, exports) {
             for (var p in m) if (p !== 'default' && !Object.prototype.hasOwnProperty.call(exports, p)) __createBinding(exports, m, p);
         };
         Object.defineProperty(exports, '__esModule', { value: true });
         __exportStar(require('a'), exports); __exportStar(require('b'), exports); exports.c = 1;",
        &["__esModule", "c"],
        &["a", "b"],
    );
    has_stars(
        "function __export(m) { for (var p in m) if (!exports.hasOwnProperty(p)) exports[p] = m[p]; } __export(require('a'));",
        &[],
        &["a"],
    );
    has_stars(
        "const tslib_1 = require('tslib'); tslib_1.__exportStar(require('a'), exports); (0, tslib_1.__createBinding)(exports, x, 'b', 'c')",
        &["c"],
        &["a"],
    );
    has_names(
        "(function (Kind) { Kind.A = 1 })(exports.Kind || (exports.Kind = {}))",
        &["Kind"],
    );
}

#[test]
fn babel_output() {
    has_stars(
        "var _exportNames = { a: true }; exports.a = void 0; var _x = require('x');
         Object.keys(_x).forEach(function (key) {
             if (key === 'default' || key === '__esModule') return;
             if (Object.prototype.hasOwnProperty.call(_exportNames, key)) return;
             if (key in exports && exports[key] === _x[key]) return;
             Object.defineProperty(exports, key, { enumerable: true, get: function () { return _x[key]; } });
         });",
        &["a"],
        &["x"],
    );
    has_names("var A = function () { function A() {} _createClass(A, null, [{ key: 's', get: function () {} }]); return A }(); module.exports = A;
         function _createClass(e, r, t) { return r && _props(e.prototype, r), t && _props(e, t), e }
         function _props(e, r) { for (var t = 0; t < r.length; t++) { var o = r[t]; Object.defineProperty(e, o.key, o) } }", &["s"]);
}

#[test]
fn esbuild_output() {
    let helpers = "var __defProp = Object.defineProperty; var __getOwnPropNames = Object.getOwnPropertyNames;
        var __export = (target, all) => { for (var name in all) __defProp(target, name, { get: all[name], enumerable: true }) };
        var __copyProps = (to, from, except, desc) => { if (from && typeof from === 'object') for (let key of __getOwnPropNames(from)) if (key !== except) __defProp(to, key, { get: () => from[key] }); return to };
        var __reExport = (target, mod, second) => (__copyProps(target, mod, 'default'), second && __copyProps(second, mod, 'default'));
        var __toCommonJS = (mod) => __copyProps(__defProp({}, '__esModule', { value: true }), mod);";
    let found = detect(&format!(
        "{helpers} var src = {{}}; __export(src, {{ a: () => a, b: () => b }}); module.exports = __toCommonJS(src);
         __reExport(src, require('x'), module.exports);"
    ));
    assert_eq!(
        (found.names, found.stars),
        (atoms(&["__esModule", "a", "b"]), atoms(&["x"]))
    );
    assert!(found.is_es_module);
    has_stars(
        "module.exports = pack(unknown); 0 && (module.exports = { a, b, ...require('x') })",
        &["a", "b"],
        &["x"],
    );
}

#[test]
fn swc_and_webpack_output() {
    has_names(
        "function _export(target, all) { for (var name in all) Object.defineProperty(target, name, { enumerable: true, get: Object.getOwnPropertyDescriptor(all, name).get }) }
         _export(exports, { a: function () { return a }, get b() { return b } })",
        &["a", "b"],
    );
    has_stars(
        "const _export_star = require('@swc/helpers/_/_export_star'); _export_star._(require('x'), exports)",
        &[],
        &["x"],
    );
    has_names(
        "module.exports = (() => { var r = {}; r.d = (exports, definition) => { for (var key in definition) Object.defineProperty(exports, key, { get: definition[key] }) };
         var e = {}; r.d(e, { a: () => 1 }); return e })()",
        &["a"],
    );
    has_names(
        "module.exports = (() => { var r = {}; r.d = (exports, definition) => { for (var key in definition) Object.defineProperty(exports, key, { get: definition[key] }) };
         var e = {}; r.d(e, { default: () => Q }); class Q { static a = 1 } return e = e.default, e })()",
        &["default", "a"],
    );
}

#[test]
fn universal_modules() {
    has_names(
        "(function (global, factory) {
             typeof exports === 'object' && typeof module !== 'undefined' ? factory(exports) :
             typeof define === 'function' && define.amd ? define(['exports'], factory) :
             (global = typeof globalThis !== 'undefined' ? globalThis : global || self, factory(global.Name = {}));
         })(this, (function (exports) { 'use strict'; exports.a = 1; }))",
        &["a"],
    );
    has_names(
        "!function(e,t){'object'==typeof exports&&'undefined'!=typeof module?module.exports=t(require('x')):'function'==typeof define&&define.amd?define(['x'],t):(e=e||self).Name=t(e.X)}(this,(function(e){var n=function(){};return n.a=1,n}))",
        &["a"],
    );
    has_names(
        "(function (root, factory) {
             if (typeof define === 'function' && define.amd) define([], factory);
             else if (typeof module === 'object' && module.exports) module.exports = factory();
             else root.Name = factory();
         }(this, function () { return { a: 1 } }))",
        &["a"],
    );
    has_names(
        "(function () { var root = this; var _ = {}; root._ = _; exports._ = _ }).call(this)",
        &["_"],
    );
    has_names(
        "var freeExports = typeof exports == 'object' && exports && !exports.nodeType && exports;
         var freeModule = freeExports && typeof module == 'object' && module && !module.nodeType && module;
         var _ = (function run() { function lodash() {} lodash.a = 1; return lodash })();
         if (typeof define == 'function' && define.amd) define(() => _);
         else if (freeModule) { (freeModule.exports = _)._ = _; freeExports._ = _ }",
        &["a", "_"],
    );
    has_names(
        "(typeof module < 'u' ? module.exports = { a: 1 } : window.b = 1), void 0 !== exports && (module.exports.c = 1)",
        &["a", "c"],
    );
    has_names(
        "(function (global, factory) { 'object' === ('undefined' === typeof exports ? 'undefined' : _typeof(exports)) ? factory(exports) : factory(global.X = {}) })(this, function (e) { e.a = 1 })",
        &["a"],
    );
}

#[test]
fn wrapped_bodies() {
    has_names(
        "(function () { exports.a = 1; function f() {} f.b = 2 })(); !function () { exports.c = 1 }()",
        &["a", "c"],
    );
    has_names(
        "'production' !== env && (function () { exports.a = 1 })()",
        &["a"],
    );
    has_names(
        "(function (module) { module.exports = { a: 1 } })(module)",
        &["a"],
    );
    has_names(
        "var ts = {}; ((module) => { module.exports = { a: 1 } })({ get exports() { return ts }, set exports(v) { ts = v; if (typeof module !== 'undefined' && module.exports) module.exports = v } })",
        &["a"],
    );
    has_names(
        "if (require.main === module) { exports.a = 1 } switch (x) { case 1: exports.b = 1 } do { exports.c = 1 } while (0)",
        &["a", "b", "c"],
    );
}

#[test]
fn functions_from_elsewhere_may_return_what_they_get() {
    has_names("module.exports = freeze({ a: 1 })", &["a"]);
    has_names(
        "module.exports = plugin(fn, {}); function fn() {} fn.a = 1",
        &["a"],
    );
    has_names("module.exports = build(require('x'))", &[]);
}

#[test]
fn jquery_style_extension() {
    has_names(
        "var $ = function () {}; $.extend = function () { var target = arguments[0] || {}, i = 1, name, options;
             if (i === arguments.length) { target = this; i-- }
             for (; i < arguments.length; i++) if ((options = arguments[i]) != null) for (name in options) target[name] = options[name];
             return target };
         $.extend({ a: 1 }); $.extend(other, { b: 1 }); module.exports = $",
        &["extend", "a"],
    );
}

#[test]
fn recursion_and_size_end() {
    has_names("function f(e) { f(e); e.a = 1; return f(e) } f(exports)", &["a"]);
    has_names("var a = b, b = a; a.x = 1; exports.c = a.b.c", &["c"]);
    has_names("module.exports = module.exports; exports.a = 1", &["a"]);
    let many = |one: fn(usize) -> String| (0..3000).map(one).collect::<Vec<_>>();
    let chain = many(|index| format!("exports.n{index} = ")).concat();
    assert_eq!(detect(&format!("{chain} void 0")).names.len(), 3000);
    let aliases = many(|index| format!("var v{} = v{index};", index + 1)).concat();
    has_names(&format!("var v0 = exports; {aliases} v3000.a = 1"), &["a"]);
    let alternatives = many(|index| format!("x{index}")).join(" || ");
    has_names(&format!("var x = {alternatives}; exports.a = 1"), &["a"]);
}
