//! Many small pieces of builds in one file: thousands of files of their own would take longer to open than to make.
//!
//! ```text
//! magic, number of pieces, digest of the index
//! index   for each piece, ascending by digest: digest, place, length, the first bytes of the digest of its bytes
//! bytes   of all pieces
//! ```
//!
//! Numbers are little-endian. What a piece is called says all that it was made of; a piece that is damaged is not there.
//!
//! An edit adds few pieces, and writing all others again would take longer than making those. So there are two files: one
//! with most pieces, and one with recent ones, which becomes part of the other when it has grown.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::store::{Rack, Store};
use super::{BuildKey, Cache};
use crate::base::{Claim, Digest, Pieces};

/// Changes when the bytes mean something else.
const MAGIC: &[u8; 8] = b"esmxpk1\n";

/// Magic, number, digest of the index.
const HEAD: usize = MAGIC.len() + 8 + Digest::BYTES;

/// How many bytes of the digest of a piece are written down: enough to see damage.
const CHECK: usize = 8;

/// The file of recent pieces is not larger than this part of the other one.
const RECENT: usize = 8;

/// Name, place, length, check.
const ENTRY: usize = Digest::BYTES + 8 + 8 + CHECK;

/// The pieces of one kind that builds of one key have made.
pub struct Pack {
    store: Store,
    /// The file with most pieces, and that with recent ones.
    names: [Digest; 2],
    /// What is on the disk, once somebody asks for it.
    present: OnceLock<[Present; 2]>,
    added: Mutex<BTreeMap<Digest, Vec<u8>>>,
}

/// Pieces on the disk.
#[derive(Default)]
struct Present {
    bytes: Vec<u8>,
    /// For each of them, whether somebody asked for it.
    asked: Vec<AtomicBool>,
}

impl fmt::Debug for Pack {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Pack")
            .field("names", &self.names)
            .finish_non_exhaustive()
    }
}

impl Cache {
    /// The pieces of a kind that builds of this key have made.
    #[tracing::instrument(skip_all)]
    pub fn pack(&self, key: &BuildKey, kind: &str) -> Pack {
        let name = [key.digest().as_bytes(), kind.as_bytes()].concat();
        Pack::open(self.store.clone(), Digest::of(&name))
    }
}

impl Pack {
    fn open(store: Store, name: Digest) -> Self {
        let recent = Digest::of(&[name.as_bytes().as_slice(), b"recent"].concat());
        Self {
            store,
            names: [name, recent],
            present: OnceLock::new(),
            added: Mutex::default(),
        }
    }

    fn present(&self) -> &[Present; 2] {
        self.present.get_or_init(|| {
            self.names.map(|name| {
                let present = self.store.get(Rack::Packs, &name).and_then(Present::of);
                present.unwrap_or_default()
            })
        })
    }

    /// Writes down what was added.
    #[tracing::instrument(skip_all)]
    pub fn save(&self) {
        let added = std::mem::take(&mut *self.added.lock().unwrap_or_else(PoisonError::into_inner));
        if added.is_empty() {
            let present = self.present.get().into_iter().flatten();
            for (present, name) in present.zip(&self.names) {
                if !present.asked.is_empty() {
                    self.store.touch(Rack::Packs, name);
                }
            }
            return;
        }
        let [most, recent] = self.present();
        let mut pieces: BTreeMap<Digest, &[u8]> =
            recent.pieces().map(|(name, piece, _)| (name, piece)).collect();
        pieces.extend(added.iter().map(|(name, bytes)| (*name, bytes.as_slice())));
        if size_of(pieces.values()) * RECENT <= most.bytes.len() {
            self.store.touch(Rack::Packs, &self.names[0]);
            self.store.put(Rack::Packs, &self.names[1], &encode(&pieces));
            return;
        }
        self.store
            .put(Rack::Packs, &self.names[0], &encode(&self.worth_keeping(&added)));
        self.store
            .put(Rack::Packs, &self.names[1], &encode(&BTreeMap::new()));
    }

