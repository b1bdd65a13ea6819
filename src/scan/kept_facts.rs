//! What scanning learns of a file, kept for the next process without its tree.
//!
//! A script is a function of its bytes and of how it is read, and the digest of both is its identity. Under it everything is
//! kept that binding asks for; statements are read again when somebody wants to see them ([`KeptModule`]). Files that say
//! more than their own text does (`import.meta.glob`, requests by name, injected files, style sheets) are read each time.

use std::any::Any;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use dashmap::DashMap;

use super::load::{DeclaredFormat, load_script};
use super::parse::decode_source;
use super::source_kind::SourceKind;
use super::source_settings::TreeShaking;
use super::transform::TransformOptions;
use crate::base::{Digest, Pieces, read_file};
use crate::cache::program;
use crate::graph::{KeptModule, LazyTree, ModuleSyntax, SourceText, TreeForm};

/// The first byte of a piece: the file asks for the environment, whose values are part of its identity then.
const DEPENDS: u8 = 0;

/// The first byte of a piece: facts follow.
const FACTS: u8 = 1;

/// Where is kept what earlier processes have learnt of files.
pub struct KeptFiles {
    /// Facts, by identity.
    pub facts: Arc<dyn Pieces>,
    /// Texts, by the digests of the bytes, where source maps show them: one file with all of them is read many times faster than
    /// thousands of files.
    pub texts: Option<Arc<dyn Pieces>>,
}

/// Facts of files, by identity.
pub struct KeptFacts {
    /// None where nothing is kept, and who is asked is only what modules are made of.
    pieces: Option<Arc<dyn Pieces>>,
    texts: Option<Arc<dyn Pieces>>,
    /// Of the program and the settings that all files have in common.
    common: Digest,
    options: DashMap<TransformOptions, (Arc<TransformOptions>, Digest)>,
}

/// How a script is read.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub path: PathBuf,
    pub kind: SourceKind,
    pub declared: DeclaredFormat,
    pub options: Arc<TransformOptions>,
    /// Of its bytes.
    pub content: Digest,
}

/// What is kept of a file.
pub(super) enum Kept {
    Facts(Arc<ModuleSyntax>),
    /// It is different where the environment is.
    Depends,
}

impl KeptFacts {
    /// Those of earlier processes.
    pub(super) fn new(kept: Option<KeptFiles>, shaking: TreeShaking) -> Self {
        let (pieces, texts) = match kept {
            Some(KeptFiles { facts, texts }) => (Some(facts), texts),
            None => (None, None),
        };
        Self {
            pieces,
            texts,
            common: Digest::of(format!("{}\n{shaking:?}", program()).as_bytes()),
            options: DashMap::new(),
        }
    }

    /// What all of a script is made of, unless it asks for the environment.
    pub(super) fn identity(&self, reading: &mut Reading) -> Digest {
        let known = self.options.get(&*reading.options).map(|known| known.clone());
        // All files that are read alike share what says how.
        let (shared, options) = known.unwrap_or_else(|| {
            let digest = Digest::of(format!("{:?}", reading.options).as_bytes());
            let known = (Arc::clone(&reading.options), digest);
            self.options.insert((*reading.options).clone(), known.clone());
            known
        });
        reading.options = shared;
        let form = format!("{:?} {:?} ", reading.kind, reading.declared);
        let parts = [
            self.common.as_bytes().as_slice(),
            options.as_bytes(),
            reading.content.as_bytes(),
            form.as_bytes(),
            reading.path.as_os_str().as_encoded_bytes(),
        ];
        Digest::of(&parts.concat())
    }

    /// What is kept of a script.
    pub(super) fn find(&self, identity: &Digest, reading: Reading) -> Option<Kept> {
        let piece = self.pieces.as_ref()?.get(identity)?;
        let (first, rest) = piece.split_first()?;
        match *first {
            DEPENDS => Some(Kept::Depends),
            FACTS => {
                let syntax: ModuleSyntax = postcard::from_bytes(rest).ok()?;
                Some(Kept::Facts(Arc::new(self.revived(syntax, identity, reading))))
            }
            _ => None,
        }
    }

    /// What is kept of a script that was made of this, without its tree and its text.
    pub(super) fn earlier(&self, identity: &Digest) -> Option<ModuleSyntax> {
        let piece = self.pieces.as_ref()?.get(identity)?;
        match piece.split_first()? {
            (&FACTS, rest) => postcard::from_bytes(rest).ok(),
            _ => None,
        }
    }

    /// Keeps that a script asks for the environment.
    pub(super) fn keep_dependence(&self, identity: Digest) {
        if let Some(pieces) = &self.pieces {
            pieces.put(identity, vec![DEPENDS]);
        }
    }

