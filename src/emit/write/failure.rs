//! The operating system's errors as diagnostics with a fix.

use std::io::{Error, ErrorKind};
use std::path::Path;

use crate::diagnostic::{Code, Diagnostic};

/// Doing `action` to `path` failed.
pub(super) fn failure(module: &str, action: &str, path: &Path, error: &Error) -> Box<Diagnostic> {
    let message = format!("Could not {action} `{}`: {}.", path.display(), reason(error));
    Box::new(Diagnostic::new(Code::Io, module, message, fix(path, error)))
}

/// `path` of an output does not stay in `dist`.
pub(super) fn outside(module: &str, dist: &Path, path: &str) -> Box<Diagnostic> {
    let message = format!(
        "An output would be named `{path}`, which is no path inside `{}`.",
        dist.display()
    );
    let fix = "Rename the export or the file that gives this name: no `..`, no empty part, no backslash.";
    Box::new(Diagnostic::new(Code::Io, module, message, fix).with_found(path))
}

/// Two different outputs want one name.
pub(super) fn clashing_names(module: &str, dist: &Path, path: &str) -> Box<Diagnostic> {
    let message = format!("Two outputs would both be `{}`.", dist.join(path).display());
    Box::new(Diagnostic::new(Code::Io, module, message, "Rename one of them.").with_found(path))
}

/// Another process holds the lock of `dist`.
pub(super) fn busy(module: &str, dist: &Path) -> Box<Diagnostic> {
    let message = format!(
        "Another build has been writing to `{}` for a while.",
        dist.display()
    );
    Box::new(Diagnostic::new(
        Code::Io,
        module,
        message,
        "Wait for it or end it, then build again.",
    ))
}

/// The error without its number, which says nothing to the people who build modules.
fn reason(error: &Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

fn fix(path: &Path, error: &Error) -> String {
    let path = path.display();
    match error.kind() {
        ErrorKind::PermissionDenied => {
            format!(
                "Let the user who builds write there: check owner and mode of `{path}` and its directory."
            )
        }
        ErrorKind::ReadOnlyFilesystem => "Build where the file system can be written to.".to_owned(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "Free some space, then build again.".to_owned(),
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            format!("Remove what stands at `{path}`: a directory must be there.")
        }
        ErrorKind::IsADirectory => format!("Remove the directory `{path}`: a file must be there."),
        ErrorKind::InvalidFilename => "Shorten the name of the export or file it comes from.".to_owned(),
        _ => format!("Check what stands at `{path}`, then build again."),
    }
}
