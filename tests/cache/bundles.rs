//! `bundle`.

use std::fs;

use super::project::{Node, Outcome, Project, settle};

const FILES: &[(&str, &str)] = &[
    ("package.json", r#"{ "name": "app", "type": "module" }"#),
    (
        "tsconfig.json",
        r#"{ "extends": "./base.json", "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }"#,
    ),
    (
        "base.json",
        r#"{ "compilerOptions": { "jsx": "react", "jsxFactory": "h" } }"#,
    ),
    (".env", "PUBLIC_GREETING=hello\nSECRET=1\n"),
    (
        "src/main.tsx",
        r#"import "./page.css";
import { deep } from "@/deep";
import { used } from "kit";
import { linked } from "linked";
import text from "./note.txt?raw";
import image from "./dot.svg?url";
import data from "./data.json";
import { old } from "./mapped.js";
import * as space from "./deep";
import { greeting } from "./greeting";
import { plain } from "./plain";
const h = (...parts: unknown[]) => parts;
const all = import.meta.glob("./pages/*.ts", { eager: true });
console.log(deep, used, linked, text, image, data, old, all, <p>{import.meta.env.PUBLIC_GREETING}</p>, greeting, plain);
console.log(process.env.NODE_ENV, import.meta.env.PUBLIC_VALUE, typeof shimmed);
console.log(space.absent);
import("./later").then(console.log);
"#,
    ),
    ("src/deep.ts", "export const deep = 'deep' as string;\n"),
    // Unlike the entry, it lists no files, so that what is learnt of it is kept.
    (
        "src/greeting.tsx",
        "const h = (...parts: unknown[]) => parts;
export const greeting = () => [<b>{import.meta.env.PUBLIC_GREETING}</b>, import.meta.env.DEV && 'slow'];
",
    ),
    (
        "src/plain.tsx",
        "const h = (...parts: unknown[]) => parts;\nexport const plain = () => <i>{process.env.NODE_ENV}</i>;\n",
    ),
    ("src/later.ts", "export const later = 'later';\n"),
    ("src/page.css", "@import './base.css';\n.page { color: red }\n"),
    ("src/base.css", ".base { background: url(./dot.svg) }\n"),
    ("src/dot.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("src/note.txt", "a note"),
    ("src/data.json", r#"{ "a": 1 }"#),
    (
        "src/mapped.js",
        "export const old = 1;\n//# sourceMappingURL=mapped.js.map\n",
    ),
    (
        "src/mapped.js.map",
        r#"{ "version": 3, "sources": ["original.ts"], "sourcesContent": ["export const old: number = 1"], "names": [], "mappings": "AAAA" }"#,
    ),
    ("src/pages/one.ts", "export default 'one';\n"),
    ("src/shim.js", "export const shimmed = 'shim';\n"),
    (
        "node_modules/kit/package.json",
        r#"{ "name": "kit", "version": "1.0.0", "sideEffects": false, "exports": { ".": "./index.js", "./other": "./other.js" } }"#,
    ),
    (
        "node_modules/kit/index.js",
        "import './effect.js'; export const used = 'used';\n",
    ),
    ("node_modules/kit/other.js", "export const used = 'other';\n"),
    ("node_modules/kit/effect.js", "console.log('effect');\n"),
    (
        "packages/linked/package.json",
        r#"{ "name": "linked", "main": "index.js" }"#,
    ),
    ("packages/linked/index.js", "exports.linked = 'linked';\n"),
    (
        "packages/second/package.json",
        r#"{ "name": "linked", "main": "index.js" }"#,
    ),
    ("packages/second/index.js", "exports.linked = 'second';\n"),
    ("node_modules/linked", "-> ../packages/linked"),
];

const WORDS: &[&str] = &[
    "bundle",
    "src/main.tsx",
    "--sourcemap",
    "--inject",
    "./src/shim.js",
    "--metafile",
];

type Change = (&'static str, fn(&Project));

/// Every kind of input, and what may happen to it.
const CHANGES: &[Change] = &[
    ("a source", |project| {
        project.replace("src/deep.ts", "'deep'", "'deeper'");
    }),
    ("a source behind an import()", |project| {
        project.replace("src/later.ts", "'later'", "'latest'");
    }),
    ("a source with as many bytes and the old time", |project| {
        project.change_secretly("src/deep.ts", "'deep'", "'peed'");
    }),
    ("a source written anew with the same bytes", |project| {
        let text = fs::read_to_string(project.path("src/deep.ts")).unwrap();
        project.remove("src/deep.ts");
        project.write("src/deep.ts", &text);
    }),
    ("a file before another one", |project| {
        project.write("src/deep.mts", "export const deep = 'before'");
    }),
    ("a directory instead of a file", |project| {
        project.remove("src/deep.ts");
        project.write("src/deep/index.ts", "export const deep = 'index'");
    }),
    ("a file less", |project| project.remove("src/later.ts")),
    ("a syntax error", |project| {
        project.write("src/later.ts", "export const = 1");
    }),
    ("a listed file more", |project| {
        project.write("src/pages/two.ts", "export default 'two'");
    }),
    ("a listed file less", |project| project.remove("src/pages/one.ts")),
    ("a listed file", |project| {
        project.write("src/pages/one.ts", "export default 'other'");
    }),
    ("a style sheet", |project| {
        project.replace("src/page.css", "red", "blue");
    }),
    ("an imported style sheet", |project| {
        project.replace("src/base.css", ".base", ".ground");
    }),
    ("a delivered file", |project| {
        project.write("src/dot.svg", "<svg/>");
    }),
    ("a text", |project| project.write("src/note.txt", "another note")),
    ("data", |project| project.write("src/data.json", r#"{ "a": 2 }"#)),
    ("an injected file", |project| {
        project.replace("src/shim.js", "'shim'", "'other'");
    }),
    ("the source map of a source", |project| {
        project.replace("src/mapped.js.map", "original", "renamed");
    }),
    ("the tsconfig", |project| {
        project.replace("tsconfig.json", "./src/*", "./src/pages/../*");
    }),
    ("what the tsconfig extends", |project| {
        project.replace("base.json", "\"h\"", "\"console.info\"");
    }),
    ("a nearer tsconfig", |project| {
        project.write(
            "src/tsconfig.json",
            r#"{ "extends": "../tsconfig.json", "compilerOptions": { "jsxFactory": "console.warn" } }"#,
        );
    }),
    ("no tsconfig", |project| {
        project.remove("tsconfig.json");
        project.replace("src/main.tsx", "@/deep", "./deep");
    }),
    ("the exports of a package", |project| {
        project.replace(
            "node_modules/kit/package.json",
            "\".\": \"./index.js\"",
            "\".\": \"./other.js\"",
        );
    }),
    ("the promise of a package", |project| {
        project.replace(
            "node_modules/kit/package.json",
            "\"sideEffects\": false",
            "\"sideEffects\": true",
        );
    }),
    ("a file of a package", |project| {
        project.replace("node_modules/kit/index.js", "'used'", "'changed'");
    }),
    ("a nearer copy of a package", |project| {
        project.write(
            "src/node_modules/kit/package.json",
            r#"{ "name": "kit", "main": "a.js" }"#,
        );
        project.write("src/node_modules/kit/a.js", "export const used = 'near';");
    }),
    ("another linked package", |project| {
        project.write("node_modules/linked", "-> ../packages/second");
    }),
    ("a copy instead of a linked package", |project| {
        project.remove("node_modules/linked");
        project.write(
            "node_modules/linked/package.json",
            r#"{ "name": "linked", "main": "index.js" }"#,
        );
        project.write("node_modules/linked/index.js", "exports.linked = 'linked';\n");
    }),
    ("a package that is gone", |project| {
        project.remove("node_modules/kit");
    }),
    ("a variable of a file", |project| {
        project.replace(".env", "hello", "goodbye");
    }),
    ("a file of variables more", |project| {
        project.write(".env.production", "PUBLIC_GREETING=hi");
    }),
    ("the name of the package", |project| {
        project.replace("package.json", "app", "other");
    }),
    ("a configuration file", |project| {
        project.write("esmx.config.json", r#"{ "minify": true }"#);
    }),
    ("a configuration file with an error", |project| {
        project.write("esmx.config.json", r#"{ "minfy": true }"#);
    }),
    ("a deleted output", |project| {
        let _ = fs::remove_file(project.path("dist/main.js"));
    }),
    ("an edited output", |project| {
        project.write("dist/main.js", "edited by hand");
    }),
    ("an output edited secretly", |project| {
        if project.path("dist/main.js").is_file() {
            project.change_secretly("dist/main.js", "console", "consale");
        }
    }),
    ("no outputs at all", |project| {
        let _ = fs::remove_dir_all(project.path("dist"));
    }),
];

#[test]
fn whatever_changes_the_result_is_that_of_a_build_without_a_cache() {
    every_change(WORDS);
}

/// Injected files are part of every module. Without them, what was learnt of each module is kept.
const WORDS_FOR_PIECES: &[&str] = &["bundle", "src/main.tsx", "--sourcemap", "--metafile"];

#[test]
fn whatever_changes_what_was_learnt_of_the_rest_counts_as_if_it_were_learnt_again() {
    every_change(WORDS_FOR_PIECES);
}

#[test]
fn whatever_changes_the_minified_result_is_that_of_a_build_without_a_cache() {
    every_change(&[WORDS_FOR_PIECES, &["--minify", "--target", "es2018"]].concat());
}

fn every_change(words: &[&str]) {
    let project = Project::new("", FILES);
    let first = project.warm(words);
    assert!(first.succeeded, "{}", first.said);
    assert_eq!(first, project.cold(words));
    assert!(
        first.said.contains("always undefined"),
        "a warning is told: {}",
        first.said
    );
    let sources = project.sources();
    settle();
    for _ in 0..2 {
        let (again, made) = project.warm_made(words);
        assert_eq!(made, 0, "nothing has changed");
        assert_eq!(again, first);
    }
    for (what, change) in CHANGES {
        change(&project);
        let warm = project.warm(words);
        assert_eq!(warm, as_if_first_was_there(project.cold(words), &first), "{what}");
        // What was built is found, whichever way it came to be.
        let (again, made) = project.warm_made(words);
        assert_eq!(again, warm, "{what}");
        assert_eq!(
            made,
            usize::from(!warm.succeeded && !warm.said.contains("minfy")),
            "{what}"
        );
        project.put_back(&sources);
        let (back, made) = project.warm_made(words);
        assert_eq!(back.said, first.said, "{what} taken back");
        assert_eq!(made, 0, "{what} taken back");
        for (path, node) in &first.files {
            assert_eq!(
                back.files.get(path),
                Some(node),
                "{what} taken back: {}",
                path.display()
            );
        }
        for path in back.files.keys().filter(|path| !first.files.contains_key(*path)) {
            // `bundle` removes nothing.
            fs::remove_file(project.root.join(path)).unwrap();
        }
    }
}

/// A build that fails leaves what was there, and one that succeeds what it does not replace.
fn as_if_first_was_there(mut cold: Outcome, first: &Outcome) -> Outcome {
    for (path, node) in &first.files {
        if !cold.files.contains_key(path) {
            cold.files.insert(path.clone(), node.clone());
        }
    }
    cold
}

#[test]
fn whatever_is_said_the_result_is_that_of_a_build_without_a_cache() {
    const SAID: &[&[&str]] = &[
        &[],
        &["--minify"],
        &["--mode", "development"],
        &["--platform", "node"],
        &["--define", "shimmed=1"],
        &["--define", "shimmed=2"],
        &["--external", "kit"],
        &["--alias", "kit=linked"],
        &["--target", "es2015"],
        &["--banner", "/* one */"],
        &["--banner", "/* two */"],
        &["--entry-names", "[name]-[hash]"],
        &["--public-path", "/cdn"],
        &[
            "--jsx",
            "automatic",
            "--jsx-import-source",
            "linked",
            "--external",
            "linked",
        ],
        &["--loader", ".txt=base64"],
        &["--drop", "console"],
        &["--keep-names"],
        &["--tree-shaking=false"],
        &["--conditions", "other"],
        &["--preserve-symlinks"],
        &["--tsconfig", "base.json", "--alias", "@/deep=./src/deep.ts"],
        &["--no-sourcemap"],
        &["--metafile=dist/other.json"],
        &["--out-dir", "dist/deeper"],
        &["--chunk-group", "vendor=node_modules/**"],
    ];
    let project = Project::new("", FILES);
    for _ in 0..2 {
        for more in SAID {
            let words = [WORDS, more].concat();
            let _ = fs::remove_dir_all(project.path("dist"));
            assert_eq!(project.warm(&words), project.cold(&words), "{more:?}");
        }
    }
    let (_, made) = project.warm_made(&[WORDS, &["--minify"]].concat());
    assert_eq!(made, 0, "each of them is kept");
}

#[test]
fn variables_of_the_environment_count_when_code_may_see_them() {
    let project = Project::new("", FILES);
    let build = |value: &str| {
        let mut command = project.command(WORDS);
        command.env("PUBLIC_VALUE", value).env("UNSEEN", value);
        super::project::outcome(command, &project.root)
    };
    for value in ["one", "two", "one"] {
        assert_eq!(build(value), project.cold_with(WORDS, &[("PUBLIC_VALUE", value)]));
    }
    assert_eq!(project.warm(WORDS), project.cold(WORDS));
}

#[test]
fn what_is_in_place_is_left_alone() {
    let project = Project::new("", FILES);
    project.warm(WORDS);
    let main = project.path("dist/main.js");
    let before = super::project::modified(&main);
    project.warm(WORDS);
    fs::remove_file(project.path("dist/main.css")).unwrap();
    project.warm(WORDS);
    assert_eq!(super::project::modified(&main), before);
    assert!(project.path("dist/main.css").is_file());
}

#[test]
fn a_checkout_elsewhere_finds_what_was_built_in_this_one() {
    let project = Project::new("", FILES);
    let cache = project.root.parent().unwrap().join("shared");
    let words = [WORDS, &["--cache-dir", cache.to_str().unwrap()]].concat();
    let first = project.warm(&words);
    let other = Project::new("", FILES);
    let (second, made) = other.warm_made(&words);
    assert_eq!((second, made), (first, 0));
    assert!(!project.cache().exists());
}

#[test]
fn a_checkout_may_lie_deeper_or_less_deep_unless_there_is_something_above() {
    let project = Project::new("", FILES);
    let cache = project.root.parent().unwrap().join("shared");
    let words = [WORDS, &["--cache-dir", cache.to_str().unwrap()]].concat();
    let first = project.warm(&words);
    let deeper = project.moved("a/b/c/d/project");
    assert_eq!(deeper.warm_made(&words), (first.clone(), 0));
    let less_deep = project.moved("../project");
    assert_eq!(less_deep.warm_made(&words), (first.clone(), 0));

    // Nothing of the first project says that there is no such package in more directories than it has above.
    project.write(
        "main.js",
        "try { require('absent') } catch { console.log('absent') }\n",
    );
    let words = ["bundle", "main.js", "--cache-dir", cache.to_str().unwrap()];
    let first = project.warm(&words);
    let deeper = project.moved("a/b/c/d/project");
    assert_eq!(deeper.warm_made(&words), (first.clone(), 0));
    // Six directories up; the first project has only four above.
    let above = deeper.root.join("../../../../../../node_modules/absent");
    fs::create_dir_all(&above).unwrap();
    fs::write(above.join("index.js"), "console.log('present');").unwrap();
    let (with_package, made) = deeper.warm_made(&words);
    assert_eq!(made, 1);
    assert_ne!(with_package.files, first.files);
}

#[test]
fn an_output_that_is_a_link_to_a_source_does_not_replace_it() {
    let project = Project::new("", FILES);
    project.warm(WORDS);
    fs::remove_file(project.path("dist/main.js")).unwrap();
    project.write("dist/main.js", "-> ../src/deep.ts");
    let source = fs::read(project.path("src/deep.ts")).unwrap();
    let outcome = project.warm(WORDS);
    assert!(
        !outcome.succeeded && outcome.said.contains("would replace a source file"),
        "{}",
        outcome.said
    );
    assert_eq!(fs::read(project.path("src/deep.ts")).unwrap(), source);
    assert_eq!(
        outcome.files.get(std::path::Path::new("dist/main.js")),
        Some(&Node::Link("../src/deep.ts".into()))
    );
}

#[test]
fn configuration_files_say_it_too() {
    let project = Project::new("", FILES);
    project.write("esmx.config.json", r#"{ "cache": false }"#);
    project.warm(WORDS);
    assert!(!project.cache().exists());
    project.write(
        "esmx.config.json",
        r#"{ "cacheDir": "kept", "cacheSize": "10m" }"#,
    );
    project.warm(WORDS);
    assert!(!project.cache().exists());
    assert!(project.path("kept/v1/ac").is_dir());
    project.remove("kept");
    project.warm(&[WORDS, &["--no-cache"]].concat());
    assert!(!project.path("kept").exists());
}
