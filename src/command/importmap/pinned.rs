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

impl PackageUrl {
    /// The package that a URL is of: `name@version` in its path, or a name on a package server.
    pub(super) fn of(url: &Url) -> Option<Self> {
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        let path = url.path();
        let server = PACKAGE_SERVERS
            .iter()
            .find(|(host, lead)| url.host_str() == Some(*host) && path.starts_with(lead));
        if let Some((_, lead)) = server {
            return Self::at(url, lead.len());
        }
        // Elsewhere only what is written as a package with a version is one.
        let mut starts = path.match_indices('/').map(|(at, _)| at + 1);
        starts.find_map(|at| Self::at(url, at).filter(|package| package.version.is_some()))
    }

    fn at(url: &Url, at: usize) -> Option<Self> {
        let path = &url.path()[at..];
        let first = path.split('/').next()?;
        let length = if first.starts_with('@') {
            first.len() + 1 + path.get(first.len() + 1..)?.split('/').next()?.len()
        } else {
            first.len()
        };
        let written = path.get(..length)?;
        let (name, version) = match written.get(1..)?.find('@') {
            Some(sign) => (&written[..=sign], Some(&written[sign + 2..])),
            None => (written, None),
        };
        if !is_package_name(name) {
            return None;
        }
        let before = &url.as_str()[..url.as_str().len() - url[url::Position::BeforePath..].len()];
        Some(Self {
            name: name.to_owned(),
            version: version.map(str::to_owned),
            place: format!("{before}{}{written}", &url.path()[..at]),
        })
    }

    /// The major version, where a whole version is written.
    pub(super) fn major(&self) -> Option<u64> {
        parse_version(self.version.as_deref()?).map(|version| version.major)
    }
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
    let (reason, found) = match PackageUrl::of(url) {
        Some(package) if package.major().is_some() => return None,
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
