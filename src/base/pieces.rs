//! What earlier builds have made, piece by piece.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Digest;

/// Pieces by digests of all that they are made of: whoever finds one need not make it.
pub trait Pieces: Sync + Send {
    /// A piece that an earlier build has made.
    fn get(&self, name: &Digest) -> Option<&[u8]>;

    /// Adds a piece, for the next build.
    fn put(&self, name: Digest, bytes: Vec<u8>);
}

impl dyn Pieces + '_ {
    /// The value that a piece stands for.
    pub fn value<Value: DeserializeOwned>(&self, name: &Digest) -> Option<Value> {
        postcard::from_bytes(self.get(name)?).ok()
    }

    /// Adds a value. One that has no bytes is made again the next time.
    pub fn put_value<Value: Serialize>(&self, name: Digest, value: &Value) {
        if let Ok(bytes) = postcard::to_stdvec(value) {
            self.put(name, bytes);
        }
    }
}
