//! What stands around the code of a file.

/// Text that is added to every file, and where licences go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OuterText {
    /// Before everything but a hashbang.
    pub banner: Option<String>,
    /// After everything but the name of the source map.
    pub footer: Option<String>,
    /// Where comments that must be kept go.
    pub legal_comments: LegalComments,
}

/// Where comments with `@license`, `@preserve` or `!` go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LegalComments {
    /// Nowhere.
    Omitted,
    /// Where they stand in readable output; minified code has them at its end.
    #[default]
    InPlace,
    /// To the end of the file whose code they are about.
    AtEnd,
    /// Into a `.LEGAL.txt` beside the file, which a comment names.
    Linked,
    /// Into a `.LEGAL.txt` beside the file.
    Unlinked,
}
