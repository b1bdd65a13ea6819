//! The files of a built module: into `dist`, and into the report.

use super::types::ModuleTypes;
use crate::base::{FileSystem, has_extension};
use crate::cache::Cache;
use crate::command::kept::Stored;
use crate::command::kept::module::contents;
use crate::command::report::{FileKind, FileReport, SideReport};
use crate::diagnostic::{Code, Diagnostic};
use crate::emit::write::{DistOutput, OutputFile, SideOutput, Written, write_dist};
use crate::emit::{EmittedFile, EmittedSide, dist_package_json};
use crate::link::Linkage;
use crate::protocol::{PackageRecord, Side};

/// Writes the module, and puts what is written into the cache, if there is one.
pub(super) fn write(
    files: &dyn FileSystem,
    linkage: &Linkage,
    sides: &[EmittedSide; 2],
    application: &[EmittedFile],
    types: &ModuleTypes,
    cache: Option<&Cache>,
) -> Result<(Vec<SideReport>, Written, Stored), Box<Diagnostic>> {
    let record = linkage.root();
    let package_path = record.path();
    let source = files.read(&package_path).map_err(|error| {
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
    let package_json = dist_package_json(&String::from_utf8_lossy(&source), &manifests, &types.of_exports)
        .expect("linking has read the same file as a JSON object");
    let manifest_texts: Vec<String> = sides.iter().map(|emitted| emitted.manifest.to_json()).collect();
    let mut extra = vec![OutputFile {
        path: "package.json",
        bytes: package_json.as_bytes(),
    }];
    extra.extend(application.iter().map(output_file));
    extra.extend(types.files.iter().map(output_file));
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
    let dist = linkage.root_real_dir().join("dist");
    let (written, kept) = rayon::join(
        || write_dist(&record.name, &dist, &output),
        || cache?.put_outputs(&contents(&output)),
    );
    let written = written.map_err(|diagnostic| at_export(record, *diagnostic))?;
    let reports = sides.iter().zip(&manifest_texts);
    let reports = reports.map(|(emitted, manifest)| side_report(emitted, manifest));
    Ok((reports.collect(), written, kept))
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

pub(super) fn application_report(file: &EmittedFile) -> FileReport {
    FileReport {
        path: file.path.clone(),
        bytes: file.bytes.len() as u64,
        kind: FileKind::Chunk,
        entry: None,
    }
}

pub(super) fn types_report(file: &EmittedFile) -> FileReport {
    FileReport {
        kind: FileKind::Record,
        ..application_report(file)
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
