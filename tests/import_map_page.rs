//! Preloads, stylesheets and the document of a composition.

mod import_map_support;

use esmx_build::import_map::{
    ComposeInput, ImportMap, ImportMapDelivery, LinkedFile, Page, Preload, StaticImports, collect_preloads,
    compose, script_file,
};
use import_map_support::{client, module, with_rewires};
use serde_json::{Value, json};

fn export(identifier: &str, file: &str) -> Value {
    json!({ "file": file, "identifier": identifier })
}

/// A host that uses `app`; `app` and `base` both provide vue, and `base` lost.
fn workspace() -> ComposeInput {
    let input = client(vec![
        module(&json!({
            "name": "host", "scopes": { "": { "vue": "app/vue" } },
            "exports": { "src/entry.client": export("host/src/entry.client", "src/entry.client.h.mjs") },
            "chunks": {
                "host@src/entry.client.ts": { "js": "src/entry.client.h.mjs", "css": ["reset.css", "layout.css", "host.css"] },
                "host@layout": { "js": "chunks/layout.mjs", "css": ["layout.css", "shared.css"] },
                "host@lazy": { "js": "chunks/lazy.mjs", "css": ["lazy.css"] }
            },
            "integrity": { "src/entry.client.h.mjs": "sha384-entry", "host.css": "sha384-css" }
        })),
        module(&json!({
            "name": "app", "scopes": { "": { "vue": "app/vue" } },
            "exports": { "routes": export("app/routes", "routes.mjs"), "vue": export("app/vue", "vue.mjs") },
            "provides": { "vue": { "version": "3.5.0", "chunks": ["vue.mjs"] } },
            "chunks": {
                "app@routes": { "js": "routes.mjs", "css": ["app.css"] },
                "app@vue": { "js": "vue.mjs", "css": [] }
            }
        })),
        module(&json!({
            "name": "base", "scopes": { "": { "vue": "base/vue" } },
            "exports": { "ui": export("base/ui", "ui.mjs"), "vue": export("base/vue", "vue.old.mjs") },
            "provides": { "vue": { "version": "3.4.0", "chunks": ["vue.old.mjs", "chunks/private.mjs", "vue.old.css"] } },
            "chunks": {
                "base@ui": { "js": "ui.mjs", "css": ["vue.old.css", "ui.css"] },
                "base@vue": { "js": "vue.old.mjs", "css": ["vue.old.css"] }
            }
        })),
    ]);
    with_rewires(input, &[("base/vue", "app/vue")])
}

fn imports(lines: &[(&str, &[&str])]) -> StaticImports {
    lines
        .iter()
        .map(|(url, specifiers)| {
            (
                (*url).to_owned(),
                specifiers.iter().map(|s| (*s).to_owned()).collect(),
            )
        })
        .collect()
}

fn workspace_imports(base: &str) -> StaticImports {
    let lines: [(&str, &[&str]); 6] = [
        (
            "/host/src/entry.client.h.mjs",
            &["../chunks/layout.mjs", "app/routes", "vue"],
        ),
        ("/host/chunks/layout.mjs", &["vue", "base/ui", "./layout.mjs"]),
        ("/app/routes.mjs", &["vue", "/host/chunks/layout.mjs"]),
        (
            "/base/ui.mjs",
            &["vue", "./vue.old.mjs", "missing", "https://cdn.example/x.mjs"],
        ),
        ("/base/vue.old.mjs", &["./chunks/private.mjs"]),
        ("/host/chunks/lazy.mjs", &["vue"]),
    ];
    let lines = lines.map(|(url, specifiers)| (format!("{base}{url}"), specifiers));
    // A specifier that is a path names the place where the file is served.
    lines
        .into_iter()
        .map(|(url, specifiers)| {
            let specifiers = specifiers
                .iter()
                .map(|specifier| match specifier.strip_prefix('/') {
                    Some(path) => format!("{base}/{path}"),
                    None => (*specifier).to_owned(),
                });
            (url, specifiers.collect())
        })
        .collect()
}

fn urls(files: &[LinkedFile]) -> Vec<&str> {
    files.iter().map(|file| file.url.as_str()).collect()
}

#[test]
fn preloads_are_what_the_entry_reaches_statically_nearest_first() {
    let input = workspace();
    let composition = compose(&input);
    let preload = collect_preloads(
        &input,
        &composition,
        "host/src/entry.client",
        &workspace_imports(""),
    );
    assert_eq!(
        urls(&preload.modules),
        [
            "/host/src/entry.client.h.mjs",
            "/host/chunks/layout.mjs",
            "/app/routes.mjs",
            "/app/vue.mjs",
            "/base/ui.mjs",
            "https://cdn.example/x.mjs",
        ]
    );
    assert_eq!(preload.modules[0].integrity.as_deref(), Some("sha384-entry"));
    assert_eq!(preload.modules[1].integrity, None);
    assert_eq!(preload.unresolved.len(), 1);
    assert_eq!(preload.unresolved[0].specifier, "missing");
    assert_eq!(preload.unresolved[0].referrer.as_deref(), Some("/base/ui.mjs"));
}

#[test]
fn preloads_keep_the_spelling_of_the_map_under_a_base() {
    for base in ["/shop", "https://cdn.example/v1"] {
        let mut input = workspace();
        input.base = base.to_owned();
        let composition = compose(&input);
        let preload = collect_preloads(
            &input,
            &composition,
            "host/src/entry.client",
            &workspace_imports(base),
        );
        assert_eq!(preload.modules.len(), 6);
        assert_eq!(
            preload.modules[0].url,
            format!("{base}/host/src/entry.client.h.mjs")
        );
        assert_eq!(preload.modules[0].integrity.as_deref(), Some("sha384-entry"));
        assert_eq!(preload.modules[1].url, format!("{base}/host/chunks/layout.mjs"));
        assert_eq!(
            preload.stylesheets.last().unwrap().url,
            format!("{base}/host/host.css")
        );
    }
}

