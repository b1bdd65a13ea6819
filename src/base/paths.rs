//! Pure path arithmetic. Outputs speak POSIX whatever the machine.

use std::path::{Component, Path, PathBuf};

/// Removes `.` and resolves `..` textually (no symlink is followed).
pub fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                if !normal.pop() {
                    normal.push("..");
                }
            }
            other => normal.push(other),
        }
    }
    normal
}

/// The path with `/` separators.
pub fn to_posix(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// `path` as seen from directory `from`, POSIX separators, with `..` where needed and no leading `./`.
pub fn relative_posix(from: &Path, path: &Path) -> String {
    let from = normalize(from);
    let path = normalize(path);
    let shared = from
        .components()
        .zip(path.components())
        .take_while(|(left, right)| left == right)
        .count();
    let mut relative = PathBuf::new();
    for _ in from.components().skip(shared) {
        relative.push("..");
    }
    relative.extend(path.components().skip(shared));
    to_posix(&relative)
}

/// Whether a relative path ends in one of `extensions` (without dots).
pub fn has_extension(path: &str, extensions: &[&str]) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|found| extensions.iter().any(|one| found == *one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_climb_and_descend() {
        assert_eq!(relative_posix(Path::new("/a/b"), Path::new("/a/b/c.js")), "c.js");
        assert_eq!(
            relative_posix(Path::new("/a/b/d"), Path::new("/a/c.js")),
            "../../c.js"
        );
    }

    #[test]
    fn dots_are_resolved_textually() {
        assert_eq!(normalize(Path::new("/a/./b/../c")), PathBuf::from("/a/c"));
    }
}
