//! `build`, of one module and of a workspace.

use std::fs;

use super::project::{Outcome, Project, settle};

pub const FILES: &[(&str, &str)] = &[
    (
        "package.json",
        r#"{ "name": "workspace", "private": true, "workspaces": ["modules/*"] }"#,
    ),
    (
        "modules/shared/package.json",
        r#"{ "name": "shared", "version": "1.0.0", "type": "module", "dependencies": { "kit": "^1.0.0" },
  "esmx": { "exports": { "./count": "./src/count.ts" }, "provides": ["kit"] } }"#,
    ),
    (
        "modules/shared/src/count.ts",
        "import { used } from 'kit';\nexport const count: string = used + 1;\n",
    ),
    (
        "modules/shop/package.json",
        r#"{ "name": "shop", "version": "1.0.0", "type": "module", "dependencies": { "shared": "^1.0.0", "own": "1.0.0", "kit": "^1.0.0" },
  "esmx": { "exports": { "./cart": "./src/cart.ts" }, "uses": ["shared"] } }"#,
    ),
    (
        "modules/shop/src/cart.ts",
        "import './cart.css';\nimport { count } from 'shared/count';\nimport { used } from 'kit';\nimport { own } from 'own';\nexport const cart: string[] = [count, used, own, import.meta.env.PUBLIC_VALUE];\n",
    ),
    ("modules/shop/src/cart.css", ".cart { color: red }\n"),
    (
        "modules/host/package.json",
        r#"{ "name": "host", "version": "1.0.0", "type": "module", "dependencies": { "shop": "^1.0.0", "shared": "^1.0.0", "own": "1.0.0" },
  "esmx": { "entry": { "client": "./src/client.ts", "server": "./src/server.ts" }, "uses": ["shop"] } }"#,
    ),
    (
        "modules/host/src/client.ts",
        "import { cart } from 'shop/cart';\nimport { own } from 'own';\nconsole.log(cart, own);\n",
    ),
    (
        "modules/host/src/server.ts",
        "import { cart } from 'shop/cart';\nexport default () => cart;\n",
    ),
    (
        "modules/host/entry.node.ts",
        "export default { async server() {} };\n",
    ),
    ("node_modules/shared", "-> ../modules/shared"),
    ("node_modules/shop", "-> ../modules/shop"),
    (
        "node_modules/kit/package.json",
        r#"{ "name": "kit", "version": "1.2.3", "type": "module", "exports": "./index.js" }"#,
    ),
    ("node_modules/kit/index.js", "export const used = 'kit';\n"),
    (
        "node_modules/own/package.json",
        r#"{ "name": "own", "version": "1.0.0", "type": "module", "exports": "./index.js" }"#,
    ),
    ("node_modules/own/index.js", "export const own = 'own';\n"),
];

pub const WORDS: &[&str] = &["build", "-r", "--dts", "--sourcemap"];

