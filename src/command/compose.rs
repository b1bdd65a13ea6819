//! `esmx-build compose`: from the manifests of a closure to the import maps that join them, proven before
//! anything is written.

use std::path::Path;
use std::time::Instant;

use indexmap::IndexMap;

use super::build::unusable;
use super::report::{ComposeReport, ElectionReport, FileKind, FileReport};
use super::{CommandError, ComposeOptions, Page, Progress, Stage, root_facts};
use crate::base::{DiskFileSystem, FileSystem, has_extension};
use crate::diagnostic::{Code, Diagnostic, Location, has_errors};
use crate::emit::write::{OutputFile, write_files};
use crate::import_map::{
    self, ComposeInput, ComposedModule, Composition, ImportMapDelivery, InjectError, Preload, StaticImports,
    changed_answers, collect_preloads, file_directory_url, script_file, verify,
};
use crate::link::{Election, Linkage, Major, Owners, link};
use crate::protocol::{Manifest, Side};
use crate::scan::static_imports;

/// Composes the closure of the options' root. Errors of the project are in the report.
///
/// # Errors
/// When the directory is no module at all.
pub fn compose(options: &ComposeOptions, progress: &dyn Progress) -> Result<ComposeReport, CommandError> {
    let started = Instant::now();
    let files = DiskFileSystem;
    let facts = root_facts(&files, &options.root, &options.links);
    let linkage = link(&files, &options.root, &facts, Owners::Elected)
        .map_err(|error| unusable(&options.root, &error))?;
    let name = linkage.root().label();
    progress.stage(&name, None, Stage::Compose);
    let mut report = ComposeReport {
        name: name.clone(),
        directory: options.root.clone(),
        dist: options.root.join("dist"),
        modules: std::iter::once(name)
            .chain(linkage.mounts().iter().map(|mount| mount.name.clone()))
            .collect(),
        elections: linkage.elections.iter().map(election_report).collect(),
        diagnostics: linkage.diagnostics.clone(),
        notices: facts.notices_about(linkage.root()),
        ..ComposeReport::default()
    };
    if !has_errors(&report.diagnostics) {
        match compose_files(options, &files, &linkage) {
            Ok(documents) => match write(&linkage, &report.dist, &documents) {
                Ok(written) => report.files = written,
                Err(diagnostic) => report.diagnostics.push(*diagnostic),
            },
            Err(diagnostics) => report.diagnostics.extend(diagnostics),
        }
    }
    report.duration = started.elapsed();
    Ok(report)
}

/// A file of the composition, relative to the host's `dist`.
struct Document {
    path: String,
    text: String,
}

fn compose_files(
    options: &ComposeOptions,
    files: &dyn FileSystem,
    linkage: &Linkage,
) -> Result<Vec<Document>, Vec<Diagnostic>> {
    let client = compose_input(options, files, linkage, Side::Client)?;
    let server = compose_input(options, files, linkage, Side::Server)?;
    let client_map = over_shared_map(options, &client, proven(&client)?)?;
    let server_map = proven(&server)?;
    let unbased = import_map::compose(&ComposeInput {
        base: String::new(),
        ..client.clone()
    });
    let script = script_file(&options.shared.entries().under(&unbased.map, ""));
    let mut documents = vec![
        Document {
            path: "client/importmap.json".to_owned(),
            text: client_map.map.to_json(),
        },
        Document {
            path: format!("client/{}", script.file),
            text: script.content,
        },
        Document {
            path: "server/importmap.json".to_owned(),
            text: server_map.map.to_json(),
        },
    ];
    if options.page == Page::Html {
        let text = page(files, linkage, &client, &client_map)?;
        documents.push(Document {
            path: "client/index.html".to_owned(),
            text,
        });
    }
    Ok(documents)
}

