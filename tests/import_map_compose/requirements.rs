//! §11.2, requirement by requirement.

use esmx_build::import_map::{compose, verify};
use serde_json::json;

use super::example::vue_workspace;
use super::export;
use super::import_map_support::{
    client, compose_verified, expect, expect_unresolvable, module, report, with_rewires,
};

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
