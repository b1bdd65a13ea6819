//! The `esmx-build` program: allocator, dispatch, exit code.

use std::process::ExitCode;

use esmx_build::cli::{self, Console, Exit, Invocation, Task};
use esmx_build::command;

// glibc's allocator halves the speed of parsing on many threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::tell_panics_as_bugs();
    let exit = match cli::parse(std::env::args_os()) {
        Ok(invocation) => run(invocation),
        Err(exit) => exit,
    };
    exit.into()
}

fn run(invocation: Invocation) -> Exit {
    let console = Console::new(invocation.format, invocation.directory).reporting_to(invocation.reporter);
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
        Task::Why(options) => {
            drop(progress);
            console.show_why(command::why(&options))
        }
    }
}
