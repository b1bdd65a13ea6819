//! Pieces that the builds of one process make for each other: both sides of a module have most of their code in common, and
//! modules of a workspace have the same packages.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;

use super::{Claim, Pieces};
use crate::base::Digest;

/// What the builds of one process have made so far.
#[derive(Default)]
pub struct MadePieces {
    pieces: DashMap<Digest, Slot, rustc_hash::FxBuildHasher>,
}

enum Slot {
    /// A thread makes it.
    BeingMade,
    /// Whoever made it has still to look whether it is right.
    HandedOut(Arc<[u8]>),
    Made(Arc<[u8]>),
}

/// The right to make a piece. Others wait for it until it is handed out, or until this is dropped.
pub struct Making<'a> {
    made: &'a MadePieces,
    name: Digest,
}

/// The pieces of this process, and those that earlier ones have kept for one of its builds.
pub struct SharedPieces {
    made: Arc<MadePieces>,
    kept: Option<Arc<dyn Pieces>>,
}

impl SharedPieces {
    /// Those of `made` and `kept`; what is made is kept there, too.
    pub fn new(made: Arc<MadePieces>, kept: Option<Arc<dyn Pieces>>) -> Self {
        Self { made, kept }
    }

    /// A piece of another build. The next process finds it as if this one had made it.
    fn taken_over(&self, name: &Digest, bytes: &[u8]) -> Cow<'static, [u8]> {
        if let Some(kept) = &self.kept {
            kept.put(*name, bytes.to_vec());
        }
        Cow::Owned(bytes.to_vec())
    }
}

impl Pieces for SharedPieces {
    fn get(&self, name: &Digest) -> Option<Cow<'_, [u8]>> {
        let kept = self.kept.as_ref().and_then(|kept| kept.get(name));
        kept.or_else(|| Some(self.taken_over(name, &self.made.get(name)?)))
    }

    fn put(&self, name: Digest, bytes: Vec<u8>) {
        self.made.put(name, &bytes);
        if let Some(kept) = &self.kept {
            kept.put(name, bytes);
        }
    }

    fn claim(&self, name: &Digest) -> Claim<'_> {
        if let Some(bytes) = self.kept.as_ref().and_then(|kept| kept.get(name)) {
            return Claim::Made(bytes);
        }
        match self.made.claim(name) {
            Claimed::Made(bytes) => Claim::Made(self.taken_over(name, &bytes)),
            Claimed::HandedOut(bytes) => Claim::HandedOut(bytes.to_vec()),
            Claimed::Free(making) => Claim::Free(Some(making)),
        }
    }
}

/// What becomes of the wish to make a piece that nobody has kept.
enum Claimed<'a> {
    Made(Arc<[u8]>),
    HandedOut(Arc<[u8]>),
    Free(Making<'a>),
}

impl MadePieces {
    fn get(&self, name: &Digest) -> Option<Arc<[u8]>> {
        match &*self.pieces.get(name)? {
            Slot::Made(bytes) => Some(Arc::clone(bytes)),
            Slot::BeingMade | Slot::HandedOut(_) => None,
        }
    }

    fn put(&self, name: Digest, bytes: &[u8]) {
        self.pieces.insert(name, Slot::Made(Arc::from(bytes)));
    }

    /// The piece, made by another thread if one is about to make it; otherwise it is for this one to make.
    fn claim(&self, name: &Digest) -> Claimed<'_> {
        loop {
            match self.pieces.entry(*name) {
                Entry::Occupied(slot) => match slot.get() {
                    Slot::BeingMade => {}
                    Slot::HandedOut(bytes) => return Claimed::HandedOut(Arc::clone(bytes)),
                    Slot::Made(bytes) => return Claimed::Made(Arc::clone(bytes)),
                },
                Entry::Vacant(slot) => {
                    slot.insert(Slot::BeingMade);
                    return Claimed::Free(Making {
                        made: self,
                        name: *name,
                    });
                }
            }
            // Whoever makes it waits for nobody: this one has time for something else.
            if rayon::yield_now() != Some(rayon::Yield::Executed) {
                std::thread::sleep(Duration::from_micros(100));
            }
        }
    }
}

impl Making<'_> {
    /// Hands out the piece to whoever waits for it.
    pub fn hand_out(self, bytes: &[u8]) {
        let slot = Slot::HandedOut(Arc::from(bytes));
        self.made.pieces.insert(self.name, slot);
    }
}

impl Drop for Making<'_> {
    fn drop(&mut self) {
        let is_being_made = |_: &Digest, slot: &Slot| matches!(slot, Slot::BeingMade);
        self.made.pieces.remove_if(&self.name, is_being_made);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn what_several_want_to_make_is_made_once() {
        let made = Arc::new(MadePieces::default());
        let name = Digest::of(b"piece");
        let times = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let pieces = SharedPieces::new(Arc::clone(&made), None);
                    match pieces.claim(&name) {
                        Claim::HandedOut(bytes) => assert_eq!(bytes, b"bytes"),
                        Claim::Free(Some(making)) => {
                            times.fetch_add(1, Ordering::Relaxed);
                            std::thread::sleep(Duration::from_millis(5));
                            making.hand_out(b"bytes");
                        }
                        Claim::Made(_) | Claim::Free(None) => panic!("nothing was kept"),
                    }
                });
            }
        });
        assert_eq!(times.into_inner(), 1);
    }

    #[test]
    fn what_was_only_handed_out_is_not_kept() {
        let made = Arc::new(MadePieces::default());
        let kept: Arc<dyn Pieces> = Arc::new(SharedPieces::new(Arc::default(), None));
        let pieces = SharedPieces::new(Arc::clone(&made), Some(Arc::clone(&kept)));
        let name = Digest::of(b"piece");
        let Claim::Free(Some(making)) = pieces.claim(&name) else {
            panic!("nobody has made it")
        };
        making.hand_out(b"bytes");
        assert!(matches!(pieces.claim(&name), Claim::HandedOut(_)));
        assert_eq!(kept.get(&name), None);
        pieces.put(name, b"bytes".to_vec());
        assert!(matches!(pieces.claim(&name), Claim::Made(_)));
        assert!(kept.get(&name).is_some());
    }

    #[test]
    fn what_is_given_up_is_for_the_next_to_make() {
        let made = Arc::new(MadePieces::default());
        let pieces = SharedPieces::new(Arc::clone(&made), None);
        let name = Digest::of(b"piece");
        let claim = pieces.claim(&name);
        assert!(matches!(claim, Claim::Free(_)));
        assert_eq!(pieces.get(&name), None);
        drop(claim);
        assert!(matches!(pieces.claim(&name), Claim::Free(_)));
    }

    #[test]
    fn what_another_build_has_made_is_kept_for_both() {
        let made = Arc::new(MadePieces::default());
        let kept: [Arc<dyn Pieces>; 2] =
            [(), ()].map(|()| Arc::new(SharedPieces::new(Arc::default(), None)) as Arc<dyn Pieces>);
        let [first, second] = kept
            .each_ref()
            .map(|kept| SharedPieces::new(Arc::clone(&made), Some(Arc::clone(kept))));
        let name = Digest::of(b"piece");
        first.put(name, b"bytes".to_vec());
        assert_eq!(second.get(&name).as_deref(), Some(b"bytes".as_slice()));
        for kept in &kept {
            assert_eq!(kept.get(&name).as_deref(), Some(b"bytes".as_slice()));
        }
    }
}
