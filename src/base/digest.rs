//! Content hashes of files and the integrity values of the manifest.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256, Sha384};

/// The first `digits` (at most 64) lowercase hexadecimal digits of the SHA-256 of all parts in order.
pub fn content_hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>, digits: usize) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher
        .finalize()
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .take(digits)
        .collect()
}

/// `sha384-<base64>` as Subresource Integrity §3.1 writes it.
pub fn integrity_sha384(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_delimited() {
        assert_ne!(
            content_hash([b"ab".as_slice(), b"c"], 8),
            content_hash([b"a".as_slice(), b"bc"], 8)
        );
        assert_eq!(content_hash([b"x".as_slice()], 8).len(), 8);
    }

    #[test]
    fn integrity_is_the_standard_form() {
        assert_eq!(
            integrity_sha384(b""),
            "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb"
        );
    }
}
