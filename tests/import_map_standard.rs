//! The HTML standard's import-map algorithms, situation by situation.

use esmx_build::import_map::{
    NormalizedImportMap, ParseError, ParseWarning, ResolveError, parse_import_map_string,
    resolve_module_specifier,
};
use serde_json::{Value, json};
use url::Url;

const DOCUMENT: &str = "https://example.com/app/index.html";

fn parse_url(text: &str) -> Url {
    Url::parse(text).expect("the test writes a URL")
}

/// The map and its warnings, which are ordered here because `json!` may not keep the order of keys.
fn parse_at(base: &str, map: &Value) -> (NormalizedImportMap, Vec<ParseWarning>) {
    let parsed =
        parse_import_map_string(&map.to_string(), &parse_url(base)).expect("the text is an import map");
    (parsed.map, ordered(parsed.warnings))
}

fn ordered(mut warnings: Vec<ParseWarning>) -> Vec<ParseWarning> {
    warnings.sort_by_key(ToString::to_string);
    warnings
}

fn parse(map: &Value) -> (NormalizedImportMap, Vec<ParseWarning>) {
    parse_at(DOCUMENT, map)
}

fn failure(text: &str) -> ParseError {
    parse_import_map_string(text, &parse_url(DOCUMENT)).expect_err("the text is no import map")
}

/// The URL, or a word for the kind of error.
fn resolve_from(map: &NormalizedImportMap, specifier: &str, referrer: &str) -> String {
    match resolve_module_specifier(map, specifier, &parse_url(referrer)) {
        Ok(url) => url.into(),
        Err(ResolveError::BlockedByNull { .. }) => "null".to_owned(),
        Err(ResolveError::NotAUrlBelowPrefix { .. }) => "not a URL".to_owned(),
        Err(ResolveError::Backtracking { .. }) => "backtracking".to_owned(),
        Err(ResolveError::NotMapped { .. }) => "not mapped".to_owned(),
    }
}

#[track_caller]
fn expect_all(map: &Value, referrer: &str, cases: &[(&str, &str)]) {
    let (map, _) = parse(map);
    for (specifier, expected) in cases {
        assert_eq!(
            resolve_from(&map, specifier, referrer),
            *expected,
            "{specifier} from {referrer}"
        );
    }
}

const SCRIPT: &str = "https://example.com/js/app.mjs";

// ---- parsing -----------------------------------------------------------------------------------------------

#[test]
fn the_text_has_to_be_an_object_of_objects() {
    assert!(matches!(failure("{"), ParseError::NotJson(_)));
    assert!(matches!(failure("{} x"), ParseError::NotJson(_)));
    assert!(matches!(failure(""), ParseError::NotJson(_)));
    for text in ["[]", "null", "1", "true", "\"imports\""] {
        assert_eq!(failure(text), ParseError::TopLevelNotAnObject, "{text}");
    }
    for member in ["imports", "scopes", "integrity"] {
        for value in ["[]", "null", "1", "\"x\"", "false"] {
            let text = format!("{{\"{member}\":{value}}}");
            assert_eq!(failure(&text), ParseError::MemberNotAnObject(member), "{text}");
        }
    }
    for value in ["[]", "null", "\"x\""] {
        let text = format!("{{\"scopes\":{{\"/s/\":{value}}}}}");
        assert_eq!(
            failure(&text),
            ParseError::ScopeNotAnObject("/s/".to_owned()),
            "{text}"
        );
    }
}

#[test]
fn every_member_may_be_missing_or_empty() {
    for map in [json!({}), json!({ "imports": {}, "scopes": {}, "integrity": {} })] {
        assert_eq!(parse(&map), (NormalizedImportMap::default(), vec![]));
    }
}

#[test]
fn unknown_top_level_keys_are_reported_and_ignored() {
    let (map, warnings) = parse(&json!({ "import": {}, "imports": { "a": "/a" }, "default": 1 }));
    assert_eq!(map.imports.len(), 1);
    assert_eq!(
        warnings,
        ordered(vec![
            ParseWarning::UnknownTopLevelKey("default".to_owned()),
            ParseWarning::UnknownTopLevelKey("import".to_owned())
        ])
    );
}

