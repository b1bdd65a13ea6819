//! What linking takes from outside the declaration (PROTOCOL §2.3): the behaviour file and the command line.

use indexmap::IndexMap;

use crate::diagnostic::Location;

/// Facts about the root that its `package.json` does not hold. Written by the reader of `entry.node.ts` and
/// by `--link`; read by [`super::link`].
#[derive(Debug, Clone, Default)]
pub struct BehaviourFacts {
    /// Module name → artifact directory, relative to the root or absolute. Holds for the whole closure.
    pub links: IndexMap<String, String>,
    /// The keys of `modules` that a declared package may not have there: `lib`, `imports`, `exports`,
    /// `scopes`.
    pub protocol_keys: Vec<String>,
    /// Where the `modules` object is written.
    pub modules_location: Option<Location>,
}

/// What several modules offering one group mean (PROTOCOL Appendix C.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Owners {
    /// One is elected, and the user is told.
    #[default]
    Elected,
    /// An error: the organisation wants exactly one owner per package and major.
    Strict,
}

impl BehaviourFacts {
    /// Facts that hold only links.
    pub fn with_links<'a>(links: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self {
            links: links
                .into_iter()
                .map(|(name, path)| (name.to_owned(), path.to_owned()))
                .collect(),
            ..Self::default()
        }
    }
}
