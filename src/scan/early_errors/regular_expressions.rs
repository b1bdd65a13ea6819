//! What is wrong with a regular expression (ECMA-262 §22.2.1.1). The library `regress` knows most of it; what it lets pass or
//! does not know is looked for here: modifiers (`(?i-s:…)`), assertions that are repeated, ranges between halves of
//! characters, and what only sets with the flag `v` can say.

/// The problem of a pattern, as the end of a sentence.
pub(in crate::scan) fn pattern_problem(pattern: &str, flags: &str) -> Option<String> {
    if flags.contains('u') && flags.contains('v') {
        return Some("flags `u` and `v` exclude each other".to_owned());
    }
    let plain = match without_modifiers(pattern) {
        Ok(plain) => plain,
        Err(problem) => return Some(problem.to_owned()),
    };
    // Optimising is for those who match.
    let mut wanted = regress::Flags::from(flags);
    wanted.no_opt = true;
    if let Err(error) = regress::Regex::with_flags(&plain, wanted) {
        return Some(error.text);
    }
    let problem = if flags.contains('v') {
        problem_of_sets(&plain)
    } else if flags.contains('u') {
        None
    } else {
        problem_of_units(&plain)
    };
    problem.map(str::to_owned)
}

/// Puts `(?:` in the place of `(?i-m:`.
fn without_modifiers(pattern: &str) -> Result<String, &'static str> {
    if memchr::memmem::find(pattern.as_bytes(), b"(?").is_none() {
        return Ok(pattern.to_owned());
    }
    let mut plain = String::with_capacity(pattern.len());
    let mut rest = pattern;
    let mut depth_of_set = 0_usize;
    while let Some(character) = rest.chars().next() {
        let mut taken = character.len_utf8();
        match character {
            '\\' => taken += rest[1..].chars().next().map_or(0, char::len_utf8),
            '[' => depth_of_set += 1,
            ']' => depth_of_set = depth_of_set.saturating_sub(1),
            '(' if depth_of_set == 0 => {
                if let Some(inside) = rest.strip_prefix("(?")
                    && inside.starts_with(|next: char| next == '-' || next.is_ascii_alphabetic())
                {
                    let end = inside
                        .find(|next: char| next != '-' && !next.is_ascii_alphabetic())
                        .filter(|end| inside[*end..].starts_with(':'))
                        .ok_or("a group of modifiers has no `:`")?;
                    check_modifiers(&inside[..end])?;
                    plain.push_str("(?:");
                    rest = &inside[end + 1..];
                    continue;
                }
            }
            _ => {}
        }
        plain.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    Ok(plain)
}

fn check_modifiers(modifiers: &str) -> Result<(), &'static str> {
    let mut seen = String::new();
    for modifier in modifiers.chars() {
        if seen.contains(modifier) {
            return Err("a modifier is given twice");
        }
        if !matches!(modifier, 'i' | 'm' | 's' | '-') {
            return Err("there are only the modifiers `i`, `m` and `s`");
        }
        seen.push(modifier);
    }
    if seen == "-" {
        return Err("a group of modifiers is empty");
    }
    Ok(())
}

/// Without `u` and `v` a pattern is made of UTF-16 units.
fn problem_of_units(pattern: &str) -> Option<&'static str> {
    let mut characters = pattern.chars().peekable();
    let mut is_in_set = false;
    // The unit that a range would begin with.
    let mut before: Option<u32> = None;
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                let escaped = characters.next();
                if !is_in_set
                    && matches!(escaped, Some('b' | 'B'))
                    && matches!(characters.peek(), Some('*' | '+' | '?'))
                {
                    return Some("there is nothing to repeat");
                }
                before = None;
            }
            '[' if !is_in_set => {
                is_in_set = true;
                before = None;
            }
            ']' => is_in_set = false,
            '-' if is_in_set => {
                if let (Some(from), Some(to)) = (before, characters.peek())
                    && !matches!(to, ']' | '\\')
                {
                    let mut units = [0; 2];
                    let to = u32::from(to.encode_utf16(&mut units)[0]);
                    if from > to {
                        return Some("a range is out of order");
                    }
                }
                before = None;
            }
            _ => {
                let mut units = [0; 2];
                before = character
                    .encode_utf16(&mut units)
                    .last()
                    .map(|unit| u32::from(*unit));
            }
        }
    }
    None
}

/// With `v`, sets contain sets and strings.
fn problem_of_sets(pattern: &str) -> Option<&'static str> {
    let mut characters = pattern.chars().peekable();
    // Whether each open set is negated.
    let mut sets: Vec<bool> = Vec::new();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('q') if sets.is_empty() => return Some("`\\q` stands outside a set"),
                Some('q') if sets.contains(&true) => {
                    let strings: String = characters.by_ref().take_while(|next| *next != '}').collect();
                    let is_long = |text: &str| {
                        let escapes = text.matches('\\').count();
                        text.chars().count() != 1 && escapes != 1
                    };
                    if strings.trim_start_matches('{').split('|').any(is_long) {
                        return Some("a negated set contains a string");
                    }
                }
                Some(
                    '!' | '"' | '#' | '%' | '&' | '\'' | ',' | ':' | ';' | '<' | '=' | '>' | '@' | '`' | '~',
                ) if sets.is_empty() => {
                    return Some("there is no such escape");
                }
                _ => {}
            },
            '[' => sets.push(characters.peek() == Some(&'^')),
            ']' => {
                sets.pop();
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::pattern_problem;

    #[test]
    fn modifiers_are_checked_and_the_rest_with_them() {
        for pattern in [
            "(?i:a)",
            "(?-s:a)",
            "(?im-s:a)",
            "[(?x:]",
            r"\(?:a",
            "(?i:(?<a>b))",
        ] {
            assert_eq!(pattern_problem(pattern, ""), None, "{pattern}");
        }
        for pattern in [
            "(?i)",
            "(?ii:a)",
            "(?i-i:a)",
            "(?-:a)",
            "(?x:a)",
            "(?i:a",
            "(?i:(?<a>b))(?<a>c)",
        ] {
            assert!(pattern_problem(pattern, "").is_some(), "{pattern}");
        }
    }

    #[test]
    fn patterns_are_made_of_units_or_of_characters() {
        assert!(pattern_problem("[😀-😂]", "").is_some());
        assert!(pattern_problem("[😀-😂]", "u").is_none());
        assert!(pattern_problem("[a-z😀-]", "").is_none());
        assert!(pattern_problem(r"\b*", "").is_some());
        assert!(pattern_problem(r"[\b*]\b", "").is_none());
    }

    #[test]
    fn sets_with_strings_are_checked() {
        for pattern in [r"[^\q{abc}]", r"[^[\q{abc}]]", r"\q{a}", r"\!"] {
            assert!(pattern_problem(pattern, "v").is_some(), "{pattern}");
        }
        for pattern in [r"[\q{abc}]", r"[^\q{a|b}]", r"[\!]", r"\$"] {
            assert!(pattern_problem(pattern, "v").is_none(), "{pattern}");
        }
    }
}
