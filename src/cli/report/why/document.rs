//! The answer of `why` for tools. One document; absent facts are omitted.
//!
//! ```text
//! specifier, module, root   what was asked, for whom, in whose closure
//! answer                    package | export | ownCopy | builtin | ownFile | path | url | byHand | refused | nothing | cyclic
//! identifier                what is loaded: the winner's identifier, or the export's
//! package                   { form, asked?, selection?, election, otherElections, alone?, modules }
//! export                    { module, name, isIndexAlias, route, sources, location? }
//! ownCopy                   { name, version?, dir, why, suppliedBy, dependency?, wouldProvide }
//! byHand                    { client, server }: { means: external | bundled | builtin | url, target? }
//! nothing                   { near, dependency?, wouldProvide }
//! files                     { client, server }: { state, file? }, state is
//!                           built | missing | notInManifest | notBuilt | disabled
//! bundled                   { client, server }: { file } (null when replaced by nothing) or { error }
//! diagnostics               as everywhere
//! ```
//!
//! Files and directories are absolute; the files of locations and diagnostics are relative to the working directory.

use std::path::Path;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Value, json};

use super::exit_of;
use crate::base::{relative_posix, to_posix};
use crate::cli::report::Shown;
use crate::cli::report::json::{records, shown};
use crate::command::{BundledFile, WhyReport};
use crate::diagnostic::json::Record;
use crate::diagnostic::{Diagnostic, Location};
use crate::link::{
    Answer, BuiltFile, DeclaredDependency, Defeat, ElectionTrace, Explanation, ExportAnswer, FileState, Form,
    GroupKey, GroupKind, HandWiring, InstalledCopy, Instance, Major, Offer, OwnCopyAnswer, PackageAnswer,
    ProvidingModule, Reason, Selection, WhyNot, Wiring,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    specifier: &'a str,
    module: &'a str,
    root: &'a str,
    answer: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<String>,
    #[serde(flatten)]
    details: IndexMap<&'static str, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<IndexMap<&'static str, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bundled: Option<IndexMap<&'static str, Value>>,
    diagnostics: Vec<Record<'a>>,
}

/// The document.
pub(in crate::cli) fn json_of_why(report: &WhyReport, directory: &Path) -> Shown {
    let explanation = &report.explanation;
    let writer = Writer { directory };
    let refusal = match &explanation.answer {
        Answer::Refused(diagnostic) => Some(&**diagnostic),
        _ => None,
    };
    let diagnostics: Vec<&Diagnostic> = refusal.into_iter().chain(&explanation.diagnostics).collect();
    let document = Document {
        specifier: &explanation.specifier,
        module: &explanation.module,
        root: &report.root,
        answer: kind(&explanation.answer),
        identifier: identifier(&explanation.answer),
        details: writer.details(explanation),
        files: files(&explanation.answer),
        bundled: bundled(&report.bundled),
        diagnostics: records(&diagnostics, directory),
    };
    shown(&document, exit_of(report))
}

fn kind(answer: &Answer) -> &'static str {
    match answer {
        Answer::Package(_) => "package",
        Answer::Export(_) => "export",
        Answer::OwnCopy(_) => "ownCopy",
        Answer::Builtin { .. } => "builtin",
        Answer::OwnFile(_) => "ownFile",
        Answer::Relative => "path",
        Answer::Url => "url",
        Answer::ByHand(_) => "byHand",
        Answer::Refused(_) => "refused",
        Answer::Nothing(_) => "nothing",
        Answer::Cyclic => "cyclic",
    }
}

fn identifier(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Package(package) => Some(package.election.winner.identifier()),
        Answer::Export(export) => Some(format!("{}/{}", export.module, export.name)),
        _ => None,
    }
}

fn files(answer: &Answer) -> Option<IndexMap<&'static str, Value>> {
    let file = |file: &BuiltFile, is_enabled: bool| {
        let value = match &file.state {
            _ if !is_enabled => json!({ "state": "disabled" }),
            FileState::Built(path) => json!({ "state": "built", "file": to_posix(path) }),
            FileState::Missing(path) => json!({ "state": "missing", "file": to_posix(path) }),
            FileState::NotInManifest => json!({ "state": "notInManifest" }),
            FileState::NotBuilt => json!({ "state": "notBuilt" }),
        };
        (file.side.as_str(), value)
    };
    match answer {
        Answer::Package(package) => Some(package.files.iter().map(|one| file(one, true)).collect()),
        Answer::Export(export) => Some(
            export
                .sides
                .iter()
                .map(|side| file(&side.file, side.is_enabled))
                .collect(),
        ),
        _ => None,
    }
}

