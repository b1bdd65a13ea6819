//! From requests to files before their text: the stages that `build` and `bundle` have in common.

use std::panic::AssertUnwindSafe;

use super::again::{Blameless, KeptLayout, LaidOut};
use super::chunk_groups::idle_groups;
use super::{Minification, Stage, named};
use crate::bind::bind;
use crate::chunk::{ChunkGraph, ChunkOptions, InterfaceNames, chunk};
use crate::diagnostic::Diagnostic;
use crate::graph::{ModuleGraph, SourceText};
use crate::render::{AssetDelivery, SourceMapPlace, Target, deliver_styles};
use crate::scan::{ScanInput, scan};

/// What decides which code is in which file.
pub(super) struct FileLayout<'a> {
    pub chunks: &'a ChunkOptions,
    /// Where files that style sheets name are delivered.
    pub assets: &'a AssetDelivery,
    pub minification: Minification,
    pub target: Option<&'a Target>,
    pub source_maps: SourceMapPlace,
}

impl FileLayout<'_> {
    fn laid_out(
        &self,
        chunks: ChunkGraph,
        idle: Vec<Diagnostic>,
        input: &ScanInput<'_>,
        blameless: &Blameless,
    ) -> LaidOut {
        LaidOut::new(chunks, idle, self.target, input.platform, blameless)
    }

    /// Files that are laid out as an earlier process has laid them out.
    #[tracing::instrument(name = "lay_out_again", skip_all)]
    fn laid_out_again(
        &self,
        mut chunks: ChunkGraph,
        input: &ScanInput<'_>,
        blameless: &Blameless,
    ) -> LaidOut {
        let graph = &mut chunks.bound.graph;
        let idle = idle_groups(self.chunks, graph, input.module_name);
        deliver_styles(graph, self.assets, self.minification.of_code());
        self.laid_out(chunks, idle, input, blameless)
    }

    /// The texts that will be needed, whatever binding finds out: source maps show all of them.
    fn needed_sources(&self, graph: &ModuleGraph) -> Vec<SourceText> {
        match self.source_maps {
            SourceMapPlace::Nowhere => Vec::new(),
            _ => graph
                .modules
                .iter()
                .map(|module| module.syntax.source.shared())
                .collect(),
        }
    }
}

/// Reads texts. One that is not there any more, or says something else now, is told of by whoever needs it.
fn read_ahead(sources: &[SourceText]) {
    for source in sources {
        // What unwinds says no more than that, and leaves the source as it was.
        let _ = std::panic::catch_unwind(AssertUnwindSafe(|| source.len()));
    }
}

/// Reads the sources and puts their code into files.
pub(super) fn lay_out(
    layout: &FileLayout<'_>,
    input: &ScanInput<'_>,
    tell: &dyn Fn(Stage),
    blameless: &Blameless,
    kept: Option<&KeptLayout>,
) -> Result<LaidOut, Vec<Diagnostic>> {
    if let Some(chunks) = kept.and_then(|kept| kept.find(input)) {
        return Ok(layout.laid_out_again(chunks, input, blameless));
    }
    let mut graph = scan(input)?;
    let idle = idle_groups(layout.chunks, &graph, input.module_name);
    deliver_styles(&mut graph, layout.assets, layout.minification.of_code());
    tell(Stage::Bind);
    let sources = layout.needed_sources(&graph);
    // Binding has one thing to do after the other, most of the time.
    let (bound, ()) = rayon::join(|| bind(graph), || read_ahead(&sources));
    let bound = bound.map_err(|diagnostics| named(diagnostics, input.module_name))?;
    tell(Stage::Chunk);
    let interface_names = match layout.minification {
        Minification::Minified => InterfaceNames::Short,
        Minification::Readable => InterfaceNames::Readable,
    };
    let chunks = chunk(bound, layout.chunks, interface_names)?;
    Ok(layout.laid_out(chunks, idle, input, blameless))
}
