//! An export of a module: which source, which built file, on which sides.

use super::{Asker, BuiltFile};
use crate::diagnostic::Location;
use crate::link::closure::LayerIndex;
use crate::protocol::Side;

/// What stands behind `<module>/<name>`.
#[derive(Debug, Clone)]
pub struct ExportAnswer {
    /// The exporting module.
    pub module: String,
    /// Its version, as its `package.json` has it.
    pub version: String,
    /// The logical name, which is longer than what was asked where [`Self::is_index_alias`].
    pub name: String,
    /// Whether `ui` was asked for and `ui/index` is exported.
    pub is_index_alias: bool,
    /// Both sides.
    pub sides: Vec<ExportSide>,
    /// Where it is declared.
    pub location: Option<Location>,
    /// How the asking module comes to it: modules from the asker to the exporter, each using the next one.
    pub route: Vec<String>,
}

/// One side of an export.
#[derive(Debug, Clone)]
pub struct ExportSide {
    /// The source file as declared; `None` when the side is disabled or the module has only manifests.
    pub source: Option<String>,
    /// Whether the export exists on this side.
    pub is_enabled: bool,
    /// The built file.
    pub file: BuiltFile,
}

impl Asker<'_> {
    pub(super) fn export(&self, layer: LayerIndex, asked: &str) -> ExportAnswer {
        let closure = &self.supplied.closure;
        let record = closure.record(layer);
        let surface = super::surface(closure, layer);
        let index_name = if asked.is_empty() {
            "index".to_owned()
        } else {
            format!("{asked}/index")
        };
        let is_index_alias = !surface.has(asked);
        let name = if is_index_alias {
            index_name
        } else {
            asked.to_owned()
        };
        let declaration = closure.declaration(layer);
        let entry_side = Side::BOTH
            .into_iter()
            .find(|side| name == format!("src/entry.{side}"));
        let logical = declaration.and_then(|declaration| declaration.exports.get(&name));
        let entry = declaration.and_then(|declaration| declaration.entry.as_ref());
        let sources = logical.or_else(|| entry.filter(|_| entry_side.is_some()));
        let key = format!("./{name}");
        let location = match (logical, entry_side) {
            (None, Some(side)) => record.location_of_value(&["esmx", "entry", side.as_str()]),
            _ => record.location_of_key(&["esmx", "exports", &key]),
        };
        let sides = self.built_files(layer, &name).into_iter().map(|file| {
            let is_enabled = surface.is_on(&name, file.side);
            let source = sources.and_then(|sources| sources.on(file.side));
            ExportSide {
                source: source.filter(|_| is_enabled).map(str::to_owned),
                is_enabled,
                file,
            }
        });
        ExportAnswer {
            module: closure.name(layer),
            version: record.version.clone(),
            is_index_alias,
            sides: sides.collect(),
            location,
            route: self.route_to(layer),
            name,
        }
    }

    /// The shortest chain of `uses` from the asker; of equal ones the first.
    fn route_to(&self, target: LayerIndex) -> Vec<String> {
        let closure = &self.supplied.closure;
        let mut came_from = std::collections::BTreeMap::from([(self.layer, self.layer)]);
        let mut queue = std::collections::VecDeque::from([self.layer]);
        while let Some(layer) = queue.pop_front() {
            for &used in &closure.uses[layer] {
                came_from.entry(used).or_insert_with(|| {
                    queue.push_back(used);
                    layer
                });
            }
        }
        let mut route = vec![closure.name(target)];
        let mut layer = target;
        while layer != self.layer {
            let Some(&previous) = came_from.get(&layer) else {
                break;
            };
            layer = previous;
            route.push(closure.name(layer));
        }
        route.reverse();
        route
    }
}
