//! From entry points to a module graph: a parallel worklist. Each task reads one file, parses and
//! transforms it, and asks for every specifier *as written*: the lookup rule first, then the resolver.
//! One coordinator collects what tasks return and starts a task for each file seen for the first time;
//! afterwards modules are renumbered depth-first, so that the graph is the same whatever finished first.

mod asked_names;
mod asm_directive;
mod assets;
mod assigned_arguments;
mod auto_accessors;
mod block_functions;
mod catch_variables;
mod class_fields;
mod class_heritage;
mod class_names;
pub mod collect;
pub mod commonjs_exports;
mod commonjs_module;
mod commonjs_words;
mod computed_enums;
mod computed_fields;
mod constant_keys;
pub mod constructor_names;
mod costly_nesting;
mod data_url;
mod dead_branch;
mod decided;
pub mod declarations;
mod declared_members;
mod declared_twice;
mod decorated_private_names;
mod decorator_enums;
mod decorator_types;
mod decorators;
mod define;
mod deleted_values;
mod delicate;
mod directives;
mod dotenv;
mod dropped;
mod early_errors;
mod effects;
mod empty_imports;
mod environment;
mod exports_use;
mod extended_import;
mod file_requests;
mod file_use;
mod fills;
mod function_names;
mod generated;
mod generated_names;
mod hoisted_commonjs;
mod import_assignment;
mod import_glob;
mod injected;
mod inner_arguments;
mod interface;
mod issuers;
mod jsx_pragma;
mod keep_names;
pub mod kept_elements;
mod kept_facts;
mod kept_modules;
mod kept_targets;
mod known_values;
mod leading_annotations;
mod let_parameters;
pub mod load;
mod load_json;
mod loaders;
mod loop_heads;
mod mapped_arguments;
mod member_parts;
mod members_until_set;
mod memory;
mod merged_namespaces;
mod mixed_module;
mod module_this;
mod module_words;
pub mod named_members;
mod namespace_aliases;
mod namespace_copies;
mod namespace_reads;
mod nesting;
mod normalize;
mod notes;
mod one_copy;
mod optional_peers;
mod parameter_values;
mod parameter_variables;
pub mod parse;
mod passed_on;
mod promises;
pub mod read_only_import;
mod reassigned;
mod rebind;
mod renumber;
mod request;
mod request_comments;
mod requested_text;
mod requests_by_name;
mod resource_request;
pub mod shorthands;
mod side_effects;
mod sloppy_blocks;
mod sloppy_functions;
mod sloppy_needs;
mod sloppy_script;
mod source_facts;
mod source_kind;
mod source_settings;
mod standard_decorators;
mod statement_forms;
mod static_imports;
mod stray_texts;
mod styles;
mod syntax_cache;
mod syntax_error;
#[cfg(test)]
mod test_support;
mod transform;
mod tsconfig;
#[expect(
    clippy::similar_names,
    reason = "import, export and name are the field's words"
)]
mod type_names;
mod unreachable_code;
mod unread;
mod unresolved;
mod until_set;
mod using_exports;
mod using_heads;
mod var_names;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use rustc_hash::FxHashMap;

use crate::base::FileSystem;
use crate::diagnostic::{Diagnostic, Location};
use crate::graph::{EntryKind, External, ModuleGraph, ModuleSyntax};
use crate::link::LookupRule;
use crate::resolve::{Platform, ResolvedFile, Resolver};

pub use assets::{Asset, AssetNames, Copies};
pub use dead_branch::KnownNames;
pub use decided::without_decided_branches;
pub use define::{Define, DefineError};
pub use delicate::declares_robust_function;
pub use directives::is_directive;
pub use dropped::{Dropped, DroppedKind};
pub use environment::{Environment, PUBLIC_PREFIXES};
pub use file_use::split_path;
pub use issuers::IssuerPackages;
pub use jsx_pragma::{is_dotted_name, is_factory};
pub use keep_names::FunctionNames;
pub use kept_facts::{KeptFiles, SourceChanged};
pub use kept_modules::{Change, KeptModules, read_modules, write_modules};
pub use kept_targets::KeptTargets;
pub use loaders::{Loader, Loaders, data_url, media_type};
pub use member_parts::computed_key_mut;
pub use members_until_set::is_kept_by;
pub use memory::{Rescanned, ScanMemory};
pub use parameter_values::{Argument, Given, given};
pub use request::stable_path;
pub use side_effects::is_standard_global;
pub use source_kind::SourceKind;
pub use source_settings::{JsxOverrides, SourceSettings, TreeShaking};
pub use static_imports::static_imports;
pub use styles::{StyleComments, StylePrint, StyleSettings, StyleTargets};
pub use syntax_cache::SyntaxCache;
pub use transform::{ElementEffects, JsxDevelopment, JsxRuntime};

