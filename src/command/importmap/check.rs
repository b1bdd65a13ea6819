//! `importmap check`: a map is good when everything that can be imported through it arrives.

pub(super) mod attributed;
mod integrity;

use serde::Serialize;

use super::deployment::{Binding, Deployment, Import, names_a_hash};
use super::files::{Fetched, Files, Place, is_javascript};
use super::surface::RequestTarget;
use super::{TextSource, copies, pinned};
use crate::command::CommandError;
use crate::diagnostic::{Code, Diagnostic, has_errors, nearest};
use crate::import_map::{ParseError, ParseWarning};
use crate::protocol::split_package;

/// What `importmap check` is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOptions {
    /// The map.
    pub map: TextSource,
    /// Where its files are.
    pub place: Place,
}

/// What was checked.
#[derive(Debug, Default, Serialize)]
pub struct CheckReport {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// Every file that can be imported, to the end of the graph.
    pub files: Vec<CheckedFile>,
    /// The modules whose manifests were found.
    pub modules: Vec<String>,
    /// What is wrong.
    #[serde(skip)]
    pub diagnostics: Vec<Diagnostic>,
}

/// One file of the graph.
#[derive(Debug, Serialize)]
pub struct CheckedFile {
    /// Its URL, or its path in the directory.
    pub url: String,
    /// Its size; absent when it is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<usize>,
    /// Whether the map names a hash of it.
    pub integrity: bool,
}

/// Loads everything and looks at it.
pub(super) fn check(options: &CheckOptions) -> Result<CheckReport, CommandError> {
    let text = options.map.read()?;
    Ok(match Deployment::load(&text, Files::at(&options.place)) {
        Ok(deployment) => report(&deployment),
        Err(error) => CheckReport {
            diagnostics: vec![no_map(&options.map.label(), &error)],
            ..CheckReport::default()
        },
    })
}

/// A text that is no import map.
pub(super) fn no_map(label: &str, error: &ParseError) -> Diagnostic {
    Diagnostic::new(
        Code::ImportMap,
        label,
        format!("{label} is no import map: {error}. A browser would ignore all of it."),
        "Write an object with the members `imports`, `scopes` and `integrity`, each an object, all optional.",
    )
}

fn report(deployment: &Deployment) -> CheckReport {
    let diagnostics = findings(deployment);
    CheckReport {
        ok: !has_errors(&diagnostics),
        files: deployment
            .modules
            .iter()
            // A module in its URL is no file.
            .filter(|(url, _)| !url.starts_with("data:"))
            .map(|(url, module)| CheckedFile {
                url: deployment.files.shown(url),
                bytes: module.file.as_ref().ok().map(|file| file.bytes.len()),
                integrity: deployment
                    .map
                    .integrity
                    .get(url)
                    .is_some_and(|metadata| names_a_hash(metadata)),
            })
            .collect(),
        modules: deployment
            .manifests
            .values()
            .map(|manifest| manifest.name.clone())
            .collect(),
        diagnostics,
    }
}

/// Everything that is wrong with a deployment, in the order of its files.
pub(super) fn findings(deployment: &Deployment) -> Vec<Diagnostic> {
    let mut findings: Vec<Diagnostic> = deployment
        .warnings
        .iter()
        // `null` is how a map blocks a specifier.
        .filter(|warning| !matches!(warning, ParseWarning::AddressNotAString(_)))
        .map(dropped_entry)
        .collect();
    findings.extend(pinned::findings(deployment));
    for url in deployment.modules.keys() {
        findings.extend(objection_to_file(deployment, url));
        findings.extend(objections_to_imports(deployment, url));
    }
    findings.extend(attributed::findings(deployment, |_, _| true));
    findings.extend(integrity::findings(deployment));
    findings.extend(copies::findings(deployment));
    findings
}

fn dropped_entry(warning: &ParseWarning) -> Diagnostic {
    Diagnostic::new(
        Code::ImportMap,
        "import map",
        format!("A browser would drop an entry: {warning}."),
        "Correct the entry, or take it out.",
    )
}

