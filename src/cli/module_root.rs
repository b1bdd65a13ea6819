//! The directory a command is for: there, and a module's, or the user hears why not before anything is tried.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::CommandFactory as _;
use serde_json::Value;

use super::arguments::Arguments;
use crate::base::{normalize, read_file};
use crate::command::CommandError;
use crate::diagnostic::{Code, Diagnostic, Location, nearest};

/// The real directory of the module named on the command line. Everything that is wrong with it is the
/// user's to hear before anything is tried (PROTOCOL, Appendix C 9).
pub(super) fn module_root(given: &Path, directory: &Path) -> Result<PathBuf, CommandError> {
    let path = normalize(&directory.join(given));
    let root = fs::canonicalize(&path).map_err(|error| unusable(no_directory(given, &path, &error)))?;
    if !root.is_dir() {
        let message = format!("`{}` is a file.", given.display());
        let parent = given.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new(".")).display();
        let fix = format!("Name the directory of the module: `{parent}`.");
        return Err(unusable(Diagnostic::new(
            Code::Io,
            path.display().to_string(),
            message,
            fix,
        )));
    }
    let file = root.join("package.json");
    let bytes = read_file(&file).map_err(|error| unusable(no_package(given, &root, &error)))?;
    // Some editors write a byte order mark; npm ignores it.
    check_package(&file, bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes))?;
    Ok(root)
}

/// Nothing can be done, for this reason.
pub(super) fn unusable(diagnostic: Diagnostic) -> CommandError {
    CommandError::Unusable(Box::new(diagnostic))
}

/// The default command takes any word for a directory, so a mistyped command ends here.
fn no_directory(given: &Path, path: &Path, error: &io::Error) -> Diagnostic {
    let message = match error.kind() {
        io::ErrorKind::NotFound => format!("There is no directory `{}`.", given.display()),
        _ => format!("The directory `{}` cannot be opened: {error}.", given.display()),
    };
    let commands = command_words();
    let command = nearest(&given.to_string_lossy(), commands.iter().map(String::as_str));
    let fix = match command {
        Some(command) if Path::new(command) == given => {
            format!("If you mean the command, write it before the options: `esmx-build {command} …`.")
        }
        Some(command) => format!("If you mean the command, write `esmx-build {command}`."),
        None => "Name the directory of a module, or run the program inside one.".to_owned(),
    };
    Diagnostic::new(Code::Io, path.display().to_string(), message, fix)
}

fn no_package(given: &Path, root: &Path, error: &io::Error) -> Diagnostic {
    let message = match error.kind() {
        io::ErrorKind::NotFound => format!("`{}` has no package.json.", given.display()),
        _ => format!(
            "`{}` cannot be read: {error}.",
            given.join("package.json").display()
        ),
    };
    let command = command_words()
        .into_iter()
        .find(|command| Path::new(command) == given);
    let fix = match command {
        Some(command) => format!(
            "If you mean the command, write it before the options: `esmx-build {command} …`. \
             A module is a directory with a package.json."
        ),
        None if error.kind() == io::ErrorKind::PermissionDenied => {
            "Make it readable for the user who builds.".to_owned()
        }
        None => "Name the directory of a module, one with a package.json, or run the program inside one."
            .to_owned(),
    };
    Diagnostic::new(Code::Io, root.display().to_string(), message, fix)
}

fn command_words() -> Vec<String> {
    Arguments::command()
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect()
}

/// Whether the bytes are a JSON object. What is in it is for the commands to judge.
fn check_package(file: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    let module = file.parent().unwrap_or(file).display().to_string();
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(_)) => Ok(()),
        Ok(_) => {
            let fix = "Write an object with at least `name` and `version`.";
            let diagnostic = Diagnostic::new(Code::Io, module, "package.json is not a JSON object.", fix);
            let start = text.len() - text.trim_start().len();
            Err(unusable(diagnostic.at(Some(Location::of_range(
                file,
                text,
                start,
                start + 1,
            )))))
        }
        Err(error) => {
            let message = format!("package.json is not JSON: {}.", without_place(&error));
            let location = Some(json_location(file, text, &error));
            let fix = "Correct the JSON at this place.";
            Err(unusable(
                Diagnostic::new(Code::Io, module, message, fix).at(location),
            ))
        }
    }
}

/// The error's text; the place is shown with the source line.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ")
        .map_or(text.clone(), |(what, _)| what.to_owned())
}

fn json_location(file: &Path, text: &str, error: &serde_json::Error) -> Location {
    let lines_before = text.split_inclusive('\n').take(error.line().saturating_sub(1));
    let line_start: usize = lines_before.map(str::len).sum();
    let start = line_start + error.column().saturating_sub(1);
    Location::of_range(file, text, start, start + 1)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn workspace() -> (TempDir, PathBuf) {
        let directory = TempDir::new().unwrap();
        let root = fs::canonicalize(directory.path()).unwrap();
        for name in ["shop", "empty"] {
            fs::create_dir(root.join(name)).unwrap();
        }
        fs::write(root.join("shop/package.json"), r#"{"name":"acme"}"#).unwrap();
        (directory, root)
    }

    fn problem(directory: &Path, given: &str) -> Diagnostic {
        match module_root(Path::new(given), directory) {
            Err(CommandError::Unusable(diagnostic)) => *diagnostic,
            Ok(root) => panic!("{given} gave {}", root.display()),
        }
    }

    #[test]
    fn a_directory_without_package_is_told() {
        let (_guard, root) = workspace();
        assert_eq!(problem(&root, "empty").message, "`empty` has no package.json.");
        let file = problem(&root, "shop/package.json");
        assert_eq!(file.fix, "Name the directory of the module: `shop`.");
    }

    #[test]
    fn a_broken_package_shows_the_place() {
        let (_guard, root) = workspace();
        fs::write(
            root.join("shop/package.json"),
            "{\n  \"name\": \"acme\",\n  nonsense\n}\n",
        )
        .unwrap();
        let problem = problem(&root, "shop");
        let location = problem.location.unwrap();
        assert_eq!((location.line, location.column), (3, 3));
        assert_eq!(problem.message, "package.json is not JSON: key must be a string.");
    }

    #[test]
    fn packages_may_start_with_a_byte_order_mark_and_must_be_objects() {
        let file = Path::new("/a/package.json");
        assert_eq!(check_package(file, "\u{feff}{}".as_bytes()), Ok(()));
        assert!(check_package(file, b"[]").is_err());
        assert!(check_package(file, b"").is_err());
        assert!(check_package(file, b"{\"a\": \"\xff\xfe").is_err());
    }

    #[test]
    fn a_mistyped_command_is_recognised() {
        let (_guard, root) = workspace();
        let problem = problem(&root, "compsoe");
        assert_eq!(problem.message, "There is no directory `compsoe`.");
        assert_eq!(
            problem.fix,
            "If you mean the command, write `esmx-build compose`."
        );
    }

    #[test]
    fn a_command_after_options_is_recognised() {
        let (_guard, root) = workspace();
        let problem = problem(&root.join("shop"), "build");
        assert_eq!(
            problem.fix,
            "If you mean the command, write it before the options: `esmx-build build …`."
        );
    }
}
