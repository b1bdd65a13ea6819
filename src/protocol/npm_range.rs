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

use semver::{BuildMetadata, Prerelease, Version};

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

/// What may stand before a version in a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Prefix {
    Caret,
    Tilde,
    Compare(Operator),
}

/// A version with open places: `1`, `1.2.x`, `*`. An absent number is an open place, and so is all behind it.
#[derive(Debug, Clone)]
struct Partial {
    major: Option<u64>,
    minor: Option<u64>,
    patch: Option<u64>,
    prerelease: Prerelease,
    order: PlaceOrder,
}

/// Whether numbers were written behind an open place. npm refuses `1.x.3` but takes `^1.x.3` for `^1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PlaceOrder {
    NumbersFirst,
    NumberBehindOpenPlace,
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

fn parse_alternative(text: &str) -> Option<Alternative> {
    let text = without_build_metadata(text);
    let words: Vec<&str> = text.split(is_space).filter(|word| !word.is_empty()).collect();
    let text = words.join(" ");
    if let Some((from, to)) = text.split_once(" - ") {
        return hyphen_range(from, to);
    }
    let mut comparators = Vec::new();
    let mut is_impossible = false;
    for word in joined_operators(&text).split(' ').filter(|word| !word.is_empty()) {
        match parse_comparator(word)? {
            Alternative::All(more) => comparators.extend(more),
            // The comparators behind an impossible one still have to be valid.
            Alternative::Never => is_impossible = true,
        }
    }
    Some(if is_impossible {
        Alternative::Never
    } else {
        Alternative::All(comparators)
    })
}

/// `>= 1.2.3` means `>=1.2.3`. Removes the space between an operator and what it stands before; the text has
/// only single spaces.
fn joined_operators(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['v', '=', ' ']) {
        let (before, behind) = rest.split_at(start);
        let length = behind
            .find(|character| !is_open_prefix(character))
            .unwrap_or(behind.len());
        let (run, next) = behind.split_at(length);
        joined.push_str(before);
        // `> 1`, `>= 1`, `= 1`. In `v= 1` and `== 1` the space belongs to what npm skips before a number, and
        // such a text falls apart.
        let operator = if before.ends_with(['<', '>']) {
            usize::from(run.starts_with('='))
        } else {
            let lead = usize::from(run.starts_with(' '));
            lead + usize::from(run[lead..].starts_with('='))
        };
        let is_operator = operator > 0 && run[..operator].ends_with('=') || before.ends_with(['<', '>']);
        let is_joined = is_operator
            && run[operator..].starts_with(' ')
            && next.starts_with(|first: char| first.is_ascii_digit() || matches!(first, 'x' | 'X' | '*'));
        if is_joined {
            joined.push_str(&run[..operator]);
            joined.push_str(&run[operator + 1..]);
        } else {
            joined.push_str(run);
        }
        rest = next;
    }
    joined.push_str(rest);
    // `~>` is an old way to write `~`.
    joined.replace("~> ", "~").replace("~ ", "~").replace("^ ", "^")
}

fn parse_comparator(word: &str) -> Option<Alternative> {
    let (prefix, rest) = split_prefix(word);
    let Some(partial) = Partial::parse(open_prefix(rest)) else {
        return without_star(word).and_then(|word| complete_comparator(&without_build_metadata(&word)));
    };
    match prefix {
        Prefix::Caret => {
            let upper = match (partial.major, partial.minor, partial.patch) {
                (None, ..) => return Some(Alternative::All(Vec::new())),
                (Some(0), Some(0), Some(patch)) => [0, 0, next(patch)],
                (Some(0), Some(minor), _) => [0, next(minor), 0],
                (Some(major), ..) => [next(major), 0, 0],
            };
            within(&partial, upper)
        }
        Prefix::Tilde => within(
            &partial,
            match (partial.major, partial.minor) {
                (None, _) => return Some(Alternative::All(Vec::new())),
                (Some(major), None) => [next(major), 0, 0],
                (Some(major), Some(minor)) => [major, next(minor), 0],
            },
        ),
        Prefix::Compare(_) if partial.patch.is_some() => complete_comparator(word),
        Prefix::Compare(_) if partial.order == PlaceOrder::NumberBehindOpenPlace => None,
        Prefix::Compare(operator) => open_comparison(operator, &partial),
    }
}

