//! The text of a joined style sheet.

use std::fmt::Write as _;

use base64::Engine as _;

use indexmap::IndexMap;

use super::super::print::{Mapping, Minification};
use super::super::source_map::Positions;
use super::super::{RenderOptions, SourceMapPlace, last_segment, source_map, url_path};
use super::RenderedStyle;
use super::flatten::{Content, Item, Link, flatten_alone};
use crate::chunk::ChunkGraph;
use crate::graph::{ModuleGraph, ModuleId, RecordId, Resource, StyleConditions, StyleText, Target};

/// A text and where the sheets stand in it.
#[derive(Debug, Default)]
pub struct StyleFile {
    /// The text.
    pub code: String,
    /// Module, line and mappings of every stretch.
    pub placed: Vec<(ModuleId, u32, Positions)>,
    /// How many bytes each module gave.
    pub sizes: IndexMap<ModuleId, usize>,
}

/// Joins items. `url` answers what stands for a request of a module.
pub fn write_style(
    graph: &ModuleGraph,
    items: &[Item<'_>],
    minification: Minification,
    mut url: impl FnMut(ModuleId, RecordId) -> String,
) -> StyleFile {
    let mut file = StyleFile::default();
    let is_small = minification == Minification::On;
    // Remote imports must stand before all rules; only `@layer` statements may precede them.
    let is_remote = |item: &Item<'_>| matches!(item.content, Content::Remote(_));
    let last_remote = items.iter().rposition(is_remote).map_or(0, |index| index + 1);
    let is_head = |item: &Item<'_>| {
        is_remote(item) || matches!(item.content, Content::Layers(_)) && item.chain.is_empty()
    };
    let (head, rest): (Vec<_>, Vec<_>) = items
        .iter()
        .enumerate()
        .partition(|(index, item)| *index < last_remote && is_head(item));
    let ordered: Vec<&Item<'_>> = head.into_iter().chain(rest).map(|(_, item)| item).collect();
    // How much of the chain is open: what belongs to one layer without a name stands in one block.
    let mut open_until = 0;
    for (index, item) in ordered.iter().enumerate() {
        let chain = &item.chain;
        let next = ordered
            .get(index + 1)
            .filter(|next| !is_remote(item) && !is_remote(next));
        let keep = next.map_or(0, |next| in_one_block(chain, &next.chain));
        if keep > open_until {
            file.line(&wrapping(&chain[open_until..keep]).0);
        }
        let own = &chain[open_until.max(keep)..];
        match &item.content {
            Content::Remote(address) => file.line(&remote_import(address, chain)),
            Content::Layers(names) => {
                let statement = if names.is_empty() {
                    String::new()
                } else {
                    format!("@layer {};", names.join(if is_small { "," } else { ", " }))
                };
                let (open, close) = wrapping(own);
                file.line(&format!("{open}{statement}{close}"));
            }
            Content::Rules(module, text) => {
                if !is_small {
                    file.line(&format!(
                        "/* {} */",
                        graph.modules[*module].stable_path.replace("*/", "* /")
                    ));
                }
                let text = text.with_urls(|record| url(*module, record));
                file.rules(*module, &text, own, is_small);
            }
        }
        if keep < open_until {
            file.line(&wrapping(&chain[keep..open_until]).1);
        }
        open_until = keep;
    }
    if !file.code.is_ascii() {
        // Without it, the encoding is that of whoever refers to the file.
        file.code.insert_str(0, "@charset \"UTF-8\";\n");
        for (_, line, _) in &mut file.placed {
            *line += 1;
        }
    }
    file
}

impl StyleFile {
    fn line(&mut self, text: &str) {
        self.code.push_str(text);
        self.code.push('\n');
    }

