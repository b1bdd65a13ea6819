//! An export with two sources has one set of types: whoever imports it is checked against one of them and runs with
//! both. Compared is what others see: the names, and for each its declaration with all that it mentions in own files.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{Described, Start};
use crate::diagnostic::{Code, Diagnostic};
use crate::link::Linkage;
use crate::protocol::Side;
use crate::scan::declarations::Target;

type All = BTreeMap<PathBuf, Described>;

/// A warning for each export whose sides do not agree.
pub(super) fn fork_warnings(linkage: &Linkage, starts: &[Start], described: &All) -> Vec<Diagnostic> {
    let on = |side: Side| starts.iter().filter(move |start| start.side == side);
    let mut warnings = Vec::new();
    for client in on(Side::Client) {
        let Some(server) = on(Side::Server).find(|server| server.export == client.export) else {
            continue;
        };
        if client.file == server.file {
            continue;
        }
        let differences = differences(&names(described, &client.file), &names(described, &server.file));
        if differences.is_empty() {
            continue;
        }
        let name = &client.export;
        let key = format!("./{name}");
        let message = format!(
            "The export `{name}` has other types on the client than on the server: {}.",
            differences.join(", ")
        );
        let fix =
            "Declare the same names with the same types in both files, best with a type that both import.";
        let location = linkage.root().location_of_key(&["esmx", "exports", &key]);
        warnings.push(Diagnostic::new(Code::ForkTypes, "", message, fix).at(location));
    }
    warnings
}

fn differences(client: &BTreeMap<String, String>, server: &BTreeMap<String, String>) -> Vec<String> {
    let names: BTreeSet<&String> = client.keys().chain(server.keys()).collect();
    let difference = |name: &String| match (client.get(name), server.get(name)) {
        (Some(one), Some(other)) if one == other => None,
        (Some(_), Some(_)) => Some(format!("`{name}` is declared in two ways")),
        (Some(_), None) => Some(format!("`{name}` is only on the client")),
        (None, _) => Some(format!("`{name}` is only on the server")),
    };
    names.into_iter().filter_map(difference).collect()
}

/// A file and those whose names it passes on with `export *`, each once.
fn with_stars<'a>(described: &'a All, file: &Path) -> Vec<(PathBuf, &'a Described)> {
    let mut files = vec![file.to_path_buf()];
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    while let Some(file) = files.pop() {
        if !seen.insert(file.clone()) {
            continue;
        }
        let Some(known) = described.get(&file) else {
            continue;
        };
        let stars = known.surface.stars.iter();
        files.extend(stars.filter_map(|star| known.targets.get(star).cloned()));
        found.push((file, known));
    }
    found
}

/// What a file exports: each name with the text of its declaration.
fn names(described: &All, file: &Path) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for (place, (file, known)) in with_stars(described, file).into_iter().enumerate() {
        for (name, target) in &known.surface.exported {
            // A file's own exports hide those of `export *`, which has no default.
            if !names.contains_key(name) && (place == 0 || name != "default") {
                names.insert(name.clone(), text(described, &file, target));
            }
        }
        let stars = known.surface.stars.iter();
        for star in stars.filter(|star| !known.targets.contains_key(*star)) {
            names.insert(format!("* of {star}"), String::new());
        }
    }
    names
}

/// The text of a declaration, and of everything in own files that it mentions.
fn text(described: &All, file: &Path, target: &Target) -> String {
    let mut text = String::new();
    let mut seen = BTreeSet::new();
    let mut waiting = VecDeque::from([(file.to_path_buf(), target.clone())]);
    while let Some((file, target)) = waiting.pop_front() {
        let Some(known) = described.get(&file) else {
            continue;
        };
        match target {
            Target::Local(name) => {
                if !seen.insert((file.clone(), name.clone())) {
                    continue;
                }
                if let Some(declared) = known.surface.declared.get(&name) {
                    text.push_str(&declared.text);
                    let mentions = declared.mentions.iter().cloned().map(Target::Local);
                    waiting.extend(mentions.map(|target| (file.clone(), target)));
                } else if let Some(other) = known.surface.imported.get(&name) {
                    waiting.push_back((file, other.clone()));
                }
            }
            Target::Other(specifier, name) => {
                let Some(other) = known.targets.get(&specifier) else {
                    let _ = writeln!(text, "{name} of {specifier}");
                    continue;
                };
                match exporting(described, other, &name) {
                    Some(found) => waiting.push_back(found),
                    // All of a file: the file says what.
                    None => {
                        let _ = writeln!(text, "{name} of {}", other.display());
                    }
                }
            }
        }
    }
    text
}

/// Where an own file has an export from.
fn exporting(described: &All, file: &Path, name: &str) -> Option<(PathBuf, Target)> {
    let mut files = with_stars(described, file).into_iter();
    files.find_map(|(file, known)| Some((file, known.surface.exported.get(name)?.clone())))
}
