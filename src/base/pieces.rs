//! What earlier builds, and others of this process, have made, piece by piece.

mod shared;

use std::borrow::Cow;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use self::shared::{MadePieces, Making, SharedPieces};
use super::Digest;

/// Pieces by digests of all that they are made of: whoever finds one need not make it.
pub trait Pieces: Sync + Send {
    /// A piece that somebody else has made.
    fn get(&self, name: &Digest) -> Option<Cow<'_, [u8]>>;

    /// Adds a piece, for the others.
    fn put(&self, name: Digest, bytes: Vec<u8>);

    /// A piece for whoever is about to make it, which waits if another thread of this process is about to make the same.
    fn claim(&self, name: &Digest) -> Claim<'_>;
}

/// What becomes of the wish to make a piece.
pub enum Claim<'a> {
    /// Somebody has made it.
    Made(Cow<'a, [u8]>),
    /// Another build of this process has just made it, and has still to look whether it is right.
    HandedOut(Vec<u8>),
    /// It has to be made; where others may want it, they wait.
    Free(Option<Making<'a>>),
}

impl dyn Pieces + '_ {
    /// The value that a piece stands for.
    pub fn value<Value: DeserializeOwned>(&self, name: &Digest) -> Option<Value> {
        postcard::from_bytes(&self.get(name)?).ok()
    }

    /// Adds a value. One that has no bytes is made again the next time.
    pub fn put_value<Value: Serialize>(&self, name: Digest, value: &Value) {
        if let Ok(bytes) = postcard::to_stdvec(value) {
            self.put(name, bytes);
        }
    }
}
