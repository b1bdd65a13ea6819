//! Syntax that cannot be rewritten: an engine knows it or refuses it.

use super::target::{Engine, Release};

/// One kind of syntax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// `1n`
    BigInt,
    /// `import()`
    DynamicImport,
    /// `import.meta`
    ImportMeta,
    /// `/a/d`
    RegExpIndices,
    /// `/(?<=a)/`
    RegExpLookbehind,
    /// `/(?i:a)/`
    RegExpModifiers,
    /// `await` outside functions.
    TopLevelAwait,
}

impl Syntax {
    /// The year of the language it came with.
    pub fn year(self) -> u16 {
        match self {
            Self::RegExpLookbehind => 2018,
            Self::BigInt | Self::DynamicImport | Self::ImportMeta => 2020,
            Self::RegExpIndices | Self::TopLevelAwait => 2022,
            Self::RegExpModifiers => 2025,
        }
    }

    /// The first release of an engine that knows it.
    pub(super) fn since(self, engine: Engine) -> Option<Release> {
        // Chrome, Deno, Edge, Firefox, iOS, Node, Opera, Safari.
        let releases: [(u32, u32); 8] = match self {
            Self::BigInt => [
                (67, 0),
                (1, 0),
                (79, 0),
                (68, 0),
                (14, 0),
                (10, 4),
                (54, 0),
                (14, 0),
            ],
            Self::DynamicImport => [
                (63, 0),
                (1, 0),
                (79, 0),
                (67, 0),
                (11, 0),
                (12, 20),
                (50, 0),
                (11, 1),
            ],
            Self::ImportMeta => [
                (64, 0),
                (1, 0),
                (79, 0),
                (62, 0),
                (12, 0),
                (12, 20),
                (51, 0),
                (11, 1),
            ],
            Self::RegExpIndices => [
                (90, 0),
                (1, 8),
                (90, 0),
                (88, 0),
                (15, 0),
                (16, 0),
                (76, 0),
                (15, 0),
            ],
            Self::RegExpLookbehind => [
                (62, 0),
                (1, 0),
                (79, 0),
                (78, 0),
                (16, 4),
                (10, 0),
                (49, 0),
                (16, 4),
            ],
            Self::RegExpModifiers => [
                (125, 0),
                (1, 43),
                (125, 0),
                (132, 0),
                (26, 0),
                (23, 0),
                (111, 0),
                (26, 0),
            ],
            Self::TopLevelAwait => [
                (89, 0),
                (1, 0),
                (89, 0),
                (89, 0),
                (15, 0),
                (14, 8),
                (75, 0),
                (15, 0),
            ],
        };
        let column = match engine {
            Engine::Chrome => 0,
            Engine::Deno => 1,
            Engine::Edge => 2,
            Engine::Firefox => 3,
            Engine::Ios => 4,
            Engine::Node => 5,
            Engine::Opera => 6,
            Engine::Safari => 7,
        };
        releases.get(column).copied()
    }
}
