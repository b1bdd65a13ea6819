//! A site in an object store with the interface of S3.

use std::future::Future;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::client::ClientConfigKey;
use object_store::path::Path;
use object_store::{
    Attribute, BackoffConfig, Error, GetOptions, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions,
    PutResult, RetryConfig, UpdateVersion,
};
use url::Url;

use super::content_hash;
use super::http::{Connector, NoConditions};
use super::layout::Headers;
use super::storage::{Replaced, Storage, Stored, Version};
use crate::command::CommandError;
use crate::diagnostic::{Code, Diagnostic};

/// How many requests are under way at once.
pub(super) const WIDTH: usize = 16;

/// Where the hash of an object is written down, so that nobody has to fetch it to compare.
const SHA_256: Attribute = Attribute::Metadata(std::borrow::Cow::Borrowed("sha256"));

/// Which objects of which store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketAddress {
    /// The bucket.
    pub bucket: String,
    /// What the keys start with, without slashes around it; empty for all of the bucket.
    pub prefix: String,
    /// The server; none is Amazon's, or the one that the environment names.
    pub endpoint: Option<Url>,
}

impl BucketAddress {
    /// Reads `s3://bucket/prefix`.
    ///
    /// # Errors
    /// When it has no bucket, or a prefix that no key can have.
    pub fn parse(text: &str) -> Result<Self, String> {
        let rest = text
            .strip_prefix("s3://")
            .ok_or("it does not begin with `s3://`")?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let is_named = bucket
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
        if bucket.is_empty() || !is_named {
            return Err("write the name of a bucket after `s3://`, as in s3://shop-assets/site".to_owned());
        }
        let prefix = prefix.trim_end_matches('/');
        Path::parse(prefix).map_err(|error| error.to_string())?;
        Ok(Self {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
            endpoint: None,
        })
    }

    fn shown(&self, path: &str) -> String {
        format!("s3://{}/{}", self.bucket, self.key(path))
    }

    fn key(&self, path: &str) -> String {
        if self.prefix.is_empty() {
            path.to_owned()
        } else {
            format!("{}/{path}", self.prefix)
        }
    }
}

/// Objects that are written and read.
pub(super) struct Bucket {
    address: BucketAddress,
    store: AmazonS3,
}

impl Bucket {
    /// Credentials, region and more come from the usual `AWS_…` variables.
    pub(super) fn open(address: &BucketAddress) -> Result<Self, CommandError> {
        let mut builder = AmazonS3Builder::from_env();
        if let Some(endpoint) = &address.endpoint {
            let text = endpoint.as_str().trim_end_matches('/');
            builder = builder.with_config(AmazonS3ConfigKey::S3Endpoint, text);
        }
        let endpoint = [AmazonS3ConfigKey::S3Endpoint, AmazonS3ConfigKey::Endpoint]
            .iter()
            .find_map(|key| builder.get_config_value(key));
        if endpoint.is_some_and(|endpoint| endpoint.starts_with("http://")) {
            // Whoever writes that means it.
            builder = builder.with_config(AmazonS3ConfigKey::Client(ClientConfigKey::AllowHttp), "true");
        }
        let store = builder
            .with_bucket_name(&address.bucket)
            .with_http_connector(Connector)
            .with_retry(RetryConfig {
                backoff: BackoffConfig::default(),
                max_retries: 6,
                retry_timeout: Duration::from_mins(1),
            })
            .build()
            .map_err(|error| failed("open", &address.shown(""), &error))?;
        Ok(Self {
            address: address.clone(),
            store,
        })
    }

    fn path(&self, path: &str) -> Result<Path, CommandError> {
        Path::parse(self.address.key(path)).map_err(|error| {
            let error = Error::from(error);
            failed("name", &self.shown(path), &error)
        })
    }

