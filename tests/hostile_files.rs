//! Damaged and hostile files: `package.json`, `manifest.json` and `entry.node.ts` of a closure, mutated thousands of
//! times with a fixed seed, and values that break careless readers in every place. Whatever is in them, linking
//! ends soon, without a panic, and says the same when it is asked again; what it says can be shown.
//!
//! `FUZZ_CASES=100000` tries more, `FUZZ_SEED=7` others.

#[path = "support/split_mix.rs"]
mod split_mix;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use esmx_build::base::MemoryFileSystem;
use esmx_build::diagnostic::{human, json};
use esmx_build::link::{BehaviourFacts, Owners, closure_in_build_order, link};
use esmx_build::protocol::Manifest;
use split_mix::SplitMix64;

type Files = BTreeMap<&'static str, Vec<u8>>;

const ROOT: &str = "/w/app";
/// Far more than any case needs, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A declared application, and a legacy one beside it, that use the same modules.
fn good_files(root: Root) -> Files {
    let (package, behaviour) = match root {
        Root::Declared => (
            r#"{
  "name": "acme-app", "version": "1.0.0", "private": true,
  "dependencies": { "vue": "npm:vue@^3.5.0", "acme-base": "^1.0.0", "axios": ">=1 <2 || 3.x" },
  "peerDependencies": { "react": "^19.0.0 || ^18.2.0" },
  "devDependencies": { "vue": "2.6.0 - 2.7.99" },
  "esmx": {
    "entry": { "client": "./src/entry.client.ts", "server": false },
    "exports": { "./widget": "./src/widget.ts", "./map": { "client": "./src/map.ts", "server": false } },
    "provides": ["axios", "vue/jsx-runtime"],
    "uses": ["acme-base", "@acme/kit", "acme-base"]
  }
}"#,
            "import type { EsmxOptions } from '@esmx/core';\nexport default {\n  modules: { links: { '@acme/kit': '../kit/dist' } },\n  async devApp(esmx) { return import('x').then((m) => m.create(esmx)); }\n} satisfies EsmxOptions;\n",
        ),
        Root::Legacy => (
            r#"{ "name": "acme-old", "version": "0.9.0", "dependencies": { "vue": "^2.7.0" } }"#,
            "export default {\n  modules: {\n    lib: false,\n    links: { 'acme-base': '../node_modules/acme-base/dist' },\n    imports: { vue: 'acme-base/vue2', api: { client: 'acme-base/c', server: 'acme-base/s' } },\n    scopes: { 'pages/': { vue: 'acme-base/vue' } },\n    exports: ['pkg:vue', 'root:src/utils/format.ts', { store: { client: './src/a', server: false } }]\n  }\n};\n",
        ),
    };
    let text = |text: &str| text.as_bytes().to_vec();
    Files::from([
        ("/w/app/package.json", text(package)),
        ("/w/app/entry.node.ts", text(behaviour)),
        ("/w/app/src/widget.ts", Vec::new()),
        (
            "/w/node_modules/acme-base/package.json",
            text(
                r#"{ "name": "acme-base", "version": "1.2.0", "dependencies": { "vue": "^3.5.0", "vue2": "npm:vue@^2.7.0" }, "esmx": { "provides": ["vue", "vue2"], "exports": { "./ui": "./ui.ts" } } }"#,
            ),
        ),
        (
            "/w/node_modules/acme-base/dist/client/manifest.json",
            text(
                r#"{ "protocol": 2, "name": "acme-base", "version": "1.2.0", "exports": { "vue": { "name": "vue", "pkg": true, "file": "vue.mjs", "identifier": "acme-base/vue" } }, "provides": { "vue": { "version": "3.5.0", "package": "vue", "chunks": ["vue.mjs"] }, "vue2": "2.7.16" }, "uses": [], "scopes": { "": { "vue": "acme-base/vue" } }, "files": ["vue.mjs"], "chunks": {}, "integrity": {} }"#,
            ),
        ),
        (
            "/w/node_modules/acme-base/dist/server/manifest.json",
            text(r#"{ "protocol": 2, "name": "acme-base" }"#),
        ),
        (
            "/w/node_modules/vue/package.json",
            text(r#"{ "name": "vue", "version": "3.5.13" }"#),
        ),
        (
            "/w/node_modules/vue2/package.json",
            text(r#"{ "name": "vue", "version": "2.7.16" }"#),
        ),
        (
            "/w/node_modules/axios/package.json",
            text(r#"{ "name": "axios", "version": "1.7.0" }"#),
        ),
        (
            "/w/kit/package.json",
            text(
                r#"{ "name": "@acme/kit", "version": "2.0.0", "peerDependencies": { "vue": "^3.0.0" }, "esmx": { "uses": ["acme-base"] } }"#,
            ),
        ),
        (
            "/w/kit/dist/client/manifest.json",
            text(r#"{ "protocol": 2, "provides": {} }"#),
        ),
    ])
}

#[derive(Debug, Clone, Copy)]
enum Root {
    Declared,
    Legacy,
}

/// Everything that reading these files says, as one text.
fn told(files: &Files) -> String {
    let mut memory = MemoryFileSystem::default();
    for (path, bytes) in files {
        memory.insert(path, bytes.as_slice());
    }
    let root = Path::new(ROOT);
    let facts = BehaviourFacts::read(&memory, root);
    let mut text = String::new();
    match link(&memory, root, &facts, Owners::Elected) {
        Err(error) => text.push_str(&error.to_string()),
        Ok(linkage) => {
            for diagnostic in &linkage.diagnostics {
                text.push_str(&human::render(diagnostic, root, &human::Palette::PLAIN));
                let record = serde_json::to_string(&json::record(diagnostic, root)).expect("plain data");
                text.push_str(&record);
                assert!(!diagnostic.message.is_empty() && !diagnostic.fix.is_empty());
            }
            let _ = write!(text, "{:?}{:?}", linkage.wiring(), linkage.elections);
        }
    }
    if let Ok(order) = closure_in_build_order(&memory, root, &facts) {
        let _ = write!(text, "{}", order.modules.len());
    }
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with("manifest.json")) {
        if let Ok(manifest) = Manifest::parse(bytes) {
            let again = Manifest::parse(manifest.to_json().as_bytes()).expect("what was written");
            assert!(again == manifest, "{path} changes when it is written");
        }
    }
    text
}

/// Runs every case in a thread of its own, so that one which never ends is told too.
fn survive(cases: impl Iterator<Item = (String, Files)> + Send + 'static) -> usize {
    let (sender, receiver) = channel::<Result<(), String>>();
    let worker = std::thread::spawn(move || {
        let mut count = 0;
        for (name, files) in cases {
            let start = Instant::now();
            // Once is enough where reading takes long.
            let is_small = files.values().map(Vec::len).sum::<usize>() < 50_000;
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                let one = told(&files);
                let other = if is_small { told(&files) } else { one.clone() };
                (one, other)
            }));
            let outcome = match outcome {
                Err(_) => Err(format!("{name}: it panics\n{}", shown(&files))),
                Ok((one, other)) if one != other => {
                    Err(format!("{name}: not the same twice\n{}", shown(&files)))
                }
                Ok(_) if start.elapsed() > PATIENCE => Err(format!("{name}: takes {:?}", start.elapsed())),
                Ok(_) => Ok(()),
            };
            count += 1;
            if sender.send(outcome).is_err() {
                break;
            }
        }
        count
    });
    loop {
        match receiver.recv_timeout(4 * PATIENCE) {
            Ok(Ok(())) => {}
            Ok(Err(failure)) => panic!("{failure}"),
            Err(RecvTimeoutError::Timeout) => panic!("a case does not end"),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    worker.join().expect("the worker told of every panic")
}

fn shown(files: &Files) -> String {
    let mut text = String::new();
    for (path, bytes) in files {
        let content: String = String::from_utf8_lossy(bytes).chars().take(2000).collect();
        let _ = writeln!(text, "--- {path}\n{content}");
    }
    text
}

#[test]
fn damaged_files_are_told_and_not_a_crash() {
    let setting = |name: &str, otherwise: u64| {
        std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
    };
    let mut mutator = Mutator {
        chance: SplitMix64(setting("FUZZ_SEED", 20_261_126)),
    };
    let cases = (0..setting("FUZZ_CASES", 3000)).map(move |number| {
        let root = if number % 3 == 0 {
            Root::Legacy
        } else {
            Root::Declared
        };
        let mut files = good_files(root);
        for _ in 0..=mutator.below(3) {
            mutator.damage_one(&mut files);
        }
        (format!("case {number}"), files)
    });
    assert!(survive(cases) >= 1000);
}

#[test]
fn good_files_are_good() {
    let declared = told(&good_files(Root::Declared));
    assert!(
        declared.contains("E_TARGET_MISSING") && declared.contains("acme-base/vue2"),
        "{declared}"
    );
    let legacy = told(&good_files(Root::Legacy));
    assert!(!legacy.contains("E_"), "{legacy}");
}

/// What stands in the good files and is replaced, file by file.
const PLACES: [(&str, &str); 19] = [
    ("/w/app/package.json", "\"acme-app\""),
    ("/w/app/package.json", "\"1.0.0\""),
    ("/w/app/package.json", "\"npm:vue@^3.5.0\""),
    ("/w/app/package.json", "\"^1.0.0\""),
    (
        "/w/app/package.json",
        "{ \"client\": \"./src/entry.client.ts\", \"server\": false }",
    ),
    ("/w/app/package.json", "\"./src/widget.ts\""),
    ("/w/app/package.json", "\"./widget\""),
    ("/w/app/package.json", "\"axios\", "),
    ("/w/app/package.json", "\"@acme/kit\""),
    ("/w/app/package.json", "[\"axios\", \"vue/jsx-runtime\"]"),
    ("/w/node_modules/acme-base/package.json", "\"acme-base\""),
    ("/w/node_modules/acme-base/package.json", "\"1.2.0\""),
    ("/w/node_modules/vue/package.json", "\"vue\""),
    ("/w/node_modules/vue/package.json", "\"3.5.13\""),
    ("/w/node_modules/acme-base/dist/client/manifest.json", "2,"),
    (
        "/w/node_modules/acme-base/dist/client/manifest.json",
        "\"2.7.16\"",
    ),
    (
        "/w/node_modules/acme-base/dist/client/manifest.json",
        "[\"vue.mjs\"]",
    ),
    ("/w/app/entry.node.ts", "'../kit/dist'"),
    ("/w/app/entry.node.ts", "'@acme/kit'"),
];

/// Each value in each place of `package.json`, the manifest and the behaviour file.
#[test]
fn hostile_values_are_told_and_not_a_crash() {
    let deep = |open: &str, close: &str| open.repeat(30_000) + &close.repeat(30_000);
    let long = format!("\"{}\"", "x".repeat(10_000_000));
    let values: Vec<(&str, String)> = [
        ("lone surrogate", "\"\\ud800\"".to_owned()),
        ("swapped surrogates", "\"\\udc00\\ud800\"".to_owned()),
        ("NUL", "\"a\\u0000b\"".to_owned()),
        ("raw NUL", "\"a\u{0}b\"".to_owned()),
        ("prototype", "\"__proto__\"".to_owned()),
        (
            "prototype key",
            r#"{ "__proto__": { "client": "./x" }, "constructor": "./y" }"#.to_owned(),
        ),
        (
            "equal keys",
            r#"{ "client": "./a", "client": 7, "server": "./b", "server": "./c" }"#.to_owned(),
        ),
        ("huge number", "1e999999".to_owned()),
        ("long number", "9".repeat(20_000)),
        ("negative zero", "-0.0".to_owned()),
        ("huge version", format!("\"^{0}.{0}.{0}\"", "9".repeat(5000))),
        ("many alternatives", format!("\"{}\"", "^1 || ".repeat(5000))),
        ("many operators", format!("\"{}\"", "~>= v= ".repeat(5000))),
        ("long prerelease", format!("\"1.0.0-{}\"", "a.".repeat(5000))),
        (
            "path out of the tree",
            "\"../../../../../../etc/passwd\"".to_owned(),
        ),
        ("absolute path", "\"/etc/passwd\"".to_owned()),
        ("backslashes", "\"..\\\\..\\\\x\"".to_owned()),
        ("only slashes", "\"////\"".to_owned()),
        ("only at signs", "\"@@@/@\"".to_owned()),
        ("alias of nothing", "\"npm:\"".to_owned()),
        ("alias of an at sign", "\"npm:@\"".to_owned()),
        ("alias of an alias", "\"npm:npm:vue@^3\"".to_owned()),
        ("right to left", "\"\u{202e}\u{200b}\u{feff}e\u{301}\"".to_owned()),
        ("escape sequences", "\"\\u001b[31m\\u0007\\r\\n\"".to_owned()),
        ("null", "null".to_owned()),
        ("nested lists", deep("[", "]")),
        ("nested objects", deep("{\"a\":", "")),
        ("ten megabytes", long),
    ]
    .into();
    let cases: Vec<(String, Files)> = values
        .iter()
        .flat_map(|(name, value)| {
            PLACES.iter().map(move |(path, place)| {
                let mut files = good_files(Root::Declared);
                let text = String::from_utf8(files[path].clone()).expect("good files are text");
                assert!(text.contains(place), "{place} is not in {path}");
                let comma = if place.ends_with(", ") {
                    ", "
                } else if place.ends_with(',') {
                    ","
                } else {
                    ""
                };
                files.insert(
                    path,
                    text.replacen(place, &format!("{value}{comma}"), 1).into_bytes(),
                );
                (format!("{name} for {place} in {path}"), files)
            })
        })
        // Ten megabytes in every place would take longer than it is worth.
        .filter(|(name, _)| !name.starts_with("ten megabytes") || name.contains("\"@acme/kit\" in"))
        .collect();
    let expected = cases.len();
    assert_eq!(survive(cases.into_iter()), expected);
}

/// What can be done to a file by chance.
struct Mutator {
    chance: SplitMix64,
}

const TOKENS: [&str; 40] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "'",
    "`",
    "\\",
    "\\u",
    "\\ud83d",
    "null",
    "true",
    "0",
    "-1",
    "1e400",
    "\"\"",
    "{}",
    "[]",
    "\"esmx\"",
    "\"uses\"",
    "\"provides\"",
    "\"../x\"",
    "\"./\"",
    "__proto__",
    "...x",
    "(",
    ")",
    "=>",
    "/*",
    "//",
    "satisfies",
    "export default",
    "import(",
    "${",
    "\u{0}",
    "\u{feff}",
    "\u{2028}",
    "🦀",
];

impl Mutator {
    fn below(&mut self, limit: usize) -> usize {
        self.chance.below(limit)
    }

    fn damage_one(&mut self, files: &mut Files) {
        let position = self.below(files.len());
        let (_, bytes) = files.iter_mut().nth(position).expect("below the number of files");
        *bytes = self.damaged(bytes);
    }

    fn damaged(&mut self, bytes: &[u8]) -> Vec<u8> {
        let start = self.below(bytes.len() + 1);
        let length = 1 + self.below(12);
        let end = (start + length).min(bytes.len());
        let (before, piece, behind) = (&bytes[..start], &bytes[start..end], &bytes[end..]);
        let token = TOKENS[self.below(TOKENS.len())].as_bytes();
        match self.below(8) {
            0 => [before, behind].concat(),
            1 => [before, piece, piece, behind].concat(),
            2 => [before, token, behind].concat(),
            3 | 4 => [before, token, piece, behind].concat(),
            5 => before.to_vec(),
            6 => {
                let mut flipped = bytes.to_vec();
                if let Some(byte) = flipped.get_mut(start) {
                    *byte ^= 1 << (length % 8);
                }
                flipped
            }
            _ => self.other_value(bytes, token),
        }
    }

    /// Another value where one stands: behind a colon or in a list.
    fn other_value(&mut self, bytes: &[u8], token: &[u8]) -> Vec<u8> {
        let quotes: Vec<usize> = bytes
            .iter()
            .enumerate()
            .filter(|(_, byte)| matches!(byte, b'"' | b'\''))
            .map(|(position, _)| position)
            .collect();
        let pairs = quotes.len() / 2;
        if pairs == 0 {
            return bytes.to_vec();
        }
        let pair = 2 * self.below(pairs);
        [&bytes[..quotes[pair]], token, &bytes[quotes[pair + 1] + 1..]].concat()
    }
}