#[test]
fn specifier_keys_are_normalised_when_they_are_url_like() {
    let (map, warnings) = parse(&json!({ "imports": {
        "bare": "/1", "bare/sub": "/1", "@scope/pkg": "/1",
        "/root": "/1", "./here": "/1", "../up": "/1", "../../../far": "/1", "//other.example/x": "/1",
        "https://EXAMPLE.com:443/%41/../b": "/1", "https:rel": "/1", "data:text/javascript,": "/1",
        "node:fs": "/1", ".hidden": "/1", "..": "/1", ".": "/1", "%2E/x": "/1", "a b": "/1", "?q": "/1", "#f": "/1"
    }}));
    assert_eq!(warnings, []);
    let mut keys: Vec<_> = map.imports.iter().map(|(key, _)| key).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "#f",
            "%2E/x",
            ".",
            "..",
            ".hidden",
            "?q",
            "@scope/pkg",
            "a b",
            "bare",
            "bare/sub",
            "data:text/javascript,",
            "https://example.com/app/here",
            "https://example.com/b",
            "https://example.com/far",
            "https://example.com/root",
            "https://example.com/up",
            "https://other.example/x",
            "https://rel/",
            "node:fs",
        ]
    );
}

#[test]
fn an_empty_specifier_key_is_dropped() {
    let (map, warnings) = parse(&json!({ "imports": { "": "/a" } }));
    assert!(map.imports.is_empty());
    assert_eq!(warnings, ordered(vec![ParseWarning::EmptySpecifierKey]));
}

#[test]
fn of_two_keys_for_one_url_the_later_one_wins() {
    let text = r#"{"imports":{"./x":"/first","/app/x":"/second","https://example.com/app/x":"/third","./x":"/last"}}"#;
    let parsed = parse_import_map_string(text, &parse_url(DOCUMENT)).unwrap();
    // JSON keeps the place of the first `./x` and the value of the last, so the third key is the later one.
    assert_eq!(
        resolve_from(&parsed.map, "/app/x", SCRIPT),
        "https://example.com/third"
    );
}

#[test]
fn addresses_that_are_no_urls_block_their_keys() {
    let (map, warnings) = parse(&json!({ "imports": {
        "a": "bare", "b": "", "c": null, "d": 1, "e": {}, "f": [], "g": "https://:bad", "h": "@/x", "i": "a:b", "j": "/ok"
    }}));
    let blocked: Vec<_> = map
        .imports
        .iter()
        .filter(|(_, address)| address.is_none())
        .map(|(key, _)| key)
        .collect();
    assert_eq!(blocked, ["h", "g", "f", "e", "d", "c", "b", "a"]);
    let count = |matches: fn(&ParseWarning) -> bool| warnings.iter().filter(|w| matches(w)).count();
    assert_eq!(
        count(|warning| matches!(warning, ParseWarning::AddressNotAString(_))),
        4
    );
    assert_eq!(
        count(|warning| matches!(warning, ParseWarning::AddressNotAUrl { .. })),
        4
    );
    assert_eq!(map.imports.get("i").unwrap().unwrap().as_str(), "a:b");
}

#[test]
fn a_key_with_a_final_slash_needs_an_address_with_one() {
    let (map, warnings) = parse(&json!({ "imports": {
        "bad/": "/lib", "query/": "/lib/?x=/y", "fragment/": "/lib#/", "good/": "/lib/", "https://cdn.example/": "/cdn", "blob/": "blob:x/"
    }}));
    let blocked: Vec<_> = map
        .imports
        .iter()
        .filter(|(_, address)| address.is_none())
        .map(|(key, _)| key)
        .collect();
    assert_eq!(blocked, ["query/", "https://cdn.example/", "bad/"]);
    assert_eq!(warnings.len(), 3);
    // The rule looks at the serialization, so a slash at the end of a fragment satisfies it.
    assert!(map.imports.get("fragment/").unwrap().is_some());
}

#[test]
fn a_base_that_cannot_be_a_base_makes_relative_text_fail() {
    let text = json!({
        "imports": { "a": "/a", "./b": "https://example.com/b", "c": "https://example.com/c" },
        "scopes": { "/s/": {}, "https://example.com/s/": {} },
        "integrity": { "./x": "sha384-x", "https://example.com/y": "sha384-y" }
    });
    let (map, warnings) = parse_at("data:text/html,", &text);
    assert_eq!(map.imports.len(), 3);
    assert_eq!(map.imports.get("a"), Some(None));
    // `./b` is no URL here, so the key stays the text it is.
    assert!(map.imports.get("./b").unwrap().is_some());
    assert_eq!(map.scopes.len(), 1);
    assert_eq!(
        map.integrity.keys().collect::<Vec<_>>(),
        ["https://example.com/y"]
    );
    assert_eq!(
        warnings,
        ordered(vec![
            ParseWarning::AddressNotAUrl {
                key: "a".to_owned(),
                address: "/a".to_owned()
            },
            ParseWarning::ScopePrefixNotAUrl("/s/".to_owned()),
            ParseWarning::IntegrityKeyNotAUrl("./x".to_owned()),
        ])
    );
}

