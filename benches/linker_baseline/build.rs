//! One build of a program by one of the two linkers, in a process of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fs};

use anyhow::Context as _;

use crate::process::{self, End, Finished};

/// The exit code of a Rust program whose main thread panicked.
const PANIC_EXIT_CODE: i32 = 101;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Linker {
    Ours,
    SwcBundler,
}

/// A build that went well.
pub struct Built {
    /// Where the output is, see [`crate::observe`].
    pub output: PathBuf,
    pub elapsed: Duration,
}

/// A build that did not.
pub enum BuildFailure {
    /// It said what is wrong with the program, though nothing is.
    Refused(String),
    /// A panic, or a signal, as when the stack is full.
    Crashed(String),
    OutOfTime,
}

impl Linker {
    pub const BOTH: [Self; 2] = [Self::Ours, Self::SwcBundler];

    pub fn name(self) -> &'static str {
        match self {
            Self::Ours => "esmx-build",
            Self::SwcBundler => "swc_bundler",
        }
    }

    /// Builds the program in `directory`, which may be written to. Neither linker minifies.
    ///
    /// # Errors
    /// When the process cannot be started at all. That a build fails is a result.
    pub fn build(self, directory: &Path, limit: Duration) -> anyhow::Result<Result<Built, BuildFailure>> {
        let output = directory.join("dist");
        if output.exists() {
            fs::remove_dir_all(&output).with_context(|| format!("cannot remove {}", output.display()))?;
        }
        let finished = process::run(&mut self.command(directory, &output)?, limit)?;
        Ok(match failure(&finished) {
            None => Ok(Built {
                output,
                elapsed: finished.elapsed,
            }),
            Some(failure) => Err(failure),
        })
    }

    fn command(self, directory: &Path, output: &Path) -> anyhow::Result<Command> {
        match self {
            Self::Ours => {
                let mut command = Command::new(esmx_build());
                command.args(["build", "--no-minify"]).arg(directory);
                Ok(command)
            }
            Self::SwcBundler => {
                let this = env::current_exe().context("cannot find this program's own file")?;
                let mut command = Command::new(this);
                command.arg("bundle-with-swc").args([directory, output]);
                command.env("RUST_BACKTRACE", "0");
                Ok(command)
            }
        }
    }
}

/// Our program: `ESMX_BUILD_BINARY`, or what cargo made of this checkout last.
pub fn esmx_build() -> PathBuf {
    if let Some(chosen) = env::var_os("ESMX_BUILD_BINARY") {
        return PathBuf::from(chosen);
    }
    let target = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target"));
    let program = format!("esmx-build{}", env::consts::EXE_SUFFIX);
    ["debug", "release", "dist"]
        .into_iter()
        .map(|profile| target.join(profile).join(&program))
        .max_by_key(|path| path.metadata().and_then(|metadata| metadata.modified()).ok())
        .expect("three candidates have a greatest one")
}

fn failure(finished: &Finished) -> Option<BuildFailure> {
    let End::Exited(status) = finished.end else {
        return Some(BuildFailure::OutOfTime);
    };
    match status.code() {
        Some(0) => None,
        Some(PANIC_EXIT_CODE) => Some(BuildFailure::Crashed(first_line_of_panic(&finished.stderr))),
        Some(_) => Some(BuildFailure::Refused(first_line(&finished.stderr))),
        None => Some(BuildFailure::Crashed(format!(
            "{status}: {}",
            first_line(&finished.stderr)
        ))),
    }
}

fn first_line(text: &str) -> String {
    text.lines()
        .find(|line| !line.is_empty())
        .unwrap_or_default()
        .to_owned()
}

/// The message stands on the line after the place.
fn first_line_of_panic(text: &str) -> String {
    let message = text
        .lines()
        .skip_while(|line| !line.contains("panicked at"))
        .nth(1);
    message.map_or_else(|| first_line(text), str::to_owned)
}