/// The manifests of one side, the root's first, then in mount order.
fn compose_input(
    options: &ComposeOptions,
    files: &dyn FileSystem,
    linkage: &Linkage,
    side: Side,
) -> Result<ComposeInput, Vec<Diagnostic>> {
    let root = linkage.root();
    let root_artifact = linkage.root_artifact_dir();
    let artifacts = std::iter::once((root.label(), root_artifact.as_path())).chain(
        linkage
            .mounts()
            .iter()
            .map(|mount| (mount.name.clone(), mount.artifact_dir.as_path())),
    );
    let mut modules = Vec::new();
    let mut diagnostics = Vec::new();
    for (name, artifact) in artifacts {
        match composed_module(files, &root.label(), &name, &artifact.join(side.as_str()), side) {
            Ok(module) => modules.push(module),
            Err(diagnostic) => diagnostics.push(diagnostic.at(location_of_use(linkage, &name))),
        }
    }
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    Ok(ComposeInput {
        root: root.label(),
        side,
        modules,
        rewires: linkage.rewires(),
        base: match side {
            Side::Client => options.base.as_str().to_owned(),
            Side::Server => String::new(),
        },
    })
}

/// The first place that says a module is used, the root's before all others.
fn location_of_use(linkage: &Linkage, name: &str) -> Option<Location> {
    std::iter::once(linkage.root())
        .chain(linkage.mounts().iter().map(|mount| &mount.record))
        .find_map(|record| record.location_of_item(&["esmx", "uses"], name))
}

fn composed_module(
    files: &dyn FileSystem,
    host: &str,
    name: &str,
    directory: &Path,
    side: Side,
) -> Result<ComposedModule, Box<Diagnostic>> {
    let path = directory.join("manifest.json");
    let not_built = |reason: String| {
        Box::new(
            Diagnostic::new(
                Code::NotBuilt,
                host,
                format!(
                    "`{name}` has no usable {side} build: {} {reason}.",
                    path.display()
                ),
                format!("Run `esmx-build build` in `{name}`, or `esmx-build build -r` in the host."),
            )
            .with_package(name),
        )
    };
    let bytes = files
        .read(&path)
        .map_err(|error| not_built(format!("cannot be read ({error})")))?;
    let manifest =
        Manifest::parse(&bytes).map_err(|error| not_built(format!("is not a manifest ({error})")))?;
    let directory_url = match side {
        Side::Client => None,
        Side::Server => {
            // Node reports real paths as referrers: a symlinked key would never match.
            let real = files
                .real_path(directory)
                .map_err(|error| not_built(format!("({error})")))?;
            Some(file_directory_url(&real))
        }
    };
    Ok(ComposedModule {
        name: name.to_owned(),
        manifest,
        directory_url,
    })
}

/// The composed map, after every wired specifier was resolved through it as a browser would.
fn proven(input: &ComposeInput) -> Result<Composition, Vec<Diagnostic>> {
    let composition = import_map::compose(input);
    let findings = verify(input, &composition.map);
    if has_errors(&findings) {
        Err(findings)
    } else {
        Ok(composition)
    }
}

/// The composed map with what only the shared one answers. Node has what the host has installed instead.
fn over_shared_map(
    options: &ComposeOptions,
    input: &ComposeInput,
    composition: Composition,
) -> Result<Composition, Vec<Diagnostic>> {
    let shared = options.shared.entries();
    if shared.is_empty() {
        return Ok(composition);
    }
    let unusable = |message: String, fix: &str| Diagnostic::new(Code::ImportMap, &input.root, message, fix);
    if let Some(relative) = shared.relative_url() {
        let message = format!(
            "The shared map has `{relative}`, which means another URL for each page that has the map."
        );
        let fix = "Write the URL from the root of the host on, such as /npm/vue.mjs, or with its host.";
        return Err(vec![unusable(message, fix).with_found(relative)]);
    }
    let map = shared.under(&composition.map, &input.base);
    let modules = input.modules.iter();
    let directories: Vec<String> = modules.map(|module| input.file_url(module, "")).collect();
    let changed: Vec<Diagnostic> = changed_answers(&composition.map, &map, &directories)
        .into_iter()
        .map(|answer| {
            let message = format!(
                "In files below {}, the shared map answers `{}` itself, and not as what the host uses is wired.",
                answer.referrer, answer.specifier
            );
            let fix = "Take the entry out of that scope of the shared map, or the module out of `uses`.";
            unusable(message, fix)
                .with_package(&answer.specifier)
                .with_found(answer.shared)
                .with_required(answer.composed)
        })
        .collect();
    if changed.is_empty() {
        Ok(Composition { map, ..composition })
    } else {
        Err(changed)
    }
}

