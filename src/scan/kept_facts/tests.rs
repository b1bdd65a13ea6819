//! What is written down of a module says what the module says, and reading its file again makes the same.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::dead_branch::KnownNames;
use super::super::decided::without_decided_branches;
use super::super::load::{DeclaredFormat, load_script};
use super::super::source_kind::SourceKind;
use super::super::transform::TransformOptions;
use crate::base::{Digest, DiskFileSystem, files_below};
use crate::graph::{Constant, KnownValue, ModuleSyntax};

fn sorted<Item: std::fmt::Debug>(items: impl IntoIterator<Item = Item>) -> Vec<String> {
    let mut items: Vec<String> = items.into_iter().map(|item| format!("{item:?}")).collect();
    items.sort_unstable();
    items
}

/// Everything that is written down, as a text that is the same for the same. Tables have no order.
fn described(syntax: &ModuleSyntax) -> Vec<String> {
    let ModuleSyntax {
        identity: _,
        kept_in: _,
        source: _,
        format,
        tree: _,
        records,
        symbols,
        symbol_of,
        imports,
        exports,
        star_exports,
        statements,
        forms,
        deciding,
        called_members,
        commonjs,
        own_exports,
        hoisted_form,
        rest_of: _,
        rests: _,
        answers: _,
        hoisted,
        nested_names,
        global_names,
        type_names,
        features,
        resource: _,
        diagnostics: _,
    } = syntax;
    let of_hoisted = |hoisted: &crate::graph::HoistedCommonJs| {
        vec![
            sorted(&hoisted.without_this),
            sorted(&hoisted.changing),
            sorted(&hoisted.aliases),
            sorted(&hoisted.members),
            vec![format!(
                "{} {} {} {:?}",
                hoisted.has_default_of_its_own, hoisted.has_exports, hoisted.has_names, hoisted.object
            )],
        ]
    };
    let mut lines = vec![
        format!("{format:?} {features:?} {commonjs:?}"),
        format!("{records:?}"),
        format!("{symbols:?}"),
        format!("{exports:?} {star_exports:?}"),
        format!("{statements:?}"),
        format!("{forms:?}"),
        format!(
            "{} {}",
            own_exports.has_default_of_its_own, own_exports.writes_names
        ),
        format!("{:?}", hoisted.as_ref().map(of_hoisted)),
    ];
    for table in [
        sorted(symbol_of),
        sorted(imports),
        sorted(deciding),
        sorted(called_members),
        sorted(&own_exports.without_this),
        sorted(nested_names),
        sorted(global_names),
        sorted(type_names),
    ] {
        lines.push(table.join(" "));
    }
    if let Some(form) = hoisted_form {
        lines.push("hoisted".to_owned());
        lines.extend(described(form));
    }
    lines
}

fn load(path: &Path, text: &str) -> Option<ModuleSyntax> {
    let kind = SourceKind::of_path(path)?;
    let declared = match path.extension()?.to_str()? {
        "mjs" => DeclaredFormat::EsModule,
        "cjs" => DeclaredFormat::CommonJs,
        _ => DeclaredFormat::Open,
    };
    load_script(
        path,
        Arc::from(text),
        kind,
        declared,
        &TransformOptions::default(),
    )
    .ok()
}

/// The scripts of all fixtures, and those that run them.
fn scripts() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let below = ["fixtures", "tests", "benches", "runtime"].map(|name| root.join(name));
    // What is installed depends on the machine, and takes minutes.
    let is_passed_over = |name: &str| matches!(name, "target" | "node_modules" | "dist");
    let files = below
        .iter()
        .flat_map(|directory| files_below(&DiskFileSystem, directory, &is_passed_over));
    files.filter(|path| SourceKind::of_path(path).is_some()).collect()
}

#[test]
fn facts_are_read_as_they_are_written_and_made_again_as_they_were() {
    let mut seen = 0;
    for path in scripts() {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        let Some(first) = load(&path, &text) else { continue };
        let bytes = postcard::to_allocvec(&first).unwrap();
        let read: ModuleSyntax = postcard::from_bytes(&bytes).unwrap();
        let again = load(&path, &text).expect("it had no errors");
        let said = described(&first);
        assert_eq!(said, described(&read), "{}", path.display());
        assert_eq!(said, described(&again), "{}", path.display());
        assert_eq!(first.tree.statements.len(), again.tree.statements.len());
        assert_eq!(first.tree.statements.len(), read.forms.len());
        seen += 1;
    }
    assert!(seen > 1_000, "{seen}");
}

/// All graphs of a process have a module that is known by what it is made of.
#[test]
fn modules_with_an_identity_answer_once() {
    let mut module = load(Path::new("a.mjs"), "export const a = 1, b = a ? 1 : 2").unwrap();
    let asked = Cell::new(0);
    let ask = |module: &ModuleSyntax| {
        module.kept_answer(
            || "how often?".to_owned(),
            || {
                asked.set(asked.get() + 1);
                asked.get()
            },
        )
    };
    assert_eq!([ask(&module), ask(&module)], [1, 2]);
    module.identity = Some(Digest::of(b"a"));
    assert_eq!([ask(&module), ask(&module)], [3, 3]);

    let module = Arc::new(module);
    let a = module.symbols.iter().find(|symbol| *symbol.name == *"a").unwrap();
    let mut known = KnownNames::default();
    known.add(a.id.clone(), &KnownValue::Constant(Constant::Boolean(true)));
    let rest = || without_decided_branches(&module, &known).expect("a branch goes");
    assert!(Arc::ptr_eq(&rest(), &rest()));
}
