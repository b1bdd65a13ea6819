//! Taking properties out of `modules` and leaving every other byte of the file where it is.

use std::ops::Range;

use super::literal::{Literal, Property};

/// The source without the properties of `modules` that have one of these keys.
pub fn without_properties(source: &str, modules: &Literal, keys: &[&str]) -> String {
    let is_removed = |property: &&Property| keys.contains(&property.key.as_str());
    let mut text = source.to_owned();
    for property in modules.properties().iter().rev().filter(is_removed) {
        let range = removal(&text, &property.range);
        text.replace_range(range, "");
    }
    text
}

/// The property with its comma, and with its lines when nothing else stands on them.
fn removal(source: &str, property: &Range<usize>) -> Range<usize> {
    let mut range = property.clone();
    let comma = comma_behind(source, property.end);
    range.end = comma.unwrap_or(range.end);

    let line_start = source[..range.start].rfind('\n').map_or(0, |feed| feed + 1);
    let line_end = source[range.end..]
        .find('\n')
        .map_or(source.len(), |feed| range.end + feed + 1);
    let is_blank = |text: &str| text.trim().is_empty();
    let starts_line = is_blank(&source[line_start..range.start]);
    if starts_line && is_blank(&source[range.end..line_end]) {
        return line_start..line_end;
    }
    let trailing = source[range.end..]
        .find(|character: char| !matches!(character, ' ' | '\t'))
        .unwrap_or(0);
    if comma.is_some() {
        range.end += trailing;
        return range;
    }
    // The last one of a line: `{ links: {}, lib: true }` becomes `{ links: {} }`.
    let before = source[..range.start].trim_end_matches([' ', '\t']);
    if let Some(rest) = before.strip_suffix(',') {
        range.start = rest.len();
    } else if before.ends_with('{') {
        range.end += trailing;
    }
    range
}

/// The end of the comma that follows, past white space and comments.
fn comma_behind(source: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let rest = &source[at..];
        let blank = rest.len() - rest.trim_start().len();
        let rest = &rest[blank..];
        at += blank;
        if rest.starts_with(',') {
            return Some(at + 1);
        } else if rest.starts_with("//") {
            at += rest.find('\n')?;
        } else if rest.starts_with("/*") {
            at += rest.find("*/")? + 2;
        } else {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{BehaviourFile, ModulesField};
    use super::without_properties;

    fn removed(source: &str) -> String {
        let file = BehaviourFile::parse("/m/entry.node.ts".into(), source.to_owned()).unwrap();
        let ModulesField::Written(modules) = &file.modules else {
            panic!("{source}")
        };
        without_properties(source, modules, &["lib", "imports", "exports", "scopes"])
    }

    #[test]
    fn whole_lines_go_with_their_properties() {
        assert_eq!(
            removed(
                "export default {\n  modules: {\n    // kept\n    lib: true,\n    links: { a: 'b' },\n    exports: [\n      'pkg:x',\n    ],\n  },\n  server() {}\n};\n"
            ),
            "export default {\n  modules: {\n    // kept\n    links: { a: 'b' },\n  },\n  server() {}\n};\n"
        );
        assert_eq!(
            removed("export default { modules: {\r\n  imports: {},\r\n  links: {},\r\n  scopes: {}\r\n} }"),
            "export default { modules: {\r\n  links: {},\r\n} }"
        );
    }

    #[test]
    fn on_one_line_the_comma_goes_too() {
        for (before, after) in [
            ("{ lib: true, links: {} }", "{ links: {} }"),
            ("{ links: {}, lib: true }", "{ links: {} }"),
            ("{ links: {}, lib: true, }", "{ links: {}, }"),
            ("{ lib: true }", "{ }"),
            ("{lib:true}", "{}"),
            (
                "{ lib: true, exports: [], links: {}, 'imports': {} }",
                "{ links: {} }",
            ),
            ("{ lib: true /* a */ , links: {} }", "{ links: {} }"),
            ("{ lib: true, /* a */ links: {} }", "{ /* a */ links: {} }"),
        ] {
            let source = |modules: &str| format!("export default {{ modules: {modules}, a: 1 }};");
            assert_eq!(removed(&source(before)), source(after));
        }
    }

    #[test]
    fn comments_stay() {
        assert_eq!(
            removed("export default { modules: {\n  lib: true, // why\n  links: {}\n} }"),
            "export default { modules: {\n  // why\n  links: {}\n} }"
        );
    }
}
