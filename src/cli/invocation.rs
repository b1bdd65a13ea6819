//! Arguments → what to do: absolute paths, defaults decided, the module's directory known to be one.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::Parser as _;
use indexmap::IndexMap;

use super::Exit;
use super::analyze_arguments::AnalysisText;
use super::arguments::{
    Arguments, BuildArguments, CommandArguments, ComposeArguments, GraphArguments, MigrateArguments,
    ModeArgument, ModuleArguments, ReporterArgument, ReporterArguments, ValidateArguments, WhyArguments,
};
use super::bundle_arguments::BundleArguments;
use super::bundle_config::fill_in_build;
use super::bundle_invocation::{bundle_options, source_map_place};
use super::chunk_arguments::{chunk_naming, chunk_options, preloading};
use super::colon_form::with_equals_sign;
use super::explain_arguments::Schema;
use super::module_root::{module_root, unusable};
use super::source_options::{outer_text, resolution, source_settings, target};
use super::start_arguments::StartArguments;
use super::watching::Watching;
use crate::base::normalize;
use crate::command::importmap::ImportMapTask;
use crate::command::{
    AnalyzeOptions, BuildOptions, BuildScope, BundleOptions, CommandError, ComposeOptions, DeclarationFiles,
    EditMode, GraphFormat, GraphOptions, MigrateOptions, Minification, Mode, Owners, Page, StartOptions,
    ValidateOptions, Warnings, WhyOptions,
};
use crate::diagnostic::{Code, Diagnostic};

/// One run of the program.
#[derive(Debug)]
pub struct Invocation {
    /// Where the user is; shown paths are relative to it.
    pub directory: PathBuf,
    /// How the answer is shown.
    pub format: Format,
    /// Where findings go instead, when another program shows them.
    pub reporter: Option<Reporter>,
    /// How many threads work; `None` means one per processor.
    pub threads: Option<NonZeroUsize>,
    /// The file to write where the time goes.
    pub profile: Option<PathBuf>,
    /// Whether it is done again and again.
    pub watching: Option<Watching>,
    /// What to do, or why nothing can be done.
    pub task: Result<Task, CommandError>,
}

/// A command with its options.
#[derive(Debug, PartialEq, Eq)]
pub enum Task {
    /// `build`.
    Build(Box<BuildOptions>),
    /// `bundle`; its document has the same shape when nothing can be bundled.
    Bundle(Result<Box<BundleOptions>, CommandError>),
    /// `compose`.
    Compose(Box<ComposeOptions>),
    /// `start`.
    Start(StartOptions),
    /// `importmap`.
    ImportMap(ImportMapTask),
    /// `migrate`.
    Migrate(MigrateOptions),
    /// `validate`; its document has the same shape when there is nothing to judge.
    Validate(Result<ValidateOptions, CommandError>),
    /// `graph`.
    Graph(GraphOptions),
    /// `analyze`, and the text it answers with.
    Analyze(AnalyzeOptions, AnalysisText),
    /// `why`.
    Why(WhyOptions),
    /// `explain`.
    Explain(Option<Code>),
    /// `schema`.
    Schema(Schema),
}

/// For whom the answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// People.
    Human,
    /// Tools: one JSON document.
    Json,
}

/// Programs that show findings to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reporter {
    /// A GitHub workflow: annotations.
    Github,
    /// Code scanning and editors: a SARIF 2.1.0 log.
    Sarif,
}

/// Reads the command line.
///
/// # Errors
/// How to end, when there is nothing to do: help or the version was asked for and shown, or clap
/// explained what it did not understand.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Invocation, Exit> {
    let arguments = arguments.into_iter().map(with_equals_sign);
    let arguments = Arguments::try_parse_from(arguments).map_err(|refusal| {
        // A closed pipe must not turn `--help | head` into a failure.
        let _ = refusal.print();
        if refusal.use_stderr() {
            Exit::Usage
        } else {
            Exit::Done
        }
    })?;
    // A deleted working directory still has paths one can give absolutely.
    let directory = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    Ok(Invocation::new(arguments, directory))
}

