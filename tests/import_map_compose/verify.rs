//! What `verify` finds.

use esmx_build::diagnostic::Code;
use esmx_build::import_map::{ImportMap, compose, verify};

use super::election::election;
use super::example::vue_workspace;
use super::import_map_support::{report, resolve};

#[test]
fn verify_names_module_specifier_expectation_and_result() {
    let input = vue_workspace();
    let mut map = compose(&input).map;
    let wrong = Some("/shared/vue.a1.final.mjs".to_owned());
    map.scopes
        .get_mut("/vue2-app/")
        .unwrap()
        .insert("vue".to_owned(), wrong);
    let diagnostics = verify(&input, &map);
    assert_eq!(diagnostics.len(), 1, "{}", report(&diagnostics));
    let diagnostic = &diagnostics[0];
    assert_eq!(
        (diagnostic.code, diagnostic.module.as_str()),
        (Code::ImportMap, "vue2-app")
    );
    assert_eq!(diagnostic.package.as_deref(), Some("vue"));
    assert!(
        diagnostic
            .required
            .as_deref()
            .unwrap()
            .ends_with("/shared/vue2.a2.final.mjs")
    );
    assert!(
        diagnostic
            .found
            .as_deref()
            .unwrap()
            .ends_with("/shared/vue.a1.final.mjs")
    );
    assert!(!diagnostic.fix.is_empty());
}

type Mistake = Box<dyn Fn(&mut ImportMap)>;

#[test]
fn verify_finds_each_kind_of_mistake() {
    let input = election();
    let good = compose(&input).map;
    let loser = "/acme-base/vue.b1.final.mjs".to_owned();
    let mistakes: Vec<(&str, Mistake)> = vec![
        (
            "missing identifier",
            Box::new(|map| drop(map.imports.remove("acme-base/ui"))),
        ),
        (
            "missing scope",
            Box::new(|map| drop(map.scopes.remove("/acme-base/"))),
        ),
        (
            "values without base",
            Box::new(|map| {
                map.imports
                    .values_mut()
                    .for_each(|url| url.insert_str(0, "/shop"));
            }),
        ),
        ("loser as value", {
            let loser = loser.clone();
            Box::new(move |map| drop(map.imports.insert("acme-base/vue".to_owned(), loser.clone())))
        }),
        ("loser as scope", {
            let loser = loser.clone();
            Box::new(move |map| drop(map.scopes.insert(loser.clone(), [].into())))
        }),
        ("loser in integrity", {
            let loser = loser.clone();
            Box::new(move |map| drop(map.integrity.insert(loser.clone(), "sha384-l1".to_owned())))
        }),
        (
            "missing integrity",
            Box::new(|map| drop(map.integrity.remove("/acme-base/ui.b1.final.mjs"))),
        ),
        (
            "stray integrity",
            Box::new(|map| drop(map.integrity.insert("/x".to_owned(), String::new()))),
        ),
        (
            "prefix mapping",
            Box::new(|map| {
                let scope = map.scopes.get_mut("/acme-app/").unwrap();
                scope.insert("vue/".to_owned(), Some("/acme-vue-base/".to_owned()));
            }),
        ),
        (
            "stray global",
            Box::new(|map| drop(map.imports.insert("vue".to_owned(), "/v.mjs".to_owned()))),
        ),
        (
            "scope without slash",
            Box::new(|map| {
                let scope = map.scopes.remove("/acme-base/").unwrap();
                map.scopes.insert("/acme-base".to_owned(), scope);
            }),
        ),
        (
            "scope that is too wide",
            Box::new(|map| {
                let scope = map.scopes["/acme-base/"].clone();
                map.scopes.insert("/".to_owned(), scope);
            }),
        ),
        (
            "address that is no URL",
            Box::new(|map| drop(map.imports.insert("acme-base/ui".to_owned(), "ui.mjs".to_owned()))),
        ),
    ];
    for (name, break_it) in mistakes {
        let mut map = good.clone();
        break_it(&mut map);
        assert_ne!(map, good, "{name}");
        assert!(!verify(&input, &map).is_empty(), "{name} is not found");
    }
}

#[test]
fn verify_reports_manifests_that_contradict_each_other() {
    // The loser's export chunk is also the file of an export that lives.
    let mut input = election();
    input.modules[2].manifest.exports["ui"].file = "vue.b1.final.mjs".to_owned();
    input.modules[2]
        .manifest
        .integrity
        .shift_remove("ui.b1.final.mjs");
    let map = compose(&input).map;
    assert_eq!(resolve(&map, "acme-base/ui", "/x.mjs"), None);
    assert!(!verify(&input, &map).is_empty());
}
