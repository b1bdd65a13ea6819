use super::super::test_support::{refused, transformed};
use super::*;

fn typescript_text(source: &str) -> String {
    transformed("/a.ts", source, &TransformOptions::default())
}

fn with_imports(unused_imports: UnusedImports, source: &str) -> String {
    transformed(
        "/a.ts",
        source,
        &TransformOptions {
            unused_imports,
            ..TransformOptions::default()
        },
    )
}

#[test]
fn what_is_only_a_type_vanishes() {
    let source = "import a, { type B, C } from 'a'; import type D from 'd'; import 'e'; import { F } from 'f'; \
                  export type { G } from 'g'; export { type H } from 'h'; export { B }; let i: C = a as D; declare const j: F;";
    assert_eq!(
        typescript_text(source),
        "import a from 'a';\nimport 'e';\nlet i = a;\n"
    );
    assert_eq!(
        typescript_text("import {} from 'a'; import /* { */ 'b'; import /* c */ { } from 'c'; import 'd';"),
        "import 'b';\nimport 'd';\n"
    );
    assert_eq!(
        with_imports(UnusedImports::KeepNames, "import {} from 'a';"),
        "import 'a';\n"
    );
    assert_eq!(
        with_imports(UnusedImports::KeepStatement, "import { A } from 'a'; let b: A;"),
        "import 'a';\nlet b;\n"
    );
    assert_eq!(
        with_imports(
            UnusedImports::KeepNames,
            "import { A, type B } from 'a'; import type { C } from 'c';"
        ),
        "import { A } from 'a';\n"
    );
}

#[test]
fn typed_values_become_values() {
    let text = typescript_text(
        "export enum A { B, C = 'c' } const enum D { E = 4 } f(D.E, A.B); export namespace N { export let o = 1; o++ }",
    );
    assert!(text.contains("A[A[\"B\"] = 0] = \"B\";"), "{text}");
    assert!(text.contains("f(4, 0);"), "{text}");
    assert!(text.contains("N.o++"), "{text}");
    let text = typescript_text("class A { constructor(private a: 1, readonly b = 2) {} }");
    assert!(text.contains("this.a = a;\n        this.b = b;"), "{text}");
}

#[test]
fn commonjs_forms_stay_commonjs() {
    assert_eq!(
        typescript_text("import a = require('a'); import b = a.b; export = { a, b };"),
        "const a = require('a');\nconst b = a.b;\nmodule.exports = {\n    a,\n    b\n};\n"
    );
}

#[test]
fn an_es_module_exports_what_it_assigns() {
    assert_eq!(
        typescript_text("import a from 'a'; export = a;"),
        "import a from 'a';\nexport default a;\nexport { a as \"module.exports\" };\n"
    );
    assert_eq!(
        typescript_text("export import a = require('a'); export const b = 1;"),
        "const a = require('a');\nexport const b = 1;\nexport { a };\n"
    );
}

#[test]
fn an_assertion_leaves_its_parentheses() {
    assert_eq!(
        typescript_text("const f = () => <any>{}; <any>function() {}();"),
        "const f = ()=>({});\n(function() {})();\n"
    );
}

#[test]
fn accessors_become_pairs_and_abstract_ones_vanish() {
    let text = typescript_text("abstract class A { abstract accessor b: 1; accessor c = 1 }");
    assert!(
        text.contains("get c()") && !text.contains("get b()") && !text.contains("accessor c"),
        "{text}"
    );
}

#[test]
fn a_decorated_class_of_a_script_is_the_decorated_one_everywhere() {
    let text = typescript_text("@d class A { @d static b = 1 } f(A);");
    assert!(
        text.contains("let A = (decorators = [") && text.contains("f(A);"),
        "{text}"
    );
}

#[test]
fn parameters_have_no_standard_decorators() {
    let problems = refused(
        "/a.ts",
        "class A { constructor(@d a: 1, @d private b: 2) {} c(@d e: 3) {} }",
    );
    assert_eq!(problems.len(), 3, "{problems:#?}");
}

#[test]
fn modern_syntax_is_not_lowered() {
    let source = "class A {\n    static #a = 1n;\n    static{\n        a?.b ?? (c ||= await d);\n    }\n}\nexport { A };\n";
    let source = source.replace("await d", "d");
    assert_eq!(typescript_text(&source), source);
}

#[test]
fn elements_are_pure_calls() {
    let text = transformed(
        "/a.tsx",
        "export const a = <b c={1} d-e=\"&lt;\" {...f}>x {1} <G.H/></b>;",
        &TransformOptions::default(),
    );
    assert_eq!(
        text,
        "import { jsx as _jsx, jsxs as _jsxs } from \"react/jsx-runtime\";\nexport const a = /*#__PURE__*/ _jsxs(\"b\", {\n    \
         c: 1,\n    \"d-e\": \"<\",\n    ...f,\n    children: [\n        \"x \",\n        1,\n        \" \",\n        \
         /*#__PURE__*/ _jsx(G.H, {})\n    ]\n});\n"
    );
}

#[test]
fn development_elements_tell_the_file_name_only() {
    let jsx = JsxOptions {
        development: JsxDevelopment::On,
        ..JsxOptions::default()
    };
    let options = TransformOptions {
        jsx,
        ..TransformOptions::default()
    };
    let text = transformed("/home/someone/a.jsx", "export const a = <b/>;", &options);
    assert!(
        text.contains("jsxDEV") && text.contains("fileName: \"a.jsx\""),
        "{text}"
    );
    assert!(!text.contains("someone"), "{text}");
}
