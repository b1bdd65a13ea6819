//! Sizes: as text, and after compression as a server would send the file.

use std::fs;
use std::path::Path;

use crate::base;

/// Decimal units, as network panels and other bundlers count: `812 B`, `105.31 kB`, `3.10 MB`.
#[expect(clippy::cast_precision_loss, reason = "two decimals are shown")]
pub(super) fn size_text(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        // From here on two decimals of a kB would round to 1000.00.
        1_000..999_995 => format!("{:.2} kB", bytes as f64 / 1e3),
        _ => format!("{:.2} MB", bytes as f64 / 1e6),
    }
}

/// The size of a file after gzip, if it is of a kind that servers compress and can be read. Large files are compressed in
/// parts side by side, so theirs is some promille more than the whole file would need.
pub(super) fn gzip_size(file: &Path) -> Option<u64> {
    const COMPRESSED: [&str; 12] = [
        "mjs", "js", "cjs", "css", "html", "json", "svg", "txt", "xml", "wasm", "ttf", "otf",
    ];
    let extension = file.extension()?.to_str()?;
    if !COMPRESSED.contains(&extension) {
        return None;
    }
    base::gzip_size(&fs::read(file).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_like_sizes() {
        let texts: Vec<_> = [0, 999, 1_000, 105_310, 999_994, 999_995, 3_100_000]
            .map(size_text)
            .into();
        assert_eq!(
            texts,
            [
                "0 B",
                "999 B",
                "1.00 kB",
                "105.31 kB",
                "999.99 kB",
                "1.00 MB",
                "3.10 MB"
            ]
        );
    }

    #[test]
    fn only_text_is_compressed() {
        let directory = tempfile::TempDir::new().unwrap();
        let (script, image) = (directory.path().join("a.mjs"), directory.path().join("a.png"));
        fs::write(&script, "let a = 1;".repeat(1000)).unwrap();
        fs::write(&image, "").unwrap();
        assert!(gzip_size(&script).is_some_and(|size| (20..200).contains(&size)));
        assert_eq!(gzip_size(&image), None);
        assert_eq!(gzip_size(&directory.path().join("missing.mjs")), None);
    }
}