#[test]
fn stylesheets_cascade_from_what_is_imported_to_what_imports() {
    let input = workspace();
    let composition = compose(&input);
    let preload = collect_preloads(
        &input,
        &composition,
        "host/src/entry.client",
        &workspace_imports(""),
    );
    assert_eq!(
        urls(&preload.stylesheets),
        [
            // Other modules first,
            "/base/ui.css",
            "/app/app.css",
            // then what only the layout chunk lists, then the entry's own list in its own order.
            "/host/shared.css",
            "/host/reset.css",
            "/host/layout.css",
            "/host/host.css",
        ]
    );
    assert_eq!(preload.stylesheets[5].integrity.as_deref(), Some("sha384-css"));
}

#[test]
fn an_entry_that_nobody_exports_preloads_nothing() {
    let input = workspace();
    let composition = compose(&input);
    let preload = collect_preloads(&input, &composition, "host/src/other", &imports(&[]));
    assert!(preload.modules.is_empty() && preload.stylesheets.is_empty());
    assert_eq!(preload.unresolved[0].referrer, None);
}

fn page_of<'a>(preload: &'a Preload, import_map: ImportMapDelivery<'a>) -> Page<'a> {
    Page {
        language: "en",
        title: "Shop",
        head: "",
        body: "",
        state: None,
        import_map,
        preload,
        entry: "host/src/entry.client",
    }
}

#[test]
fn the_document_has_its_parts_in_the_order_the_standard_needs() {
    let input = workspace();
    let composition = compose(&input);
    let preload = collect_preloads(
        &input,
        &composition,
        "host/src/entry.client",
        &workspace_imports(""),
    );
    let state = json!({ "user": "</script><!--" });
    let page = Page {
        head: "<meta name=\"color-scheme\" content=\"light dark\">",
        body: "<div id=\"app\"><b>rendered</b></div>\n",
        state: Some(("state", &state)),
        ..page_of(&preload, ImportMapDelivery::Inline(&composition.map))
    };
    let html = page.to_html();
    let positions: Vec<_> = [
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">",
        "<title>Shop</title>",
        "<link rel=\"stylesheet\" href=\"/base/ui.css\">",
        "<link rel=\"stylesheet\" href=\"/host/host.css\" integrity=\"sha384-css\">",
        "<meta name=\"color-scheme\" content=\"light dark\">",
        "</head>\n<body>",
        "<div id=\"app\"><b>rendered</b></div>\n<script",
        "<script type=\"application/json\" id=\"state\">{\"user\":\"\\u003c/script>\\u003c!--\"}</script>",
        "<script type=\"importmap\">{\"imports\":{",
        "<script type=\"module\">import \"host/src/entry.client\";</script>",
        "<link rel=\"modulepreload\" href=\"/host/src/entry.client.h.mjs\" integrity=\"sha384-entry\">",
        "<link rel=\"modulepreload\" href=\"https://cdn.example/x.mjs\" crossorigin=\"anonymous\">",
        "</body>\n</html>\n",
    ]
    .iter()
    .map(|part| {
        html.find(part)
            .unwrap_or_else(|| panic!("{part} is not in\n{html}"))
    })
    .collect();
    assert!(positions.is_sorted(), "{positions:?}\n{html}");
    assert_eq!(html.matches("<script type=\"importmap\"").count(), 1);
}

#[test]
fn nothing_in_a_page_can_end_its_context() {
    let mut composition = compose(&workspace());
    let hostile = "\"></script><script>alert(1)</script>&";
    composition
        .map
        .imports
        .insert(hostile.to_owned(), "/x.mjs".to_owned());
    let link = LinkedFile {
        url: hostile.to_owned(),
        integrity: Some(hostile.to_owned()),
    };
    let preload = Preload {
        modules: vec![link.clone()],
        stylesheets: vec![link],
        unresolved: vec![],
    };
    let state = json!(hostile);
    for import_map in [
        ImportMapDelivery::Inline(&composition.map),
        ImportMapDelivery::Script {
            src: hostile,
            base: hostile,
        },
    ] {
        let page = Page {
            language: hostile,
            title: hostile,
            state: Some((hostile, &state)),
            entry: hostile,
            ..page_of(&preload, import_map)
        };
        let html = page.to_html();
        assert!(!html.contains("<script>"), "{html}");
        assert!(!html.contains("\"\">") && !html.contains("=\"\""), "{html}");
        assert!(
            html.contains("&quot;&gt;&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;"),
            "{html}"
        );
        assert_eq!(html.matches("</script>").count(), 3, "{html}");
    }
}

#[test]
fn the_map_as_a_script_is_named_after_its_content() {
    let composition = compose(&workspace());
    let script = script_file(&composition.map);
    let hash = script
        .file
        .strip_prefix("importmap/")
        .unwrap()
        .strip_suffix(".final.mjs")
        .unwrap();
    assert_eq!(hash.len(), 12);
    assert!(
        hash.bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    );
    assert_eq!(script, script_file(&composition.map));
    assert!(script.content.contains(&composition.map.to_compact_json()));
    let other = script_file(&ImportMap::default());
    assert_ne!(script.file, other.file);

    let preload = Preload::default();
    let src = format!("/host/{}", script.file);
    let html = page_of(
        &preload,
        ImportMapDelivery::Script {
            src: &src,
            base: "/shop",
        },
    )
    .to_html();
    let tag = format!("<script src=\"{src}\" data-base=\"/shop\"></script>\n<script type=\"module\">");
    assert!(html.contains(&tag), "{html}");
}
