//! What a file looks like from outside: as long as that is the same, so are its bytes.

use std::fs::Metadata;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Clocks of file systems tick in up to two seconds (FAT): a file that was written twice within one tick looks the same.
const TICK: Duration = Duration::from_secs(2);

/// Size, times and number of a file. The time of the last change of the *entry* is among them, because the other one can
/// be set: `cp -p` and `touch -r` give new bytes an old time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    size: u64,
    /// Nanoseconds since 1970.
    modified: i64,
    changed: i64,
    number: u64,
}

impl Stamp {
    /// How many bytes one is written down in.
    pub const BYTES: usize = 32;

    /// That of a file.
    pub fn of(metadata: &Metadata) -> Self {
        let (changed, number) = change_and_number(metadata);
        Self {
            size: metadata.len(),
            modified: metadata.modified().map_or(i64::MAX, nanoseconds),
            changed,
            number,
        }
    }

    /// Whether whatever is written to the file from `now` on makes another stamp.
    pub fn is_settled_at(&self, now: SystemTime) -> bool {
        let newest = self.modified.max(self.changed);
        now.checked_sub(TICK)
            .is_some_and(|limit| newest < nanoseconds(limit))
    }

    /// The size of the file.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The same in bytes.
    pub fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let fields = [
            self.size.to_le_bytes(),
            self.modified.to_le_bytes(),
            self.changed.to_le_bytes(),
            self.number.to_le_bytes(),
        ];
        for (place, field) in bytes.chunks_exact_mut(8).zip(fields) {
            place.copy_from_slice(&field);
        }
        bytes
    }

    /// The stamp that was written down.
    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Self {
        let field = |index: usize| {
            let mut field = [0; 8];
            field.copy_from_slice(&bytes[index * 8..(index + 1) * 8]);
            field
        };
        Self {
            size: u64::from_le_bytes(field(0)),
            modified: i64::from_le_bytes(field(1)),
            changed: i64::from_le_bytes(field(2)),
            number: u64::from_le_bytes(field(3)),
        }
    }
}

/// A time that does not fit is one that nothing is older than.
fn nanoseconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => {
            i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanoseconds| -nanoseconds)
        }
    }
}

#[cfg(unix)]
fn change_and_number(metadata: &Metadata) -> (i64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    let nanoseconds = metadata.ctime().saturating_mul(1_000_000_000);
    (nanoseconds.saturating_add(metadata.ctime_nsec()), metadata.ino())
}

/// Without these, only size and time speak.
#[cfg(not(unix))]
fn change_and_number(_: &Metadata) -> (i64, u64) {
    (0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_read_as_they_are_written() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let stamp = Stamp::of(&file.as_file().metadata().unwrap());
        assert_eq!(Stamp::from_bytes(&stamp.to_bytes()), stamp);
    }

    #[test]
    fn what_was_just_written_is_not_settled() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let stamp = Stamp::of(&file.as_file().metadata().unwrap());
        let now = SystemTime::now();
        assert!(!stamp.is_settled_at(now));
        assert!(stamp.is_settled_at(now + Duration::from_secs(3)));
    }
}
