//! The `esmx-build` program: allocator, dispatch, exit code.

use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::time::Duration;

use esmx_allocator::{Allocator, keep_freed_memory};
use esmx_build::cli::{self, Console, Exit, Invocation, Task, Watching};
use esmx_build::command::{self, Bundling, CommandError, Workshop};

// glibc's allocator halves the speed of parsing on many threads.
#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

/// The next syntax tree comes sooner. What was not needed for longer goes back when something else is freed.
const FREED_MEMORY_STAYS: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    keep_freed_memory(FREED_MEMORY_STAYS);
    cli::tell_panics_as_bugs();
    let exit = match cli::parse(std::env::args_os()) {
        Ok(invocation) => run(invocation),
        Err(exit) => exit,
    };
    exit.into()
}

fn run(invocation: Invocation) -> Exit {
    let console = Console::new(invocation.format, invocation.directory).reporting_to(invocation.reporter);
    let _profile = match cli::profiling(invocation.profile.as_deref()) {
        Ok(profile) => profile,
        Err(error) => return console.refuse(&error),
    };
    if let Some(watching) = invocation.watching {
        return run_again_and_again(
            &console,
            invocation.task.as_ref().ok(),
            invocation.threads,
            watching,
        );
    }
    let progress = console.progress();
    let task = match invocation.task {
        Ok(task) => task,
        Err(error) => return console.refuse(&error),
    };
    match task {
        Task::Build(options) => {
            let report = cli::on_large_stacks(invocation.threads, || command::build(&options, &*progress));
            drop(progress);
            console.show_build(report.flatten())
        }
        Task::Bundle(options) => {
            let report = options.and_then(|options| {
                cli::on_large_stacks(invocation.threads, || command::bundle(&options, &*progress)).flatten()
            });
            drop(progress);
            console.show_bundle(report)
        }
        Task::Compose(options) => {
            let report = cli::on_large_stacks(invocation.threads, || command::compose(&options, &*progress));
            drop(progress);
            console.show_compose(report.flatten())
        }
        Task::Start(options) => {
            drop(progress);
            console.end_of_start(command::start(&options))
        }
        Task::ImportMap(task) => {
            drop(progress);
            let report = cli::on_large_stacks(invocation.threads, || command::importmap::importmap(&task));
            console.show_importmap(report.flatten())
        }
        Task::Migrate(options) => {
            drop(progress);
            let report = cli::on_large_stacks(invocation.threads, || command::migrate(&options));
            console.show_migrate(report.flatten())
        }
        Task::Schema(schema) => {
            drop(progress);
            console.show_schema(schema)
        }
        Task::Explain(code) => {
            drop(progress);
            console.show_explanation(code)
        }
        Task::Validate(options) => {
            drop(progress);
            console.show_validate(options.and_then(|options| command::validate(&options)))
        }
        Task::Graph(options) => {
            drop(progress);
            console.show_graph(command::graph(&options))
        }
        Task::Analyze(options, text) => {
            drop(progress);
            let report = cli::on_large_stacks(invocation.threads, || command::analyze(&options));
            console.show_analysis(report.flatten(), text)
        }
        Task::Why(options) => {
            drop(progress);
            console.show_why(command::why(&options))
        }
    }
}

/// `--watch`. The command line is read again when a declaration or a configuration file changed, since it decides
/// together with them.
fn run_again_and_again(
    console: &Console,
    task: Option<&Task>,
    threads: Option<NonZeroUsize>,
    watching: Watching,
) -> Exit {
    let exit = if matches!(task, Some(Task::Bundle(_))) {
        cli::on_large_stacks(threads, || cli::watch_with(console, watching, bundling))
    } else {
        cli::on_large_stacks(threads, || cli::watch_with(console, watching, workshop))
    };
    exit.unwrap_or_else(|error| console.refuse(&error))
}

fn task() -> Result<Task, CommandError> {
    let invocation = cli::parse(std::env::args_os());
    invocation.expect("these words were understood before").task
}

fn bundling() -> Result<Bundling, CommandError> {
    match task()? {
        Task::Bundle(options) => options.map(|options| Bundling::new(*options)),
        _ => unreachable!("the command is part of the words"),
    }
}

fn workshop() -> Result<Workshop, CommandError> {
    match task()? {
        Task::Build(options) => Ok(Workshop::new(*options)),
        _ => unreachable!("the command is part of the words"),
    }
}
