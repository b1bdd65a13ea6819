//! What files of this disk looked like when their bytes were known.

use std::path::Path;
use std::time::SystemTime;

use super::answers::Known;
use crate::base::{Digest, Stamp};

const LENGTH: usize = 1 + Stamp::BYTES + Digest::BYTES;

/// One place for each question, or for each output.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Stamps(Vec<Known>);

/// What the stamps of the sources of a list of questions are called.
pub(super) fn stamps_name(questions: &Digest, root: &Path) -> Digest {
    name("sources", questions, root)
}

/// What the stamps of the outputs are called that were made in a situation; `first` is the place of the first one.
pub(super) fn output_stamps_name(situation: &Digest, first: &Path) -> Digest {
    name("outputs", situation, first)
}

/// Stamps are those of one directory, on one disk.
fn name(what: &str, digest: &Digest, directory: &Path) -> Digest {
    let parts = [
        what.as_bytes(),
        digest.as_bytes(),
        directory.as_os_str().as_encoded_bytes(),
    ];
    Digest::of(&parts.concat())
}

impl Stamps {
    pub fn of(known: Vec<Known>) -> Self {
        Self(known)
    }

    /// What is known of a file that looks like this, if it looked so before.
    pub fn known_of(&self, index: usize, looks: Stamp) -> Known {
        let known = (*self.0.get(index)?)?;
        (known.0 == looks).then_some(known)
    }

    /// The digest of a file of a certain size that is no link, and what is known of it for the next time.
    pub fn digest_of(&self, index: usize, path: &Path, size: u64) -> Option<(Digest, Known)> {
        let metadata = std::fs::symlink_metadata(path).ok()?;
        if !metadata.is_file() || metadata.len() != size {
            return None;
        }
        let stamp = Stamp::of(&metadata);
        if let Some(Some((known, digest))) = self.0.get(index)
            && *known == stamp
        {
            return Some((*digest, Some((stamp, *digest))));
        }
        let is_settled = stamp.is_settled_at(SystemTime::now());
        let digest = Digest::of(&std::fs::read(path).ok()?);
        Some((digest, is_settled.then_some((stamp, digest))))
    }

    /// With the digest of the whole before it.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.0.len() * LENGTH);
        for known in &self.0 {
            match known {
                None => bytes.push(0),
                Some((stamp, digest)) => {
                    bytes.push(1);
                    bytes.extend_from_slice(&stamp.to_bytes());
                    bytes.extend_from_slice(digest.as_bytes());
                }
            }
        }
        [Digest::of(&bytes).as_bytes().as_slice(), &bytes].concat()
    }

    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (digest, mut rest) = bytes.split_first_chunk::<{ Digest::BYTES }>()?;
        if Digest::of(rest) != Digest::from_bytes(*digest) {
            return None;
        }
        let mut stamps = Vec::with_capacity(rest.len() / LENGTH);
        while let Some((&has_stamp, after)) = rest.split_first() {
            rest = after;
            if has_stamp == 0 {
                stamps.push(None);
                continue;
            }
            let (stamp, after) = rest.split_first_chunk::<{ Stamp::BYTES }>()?;
            let (digest, after) = after.split_first_chunk::<{ Digest::BYTES }>()?;
            rest = after;
            stamps.push(Some((Stamp::from_bytes(stamp), Digest::from_bytes(*digest))));
        }
        Some(Self(stamps))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_stamps_are_none() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let stamp = Stamp::of(&file.as_file().metadata().unwrap());
        let stamps = Stamps::of(vec![None, Some((stamp, Digest::of(b""))), None]);
        let bytes = stamps.encode();
        assert_eq!(Stamps::decode(&bytes), Some(stamps));
        for index in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[index] ^= 1;
            assert_eq!(Stamps::decode(&damaged), None, "{index}");
            assert_eq!(Stamps::decode(&bytes[..index]), None, "{index}");
        }
    }
}
