//! The ground everything stands on: the file-system seam, paths, digests. Knows nothing of bundling.

mod compressed;
mod digest;
mod file_system;
mod files_below;
pub mod html;
mod identifier;
mod largest_first;
mod observer;
mod overlay;
mod paths;
mod pieces;
mod recover;
pub mod short_name;

pub use compressed::{brotli_size, gzip_size};
pub use digest::{Digest, content_hash, integrity_sha384};
pub use file_system::{DiskFileSystem, FileSystem, MemoryFileSystem, find_package_dir, read_file};
pub use files_below::files_below;
pub use identifier::{file_identifier, identifier_from, is_identifier_name, is_unbindable, last_segment};
pub use largest_first::largest_first;
pub use observer::{Content, KnownFiles, Observer, Presence, Seen, Stamp, Units};
pub use overlay::OverlayFileSystem;
pub use paths::{has_extension, normalize, relative_posix, to_posix};
pub use pieces::{Claim, MadePieces, Making, Pieces, SharedPieces};
pub use recover::{is_recovering, recover};
