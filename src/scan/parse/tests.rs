use super::super::test_support::{parsed, print, refused};
use super::*;

fn javascript(source: &str) -> ParsedModule {
    parsed("/a.js", source, &TransformOptions::default())
}

#[test]
fn a_parsed_module_crosses_threads() {
    fn crosses<T: Send + Sync>() {}
    crosses::<ParsedModule>();
}

#[test]
fn extensions_say_the_kind() {
    let kind = |name: &str| SourceKind::of_path(Path::new(name));
    assert_eq!(kind("/a.mjs"), Some(SourceKind::JavaScript));
    assert_eq!(kind("/a.cts"), Some(SourceKind::TypeScript));
    assert_eq!(kind("/a.b.tsx"), Some(SourceKind::Tsx));
    assert_eq!(kind("/a.d.ts"), None);
    assert_eq!(kind("/a.d.mts"), None);
    assert_eq!(kind("/a.css"), None);
}

#[test]
fn module_syntax_is_what_the_source_says() {
    assert!(javascript("export {}").has_module_syntax);
    assert!(javascript("f(import.meta.url)").has_module_syntax);
    assert!(javascript("await f()").has_module_syntax);
    assert!(!javascript("import('a'); f(meta)").has_module_syntax);
    assert!(!javascript("async () => { await f() }").has_module_syntax);
    let typed = |source: &str| parsed("/a.ts", source, &TransformOptions::default()).has_module_syntax;
    assert!(typed("import type { A } from 'a'"));
    assert!(typed("export type A = 1"));
    assert!(typed("namespace N { export const a = 1 } export import a = N.a"));
    assert!(!typed("import a = require('a'); export = a"));
    assert!(!typed("type A = 1; namespace N { export const a = 1 }"));
}

#[test]
fn top_level_await_is_outside_functions() {
    let waits = |source: &str| javascript(source).has_top_level_await;
    assert!(waits("await 1; export {}"));
    assert!(waits("for await (const a of b) {} export {}"));
    assert!(waits("class A { [await 1]() {} } export {}"));
    assert!(!waits(
        "export const a = async () => await 1, b = { async c() { await 1 } }"
    ));
}

#[test]
fn the_start_of_the_file_is_taken_apart() {
    let source = "\u{feff}#!/usr/bin/env node\n'use client';\n\"use strict\";\nf();\n('no directive');";
    let parsed = javascript(source);
    assert_eq!(parsed.hashbang.as_deref(), Some("/usr/bin/env node"));
    assert_eq!(parsed.directives, ["use client"]);
    assert!(!parsed.source.starts_with('\u{feff}'));
    assert_eq!(print(&parsed), "f();\n");
}

#[test]
fn positions_are_offsets_plus_one() {
    let parsed = javascript("/* é */ f();");
    let span = parsed.module.body[0].span();
    assert_eq!(
        &parsed.source[span.lo.0 as usize - 1..span.hi.0 as usize - 1],
        "f();"
    );
}

#[test]
fn scripts_may_do_what_modules_may_not() {
    assert!(!javascript("return; var await, yield;").has_module_syntax);
    assert_eq!(refused("/a.mjs", "var await;").len(), 1);
    assert_eq!(refused("/a.js", "export {}; var package = 1;").len(), 1);
    assert_eq!(
        refused("/a.js", "export {}; return;")[0].message,
        "`return` stands outside a function, in an ES module"
    );
    assert_eq!(refused("/a.js", "export {}; with (a) {}").len(), 1);
}

#[test]
fn jsx_in_a_javascript_file_is_read() {
    let parsed = javascript("export default () => <a/>");
    assert!(print(&parsed).contains("react/jsx-runtime"));
}

#[test]
fn annotations_and_licences_survive_and_the_rest_does_not() {
    let parsed =
        javascript("/*! mine */\n/* todo */ f(/* #__PURE__ */ g(), /* plain */ h());\n// @license X\ni();");
    let text = print(&parsed);
    assert!(
        text.contains("/*! mine */") && text.contains("#__PURE__") && text.contains("@license X"),
        "{text}"
    );
    assert!(!text.contains("todo") && !text.contains("plain"), "{text}");
    assert!(javascript("/* todo */ f()").comments.is_empty());
}

#[test]
fn text_must_be_utf8() {
    assert_eq!(
        &*decode_source(Path::new("/a.js"), b"\xef\xbb\xbfa").expect("it is"),
        "a"
    );
    let diagnostic = decode_source(Path::new("/a.js"), b"a\n\xff").expect_err("it is not");
    assert_eq!(diagnostic.location.map(|location| location.line), Some(2));
}

#[test]
fn deep_nesting_needs_only_a_deep_stack() {
    let depth = 5_000;
    let sources = [
        format!("f({}1{})", "[".repeat(depth), "]".repeat(depth)),
        format!("f({}1{})", "(".repeat(depth), ")".repeat(depth)),
        format!("f(1{})", "+1".repeat(depth)),
        format!("{}f();{}", "{".repeat(depth), "}".repeat(depth)),
        format!("{}f()", "a=>".repeat(depth)),
        format!("if (a) {{}} {}", "else if (a) {}".repeat(depth)),
    ];
    let run = move || {
        for source in sources {
            let parsed = parse_module(
                Path::new("/a.ts"),
                source.into(),
                SourceKind::TypeScript,
                DeclaredFormat::Open,
                &TransformOptions::default(),
            );
            assert!(parsed.is_ok());
        }
    };
    let thread = std::thread::Builder::new().stack_size(1 << 30).spawn(run);
    thread
        .expect("the machine has the memory")
        .join()
        .expect("no overflow");
}
