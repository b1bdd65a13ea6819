//! `esmx-build build`: a declared module, or a module and everything it uses, from sources to `dist`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use indexmap::IndexMap;

use super::application::{ApplicationInput, application_files};
use super::module_assets::module_assets;
use super::report::{BuildReport, FileKind, FileReport, ModuleReport, SideReport};
use super::{BuildOptions, BuildScope, CommandError, Minification, Mode, Progress, SourceMaps, Stage};
use crate::base::{DiskFileSystem, FileSystem, has_extension};
use crate::bind::bind;
use crate::chunk::{InterfaceNames, chunk, chunk_keys};
use crate::diagnostic::{Code, Diagnostic, has_errors};
use crate::emit::write::{DistOutput, OutputFile, SideOutput, write_dist};
use crate::emit::{
    EmittedFile, EmittedSide, Integrity, ManifestFacts, ProvidedVersion, dist_package_json, emit_side,
};
use crate::graph::EntryKind;
use crate::link::{
    BehaviourFacts, LegacySide, LegacySource, Linkage, Origin, Owners, closure_in_build_order, link,
};
use crate::protocol::{PackageRecord, RecordError, Side, is_package_name, strip_source_extension};
use crate::render::{
    self, NamePattern, NamePatterns, RenderOptions, SourceMapPlace, StyleDelivery, StyleLoading, render,
};
use crate::resolve::{ResolveSettings, Resolver};
use crate::scan::{
    EntryRequest, Environment, ScanInput, SourceSettings, StylePrint, StyleSettings, SyntaxCache, scan,
};

/// Builds what the options ask for. Errors of the project are in the report.
///
/// # Errors
/// When the directory is no module at all.
pub fn build(options: &BuildOptions, progress: &dyn Progress) -> Result<BuildReport, CommandError> {
    let started = Instant::now();
    let workshop = Workshop::new(options);
    let order = closure_in_build_order(&workshop.files, &options.root, &workshop.facts)
        .map_err(|error| unusable(&options.root, &error))?;
    let mut report = BuildReport {
        notices: order
            .modules
            .last()
            .map(|root| workshop.facts.notices_about(&root.record))
            .unwrap_or_default(),
        ..BuildReport::default()
    };
    let units: Vec<_> = match options.scope {
        BuildScope::Root => order.modules.into_iter().rev().take(1).collect(),
        BuildScope::Closure => {
            report.diagnostics = order.diagnostics;
            order
                .modules
                .into_iter()
                .filter(|unit| unit.origin == Origin::Workspace)
                .collect()
        }
    };
    if !has_errors(&report.diagnostics) {
        progress.plan(
            &units
                .iter()
                .map(|unit| unit.record.name.clone())
                .collect::<Vec<_>>(),
        );
        for unit in units {
            let module = build_module(&workshop, &unit.record, &unit.dir, progress);
            let has_failed = has_errors(&module.diagnostics);
            report.modules.push(module);
            if has_failed {
                break;
            }
        }
        keep_warnings_of_root(&mut report, options);
    }
    report.duration = started.elapsed();
    Ok(report)
}

/// The root's own linking speaks for the whole closure; what a dependency would be warned of when it is
/// built alone repeats it from another point of view.
fn keep_warnings_of_root(report: &mut BuildReport, options: &BuildOptions) {
    for module in report
        .modules
        .iter_mut()
        .filter(|module| module.directory != options.root)
    {
        module.diagnostics.retain(Diagnostic::is_error);
    }
}

/// What all modules of one invocation share: files parsed once serve both sides and every module.
struct Workshop<'a> {
    options: &'a BuildOptions,
    files: DiskFileSystem,
    facts: BehaviourFacts,
    syntaxes: SyntaxCache,
    process_variables: BTreeMap<String, String>,
    resolvers: [Resolver; 2],
}

