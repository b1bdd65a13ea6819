//! A map is a release: what it names must not change under it. Addresses of package servers have to say a whole
//! version.

use url::Url;

use super::deployment::Deployment;
use crate::diagnostic::{Code, Diagnostic};
use crate::protocol::{is_package_name, parse_version};

/// A package in the URL of a package server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PackageUrl {
    /// The package.
    pub name: String,
    /// What follows `@`, if anything.
    pub version: Option<String>,
    /// The URL up to the package and its version: what its instances share.
    pub place: String,
}

/// Servers that choose a version where the URL names none.
const PACKAGE_SERVERS: [(&str, &str); 9] = [
    ("esm.sh", "/"),
    ("unpkg.com", "/"),
    ("cdn.jsdelivr.net", "/npm/"),
    ("esm.run", "/"),
    ("cdn.skypack.dev", "/"),
    ("ga.jspm.io", "/npm:"),
    ("jspm.dev", "/npm:"),
    ("esm.unpkg.com", "/"),
    ("cdn.esm.sh", "/"),
];

/// What servers write before the package, besides the version of their own build.
const LEADS: [&str; 4] = ["stable", "pin", "new", "-"];

/// Tags that somebody moves. Other words after `@` need not be versions at all, as in `icon@2x`.
const TAGS: [&str; 8] = [
    "latest",
    "next",
    "canary",
    "beta",
    "alpha",
    "rc",
    "experimental",
    "nightly",
];

impl PackageUrl {
    /// The package that a URL is of: `name@version` in its path, or a name on a package server.
    pub(super) fn of(url: &Url) -> Option<Self> {
        Self::all_of(url).into_iter().next()
    }

    /// The packages of a URL: some servers put several into one file.
    fn all_of(url: &Url) -> Vec<Self> {
        if !matches!(url.scheme(), "http" | "https") {
            return Vec::new();
        }
        let path = url.path();
        let origin = url.origin().ascii_serialization();
        if let Some(parts) = path.strip_prefix("/combine/") {
            let parts = parts.split(',').filter_map(|part| {
                let (registry, path) = part.split_once('/')?;
                Self::in_registry(&format!("{origin}/"), registry, path)
            });
            return parts.collect();
        }
        let server = PACKAGE_SERVERS
            .iter()
            .find(|(host, lead)| url.host_str() == Some(*host) && path.starts_with(lead));
        if let Some((_, lead)) = server {
            let mut rest = &path[lead.len()..];
            while let Some((first, below)) = rest.split_once('/')
                && is_lead(first)
            {
                rest = below;
            }
            // Everything that the package imports is left outside.
            rest = rest.strip_prefix('*').unwrap_or(rest);
            let place = format!("{origin}{lead}");
            let package = match rest.split_once('/') {
                Some((registry @ ("gh" | "jsr"), path)) => Self::in_registry(&place, registry, path),
                // The server's own files.
                Some(("node", _)) => None,
                _ => Self::at(&place, rest),
            };
            return package.into_iter().collect();
        }
        // Elsewhere only what is written as a package with a version is one.
        let mut starts = path.match_indices('/').map(|(at, _)| at + 1);
        let package = starts.find_map(|at| {
            Self::at(&format!("{origin}{}", &path[..at]), &path[at..])
                .filter(|package| package.version.as_deref().is_some_and(is_like_a_version))
        });
        package.into_iter().collect()
    }

    /// `owner/repository@tag` and `@scope/name@version`: names that could be those of other packages on npm.
    fn in_registry(place: &str, registry: &str, path: &str) -> Option<Self> {
        let place = format!("{place}{registry}/");
        if registry != "gh" {
            let package = Self::at(&place, path)?;
            return Some(match registry {
                "npm" => package,
                _ => Self {
                    name: format!("{registry}:{}", package.name),
                    ..package
                },
            });
        }
        let (owner, below) = path.split_once('/')?;
        let repository = Self::at(&format!("{place}{owner}/"), below)?;
        Some(Self {
            name: format!("{registry}:{owner}/{}", repository.name),
            ..repository
        })
    }

    fn at(place: &str, path: &str) -> Option<Self> {
        let first = path.split('/').next()?;
        let length = if first.starts_with('@') {
            first.len() + 1 + path.get(first.len() + 1..)?.split('/').next()?.len()
        } else {
            first.len()
        };
        let written = path.get(..length)?;
        // Options of a server: `react-dom@19.0.0&external=react`.
        let (named, _) = written.split_once('&').unwrap_or((written, ""));
        let (name, version) = match named.get(1..)?.find('@') {
            Some(sign) => (&named[..=sign], Some(&named[sign + 2..])),
            None => (named, None),
        };
        if !is_package_name(name) {
            return None;
        }
        let version = version.map(|version| {
            let version = percent_encoding::percent_decode_str(version).decode_utf8_lossy();
            // As tags of Git are written.
            match version.strip_prefix('v') {
                Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest.to_owned(),
                _ => version.into_owned(),
            }
        });
        Some(Self {
            name: name.to_owned(),
            version,
            place: format!("{place}{written}"),
        })
    }

