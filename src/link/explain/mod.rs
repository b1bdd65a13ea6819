//! "Why do I get this copy?": what a specifier means in a module of the closure, with every decision on the way.
//!
//! The answer comes from [`Lookup`], the same that a build asks; what is added here is where its tables come
//! from. Nothing is decided in this directory.

mod export;
mod instances;
mod nothing;
mod own_copy;
mod package;
mod surroundings;

use std::path::PathBuf;

use super::builtin::is_unprefixed_builtin;
use super::closure::{LayerIndex, ROOT};
use super::legacy::LegacyModule;
use super::lookup::{Lookup, Request, RequestKind, Wiring, surface};
use super::mount::find_package;
use super::offer::OfferIndex;
use super::supplied::SuppliedClosure;
use super::{Linkage, wiring};
use crate::base::FileSystem;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::protocol::{PackageRecord, Side, split_package};

pub use self::export::{ExportAnswer, ExportSide};
pub use self::instances::Instance;
pub use self::nothing::NothingAnswer;
pub use self::own_copy::{InstalledCopy, OwnCopyAnswer, ProvidingModule, WhyNot};
pub use self::package::{BuiltFile, DeclaredDependency, FileState, Form, PackageAnswer, Selection};
pub use super::selection::Reason;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// As an import would write it.
    pub specifier: &'a str,
    /// The module whose code imports it; the root when nobody is named.
    pub from: Option<&'a str>,
}

/// The whole answer.
#[derive(Debug)]
pub struct Explanation {
    /// As asked.
    pub specifier: String,
    /// The module it is asked for.
    pub module: String,
    /// Its directory, with every symlink resolved.
    pub dir: PathBuf,
    /// Whether the module has a declaration; without one it is wired by its legacy configuration.
    pub is_declared: bool,
    /// What it means.
    pub answer: Answer,
    /// What the checks have to say about it.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a specifier means, and why.
#[derive(Debug)]
pub enum Answer {
    /// A supplied package.
    Package(Box<PackageAnswer>),
    /// An export of a module.
    Export(Box<ExportAnswer>),
    /// Resolved through `node_modules` and bundled.
    OwnCopy(Box<OwnCopyAnswer>),
    /// A module of Node.
    Builtin {
        /// An installed package of the same name: what the client side bundles.
        client: Option<InstalledCopy>,
        /// Whether the specifier has the `node:` prefix, which no package can have.
        is_prefixed: bool,
    },
    /// A file of the asking module, addressed by its name.
    OwnFile(PathBuf),
    /// A path: it depends on the importing file.
    Relative,
    /// A URL: left as it is.
    Url,
    /// Wired by hand: the module has a legacy configuration.
    ByHand(Vec<HandWiring>),
    /// Importing it is an error.
    Refused(Box<Diagnostic>),
    /// Nothing at all.
    Nothing(Box<NothingAnswer>),
    /// The closure has no supply, because its modules use each other in a circle.
    Cyclic,
}

/// What a legacy configuration makes of a specifier on one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandWiring {
    /// Which side.
    pub side: Side,
    /// What becomes of the import.
    pub wiring: Wiring,
    /// The identifier or URL it is mapped to, where somebody wrote one down.
    pub target: Option<String>,
}

/// A question that cannot be asked: no such module in the closure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownModule {
    /// The name that was meant, perhaps.
    pub nearest: Option<String>,
    /// All modules of the closure.
    pub modules: Vec<String>,
}

/// Answers for one module.
struct Asker<'a> {
    files: &'a dyn FileSystem,
    supplied: &'a SuppliedClosure,
    layer: LayerIndex,
    specifier: &'a str,
}

impl Linkage {
    /// Explains what a specifier means.
    ///
    /// # Errors
    /// When the closure has no module of the name the question is asked for.
    pub fn explain(
        &self,
        files: &dyn FileSystem,
        question: Question<'_>,
    ) -> Result<Explanation, UnknownModule> {
        let closure = &self.supplied.closure;
        let layer = match question.from {
            None => ROOT,
            Some(name) => closure.layer_named(name).ok_or_else(|| {
                let modules: Vec<String> = closure.layers().map(|layer| closure.name(layer)).collect();
                UnknownModule {
                    nearest: nearest(name, modules.iter().map(String::as_str)).map(str::to_owned),
                    modules,
                }
            })?,
        };
        let asker = Asker {
            files,
            supplied: &self.supplied,
            layer,
            specifier: question.specifier,
        };
        let answer = match self.legacy() {
            Some(legacy) if layer == ROOT => Answer::ByHand(asker.by_hand(legacy)),
            _ => asker.answer(),
        };
        Ok(Explanation {
            specifier: question.specifier.to_owned(),
            module: closure.name(layer),
            dir: closure.real_dir(layer).to_path_buf(),
            is_declared: closure.declaration(layer).is_some(),
            diagnostics: self.concerning(&asker, &answer),
            answer,
        })
    }