#[test]
fn scope_prefixes_are_any_urls_and_sorted_most_specific_first() {
    let (map, warnings) = parse(&json!({ "scopes": {
        "": {}, "bare/": {}, "/js/": {}, "/js/deep/": {}, "/js/deep": {}, "https://other.example/": {}, "https://:bad": {}
    }}));
    let prefixes: Vec<_> = map.scopes.keys().map(String::as_str).collect();
    assert_eq!(
        prefixes,
        [
            "https://other.example/",
            "https://example.com/js/deep/",
            "https://example.com/js/deep",
            "https://example.com/js/",
            "https://example.com/app/index.html",
            "https://example.com/app/bare/",
        ]
    );
    assert_eq!(
        warnings,
        ordered(vec![ParseWarning::ScopePrefixNotAUrl("https://:bad".to_owned())])
    );
}

#[test]
fn integrity_is_kept_by_url() {
    let (map, warnings) = parse(&json!({ "integrity": {
        "/a.mjs": "sha384-a", "./b.mjs": "sha384-b", "https://cdn.example/c.mjs": "", "bare": "sha384-d", "/e.mjs": 1
    }}));
    let of = |url: &str| map.integrity_of(&parse_url(url)).to_owned();
    assert_eq!(of("https://example.com/a.mjs"), "sha384-a");
    assert_eq!(of("https://example.com/app/b.mjs"), "sha384-b");
    assert_eq!(of("https://example.com/e.mjs"), "");
    assert_eq!(map.integrity.len(), 3);
    assert_eq!(
        warnings,
        ordered(vec![
            ParseWarning::IntegrityKeyNotAUrl("bare".to_owned()),
            ParseWarning::IntegrityNotAString("/e.mjs".to_owned())
        ])
    );
}

// ---- resolving ---------------------------------------------------------------------------------------------

#[test]
fn without_a_map_only_urls_resolve() {
    expect_all(
        &json!({}),
        SCRIPT,
        &[
            ("./x.mjs", "https://example.com/js/x.mjs"),
            ("../x.mjs", "https://example.com/x.mjs"),
            ("../../../x.mjs", "https://example.com/x.mjs"),
            ("/x.mjs", "https://example.com/x.mjs"),
            ("//other.example/x.mjs", "https://other.example/x.mjs"),
            ("https://other.example", "https://other.example/"),
            ("https:x.mjs", "https://x.mjs/"),
            ("node:fs", "node:fs"),
            ("data:text/javascript,1", "data:text/javascript,1"),
            ("./", "https://example.com/js/"),
            (".", "not mapped"),
            ("..", "not mapped"),
            (".\\x", "not mapped"),
            ("~/x", "not mapped"),
            ("", "not mapped"),
            ("vue", "not mapped"),
            ("@scope/pkg", "not mapped"),
            ("%2E/x", "not mapped"),
            ("https://f:b/c", "not mapped"),
            ("https://a b", "not mapped"),
        ],
    );
}

#[test]
fn relative_specifiers_fail_without_a_base_that_can_be_a_base() {
    let (map, _) = parse(&json!({ "imports": { "/x": "/mapped" } }));
    assert_eq!(resolve_from(&map, "./x", "data:text/javascript,1"), "not mapped");
    assert_eq!(
        resolve_from(&map, "https://example.com/x", "data:,1"),
        "https://example.com/mapped"
    );
    assert_eq!(
        resolve_from(&map, "/x", "blob:https://example.com/1"),
        "not mapped"
    );
}

