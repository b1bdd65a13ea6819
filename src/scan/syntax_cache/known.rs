//! Files of which an earlier process has learnt what they say.

use std::sync::Arc;

use super::super::environment::{Environment, is_asked_for};
use super::super::file_use::split_path;
use super::super::import_glob::mentions_glob;
use super::super::kept_facts::{Kept, Reading, in_environment};
use super::super::loaders::Loader;
use super::super::request::IGNORED_FILE;
use super::super::requests_by_name::mentions_request_by_name;
use super::reading::{declared_format, define_environment};
use super::{First, Loaded, MODE_EXPRESSION, ModeInCode, SyntaxCache, Values};
use crate::base::{Digest, FileSystem};
use crate::resolve::ResolvedFile;

/// What is known of a file before it is read as a module.
#[derive(Default)]
pub(super) struct AskedKept {
    /// What its module is made of, where that can be known before.
    identity: Option<Digest>,
    /// Of its bytes.
    digest: Option<Digest>,
    pub(super) found: Option<Kept>,
    content: Option<std::io::Result<Vec<u8>>>,
}

impl AskedKept {
    /// The bytes. Where they are not those that were asked for, the file was changed just now.
    pub(super) fn content(
        &mut self,
        read: impl FnOnce() -> std::io::Result<Vec<u8>>,
    ) -> std::io::Result<Vec<u8>> {
        if let Some(content) = self.content.take() {
            return content;
        }
        let content = read();
        if self.identity.is_some() && self.digest != content.as_ref().ok().map(|bytes| Digest::of(bytes)) {
            self.identity = None;
        }
        content
    }
}

impl SyntaxCache {
    /// A file, as long as it does not ask for the environment.
    pub(super) fn load_first(&self, files: &dyn FileSystem, file: &ResolvedFile) -> First {
        let mut asked = self.ask_kept(files, file, ModeInCode::Replaced, Values::Unasked);
        match asked.found.take() {
            Some(Kept::Facts(syntax)) => return First::Same(Ok(syntax)),
            Some(Kept::Depends) => return First::Depends,
            None => {}
        }
        let content = asked.content(|| self.content(files, file));
        if content.as_ref().is_ok_and(|bytes| is_asked_for(bytes)) {
            if let (Some(kept), Some(identity)) = (&self.kept, asked.identity) {
                kept.keep_dependence(identity);
            }
            return First::Depends;
        }
        asked.content = Some(content);
        First::Same(self.read_asked(files, file, asked, ModeInCode::Replaced, None))
    }

    /// What is kept of a file.
    pub(super) fn ask_kept(
        &self,
        files: &dyn FileSystem,
        file: &ResolvedFile,
        mode: ModeInCode,
        environment: Values<'_>,
    ) -> AskedKept {
        let mut asked = AskedKept::default();
        let (path, wish) = split_path(&file.path);
        let (Some(kept), Some(Loader::Script(kind)), None) =
            (&self.kept, self.settings.loaders.of_path(&path), wish)
        else {
            return asked;
        };
        let is_file = path.file_name().is_none_or(|name| name != IGNORED_FILE);
        if !is_file || !self.settings.injected.is_empty() || self.embedded.contains_key(&path) {
            return asked;
        }
        let (content, bytes) = match files.digest(&path) {
            Ok(known) => known,
            Err(error) => {
                asked.content = Some(Err(error));
                return asked;
            }
        };
        asked.content = bytes.map(Ok);
        let Ok(mut options) = self.options(&path) else {
            return asked;
        };
        if mode == ModeInCode::Open {
            options.defines.retain(|define| !define.replaces(MODE_EXPRESSION));
        }
        asked.digest = Some(content);
        let mut reading = Reading {
            declared: declared_format(file, kind),
            path,
            kind,
            options: Arc::new(options),
            content,
        };
        let mut identity = kept.identity(&mut reading);
        match environment {
            Values::Unasked => {}
            Values::OfEveryMode => identity = in_environment(&identity, "any mode"),
            Values::Of(environment) => {
                identity = in_environment(&identity, environment.map_or("", Environment::key));
                define_environment(Arc::make_mut(&mut reading.options), environment);
            }
        }
        asked.found = kept.find(&identity, reading);
        asked.identity = Some(identity);
        asked
    }

    /// Reads a file of which nothing is kept, and keeps what it says.
    pub(super) fn read_asked(
        &self,
        files: &dyn FileSystem,
        file: &ResolvedFile,
        mut asked: AskedKept,
        mode: ModeInCode,
        environment: Option<&Environment>,
    ) -> Loaded {
        let content = asked.content(|| self.content(files, file));
        let mut syntax = self.read(files, content, file, mode, environment)?;
        if let (Some(kept), Some(identity)) = (&self.kept, asked.identity)
            && !mentions_glob(&syntax.source)
            && !mentions_request_by_name(&syntax.source)
        {
            kept.identify(&mut syntax, identity);
            if let Some(content) = asked.digest {
                kept.keep(&syntax, content);
            }
        }
        Ok(Arc::new(syntax))
    }
}
