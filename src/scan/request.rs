//! One task of the worklist: a file's syntax, and where each of its requests leads on this side.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::data_url::embedded_file;
use super::file_use::{FileUse, own_instance, split_specifier};
use super::optional_peers;
use super::resource_request;
use super::unresolved::{self, Asked};
use super::{EntryRequest, FoundTarget, ScanInput, ScannedFile};
use crate::base::{normalize, relative_posix, to_posix};
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::graph::{EntryKind, External, ImportRecord, RequestSyntax, Resource};
use crate::link::{
    IssuerPackage, LegacyModule, Request, RequestKind as LookupKind, Wiring, is_unprefixed_builtin,
};
use crate::resolve::{Platform, RequestKind, Resolved, ResolvedFile};

/// The name of the virtual file that stands for a module switched off by a `browser` field.
pub const IGNORED_FILE: &str = "(ignored)";

/// The virtual empty file.
pub fn ignored_file(root_dir: &Path) -> ResolvedFile {
    ResolvedFile {
        path: root_dir.join(IGNORED_FILE),
        is_module_type: false,
        is_commonjs_type: true,
        may_have_side_effects: false,
        package_name: None,
        package_dir: None,
    }
}

/// The file of an entry point.
pub fn resolve_entry(input: &ScanInput<'_>, entry: &EntryRequest) -> Result<ResolvedFile, Box<Diagnostic>> {
    let importer = input.root_dir.join("package.json");
    let resolved = input
        .resolver
        .resolve(&importer, &entry.specifier, RequestKind::Import);
    if resolved.is_err()
        && let Some(problem) = input.syntaxes.tsconfig_problem(&importer)
    {
        return Err(problem);
    }
    match resolved {
        Ok(Resolved::File(file)) => Ok(file),
        Ok(Resolved::Ignored) => Ok(ignored_file(input.root_dir)),
        Err(error) if let Some(legacy) = input.rule.legacy() => Err(Box::new(missing_legacy_source(
            input,
            legacy,
            entry,
            &error.reason,
        ))),
        Err(error) => Err(Box::new(match entry.kind {
            EntryKind::Provided => Diagnostic::new(
                Code::Unresolved,
                input.module_name,
                format!(
                    "`{}` is provided but cannot be resolved: {}.",
                    entry.specifier, error.reason
                ),
                format!(
                    "Add `{}` to `dependencies` and install, or remove it from `esmx.provides`.",
                    crate::protocol::split_package(&entry.specifier).0
                ),
            )
            .at(input.rule.location_of_provided(&entry.specifier)),
            EntryKind::Plain => Diagnostic::new(
                Code::TargetMissing,
                input.module_name,
                format!(
                    "The entry `{}` cannot be resolved: {}.",
                    entry.specifier,
                    if error.is_not_found {
                        "there is no such file or package"
                    } else {
                        &error.reason
                    }
                ),
                "Create the file, or correct the path.",
            )
            .with_found(entry.specifier.clone()),
            EntryKind::Export | EntryKind::Dynamic => Diagnostic::new(
                Code::TargetMissing,
                input.module_name,
                format!(
                    "The source of `{}` does not exist: {}.",
                    entry.name, entry.specifier
                ),
                format!(
                    "Create {}, or correct the path in `package.json`.",
                    entry.specifier
                ),
            )
            .with_found(entry.specifier.clone()),
        })),
    }
}

/// A source that the `exports` of a behaviour file name, or a framework entry that the module should have.
fn missing_legacy_source(
    input: &ScanInput<'_>,
    legacy: &LegacyModule,
    entry: &EntryRequest,
    reason: &str,
) -> Diagnostic {
    let EntryRequest { name, specifier, .. } = entry;
    let location = legacy.location_of_export(name);
    if entry.kind == EntryKind::Provided {
        let message = format!("`{specifier}` is exported but cannot be resolved: {reason}.");
        let package = crate::protocol::split_package(specifier).0;
        let fix = format!(
            "Add `{package}` to `dependencies` and install, or remove it from `modules.exports` of the behaviour file."
        );
        return Diagnostic::new(Code::Unresolved, input.module_name, message, fix).at(location);
    }
    let message = format!("The source of `{name}` does not exist: {specifier}.");
    let fix = match location {
        Some(_) => format!("Create {specifier}, or correct the path in the behaviour file."),
        None => format!("Create {specifier}.ts, or write `lib: true` if the module is no application."),
    };
    Diagnostic::new(Code::TargetMissing, input.module_name, message, fix)
        .with_found(specifier.clone())
        .at(location.or_else(|| Some(legacy.location().clone())))
}

