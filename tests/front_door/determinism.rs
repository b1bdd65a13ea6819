//! Same input, same bytes: whatever the number of threads, the folder, and what was built before.

use std::collections::BTreeMap;
use std::fs;
use std::time::SystemTime;

use crate::mid_size;
use crate::workspace::{Files, Workspace, assert_same};

const VARIANTS: [&[&str]; 4] = [
    &[],
    &["--sourcemap"],
    &["--no-minify", "--sourcemap"],
    &["--mode", "development", "--sourcemap"],
];

/// Builds the generated module in `directory` of a fresh workspace.
fn outputs(directory: &str, arguments: &[&str]) -> Files {
    let workspace = Workspace::empty();
    mid_size::write(&workspace, directory);
    workspace.run(directory, arguments).assert_exit(0);
    let prefix = format!("{directory}/");
    let outputs = workspace.outputs().into_iter();
    outputs
        .map(|(path, bytes)| (path.replacen(&prefix, "", 1), bytes))
        .collect()
}

#[test]
fn threads_and_folders_do_not_change_a_byte() {
    for variant in VARIANTS {
        let expected = outputs("module", &[variant, &["--threads", "1"]].concat());
        assert!(expected.len() > 40, "a module of some size: {}", expected.len());
        for threads in ["2", "3", "8", "8", "8"] {
            let again = outputs("module", &[variant, &["--threads", threads]].concat());
            assert_same(&expected, &again, &format!("{threads} threads, {variant:?}"));
        }
        let elsewhere = outputs("some/deeper place/of another name", variant);
        assert_same(&expected, &elsewhere, &format!("another folder, {variant:?}"));
    }
}

#[test]
fn no_output_knows_where_it_was_built() {
    for variant in VARIANTS {
        let workspace = Workspace::empty();
        mid_size::write(&workspace, "module");
        workspace.run("module", variant).assert_exit(0);
        let place = workspace
            .root()
            .to_str()
            .expect("a path in UTF-8")
            .as_bytes()
            .to_vec();
        for (path, bytes) in workspace.outputs() {
            let is_told = bytes.windows(place.len()).any(|window| window == place);
            assert!(!is_told, "{path} has an absolute path in it");
        }
    }
}

#[test]
fn what_was_built_before_does_not_matter() {
    let fresh = outputs("module", &[]);
    let workspace = Workspace::empty();
    mid_size::write(&workspace, "module");
    for variant in [&["--sourcemap"][..], &["--mode", "development"], &[]] {
        workspace.run("module", variant).assert_exit(0);
    }
    let after: Files = workspace
        .outputs()
        .into_iter()
        .map(|(path, bytes)| (path.replacen("module/", "", 1), bytes))
        .collect();
    assert_same(&fresh, &after, "a dist that was used before");
}

#[test]
fn a_recursive_build_gives_what_single_builds_give() {
    let recursive = Workspace::built();
    let single = Workspace::of_sources();
    single.run("base", &[]).assert_exit(0);
    single.run("shop", &[]).assert_exit(0);
    assert_same(&recursive.outputs(), &single.outputs(), "one process or two");
}

#[test]
fn unchanged_files_are_not_written_again() {
    let workspace = Workspace::empty();
    mid_size::write(&workspace, "module");
    workspace.run("module", &["--sourcemap"]).assert_exit(0);
    age(&workspace);
    let before = times(&workspace);
    workspace.run("module", &["--sourcemap"]).assert_exit(0);
    assert_eq!(before, times(&workspace), "building twice touches nothing");

    workspace.append("module/src/d.ts", "console.log('changed');\n");
    workspace.run("module", &["--sourcemap"]).assert_exit(0);
    let after = times(&workspace);
    let written: Vec<&String> = after
        .iter()
        .filter(|(path, time)| before.get(*path) != Some(*time))
        .map(|(path, _)| path)
        .collect();
    let is_expected = |path: &str| {
        path.contains("/deep/d.") || path.ends_with("/manifest.json") || path.ends_with("dist/package.json")
    };
    let unexpected: Vec<_> = written.iter().filter(|path| !is_expected(path)).collect();
    assert!(
        unexpected.is_empty(),
        "only what changed is written: {unexpected:?}"
    );
    assert_eq!(
        written.iter().filter(|path| path.contains("/deep/d.")).count(),
        4,
        "both sides with maps: {written:?}"
    );
}

/// Sets the times of all outputs back, so that a write shows whatever the resolution of the clock.
fn age(workspace: &Workspace) {
    let past = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    for path in files(workspace) {
        let file = fs::File::options()
            .write(true)
            .open(workspace.path(&path))
            .expect("an output");
        file.set_modified(past).expect("times can be set");
    }
}

fn times(workspace: &Workspace) -> BTreeMap<String, SystemTime> {
    let time = |path: &str| {
        fs::metadata(workspace.path(path))
            .and_then(|metadata| metadata.modified())
            .expect("a time")
    };
    files(workspace)
        .into_iter()
        .map(|path| (path.clone(), time(&path)))
        .collect()
}

fn files(workspace: &Workspace) -> Vec<String> {
    workspace
        .outputs()
        .into_keys()
        .filter(|path| !path.ends_with('/'))
        .collect()
}
