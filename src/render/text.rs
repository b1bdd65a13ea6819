//! JavaScript text that is written by hand: names and strings in import and export clauses.

use crate::base::is_identifier_name;

/// A name in an import or export clause: quoted when it is not an identifier.
pub fn module_export_name(name: &str) -> String {
    if is_identifier_name(name) {
        name.to_owned()
    } else {
        string_literal(name)
    }
}

/// A string literal. JSON's escapes are JavaScript's.
pub fn string_literal(text: &str) -> String {
    serde_json::to_string(text).expect("a string always has a JSON form")
}

#[cfg(test)]
mod tests {
    use super::module_export_name;

    #[test]
    fn names_are_quoted_only_when_needed() {
        assert_eq!(module_export_name("default"), "default");
        assert_eq!(module_export_name("a-b"), "\"a-b\"");
    }
}
