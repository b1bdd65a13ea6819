//! The words about what earlier processes have built.

use std::path::{Path, PathBuf};

use clap::Args;
use url::Url;

use super::bundle_invocation::misused;
use super::byte_count::byte_count;
use crate::base::normalize;
use crate::cache::{Access, CachePlace, CacheSettings, RemoteSettings};
use crate::command::CommandError;

/// Options of `build` and `bundle`.
#[derive(Debug, Default, Args)]
pub(super) struct CacheArguments {
    /// Take what was built before from the cache (the default)
    #[arg(long, hide_short_help = true, overrides_with = "no_cache")]
    pub cache: bool,
    /// Build everything anew, and keep nothing
    #[arg(long, hide_short_help = true, overrides_with = "cache")]
    pub no_cache: bool,
    /// Keep what was built there [default: node_modules/.cache/esmx-build of the package or its workspace]
    #[arg(hide_short_help = true, long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub cache_dir: Option<PathBuf>,
    /// Keep no more than this: what was not used for the longest time goes first [default: 1g]
    #[arg(hide_short_help = true, long, value_name = "BYTES")]
    pub cache_size: Option<String>,
    /// Share what is built through a server that speaks Bazel's remote cache protocol over HTTP
    /// [default: what `ESMX_BUILD_REMOTE_CACHE` says]
    #[arg(hide_short_help = true, long, value_name = "URL", value_hint = clap::ValueHint::Url)]
    pub remote_cache: Option<String>,
    /// Only take what the server has
    #[arg(hide_short_help = true, long)]
    pub remote_cache_read_only: bool,
}

/// The server, where neither the command line nor a file names one.
const REMOTE: &str = "ESMX_BUILD_REMOTE_CACHE";

/// What servers are told in the header `Authorization`: a secret, which is nothing for command lines and files.
const AUTHORIZATION: &str = "ESMX_BUILD_REMOTE_CACHE_AUTHORIZATION";

impl CacheArguments {
    /// Which cache is used; relative paths start from `directory`.
    ///
    /// # Errors
    /// When the size is none.
    pub fn settings(&self, directory: &Path) -> Result<CacheSettings, CommandError> {
        let limit = match &self.cache_size {
            Some(text) => byte_count("--cache-size", text, "500m")? as u64,
            None => CacheSettings::DEFAULT_LIMIT,
        };
        let place = match &self.cache_dir {
            _ if self.no_cache => CachePlace::Nowhere,
            Some(path) => CachePlace::Directory(normalize(&directory.join(path))),
            None => CachePlace::Project,
        };
        Ok(CacheSettings {
            place,
            limit,
            remote: self.remote()?,
        })
    }

    fn remote(&self) -> Result<Option<RemoteSettings>, CommandError> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let Some(url) = self.remote_cache.clone().or_else(|| variable(REMOTE)) else {
            return Ok(None);
        };
        let is_usable = Url::parse(&url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if !is_usable {
            let fix =
                "Write what comes before `/ac/` and `/cas/`: `--remote-cache http://cache.internal:8080`.";
            let problem = "it is no URL of an HTTP server";
            return Err(misused("--remote-cache", &url, problem, fix));
        }
        Ok(Some(RemoteSettings {
            url,
            access: if self.remote_cache_read_only {
                Access::Read
            } else {
                Access::ReadWrite
            },
            authorization: variable(AUTHORIZATION),
        }))
    }
}
