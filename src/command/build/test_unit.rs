//! A module of a workspace for tests.

use std::path::PathBuf;

use crate::base::MemoryFileSystem;
use crate::link::{BuildUnit, Origin};
use crate::protocol::PackageRecord;

/// `needs` are places in the build order.
pub(super) fn unit(name: &str, needs: &[usize]) -> BuildUnit {
    let dir = PathBuf::from(format!("/{name}"));
    let mut files = MemoryFileSystem::default();
    files.insert(dir.join("package.json"), format!(r#"{{ "name": "{name}" }}"#));
    BuildUnit {
        record: PackageRecord::read(&files, &dir).unwrap(),
        dir,
        origin: Origin::Workspace,
        needs: needs.to_vec(),
    }
}
