//! The words of a shared import map, which `build`, `bundle` and `compose` have in common.

use std::path::{Path, PathBuf};

use clap::Args;

use super::module_root::unusable;
use crate::base::normalize;
use crate::command::{CommandError, SharedMap};
use crate::diagnostic::{Code, Diagnostic};

/// Which map answers imports.
#[derive(Debug, Default, Args)]
pub(super) struct SharedMapArguments {
    /// The map that is shared with others: imports that it resolves are kept, and a composed page has its entries, too;
    /// `{env}` in the path is what `--env` says
    #[arg(hide_short_help = true, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub import_map: Option<PathBuf>,
    /// The environment whose map is meant, such as `staging`
    #[arg(hide_short_help = true, long, value_name = "NAME", requires = "import_map")]
    pub env: Option<String>,
}

impl SharedMapArguments {
    /// The map, with patterns of what stays outside besides.
    pub(super) fn read(&self, external: Vec<String>, directory: &Path) -> Result<SharedMap, CommandError> {
        let file = match (&self.import_map, &self.env) {
            (None, _) => None,
            (Some(file), env) => {
                let text = file.to_string_lossy();
                let file = match env {
                    Some(env) => PathBuf::from(text.replace("{env}", env)),
                    None if text.contains("{env}") => return Err(missing_environment(&text)),
                    None => file.clone(),
                };
                Some(normalize(&directory.join(file)))
            }
        };
        SharedMap::read(file.as_deref(), external)
    }
}

fn missing_environment(file: &str) -> CommandError {
    unusable(Diagnostic::new(
        Code::Io,
        file,
        format!("`{file}` has a place for an environment, and none is named."),
        "Add `--env NAME`.",
    ))
}
