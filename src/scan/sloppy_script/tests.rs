use super::super::test_support::transformed;
use super::super::transform::TransformOptions;

fn strict(source: &str) -> String {
    transformed("/a.js", source, &TransformOptions::default())
}

#[test]
fn a_function_of_a_block_is_seen_in_the_function_around_it() {
    assert_eq!(
        strict("if (a) { f(); function f() {} } f();"),
        "if (a) {\n    var f = function() {};\n    f();\n}\nf();\n"
    );
    assert_eq!(
        strict("if (a) function f() {} else b();"),
        "if (a) var f = function() {};\nelse b();\n"
    );
    assert_eq!(strict("a: function f() {}"), "function f() {}\n");
}

#[test]
fn strict_code_keeps_its_blocks() {
    let source = "if (a) {\n    function f() {}\n}\n";
    assert_eq!(strict(&format!("'use strict';\n{source}")), source);
    let source = "function g() {\n    'use strict';\n    {\n        function f() {}\n    }\n}\n";
    assert_eq!(strict(source), source);
}

#[test]
fn what_strict_code_cannot_read_is_rewritten() {
    assert_eq!(strict("f(017, '\\07', '\\0');"), "f(15, \"\\x07\", \"\\0\");\n");
    assert_eq!(
        strict("var a; delete a; delete b; delete a.b;"),
        "var a;\nfalse;\ndelete globalThis.b;\ndelete a.b;\n"
    );
    assert_eq!(
        strict("function f(a, b, a) { return a }"),
        "function f(a1, b, a) {\n    return a;\n}\n"
    );
    assert_eq!(
        strict("var let = 1, static = { let, await: 2 }; f(let);"),
        "var let1 = 1, static1 = {\n    let: let1,\n    await: 2\n};\nf(let1);\n"
    );
}

#[test]
fn what_sloppy_code_means_by_undeclared_names_and_this_is_said() {
    assert_eq!(
        strict("a = 1; for (b in c) [d] = e; f += 1; exports = module.exports = 2; var g; g = 1;"),
        "globalThis.a = 1;\nfor(globalThis.b in c)[globalThis.d] = e;\nf += 1;\nexports = module.exports = 2;\nvar g;\ng = 1;\n"
    );
    assert_eq!(
        strict(
            "(function() { return this })(); (function() { f(this) }).call(1); a.b(function() { this.c });"
        ),
        "(function() {\n    return globalThis;\n})();\n(function() {\n    f(this);\n}).call(1);\na.b(function() {\n    this.c;\n});\n"
    );
    let source = "(function() {\n    'use strict';\n    a = this;\n})();\n";
    assert_eq!(strict(source), source);
}

#[test]
fn what_strict_code_cannot_say_stays() {
    let source = "function f(code) {\n    eval(code);\n    return name = 1;\n}\n";
    assert_eq!(strict(source), source);
    assert_eq!(
        strict("eval('a'); name = 1;"),
        "eval('a');\nglobalThis.name = 1;\n"
    );
}
