//! The cache from the front door: whatever changes, a process that finds what an earlier one has built leaves the same
//! files and says the same as one that knows nothing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

#[path = "cache/bundles.rs"]
mod bundles;
#[path = "cache/modules.rs"]
mod modules;
#[path = "cache/pieces.rs"]
mod pieces;
#[path = "cache/project.rs"]
mod project;
#[path = "cache/remote.rs"]
mod remote;
#[path = "cache/safety.rs"]
mod safety;
#[path = "cache/server.rs"]
mod server;
#[path = "cache/sharing.rs"]
mod sharing;
