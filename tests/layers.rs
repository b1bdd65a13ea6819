//! The rooms of `src` see only the rooms below them.
//!
//! A stage that reaches up, or sideways into another stage's helpers, cannot be tested, cached or replaced alone.
//! The compiler allows it, so this test reads every `crate::room` of the code.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// From top to bottom. A room sees all layers below its own, and not its neighbours.
const LAYERS: &[&[&str]] = &[
    &["cli"],
    &["command"],
    &["emit"],
    &["render"],
    &["chunk"],
    &["bind"],
    &["scan"],
    &["link"],
    &["resolve"],
    &["graph", "protocol"],
    &["cache", "diagnostic"],
    &["base"],
];

/// Stands beside the pipeline: it works on manifests, so it needs nothing of how they came to be.
const IMPORT_MAP: &str = "import_map";
const SEEN_BY_IMPORT_MAP: &[&str] = &["protocol", "diagnostic", "base"];
const WHO_SEES_IMPORT_MAP: &[&str] = &["cli", "command", "emit"];

#[test]
fn rooms_see_only_the_rooms_below_them() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut violations = String::new();
    for file in rust_files(&source) {
        let relative = file.strip_prefix(&source).expect("the file lies in src");
        let Some(room) = room_of(relative) else { continue };
        let text = fs::read_to_string(&file).expect("a source file is UTF-8");
        for Mention { line, room: seen } in mentions(&text, depth_of(relative)) {
            if let Some(reason) = objection(&room, &seen) {
                let _ = writeln!(violations, "src/{}:{line}: {reason}", relative.display());
            }
        }
    }
    assert!(
        violations.is_empty(),
        "\n{violations}\nThe order is in DESIGN.md and in src/lib.rs. Move the item down to the lowest room that needs \
         it, or pass what it answers as a value.\n"
    );
}

#[test]
fn every_room_has_a_layer() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let rooms: BTreeSet<String> = rust_files(&source)
        .iter()
        .filter_map(|file| room_of(file.strip_prefix(&source).ok()?))
        .collect();
    let placed: BTreeSet<String> = LAYERS
        .iter()
        .copied()
        .flatten()
        .chain(&[IMPORT_MAP])
        .map(ToString::to_string)
        .collect();
    assert_eq!(rooms, placed, "src and the layers of this test differ");
}

/// Why `room` must not see `seen`; `None` when it may.
fn objection(room: &str, seen: &str) -> Option<String> {
    if room == seen {
        return None;
    }
    let Some(seen_layer) = layer_of(seen) else {
        return match seen {
            IMPORT_MAP if WHO_SEES_IMPORT_MAP.contains(&room) => None,
            IMPORT_MAP => Some(format!(
                "`{room}` sees `{IMPORT_MAP}`, which only {} may",
                list(WHO_SEES_IMPORT_MAP)
            )),
            _ => Some(format!("`crate::{seen}` is no room; name things where they live")),
        };
    };
    if room == IMPORT_MAP {
        let is_allowed = SEEN_BY_IMPORT_MAP.contains(&seen);
        return (!is_allowed).then(|| {
            format!(
                "`{IMPORT_MAP}` sees `{seen}`, but may only see {}",
                list(SEEN_BY_IMPORT_MAP)
            )
        });
    }
    let layer = layer_of(room)?;
    match layer.cmp(&seen_layer) {
        std::cmp::Ordering::Less => None,
        std::cmp::Ordering::Equal => Some(format!("`{room}` sees `{seen}`, its neighbour in the same layer")),
        std::cmp::Ordering::Greater => Some(format!("`{room}` sees `{seen}`, which is above it")),
    }
}

fn layer_of(room: &str) -> Option<usize> {
    LAYERS.iter().position(|rooms| rooms.contains(&room))
}

fn list(rooms: &[&str]) -> String {
    rooms.join(", ")
}

/// A room that a line of code names.
#[derive(Debug, PartialEq, Eq)]
struct Mention {
    line: usize,
    room: String,
}

/// Every `crate::room`, `crate::{room, …}` and `super::super::room` that leaves the room, outside comments.
/// `depth` is how many `super::` lead from the file to the crate.
fn mentions(text: &str, depth: usize) -> Vec<Mention> {
    let code = without_comments(text);
    let mut found = Vec::new();
    let to_the_crate = "super::".repeat(depth);
    for (start, prefix) in occurrences(&code, "crate::").chain(occurrences(&code, &to_the_crate)) {
        let line = code[..start].matches('\n').count() + 1;
        let rest = &code[start + prefix.len()..];
        let names = match rest.strip_prefix('{') {
            Some(group) => first_segments(group),
            None => vec![identifier(rest)],
        };
        let is_path_from_the_crate = prefix == "crate::" || names.iter().all(|name| is_room(name));
        if is_path_from_the_crate {
            let rooms = names.into_iter().filter(|name| !name.is_empty());
            found.extend(rooms.map(|room| Mention {
                line,
                room: room.to_owned(),
            }));
        }
    }
    found
}

