//! How the names of a CSS module are made unique. Both sides, every machine and every module that bundles the
//! file make the same ones: they follow from the file's package and its path in it.

use std::path::Path;

use lightningcss::css_modules::{Config, Pattern, Segment};

use super::{StylePrint, StyleSettings};
use crate::base::{content_hash, identifier_from, relative_posix};
use crate::resolve::ResolvedFile;

/// Enough for names to differ between a hundred thousand files.
const DIGITS: usize = 7;

/// `button_3f9c01a_title` to be read, `_3f9c01a_title` to be small. The name stands last: a grid area `title` makes
/// the lines `title-start` and `title-end`.
pub fn naming(file: &ResolvedFile, path: &Path, settings: &StyleSettings) -> Config {
    let hash = content_hash([identity(file, path, &settings.root).as_bytes()], DIGITS);
    let start = match settings.print {
        StylePrint::Readable => format!("{}_{hash}_", stem(path)),
        StylePrint::Minified => format!("_{hash}_"),
    };
    Config {
        pattern: Pattern {
            segments: [Segment::Literal(start.into()), Segment::Local]
                .into_iter()
                .collect(),
        },
        ..Config::default()
    }
}

/// Package name and path in it, or below `root` where there is no package.
fn identity(file: &ResolvedFile, path: &Path, root: &Path) -> String {
    let path_in_package = relative_posix(file.package_dir.as_deref().unwrap_or(root), path);
    format!(
        "{}/{path_in_package}",
        file.package_name.as_deref().unwrap_or_default()
    )
}

/// `src/button.module.css` → `button`.
fn stem(path: &Path) -> String {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    identifier_from(stem).replace('$', "_")
}
