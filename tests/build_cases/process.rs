//! Child processes that may not run for ever.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Much longer than any case takes on a loaded machine; a deadlock should still fail with a message.
const TIME_LIMIT: Duration = Duration::from_mins(2);

/// What a process printed, and whether it ended well.
pub struct Finished {
    pub stdout: String,
    pub stderr: String,
    pub outcome: Outcome,
}

#[derive(PartialEq, Eq, Debug)]
pub enum Outcome {
    Succeeded,
    Failed,
    TimedOut,
}

/// Runs a command to its end, without its input.
pub fn run(command: &mut Command) -> Result<Finished, String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start {command:?}: {error}"))?;
    let stdout = read_in_background(child.stdout.take());
    let stderr = read_in_background(child.stderr.take());
    let outcome = wait(&mut child)?;
    Ok(Finished {
        stdout: stdout.join().expect("reading does not panic"),
        stderr: stderr.join().expect("reading does not panic"),
        outcome,
    })
}

fn wait(child: &mut Child) -> Result<Outcome, String> {
    let start = Instant::now();
    loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) if status.success() => return Ok(Outcome::Succeeded),
            Some(_) => return Ok(Outcome::Failed),
            None if start.elapsed() > TIME_LIMIT => {
                child
                    .kill()
                    .and_then(|()| child.wait())
                    .map_err(|error| error.to_string())?;
                return Ok(Outcome::TimedOut);
            }
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    }
}

/// A full pipe would stop the child, so both are read while it runs.
fn read_in_background(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
