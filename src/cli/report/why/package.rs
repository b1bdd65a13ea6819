//! A supplied package in words.

use super::Paper;
use crate::diagnostic::human::printable;
use crate::link::{
    DeclaredDependency, ElectionTrace, Explanation, Form, GroupKey, GroupKind, Instance, Offer,
    PackageAnswer, Reason, Rule, Selection,
};

impl Paper<'_> {
    pub(super) fn package(&mut self, explanation: &Explanation, answer: &PackageAnswer) {
        let PackageAnswer { election, .. } = answer;
        let strong = self.palette.strong;
        let meaning = format!(
            "{strong}{}{strong:#} ({})",
            printable(&election.winner.identifier()),
            copy_text(&election.winner)
        );
        self.title(explanation, &meaning);
        match (&answer.form, &answer.selection) {
            (Form::Identifier(offer), _) => self.identifier(offer, election),
            (Form::Bare, Some(selection)) => self.selection(explanation, selection, answer),
            (Form::Bare, None) => {}
        }
        self.election(explanation, answer);
        if !answer.other_groups.is_empty() {
            self.heading("Other copies of the same package");
            let rows: Vec<Vec<String>> = answer.other_groups.iter().map(other_group).collect();
            self.table(&rows);
        }
        self.files(&answer.files);
        self.instances(answer);
    }

    fn identifier(&mut self, offer: &Offer, election: &ElectionTrace) {
        self.heading("Which offer");
        let (name, provider) = (printable(&offer.name), printable(&offer.provider));
        if *offer == election.winner {
            self.say(&format!(
                "The identifier names what {provider} provides as {name}, and that copy is elected."
            ));
        } else {
            self.say(&format!(
                "The identifier names what {provider} provides as {name} ({}), but that copy lost its election. \
                 Identifiers are rewired like bare names.",
                copy_text(offer)
            ));
        }
    }

    fn selection(&mut self, explanation: &Explanation, selection: &Selection, answer: &PackageAnswer) {
        self.heading("Which major");
        let module = printable(&explanation.module);
        let group = group_text(&answer.election.group);
        let chosen = selection
            .candidates
            .iter()
            .find(|(key, _)| *key == answer.election.group);
        let version = chosen.and_then(|(_, version)| version.as_deref());
        let version = printable(version.unwrap_or("an unknown version"));
        let declared = selection.dependency.as_ref().map(declared_text);
        let sentence = match (selection.reason, declared) {
            (Reason::OwnOffer, _) => {
                format!("{module} provides it itself, and a module runs on the major it hands out: {group}.")
            }
            (Reason::Satisfied, Some(declared)) => {
                format!("{declared} chooses {group}: {version} satisfies it.")
            }
            (Reason::Unchecked, Some(declared)) => format!(
                "{declared} is satisfied by no version that is known; {group} cannot be checked, and is taken."
            ),
            (Reason::NothingSatisfies, Some(declared)) => format!(
                "{declared} is satisfied by nothing that is supplied; the highest major is taken: {group}."
            ),
            (Reason::HighestMajor, Some(declared)) => {
                format!(
                    "{declared} says nothing about a version; {}: {group}.",
                    taken(selection)
                )
            }
            (_, None) => format!(
                "No dependency of {module} says which; {}: {group}.",
                taken(selection)
            ),
        };
        self.say(&sentence);
        let place = selection
            .dependency
            .as_ref()
            .and_then(|one| one.location.as_ref());
        self.place(selection.provides.as_ref().or(place));
    }

    fn election(&mut self, explanation: &Explanation, answer: &PackageAnswer) {
        let election = &answer.election;
        let winner = &election.winner;
        self.heading("Which copy of it");
        if election.rule == Rule::OnlyCandidate {
            self.say(&format!("Only {} provides it.", printable(&winner.provider)));
        } else {
            let rows: Vec<Vec<String>> = election
                .candidates
                .iter()
                .map(|offer| {
                    let mark = if offer == winner { "elected" } else { "lost" };
                    vec![
                        printable(&offer.identifier()),
                        version_text(offer),
                        mark.to_owned(),
                    ]
                })
                .collect();
            self.table(&rows);
            for defeat in &election.defeats {
                self.say(&printable(&defeat.sentence()));
                self.place(defeat.location.as_ref());
            }
            self.how_to_change(election);
        }
        if let [root, between @ .., provider] = election.route.as_slice()
            && !between.is_empty()
        {
            let chain: Vec<String> = between
                .iter()
                .chain([provider])
                .map(|name| printable(name))
                .collect();
            self.say(&format!(
                "It comes to {} by {}.",
                printable(root),
                chain.join(", which uses ")
            ));
        }
        if let Some(alone) = &answer.alone {
            self.say(&format!(
                "{} built alone gets {} ({}); in this closure everybody gets the elected one.",
                printable(&explanation.module),
                printable(&alone.identifier()),
                copy_text(alone)
            ));
        }
    }

    /// The edit that elects another, where one edit at the root does.
    fn how_to_change(&mut self, election: &ElectionTrace) {
        let root = &election.route[0];
        let movable = election
            .defeats
            .iter()
            .find(|defeat| defeat.at == *root && defeat.later.is_some());
        if let Some(defeat) = movable
            && let Some(earlier) = &defeat.earlier
        {
            let advice = self.palette.advice;
            self.say(&format!(
                "{advice}To elect {}:{advice:#} move {:?} to the end of esmx.uses in {}.",
                printable(&defeat.loser.identifier()),
                printable(earlier),
                printable(root)
            ));
        }
    }

    fn instances(&mut self, answer: &PackageAnswer) {
        let row = |instance: &Instance| {
            let mut row = vec![printable(&instance.module), printable(&instance.specifier)];
            if !instance.is_same {
                row.push(match (&instance.identifier, &instance.group) {
                    (Some(identifier), Some(group)) => {
                        format!("→ {} ({})", printable(identifier), group_text(group))
                    }
                    _ => "bundled: nobody in its esmx.uses provides it".to_owned(),
                });
            }
            row
        };
        let (same, others): (Vec<&Instance>, Vec<&Instance>) =
            answer.instances.iter().partition(|instance| instance.is_same);
        for (heading, instances) in [("The same instance", same), ("Another instance", others)] {
            if !instances.is_empty() {
                self.heading(heading);
                self.table(&instances.into_iter().map(row).collect::<Vec<_>>());
            }
        }
    }
}

fn taken(selection: &Selection) -> &'static str {
    if selection.candidates.len() > 1 {
        "the highest major is taken"
    } else {
        "there is only one"
    }
}

/// `"vue": "^3.5.0" in dependencies`
pub(super) fn declared_text(dependency: &DeclaredDependency) -> String {
    let DeclaredDependency { map, key, value, .. } = dependency;
    format!("\"{}\": \"{}\" in {map}", printable(key), printable(value))
}

/// `vue 3`
pub(super) fn group_text(group: &GroupKey) -> String {
    let identity = printable(&group.identity);
    match group.kind {
        GroupKind::Package => format!("{identity} {}", group.major),
        GroupKind::Island => format!("{identity} {}, which is only found under this name", group.major),
    }
}

/// `vue 3.5.2`
pub(super) fn copy_text(offer: &Offer) -> String {
    format!("{} {}", printable(&offer.identity), version_text(offer))
}

fn version_text(offer: &Offer) -> String {
    printable(offer.version.as_deref().unwrap_or("of unknown version"))
}

fn other_group(election: &ElectionTrace) -> Vec<String> {
    vec![
        group_text(&election.group),
        format!("→ {}", printable(&election.winner.identifier())),
        version_text(&election.winner),
    ]
}
