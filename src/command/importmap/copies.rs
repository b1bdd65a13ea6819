//! The single-instance proof: no package is there twice in one major version, neither under two URLs nor inside a
//! file of somebody else.
//!
//! Manifests say which files are copies of which package, and so do the URLs of package servers. Where neither
//! speaks, code does: a package that is the same at two URLs, and a file that contains most of what a mapped package
//! consists of, or some of it with the package's name in it.

mod twins;

use indexmap::IndexMap;

use super::deployment::{DeployedModule, Deployment, file_url};
use super::pinned::PackageUrl;
use super::surface::Fingerprint;
use crate::diagnostic::{Code, Diagnostic};
use crate::protocol::{parse_version, split_package};

/// Code that is shorter is not known again with certainty.
const SHORTEST: usize = 60;

/// How much of a package makes a copy.
const ENOUGH_PERCENT: usize = 50;

/// So much common code is no chance.
const CERTAIN: usize = 300;

/// What tree shaking leaves of a package of which two functions are used: so many runs, and so many of them at once.
/// Two packages of one family have at most 14 in common where neither contains the other.
const SMALL_PART: usize = 18;
const SMALL_STRETCH: usize = 14;
const SMALL_PERCENT: usize = 4;

/// A file that is known to be a copy of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Copy {
    /// The package, with the subpath.
    pub package: String,
    /// Where the version is whole.
    pub major: Option<u64>,
    /// As it is written.
    pub version: Option<String>,
    /// What all files of one copy share: a module's directory, or a package's place on a server.
    place: String,
}

/// Everything that is there twice.
pub(super) fn findings(deployment: &Deployment) -> Vec<Diagnostic> {
    let known = known_copies(deployment);
    let mut findings = Vec::new();
    let mut told: Vec<(String, String)> = Vec::new();

    let mut groups: IndexMap<(String, u64), Vec<(&str, &Copy)>> = IndexMap::new();
    for (url, copy) in &known {
        if let Some(major) = copy.major {
            groups
                .entry((copy.package.clone(), major))
                .or_default()
                .push((url, copy));
        }
    }
    for ((package, major), files) in &groups {
        let (first_url, first) = files[0];
        for (url, copy) in files.iter().filter(|(_, copy)| copy.place != first.place) {
            told.push((first_url.to_owned(), (*url).to_owned()));
            let versions = [first, copy].map(|copy| copy.version.clone().unwrap_or_default());
            findings.push(second_copy(
                deployment,
                package,
                &format!(
                    "{package} {major} runs twice: {} is {}, {} is {}",
                    deployment.files.shown(first_url),
                    versions[0],
                    deployment.files.shown(url),
                    versions[1]
                ),
                first_url,
                url,
            ));
        }
    }
    let packages = packages(deployment, &known);
    let major_of = |url: &str| known.get(url)?.major;
    findings.extend(twins::findings(deployment, &packages, &mut told, major_of));
    findings.extend(copies_by_code(deployment, &packages, &known, &told));
    findings
}

/// URL → the package that the file is a copy of, as manifests and URLs say.
pub(super) fn known_copies(deployment: &Deployment) -> IndexMap<String, Copy> {
    let mut known = IndexMap::new();
    for (directory, manifest) in &deployment.manifests {
        for (name, provide) in &manifest.provides {
            let Some(export) = manifest.exports.get(name) else {
                continue;
            };
            let url = file_url(directory, &export.file);
            if !deployment.modules.contains_key(&url) {
                continue;
            }
            known.insert(
                url,
                Copy {
                    package: provide.package.clone().unwrap_or_else(|| name.clone()),
                    major: parse_version(&provide.version)
                        .filter(|_| provide.version != "0.0.0")
                        .map(|version| version.major),
                    version: Some(provide.version.clone()),
                    place: directory.clone(),
                },
            );
        }
    }
    for url in deployment.modules.keys() {
        let package = url::Url::parse(url).ok().and_then(|url| PackageUrl::of(&url));
        if let Some(package) = package
            && !known.contains_key(url)
        {
            known.insert(
                url.clone(),
                Copy {
                    major: package.major(),
                    package: package.name,
                    version: package.version,
                    place: package.place,
                },
            );
        }
    }
    known
}

/// A package that is mapped, with the files that only it is made of.
struct Package<'a> {
    name: String,
    url: &'a str,
    /// Its file, and what that imports by relative paths.
    files: Vec<&'a str>,
    code: Fingerprint,
}

/// Files that contain the code of a package that others import by its name.
fn copies_by_code(
    deployment: &Deployment,
    packages: &[Package],
    known: &IndexMap<String, Copy>,
    told: &[(String, String)],
) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let mut paired: Vec<[&str; 2]> = Vec::new();
    for package in packages.iter().filter(|package| package.code.len() >= SHORTEST) {
        for (other, module) in &deployment.modules {
            let is_told = told.iter().any(|(left, right)| {
                (left == package.url && right == other) || (left == other && right == package.url)
            });
            if is_told
                || package.files.contains(&other.as_str())
                || paired
                    .iter()
                    .any(|[first, second]| *first == other && package.files.contains(second))
                || may_share(deployment, known, package.url, other)
            {
                continue;
            }
            let Ok(surface) = &module.surface else { continue };
            let percent = copied_percent(&package.code, &surface.fingerprint).or_else(|| {
                let is_slice = packages.iter().all(|other_package| other_package.url != other);
                (is_slice && !imports_any(module, package))
                    .then(|| small_percent(package, &surface.fingerprint))
                    .flatten()
            });
            let Some(percent) = percent else { continue };
            paired.push([package.url, other]);
            findings.push(second_copy(
                deployment,
                &package.name,
                &format!(
                    "{} runs twice: {percent} % of its code, which {} has, stands in {} as well",
                    package.name,
                    deployment.files.shown(package.url),
                    deployment.files.shown(other)
                ),
                package.url,
                other,
            ));
        }
    }
    findings
}

