//! One style sheet: parsed, taken apart into imports and rules, printed.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use lightningcss::css_modules::CssModuleExport;
use lightningcss::printer::PrinterOptions;
use lightningcss::rules::layer::LayerName;
use lightningcss::rules::{CssRule, CssRuleList};
use lightningcss::stylesheet::{MinifyOptions, StyleSheet as Parsed};
use lightningcss::targets::Targets;
use lightningcss::traits::ToCss;
use lightningcss::visitor::Visit as _;
use oxc_index::IndexVec;
use parcel_sourcemap::SourceMap;

use super::class_names::naming;
use super::composed_files::composed_files;
use super::exports::{ClassCode, class_code};
use super::importance::told_apart;
use super::locate::{offset, range_of};
use super::merging::{hold_back, put_back};
use super::nested_declarations::give_selectors;
use super::nested_lists::distribute;
use super::nested_parents::write_parents;
use super::place::Place;
use super::text_parts::legal_comments;
use super::unreadable::{parse, readable_text, without_unreadable};
use super::urls::{UrlCollector, is_left_alone, split_url};
use super::values::{WithoutValues, place_in_source};
use super::{StyleComments, StylePrint, StyleScope, StyleSettings};
use crate::diagnostic::Diagnostic;
use crate::graph::{
    ImportRecord, ModuleSyntax, RecordId, RequestSyntax, Resource, StyleConditions, StyleImport, StylePart,
    StylePosition, StyleSheet, StyleTarget, StyleText,
};
use crate::resolve::ResolvedFile;

use super::super::generated::load_generated;
use super::super::nesting::{DEEPEST, brackets_too_deep};

/// The syntax of a style sheet.
///
/// What a browser would ignore is left out.
///
/// # Errors
/// Where something means what browsers cannot know, and where the text is nested too deep.
pub fn load_style(
    path: &Path,
    file: &ResolvedFile,
    source: &Arc<str>,
    scope: StyleScope,
    values: &WithoutValues,
    settings: &StyleSettings,
) -> Result<ModuleSyntax, Vec<Diagnostic>> {
    let print = settings.print;
    let targets = settings.targets.to_targets();
    let place = Place {
        path,
        source,
        edits: &values.edits,
    };
    // As it is read: the same text where there are no values.
    let text: &str = match values.text.as_str() {
        "" => source,
        text => text,
    };
    if let Some(start) = brackets_too_deep(text, DEEPEST) {
        return Err(vec![place.nested_too_deep(start)]);
    }
    let naming = (scope == StyleScope::Local).then(|| naming(file, path, settings));
    let readable;
    let (mut parsed, found) =
        parse(text, naming.as_ref()).map_err(|error| vec![place.parse_error(&error)])?;
    let mut ignored = place.ignored(text, &found)?;
    if let Some(text) = without_unreadable(text, &found) {
        readable = readable_text(text, naming.as_ref(), &place, &mut ignored)?;
        (parsed, _) = parse(&readable, naming.as_ref()).map_err(|error| vec![place.parse_error(&error)])?;
    }
    let mut records: IndexVec<RecordId, ImportRecord> = IndexVec::new();
    let mut sheet = StyleSheet {
        parts: head(&mut parsed, source, targets, &mut records),
        layers: Vec::new(),
        ignored,
    };
    layers_of(&parsed.rules, "", &mut sheet.layers);
    let mut urls = UrlCollector {
        source,
        records: &mut records,
    };
    match parsed.visit(&mut urls) {
        Ok(()) => {}
        Err(never) => match never {},
    }
    let composed = match scope {
        StyleScope::Local => composed_files(&mut parsed),
        StyleScope::Global => Vec::new(),
    };
    // A rule without declarations goes; code that asks for its name gets it all the same.
    let names = match scope {
        StyleScope::Local => printed(&parsed, print, targets, &place)?.1,
        StyleScope::Global => None,
    };
    // Lowering is a part of it.
    if print == StylePrint::Minified || !settings.targets.is_empty() {
        // What is held back is not lowered.
        let held = if settings.targets.is_empty() {
            hold_back(&mut parsed)
        } else {
            Vec::new()
        };
        if settings.targets.lack_nesting() {
            give_selectors(&mut parsed.rules);
        }
        if settings.targets.lack_is() {
            distribute(&mut parsed.rules);
        }
        if settings.targets.lack_nesting() {
            write_parents(&mut parsed.rules);
        }
        let options = MinifyOptions {
            targets,
            ..MinifyOptions::default()
        };
        told_apart(&mut parsed, |parsed| parsed.minify(options)).map_err(|error| {
            vec![place.error(&error.kind.to_string(), error.loc.map(|at| (at.line, at.column)))]
        })?;
        put_back(&mut parsed, held);
    }
    let (mut rules, _) = printed(&parsed, print, targets, &place)?;
    if let Some(comments) = other_comments(source, &parsed, &rules.code, settings.comments) {
        parsed.license_comments = comments.into_iter().map(Into::into).collect();
        (rules, _) = printed(&parsed, print, targets, &place)?;
    }
    if !rules.code.is_empty() {
        sheet.parts.push(StylePart::Rules(rules));
    }
    let code = match names {
        Some(exports) => class_code(exports, &composed, &values.values)
            .map_err(|name| vec![place.composes_itself(&name)])?,
        None => ClassCode::default(),
    };
    let mut syntax = load_generated(path, code.code, Arc::clone(source));
    place_imports(&mut syntax, source, &code.imports);
    shift_records(&mut syntax, &mut sheet, records);
    syntax.resource = Some(Resource::Style(sheet));
    Ok(syntax)
}

