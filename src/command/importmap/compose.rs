//! `importmap compose`: a map from manifests alone, for deployments without any `package.json`.

use super::input;
use super::{MapReport, TextSource};
use crate::command::CommandError;
use crate::diagnostic::{Notice, has_errors};
use crate::import_map::{self, ComposeInput, verify};
use crate::protocol::Side;

/// Composes what the document names, and proves the map.
pub(super) fn compose(source: &TextSource) -> Result<MapReport, CommandError> {
    let text = source.read()?;
    let input = match input::read(&text, &source.label()) {
        Ok(input) => input,
        Err(diagnostics) => {
            return Ok(MapReport {
                diagnostics,
                ..MapReport::default()
            });
        }
    };
    let composition = import_map::compose(&input);
    let diagnostics = verify(&input, &composition.map);
    Ok(MapReport {
        map: (!has_errors(&diagnostics)).then(|| composition.map.to_json()),
        diagnostics,
        notices: notices(&input),
    })
}

/// What a reader of the map should know about the input.
fn notices(input: &ComposeInput) -> Vec<Notice> {
    let unplaced = input
        .modules
        .iter()
        .filter(|module| input.side == Side::Server && module.directory_url.is_none())
        .map(|module| Notice {
            message: format!(
                "`dirs` does not say where `{}` is, so it is addressed below the base.",
                module.name
            ),
            fix: format!(
                "Add the `file:` URL of the server directory of `{}` to `dirs`.",
                module.name
            ),
            location: None,
        });
    let absent = input.modules.iter().flat_map(|module| {
        let used = module.manifest.uses.iter();
        used.filter(|used| input.module(used).is_none())
            .map(move |used| Notice {
                message: format!("`{}` uses `{used}`, whose manifest is not given.", module.name),
                fix: format!("Give the manifest of `{used}` as well."),
                location: None,
            })
    });
    unplaced.chain(absent).collect()
}
