//! What the code of a chunk may name beside other code of the chunk: other files.

use oxc_index::IndexVec;

use super::RenderOptions;
use super::delivery::{StyleLoading, relative_url};
use super::file_names::FileNames;
use super::styles::{ChunkStyles, inline_text};
use super::views::CommonJsViews;
use crate::chunk::{ChunkGraph, ChunkId};
use crate::graph::{EntryKind, ExternalId, ModuleId, Resource};

/// The files around one chunk.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    pub graph: &'a ChunkGraph,
    pub chunk: ChunkId,
    pub files: &'a FileNames,
    pub styles: &'a IndexVec<ChunkId, ChunkStyles>,
    pub views: &'a CommonJsViews,
    pub options: &'a RenderOptions,
}

impl Surroundings<'_> {
    /// The relative URL of the file of a worker.
    pub fn worker_url(&self, module: ModuleId) -> Option<String> {
        let target = self.graph.chunk_of_entry_module(module)?;
        Some(self.files.url(self.chunk, target))
    }

    /// The specifier that loads the file of an `import()` target.
    pub fn dynamic_specifier(&self, module: ModuleId) -> Option<String> {
        let target = self.graph.chunk_of_entry_module(module)?;
        Some(self.files.specifier(self.chunk, target))
    }

    /// The specifier of something outside.
    pub fn outside(&self, external: ExternalId) -> String {
        let specifier = &self.graph.bound.graph.externals[external].specifier;
        self.files.outside(self.chunk, specifier)
    }

    /// The output file of a delivered module.
    pub fn delivered_file(&self, module: ModuleId) -> Option<String> {
        self.options.assets.file(&self.graph.bound.graph.modules[module])
    }

    /// The `data:` URL of a module that is written out where it is used.
    pub fn data_url(&self, module: ModuleId) -> Option<&str> {
        match &self.graph.bound.graph.modules[module].syntax.resource {
            Some(Resource::File(file)) => file.data_url.as_deref(),
            _ => None,
        }
    }

    /// The delivered files that the content of a delivered module names.
    pub fn named_by_delivered(&self, module: ModuleId) -> &[ModuleId] {
        let sheet = &self.graph.bound.graph.modules[module].sheet_file;
        sheet.as_ref().map_or(&[], |sheet| &sheet.named)
    }

    /// The URL of an output file relative to the chunk.
    pub fn relative_url(&self, file: &str) -> String {
        relative_url(self.files.of(self.chunk), file)
    }

    /// The text of a style sheet with all it imports.
    pub fn style_text(&self, module: ModuleId) -> String {
        inline_text(&self.graph.bound.graph, module, self.options.minification)
    }

    /// The style sheets that must be on the page before an `import()` target is evaluated, without those that
    /// came with this chunk.
    pub fn styles_of_import(&self, module: ModuleId) -> Vec<String> {
        if self.options.style_loading == StyleLoading::Nobody {
            return Vec::new();
        }
        let Some(target) = self.graph.chunk_of_entry_module(module) else {
            return Vec::new();
        };
        let present = &self.styles[self.chunk].files;
        self.styles[target]
            .files
            .iter()
            .filter(|file| !present.contains(file))
            .map(|file| self.relative_url(file))
            .collect()
    }

    /// The style sheets that the chunk itself adds to a page that came without them.
    pub fn styles_of_entry(&self) -> Vec<String> {
        let entry = self.graph.chunks[self.chunk].entry;
        let is_exported =
            entry.is_some_and(|entry| self.graph.bound.entries[entry].kind != EntryKind::Dynamic);
        if self.options.style_loading != StyleLoading::EntriesToo || !is_exported {
            return Vec::new();
        }
        let files = self.styles[self.chunk].files.iter();
        files.map(|file| self.relative_url(file)).collect()
    }
}
