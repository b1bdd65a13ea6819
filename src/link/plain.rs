//! Plain bundling: what an import means where no declaration speaks. Everything is bundled but what the user
//! keeps outside, what the platform has itself, and URLs.

use std::path::{Path, PathBuf};

use super::builtin::is_unprefixed_builtin;
use super::lookup::{Request, Wiring, has_scheme, is_path};
use super::rule::{LookupRule, MissingPackage};
use super::shared_specifiers::SharedSpecifiers;
use crate::base::{FileSystem, normalize, relative_posix, to_posix};
use crate::diagnostic::{Diagnostic, nearest};
use crate::protocol::{PackageRecord, split_package};

/// Whether modules of Node are outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Builtins {
    /// They are there when the output runs.
    Available,
    /// Where the output runs has none: asking for one is an error.
    Unavailable,
    /// Perhaps; they stay imports.
    Unknown,
}

/// Whether installed packages are bundled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InstalledPackages {
    /// Like own sources.
    #[default]
    Bundled,
    /// Every bare specifier stays an import.
    External,
}

/// What the user says of imports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlainRules {
    /// Names (`react` means `react/jsx-runtime` too), paths, and patterns with `*`.
    pub external: Vec<String>,
    /// Whether installed packages are bundled.
    pub packages: InstalledPackages,
    /// Package name or specifier → what is bundled in its place.
    pub aliases: Vec<(String, String)>,
    /// What a shared import map answers.
    pub shared: SharedSpecifiers,
}

/// The lookup rule of plain bundling.
#[derive(Debug)]
pub struct PlainLookup {
    builtins: Builtins,
    packages: InstalledPackages,
    specifiers: Vec<Pattern>,
    files: Vec<Pattern>,
    aliases: Vec<(String, String)>,
    shared: SharedSpecifiers,
    output_dir: PathBuf,
    package: Option<PackageRecord>,
}

impl PlainLookup {
    /// The rules seen from `root`, the directory that relative paths of the rules start from. `output_dir` is
    /// where the outputs will be: files that stay outside are imported from there.
    pub fn new(
        files: &dyn FileSystem,
        root: &Path,
        output_dir: &Path,
        builtins: Builtins,
        rules: &PlainRules,
    ) -> Self {
        let mut specifiers = Vec::new();
        let mut outside = Vec::new();
        for text in &rules.external {
            if is_path(text) {
                outside.push(Pattern::new(&to_posix(&normalize(&root.join(text)))));
            } else {
                specifiers.push(Pattern::new(text));
            }
        }
        let target = |to: &str| {
            if is_path(to) {
                to_posix(&normalize(&root.join(to)))
            } else {
                to.to_owned()
            }
        };
        let mut aliases: Vec<(String, String)> = rules
            .aliases
            .iter()
            .map(|(from, to)| (from.clone(), target(to)))
            .collect();
        // `a/b` before `a`: the longer name says more.
        aliases.sort_by_key(|(from, _)| std::cmp::Reverse(from.len()));
        Self {
            builtins,
            packages: rules.packages,
            specifiers,
            files: outside,
            aliases,
            shared: rules.shared.clone(),
            output_dir: output_dir.to_path_buf(),
            package: PackageRecord::read(files, root).ok(),
        }
    }

    /// What takes the place of `specifier`.
    fn alias(&self, specifier: &str) -> Option<String> {
        self.aliases.iter().find_map(|(from, to)| {
            let rest = specifier.strip_prefix(from.as_str())?;
            (rest.is_empty() || rest.starts_with('/')).then(|| format!("{to}{rest}"))
        })
    }

    /// Whether the user named it, or it is shared.
    fn is_named_external(&self, specifier: &str) -> bool {
        self.specifiers
            .iter()
            .any(|pattern| pattern.matches_specifier(specifier))
            || self.shared.contains(specifier)
    }

    fn is_external(&self, specifier: &str) -> bool {
        self.is_named_external(specifier)
            || self.packages == InstalledPackages::External && !specifier.starts_with('#')
    }
}

impl LookupRule for PlainLookup {
    fn stays_if_installed(&self, specifier: &str) -> bool {
        !is_path(specifier) && !self.is_named_external(specifier) && self.alias(specifier).is_none()
    }

