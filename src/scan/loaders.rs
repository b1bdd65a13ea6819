//! Which kind of module a file is, by its extension: scripts and JSON, and on request text, bytes and files that
//! are delivered beside the code.

use std::path::Path;

use base64::Engine as _;

use super::generated::load_generated;
use super::load::{load_ignored, load_value};
use super::load_json::load_json;
use super::parse::decode_source;
use super::source_kind::SourceKind;
use super::styles::StyleScope;
use crate::diagnostic::Diagnostic;
use crate::graph::ModuleSyntax;
use crate::resolve::is_declaration;

/// How a file becomes a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loader {
    /// JavaScript, JSX, TypeScript, TSX.
    Script(SourceKind),
    /// The value, its properties by name.
    Json,
    /// `default` is the text.
    Text,
    /// `default` is the bytes in base64.
    Base64,
    /// `default` is a `data:` URL with the bytes.
    DataUrl,
    /// `default` is a `Uint8Array`.
    Binary,
    /// An empty object.
    Empty,
    /// The file is delivered beside the code, `default` is its URL.
    File,
    /// The file is delivered beside the code and imported from there.
    Copy,
    /// A style sheet.
    Style(StyleScope),
    /// The file is delivered, `default` is its URL as the output's platform needs it.
    Asset,
    /// Types alone: there is nothing to run.
    Types,
}

/// Files that pages refer to by URL.
const ASSET_EXTENSIONS: [&str; 37] = [
    "apng",
    "avif",
    "bmp",
    "cur",
    "gif",
    "ico",
    "jfif",
    "jpeg",
    "jpg",
    "jxl",
    "pjp",
    "pjpeg",
    "png",
    "svg",
    "webp",
    "aac",
    "flac",
    "m4a",
    "mov",
    "mp3",
    "mp4",
    "oga",
    "ogg",
    "opus",
    "vtt",
    "wav",
    "webm",
    "eot",
    "otf",
    "ttf",
    "woff",
    "woff2",
    "glb",
    "gltf",
    "hdr",
    "pdf",
    "webmanifest",
];

impl Loader {
    /// The words that `--loader` takes.
    pub const WORDS: [&'static str; 16] = [
        "js",
        "jsx",
        "ts",
        "tsx",
        "json",
        "text",
        "base64",
        "dataurl",
        "binary",
        "empty",
        "file",
        "copy",
        "css",
        "global-css",
        "local-css",
        "asset",
    ];

    /// The loader that a word names.
    pub fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "js" => Self::Script(SourceKind::JavaScript),
            "jsx" => Self::Script(SourceKind::Jsx),
            "ts" => Self::Script(SourceKind::TypeScript),
            "tsx" => Self::Script(SourceKind::Tsx),
            "json" => Self::Json,
            "text" => Self::Text,
            "base64" => Self::Base64,
            "dataurl" => Self::DataUrl,
            "binary" => Self::Binary,
            "empty" => Self::Empty,
            "file" => Self::File,
            "copy" => Self::Copy,
            "css" | "global-css" => Self::Style(StyleScope::Global),
            "local-css" => Self::Style(StyleScope::Local),
            "asset" => Self::Asset,
            _ => return None,
        })
    }
}

/// Ending of file names, with the dot → loader.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Loaders {
    by_ending: Vec<(String, Loader)>,
}

impl Loaders {
    /// Whether any file is delivered as it is and imported from there.
    pub fn may_copy(&self) -> bool {
        self.by_ending.iter().any(|(_, loader)| *loader == Loader::Copy)
    }

    /// These loaders over the ones every file has by its extension. Later ones win.
    pub fn new(by_ending: impl IntoIterator<Item = (String, Loader)>) -> Self {
        let mut by_ending: Vec<(String, Loader)> = by_ending.into_iter().collect();
        by_ending.reverse();
        // `.module.txt` before `.txt`; the sort keeps later ones first among equals.
        by_ending.sort_by_key(|(ending, _)| std::cmp::Reverse(ending.len()));
        Self { by_ending }
    }

    /// The loader of a file.
    pub fn of_path(&self, path: &Path) -> Option<Loader> {
        let name = path.file_name()?.to_string_lossy();
        let asked = self
            .by_ending
            .iter()
            .find(|(ending, _)| name.ends_with(ending.as_str()));
        if let Some((_, loader)) = asked {
            return Some(*loader);
        }
        if name.ends_with(".module.css") {
            return Some(Loader::Style(StyleScope::Local));
        }
        if is_declaration(&name) {
            return Some(Loader::Types);
        }
        // Node runs what has no extension. What begins with a dot has none either, but nobody writes code there.
        let Some(extension) = path.extension() else {
            return (!name.starts_with('.')).then_some(Loader::Script(SourceKind::JavaScript));
        };
        match extension.to_string_lossy().to_lowercase().as_str() {
            "json" => Some(Loader::Json),
            "txt" => Some(Loader::Text),
            "css" => Some(Loader::Style(StyleScope::Global)),
            known if ASSET_EXTENSIONS.contains(&known) => Some(Loader::Asset),
            _ => SourceKind::of_path(path).map(Loader::Script),
        }
    }
}

