//! The command line: [`parse`] turns arguments into an absolute, validated [`Invocation`], a [`Console`]
//! shows progress and answers. `main` joins the two with a command.

mod arguments;
mod console;
mod invocation;
mod module_root;
mod panic;
mod progress;
mod report;
mod threads;

use std::process::ExitCode;

pub use self::console::Console;
pub use self::invocation::{Format, Invocation, Task, parse};
pub use self::panic::tell_panics_as_bugs;
pub use self::threads::on_large_stacks;

/// What the program's end says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, perhaps with warnings.
    Done,
    /// The project has errors.
    ProjectErrors,
    /// The invocation makes no sense.
    Usage,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::ProjectErrors => Self::from(1),
            Exit::Usage => Self::from(2),
        }
    }
}
