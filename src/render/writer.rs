//! The text of a chunk while it is put together.

/// Text under construction that knows how many lines it has.
pub(super) struct Writer {
    pub code: String,
    pub lines: u32,
    pub is_small: bool,
}

impl Writer {
    /// Adds a line, or several in one text.
    pub fn line(&mut self, text: &str) {
        let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count() + 1;
        self.lines_of(text, u32::try_from(lines).unwrap_or(u32::MAX));
    }

    /// Adds so many lines in one text.
    pub fn lines_of(&mut self, text: &str, lines: u32) {
        self.code.push_str(text);
        self.code.push('\n');
        self.lines = self.lines.saturating_add(lines);
    }

    /// Adds an import: a line of its own, where people read it.
    pub fn import(&mut self, text: &str) {
        if self.is_small {
            self.code.push_str(text);
        } else {
            self.line(text);
        }
    }

    /// Ends the line that imports stand in.
    pub fn end_imports(&mut self) {
        if self.is_small && !self.code.is_empty() && !self.code.ends_with('\n') {
            self.line("");
        }
    }

    /// `{ a, b }` or `{a,b}`.
    pub fn braces(&self, items: &[String]) -> String {
        if self.is_small {
            format!("{{{}}}", items.join(","))
        } else {
            format!("{{ {} }}", items.join(", "))
        }
    }
}
