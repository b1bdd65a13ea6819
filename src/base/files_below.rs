//! All files of a directory and of those in it. A link that leads back to a directory around it is not followed, or the
//! same files would be found again and again.

use std::path::{Path, PathBuf};

use super::file_system::FileSystem;

/// Deeper than any tree of sources.
const DEEPEST: usize = 64;

/// The files below `directory`, by their names, but nothing whose name `is_passed_over`.
pub fn files_below(
    files: &dyn FileSystem,
    directory: &Path,
    is_passed_over: &dyn Fn(&str) -> bool,
) -> Vec<PathBuf> {
    let mut walk = Walk {
        files,
        is_passed_over,
        around: Vec::new(),
        found: Vec::new(),
    };
    walk.enter(directory);
    walk.found
}

struct Walk<'a> {
    files: &'a dyn FileSystem,
    is_passed_over: &'a dyn Fn(&str) -> bool,
    /// The real paths of the directories that are being walked through.
    around: Vec<PathBuf>,
    found: Vec<PathBuf>,
}

impl Walk<'_> {
    fn enter(&mut self, directory: &Path) {
        let Ok(real) = self.files.real_path(directory) else {
            return;
        };
        if self.around.len() >= DEEPEST || self.around.contains(&real) {
            return;
        }
        let Ok(names) = self.files.list(directory) else {
            return;
        };
        self.around.push(real);
        for name in names.iter().filter(|name| !(self.is_passed_over)(name)) {
            let path = directory.join(name);
            if self.files.is_dir(&path) {
                self.enter(&path);
            } else if self.files.is_file(&path) {
                self.found.push(path);
            }
        }
        self.around.pop();
    }
}
