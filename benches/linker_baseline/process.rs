//! Child processes with a time limit.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

/// What came of a child process.
pub struct Finished {
    pub end: End,
    pub stdout: String,
    pub stderr: String,
    pub elapsed: Duration,
}

pub enum End {
    Exited(ExitStatus),
    OutOfTime,
}

impl Finished {
    pub fn is_success(&self) -> bool {
        matches!(self.end, End::Exited(status) if status.success())
    }
}

/// Runs `command` to its end, or kills it when `limit` is over.
pub fn run(command: &mut Command, limit: Duration) -> anyhow::Result<Finished> {
    // Files, because a pipe that nobody reads stops the child when it is full.
    let mut stdout = tempfile::tempfile().context("cannot create a temporary file")?;
    let mut stderr = tempfile::tempfile().context("cannot create a temporary file")?;
    command
        .stdin(Stdio::null())
        .stdout(stdout.try_clone()?)
        .stderr(stderr.try_clone()?);
    let start = Instant::now();
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot run {}", command.get_program().to_string_lossy()))?;
    let end = loop {
        if let Some(status) = child.try_wait()? {
            break End::Exited(status);
        }
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            break End::OutOfTime;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let elapsed = start.elapsed();
    Ok(Finished {
        end,
        stdout: read_from_start(&mut stdout)?,
        stderr: read_from_start(&mut stderr)?,
        elapsed,
    })
}

fn read_from_start(file: &mut File) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
