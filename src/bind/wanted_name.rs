//! What a symbol would like to be called; `render` and `chunk` add suffixes where names collide.

use swc_core::atoms::Atom;

use super::BoundGraph;
use super::symbols::{SymbolId, SymbolOwner};
use super::wrap::Wrapping;
use crate::base::{file_identifier, identifier_from, last_segment};
use crate::graph::{ModuleId, Target};

/// The name in the source, or one made from the file a symbol belongs to.
pub fn wanted_name(bound: &BoundGraph, symbol: SymbolId) -> Atom {
    let stem = |module: ModuleId| file_identifier(&bound.graph.modules[module].stable_path);
    match bound.symbols.owner(symbol) {
        SymbolOwner::Local(module, local) => bound.graph.modules[*module].syntax.symbols[*local].name.clone(),
        SymbolOwner::Namespace(module) => format!("{}_exports", stem(*module)).into(),
        SymbolOwner::Wrapper(module) => match bound.wrapping[*module] {
            Wrapping::CommonJs => format!("require_{}", stem(*module)).into(),
            Wrapping::Lazy | Wrapping::Hoisted => format!("init_{}", stem(*module)).into(),
        },
        SymbolOwner::Interop(module, record) => match bound.graph.modules[*module].targets[*record] {
            Target::Module(target) => format!("import_{}", stem(target)).into(),
            Target::External(external) => format!(
                "import_{}",
                identifier_from(last_segment(&bound.graph.externals[external].specifier))
            )
            .into(),
            _ => "import_module".into(),
        },
        SymbolOwner::ExternalName(external, name) if *name == *"default" => {
            identifier_from(last_segment(&bound.graph.externals[*external].specifier)).into()
        }
        SymbolOwner::ExternalName(_, name) => identifier_from(name).into(),
        SymbolOwner::ExternalNamespace(external) => format!(
            "import_{}",
            identifier_from(last_segment(&bound.graph.externals[*external].specifier))
        )
        .into(),
    }
}
