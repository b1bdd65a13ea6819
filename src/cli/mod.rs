//! The command line: [`parse`] turns arguments into an absolute, validated [`Invocation`], a [`Console`]
//! shows progress and answers. `main` joins the two with a command.

mod analyze_arguments;
mod arguments;
mod bundle_arguments;
mod bundle_config;
mod bundle_invocation;
mod byte_count;
mod cache_arguments;
mod chunk_arguments;
mod colon_form;
mod config_schema;
mod console;
mod explain_arguments;
mod importmap_arguments;
mod invocation;
mod module_root;
mod panic;
mod profile;
mod progress;
mod release_arguments;
mod report;
mod shared_map_arguments;
mod source_arguments;
mod source_options;
mod start_arguments;
mod threads;
mod watch_arguments;
mod watching;
mod work_arguments;

use std::process::ExitCode;

pub use self::analyze_arguments::AnalysisText;
pub use self::config_schema::config_schema;
pub use self::console::Console;
pub use self::explain_arguments::Schema;
pub use self::invocation::{Format, Invocation, Reporter, Task, parse};
pub use self::panic::tell_panics_as_bugs;
pub use self::profile::profiling;
pub use self::threads::on_large_stacks;
pub use self::watching::{RepeatedAnswer, Until, Watching, watch_with};

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

impl Exit {
    /// The number the operating system is told.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::ProjectErrors => 1,
            Self::Usage => 2,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