#[test]
fn bare_specifiers_match_exactly_or_below_a_slash_key() {
    expect_all(
        &json!({ "imports": {
            "moment": "/m/moment.js", "moment/": "/m/src/", "moment/locale/": "/m/locale/", "moment/locale/de": "/m/de.js",
            "lodash-dot": "./lodash.mjs", "%2E/a": "/escaped.mjs"
        }}),
        SCRIPT,
        &[
            ("moment", "https://example.com/m/moment.js"),
            ("moment/", "https://example.com/m/src/"),
            ("moment/x.js", "https://example.com/m/src/x.js"),
            ("moment/x/y?z#f", "https://example.com/m/src/x/y?z#f"),
            ("moment/locale/fr", "https://example.com/m/locale/fr"),
            ("moment/locale/de", "https://example.com/m/de.js"),
            ("moment/locale", "https://example.com/m/src/locale"),
            ("momentum", "not mapped"),
            ("Moment", "not mapped"),
            ("lodash-dot", "https://example.com/app/lodash.mjs"),
            ("lodash-dot/x", "not mapped"),
            ("%2E/a", "https://example.com/escaped.mjs"),
        ],
    );
}

#[test]
fn url_like_specifiers_match_by_their_serialization() {
    expect_all(
        &json!({ "imports": {
            "/lib/foo.mjs": "./more/bar.mjs", "./dotted/": "/d/", "https://CDN.example:443/x": "/cdn.mjs", "/": "/everything/",
            "/js/self.mjs": "/js/self.mjs"
        }}),
        SCRIPT,
        &[
            ("/lib/foo.mjs", "https://example.com/app/more/bar.mjs"),
            ("../lib/foo.mjs", "https://example.com/app/more/bar.mjs"),
            (
                "https://example.com/lib/./foo.mjs",
                "https://example.com/app/more/bar.mjs",
            ),
            ("/app/dotted/x", "https://example.com/d/x"),
            ("https://cdn.example/x", "https://example.com/cdn.mjs"),
            ("/lib/other.mjs", "https://example.com/everything/lib/other.mjs"),
            ("./self.mjs", "https://example.com/js/self.mjs"),
            (
                "https://example.com:8080/lib/foo.mjs",
                "https://example.com:8080/lib/foo.mjs",
            ),
            ("https://example.com", "https://example.com/everything/"),
        ],
    );
}

#[test]
fn only_special_urls_match_by_prefix() {
    expect_all(
        &json!({ "imports": {
            "data:text/": "/no/", "node:fs/": "/no/", "app:fs/": "/no/", "data:text/javascript,1": "/exact", "file:///lib/": "/file/",
            "ws://x/": "/ws/"
        }}),
        SCRIPT,
        &[
            ("data:text/plain", "data:text/plain"),
            ("data:text/javascript,1", "https://example.com/exact"),
            ("node:fs/promises", "node:fs/promises"),
            ("app:fs/x", "app:fs/x"),
            ("file:///lib/x", "https://example.com/file/x"),
            ("ws://x/y", "https://example.com/ws/y"),
        ],
    );
}

#[test]
fn what_follows_a_prefix_may_not_climb_out() {
    expect_all(
        &json!({ "imports": {
            "mod/": "/a/b/", "mod2/": "data:text/", "/app/up/": "/a/b/", "q/": "/q/#/", "cdn/": "https://cdn.example/p/"
        }}),
        SCRIPT,
        &[
            ("mod/../b/x", "https://example.com/a/b/x"),
            ("mod/../x", "backtracking"),
            ("mod/../../x", "backtracking"),
            ("mod/%2E%2E/x", "backtracking"),
            ("mod//x", "backtracking"),
            ("mod//other.example/x", "backtracking"),
            ("mod/https://other.example/", "backtracking"),
            ("mod/https://example.com/a/b/c", "https://example.com/a/b/c"),
            ("mod/\\x", "backtracking"),
            ("mod/./x", "https://example.com/a/b/x"),
            ("mod2/x", "not a URL"),
            // A URL is normalised before it is matched, so this one never was below `/app/up/`.
            ("/app/up/../x", "https://example.com/app/x"),
            ("cdn/../p2/x", "backtracking"),
            ("q/x", "backtracking"),
        ],
    );
}