/// There, for everybody, JavaScript, and a module.
pub(super) fn objection_to_file(deployment: &Deployment, url: &str) -> Option<Diagnostic> {
    let module = &deployment.modules[url];
    let shown = deployment.files.shown(url);
    let (message, fix) = match (&module.file, &module.surface) {
        (Err(reason), _) => (
            format!("{shown} does not arrive: {reason}."),
            "Deploy the file, or compose the map again from the manifests of what is deployed.".to_owned(),
        ),
        (Ok(Fetched { refusal: Some(refusal), .. }), _) => (
            format!("{shown} is of another origin, and a browser does not let the page run it: {refusal}."),
            "Let the server of the file send `Access-Control-Allow-Origin: *`, or the origin of the page; or serve the \
             file where the page is."
                .to_owned(),
        ),
        (Ok(file), _) if !is_javascript(&file.mime) => {
            let mime = if file.mime.is_empty() {
                "no type"
            } else {
                &file.mime
            };
            (
                format!("{shown} is served as {mime}, and a browser runs no module of that type."),
                "Let the server send `Content-Type: text/javascript`; a page in place of the file means that it is missing."
                    .to_owned(),
            )
        }
        (Ok(_), Err(reason)) => (
            format!("{shown} is no ES module: {reason}."),
            "Deploy the file as it was built; CommonJS has to be bundled first.".to_owned(),
        ),
        _ => return None,
    };
    Some(
        Diagnostic::new(
            Code::DeployedFile,
            deployment.module_of(url),
            format!("{message}{}", reached(deployment, url)),
            fix,
        )
        .with_found(shown),
    )
}

/// “It is imported by …”, where somebody does.
fn reached(deployment: &Deployment, url: &str) -> String {
    let chain = deployment.chain_to(url);
    if chain.len() > 1 {
        return format!(" The way there: {}.", chain.join(" → "));
    }
    let specifier = deployment
        .addresses()
        .find(|(_, address)| address.as_str() == url)
        .map(|(specifier, _)| specifier);
    specifier.map_or_else(String::new, |specifier| {
        format!(" The map names it for `{specifier}`.")
    })
}

pub(super) fn objections_to_imports(deployment: &Deployment, url: &str) -> Vec<Diagnostic> {
    let module = &deployment.modules[url];
    let imports = module.imports.iter();
    imports
        .flat_map(|import| match &import.target {
            Err(reason) => unresolved(deployment, url, import, reason).into_iter().collect(),
            Ok(target) => objections_to_names(deployment, url, import, target.as_str()),
        })
        .collect()
}

pub(super) fn unresolved(
    deployment: &Deployment,
    url: &str,
    import: &Import,
    reason: &str,
) -> Option<Diagnostic> {
    // Node asks its own resolution next (PROTOCOL §11.5).
    if url.starts_with("file:") {
        return None;
    }
    let shown = deployment.files.shown(url);
    let specifier = &import.specifier;
    Some(
        Diagnostic::new(
            Code::ImportMap,
            deployment.module_of(url),
            format!("{shown} imports `{specifier}`, which the map does not answer: {reason}."),
            format!(
                "Add an entry for `{specifier}`, or build the module again so that its manifest lists the import."
            ),
        )
        .with_package(split_package(specifier).0)
        .with_found(specifier.clone()),
    )
}

/// Names that the target does not have, or not as one thing.
pub(super) fn objections_to_names(
    deployment: &Deployment,
    url: &str,
    import: &Import,
    target: &str,
) -> Vec<Diagnostic> {
    let mut missing: Vec<&str> = Vec::new();
    let mut others = Vec::new();
    for name in &import.names {
        match deployment.imported(import.kind, target, name) {
            Binding::Missing => missing.push(name),
            Binding::Ambiguous([one, other]) => others.push((
                name,
                format!(
                    "which gets it twice, from {} and from {}; so it has neither",
                    deployment.files.shown(&one),
                    deployment.files.shown(&other)
                ),
            )),
            Binding::Circular => others.push((
                name,
                "which takes it from a file that takes it from there again; nobody has it".to_owned(),
            )),
            Binding::Found { .. } | Binding::Unknown => {}
        }
    }
    let shown = deployment.files.shown(url);
    let finding = |message: String, found: String, fix: &str| {
        Diagnostic::new(Code::MissingExport, deployment.module_of(url), message, fix)
            .with_package(split_package(&import.specifier).0)
            .with_found(found)
    };
    let mut findings = Vec::new();
    if let Some(first) = missing.first() {
        let hint = if import.kind == RequestTarget::Script {
            let exports = deployment.exports_of(target).unwrap_or_default();
            nearest(first, exports.iter().map(String::as_str))
                .map_or_else(String::new, |near| format!(" It has `{near}`."))
        } else {
            " What is no JavaScript has only `default`.".to_owned()
        };
        findings.push(finding(
            format!(
                "{shown} imports {} from `{}`, and {} has no such export.{hint}",
                quoted(&missing),
                import.specifier,
                deployment.files.shown(target)
            ),
            missing.join(", "),
            "Deploy versions that belong together: build the importer against what is deployed, or deploy what it \
             was built against.",
        ));
    }
    findings.extend(others.into_iter().map(|(name, reason)| {
        finding(
            format!("{shown} imports `{name}` from `{}`, {reason}.", import.specifier),
            name.clone(),
            "Export the name from the file that declares it, once, and build again.",
        )
    }));
    findings
}

pub(super) fn quoted(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
