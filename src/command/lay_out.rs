//! From requests to files before their text: the stages that `build` and `bundle` have in common.

use super::again::{Blameless, LaidOut};
use super::chunk_groups::idle_groups;
use super::{Minification, Stage, named};
use crate::bind::bind;
use crate::chunk::{ChunkOptions, InterfaceNames, chunk};
use crate::diagnostic::Diagnostic;
use crate::render::{AssetDelivery, Target, deliver_styles};
use crate::scan::{ScanInput, scan};

/// What decides which code is in which file.
pub(super) struct FileLayout<'a> {
    pub chunks: &'a ChunkOptions,
    /// Where files that style sheets name are delivered.
    pub assets: &'a AssetDelivery,
    pub minification: Minification,
    pub target: Option<&'a Target>,
}

/// Reads the sources and puts their code into files.
pub(super) fn lay_out(
    layout: &FileLayout<'_>,
    input: &ScanInput<'_>,
    tell: &dyn Fn(Stage),
    blameless: &Blameless,
) -> Result<LaidOut, Vec<Diagnostic>> {
    let mut graph = scan(input)?;
    let idle = idle_groups(layout.chunks, &graph, input.module_name);
    deliver_styles(&mut graph, layout.assets, layout.minification.of_code());
    tell(Stage::Bind);
    let bound = bind(graph).map_err(|diagnostics| named(diagnostics, input.module_name))?;
    tell(Stage::Chunk);
    let interface_names = match layout.minification {
        Minification::Minified => InterfaceNames::Short,
        Minification::Readable => InterfaceNames::Readable,
    };
    let chunks = chunk(bound, layout.chunks, interface_names)?;
    Ok(LaidOut::new(
        chunks,
        idle,
        layout.target,
        input.platform,
        blameless,
    ))
}