    /// The diagnostics that belong to an answer.
    fn concerning(&self, asker: &Asker<'_>, answer: &Answer) -> Vec<Diagnostic> {
        let (package, _) = split_package(asker.specifier);
        let mut names = vec![asker.specifier, package];
        let module = asker.supplied.closure.name(asker.layer);
        if let Answer::Package(package) = answer {
            names.extend([
                package.election.group.identity.as_str(),
                &package.election.winner.identity,
                &package.election.winner.name,
                &package.election.winner.provider,
            ]);
        }
        let is_about = |diagnostic: &&Diagnostic| {
            // What is about the closure is told of its root, and a missing build of its first consumer.
            let is_shared = matches!(
                diagnostic.code,
                Code::MultiCandidate | Code::MultiMajor | Code::NotBuilt
            );
            let is_for_asker = is_shared || diagnostic.module == module;
            let names_it = |package: &String| names.contains(&package.as_str());
            match diagnostic.code {
                Code::Cycle => matches!(answer, Answer::Cyclic),
                _ => is_for_asker && diagnostic.package.as_ref().is_some_and(names_it),
            }
        };
        self.diagnostics.iter().filter(is_about).cloned().collect()
    }
}

impl Asker<'_> {
    fn answer(&self) -> Answer {
        let Self { supplied, layer, .. } = *self;
        let wiring = wiring::wire(supplied, layer);
        let lookup = Lookup::of(supplied, layer, &wiring);
        let ask = |side: Side| lookup.answer(supplied, self.files, &self.request(side));
        if self.specifier.starts_with("node:") || is_unprefixed_builtin(self.specifier) {
            let client = ask(Side::Client);
            if let Ok(answer @ (Wiring::Provided { .. } | Wiring::LogicalExport { .. })) = client {
                return self.explain_wiring(answer, &wiring);
            }
            return Answer::Builtin {
                client: self.installed(),
                is_prefixed: self.specifier.starts_with("node:"),
            };
        }
        match (ask(Side::Client), ask(Side::Server)) {
            (Ok(answer), _) | (Err(_), Ok(answer)) => self.explain_wiring(answer, &wiring),
            (Err(refusal), Err(_)) => Answer::Refused(refusal),
        }
    }

    fn by_hand(&self, legacy: &LegacyModule) -> Vec<HandWiring> {
        let side = |side: Side| HandWiring {
            side,
            wiring: legacy.answer(self.files, &self.request(side)),
            target: legacy
                .on(side)
                .scopes
                .get("")
                .and_then(|scope| scope.get(self.specifier))
                .cloned(),
        };
        Side::BOTH.map(side).to_vec()
    }

    fn request(&self, side: Side) -> Request<'_> {
        Request {
            specifier: self.specifier,
            side,
            kind: RequestKind::Static,
            exempt: None,
            issuer: None,
        }
    }

    fn explain_wiring(
        &self,
        answer: Wiring,
        wiring: &indexmap::IndexMap<String, super::offer::GroupIndex>,
    ) -> Answer {
        match answer {
            Wiring::Relative => Answer::Relative,
            Wiring::Url => Answer::Url,
            Wiring::Builtin => Answer::Builtin {
                client: None,
                is_prefixed: true,
            },
            Wiring::Provided { .. } => {
                Answer::Package(Box::new(self.package(wiring[self.specifier], Form::Bare)))
            }
            Wiring::LogicalExport { .. } => self.export_or_offer(),
            Wiring::SelfAlias { path } => Answer::OwnFile(path),
            Wiring::External { .. } | Wiring::Alias { .. } => {
                unreachable!("a declaration has neither externals nor aliases; only plain bundling has")
            }
            Wiring::OwnCopy if self.supplied.is_cyclic() => Answer::Cyclic,
            Wiring::OwnCopy => match self.installed() {
                Some(copy) => Answer::OwnCopy(Box::new(self.own_copy(copy))),
                None => Answer::Nothing(Box::new(self.nothing(wiring))),
            },
        }
    }

    /// `shared/ui` is an export; `shared/vue` is an offer of `shared`, and its group's winner is loaded.
    fn export_or_offer(&self) -> Answer {
        let (module, subpath) = split_package(self.specifier);
        let name = subpath.strip_prefix('/').unwrap_or_default();
        let closure = &self.supplied.closure;
        let layer = closure
            .layer_named(module)
            .expect("a specifier that is an export begins with the name of a module");
        match self.offer_of(layer, name) {
            Some(offer) => {
                let placement = self.supplied.offers.placements[offer];
                let form = Form::Identifier(self.supplied.offers.offers[offer].clone());
                Answer::Package(Box::new(self.package(placement.group, form)))
            }
            None => Answer::Export(Box::new(self.export(layer, name))),
        }
    }

    fn offer_of(&self, layer: LayerIndex, name: &str) -> Option<OfferIndex> {
        let offers = &self.supplied.offers;
        offers.of_layer[layer]
            .iter()
            .copied()
            .find(|offer| offers.offers[*offer].name == name)
    }

    /// The package that `node_modules` has for the specifier.
    fn installed(&self) -> Option<InstalledCopy> {
        let (package, _) = split_package(self.specifier);
        let dir = find_package(self.files, self.supplied.closure.real_dir(self.layer), package)?;
        let record = PackageRecord::read(self.files, &dir).ok()?;
        Some(InstalledCopy {
            name: record.name,
            version: Some(record.version).filter(|version| !version.is_empty()),
            dir,
        })
    }
}
