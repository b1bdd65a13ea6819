//! A part of a chunk before it is part of a unit: what all other stages must know of it, and its code, unless what it
//! becomes is known already.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use swc_core::atoms::Atom;

use super::depth::is_too_deep;
use super::division::included_size;
use super::place;
use super::unit::{Part, Unit};
use crate::base::{Digest, Pieces};
use crate::graph::ModuleId;
use crate::render::elements::has_elements;
use crate::render::kept::ModuleKey;
use crate::render::module::{ModuleBody, module_body};
use crate::render::names::ChunkNames;
use crate::render::print::{Unsettled, take_legal_comments};
use crate::render::runtime::Helper;
use crate::render::surroundings::Surroundings;

/// Where the code of a part comes from.
pub enum Origin {
    /// A module of the graph.
    Module(ModuleId),
    /// Linking wrote it. It mentions names of the chunk as if they were free.
    Text(String),
}

/// What is known of a part without its code.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct PartFacts {
    /// Helpers that it calls.
    pub helpers: BTreeSet<Helper>,
    /// It has no statements.
    pub is_empty: bool,
    /// How many bytes of its source are included.
    pub size: usize,
    /// It nests too deep, or has elements of JSX, whose names the compressor would replace by other things.
    pub is_untouchable: bool,
    /// Licences and other comments that must be kept.
    pub legal: Vec<String>,
    /// Names of the chunk that it declares or mentions, ascending. Those of a part that is made anew are known when it is
    /// part of a unit.
    pub names: Vec<Atom>,
}

/// A part.
pub struct Planned {
    /// Where its code comes from.
    pub origin: Origin,
    /// What it is made of; none where that cannot be listed.
    pub key: Option<Digest>,
    /// What is known of it.
    pub facts: PartFacts,
    /// Whether an earlier build found that out.
    pub is_known: bool,
    /// Its code, where it was needed to find that out.
    pub body: Option<ModuleBody>,
}

impl Planned {
    /// A module.
    pub fn module(
        surroundings: &Surroundings<'_>,
        names: &ChunkNames,
        (number, id): (usize, ModuleId),
    ) -> Self {
        let pieces = surroundings.options.pieces.as_deref();
        let key = pieces.and_then(|_| ModuleKey::of(surroundings, names, id)?.digest());
        if let Some((pieces, key)) = pieces.zip(key)
            && let Some(facts) = known_facts(pieces, &key)
        {
            return Self {
                origin: Origin::Module(id),
                key: Some(key),
                facts,
                is_known: true,
                body: None,
            };
        }
        let bound = &surroundings.graph.bound;
        let body = module_body(surroundings, id, &place(names, number));
        let syntax = &bound.graph.modules[id].syntax;
        let comments = &syntax.tree.comments;
        let legal = if comments.is_empty() {
            Vec::new()
        } else {
            take_legal_comments(&comments.to_single_threaded())
        };
        let facts = PartFacts {
            helpers: body.helpers.clone(),
            is_empty: body.statements.is_empty(),
            size: included_size(bound, id),
            is_untouchable: is_too_deep(&body.statements)
                || has_elements(&body.statements[..], std::iter::once(&**syntax.source)),
            legal,
            names: Vec::new(),
        };
        Self {
            origin: Origin::Module(id),
            key,
            facts,
            is_known: false,
            body: Some(body),
        }
    }

    /// What linking wrote.
    pub fn text(text: String, pieces: Option<&dyn Pieces>) -> Self {
        let key = pieces.map(|_| Digest::of(text.as_bytes()));
        let known = pieces
            .zip(key)
            .and_then(|(pieces, key)| known_facts(pieces, &key));
        let facts = PartFacts {
            size: text.len(),
            ..PartFacts::default()
        };
        Self {
            origin: Origin::Text(text),
            key,
            is_known: known.is_some(),
            facts: known.unwrap_or(facts),
            body: None,
        }
    }

    /// The module that it is.
    pub fn id(&self) -> Option<ModuleId> {
        match self.origin {
            Origin::Module(id) => Some(id),
            Origin::Text(_) => None,
        }
    }

    /// Its source: what positions of its code refer to. May have to be read.
    pub fn source(&self, surroundings: &Surroundings<'_>) -> Arc<str> {
        let source = |id: ModuleId| {
            let module = &surroundings.graph.bound.graph.modules[id];
            Arc::clone(&module.syntax.source)
        };
        self.id().map(source).unwrap_or_default()
    }

