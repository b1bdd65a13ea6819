//! Input that no editor writes: bytes that are no text, files of many megabytes, nesting without end.

use std::fmt::Write as _;

use crate::inspection::{assert_refused, assert_refused_in_json};
use crate::program::Answer;
use crate::workspace::{Workspace, assert_same};

/// Puts `bytes` where the client entry's lazy part is, and builds.
fn build_with(path: &str, bytes: &[u8]) -> (Workspace, Answer) {
    let workspace = Workspace::built();
    let before = workspace.outputs();
    workspace.write(path, bytes);
    let answer = workspace.run("shop", &[]);
    if answer.exit != Some(0) {
        assert_refused(&answer);
        assert_same(&before, &workspace.outputs(), "a refused build changes nothing");
        let in_json = workspace.run("shop", &["--json"]);
        assert_refused_in_json(&in_json, &workspace.path("shop"));
        workspace.repair(
            &crate::markdown::Case {
                files: vec![(path.to_owned(), String::new())],
                ..crate::markdown::Case::default()
            },
            &crate::markdown::good_workspace(),
        );
        workspace.build();
        assert_same(
            &before,
            &workspace.outputs(),
            "repaired, it builds what it built before",
        );
    }
    (workspace, answer)
}

fn build_later(source: &str) -> Answer {
    build_with("shop/src/later.ts", source.as_bytes()).1
}

/// Refused with this code, and these words somewhere.
fn assert_told(answer: &Answer, code: &str, words: &[&str]) {
    answer.assert_exit(1);
    assert!(answer.stderr.contains(&format!("[{code}] ")), "{}", answer.text());
    for word in words {
        assert!(answer.stderr.contains(word), "{word} in\n{}", answer.text());
    }
}

#[test]
fn source_that_is_not_utf8_is_told() {
    let (_guard, answer) = build_with("shop/src/later.ts", b"export const later = () => '\xff\xfe';\n");
    assert_told(
        &answer,
        "E_SYNTAX",
        &["not UTF-8", "src/later.ts:1:29", "Save the file as UTF-8."],
    );
    let utf16: Vec<u8> = "\u{feff}export const later = 1;\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let (_guard, answer) = build_with("shop/src/later.ts", &utf16);
    assert_told(&answer, "E_SYNTAX", &["UTF-16", "src/later.ts:1:1"]);
    let (_guard, answer) = build_with("shop/src/later.ts", b"export const later\0 = 1;\n");
    assert_told(&answer, "E_SYNTAX", &["src/later.ts:1:"]);
}

#[test]
fn other_files_that_are_not_utf8_are_told() {
    let (_guard, answer) = build_with(
        "shop/package.json",
        b"{ \"name\": \"acme-shop\", \"x\": \"\xff\" }\n",
    );
    assert_eq!(answer.exit, Some(2), "{}", answer.text());
    assert!(answer.stderr.contains("[E_IO] "), "{}", answer.text());
    let (_guard, answer) = build_with("base/package.json", b"{ \"name\": \"\xff\" }\n");
    assert_told(&answer, "E_NOT_LINKED", &["package.json"]);
}

#[test]
fn marks_before_the_text_are_ignored() {
    build_later("\u{feff}export const later = () => 1;\n").assert_exit(0);
    build_later("#!/usr/bin/env node\nexport const later = () => 1;\n").assert_exit(0);
    let (_guard, answer) = build_with(
        "shop/package.json",
        b"\xef\xbb\xbf{ \"name\": \"acme-shop\", \"esmx\": {} }\n",
    );
    answer.assert_exit(0);
}

#[test]
fn twenty_megabytes_are_a_file_like_any_other() {
    let kilobyte = "lorem ipsum ".repeat(85);
    let mut source = String::with_capacity(21 << 20);
    for index in 0..20_000 {
        let _ = writeln!(source, "export const text{index} = '{kilobyte}';");
    }
    source += "export const later = (): number => text0.length;\n";
    assert!(source.len() > 20_000_000);
    build_later(&source).assert_exit(0);
}