/// Takes what may stand before the rules out of the sheet.
fn head(
    parsed: &mut Parsed<'_>,
    source: &str,
    targets: Targets,
    records: &mut IndexVec<RecordId, ImportRecord>,
) -> Vec<StylePart> {
    let is_head = |rule: &CssRule<'_>| {
        matches!(
            rule,
            CssRule::Import(_) | CssRule::LayerStatement(_) | CssRule::Ignored
        )
    };
    let last_import = parsed
        .rules
        .0
        .iter()
        .take_while(|rule| is_head(rule))
        .collect::<Vec<_>>()
        .iter()
        .rposition(|rule| matches!(rule, CssRule::Import(_)));
    let Some(last_import) = last_import else {
        return Vec::new();
    };
    let mut parts = Vec::new();
    for rule in parsed.rules.0.drain(..=last_import) {
        match rule {
            CssRule::LayerStatement(statement) => {
                parts.push(StylePart::Layers(
                    statement.names.iter().map(layer_name).collect(),
                ));
            }
            CssRule::Import(import) => {
                let conditions = StyleConditions {
                    layer: import.layer.as_ref().map(|name| name.as_ref().map(layer_name)),
                    supports: import
                        .supports
                        .as_ref()
                        .map(|supports| css_text(supports, targets)),
                    media: (!import.media.media_queries.is_empty()).then(|| css_text(&import.media, targets)),
                };
                let target = if is_left_alone(&import.url) {
                    StyleTarget::Remote(import.url.to_string())
                } else {
                    let start = offset(source, import.loc.line, import.loc.column.saturating_sub(1));
                    // What a server may want to know and what place is meant say nothing of the file.
                    let (specifier, _) = split_url(&import.url);
                    StyleTarget::Request(records.push(ImportRecord {
                        specifier: specifier.into(),
                        syntax: RequestSyntax::Style,
                        wanted_type: None,
                        other_attributes: Vec::new(),
                        may_fail: false,
                        file_name: None,
                        span: range_of(source, start, &import.url),
                        asked: None,
                        is_required: false,
                    }))
                };
                parts.push(StylePart::Import(StyleImport { target, conditions }));
            }
            _ => {}
        }
    }
    parts
}

fn layer_name(name: &LayerName<'_>) -> String {
    css_text(name, Targets::default())
}

fn css_text(value: &impl ToCss, targets: Targets) -> String {
    value
        .to_css_string(PrinterOptions {
            minify: true,
            targets,
            ..PrinterOptions::default()
        })
        .expect("conditions were parsed, and printing them needs nothing else")
}