fn page(
    files: &dyn FileSystem,
    linkage: &Linkage,
    input: &ComposeInput,
    composition: &Composition,
) -> Result<String, Vec<Diagnostic>> {
    let root = linkage.root();
    let entry = format!("{}/src/entry.client", root.name);
    let has_entry = input.modules[0].manifest.exports.contains_key("src/entry.client");
    if !has_entry {
        return Err(vec![
            Diagnostic::new(
                Code::NoExport,
                &root.name,
                "A page needs something to start, and this module has no client entry.",
                "Add `\"entry\": { \"client\": \"./src/entry.client.ts\" }` to `esmx` and build, or compose without `--html`.",
            )
            .with_package(&root.name)
            .with_found("src/entry.client")
            .at(root.location_of_key(&["esmx"])),
        ]);
    }
    let preload = collect_preloads(
        input,
        composition,
        &entry,
        &imports_of_files(files, linkage, input),
    );
    let unresolved = unresolved_imports(&root.name, &preload);
    if !unresolved.is_empty() {
        return Err(unresolved);
    }
    let page = import_map::Page {
        language: "en",
        title: &root.name,
        head: "",
        body: "<div id=\"app\"></div>",
        state: None,
        import_map: ImportMapDelivery::Inline(&composition.map),
        preload: &preload,
        entry: &entry,
    };
    let template = linkage.root_real_dir().join("index.html");
    match files.read(&template) {
        Ok(text) => page
            .fill(&String::from_utf8_lossy(&text), &composition.map)
            .map_err(|error| vec![unusable_template(&root.name, &template, &error)]),
        Err(_) => Ok(page.to_html()),
    }
}

fn unusable_template(root: &str, template: &Path, error: &InjectError) -> Diagnostic {
    Diagnostic::new(
        Code::ImportMap,
        root,
        format!("{} cannot carry the import map: {error}.", template.display()),
        "Give index.html a head, and leave its import map to the build.",
    )
}

/// The static imports of every client file.
fn imports_of_files(files: &dyn FileSystem, linkage: &Linkage, input: &ComposeInput) -> StaticImports {
    let mut imports: StaticImports = IndexMap::new();
    let root_artifact = linkage.root_artifact_dir();
    for module in &input.modules {
        let artifact = linkage
            .mounts()
            .get(&module.name)
            .map_or(root_artifact.as_path(), |mount| &mount.artifact_dir);
        for file in module
            .manifest
            .files
            .iter()
            .filter(|file| has_extension(file, &["mjs", "js"]))
        {
            let Ok(bytes) = files.read(&artifact.join(Side::Client.as_str()).join(file)) else {
                continue;
            };
            if let Some(found) = static_imports(&String::from_utf8_lossy(&bytes)) {
                imports.insert(input.file_url(module, file), found);
            }
        }
    }
    imports
}

fn unresolved_imports(root: &str, preload: &Preload) -> Vec<Diagnostic> {
    preload
        .unresolved
        .iter()
        .map(|import| {
            let importer = import.referrer.as_deref().unwrap_or("the page");
            Diagnostic::new(
                Code::ImportMap,
                root,
                format!(
                    "{importer} imports '{}', which the composed map does not answer: {}.",
                    import.specifier, import.reason
                ),
                "Build the module that imports it again, so that its manifest lists the specifier; or name the map that it \
                 shares with others with `--import-map`.",
            )
            .with_found(import.specifier.clone())
        })
        .collect()
}

fn write(linkage: &Linkage, dist: &Path, documents: &[Document]) -> Result<Vec<FileReport>, Box<Diagnostic>> {
    let output: Vec<OutputFile<'_>> = documents
        .iter()
        .map(|document| OutputFile {
            path: &document.path,
            bytes: document.text.as_bytes(),
        })
        .collect();
    write_files(&linkage.root().label(), dist, &output)?;
    Ok(documents
        .iter()
        .map(|document| FileReport {
            path: document.path.clone(),
            bytes: document.text.len() as u64,
            kind: FileKind::Document,
            entry: None,
        })
        .collect())
}

pub(super) fn election_report(election: &Election) -> ElectionReport {
    ElectionReport {
        package: election.group.identity.clone(),
        major: match election.group.major {
            Major::Number(major) => Some(major),
            Major::Unknown => None,
        },
        winner: election.winner.provider.clone(),
        name: election.winner.name.clone(),
        version: election.winner.version.clone(),
        losers: election.losers().map(|offer| offer.provider.clone()).collect(),
    }
}
