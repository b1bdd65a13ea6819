//! `esmx-build why`: what a specifier means in a module, and which decisions made it so. Reads declarations and
//! manifests, no sources.

use std::path::PathBuf;

use indexmap::IndexMap;

use super::build::unusable;
use super::{CommandError, root_facts};
use crate::base::DiskFileSystem;
use crate::diagnostic::{Code, Diagnostic, Notice};
use crate::link::{Answer, Explanation, Owners, Question, UnknownModule, link};
use crate::protocol::Side;
use crate::resolve::{Mode, RequestKind, ResolveSettings, Resolved, Resolver};

/// What `why` is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhyOptions {
    /// Real path of the root module's directory; its `package.json` was readable when the options were made.
    pub root: PathBuf,
    /// As an import would write it.
    pub specifier: String,
    /// The module of the closure whose code imports it; the root when nobody is named.
    pub from: Option<String>,
    /// Module name → absolute artifact directory, over everything `node_modules` says.
    pub links: IndexMap<String, PathBuf>,
}

/// What `why` answers.
#[derive(Debug)]
pub struct WhyReport {
    /// The root's name.
    pub root: String,
    /// The answer.
    pub explanation: Explanation,
    /// The file that is bundled on each side, where the answer is that something is bundled.
    pub bundled: Vec<BundledFile>,
    /// What could not be known of the behaviour file.
    pub notices: Vec<Notice>,
}

/// What a bundled specifier leads to on one side.
#[derive(Debug)]
pub struct BundledFile {
    /// Which side.
    pub side: Side,
    /// The file; `None` when the package's `browser` field replaces it by nothing.
    pub file: Result<Option<PathBuf>, String>,
}

impl WhyReport {
    /// Whether the specifier means something on at least one side.
    pub fn is_answered(&self) -> bool {
        let is_meant = !matches!(
            self.explanation.answer,
            Answer::Refused(_) | Answer::Nothing(_) | Answer::Cyclic
        );
        is_meant && (self.bundled.is_empty() || self.bundled.iter().any(|bundled| bundled.file.is_ok()))
    }
}

/// Explains a specifier in the closure of the options' root.
///
/// # Errors
/// When the directory is no module at all, or its closure has no module of the name that was asked for.
pub fn why(options: &WhyOptions) -> Result<WhyReport, CommandError> {
    let files = DiskFileSystem;
    let facts = root_facts(&files, &options.root, &options.links);
    let linkage = link(&files, &options.root, &facts, Owners::Elected)
        .map_err(|error| unusable(&options.root, &error))?;
    let root = linkage.root().label();
    let question = Question {
        specifier: &options.specifier,
        from: options.from.as_deref(),
    };
    match linkage.explain(&files, question) {
        Ok(explanation) => Ok(WhyReport {
            root,
            bundled: bundled(&explanation),
            explanation,
            notices: facts.notices,
        }),
        Err(unknown) => Err(no_such_module(&root, options, &unknown)),
    }
}

/// Resolves what is bundled as a production build would.
fn bundled(explanation: &Explanation) -> Vec<BundledFile> {
    let specifier = match &explanation.answer {
        Answer::OwnCopy(_) => explanation.specifier.clone(),
        Answer::OwnFile(path) => path.to_string_lossy().into_owned(),
        _ => return Vec::new(),
    };
    // Any file of the module asks alike.
    let importer = explanation.dir.join("package.json");
    let resolve = |side: Side| {
        let resolver = Resolver::new(&ResolveSettings::of_side(side, Mode::Production));
        let file = match resolver.resolve(&importer, &specifier, RequestKind::Import) {
            Ok(Resolved::File(file)) => Ok(Some(file.path)),
            Ok(Resolved::Ignored) => Ok(None),
            Err(unresolved) if unresolved.is_not_found => Err("there is no such file".to_owned()),
            Err(unresolved) => Err(unresolved.reason),
        };
        BundledFile { side, file }
    };
    Side::BOTH.map(resolve).into_iter().collect()
}

fn no_such_module(root: &str, options: &WhyOptions, unknown: &UnknownModule) -> CommandError {
    let asked = options.from.as_deref().unwrap_or_default();
    let message = format!("`{asked}` is no module of the closure of {root}, so nothing can be asked for it.");
    let fix = match &unknown.nearest {
        Some(name) => format!("Write `--from {name}`."),
        None => format!("Name one of these: {}.", unknown.modules.join(", ")),
    };
    CommandError::Unusable(Box::new(
        Diagnostic::new(Code::NotUsed, root, message, fix).with_package(asked),
    ))
}
