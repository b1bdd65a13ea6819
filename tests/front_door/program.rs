//! Running the program and reading what it printed.

use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

/// Much longer than anything here takes on a loaded machine; a deadlock should still fail with a message.
const TIME_LIMIT: Duration = Duration::from_mins(4);

/// The program under test.
pub fn binary() -> PathBuf {
    let built = option_env!("CARGO_BIN_EXE_esmx-build").map(PathBuf::from);
    built
        .or_else(|| std::env::var_os("ESMX_BUILD_BINARY").map(PathBuf::from))
        .expect("cargo builds the binary before the tests")
}

/// What the program answered.
#[derive(Debug)]
pub struct Answer {
    /// `None` when a signal ended it.
    pub exit: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Answer {
    /// Both streams, for messages of assertions.
    pub fn text(&self) -> String {
        format!(
            "exit {:?}\n--- stdout\n{}\n--- stderr\n{}",
            self.exit, self.stdout, self.stderr
        )
    }

    /// The one JSON document on standard output.
    pub fn document(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("no JSON document: {error}\n{}", self.text()))
    }

    pub fn assert_exit(&self, exit: i32) -> &Self {
        assert_eq!(self.exit, Some(exit), "{}", self.text());
        self
    }
}

/// The program, started in `directory`, as if no one had set anything up.
pub fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = plain(binary(), directory);
    command.args(arguments);
    command
}

/// Any program in the same surroundings.
pub fn plain(program: impl AsRef<OsStr>, directory: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(directory);
    for name in [
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "RUST_BACKTRACE",
        "CI",
        "COLUMNS",
        "GITHUB_WORKSPACE",
    ] {
        command.env_remove(name);
    }
    command
}

/// Runs the program in `directory`.
pub fn run(directory: &Path, arguments: &[&str]) -> Answer {
    finish(command(directory, arguments))
}

/// Runs a command to its end, without input.
pub fn finish(mut command: Command) -> Answer {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
    // A full pipe would stop the child, so both are read while it runs.
    let stdout = read_in_background(child.stdout.take().expect("stdout is piped"));
    let stderr = read_in_background(child.stderr.take().expect("stderr is piped"));
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("the child is ours") {
            break status;
        }
        if started.elapsed() > TIME_LIMIT {
            child.kill().expect("the child still runs");
            child.wait().expect("the child is ours");
            panic!("{command:?} did not end within {TIME_LIMIT:?}");
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    Answer {
        exit: status.code(),
        stdout: stdout.join().expect("the reader does not panic"),
        stderr: stderr.join().expect("the reader does not panic"),
    }
}

fn read_in_background(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).expect("a pipe can be read");
        String::from_utf8(bytes).expect("the program prints UTF-8")
    })
}

/// Whether a tool of the system can be started at all.
#[cfg(target_os = "linux")]
pub fn has_tool(name: &str) -> bool {
    let answer = Command::new(name)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    answer.is_ok()
}
