//! Groups that the user names: `vendor=node_modules/**` puts what matches, and what it imports that no other group
//! names, into one file.
//!
//! ```text
//! --chunk-group react=react --chunk-group vendor=node_modules/**
//! main → react → scheduler, main → lodash        react: react, scheduler       vendor: lodash
//! ```
//!
//! The first group that matches a module has it. A group's file may bring an entry modules that the entry never asked
//! for; those that can be observed are evaluated on demand (see `order`).

use std::fmt;

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::bind::BoundGraph;
use crate::graph::{EntryKind, Module, ModuleGraph, ModuleId, Resource};

/// A file that the user wants, and what belongs into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChunkGroup {
    /// What the file is called.
    pub name: String,
    /// A module that one of them matches belongs to the group.
    pub patterns: Vec<GroupPattern>,
}

/// A package, a file, a directory or a glob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupPattern {
    text: String,
}

impl GroupPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// One sentence part that says what is wrong with `text`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let trimmed = text.trim_end_matches('/');
        if trimmed.is_empty() {
            return Err("it names nothing".to_owned());
        }
        if trimmed.contains('\\') {
            return Err("paths have `/`, not `\\`".to_owned());
        }
        if trimmed.starts_with('/') {
            return Err("paths start from the working directory, not with `/`".to_owned());
        }
        for (open, close) in [('[', ']'), ('{', '}')] {
            if !is_balanced(trimmed, open, close) {
                return Err(format!("a `{open}` has no `{close}`"));
            }
        }
        Ok(Self {
            text: trimmed.to_owned(),
        })
    }

    /// Whether a module is what the pattern names. Paths are those that outputs show: below the root, or from the last
    /// `node_modules`.
    pub fn matches(&self, module: &Module) -> bool {
        let path = module.stable_path.split(['?', '#']).next().unwrap_or_default();
        let text = self.text.strip_prefix("./").unwrap_or(&self.text);
        if is_at_or_below(text, path) {
            return true;
        }
        let is_path = self.text.starts_with("./") || text.starts_with("node_modules");
        !is_path
            && path
                .strip_prefix("node_modules/")
                .is_some_and(|path| is_at_or_below(text, path))
    }
}

impl fmt::Display for GroupPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

fn is_balanced(text: &str, open: char, close: char) -> bool {
    let mut depth = 0_i32;
    for character in text.chars() {
        if character == open {
            depth += 1;
        } else if character == close {
            depth -= 1;
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

fn is_at_or_below(pattern: &str, path: &str) -> bool {
    fast_glob::glob_match(pattern, path)
        || path
            .match_indices('/')
            .any(|(slash, _)| fast_glob::glob_match(pattern, &path[..slash]))
}

/// The patterns that no module matches, with the names of their groups.
pub fn idle_patterns<'a>(groups: &'a [ChunkGroup], graph: &ModuleGraph) -> Vec<(&'a str, &'a GroupPattern)> {
    let patterns = groups.iter().flat_map(|group| {
        group
            .patterns
            .iter()
            .map(|pattern| (group.name.as_str(), pattern))
    });
    patterns
        .filter(|(_, pattern)| !graph.modules.iter().any(|module| pattern.matches(module)))
        .collect()
}

/// Which group each grouped module belongs to. `needed_by` says by which entries a module is needed.
pub(super) fn grouped(
    bound: &BoundGraph,
    groups: &[ChunkGroup],
    dependencies: &FxHashMap<ModuleId, Vec<ModuleId>>,
    needed_by: &IndexVec<ModuleId, FixedBitSet>,
) -> FxHashMap<ModuleId, usize> {
    let mut group_of: FxHashMap<ModuleId, usize> = FxHashMap::default();
    if groups.is_empty() {
        return group_of;
    }
    // The files of a provided package are dropped when another copy is elected; nothing else may be in them.
    let is_provided = |module: ModuleId| {
        needed_by[module]
            .ones()
            .any(|entry| bound.entries[entry].kind == EntryKind::Provided)
    };
    let mut named: Vec<Vec<ModuleId>> = vec![Vec::new(); groups.len()];
    for module in &bound.order {
        let node = &bound.graph.modules[*module];
        let group = groups
            .iter()
            .position(|group| group.patterns.iter().any(|pattern| pattern.matches(node)));
        if let Some(group) = group.filter(|_| !is_provided(*module)) {
            group_of.insert(*module, group);
            named[group].push(*module);
        }
    }
    // What groups name is not taken along by others; nor are entries, which have files of their own, and style sheets,
    // which would apply where nobody asked for them.
    let entries: FxHashSet<ModuleId> = bound.entries.iter().map(|entry| entry.module).collect();
    let stays = |module: ModuleId| {
        entries.contains(&module)
            || matches!(
                bound.graph.modules[module].syntax.resource,
                Some(Resource::Style(_))
            )
            || is_provided(module)
    };
    for (group, mut pending) in named.into_iter().enumerate() {
        while let Some(module) = pending.pop() {
            for dependency in dependencies.get(&module).into_iter().flatten() {
                if !group_of.contains_key(dependency) && !stays(*dependency) {
                    group_of.insert(*dependency, group);
                    pending.push(*dependency);
                }
            }
        }
    }
    group_of
}

#[cfg(test)]
mod tests {
    use super::{GroupPattern, is_at_or_below};

    #[test]
    fn a_pattern_names_what_is_below_it() {
        assert!(is_at_or_below("src/ui", "src/ui/button.js"));
        assert!(is_at_or_below("src/**/*.ts", "src/a/b.ts"));
        assert!(is_at_or_below("@scope/*", "@scope/kit/index.js"));
        assert!(!is_at_or_below("src/ui", "src/uix/button.js"));
        assert!(!is_at_or_below("react", "react-dom/index.js"));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in ["", "/", "a\\b", "/src", "a[b", "a{b,c", "a}b{"] {
            assert!(GroupPattern::parse(text).is_err(), "{text}");
        }
        assert!(GroupPattern::parse("./src/{a,b}/").is_ok());
    }
}
