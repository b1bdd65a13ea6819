//! What linking yields, as lines.

use esmx_build::link::{LegacySide, LegacySource, Linkage, Major};
use esmx_build::protocol::Side;

fn legacy_side<'a>(linkage: &'a Linkage, side: &str) -> &'a LegacySide {
    let legacy = linkage.legacy().expect("a root of the legacy kind");
    legacy.on(if side == "client" {
        Side::Client
    } else {
        Side::Server
    })
}

pub fn legacy_exports(linkage: &Linkage, side: &str) -> Vec<String> {
    let source = |source: &LegacySource| match source {
        LegacySource::Package(specifier) => format!("package {specifier}"),
        LegacySource::File(path) => format!("file {path}"),
    };
    let exports = &legacy_side(linkage, side).exports;
    exports
        .iter()
        .map(|(name, from)| format!("{name} => {}", source(from)))
        .collect()
}

pub fn legacy_scopes(linkage: &Linkage, side: &str) -> Vec<String> {
    let scopes = &legacy_side(linkage, side).scopes;
    scopes
        .iter()
        .flat_map(|(scope, table)| {
            table.iter().map(move |(specifier, target)| {
                format!("{scope} | {specifier} => {target}")
                    .trim_start()
                    .to_owned()
            })
        })
        .collect()
}

pub fn legacy_provides(linkage: &Linkage, side: &str) -> Vec<String> {
    let provides = &legacy_side(linkage, side).provides;
    provides
        .iter()
        .map(|(name, installed)| {
            let version = installed.version.as_deref().unwrap_or("unresolved");
            format!("{name} => {}@{version}", installed.identity)
        })
        .collect()
}

pub fn wiring(linkage: &Linkage, module: &str) -> Vec<String> {
    match linkage.wiring_of(module) {
        Some(table) => table
            .iter()
            .map(|(specifier, identifier)| format!("{module}: {specifier} => {identifier}"))
            .collect(),
        None => vec![format!("{module}: no table")],
    }
}

pub fn elections(linkage: &Linkage) -> Vec<String> {
    linkage
        .elections
        .iter()
        .map(|election| {
            let losers: Vec<String> = election
                .losers()
                .map(esmx_build::link::Offer::identifier)
                .collect();
            let before = if losers.is_empty() {
                String::new()
            } else {
                format!(" before {}", losers.join(", "))
            };
            format!("{}: {}{before}", election.group, election.winner.identifier())
        })
        .collect()
}

pub fn supply(linkage: &Linkage) -> Vec<String> {
    linkage
        .supply()
        .iter()
        .map(|(identity, groups)| {
            let groups: Vec<String> = groups
                .iter()
                .map(|election| {
                    let version = election.winner.version.as_deref().unwrap_or("unresolved");
                    let major = match election.group.major {
                        Major::Number(major) => major.to_string(),
                        Major::Unknown => "unknown".to_owned(),
                    };
                    format!("{major} {}@{version}", election.winner.identifier())
                })
                .collect();
            format!("{identity}: {}", groups.join(", "))
        })
        .collect()
}
