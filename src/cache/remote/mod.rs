//! The cache of many machines: a server that speaks what the remote caches of Bazel speak over HTTP.
//!
//! ```text
//! GET, PUT  URL/ac/<64 digits>    what was built in a situation; which questions builds of a key have asked
//! GET, PUT  URL/cas/<64 digits>   bytes by their SHA-256
//! ```
//!
//! Nobody waits for it longer than building takes: slow answers have a moment for all of them together, files have as
//! long as the build took that made them, and twice as long to get there, when the result is shown already. The first answer that does not come in time, or that is none, is the last one
//! that is asked for, and for a while no other process asks either. What comes is believed when it has its digest.

mod action_result;
mod trouble;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use ureq::Agent;

pub(super) use self::action_result::ActionResult;
use self::trouble::{Left, Patience, Trouble};
use super::store::Store;
use crate::base::Digest;

/// What the server is and what it is used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteSettings {
    /// What comes before `/ac/` and `/cas/`.
    pub url: String,
    /// Whether this machine fills it.
    pub access: Access,
    /// What the server is told in the header `Authorization`.
    pub authorization: Option<String>,
}

/// What a machine does with a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It asks.
    Read,
    /// It asks, and keeps there what it builds.
    ReadWrite,
}

/// Connecting takes no longer on a network that is worth asking.
const CONNECTING: Duration = Duration::from_millis(500);

/// An answer that takes no longer costs no patience: many modules have many questions.
const USUAL: Duration = Duration::from_millis(100);

/// What all questions that lead to nothing may take beyond that.
const PATIENCE: Duration = Duration::from_secs(1);

/// What files that are fetched may take, however fast the build was.
const LEAST_TIME: Duration = Duration::from_secs(1);

/// A server may say anything of how long a build took.
const MOST_TIME: Duration = Duration::from_mins(10);

/// What files that are put there may take, while nobody waits for the result any more.
const LEAST_TIME_AFTERWARDS: Duration = Duration::from_secs(3);

/// So many files travel at once: most of their time is the way.
const CONNECTIONS: usize = 8;

/// Nobody keeps longer lists, or longer reports.
const LONGEST_ANSWER: u64 = 64 << 20;

/// The two kinds of files.
#[derive(Debug, Clone, Copy)]
enum Rack {
    Actions,
    Contents,
}

impl Rack {
    fn name(self) -> &'static str {
        match self {
            Self::Actions => "ac",
            Self::Contents => "cas",
        }
    }
}

/// A server.
#[derive(Debug, Clone)]
pub(super) struct Remote {
    agent: Agent,
    settings: RemoteSettings,
    trouble: Arc<Trouble>,
    patience: Arc<Patience>,
}

impl Remote {
    /// None while the server is known to be in trouble; `store` remembers that.
    pub fn open(settings: &RemoteSettings, store: &Store) -> Option<Self> {
        let trouble = Trouble::open(store, &settings.url)?;
        let agent: Agent = Agent::config_builder()
            .timeout_connect(Some(CONNECTING))
            .max_redirects(3)
            .max_idle_connections_per_host(CONNECTIONS)
            .user_agent(concat!("esmx-build/", env!("CARGO_PKG_VERSION")))
            .build()
            .into();
        Some(Self {
            agent,
            settings: settings.clone(),
            trouble: Arc::new(trouble),
            patience: Arc::new(Patience::new(PATIENCE)),
        })
    }

    /// The text that was kept under a name.
    pub fn text(&self, name: &Digest) -> Option<String> {
        let started = Instant::now();
        let bytes = self.get(Rack::Actions, name, self.patience.left()?, LONGEST_ANSWER);
        let text = bytes.and_then(|bytes| ActionResult::text_of(&bytes));
        if text.is_none() && self.patience.spend(started.elapsed().saturating_sub(USUAL)) == Left::Nothing {
            self.trouble.begins();
        }
        text
    }

    /// The bytes of a list of questions.
    pub fn questions(&self, digest: &Digest) -> Option<Vec<u8>> {
        let bytes = self.get(Rack::Contents, digest, self.patience.left()?, LONGEST_ANSWER)?;
        (Digest::of(&bytes) == *digest).then_some(bytes)
    }