    /// What was asked for or added. What nobody asked for this time stays as long as it is not the larger part: another
    /// branch may ask for it.
    fn worth_keeping<'a>(&'a self, added: &'a BTreeMap<Digest, Vec<u8>>) -> BTreeMap<Digest, &'a [u8]> {
        let present = self.present().iter().flat_map(Present::pieces);
        let (asked, idle): (Vec<_>, Vec<_>) = present.partition(|(.., asked)| *asked);
        let mut pieces: BTreeMap<Digest, &[u8]> =
            asked.into_iter().map(|(name, piece, _)| (name, piece)).collect();
        pieces.extend(added.iter().map(|(name, bytes)| (*name, bytes.as_slice())));
        if size_of(idle.iter().map(|(_, piece, _)| piece)) <= size_of(pieces.values()) {
            for (name, piece, _) in idle {
                pieces.entry(name).or_insert(piece);
            }
        }
        pieces
    }
}

/// How many bytes pieces take.
fn size_of<'a>(pieces: impl Iterator<Item = &'a &'a [u8]>) -> usize {
    pieces.map(|piece| piece.len() + ENTRY).sum()
}

impl Present {
    /// Those of a file, unless its index is damaged.
    fn of(bytes: Vec<u8>) -> Option<Self> {
        let count = count_of(&bytes)?;
        Some(Self {
            bytes,
            asked: (0..count).map(|_| AtomicBool::new(false)).collect(),
        })
    }

    /// All that are not cut off, with their names, and whether somebody asked for them.
    fn pieces(&self) -> impl Iterator<Item = (Digest, &[u8], bool)> {
        self.asked.iter().enumerate().filter_map(|(number, asked)| {
            let (piece, _) = self.piece(number)?;
            Some((self.name_of(number), piece, asked.load(Ordering::Relaxed)))
        })
    }

    /// A piece that is whole.
    fn get(&self, name: &Digest) -> Option<&[u8]> {
        let number = self.find(name)?;
        let (piece, check) = self.piece(number)?;
        if check != &Digest::of(piece).as_bytes()[..CHECK] {
            return None;
        }
        self.asked[number].store(true, Ordering::Relaxed);
        Some(piece)
    }

    fn name_of(&self, number: usize) -> Digest {
        let at = HEAD + number * ENTRY;
        let mut name = [0; Digest::BYTES];
        name.copy_from_slice(&self.bytes[at..at + Digest::BYTES]);
        Digest::from_bytes(name)
    }

    /// The bytes of a piece and what they should be, unless the file is too short for it.
    fn piece(&self, number: usize) -> Option<(&[u8], &[u8])> {
        let entry = &self.bytes[HEAD + number * ENTRY + Digest::BYTES..][..8 + 8 + CHECK];
        let (from, length) = (number_at(entry, 0)?, number_at(entry, 8)?);
        let piece = self.bytes.get(from..from.checked_add(length)?)?;
        Some((piece, &entry[16..]))
    }

    fn find(&self, name: &Digest) -> Option<usize> {
        let (mut low, mut high) = (0, self.asked.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.name_of(middle).cmp(name) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }
}

impl Pieces for Pack {
    fn get(&self, name: &Digest) -> Option<Cow<'_, [u8]>> {
        let [most, recent] = self.present();
        recent.get(name).or_else(|| most.get(name)).map(Cow::Borrowed)
    }

    fn put(&self, name: Digest, bytes: Vec<u8>) {
        let mut added = self.added.lock().unwrap_or_else(PoisonError::into_inner);
        added.insert(name, bytes);
    }

    fn claim(&self, name: &Digest) -> Claim<'_> {
        self.get(name).map_or(Claim::Free(None), Claim::Made)
    }
}

/// How many pieces a file has; none if its index is damaged.
fn count_of(bytes: &[u8]) -> Option<usize> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let count = number_at(rest, 0)?;
    let digest = rest.get(8..8 + Digest::BYTES)?;
    let index = bytes.get(HEAD..HEAD.checked_add(count.checked_mul(ENTRY)?)?)?;
    (Digest::of(index).as_bytes() == digest).then_some(count)
}

fn number_at(bytes: &[u8], at: usize) -> Option<usize> {
    let number = bytes.get(at..at + 8)?.try_into().ok()?;
    usize::try_from(u64::from_le_bytes(number)).ok()
}

