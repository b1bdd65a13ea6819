//! Composing and verifying over generated sets of modules: what is composed is right, and whatever single entry
//! of it is broken, `verify` sees it.

mod import_map_support;
#[path = "support/split_mix.rs"]
mod split_mix;

use esmx_build::import_map::{
    ComposeInput, ComposedModule, ImportMap, ScopeTable, compose, rewires_from_manifests, verify,
};
use import_map_support::{client, compose_verified, module, report, server};
use serde_json::{Map, Value, json};
use split_mix::SplitMix64;

/// What is made by chance.
struct Dice(SplitMix64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0.below(limit)
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    /// Each item with a chance of one in `chances`.
    fn some<'a>(&mut self, items: &[&'a str], chances: usize) -> Vec<&'a str> {
        items.iter().copied().filter(|_| self.one_in(chances)).collect()
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

const NAMES: [&str; 8] = [
    "host",
    "cart",
    "cart-admin",
    "@acme/kit",
    "kit",
    "@acme/kit-pro",
    "a",
    "shared",
];
const PACKAGES: [&str; 6] = [
    "vue",
    "react",
    "@esmx/router",
    "react/jsx-runtime",
    "date-fns",
    "@a/b",
];
const EXPORTS: [&str; 9] = [
    "index",
    "ui",
    "ui/index",
    "form/input",
    "legacy/page",
    "legacy/deep/page",
    "[id]",
    "a b#c",
    "x%20y",
];
const DIRECTORIES: [&str; 4] = ["legacy/", "legacy/deep/", "./form/", "workers/"];
const BASES: [&str; 4] = ["", "/shop", "/a/b/", "https://cdn.example/x"];

/// Modules in which a module uses only later ones, so that there is no cycle.
fn generate(seed: u64) -> ComposeInput {
    let mut dice = Dice(SplitMix64(seed));
    let count = 1 + dice.below(NAMES.len());
    let modules: Vec<_> = (0..count)
        .map(|index| generate_module(&mut dice, &NAMES[..count], index))
        .collect();
    let base = (*dice.pick(&BASES)).to_owned();
    let mut input = ComposeInput {
        base,
        ..client(modules)
    };
    input.rewires = rewires_from_manifests(&input.root, &input.modules);
    input
}

fn generate_module(dice: &mut Dice, names: &[&str], index: usize) -> ComposedModule {
    let name = names[index];
    let mut exports = Map::new();
    let mut provides = Map::new();
    let mut chunks = Map::new();
    let mut integrity = Map::new();
    let mut emit =
        |file: &str| drop(integrity.insert(file.to_owned(), json!(format!("sha384-{name}-{file}"))));
    for export in dice.some(&EXPORTS, 2) {
        let file = format!("{export}.{:08x}.final.mjs", dice.below(1 << 30));
        emit(&file);
        exports.insert(
            export.to_owned(),
            json!({ "file": file, "identifier": format!("{name}/{export}") }),
        );
        chunks.insert(format!("{name}@{export}"), json!({ "js": file }));
    }
    for package in dice.some(&PACKAGES, 3) {
        let file = format!("{package}.{:08x}.final.mjs", dice.below(1 << 30));
        let private = format!(
            "chunks/{}.{:08x}.final.mjs",
            package.replace('/', "-"),
            dice.below(1 << 30)
        );
        emit(&file);
        emit(&private);
        let entry = json!({ "pkg": true, "file": file, "identifier": format!("{name}/{package}") });
        exports.insert(package.to_owned(), entry);
        let version = format!("{}.1.0", dice.below(2));
        let record = json!({ "version": version, "package": package, "chunks": [file, private] });
        provides.insert(package.to_owned(), record);
    }
    let shared = format!("chunks/shared.{:08x}.final.mjs", dice.below(1 << 30));
    emit(&shared);
    chunks.insert(format!("{name}@shared"), json!({ "js": shared }));

    let mut scopes = Map::new();
    scopes.insert(String::new(), generate_wiring(dice, names));
    if dice.one_in(2) {
        for scope in dice.some(&[&DIRECTORIES[..], &EXPORTS, &PACKAGES].concat(), 4) {
            scopes.insert(scope.to_owned(), generate_wiring(dice, names));
        }
    }
    let uses = dice.some(&names[index + 1..], 2);
    module(&json!({
        "protocol": 2, "name": name, "version": "1.0.0", "exports": exports, "provides": provides, "uses": uses,
        "scopes": scopes, "chunks": chunks, "integrity": integrity, "files": []
    }))
}

fn generate_wiring(dice: &mut Dice, names: &[&str]) -> Value {
    let mut table = Map::new();
    for package in dice.some(&PACKAGES, 2) {
        let target = match dice.below(8) {
            0 => "https://cdn.example/package.js".to_owned(),
            1 => format!("nobody/{package}"),
            2 => format!("{}/ui", dice.pick(names)),
            _ => format!("{}/{}", dice.pick(names), dice.pick(&PACKAGES)),
        };
        table.insert(package.to_owned(), json!(target));
    }
    // An identifier that somebody may export, wired to something else.
    if dice.one_in(3) {
        table.insert(
            format!("{}/ui", dice.pick(names)),
            json!(format!("{}/form/input", dice.pick(names))),
        );
    }
    Value::Object(table)
}