fn is_room(name: &str) -> bool {
    name == IMPORT_MAP || layer_of(name).is_some()
}

/// Where `prefix` begins a path: `$crate::` and `a::super::` are other things.
fn occurrences<'a>(code: &'a str, prefix: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    code.match_indices(prefix).filter(|(start, _)| {
        let before = code[..*start].chars().next_back();
        !before.is_some_and(|character| character.is_alphanumeric() || matches!(character, '_' | ':' | '$'))
    })
}

/// `a::{b, c}, d` → `a`, `d`, up to the brace that closes the group.
fn first_segments(group: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut open = 0_usize;
    let mut is_at_start = true;
    for (index, character) in group.char_indices() {
        match character {
            '{' => open += 1,
            '}' if open == 0 => break,
            '}' => open -= 1,
            ',' if open == 0 => is_at_start = true,
            _ if is_at_start && !character.is_whitespace() => {
                names.push(identifier(&group[index..]));
                is_at_start = false;
            }
            _ => {}
        }
    }
    names
}

fn identifier(text: &str) -> &str {
    let end = text.find(|character: char| !character.is_alphanumeric() && character != '_');
    &text[..end.unwrap_or(text.len())]
}

/// The text with line comments emptied. Strings with `//` in them lose their end, which hides no path that
/// matters: a path after a URL on one line would be missed, and rustfmt does not write such lines.
fn without_comments(text: &str) -> String {
    let code = |line: &str| line.split_once("//").map_or(line, |(code, _)| code).to_owned() + "\n";
    text.lines().map(code).collect()
}

/// The first part of the path below `src`; `None` for the crate's own files.
fn room_of(relative: &Path) -> Option<String> {
    let first = relative.components().next()?.as_os_str().to_str()?;
    match first {
        "lib.rs" | "main.rs" => None,
        _ => Some(first.strip_suffix(".rs").unwrap_or(first).to_owned()),
    }
}

/// `scan/mod.rs` is one `super::` away from the crate, `scan/load.rs` two.
fn depth_of(relative: &Path) -> usize {
    let directories = relative.components().count() - 1;
    let is_directory_itself = relative.file_name().is_some_and(|name| name == "mod.rs");
    if is_directory_itself {
        directories
    } else {
        directories + 1
    }
}

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut entries: Vec<PathBuf> = fs::read_dir(directory)
        .expect("a directory of sources can be read")
        .map(|entry| entry.expect("an entry of a directory of sources").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

mod reading {
    use super::{depth_of, mentions, objection};
    use std::path::Path;

    fn rooms(text: &str) -> Vec<(usize, String)> {
        mentions(text, 2)
            .into_iter()
            .map(|mention| (mention.line, mention.room))
            .collect()
    }

    #[test]
    fn paths_are_found_where_they_stand() {
        let text =
            "use crate::graph::Module;\nlet a = crate::base::paths();\nuse crate::{bind::{self, x}, link};\n";
        let expected = [(1, "graph"), (2, "base"), (3, "bind"), (3, "link")];
        assert_eq!(rooms(text), expected.map(|(line, room)| (line, room.to_owned())));
    }

    #[test]
    fn comments_and_other_roots_do_not_count() {
        assert_eq!(
            rooms("/// [`crate::cli`]\n// crate::cli\n$crate::cli; my_crate::cli;\n"),
            []
        );
    }

    #[test]
    fn leaving_by_super_counts() {
        assert_eq!(
            rooms("use super::super::render::Text;"),
            [(1, "render".to_owned())]
        );
        assert_eq!(rooms("use super::super::Exit;"), []);
        assert_eq!(
            (
                depth_of(Path::new("scan/mod.rs")),
                depth_of(Path::new("scan/load.rs"))
            ),
            (1, 2)
        );
    }

    #[test]
    fn the_order_is_kept() {
        assert_eq!(objection("render", "chunk"), None);
        assert_eq!(objection("command", "import_map"), None);
        for (room, seen) in [
            ("chunk", "render"),
            ("graph", "protocol"),
            ("import_map", "link"),
            ("bind", "import_map"),
        ] {
            assert!(objection(room, seen).is_some(), "{room} may not see {seen}");
        }
    }
}