    fn lookup(&self, _: &dyn FileSystem, request: &Request<'_>) -> Result<Wiring, Box<Diagnostic>> {
        let renamed = self.alias(request.specifier);
        let specifier = renamed.as_deref().unwrap_or(request.specifier);
        // `//host/path` is a URL without its scheme.
        if renamed.is_none() && specifier.starts_with("//") {
            return Ok(Wiring::Url);
        }
        if is_path(specifier) {
            return Ok(match renamed {
                Some(specifier) => Wiring::Alias { specifier },
                None => Wiring::Relative,
            });
        }
        let is_builtin = specifier.starts_with("node:")
            || self.builtins != Builtins::Unavailable && is_unprefixed_builtin(specifier);
        if self.is_external(specifier) && !(is_builtin && self.builtins == Builtins::Available) {
            return Ok(Wiring::External {
                specifier: specifier.to_owned(),
            });
        }
        if is_builtin && renamed.is_some() && self.builtins != Builtins::Unavailable {
            return Ok(Wiring::External {
                specifier: specifier.to_owned(),
            });
        }
        if is_builtin {
            return Ok(match self.builtins {
                Builtins::Available | Builtins::Unavailable => Wiring::Builtin,
                // An installed package of that name is what works everywhere.
                Builtins::Unknown if specifier.starts_with("node:") => Wiring::External {
                    specifier: specifier.to_owned(),
                },
                Builtins::Unknown => Wiring::OwnCopy,
            });
        }
        Ok(match renamed {
            _ if has_scheme(specifier) => Wiring::Url,
            Some(specifier) => Wiring::Alias { specifier },
            None => Wiring::OwnCopy,
        })
    }

    fn no_export(&self, request: &Request<'_>) -> Diagnostic {
        unreachable!("plain bundling knows no self alias: {}", request.specifier)
    }

    fn file_outside(&self, file: &Path, specifier: &str) -> Option<String> {
        let path = to_posix(file);
        let is_outside = self.files.iter().any(|pattern| pattern.matches(&path))
            || is_path(specifier)
                && self
                    .specifiers
                    .iter()
                    .any(|pattern| pattern.matches_text(specifier));
        is_outside.then(|| {
            let relative = relative_posix(&self.output_dir, file);
            if relative.starts_with("../") {
                relative
            } else {
                format!("./{relative}")
            }
        })
    }

    fn url_outside(&self, file: &Path, url: &str) -> Option<String> {
        let is_outside = self
            .specifiers
            .iter()
            .any(|pattern| pattern.matches_specifier(url));
        if is_outside {
            Some(url.to_owned())
        } else {
            self.file_outside(file, url)
        }
    }

    fn missing_package(&self, specifier: &str) -> MissingPackage {
        let (name, _) = split_package(specifier);
        let known: Vec<&str> = self
            .package
            .iter()
            .flat_map(PackageRecord::dependency_names)
            .collect();
        let fix = if known.contains(&name) {
            format!("`{name}` is declared but not installed: run your package manager's install.")
        } else {
            match nearest(name, known) {
                Some(near) => format!("Did you mean '{near}'? Otherwise install `{name}`."),
                None => format!("Install `{name}`, or keep it an import with `--external {name}`."),
            }
        };
        MissingPackage {
            reason: "no such package is installed".to_owned(),
            fix,
        }
    }

    fn fix_of_builtin(&self, specifier: &str) -> String {
        format!("Bundle for Node with `--platform node`, or keep the import with `--external {specifier}`.")
    }
}

