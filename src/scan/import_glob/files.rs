//! Which files patterns name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::GlobPlace;
use super::options::{GlobRequest, Reach};
use crate::base::{files_below, normalize, relative_posix};

/// A file that a pattern names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchedFile {
    /// The property: relative to the importer, or from the root with a leading `/`.
    pub key: String,
    /// What is imported.
    pub specifier: String,
}

/// A directory and a pattern for what is below it.
struct Anchored {
    directory: PathBuf,
    pattern: String,
}

impl Anchored {
    /// `./pages/*.js` → the directory `pages` of the importer, and `*.js`.
    fn new(pattern: &str, place: &GlobPlace<'_>) -> Self {
        let (start, pattern) = match pattern.strip_prefix('/') {
            Some(pattern) => (place.root, pattern),
            None => (place.importer.parent().unwrap_or(place.importer), pattern),
        };
        let segments: Vec<&str> = pattern.split('/').collect();
        let fixed = segments
            .iter()
            .position(|segment| segment.contains(['*', '?', '[', '{', '!', '\\']))
            .unwrap_or(segments.len() - 1);
        let directory = segments[..fixed]
            .iter()
            .fold(start.to_path_buf(), |path, segment| path.join(segment));
        Self {
            directory: normalize(&directory),
            pattern: segments[fixed..].join("/"),
        }
    }

    fn names(&self, path: &Path) -> bool {
        path.starts_with(&self.directory)
            && fast_glob::glob_match(&self.pattern, relative_posix(&self.directory, path))
    }
}

/// All files that the patterns name, by key; the importer is not one of them.
pub fn matching_files(request: &GlobRequest, place: &GlobPlace<'_>) -> Vec<MatchedFile> {
    let excluded: Vec<Anchored> = request
        .patterns
        .iter()
        .filter_map(|pattern| pattern.strip_prefix('!'))
        .map(|pattern| Anchored::new(pattern, place))
        .collect();
    let importer_dir = place.importer.parent().unwrap_or(place.importer);
    let mut found: BTreeMap<String, MatchedFile> = BTreeMap::new();
    for pattern in request
        .patterns
        .iter()
        .filter(|pattern| !pattern.starts_with('!'))
    {
        let anchored = Anchored::new(pattern, place);
        // A pattern that spells the dot means hidden files.
        let reach = if anchored
            .pattern
            .split('/')
            .any(|segment| segment.starts_with('.'))
        {
            Reach::Exhaustive
        } else {
            request.reach
        };
        let is_passed_over =
            |name: &str| reach == Reach::Usual && (name.starts_with('.') || name == "node_modules");
        for path in files_below(place.files, &anchored.directory, &is_passed_over) {
            let is_wanted = path != place.importer
                && anchored.names(&path)
                && !excluded.iter().any(|pattern| pattern.names(&path));
            if !is_wanted {
                continue;
            }
            let relative = relative_posix(importer_dir, &path);
            let specifier = if relative.starts_with("../") {
                relative
            } else {
                format!("./{relative}")
            };
            let key = if pattern.starts_with('/') {
                format!("/{}", relative_posix(place.root, &path))
            } else {
                specifier.clone()
            };
            found.insert(key.clone(), MatchedFile { key, specifier });
        }
    }
    found.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::super::options::Loading;
    use super::*;
    use crate::base::MemoryFileSystem;

    fn keys(patterns: &[&str], reach: Reach) -> Vec<String> {
        let mut files = MemoryFileSystem::default();
        for path in [
            "src/main.js",
            "src/pages/a.js",
            "src/pages/b.test.js",
            "src/pages/[id]/c.js",
            "src/.hidden/d.js",
            "lib/e.ts",
            "src/node_modules/f.js",
        ] {
            files.insert(Path::new("/m").join(path), "");
        }
        let request = GlobRequest {
            patterns: patterns.iter().map(|one| (*one).to_owned()).collect(),
            loading: Loading::Lazy,
            import: None,
            query: String::new(),
            reach,
        };
        let place = GlobPlace {
            files: &files,
            importer: Path::new("/m/src/main.js"),
            root: Path::new("/m"),
        };
        matching_files(&request, &place)
            .into_iter()
            .map(|file| file.key)
            .collect()
    }

    #[test]
    fn patterns_start_at_the_importer_or_at_the_root() {
        assert_eq!(
            keys(&["./pages/*.js"], Reach::Usual),
            ["./pages/a.js", "./pages/b.test.js"]
        );
        assert_eq!(
            keys(&["./**/*.js", "!**/*.test.js", "!./**/*.test.js"], Reach::Usual),
            ["./pages/[id]/c.js", "./pages/a.js"]
        );
        assert_eq!(
            keys(&["/lib/*.{js,ts}", "../lib/*"], Reach::Usual),
            ["../lib/e.ts", "/lib/e.ts"]
        );
        assert_eq!(
            keys(
                &["./.hidden/*.js", "./node_modules/*.js", "./main.js"],
                Reach::Usual
            ),
            ["./.hidden/d.js", "./node_modules/f.js"]
        );
        assert_eq!(keys(&["./**/d.js"], Reach::Exhaustive), ["./.hidden/d.js"]);
    }
}
