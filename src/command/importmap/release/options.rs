//! What is asked.

use std::path::PathBuf;

use super::storage::Site;

/// What `importmap release` is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseOptions {
    /// The directory with the new map and assets.
    pub new: PathBuf,
    /// The name of the map in it.
    pub map_name: String,
    /// What is served.
    pub site: Site,
    /// The release that has to be live, because the new map was made from its map.
    pub after: Option<u64>,
    /// What happens with what `check` refuses.
    pub refusal: Refusal,
    /// Which old releases stay.
    pub retention: Retention,
}

/// What `importmap rollback` is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollbackOptions {
    /// What is served.
    pub site: Site,
    /// The release to go back to; `None` is the one before the live one.
    pub release: Option<u64>,
    /// What happens with what `check` refuses.
    pub refusal: Refusal,
}

/// What happens with a map that `check` refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is not released.
    Binding,
    /// It is released, and the history says so.
    Overruled,
}

/// Which old releases stay: whatever either of the two says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// So many of the last ones.
    pub releases: usize,
    /// Everything that was live in so many last days: a page may still be open.
    pub days: u64,
}