#[test]
fn null_entries_block_and_nothing_falls_through_them() {
    let map = json!({
        "imports": { "a": null, "b/": null, "b/c": "/c", "d": "/d", "e/": "/e/", "e/f/": null, "/url": null, "/dir/": "bare" },
        "scopes": { "/js/": { "d": null, "e/": null, "g": "/g" }, "/js/sub/": { "g": null } }
    });
    expect_all(
        &map,
        "https://example.com/other.mjs",
        &[
            ("a", "null"),
            ("b/x", "null"),
            ("b/c", "https://example.com/c"),
            ("d", "https://example.com/d"),
            ("e/x", "https://example.com/e/x"),
            ("e/f/x", "null"),
            ("/url", "null"),
            ("/dir/x", "null"),
            ("/dir", "https://example.com/dir"),
        ],
    );
    expect_all(
        &map,
        SCRIPT,
        &[("d", "null"), ("e/f/x", "null"), ("g", "https://example.com/g")],
    );
    expect_all(
        &map,
        "https://example.com/js/sub/x.mjs",
        &[("g", "null"), ("d", "null")],
    );
}

#[test]
fn scopes_apply_from_the_most_specific_and_fall_back() {
    let map = json!({
        "imports": { "a": "/a-0", "b": "/b-0", "c": "/c-0", "d/": "/d-0/", "d/x": "/d-0-x" },
        "scopes": {
            "/js/": { "a": "/a-1", "b": "/b-1", "d/": "/d-1/" },
            "/js/deep/": { "a": "/a-2" },
            "/js/deep/file.mjs": { "a": "/a-3" },
            "/js/no-slash": { "a": "/a-4" }
        }
    });
    let cases: &[(&str, [&str; 3])] = &[
        ("https://example.com/x.mjs", ["a-0", "b-0", "c-0"]),
        ("https://example.com/js", ["a-0", "b-0", "c-0"]),
        ("https://example.com/js/", ["a-1", "b-1", "c-0"]),
        ("https://example.com/js/x.mjs", ["a-1", "b-1", "c-0"]),
        ("https://example.com/js/deep/x.mjs", ["a-2", "b-1", "c-0"]),
        ("https://example.com/js/deep/file.mjs", ["a-3", "b-1", "c-0"]),
        ("https://example.com/js/deep/file.mjs?v", ["a-2", "b-1", "c-0"]),
        ("https://example.com/js/no-slash", ["a-4", "b-1", "c-0"]),
        ("https://example.com/js/no-slash/x", ["a-1", "b-1", "c-0"]),
        ("https://example.com/js-other/x.mjs", ["a-0", "b-0", "c-0"]),
        ("https://other.example/js/x.mjs", ["a-0", "b-0", "c-0"]),
        ("data:text/javascript,1", ["a-0", "b-0", "c-0"]),
    ];
    for (referrer, results) in cases {
        let expected = results.map(|path| format!("https://example.com/{path}"));
        let (a, b, c) = (expected[0].as_str(), expected[1].as_str(), expected[2].as_str());
        expect_all(&map, referrer, &[("a", a), ("b", b), ("c", c)]);
    }
    // A prefix match in a scope beats an exact match outside it.
    expect_all(&map, SCRIPT, &[("d/x", "https://example.com/d-1/x")]);
}

#[test]
fn specificity_of_keys_is_length_and_not_order_of_writing() {
    let text = r#"{"imports":{"p/":"/1/","p/q/r/":"/3/","p/q/":"/2/","p/q":"/4"}}"#;
    let parsed = parse_import_map_string(text, &parse_url(DOCUMENT)).unwrap();
    for (specifier, expected) in [("p/x", "1/x"), ("p/q/x", "2/x"), ("p/q/r/x", "3/x"), ("p/q", "4")] {
        assert_eq!(
            resolve_from(&parsed.map, specifier, SCRIPT),
            format!("https://example.com/{expected}")
        );
    }
}

#[test]
fn file_urls_work_like_other_special_urls() {
    let (map, warnings) = parse_at(
        "file:///",
        &json!({
            "imports": { "m/x": "file:///w/m/dist/server/x.mjs" },
            "scopes": { "file:///w/m%20n/dist/server/": { "vue": "file:///w/s/dist/server/vue.mjs" } }
        }),
    );
    assert_eq!(warnings, []);
    assert_eq!(
        resolve_from(&map, "m/x", "file:///anything"),
        "file:///w/m/dist/server/x.mjs"
    );
    let referrer = "file:///w/m%20n/dist/server/chunks/c.mjs";
    assert_eq!(
        resolve_from(&map, "vue", referrer),
        "file:///w/s/dist/server/vue.mjs"
    );
    assert_eq!(
        resolve_from(&map, "vue", "file:///w/m/dist/server/c.mjs"),
        "not mapped"
    );
    assert_eq!(resolve_from(&map, "node:fs", referrer), "node:fs");
}
