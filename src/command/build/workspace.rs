//! The modules of a workspace build: each as soon as everything it uses is built, several at once.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::Scope;

use super::super::report::ModuleReport;
use crate::diagnostic::has_errors;
use crate::link::BuildUnit;

/// Builds `units`, of which each stands behind all that it needs. `build` gives nothing for what is a finished
/// artifact. What needs a module that failed is not tried; what has nothing to do with it is, so that one run tells
/// all that is wrong. The reports are in the order of the units, whichever was finished first.
pub fn build_in_order(
    units: &[BuildUnit],
    build: impl Fn(&BuildUnit) -> Option<ModuleReport> + Sync,
) -> Vec<ModuleReport> {
    let workspace = Workspace {
        units,
        users: users(units),
        open_needs: units
            .iter()
            .map(|unit| AtomicUsize::new(unit.needs.len()))
            .collect(),
        outcomes: units.iter().map(|_| OnceLock::new()).collect(),
        build,
    };
    rayon::in_place_scope(|scope| {
        for (place, unit) in units.iter().enumerate() {
            if unit.needs.is_empty() {
                workspace.start(place, scope);
            }
        }
    });
    let outcomes = workspace.outcomes.into_iter().filter_map(OnceLock::into_inner);
    outcomes
        .filter_map(|outcome| match outcome {
            Outcome::Built(report) | Outcome::Failed(report) => Some(*report),
            Outcome::Artifact | Outcome::NotTried => None,
        })
        .collect()
}

/// Who needs each unit, by place.
fn users(units: &[BuildUnit]) -> Vec<Vec<usize>> {
    let mut users = vec![Vec::new(); units.len()];
    for (place, unit) in units.iter().enumerate() {
        for need in &unit.needs {
            users[*need].push(place);
        }
    }
    users
}

/// What became of a unit.
enum Outcome {
    Artifact,
    Built(Box<ModuleReport>),
    Failed(Box<ModuleReport>),
    NotTried,
}

impl Outcome {
    fn can_be_used(&self) -> bool {
        matches!(self, Self::Artifact | Self::Built(_))
    }
}

struct Workspace<'a, Build> {
    units: &'a [BuildUnit],
    users: Vec<Vec<usize>>,
    /// How many needs of a unit are not finished.
    open_needs: Vec<AtomicUsize>,
    outcomes: Vec<OnceLock<Outcome>>,
    build: Build,
}

impl<Build> Workspace<'_, Build>
where
    Build: Fn(&BuildUnit) -> Option<ModuleReport> + Sync,
{
    /// Builds a unit whose needs are finished, and starts those that waited for it alone.
    fn start<'scope>(&'scope self, place: usize, scope: &Scope<'scope>) {
        scope.spawn(move |scope| {
            let outcome = self.outcome(&self.units[place]);
            let _ = self.outcomes[place].set(outcome);
            for user in &self.users[place] {
                if self.open_needs[*user].fetch_sub(1, Ordering::AcqRel) == 1 {
                    self.start(*user, scope);
                }
            }
        });
    }

    fn outcome(&self, unit: &BuildUnit) -> Outcome {
        let can_be_used = |need: &usize| self.outcomes[*need].get().is_some_and(Outcome::can_be_used);
        if !unit.needs.iter().all(can_be_used) {
            return Outcome::NotTried;
        }
        match (self.build)(unit) {
            None => Outcome::Artifact,
            Some(report) if has_errors(&report.diagnostics) => Outcome::Failed(Box::new(report)),
            Some(report) => Outcome::Built(Box::new(report)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::command::build::test_unit::unit;
    use crate::diagnostic::{Code, Diagnostic};

    fn report(unit: &BuildUnit, diagnostics: Vec<Diagnostic>) -> ModuleReport {
        ModuleReport {
            name: unit.record.name.clone(),
            directory: unit.dir.clone(),
            dist: unit.dir.join("dist"),
            sides: Vec::new(),
            application: Vec::new(),
            written: 0,
            diagnostics,
            duration: std::time::Duration::ZERO,
            keeping: crate::cache::Keeping::default(),
        }
    }

    #[test]
    fn each_unit_is_built_behind_what_it_needs() {
        let units = [
            unit("a", &[]),
            unit("b", &[0]),
            unit("c", &[]),
            unit("d", &[1, 2]),
        ];
        for _ in 0..20 {
            let finished = Mutex::new(Vec::new());
            let reports = build_in_order(&units, |unit| {
                let names: Vec<String> = finished.lock().unwrap().clone();
                for need in &unit.needs {
                    assert!(names.contains(&units[*need].record.name));
                }
                finished.lock().unwrap().push(unit.record.name.clone());
                Some(report(unit, Vec::new()))
            });
            let names: Vec<&str> = reports.iter().map(|report| report.name.as_str()).collect();
            assert_eq!(names, ["a", "b", "c", "d"]);
        }
    }

    #[test]
    fn what_needs_a_failed_unit_is_not_tried_and_the_rest_is() {
        let units = [
            unit("a", &[]),
            unit("b", &[0]),
            unit("c", &[1]),
            unit("other", &[]),
        ];
        let reports = build_in_order(&units, |unit| {
            let error = Diagnostic::new(Code::Io, "a", "It failed.", "Repair it.");
            let is_broken = unit.record.name == "a";
            Some(report(unit, is_broken.then_some(error).into_iter().collect()))
        });
        let names: Vec<&str> = reports.iter().map(|report| report.name.as_str()).collect();
        assert_eq!(names, ["a", "other"]);
    }
}
