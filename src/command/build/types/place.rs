//! Which files declarations come from, and where they go.

use std::path::{Path, PathBuf};

use crate::base::{FileSystem, normalize, relative_posix};
use crate::scan::SourceKind;

/// What a file is to declarations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// TypeScript.
    Typed(SourceKind),
    /// `.d.ts`
    Declaration,
    /// JavaScript, which says nothing of types.
    JavaScript,
    /// JSON, whose types TypeScript sees itself.
    Data,
}

/// Nothing for files that are no code.
pub(super) fn kind_of(path: &Path) -> Option<Kind> {
    if declaration_ending(path).is_some() {
        return Some(Kind::Declaration);
    }
    match SourceKind::of_path(path) {
        Some(kind) if kind.is_typed() => Some(Kind::Typed(kind)),
        Some(_) => Some(Kind::JavaScript),
        None => (path.extension()? == "json").then_some(Kind::Data),
    }
}

fn declaration_ending(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_str()?;
    [".d.ts", ".d.mts", ".d.cts"]
        .into_iter()
        .find(|ending| name.ends_with(ending))
}

/// The ending of the declarations of a source.
fn declaration_of(path: &Path) -> PathBuf {
    let ending = match path.extension().and_then(|extension| extension.to_str()) {
        Some("mts" | "mjs") => "d.mts",
        Some("cts" | "cjs") => "d.cts",
        _ => "d.ts",
    };
    path.with_extension(ending)
}

/// Where the declarations of `file` are, from the directory of all of them; none outside of the module.
pub(super) fn place_of(root: &Path, file: &Path) -> Option<String> {
    file.strip_prefix(root).ok()?;
    let placed = match kind_of(file) {
        Some(Kind::Typed(_) | Kind::JavaScript) => declaration_of(file),
        _ => file.to_path_buf(),
    };
    Some(relative_posix(root, &placed))
}

/// A hand-written declaration beside JavaScript.
pub(super) fn declaration_beside(files: &dyn FileSystem, path: &Path) -> Option<PathBuf> {
    Some(declaration_of(path)).filter(|beside| files.is_file(beside))
}

/// What a relative request means when only declarations are there: `./a` and `./a.js` are `./a.d.ts`.
pub(super) fn looked_up(files: &dyn FileSystem, importer: &Path, specifier: &str) -> Option<PathBuf> {
    let path = normalize(&importer.parent()?.join(specifier));
    let with_ending = |ending: &str| {
        let mut text = path.clone().into_os_string();
        text.push(ending);
        PathBuf::from(text)
    };
    let mut candidates = vec![path.clone()];
    if SourceKind::of_path(&path).is_some() {
        candidates.push(declaration_of(&path));
    }
    candidates.extend([".d.ts", ".d.mts", ".d.cts"].map(with_ending));
    candidates.push(path.join("index.d.ts"));
    candidates
        .into_iter()
        .find(|candidate| kind_of(candidate).is_some() && files.is_file(candidate))
}

/// The request for `target` in the declarations of `importer`, with the extension of the code that they are about.
pub(super) fn specifier_between(importer: &Path, target: &Path) -> String {
    let text = relative_posix(importer.parent().unwrap_or(importer), target);
    let text = if text.starts_with("../") {
        text
    } else {
        format!("./{text}")
    };
    let endings = [
        (".d.mts", ".mjs"),
        (".d.cts", ".cjs"),
        (".d.ts", ".js"),
        (".mts", ".mjs"),
        (".cts", ".cjs"),
        (".tsx", ".js"),
        (".ts", ".js"),
    ];
    let found = endings
        .into_iter()
        .find_map(|(from, to)| Some(format!("{}{to}", text.strip_suffix(from)?)));
    found.unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_name_the_code_that_declarations_are_about() {
        let between = |from: &str, to: &str| specifier_between(Path::new(from), Path::new(to));
        assert_eq!(between("/m/src/a.ts", "/m/src/b.tsx"), "./b.js");
        assert_eq!(between("/m/src/a.ts", "/m/lib/index.d.ts"), "../lib/index.js");
        assert_eq!(between("/m/a.ts", "/m/b.mts"), "./b.mjs");
        assert_eq!(between("/m/a.ts", "/m/b.json"), "./b.json");
    }

    #[test]
    fn declarations_keep_the_path_of_their_source() {
        let place = |file: &str| place_of(Path::new("/m"), Path::new(file));
        assert_eq!(place("/m/src/ui.tsx").as_deref(), Some("src/ui.d.ts"));
        assert_eq!(place("/m/src/ui.mts").as_deref(), Some("src/ui.d.mts"));
        assert_eq!(place("/m/src/ui.d.ts").as_deref(), Some("src/ui.d.ts"));
        assert_eq!(place("/n/src/ui.ts"), None);
    }
}
