//! Printing through the front door: text in, text out.

use rustc_hash::FxHashMap;
use swc_core::common::util::take::Take as _;
use swc_core::common::{BytePos, DUMMY_SP, EqIgnoreSpan as _, FileName, SourceMap, SyntaxContext};
use swc_core::ecma::ast::{BinExpr, BinaryOp, Expr, Id, Ident};
use swc_core::ecma::parser::{EsSyntax, Parser, StringInput, Syntax};
use swc_core::ecma::transforms::base::fixer::paren_remover;
use swc_core::ecma::transforms::base::resolver;
use swc_core::ecma::visit::{VisitMut, noop_visit_mut_type};

use super::*;

const READABLE: PrintOptions<'static> = PrintOptions {
    minification: Minification::Off,
    position_tracking: PositionTracking::Off,
    reserved: &[],
};

const SMALL: PrintOptions<'static> = PrintOptions { minification: Minification::On, ..READABLE };

fn try_parse(source: &str, comments: &SingleThreadedComments) -> Result<Module, String> {
    let file = SourceMap::default().new_source_file(FileName::Anon.into(), source.to_owned());
    assert_eq!(file.start_pos, BytePos(1));
    let syntax = Syntax::Es(EsSyntax { explicit_resource_management: true, ..EsSyntax::default() });
    let mut parser = Parser::new(syntax, StringInput::from(&*file), Some(comments));
    let module = parser.parse_module().map_err(|error| format!("{error:?}\n{source}"))?;
    let errors = parser.take_errors();
    if errors.is_empty() { Ok(module) } else { Err(format!("{errors:?}\n{source}")) }
}

fn parse(source: &str, comments: &SingleThreadedComments) -> Module {
    try_parse(source, comments).unwrap_or_else(|message| panic!("{message}"))
}

/// Prints after renaming module-level and free names as binding would: free names that are renamed are imports.
fn print_renamed(source: &str, options: &PrintOptions<'_>, renamed: &[(&str, &str)]) -> PrintedModule {
    let globals = Globals::new();
    let comments = SingleThreadedComments::default();
    let (module, marks) = GLOBALS.set(&globals, || {
        let marks = NameMarks { unresolved: Mark::new(), top_level: Mark::new() };
        let mut module = parse(source, &comments);
        module.visit_mut_with(&mut resolver(marks.unresolved, marks.top_level, false));
        let context = |mark| SyntaxContext::empty().apply_mark(mark);
        let foreign = context(Mark::new());
        let mut targets: FxHashMap<Id, Id> = FxHashMap::default();
        for (from, to) in renamed {
            let top_level = context(marks.top_level);
            targets.insert(((*from).into(), top_level), ((*to).into(), top_level));
            targets.insert(((*from).into(), context(marks.unresolved)), ((*to).into(), foreign));
        }
        module.visit_mut_with(&mut Rename(targets));
        (module, marks)
    });
    print_module(module, &globals, marks, &comments, source, options)
}

struct Rename(FxHashMap<Id, Id>);

impl VisitMut for Rename {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, ident: &mut Ident) {
        if let Some((name, context)) = self.0.get(&ident.to_id()) {
            ident.sym = name.clone();
            ident.ctxt = *context;
        }
    }
}

fn readable(source: &str) -> String {
    print_renamed(source, &READABLE, &[]).code
}

fn small(source: &str) -> String {
    print_renamed(source, &SMALL, &[]).code
}

/// Printed small without compression, which is what remains when the compressor panics.
fn squeezed(source: &str) -> String {
    GLOBALS.set(&Globals::new(), || {
        let mut module = parse(source, &SingleThreadedComments::default());
        parenthesize(&mut module, None);
        emit::emit(&module, None, source, &SMALL).0
    })
}

fn assert_same_tree(source: &str, printed: &str) {
    GLOBALS.set(&Globals::new(), || {
        let trees = [source, printed].map(|text| {
            let mut module = parse(text, &SingleThreadedComments::default());
            forms::rewrite_delicate_forms(&mut module);
            module.visit_mut_with(&mut paren_remover(None));
            module.visit_mut_with(&mut LeftToRight);
            module
        });
        assert!(trees[0].eq_ignore_span(&trees[1]), "{source}\nprinted as\n{printed}");
    });
}

/// `a && (b && c)` is the same as `(a && b) && c`, and printed so.
struct LeftToRight;

impl VisitMut for LeftToRight {
    noop_visit_mut_type!();

    fn visit_mut_bin_expr(&mut self, outer: &mut BinExpr) {
        outer.visit_mut_children_with(self);
        if !matches!(outer.op, BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing) {
            return;
        }
        while let Expr::Bin(inner) = &mut *outer.right
            && inner.op == outer.op
        {
            let (middle, right) = (inner.left.take(), inner.right.take());
            let left = BinExpr { span: DUMMY_SP, op: outer.op, left: outer.left.take(), right: middle };
            outer.left = Box::new(Expr::Bin(left));
            outer.right = right;
        }
    }
}