/// A comparator with a version that has no open place.
fn complete_comparator(word: &str) -> Option<Alternative> {
    let (Prefix::Compare(operator), rest) = split_prefix(word) else {
        return None;
    };
    let partial = Partial::parse(open_prefix(rest)).filter(|partial| partial.patch.is_some())?;
    if !is_plainly_written(rest) {
        return None;
    }
    let version = partial.lowest()?;
    // npm takes `>=0.0.0` for "any version".
    let is_any = operator == Operator::AtLeast && version == ANY_FROM && !rest.starts_with('v');
    Some(Alternative::All(if is_any {
        Vec::new()
    } else {
        vec![Comparator { operator, version }]
    }))
}

/// npm removes the first star, and an operator before it, from what it cannot read, and tries again:
/// `1.2.3*` is `1.2.3`.
fn without_star(word: &str) -> Option<String> {
    let star = word.find('*')?;
    let before = &word[..star];
    let before = before.strip_suffix('=').unwrap_or(before);
    let before = before.strip_suffix(['<', '>']).unwrap_or(before);
    Some(format!("{before}{}", &word[star + 1..]))
}

/// A comparison with an open place: `>1` begins after the last 1.x, `<=1.2` ends after the last 1.2.x.
fn open_comparison(operator: Operator, partial: &Partial) -> Option<Alternative> {
    let Some(major) = partial.major else {
        return Some(match operator {
            Operator::Less | Operator::Greater => Alternative::Never,
            _ => Alternative::All(Vec::new()),
        });
    };
    let after = partial
        .minor
        .map_or([next(major), 0, 0], |minor| [major, next(minor), 0]);
    let first = [major, partial.minor.unwrap_or(0), 0];
    match operator {
        Operator::Exactly => within(partial, after),
        Operator::Less => Some(Alternative::All(vec![below(first)?])),
        Operator::AtMost => Some(Alternative::All(vec![below(after)?])),
        Operator::Greater => Some(Alternative::All(vec![from_on(after)?])),
        Operator::AtLeast if first == [0, 0, 0] => Some(Alternative::All(Vec::new())),
        Operator::AtLeast => Some(Alternative::All(vec![from_on(first)?])),
    }
}

fn hyphen_range(from_word: &str, to_word: &str) -> Option<Alternative> {
    let from = Partial::parse(open_prefix(from_word))?;
    let to = Partial::parse(open_prefix(to_word))?;
    if from.patch.is_some() && !is_plainly_written(from_word) {
        return None;
    }
    // npm rebuilds a prerelease end from its parts, so that `1 - =2.0.0-rc.1` is a range and `1 - =2.0.0` is
    // not.
    if to.patch.is_some() && to.prerelease.is_empty() && !is_plainly_written(to_word) {
        return None;
    }
    let mut comparators = Vec::new();
    if from.major.is_some() {
        // npm copies a complete version as it is written, and does not know `>=v0.0.0` for "any version".
        let is_copied = from.patch.is_some() && from_word.starts_with('v');
        comparators.extend(if is_copied {
            Some(Comparator {
                operator: Operator::AtLeast,
                version: from.lowest()?,
            })
        } else {
            at_least(&from)?
        });
    }
    match (to.major, to.minor, to.patch) {
        (None, ..) => {}
        (Some(major), None, _) => comparators.push(below([next(major), 0, 0])?),
        (Some(major), Some(minor), None) => comparators.push(below([major, next(minor), 0])?),
        _ => comparators.push(Comparator {
            operator: Operator::AtMost,
            version: to.lowest()?,
        }),
    }
    Some(Alternative::All(comparators))
}

fn within(from: &Partial, upper: [u64; 3]) -> Option<Alternative> {
    let lowest = at_least(from)?;
    Some(Alternative::All(
        lowest.into_iter().chain([below(upper)?]).collect(),
    ))
}

/// The lower end of a range; none where it is 0.0.0, which npm takes for "any version".
#[expect(
    clippy::option_option,
    reason = "the outer level is validity, the inner one whether there is an end"
)]
fn at_least(from: &Partial) -> Option<Option<Comparator>> {
    let version = from.lowest()?;
    Some((version != ANY_FROM).then_some(Comparator {
        operator: Operator::AtLeast,
        version,
    }))
}