    /// Its code.
    fn part<'a>(&mut self, surroundings: &Surroundings<'a>, names: &ChunkNames) -> Part<'a> {
        match &self.origin {
            Origin::Text(text) => Part::of_text(text),
            Origin::Module(id) => {
                // The number of a module matters to code that is lowered, which is not known before.
                let body = self.body.take();
                let body = body.unwrap_or_else(|| module_body(surroundings, *id, &place(names, 0)));
                let syntax = &surroundings.graph.bound.graph.modules[*id].syntax;
                Part::of_module(*id, body, &syntax.tree.comments, syntax.source.clone())
            }
        }
    }
}

fn known_facts(pieces: &dyn Pieces, key: &Digest) -> Option<PartFacts> {
    pieces.value(&facts_name(key))
}

fn facts_name(key: &Digest) -> Digest {
    Digest::of(&[b"facts ".as_slice(), key.as_bytes()].concat())
}

/// Parts that will be compressed as one program.
pub struct PlannedUnit {
    pub parts: Vec<Planned>,
    /// The program, where it was needed to find out what the parts name.
    unit: Option<Unit>,
}

impl PlannedUnit {
    /// Finds out what the parts name.
    pub fn of(
        parts: Vec<Planned>,
        surroundings: &Surroundings<'_>,
        names: &ChunkNames,
        (chunk_names, helper_names): (&FxHashSet<Atom>, &FxHashSet<Atom>),
    ) -> Self {
        let mut planned = Self { parts, unit: None };
        if planned.parts.iter().any(|part| !part.is_known) {
            planned.unit = Some(planned.make(surroundings, names, (chunk_names, helper_names)));
        }
        planned
    }

    /// The program.
    pub fn unit(
        &mut self,
        surroundings: &Surroundings<'_>,
        names: &ChunkNames,
        given: (&FxHashSet<Atom>, &FxHashSet<Atom>),
    ) -> Unit {
        let unit = self.unit.take();
        unit.unwrap_or_else(|| self.make(surroundings, names, given))
    }

    fn make(
        &mut self,
        surroundings: &Surroundings<'_>,
        names: &ChunkNames,
        (chunk_names, helper_names): (&FxHashSet<Atom>, &FxHashSet<Atom>),
    ) -> Unit {
        let parts = self.parts.iter_mut().map(|part| part.part(surroundings, names));
        let (unit, names) = Unit::of(parts.collect(), chunk_names, helper_names);
        let pieces = surroundings.options.pieces.as_deref();
        for (part, names) in self.parts.iter_mut().zip(names) {
            if part.is_known {
                continue;
            }
            part.facts.names = names;
            if let Some((pieces, key)) = pieces.zip(part.key) {
                pieces.put_value(facts_name(&key), &part.facts);
            }
        }
        unit
    }

    /// The names of the chunk that it declares or mentions, each once.
    pub fn names(&self) -> FxHashSet<&Atom> {
        self.parts.iter().flat_map(|part| &part.facts.names).collect()
    }

    /// What the drawn unit is made of; none where that cannot be listed. `exported` are the names that stay where they are,
    /// none where nothing is compressed; `others` those that are not settled; `manner` is how it is drawn.
    pub fn key(
        &self,
        exported: Option<&FxHashSet<Atom>>,
        others: &Unsettled,
        manner: &str,
    ) -> Option<Digest> {
        let mut bytes = Vec::with_capacity(self.parts.len() * Digest::BYTES);
        for part in &self.parts {
            bytes.extend(part.key?.as_bytes());
        }
        let mut list = |mut names: Vec<&Atom>| {
            names.sort_unstable();
            for name in names {
                bytes.push(b' ');
                bytes.extend(name.as_bytes());
            }
            bytes.push(b'.');
        };
        if let Some(exported) = exported {
            let names = self.names().into_iter();
            list(names.filter(|name| exported.contains(*name)).collect());
            list(others.early.iter().collect());
            list(others.changing.iter().collect());
        }
        Some(Digest::of(
            &[b"unit ", manner.as_bytes(), bytes.as_slice()].concat(),
        ))
    }
}