impl<'a> Workshop<'a> {
    fn new(options: &'a BuildOptions) -> Self {
        Self {
            options,
            files: DiskFileSystem,
            facts: BehaviourFacts::read(&DiskFileSystem, &options.root).overlaid(
                options
                    .links
                    .iter()
                    .map(|(name, dir)| (name.as_str(), dir.to_str().unwrap_or_default())),
            ),
            syntaxes: SyntaxCache::new(source_settings(options)),
            process_variables: process_variables(),
            resolvers: Side::BOTH.map(|side| {
                Resolver::new(&ResolveSettings {
                    conditions: options.resolution.conditions.clone(),
                    main_fields: options.resolution.main_fields.clone(),
                    tsconfig: options.sources.tsconfig.clone(),
                    ..ResolveSettings::of_side(side, options.mode)
                })
            }),
        }
    }

    fn facts_of(&self, record: &PackageRecord, dir: &Path) -> BehaviourFacts {
        if dir == self.options.root {
            self.facts.clone()
        } else {
            BehaviourFacts::of_dependency(&self.files, record, &self.facts)
        }
    }

    fn resolver(&self, side: Side) -> &Resolver {
        match side {
            Side::Client => &self.resolvers[0],
            Side::Server => &self.resolvers[1],
        }
    }
}

/// One module: link once, then both sides, then write.
fn build_module(
    workshop: &Workshop<'_>,
    record: &PackageRecord,
    dir: &Path,
    progress: &dyn Progress,
) -> ModuleReport {
    let started = Instant::now();
    let mut report = ModuleReport {
        name: record.label(),
        directory: dir.to_path_buf(),
        dist: dir.join("dist"),
        sides: Vec::new(),
        application: Vec::new(),
        diagnostics: Vec::new(),
        duration: started.elapsed(),
    };
    match build_linked(workshop, record, dir, &mut report, progress) {
        Ok(sides) => report.sides = sides,
        Err(diagnostics) => report.diagnostics.extend(diagnostics),
    }
    report.duration = started.elapsed();
    report
}

fn build_linked(
    workshop: &Workshop<'_>,
    record: &PackageRecord,
    dir: &Path,
    report: &mut ModuleReport,
    progress: &dyn Progress,
) -> Result<Vec<SideReport>, Vec<Diagnostic>> {
    let name = report.name.clone();
    progress.stage(&name, None, Stage::Link);
    let linkage = link(
        &workshop.files,
        dir,
        &workshop.facts_of(record, dir),
        Owners::Elected,
    )
    .map_err(|error| vec![unreadable_package(dir, &error)])?;
    if linkage.root().declaration.is_none() && linkage.legacy().is_none() {
        return Err(vec![not_declared(linkage.root())]);
    }
    report.diagnostics.extend(linkage.diagnostics.iter().cloned());
    report.diagnostics.extend(unusable_name(linkage.root()));
    report.diagnostics.extend(contested_names(linkage.root()));
    if has_errors(&report.diagnostics) {
        return Err(Vec::new());
    }
    let (client, server) = rayon::join(
        || build_side(workshop, &linkage, Side::Client, progress),
        || build_side(workshop, &linkage, Side::Server, progress),
    );
    let (client, server) = match (client, server) {
        (Ok(mut client), Ok(server)) => {
            client.add_served(&server.served_by_client);
            (client, server)
        }
        (client, server) => {
            return Err([client.err(), server.err()]
                .into_iter()
                .flatten()
                .flatten()
                .collect());
        }
    };
    let application = build_application(workshop, &linkage)?;
    progress.stage(&name, None, Stage::Write);
    let sides =
        write(workshop, &linkage, &[client, server], &application).map_err(|diagnostic| vec![*diagnostic])?;
    report.application = application.iter().map(application_report).collect();
    Ok(sides)
}

/// What starts the module in Node; a library has nothing to start.
fn build_application(
    workshop: &Workshop<'_>,
    linkage: &Linkage,
) -> Result<Vec<EmittedFile>, Vec<Diagnostic>> {
    if !linkage.is_application() {
        return Ok(Vec::new());
    }
    let module_name = &linkage.root().name;
    application_files(&ApplicationInput {
        files: &workshop.files,
        dir: linkage.root_real_dir(),
        module_name,
        resolver: workshop.resolver(Side::Server),
        syntaxes: &workshop.syntaxes,
    })
    .map_err(|diagnostics| named(diagnostics, module_name))
}

