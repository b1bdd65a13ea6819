//! What `why` says is what linking did, over random closures.

use esmx_build::link::{Answer, Linkage, Question, Rule};
use proptest::test_runner::TestCaseError;

use crate::world::{ROOT, Shape, world};
use crate::{linked, runner};

fn holds(claim: bool, what: impl FnOnce() -> String) -> Result<(), TestCaseError> {
    if claim {
        Ok(())
    } else {
        Err(TestCaseError::fail(what()))
    }
}

#[test]
fn every_election_has_a_reason_that_fits_its_outcome() {
    let mut rules = std::collections::BTreeSet::new();
    let seen = std::cell::RefCell::new(&mut rules);
    runner(1500)
        .run(&world(Shape::Anything), |world| {
            let linkage = linked(&world, ROOT);
            let traces = linkage.traces();
            holds(traces.len() == linkage.elections.len(), || {
                "one trace per election".to_owned()
            })?;
            for (trace, election) in traces.iter().zip(&linkage.elections) {
                seen.borrow_mut().insert(trace.rule.as_str());
                holds(
                    trace.group == election.group
                        && trace.winner == election.winner
                        && trace.candidates == election.candidates,
                    || format!("{trace:?}\n{election:?}"),
                )?;
                holds(trace.route.last() == Some(&election.winner.provider), || {
                    format!("the way does not end at the winner: {trace:?}")
                })?;
                let lost: Vec<_> = trace.defeats.iter().map(|defeat| &defeat.loser).collect();
                holds(lost == election.losers().collect::<Vec<_>>(), || {
                    format!("every loser lost somewhere: {trace:?}")
                })?;
                holds(
                    (trace.rule == Rule::OnlyCandidate) != election.is_contested(),
                    || format!("{trace:?}"),
                )?;
                for defeat in &trace.defeats {
                    moves_as_told(
                        &linkage,
                        defeat.later.as_ref(),
                        defeat.earlier.as_ref(),
                        &defeat.at,
                    )?;
                }
            }
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
    // Nothing is compared that does not happen.
    for rule in [
        "onlyCandidate",
        "selfLast",
        "nearerLayer",
        "laterInUses",
        "laterSubtree",
        "broughtBack",
    ] {
        assert!(rules.contains(rule), "{rule} never happens");
    }
}

/// The entry that decides really stands behind the one it overwrites.
fn moves_as_told(
    linkage: &Linkage,
    later: Option<&String>,
    earlier: Option<&String>,
    at: &str,
) -> Result<(), TestCaseError> {
    let (Some(later), Some(earlier)) = (later, earlier) else {
        return Ok(());
    };
    let uses = linkage.uses_of(at);
    let last = |name: &str| uses.iter().rposition(|used| *used == name);
    holds(last(later) > last(earlier), || {
        format!("{later} does not stand behind {earlier} in {at}: {uses:?}")
    })
}

#[test]
fn every_wired_specifier_is_explained_as_it_is_wired() {
    runner(700)
        .run(&world(Shape::Anything), |world| {
            let files = world.file_system();
            let linkage = linked(&world, ROOT);
            for (module, wiring) in linkage.wiring() {
                for (specifier, identifier) in wiring {
                    let question = Question {
                        specifier,
                        from: Some(module),
                    };
                    let explained = linkage
                        .explain(&files, question)
                        .expect("a module of the closure");
                    match explained.answer {
                        Answer::Package(package) => {
                            holds(package.election.winner.identifier() == *identifier, || {
                                format!("{module}: {specifier} is {identifier}, but {package:?}")
                            })?;
                            let is_told = package.instances.iter().any(|instance| {
                                instance.module == *module
                                    && instance.specifier == *specifier
                                    && instance.is_same
                            });
                            holds(is_told, || {
                                format!("{module} is missing among {:?}", package.instances)
                            })?;
                        }
                        other => holds(false, || {
                            format!("{module}: {specifier} is {identifier}, but {other:?}")
                        })?,
                    }
                }
            }
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}
