//! Style sheets as modules: their rules are printed once, what they import and the URLs they name become
//! requests, and the names that a CSS module makes become its exports.
//!
//! ```css
//! @import "./base.css" layer(base);    /* a request, and the conditions of the import */
//! .logo { background: url(logo.svg) }  /* a request; the printed text has a placeholder */
//! ```

mod circle;
mod class_names;
mod composed_files;
mod composed_kinds;
mod exports;
mod importance;
mod locate;
mod merging;
mod nested_declarations;
mod nested_lists;
mod nested_parents;
mod place;
mod read;
mod rule_parts;
mod scope_blocks;
mod scope_words;
mod targets;
mod text_parts;
mod unreadable;
mod urls;
mod values;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use circle::circles;
pub use composed_kinds::composed_of_no_sheet;
pub use read::load_style;
pub use targets::StyleTargets;
pub use urls::{candidates, split_url};
pub use values::WithoutValues;

use super::generated::{literal, load_delivered, load_generated};
use crate::base::FileSystem;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::graph::{ImportRecord, ModuleSyntax, RecordId, RequestSyntax, Resource};

/// Whether the names in a style sheet are its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StyleScope {
    /// Names mean the same everywhere.
    Global,
    /// Names are made unique, and exported.
    Local,
}

/// How style sheets are written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StyleSettings {
    /// Small or readable.
    pub print: StylePrint,
    /// Whether licences stay.
    pub comments: StyleComments,
    /// For which browsers.
    pub targets: StyleTargets,
    /// Where paths of files that belong to no package start.
    pub root: PathBuf,
}

/// Which comments stay in small style sheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StyleComments {
    /// Those that are licences or ask to be kept.
    #[default]
    Legal,
    /// None.
    Omitted,
}

/// How style sheets are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StylePrint {
    /// One rule per line, names that say where they come from.
    #[default]
    Readable,
    /// As small as possible.
    Minified,
}

/// `?inline` of a style sheet: a module whose `default` is the text of the sheet with all it imports.
pub fn load_style_text(path: &Path, file: &Path) -> ModuleSyntax {
    let name = format!("./{}", file.file_name().unwrap_or_default().to_string_lossy());
    let code = format!("export default new URL({}, import.meta.url);", literal(&name));
    let mut syntax = load_generated(path, code, Arc::from(""));
    for record in &mut syntax.records {
        *record = ImportRecord {
            syntax: RequestSyntax::StyleText,
            ..record.clone()
        };
    }
    syntax
}

/// `?url` of a style sheet: a module whose `default` is the URL of a file with the text of the sheet and all it
/// imports. The text is known when all files are.
pub fn load_style_url(path: &Path, file: &Path) -> ModuleSyntax {
    let mut syntax = load_delivered(path, path, &[]);
    let text = load_style_text(path, file).records.into_iter();
    let record = RecordId::from_usize(syntax.records.len());
    syntax.records.extend(text);
    syntax.resource = Some(Resource::SheetFile(record));
    syntax
}

/// The sheet with its values put in; nothing where it has none.
///
/// # Errors
/// A value that is nowhere.
pub fn values_of_sheet(
    files: &dyn FileSystem,
    path: &Path,
    source: &str,
    scope: StyleScope,
) -> Result<WithoutValues, Box<Diagnostic>> {
    if scope == StyleScope::Global || !values::extends_css(source) {
        return Ok(WithoutValues::default());
    }
    values::without_values(files, path, source).map_err(|problem| {
        let word = problem.rule.word();
        let end = problem.start + word.len();
        let diagnostic = Diagnostic::new(
            Code::Syntax,
            "",
            format!("This `{word}` means nothing: {}.", problem.reason),
            format!("Write {}.", problem.rule.form()),
        );
        Box::new(diagnostic.at(Some(Location::of_range(path, source, problem.start, end))))
    })
}
