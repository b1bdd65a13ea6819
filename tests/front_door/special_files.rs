//! What stands where a file is expected and is none: pipes and devices, which are read without end, links in a circle.

#![cfg(unix)]

use std::process::Command;

use crate::program::{self, Answer};
use crate::workspace::Workspace;

/// `bundle` in a directory where the place is a pipe that nobody writes to.
fn bundle_beside_pipe(place: &str, main: &str, arguments: &str) -> Answer {
    let workspace = Workspace::empty();
    workspace.write("main.ts", main);
    let pipe = workspace.path(place);
    std::fs::create_dir_all(pipe.parent().expect("a place in the workspace")).expect("it is ours");
    let made = Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .expect("the system has mkfifo");
    assert!(made.success(), "mkfifo {place}");
    let answer = bundle(&workspace, arguments);
    assert_eq!(
        workspace.path("out").exists(),
        answer.exit == Some(0),
        "{}",
        answer.text()
    );
    answer
}

/// Killed when it has not ended after half a minute.
fn bundle(workspace: &Workspace, arguments: &str) -> Answer {
    let mut command = program::plain("sh", workspace.root());
    let line = format!(
        "\"$1\" bundle main.ts --out-dir out {arguments} & child=$!; (sleep 30; kill -9 $child) > /dev/null 2>&1 & watch=$!; wait $child; code=$?; kill $watch; exit $code"
    );
    command.args(["-c", &line, "sh"]).arg(program::binary());
    program::finish(command)
}

#[test]
fn a_pipe_as_source_is_told() {
    for (place, main) in [
        ("part.js", "import './part.js';"),
        ("part.json", "import part from './part.json'; f(part);"),
        ("part.css", "import './part.css';"),
        ("part.png", "import part from './part.png'; f(part);"),
    ] {
        let answer = bundle_beside_pipe(place, main, "");
        answer.assert_exit(1);
        assert!(answer.stderr.contains("main.ts:1:"), "{}", answer.text());
        assert!(
            answer
                .stderr
                .contains("fix: It is a pipe or a device: name a file."),
            "{}",
            answer.text()
        );
    }
}

#[test]
fn a_pipe_beside_the_sources_is_passed_over() {
    for place in ["package.json", "tsconfig.json", ".env"] {
        bundle_beside_pipe(place, "console.log(import.meta.env.MODE);", "").assert_exit(0);
    }
    let mapped = "console.log(1);\n//# sourceMappingURL=main.ts.map\n";
    bundle_beside_pipe("main.ts.map", mapped, "--sourcemap").assert_exit(0);
}

#[test]
fn a_pipe_as_configuration_is_told() {
    let answer = bundle_beside_pipe("esmx.config.json", "console.log(1);", "");
    answer.assert_exit(1);
    assert!(
        answer
            .stderr
            .contains("esmx.config.json cannot be read: it is a pipe or a device"),
        "{}",
        answer.text()
    );
    let answer = bundle_beside_pipe("node_modules/acme/package.json", "import 'acme';", "");
    answer.assert_exit(1);
    assert!(answer.stderr.contains("main.ts:1:8"), "{}", answer.text());
}

#[test]
fn a_device_as_package_is_no_package() {
    let workspace = Workspace::empty();
    workspace.write("main.ts", "import './zero.js';");
    workspace.link("package.json", "/dev/zero");
    workspace.link("zero.js", "/dev/zero");
    let answer = bundle(&workspace, "");
    answer.assert_exit(1);
    assert!(
        answer.stderr.contains("It is a pipe or a device"),
        "{}",
        answer.text()
    );
}

#[test]
fn links_in_a_circle_are_told_or_followed_once() {
    let workspace = Workspace::empty();
    workspace.link("one.js", "two.js");
    workspace.link("two.js", "one.js");
    workspace.write("main.ts", "import './one.js';");
    let answer = bundle(&workspace, "");
    answer.assert_exit(1);
    assert!(
        answer.stderr.contains("a symbolic link that leads nowhere"),
        "{}",
        answer.text()
    );
    workspace.write(
        "parts/part.js",
        "globalThis.count = (globalThis.count ?? 0) + 1;\n",
    );
    // Two such links have a number of paths without end.
    workspace.link("parts/again", ".");
    workspace.link("parts/once-more", "../parts");
    workspace.write(
        "main.ts",
        "import './parts/part.js'; import './parts/again/again/part.js';\nconsole.log(Object.keys(import.meta.glob('./parts/**/*.js')).length);\n",
    );
    bundle(&workspace, "").assert_exit(0);
    let code = workspace.read("out/main.js");
    assert!(
        code.contains("./parts/part.js") && !code.contains("again/part.js\""),
        "{code}"
    );
}
