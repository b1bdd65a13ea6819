//! What is worth drawing of a linkage. Serialised as it is, it is the JSON format and the data of the page:
//!
//! ```text
//! root         the root's name
//! isCyclic     whether modules use each other in a circle; then there are no elections
//! nodes        the modules, the root first: name, version, kind, isBuilt, dir, entry?, exports, provides, uses, gets
//! edges        who uses whom: from, to, position in `uses` counted from one
//! elections    one per package and major: id, package, major, isIsland, winner, candidates, rule, losses, modules,
//!              undeclared
//! diagnostics  as everywhere, files relative to the root's directory
//! ```
//!
//! Directories are relative to the root's, so that a picture can be shown to others.

use indexmap::IndexMap;
use rustc_hash::FxHashMap;
use serde::Serialize;
use std::path::Path;

use crate::base::{FileSystem, relative_posix};
use crate::diagnostic::json::{Record, record};
use crate::link::{ElectionTrace, GroupKey, GroupKind, Linkage, Major, Offer};
use crate::protocol::{PackageRecord, Side, SideFiles};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Picture<'a> {
    pub root: String,
    pub is_cyclic: bool,
    pub nodes: Vec<Node<'a>>,
    pub edges: Vec<Edge<'a>>,
    pub elections: Vec<Election<'a>>,
    pub diagnostics: Vec<Record<'a>>,
}

/// A module of the closure.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Node<'a> {
    pub name: String,
    pub version: &'a str,
    pub kind: NodeKind,
    pub is_built: bool,
    pub dir: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<Sides<'a>>,
    pub exports: IndexMap<&'a str, Sides<'a>>,
    pub provides: Vec<Provide<'a>>,
    pub uses: Vec<&'a str>,
    pub gets: Vec<Get<'a>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum NodeKind {
    Root,
    Module,
    Legacy,
}

/// A source per side; `null` is a disabled side.
#[derive(Debug, Serialize)]
pub(super) struct Sides<'a> {
    client: Option<&'a str>,
    server: Option<&'a str>,
}

/// An entry of `provides` and how its election ended.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Provide<'a> {
    pub name: &'a str,
    pub version: Option<&'a str>,
    pub election: String,
    pub is_elected: bool,
}

/// A line of the wiring.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Get<'a> {
    specifier: &'a str,
    identifier: &'a str,
    election: Option<String>,
    /// Whether the module's `package.json` names it.
    is_declared: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Edge<'a> {
    pub from: String,
    pub to: &'a str,
    pub position: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Election<'a> {
    /// `vue@3`; what `provides` and `gets` refer to.
    pub id: String,
    pub package: &'a str,
    pub major: String,
    pub is_island: bool,
    pub winner: Candidate<'a>,
    pub candidates: Vec<Candidate<'a>>,
    pub rule: &'static str,
    pub losses: Vec<Loss<'a>>,
    /// Who is wired to the winner by a name that its `package.json` has.
    pub modules: Vec<String>,
    /// Who is wired to it without such a name: it gets this copy if it imports the package.
    pub undeclared: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Candidate<'a> {
    pub identifier: String,
    pub module: &'a str,
    pub name: &'a str,
    pub package: &'a str,
    pub version: Option<&'a str>,
}

#[derive(Debug, Serialize)]
pub(super) struct Loss<'a> {
    module: &'a str,
    at: &'a str,
    rule: &'static str,
    sentence: String,
}

impl<'a> Picture<'a> {
    pub(super) fn of(files: &dyn FileSystem, linkage: &'a Linkage, traces: &'a [ElectionTrace]) -> Self {
        let root = linkage.root();
        let root_is_built = files.is_file(&linkage.root_artifact_dir().join("client/manifest.json"));
        let elections: FxHashMap<String, &ElectionTrace> = traces
            .iter()
            .flat_map(|trace| {
                trace
                    .candidates
                    .iter()
                    .map(move |offer| (offer.identifier(), trace))
            })
            .collect();
        let drawing = Drawing {
            linkage,
            elections,
            home: &root.dir,
        };
        let mut nodes = vec![drawing.node(&root.name, root, NodeKind::Root, root_is_built)];
        nodes.extend(linkage.mounts().iter().map(|mount| {
            let kind = match mount.record.declaration {
                Some(_) => NodeKind::Module,
                None => NodeKind::Legacy,
            };
            drawing.node(&mount.name, &mount.record, kind, mount.is_built)
        }));
        let edges = nodes
            .iter()
            .flat_map(|node| {
                let positions = node.uses.iter().enumerate();
                positions.map(|(index, to)| Edge {
                    from: node.name.clone(),
                    to,
                    position: index + 1,
                })
            })
            .collect();
        let elections = traces.iter().map(|trace| election(trace, &nodes)).collect();
        Self {
            root: root.label(),
            is_cyclic: linkage.is_cyclic(),
            edges,
            elections,
            nodes,
            diagnostics: linkage
                .diagnostics
                .iter()
                .map(|diagnostic| record(diagnostic, &root.dir))
                .collect(),
        }
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a picture has only string keys") + "\n"
    }
}

