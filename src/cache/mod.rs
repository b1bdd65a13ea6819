//! What an earlier process has built, kept for the next one.
//!
//! A build is a function of what it was told (options, version of the tool, variables of the environment) and of what the
//! disk answered to its questions. Both are known before anything is parsed, except for the questions. So they are kept,
//! and asking them again is the first thing the next build does:
//!
//! ```text
//! key        what was told                          ──▶ questions that such builds have asked
//! situation  key + questions + today's answers      ──▶ outputs, warnings, report
//! ```
//!
//! A source that was edited gives another situation, and that of an hour ago is found again as soon as the files are as
//! they were (another branch, an undone edit). Paths are relative to the root and answers are digests of contents, so
//! that a checkout elsewhere is in the same situation. What makes asking fast is known of this disk alone: a file whose
//! size, times and number are those of the last time is not read again.
//!
//! On the disk, below `v1` of the cache directory:
//!
//! ```text
//! questions/…  key        → digests of lists of questions, newest first
//! ac/…         situation  → the list of outputs and the report
//! cas/…        digest     → bytes: outputs, lists of questions
//! stamps/…     what files of this disk looked like when their bytes were these
//! packs/…      key, kind   → pieces of such builds, by what they are made of or by what the disk said
//! ```
//!
//! Several machines share a server beside it: see `remote`.
//!
//! Every file is written beside and renamed, what refers to others after them; every file says its own digest or is named
//! by it. So a process may be killed at any moment, several may write at once, and what is damaged is not there. Nothing
//! here ever fails: a cache that cannot be read has nothing, one that cannot be written keeps nothing.

mod answers;
mod entry;
mod keeping;
mod key;
mod pack;
mod place;
mod questions;
mod remote;
mod stamps;
mod store;
mod sweep;

use std::path::{Path, PathBuf};

use rayon::prelude::*;

pub use self::answers::is_script;
use self::answers::{Answers, Known};
pub use self::entry::{Entry, Output};
pub use self::keeping::{ByLayout, Finished, Keeping};
pub use self::key::{BuildKey, program};
pub use self::pack::Pack;
pub use self::place::{CachePlace, CacheSettings};
use self::questions::Questions;
pub use self::remote::{Access, RemoteSettings};
use self::remote::{ActionResult, Remote};
use self::stamps::{Stamps, output_stamps_name, stamps_name};
use self::store::{Rack, Store};
use crate::base::{Digest, KnownFiles, Seen};

/// More lists than these of one key are forgotten: each is one way through the sources, and asking takes time.
const LISTS: usize = 8;

/// What earlier processes have built.
#[derive(Debug, Clone)]
pub struct Cache {
    store: Store,
    limit: u64,
    remote: Option<Remote>,
}

/// A build that was made in the situation of today.
#[derive(Debug)]
pub struct Found {
    /// What it made.
    pub entry: Entry,
    situation: Digest,
}

/// What was learnt while nothing was found.
#[derive(Debug, Default)]
pub struct Learnt {
    /// What files look like whose bytes were looked at.
    pub known: KnownFiles,
    /// What the disk said to those who built with the same options, the last one first.
    pub layouts: Vec<Layout>,
}

/// What the disk said to all that a build asked.
#[derive(Debug)]
pub struct Layout {
    /// Says all of it but for the bytes of scripts.
    pub name: Digest,
    /// Each answer.
    pub seen: Vec<(PathBuf, Seen)>,
}

impl Cache {
    /// The cache that the settings name for what is in `root`, if there is one.
    pub fn open(settings: &CacheSettings, root: &Path) -> Option<Self> {
        let store = Store::open(&settings.directory(root)?)?;
        let remote = settings.remote.as_ref();
        Some(Self {
            remote: remote.and_then(|remote| Remote::open(remote, &store)),
            limit: settings.limit,
            store,
        })
    }

    /// What was built when everything was as it is. `values` are those of the environment that the build may have used.
    ///
    /// # Errors
    /// Where nothing is found: what was learnt.
    #[tracing::instrument(skip_all)]
    pub fn find(&self, key: &BuildKey, root: &Path, values: &str) -> Result<Found, Learnt> {
        let lists = self.lists(key);
        let mut situations = Vec::new();
        let mut learnt = Learnt::default();
        for (place, list) in lists.iter().enumerate() {
            let Some(questions) = self.questions(list) else {
                continue;
            };
            let answers = self.answers(list, &questions, root);
            let situation = answers.situation(key, list, values);
            let text = self.sealed(Rack::Entries, &situation);
            if let Some(entry) = text.and_then(|text| Entry::parse(&text)) {
                self.mark_as_used(key, &lists, place, &entry, &situation);
                return Ok(Found { entry, situation });
            }
            situations.push((*list, situation));
            let known = answers.known_files(&questions, root);
            learnt
                .known
                .extend(known.map(|(path, known)| (path.into_os_string(), known)));
            learnt.layouts.push(Layout {
                name: answers.layout(key, list, values, root),
                seen: answers.seen(&questions, root),
            });
        }
        self.find_elsewhere(key, root, values, &situations).ok_or(learnt)
    }