impl Invocation {
    fn new(arguments: Arguments, directory: PathBuf) -> Self {
        match arguments.command {
            Some(CommandArguments::Compose(compose)) => {
                let format = format(&compose.module, &compose.reporter);
                let reporter = reporter(&compose.reporter);
                let task = compose_options(compose, &directory)
                    .map(Box::new)
                    .map(Task::Compose);
                Self::once(directory, format, reporter, task)
            }
            Some(CommandArguments::Start(start)) => {
                let format = Format::Human;
                let reporter = None;
                let task = start_options(start, &directory).map(Task::Start);
                Self::once(directory, format, reporter, task)
            }
            Some(CommandArguments::ImportMap(importmap)) => {
                let format = importmap.command.format();
                let reporter = None;
                let task = importmap.command.task(&directory).map(Task::ImportMap);
                Self::once(directory, format, reporter, task)
            }
            Some(CommandArguments::Migrate(migrate)) => {
                let format = format(&migrate.module, &ReporterArguments::default());
                let reporter = None;
                let task = migrate_options(migrate, &directory).map(Task::Migrate);
                Self::once(directory, format, reporter, task)
            }
            Some(CommandArguments::Schema(schema)) => {
                let format = Format::Json;
                let reporter = None;
                let task = Ok(Task::Schema(schema.schema));
                Self::once(directory, format, reporter, task)
            }
            Some(CommandArguments::Explain(explain)) => {
                let format = if explain.json { Format::Json } else { Format::Human };
                let reporter = None;
                let task = Ok(Task::Explain(explain.code));
                Self::once(directory, format, reporter, task)
            }
            Some(CommandArguments::Validate(validate)) => {
                let format = format(&validate.module, &validate.reporter);
                let reporter = reporter(&validate.reporter);
                let task = Ok(Task::Validate(validate_options(validate, &directory)));
                Self::once(directory, format, reporter, task)
            }
            Some(CommandArguments::Bundle(bundle)) => Self::of_bundle(*bundle, directory),
            Some(CommandArguments::Graph(graph)) => {
                let format = document_or_text(&graph.module);
                let reporter = None;
                let task = graph_options(graph, &directory).map(Task::Graph);
                Self::once(directory, format, reporter, task)
            }
            Some(CommandArguments::Analyze(analyze)) => {
                let format = if analyze.json { Format::Json } else { Format::Human };
                let reporter = None;
                let task = Ok(analyze.task(&directory));
                Self::once(directory, format, reporter, task)
            }
            Some(CommandArguments::Why(why)) => {
                let format = document_or_text(&why.module);
                let reporter = None;
                let task = why_options(why, &directory).map(Task::Why);
                Self::once(directory, format, reporter, task)
            }
            Some(CommandArguments::Build(build)) => Self::of_build(*build, directory),
            None => Self::of_build(arguments.build, directory),
        }
    }

    /// What takes no time worth speaking of.
    fn once(
        directory: PathBuf,
        format: Format,
        reporter: Option<Reporter>,
        task: Result<Task, CommandError>,
    ) -> Self {
        Self {
            directory,
            format,
            reporter,
            threads: None,
            profile: None,
            watching: None,
            task,
        }
    }

    fn of_bundle(bundle: BundleArguments, directory: PathBuf) -> Self {
        Self {
            format: if bundle.json { Format::Json } else { Format::Human },
            reporter: None,
            watching: bundle.watch.watching(),
            threads: bundle.work.threads(),
            profile: bundle.work.profile.as_ref().map(|path| directory.join(path)),
            task: Ok(Task::Bundle(bundle_options(bundle, &directory).map(Box::new))),
            directory,
        }
    }

    fn of_build(build: BuildArguments, directory: PathBuf) -> Self {
        Self {
            format: format(&build.module, &build.reporter),
            reporter: reporter(&build.reporter),
            watching: build.watch.watching(),
            threads: build.work.threads(),
            profile: build.work.profile.as_ref().map(|path| directory.join(path)),
            task: build_options(build, &directory).map(|options| Task::Build(Box::new(options))),
            directory,
        }
    }
}

fn format(arguments: &ModuleArguments, reporter: &ReporterArguments) -> Format {
    if reporter.reporter == Some(ReporterArgument::Json) {
        Format::Json
    } else {
        document_or_text(arguments)
    }
}

fn document_or_text(arguments: &ModuleArguments) -> Format {
    if arguments.json {
        Format::Json
    } else {
        Format::Human
    }
}

fn reporter(arguments: &ReporterArguments) -> Option<Reporter> {
    match arguments.reporter? {
        ReporterArgument::Human | ReporterArgument::Json => None,
        ReporterArgument::Github => Some(Reporter::Github),
        ReporterArgument::Sarif => Some(Reporter::Sarif),
    }
}

/// The mode that an argument names.
pub(super) fn mode(argument: ModeArgument) -> Mode {
    match argument {
        ModeArgument::Production => Mode::Production,
        ModeArgument::Development => Mode::Development,
    }
}

