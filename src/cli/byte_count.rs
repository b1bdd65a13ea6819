//! Numbers of bytes as people write them.

use super::bundle_invocation::misused;
use crate::command::CommandError;

/// `500`, `20k`, `1.5MB`: thousands, as sizes of downloads and disks are told. `example` is shown to who is refused.
pub(super) fn byte_count(option: &str, text: &str, example: &str) -> Result<usize, CommandError> {
    parse(text).ok_or_else(|| {
        let fix = format!(
            "Write a number of bytes, `k`, `m` or `g` after it for thousands, millions or billions: `{option} {example}`."
        );
        misused(option, text, "it is no size", &fix)
    })
}

fn parse(text: &str) -> Option<usize> {
    let lower = text.trim().to_ascii_lowercase();
    let number = lower.strip_suffix('b').unwrap_or(&lower);
    let units = [('k', 1e3), ('m', 1e6), ('g', 1e9)];
    let (number, factor) = units
        .iter()
        .find_map(|(unit, factor)| Some((number.strip_suffix(*unit)?, *factor)))
        .unwrap_or((number, 1.0));
    let number = number.trim_end();
    let is_number = !number.is_empty() && number.chars().all(|one| one.is_ascii_digit() || one == '.');
    let size = number.parse::<f64>().ok().filter(|_| is_number);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of digits is not negative, and conversion saturates"
    )]
    size.map(|size| (size * factor) as usize)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn sizes_are_numbers_with_units() {
        for (text, size) in [
            ("0", 0),
            ("500", 500),
            ("20k", 20_000),
            ("1.5MB", 1_500_000),
            ("3 kb", 3_000),
            ("2GB", 2_000_000_000),
        ] {
            assert_eq!(parse(text), Some(size), "{text}");
        }
        for text in ["", "k", "-1", "1e3", "ten", "1t"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