/// What a scan needs to know.
pub struct ScanInput<'a> {
    /// Files.
    pub files: &'a dyn FileSystem,
    /// Says what imports mean.
    pub rule: &'a dyn LookupRule,
    /// Real path of the directory that entries and shown paths are relative to.
    pub root_dir: &'a std::path::Path,
    /// The module's name, for diagnostics.
    pub module_name: &'a str,
    /// Where the output runs.
    pub platform: Platform,
    /// Where to start, in declaration order.
    pub entries: Vec<EntryRequest>,
    /// Finds files.
    pub resolver: &'a Resolver,
    /// What `import.meta.env` is; `None` leaves it to run time.
    pub environment: Option<&'a Environment>,
    /// Parsed files, shared between sides and modules.
    pub syntaxes: &'a SyntaxCache,
    /// The files that are delivered as they are.
    pub copies: &'a Copies,
    /// What is known of the packages whose files ask for something.
    pub issuers: IssuerPackages,
    /// What the last scan of the same has found, if there was one.
    pub memory: Option<&'a ScanMemory>,
    /// Where requests lead of modules that are what they were.
    pub kept_targets: Option<&'a KeptTargets>,
}

/// An entry point before its file is known.
#[derive(Debug, Clone)]
pub struct EntryRequest {
    /// Export name.
    pub name: String,
    /// A path like `./src/a.ts`, relative to the module's directory, or a package specifier.
    pub specifier: String,
    /// Why it exists.
    pub kind: EntryKind,
}

/// Where a request leads, before modules have numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FoundTarget {
    File(Box<ResolvedFile>),
    Ignored,
    External(External),
    Missing,
}

/// What the task of one file returns.
pub(crate) struct ScannedFile {
    pub file: ResolvedFile,
    pub stable_path: String,
    pub syntax: Arc<ModuleSyntax>,
    pub targets: Vec<FoundTarget>,
}

/// What was scanned, by the path of the module. Paths are the same if their bytes are, which takes much less to compare than
/// their parts.
pub(crate) type ScannedFiles = FxHashMap<OsString, Arc<ScannedFile>>;

/// The same while tasks are running.
type Scanning = FxHashMap<OsString, Option<Arc<ScannedFile>>>;

struct Finished {
    path: PathBuf,
    result: std::thread::Result<Result<ScannedFile, Vec<Diagnostic>>>,
}