#[test]
fn what_is_composed_is_what_the_protocol_asks_for() {
    for seed in 0..150 {
        let input = generate(seed);
        for input in [server(input.clone()), input] {
            let composition = compose(&input);
            let diagnostics = verify(&input, &composition.map);
            assert!(
                diagnostics.is_empty(),
                "seed {seed}\n{}\n{}",
                report(&diagnostics),
                composition.map.to_json()
            );
            for (module, file) in composition.suppressed.iter() {
                let url = input.file_url(input.module(module).unwrap(), file);
                assert!(
                    !composition.map.to_compact_json().contains(&format!("\"{url}\"")),
                    "seed {seed}: {url}"
                );
            }
        }
    }
}

#[test]
fn the_order_of_modules_does_not_show() {
    for seed in 0..50 {
        let mut input = generate(seed);
        let text = compose(&input).map.to_json();
        input.modules.reverse();
        assert_eq!(compose(&input).map.to_json(), text, "seed {seed}");
    }
}

/// One way to break a map, found by walking over it.
#[derive(Debug)]
enum Damage {
    DropImport(String),
    MoveImport(String),
    DropScope(String),
    DropScopeEntry(String, String),
    MoveScopeEntry(String, String),
    DropIntegrity(String),
    ChangeIntegrity(String),
}

fn every_damage(map: &ImportMap) -> Vec<Damage> {
    let mut damages = Vec::new();
    for key in map.imports.keys() {
        damages.extend([Damage::DropImport(key.clone()), Damage::MoveImport(key.clone())]);
    }
    for (scope, table) in &map.scopes {
        damages.push(Damage::DropScope(scope.clone()));
        for key in table.keys() {
            damages.push(Damage::DropScopeEntry(scope.clone(), key.clone()));
            damages.push(Damage::MoveScopeEntry(scope.clone(), key.clone()));
        }
    }
    for key in map.integrity.keys() {
        damages.extend([
            Damage::DropIntegrity(key.clone()),
            Damage::ChangeIntegrity(key.clone()),
        ]);
    }
    damages
}

fn apply(map: &mut ImportMap, damage: &Damage) {
    let elsewhere = "/nowhere/x.mjs".to_owned();
    match damage {
        Damage::DropImport(key) => drop(map.imports.remove(key)),
        Damage::MoveImport(key) => drop(map.imports.insert(key.clone(), elsewhere)),
        Damage::DropScope(scope) => drop(map.scopes.remove(scope)),
        Damage::DropScopeEntry(scope, key) => drop(table(map, scope).remove(key)),
        Damage::MoveScopeEntry(scope, key) => {
            drop(table(map, scope).insert(key.clone(), Some(elsewhere)));
        }
        Damage::DropIntegrity(key) => drop(map.integrity.remove(key)),
        Damage::ChangeIntegrity(key) => drop(map.integrity.insert(key.clone(), "sha384-other".to_owned())),
    }
}

fn table<'a>(map: &'a mut ImportMap, scope: &str) -> &'a mut ScopeTable {
    map.scopes
        .get_mut(scope)
        .expect("the damage was read off this map")
}

/// What an inner scope repeats from an outer one may be missing: the import falls through to the same result.
fn changes_nothing(map: &ImportMap, damage: &Damage) -> bool {
    let outer_entry = |scope: &str, key: &str| {
        let outer = map.scopes.iter().rev().find(|(prefix, table)| {
            prefix.as_str() != scope
                && prefix.ends_with('/')
                && scope.starts_with(*prefix)
                && table.contains_key(key)
        });
        let global = || map.imports.get(key).map(|url| Some(url.clone()));
        outer.map(|(_, table)| table[key].clone()).or_else(global)
    };
    // Without any outer entry a blocked specifier is as unresolvable as before.
    let is_repeated = |scope: &str, key: &str| outer_entry(scope, key).flatten() == map.scopes[scope][key];
    match damage {
        Damage::DropScopeEntry(scope, key) => is_repeated(scope, key),
        Damage::DropScope(scope) => map.scopes[scope].keys().all(|key| is_repeated(scope, key)),
        _ => false,
    }
}

#[test]
fn any_single_broken_entry_is_found() {
    let mut found = 0;
    for seed in 0..25 {
        let input = generate(seed);
        let good = compose_verified(&input).map;
        let damages = every_damage(&good);
        let mut dice = Dice(SplitMix64(seed));
        for damage in damages.iter().filter(|_| dice.one_in(4)) {
            let mut map = good.clone();
            apply(&mut map, damage);
            let is_found = !verify(&input, &map).is_empty();
            assert_eq!(
                is_found,
                !changes_nothing(&good, damage),
                "seed {seed}: {damage:?}
{}",
                good.to_json()
            );
            found += usize::from(is_found);
        }
    }
    assert!(found > 300, "only {found} damages were tried");
}