    /// What another machine has built when everything was as it is here; `situations` are those that are known here.
    fn find_elsewhere(
        &self,
        key: &BuildKey,
        root: &Path,
        values: &str,
        situations: &[(Digest, Digest)],
    ) -> Option<Found> {
        let remote = self.remote.as_ref()?;
        for list in lists_of(&remote.text(key.digest())?) {
            let known = situations.iter().find(|(known, _)| *known == list);
            let situation = known.map(|(_, situation)| *situation).or_else(|| {
                let bytes = remote.questions(&list)?;
                let questions = Questions::decode(&bytes)?;
                self.store.put(Rack::Blobs, &list, &bytes);
                Some(
                    self.answers(&list, &questions, root)
                        .situation(key, &list, values),
                )
            });
            let Some(situation) = situation else { continue };
            let Some(text) = remote.text(&situation) else {
                continue;
            };
            let Some(entry) = Entry::parse(&text) else {
                continue;
            };
            self.store.put(Rack::Entries, &situation, &seal(&text));
            self.add_list(key, list);
            return Some(Found { entry, situation });
        }
        None
    }

    /// What the disk says today. What is learnt of it is kept.
    fn answers(&self, list: &Digest, questions: &Questions, root: &Path) -> Answers {
        let name = stamps_name(list, root);
        let answers = Answers::of_today(questions, root, &self.stamps(&name));
        if answers.has_learned {
            self.store.put(Rack::Stamps, &name, &answers.stamps().encode());
        }
        answers
    }

    fn questions(&self, list: &Digest) -> Option<Questions> {
        Questions::decode(&self.blob(list)?)
    }

    /// The bytes of all outputs, in their order; none if one of them is missing or damaged.
    #[tracing::instrument(skip_all)]
    pub fn outputs(&self, found: &Found) -> Option<Vec<Vec<u8>>> {
        let outputs = &found.entry.outputs;
        let here = outputs.par_iter().map(|output| self.blob(&output.digest));
        let Some(remote) = &self.remote else {
            return here.collect();
        };
        let mut contents: Vec<Option<Vec<u8>>> = here.collect();
        let pairs = outputs.iter().zip(&contents);
        let missing: Vec<(Digest, u64)> = pairs
            .filter(|(_, content)| content.is_none())
            .map(|(output, _)| (output.digest, output.size))
            .collect();
        let is_complete = remote.fetch(&missing, found.entry.took, |digest, bytes| {
            self.store.put(Rack::Blobs, digest, bytes)
        });
        for (output, content) in outputs.iter().zip(&mut contents).filter(|_| is_complete) {
            if content.is_none() {
                *content = self.blob(&output.digest);
            }
        }
        contents.into_iter().collect()
    }

    /// Whether all outputs are where they belong; `path` says where that is.
    #[tracing::instrument(skip_all)]
    pub fn are_in_place(&self, found: &Found, path: impl Fn(&Output) -> PathBuf + Sync) -> bool {
        let outputs = &found.entry.outputs;
        let Some(first) = outputs.first() else { return true };
        let name = output_stamps_name(&found.situation, &path(first));
        let stamps = self.stamps(&name);
        let looks = outputs.par_iter().enumerate().map(|(index, output)| {
            let (digest, known) = stamps.digest_of(index, &path(output), output.size)?;
            (digest == output.digest).then_some(known)
        });
        let Some(known) = looks.collect::<Option<Vec<Known>>>() else {
            return false;
        };
        let seen = Stamps::of(known);
        if seen != stamps {
            self.store.put(Rack::Stamps, &name, &seen.encode());
        }
        true
    }

    /// Puts outputs into the store, each with its name, for a build that is going to be kept; none if they cannot be there.
    #[tracing::instrument(skip_all)]
    pub fn put_outputs(&self, outputs: &[(String, &[u8])]) -> Option<Vec<Output>> {
        let outputs = outputs.par_iter().map(|(name, bytes)| {
            let digest = Digest::of(bytes);
            self.store.put(Rack::Blobs, &digest, bytes).then(|| Output {
                name: name.clone(),
                digest,
                size: bytes.len() as u64,
            })
        });
        outputs.collect()
    }

    #[tracing::instrument(skip_all)]
    fn keep_now(&self, finished: &Finished) {
        rayon::join(
            || self.try_to_keep(finished),
            || finished.made.par_iter().for_each(|pack| pack.save()),
        );
        finished.packs.par_iter().for_each(|pack| pack.save());
    }

