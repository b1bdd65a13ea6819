//! Binding is done in rounds: what is taken for granted decides branches, and what is part of the bundle then says whether
//! it was right. Few modules are different from one round to the next, and what others see of those rarely is: what imports
//! stand for, and when modules are evaluated, is found out once.

use std::sync::Arc;

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use rustc_hash::FxHashMap;

use super::constants::{Constants, Mentions, write_out};
use super::exports::{Answers, ExportResolver};
use super::imports::bind_imports;
use super::include::{Inclusion, include};
use super::insides::Insides;
use super::ranks::Ranks;
use super::symbols::{Binding, SymbolTable};
use super::wrap::Wrapping;
use crate::diagnostic::Diagnostic;
use crate::graph::{LocalId, ModuleGraph, ModuleId, ModuleSyntax};

/// What import bindings stand for, module by module.
pub type Imports = IndexVec<ModuleId, FxHashMap<LocalId, Binding>>;

/// A module and what it said.
pub type Before = (ModuleId, Arc<ModuleSyntax>);

/// What names stand for, and which of them are needed.
pub struct Names {
    pub symbols: SymbolTable,
    pub imports: Arc<Imports>,
    pub inclusion: Inclusion,
}

impl Names {
    /// Giving tables of thousands of modules back takes as long as making some of them.
    pub fn drop_elsewhere(self) {
        rayon::spawn(move || drop(self));
    }
}

/// The rounds of one graph, of whose modules only the code is different from one to the next.
pub struct Rounds<'a> {
    /// How modules are evaluated.
    pub wrapping: &'a IndexVec<ModuleId, Wrapping>,
    /// Which modules import each other in a circle.
    pub in_cycle: &'a FixedBitSet,
    /// What was looked at inside of statements.
    pub insides: Insides,
    ranks: Option<Ranks>,
    found: Option<Found>,
}

/// What holds as long as modules look the same from outside.
struct Found {
    answers: Answers,
    imports: Arc<Imports>,
    mentions: Mentions,
}

impl<'a> Rounds<'a> {
    /// Before the first.
    pub fn new(wrapping: &'a IndexVec<ModuleId, Wrapping>, in_cycle: &'a FixedBitSet) -> Self {
        Self {
            wrapping,
            in_cycle,
            insides: Insides::default(),
            ranks: None,
            found: None,
        }
    }

    /// One round.
    ///
    /// # Errors
    /// Missing and ambiguous exports, with positions.
    #[tracing::instrument(skip_all)]
    pub fn bind_names(&mut self, graph: &ModuleGraph) -> Result<Names, Vec<Diagnostic>> {
        let ranks = self.ranks.take();
        let of_order = || ranks.unwrap_or_else(|| Ranks::of(graph, self.in_cycle));
        let known = self.found.take();
        let of_imports = || known.map_or_else(|| find(graph, self.in_cycle), Ok);
        let (found, ranks) = rayon::join(of_imports, of_order);
        let found = self.found.insert(found?);
        let ranks = self.ranks.insert(ranks);
        let mut resolver = ExportResolver::after(graph, found.answers.clone());
        let constants = Constants::of(graph, self.in_cycle, &found.mentions);
        let inclusion = include(
            graph,
            &mut resolver,
            &found.imports,
            &constants,
            self.wrapping,
            ranks,
        );
        self.insides.note_seen(inclusion.object_owners.iter().copied());
        Ok(Names {
            symbols: resolver.known.symbols,
            imports: Arc::clone(&found.imports),
            inclusion,
        })
    }

    /// Modules say something else than in the last round. They have the same bindings, requests and exports.
    pub fn note_changes(&mut self, graph: &ModuleGraph, before: &[Before]) {
        let is_same = |(module, before): &Before| looks_the_same(before, &graph.modules[*module].syntax);
        if !before.iter().all(is_same) {
            self.found = None;
        }
    }
}

fn find(graph: &ModuleGraph, in_cycle: &FixedBitSet) -> Result<Found, Vec<Diagnostic>> {
    let mut resolver = ExportResolver::new(graph);
    let mut imports = bind_imports(graph, &mut resolver)?;
    let mentions = write_out(graph, &resolver, &mut imports, in_cycle);
    Ok(Found {
        answers: resolver.known,
        imports: Arc::new(imports),
        mentions,
    })
}

/// Whether those who import a name get the same binding of it, and know the same value.
fn looks_the_same(before: &ModuleSyntax, after: &ModuleSyntax) -> bool {
    let has_effects = |syntax: &ModuleSyntax| syntax.statements.iter().any(|facts| facts.has_side_effects);
    let symbols = before.symbols.iter().zip(&after.symbols);
    let forms = before.forms.iter().zip(&after.forms);
    has_effects(before) == has_effects(after)
        && symbols.into_iter().all(|(before, after)| {
            before.value == after.value
                && before.is_fixed == after.is_fixed
                && before.declared_by == after.declared_by
        })
        && forms.into_iter().all(|(before, after)| {
            before.renames == after.renames && before.is_function() == after.is_function()
        })
}
