//! `esmx-build graph`: the closure as a picture. Link once, collect what is worth drawing, write it in one of four
//! formats. Nothing is built, and the errors of the project are part of the picture.

mod dot;
mod mermaid;
mod page;
mod picture;

use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use self::picture::Picture;
use super::build::unusable;
use super::{CommandError, root_facts};
use crate::base::DiskFileSystem;
use crate::diagnostic::{Code, Diagnostic, Notice};
use crate::link::{Owners, link};

/// What `graph` is asked to draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphOptions {
    /// Real path of the root module's directory; its `package.json` was readable when the options were made.
    pub root: PathBuf,
    /// How.
    pub format: GraphFormat,
    /// Where to, instead of standard output.
    pub output: Option<PathBuf>,
    /// Module name → absolute artifact directory, over everything `node_modules` says.
    pub links: IndexMap<String, PathBuf>,
}

/// How a picture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphFormat {
    /// One page that works without a network.
    Html,
    /// A flowchart for Markdown.
    Mermaid,
    /// For Graphviz.
    Dot,
    /// For other programs.
    Json,
}

impl GraphFormat {
    /// The format that the name of a file promises.
    pub fn of_file_name(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "html" | "htm" => Some(Self::Html),
            "mmd" | "mermaid" => Some(Self::Mermaid),
            "dot" | "gv" => Some(Self::Dot),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// What `graph` drew.
#[derive(Debug)]
pub struct GraphReport {
    /// The root's name.
    pub root: String,
    /// The picture.
    pub text: String,
    /// Where it was written.
    pub written: Option<PathBuf>,
    /// How many modules are in it.
    pub modules: usize,
    /// How many supplied packages are in it.
    pub packages: usize,
    /// What could not be known of the behaviour file.
    pub notices: Vec<Notice>,
    /// What the picture tells.
    pub diagnostics: Vec<Diagnostic>,
}

/// Draws the closure of the options' root.
///
/// # Errors
/// When the directory is no module at all, or the file cannot be written.
pub fn graph(options: &GraphOptions) -> Result<GraphReport, CommandError> {
    let files = DiskFileSystem;
    let facts = root_facts(&files, &options.root, &options.links);
    let linkage = link(&files, &options.root, &facts, Owners::Elected)
        .map_err(|error| unusable(&options.root, &error))?;
    let traces = linkage.traces();
    let picture = Picture::of(&files, &linkage, &traces);
    let text = match options.format {
        GraphFormat::Html => page::draw(&picture),
        GraphFormat::Mermaid => mermaid::draw(&picture),
        GraphFormat::Dot => dot::draw(&picture),
        GraphFormat::Json => picture.to_json(),
    };
    if let Some(path) = &options.output {
        std::fs::write(path, &text).map_err(|error| {
            let message = format!("{} cannot be written: {error}.", path.display());
            let fix = "Name a file in a directory that exists and can be written to.";
            CommandError::Unusable(Box::new(Diagnostic::new(
                Code::Io,
                linkage.root().label(),
                message,
                fix,
            )))
        })?;
    }
    Ok(GraphReport {
        root: linkage.root().label(),
        modules: picture.nodes.len(),
        packages: linkage.supply().len(),
        written: options.output.clone(),
        text,
        diagnostics: linkage.diagnostics.clone(),
        notices: facts.notices,
    })
}
