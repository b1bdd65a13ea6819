//! npm's version ranges (PROTOCOL Appendix A): does this version satisfy that range?
//!
//! A range is alternatives separated by `||`; an alternative is comparators that must all hold; every
//! other notation is an abbreviation that desugars to comparators first:
//!
//! ```text
//! ^0.2.1          >=0.2.1 <0.3.0-0
//! ~1.2            >=1.2.0 <1.3.0-0
//! 1.x             >=1.0.0 <2.0.0-0
//! 2.6.0 - 2.7     >=2.6.0 <2.8.0-0
//! >3              >=4.0.0
//! ```
//!
//! Why this is written here: of 203 ranges compared with npm's own `semver`, `nodejs-semver` 7 judges 43
//! differently (it accepts `latest || ^1`, and reads `^1 ||` as `^1`) and `node-semver` 2 panics on `~*`. The
//! comparison itself is `fixtures/link/npm-ranges.txt`; the test below repeats it without a difference.

mod alternative;
#[cfg(test)]
mod tests;
mod words;

use semver::Version;

use self::alternative::parse_alternative;
use super::range_cache::read_range;

/// npm refuses longer version texts.
const LONGEST_VERSION: usize = 256;
/// JavaScript's `Number.MAX_SAFE_INTEGER`; npm refuses versions with larger numbers.
const LARGEST_NUMBER: u64 = 9_007_199_254_740_991;
/// `>=` this is no condition at all.
const ANY_FROM: Version = Version::new(0, 0, 0);

/// The answer to "does this version satisfy that range?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Satisfaction {
    /// It does.
    Satisfied,
    /// It does not.
    Violated,
    /// The version or the range cannot be read, so nothing can be said and nothing is reported.
    Undecidable,
}

/// A parsed npm range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NpmRange {
    prereleases: Prereleases,
    alternatives: Vec<Alternative>,
}

/// Which prereleases a range lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Prereleases {
    /// Appendix A's one relaxation of npm: `*`, `x` and the empty range accept all of them.
    All,
    /// Only those on the version a comparator names with a prerelease of its own.
    Named,
}

/// Comparators that must all hold. No comparators: any version.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Alternative {
    All(Vec<Comparator>),
    /// `>*` and the like: no version can satisfy it.
    Never,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Comparator {
    operator: Operator,
    version: Version,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Exactly,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// Reads a version as npm does: a leading `v` and surrounding spaces are allowed.
pub fn parse_version(text: &str) -> Option<Version> {
    if text.len() > LONGEST_VERSION {
        return None;
    }
    let text = text.trim_matches(is_space);
    let version = Version::parse(text.strip_prefix('v').unwrap_or(text)).ok()?;
    [version.major, version.minor, version.patch]
        .iter()
        .all(|number| *number <= LARGEST_NUMBER)
        .then_some(version)
}

/// `None` for a version that npm would refuse: too long, or with a number that is no safe integer.
fn checked(version: Version) -> Option<Version> {
    // A long text has a long prerelease: only then is it worth writing out.
    if version.pre.len() > LONGEST_VERSION / 2 && version.to_string().len() > LONGEST_VERSION {
        return None;
    }
    [version.major, version.minor, version.patch]
        .iter()
        .all(|number| *number <= LARGEST_NUMBER)
        .then_some(version)
}

/// What JavaScript's `\s` and `trim` take for a space: Unicode's white space, with the byte order mark and
/// without the control character "next line".
fn is_space(character: char) -> bool {
    character == '\u{feff}' || (character != '\u{85}' && character.is_whitespace())
}

/// Whether `version` satisfies `range`, both as written by people.
pub fn satisfies(version: &str, range: &str) -> Satisfaction {
    match (parse_version(version), read_range(range)) {
        (Some(version), Some(range)) if range.accepts(&version) => Satisfaction::Satisfied,
        (Some(_), Some(_)) => Satisfaction::Violated,
        _ => Satisfaction::Undecidable,
    }
}

impl NpmRange {
    /// Reads a range; `None` for everything that npm does not take for one (`latest`, `workspace:*`, URLs).
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches(is_space);
        let prereleases = if text.is_empty() || text == "*" || text.eq_ignore_ascii_case("x") {
            Prereleases::All
        } else {
            Prereleases::Named
        };
        let mut alternatives = text
            .split("||")
            .map(parse_alternative)
            .collect::<Option<Vec<_>>>()?;
        if alternatives.len() > 1 {
            alternatives.retain(|alternative| *alternative != Alternative::Never);
            // npm replaces `1.0.0-alpha || *` by `*`, which lets no prerelease in.
            if let Some(any) = alternatives
                .iter()
                .find(|one| matches!(one, Alternative::All(list) if list.is_empty()))
            {
                alternatives = vec![any.clone()];
            }
        }
        Some(Self {
            prereleases,
            alternatives,
        })
    }

    /// Whether the version satisfies one of the alternatives.
    pub fn accepts(&self, version: &Version) -> bool {
        self.prereleases == Prereleases::All
            || self.alternatives.iter().any(|alternative| match alternative {
                Alternative::All(comparators) => all_accept(comparators, version),
                Alternative::Never => false,
            })
    }
}

fn all_accept(comparators: &[Comparator], version: &Version) -> bool {
    let names_this_prerelease = || {
        comparators.iter().any(|Comparator { version: named, .. }| {
            !named.pre.is_empty()
                && (named.major, named.minor, named.patch) == (version.major, version.minor, version.patch)
        })
    };
    comparators.iter().all(|comparator| comparator.accepts(version))
        && (version.pre.is_empty() || names_this_prerelease())
}

impl Comparator {
    fn accepts(&self, version: &Version) -> bool {
        let order = version.cmp_precedence(&self.version);
        match self.operator {
            Operator::Exactly => order.is_eq(),
            Operator::Less => order.is_lt(),
            Operator::AtMost => order.is_le(),
            Operator::Greater => order.is_gt(),
            Operator::AtLeast => order.is_ge(),
        }
    }
}
