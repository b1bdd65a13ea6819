//! Text inside HTML pages.

/// Text that is safe between tags and inside a double-quoted attribute.
pub fn escape_text(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// JSON that is safe inside a script: without `<` there is neither `</script` nor `<!--`.
pub fn escape_script_json(json: &str) -> String {
    json.replace('<', "\\u003c")
}