const DELICATE: &[&str] = &[
    "(function () {})();",
    "(function () {})``;",
    "(function () {}).call(a);",
    "(() => {})();",
    "(async () => {})();",
    "(() => {}).name;",
    "(() => {}) ? a : b;",
    "((() => {}) || a);",
    "a || (() => {});",
    "(a, b);",
    "c((a, b), d);",
    "[(a, b)];",
    "var x = (a, b);",
    "x = (a, b);",
    "() => (a, b);",
    "() => ({});",
    "() => ({}).x;",
    "() => ({} = a);",
    "new (foo())();",
    "new (foo().bar)();",
    "new (foo.bar)();",
    "new (a())``;",
    "new (a.b().c)();",
    "new (import('x'))();",
    "new (a?.b)();",
    "(class {}).name;",
    "(class {})();",
    "({}).x;",
    "({}).x();",
    "({} = a);",
    "({ a } = b);",
    "[a] = b;",
    "(async function () {})();",
    "for ((async) of a) ;",
    "for (async of => {}; b; ) ;",
    "for (const x of (a, b)) ;",
    "for (var i = ('a' in b); i; ) ;",
    "for (var i = () => { 'a' in b }; i; ) ;",
    "for (('a' in b); i; ) ;",
    "for (var i = [('a' in b)]; i; ) ;",
    "for (const x in (a, b)) ;",
    "(a ?? b) || c;",
    "a ?? (b || c);",
    "(a && b) ?? c;",
    "-(-x);",
    "+(+x);",
    "- -x;",
    "-(--x);",
    "+(++x);",
    "a - -b;",
    "a - --b;",
    "a + +b;",
    "a + ++b;",
    "a-- > b;",
    "(-1) ** 2;",
    "(-x) ** 2;",
    "2 ** -1;",
    "(a ** b) ** c;",
    "a ** (b ** c);",
    "(await x) ** 2;",
    "(await x)();",
    "(await x).y;",
    "new (await x)();",
    "(yield_)();",
    "function* g() { (yield a)(); (yield).b; yield (yield a); x = yield; }",
    "async function f() { for await (const x of (a, b)) ; await (await a); -(await b); }",
    "(a?.b).c;",
    "(a?.b)();",
    "(a?.b.c)();",
    "a?.b.c();",
    "(a?.[b])[c];",
    "delete (a?.b).c;",
    "(0, a.b)();",
    "(0, a?.b)();",
    "(0, eval)('x');",
    "(0, a)``;",
    "(a.b)();",
    "(a, b).c;",
    "(a, b)();",
    "(a = b).c;",
    "(a = b)();",
    "(a ? b : c)();",
    "(a ? b : c).d;",
    "(a ? b : c) ? d : e;",
    "a ? (b, c) : (d, e);",
    "a ? b : c ? d : e;",
    "(a || b) && c;",
    "a || (b && c);",
    "(a + b) * c;",
    "a * (b + c);",
    "a - (b - c);",
    "(typeof a)();",
    "typeof (a + b);",
    "typeof (() => {});",
    "!(a in b);",
    "!(a instanceof b);",
    "(!a) in b;",
    "void (0, a)();",
    "(void 0).x;",
    "delete (0, a.b);",
    "(a++).b;",
    "(1).toString();",
    "1.5.toFixed();",
    "1e21.toFixed();",
    "0x10.toString();",
    "(-1).toString();",
    "10n .toString();",
    "'a'.length;",
    "/a/.test(b);",
    "a / /b/.c;",
    "a / (/b/g);",
    "`a${(b, c)}d`;",
    "a`b``c`;",
    "(a ? b : c)`d`;",
    "(() => {})`d`;",
    "new a`b`;",
    "(new a)`b`;",
    "(new a).b;",
    "new a.b;",
    "new (a.b());",
    "(new a)();",
    "new new a();",
    "new (new a)();",
    "(import('a')).then(b);",
    "import.meta.url;",
    "if (a) { if (b) c; } else d;",
    "if (a) for (;;) if (b) c; else d;",
    "if (a) { for (;;) if (b) c; } else d;",
    "if (a) { while (b) if (c) d; } else e;",
    "if (a) { x: if (b) c; } else d;",
    "do a; while (b); c;",
    "do { if (a) b; else c } while (d);",
    "if (a) do b; while (c); else d;",
    "class A extends (a, b) {}",
    "class A extends (a ? b : c) {}",
    "class A extends (() => {}) {}",
    "class A extends (class {}) {}",
    "class A extends a.b {}",
    "class A extends (a = b) {}",
    "class A { [(a, b)]() {} static [c] = (d, e); static { a; } get; set; static; async; static async *x() {} }",
    "class A { #a; static #b() {} has(x) { return #a in x; } }",
    "class A { get\nx() {} }",
    "class A { x\n['y'] }",
    "class A { static x = 1; *y() {} }",
    "class A { get = 1; *y() {} }",
    "({ __proto__: a, ['__proto__']: b, get x() { return 1 }, set x(v) {}, async *y() {}, async: 1, get: 2 });",
    "({ a, ...b, [c]: d, 'e-f': 1, 2: 3, async g() {} });",
    "var { a = 1, b: { c = (d, e) } = {}, ...rest } = f;",
    "function f(a = (b, c), [d] = [], ...e) {}",
    "((a, b) => {})((c, d));",
    "(a => a)(b);",
    "(async a => a)(b);",
    "a => b => c;",
    "a = b => c, d;",
    "x = (a => a) + b;",
    "(function () {} + 1);",
    "(function () {}, a);",
    "(function () {} ? a : b);",
    "(function () {}).x = 1;",
    "(class {}, a);",
    "(class {} + 1);",
    "({}, a);",
    "({} + 1);",
    "({}.x = 1);",
    "({}).toString.call(a) ? b : c;",
    "(let_)[0];",
    "(a, function () {});",
    "!function () {}();",
    "a: for (;;) { continue a; }",
    "throw (a, b);",
    "function f() { return (a, b); }",
    "function f() { return /* x */ (\n// c\na); }",
    "switch ((a, b)) { case (c, d): e; default: }",
    "'use strict';",
    "('use strict');",
    "'a' + 'b';",
    "(`a`);",
    "a\n++b;",
    "a;\n(b);",
    "a;\n[b];",
    "a;\n`b`;",
    "a;\n/b/g;",
    "let x = a\n;(b);",
    "a = function () {}\n;(b);",
    "var \\u0061b = 1;",
    "a['b-c']['d'];",
    "a.class.new.if;",
    "async () => { await (a ?? b); await (() => {}); await (a, b); (await a)?.b; };",
    "async function f() { (await a) + b; await a + b; await (a + b); }",
    "function* f() { yield* (a, b); (yield a) + b; yield a + b; (yield a) ? b : c; }",
    "a ? () => {} : () => {};",
    "a = async () => {};",
    "a ||= b; a &&= (b, c); a ??= b ? c : d;",
    "a = b = c;",
    "(a, b) ? c : d;",
    "a < (b, c);",
    "a < !--b;",
    "a-- > 0;",
    "'</script>';",
    "`</script>`;",
    "/[/]\\/(?<a>b)/u.c;",
    "'\\u2028\\0\\x01\\'\"';",
    "`\\``;",
    "String.raw`\\n${a}\\x`;",
    "'\\ud800';",
    "0.1 + .5 + 1_000 + 0b11 + 0o7 + 1e-7 + 5e-324 + 1n;",
    "label: { break label; }",
    "debugger;",
    ";;;",
    "if (a);",
    "if (a); else b;",
    "try { a } catch { b } finally { c }",
    "try { a } catch ({ message: [x] = [] }) { b }",
    "{ using a = b; await using c = d; }",
];