/// A change, and how many graphs have to be looked through for it: two for a module, three for the host, which starts in
/// Node.
type Change = (&'static str, usize, fn(&Project));

const CHANGES: &[Change] = &[
    ("a source of the host", 3, |project| {
        project.replace("modules/host/src/client.ts", "own)", "own, 2)");
    }),
    // Who uses it sees its manifest, which says the hashes of its files.
    ("a source of what all use", 7, |project| {
        project.replace("modules/shared/src/count.ts", "+ 1", "+ 2");
    }),
    ("a type of what all use", 7, |project| {
        project.replace(
            "modules/shared/src/count.ts",
            "count: string",
            "count: `${string}1`",
        );
        project.replace("modules/shared/src/count.ts", "used + 1", "`${used}1`");
    }),
    ("a style sheet", 5, |project| {
        project.replace("modules/shop/src/cart.css", "red", "blue");
    }),
    ("a package that two bundle", 5, |project| {
        project.replace("node_modules/own/index.js", "'own'", "'changed'");
    }),
    ("the version of a provided package", 7, |project| {
        project.replace("node_modules/kit/package.json", "1.2.3", "1.9.9");
    }),
    ("a version out of range", 0, |project| {
        project.replace("node_modules/kit/package.json", "1.2.3", "2.0.0");
    }),
    ("what is provided", 7, |project| {
        project.replace(
            "modules/shared/package.json",
            "\"provides\": [\"kit\"]",
            "\"provides\": []",
        );
    }),
    ("what is used", 3, |project| {
        project.replace(
            "modules/host/package.json",
            "[\"shop\"]",
            "[\"shop\", \"shared\"]",
        );
    }),
    ("an export more", 5, |project| {
        project.replace(
            "modules/shop/package.json",
            "\"./cart\":",
            "\"./c\": \"./src/c.ts\", \"./cart\":",
        );
        project.write("modules/shop/src/c.ts", "export const c = 1;");
    }),
    ("the behaviour file", 3, |project| {
        project.replace(
            "modules/host/entry.node.ts",
            "async server() {}",
            "async server() { return 1 }",
        );
    }),
    ("a file of variables", 5, |project| {
        project.write("modules/shop/.env", "PUBLIC_VALUE=1");
    }),
    ("a tsconfig", 0, |project| {
        project.write(
            "modules/shop/tsconfig.json",
            r#"{ "compilerOptions": { "verbatimModuleSyntax": true } }"#,
        );
    }),
    ("an output less", 0, |project| {
        let _ = fs::remove_file(project.path("modules/shop/dist/client/manifest.json"));
    }),
    ("an output of an earlier build more", 0, |project| {
        project.write("modules/shop/dist/index.mjs", "stale");
    }),
    ("no output", 0, |project| {
        let _ = fs::remove_dir_all(project.path("modules/shop/dist"));
    }),
];

#[test]
fn whatever_changes_the_modules_are_those_of_a_build_without_a_cache() {
    let project = Project::new("modules/host", FILES);
    let first = project.warm(WORDS);
    assert!(first.succeeded, "{}", first.said);
    assert_eq!(first, project.cold(WORDS));
    assert!(project.cache().is_dir(), "a workspace has one cache");
    let sources = project.sources();
    settle();
    let (again, made) = project.warm_made(WORDS);
    assert_eq!((again, made), (first, 0));
    for (what, graphs, change) in CHANGES {
        change(&project);
        let (warm, made) = project.warm_made(WORDS);
        let cold = project.cold(WORDS);
        assert_same(&warm, &cold, what);
        if *graphs > 0 {
            assert_eq!(made, *graphs, "{what}");
        }
        if warm.succeeded {
            let (again, made) = project.warm_made(WORDS);
            assert_eq!((again, made), (warm, 0), "{what}");
        }
        project.put_back(&sources);
        let (back, made) = project.warm_made(WORDS);
        assert_eq!(made, 0, "{what} taken back");
        assert_same(&back, &project.cold(WORDS), what);
    }
}

#[test]
fn requests_lead_where_they_lead_when_scripts_were_edited_too() {
    let project = Project::new("modules/host", FILES);
    assert!(project.warm(WORDS).succeeded);
    let sources = project.sources();
    // Without its manifest, nobody knows that an output is one.
    let of_sources = CHANGES.iter().filter(|(what, ..)| !what.contains("output"));
    for (what, _, change) in of_sources {
        change(&project);
        // First such that binding sees no difference.
        for added in [format!("// {what}"), format!("console.log('{what}');")] {
            for script in ["shared/src/count.ts", "shop/src/cart.ts", "host/src/client.ts"] {
                let path = format!("modules/{script}");
                let text = fs::read_to_string(project.path(&path)).unwrap();
                project.write(&path, &format!("{text}{added}\n"));
            }
            assert_same(&project.warm(WORDS), &project.cold(WORDS), what);
        }
        project.put_back(&sources);
    }
}

/// A build that fails leaves what was there; one without a cache had nothing there.
fn assert_same(warm: &Outcome, cold: &Outcome, what: &str) {
    assert_eq!(warm.said, cold.said, "{what}");
    assert_eq!(warm.succeeded, cold.succeeded, "{what}");
    if cold.succeeded {
        assert_eq!(warm.files, cold.files, "{what}");
    }
}

#[test]
fn a_module_that_is_built_alone_is_found_by_a_build_of_all() {
    let project = Project::new("modules/host", FILES);
    let build = |directory: &str| {
        let directory = format!("../{directory}");
        assert!(
            project
                .warm(&["build", &directory, "--dts", "--sourcemap"])
                .succeeded
        );
    };
    build("shared");
    build("shop");
    let (outcome, made) = project.warm_made(WORDS);
    assert_eq!(made, 3, "only the host is built: {}", outcome.said);
    assert_eq!(outcome, project.cold(WORDS));
}

#[test]
fn a_link_is_a_question_of_its_own() {
    let project = Project::new("modules/shop", FILES);
    assert!(project.warm(&["build", "../shared"]).succeeded);
    let copy = project.path("elsewhere/dist");
    fs::create_dir_all(copy.parent().unwrap()).unwrap();
    fs::rename(project.path("modules/shared/dist"), &copy).unwrap();
    fs::copy(
        project.path("modules/shared/package.json"),
        project.path("elsewhere/package.json"),
    )
    .unwrap();
    let with_link = project.warm(&["build", "--link", "shared=../../elsewhere/dist"]);
    assert!(with_link.succeeded, "{}", with_link.said);
    let without = project.warm(&["build"]);
    assert!(
        !without.succeeded && without.said.contains("E_NOT_BUILT"),
        "{}",
        without.said
    );
    let (again, made) = project.warm_made(&["build", "--link", "shared=../../elsewhere/dist"]);
    assert_eq!((again.said, made), (with_link.said, 0));
}
