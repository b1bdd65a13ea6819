//! Elections from manifests alone.

use esmx_build::import_map::rewires_from_manifests;
use serde_json::{Value, json};

use super::import_map_support::module;

/// `name uses… | provides…`, a provide being `public=identity@version`.
fn closure(lines: &[&str]) -> Vec<(String, String)> {
    let modules: Vec<_> = lines
        .iter()
        .map(|line| {
            let (head, provides) = line
                .split_once('|')
                .expect("the test writes `name uses… | public=identity@version…`");
            let mut words = head.split_whitespace();
            let name = words
                .next()
                .expect("the test writes `name uses… | public=identity@version…`");
            let provides: serde_json::Map<String, Value> = provides
                .split_whitespace()
                .map(|provide| {
                    let (public, rest) = provide
                        .split_once('=')
                        .expect("the test writes `name uses… | public=identity@version…`");
                    let (identity, version) = rest
                        .rsplit_once('@')
                        .expect("the test writes `name uses… | public=identity@version…`");
                    (
                        public.to_owned(),
                        json!({ "version": version, "package": identity, "chunks": [] }),
                    )
                })
                .collect();
            module(&json!({ "name": name, "uses": words.collect::<Vec<_>>(), "provides": provides }))
        })
        .collect();
    rewires_from_manifests("app", &modules).into_iter().collect()
}

#[track_caller]
fn expect_rewires(lines: &[&str], expected: &[(&str, &str)]) {
    let actual = closure(lines);
    let actual: Vec<_> = actual
        .iter()
        .map(|(loser, winner)| (loser.as_str(), winner.as_str()))
        .collect();
    assert_eq!(actual, expected, "{lines:?}");
}

#[test]
fn elections_follow_the_merge_rule() {
    let a_b = ["app a b |", "a | vue=vue@3.4.0", "b | vue=vue@3.3.0"];
    expect_rewires(&a_b, &[("a/vue", "b/vue")]);
    expect_rewires(&["app b a |", a_b[1], a_b[2]], &[("b/vue", "a/vue")]);
    expect_rewires(
        &["app a | vue=vue@3.4.0", "a | vue=vue@3.5.0"],
        &[("a/vue", "app/vue")],
    );
    let base = "base | vue=vue@3.4.0";
    let spec = "spec base | vue=vue@3.5.0";
    expect_rewires(&["app spec |", spec, base], &[("base/vue", "spec/vue")]);
    expect_rewires(&["app spec base |", spec, base], &[("spec/vue", "base/vue")]);
    expect_rewires(
        &["app spec r |", spec, "r base |", base],
        &[("spec/vue", "base/vue")],
    );
    expect_rewires(
        &["app r spec |", spec, "r base |", base],
        &[("base/vue", "spec/vue")],
    );
    expect_rewires(&["app l r |", "l base |", "r base |", base], &[]);
    expect_rewires(
        &["app a b a |", a_b[1], "b | vue=vue@3.5.0"],
        &[("b/vue", "a/vue")],
    );
}

#[test]
fn elections_are_per_identity_and_major() {
    expect_rewires(&["app a b |", "a | vue=vue@2.7.0", "b | vue=vue@3.5.0"], &[]);
    expect_rewires(
        &["app a b |", "a | vue2=vue@2.7.0", "b | vue=vue@2.6.0"],
        &[("a/vue2", "b/vue")],
    );
    expect_rewires(
        &["app a b |", "a | x=axios@0.21.0", "b | x=axios@0.27.0"],
        &[("a/x", "b/x")],
    );
    expect_rewires(&["app a b |", "a | x=x@0.0.0", "b | x=x@1.0.0"], &[]);
    expect_rewires(
        &["app a b |", "a | x=x@0.0.0", "b | x=x@weird"],
        &[("a/x", "b/x")],
    );
    expect_rewires(
        &["app a b |", "a | x/sub=x/sub@1.0.0 x=x@1.0.0", "b | x=x@1.2.0"],
        &[("a/x", "b/x")],
    );
}

#[test]
fn a_second_name_for_one_group_is_an_island() {
    let a = "a | vue34=vue@3.4.0 vue=vue@3.5.0";
    expect_rewires(&["app a b |", a, "b | vue=vue@3.3.0"], &[("a/vue", "b/vue")]);
    expect_rewires(
        &["app a b |", a, "b | vue=vue@3.3.0 vue34=vue@3.4.9"],
        &[("a/vue34", "b/vue34"), ("a/vue", "b/vue")],
    );
    // A package that is really called `vue34` is not that island.
    expect_rewires(&["app a b |", a, "b | vue34=vue34@3.0.0"], &[]);
}

#[test]
fn a_cycle_or_a_missing_module_elects_nothing_it_should_not() {
    expect_rewires(&["app a b |", "a b | x=x@1.0.0", "b a | x=x@1.1.0"], &[]);
    expect_rewires(&["app app a |", "a | x=x@1.0.0"], &[]);
    expect_rewires(
        &[
            "app a gone b |",
            "a | x=x@1.0.0",
            "b | x=x@1.1.0",
            "stray | x=x@1.2.0",
        ],
        &[("a/x", "b/x")],
    );
    expect_rewires(&["other a |", "a | x=x@1.0.0"], &[]);
}