/// One side, from entry points to files in memory.
fn build_side(
    workshop: &Workshop<'_>,
    linkage: &Linkage,
    side: Side,
    progress: &dyn Progress,
) -> Result<EmittedSide, Vec<Diagnostic>> {
    let options = workshop.options;
    let module_name = &linkage.root().name;
    let tell = |stage| progress.stage(module_name, Some(side), stage);

    tell(Stage::Scan);
    let environment = Environment::read(
        &workshop.files,
        linkage.root_real_dir(),
        options.mode,
        side.into(),
        &workshop.process_variables,
    );
    let graph = scan(&ScanInput {
        files: &workshop.files,
        rule: linkage,
        root_dir: linkage.root_real_dir(),
        module_name,
        platform: side.into(),
        entries: entry_requests(linkage, side),
        resolver: workshop.resolver(side),
        environment: Some(&environment),
        syntaxes: &workshop.syntaxes,
    })?;
    tell(Stage::Bind);
    let bound = bind(graph).map_err(|diagnostics| named(diagnostics, module_name))?;
    tell(Stage::Chunk);
    let chunks = chunk(
        bound,
        match options.minification {
            Minification::Minified => InterfaceNames::Short,
            Minification::Readable => InterfaceNames::Readable,
        },
    )?;
    let keys = chunk_keys(&chunks, module_name);
    let assets = module_assets(module_name, linkage.root_real_dir(), side, options.mode);
    tell(Stage::Render);
    let rendered = render(
        &chunks,
        &RenderOptions {
            platform: side.into(),
            minification: match options.minification {
                Minification::Minified => render::Minification::On,
                Minification::Readable => render::Minification::Off,
            },
            source_maps: match options.source_maps {
                SourceMaps::Files => SourceMapPlace::Linked,
                SourceMaps::Omitted => SourceMapPlace::Nowhere,
            },
            names: file_names(options.mode),
            announced_keys: (side == Side::Server).then(|| keys.clone()),
            outer_text: options.outer_text.clone(),
            assets: assets.clone(),
            styles: match side {
                Side::Client => StyleDelivery::PerChunk,
                Side::Server => StyleDelivery::Omitted,
            },
            style_loading: match side {
                Side::Client => StyleLoading::EntriesToo,
                Side::Server => StyleLoading::Nobody,
            },
            output_dir: linkage.root_real_dir().join("dist").join(side.as_str()),
        },
    );
    let facts = manifest_facts(linkage, side, options.mode);
    Ok(emit_side(
        &chunks,
        rendered.into_iter().collect(),
        &keys,
        side,
        &assets,
        facts,
    ))
}

/// Variables that are no Unicode are no text that code could have.
pub(super) fn process_variables() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

fn source_settings(options: &BuildOptions) -> SourceSettings {
    SourceSettings {
        styles: StyleSettings {
            print: match options.minification {
                Minification::Minified => StylePrint::Minified,
                Minification::Readable => StylePrint::Readable,
            },
            ..options.sources.styles.clone()
        },
        mode: Some(options.mode),
        ..options.sources.clone()
    }
}

/// Production files are served as immutable, so their names carry a hash (PROTOCOL §10.1).
fn file_names(mode: Mode) -> NamePatterns {
    let (entries, chunks) = match mode {
        Mode::Production => ("[name].[hash].final.mjs", "chunks/[name].[hash].final.mjs"),
        Mode::Development => ("[name].mjs", "chunks/[name].mjs"),
    };
    let pattern = |text| NamePattern::parse(text, None).expect("these patterns are well formed");
    NamePatterns {
        entries: pattern(entries),
        chunks: pattern(chunks),
    }
}

