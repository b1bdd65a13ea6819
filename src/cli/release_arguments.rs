//! The words of `importmap release`, `rollback` and `history`.

use std::path::{Path, PathBuf};

use clap::Args;
use url::Url;

use super::module_root::unusable;
use crate::base::normalize;
use crate::command::CommandError;
use crate::command::importmap::{
    BucketAddress, ImportMapTask, Refusal, ReleaseOptions, Retention, RollbackOptions, Site,
};
use crate::diagnostic::{Code, Diagnostic};

pub(super) const RELEASE_EXAMPLES: &str = "\
Examples:
  esmx-build importmap release next --to /srv/site
                                 Check next/importmap.json, add the assets beside it, make the map live
  esmx-build importmap rollback --to /srv/site
                                 The release before is live again
  esmx-build importmap history --to /srv/site
  esmx-build importmap release next --to s3://shop-assets/site --after 7
                                 Into an object store, unless somebody has released since 7

The map /srv/site/importmap.json changes last and in one step, so a release that is cut off changes nothing. Assets \
of earlier releases stay beside the new ones as long as a page may be open that needs them. What `importmap check` \
refuses is not released. Object stores with the interface of S3 take their credentials, region and endpoint from the \
variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION and AWS_ENDPOINT_URL.";

/// Which site.
#[derive(Debug, Args)]
pub(super) struct SiteArguments {
    /// What is served: a directory, or `s3://BUCKET/PREFIX`
    #[arg(long, value_name = "DIR|URL", value_parser = parse_target)]
    to: Target,
    /// Server of the object store [default: what `AWS_ENDPOINT_URL` says, else Amazon's]
    #[arg(long, value_name = "URL", value_parser = parse_endpoint)]
    endpoint: Option<Url>,
}

/// What `--to` names.
#[derive(Debug, Clone)]
enum Target {
    Directory(PathBuf),
    Bucket(BucketAddress),
}

impl SiteArguments {
    fn site(self, directory: &Path) -> Result<Site, CommandError> {
        match (self.to, self.endpoint) {
            (Target::Bucket(address), endpoint) => Ok(Site::Bucket(BucketAddress { endpoint, ..address })),
            (Target::Directory(path), None) => Ok(Site::Directory(normalize(&directory.join(path)))),
            (Target::Directory(path), Some(_)) => Err(unusable(Diagnostic::new(
                Code::Release,
                "release",
                format!("{} is a directory, and no object store is asked.", path.display()),
                "Write `--to s3://BUCKET/PREFIX`, or leave out `--endpoint`.",
            ))),
        }
    }
}

/// A letter before the colon is a drive.
fn parse_target(text: &str) -> Result<Target, String> {
    match text.split_once("://") {
        Some(("s3", _)) => BucketAddress::parse(text).map(Target::Bucket),
        Some((scheme, _)) if scheme.len() > 1 => Err(format!(
            "releases do not go to `{scheme}:`; write a directory, or s3://BUCKET/PREFIX with --endpoint for any store with \
             the interface of S3"
        )),
        _ => Ok(Target::Directory(PathBuf::from(text))),
    }
}

fn parse_endpoint(text: &str) -> Result<Url, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
        _ => Err("write the whole URL of a server, such as https://s3.eu-central-1.amazonaws.com".to_owned()),
    }
}

/// Arguments of `importmap release`.
#[derive(Debug, Args)]
pub(super) struct ReleaseArguments {
    /// The new map, or the directory with its `importmap.json`; what lies beside it are the assets, as they are served
    #[arg(value_name = "NEW", value_hint = clap::ValueHint::AnyPath)]
    pub new: PathBuf,
    #[command(flatten)]
    pub site: SiteArguments,
    /// Release only if this release is live, because the new map was made from its map
    #[arg(long, value_name = "RELEASE")]
    pub after: Option<u64>,
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
    pub(super) fn task(self, directory: &Path) -> Result<ImportMapTask, CommandError> {
        let given = normalize(&directory.join(&self.new));
        // A map is named by itself or by its directory.
        let (new, map_name) = match (given.is_file(), given.parent(), given.file_name()) {
            (true, Some(parent), Some(name)) => (parent.to_path_buf(), name.to_string_lossy().into_owned()),
            _ => (given, "importmap.json".to_owned()),
        };
        Ok(ImportMapTask::Release(ReleaseOptions {
            new,
            map_name,
            site: self.site.site(directory)?,
            after: self.after,
            refusal: refusal(self.force),
            retention: Retention {
                releases: self.keep,
                days: self.keep_days,
            },
        }))
    }
}

/// Arguments of `importmap rollback`.
#[derive(Debug, Args)]
pub(super) struct RollbackArguments {
    /// The number of the release to go back to [default: the one before]
    #[arg(value_name = "RELEASE")]
    pub release: Option<u64>,
    #[command(flatten)]
    pub site: SiteArguments,
    /// Go back even to what `check` refuses; the history says so
    #[arg(long)]
    pub force: bool,
    /// Write one JSON document to standard output and nothing else
    #[arg(long)]
    pub json: bool,
}

impl RollbackArguments {
    /// What is asked, with absolute paths.
    pub(super) fn task(self, directory: &Path) -> Result<ImportMapTask, CommandError> {
        Ok(ImportMapTask::Rollback(RollbackOptions {
            site: self.site.site(directory)?,
            release: self.release,
            refusal: refusal(self.force),
        }))
    }
}

/// Arguments of `importmap history`.
#[derive(Debug, Args)]
pub(super) struct HistoryArguments {
    #[command(flatten)]
    pub site: SiteArguments,
    /// Write one JSON document to standard output and nothing else
    #[arg(long)]
    pub json: bool,
}

impl HistoryArguments {
    /// What is asked, with absolute paths.
    pub(super) fn task(self, directory: &Path) -> Result<ImportMapTask, CommandError> {
        Ok(ImportMapTask::History(self.site.site(directory)?))
    }
}

fn refusal(force: bool) -> Refusal {
    if force {
        Refusal::Overruled
    } else {
        Refusal::Binding
    }
}
