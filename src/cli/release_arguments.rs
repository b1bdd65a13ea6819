//! The words of `importmap release`, `rollback` and `history`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::base::normalize;
use crate::command::importmap::{ImportMapTask, Refusal, ReleaseOptions, Retention, RollbackOptions};

pub(super) const RELEASE_EXAMPLES: &str = "\
Examples:
  esmx-build importmap release next --to /srv/site
                                 Check next/importmap.json, add the assets beside it, make the map live
  esmx-build importmap rollback --to /srv/site
                                 The release before is live again
  esmx-build importmap history --to /srv/site

The map /srv/site/importmap.json changes last and by one rename, so a release that is cut off changes nothing. Assets \
of earlier releases stay beside the new ones as long as a page may be open that needs them. What `importmap check` \
refuses is not released.";

/// Arguments of `importmap release`.
#[derive(Debug, Args)]
pub(super) struct ReleaseArguments {
    /// The new map, or the directory with its `importmap.json`; what lies beside it are the assets, as they are served
    #[arg(value_name = "NEW", value_hint = clap::ValueHint::AnyPath)]
    pub new: PathBuf,
    /// The directory that is served
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub to: PathBuf,
    /// Release what `check` refuses; the history says so
    #[arg(long)]
    pub force: bool,
    /// Keep so many of the last releases
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub keep: usize,
    /// Keep what was live in the last days, because pages may still be open
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    pub keep_days: u64,
    /// Write one JSON document to standard output and nothing else
    #[arg(long)]
    pub json: bool,
}

impl ReleaseArguments {
    /// What is asked, with absolute paths.
    pub(super) fn task(self, directory: &Path) -> ImportMapTask {
        let given = normalize(&directory.join(&self.new));
        // A map is named by itself or by its directory.
        let (new, map_name) = match (given.is_file(), given.parent(), given.file_name()) {
            (true, Some(parent), Some(name)) => (parent.to_path_buf(), name.to_string_lossy().into_owned()),
            _ => (given, "importmap.json".to_owned()),
        };
        ImportMapTask::Release(ReleaseOptions {
            new,
            map_name,
            site: normalize(&directory.join(&self.to)),
            refusal: refusal(self.force),
            retention: Retention {
                releases: self.keep,
                days: self.keep_days,
            },
        })
    }
}

/// Arguments of `importmap rollback`.
#[derive(Debug, Args)]
pub(super) struct RollbackArguments {
    /// The number of the release to go back to [default: the one before]
    #[arg(value_name = "RELEASE")]
    pub release: Option<u64>,
    /// The directory that is served
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub to: PathBuf,
    /// Go back even to what `check` refuses; the history says so
    #[arg(long)]
    pub force: bool,
    /// Write one JSON document to standard output and nothing else
    #[arg(long)]
    pub json: bool,
}

impl RollbackArguments {
    /// What is asked, with absolute paths.
    pub(super) fn task(self, directory: &Path) -> ImportMapTask {
        ImportMapTask::Rollback(RollbackOptions {
            site: normalize(&directory.join(&self.to)),
            release: self.release,
            refusal: refusal(self.force),
        })
    }
}

/// Arguments of `importmap history`.
#[derive(Debug, Args)]
pub(super) struct HistoryArguments {
    /// The directory that is served
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub to: PathBuf,
    /// Write one JSON document to standard output and nothing else
    #[arg(long)]
    pub json: bool,
}

fn refusal(force: bool) -> Refusal {
    if force {
        Refusal::Overruled
    } else {
        Refusal::Binding
    }
}