#[test]
fn readable_text_has_the_tree_of_its_source() {
    for source in DELICATE {
        assert_same_tree(source, &readable(source));
        assert_same_tree(source, &squeezed(source));
    }
}

/// Every place an expression can stand in, `_` being the expression.
const PLACES: &[&str] = &[
    "(_);", "a = (_);", "[(_)];", "[...(_)];", "({ a: (_) });", "({ ...(_) });", "({ [(_)]: a });", "f((_));", "f(...(_));",
    "(_)();", "(_)(a);", "(_).b;", "(_)[b];", "(_)``;", "(_)?.b;", "(_)?.();", "a[(_)];", "new (_)();", "new (_);", "new (_)(a);", "new ((_).b)();", "new ((_)[0])();", "new ((_)(a))();", "new ((_)``)();",
    "((_).b)();", "((_)?.b).c;", "((_)?.b)();", "((_)?.()).c;",
    "(_) ? a : b;", "a ? (_) : b;", "a ? b : (_);",
    "(_) + a;", "a + (_);", "(_) - a;", "a - (_);", "(_) ** a;", "a ** (_);", "(_) * a;", "a * (_);", "(_) < a;", "a < (_);", "(_) / a;", "a / (_);", "(_) > a;",
    "(_) in a;", "a in (_);", "(_) instanceof a;", "(_) && a;", "a && (_);", "(_) || a;", "a || (_);", "(_) ?? a;", "a ?? (_);", "(_) == a;", "a & (_);",
    "-(_);", "+(_);", "!(_);", "~(_);", "typeof (_);", "void (_);", "delete (_);", "async () => { await (_); (await (_)).b; };", "function* g() { yield (_); yield* (_); (yield (_)) + 1; }",
    "((_), a);", "(a, (_));", "`${(_)}`;", "() => (_);", "async () => (_);", "() => { return (_); };", "() => { throw (_); };",
    "var a = (_);", "let a = (_), b = (_);", "var { a = (_) } = b;", "var { [(_)]: a } = b;", "var [a = (_)] = b;", "({ a = (_) } = b);", "[a = (_)] = b;", "(a = (_)) => {};", "function f(a = (_)) {}",
    "a += (_);", "a ||= (_);", "[a, b] = (_);", "({ a } = (_));", "(_).b = a;", "(_)[b] = a;", "(_).b++;", "--(_).b;", "[(_).b] = a;", "({ a: (_).b } = c);",
    "if (_) a;", "if (_) a; else b;", "while (_) a;", "do a; while (_);", "for (_; (_); (_)) ;", "for (var i = (_); ; ) ;", "for (let i = a + (_), j; ; ) ;", "for (var i = () => (_); ; ) ;", "for (a of (_)) ;", "for (a in (_)) ;", "for (var a of (_)) ;", "for (const a in (_)) ;", "for ((_).b of a) ;", "for ((_).b in a) ;", "for (let [a = (_)] of b) ;", "for (const { a = (_) } of b) ;", "for (var i = [(_)]; ; ) ;", "for (var i = f((_)) ? (_) : (_); ; ) ;", "async () => { for await (a of (_)) ; };",
    "switch (_) { case (_): (_); }", "a: (_);", "class A extends (_) {}", "(class extends (_) {});", "class A { [(_)] = (_); static [(_)]() {} static b = (_); static { (_); } }",
    "if (a) (_); else (_);", "import((_));", "() => { (_) };", "b; (_);", "b\n;(_)", "(_)\n;b", "() => (_).b;", "() => (_)();", "() => (_) ? a : b;", "() => ((_), a);",
];

