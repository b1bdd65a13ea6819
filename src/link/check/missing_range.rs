//! Packages that reach a module through `uses` although its `package.json` says nothing about them (PROTOCOL
//! §8.5): which major it gets is then decided by others, and nobody can check the version.

use indexmap::IndexSet;
use rustc_hash::FxHashSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::link::closure::LayerIndex;
use crate::link::supplied::SuppliedClosure;
use crate::protocol::{DependencySpec, split_package};

/// `W_NO_RANGE` for the packages of one layer, one per identity.
pub(in crate::link) fn undeclared_packages(supplied: &SuppliedClosure, layer: LayerIndex) -> Vec<Diagnostic> {
    let SuppliedClosure {
        closure,
        offers,
        supplies,
        ..
    } = supplied;
    let record = closure.record(layer);
    let keys: FxHashSet<&str> = record.all_dependencies().map(|(key, _)| key).collect();
    // A key in several maps stands for one package only: the one its first value names.
    let real_names: FxHashSet<&str> = keys
        .iter()
        .map(|key| {
            let spec = record.selecting_spec(key);
            spec.and_then(DependencySpec::alias_target).unwrap_or(key)
        })
        .collect();
    // By group: an island is asked for by its own name, so that name is what has to be declared.
    let identities: IndexSet<&str> = supplies[layer]
        .used
        .keys()
        .map(|group| offers.groups[*group].identity.as_str())
        .collect();
    // The module's own provides do not count, and neither do the names it gives them.
    let known_by_public_name: FxHashSet<&str> = keys
        .iter()
        .flat_map(|key| offers.offers_of_name(key))
        .map(|offer| offers.placements[*offer])
        .filter(|placement| placement.layer != layer && supplied.reaches(placement.layer, layer))
        .map(|placement| offers.groups[placement.group].identity.as_str())
        .collect();
    let mut missing = identities
        .into_iter()
        .filter(|identity| {
            !real_names.contains(split_package(identity).0) && !known_by_public_name.contains(identity)
        })
        .peekable();
    // Finding the place parses the file again; a platform's consumer may miss dozens of packages.
    let place = missing
        .peek()
        .and_then(|_| record.location_of_key(&["esmx", "uses"]));
    missing
        .map(|identity| undeclared(supplied, layer, identity).at(place.clone()))
        .collect()
}

fn undeclared(supplied: &SuppliedClosure, layer: LayerIndex, identity: &str) -> Diagnostic {
    let module = supplied.closure.name(layer);
    let (package, _) = split_package(identity);
    let selected = supplied
        .selector(layer)
        .select(identity)
        .map(|group| supplied.winner(group));
    let (got, edit) = match selected.and_then(|winner| Some((winner, winner.version.as_deref()?))) {
        Some((winner, version)) => {
            let range = match split_package(&winner.identity).0 {
                real_name if real_name == package => format!("^{version}"),
                real_name => format!("npm:{real_name}@^{version}"),
            };
            (
                format!(" and gets {}", winner.described()),
                format!("{package:?}: {range:?}"),
            )
        }
        None => (String::new(), format!("a range for {package:?}")),
    };
    Diagnostic::new(
        Code::NoRange,
        module.clone(),
        format!(
            "{identity} reaches {module} through esmx.uses, but {module} declares no range for \
             {package}{got}."
        ),
        format!(
            "Add {edit} to the dependencies or peerDependencies of {module}, so that the major is its own decision."
        ),
    )
    .with_package(identity)
}