/// Reads everything the entries need.
///
/// # Errors
/// Syntax errors, unresolvable imports, protocol violations of imports; all that were found, in a stable
/// order.
#[tracing::instrument(skip_all)]
pub fn scan(input: &ScanInput<'_>) -> Result<ModuleGraph, Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    let mut entry_files = Vec::new();
    for entry in &input.entries {
        match request::resolve_entry(input, entry) {
            Ok(file) => entry_files.push(file),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    if !diagnostics.is_empty() {
        return Err(in_order(diagnostics, input.module_name));
    }
    let known = ScanMemory::known_to(input);
    let (scanned, failures) = scan_files(input, &entry_files, &known);
    if let Some(targets) = input.kept_targets {
        targets.remember(&scanned);
    }
    let graph = graph_of(input, entry_files, &scanned, failures);
    if let Some(memory) = input.memory {
        match &graph {
            Ok(_) => memory.keep(scanned),
            // What the next attempt needs may be what this one did not reach.
            Err(_) => memory.add(known, scanned),
        }
    }
    graph
}

/// The graph of what was scanned, if nothing is wrong with it.
fn graph_of(
    input: &ScanInput<'_>,
    entry_files: Vec<ResolvedFile>,
    scanned: &ScannedFiles,
    failures: Vec<Diagnostic>,
) -> Result<ModuleGraph, Vec<Diagnostic>> {
    let of_files = scanned.values().flat_map(|file| &file.syntax.diagnostics);
    let diagnostics: Vec<Diagnostic> = of_files.cloned().chain(failures).collect();
    if !diagnostics.is_empty() {
        return Err(in_order(diagnostics, input.module_name));
    }
    let interfaces = interface::of_entries(input, scanned, &entry_files);
    let entries = input.entries.iter().zip(entry_files).collect();
    let mut graph = renumber::renumber(scanned, entries, input.resolver, input.platform);
    for (entry, interface) in graph.entries.iter_mut().zip(interfaces) {
        entry.interface = interface;
    }
    let mut composed = styles::composed_of_no_sheet(&graph);
    composed.extend(styles::circles(&graph));
    if !composed.is_empty() {
        return Err(in_order(composed, input.module_name));
    }
    Ok(graph)
}

/// With the module they belong to, by place, each once.
fn in_order(mut diagnostics: Vec<Diagnostic>, module_name: &str) -> Vec<Diagnostic> {
    for diagnostic in &mut diagnostics {
        if diagnostic.module.is_empty() {
            module_name.clone_into(&mut diagnostic.module);
        }
    }
    diagnostics.sort_by_key(sort_key);
    diagnostics.dedup();
    diagnostics
}

/// Place first: the order in which files were finished must not show.
fn sort_key(diagnostic: &Diagnostic) -> (Option<(PathBuf, usize, usize)>, String) {
    let place = diagnostic
        .location
        .as_ref()
        .map(|at| (at.file.clone(), at.line, at.column));
    (place, diagnostic.message.clone())
}

/// The worklist. Modules are known by path, of which a query is a part; each is scanned once.
fn scan_files(
    input: &ScanInput<'_>,
    entries: &[ResolvedFile],
    known: &ScannedFiles,
) -> (ScannedFiles, Vec<Diagnostic>) {
    let mut scanned: Scanning = FxHashMap::default();
    let mut failures = Vec::new();
    let (sender, receiver) = channel::<Finished>();
    rayon::in_place_scope(|scope| {
        let mut running = 0_usize;
        // What is known needs no task; its requests wait here.
        let mut ready: Vec<Arc<ScannedFile>> = Vec::new();
        let start = |file: &FoundTarget, scanned: &mut Scanning, ready: &mut Vec<Arc<ScannedFile>>| {
            let ignored;
            let file = match file {
                FoundTarget::File(file) => &**file,
                FoundTarget::Ignored => {
                    ignored = request::ignored_file(input.root_dir);
                    &ignored
                }
                FoundTarget::External(_) | FoundTarget::Missing => return 0,
            };
            let path = file.path.as_os_str();
            if scanned.contains_key(path) {
                return 0;
            }
            if let Some(file) = known.get(path) {
                scanned.insert(path.to_owned(), Some(Arc::clone(file)));
                ready.push(Arc::clone(file));
                return 0;
            }
            scanned.insert(path.to_owned(), None);
            let file = file.clone();
            let sender: Sender<Finished> = sender.clone();
            scope.spawn(move |_| {
                let path = file.path.clone();
                // Whoever waits for the result must not wait for ever.
                let result = catch_unwind(AssertUnwindSafe(|| request::scan_file(input, file)));
                sender
                    .send(Finished { path, result })
                    .expect("the coordinator outlives its tasks");
            });
            1
        };
        for entry in entries {
            let entry = FoundTarget::File(Box::new(entry.clone()));
            running += start(&entry, &mut scanned, &mut ready);
        }
        loop {
            while let Some(file) = ready.pop() {
                for target in &file.targets {
                    running += start(target, &mut scanned, &mut ready);
                }
            }
            if running == 0 {
                break;
            }
            let finished = receive(&receiver);
            running -= 1;
            match finished.result.unwrap_or_else(|reason| resume_unwind(reason)) {
                Ok(file) => {
                    let file = Arc::new(file);
                    scanned.insert(finished.path.into_os_string(), Some(Arc::clone(&file)));
                    ready.push(file);
                }
                Err(diagnostics) => failures.push((finished.path, diagnostics)),
            }
        }
    });
    let scanned: ScannedFiles = scanned
        .into_iter()
        .filter_map(|(path, file)| Some((path, file?)))
        .collect();
    let failures = failures
        .into_iter()
        .flat_map(|(path, diagnostics)| placed(&scanned, &path, diagnostics))
        .collect();
    (scanned, failures)
}

/// A file that could not be read has no place of its own: the import that asked for it has.
fn placed(
    scanned: &ScannedFiles,
    path: &std::path::Path,
    mut diagnostics: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    for diagnostic in diagnostics
        .iter_mut()
        .filter(|diagnostic| diagnostic.location.is_none())
    {
        let asking = scanned.values().flat_map(|file| {
            let requests = file.syntax.records.iter().zip(&file.targets);
            requests
                .filter(|(_, target)| matches!(target, FoundTarget::File(found) if found.path == path))
                .map(move |(record, _)| (&file.file.path, file, record))
        });
        diagnostic.location = asking
            .min_by_key(|(importer, _, record)| ((*importer).clone(), record.span))
            .map(|(importer, file, record)| {
                Location::of_range(importer, &file.syntax.source, record.span.0, record.span.1)
            });
    }
    diagnostics
}

/// Waits for a result. On a pool of one thread the coordinator occupies the only worker, so it works off
/// tasks itself while it waits.
fn receive(receiver: &std::sync::mpsc::Receiver<Finished>) -> Finished {
    loop {
        match receiver.try_recv() {
            Ok(finished) => return finished,
            Err(_) => match rayon::yield_now() {
                Some(rayon::Yield::Executed) => {}
                Some(rayon::Yield::Idle) => std::thread::yield_now(),
                // Not on a pool thread: the pool does the work.
                None => return receiver.recv().expect("tasks are running, so a sender exists"),
            },
        }
    }
}
