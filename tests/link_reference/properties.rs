//! What the rules promise, asked of `link` alone.

use std::collections::{BTreeMap, BTreeSet};

use esmx_build::link::Linkage;
use proptest::test_runner::TestCaseError;
use serde_json::json;

use crate::model::Key;
use crate::world::{ROOT, Shape, World, position, world};
use crate::{finding, key, linked, runner, same};

/// Identifier of every winner → its group.
fn groups(linkage: &Linkage) -> BTreeMap<String, Key> {
    linkage
        .elections
        .iter()
        .map(|election| (election.winner.identifier(), key(&election.group)))
        .collect()
}

/// Specifier → group, for one module.
fn chosen(linkage: &Linkage, module: &str) -> BTreeMap<String, Key> {
    let groups = groups(linkage);
    linkage
        .wiring_of(module)
        .into_iter()
        .flatten()
        .map(|(specifier, identifier)| (specifier.clone(), groups[identifier].clone()))
        .collect()
}

fn holds(claim: bool, what: &str) -> Result<(), TestCaseError> {
    if claim {
        Ok(())
    } else {
        Err(TestCaseError::fail(what.to_owned()))
    }
}

fn check(cases: u32, shape: Shape, claim: impl Fn(World, usize, usize) -> Result<(), TestCaseError>) {
    runner(cases)
        .run(&(world(shape), position(), position()), |(world, one, other)| {
            claim(world, one, other)
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn linking_twice_says_the_same() {
    check(300, Shape::Anything, |world, _, _| {
        let describe = |linkage: &Linkage| {
            format!(
                "{:?} {:?} {:?}",
                linkage.diagnostics,
                linkage.elections,
                linkage.wiring()
            )
        };
        same(
            "the second time",
            &describe(&linked(&world, ROOT)),
            &describe(&linked(&world, ROOT)),
        )
    });
}

#[test]
fn a_host_never_flips_what_a_module_means() {
    check(300, Shape::Buildable, |world, _, _| {
        let composed = linked(&world, ROOT);
        for mount in composed.mounts() {
            let alone = linked(&world, &mount.root.to_string_lossy());
            let within = chosen(&composed, &mount.name);
            for (specifier, group) in chosen(&alone, &mount.name) {
                same(
                    &format!("{} {specifier}", mount.name),
                    &Some(&group),
                    &within.get(&specifier),
                )?;
            }
        }
        Ok(())
    });
}

#[test]
fn an_unrelated_module_changes_no_wiring() {
    check(300, Shape::Buildable, |mut world, place, _| {
        let before = linked(&world, ROOT);
        world.set_json(
            "/w/node_modules/unrelated",
            &json!({ "name": "unrelated", "version": "1.0.0", "esmx": { "provides": ["unheard-of"] } }),
        );
        world.set_json(
            "/w/node_modules/unheard-of",
            &json!({ "name": "unheard-of", "version": "1.0.0" }),
        );
        let mut root = world.json(ROOT);
        let uses = root["esmx"]["uses"].as_array_mut().expect("an array");
        uses.insert(place % (uses.len() + 1), "unrelated".into());
        world.set_json(ROOT, &root);
        let after = linked(&world, ROOT);
        for (module, table) in before.wiring() {
            let mut with_it = after.wiring_of(module).cloned().unwrap_or_default();
            let is_root_gains = with_it.shift_remove("unheard-of").is_some();
            same("who gets the package", &(module == "app"), &is_root_gains)?;
            same(module, table, &with_it)?;
        }
        Ok(())
    });
}

/// §6.1: position decides, and only there.
#[test]
fn the_order_of_uses_decides_only_contested_groups() {
    check(300, Shape::Buildable, |mut world, one, other| {
        let before = linked(&world, ROOT);
        let mut root = world.json(ROOT);
        let uses = root["esmx"]["uses"].as_array_mut().expect("an array");
        if uses.is_empty() {
            return Ok(());
        }
        let count = uses.len();
        uses.swap(one % count, other % count);
        world.set_json(ROOT, &root);
        let after = linked(&world, ROOT);
        let outcome = |linkage: &Linkage| -> BTreeMap<Key, (String, BTreeSet<String>)> {
            let of = linkage.elections.iter().map(|election| {
                let candidates = election
                    .candidates
                    .iter()
                    .map(esmx_build::link::Offer::identifier)
                    .collect();
                (key(&election.group), (election.winner.identifier(), candidates))
            });
            of.collect()
        };
        let (outcome_before, outcome_after) = (outcome(&before), outcome(&after));
        let same_groups: Vec<&Key> = outcome_before.keys().collect();
        same("groups", &same_groups, &outcome_after.keys().collect())?;
        for (group, (winner, candidates)) in &outcome_before {
            let (winner_after, candidates_after) = &outcome_after[group];
            same("candidates", candidates, candidates_after)?;
            if candidates.len() == 1 {
                same("winner of an uncontested group", winner, winner_after)?;
            }
        }
        // Which group a module means is its own business. The root's choice depends on the winners of its
        // contested groups, and on the order of its supply where packages share public name and major.
        let is_contested = outcome_before
            .values()
            .any(|(_, candidates)| candidates.len() > 1);
        let mut seen = BTreeSet::new();
        let has_namesakes = before.elections.iter().any(|election| {
            let names: BTreeSet<&str> = election
                .candidates
                .iter()
                .map(|offer| offer.name.as_str())
                .collect();
            names
                .into_iter()
                .any(|name| !seen.insert((name, election.group.major)))
        });
        for module in before
            .wiring()
            .keys()
            .filter(|module| *module != "app" || !(is_contested || has_namesakes))
        {
            same(module, &chosen(&before, module), &chosen(&after, module))?;
        }
        Ok(())
    });
}

#[test]
fn winners_are_supplied_and_rewires_stay_in_their_group() {
    check(300, Shape::Anything, |world, _, _| {
        let linkage = linked(&world, ROOT);
        let groups = groups(&linkage);
        let supplied: BTreeSet<String> = linkage
            .supply()
            .values()
            .flatten()
            .map(|election| election.winner.identifier())
            .collect();
        for election in &linkage.elections {
            holds(
                supplied.contains(&election.winner.identifier()),
                "a winner is not in the supply of the root",
            )?;
            holds(
                election.candidates.contains(&election.winner),
                "a winner did not stand",
            )?;
        }
        let rewires = linkage.rewires();
        for (loser, winner) in &rewires {
            let group = groups.get(winner);
            let stood = linkage
                .elections
                .iter()
                .find(|election| Some(&key(&election.group)) == group);
            let candidates = stood.map(|election| &election.candidates);
            holds(
                candidates.is_some_and(|all| all.iter().any(|offer| offer.identifier() == *loser)),
                "a rewire leaves its group",
            )?;
            holds(!rewires.contains_key(winner), "a winner is rewired")?;
        }
        for (module, table) in linkage.wiring() {
            for identifier in table.values() {
                holds(
                    groups.contains_key(identifier),
                    &format!("{module} is wired to {identifier}, which lost"),
                )?;
            }
        }
        Ok(())
    });
}

/// §8.1.
#[test]
fn every_diagnostic_is_told_once_and_says_what_to_edit() {
    check(300, Shape::Anything, |world, _, _| {
        let mut seen = BTreeSet::new();
        for diagnostic in &linked(&world, ROOT).diagnostics {
            let repeated = matches!(diagnostic.code.as_str(), "E_SCHEMA" | "E_TARGET_MISSING");
            let words = if repeated {
                diagnostic.message.clone()
            } else {
                String::new()
            };
            holds(
                seen.insert((finding(diagnostic), words)),
                &format!("{diagnostic:?} comes twice"),
            )?;
            holds(
                !diagnostic.message.is_empty() && !diagnostic.fix.is_empty(),
                "no words",
            )?;
            holds(
                diagnostic.location.is_some(),
                &format!("{diagnostic:?} has no place"),
            )?;
        }
        Ok(())
    });
}
