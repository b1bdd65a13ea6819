//! `--profile`: where the time goes, as trace events that browsers show.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tracing_chrome::{ChromeLayerBuilder, FlushGuard};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::command::CommandError;
use crate::diagnostic::{Code, Diagnostic};

/// Records until it is dropped.
pub struct Profiling {
    path: PathBuf,
    guard: Option<FlushGuard>,
    problem: Problem,
}

/// Why not all of a profile was written.
type Problem = Arc<Mutex<Option<io::Error>>>;

/// Goes on when the disk is full: what is recorded is not worth a build.
struct Tolerant {
    file: BufWriter<File>,
    problem: Problem,
}

impl Tolerant {
    fn unless_it_failed(&mut self, act: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) {
        let mut problem = self.problem.lock().unwrap_or_else(PoisonError::into_inner);
        if problem.is_none() {
            *problem = act(&mut self.file).err();
        }
    }
}

impl Write for Tolerant {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_it_failed(|file| file.write_all(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_it_failed(BufWriter::flush);
        Ok(())
    }
}

impl Drop for Profiling {
    fn drop(&mut self) {
        // Waits for whoever writes.
        drop(self.guard.take());
        let problem = self.problem.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = &*problem {
            eprintln!("The profile {} is not complete: {error}.", self.path.display());
        }
    }
}

/// Records the stages of the work into a file until the answer is dropped.
///
/// # Errors
/// The file can not be written.
pub fn profiling(path: Option<&Path>) -> Result<Option<Profiling>, CommandError> {
    let Some(path) = path else { return Ok(None) };
    let file = File::create(path).map_err(|error| {
        let message = format!("The profile {} can not be written: {error}.", path.display());
        let fix = "Name a file in a directory that exists and may be written to.";
        CommandError::Unusable(Box::new(Diagnostic::new(Code::Io, "esmx-build", message, fix)))
    })?;
    let problem = Problem::default();
    let (layer, guard) = ChromeLayerBuilder::new()
        .writer(Tolerant {
            file: BufWriter::new(file),
            problem: Arc::clone(&problem),
        })
        .include_args(true)
        .build();
    // The compiler has spans of its own, for its authors.
    let own = Targets::new().with_target("esmx_build", tracing::Level::TRACE);
    tracing_subscriber::registry().with(layer.with_filter(own)).init();
    Ok(Some(Profiling {
        path: path.to_path_buf(),
        guard: Some(guard),
        problem,
    }))
}