/// What becomes a file that others import (PROTOCOL §10.2).
fn entry_requests(linkage: &Linkage, side: Side) -> Vec<EntryRequest> {
    if let Some(legacy) = linkage.legacy() {
        return legacy_entries(legacy.on(side));
    }
    let Some(declaration) = &linkage.root().declaration else {
        return Vec::new();
    };
    let mut entries = Vec::new();
    let mut add = |name: String, specifier: &str, kind| {
        entries.push(EntryRequest {
            name,
            specifier: specifier.to_owned(),
            kind,
        });
    };
    if let Some(path) = declaration.entry.as_ref().and_then(|entry| entry.on(side)) {
        add(framework_entry(side), path, EntryKind::Export);
    }
    for (name, files) in &declaration.exports {
        if let Some(path) = files.on(side) {
            add(name.clone(), path, EntryKind::Export);
        }
    }
    for package in &declaration.provides {
        add(package.clone(), package, EntryKind::Provided);
    }
    entries
}

/// What a legacy module exports, under the names that its list yields (PROTOCOL §14.2).
fn legacy_entries(side: &LegacySide) -> Vec<EntryRequest> {
    let entry = |(name, source): (&String, &LegacySource)| {
        let (specifier, kind) = match source {
            LegacySource::Package(specifier) => (specifier, EntryKind::Provided),
            LegacySource::File(path) => (path, EntryKind::Export),
        };
        EntryRequest {
            name: name.clone(),
            specifier: specifier.clone(),
            kind,
        }
    };
    side.exports.iter().map(entry).collect()
}

/// The fixed export name of a framework entry.
fn framework_entry(side: Side) -> String {
    format!("src/entry.{side}")
}

fn manifest_facts(linkage: &Linkage, side: Side, mode: Mode) -> ManifestFacts<'_> {
    let record = linkage.root();
    if let Some(legacy) = linkage.legacy() {
        return legacy_manifest_facts(record, legacy.on(side), mode);
    }
    let declaration = record.declaration.as_ref();
    let provides = linkage
        .elections
        .iter()
        .flat_map(|election| &election.candidates)
        .filter(|offer| offer.provider == record.name)
        .map(|offer| {
            let version = offer.version.clone().unwrap_or_else(|| "0.0.0".to_owned());
            (
                offer.name.clone(),
                ProvidedVersion {
                    version,
                    identity: offer.identity.clone(),
                },
            )
        })
        .collect();
    // Other builders derive a framework entry's name and key from its path: both forms work with both.
    let mut export_aliases = IndexMap::new();
    let mut chunk_aliases = IndexMap::new();
    let path = declaration.and_then(|declaration| declaration.entry.as_ref()?.on(side));
    if let Some(path) = path.and_then(|path| path.strip_prefix("./")) {
        let fixed = framework_entry(side);
        if strip_source_extension(path) != fixed {
            export_aliases.insert(strip_source_extension(path).to_owned(), fixed.clone());
        }
        // Rendering starts at the key of the default path, its extension included.
        if path != format!("{fixed}.ts") {
            chunk_aliases.insert(format!("{}@{fixed}.ts", record.name), fixed);
        }
    }
    ManifestFacts {
        name: &record.name,
        version: &record.version,
        uses: declaration
            .map(|one| one.uses.iter().map(ToString::to_string).collect())
            .unwrap_or_default(),
        wiring: own_wiring(linkage),
        inner_scopes: IndexMap::new(),
        provides,
        export_aliases,
        chunk_aliases,
        integrity: integrity(mode),
    }
}

fn integrity(mode: Mode) -> Integrity {
    match mode {
        Mode::Production => Integrity::Listed,
        Mode::Development => Integrity::Omitted,
    }
}

