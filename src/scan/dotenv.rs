//! `.env` files: `NAME=value` by the line, with quotes, comments and references to other variables.

/// The variables of a file in the order in which they stand. `known` answers for names that the file refers to
/// and does not set before.
pub fn parse_dotenv(text: &str, known: &dyn Fn(&str) -> Option<String>) -> Vec<(String, String)> {
    let mut variables: Vec<(String, String)> = Vec::new();
    let mut rest = text.trim_start_matches('\u{feff}');
    while !rest.is_empty() {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let Some((name, value)) = assignment(line) else {
            rest = after;
            continue;
        };
        let value = value.trim_start();
        let quote = value
            .chars()
            .next()
            .filter(|first| matches!(first, '"' | '\'' | '`'));
        // A quoted value may go on over lines.
        let quoted = quote.and_then(|quote| {
            let start = value.as_ptr().addr() - rest.as_ptr().addr() + 1;
            let inner = &rest[start..];
            let end = closing(inner, quote)?;
            Some((quote, &inner[..end], &inner[end + 1..]))
        });
        let value = if let Some((quote, inner, behind)) = quoted {
            rest = behind.split_once('\n').map_or("", |(_, after)| after);
            match quote {
                '"' => expanded(
                    &inner.replace("\\n", "\n").replace("\\r", "\r"),
                    &variables,
                    known,
                ),
                _ => inner.to_owned(),
            }
        } else {
            rest = after;
            expanded(without_comment(value).trim_end(), &variables, known)
        };
        variables.push((name.to_owned(), value));
    }
    variables
}

/// `export NAME = value` → name and what stands behind the sign.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let name = name.trim();
    let name = name.strip_prefix("export ").map_or(name, str::trim_start);
    let mut characters = name.chars();
    let starts_well = characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    let is_name =
        starts_well && characters.all(|one| one.is_ascii_alphanumeric() || matches!(one, '_' | '.' | '-'));
    is_name.then_some((name, value.trim_end_matches('\r')))
}

/// Where the quote ends, an escaped one in double quotes not counting.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices().find_map(|(index, character)| {
        let ends = character == quote && !is_escaped;
        is_escaped = quote == '"' && character == '\\' && !is_escaped;
        ends.then_some(index)
    })
}

fn without_comment(value: &str) -> &str {
    if value.starts_with('#') {
        return "";
    }
    value.find(" #").map_or(value, |start| &value[..start])
}

/// `$NAME` and `${NAME}` by their values; `\$` is a dollar sign.
fn expanded(text: &str, variables: &[(String, String)], known: &dyn Fn(&str) -> Option<String>) -> String {
    let value_of = |name: &str| {
        let own = variables.iter().rev().find(|(other, _)| other == name);
        own.map(|(_, value)| value.clone())
            .or_else(|| known(name))
            .unwrap_or_default()
    };
    let mut output = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('$') {
        let (before, after) = (&rest[..start], &rest[start + 1..]);
        if let Some(before) = before.strip_suffix('\\') {
            output.push_str(before);
            output.push('$');
            rest = after;
            continue;
        }
        output.push_str(before);
        let braced = after.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let (name, behind) = braced.unwrap_or_else(|| {
            let end = after
                .find(|one: char| !one.is_ascii_alphanumeric() && one != '_')
                .unwrap_or(after.len());
            after.split_at(end)
        });
        if name.is_empty() {
            output.push('$');
        } else {
            output.push_str(&value_of(name));
        }
        rest = behind;
    }
    output.push_str(rest);
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Vec<(String, String)> {
        parse_dotenv(text, &|name| (name == "HOME_PAGE").then(|| "outside".to_owned()))
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn lines_are_variables() {
        assert_eq!(
            parsed("# comment\nQ=\"q\"\r\nA=1\r\nexport B = two words # comment\nC=\nnot a line\n=x\nD=a#b"),
            pairs(&[
                ("Q", "q"),
                ("A", "1"),
                ("B", "two words"),
                ("C", ""),
                ("D", "a#b")
            ])
        );
    }

    #[test]
    fn quotes_keep_what_they_hold() {
        assert_eq!(
            parsed(
                "A=\"one # \\\"two\\nthree\" # comment\nB='$A \\n'\nC=`x`\nD=\"first\nsecond\"\nE=last\nF=\"open"
            ),
            pairs(&[
                ("A", "one # \\\"two\nthree"),
                ("B", "$A \\n"),
                ("C", "x"),
                ("D", "first\nsecond"),
                ("E", "last"),
                ("F", "\"open"),
            ])
        );
    }

    #[test]
    fn references_are_replaced() {
        assert_eq!(
            parsed("A=1\nB=${A}$A-$HOME_PAGE$NONE\nC=\\$A 5$\nD=\"${A}\""),
            pairs(&[("A", "1"), ("B", "11-outside"), ("C", "$A 5$"), ("D", "1")])
        );
    }
}