/// An expression of every kind, and of every kind that starts or ends in a delicate way.
const EXPRESSIONS: &[&str] = &[
    "x", "this", "1", "1.5", "-1", "1n", "'s'", "`t`", "/r/", "null", "{}", "{ x }", "{ x }.y", "[]", "[x]", "[x].y", "function () {}", "function n() {}", "async function () {}", "function* () {}", "class {}", "class N extends x {}", "function () {}()", "function () {}.y", "class {}.y", "{}.y()",
    "() => {}", "x => x", "async x => x", "async () => {}", "() => ({})", "() => ({}).y", "x = y", "x += y", "{ x } = y", "[x] = y", "x.y = z", "x, y", "x ? y : z", "x || y", "x && y", "x ?? y", "x + y", "x - y", "x * y", "x ** y", "x < y", "x in y", "x instanceof y", "-x", "+x", "!x", "typeof x", "void 0", "delete x.y", "++x", "--x", "x++", "x--", "- -x", "+ +x", "- --x",
    "x.y", "x[y]", "x()", "x.y()", "x?.y", "x?.y.z", "x?.()", "x?.[y]", "x?.y()", "(x?.y).z", "new x", "new x()", "new x.y", "new x().y", "new (x())()", "new (x().y)", "new x(y)", "new (x?.y)()", "x``", "x.y`z`", "x()`z`", "import('x')", "import.meta", "import.meta.url", "(0, x.y)()", "(x, y)()", "(() => {})()", "(async () => {})()", "(function () {})()", "(x = y)()", "(x ? y : z)()", "(new x)()", "(new x)", "(new x).y", "async", "async()", "async.x", "of", "get", "1 .x", "0x1.x", "/=r/",
];


#[test]
fn every_expression_is_printed_right_in_every_place() {
    let is_excluded = |place: &str, expression: &str| {
        // Not allowed in modules, but accepted by the parser.
        (place.starts_with("delete") && matches!(expression, "x" | "async" | "of" | "get"))
            // Not understood by the parser without the parentheses.
            || (place.starts_with("(_) in") && expression.starts_with("import"))
    };
    let mut bad = 0;
    for place in PLACES {
        for expression in EXPRESSIONS.iter().filter(|expression| !is_excluded(place, expression)) {
            let source = place.replace('_', expression);
            if try_parse(&source, &SingleThreadedComments::default()).is_ok() {
                for printed in [readable(&source), squeezed(&source)] {
                    if catch_unwind(|| assert_same_tree(&source, &printed)).is_err() { bad += 1; println!("BAD {source} => {printed}");}
                }
            }
        }
    }
    assert_eq!(bad, 0);
}