    fn sweep(&self) {
        self.store.sweep(self.limit);
    }

    fn try_to_keep(&self, finished: &Finished) -> Option<()> {
        let Finished {
            key, root, values, ..
        } = finished;
        let (questions, answers) = Answers::of_build(&finished.observer, root)?;
        let entry = Entry {
            outputs: finished.outputs.clone(),
            report: finished.report.clone(),
            took: finished.took,
        };
        let encoded = questions.encode();
        let list = Digest::of(&encoded);
        let situation = answers.situation(key, &list, values);
        if let Some(keep) = &finished.by_layout {
            keep(answers.layout(key, &list, values, root));
        }
        let put = |rack, name: &Digest, bytes: &[u8]| self.store.put(rack, name, bytes).then_some(());
        put(Rack::Blobs, &list, &encoded)?;
        put(Rack::Entries, &situation, &seal(&entry.to_text()))?;
        put(
            Rack::Stamps,
            &stamps_name(&list, root),
            &answers.stamps().encode(),
        )?;
        self.add_list(key, list);
        if let Some(remote) = &self.remote {
            self.share(remote, key, (list, encoded.len() as u64), &situation, &entry);
        }
        Some(())
    }

    /// Keeps a build on the server, too.
    fn share(&self, remote: &Remote, key: &BuildKey, list: (Digest, u64), situation: &Digest, entry: &Entry) {
        let outputs = entry.outputs.iter();
        let of_situation = ActionResult {
            text: entry.to_text(),
            files: outputs
                .map(|output| (output.name.clone(), output.digest, output.size))
                .collect(),
        };
        let others = remote.text(key.digest()).map(|text| lists_of(&text));
        let of_key = ActionResult {
            text: text_of_lists(&with_first(list.0, others.unwrap_or_default())),
            files: vec![("questions".to_owned(), list.0, list.1)],
        };
        let outputs = entry.outputs.iter();
        let files: Vec<(Digest, u64)> = [list]
            .into_iter()
            .chain(outputs.map(|output| (output.digest, output.size)))
            .collect();
        let kept = [(situation, &of_situation), (key.digest(), &of_key)];
        remote.keep(&kept, &files, entry.took, |digest| self.blob(digest));
    }

    fn blob(&self, digest: &Digest) -> Option<Vec<u8>> {
        let bytes = self.store.get(Rack::Blobs, digest)?;
        (Digest::of(&bytes) == *digest).then_some(bytes)
    }

    fn stamps(&self, name: &Digest) -> Stamps {
        let bytes = self.store.get(Rack::Stamps, name);
        bytes.and_then(|bytes| Stamps::decode(&bytes)).unwrap_or_default()
    }

    fn sealed(&self, rack: Rack, name: &Digest) -> Option<String> {
        unseal(self.store.get(rack, name)?)
    }

    fn lists(&self, key: &BuildKey) -> Vec<Digest> {
        lists_of(&self.sealed(Rack::Questions, key.digest()).unwrap_or_default())
    }

    /// Makes a list the first one that is asked.
    fn add_list(&self, key: &BuildKey, list: Digest) {
        let text = text_of_lists(&with_first(list, self.lists(key)));
        self.store.put(Rack::Questions, key.digest(), &seal(&text));
    }

    /// What is used stays; the list that led here is the first to be asked the next time.
    fn mark_as_used(
        &self,
        key: &BuildKey,
        lists: &[Digest],
        place: usize,
        entry: &Entry,
        situation: &Digest,
    ) {
        if place > 0 {
            self.add_list(key, lists[place]);
        }
        self.store.touch(Rack::Questions, key.digest());
        self.store.touch(Rack::Entries, situation);
        self.store.touch(Rack::Blobs, &lists[place]);
        entry
            .outputs
            .par_iter()
            .for_each(|output| self.store.touch(Rack::Blobs, &output.digest));
    }
}

fn lists_of(text: &str) -> Vec<Digest> {
    text.lines().filter_map(Digest::parse).take(LISTS).collect()
}

fn text_of_lists(lists: &[Digest]) -> String {
    let lines: Vec<String> = lists.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn with_first(first: Digest, others: Vec<Digest>) -> Vec<Digest> {
    let others = others.into_iter().filter(|other| *other != first);
    [first].into_iter().chain(others).take(LISTS).collect()
}

/// A text with its digest before it.
fn seal(text: &str) -> Vec<u8> {
    format!("{}\n{text}", Digest::of(text.as_bytes())).into_bytes()
}

/// The text, if it is whole.
fn unseal(bytes: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(bytes).ok()?;
    let (digest, text) = text.split_once('\n')?;
    (Digest::parse(digest)? == Digest::of(text.as_bytes())).then(|| text.to_owned())
}