    /// Hands over files with their sizes; false when one of them does not come in time. `took` is how long the build took
    /// that made them.
    pub fn fetch(
        &self,
        files: &[(Digest, u64)],
        took: Duration,
        receive: impl Fn(&Digest, &[u8]) -> bool + Sync,
    ) -> bool {
        let end = Instant::now() + took.clamp(LEAST_TIME, MOST_TIME);
        let is_done = side_by_side(files, |(digest, size)| {
            let left = end.saturating_duration_since(Instant::now());
            let bytes = self.get(Rack::Contents, digest, left, size + 1);
            bytes.is_some_and(|bytes| Digest::of(&bytes) == *digest && receive(digest, &bytes))
        });
        if !is_done && Instant::now() >= end {
            self.trouble.begins();
        }
        is_done
    }

    /// Keeps a text, and before it the files that it speaks of; `content` gives those that the server has not.
    pub fn keep(
        &self,
        kept: &[(&Digest, &ActionResult)],
        files: &[(Digest, u64)],
        took: Duration,
        content: impl Fn(&Digest) -> Option<Vec<u8>> + Sync,
    ) {
        if self.settings.access == Access::Read {
            return;
        }
        let end = Instant::now() + took.min(MOST_TIME).saturating_mul(2).max(LEAST_TIME_AFTERWARDS);
        let left = || end.saturating_duration_since(Instant::now());
        let are_there = side_by_side(files, |(digest, _)| {
            self.has(digest, left())
                || content(digest).is_some_and(|bytes| self.put(Rack::Contents, digest, &bytes, left()))
        });
        if are_there {
            for (name, result) in kept {
                self.put(Rack::Actions, name, &result.encode(), left());
            }
        }
    }

    fn get(&self, rack: Rack, name: &Digest, time: Duration, limit: u64) -> Option<Vec<u8>> {
        self.exchange(time, || {
            let request = self.agent.get(self.url(rack, name));
            let mut response = self
                .authorized(request)
                .config()
                .timeout_global(Some(time))
                .build()
                .call()?;
            response.body_mut().with_config().limit(limit).read_to_vec()
        })
    }

    fn has(&self, name: &Digest, time: Duration) -> bool {
        let has = self.exchange(time, || {
            let request = self.agent.head(self.url(Rack::Contents, name));
            self.authorized(request)
                .config()
                .timeout_global(Some(time))
                .build()
                .call()
        });
        has.is_some()
    }

    fn put(&self, rack: Rack, name: &Digest, bytes: &[u8], time: Duration) -> bool {
        let put = self.exchange(time, || {
            let request = self.agent.put(self.url(rack, name));
            let request = request.header("Content-Type", "application/octet-stream");
            self.authorized(request)
                .config()
                .timeout_global(Some(time))
                .build()
                .send(bytes)
        });
        put.is_some()
    }

    fn url(&self, rack: Rack, name: &Digest) -> String {
        format!(
            "{}/{}/{name}",
            self.settings.url.trim_end_matches('/'),
            rack.name()
        )
    }

    fn authorized<Body>(&self, request: ureq::RequestBuilder<Body>) -> ureq::RequestBuilder<Body> {
        match &self.settings.authorization {
            Some(value) => request.header("Authorization", value),
            None => request,
        }
    }

    /// What is not there is an answer; everything else that is no success is the end of asking.
    fn exchange<T>(&self, time: Duration, exchange: impl FnOnce() -> Result<T, ureq::Error>) -> Option<T> {
        if time.is_zero() || self.trouble.is_there() {
            return None;
        }
        match exchange() {
            Ok(answer) => Some(answer),
            // 405 and 501 answer HEAD, which is not part of the protocol.
            Err(ureq::Error::StatusCode(404 | 410 | 405 | 501)) => None,
            Err(_) => {
                self.trouble.begins();
                None
            }
        }
    }
}

/// Does `work` with every item until one fails.
fn side_by_side<T: Sync>(items: &[T], work: impl Fn(&T) -> bool + Sync) -> bool {
    let next = AtomicUsize::new(0);
    let has_failed = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..CONNECTIONS.min(items.len()) {
            scope.spawn(|| {
                while !has_failed.load(Ordering::Relaxed)
                    && let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    if !work(item) {
                        has_failed.store(true, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    !has_failed.into_inner()
}
