//! `import value from 'data:application/json,…'`: a file that stands in its specifier. Engines run such JavaScript
//! themselves; JSON they take with an attribute only, and style sheets not at all, so that these are bundled.

use std::path::{Path, PathBuf};

use base64::Engine as _;

use crate::base::content_hash;

/// As long as the hashes of code.
const DIGITS: usize = 8;

/// What a `data:` URL holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddedFile {
    /// Where a file with these contents is thought to be.
    pub path: PathBuf,
    /// The contents.
    pub bytes: Vec<u8>,
}

/// The file in `url`, if it is one that is bundled.
pub fn embedded_file(root: &Path, url: &str) -> Option<EmbeddedFile> {
    let (kind, body) = url.strip_prefix("data:")?.split_once(',')?;
    let (kind, is_base64) = match kind.strip_suffix(";base64") {
        Some(kind) => (kind, true),
        None => (kind, false),
    };
    let extension = match kind.split(';').next()? {
        "application/json" => "json",
        "text/css" => "css",
        _ => return None,
    };
    let decoded: Vec<u8> = percent_encoding::percent_decode_str(body).collect();
    let bytes = if is_base64 {
        base64::engine::general_purpose::STANDARD.decode(decoded).ok()?
    } else {
        decoded
    };
    let name = content_hash([bytes.as_slice()], DIGITS);
    Some(EmbeddedFile {
        path: root.join(format!("data-{name}.{extension}")),
        bytes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_base64_are_read() {
        let bytes = |url| embedded_file(Path::new("/"), url).map(|file| file.bytes);
        assert_eq!(
            bytes("data:application/json,%7B%22a%22:1}").as_deref(),
            Some(&b"{\"a\":1}"[..])
        );
        assert_eq!(
            bytes("data:text/css;charset=utf-8;base64,YXt9").as_deref(),
            Some(&b"a{}"[..])
        );
        assert_eq!(bytes("data:text/javascript,1"), None);
        assert_eq!(bytes("https://x.test/a.css"), None);
    }
}
