//! Style sheets that are asked for by their URL: files of their own, with the text of the sheet and all it imports.
//! `?url` names the file by the hash of its content, so the content is made before code is.

use std::path::PathBuf;

use indexmap::IndexSet;

use super::super::delivery::{AssetDelivery, css_url, relative_url};
use super::super::print::Minification;
use super::DIGITS;
use super::flatten::flatten_alone;
use super::write::write_style;
use crate::base::content_hash;
use crate::graph::{DeliveredFile, DeliveredSheet, ModuleGraph, ModuleId, RecordId, Resource, Target};
use crate::scan::split_path;

/// Makes the content of the style sheets that are delivered as files.
pub fn deliver_styles(graph: &mut ModuleGraph, assets: &AssetDelivery, minification: Minification) {
    let asked: Vec<(ModuleId, ModuleId)> = graph
        .modules
        .iter_enumerated()
        .filter_map(|(id, module)| match module.syntax.resource {
            Some(Resource::SheetFile(record)) => match module.targets[record] {
                Target::Module(sheet) => Some((id, sheet)),
                _ => None,
            },
            _ => None,
        })
        .collect();
    for (id, sheet) in asked {
        graph.modules[id].sheet_file = Some(sheet_file(graph, sheet, assets, minification));
    }
}

/// A sheet in a file of its own. It lies beside the delivered files that it names, so URLs are relative on every side.
fn sheet_file(
    graph: &ModuleGraph,
    sheet: ModuleId,
    assets: &AssetDelivery,
    minification: Minification,
) -> DeliveredSheet {
    let modules = &graph.modules;
    let source: PathBuf = split_path(&modules[sheet].path).0;
    // Where the file is does not depend on its hash.
    let place = assets.names.file(&source, &"0".repeat(DIGITS));
    let mut named = IndexSet::new();
    let url = |module: ModuleId, record: RecordId| {
        let target = match modules[module].targets[record] {
            Target::Module(target) => target,
            Target::External(outside) => return css_url(&graph.externals[outside].specifier),
            Target::Ignored | Target::Missing => return String::new(),
        };
        match (assets.file(&modules[target]), &modules[target].syntax.resource) {
            (Some(file), _) => {
                named.insert(target);
                css_url(&relative_url(&place, &file))
            }
            (None, Some(Resource::File(file))) => css_url(file.data_url.as_deref().unwrap_or_default()),
            (None, _) => String::new(),
        }
    };
    let code = write_style(graph, &flatten_alone(graph, sheet), minification, url).code;
    DeliveredSheet {
        file: DeliveredFile {
            hash: content_hash([code.as_bytes()], DIGITS),
            bytes: code.into_bytes().into(),
            data_url: None,
        },
        named: named.into_iter().collect(),
    }
}
