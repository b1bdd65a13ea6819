//! One alternative of a range: every notation as the comparators that it abbreviates.

use semver::{Prerelease, Version};

use super::words::{
    Partial, PlaceOrder, Prefix, is_open_prefix, is_plainly_written, open_prefix, split_prefix,
    without_build_metadata,
};
use super::{ANY_FROM, Alternative, Comparator, Operator, checked, is_space};

pub(super) fn parse_alternative(text: &str) -> Option<Alternative> {
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
