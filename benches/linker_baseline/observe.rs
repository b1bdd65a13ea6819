//! What a program shows when Node runs it: every line it logs, and what its entries export in the end.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::bail;

use crate::build::{Linker, esmx_build};
use crate::process::{self, End};

/// Much longer than any program takes on a busy machine.
pub const TIME_LIMIT: Duration = Duration::from_secs(20);

#[derive(PartialEq, Eq)]
pub enum Seen {
    Text(String),
    /// The run did not come to its end.
    OutOfTime,
}

/// What the sources in `directory` show: the right answer.
pub fn observe_sources(directory: &Path) -> anyhow::Result<Seen> {
    observe("files", directory)
}

/// What the output of a linker shows.
pub fn observe_output(linker: Linker, program: &Path, output: &Path) -> anyhow::Result<Seen> {
    match linker {
        Linker::Ours => {
            compose(program)?;
            observe("import-map", program)
        }
        // Its output is a directory that looks like the sources of a program.
        Linker::SwcBundler => observe("files", output),
    }
}

/// Writes the import map through which the output runs.
fn compose(program: &Path) -> anyhow::Result<()> {
    let finished = process::run(Command::new(esmx_build()).arg("compose").arg(program), TIME_LIMIT)?;
    if !finished.is_success() {
        bail!("composing {} failed: {}", program.display(), finished.stderr);
    }
    Ok(())
}

fn observe(how: &str, directory: &Path) -> anyhow::Result<Seen> {
    let mut command = Command::new("node");
    command
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/observe.mjs"))
        .arg(how)
        .arg(directory)
        .env("NODE_ENV", "production")
        .env("NODE_NO_WARNINGS", "1");
    let finished = process::run(&mut command, TIME_LIMIT)?;
    Ok(match finished.end {
        End::OutOfTime => Seen::OutOfTime,
        End::Exited(_) if finished.is_success() => Seen::Text(finished.stdout),
        // A process that cannot go on shows what it printed so far, and that it could not.
        End::Exited(_) => Seen::Text(format!("{}{}", finished.stdout, finished.stderr)),
    })
}