    fn put(&self, path: &str, bytes: Vec<u8>, mode: PutMode) -> Result<PutResult, PutFailure> {
        let key = self.path(path).map_err(PutFailure::Other)?;
        let headers = Headers::of(path);
        let mut options = PutOptions::from(mode);
        let attributes = &mut options.attributes;
        attributes.insert(Attribute::ContentType, headers.content_type.into());
        attributes.insert(Attribute::CacheControl, headers.cache_control.into());
        attributes.insert(SHA_256, content_hash(&bytes).into());
        if let Some(encoding) = headers.content_encoding {
            attributes.insert(Attribute::ContentEncoding, encoding.into());
        }
        wait(self.store.put_opts(&key, bytes.into(), options)).map_err(|error| match error {
            Error::AlreadyExists { .. } | Error::Precondition { .. } => PutFailure::Changed,
            error if is_not_implemented(&error) => PutFailure::Unconditional,
            error => PutFailure::Other(failed("write", &self.shown(path), &error)),
        })
    }

    /// Puts what is there a second time on the condition that nothing is: a store that does it would let the later of
    /// two releases win without a word.
    fn refuse_where_conditions_are_ignored(&self, path: &str, bytes: Vec<u8>) -> Result<(), CommandError> {
        match self.put(path, bytes, PutMode::Create) {
            Ok(_) => {
                self.remove(path)?;
                Err(CommandError::Unusable(Box::new(Diagnostic::new(
                    Code::Release,
                    self.shown(path),
                    "The store ignores the conditions of conditional requests, so of two releases at once the later \
                     would undo the earlier, and nobody would know. Nothing was released.",
                    "Set AWS_CONDITIONAL_PUT=disabled, so that each file is looked at before it is written, and \
                     release from one place at a time.",
                ))))
            }
            Err(PutFailure::Changed | PutFailure::Unconditional) => Ok(()),
            Err(PutFailure::Other(error)) => Err(error),
        }
    }

    /// For stores without conditional requests: looks, then writes.
    fn look_and_replace(&self, path: &str, bytes: Vec<u8>, seen: &Version) -> Result<Replaced, CommandError> {
        let there = self.read(path)?;
        if there.map_or(Version::Absent, |there| there.version) != *seen {
            return Ok(Replaced::Changed);
        }
        match self.put(path, bytes, PutMode::Overwrite) {
            Ok(put) => Ok(Replaced::Done(version(put.e_tag))),
            Err(failure) => Err(failure.or_else_told(&self.shown(path))),
        }
    }
}

/// Why an object was not written.
enum PutFailure {
    /// It is not the one that was seen.
    Changed,
    /// The store has no conditional requests.
    Unconditional,
    Other(CommandError),
}

impl PutFailure {
    fn or_else_told(self, shown: &str) -> CommandError {
        match self {
            Self::Other(error) => error,
            Self::Changed | Self::Unconditional => failed_because(
                "write",
                shown,
                "the store refuses to, as if it had been asked for a condition",
            ),
        }
    }
}

impl Storage for Bucket {
    fn shown(&self, path: &str) -> String {
        self.address.shown(path)
    }

    fn read(&self, path: &str) -> Result<Option<Stored>, CommandError> {
        let key = self.path(path)?;
        let read = async {
            let result = self.store.get(&key).await?;
            let media_type = result.attributes.get(&Attribute::ContentType).cloned();
            let version = version(result.meta.e_tag.clone());
            let bytes = result.bytes().await?;
            Ok(Stored {
                bytes: bytes.to_vec(),
                media_type: media_type.map(|media_type| media_type.to_string()),
                version,
            })
        };
        match wait(read) {
            Ok(stored) => Ok(Some(stored)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed("read", &self.shown(path), &error)),
        }
    }