fn bundled(bundled: &[BundledFile]) -> Option<IndexMap<&'static str, Value>> {
    let side = |bundled: &BundledFile| {
        let value = match &bundled.file {
            Ok(path) => json!({ "file": path.as_deref().map(to_posix) }),
            Err(reason) => json!({ "error": reason }),
        };
        (bundled.side.as_str(), value)
    };
    (!bundled.is_empty()).then(|| bundled.iter().map(side).collect())
}

struct Writer<'a> {
    directory: &'a Path,
}

impl Writer<'_> {
    fn details(&self, explanation: &Explanation) -> IndexMap<&'static str, Value> {
        let detail = match &explanation.answer {
            Answer::Package(package) => Some(("package", self.package(package))),
            Answer::Export(export) => Some(("export", self.export(export))),
            Answer::OwnCopy(copy) => Some(("ownCopy", self.own_copy(copy))),
            Answer::Nothing(nothing) => Some((
                "nothing",
                without_nulls(json!({
                    "near": nothing.near,
                    "dependency": nothing.dependency.as_ref().map(|one| self.dependency(one)),
                    "wouldProvide": would_provide(&nothing.would_provide),
                })),
            )),
            Answer::Builtin { client, .. } => client.as_ref().map(|copy| ("client", installed(copy))),
            Answer::OwnFile(path) => Some(("path", json!(to_posix(path)))),
            Answer::ByHand(sides) => Some(("byHand", by_hand(sides))),
            Answer::Relative | Answer::Url | Answer::Refused(_) | Answer::Cyclic => None,
        };
        detail.into_iter().collect()
    }

    fn package(&self, answer: &PackageAnswer) -> Value {
        let (form, asked) = match &answer.form {
            Form::Bare => ("bare", None),
            Form::Identifier(asked) => ("identifier", Some(offer(asked))),
        };
        let others = answer.other_groups.iter().map(|one| self.election(one));
        without_nulls(json!({
            "form": form,
            "asked": asked,
            "selection": answer.selection.as_ref().map(|selection| self.selection(selection)),
            "election": self.election(&answer.election),
            "otherElections": others.collect::<Vec<_>>(),
            "alone": answer.alone.as_ref().map(offer),
            "modules": answer.instances.iter().map(instance).collect::<Vec<_>>(),
        }))
    }

    fn selection(&self, selection: &Selection) -> Value {
        let reason = match selection.reason {
            Reason::OwnOffer => "ownOffer",
            Reason::Satisfied => "satisfied",
            Reason::Unchecked => "unchecked",
            Reason::NothingSatisfies => "nothingSatisfies",
            Reason::HighestMajor => "highestMajor",
        };
        let candidates = selection.candidates.iter().map(|(group, version)| {
            json!({ "package": group.identity, "major": major(group), "version": version })
        });
        without_nulls(json!({
            "reason": reason,
            "dependency": selection.dependency.as_ref().map(|one| self.dependency(one)),
            "provides": self.location(selection.provides.as_ref()),
            "candidates": candidates.collect::<Vec<_>>(),
        }))
    }

    fn dependency(&self, dependency: &DeclaredDependency) -> Value {
        let DeclaredDependency {
            map,
            key,
            value,
            location,
        } = dependency;
        without_nulls(json!({
            "map": map, "key": key, "value": value, "location": self.location(location.as_ref()),
        }))
    }

    fn location(&self, location: Option<&Location>) -> Option<Value> {
        let location = location?;
        let file = relative_posix(self.directory, &location.file);
        Some(json!({ "file": file, "line": location.line, "column": location.column }))
    }

    fn election(&self, election: &ElectionTrace) -> Value {
        json!({
            "package": election.group.identity,
            "major": major(&election.group),
            "isIsland": election.group.kind == GroupKind::Island,
            "winner": offer(&election.winner),
            "candidates": election.candidates.iter().map(offer).collect::<Vec<_>>(),
            "rule": election.rule.as_str(),
            "route": election.route,
            "defeats": election.defeats.iter().map(|one| self.defeat(one)).collect::<Vec<_>>(),
        })
    }

    fn defeat(&self, defeat: &Defeat) -> Value {
        without_nulls(json!({
            "loser": offer(&defeat.loser),
            "by": offer(&defeat.by),
            "at": defeat.at,
            "rule": defeat.rule.as_str(),
            "earlier": defeat.earlier,
            "later": defeat.later,
            "sentence": defeat.sentence(),
            "location": self.location(defeat.location.as_ref()),
        }))
    }

    fn export(&self, export: &ExportAnswer) -> Value {
        let sources: IndexMap<&str, Option<&str>> = export
            .sides
            .iter()
            .map(|side| (side.file.side.as_str(), side.source.as_deref()))
            .collect();
        without_nulls(json!({
            "module": export.module,
            "name": export.name,
            "isIndexAlias": export.is_index_alias,
            "route": export.route,
            "sources": sources,
            "location": self.location(export.location.as_ref()),
        }))
    }

    fn own_copy(&self, answer: &OwnCopyAnswer) -> Value {
        let (why, supplied_by): (&str, Vec<&Offer>) = match &answer.why_not {
            WhyNot::UsesNobody => ("usesNobody", Vec::new()),
            WhyNot::NobodyProvides => ("nobodyProvides", Vec::new()),
            WhyNot::OnlyThePackage(offer) => ("onlyThePackage", vec![offer]),
            WhyNot::NotInItsUses(offers) => ("notInItsUses", offers.iter().collect()),
            WhyNot::AliasToAnother { offer, .. } => ("aliasToAnother", vec![offer]),
        };
        without_nulls(json!({
            "name": answer.copy.name,
            "version": answer.copy.version,
            "dir": to_posix(&answer.copy.dir),
            "why": why,
            "suppliedBy": supplied_by.into_iter().map(offer).collect::<Vec<_>>(),
            "dependency": answer.dependency.as_ref().map(|one| self.dependency(one)),
            "wouldProvide": would_provide(&answer.would_provide),
        }))
    }
}