/// A name, or a text in which `*` stands for anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// What is between the stars.
    parts: Vec<String>,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        Self {
            parts: text.split('*').map(str::to_owned).collect(),
        }
    }

    /// A name without `*` also means everything below it.
    pub(super) fn matches_specifier(&self, specifier: &str) -> bool {
        match self.parts.as_slice() {
            [name] => {
                let rest = specifier.strip_prefix(name.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
            _ => self.matches(specifier),
        }
    }

    /// Only where the pattern has a `*`.
    fn matches_text(&self, text: &str) -> bool {
        self.parts.len() > 1 && self.matches(text)
    }

    fn matches(&self, text: &str) -> bool {
        let [first, middle @ .., last] = self.parts.as_slice() else {
            return self.parts.iter().all(|part| part == text);
        };
        let Some(mut rest) = text.strip_prefix(first.as_str()) else {
            return false;
        };
        for part in middle {
            let Some(found) = rest.find(part.as_str()) else {
                return false;
            };
            rest = &rest[found + part.len()..];
        }
        rest.ends_with(last.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::super::RequestKind;
    use super::*;
    use crate::base::MemoryFileSystem;
    use crate::protocol::Side;

    fn lookup(builtins: Builtins, external: &[&str], aliases: &[(&str, &str)]) -> PlainLookup {
        let rules = PlainRules {
            external: external.iter().map(ToString::to_string).collect(),
            packages: InstalledPackages::Bundled,
            aliases: aliases
                .iter()
                .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()))
                .collect(),
            ..PlainRules::default()
        };
        let files = MemoryFileSystem::default();
        PlainLookup::new(
            &files,
            Path::new("/app"),
            Path::new("/app/dist"),
            builtins,
            &rules,
        )
    }

    fn wiring(rule: &PlainLookup, specifier: &str) -> Wiring {
        let request = Request {
            specifier,
            side: Side::Client,
            kind: RequestKind::Static,
            exempt: None,
            issuer: None,
        };
        rule.lookup(&MemoryFileSystem::default(), &request)
            .expect("plain bundling refuses nothing")
    }

    fn external(specifier: &str) -> Wiring {
        Wiring::External {
            specifier: specifier.to_owned(),
        }
    }

    #[test]
    fn names_mean_their_subpaths_and_stars_mean_anything() {
        let rule = lookup(Builtins::Unavailable, &["react", "@scope/*", "*.png"], &[]);
        assert_eq!(wiring(&rule, "react"), external("react"));
        assert_eq!(wiring(&rule, "react/jsx-runtime"), external("react/jsx-runtime"));
        assert_eq!(wiring(&rule, "react-dom"), Wiring::OwnCopy);
        assert_eq!(wiring(&rule, "@scope/a/b"), external("@scope/a/b"));
        assert_eq!(wiring(&rule, "a/b.png"), external("a/b.png"));
        assert_eq!(
            rule.file_outside(Path::new("/app/src/a.png"), "./a.png")
                .as_deref(),
            Some("../src/a.png")
        );
        assert_eq!(rule.file_outside(Path::new("/app/src/a.js"), "./a.js"), None);
    }

    #[test]
    fn files_are_named_by_path() {
        let rule = lookup(Builtins::Unavailable, &["./config.js", "./data/*"], &[]);
        assert_eq!(
            rule.file_outside(Path::new("/app/config.js"), "../config.js")
                .as_deref(),
            Some("../config.js")
        );
        assert!(
            rule.file_outside(Path::new("/app/data/x/y.js"), "./y.js")
                .is_some()
        );
        assert!(
            rule.file_outside(Path::new("/app/src/config.js"), "./config.js")
                .is_none()
        );
    }

    #[test]
    fn aliases_replace_whole_segments_the_longest_first() {
        let rule = lookup(
            Builtins::Available,
            &["preact"],
            &[("react", "preact/compat"), ("a", "./src/a"), ("a/b", "c")],
        );
        assert_eq!(wiring(&rule, "react"), external("preact/compat"));
        assert_eq!(wiring(&rule, "reactive"), Wiring::OwnCopy);
        assert_eq!(
            wiring(&rule, "a/x.js"),
            Wiring::Alias {
                specifier: "/app/src/a/x.js".to_owned()
            }
        );
        assert_eq!(
            wiring(&rule, "a/b/x"),
            Wiring::Alias {
                specifier: "c/x".to_owned()
            }
        );
    }

    #[test]
    fn modules_of_node_follow_the_platform() {
        let node = lookup(Builtins::Available, &["fs"], &[]);
        assert_eq!(wiring(&node, "fs"), Wiring::Builtin);
        assert_eq!(wiring(&node, "node:test"), Wiring::Builtin);
        let browser = lookup(Builtins::Unavailable, &["fs"], &[]);
        assert_eq!(wiring(&browser, "fs"), external("fs"));
        assert_eq!(wiring(&browser, "events"), Wiring::OwnCopy);
        assert_eq!(wiring(&browser, "//example.org/a.js"), Wiring::Url);
        assert_eq!(wiring(&browser, "node:path"), Wiring::Builtin);
        let neutral = lookup(Builtins::Unknown, &[], &[]);
        assert_eq!(wiring(&neutral, "node:path"), external("node:path"));
    }
}
