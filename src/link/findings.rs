//! Diagnostics in the order they were found, each once (PROTOCOL §8.1).

use rustc_hash::FxHashSet;

use crate::diagnostic::{Code, Diagnostic, Location};

/// A growing list without repetitions.
#[derive(Debug, Default)]
pub(super) struct Findings {
    list: Vec<Diagnostic>,
    seen: FxHashSet<Identity>,
}

/// What makes two diagnostics the same: everything but the wording. Two schema errors with different words
/// are two errors, and a missing file that two exports name is missing in two places.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Identity {
    code: Code,
    module: String,
    package: Option<String>,
    check: Option<&'static str>,
    found: Option<String>,
    required: Option<String>,
    message: Option<String>,
    place: Option<(usize, usize)>,
}

impl Findings {
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        if self.seen.insert(Identity::of(&diagnostic)) {
            self.list.push(diagnostic);
        }
    }

    pub(super) fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        for diagnostic in diagnostics {
            self.push(diagnostic);
        }
    }

    pub(super) fn into_list(self) -> Vec<Diagnostic> {
        self.list
    }
}

impl Identity {
    fn of(diagnostic: &Diagnostic) -> Self {
        let place = |location: &Location| (location.line, location.column);
        Self {
            code: diagnostic.code,
            module: diagnostic.module.clone(),
            package: diagnostic.package.clone(),
            check: diagnostic.check,
            found: diagnostic.found.clone(),
            required: diagnostic.required.clone(),
            message: (diagnostic.code == Code::Schema).then(|| diagnostic.message.clone()),
            place: diagnostic
                .location
                .as_ref()
                .filter(|_| matches!(diagnostic.code, Code::Schema | Code::TargetMissing))
                .map(place),
        }
    }
}
