//! Files in which the text of a few modules is different, and nothing else: what has to be changed where.

use std::sync::Arc;

use indexmap::IndexMap;

use super::{KeptChunk, ModuleKey, ReadableModule, RenderMemory, Splice, State};
use crate::chunk::{ChunkGraph, ChunkId};
use crate::graph::ModuleId;
use crate::render::file_names::FileNames;
use crate::render::lowering::Place;
use crate::render::print::{Minification, PrintOptions};
use crate::render::source_map::Positions;
use crate::render::styles::render_styles;
use crate::render::surroundings::Surroundings;
use crate::render::{RenderOptions, SourceMapPlace};

/// The changes of one file.
#[derive(Debug)]
pub struct FilePatch {
    /// Path of the file relative to the output directory.
    pub file: String,
    /// The changes of the text, one after the other.
    pub code: Vec<Splice>,
    /// Those of its map.
    pub map: Vec<Splice>,
}

impl RenderMemory {
    /// What changed in the files that were rendered last, of which nothing is different but the inside of modules. None
    /// where that changes more of a file than the text of the modules: then everything has to be rendered.
    #[tracing::instrument(skip_all)]
    pub fn patches(
        &self,
        graph: &ChunkGraph,
        options: &RenderOptions,
        changed: &[ModuleId],
    ) -> Option<Vec<FilePatch>> {
        let is_readable = options.minification == Minification::Off && options.lowering.is_needless();
        if !is_readable || options.source_maps == SourceMapPlace::Inline {
            return None;
        }
        let files = FileNames::provisional(graph, &options.names, &options.references);
        let styles = render_styles(graph, options);
        let mut patches: IndexMap<ChunkId, FilePatch> = IndexMap::new();
        self.with(|state| {
            for module in changed {
                // What is not part of the bundle is in no file.
                let Some(chunk) = graph.chunk_of.get(module) else {
                    continue;
                };
                // Who names a file must follow its name.
                if files.has_hash(*chunk) {
                    return None;
                }
                let patch = patches.entry(*chunk).or_insert_with(|| FilePatch {
                    file: files.of(*chunk).to_owned(),
                    code: Vec::new(),
                    map: Vec::new(),
                });
                let kept = state.chunks.get_mut(chunk)?;
                let views = Arc::clone(&kept.views);
                let surroundings = Surroundings {
                    graph,
                    chunk: *chunk,
                    files: &files,
                    styles: &styles,
                    views: &views,
                    options,
                };
                let (before, after) = render_in_place(kept, &surroundings, *module)?;
                patch.code.extend(kept.replace(*module, &before, &after));
                patch_map(state, &surroundings, *module, (&before, &after), patch)?;
            }
            Some(())
        })?;
        Some(patches.into_values().collect())
    }
}

/// Renders a module again. None where it asks something else of its file than before.
fn render_in_place(
    kept: &mut KeptChunk,
    surroundings: &Surroundings<'_>,
    module: ModuleId,
) -> Option<(Arc<ReadableModule>, Arc<ReadableModule>)> {
    let options = surroundings.options;
    let modules = &surroundings.graph.chunks[surroundings.chunk].modules;
    let number = modules.iter().position(|one| *one == module)?;
    let print = PrintOptions {
        minification: options.minification,
        position_tracking: options.source_maps.position_tracking(),
        reserved: &[],
        version: options.lowering.version(),
    };
    let place = Place {
        names: &kept.names,
        number,
        minification: options.minification,
    };
    let key = ModuleKey::of(surroundings, &kept.names, module);
    let print = (&print, options.outer_text.legal_comments);
    let after = Arc::new(ReadableModule::of(surroundings, module, &place, print, key));
    let before = std::mem::replace(&mut kept.modules[number], Arc::clone(&after));
    let asks_the_same = before.helpers == after.helpers
        && before.lowering_helpers == after.lowering_helpers
        && before.delivered == after.delivered
        && before.legal_comments == after.legal_comments
        && before.code.is_empty() == after.code.is_empty()
        && !FileNames::may_be_open(&after.code)
        && !FileNames::may_be_open(&before.code);
    asks_the_same.then_some((before, after))
}

impl KeptChunk {
    /// Puts a text in the place of another.
    fn replace(
        &mut self,
        module: ModuleId,
        before: &ReadableModule,
        after: &ReadableModule,
    ) -> Option<Splice> {
        let place = self.places.iter().position(|(one, _)| *one == module)?;
        let splice = Splice {
            start: self.places[place].1,
            length: before.code.len(),
            text: after.code.clone(),
        };
        for (_, start) in &mut self.places[place + 1..] {
            splice.moves(start);
        }
        Some(splice)
    }
}

/// Changes the map of a file that has one.
fn patch_map(
    state: &mut State,
    surroundings: &Surroundings<'_>,
    id: ModuleId,
    (before, after): (&ReadableModule, &ReadableModule),
    patch: &mut FilePatch,
) -> Option<()> {
    let lines = i64::from(after.lines) - i64::from(before.lines);
    let options = surroundings.options;
    match (&before.positions, &after.positions) {
        // What stands behind the module may have positions.
        (None, None) if options.source_maps == SourceMapPlace::Nowhere || lines == 0 => Some(()),
        (Some(Positions::Encoded(_)), Some(Positions::Encoded(encoded))) => {
            let file = options.output_dir.join(&patch.file);
            let directory = file.parent().unwrap_or(&options.output_dir);
            let module = &surroundings.graph.bound.graph.modules[id];
            let source = encoded.source(directory, &module.path, &module.syntax.source);
            let index = state.maps.get_mut(&surroundings.chunk)?;
            let splices = index.replace(id, Arc::clone(encoded), &source.get().text, lines)?;
            patch.map.extend(splices);
            Some(())
        }
        _ => None,
    }
}
