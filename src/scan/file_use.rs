//! What a specifier wants of a file: `./logo.svg?raw` is another module than `./logo.svg`. A module is known by
//! its path, so the wish becomes part of the file's name. Any other query or fragment makes a script a module of its own,
//! as in Node and in browsers.

use std::path::{Path, PathBuf};

use super::source_kind::SourceKind;

/// What a query asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileUse {
    /// `?url`: the file is delivered, `default` is its URL. A style sheet is delivered with all it imports.
    Url,
    /// `new URL(…)` and `url()` of a style sheet: it is delivered as it is.
    Copy,
    /// `?raw`: `default` is the text.
    Raw,
    /// `?inline`: `default` is a `data:` URL; of a style sheet, its text.
    Inline,
    /// `with { type: 'bytes' }`: `default` is a `Uint8Array`.
    Bytes,
    /// `with { type: 'json' }` of a file that is not called so: `default` is the value.
    Json,
    /// `with { type: 'css' }`: `default` is a `CSSStyleSheet`.
    StyleSheet,
    /// `?init`: `default` is a function that instantiates the WebAssembly module.
    Init,
    /// `?worker`: `default` makes a `Worker` that runs the module.
    Worker,
    /// `?sharedworker`: the same with a `SharedWorker`.
    SharedWorker,
    /// Any other query or fragment of a delivered file: `default` is its URL with that behind it.
    Place,
}

impl FileUse {
    const ALL: [Self; 10] = [
        Self::Url,
        Self::Copy,
        Self::Raw,
        Self::Inline,
        Self::Bytes,
        Self::Json,
        Self::StyleSheet,
        Self::Init,
        Self::Worker,
        Self::SharedWorker,
    ];

    /// The word after the question mark.
    pub fn word(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Copy => "type=copy",
            Self::Raw => "raw",
            Self::Inline => "inline",
            Self::Bytes => "type=bytes",
            Self::Json => "type=json",
            Self::StyleSheet => "type=css",
            Self::Init => "init",
            Self::Worker => "worker",
            Self::SharedWorker => "sharedworker",
            Self::Place => "place",
        }
    }

    fn of_query(query: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wish| query == wish.word())
    }

    /// The name under which the use of `file` is a module of its own.
    pub fn mark(self, file: &Path) -> PathBuf {
        let mut name = file.file_name().unwrap_or_default().to_os_string();
        name.push("?");
        name.push(self.word());
        file.with_file_name(name)
    }
}

/// A specifier without a query that asks for something. Other queries belong to the specifier.
pub fn split_specifier(specifier: &str) -> (&str, Option<FileUse>) {
    match specifier.rsplit_once('?') {
        Some((file, query)) if !file.is_empty() => match FileUse::of_query(query) {
            Some(wish) => (file, Some(wish)),
            None => (specifier, None),
        },
        _ => (specifier, None),
    }
}

/// The name under which a script that is asked for as `specifier` is a module of its own; none without query and
/// fragment, or where these characters belong to the name of the file.
pub fn own_instance(file: &Path, specifier: &str) -> Option<PathBuf> {
    SourceKind::of_path(file)?;
    let (name, suffix) = name_and_suffix(file, specifier)?;
    let separator = if suffix.starts_with('?') { "" } else { "?" };
    Some(file.with_file_name(format!("{name}{separator}{}", suffix.replace('/', "%2F"))))
}

/// The same for a file that is delivered, whose URL gets the query and the fragment.
pub fn place_in(file: &Path, specifier: &str) -> Option<PathBuf> {
    let (name, suffix) = name_and_suffix(file, specifier)?;
    let suffix = suffix.replace('%', "%25").replace('/', "%2F");
    Some(file.with_file_name(format!("{name}{PLACE}{suffix}")))
}

/// What stands between the name of a delivered file and the query or fragment that its URL gets.
const PLACE: &str = "?place=";

/// Query and fragment of a module that [`place_in`] names.
pub fn suffix_of_place(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_string_lossy();
    let (_, suffix) = name.split_once(PLACE)?;
    Some(suffix.replace("%2F", "/").replace("%25", "%"))
}

fn name_and_suffix<'a>(file: &'a Path, specifier: &'a str) -> Option<(&'a str, &'a str)> {
    let start = specifier
        .char_indices()
        .skip(1)
        .find(|(_, character)| matches!(character, '?' | '#'))?
        .0;
    let suffix = &specifier[start..];
    let name = file.file_name()?.to_str()?;
    let is_part_of_name = crate::base::to_posix(file).contains(suffix) || name.contains(['?', '#']);
    (!is_part_of_name).then_some((name, suffix))
}

/// The file behind a module's path, and what is wanted of it.
pub fn split_path(path: &Path) -> (PathBuf, Option<FileUse>) {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    if let Some((file, _)) = name.split_once(PLACE) {
        return (path.with_file_name(file), Some(FileUse::Place));
    }
    match split_specifier(&name) {
        (file, Some(wish)) => (path.with_file_name(file), Some(wish)),
        (name, None) => match name.split_once('?') {
            Some((file, _)) if !file.is_empty() && SourceKind::of_path(Path::new(file)).is_some() => {
                (path.with_file_name(file), None)
            }
            _ => (path.to_path_buf(), None),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_queries_are_taken_off() {
        assert_eq!(split_specifier("./a.svg?raw"), ("./a.svg", Some(FileUse::Raw)));
        assert_eq!(split_specifier("./a.js?v=1"), ("./a.js?v=1", None));
        assert_eq!(split_specifier("?raw"), ("?raw", None));
    }

    #[test]
    fn a_marked_path_leads_back_to_its_file() {
        let file = Path::new("/src/a.png");
        let marked = FileUse::Url.mark(file);
        assert_ne!(marked, file);
        assert_eq!(split_path(&marked), (file.to_path_buf(), Some(FileUse::Url)));
    }

    #[test]
    fn a_query_makes_a_script_a_module_of_its_own() {
        let script = Path::new("/src/a.js");
        let own = own_instance(script, "./a?x=/1").expect("there is a query");
        assert_eq!(own, Path::new("/src/a.js?x=%2F1"));
        assert_eq!(split_path(&own), (script.to_path_buf(), None));
        assert_eq!(own_instance(script, "./a.js#b"), Some("/src/a.js?#b".into()));
        assert_eq!(own_instance(script, "#a"), None);
        assert_eq!(own_instance(Path::new("/src/c#.js"), "./c#.js"), None);
        assert_eq!(own_instance(Path::new("/src/a.css"), "./a.css?x"), None);
    }

    #[test]
    fn what_stands_behind_a_delivered_file_is_kept() {
        let file = Path::new("/src/a.svg");
        for suffix in ["#b", "?c=d/e%2F#b"] {
            let place = place_in(file, &format!("./a.svg{suffix}")).expect("there is a suffix");
            assert_eq!(split_path(&place), (file.to_path_buf(), Some(FileUse::Place)));
            assert_eq!(suffix_of_place(&place).as_deref(), Some(suffix));
        }
        assert_eq!(place_in(file, "./a.svg"), None);
        assert_eq!(place_in(Path::new("/src/c#.svg"), "./c#.svg"), None);
    }
}