/// All scopes, `provides` from the exported packages, and nobody used (PROTOCOL §14.4).
fn legacy_manifest_facts<'a>(record: &'a PackageRecord, side: &LegacySide, mode: Mode) -> ManifestFacts<'a> {
    let mut scopes = side.scopes.clone();
    let provides = side.provides.iter().map(|(name, installed)| {
        let version = installed.version.clone().unwrap_or_else(|| "0.0.0".to_owned());
        let identity = installed.identity.clone();
        (name.clone(), ProvidedVersion { version, identity })
    });
    ManifestFacts {
        name: &record.name,
        version: &record.version,
        uses: Vec::new(),
        wiring: scopes.shift_remove("").unwrap_or_default(),
        inner_scopes: scopes,
        provides: provides.collect(),
        export_aliases: IndexMap::new(),
        chunk_aliases: IndexMap::new(),
        integrity: integrity(mode),
    }
}

/// The complete wiring table, with the module's own offers pointing at itself (PROTOCOL §10.3).
fn own_wiring(linkage: &Linkage) -> IndexMap<String, String> {
    linkage
        .wiring_of(&linkage.root().name)
        .cloned()
        .unwrap_or_default()
}

fn write(
    workshop: &Workshop<'_>,
    linkage: &Linkage,
    sides: &[EmittedSide; 2],
    application: &[EmittedFile],
) -> Result<Vec<SideReport>, Box<Diagnostic>> {
    let record = linkage.root();
    let package_path = record.path();
    let source = workshop.files.read(&package_path).map_err(|error| {
        Box::new(Diagnostic::new(
            Code::Io,
            &record.name,
            format!("Cannot read {}: {error}.", package_path.display()),
            "Make the file readable for the user who builds.",
        ))
    })?;
    let manifests: Vec<_> = sides
        .iter()
        .map(|emitted| (emitted.side, &emitted.manifest))
        .collect();
    let package_json = dist_package_json(&String::from_utf8_lossy(&source), &manifests)
        .expect("linking has read the same file as a JSON object");
    let manifest_texts: Vec<String> = sides.iter().map(|emitted| emitted.manifest.to_json()).collect();
    let mut extra = vec![OutputFile {
        path: "package.json",
        bytes: package_json.as_bytes(),
    }];
    extra.extend(application.iter().map(output_file));
    let output = DistOutput {
        sides: sides
            .iter()
            .zip(&manifest_texts)
            .map(|(emitted, manifest)| SideOutput {
                side: emitted.side,
                files: emitted.files.iter().map(output_file).collect(),
                manifest: manifest.as_bytes(),
            })
            .collect(),
        extra,
    };
    write_dist(&record.name, &linkage.root_real_dir().join("dist"), &output)
        .map_err(|diagnostic| at_export(record, *diagnostic))?;
    Ok(sides
        .iter()
        .zip(&manifest_texts)
        .map(|(emitted, manifest)| side_report(emitted, manifest))
        .collect())
}

/// An export names its file, so a name that cannot be written is blamed on the key it comes from.
fn at_export(record: &PackageRecord, diagnostic: Diagnostic) -> Box<Diagnostic> {
    let path = diagnostic.found.clone().unwrap_or_default();
    let is_file_of = |name: &&String| {
        Side::BOTH
            .iter()
            .any(|side| path.starts_with(&format!("{side}/{name}.")))
    };
    let exports = record
        .declaration
        .iter()
        .flat_map(|declaration| declaration.exports.keys());
    let location = exports
        .filter(is_file_of)
        .find_map(|name| record.location_of_key(&["esmx", "exports", &format!("./{name}")]));
    Box::new(match location {
        None => diagnostic,
        found => diagnostic.at(found),
    })
}

fn output_file(file: &EmittedFile) -> OutputFile<'_> {
    OutputFile {
        path: &file.path,
        bytes: &file.bytes,
    }
}

fn application_report(file: &EmittedFile) -> FileReport {
    FileReport {
        path: file.path.clone(),
        bytes: file.bytes.len() as u64,
        kind: FileKind::Chunk,
        entry: None,
    }
}

