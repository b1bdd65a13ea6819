//! How output files are called: `[name]-[hash].js`.

use std::fmt;

/// A file name with places for what is known later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePattern {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Name,
    Directory,
    Hash,
    Extension,
}

/// What stands for `[hash]` until contents are known: as long as a hash, in a spelling that no URL has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashText<'a> {
    /// As it will be in the file's name.
    Known(&'a str),
    /// No pattern with `[hash]` is expanded with this.
    Absent,
}

impl NamePattern {
    /// Reads a pattern. `default_extension` (without a dot) is added where the pattern ends without one and
    /// has no `[ext]`.
    ///
    /// # Errors
    /// One sentence that says what is wrong with `text`.
    pub fn parse(text: &str, default_extension: Option<&str>) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text.trim_start_matches("./");
        while let Some(start) = rest.find('[') {
            let (before, after) = rest.split_at(start);
            let Some(end) = after.find(']') else { break };
            push_text(&mut parts, before);
            match &after[1..end] {
                "name" => parts.push(Part::Name),
                "dir" => parts.push(Part::Directory),
                "hash" => parts.push(Part::Hash),
                "ext" => parts.push(Part::Extension),
                other => {
                    return Err(format!(
                        "`[{other}]` is no placeholder; there are [name], [dir], [hash] and [ext]"
                    ));
                }
            }
            rest = &after[end + 1..];
        }
        push_text(&mut parts, rest);
        if text.starts_with('/') || text.split('/').any(|segment| segment == "..") || text.contains('\\') {
            return Err(
                "names stay inside the output directory: no `..`, no leading `/`, no `\\`".to_owned(),
            );
        }
        if parts.is_empty() || text.ends_with('/') {
            return Err("a file needs a name".to_owned());
        }
        let pattern = Self { parts };
        Ok(match default_extension {
            Some(extension) if !pattern.has_extension() => pattern.with_text(&format!(".{extension}")),
            _ => pattern,
        })
    }

    fn has_extension(&self) -> bool {
        match self.parts.last() {
            Some(Part::Extension) => true,
            Some(Part::Text(text)) => [".js", ".mjs", ".cjs"].iter().any(|end| text.ends_with(end)),
            _ => false,
        }
    }

    /// The same pattern for files of another kind: `[name].[hash].final.mjs` becomes `[name].[hash].final.css`.
    #[must_use]
    pub fn for_extension(&self, extension: &str) -> Self {
        let mut pattern = self.clone();
        if pattern.parts.last() == Some(&Part::Extension) {
            return pattern;
        }
        if let Some(Part::Text(text)) = pattern.parts.last_mut()
            && let Some(dot) = text.rfind('.').filter(|dot| !text[*dot..].contains('/'))
        {
            text.truncate(dot);
        }
        pattern.with_text(&format!(".{extension}"))
    }

    fn with_text(mut self, text: &str) -> Self {
        push_text(&mut self.parts, text);
        self
    }

    /// Whether names depend on contents.
    pub fn has_hash(&self) -> bool {
        self.parts.contains(&Part::Hash)
    }

    /// Whether the directory of the source shows.
    pub fn has_directory(&self) -> bool {
        self.parts.contains(&Part::Directory)
    }

    /// The file name for something called `name`, which may have directories of its own.
    pub fn expand(&self, name: &str, hash: HashText<'_>, extension: &str) -> String {
        let (directory, base) = match name.rsplit_once('/') {
            Some((directory, base)) if self.has_directory() => (directory, base),
            _ => ("", name),
        };
        let mut file = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => file.push_str(text),
                Part::Name => file.push_str(base),
                Part::Directory => file.push_str(directory),
                Part::Extension => file.push_str(extension),
                Part::Hash => match hash {
                    HashText::Known(text) => file.push_str(text),
                    HashText::Absent => {}
                },
            }
        }
        // An empty `[dir]` leaves its slash.
        let segments: Vec<&str> = file.split('/').filter(|segment| !segment.is_empty()).collect();
        segments.join("/")
    }
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(Part::Text(last)) = parts.last_mut() {
        last.push_str(text);
    } else {
        parts.push(Part::Text(text.to_owned()));
    }
}

impl fmt::Display for NamePattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| match part {
            Part::Text(text) => formatter.write_str(text),
            Part::Name => formatter.write_str("[name]"),
            Part::Directory => formatter.write_str("[dir]"),
            Part::Hash => formatter.write_str("[hash]"),
            Part::Extension => formatter.write_str("[ext]"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(pattern: &str, name: &str) -> String {
        NamePattern::parse(pattern, Some("js"))
            .expect("the pattern is right")
            .expand(name, HashText::Known("12345678"), "js")
    }

    #[test]
    fn placeholders_are_filled() {
        assert_eq!(expanded("[name]", "main"), "main.js");
        assert_eq!(expanded("[name].mjs", "a/main"), "a/main.mjs");
        assert_eq!(expanded("js/[name]-[hash]", "main"), "js/main-12345678.js");
        assert_eq!(expanded("[dir]/[name]", "a/b/main"), "a/b/main.js");
        assert_eq!(expanded("[dir]/[name]", "main"), "main.js");
        assert_eq!(expanded("[name]/[dir]/[hash].[ext]", "a/b"), "b/a/12345678.js");
        assert_eq!(expanded("./bundle", "main"), "bundle.js");
        assert_eq!(expanded("v1.2/[name]", "main"), "v1.2/main.js");
    }

    #[test]
    fn patterns_stay_in_the_output_directory() {
        for text in ["", "../[name]", "/a/[name]", "[name]/", "[id]", "a\\b", "a/../b"] {
            assert!(NamePattern::parse(text, Some("js")).is_err(), "{text}");
        }
    }

    #[test]
    fn style_sheets_are_called_like_their_code() {
        for (code, style) in [
            ("[name].[hash].final.mjs", "[name].[hash].final.css"),
            ("[name]-[hash].js", "[name]-[hash].css"),
            ("[dir]/[name].[ext]", "[dir]/[name].[ext]"),
            ("v1.2/[name]", "v1.2/[name].css"),
        ] {
            let pattern = NamePattern::parse(code, None).expect("the pattern is right");
            assert_eq!(pattern.for_extension("css").to_string(), style);
        }
    }

    #[test]
    fn a_pattern_shows_as_it_was_written() {
        let text = "[dir]/[name]-[hash].[ext]";
        assert_eq!(
            NamePattern::parse(text, None).map(|one| one.to_string()),
            Ok(text.to_owned())
        );
    }
}