    /// Keeps a module that has an identity, unless there is something to tell of it; `content` is the digest of its bytes.
    pub(super) fn keep(&self, syntax: &ModuleSyntax, content: Digest) {
        if let Some((identity, pieces)) = syntax.identity.zip(self.pieces.as_ref())
            && syntax.diagnostics.is_empty()
            && syntax.resource.is_none()
            && let Ok(bytes) = postcard::to_extend(syntax, vec![FACTS])
        {
            pieces.put(identity, bytes);
            if let Some(texts) = &self.texts {
                texts.put(content, syntax.source.as_bytes().to_vec());
            }
        }
    }

    /// Says what a module is made of.
    pub(super) fn identify(&self, syntax: &mut ModuleSyntax, identity: Digest) {
        let put = |syntax: &mut ModuleSyntax, identity| {
            syntax.identity = Some(identity);
            syntax.kept_in.clone_from(&self.pieces);
        };
        if let Some(form) = syntax.hoisted_form.as_mut().and_then(Arc::get_mut) {
            put(form, of_hoisted_form(&identity));
        }
        put(syntax, identity);
    }

    /// The module of kept facts.
    fn revived(&self, mut syntax: ModuleSyntax, identity: &Digest, reading: Reading) -> ModuleSyntax {
        let module: Arc<dyn KeptModule> = Arc::new(KeptFile {
            reading,
            texts: self.texts.clone(),
            text: OnceLock::new(),
            made: OnceLock::new(),
        });
        let put = |syntax: &mut ModuleSyntax, form| {
            syntax.source = SourceText::kept(Arc::clone(&module));
            syntax.tree = LazyTree::kept(Arc::clone(&module), form);
        };
        if let Some(form) = syntax.hoisted_form.as_mut().and_then(Arc::get_mut) {
            put(form, TreeForm::Hoisted);
        }
        put(&mut syntax, TreeForm::AsWritten);
        self.identify(&mut syntax, *identity);
        syntax
    }
}

/// The identity of a script in an environment.
pub(super) fn in_environment(identity: &Digest, environment: &str) -> Digest {
    Digest::of(&[identity.as_bytes(), environment.as_bytes()].concat())
}

fn of_hoisted_form(identity: &Digest) -> Digest {
    Digest::of(&[identity.as_bytes().as_slice(), b"hoisted"].concat())
}

/// The file of a module whose facts were kept.
struct KeptFile {
    reading: Reading,
    texts: Option<Arc<dyn Pieces>>,
    text: OnceLock<Arc<str>>,
    // Few are asked for.
    made: OnceLock<Box<ModuleSyntax>>,
}

impl KeptModule for KeptFile {
    fn text(&self) -> &Arc<str> {
        self.text
            .get_or_init(|| self.kept_text().unwrap_or_else(|| self.read_text()))
    }

    fn made(&self) -> &ModuleSyntax {
        self.made.get_or_init(|| Box::new(self.make()))
    }
}

impl KeptFile {
    fn kept_text(&self) -> Option<Arc<str>> {
        let piece = self.texts.as_ref()?.get(&self.reading.content)?;
        Some(Arc::from(std::str::from_utf8(&piece).ok()?))
    }

    fn read_text(&self) -> Arc<str> {
        let Reading { path, content, .. } = &self.reading;
        let bytes = read_file(path).unwrap_or_else(|_| SourceChanged::unwind());
        if Digest::of(&bytes) != *content {
            SourceChanged::unwind();
        }
        let text = decode_source(path, &bytes).unwrap_or_else(|_| SourceChanged::unwind());
        let text = match text.strip_prefix('\u{feff}') {
            Some(rest) => Arc::from(rest),
            None => text,
        };
        if let Some(texts) = &self.texts {
            texts.put(*content, text.as_bytes().to_vec());
        }
        text
    }

    #[tracing::instrument(skip_all, fields(path = %self.reading.path.display()))]
    fn make(&self) -> ModuleSyntax {
        let Reading {
            path,
            kind,
            declared,
            options,
            content: _,
        } = &self.reading;
        let text = Arc::clone(self.text());
        // The same text had no errors: what was kept is damaged.
        load_script(path, text, *kind, *declared, options).unwrap_or_else(|_| SourceChanged::unwind())
    }
}

/// A file is not any more what it was when the build began: what is kept of it says nothing about it. Whoever began with
/// kept facts unwinds to where that was, and begins again without.
#[derive(Debug, Clone, Copy)]
pub struct SourceChanged;

impl SourceChanged {
    fn unwind() -> ! {
        std::panic::resume_unwind(Box::new(Self))
    }

    /// Whether that is why something was given up.
    pub fn is_reason(reason: &(dyn Any + Send)) -> bool {
        reason.is::<Self>()
    }
}

#[cfg(test)]
mod tests;
