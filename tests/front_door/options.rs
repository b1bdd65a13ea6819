//! Options about sources and output text mean for `build` what they mean for `bundle`.

use crate::workspace::{Workspace, has_extension};

#[test]
fn a_build_takes_defines_loaders_and_text_around_the_code() {
    let workspace = Workspace::built();
    workspace.write("shop/src/note.md", "a note");
    workspace.write(
        "shop/src/widget.ts",
        "import note from './note.md';\n/*! a licence */\nexport const widget = (): string => LABEL + note;\n",
    );
    workspace
        .run(
            "shop",
            &[
                "--define",
                "LABEL=\"label\"",
                "--loader",
                ".md=text",
                "--banner",
                "// banner",
                "--footer",
                "// footer",
                "--legal-comments=linked",
                "--mode=development",
            ],
        )
        .assert_exit(0);
    let outputs = workspace.outputs();
    let code = |side: &str| workspace.read(&format!("shop/dist/{side}/widget.mjs"));
    for side in ["client", "server"] {
        let code = code(side);
        for text in ["\"label\" + ", "a note", "// footer\n", "widget.mjs.LEGAL.txt"] {
            assert!(code.contains(text), "{text} in\n{code}");
        }
        assert!(code.starts_with("// banner\n"), "{code}");
        assert!(!code.contains("a licence"), "{code}");
        let legal = format!("shop/dist/{side}/widget.mjs.LEGAL.txt");
        assert!(outputs.contains_key(&legal), "{:?}", outputs.keys());
    }
    let is_code = |path: &&String| path.starts_with("shop/dist/client/") && has_extension(path, "mjs");
    let with_banner = outputs
        .iter()
        .filter(|(path, _)| is_code(path))
        .all(|(_, bytes)| bytes.starts_with(b"// banner\n"));
    assert!(with_banner, "every file of code has the banner");
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_is_built() {
    let workspace = Workspace::built();
    let before = workspace.outputs();
    for (arguments, told) in [
        (["--define", "LABEL"], "it has no value"),
        (["--loader", ".md=picture"], "there is no loader"),
        (["--jsx-factory", "a-b"], "it is no name"),
        (["--tsconfig", "nowhere.json"], "there is no such file"),
        (["--profile", "nowhere/profile.json"], "can not be written"),
    ] {
        let refusal = workspace.run("shop", &arguments);
        refusal.assert_exit(2);
        assert!(refusal.stderr.contains(told), "{}", refusal.text());
    }
    assert_eq!(before, workspace.outputs());
}

#[test]
fn a_profile_says_when_every_stage_began_and_ended() {
    let workspace = Workspace::built();
    let answer = workspace.run("shop", &["--profile", "profile.json", "--minify", "--no-cache"]);
    answer.assert_exit(0);
    let events: serde_json::Value = serde_json::from_str(&workspace.read("shop/profile.json")).unwrap();
    let events = events.as_array().expect("trace events are a list");
    let count = |phase: &str, name: &str| {
        events
            .iter()
            .filter(|event| event["ph"] == phase && event["name"] == name)
            .count()
    };
    for stage in ["scan", "bind", "chunk", "render", "compress_linked"] {
        assert!(count("B", stage) > 0, "{stage}");
        assert_eq!(count("B", stage), count("E", stage), "{stage}");
    }
    let widget = events
        .iter()
        .filter_map(|event| event["args"]["path"].as_str())
        .find(|path| path.ends_with("shop/src/widget.ts"));
    assert!(widget.is_some(), "files are named");
}

/// Where every write fails for want of space.
#[cfg(target_os = "linux")]
#[test]
fn a_profile_that_finds_no_space_does_not_stop_a_build() {
    let workspace = Workspace::built();
    let answer = workspace.run("shop", &["--profile", "/dev/full", "--no-cache"]);
    answer.assert_exit(0);
    assert!(
        answer.stderr.contains("The profile /dev/full is not complete"),
        "{}",
        answer.text()
    );
}
