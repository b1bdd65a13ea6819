//! Which file of a site is what, and how it is sent.

use crate::base::has_extension;
use crate::scan::media_type;

/// The live map.
pub(super) const MAP: &str = "importmap.json";

/// What releases keep.
pub(super) const RELEASES: &str = ".releases";

/// What was promoted when.
pub(super) const HISTORY: &str = ".releases/history.json";

/// The copy of a file or map that is kept by its content.
pub(super) fn object(hash: &str) -> String {
    format!("{RELEASES}/objects/{hash}")
}

/// A name that holds a hash of the content never means other bytes (PROTOCOL §10.1).
pub(super) fn is_immutable(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit('.').next().unwrap_or_default();
    let stem = name.strip_suffix(extension).unwrap_or(name);
    stem.ends_with(".final.") && !extension.is_empty() && !has_extension(name, &["json"])
}

/// A page names files and may hold a map, so it is written when all of them are there.
pub(super) fn is_page(path: &str) -> bool {
    has_extension(path, &["html", "htm"])
}

/// The headers that a file is sent with.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Headers {
    pub content_type: &'static str,
    pub content_encoding: Option<&'static str>,
    pub cache_control: &'static str,
}

impl Headers {
    /// `x.mjs.br` is `x.mjs`, compressed.
    pub(super) fn of(path: &str) -> Self {
        let (plain, content_encoding) = match path.rsplit_once('.') {
            Some((plain, "br")) => (plain, Some("br")),
            Some((plain, "gz")) if is_compressed_part(plain) => (plain, Some("gzip")),
            _ => (path, None),
        };
        let content_type = match plain.rsplit_once('.') {
            Some((_, "map")) => "application/json",
            Some((_, "webmanifest")) => "application/manifest+json",
            _ if plain.starts_with(RELEASES) => "application/octet-stream",
            _ => media_type(plain.as_ref()),
        };
        Self {
            content_type,
            content_encoding,
            cache_control: if is_immutable(plain) {
                "public, max-age=31536000, immutable"
            } else {
                // Kept, but never used without asking.
                "no-cache"
            },
        }
    }
}

/// An archive is no compressed file of a page.
fn is_compressed_part(plain: &str) -> bool {
    !has_extension(plain, &["tar"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_sent_as_what_they_are() {
        let told = |path: &str| {
            let headers = Headers::of(path);
            (
                headers.content_type,
                headers.content_encoding,
                headers.cache_control,
            )
        };
        let forever = "public, max-age=31536000, immutable";
        let script = "text/javascript;charset=utf-8";
        assert_eq!(told("shop/main.1a2b.final.mjs"), (script, None, forever));
        assert_eq!(told("shop/main.1a2b.final.mjs.br"), (script, Some("br"), forever));
        assert_eq!(told("shop/main.mjs.gz"), (script, Some("gzip"), "no-cache"));
        assert_eq!(
            told("shop/all.tar.gz"),
            ("application/octet-stream", None, "no-cache")
        );
        assert_eq!(told(MAP), ("application/json", None, "no-cache"));
        assert_eq!(told("shop/main.1.final.mjs.map").0, "application/json");
        assert_eq!(told(&object("00ff")).0, "application/octet-stream");
    }
}
