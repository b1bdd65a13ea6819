//! What a build was told.

use std::fmt::Write as _;

use crate::base::Digest;

/// Changes when the files of the cache mean something else.
const FORMAT: &str = "1";

/// What tells this program from every other version of it.
pub fn program() -> String {
    [
        FORMAT,
        env!("CARGO_PKG_VERSION"),
        env!("ESMX_BUILD_SOURCES"),
        std::env::consts::OS,
    ]
    .join(" ")
}

/// The digest of what a build was told: command, options, and the program itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildKey(Digest);

impl BuildKey {
    /// `told` is everything that the command was told, with paths relative to the root.
    pub fn new(command: &str, told: &str) -> Self {
        let mut text = String::new();
        let parts = [
            FORMAT,
            env!("CARGO_PKG_VERSION"),
            env!("ESMX_BUILD_SOURCES"),
            std::env::consts::OS,
            command,
            told,
        ];
        for part in parts {
            let _ = writeln!(text, "{}:{part}", part.len());
        }
        Self(Digest::of(text.as_bytes()))
    }

    pub(super) fn digest(&self) -> &Digest {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_differs_makes_another_key() {
        let key = BuildKey::new("bundle", "x");
        assert_eq!(key, BuildKey::new("bundle", "x"));
        assert_ne!(key, BuildKey::new("build", "x"));
        assert_ne!(key, BuildKey::new("bundle", "y"));
    }
}
