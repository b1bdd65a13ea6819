//! The code of a CSS module: every name is an export with the names it composes, and all of them are properties
//! of `default`.
//!
//! ```css
//! .base { color: red }
//! .title { composes: base; composes: big from "./sizes.module.css" }
//! ```
//!
//! ```js
//! import { "big" as name_0 } from "./sizes.module.css";
//! const base = "base_3f9c01a", title = "title_3f9c01a base_3f9c01a " + name_0;
//! ```

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use indexmap::IndexMap;
use lightningcss::css_modules::{CssModuleExport, CssModuleReference};
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::generated::literal;
use swc_core::ecma::ast::EsReserved as _;

use crate::base::{identifier_from, is_identifier_name};

/// What code a CSS module has, and which names it takes from where.
#[derive(Debug, Default)]
pub struct ClassCode {
    /// The code.
    pub code: String,
    /// Specifier → names, in the order of the import statements of `code`.
    pub imports: Vec<(String, Vec<String>)>,
}

/// A part of what a name stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Piece {
    Text(String),
    Import(String, String),
}

/// The code for the names of a style sheet.
///
/// `composed` are the files of names in the order in which they apply, `values` texts with names, which are exports too.
///
/// # Errors
/// The name that composes itself.
pub fn class_code(
    exports: HashMap<String, CssModuleExport>,
    composed: &[String],
    values: &IndexMap<String, String>,
) -> Result<ClassCode, String> {
    let exports: BTreeMap<String, CssModuleExport> = exports.into_iter().collect();
    let by_compiled: FxHashMap<&str, &str> = exports
        .iter()
        .map(|(name, export)| (export.name.as_str(), name.as_str()))
        .collect();
    let mut output = ClassCode::default();
    let files = composed.iter();
    let mut imported: IndexMap<String, IndexMap<String, String>> =
        files.map(|file| (file.clone(), IndexMap::new())).collect();
    let mut constants = Vec::new();
    for name in exports.keys() {
        let mut pieces = Vec::new();
        collect(&exports, &by_compiled, name, &mut Vec::new(), &mut pieces)?;
        let mut seen = FxHashSet::default();
        pieces.retain(|piece| seen.insert(piece.clone()));
        constants.push((name, expression(&pieces, &mut imported)));
    }
    let of_values = values.iter().filter(|(name, _)| !exports.contains_key(*name));
    constants.extend(of_values.map(|(name, value)| (name, literal(value))));
    imported.retain(|_, names| !names.is_empty());
    for (specifier, names) in &imported {
        let clause: Vec<String> = names
            .iter()
            .map(|(name, local)| format!("{} as {local}", literal(name)))
            .collect();
        let _ = writeln!(
            output.code,
            "import {{ {} }} from {};",
            clause.join(", "),
            literal(specifier)
        );
        output
            .imports
            .push((specifier.clone(), names.keys().cloned().collect()));
    }
    let imported_names = imported.values().flat_map(|names| names.values().cloned());
    write_exports(&mut output.code, &constants, imported_names.collect());
    Ok(output)
}

/// Everything that `name` stands for, itself first.
fn collect(
    exports: &BTreeMap<String, CssModuleExport>,
    by_compiled: &FxHashMap<&str, &str>,
    name: &str,
    path: &mut Vec<String>,
    pieces: &mut Vec<Piece>,
) -> Result<(), String> {
    if path.iter().any(|one| one == name) {
        return Err(name.to_owned());
    }
    let Some(export) = exports.get(name) else {
        return Ok(());
    };
    path.push(name.to_owned());
    pieces.push(Piece::Text(export.name.clone()));
    for reference in &export.composes {
        match reference {
            CssModuleReference::Local { name: compiled } => match by_compiled.get(compiled.as_str()) {
                Some(local) => collect(exports, by_compiled, local, path, pieces)?,
                None => pieces.push(Piece::Text(compiled.clone())),
            },
            CssModuleReference::Global { name } => pieces.push(Piece::Text(name.clone())),
            CssModuleReference::Dependency { name, specifier } => {
                pieces.push(Piece::Import(specifier.clone(), name.clone()));
            }
        }
    }
    path.pop();
    Ok(())
}

