//! Identifiers made from file names and specifiers.

use swc_core::ecma::ast::Ident;

use super::short_name::is_reserved;

/// An identifier for a file: `src/form/input.ts` → `input`, `node_modules/vue/index.js` → `vue`.
pub fn file_identifier(stable_path: &str) -> String {
    let file = last_segment(stable_path);
    let mut stem = file.split_once('.').map_or(file, |(stem, _)| stem);
    if stem == "index" || stem.is_empty() {
        stem = stable_path.rsplit('/').nth(1).unwrap_or("index");
    }
    identifier_from(stem)
}

/// What stands after the last `/` or `:`.
pub fn last_segment(text: &str) -> &str {
    text.rsplit(['/', ':']).next().unwrap_or(text)
}

/// An identifier that reads like `text`.
pub fn identifier_from(text: &str) -> String {
    let mut name: String = text
        .chars()
        .map(|c| if Ident::is_valid_continue(c) { c } else { '_' })
        .collect();
    if !name.chars().next().is_some_and(Ident::is_valid_start) {
        name.insert(0, '_');
    }
    name
}

/// Whether a name can stand after a dot or in an import clause without quotes.
pub fn is_identifier_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(Ident::is_valid_start) && characters.all(Ident::is_valid_continue)
}

/// Whether a name is a word that modules cannot bind, or should not: `arguments`, `eval`, `undefined`.
pub fn is_unbindable(name: &str) -> bool {
    is_reserved(name)
        || matches!(
            name,
            "continue"
                | "debugger"
                | "default"
                | "extends"
                | "finally"
                | "function"
                | "implements"
                | "instanceof"
                | "interface"
                | "package"
                | "private"
                | "protected"
                | "arguments"
                | "undefined"
        )
}

#[cfg(test)]
mod tests {
    use super::{file_identifier, identifier_from};

    #[test]
    fn files_give_readable_identifiers() {
        assert_eq!(file_identifier("src/form/input.ts"), "input");
        assert_eq!(file_identifier("node_modules/vue/index.js"), "vue");
        assert_eq!(identifier_from("2-things"), "_2_things");
    }
}
