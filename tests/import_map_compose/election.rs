//! Appendix B: an election.

use esmx_build::import_map::rewires_from_manifests;
use serde_json::json;

use super::export;
use super::import_map_support::{client, compose_verified, expect, expect_unresolvable, module, server};

pub fn election() -> esmx_build::import_map::ComposeInput {
    let mut input = client(vec![
        module(&json!({
            "protocol": 2, "name": "acme-app", "version": "1.0.0", "uses": ["acme-vue-base"],
            "scopes": { "": { "vue": "acme-vue-base/vue" } },
            "exports": { "src/entry.client": export("acme-app/src/entry.client", "src/entry.client.c0.final.mjs") },
            "integrity": { "src/entry.client.c0.final.mjs": "sha384-c0" }
        })),
        module(&json!({
            "protocol": 2, "name": "acme-vue-base", "uses": ["acme-base"], "scopes": { "": { "vue": "acme-vue-base/vue" } },
            "exports": { "vue": export("acme-vue-base/vue", "vue.b2.final.mjs") },
            "provides": { "vue": { "version": "3.5.2", "package": "vue", "chunks": ["vue.b2.final.mjs"] } },
            "integrity": { "vue.b2.final.mjs": "sha384-b2" }
        })),
        module(&json!({
            "protocol": 2, "name": "acme-base", "scopes": { "": { "vue": "acme-base/vue" }, "vue": { "x": "acme-base/ui" } },
            "exports": {
                "vue": export("acme-base/vue", "vue.b1.final.mjs"),
                "ui": export("acme-base/ui", "ui.b1.final.mjs")
            },
            "provides": { "vue": {
                "version": "3.4.21", "package": "vue", "chunks": ["vue.b1.final.mjs", "chunks/runtime.b1.final.mjs"]
            } },
            "files": ["vue.b1.final.mjs", "chunks/runtime.b1.final.mjs", "ui.b1.final.mjs"],
            "integrity": {
                "vue.b1.final.mjs": "sha384-l1", "chunks/runtime.b1.final.mjs": "sha384-l2", "ui.b1.final.mjs": "sha384-ui"
            }
        })),
    ]);
    input.rewires = rewires_from_manifests(&input.root, &input.modules);
    input
}

#[test]
fn a_losing_copy_is_redirected_and_gone() {
    let input = election();
    assert_eq!(
        input.rewires.iter().collect::<Vec<_>>(),
        [(&"acme-base/vue".to_owned(), &"acme-vue-base/vue".to_owned())]
    );
    let composition = compose_verified(&input);
    let map = &composition.map;
    let winner = "/acme-vue-base/vue.b2.final.mjs";
    expect(
        map,
        "/acme-base/ui.b1.final.mjs",
        &[("vue", winner), ("acme-base/vue", winner)],
    );
    expect(
        map,
        "/anything.mjs",
        &[("acme-base/vue", winner), ("acme-vue-base/vue", winner)],
    );
    expect(map, "/acme-app/x.mjs", &[("vue", winner)]);

    let text = map.to_json();
    assert!(!text.contains("vue.b1"), "{text}");
    assert!(!text.contains("runtime.b1"), "{text}");
    let keys: Vec<_> = map.integrity.keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "/acme-app/src/entry.client.c0.final.mjs",
            "/acme-base/ui.b1.final.mjs",
            winner
        ]
    );
    let suppressed: Vec<_> = composition.suppressed.iter().collect();
    assert_eq!(
        suppressed,
        [
            ("acme-base", "chunks/runtime.b1.final.mjs"),
            ("acme-base", "vue.b1.final.mjs")
        ]
    );
    assert!(composition.suppressed.contains_url("/acme-base/vue.b1.final.mjs"));
    assert!(
        !composition
            .suppressed
            .contains_file("acme-base", "ui.b1.final.mjs")
    );

    let server_map = compose_verified(&server(input)).map;
    assert!(
        !server_map
            .to_json()
            .contains("b1.final.mjs\": \"file:///w/acme-base/dist/server/vue")
    );
    expect(
        &server_map,
        "file:///w/acme-base/dist/server/ui.b1.final.mjs",
        &[("vue", "file:///w/acme-vue-base/dist/server/vue.b2.final.mjs")],
    );
}

#[test]
fn a_loser_in_the_older_manifest_form_loses_its_export_chunk() {
    let mut input = election();
    let base = &mut input.modules[2].manifest;
    base.provides["vue"].chunks.clear();
    base.provides["vue"].package = None;
    base.exports["vue"].file = "./vue.b1.final.mjs".to_owned();
    input.rewires = rewires_from_manifests(&input.root, &input.modules);
    let map = compose_verified(&input).map;
    assert!(!map.to_json().contains("/vue.b1"));
}

#[test]
fn a_winner_that_this_side_does_not_have_leaves_the_specifier_unresolvable() {
    let mut input = election();
    input.modules[1].manifest.exports.clear();
    let map = compose_verified(&input).map;
    expect_unresolvable(&map, "/acme-base/ui.b1.final.mjs", &["vue", "acme-base/vue"]);
    assert!(!map.to_json().contains("vue.b1"));
}
