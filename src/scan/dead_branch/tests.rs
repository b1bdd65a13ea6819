use super::super::define::Define;
use super::super::test_support::transformed;
use super::super::transform::TransformOptions;

fn production(source: &str) -> String {
    let define = Define::new("process.env.NODE_ENV", "'production'").expect("both are valid");
    let options = TransformOptions {
        defines: vec![define],
        ..TransformOptions::default()
    };
    transformed("/a.js", &source.replace("ENV", "process.env.NODE_ENV"), &options)
}

#[test]
fn one_of_two_requires_is_left() {
    let left = "module.exports = require('./a');\n";
    for source in [
        "if (ENV === 'production') module.exports = require('./a'); else module.exports = require('./b');",
        "if (ENV !== 'production') { module.exports = require('./b') } else { module.exports = require('./a') }",
        "if ('production' == ENV) { module.exports = require('./a') } else if (x) { require('./b') }",
        "module.exports = ENV === 'production' ? require('./a') : require('./b');",
        "module.exports = 'production' !== ENV ? require('./b') : require('./a');",
        "module.exports = ENV !== 'production' && require('./b') || require('./a');",
        "if (typeof ENV === 'string' && !(ENV === 'development')) module.exports = require('./a');",
        "'production' !== ENV && (function() { require('./b') })(); module.exports = require('./a');",
        "if (ENV && 'production' !== ENV && x) require('./b'); module.exports = require('./a');",
        "if (ENV === 'test') {} else module.exports = require('./a');",
    ] {
        assert_eq!(production(source), left, "{source}");
    }
}

#[test]
fn what_is_not_known_stays() {
    let source = "if (a) {\n    b();\n} else c();\nd && e();\n";
    assert_eq!(
        production(&format!("f(ENV);\n{source}")),
        format!("f(\"production\");\n{source}")
    );
    assert_eq!(
        production("if (a && ENV !== 'production') b();"),
        "if (a && false) b();\n"
    );
}

#[test]
fn a_removed_branch_still_declares_its_variables() {
    assert_eq!(
        production(
            "function f() { if (ENV !== 'production') { var a = 1, [b] = c; for (var d of e) var a; let g; \
             (function() { var h })(); try {} catch (i) { var j } function k() {} } return a }"
        ),
        "function f() {\n    var k, a, b, d, j;\n    return a;\n}\n"
    );
}

#[test]
fn a_branch_that_declares_keeps_its_block() {
    assert_eq!(
        production("let a; if (ENV === 'production') { let a = 1; f(a) }"),
        "let a;\n{\n    let a = 1;\n    f(a);\n}"
    );
}

#[test]
fn an_expression_that_moves_is_read_as_before() {
    assert_eq!(production("ENV && function() {}();"), "(function() {}());\n");
    assert_eq!(production("f(() => ENV ? {} : 1);"), "f(()=>({}));\n");
    assert_eq!(production("(ENV ? a.b : c)();"), "(0, (a.b))();\n");
    assert_eq!(production("(ENV && a.b)`c`;"), "(0, (a.b))`c`;\n");
}

#[test]
fn conditions_written_as_constants_decide() {
    for (source, left) in [
        ("if (!true) a();\n", ""),
        ("if (!0) a();\n", "a();\n"),
        ("if (void 0) a();\n", ""),
        ("if (undefined?.b.c) a();\n", ""),
        ("if ((null ?? undefined?.b) || '') a(); else b();\n", "b();\n"),
        ("(undefined || null)?.a(b());\n", ""),
        ("const x = null?.[a()].b?.(c());\n", "const x = void 0;\n"),
        ("while (!1) a();\n", ""),
        (
            "switch (typeof 1) {\n    case 'number':\n        a();\n}\n",
            "a();\n",
        ),
        ("if (!a || b?.c) d();\n", "if (!a || b?.c) d();\n"),
        ("while (true) a();\n", "while(true)a();\n"),
    ] {
        assert_eq!(
            transformed("/a.js", source, &TransformOptions::default()),
            left,
            "{source}"
        );
    }
}