    fn rules(&mut self, module: ModuleId, text: &StyleText, chain: &[Link<'_>], is_small: bool) {
        let (open, close) = wrapping(chain);
        let line =
            u32::try_from(memchr::memchr_iter(b'\n', self.code.as_bytes()).count()).unwrap_or(u32::MAX);
        let is_on_own_line = !is_small && !open.is_empty();
        let column = if is_on_own_line { 0 } else { utf16_length(&open) };
        let shift = u32::from(is_on_own_line);
        let mappings = text.positions.iter().map(|position| Mapping {
            generated_line: position.printed.0 + shift,
            generated_column: position.printed.1 + if position.printed.0 == 0 { column } else { 0 },
            source_line: position.source.0,
            source_column: position.source.1,
            name: None,
        });
        self.placed
            .push((module, line, Positions::Tokens(mappings.collect())));
        *self.sizes.entry(module).or_default() += text.code.len();
        let separator = if is_on_own_line { "\n" } else { "" };
        let code = format!("{open}{separator}{}{separator}{close}", text.code);
        self.line(&code);
    }
}

fn utf16_length(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

/// How much two chains have in common, up to the last layer without a name.
fn in_one_block(one: &[Link<'_>], other: &[Link<'_>]) -> usize {
    let common = one
        .iter()
        .zip(other)
        .take_while(|(one, other)| one == other)
        .count();
    let last = one[..common].iter().rposition(|link| link.anonymous.is_some());
    last.map_or(0, |last| last + 1)
}

/// `@media print{@layer base{` and `}}`.
fn wrapping(chain: &[Link<'_>]) -> (String, String) {
    let mut open = String::new();
    let mut depth = 0;
    let mut add = |text: String| {
        open.push_str(&text);
        depth += 1;
    };
    for Link { conditions, .. } in chain {
        if let Some(media) = &conditions.media {
            add(format!("@media {media}{{"));
        }
        if let Some(supports) = &conditions.supports {
            add(format!("@supports {}{{", in_parentheses(supports)));
        }
        match &conditions.layer {
            Some(Some(name)) => add(format!("@layer {name}{{")),
            Some(None) => add("@layer{".to_owned()),
            None => {}
        }
    }
    (open, "}".repeat(depth))
}

fn in_parentheses(condition: &str) -> String {
    format!("({condition})")
}

/// An import with the conditions of all imports that led to it. CSS cannot say several at once, except by
/// importing a sheet that imports.
fn remote_import(address: &str, chain: &[Link<'_>]) -> String {
    let mut address = address.to_owned();
    let mut statement = String::new();
    for (index, link) in chain.iter().rev().enumerate() {
        if index > 0 {
            let encoded = base64::engine::general_purpose::STANDARD.encode(&statement);
            address = format!("data:text/css;base64,{encoded}");
        }
        statement = import_statement(&address, link.conditions);
    }
    statement
}

fn import_statement(address: &str, conditions: &StyleConditions) -> String {
    let mut text = format!(
        "@import \"{}\"",
        address.replace('\\', "\\\\").replace('"', "\\\"")
    );
    match &conditions.layer {
        Some(Some(name)) => {
            let _ = write!(text, " layer({name})");
        }
        Some(None) => text.push_str(" layer"),
        None => {}
    }
    if let Some(supports) = &conditions.supports {
        let _ = write!(text, " supports({supports})");
    }
    if let Some(media) = &conditions.media {
        let _ = write!(text, " {media}");
    }
    text.push(';');
    text
}

/// A style sheet and all it imports as one text. The URLs in it are `data:` URLs: a string has no place that
/// relative ones could start from.
pub fn inline_text(graph: &ModuleGraph, module: ModuleId, minification: Minification) -> String {
    let url = |module: ModuleId, record: RecordId| {
        let target = match graph.modules[module].targets[record] {
            Target::Module(target) => target,
            Target::External(outside) => return super::css_url(&graph.externals[outside].specifier),
            Target::Ignored | Target::Missing => return String::new(),
        };
        match &graph.modules[target].syntax.resource {
            Some(Resource::File(file)) => {
                let url = file.data_url.clone().unwrap_or_else(|| {
                    crate::scan::data_url(
                        &crate::scan::split_path(&graph.modules[target].path).0,
                        &file.bytes,
                    )
                });
                super::css_url(&url)
            }
            _ => String::new(),
        }
    };
    write_style(graph, &flatten_alone(graph, module), minification, url).code
}

/// Adds what is asked for of a source map.
pub fn add_source_map(
    graph: &ChunkGraph,
    style: &mut RenderedStyle,
    placed: &[(ModuleId, u32, Positions)],
    options: &RenderOptions,
) {
    if options.source_maps == SourceMapPlace::Nowhere {
        return;
    }
    let (map, _) = source_map(graph, &style.file, placed, options);
    let url = match options.source_maps {
        SourceMapPlace::Nowhere | SourceMapPlace::Unlinked => None,
        SourceMapPlace::Linked => Some(format!("{}.map", url_path(last_segment(&style.file)))),
        SourceMapPlace::Inline => {
            let encoded = base64::engine::general_purpose::STANDARD.encode(&map);
            Some(format!("data:application/json;base64,{encoded}"))
        }
    };
    if let Some(url) = url {
        let _ = writeln!(style.code, "/*# sourceMappingURL={url} */");
    }
    if options.source_maps != SourceMapPlace::Inline {
        style.source_map = Some(map);
    }
}