fn by_hand(sides: &[HandWiring]) -> Value {
    let side = |hand: &HandWiring| {
        let means = match hand.wiring {
            Wiring::Provided { .. } | Wiring::LogicalExport { .. } | Wiring::External { .. } => "external",
            Wiring::OwnCopy | Wiring::SelfAlias { .. } | Wiring::Relative | Wiring::Alias { .. } => "bundled",
            Wiring::Builtin => "builtin",
            Wiring::Url => "url",
        };
        (
            hand.side.as_str(),
            without_nulls(json!({ "means": means, "target": hand.target })),
        )
    };
    sides
        .iter()
        .map(side)
        .collect::<IndexMap<_, _>>()
        .into_iter()
        .map(|(side, value)| (side.to_owned(), value))
        .collect()
}

fn major(group: &GroupKey) -> Value {
    match group.major {
        Major::Number(number) => json!(number),
        Major::Unknown => json!("unknown"),
    }
}

fn offer(offer: &Offer) -> Value {
    json!({
        "identifier": offer.identifier(), "provider": offer.provider, "name": offer.name,
        "package": offer.identity, "version": offer.version,
    })
}

fn instance(instance: &Instance) -> Value {
    let kind = match (instance.is_same, &instance.group) {
        (true, _) => "same",
        (false, Some(_)) => "other",
        (false, None) => "own",
    };
    without_nulls(json!({
        "module": instance.module, "specifier": instance.specifier, "instance": kind,
        "identifier": instance.identifier, "major": instance.group.as_ref().map(major),
    }))
}

fn installed(copy: &InstalledCopy) -> Value {
    json!({ "name": copy.name, "version": copy.version, "dir": to_posix(&copy.dir) })
}

fn would_provide(modules: &[ProvidingModule]) -> Vec<Value> {
    modules
        .iter()
        .map(|module| {
            json!({
                "module": module.name, "dir": to_posix(&module.dir), "provides": module.provides,
                "version": module.version,
            })
        })
        .collect()
}

/// The object without what is absent.
fn without_nulls(mut value: Value) -> Value {
    if let Value::Object(members) = &mut value {
        members.retain(|_, member| !member.is_null());
    }
    value
}
