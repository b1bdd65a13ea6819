//! Which names change and which must not.

use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{FnExpr, Function, FunctionBody, Pat};
use swc_core::ecma::utils::ExprFactory as _;
use swc_core::ecma::visit::{Visit, VisitWith as _, noop_visit_type};

use super::*;

/// How often `name` is said where no local declaration captures it: (as a free name, as a module-level name).
fn count_references(text: &str, name: &str) -> (usize, usize) {
    struct Counter<'a> {
        name: &'a str,
        contexts: [SyntaxContext; 2],
        counts: [usize; 2],
    }
    impl Visit for Counter<'_> {
        noop_visit_type!();
        fn visit_ident(&mut self, ident: &Ident) {
            for (context, count) in self.contexts.iter().zip(&mut self.counts) {
                *count += usize::from(ident.sym == self.name && ident.ctxt == *context);
            }
        }
    }
    GLOBALS.set(&Globals::new(), || {
        let marks = [Mark::new(), Mark::new()];
        let mut module = parse(text, &SingleThreadedComments::default());
        module.visit_mut_with(&mut resolver(marks[0], marks[1], false));
        let contexts = marks.map(|mark| SyntaxContext::empty().apply_mark(mark));
        let mut counter = Counter {
            name,
            contexts,
            counts: [0, 0],
        };
        module.visit_with(&mut counter);
        counter.counts.into()
    })
}

/// Functions and blocks with every kind of local binding; each calls `used()`.
const BINDINGS: &[&str] = &[
    "function outer(local) { used(); return local }",
    "function outer(local = used()) { return () => local }",
    "function outer({ key: local = used(), ...others }, [more], ...rest) { return [local, others, more, rest] }",
    "const arrow = (local) => { used(); return local }",
    "const arrow = (local) => used(local)",
    "const named = function local() { used(); return local }",
    "const named = class local { static method() { used(); return local } }",
    "function outer() { function local() { used() } return local }",
    "function outer() { class local { constructor() { used() } } return local }",
    "function outer() { class local extends used() {} return local }",
    "function outer() { var local = source(); local++; used(); return local }",
    "function outer() { { let local = source(); local++; used(local) } }",
    "function outer() { for (let local = 0; local < 3; local++) used(local) }",
    "function outer() { for (const local of used()) source(local) }",
    "function outer() { for (const local in source()) used(local) }",
    "function outer() { try { source() } catch (local) { used(local) } }",
    "function outer() { try { source() } catch ({ message: local }) { used(local) } }",
    "function outer() { switch (source()) { case 1: let local = source(); local++; used(local) } }",
    "function outer(local) { return function (inner) { used(); return [local, inner] } }",
    "function outer(local) { return class { [used()] = local; #field = 1; get() { return this.#field } } }",
    "function outer(local) { local: for (;;) { used(); if (source()) continue local; break local } return local }",
    "function outer(local) { return { local, used: used(), method(inner) { return inner + local } } }",
    "async function outer(local) { for await (const item of used()) source(local, await item) }",
    "function* outer(local) { yield used(); yield* source(local) }",
    "function outer(local) { return `${local}${used()}` }",
    "{ let local = source(); local++; used(local) }",
    "if (source()) { const local = source(); used(local, local) }",
];

#[test]
fn local_names_never_capture_chunk_level_names() {
    // What chunk-level minification hands out first, a taken local name, and their numbered forms.
    let names = [
        "e", "t", "n", "r", "i", "s", "local", "local$1", "inner", "others", "item", "source",
    ];
    for source in BINDINGS {
        for name in names {
            for options in [READABLE, SMALL] {
                // As a name of another module, and as a module-level name of its own.
                let renamed = &[("used", name), ("source", "source_")];
                let imported = print_renamed(source, &options, renamed).code;
                assert_eq!(count_references(&imported, name), (1, 0), "{source}\n{imported}");
                let source = format!("{source}\nfunction used() {{ return source(mark) }}");
                let own = print_renamed(&source, &options, renamed).code;
                assert_eq!(count_references(&own, name), (0, 2), "{source}\n{own}");
            }
        }
    }
}

#[test]
fn local_names_never_capture_globals_or_reserved_names() {
    for global in ["e", "t", "n"] {
        for source in BINDINGS {
            let source = source.replace("used", global);
            let printed = small(&source);
            assert_eq!(count_references(&printed, global), (1, 0), "{source}\n{printed}");
        }
    }
    let reserved = ["e".into(), "n".into()];
    let options = PrintOptions {
        reserved: &reserved,
        ..SMALL
    };
    let printed = print_renamed("function f(a, b, c) { return a(b, c) }", &options, &[]);
    assert_eq!(printed.code, "function f(t,r,i){return t(r,i)}");
}

#[test]
fn module_level_names_stay() {
    for (source, expected) in [
        // Read by other modules only.
        (
            "let current; function set(value) { current = value }",
            "let current;function set(e){current=e}",
        ),
        (
            "function unused() {} class Unused {} const value = f()",
            "function unused(){}class Unused{}let value=f();",
        ),
        // Declared below, visible at module level.
        (
            "if (a) { var inner = 1 } for (var i of b) {}",
            "if(a)var inner=1;for(var i of b);",
        ),
        // Other modules may write to it, or call it with other arguments.
        (
            "const list = [1, 2]; function first() { return list[0] }",
            "let list=[1,2];function first(){return list[0]}",
        ),
        (
            "const o = { a: 1 }; function a() { return o.a }",
            "let o={a:1};function a(){return o.a}",
        ),
        (
            "function f(x) { return g(x) } f(1)",
            "function f(e){return g(e)}f(1);",
        ),
        // Constants are values.
        (
            "const isOn = 'a' === 'b'; function f() { if (isOn) g(); return 2 }",
            "let isOn=!1;function f(){return 2}",
        ),
        // May change during any call.
        (
            "let count = 0; function next() { const before = count; f(); return [before, count] } function set(v) { count = v }",
            "let count=0;function next(){let e=count;return f(),[e,count]}function set(e){count=e}",
        ),
    ] {
        assert_eq!(small(source), expected);
    }
}

