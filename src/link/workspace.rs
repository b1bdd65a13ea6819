//! The packages of a workspace, as package managers name them.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::base::FileSystem;

/// How deep `**` of a pattern is followed.
const DEEPEST: usize = 4;

/// The directories that a directory names as packages of its workspace, those behind a `!` left out.
pub(super) fn workspace_packages(files: &dyn FileSystem, dir: &Path) -> Vec<PathBuf> {
    let patterns = workspace_patterns(files, dir);
    let (without, with): (Vec<_>, Vec<_>) = patterns.iter().partition(|pattern| pattern.starts_with('!'));
    let without = without.iter().map(|pattern| pattern.trim_start_matches('!'));
    let without: Vec<PathBuf> = without
        .flat_map(|pattern| matching(files, dir, pattern))
        .collect();
    let mut packages: Vec<PathBuf> = with
        .iter()
        .flat_map(|pattern| matching(files, dir, pattern))
        .collect();
    packages.retain(|package| !without.contains(package));
    packages
}

/// What a directory says about the packages of its workspace: npm's and Yarn's `workspaces`, pnpm's file.
fn workspace_patterns(files: &dyn FileSystem, dir: &Path) -> Vec<String> {
    let mut patterns = Vec::new();
    let manifest = files.read(&dir.join("package.json")).ok();
    if let Some(value) = manifest.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok()) {
        let workspaces = &value["workspaces"];
        let list = workspaces
            .as_array()
            .or_else(|| workspaces["packages"].as_array());
        let texts = list.into_iter().flatten().filter_map(Value::as_str);
        patterns.extend(texts.map(str::to_owned));
    }
    if let Ok(bytes) = files.read(&dir.join("pnpm-workspace.yaml")) {
        patterns.extend(pnpm_packages(&String::from_utf8_lossy(&bytes)));
    }
    patterns
}

/// The list under `packages:`, which is all of the file that matters here.
fn pnpm_packages(text: &str) -> Vec<String> {
    let lines = text
        .lines()
        .skip_while(|line| line.trim_end() != "packages:")
        .skip(1);
    lines
        .filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .map_while(|line| line.trim().strip_prefix('-'))
        .map(|item| {
            item.trim()
                .trim_matches(|quote| matches!(quote, '\'' | '"'))
                .to_owned()
        })
        .collect()
}

/// The directories that a pattern such as `packages/*` names.
fn matching(files: &dyn FileSystem, root: &Path, pattern: &str) -> Vec<PathBuf> {
    let mut found = vec![root.to_path_buf()];
    for segment in pattern.split('/').filter(|segment| !matches!(*segment, "" | ".")) {
        found = match segment {
            "**" => found.iter().flat_map(|dir| below(files, dir, DEEPEST)).collect(),
            _ if segment.contains('*') => found
                .iter()
                .flat_map(|dir| {
                    let names = files.list(dir).unwrap_or_default();
                    let matching = names.into_iter().filter(|name| {
                        name != "node_modules"
                            && !name.starts_with('.')
                            && fast_glob::glob_match(segment, name)
                    });
                    matching.map(|name| dir.join(name)).collect::<Vec<_>>()
                })
                .collect(),
            _ => found.into_iter().map(|dir| dir.join(segment)).collect(),
        };
    }
    found
}

/// A directory and the directories below it.
fn below(files: &dyn FileSystem, dir: &Path, depth: usize) -> Vec<PathBuf> {
    let mut found = vec![dir.to_path_buf()];
    if depth > 0 {
        let names = files.list(dir).unwrap_or_default();
        for name in names
            .iter()
            .filter(|name| *name != "node_modules" && !name.starts_with('.'))
        {
            let path = dir.join(name);
            if files.is_dir(&path) {
                found.extend(below(files, &path, depth - 1));
            }
        }
    }
    found
}