    /// The major version, where a whole version is written.
    pub(super) fn major(&self) -> Option<u64> {
        parse_version(self.version.as_deref()?).map(|version| version.major)
    }

    /// Whether it will be the same code tomorrow: a whole version, or a commit of a repository.
    fn is_pinned(&self) -> bool {
        let is_commit = |version: &str| {
            (7..=40).contains(&version.len()) && version.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        self.major().is_some()
            || self.name.starts_with("gh:") && self.version.as_deref().is_some_and(is_commit)
    }
}

fn is_lead(segment: &str) -> bool {
    let is_build = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    LEADS.contains(&segment) || segment.strip_prefix('v').is_some_and(is_build)
}

/// A version, a part of one, a range, or the name of a tag.
fn is_like_a_version(text: &str) -> bool {
    let is_part =
        |part: &str| matches!(part, "x" | "X" | "*") || part.bytes().all(|byte| byte.is_ascii_digit());
    let numbers = text.trim_start_matches(['^', '~', '=', '<', '>', 'v']);
    let numbers = numbers.split(['-', '+']).next().unwrap_or_default();
    TAGS.contains(&text) || !numbers.is_empty() && numbers.split('.').all(is_part)
}

/// Addresses that will mean another file some day.
pub(super) fn findings(deployment: &Deployment) -> Vec<Diagnostic> {
    let tables = std::iter::once(&deployment.map.imports).chain(deployment.map.scopes.values());
    let mut told = indexmap::IndexSet::new();
    tables
        .flat_map(crate::import_map::SpecifierMap::iter)
        .filter_map(|(specifier, url)| Some((specifier, url?)))
        .filter(|(_, url)| told.insert((*url).clone()))
        .filter_map(|(specifier, url)| objection(deployment, specifier, url))
        .collect()
}

fn objection(deployment: &Deployment, specifier: &str, url: &Url) -> Option<Diagnostic> {
    let shown = deployment.files.shown(url.as_str());
    let packages = PackageUrl::all_of(url);
    let moving = packages.iter().find(|package| !package.is_pinned());
    if moving.is_none() && !packages.is_empty() {
        return None;
    }
    let (reason, found) = match moving.cloned() {
        Some(PackageUrl {
            name,
            version: Some(version),
            ..
        }) => (format!("`{version}` is no whole version of {name}"), version),
        Some(PackageUrl { name, .. }) => (format!("it names no version of {name}"), "no version".to_owned()),
        None => {
            let segment = url
                .path_segments()?
                .find(|segment| matches!(*segment, "latest" | "next" | "canary"))?;
            (
                format!("`{segment}` means another version tomorrow"),
                segment.to_owned(),
            )
        }
    };
    Some(
        Diagnostic::new(
            Code::Unpinned,
            "import map",
            format!(
                "`{specifier}` leads to {shown}, and {reason}: the page changes when somebody else publishes."
            ),
            "Write the whole version that you tested, such as `react@19.1.0`.",
        )
        .with_package(specifier)
        .with_found(found),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(url: &str) -> Option<(String, Option<String>, String)> {
        let package = PackageUrl::of(&Url::parse(url).unwrap())?;
        Some((package.name, package.version, package.place))
    }

    #[test]
    fn packages_are_found_in_urls() {
        let found = |name: &str, version: Option<&str>, place: &str| {
            Some((name.to_owned(), version.map(str::to_owned), place.to_owned()))
        };
        assert_eq!(
            package("https://esm.sh/react@19.1.0/jsx-runtime"),
            found("react", Some("19.1.0"), "https://esm.sh/react@19.1.0")
        );
        assert_eq!(
            package("https://cdn.jsdelivr.net/npm/@vue/shared@3/dist/x.js"),
            found(
                "@vue/shared",
                Some("3"),
                "https://cdn.jsdelivr.net/npm/@vue/shared@3"
            )
        );
        assert_eq!(
            package("https://unpkg.com/vue"),
            found("vue", None, "https://unpkg.com/vue")
        );
        assert_eq!(
            package("https://cdn.example/lib/vue@3.5.0/vue.mjs"),
            found("vue", Some("3.5.0"), "https://cdn.example/lib/vue@3.5.0")
        );
        assert_eq!(package("https://shop.example/@acme/kit/ui.mjs"), None);
        assert_eq!(package("https://shop.example/shop/main.mjs"), None);
        assert_eq!(package("file:///a/vue@3.0.0/x.mjs"), None);
    }
}
