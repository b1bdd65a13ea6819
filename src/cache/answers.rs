//! What the disk says to the questions of a build.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::key::BuildKey;
use super::questions::{Around, Question, Questions, depth_of, relative};
use super::stamps::Stamps;
use crate::base::{
    Content, Digest, DiskFileSystem, FileSystem as _, Observer, Presence, Seen, Stamp, has_extension,
};

/// What is known of the bytes of a file without reading it.
pub(super) type Known = Option<(Stamp, Digest)>;

/// Answers in the order of the questions.
pub(super) struct Answers {
    /// As one text of bytes.
    text: Vec<u8>,
    /// Where in it the digests of scripts are.
    scripts: Vec<usize>,
    /// What was seen, where that was asked today; empty where a build was told.
    seen: Vec<Seen>,
    known: Vec<Known>,
    /// Whether more is known now than was before.
    pub has_learned: bool,
}

/// One answer.
struct Answer {
    text: Vec<u8>,
    /// Where in it the digest of a script is.
    script: Option<usize>,
    known: Known,
    has_learned: bool,
}

impl Answers {
    /// What a build was told.
    #[tracing::instrument(skip_all)]
    pub fn of_build(observer: &Observer, root: &Path) -> Option<(Questions, Self)> {
        let pairs = observer.map(|path, seen| {
            let question = Question::about(path, seen, root)?;
            let answer = answer(&question, seen, root);
            Some((question, answer))
        });
        let (questions, answers) = Questions::of(pairs?, root);
        Some((questions, Self::of(answers)))
    }

    /// What the disk says today.
    #[tracing::instrument(skip_all)]
    pub fn of_today(questions: &Questions, root: &Path, stamps: &Stamps) -> Self {
        let place = Place {
            root,
            around: Around::of(root),
            depth: depth_of(root),
            asked_at: questions.depth,
        };
        let asked = questions
            .list
            .par_iter()
            .with_min_len(256)
            .enumerate()
            .map(|(index, question)| place.ask(index, question, stamps));
        let (answers, seen) = asked.unzip();
        Self {
            seen,
            ..Self::of(answers)
        }
    }

    fn of(answers: Vec<Answer>) -> Self {
        let mut all = Self {
            text: Vec::with_capacity(answers.len() * 24),
            scripts: Vec::new(),
            seen: Vec::new(),
            known: Vec::with_capacity(answers.len()),
            has_learned: answers.iter().any(|answer| answer.has_learned),
        };
        for answer in answers {
            let at = all.text.len();
            all.scripts.extend(answer.script.map(|script| at + script));
            all.text.extend_from_slice(&answer.text);
            all.known.push(answer.known);
        }
        all
    }

    /// The files of which the bytes are known.
    pub fn known_files<'a>(
        &'a self,
        questions: &'a Questions,
        root: &'a Path,
    ) -> impl Iterator<Item = (PathBuf, (Stamp, Digest))> + 'a {
        let around = Around::of(root);
        let known = questions.list.iter().zip(&self.known);
        known.filter_map(move |(question, known)| {
            let (levels, rest) = question.climb();
            known.map(|known| (around.path(levels, rest), known))
        })
    }

    pub fn stamps(&self) -> Stamps {
        Stamps::of(self.known.clone())
    }

    /// Everything that decides where requests lead: all answers but what scripts say, and where the root is.
    pub fn layout(&self, key: &BuildKey, questions: &Digest, values: &str, root: &Path) -> Digest {
        let mut text = self.text.clone();
        for at in &self.scripts {
            text[*at..*at + Digest::BYTES].fill(0);
        }
        let situation = Self::situation_of(&text, key, questions, values);
        let parts = [
            b"layout".as_slice(),
            situation.as_bytes(),
            root.as_os_str().as_encoded_bytes(),
        ];
        Digest::of(&parts.concat())
    }

    /// What was seen today.
    pub fn seen(self, questions: &Questions, root: &Path) -> Vec<(PathBuf, Seen)> {
        let around = Around::of(root);
        let pairs = questions.list.par_iter().zip(self.seen).with_min_len(256);
        let pairs = pairs.map(|(question, seen)| {
            let (levels, rest) = question.climb();
            (around.path(levels, rest), seen)
        });
        pairs.collect()
    }

    /// Everything that decides what is built.
    pub fn situation(&self, key: &BuildKey, questions: &Digest, values: &str) -> Digest {
        Self::situation_of(&self.text, key, questions, values)
    }

    fn situation_of(text: &[u8], key: &BuildKey, questions: &Digest, values: &str) -> Digest {
        let parts = [
            key.digest().as_bytes().as_slice(),
            questions.as_bytes(),
            Digest::of(values.as_bytes()).as_bytes(),
            text,
        ]
        .concat();
        Digest::of(&parts)
    }
}

/// Where questions are asked again: perhaps deeper in a disk, or less deep, than they were.
struct Place<'a> {
    root: &'a Path,
    around: Around<'a>,
    depth: usize,
    asked_at: usize,
}

