//! What a build asked of the disk, without the answers.

use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;

use crate::base::{Content, Seen, relative_posix};

/// Questions about paths.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Questions {
    /// How many directories were above the root of whoever asked.
    pub depth: usize,
    /// Sorted by path.
    pub list: Vec<Question>,
}

/// What was asked about one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    /// Relative to the root, `/` separators.
    pub path: String,
    pub asked: Asked,
}

impl Question {
    /// What has to be asked to know what was seen of a path; none when that is no text.
    pub fn about(path: &Path, seen: &Seen, root: &Path) -> Option<Self> {
        let is_shorter = path.as_os_str().len() < root.as_os_str().len();
        let is_around = is_shorter && root.starts_with(path);
        let asked = if is_around {
            Asked::of_directory_around(seen)
        } else {
            Asked::of(seen)
        };
        let path = relative(root, path)?;
        Some(Self { path, asked })
    }

    /// How many directories it goes up before it goes down, and what is there.
    pub fn climb(&self) -> (usize, &str) {
        let (mut levels, mut rest) = (0, self.path.as_str());
        while let Some(deeper) = rest.strip_prefix("..") {
            match deeper.strip_prefix('/') {
                Some(deeper) => rest = deeper,
                None if deeper.is_empty() => rest = deeper,
                None => break,
            }
            levels += 1;
        }
        (levels, rest)
    }
}

/// Which fields of [`Seen`] were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked(u8);

impl Asked {
    const TARGET: u8 = 1;
    const ITSELF: u8 = 2;
    const CONTENT: u8 = 4;
    const NAMES: u8 = 8;
    const REAL_PATH: u8 = 16;
    const ALL: u8 = 31;

    /// What has to be asked to know all that was seen: bytes are those of a file, and what is there and no link is also
    /// what the path leads to.
    fn of(seen: &Seen) -> Self {
        let is_file = matches!(seen.content, Some(Content::Bytes { .. }));
        let bits = [
            (Self::TARGET, seen.target.is_some() && !is_file),
            (Self::ITSELF, seen.itself.is_some()),
            (Self::CONTENT, seen.content.is_some()),
            (Self::NAMES, seen.names.is_some()),
            (Self::REAL_PATH, seen.real_path.is_some()),
        ];
        Self(
            bits.iter()
                .filter(|(_, is_asked)| *is_asked)
                .map(|(bit, _)| bit)
                .sum(),
        )
    }

    /// Directories around a root are what they are everywhere: its path is a real one. What is in them may differ.
    fn of_directory_around(seen: &Seen) -> Self {
        Self(Self::of(seen).0 & Self::NAMES)
    }

    fn is_nothing(self) -> bool {
        self.0 == 0
    }

    pub fn target(self) -> bool {
        self.0 & Self::TARGET != 0
    }
    pub fn itself(self) -> bool {
        self.0 & Self::ITSELF != 0
    }
    pub fn content(self) -> bool {
        self.0 & Self::CONTENT != 0
    }
    pub fn names(self) -> bool {
        self.0 & Self::NAMES != 0
    }
    pub fn real_path(self) -> bool {
        self.0 & Self::REAL_PATH != 0
    }
}

impl Questions {
    /// All that ask something, each beside its answer.
    pub fn of<Answer: Send>(mut pairs: Vec<(Question, Answer)>, root: &Path) -> (Self, Vec<Answer>) {
        pairs.retain(|(question, _)| !question.asked.is_nothing());
        pairs.par_sort_unstable_by(|(left, _), (right, _)| left.path.cmp(&right.path));
        let (list, answers) = pairs.into_iter().unzip();
        let depth = depth_of(root);
        (Self { depth, list }, answers)
    }

    /// Paths share most of their beginning with the one before.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.list.len() * 24);
        put_number(&mut bytes, self.depth);
        put_number(&mut bytes, self.list.len());
        let mut previous = "";
        for question in &self.list {
            let path = question.path.as_str();
            let pairs = previous.bytes().zip(path.bytes());
            let shared = pairs.take_while(|(left, right)| left == right).count();
            put_number(&mut bytes, shared);
            put_number(&mut bytes, path.len() - shared);
            bytes.extend_from_slice(&path.as_bytes()[shared..]);
            bytes.push(question.asked.0);
            previous = path;
        }
        bytes
    }

    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let depth = take_number(&mut rest)?;
        let count = take_number(&mut rest)?;
        let mut list = Vec::with_capacity(count.min(bytes.len()));
        let mut path: Vec<u8> = Vec::new();
        for _ in 0..count {
            let shared = take_number(&mut rest)?;
            let length = take_number(&mut rest)?;
            path.truncate(shared);
            path.extend_from_slice(rest.get(..length)?);
            let asked = *rest.get(length)?;
            rest = &rest[length + 1..];
            list.push(Question {
                path: String::from_utf8(path.clone()).ok()?,
                asked: Asked(asked & Asked::ALL),
            });
        }
        rest.is_empty().then_some(Self { depth, list })
    }
}