/// Reads a file and resolves everything it requests.
#[tracing::instrument(skip_all, fields(path = %file.path.display()))]
pub fn scan_file(input: &ScanInput<'_>, mut file: ResolvedFile) -> Result<ScannedFile, Vec<Diagnostic>> {
    file.may_have_side_effects |= !input.syntaxes.trusts_side_effects();
    let syntax = input.syntaxes.load(input.files, &file, input.environment)?;
    let stable_path = stable_path(input.root_dir, &file.path);
    let kept = input.kept_targets.filter(|_| input.syntaxes.notes_no_requests());
    if let Some(targets) = kept.and_then(|kept| kept.of(&file.path, &syntax)) {
        return Ok(ScannedFile {
            file,
            stable_path,
            syntax,
            targets,
        });
    }
    let issuer = issuer_package(input, &file);
    let mut targets = Vec::with_capacity(syntax.records.len());
    let mut diagnostics = Vec::new();
    for record in &syntax.records {
        let asked = Asked {
            importer: &file.path,
            syntax: &syntax,
            record,
        };
        if record.syntax == RequestSyntax::RequireResolve {
            targets.push(find_named(input, &file, issuer.as_deref(), &asked));
            continue;
        }
        match find_target(input, &file, issuer.as_deref(), &asked) {
            Ok(target) => targets.push(target),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    Ok(ScannedFile {
        file,
        stable_path,
        syntax,
        targets,
    })
}

/// The installed package a file belongs to, when it is not the module's own source: what its own
/// `package.json` says decides which major it gets (PROTOCOL §9, issuer-aware major).
pub fn issuer_package(input: &ScanInput<'_>, file: &ResolvedFile) -> Option<Arc<IssuerPackage>> {
    let dir = file.package_dir.as_ref()?;
    let is_own = dir == input.root_dir
        || !file
            .path
            .components()
            .any(|part| part.as_os_str() == "node_modules");
    if is_own {
        return None;
    }
    input.issuers.in_directory(input.files, dir)
}

/// Where `require.resolve()` leads. It fails when it runs, and what is no module keeps its name.
fn find_named(
    input: &ScanInput<'_>,
    file: &ResolvedFile,
    issuer: Option<&IssuerPackage>,
    asked: &Asked<'_>,
) -> FoundTarget {
    let specifier = &asked.record.specifier;
    let is_in_node = input.platform == Platform::Node;
    // Node finds at run time what is installed, whether it is bundled or not.
    if is_in_node && !specifier.starts_with('.') {
        return builtin(specifier);
    }
    match find_target(input, file, issuer, asked) {
        Ok(FoundTarget::File(found)) if !is_script(&found.path) => builtin(specifier),
        Ok(target) => target,
        Err(_) => FoundTarget::Missing,
    }
}

fn is_script(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| {
        ["js", "cjs", "mjs", "jsx", "ts", "cts", "mts", "tsx", "json"].contains(&extension)
    })
}

fn find_target(
    input: &ScanInput<'_>,
    file: &ResolvedFile,
    issuer: Option<&IssuerPackage>,
    asked: &Asked<'_>,
) -> Result<FoundTarget, Box<Diagnostic>> {
    let record = asked.record;
    let is_of_style = matches!(asked.syntax.resource, Some(Resource::Style(_)));
    if is_of_style || matches!(record.syntax, RequestSyntax::Asset | RequestSyntax::StyleText) {
        return resource_request::find_target(input, file, asked);
    }
    let (specifier, _) = split_specifier(&record.specifier);
    let request = Request {
        specifier,
        side: input.platform.side(),
        kind: match record.syntax {
            RequestSyntax::Static => LookupKind::Static,
            RequestSyntax::Require | RequestSyntax::RequireInTry | RequestSyntax::RequireResolve => {
                LookupKind::Require
            }
            _ => LookupKind::Dynamic,
        },
        exempt: None,
        issuer,
    };
    let at_import = |diagnostic: Diagnostic| Box::new(diagnostic.at(Some(asked.location())));
    let wiring = input
        .rule
        .lookup(input.files, &request)
        .map_err(|diagnostic| at_import(*diagnostic))?;
    match wiring {
        Wiring::External { .. }
            if input.rule.stays_if_installed(specifier)
                && input
                    .resolver
                    .is_own_by_paths(&file.path, specifier, kind_of(record)) =>
        {
            resolve(input, file, &record.specifier, asked)
        }
        // Node's own `require` finds it, when it is asked for and as a CommonJS module sees it.
        Wiring::External { specifier }
            if input.platform == Platform::Node && request.kind == LookupKind::Require =>
        {
            Ok(builtin(&specifier))
        }
        Wiring::Provided { specifier }
        | Wiring::LogicalExport { specifier }
        | Wiring::External { specifier } => Ok(external(&specifier, record)),
        Wiring::Url if let Some(embedded) = embedded_file(input.root_dir, &record.specifier) => {
            let path = input.syntaxes.embed(embedded);
            let wish = wish_of_type(input, asked, &path)?;
            let file = ResolvedFile {
                path,
                is_module_type: false,
                is_commonjs_type: false,
                may_have_side_effects: true,
                package_name: None,
                package_dir: None,
            };
            Ok(FoundTarget::File(Box::new(used(file, wish))))
        }
        Wiring::Url => Ok(external(&record.specifier, record)),
        Wiring::Builtin if input.platform == Platform::Node => Ok(builtin(&record.specifier)),
        // A `browser` field may have something in its place.
        Wiring::Builtin => resolve(input, file, &record.specifier, asked)
            .map_err(|_| Box::new(unresolved::builtin_on_client(input, asked))),
        Wiring::SelfAlias { path } => {
            let specifier = to_posix(&path);
            resolve(input, file, &specifier, asked).map_err(|_| at_import(input.rule.no_export(&request)))
        }
        Wiring::OwnCopy if is_unprefixed_builtin(specifier) => {
            let found = resolve(input, file, &record.specifier, asked);
            match (found, input.platform) {
                (Ok(target), _) => Ok(target),
                (Err(_), Platform::Browser) => Err(Box::new(unresolved::builtin_on_client(input, asked))),
                (Err(_), Platform::Node | Platform::Neutral) => Ok(external(&record.specifier, record)),
            }
        }
        Wiring::Alias { specifier } => resolve(input, file, &specifier, asked),
        Wiring::Relative | Wiring::OwnCopy => resolve(input, file, &record.specifier, asked),
    }
}

pub(super) fn external(specifier: &str, record: &ImportRecord) -> FoundTarget {
    FoundTarget::External(External {
        specifier: specifier.into(),
        is_builtin: false,
        is_missing: false,
        wanted_type: record.wanted_type.clone(),
        other_attributes: record.other_attributes.clone(),
    })
}

fn builtin(specifier: &str) -> FoundTarget {
    FoundTarget::External(External {
        specifier: specifier.into(),
        is_builtin: true,
        is_missing: false,
        wanted_type: None,
        other_attributes: Vec::new(),
    })
}

fn kind_of(record: &ImportRecord) -> RequestKind {
    match record.syntax {
        RequestSyntax::Require | RequestSyntax::RequireInTry | RequestSyntax::RequireResolve => {
            RequestKind::Require
        }
        _ => RequestKind::Import,
    }
}

fn resolve(
    input: &ScanInput<'_>,
    file: &ResolvedFile,
    specifier: &str,
    asked: &Asked<'_>,
) -> Result<FoundTarget, Box<Diagnostic>> {
    let kind = kind_of(asked.record);
    let (specifier, wish) = split_specifier(specifier);
    let outside = |path: &Path| input.rule.file_outside(path, &asked.record.specifier);
    if asked.record.specifier.starts_with(['.', '/'])
        && let Some(specifier) = outside(&requested_path(&file.path, asked.record))
    {
        return Ok(external(&specifier, asked.record));
    }
    match input.resolver.resolve(&file.path, specifier, kind) {
        Ok(Resolved::File(found)) => Ok(match outside(&found.path) {
            Some(specifier) => external(&specifier, asked.record),
            None => match input.syntaxes.copied(input.files, &found.path, input.copies)? {
                Some(specifier) => external(&specifier, asked.record),
                None => FoundTarget::File(Box::new(
                    match (
                        wish_of_type(input, asked, &found.path)?.or(wish),
                        own_instance(&found.path, specifier)
                            .or_else(|| input.syntaxes.place_in(&found.path, specifier)),
                    ) {
                        (None, Some(path)) => ResolvedFile { path, ..found },
                        (wish, _) => used(found, wish),
                    },
                )),
            },
        }),
        Ok(Resolved::Ignored) => Ok(FoundTarget::Ignored),
        Err(_) if let Some(module) = input.resolver.builtin_of_imports_map(&file.path, specifier) => {
            match input.platform {
                Platform::Node => Ok(builtin(&module)),
                Platform::Neutral => Ok(external(&module, asked.record)),
                Platform::Browser => Err(Box::new(unresolved::builtin_on_client(input, asked))),
            }
        }
        // Optional dependencies are asked for inside `try`: failing at run time is what the code expects.
        Err(_) if asked.record.syntax == RequestSyntax::RequireInTry || asked.record.may_fail => {
            Ok(FoundTarget::Missing)
        }
        Err(_) if optional_peers::may_be_missing(input, file, asked.record) => {
            Ok(optional_peers::stand_in(asked.record))
        }
        Err(error) => Err(Box::new(unresolved::unresolved(input, asked, &error))),
    }
}

/// What `with { type: … }` makes of a file.
fn wish_of_type(
    input: &ScanInput<'_>,
    asked: &Asked<'_>,
    path: &Path,
) -> Result<Option<FileUse>, Box<Diagnostic>> {
    let Some(wanted) = &asked.record.wanted_type else {
        return Ok(None);
    };
    input.syntaxes.use_of_type(path, wanted).map_err(|_| {
        Box::new(
            Diagnostic::new(
                Code::NoLoader,
                input.module_name,
                format!(
                    "\"{}\" cannot be imported with the type `{wanted}`.",
                    asked.record.specifier
                ),
                "Write `type: 'json'`, `'text'` or `'bytes'`; of a style sheet `'css'`. Or import it without a type.",
            )
            .with_found(wanted.to_string())
            .at(Some(asked.location())),
        )
    })
}

/// The module that stands for what is wanted of a file.
pub fn used(mut file: ResolvedFile, wish: Option<FileUse>) -> ResolvedFile {
    if let Some(wish) = wish {
        file.path = wish.mark(&file.path);
    }
    file
}

/// The path that outputs may contain: relative to the module's directory; for installed packages from their
/// last `node_modules`, so that hoisting does not show.
pub fn stable_path(root_dir: &Path, path: &Path) -> String {
    let text = to_posix(path);
    if let Some(index) = text.rfind("/node_modules/") {
        return text[index + 1..].to_owned();
    }
    relative_posix(root_dir, path)
}

impl Asked<'_> {
    /// Where the specifier stands.
    pub fn location(&self) -> Location {
        let (start, end) = self.record.span;
        Location::of_range(self.importer, &self.syntax.source, start, end)
    }
}

/// Directory of the importer, for relative requests.
pub fn requested_path(importer: &Path, record: &ImportRecord) -> PathBuf {
    let (specifier, _) = split_specifier(&record.specifier);
    normalize(&importer.parent().unwrap_or(importer).join(specifier))
}
