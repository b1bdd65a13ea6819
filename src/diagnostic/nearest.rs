//! The right word for a mistyped one.

/// The candidate closest to `name`, when it is close enough to be what was meant.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| {
            let distance = if candidate.eq_ignore_ascii_case(name) {
                0
            } else {
                strsim::damerau_levenshtein(name, candidate)
            };
            (distance, candidate)
        })
        .filter(|(distance, candidate)| *distance <= candidate.chars().count().max(name.len()).div_ceil(3))
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn typing_errors_are_found_and_strangers_are_not() {
        assert_eq!(nearest("usestate", ["useRef", "useState"]), Some("useState"));
        assert_eq!(nearest("recat", ["react", "vue"]), Some("react"));
        assert_eq!(nearest("x", ["completely", "different"]), None);
    }
}
