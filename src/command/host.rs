//! A built host in Node: `esmx-build start`, and what a behaviour file does after a build.
//!
//! Node runs it, through the npm package `esmx-build`; the program only finds both.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::report::BuildReport;
use super::{BasePath, BuildOptions, CommandError, ComposeOptions, Page, Progress, compose};
use crate::diagnostic::{Code, Diagnostic, has_errors};

/// What `start` is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartOptions {
    /// Real path of the host's directory.
    pub root: PathBuf,
    /// The port; what `PORT` says where it is not given.
    pub port: Option<u16>,
    /// The name or address to listen on; what `HOST` says where it is not given.
    pub host: Option<String>,
    /// What client URLs start with; empty, or `/path`.
    pub base: String,
    /// The directives that a strict content security policy of every page has besides; `None` is no policy.
    pub policy: Option<String>,
}

/// Starts the host and becomes its server. The answer is whether it ended well.
///
/// # Errors
/// When the host is not built, or Node or the npm package is not there.
pub fn start(options: &StartOptions) -> Result<bool, CommandError> {
    if !options.root.join("dist").join("index.mjs").is_file() {
        return Err(CommandError::Unusable(Box::new(not_startable(&options.root))));
    }
    let mut node = node(&options.root, "start-host.mjs").map_err(CommandError::Unusable)?;
    node.arg(&options.root);
    if let Some(port) = options.port {
        node.env("PORT", port.to_string());
    }
    if let Some(host) = &options.host {
        node.env("HOST", host);
    }
    if !options.base.is_empty() {
        node.env("ESMX_BASE", &options.base);
    }
    if let Some(directives) = &options.policy {
        node.env("ESMX_CSP", directives);
    }
    become_process(&mut node)
        .map_err(|error| CommandError::Unusable(Box::new(no_node(&options.root, &error))))
}

/// Runs what the behaviour file of a host does after its build: composed, since it may render pages.
pub(super) fn after_build(report: &mut BuildReport, options: &BuildOptions, progress: &dyn Progress) {
    let mut modules = report.modules.iter_mut();
    let Some(host) = modules.find(|module| module.directory == options.root) else {
        return;
    };
    if has_errors(&host.diagnostics) || !has_post_build(&options.root) {
        return;
    }
    let composition = ComposeOptions {
        root: options.root.clone(),
        base: BasePath::default(),
        page: Page::Omitted,
        shared: options.shared.clone(),
        links: options.links.clone(),
    };
    match compose(&composition, progress) {
        Ok(composed) => {
            let errors = composed.diagnostics.into_iter().filter(Diagnostic::is_error);
            host.diagnostics.extend(errors);
        }
        Err(CommandError::Unusable(diagnostic)) => host.diagnostics.push(*diagnostic),
    }
    if has_errors(&host.diagnostics) {
        return;
    }
    if let Err(diagnostic) = post_build(&host.name, &options.root) {
        host.diagnostics.push(*diagnostic);
    }
}

/// Runs `postBuild` of the host's compiled behaviour file. What it says goes to standard error.
fn post_build(name: &str, root: &Path) -> Result<(), Box<Diagnostic>> {
    let mut node = node(root, "post-build.mjs")?;
    // The answer of the program itself is on standard output, and must stay readable.
    let output = node
        .arg(root)
        .stdin(Stdio::null())
        .stdout(Stdio::from(io::stderr()))
        .status()
        .map_err(|error| Box::new(no_node(root, &error)))?;
    if output.success() {
        return Ok(());
    }
    Err(Box::new(
        Diagnostic::new(
            Code::PostBuild,
            name,
            "`postBuild` of the behaviour file failed; what it said is on standard error.",
            "Repair `postBuild` in entry.node.ts. The build itself is complete, so `esmx-build start` works.",
        )
        .with_package(name),
    ))
}

/// Whether a built host has something to do after a build. Compiled code keeps the names of properties.
fn has_post_build(root: &Path) -> bool {
    std::fs::read_to_string(behaviour_file(root)).is_ok_and(|text| text.contains("postBuild"))
}

fn behaviour_file(root: &Path) -> PathBuf {
    root.join("dist").join("node").join("src").join("entry.node.mjs")
}

/// Node with a script of the npm package.
fn node(root: &Path, script: &str) -> Result<Command, Box<Diagnostic>> {
    let runtime = find_runtime(root).ok_or_else(|| Box::new(no_runtime(root)))?;
    let mut node = Command::new("node");
    node.arg(runtime.join("node").join(script)).current_dir(root);
    Ok(node)
}

/// The npm package: the one that started this program, the one that the host installed, or that of the checkout.
fn find_runtime(root: &Path) -> Option<PathBuf> {
    let told = std::env::var_os("ESMX_BUILD_RUNTIME").map(PathBuf::from);
    let installed = root
        .ancestors()
        .map(|directory| directory.join("node_modules").join("esmx-build"));
    let program = std::env::current_exe().ok();
    let checkout = program
        .iter()
        .flat_map(|program| program.ancestors().map(|directory| directory.join("runtime")));
    told.into_iter()
        .chain(installed)
        .chain(checkout)
        .find(|directory| directory.join("node").join("start-host.mjs").is_file())
}

/// On Unix the program becomes Node, so that signals reach the server and nothing stays behind.
#[cfg(unix)]
fn become_process(node: &mut Command) -> io::Result<bool> {
    use std::os::unix::process::CommandExt as _;
    Err(node.exec())
}

#[cfg(not(unix))]
fn become_process(node: &mut Command) -> io::Result<bool> {
    node.status().map(|status| status.success())
}

fn not_startable(root: &Path) -> Diagnostic {
    Diagnostic::new(
        Code::NotBuilt,
        root.display().to_string(),
        "There is no dist/index.mjs: this host is not built, or it is a library without an `entry`.",
        "Run `esmx-build build -r` and `esmx-build compose` first.",
    )
}

fn no_runtime(root: &Path) -> Diagnostic {
    Diagnostic::new(
        Code::Io,
        root.display().to_string(),
        "The npm package `esmx-build` is not installed where this host can see it; a host runs in Node with it.",
        "Install it: `npm install esmx-build`.",
    )
}

fn no_node(root: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(
        Code::Io,
        root.display().to_string(),
        format!("Node cannot be run: {error}."),
        "Install Node 20.6 or newer, so that `node --version` works.",
    )
}
