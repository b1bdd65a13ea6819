//! The intent check (PROTOCOL §8.3): does the elected version satisfy what a module declares? Only packages
//! in the module's own supply are asked: who bundles a private copy is not measured against somebody else's
//! winner.

use crate::diagnostic::{Code, Diagnostic};
use crate::link::closure::LayerIndex;
use crate::link::offer::Offer;
use crate::link::supplied::SuppliedClosure;
use crate::protocol::{DependencySpec, Satisfaction, effective_name, satisfies, split_package};

/// `E_VERSION intent` for the packages of one layer.
pub(in crate::link) fn violated_ranges(supplied: &SuppliedClosure, layer: LayerIndex) -> Vec<Diagnostic> {
    let record = supplied.closure.record(layer);
    let selector = supplied.selector(layer);
    let subpaths = supplied_subpaths(supplied, layer);
    let mut diagnostics = Vec::new();
    let peers = record
        .peer_dependencies
        .iter()
        .filter(|(key, _)| !record.dependencies.contains_key(*key));
    for (key, value) in record.dependencies.iter().chain(peers) {
        let Some(range) = DependencySpec::parse(value).checkable_range() else {
            continue;
        };
        let real_name = effective_name(key, value);
        let below = subpaths.iter().filter(|(package, _)| *package == real_name);
        let specifiers =
            std::iter::once(key.clone()).chain(below.map(|(_, subpath)| format!("{key}{subpath}")));
        for specifier in specifiers {
            let Some(winner) = selector.select(&specifier).map(|group| supplied.winner(group)) else {
                continue;
            };
            if let Some(version) = &winner.version
                && satisfies(version, range) == Satisfaction::Violated
            {
                diagnostics.push(violated(
                    supplied,
                    layer,
                    &Finding {
                        key,
                        specifier: &specifier,
                        range,
                        version,
                        winner,
                    },
                ));
            }
        }
    }
    diagnostics
}

struct Finding<'a> {
    key: &'a str,
    specifier: &'a str,
    range: &'a str,
    version: &'a str,
    winner: &'a Offer,
}

fn violated(supplied: &SuppliedClosure, layer: LayerIndex, finding: &Finding<'_>) -> Diagnostic {
    let Finding {
        key,
        specifier,
        range,
        version,
        winner,
    } = *finding;
    let module = supplied.closure.name(layer);
    Diagnostic::new(
        Code::Version,
        module.clone(),
        format!(
            "{module} declares {key} {range}, but for {specifier} it gets {}.",
            winner.described()
        ),
        format!(
            "Change the range of {key} in {module} so that it accepts {version}, change the \
                 {} that {} depends on, or use a module that provides one within {range}.",
            winner.name, winner.provider
        ),
    )
    .with_package(key)
    .with_check("intent")
    .with_found(version)
    .with_required(range)
    .at(supplied.closure.record(layer).location_of_dependency(key))
}

/// (package, subpath) of every supplied identity that has a subpath.
fn supplied_subpaths(supplied: &SuppliedClosure, layer: LayerIndex) -> Vec<(&str, &str)> {
    let mut subpaths: Vec<(&str, &str)> = supplied.supplies[layer]
        .whole
        .keys()
        .map(|group| split_package(&supplied.offers.groups[*group].identity))
        .filter(|(_, subpath)| !subpath.is_empty())
        .collect();
    subpaths.dedup();
    subpaths
}
