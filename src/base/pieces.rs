//! What earlier builds have made, piece by piece.

use super::Digest;

/// Pieces by digests of all that they are made of: whoever finds one need not make it.
pub trait Pieces: Sync + Send {
    /// A piece that an earlier build has made.
    fn get(&self, name: &Digest) -> Option<&[u8]>;

    /// Adds a piece, for the next build.
    fn put(&self, name: Digest, bytes: Vec<u8>);
}