/// `"a b " + name_0`.
fn expression(pieces: &[Piece], imported: &mut IndexMap<String, IndexMap<String, String>>) -> String {
    let mut terms: Vec<String> = Vec::new();
    let mut text = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        if index > 0 {
            text.push(' ');
        }
        match piece {
            Piece::Text(name) => text.push_str(name),
            Piece::Import(specifier, name) => {
                if !text.is_empty() {
                    terms.push(literal(&std::mem::take(&mut text)));
                }
                let number: usize = imported.values().map(IndexMap::len).sum();
                let names = imported.entry(specifier.clone()).or_default();
                let local = names
                    .entry(name.clone())
                    .or_insert_with(|| format!("name_{number}"));
                terms.push(local.clone());
            }
        }
    }
    if !text.is_empty() || terms.is_empty() {
        terms.push(literal(&text));
    }
    terms.join(" + ")
}

fn write_exports(code: &mut String, constants: &[(&String, String)], mut taken: FxHashSet<String>) {
    let mut exported = Vec::new();
    let mut properties = Vec::new();
    for (name, value) in constants {
        let local = local_name(name, &mut taken);
        let _ = writeln!(code, "const {local} = {value};");
        // Written without brackets, it would set the prototype.
        let key = if *name == "__proto__" {
            "[\"__proto__\"]".to_owned()
        } else {
            literal(name)
        };
        properties.push(format!("{key}: {local}"));
        if is_identifier_name(name) && *name != "default" {
            exported.push(format!("{local} as {name}"));
        } else if *name != "default" {
            exported.push(format!("{local} as {}", literal(name)));
        }
    }
    let _ = writeln!(code, "export {{ {} }};", exported.join(", "));
    let _ = writeln!(code, "export default {{ {} }};", properties.join(", "));
}

/// A name for the constant: as in the style sheet where that is possible.
fn local_name(name: &str, taken: &mut FxHashSet<String>) -> String {
    let wanted = identifier_from(name);
    let is_usable = !wanted.is_reserved_in_any() && wanted != "arguments" && wanted != "eval";
    let numbered = (1..).map(|number| format!("{wanted}_{number}"));
    is_usable
        .then(|| wanted.clone())
        .into_iter()
        .chain(numbered)
        .find(|candidate| taken.insert(candidate.clone()))
        .expect("there are more numbers than names")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn export(name: &str, composes: Vec<CssModuleReference>) -> CssModuleExport {
        CssModuleExport {
            name: format!("{name}_x"),
            composes,
            is_referenced: false,
        }
    }

    fn local(name: &str) -> CssModuleReference {
        CssModuleReference::Local {
            name: format!("{name}_x"),
        }
    }

    #[test]
    fn names_compose_what_they_compose() {
        let elsewhere = CssModuleReference::Dependency {
            name: "big".to_owned(),
            specifier: "./sizes.module.css".to_owned(),
        };
        let exports = HashMap::from([
            ("a".to_owned(), export("a", vec![local("b"), elsewhere])),
            ("b".to_owned(), export("b", vec![local("c-d")])),
            ("c-d".to_owned(), export("c-d", Vec::new())),
        ]);
        let code = class_code(exports, &[], &IndexMap::new())
            .expect("nothing composes itself")
            .code;
        assert!(code.contains("\"a_x b_x c-d_x \" + name_0"), "{code}");
        assert!(
            code.contains("import { \"big\" as name_0 } from \"./sizes.module.css\";"),
            "{code}"
        );
        assert!(code.contains("\"c-d\": c_d"), "{code}");
    }

    #[test]
    fn a_circle_is_found() {
        let exports = HashMap::from([
            ("a".to_owned(), export("a", vec![local("b")])),
            ("b".to_owned(), export("b", vec![local("a")])),
        ]);
        assert_eq!(
            class_code(exports, &[], &IndexMap::new()).err(),
            Some("a".to_owned())
        );
    }
}
