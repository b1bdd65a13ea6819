//! The ground everything stands on: the file-system seam, paths, digests. Knows nothing of bundling.

mod digest;
mod file_system;
mod paths;
mod recover;

pub use digest::{content_hash, integrity_sha384};
pub use file_system::{DiskFileSystem, FileSystem, MemoryFileSystem, find_package_dir};
pub use paths::{normalize, relative_posix, to_posix};
pub use recover::{is_recovering, recover};