/// The module of a file that is no script.
///
/// # Errors
/// Where the bytes are not what the loader takes.
pub(super) fn load_data(
    path: &Path,
    bytes: &[u8],
    loader: Loader,
    url: &str,
) -> Result<ModuleSyntax, Vec<Diagnostic>> {
    let text = || decode_source(path, bytes).map_err(|diagnostic| vec![*diagnostic]);
    let base64 = || base64::engine::general_purpose::STANDARD.encode(bytes);
    match loader {
        Loader::Json => load_json(path, &text()?),
        Loader::Text => load_value(path, &literal(&text()?)),
        Loader::Base64 => load_value(path, &literal(&base64())),
        Loader::DataUrl => load_value(path, &literal(&data_url(path, bytes))),
        Loader::Binary => load_value(
            path,
            &format!(
                "Uint8Array.from(atob({}), (one) => one.charCodeAt(0))",
                literal(&base64())
            ),
        ),
        Loader::File => load_value(path, &literal(url)),
        Loader::Types => Ok(load_generated(path, "export {};".to_owned(), text()?)),
        Loader::Empty | Loader::Copy | Loader::Script(_) | Loader::Style(_) | Loader::Asset => {
            Ok(load_ignored(path))
        }
    }
}

/// A string literal. JSON's escapes are JavaScript's.
fn literal(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

/// The bytes of a file as a `data:` URL, in the shorter of the two spellings.
pub fn data_url(path: &Path, bytes: &[u8]) -> String {
    let is_text = |bytes| std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
    let kind = match media_type(path) {
        UNKNOWN if is_text(bytes) => media_type(Path::new("a.txt")),
        known => known,
    };
    let encoded = base64::engine::general_purpose::STANDARD.encode(bytes);
    match std::str::from_utf8(bytes) {
        // Percent-encoding is shorter for most text and can be read.
        Ok(text) if kind.starts_with("text/") || kind.ends_with("+xml") => {
            let plain = percent_encoding::utf8_percent_encode(text, NOT_IN_DATA).to_string();
            if plain.len() <= encoded.len() + ";base64".len() {
                format!("data:{kind},{plain}")
            } else {
                format!("data:{kind};base64,{encoded}")
            }
        }
        _ => format!("data:{kind};base64,{encoded}"),
    }
}

/// What the body of a `data:` URL may not say literally.
const NOT_IN_DATA: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS.add(b'%').add(b'#').add(b'"');

/// The media type of what could be anything.
const UNKNOWN: &str = "application/octet-stream";

/// The media type that servers send for a file of this extension.
pub fn media_type(path: &Path) -> &'static str {
    let extension = path.extension().map(|one| one.to_string_lossy().to_lowercase());
    match extension.as_deref().unwrap_or_default() {
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "sfnt" => "font/sfnt",
        "eot" => "application/vnd.ms-fontobject",
        "txt" | "md" => "text/plain;charset=utf-8",
        "html" | "htm" => "text/html;charset=utf-8",
        "css" => "text/css;charset=utf-8",
        "js" | "mjs" => "text/javascript;charset=utf-8",
        "json" => "application/json",
        "xml" => "text/xml",
        "wasm" => "application/wasm",
        "pdf" => "application/pdf",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        _ => UNKNOWN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_ending_and_the_last_word_count() {
        let loaders = Loaders::new([
            (".txt".to_owned(), Loader::Text),
            (".data.txt".to_owned(), Loader::Binary),
            (".js".to_owned(), Loader::Text),
            (".js".to_owned(), Loader::Script(SourceKind::Jsx)),
        ]);
        let of = |name: &str| loaders.of_path(Path::new(name));
        assert_eq!(of("/a.txt"), Some(Loader::Text));
        assert_eq!(of("/a.data.txt"), Some(Loader::Binary));
        assert_eq!(of("/a.js"), Some(Loader::Script(SourceKind::Jsx)));
        assert_eq!(of("/a.ts"), Some(Loader::Script(SourceKind::TypeScript)));
        assert_eq!(of("/a.json"), Some(Loader::Json));
        assert_eq!(of("/b.js.txt"), Some(Loader::Text));
        assert_eq!(of("/a.PNG"), Some(Loader::Asset));
        assert_eq!(of("/a.css"), Some(Loader::Style(StyleScope::Global)));
        assert_eq!(of("/a.module.css"), Some(Loader::Style(StyleScope::Local)));
        assert_eq!(of("/a.vue"), None);
    }

    #[test]
    fn every_word_has_a_loader() {
        assert!(Loader::WORDS.iter().all(|word| Loader::of_word(word).is_some()));
        assert_eq!(Loader::of_word("sass"), None);
    }

    #[test]
    fn data_urls_take_the_shorter_form() {
        assert_eq!(
            data_url(Path::new("a.svg"), b"<svg a=\"1\"/>"),
            "data:image/svg+xml,<svg a=%221%22/>"
        );
        assert_eq!(
            data_url(Path::new("a.bin"), b"\xff\0"),
            "data:application/octet-stream;base64,/wA="
        );
    }
}