/// The next number; where there is none, one that [`checked`] refuses.
fn next(number: u64) -> u64 {
    number.saturating_add(1)
}

fn from_on([major, minor, patch]: [u64; 3]) -> Option<Comparator> {
    let version = checked(Version::new(major, minor, patch))?;
    Some(Comparator {
        operator: Operator::AtLeast,
        version,
    })
}

/// `<1.0.0-0`: below 1.0.0 and below all of its prereleases.
fn below([major, minor, patch]: [u64; 3]) -> Option<Comparator> {
    let mut version = checked(Version::new(major, minor, patch))?;
    version.pre = Prerelease::new("0").expect("`0` is a prerelease identifier");
    Some(Comparator {
        operator: Operator::Less,
        version,
    })
}

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

fn split_prefix(word: &str) -> (Prefix, &str) {
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
fn open_prefix(text: &str) -> &str {
    text.trim_start_matches(is_open_prefix)
}

fn is_open_prefix(character: char) -> bool {
    matches!(character, 'v' | '=' | ' ')
}

/// A complete version takes one `v` and no `=` of its own: `==1.2.3` is not a range, `==1.2` is one.
fn is_plainly_written(text: &str) -> bool {
    text.strip_prefix('v')
        .unwrap_or(text)
        .starts_with(|first: char| first.is_ascii_digit())
}

/// Removes every `+build.5`; build metadata never takes part in a comparison.
fn without_build_metadata(text: &str) -> String {
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
    fn parse(text: &str) -> Option<Self> {
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
    fn lowest(&self) -> Option<Version> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appendix_a() {
        for (version, range, expected) in [
            ("3.4.21", "^3.4.0", Satisfaction::Satisfied),
            ("0.3.0", "^0.2.1", Satisfaction::Violated),
            ("0.0.4", "^0.0.3", Satisfaction::Violated),
            ("3.6.0-beta.2", "^3.6.0-beta.1", Satisfaction::Satisfied),
            ("3.0.0-rc.5", "^3.0.0", Satisfaction::Violated),
            ("4.0.0-alpha.1", "^3.4.0", Satisfaction::Violated),
            ("3.1.0-rc.2", "*", Satisfaction::Satisfied),
            ("3.1.0-rc.2", "", Satisfaction::Satisfied),
            ("3.1.0-rc.2", "x", Satisfaction::Satisfied),
            ("2.7.16", "2.6.0 - 2.7.99", Satisfaction::Satisfied),
            ("3.5.0", "latest", Satisfaction::Undecidable),
            ("not a version", "^1.0.0", Satisfaction::Undecidable),
        ] {
            assert_eq!(satisfies(version, range), expected, "{version} in {range:?}");
        }
    }

    /// The fixture holds one line of JSON strings with versions, then per range its JSON string and npm's
    /// verdict for every version: `1`, `0`, or `-` for "no such version"; `invalid` when npm refuses the
    /// range.
    #[test]
    fn every_recorded_verdict_of_npm_is_repeated() {
        let recorded = include_str!("../../fixtures/link/npm-ranges.txt");
        let mut lines = recorded.lines().filter(|line| !line.starts_with('#'));
        let versions: Vec<String> = serde_json::from_str(lines.next().expect("the versions")).expect("JSON");
        let mut differences = Vec::new();
        for line in lines {
            let (range, expected) = line.rsplit_once(' ').expect("range and verdicts");
            let range: String = serde_json::from_str(range).expect("JSON");
            let verdicts = match NpmRange::parse(&range) {
                None => "invalid".to_owned(),
                Some(parsed) => versions
                    .iter()
                    .map(|version| match parse_version(version) {
                        None => '-',
                        Some(version) if parsed.accepts(&version) => '1',
                        Some(_) => '0',
                    })
                    .collect(),
            };
            if verdicts != expected {
                differences.push(format!("{range:?}\n  npm  {expected}\n  here {verdicts}"));
            }
        }
        assert!(differences.is_empty(), "{}", differences.join("\n"));
    }
}
