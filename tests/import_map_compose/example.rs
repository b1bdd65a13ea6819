//! §11.6: the example with Vue 2 and Vue 3.

use esmx_build::import_map::{ImportMap, compose};
use serde_json::json;

use super::export;
use super::import_map_support::{client, compose_verified, expect, module, server};

pub fn vue_workspace() -> esmx_build::import_map::ComposeInput {
    let wiring = |vue: &str| json!({ "": { "vue": vue, "vue2": "shared/vue2", "@esmx/router": "shared/@esmx/router" } });
    client(vec![
        module(&json!({
            "protocol": 2, "name": "host", "uses": ["shared", "vue2-app", "vue3-app"], "scopes": wiring("shared/vue"),
            "exports": { "src/entry.client": export("host/src/entry.client", "src/entry.client.h0.final.mjs") }
        })),
        module(&json!({
            "protocol": 2, "name": "shared", "scopes": wiring("shared/vue"),
            "provides": {
                "vue": { "version": "3.5.13", "package": "vue", "chunks": ["vue.a1.final.mjs"] },
                "vue2": { "version": "2.7.16", "package": "vue", "chunks": ["vue2.a2.final.mjs"] },
                "@esmx/router": { "version": "3.0.0", "package": "@esmx/router", "chunks": ["@esmx/router.a3.final.mjs"] }
            },
            "exports": {
                "vue": export("shared/vue", "vue.a1.final.mjs"),
                "vue2": export("shared/vue2", "vue2.a2.final.mjs"),
                "@esmx/router": export("shared/@esmx/router", "@esmx/router.a3.final.mjs")
            }
        })),
        module(&json!({
            "protocol": 2, "name": "vue2-app", "uses": ["shared"], "scopes": wiring("shared/vue2"),
            "exports": {
                "src/entry.client": export("vue2-app/src/entry.client", "src/entry.client.p0.final.mjs"),
                "routes": export("vue2-app/routes", "routes.p1.final.mjs")
            }
        })),
        module(&json!({
            "protocol": 2, "name": "vue3-app", "uses": ["shared"], "scopes": wiring("shared/vue"),
            "exports": {
                "src/entry.client": export("vue3-app/src/entry.client", "src/entry.client.q0.final.mjs"),
                "routes": export("vue3-app/routes", "routes.q1.final.mjs")
            }
        })),
    ])
}

#[test]
fn the_vue_workspace_gives_the_map_of_the_protocol() {
    let map = compose_verified(&vue_workspace()).map;
    let wiring = |vue: &str| json!({ "vue": vue, "vue2": "/shared/vue2.a2.final.mjs", "@esmx/router": "/shared/@esmx/router.a3.final.mjs" });
    let expected: ImportMap = serde_json::from_value(json!({
        "imports": {
            "host/src/entry.client": "/host/src/entry.client.h0.final.mjs",
            "shared/vue": "/shared/vue.a1.final.mjs",
            "shared/vue2": "/shared/vue2.a2.final.mjs",
            "shared/@esmx/router": "/shared/@esmx/router.a3.final.mjs",
            "vue2-app/src/entry.client": "/vue2-app/src/entry.client.p0.final.mjs",
            "vue2-app/routes": "/vue2-app/routes.p1.final.mjs",
            "vue3-app/src/entry.client": "/vue3-app/src/entry.client.q0.final.mjs",
            "vue3-app/routes": "/vue3-app/routes.q1.final.mjs"
        },
        "scopes": {
            "/host/": wiring("/shared/vue.a1.final.mjs"),
            "/shared/": wiring("/shared/vue.a1.final.mjs"),
            "/vue2-app/": wiring("/shared/vue2.a2.final.mjs"),
            "/vue3-app/": wiring("/shared/vue.a1.final.mjs")
        }
    }))
    .unwrap();
    assert_eq!(map, expected);
    // The decisive row, from an export, a split chunk and a worker alike.
    for file in ["routes.p1.final.mjs", "chunks/home.99.final.mjs", "workers/w.mjs"] {
        expect(
            &map,
            &format!("/vue2-app/{file}"),
            &[("vue", "/shared/vue2.a2.final.mjs")],
        );
        expect(
            &map,
            &format!("/vue3-app/{file}"),
            &[("vue", "/shared/vue.a1.final.mjs")],
        );
    }
}

#[test]
fn identical_modules_in_another_order_give_the_same_bytes() {
    let mut input = vue_workspace();
    let text = compose(&input).map.to_json();
    input.modules.reverse();
    assert_eq!(compose(&input).map.to_json(), text);
}

#[test]
fn the_server_map_has_file_urls_and_no_integrity() {
    let mut input = server(vue_workspace());
    input.modules[1]
        .manifest
        .integrity
        .insert("vue.a1.final.mjs".to_owned(), "sha384-x".to_owned());
    let map = compose_verified(&input).map;
    expect(
        &map,
        "file:///w/vue2-app/dist/server/chunks/home.mjs",
        &[
            ("vue", "file:///w/shared/dist/server/vue2.a2.final.mjs"),
            ("shared/vue", "file:///w/shared/dist/server/vue.a1.final.mjs"),
            ("node:fs", "node:fs"),
        ],
    );
    assert!(map.integrity.is_empty());
    assert!(map.scopes.contains_key("file:///w/vue2-app/dist/server/"));
}

#[test]
fn server_paths_with_odd_characters_match_the_referrers_of_node() {
    let mut input = server(vue_workspace());
    let directory = esmx_build::import_map::file_directory_url("/w/a b#c/[x]~%41/dist/server".as_ref());
    assert_eq!(directory, "file:///w/a%20b%23c/%5Bx%5D%7E%2541/dist/server/");
    input.modules[2].directory_url = Some(directory.clone());
    let map = compose_verified(&input).map;
    expect(
        &map,
        &format!("{directory}x.mjs"),
        &[("vue", "file:///w/shared/dist/server/vue2.a2.final.mjs")],
    );
}
