//! Builds compositions for the import-map tests.

#![allow(
    dead_code,
    reason = "every test file compiles its own copy and none uses all of it"
)]

use esmx_build::diagnostic::Diagnostic;
use esmx_build::import_map::{
    ComposeInput, ComposedModule, Composition, ImportMap, compose, parse_import_map_string,
    resolve_module_specifier, verify,
};
use esmx_build::protocol::Side;
use esmx_build::protocol::manifest::Manifest;
use indexmap::IndexMap;
use serde_json::Value;
use url::Url;

pub const ORIGIN: &str = "http://page.example";

pub fn module(manifest: &Value) -> ComposedModule {
    let manifest = Manifest::parse(manifest.to_string().as_bytes()).expect("the test writes a manifest");
    ComposedModule {
        name: manifest.name.clone(),
        manifest,
        directory_url: None,
    }
}

/// A client composition under an empty base; the first module is the root.
pub fn client(modules: Vec<ComposedModule>) -> ComposeInput {
    ComposeInput {
        root: modules[0].name.clone(),
        side: Side::Client,
        modules,
        rewires: IndexMap::new(),
        base: String::new(),
    }
}

/// The same modules on the server, each in `/w/<name>/dist/server`.
pub fn server(mut input: ComposeInput) -> ComposeInput {
    input.side = Side::Server;
    for module in &mut input.modules {
        module.directory_url = Some(format!("file:///w/{}/dist/server/", module.name));
    }
    input
}

pub fn with_rewires(mut input: ComposeInput, rewires: &[(&str, &str)]) -> ComposeInput {
    input.rewires = rewires
        .iter()
        .map(|(loser, winner)| ((*loser).to_owned(), (*winner).to_owned()))
        .collect();
    input
}

/// Composes and expects `verify` to agree.
#[track_caller]
pub fn compose_verified(input: &ComposeInput) -> Composition {
    let composition = compose(input);
    let diagnostics = verify(input, &composition.map);
    assert!(
        diagnostics.is_empty(),
        "{}\n{}",
        report(&diagnostics),
        composition.map.to_json()
    );
    composition
}

pub fn report(diagnostics: &[Diagnostic]) -> String {
    let messages: Vec<_> = diagnostics
        .iter()
        .map(|diagnostic| diagnostic.message.as_str())
        .collect();
    messages.join(
        "
",
    )
}

/// What a browser (or Node) does with `specifier` in the file `referrer`; URLs of the page's own origin are
/// written as paths.
pub fn resolve(map: &ImportMap, specifier: &str, referrer: &str) -> Option<String> {
    let document = if referrer.starts_with("file:") {
        "file:///"
    } else {
        ORIGIN
    };
    let document = Url::parse(document).expect("the text is a URL");
    let parsed = parse_import_map_string(&map.to_json(), &document).expect("it was just written");
    let url = resolve_module_specifier(
        &parsed.map,
        specifier,
        &document.join(referrer).expect("the test writes a URL"),
    )
    .ok()?;
    let text = String::from(url);
    Some(text.strip_prefix(ORIGIN).map_or(text.clone(), str::to_owned))
}

#[track_caller]
pub fn expect(map: &ImportMap, referrer: &str, cases: &[(&str, &str)]) {
    for (specifier, expected) in cases {
        let actual = resolve(map, specifier, referrer);
        assert_eq!(actual.as_deref(), Some(*expected), "{specifier} from {referrer}");
    }
}

#[track_caller]
pub fn expect_unresolvable(map: &ImportMap, referrer: &str, specifiers: &[&str]) {
    for specifier in specifiers {
        assert_eq!(
            resolve(map, specifier, referrer),
            None,
            "{specifier} from {referrer}"
        );
    }
}
