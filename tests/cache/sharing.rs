//! What several builds of one process have in common: both sides of a module, and the packages that modules bundle.

use std::fmt::Write as _;

use super::project::{Project, Tree, outcome, times};

/// So many modules are more than a mebibyte.
const LARGE: usize = 260;

/// A workspace whose modules have most of their code from a package of so many modules, which nobody provides.
fn workspace(parts: usize) -> Project {
    let project = Project::new(
        "",
        &[
            (
                "package.json",
                r#"{ "name": "workspace", "private": true, "workspaces": ["modules/*"] }"#,
            ),
            (
                "node_modules/large/package.json",
                r#"{ "name": "large", "version": "1.0.0", "type": "module", "exports": "./index.js" }"#,
            ),
        ],
    );
    let mut index = String::new();
    for number in 0..parts {
        writeln!(index, "export * from './part{number}.js';").unwrap();
        let mut text = String::new();
        for function in 0..20 {
            writeln!(
                text,
                "export function f{number}_{function}(list, callback) {{
    const found = list.filter((item) => item.kind === 'kind {number}' && callback(item, {function}));
    if (found.length > {function}) return found.map((item) => item.name + ' of {number}');
    return [];
}}"
            )
            .unwrap();
        }
        project.write(&format!("node_modules/large/part{number}.js"), &text);
    }
    project.write("node_modules/large/index.js", &index);
    for module in ["first", "second", "third"] {
        project.write(
            &format!("modules/{module}/package.json"),
            &format!(
                r#"{{ "name": "{module}", "version": "1.0.0", "type": "module", "dependencies": {{ "large": "1.0.0" }},
  "esmx": {{ "exports": {{ "./all": "./src/all.js" }} }} }}"#
            ),
        );
        project.write(
            &format!("modules/{module}/src/all.js"),
            &format!(
                "import * as large from 'large';\nexport const all = ['{module}', large];\nexport {{ large }};\n"
            ),
        );
    }
    project
}

/// How many units a build without a cache compresses, and what it writes.
fn compressed(project: &Project, words: &[&str]) -> (usize, Tree) {
    let trace = project.root.parent().unwrap().join("compressed.json");
    let mut command = project.command(words);
    command.arg("--no-cache").arg("--profile").arg(&trace);
    let outcome = outcome(command, &project.root);
    assert!(outcome.succeeded, "{}", outcome.said);
    (times(&trace, "compress_linked"), outcome.files)
}

#[test]
fn packages_that_modules_have_in_common_are_compressed_once() {
    let project = workspace(20);
    let one = compressed(&project, &["build", "modules/first"]);
    let all = compressed(&project, &["build", "-r"]);
    // The package is one unit, whoever bundles it.
    let own = one.0 - 1;
    assert!(own > 0);
    assert_eq!(all.0, 1 + 3 * own);
    for (path, bytes) in &one.1 {
        assert!(all.1.get(path) == Some(bytes), "{}", path.display());
    }
}

#[test]
fn what_modules_and_sides_have_in_common_is_compressed_once() {
    let project = workspace(LARGE);
    let one = compressed(&project, &["build", "modules/first"]);
    let all = compressed(&project, &["build", "-r"]);
    assert!((10..40).contains(&one.0), "{}", one.0);
    assert!(all.0 < one.0 + one.0 / 2, "{} of one, {} of all", one.0, all.0);
    for (path, bytes) in &one.1 {
        assert!(
            all.1.get(path) == Some(bytes),
            "{}, built with others",
            path.display()
        );
    }
    // What one module was given by another is kept for both.
    let (warm, cold) = (project.warm(&["build", "-r"]), project.cold(&["build", "-r"]));
    assert!(warm == cold && warm.files == all.1);
    project.replace("modules/second/src/all.js", "'second'", "'another'");
    assert!(project.warm(&["build", "-r"]) == project.cold(&["build", "-r"]));
}
