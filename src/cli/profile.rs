//! `--profile`: where the time goes, as trace events that browsers show.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use tracing_chrome::{ChromeLayerBuilder, FlushGuard};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::command::CommandError;
use crate::diagnostic::{Code, Diagnostic};

/// Records the stages of the work into a file until the answer is dropped.
///
/// # Errors
/// The file can not be written.
pub fn profiling(path: Option<&Path>) -> Result<Option<FlushGuard>, CommandError> {
    let Some(path) = path else { return Ok(None) };
    let file = File::create(path).map_err(|error| {
        let message = format!("The profile {} can not be written: {error}.", path.display());
        let fix = "Name a file in a directory that exists and may be written to.";
        CommandError::Unusable(Box::new(Diagnostic::new(Code::Io, "esmx-build", message, fix)))
    })?;
    let (layer, guard) = ChromeLayerBuilder::new()
        .writer(BufWriter::new(file))
        .include_args(true)
        .build();
    // The compiler has spans of its own, for its authors.
    let own = Targets::new().with_target("esmx_build", tracing::Level::TRACE);
    tracing_subscriber::registry().with(layer.with_filter(own)).init();
    Ok(Some(guard))
}
