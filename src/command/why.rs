//! `esmx-build why`: what a specifier means in a module, and which decisions made it so. Reads declarations and
//! manifests, no sources.

use std::path::PathBuf;

use indexmap::IndexMap;

use super::CommandError;
use super::build::unusable;
use crate::base::DiskFileSystem;
use crate::diagnostic::{Code, Diagnostic, Notice};
use crate::link::{BehaviourFacts, Explanation, Owners, Question, UnknownModule, link};

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
    /// What could not be known of the behaviour file.
    pub notices: Vec<Notice>,
}

/// Explains a specifier in the closure of the options' root.
///
/// # Errors
/// When the directory is no module at all, or its closure has no module of the name that was asked for.
pub fn why(options: &WhyOptions) -> Result<WhyReport, CommandError> {
    let files = DiskFileSystem;
    let facts = BehaviourFacts::read(&files, &options.root).overlaid(
        options
            .links
            .iter()
            .map(|(name, dir)| (name.as_str(), dir.to_str().unwrap_or_default())),
    );
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
            explanation,
            notices: facts.notices,
        }),
        Err(unknown) => Err(no_such_module(&root, options, &unknown)),
    }
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
