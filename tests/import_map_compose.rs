//! PROTOCOL §11: composing import maps, by example.

mod import_map_support;

use esmx_build::diagnostic::Code;
use esmx_build::import_map::{ImportMap, compose, rewires_from_manifests, verify};
use import_map_support::{
    client, compose_verified, expect, expect_unresolvable, module, report, resolve, server, with_rewires,
};
use serde_json::{Value, json};

/// An `exports` entry.
fn export(identifier: &str, file: &str) -> Value {
    json!({ "file": file, "identifier": identifier })
}

// ---- §11.6, the Vue 2 / Vue 3 example ----------------------------------------------------------------------

fn vue_workspace() -> esmx_build::import_map::ComposeInput {
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

// ---- Appendix B, an election -------------------------------------------------------------------------------

fn election() -> esmx_build::import_map::ComposeInput {
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

// ---- elections from manifests alone ------------------------------------------------------------------------

/// `name uses… | provides…`, a provide being `public=identity@version`.
fn closure(lines: &[&str]) -> Vec<(String, String)> {
    let modules: Vec<_> = lines
        .iter()
        .map(|line| {
            let (head, provides) = line
                .split_once('|')
                .expect("the test writes `name uses… | public=identity@version…`");
            let mut words = head.split_whitespace();
            let name = words
                .next()
                .expect("the test writes `name uses… | public=identity@version…`");
            let provides: serde_json::Map<String, Value> = provides
                .split_whitespace()
                .map(|provide| {
                    let (public, rest) = provide
                        .split_once('=')
                        .expect("the test writes `name uses… | public=identity@version…`");
                    let (identity, version) = rest
                        .rsplit_once('@')
                        .expect("the test writes `name uses… | public=identity@version…`");
                    (
                        public.to_owned(),
                        json!({ "version": version, "package": identity, "chunks": [] }),
                    )
                })
                .collect();
            module(&json!({ "name": name, "uses": words.collect::<Vec<_>>(), "provides": provides }))
        })
        .collect();
    rewires_from_manifests("app", &modules).into_iter().collect()
}

#[track_caller]
fn expect_rewires(lines: &[&str], expected: &[(&str, &str)]) {
    let actual = closure(lines);
    let actual: Vec<_> = actual
        .iter()
        .map(|(loser, winner)| (loser.as_str(), winner.as_str()))
        .collect();
    assert_eq!(actual, expected, "{lines:?}");
}

#[test]
fn elections_follow_the_merge_rule() {
    let a_b = ["app a b |", "a | vue=vue@3.4.0", "b | vue=vue@3.3.0"];
    expect_rewires(&a_b, &[("a/vue", "b/vue")]);
    expect_rewires(&["app b a |", a_b[1], a_b[2]], &[("b/vue", "a/vue")]);
    expect_rewires(
        &["app a | vue=vue@3.4.0", "a | vue=vue@3.5.0"],
        &[("a/vue", "app/vue")],
    );
    let base = "base | vue=vue@3.4.0";
    let spec = "spec base | vue=vue@3.5.0";
    expect_rewires(&["app spec |", spec, base], &[("base/vue", "spec/vue")]);
    expect_rewires(&["app spec base |", spec, base], &[("spec/vue", "base/vue")]);
    expect_rewires(
        &["app spec r |", spec, "r base |", base],
        &[("spec/vue", "base/vue")],
    );
    expect_rewires(
        &["app r spec |", spec, "r base |", base],
        &[("base/vue", "spec/vue")],
    );
    expect_rewires(&["app l r |", "l base |", "r base |", base], &[]);
    expect_rewires(
        &["app a b a |", a_b[1], "b | vue=vue@3.5.0"],
        &[("b/vue", "a/vue")],
    );
}

#[test]
fn elections_are_per_identity_and_major() {
    expect_rewires(&["app a b |", "a | vue=vue@2.7.0", "b | vue=vue@3.5.0"], &[]);
    expect_rewires(
        &["app a b |", "a | vue2=vue@2.7.0", "b | vue=vue@2.6.0"],
        &[("a/vue2", "b/vue")],
    );
    expect_rewires(
        &["app a b |", "a | x=axios@0.21.0", "b | x=axios@0.27.0"],
        &[("a/x", "b/x")],
    );
    expect_rewires(&["app a b |", "a | x=x@0.0.0", "b | x=x@1.0.0"], &[]);
    expect_rewires(
        &["app a b |", "a | x=x@0.0.0", "b | x=x@weird"],
        &[("a/x", "b/x")],
    );
    expect_rewires(
        &["app a b |", "a | x/sub=x/sub@1.0.0 x=x@1.0.0", "b | x=x@1.2.0"],
        &[("a/x", "b/x")],
    );
}

#[test]
fn a_second_name_for_one_group_is_an_island() {
    let a = "a | vue34=vue@3.4.0 vue=vue@3.5.0";
    expect_rewires(&["app a b |", a, "b | vue=vue@3.3.0"], &[("a/vue", "b/vue")]);
    expect_rewires(
        &["app a b |", a, "b | vue=vue@3.3.0 vue34=vue@3.4.9"],
        &[("a/vue34", "b/vue34"), ("a/vue", "b/vue")],
    );
    // A package that is really called `vue34` is not that island.
    expect_rewires(&["app a b |", a, "b | vue34=vue34@3.0.0"], &[]);
}

#[test]
fn a_cycle_or_a_missing_module_elects_nothing_it_should_not() {
    expect_rewires(&["app a b |", "a b | x=x@1.0.0", "b a | x=x@1.1.0"], &[]);
    expect_rewires(&["app app a |", "a | x=x@1.0.0"], &[]);
    expect_rewires(
        &[
            "app a gone b |",
            "a | x=x@1.0.0",
            "b | x=x@1.1.0",
            "stray | x=x@1.2.0",
        ],
        &[("a/x", "b/x")],
    );
    expect_rewires(&["other a |", "a | x=x@1.0.0"], &[]);
}

// ---- §11.2, requirement by requirement ---------------------------------------------------------------------

#[test]
fn index_exports_answer_for_their_directory() {
    let map = compose_verified(&client(vec![module(&json!({
        "name": "acme-kit",
        "exports": {
            "index": export("acme-kit/index", "index.1.final.mjs"),
            "ui/index": export("acme-kit/ui/index", "ui/index.2.final.mjs"),
            "form/index": export("acme-kit/form/index", "form/index.3.final.mjs"),
            "form": export("acme-kit/form", "form.4.final.mjs"),
            "reindex": export("acme-kit/reindex", "reindex.5.final.mjs")
        }
    }))]))
    .map;
    expect(
        &map,
        "/x.mjs",
        &[
            ("acme-kit", "/acme-kit/index.1.final.mjs"),
            ("acme-kit/index", "/acme-kit/index.1.final.mjs"),
            ("acme-kit/ui", "/acme-kit/ui/index.2.final.mjs"),
            ("acme-kit/ui/index", "/acme-kit/ui/index.2.final.mjs"),
            ("acme-kit/form", "/acme-kit/form.4.final.mjs"),
            ("acme-kit/form/index", "/acme-kit/form/index.3.final.mjs"),
        ],
    );
    expect_unresolvable(&map, "/x.mjs", &["acme-kit/re", "acme-kit/ui/x", "acme-kit/"]);
}

#[test]
fn an_index_alias_goes_where_the_election_sends_its_identifier() {
    let losing = module(&json!({
        "name": "a", "provides": { "p/index": { "version": "1.0.0", "chunks": [] } },
        "exports": { "p/index": export("a/p/index", "p/index.1.mjs") }
    }));
    let winning =
        module(&json!({ "name": "b", "exports": { "p/index": export("b/p/index", "p/index.2.mjs") } }));
    let input = with_rewires(client(vec![losing, winning]), &[("a/p/index", "b/p/index")]);
    let map = compose_verified(&input).map;
    expect(
        &map,
        "/x.mjs",
        &[("a/p", "/b/p/index.2.mjs"), ("a/p/index", "/b/p/index.2.mjs")],
    );
}

#[test]
fn scoped_modules_and_packages_keep_their_slashes() {
    let map = compose_verified(&client(vec![
        module(&json!({
            "name": "@acme/kit",
            "scopes": { "": { "@esmx/router": "@acme/kit/@esmx/router", "vue": "kit/vue" } },
            "exports": {
                "form/input": export("@acme/kit/form/input", "form/input.1.final.mjs"),
                "@esmx/router": export("@acme/kit/@esmx/router", "@esmx/router.2.final.mjs")
            }
        })),
        module(&json!({
            "name": "kit", "scopes": { "": { "vue": "kit/vue", "@esmx/router": "nobody/router" } },
            "exports": { "vue": export("kit/vue", "vue.3.final.mjs") }
        })),
    ]))
    .map;
    expect(
        &map,
        "/@acme/kit/form/input.1.final.mjs",
        &[
            ("@esmx/router", "/@acme/kit/@esmx/router.2.final.mjs"),
            ("@acme/kit/form/input", "/@acme/kit/form/input.1.final.mjs"),
            ("vue", "/kit/vue.3.final.mjs"),
        ],
    );
    expect_unresolvable(&map, "/kit/x.mjs", &["@esmx/router"]);
}

#[test]
fn a_module_does_not_own_what_only_starts_with_its_name() {
    let wired = |name: &str, to: &str| {
        let (exports, identifier) = (format!("{name}/lib"), format!("{to}/lib"));
        module(&json!({
            "name": name, "scopes": { "": { "lib": identifier } }, "exports": { "lib": export(&exports, "lib.mjs") }
        }))
    };
    let input = client(vec![
        wired("cart", "cart"),
        wired("cart-admin", "cart-admin"),
        wired("@acme/cart", "cart"),
    ]);
    let map = compose_verified(&input).map;
    expect(&map, "/cart/x.mjs", &[("lib", "/cart/lib.mjs")]);
    expect(&map, "/cart-admin/x.mjs", &[("lib", "/cart-admin/lib.mjs")]);
    expect(&map, "/@acme/cart/x.mjs", &[("lib", "/cart/lib.mjs")]);
    expect_unresolvable(&map, "/cart-other/x.mjs", &["lib"]);
    expect_unresolvable(&map, "/other/cart/x.mjs", &["lib"]);
}

#[test]
fn urls_pass_through_and_unknown_identifiers_stay_unresolvable() {
    let input = client(vec![
        module(&json!({
            "name": "m",
            "scopes": { "": {
                "vue": "https://cdn.example/vue.js", "data": "data:text/javascript,export default 1",
                "gone": "nobody/gone", "relative": "./x.mjs", "m/own": "nobody/own", "https://x.example/y.js": "nobody/y",
                "kit": "kit"
            } },
            "exports": { "own": export("m/own", "own.mjs") }
        })),
        module(&json!({ "name": "kit", "exports": { "index": export("kit/index", "index.mjs") } })),
    ]);
    let map = compose_verified(&input).map;
    expect(
        &map,
        "/m/x.mjs",
        &[("vue", "https://cdn.example/vue.js"), ("kit", "/kit/index.mjs")],
    );
    expect(
        &map,
        "/elsewhere.mjs",
        &[
            ("m/own", "/m/own.mjs"),
            ("https://x.example/y.js", "https://x.example/y.js"),
        ],
    );
    expect_unresolvable(
        &map,
        "/m/x.mjs",
        &[
            "gone",
            "relative",
            "m/own",
            "https://x.example/y.js",
            "vue/dist/vue.js",
            "kit/x",
        ],
    );
}

#[test]
fn a_key_that_ends_in_a_slash_is_never_mapped() {
    let input = client(vec![module(&json!({
        "name": "m",
        "scopes": { "": { "vue/": "https://cdn.example/vue/", "vue": "https://cdn.example/vue/index.js" } }
    }))]);
    let map = compose(&input).map;
    expect_unresolvable(&map, "/m/x.mjs", &["vue/", "vue/dist/x.js"]);
    // The wiring asked for something no import map can do, and `verify` says so.
    let diagnostics = verify(&input, &map);
    assert_eq!(diagnostics.len(), 1, "{}", report(&diagnostics));
    assert_eq!(diagnostics[0].package.as_deref(), Some("vue/"));
}

#[test]
fn integrity_keys_are_the_urls_of_the_imports() {
    for base in ["", "/shop", "https://cdn.example/shop"] {
        let mut input = client(vec![module(&json!({
            "name": "@acme/kit",
            "exports": { "ui": export("@acme/kit/ui", "ui [1].mjs") },
            "integrity": { "ui [1].mjs": "sha384-u", "chunks/c.mjs": "sha384-c", "ui.css": "sha384-s" }
        }))]);
        input.base = base.to_owned();
        let map = compose_verified(&input).map;
        assert_eq!(map.integrity[&map.imports["@acme/kit/ui"]], "sha384-u");
        assert_eq!(
            map.integrity[&format!("{base}/@acme/kit/chunks/c.mjs")],
            "sha384-c"
        );
        assert_eq!(map.integrity.len(), 3);
    }
}

#[test]
fn a_base_is_applied_to_values_scope_keys_and_integrity_keys_alike() {
    for (base, prefix) in [("/shop/", "/shop"), ("shop", "/shop"), ("/a/b", "/a/b")] {
        let mut input = vue_workspace();
        input.base = base.to_owned();
        input.modules[1]
            .manifest
            .integrity
            .insert("vue.a1.final.mjs".to_owned(), "sha384-x".to_owned());
        let map = compose_verified(&input).map;
        assert!(
            map.imports.values().all(|url| url.starts_with(prefix)),
            "{}",
            map.to_json()
        );
        assert!(map.scopes.keys().all(|url| url.starts_with(prefix)));
        assert!(map.integrity.keys().all(|url| url.starts_with(prefix)));
        let from = format!("{prefix}/vue2-app/chunks/x.mjs");
        expect(
            &map,
            &from,
            &[("vue", format!("{prefix}/shared/vue2.a2.final.mjs").as_str())],
        );
    }
    let mut input = vue_workspace();
    input.base = "https://cdn.example/v1".to_owned();
    let map = compose_verified(&input).map;
    let vue2 = "https://cdn.example/v1/shared/vue2.a2.final.mjs";
    expect(&map, "https://cdn.example/v1/vue2-app/x.mjs", &[("vue", vue2)]);
    let mut input = vue_workspace();
    input.base = ".".to_owned();
    compose_verified(&input);
}

// ---- legacy scopes and the pitfalls of §11.3 ---------------------------------------------------------------

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

// ---- verify finds what is wrong ----------------------------------------------------------------------------

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
