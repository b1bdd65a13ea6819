//! The source map of a chunk, joined from the mappings of its modules.

use sourcemap::SourceMapBuilder;

use super::print::Mapping;

/// A module's text at its place in the chunk.
#[derive(Debug, Clone, Copy)]
pub struct PlacedModule<'a> {
    /// What the map calls the source, relative to the map.
    pub source_name: &'a str,
    /// The source's text.
    pub source: &'a str,
    /// Where the module's text comes from.
    pub mappings: &'a [Mapping],
    /// The chunk's line (from 0) at which the module's text starts.
    pub line: u32,
    /// The column (from 0, UTF-16 units) at which it starts.
    pub column: u32,
}

/// The source map of `file`, version 3, as JSON. `modules` come in the order of the text.
pub fn join_source_maps(file: &str, modules: &[PlacedModule<'_>]) -> String {
    let mut builder = SourceMapBuilder::new(Some(file));
    for module in modules {
        let source = builder.add_source(module.source_name);
        builder.set_source_contents(source, Some(module.source));
        for mapping in module.mappings {
            // Only the module's first line shares its line with what stands before it.
            let column = if mapping.generated_line == 0 {
                module.column
            } else {
                0
            };
            let name = mapping.name.as_deref().map(|name| builder.add_name(name));
            builder.add_raw(
                module.line + mapping.generated_line,
                column + mapping.generated_column,
                mapping.source_line,
                mapping.source_column,
                Some(source),
                name,
                false,
            );
        }
    }
    let mut json = Vec::new();
    builder
        .into_sourcemap()
        .to_writer(&mut json)
        .expect("writing to memory does not fail");
    String::from_utf8(json).expect("JSON is UTF-8")
}

#[cfg(test)]
mod tests;
