//! Linking against a second implementation of PROTOCOL's rules, and the promises that follow from them, over
//! thousands of random closures.
//!
//! [`model`] is written from the text alone; where it and `link` say different things, one of them
//! misreads the protocol. A failure prints the smallest closure that shows it. `LINK_CASES=20000` tries more than
//! the usual number.

mod explanations;
mod model;
mod properties;
mod world;

use std::collections::BTreeMap;
use std::path::Path;

use esmx_build::diagnostic::Diagnostic;
use esmx_build::link::{GroupKey, GroupKind, Linkage, Major, Owners, link};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use model::{Answer, Finding, Key};
use world::{ROOT, Shape, World};

/// As many cases as asked for, always the same ones.
fn runner(cases: u32) -> TestRunner {
    let cases = std::env::var("LINK_CASES").map_or(cases, |text| text.parse().expect("a number"));
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn linked(world: &World, root: &str) -> Linkage {
    link(
        &world.file_system(),
        Path::new(root),
        &world.facts(),
        Owners::Elected,
    )
    .expect("a readable root")
}

#[test]
fn linking_says_what_the_rules_say() {
    let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
    let seen = std::cell::RefCell::new(&mut shapes);
    runner(1500)
        .run(&world::world(Shape::Anything), |world| {
            let expected = model::resolve(&world, ROOT).expect("a readable root");
            let actual = linked(&world, ROOT);
            compare(&expected, &actual)?;
            let mut seen = seen.borrow_mut();
            for finding in &expected.findings {
                *seen
                    .entry(format!("{} {}", finding.code, finding.check))
                    .or_default() += 1;
            }
            for key in expected.elections.keys().filter(|key| key.is_island) {
                let _ = key;
                *seen.entry("island".to_owned()).or_default() += 1;
            }
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
    // Nothing is compared that does not happen.
    for what in [
        "E_SCHEMA ",
        "E_NOT_LINKED ",
        "E_NOT_BUILT ",
        "E_PROTOCOL ",
        "E_CYCLE ",
        "E_VERSION intent",
        "E_VERSION substitution-safety",
        "W_MULTI_CANDIDATE ",
        "W_MULTI_MAJOR ",
        "W_NO_RANGE ",
        "W_TYPE_DRIFT ",
        "island",
    ] {
        assert!(
            shapes.get(what).is_some_and(|count| *count >= 20),
            "{what}: {shapes:?}"
        );
    }
}

fn compare(expected: &Answer, actual: &Linkage) -> Result<(), TestCaseError> {
    let sorted = |mut findings: Vec<Finding>| {
        findings.sort();
        findings
    };
    let found: Vec<Finding> = actual.diagnostics.iter().map(finding).collect();
    same(
        "diagnostics",
        &sorted(expected.findings.clone()),
        &sorted(found.clone()),
    )?;
    // §8.1: what was found on the walk, then the elections, then the layers in mount order, the root first.
    let phases = |findings: &[Finding]| -> Vec<(usize, String)> {
        findings
            .iter()
            .map(|finding| match phase(finding) {
                Phase::Walk => (0, format!("{finding:?}")),
                Phase::Election => (1, String::new()),
                Phase::Layer => (2, finding.module.clone()),
            })
            .collect()
    };
    same("order", &phases(&expected.findings), &phases(&found))?;
    let mounts: Vec<(String, bool)> = actual
        .mounts()
        .iter()
        .map(|mount| (mount.name.clone(), mount.is_built))
        .collect();
    same("mounts", &expected.mounts, &mounts)?;

    let elections: BTreeMap<Key, (String, Vec<String>)> = actual
        .elections
        .iter()
        .map(|election| {
            let losers = election
                .losers()
                .map(esmx_build::link::Offer::identifier)
                .collect();
            (key(&election.group), (election.winner.identifier(), losers))
        })
        .collect();
    same("elections", &expected.elections, &elections)?;
    let rewires: BTreeMap<String, String> = expected
        .elections
        .values()
        .flat_map(|(winner, losers)| losers.iter().map(|loser| (loser.clone(), winner.clone())))
        .collect();
    same("rewires", &rewires, &actual.rewires().into_iter().collect())?;

    let declared: Vec<&String> = expected.wiring.keys().collect();
    let mut wired: Vec<&String> = actual.wiring().keys().collect();
    wired.sort();
    same("wired modules", &declared, &wired)?;
    for (module, table) in actual.wiring() {
        for (specifier, (_, identifier)) in &expected.wiring[module] {
            same(
                &format!("{module}: {specifier}"),
                &Some(identifier),
                &table.get(specifier),
            )?;
        }
        // §7.4: extra entries are harmless, if they are right.
        for (specifier, identifier) in table {
            let selected = expected
                .select(module, specifier)
                .map(|(_, identifier)| identifier);
            same(
                &format!("{module}: {specifier}"),
                &selected.as_ref(),
                &Some(identifier),
            )?;
        }
    }
    Ok(())
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, expected: &T, actual: &T) -> Result<(), TestCaseError> {
    if expected == actual {
        return Ok(());
    }
    Err(TestCaseError::fail(format!(
        "{what}\n  the rules: {expected:?}\n  here:      {actual:?}"
    )))
}

enum Phase {
    Walk,
    Election,
    Layer,
}

fn phase(finding: &Finding) -> Phase {
    match (finding.code.as_str(), finding.check.as_str()) {
        ("W_MULTI_CANDIDATE" | "W_MULTI_MAJOR", _) | (_, "substitution-safety") => Phase::Election,
        ("W_NO_RANGE" | "W_TYPE_DRIFT", _) => Phase::Layer,
        // The gate for modules and the check of packages are told apart by their subject.
        ("E_VERSION", _) if !world_has_module(&finding.package) => Phase::Layer,
        _ => Phase::Walk,
    }
}

fn world_has_module(name: &str) -> bool {
    [
        "app",
        "base",
        "@acme/design",
        "left",
        "right",
        "shell",
        "data",
        "extra",
    ]
    .contains(&name)
}

/// The free texts, the summary of `W_MULTI_MAJOR` among them, are not compared.
fn finding(diagnostic: &Diagnostic) -> Finding {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let code = diagnostic.code.to_string();
    Finding {
        check: diagnostic.check.unwrap_or_default().to_owned(),
        module: diagnostic.module.clone(),
        package: text(&diagnostic.package),
        found: if code == "W_MULTI_MAJOR" {
            String::new()
        } else {
            text(&diagnostic.found)
        },
        required: text(&diagnostic.required),
        code,
    }
}

fn key(group: &GroupKey) -> Key {
    Key {
        identity: group.identity.clone(),
        is_island: group.kind == GroupKind::Island,
        major: match group.major {
            Major::Unknown => model::Major::Unknown,
            Major::Number(number) => model::Major::Number(number),
        },
    }
}
