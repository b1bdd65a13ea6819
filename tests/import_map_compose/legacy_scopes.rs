//! Legacy scopes, and the pitfalls of §11.3.

use serde_json::{Value, json};

use super::export;
use super::import_map_support::{
    client, compose_verified, expect, expect_unresolvable, module, server, with_rewires,
};

fn legacy() -> esmx_build::import_map::ComposeInput {
    let shared: Vec<String> = ["vue", "vue2", "vuex", "store"].map(str::to_owned).to_vec();
    let exports: serde_json::Map<String, Value> = shared
        .iter()
        .map(|name| {
            (
                name.clone(),
                export(&format!("shared/{name}"), &format!("{name}.s.final.mjs")),
            )
        })
        .collect();
    client(vec![
        module(&json!({
            "name": "old",
            "scopes": {
                "": { "vue": "shared/vue", "vuex": "shared/vuex", "only": "shared/store" },
                "src/legacy/": { "vue": "shared/vue2", "gone": "shared/vue" },
                "src/legacy/deep/": { "vuex": "https://cdn.example/vuex.js", "gone": "nobody/gone" },
                "src/legacy/deep/page": { "only": "shared/vue" },
                "lodash": { "vue": "shared/vue2" },
                "no-such-export": { "vue": "shared/store" }
            },
            "exports": {
                "src/legacy/deep/page": export("old/src/legacy/deep/page", "src/legacy/deep/page.1.final.mjs"),
                "src/legacy/list": export("old/src/legacy/list", "src/legacy/list.2.final.mjs"),
                "src/legacy": export("old/src/legacy", "src/legacy.3.final.mjs"),
                "lodash": { "pkg": true, "file": "lodash.4.final.mjs", "identifier": "old/lodash" },
                "home": export("old/home", "home.5.final.mjs")
            },
            "chunks": {
                "old@a": { "js": "src/legacy/deep/page.1.final.mjs" }, "old@b": { "js": "src/legacy/list.2.final.mjs" },
                "old@c": { "js": "chunks/split.6.final.mjs" }, "old@d": { "js": "src/legacy/split.7.final.mjs" },
                "old@e": { "js": "lodash.4.final.mjs" }
            }
        })),
        module(&json!({ "name": "shared", "exports": exports })),
    ])
}

const VUE: &str = "/shared/vue.s.final.mjs";
const VUE2: &str = "/shared/vue2.s.final.mjs";
const VUEX: &str = "/shared/vuex.s.final.mjs";
const STORE: &str = "/shared/store.s.final.mjs";
const CDN: &str = "https://cdn.example/vuex.js";

#[test]
fn legacy_scopes_apply_to_directories_and_to_exact_files() {
    let map = compose_verified(&legacy()).map;
    let table: &[(&str, [&str; 3])] = &[
        ("/old/home.5.final.mjs", [VUE, VUEX, STORE]),
        ("/old/src/legacy.3.final.mjs", [VUE, VUEX, STORE]),
        ("/old/src/legacy/list.2.final.mjs", [VUE2, VUEX, STORE]),
        ("/old/src/legacy/deep/page.1.final.mjs", [VUE2, CDN, VUE]),
        ("/old/src/legacy/deep/page.1.final.mjs.map", [VUE2, CDN, STORE]),
        // Pitfall (b): files that are neither exports nor chunks.
        ("/old/src/legacy/worker.mjs", [VUE2, VUEX, STORE]),
        ("/old/src/legacy/deep/worker.mjs", [VUE2, CDN, STORE]),
        ("/old/any/thing.mjs", [VUE, VUEX, STORE]),
        // Pitfall (d): a file that is in `chunks` keeps its deeper scope.
        ("/old/src/legacy/split.7.final.mjs", [VUE2, VUEX, STORE]),
        ("/old/chunks/split.6.final.mjs", [VUE, VUEX, STORE]),
        // Pitfall: a scope named after a package applies to that export's file, once.
        ("/old/lodash.4.final.mjs", [VUE2, VUEX, STORE]),
        ("/old/lodash/x.mjs", [VUE, VUEX, STORE]),
    ];
    for (file, [vue, vuex, only]) in table {
        expect(&map, file, &[("vue", vue), ("vuex", vuex), ("only", only)]);
    }
    assert!(!map.to_json().contains("/old/old/"));
}

#[test]
fn an_inner_wiring_to_nobody_hides_the_outer_one() {
    let map = compose_verified(&legacy()).map;
    expect(&map, "/old/src/legacy/x.mjs", &[("gone", VUE)]);
    expect_unresolvable(&map, "/old/src/legacy/deep/x.mjs", &["gone"]);
    expect_unresolvable(&map, "/old/home.5.final.mjs", &["gone"]);
}

#[test]
fn legacy_scopes_are_right_under_a_base_and_on_the_server() {
    let mut input = legacy();
    input.base = "/shop".to_owned();
    let map = compose_verified(&input).map;
    let vue2 = format!("/shop{VUE2}");
    expect(&map, "/shop/old/src/legacy/x.mjs", &[("vue", &vue2)]);
    expect(&map, "/shop/old/lodash.4.final.mjs", &[("vue", &vue2)]);

    let map = compose_verified(&server(legacy())).map;
    let vue2 = "file:///w/shared/dist/server/vue2.s.final.mjs";
    expect(
        &map,
        "file:///w/old/dist/server/src/legacy/x.mjs",
        &[("vue", vue2)],
    );
    expect(
        &map,
        "file:///w/old/dist/server/lodash.4.final.mjs",
        &[("vue", vue2)],
    );
}

#[test]
fn elections_reach_into_legacy_scopes_and_losers_are_no_scope_keys() {
    let mut input = legacy();
    let winner =
        module(&json!({ "name": "new", "exports": { "lodash": export("new/lodash", "lodash.w.mjs") } }));
    input.modules.push(winner);
    input.modules[0].manifest.scopes["src/legacy/"].insert("_".to_owned(), "old/lodash".to_owned());
    let input = with_rewires(input, &[("old/lodash", "new/lodash")]);
    let map = compose_verified(&input).map;
    expect(&map, "/old/src/legacy/deep/x.mjs", &[("_", "/new/lodash.w.mjs")]);
    assert!(!map.to_json().contains("lodash.4"));
}
