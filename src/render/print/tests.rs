//! Printing through the front door: text in, text out.

use rustc_hash::FxHashMap;
use swc_core::common::{FileName, SourceMap, SyntaxContext};
use swc_core::ecma::ast::{Expr, Id, Ident, KeyValueProp, ModuleItem, Prop, PropName};
use swc_core::ecma::transforms::base::resolver;
use swc_core::ecma::visit::{VisitMut, noop_visit_mut_type};

use super::*;

mod delicate;
mod names;

const READABLE: PrintOptions<'static> = PrintOptions {
    minification: Minification::Off,
    position_tracking: PositionTracking::Off,
    reserved: &[],
    version: EsVersion::EsNext,
};

const SMALL: PrintOptions<'static> = PrintOptions {
    minification: Minification::On,
    ..READABLE
};

fn try_parse(source: &str, comments: &SingleThreadedComments) -> Result<Module, String> {
    let file = SourceMap::default().new_source_file(FileName::Anon.into(), source.to_owned());
    assert_eq!(file.start_pos, BytePos(1));
    let syntax = Syntax::Es(EsSyntax {
        explicit_resource_management: true,
        ..EsSyntax::default()
    });
    let mut parser = Parser::new(syntax, StringInput::from(&*file), Some(comments));
    let module = parser
        .parse_module()
        .map_err(|error| format!("{error:?}\n{source}"))?;
    let errors = parser.take_errors();
    if errors.is_empty() {
        Ok(module)
    } else {
        Err(format!("{errors:?}\n{source}"))
    }
}

fn parse(source: &str, comments: &SingleThreadedComments) -> Module {
    try_parse(source, comments).unwrap_or_else(|message| panic!("{message}"))
}