/// How much of a package stands in a file, where that makes a copy: most of the package, or so much of it that the
/// file has a good part of it left after tree shaking.
fn copied_percent(package: &Fingerprint, file: &Fingerprint) -> Option<usize> {
    let percent = package.percent_in(file);
    let is_whole = percent >= ENOUGH_PERCENT;
    let is_shaken = file.len() >= SHORTEST && file.percent_in(package) >= ENOUGH_PERCENT;
    let is_large = percent >= 20 && package.len() * percent / 100 >= CERTAIN;
    (is_whole || is_shaken || is_large).then_some(percent)
}

/// How much of a package a slice has that took a little of it, where that little bears the package's name: a common
/// part of two packages would bear its own.
fn small_percent(package: &Package, file: &Fingerprint) -> Option<usize> {
    let part = package.code.part_in(file, split_package(&package.name).0);
    let percent = (part.runs * 100).checked_div(package.code.len())?;
    let is_copy =
        part.is_named && part.runs >= SMALL_PART && part.stretch >= SMALL_STRETCH && percent >= SMALL_PERCENT;
    is_copy.then_some(percent)
}

/// Whether a file gets the package from outside: what it has in common with it is its own then.
fn imports_any(module: &DeployedModule, package: &Package) -> bool {
    module
        .targets(|_| true)
        .any(|target| package.files.contains(&target.as_str()))
}

/// What manifests and URLs say to be packages, and what others import by a bare specifier. A slice that nobody
/// imports may have private copies of what it likes.
fn packages<'a>(deployment: &'a Deployment, known: &'a IndexMap<String, Copy>) -> Vec<Package<'a>> {
    let mut names: IndexMap<&str, String> = known
        .iter()
        .map(|(url, copy)| (url.as_str(), copy.package.clone()))
        .collect();
    for import in deployment.modules.values().flat_map(|module| &module.imports) {
        let Ok(target) = &import.target else { continue };
        let is_bare =
            !import.specifier.starts_with(['.', '/']) && url::Url::parse(&import.specifier).is_err();
        if is_bare && deployment.owner_of(target.as_str()).is_none() {
            names
                .entry(target.as_str())
                .or_insert_with(|| import.specifier.clone());
        }
    }
    let package = |(url, name): (&'a str, String)| {
        let mut files = vec![url];
        let mut code = Fingerprint::default();
        let mut next = 0;
        while let Some(&file) = files.get(next) {
            next += 1;
            let Some(module) = deployment.modules.get(file) else {
                continue;
            };
            if let Ok(surface) = &module.surface {
                code.add(&surface.fingerprint);
            }
            let relative = module
                .imports
                .iter()
                .filter(|import| import.specifier.starts_with('.'));
            for target in relative.filter_map(|import| import.target.as_ref().ok()) {
                if let Some((target, ..)) = deployment.modules.get_key_value(target.as_str())
                    && !files.contains(&target.as_str())
                {
                    files.push(target);
                }
            }
        }
        Package {
            name,
            url,
            files,
            code,
        }
    };
    names.into_iter().map(package).collect()
}

/// Whether two files may have common code: one build has made both, and it has every module once; or they are
/// copies of which manifests and addresses have told all.
fn may_share(deployment: &Deployment, known: &IndexMap<String, Copy>, url: &str, other: &str) -> bool {
    let place = |url| deployment.owner_of(url).map(|(directory, _)| directory);
    if place(url).is_some() && place(url) == place(other) {
        return true;
    }
    let (Some(copy), Some(other)) = (known.get(url), known.get(other)) else {
        return false;
    };
    let is_same_package = split_package(&copy.package).0 == split_package(&other.package).0;
    copy.place == other.place || is_same_package && copy.major.is_some() && other.major.is_some()
}

fn second_copy(deployment: &Deployment, package: &str, what: &str, first: &str, second: &str) -> Diagnostic {
    let chain = |url: &str| deployment.chain_to(url).join(" → ");
    Diagnostic::new(
        Code::SecondCopy,
        deployment.module_of(second),
        format!(
            "{what}. Both are reached: {} and {}. Each has its own state, so what one part of the page stores the other does not see.",
            chain(first),
            chain(second)
        ),
        format!(
            "Let both importers get one file: map `{package}` to it for everybody, and build the module with the \
             second copy again so that it imports {package} instead of bundling it."
        ),
    )
    .with_package(package)
    .with_found(deployment.files.shown(second))
    .with_required(deployment.files.shown(first))
}
