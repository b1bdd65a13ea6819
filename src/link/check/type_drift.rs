//! The copy in `devDependencies` gives a module its types, the elected one runs (PROTOCOL §8.5). When they
//! differ, the types describe something else than what runs.

use crate::base::FileSystem;
use crate::diagnostic::{Code, Diagnostic};
use crate::link::closure::LayerIndex;
use crate::link::mount::find_package;
use crate::link::offer::InstalledPackage;
use crate::link::supplied::SuppliedClosure;

/// `W_TYPE_DRIFT` for the packages of one layer. Versions are compared as text.
pub(in crate::link) fn drifting_types(
    files: &dyn FileSystem,
    supplied: &SuppliedClosure,
    layer: LayerIndex,
) -> Vec<Diagnostic> {
    let closure = &supplied.closure;
    let record = closure.record(layer);
    let module = closure.name(layer);
    let selector = supplied.selector(layer);
    let mut diagnostics = Vec::new();
    for key in record.dev_dependencies.keys() {
        let Some(group) = selector.select(key) else {
            continue;
        };
        let winner = supplied.winner(group);
        let installed = find_package(files, closure.real_dir(layer), key)
            .and_then(|dir| InstalledPackage::read(files, &dir).version);
        if let (Some(installed), Some(elected)) = (installed, &winner.version)
            && installed != *elected
        {
            diagnostics.push(
                Diagnostic::new(
                    Code::TypeDrift,
                    module.clone(),
                    format!(
                        "{module} is type-checked against {key} {installed}, but {} runs.",
                        winner.described()
                    ),
                    format!("Change {key} in the devDependencies of {module} to {elected:?}."),
                )
                .with_package(key)
                .with_found(installed)
                .with_required(elected.clone())
                .at(record.location_of_value(&["devDependencies", key])),
            );
        }
    }
    diagnostics
}