fn build_options(mut arguments: BuildArguments, directory: &Path) -> Result<BuildOptions, CommandError> {
    let root = module_root(&arguments.module.directory, directory)?;
    let findings = fill_in_build(&mut arguments, &root, directory);
    let mode = arguments.mode.map_or(Mode::Production, mode);
    let minification = match (arguments.minify, arguments.no_minify, mode) {
        (true, _, _) | (false, false, Mode::Production) => Minification::Minified,
        (false, true, _) | (false, false, Mode::Development) => Minification::Readable,
    };
    Ok(BuildOptions {
        root,
        findings,
        cache: arguments.cache.settings(directory)?,
        chunks: chunk_options(&arguments.chunks)?,
        chunk_naming: chunk_naming(&arguments.chunks),
        preloading: preloading(&arguments.chunks),
        resolution: resolution(&arguments.sources),
        target: target(&arguments.sources.target)?,
        sources: source_settings(arguments.sources, directory)?,
        outer_text: outer_text(arguments.outer_text),
        shared: arguments.shared_map.read(arguments.external, directory)?,
        scope: if arguments.recursive || !arguments.filter.is_empty() {
            BuildScope::Closure
        } else {
            BuildScope::Root
        },
        filters: arguments.filter,
        mode,
        minification,
        source_maps: source_map_place(arguments.sourcemap),
        declarations: if arguments.dts {
            DeclarationFiles::Written
        } else {
            DeclarationFiles::Omitted
        },
        links: absolute_links(arguments.module.links, directory)?,
    })
}

fn compose_options(arguments: ComposeArguments, directory: &Path) -> Result<ComposeOptions, CommandError> {
    Ok(ComposeOptions {
        root: module_root(&arguments.module.directory, directory)?,
        base: arguments.base,
        page: if arguments.html { Page::Html } else { Page::Omitted },
        shared: arguments.shared_map.read(Vec::new(), directory)?,
        links: absolute_links(arguments.module.links, directory)?,
    })
}

fn start_options(arguments: StartArguments, directory: &Path) -> Result<StartOptions, CommandError> {
    Ok(StartOptions {
        root: module_root(&arguments.directory, directory)?,
        port: arguments.port,
        host: arguments.host,
        base: arguments.base.as_str().to_owned(),
        policy: arguments.csp,
    })
}

fn validate_options(arguments: ValidateArguments, directory: &Path) -> Result<ValidateOptions, CommandError> {
    Ok(ValidateOptions {
        root: module_root(&arguments.module.directory, directory)?,
        owners: if arguments.strict_owners {
            Owners::Strict
        } else {
            Owners::Elected
        },
        warnings: if arguments.deny_warnings {
            Warnings::Denied
        } else {
            Warnings::Tolerated
        },
        links: absolute_links(arguments.module.links, directory)?,
    })
}

fn migrate_options(arguments: MigrateArguments, directory: &Path) -> Result<MigrateOptions, CommandError> {
    Ok(MigrateOptions {
        root: module_root(&arguments.module.directory, directory)?,
        mode: if arguments.write {
            EditMode::Written
        } else {
            EditMode::Shown
        },
        links: absolute_links(arguments.module.links, directory)?,
    })
}

fn graph_options(arguments: GraphArguments, directory: &Path) -> Result<GraphOptions, CommandError> {
    let by_name = arguments.output.as_deref().and_then(GraphFormat::of_file_name);
    let format = match arguments.format {
        _ if arguments.module.json => GraphFormat::Json,
        Some(format) => format.into(),
        None => by_name.unwrap_or(GraphFormat::Html),
    };
    Ok(GraphOptions {
        root: module_root(&arguments.module.directory, directory)?,
        format,
        output: arguments.output.map(|path| normalize(&directory.join(path))),
        links: absolute_links(arguments.module.links, directory)?,
    })
}

fn why_options(arguments: WhyArguments, directory: &Path) -> Result<WhyOptions, CommandError> {
    Ok(WhyOptions {
        root: module_root(&arguments.module.directory, directory)?,
        specifier: arguments.specifier,
        from: arguments.from,
        links: absolute_links(arguments.module.links, directory)?,
    })
}

