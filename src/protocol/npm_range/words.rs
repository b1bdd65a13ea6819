//! The words of a range: what stands before a version, and versions with open places.

use semver::{BuildMetadata, Prerelease, Version};

use super::{LONGEST_VERSION, Operator, checked};

/// What may stand before a version in a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefix {
    Caret,
    Tilde,
    Compare(Operator),
}

/// A version with open places: `1`, `1.2.x`, `*`. An absent number is an open place, and so is all behind it.
#[derive(Debug, Clone)]
pub(super) struct Partial {
    pub major: Option<u64>,
    pub minor: Option<u64>,
    pub patch: Option<u64>,
    pub prerelease: Prerelease,
    pub order: PlaceOrder,
}

/// Whether numbers were written behind an open place. npm refuses `1.x.3` but takes `^1.x.3` for `^1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlaceOrder {
    NumbersFirst,
    NumberBehindOpenPlace,
}

pub(super) fn split_prefix(word: &str) -> (Prefix, &str) {
    const PREFIXES: [(&str, Prefix); 8] = [
        ("^", Prefix::Caret),
        ("~>", Prefix::Tilde),
        ("~", Prefix::Tilde),
        (">=", Prefix::Compare(Operator::AtLeast)),
        ("<=", Prefix::Compare(Operator::AtMost)),
        (">", Prefix::Compare(Operator::Greater)),
        ("<", Prefix::Compare(Operator::Less)),
        ("=", Prefix::Compare(Operator::Exactly)),
    ];
    PREFIXES
        .iter()
        .find_map(|(text, prefix)| word.strip_prefix(text).map(|rest| (*prefix, rest)))
        .unwrap_or((Prefix::Compare(Operator::Exactly), word))
}

/// npm skips any mixture of `v`, `=` and spaces before a number.
pub(super) fn open_prefix(text: &str) -> &str {
    text.trim_start_matches(is_open_prefix)
}

pub(super) fn is_open_prefix(character: char) -> bool {
    matches!(character, 'v' | '=' | ' ')
}

/// A complete version takes one `v` and no `=` of its own: `==1.2.3` is not a range, `==1.2` is one.
pub(super) fn is_plainly_written(text: &str) -> bool {
    text.strip_prefix('v')
        .unwrap_or(text)
        .starts_with(|first: char| first.is_ascii_digit())
}

/// Removes every `+build.5`; build metadata never takes part in a comparison.
pub(super) fn without_build_metadata(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(plus) = rest.find('+') {
        let length = identifiers_length(&rest[plus + 1..]);
        // A plus with nothing behind it is no metadata; it stays, and makes the range invalid.
        let resume = plus + usize::from(length > 0) * length + 1;
        kept.push_str(&rest[..if length > 0 { plus } else { resume }]);
        rest = &rest[resume..];
    }
    kept + rest
}

/// The length of dot-separated identifiers of letters, digits and dashes at the start of a text.
fn identifiers_length(text: &str) -> usize {
    let mut end = 0;
    loop {
        let start = if end == 0 { 0 } else { end + 1 };
        let identifier = text[start..]
            .find(|character: char| !character.is_ascii_alphanumeric() && character != '-')
            .unwrap_or(text.len() - start);
        if identifier == 0 {
            return end;
        }
        end = start + identifier;
        if !text[end..].starts_with('.') {
            return end;
        }
    }
}

impl Partial {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (numbers, prerelease) = match text.split_once('-') {
            Some((numbers, prerelease)) => (numbers, Some(prerelease)),
            None => (text, None),
        };
        let places = numbers.split('.').map(parse_place).collect::<Option<Vec<_>>>()?;
        let (major, minor, patch) = match places[..] {
            [major] => (major, None, None),
            [major, minor] => (major, minor, None),
            [major, minor, patch] => (major, minor, patch),
            _ => return None,
        };
        let is_ordered = (major.is_some() || minor.is_none()) && (minor.is_some() || patch.is_none());
        // A prerelease needs all three places to be written.
        if prerelease.is_some() && places.len() < 3 {
            return None;
        }
        let minor = major.and(minor);
        let patch = minor.and(patch);
        let prerelease = match prerelease {
            Some("") => return None,
            Some(text) => Prerelease::new(text).ok()?,
            None => Prerelease::EMPTY,
        };
        let order = if is_ordered {
            PlaceOrder::NumbersFirst
        } else {
            PlaceOrder::NumberBehindOpenPlace
        };
        Some(Self {
            major,
            minor,
            patch,
            prerelease,
            order,
        })
    }

    /// The lowest version that fills the open places; `None` when npm would refuse its numbers.
    pub(super) fn lowest(&self) -> Option<Version> {
        checked(Version {
            major: self.major.unwrap_or(0),
            minor: self.minor.unwrap_or(0),
            patch: self.patch.unwrap_or(0),
            pre: if self.patch.is_some() {
                self.prerelease.clone()
            } else {
                Prerelease::EMPTY
            },
            build: BuildMetadata::EMPTY,
        })
    }
}

/// `Some(None)` is an open place.
#[expect(
    clippy::option_option,
    reason = "the outer level is validity, the inner one the open place"
)]
fn parse_place(text: &str) -> Option<Option<u64>> {
    match text {
        "x" | "X" | "*" => Some(None),
        "0" => Some(Some(0)),
        _ if text.is_empty() || text.starts_with('0') || text.len() > LONGEST_VERSION + 1 => None,
        _ if !text.bytes().all(|byte| byte.is_ascii_digit()) => None,
        // Behind an open place any number may stand; elsewhere `checked` refuses one that is too large.
        _ => Some(Some(text.parse().unwrap_or(u64::MAX))),
    }
}
