//! Running a case, as sources and as built output.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::process::{Finished, Outcome, run};

/// How the output is asked to be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    Development,
    Production,
}

impl Mode {
    pub const ALL: [Self; 2] = [Self::Development, Self::Production];

    pub fn name(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
        }
    }
}

/// What is run, and how.
#[derive(Clone)]
pub struct Run {
    pub directory: PathBuf,
    pub mode: Mode,
    pub side: &'static str,
    /// In which the exports are imported.
    pub order: &'static str,
}

/// What the runs of built output showed.
pub struct Shown {
    pub texts: Vec<String>,
    /// The errors of all of them, in full.
    pub errors: String,
}

/// What the sources of a case show.
pub fn run_sources(run: &Run) -> Result<String, String> {
    let mut command = node("run_sources.mjs");
    command
        .arg(&run.directory)
        .args([run.side, run.order])
        .env("NODE_ENV", run.mode.name());
    Ok(finish(&mut command)?.stdout)
}

/// What the built output shows, run by run.
pub fn run_built(runs: &[Run]) -> Result<Shown, String> {
    let described: Vec<serde_json::Value> = runs
        .iter()
        .map(|run| {
            serde_json::json!({
                "directory": run.directory,
                "side": run.side,
                "order": run.order,
                "mode": run.mode.name(),
            })
        })
        .collect();
    let finished = finish(node("run_built.mjs").arg(serde_json::Value::from(described).to_string()))?;
    let texts = serde_json::from_str(&finished.stdout)
        .map_err(|error| format!("run_built.mjs: {error}\n{}", finished.stderr))?;
    Ok(Shown {
        texts,
        errors: finished.stderr,
    })
}

fn node(script: &str) -> Command {
    let mut command = Command::new("node");
    // Some cases do on purpose what Node warns of.
    command
        .arg(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("tests/build_cases")
                .join(script),
        )
        .env("NODE_NO_WARNINGS", "1");
    command
}

fn finish(command: &mut Command) -> Result<Finished, String> {
    let finished = run(command)?;
    match finished.outcome {
        Outcome::Succeeded => Ok(finished),
        outcome => Err(format!("{command:?}: {outcome:?}\n{}", finished.stderr)),
    }
}