#[test]
fn imported_names_may_change_at_any_time() {
    let renamed = &[("live", "t")];
    for (source, expected) in [
        (
            "function f() { const a = live; g(); return h(a) }",
            "function f(){let e=t;return g(),h(e)}",
        ),
        (
            "function f() { const a = live; return () => a }",
            "function f(){let e=t;return()=>e}",
        ),
        (
            "function f() { if (live) { g(); if (live) h() } }",
            "function f(){t&&(g(),t&&h())}",
        ),
        // A read may throw where the module of the name has not run yet.
        ("live; typeof live;", "t,t;"),
    ] {
        assert_eq!(print_renamed(source, &SMALL, renamed).code, expected);
    }
}

#[test]
fn readable_text_renames_only_locals_in_the_way() {
    let source = "function f(a$1, c) { { let a$1 = 1 } return b + a$1 } function g(c) { return c }";
    let expected = "function f(a$1$1, c) {\n  {\n    let a$1$2 = 1;\n  }\n  return a$1 + a$1$1;\n}\nfunction g(c) {\n  return c;\n}";
    assert_eq!(print_renamed(source, &READABLE, &[("b", "a$1")]).code, expected);
    let shadowing = "const a = 1;\nfunction f(a) {\n  return a;\n}";
    assert_eq!(readable(shadowing), shadowing);
}

#[test]
fn names_an_eval_can_see_stay() {
    for (source, expected) in [
        (
            "function f(local) { return eval('local') }",
            "function f(local){return eval(\"local\")}",
        ),
        (
            "function f(local) { return function () { return eval('local') } }",
            "function f(local){return function(){return eval(\"local\")}}",
        ),
        (
            "function f(local) { return eval('local') } function g(local) { return local }",
            "function f(local){return eval(\"local\")}function g(e){return e}",
        ),
        (
            "function f(local) { return (0, eval)('local') + local }",
            "function f(e){return(0,eval)(\"local\")+e}",
        ),
    ] {
        assert_eq!(small(source), expected);
    }
}

/// Prints a module whose top-level names became local to a wrapper, as CommonJS modules are.
fn print_wrapped(source: &str, options: &PrintOptions<'_>) -> String {
    let globals = Globals::new();
    let comments = SingleThreadedComments::default();
    let (module, marks) = GLOBALS.set(&globals, || {
        let context = |mark| SyntaxContext::empty().apply_mark(mark);
        let marks = NameMarks {
            unresolved: Mark::new(),
            top_level: Mark::new(),
        };
        let mut module = parse(source, &comments);
        module.visit_mut_with(&mut resolver(marks.unresolved, marks.top_level, false));
        let local = context(Mark::fresh(marks.top_level));
        module.visit_mut_with(&mut MoveInto {
            local,
            from: [context(marks.top_level), context(marks.unresolved)],
        });
        let parameter = |name: &str| Pat::Ident(Ident::new(name.into(), DUMMY_SP, local).into()).into();
        let function = Function {
            params: vec![parameter("exports"), parameter("module")],
            ctxt: local,
            body: Some(FunctionBody {
                stmts: module.body.drain(..).filter_map(ModuleItem::stmt).collect(),
                ..FunctionBody::default()
            }),
            ..Function::default()
        };
        let function = Expr::Fn(FnExpr {
            ident: None,
            function: Box::new(function),
        });
        let wrap = Ident::new("wrap".into(), DUMMY_SP, context(marks.unresolved));
        module.body.push(ModuleItem::Stmt(
            wrap.as_call(DUMMY_SP, vec![function.as_arg()]).into_stmt(),
        ));
        (module, marks)
    });
    let printed = print_module(module, &globals, marks, &comments, source, options).code;
    printed.replace("\n  ", "\n")
}

struct MoveInto {
    local: SyntaxContext,
    from: [SyntaxContext; 2],
}

impl VisitMut for MoveInto {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, ident: &mut Ident) {
        if ident.ctxt == self.from[0] || (ident.ctxt == self.from[1] && ident.sym == "exports") {
            ident.ctxt = self.local;
        }
    }
}

#[test]
fn names_of_a_wrapped_module_are_local() {
    let source =
        "var value = f(); exports.a = function (exports) { return exports(value, value) }; var unused = 1;";
    assert_eq!(
        print_wrapped(source, &SMALL),
        "wrap(function(e,t){var n=f();e.a=function(e){return e(n,n)}});"
    );
    let readable = print_wrapped(source, &READABLE);
    assert!(readable.contains("exports.a = function(exports) {"), "{readable}");
    let with_eval = "var value = f(); exports.a = function () { return eval('value + module') }";
    assert_eq!(
        print_wrapped(with_eval, &SMALL),
        "wrap(function(exports,module){var value=f();exports.a=function(){return eval(\"value + module\")}});"
    );
}

#[test]
fn private_members_get_short_names() {
    for (source, expected) in [
        (
            "class A { #first = 1; #often; m(o) { return #often in o && (this.#often, o.#first) } }",
            "class A{#t=1;#e;m(e){return#e in e&&(this.#e,e.#t)}}",
        ),
        (
            "class A { #member; m(local) { return eval('local.#member') } }",
            "class A{#member;m(local){return eval(\"local.#member\")}}",
        ),
    ] {
        assert_eq!(small(source), expected);
    }
}