/// Prints after renaming module-level and free names as binding would: free names that are renamed are imports, and
/// import declarations are gone.
fn print_renamed(source: &str, options: &PrintOptions<'_>, renamed: &[(&str, &str)]) -> PrintedModule {
    let globals = Globals::new();
    let comments = SingleThreadedComments::default();
    let (module, marks) = GLOBALS.set(&globals, || {
        let marks = NameMarks {
            unresolved: Mark::new(),
            top_level: Mark::new(),
        };
        let mut module = parse(source, &comments);
        module.visit_mut_with(&mut resolver(marks.unresolved, marks.top_level, false));
        let context = |mark| SyntaxContext::empty().apply_mark(mark);
        let foreign = context(Mark::new());
        let mut targets: FxHashMap<Id, Id> = FxHashMap::default();
        for (from, to) in renamed {
            let top_level = context(marks.top_level);
            targets.insert(((*from).into(), top_level), ((*to).into(), top_level));
            targets.insert(
                ((*from).into(), context(marks.unresolved)),
                ((*to).into(), foreign),
            );
        }
        module.visit_mut_with(&mut Rename(targets));
        module.body.retain(ModuleItem::is_stmt);
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

    fn visit_mut_prop(&mut self, property: &mut Prop) {
        if let Prop::Shorthand(ident) = property
            && self.0.contains_key(&ident.to_id())
        {
            let key = PropName::Ident(ident.clone().into());
            *property = Prop::KeyValue(KeyValueProp {
                key,
                value: Box::new(Expr::Ident(ident.clone())),
            });
        }
        property.visit_mut_children_with(self);
    }
}

fn readable(source: &str) -> String {
    print_renamed(source, &READABLE, &[]).code
}

fn small(source: &str) -> String {
    print_renamed(source, &SMALL, &[]).code
}

/// Printed small without compression, which is what remains when the compressor fails.
fn squeezed(source: &str) -> String {
    GLOBALS.set(&Globals::new(), || {
        let mut module = parse(source, &SingleThreadedComments::default());
        let marks = NameMarks {
            unresolved: Mark::new(),
            top_level: Mark::new(),
        };
        module.visit_mut_with(&mut resolver(marks.unresolved, marks.top_level, false));
        print_uncompressed(module, marks, source, &SMALL).0
    })
}

#[test]
fn texts_can_be_joined_with_line_breaks() {
    for source in [
        "a = function () {}",
        "a",
        "class A {}",
        "if (a) b; else c",
        "do a; while (b)",
        "a // b",
        "a = x => x",
        "a = `a`",
    ] {
        for text in [readable(source), small(source), squeezed(source)] {
            assert!(!text.ends_with('\n'), "{text:?}");
            let joined = format!("{text}\n(b)");
            let statements = parse(&joined, &SingleThreadedComments::default()).body.len();
            assert_eq!(statements, 2, "{joined}");
        }
    }
    assert_eq!(readable(""), "");
    assert_eq!(small("// nothing"), "");
}

#[test]
fn readable_text_keeps_comments_spelling_and_lines() {
    let source = "// one\nconst \u{1F600}key = 'é\u{1F600}'; // two\n\n/** three */\nfunction f(/* four */ a) {\n\treturn [1, 2].concat(/* @__PURE__ */ a());\n}";
    let source = source.replace("\u{1F600}key", "kéy");
    let expected = "// one\nconst kéy = 'é\u{1F600}'; // two\n/** three */ function f(/* four */ a) {\n  return [1, 2].concat(/* @__PURE__ */ a());\n}";
    assert_eq!(readable(&source), expected);
}

#[test]
fn legal_comments_survive_the_statements_they_stand_at() {
    let source = "/*! first */\nimport 'x';\n// plain\na(/* @preserve second */);\n/* @license third */";
    let kept = ["/*! first */", "/* @preserve second */", "/* @license third */"];
    let minified = print_renamed(source, &SMALL, &[]);
    assert_eq!(
        (minified.code.as_str(), minified.legal_comments.as_slice()),
        ("a();", &kept.map(String::from)[..])
    );
    let printed = print_renamed(source, &READABLE, &[]);
    for comment in kept {
        let is_kept_aside = printed.legal_comments.iter().any(|aside| aside == comment);
        assert_ne!(printed.code.contains(comment), is_kept_aside, "{comment}");
    }
}

#[test]
fn minified_text_is_compressed_without_changing_what_can_be_observed() {
    for (source, expected) in [
        ("if (a) { b(); c() } else { d() }", "a?(b(),c()):d();"),
        (
            "function f(first, second) { const sum = first + second; return sum }",
            "function f(e,t){return e+t}",
        ),
        ("f(1 / 0, undefined, true)", "f(1/0,void 0,!0);"),
        (
            "function f() { if (false) { g() } return 1; h() }",
            "function f(){return 1}",
        ),
        ("/* @__PURE__ */ a(); b.c; d", "b.c,d;"),
        ("(0, a.b)(); (0, eval)('c')", "(0,a.b)(),(0,eval)(\"c\");"),
        (
            "console.log(String.raw`\\n${a}`)",
            "console.log(String.raw`\\n${a}`);",
        ),
    ] {
        assert_eq!(small(source), expected);
    }
}

#[test]
fn what_looks_as_if_it_did_nothing_stays() {
    for (source, expected) in [
        (
            "function f(long) { ({}).a++; return long }",
            "function f(e){return({}).a++,e}",
        ),
        ("`${a}`; +b; [...c]; d < e", "`${a}`,+b,[...c],d<e;"),
        ("f([].own)", "f([].own);"),
    ] {
        assert_eq!(small(source), expected);
    }
}

/// What stands for them while a module is compressed is gone afterwards; a module with some of it would be printed uncompressed.
#[test]
fn variables_that_are_read_early_are_compressed() {
    let source = "function run(node, outer = node) { const own = outer, last = own, go = () => last; try { return go() } finally { log(own) } }";
    assert_eq!(
        small(source),
        "function run(e,t=e){let n=t,r=n;try{return r}finally{log(n)}}"
    );
}

#[test]
fn modules_the_compressor_cannot_handle_are_printed_uncompressed() {
    assert_eq!(
        small("f((long) => long && !(class Long { static a = g() }) && 2);"),
        "f(long=>long&&!class Long{static a=g()}&&2);"
    );
}