fn side_report(emitted: &EmittedSide, manifest: &str) -> SideReport {
    let is_export = |path: &str| {
        emitted
            .manifest
            .exports
            .values()
            .any(|export| export.file == path)
    };
    let is_chunk = |path: &str| emitted.manifest.chunks.values().any(|chunk| chunk.js == path);
    let mut files: Vec<FileReport> = emitted
        .files
        .iter()
        .map(|file| FileReport {
            path: file.path.clone(),
            bytes: file.bytes.len() as u64,
            kind: if is_export(&file.path) {
                FileKind::Export
            } else if is_chunk(&file.path) {
                FileKind::Chunk
            } else if has_extension(&file.path, &["map"]) {
                FileKind::SourceMap
            } else if has_extension(&file.path, &["css"]) {
                FileKind::Stylesheet
            } else {
                FileKind::Asset
            },
            entry: None,
        })
        .collect();
    files.push(FileReport {
        path: "manifest.json".to_owned(),
        bytes: manifest.len() as u64,
        kind: FileKind::Record,
        entry: None,
    });
    SideReport {
        side: emitted.side,
        files,
    }
}

fn named(mut diagnostics: Vec<Diagnostic>, module: &str) -> Vec<Diagnostic> {
    for diagnostic in &mut diagnostics {
        if diagnostic.module.is_empty() {
            module.clone_into(&mut diagnostic.module);
        }
    }
    diagnostics
}

fn not_declared(record: &PackageRecord) -> Diagnostic {
    Diagnostic::new(
        Code::Schema,
        record.label(),
        "This package has no `esmx` field, so it is not a module that can be built.",
        "Add `\"esmx\": { \"exports\": { \"./name\": \"./src/file.ts\" } }` to its package.json.",
    )
    .at(record.location_of_package())
}

/// Exports, provided packages and framework entries share one name space: `<module>/<name>`.
fn contested_names(record: &PackageRecord) -> Vec<Diagnostic> {
    let Some(declaration) = &record.declaration else {
        return Vec::new();
    };
    let contested = |name: &String| {
        let (rival, fix) = if declaration.provides.contains(name) {
            (
                "provided",
                format!("Rename the export, or remove {name:?} from esmx.provides."),
            )
        } else if declaration.entry.is_some() && Side::BOTH.iter().any(|side| framework_entry(*side) == *name)
        {
            (
                "a framework entry",
                "Rename the export: this name belongs to esmx.entry.".to_owned(),
            )
        } else {
            return None;
        };
        let message = format!(
            "`{name}` is exported and {rival}; both would be `{}/{name}`.",
            record.name
        );
        let location = record.location_of_key(&["esmx", "exports", &format!("./{name}")]);
        Some(Diagnostic::new(Code::Schema, &record.name, message, fix).at(location))
    };
    declaration.exports.keys().filter_map(contested).collect()
}

/// A module is imported and served by its name, so it needs one that fits into specifiers and URLs.
fn unusable_name(record: &PackageRecord) -> Option<Diagnostic> {
    if record.name.is_empty() {
        return Some(
            Diagnostic::new(
                Code::Schema,
                record.label(),
                "package.json has no `name`, and a module is imported by its name.",
                "Add `\"name\": \"…\"` to package.json.",
            )
            .at(record.location_of_package()),
        );
    }
    (!is_package_name(&record.name)).then(|| {
        Diagnostic::new(
            Code::Schema,
            &record.name,
            format!(
                "The name `{}` cannot name a module: it becomes part of URLs and import specifiers, so it must be an npm package name.",
                record.name
            ),
            "Write a name such as `shop` or `@acme/shop`.",
        )
        .at(record.location_of_value(&["name"]))
    })
}

fn unreadable_package(dir: &Path, error: &RecordError) -> Diagnostic {
    Diagnostic::new(
        Code::Io,
        dir.display().to_string(),
        format!("{error}."),
        "Create or correct the package.json of this directory.",
    )
    .at(error.location())
}

pub(super) fn unusable(dir: &Path, error: &RecordError) -> CommandError {
    CommandError::Unusable(Box::new(unreadable_package(dir, error)))
}