struct Drawing<'a> {
    linkage: &'a Linkage,
    elections: FxHashMap<String, &'a ElectionTrace>,
    /// Paths are told as seen from here.
    home: &'a Path,
}

impl<'a> Drawing<'a> {
    fn node(&self, name: &str, record: &'a PackageRecord, kind: NodeKind, is_built: bool) -> Node<'a> {
        let declaration = record.declaration.as_ref();
        let dir = relative_posix(self.home, &record.dir);
        Node {
            name: if name.is_empty() {
                record.label()
            } else {
                name.to_owned()
            },
            version: &record.version,
            kind,
            is_built,
            dir: if dir.is_empty() { ".".to_owned() } else { dir },
            entry: declaration
                .and_then(|declaration| declaration.entry.as_ref())
                .map(sides),
            exports: declaration
                .into_iter()
                .flat_map(|declaration| &declaration.exports)
                .map(|(name, files)| (name.as_str(), sides(files)))
                .collect(),
            provides: declaration
                .into_iter()
                .flat_map(|declaration| &declaration.provides)
                .filter_map(|provided| self.provide(name, provided))
                .collect(),
            uses: self.linkage.uses_of(name),
            gets: self.gets(name, record),
        }
    }

    fn provide(&self, module: &str, provided: &'a str) -> Option<Provide<'a>> {
        let identifier = format!("{module}/{provided}");
        let trace = self.elections.get(&identifier)?;
        let offer = trace
            .candidates
            .iter()
            .find(|offer| offer.identifier() == identifier)?;
        Some(Provide {
            name: provided,
            version: offer.version.as_deref(),
            election: id_of(&trace.group),
            is_elected: *offer == trace.winner,
        })
    }

    fn gets(&self, module: &str, record: &PackageRecord) -> Vec<Get<'a>> {
        let wiring = self.linkage.wiring_of(module).into_iter().flatten();
        wiring
            .map(|(specifier, identifier)| {
                let (package, _) = crate::protocol::split_package(specifier);
                Get {
                    specifier,
                    identifier,
                    election: self.elections.get(identifier).map(|trace| id_of(&trace.group)),
                    is_declared: record.all_dependencies().any(|(key, _)| key == package),
                }
            })
            .collect()
    }
}

fn sides(files: &SideFiles) -> Sides<'_> {
    Sides {
        client: files.on(Side::Client),
        server: files.on(Side::Server),
    }
}

fn election<'a>(trace: &'a ElectionTrace, nodes: &[Node<'_>]) -> Election<'a> {
    let id = id_of(&trace.group);
    let (mut modules, mut undeclared) = (Vec::new(), Vec::new());
    for node in nodes {
        let mut wired = node.gets.iter().filter(|get| get.election.as_ref() == Some(&id));
        if wired.clone().any(|get| get.is_declared) {
            modules.push(node.name.clone());
        } else if wired.any(|get| get.specifier == trace.winner.identity) {
            undeclared.push(node.name.clone());
        }
    }
    Election {
        package: &trace.winner.identity,
        major: trace.group.major.to_string(),
        is_island: trace.group.kind == GroupKind::Island,
        winner: candidate(&trace.winner),
        candidates: trace.candidates.iter().map(candidate).collect(),
        rule: trace.rule.as_str(),
        losses: trace
            .defeats
            .iter()
            .map(|defeat| Loss {
                module: &defeat.loser.provider,
                at: &defeat.at,
                rule: defeat.rule.as_str(),
                sentence: defeat.sentence(),
            })
            .collect(),
        modules,
        undeclared,
        id,
    }
}

fn candidate(offer: &Offer) -> Candidate<'_> {
    Candidate {
        identifier: offer.identifier(),
        module: &offer.provider,
        name: &offer.name,
        package: &offer.identity,
        version: offer.version.as_deref(),
    }
}

/// `vue@3`, and `vue34@3 (island)` where a package of the same name may be another group.
fn id_of(group: &GroupKey) -> String {
    let major = match group.major {
        Major::Number(number) => number.to_string(),
        Major::Unknown => "unknown".to_owned(),
    };
    match group.kind {
        GroupKind::Package => format!("{}@{major}", group.identity),
        GroupKind::Island => format!("{}@{major} (island)", group.identity),
    }
}