/// The names of all layers in the order in which a browser meets them.
fn layers_of(rules: &CssRuleList<'_>, prefix: &str, layers: &mut Vec<String>) {
    let add = |name: &LayerName<'_>, layers: &mut Vec<String>| {
        let name = format!("{prefix}{}", layer_name(name));
        if !layers.contains(&name) {
            layers.push(name.clone());
        }
        name
    };
    for rule in &rules.0 {
        match rule {
            CssRule::LayerStatement(statement) => {
                for name in &statement.names {
                    add(name, layers);
                }
            }
            CssRule::LayerBlock(block) => {
                if let Some(name) = &block.name {
                    let inner = format!("{}.", add(name, layers));
                    layers_of(&block.rules, &inner, layers);
                }
            }
            CssRule::Media(rule) => layers_of(&rule.rules, prefix, layers),
            CssRule::Supports(rule) => layers_of(&rule.rules, prefix, layers),
            _ => {}
        }
    }
}

/// The comments that stand in front of the rules, where it is not those that the parser found: it takes only those that
/// are in front of everything. Some of those in values the printer keeps.
fn other_comments(
    source: &str,
    parsed: &Parsed<'_>,
    code: &str,
    comments: StyleComments,
) -> Option<Vec<String>> {
    let legal = match comments {
        StyleComments::Legal => legal_comments(source),
        StyleComments::Omitted => return (!parsed.license_comments.is_empty()).then(Vec::new),
    };
    let is_lost = |comment: &str| !code.contains(comment);
    let is_first = |comment: &str| parsed.license_comments.iter().any(|first| **first == *comment);
    legal.iter().any(|comment| is_lost(comment)).then(|| {
        let in_front = legal
            .into_iter()
            .filter(|comment| is_lost(comment) || is_first(comment));
        in_front.map(str::to_owned).collect()
    })
}

type Names = HashMap<String, CssModuleExport>;

fn printed(
    parsed: &Parsed<'_>,
    print: StylePrint,
    targets: Targets,
    place: &Place<'_>,
) -> Result<(StyleText, Option<Names>), Vec<Diagnostic>> {
    let mut map = SourceMap::new("/");
    map.add_source("style.css");
    let result = parsed
        .to_css(PrinterOptions {
            minify: print == StylePrint::Minified,
            targets,
            source_map: Some(&mut map),
            ..PrinterOptions::default()
        })
        .map_err(|error| {
            vec![place.error(&error.kind.to_string(), error.loc.map(|at| (at.line, at.column)))]
        })?;
    let positions = map.get_mappings().into_iter().filter_map(|mapping| {
        let original = mapping.original.filter(|original| original.source == 0)?;
        Some(StylePosition {
            printed: (mapping.generated_line, mapping.generated_column),
            source: place_in_source(place.edits, (original.original_line, original.original_column)),
        })
    });
    let text = StyleText {
        code: result.code.trim_end().to_owned(),
        positions: positions.collect(),
    };
    Ok((text, result.exports))
}

/// Imports of the generated code get the places of the `composes` that they come from.
fn place_imports(syntax: &mut ModuleSyntax, source: &str, imports: &[(String, Vec<String>)]) {
    for (record, (specifier, _)) in syntax.records.iter_mut().zip(imports) {
        record.span = range_of(source, 0, specifier);
    }
    for import in syntax.imports.values_mut() {
        let clause_end = syntax.records[import.record].span.0;
        let name = match &import.imported {
            crate::graph::ImportedName::Name(name) => name.as_str(),
            crate::graph::ImportedName::Namespace => "",
        };
        let before = source.get(..clause_end).unwrap_or_default();
        let start = before.rfind("composes").unwrap_or(0);
        import.span = range_of(source, start + "composes".len(), name);
    }
}

/// The requests of the sheet come after those of the code.
fn shift_records(
    syntax: &mut ModuleSyntax,
    sheet: &mut StyleSheet,
    records: IndexVec<RecordId, ImportRecord>,
) {
    let shift = syntax.records.len();
    if shift > 0 {
        let moved = |record: RecordId| RecordId::from_usize(record.index() + shift);
        for part in &mut sheet.parts {
            match part {
                StylePart::Import(StyleImport {
                    target: StyleTarget::Request(record),
                    ..
                }) => *record = moved(*record),
                StylePart::Rules(text) => text.move_placeholders(shift),
                StylePart::Import(_) | StylePart::Layers(_) => {}
            }
        }
    }
    for record in records {
        syntax.records.push(record);
    }
}