/// Links are not checked further: one that leads nowhere is a finding about the module that uses it.
fn absolute_links(
    links: Vec<(String, PathBuf)>,
    directory: &Path,
) -> Result<IndexMap<String, PathBuf>, CommandError> {
    let mut absolute: IndexMap<String, PathBuf> = IndexMap::new();
    for (name, path) in links {
        let path = normalize(&directory.join(path));
        if let Some(other) = absolute.get(&name).filter(|other| **other != path) {
            let message = format!(
                "`--link` gives `{name}` two directories: `{}` and `{}`.",
                other.display(),
                path.display()
            );
            return Err(unusable(Diagnostic::new(
                Code::Io,
                name,
                message,
                "Keep one of them.",
            )));
        }
        absolute.insert(name, path);
    }
    Ok(absolute)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    fn workspace() -> (TempDir, PathBuf) {
        let directory = TempDir::new().unwrap();
        let root = fs::canonicalize(directory.path()).unwrap();
        for module in ["shop", "build"] {
            fs::create_dir(root.join(module)).unwrap();
            fs::write(root.join(module).join("package.json"), r#"{"name":"acme"}"#).unwrap();
        }
        (directory, root)
    }

    fn invoke(root: &Path, words: &[&str]) -> Invocation {
        let arguments = Arguments::try_parse_from(["esmx-build"].iter().chain(words)).unwrap();
        Invocation::new(arguments, root.to_path_buf())
    }

    fn build(root: &Path, words: &[&str]) -> BuildOptions {
        match invoke(root, words).task {
            Ok(Task::Build(options)) => *options,
            other => panic!("{words:?} gave {other:?}"),
        }
    }

    fn problem(root: &Path, words: &[&str]) -> Diagnostic {
        match invoke(root, words).task {
            Err(CommandError::Unusable(diagnostic)) => *diagnostic,
            Ok(task) => panic!("{words:?} gave {task:?}"),
        }
    }

    #[test]
    fn build_is_what_happens_without_a_command() {
        let (_guard, root) = workspace();
        let shop = root.join("shop");
        let options = build(&shop, &[]);
        assert_eq!((&options.root, options.scope), (&shop, BuildScope::Root));
        assert_eq!(build(&shop, &["build"]), options);
        assert_eq!(build(&root, &["shop"]), options);
        assert_eq!(build(&root, &["build", "shop"]), options);
        assert_eq!(build(&shop, &["-r"]).scope, BuildScope::Closure);
        assert_eq!(
            build(&root, &["-r", "shop"]),
            build(&root, &["build", "shop", "--recursive"])
        );
    }

    #[test]
    fn a_directory_named_like_a_command_is_written_as_a_path() {
        let (_guard, root) = workspace();
        assert_eq!(build(&root, &["./build"]).root, root.join("build"));
        assert_eq!(build(&root, &["build", "build"]).root, root.join("build"));
    }

    #[test]
    fn minifying_follows_the_mode_unless_it_is_said() {
        let (_guard, root) = workspace();
        let minification = |words: &[&str]| build(&root.join("shop"), words).minification;
        assert_eq!(minification(&[]), Minification::Minified);
        assert_eq!(minification(&["--no-minify"]), Minification::Readable);
        assert_eq!(minification(&["--mode", "development"]), Minification::Readable);
        assert_eq!(
            minification(&["--mode=development", "--minify"]),
            Minification::Minified
        );
        assert_eq!(minification(&["--no-minify", "--minify"]), Minification::Minified);
    }

    #[test]
    fn links_are_absolute() {
        let (_guard, root) = workspace();
        let options = build(&root, &["shop", "--link", "a=../a/dist", "--link", "@b/c=/b"]);
        let links: Vec<_> = options.links.into_iter().collect();
        assert_eq!(
            links,
            [
                ("a".to_owned(), normalize(&root.join("../a/dist"))),
                ("@b/c".to_owned(), PathBuf::from("/b"))
            ]
        );
        assert!(
            problem(&root, &["shop", "--link", "a=x", "--link", "a=y"])
                .message
                .contains("two directories")
        );
    }

    #[test]
    fn compose_has_its_own_options() {
        let (_guard, root) = workspace();
        let invocation = invoke(
            &root,
            &["compose", "shop", "--html", "--base", "/docs/", "--json"],
        );
        assert_eq!(invocation.format, Format::Json);
        let Ok(Task::Compose(options)) = invocation.task else {
            panic!("not compose")
        };
        assert_eq!((options.page, options.base.as_str()), (Page::Html, "/docs"));
    }

    #[test]
    fn words_clap_does_not_know_are_refused() {
        let refused = |words: &[&str]| Arguments::try_parse_from(["esmx-build"].iter().chain(words)).is_err();
        assert!(refused(&["--recursiv"]));
        assert!(refused(&["--mode", "prod"]));
        assert!(refused(&["--threads", "0"]));
        assert!(refused(&["compose", "--base", "docs"]));
        assert!(refused(&["a", "b"]));
    }
}