#[test]
fn an_error_behind_twenty_megabytes_on_one_line_is_shown() {
    let filling = "export const later = 1;".to_owned() + &"f(1);".repeat(4_000_000);
    let answer = build_later(&(filling + "let = = 1;"));
    assert_told(&answer, "E_SYNTAX", &["src/later.ts:1:20000"]);
    let longest = answer.stderr.lines().map(|line| line.chars().count()).max();
    assert!(longest < Some(200), "the line is cut: {longest:?}");
}

/// What a program that writes programs may nest.
#[test]
fn deep_nesting_builds() {
    let nested = |open: &str, core: &str, close: &str, depth: usize| {
        build_later(&format!(
            "export const later: any = {}{core}{};\n",
            open.repeat(depth),
            close.repeat(depth)
        ))
    };
    nested("[", "1", "]", 1_000).assert_exit(0);
    nested("(", "1", ")", 1_000).assert_exit(0);
    nested("{a:", "1", "}", 1_000).assert_exit(0);
    nested("!", "1", "", 1_000).assert_exit(0);
    nested("() => ", "1", "", 1_000).assert_exit(0);
    nested("`${", "1", "}`", 500).assert_exit(0);
    nested("1 + ", "x", "", 1_000).assert_exit(0);
    nested("x ? 1 : ", "2", "", 1_000).assert_exit(0);
}

#[test]
fn nesting_without_end_is_refused() {
    for open in ["[", "{", "(", "((a", "`${", "() => {", "!"] {
        let answer = build_later(&format!("export const later: any = {}", open.repeat(300_000)));
        assert_told(&answer, "E_SYNTAX", &["src/later.ts:1:"]);
    }
}

#[test]
fn long_chains_of_modules_build() {
    let workspace = Workspace::built();
    for index in 0..2_000 {
        let text = format!(
            "import {{ a as b }} from './link{}.js';\nexport const a = () => b;\n",
            index + 1
        );
        workspace.write(&format!("shop/src/link{index}.js"), text);
    }
    workspace.write("shop/src/link2000.js", "export const a = 1;\n");
    workspace.write("shop/src/later.ts", "export { a as later } from './link0.js';\n");
    workspace.run("shop", &[]).assert_exit(0);
}

#[test]
fn odd_paths_build() {
    let workspace = Workspace::built();
    for name in [
        "a b",
        "ünïcode-名前",
        "#hash",
        "100%",
        "[id]",
        "quote'",
        "new\nline",
        "$dollar",
    ] {
        let path = format!("shop/src/{name}/file.ts");
        workspace.write(&path, "export const value: string = 'there';\n");
        let specifier = serde_json::to_string(&format!("./{name}/file")).expect("a string");
        workspace.write(
            "shop/src/later.ts",
            format!("export {{ value as later }} from {specifier};\n"),
        );
        let answer = workspace.run("shop", &["--sourcemap"]);
        assert_eq!(answer.exit, Some(0), "{name}: {}", answer.text());
    }
}

#[test]
fn file_names_in_code_are_urls() {
    let workspace = Workspace::empty();
    let package = r#"{ "name": "acme", "esmx": { "exports": { "./plain": "./plain.js", "./[id] #x%20y?": "./odd.js" } } }"#;
    workspace.write("package.json", package);
    workspace.write("plain.js", "export const odd = () => import('./odd.js');\n");
    workspace.write("odd.js", "export const odd = 1;\n");
    workspace
        .run(".", &["--sourcemap", "--mode", "development"])
        .assert_exit(0);
    let plain = workspace.read("dist/client/plain.mjs");
    assert!(plain.contains("%20%23x%2520y%3F.mjs"), "{plain}");
    let odd = workspace.read("dist/client/[id] #x%20y?.mjs");
    assert!(odd.contains("\n//# sourceMappingURL="), "{odd}");
    assert!(odd.contains("%20%23x%2520y%3F.mjs.map"), "{odd}");
}

#[test]
fn a_workspace_in_an_odd_place_builds() {
    let workspace = Workspace::empty_in("a b/#ünï [x] 100%");
    workspace.lay_out(&crate::markdown::good_workspace());
    workspace.build();
    workspace.run("shop", &["compose"]).assert_exit(0);
}