/// How many directories are above a directory.
pub(super) fn depth_of(directory: &Path) -> usize {
    let is_name = |part: &Component<'_>| matches!(part, Component::Normal(_));
    directory.components().filter(is_name).count()
}

/// What of a path is below `root`, where the two texts show it. Taking paths apart takes several times as long.
fn plainly_below<'a>(root: &Path, path: &'a Path) -> Option<&'a str> {
    let below = path.to_str()?.strip_prefix(root.to_str()?)?.strip_prefix('/')?;
    let is_plain =
        std::path::MAIN_SEPARATOR == '/' && !below.split('/').any(|part| matches!(part, "" | "." | ".."));
    is_plain.then_some(below)
}

/// `path` as seen from `root`.
pub(super) fn relative(root: &Path, path: &Path) -> Option<String> {
    if let Some(below) = plainly_below(root, path) {
        return Some(below.to_owned());
    }
    if let Ok(below) = path.strip_prefix(root) {
        let is_normal = |part: Component<'_>| matches!(part, Component::Normal(_));
        if below.components().all(is_normal) {
            let text = below.to_str()?;
            return Some(if std::path::MAIN_SEPARATOR == '/' {
                text.to_owned()
            } else {
                text.replace(std::path::MAIN_SEPARATOR, "/")
            });
        }
    }
    path.to_str()?;
    Some(relative_posix(root, path))
}

/// A directory and those around it.
pub(super) struct Around<'a>(Vec<&'a Path>);

impl<'a> Around<'a> {
    pub fn of(root: &'a Path) -> Self {
        Self(root.ancestors().collect())
    }

    /// What is called `rest` as many levels above; above the highest directory there is only itself.
    pub fn path(&self, levels: usize, rest: &str) -> PathBuf {
        let directory = self.0[levels.min(self.0.len() - 1)];
        if rest.is_empty() {
            directory.to_path_buf()
        } else {
            directory.join(rest)
        }
    }
}

/// Seven bits per byte, the lowest first.
fn put_number(bytes: &mut Vec<u8>, mut number: usize) {
    while number > 0x7f {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

fn take_number(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for shift in (0..35).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Presence;

    fn questions() -> Questions {
        let root = Path::new("/w/app");
        let seen = |path: &str, seen: Seen| {
            let question = Question::about(Path::new(path), &seen, root);
            (question.expect("all paths are texts"), seen)
        };
        let probe = || Seen::of_target(Presence::Nothing);
        let pairs = vec![
            seen("/w/node_modules/react/package.json", probe()),
            seen("/w/app/src/a.js", Seen::of_itself(Presence::File)),
            seen("/w/app/src/ab.js", probe()),
            seen("/w/app", probe()),
            seen("/w", Seen::of_itself(Presence::Directory)),
            seen("/node_modules", probe()),
        ];
        Questions::of(pairs, root).0
    }

    #[test]
    fn paths_are_relative_and_found_again() {
        let questions = questions().list;
        let paths: Vec<&str> = questions.iter().map(|question| question.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "",
                "../../node_modules",
                "../node_modules/react/package.json",
                "src/a.js",
                "src/ab.js"
            ]
        );
        let around = Around::of(Path::new("/else/where"));
        let climbs = questions.iter().map(Question::climb);
        let there: Vec<PathBuf> = climbs.map(|(levels, rest)| around.path(levels, rest)).collect();
        assert_eq!(there[2], Path::new("/else/node_modules/react/package.json"));
        assert_eq!(there[1], Path::new("/node_modules"));
        assert_eq!(there[4], Path::new("/else/where/src/ab.js"));
    }

    #[test]
    fn questions_are_read_as_they_are_written() {
        let questions = questions();
        let bytes = questions.encode();
        assert_eq!(Questions::decode(&bytes), Some(questions));
        for length in 0..bytes.len() {
            assert_eq!(Questions::decode(&bytes[..length]), None, "{length}");
        }
    }
}