    fn hash_of(&self, path: &str) -> Result<Option<String>, CommandError> {
        let key = self.path(path)?;
        let head = GetOptions {
            head: true,
            ..GetOptions::default()
        };
        match wait(self.store.get_opts(&key, head)) {
            Ok(result) => match result.attributes.get(&SHA_256) {
                Some(hash) => Ok(Some(hash.to_string())),
                // Somebody else has put it there.
                None => Ok(self.read(path)?.map(|stored| content_hash(&stored.bytes))),
            },
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed("look at", &self.shown(path), &error)),
        }
    }

    fn write(&self, path: &str, bytes: Vec<u8>) -> Result<(), CommandError> {
        let put = self.put(path, bytes, PutMode::Overwrite);
        put.map(drop)
            .map_err(|failure| failure.or_else_told(&self.shown(path)))
    }

    fn replace(&self, path: &str, bytes: Vec<u8>, seen: &Version) -> Result<Replaced, CommandError> {
        let mode = match seen {
            Version::Absent => PutMode::Create,
            Version::Tag(tag) => PutMode::Update(UpdateVersion {
                e_tag: Some(tag.clone()),
                version: None,
            }),
        };
        let failure = match self.put(path, bytes.clone(), mode) {
            Ok(put) => {
                if *seen == Version::Absent {
                    self.refuse_where_conditions_are_ignored(path, bytes)?;
                }
                return Ok(Replaced::Done(version(put.e_tag)));
            }
            Err(PutFailure::Unconditional) => return self.look_and_replace(path, bytes, seen),
            Err(failure) => failure,
        };
        // An answer that was lost on the way may have been that it is done; asked again, the store says that somebody
        // has changed it.
        match (self.read(path), failure) {
            (Ok(Some(there)), _) if there.bytes == bytes => Ok(Replaced::Done(there.version)),
            (_, PutFailure::Other(error)) => Err(error),
            _ => Ok(Replaced::Changed),
        }
    }

    fn remove(&self, path: &str) -> Result<bool, CommandError> {
        let key = self.path(path)?;
        match wait(self.store.delete(&key)) {
            Ok(()) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(failed("remove", &self.shown(path), &error)),
        }
    }

    fn width(&self) -> usize {
        WIDTH
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(5)
    }
}

/// The library is asynchronous for programs that do something else meanwhile.
fn wait<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("clocks need nothing of the system")
        .block_on(future)
}

fn version(tag: Option<String>) -> Version {
    Version::Tag(tag.unwrap_or_default())
}

/// By the library, when the environment says so; or by the store.
fn is_not_implemented(error: &Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<NoConditions>() {
            return true;
        }
        cause = error.source();
    }
    matches!(error, Error::NotImplemented { .. })
}

fn failed(action: &str, shown: &str, error: &Error) -> CommandError {
    let reason = match error {
        Error::PermissionDenied { source, .. } | Error::Unauthenticated { source, .. } => format!(
            "the store does not allow it{}; releasing takes the right credentials, and permission to get, put, delete \
             and list",
            error_code(&source.to_string())
        ),
        Error::NotFound { .. } => "there is no such bucket".to_owned(),
        error => error.to_string(),
    };
    // The last place where the library looks for credentials.
    if reason.contains("/latest/api/token") {
        return failed_because(
            action,
            shown,
            "there are no credentials in the environment, and this is no machine of Amazon's that has some",
        );
    }
    failed_because(action, shown, &reason)
}

/// What a store calls its refusal, such as `SignatureDoesNotMatch` or `RequestTimeTooSkewed`.
fn error_code(answer: &str) -> String {
    let code = answer
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once("</Code>"))
        .map(|(code, _)| code);
    code.map_or_else(String::new, |code| format!(" ({code})"))
}

fn failed_because(action: &str, shown: &str, reason: &str) -> CommandError {
    CommandError::Unusable(Box::new(Diagnostic::new(
        Code::Io,
        shown,
        format!("Cannot {action} {shown}: {reason}."),
        "Look at the bucket, the endpoint and the AWS_… variables, and try again; what was written already is used \
         then.",
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_a_bucket_and_what_keys_start_with() {
        let parsed = |text: &str| BucketAddress::parse(text).map(|address| (address.bucket, address.prefix));
        let address = |bucket: &str, prefix: &str| Ok((bucket.to_owned(), prefix.to_owned()));
        assert_eq!(parsed("s3://shop"), address("shop", ""));
        assert_eq!(parsed("s3://shop/"), address("shop", ""));
        assert_eq!(parsed("s3://shop/a/b/"), address("shop", "a/b"));
        for wrong in [
            "s3://",
            "s3:///a",
            "s3://sh op/a",
            "s3://shop/a//b",
            "s3://shop/../b",
        ] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
    }
}