fn encode(pieces: &BTreeMap<Digest, &[u8]>) -> Vec<u8> {
    let mut index = Vec::with_capacity(pieces.len() * ENTRY);
    let mut place = HEAD + pieces.len() * ENTRY;
    for (name, piece) in pieces {
        index.extend(name.as_bytes());
        index.extend((place as u64).to_le_bytes());
        index.extend((piece.len() as u64).to_le_bytes());
        index.extend(&Digest::of(piece).as_bytes()[..CHECK]);
        place += piece.len();
    }
    let mut bytes = Vec::with_capacity(place);
    bytes.extend(MAGIC);
    bytes.extend((pieces.len() as u64).to_le_bytes());
    bytes.extend(Digest::of(&index).as_bytes());
    bytes.extend(index);
    for piece in pieces.values() {
        bytes.extend(*piece);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(number: u8) -> Digest {
        Digest::of(&[number])
    }

    fn store(directory: &tempfile::TempDir) -> Store {
        Store::open(directory.path()).unwrap()
    }

    #[test]
    fn pieces_are_found_again_until_most_are_of_no_use() {
        let directory = tempfile::TempDir::new().unwrap();
        let open = || Pack::open(store(&directory), name(0));
        let pack = open();
        assert_eq!(pack.get(&name(1)), None);
        for number in 1..=3 {
            pack.put(name(number), vec![number; 10]);
        }
        pack.save();
        let pack = open();
        for number in 1..=3 {
            assert_eq!(pack.get(&name(number)).as_deref(), Some([number; 10].as_slice()));
        }
        pack.put(name(4), vec![4; 10]);
        pack.save();
        let pack = open();
        assert!(pack.get(&name(1)).is_some() && pack.get(&name(4)).is_some());
        pack.put(name(5), vec![5; 10]);
        pack.save();
        let pack = open();
        assert!(pack.get(&name(2)).is_some(), "half of them were used");
        pack.put(name(6), Vec::new());
        pack.save();
        let pack = open();
        assert_eq!(pack.get(&name(1)), None);
        assert_eq!(pack.get(&name(6)).as_deref(), Some([].as_slice()));
    }

    #[test]
    fn few_pieces_are_written_beside_the_others() {
        let directory = tempfile::TempDir::new().unwrap();
        let open = || Pack::open(store(&directory), name(0));
        let pack = open();
        pack.put(name(1), vec![1; 10_000]);
        pack.save();
        let written = store(&directory).get(Rack::Packs, &name(0)).unwrap();
        for number in 2..=8 {
            let pack = open();
            pack.put(name(number), vec![number; 100]);
            pack.save();
        }
        let present = store(&directory).get(Rack::Packs, &name(0)).unwrap();
        assert_eq!(present, written);
        let pack = open();
        for number in 1..=8 {
            assert_eq!(pack.get(&name(number)).map(|piece| piece[0]), Some(number));
        }
        pack.put(name(9), vec![9; 1_000]);
        pack.save();
        let present = store(&directory).get(Rack::Packs, &name(0)).unwrap();
        assert!(present.len() > written.len() + 1_700, "all are in one file again");
        let pack = open();
        for number in 1..=9 {
            assert_eq!(pack.get(&name(number)).map(|piece| piece[0]), Some(number));
        }
    }

    #[test]
    fn what_is_damaged_is_not_there() {
        let directory = tempfile::TempDir::new().unwrap();
        let pack = Pack::open(store(&directory), name(0));
        pack.put(name(1), b"first".to_vec());
        pack.put(name(2), b"second".to_vec());
        pack.save();
        let whole = store(&directory).get(Rack::Packs, &name(0)).unwrap();
        for place in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[place] ^= 1;
            store(&directory).put(Rack::Packs, &name(0), &damaged);
            let pack = Pack::open(store(&directory), name(0));
            for (number, bytes) in [(1, b"first".as_slice()), (2, b"second".as_slice())] {
                let found = pack.get(&name(number));
                assert!(found.is_none_or(|found| *found == *bytes), "byte {place}");
            }
            store(&directory).put(Rack::Packs, &name(0), &whole[..place]);
            let pack = Pack::open(store(&directory), name(0));
            assert!(pack.get(&name(1)).is_none() || pack.get(&name(2)).is_none());
        }
    }
}