impl Place<'_> {
    fn ask(&self, index: usize, question: &Question, stamps: &Stamps) -> (Answer, Seen) {
        let (levels, rest) = question.climb();
        let (seen, has_read) = look(index, question, &self.around.path(levels, rest), stamps);
        let mut answer = answer(question, &seen, self.root);
        if self.would_be_asked_otherwise(levels, rest, &seen) {
            answer.text.push(b'^');
        }
        answer.has_learned = has_read && answer.known.is_some();
        (answer, seen)
    }

    /// Who looks for a package looks in every directory above, and stops where it is. Where there are more directories
    /// above than there were, it must not be in those either; where there are fewer, only what is not there is what was
    /// asked for.
    fn would_be_asked_otherwise(&self, levels: usize, rest: &str, seen: &Seen) -> bool {
        if levels > self.depth {
            return !is_nothing(seen);
        }
        levels == self.asked_at
            && (levels + 1..=self.depth)
                .any(|level| Presence::of_itself(&self.around.path(level, rest)) != Presence::Nothing)
    }
}

fn is_nothing(seen: &Seen) -> bool {
    let is_absent = |presence: &Option<Presence>| matches!(presence, None | Some(Presence::Nothing));
    is_absent(&seen.target)
        && is_absent(&seen.itself)
        && !matches!(seen.content, Some(Content::Bytes { .. }))
        && !matches!(seen.names, Some(Ok(_)))
        && !matches!(seen.real_path, Some(Ok(_)))
}

/// What is seen of a path as far as it is asked, and whether that had to be read.
fn look(index: usize, question: &Question, path: &Path, stamps: &Stamps) -> (Seen, bool) {
    let asked = question.asked;
    let mut seen = Seen::default();
    let mut has_learned = false;
    let itself = asked.itself().then(|| fs::symlink_metadata(path).ok());
    if let Some(metadata) = &itself {
        seen.itself = Some(Presence::told_by(metadata.as_ref(), path));
    }
    // What is no link leads to itself.
    let target = match itself {
        Some(metadata) if metadata.as_ref().is_none_or(|found| !found.is_symlink()) => metadata,
        _ if asked.target() || asked.content() => fs::metadata(path).ok(),
        _ => None,
    };
    if asked.target() {
        seen.target = Some(Presence::told_by(target.as_ref(), path));
    }
    if asked.content() {
        let known = target.and_then(|metadata| stamps.known_of(index, Stamp::of(&metadata)));
        has_learned = known.is_none();
        seen.content = Some(match known {
            Some((stamp, digest)) => Content::Bytes {
                digest,
                stamp: Some(stamp),
            },
            None => Content::read(path).1,
        });
    }
    if asked.names() {
        seen.names = Seen::of_names(&DiskFileSystem.list(path)).names;
    }
    if asked.real_path() {
        seen.real_path = Seen::of_real_path(&DiskFileSystem.real_path(path)).real_path;
    }
    (seen, has_learned)
}

/// What was seen, as far as it was asked.
fn answer(question: &Question, seen: &Seen, root: &Path) -> Answer {
    let asked = question.asked;
    let mut text = Vec::with_capacity(40);
    let mut known = None;
    let mut script = None;
    if asked.target() {
        put_presence(&mut text, seen.target.as_ref());
    }
    if asked.itself() {
        put_presence(&mut text, seen.itself.as_ref());
    }
    if asked.content() {
        match &seen.content {
            Some(Content::Bytes { digest, stamp }) => {
                text.push(b'=');
                script = is_script(&question.path).then_some(text.len());
                text.extend_from_slice(digest.as_bytes());
                known = stamp.map(|stamp| (stamp, *digest));
            }
            Some(Content::Unreadable(kind)) => put_text(&mut text, b'!', format!("{kind:?}").as_bytes()),
            None => text.push(b'?'),
        }
    }
    if asked.names() {
        match &seen.names {
            Some(Ok(digest)) => {
                text.push(b'=');
                text.extend_from_slice(digest.as_bytes());
            }
            Some(Err(kind)) => put_text(&mut text, b'!', format!("{kind:?}").as_bytes()),
            None => text.push(b'?'),
        }
    }
    if asked.real_path() {
        match &seen.real_path {
            // One that is no text is not the same as any other.
            Some(Ok(path)) => match relative(root, path) {
                Some(path) => put_text(&mut text, b'=', path.as_bytes()),
                None => put_text(&mut text, b'~', path.as_os_str().as_encoded_bytes()),
            },
            Some(Err(kind)) => put_text(&mut text, b'!', format!("{kind:?}").as_bytes()),
            None => text.push(b'?'),
        }
    }
    Answer {
        text,
        script,
        known,
        has_learned: false,
    }
}

/// Whether what a file says decides nothing about where the requests of others lead. Settings are in no such files, but for
/// behaviour files. [`super::Layout`] says nothing of them.
pub fn is_script(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    !name.starts_with("entry.node.")
        && has_extension(path, &["js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"])
}

fn put_presence(text: &mut Vec<u8>, presence: Option<&Presence>) {
    text.push(match presence {
        None => b'?',
        Some(Presence::Nothing) => b'-',
        Some(Presence::File) => b'f',
        Some(Presence::Directory) => b'd',
        Some(Presence::Other) => b'o',
        Some(Presence::Link(target)) => return put_text(text, b'l', target.as_encoded_bytes()),
    });
}

fn put_text(text: &mut Vec<u8>, kind: u8, content: &[u8]) {
    text.push(kind);
    text.extend_from_slice(&(content.len() as u64).to_le_bytes());
    text.extend_from_slice(content);
}
