//! What a symbol would like to be called; `render` and `chunk` add suffixes where names collide.

use swc_core::atoms::Atom;
use swc_core::ecma::ast::Ident;

use super::BoundGraph;
use super::symbols::{SymbolId, SymbolOwner};
use super::wrap::Wrapping;
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
            _ => "import_module".into(),
        },
        SymbolOwner::ExternalName(external, name) if *name == *"default" => {
            identifier_from(last_segment(&bound.graph.externals[*external].specifier)).into()
        }
        SymbolOwner::ExternalName(_, name) => identifier_from(name).into(),
        SymbolOwner::ExternalNamespace(external) => {
            format!("import_{}", identifier_from(last_segment(&bound.graph.externals[*external].specifier)))
                .into()
        }
    }
}

/// An identifier for a file: `src/form/input.ts` → `input`, `node_modules/vue/index.js` → `vue`.
pub fn file_identifier(stable_path: &str) -> String {
    let file = last_segment(stable_path);
    let mut stem = file.split_once('.').map_or(file, |(stem, _)| stem);
    if stem == "index" || stem.is_empty() {
        stem = stable_path.rsplit('/').nth(1).unwrap_or("index");
    }
    identifier_from(stem)
}

fn last_segment(text: &str) -> &str {
    text.rsplit(['/', ':']).next().unwrap_or(text)
}

/// An identifier that reads like `text`.
pub fn identifier_from(text: &str) -> String {
    let mut name: String = text.chars().map(|c| if Ident::is_valid_continue(c) { c } else { '_' }).collect();
    if !name.chars().next().is_some_and(Ident::is_valid_start) {
        name.insert(0, '_');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{file_identifier, identifier_from};

    #[test]
    fn files_give_readable_identifiers() {
        assert_eq!(file_identifier("src/form/input.ts"), "input");
        assert_eq!(file_identifier("node_modules/vue/index.js"), "vue");
        assert_eq!(identifier_from("2-things"), "_2_things");
    }
}
