//! Everything that is no supplied package, in words.

use super::Paper;
use super::package::{copy_text, declared_text};
use crate::base::relative_posix;
use crate::diagnostic::human::printable;
use crate::link::{
    Explanation, ExportAnswer, HandWiring, InstalledCopy, NothingAnswer, OwnCopyAnswer, ProvidingModule,
    WhyNot, Wiring,
};

impl Paper<'_> {
    pub(super) fn export(&mut self, explanation: &Explanation, export: &ExportAnswer) {
        let ExportAnswer {
            module,
            name,
            version,
            ..
        } = export;
        let (module, name) = (printable(module), printable(name));
        let version = if version.is_empty() {
            String::new()
        } else {
            format!(" {}", printable(version))
        };
        self.title(explanation, &format!("the export ./{name} of {module}{version}"));
        self.heading("Which export");
        if export.is_index_alias {
            self.say(&format!(
                "{module} has no export of exactly this name; ./{name} also answers without /index."
            ));
        } else {
            self.say(&format!("{module} declares it."));
        }
        self.place(export.location.as_ref());
        if export.route.len() > 1 {
            let route: Vec<String> = export.route.iter().map(|name| printable(name)).collect();
            self.say(&format!(
                "{}.",
                route.join(", which uses ").replacen(", which uses", " uses", 1)
            ));
        }
        let sources: Vec<Vec<String>> = export
            .sides
            .iter()
            .map(|side| {
                let text = match &side.source {
                    Some(source) => printable(source),
                    None if side.is_enabled => "known from the manifest only".to_owned(),
                    None => {
                        "disabled: a static import is E_NO_EXPORT here, import() is left alone".to_owned()
                    }
                };
                vec![side.file.side.to_string(), text]
            })
            .collect();
        self.heading("Source");
        self.table(&sources);
        let enabled = export.sides.iter().filter(|side| side.is_enabled);
        let files: Vec<_> = enabled.map(|side| side.file.clone()).collect();
        self.files(&files);
    }

    pub(super) fn own_copy(&mut self, explanation: &Explanation, answer: &OwnCopyAnswer) {
        let module = printable(&explanation.module);
        self.title(
            explanation,
            &format!("{}, bundled into {module}", installed_text(&answer.copy)),
        );
        self.heading("Why it is not shared");
        let sentence = match &answer.why_not {
            WhyNot::UsesNobody => format!("{module} uses nobody, so nobody can provide it."),
            WhyNot::NobodyProvides => {
                format!("Bundled, because nobody in esmx.uses of {module} provides it.")
            }
            WhyNot::OnlyThePackage(offer) => format!(
                "{} provides {}, but a subpath is an entry of its own: add \"{}\" to esmx.provides of {}, or both \
                 copies are loaded.",
                printable(&offer.provider),
                printable(&offer.name),
                printable(&explanation.specifier),
                printable(&offer.provider)
            ),
            WhyNot::NotInItsUses(offers) => {
                let mut providers: Vec<String> =
                    offers.iter().map(|offer| printable(&offer.provider)).collect();
                providers.dedup();
                let offers: Vec<String> = offers
                    .iter()
                    .map(|offer| format!("{} ({})", printable(&offer.identifier()), copy_text(offer)))
                    .collect();
                format!(
                    "This closure has {}, but {module} does not use {}, not even through others.",
                    offers.join(", "),
                    providers.join(" or ")
                )
            }
            WhyNot::AliasToAnother { real_name, offer } => format!(
                "Here the name stands for the package {}, which nobody provides; {} is another package.",
                printable(real_name),
                printable(&offer.identifier())
            ),
        };
        self.say(&sentence);
        let quiet = self.palette.quiet;
        if let Some(dependency) = &answer.dependency {
            self.say(&format!(
                "{quiet}declared as{quiet:#} {}",
                declared_text(dependency)
            ));
            self.place(dependency.location.as_ref());
        }
        let dir = relative_posix(self.directory, &answer.copy.dir);
        self.say(&format!("{quiet}installed in{quiet:#} {}", printable(&dir)));
        self.would_provide(&module, &answer.would_provide);
    }

    fn would_provide(&mut self, module: &str, providing: &[ProvidingModule]) {
        if providing.is_empty() {
            return;
        }
        self.heading("Who would provide it");
        let rows: Vec<Vec<String>> = providing
            .iter()
            .map(|one| {
                vec![
                    printable(&format!("{}/{}", one.name, one.provides)),
                    printable(one.version.as_deref().unwrap_or("not installed")),
                    printable(&relative_posix(self.directory, &one.dir)),
                ]
            })
            .collect();
        self.table(&rows);
        let advice = self.palette.advice;
        self.say(&format!(
            "{advice}To share it:{advice:#} add one of them to esmx.uses of {module}."
        ));
    }

    pub(super) fn builtin(
        &mut self,
        explanation: &Explanation,
        client: Option<&InstalledCopy>,
        is_prefixed: bool,
    ) {
        self.title(explanation, "a module of Node");
        self.heading("Loaded from");
        let client = match client {
            Some(copy) => format!("{}, bundled: an installed package has this name", installed_text(copy)),
            None if is_prefixed => "E_BUILTIN_ON_CLIENT: browsers have no modules of Node".to_owned(),
            None => "E_BUILTIN_ON_CLIENT: browsers have no modules of Node, and no package of this name is installed"
                .to_owned(),
        };
        self.table(&[
            vec!["client".to_owned(), client],
            vec![
                "server".to_owned(),
                "Node itself; the import stays as it is".to_owned(),
            ],
        ]);
    }

    pub(super) fn by_hand(&mut self, explanation: &Explanation, sides: &[HandWiring]) {
        self.title(explanation, "wired by hand");
        self.heading("Legacy configuration");
        let module = printable(&explanation.module);
        self.say(&format!(
            "{module} has no esmx declaration: the `modules` of its behaviour file decide, and nothing is elected."
        ));
        let row = |hand: &HandWiring| {
            let text = match (&hand.wiring, &hand.target) {
                (Wiring::Provided { .. } | Wiring::LogicalExport { .. }, Some(target)) => {
                    format!("stays an import, mapped to {}", printable(target))
                }
                (Wiring::Provided { .. } | Wiring::LogicalExport { .. }, None) => {
                    "stays an import; the linked module answers to the name".to_owned()
                }
                (Wiring::OwnCopy, _) => "bundled from node_modules".to_owned(),
                (Wiring::SelfAlias { path }, _) => {
                    format!(
                        "bundled from {}",
                        printable(&relative_posix(self.directory, path))
                    )
                }
                (Wiring::Builtin, _) => "a module of Node".to_owned(),
                (Wiring::Relative, _) => "a path, bundled".to_owned(),
                (Wiring::Url, _) => "a URL; stays as it is".to_owned(),
                (Wiring::External { specifier }, _) => format!("stays an import of {}", printable(specifier)),
                (Wiring::Alias { specifier }, _) => format!("bundled as {}", printable(specifier)),
            };
            vec![hand.side.to_string(), text]
        };
        let rows: Vec<Vec<String>> = sides.iter().map(row).collect();
        self.table(&rows);
    }

    pub(super) fn nothing(&mut self, explanation: &Explanation, answer: &NothingAnswer) {
        let module = printable(&explanation.module);
        self.title(explanation, "nothing");
        self.heading("Why");
        match &answer.dependency {
            Some(dependency) => {
                self.say(&format!(
                    "{} is declared, but not installed, and nobody in esmx.uses of {module} provides it.",
                    declared_text(dependency)
                ));
                self.place(dependency.location.as_ref());
            }
            None => self.say(&format!(
                "No module {module} uses provides or exports it, and it is not installed."
            )),
        }
        if !answer.near.is_empty() {
            self.heading("Near names");
            let rows: Vec<Vec<String>> = answer.near.iter().map(|name| vec![printable(name)]).collect();
            self.table(&rows);
        }
        self.would_provide(&module, &answer.would_provide);
    }
}

fn installed_text(copy: &InstalledCopy) -> String {
    let version = copy.version.as_deref().unwrap_or("of unknown version");
    format!("{} {}", printable(&copy.name), printable(version))
}
