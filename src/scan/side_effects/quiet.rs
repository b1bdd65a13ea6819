//! What is known of the functions and classes of a module that are quiet.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::ecma::ast::{Class, Id};

use super::Relied;
use super::demands::{Demanding, Demands};
use super::functions::Candidate;
use super::own_methods::has_one_of;
use crate::graph::Construction;

/// More rounds mean a chain of calls too long to be worth it.
pub(super) const MOST_ROUNDS: usize = 12;

/// What may be called or constructed without anyone noticing, with the bindings of the module that must have values then.
#[derive(Debug, Clone, Default)]
pub struct Quiet {
    /// By calling.
    pub calls: FxHashMap<Id, FxHashSet<Id>>,
    /// By `new`.
    pub constructions: FxHashMap<Id, FxHashSet<Id>>,
    /// What may be if it is given what it asks for.
    pub(super) demanding: FxHashMap<(Id, Construction), Demanding>,
    /// Those of which `new` may give something else than a new object: what extends them writes its fields there.
    pub(super) returning: FxHashSet<Id>,
    /// What classes call on their instances.
    pub(super) own_calls: FxHashMap<Id, Calls>,
    /// What they give values or properties, by calling and by `new`.
    pub(super) fills: FxHashMap<(Id, Construction), FxHashSet<Id>>,
    /// What those of them need that are like that only if imports keep promises.
    pub(super) relied: FxHashMap<(Id, Construction), Relied>,
}

/// What a class calls on its instances.
#[derive(Debug, Clone)]
pub(super) struct Calls {
    /// Names of methods; nothing where it may be any.
    pub names: Option<FxHashSet<Atom>>,
    /// What it extends.
    pub parent: Option<Id>,
}

impl Quiet {
    /// The bindings of the module that a function gives values or properties.
    pub fn fills_of(&self, id: &Id, construction: Construction) -> Option<&FxHashSet<Id>> {
        self.fills.get(&(id.clone(), construction))
    }

    /// What a function needs of imports, if it does.
    pub fn relied_on(&self, id: &Id, construction: Construction) -> Option<&Relied> {
        self.relied.get(&(id.clone(), construction))
    }

    /// Whether making an instance of a class calls no methods of that and gives nothing else, whatever extends it.
    pub fn is_discreet(&self, class: &Id) -> bool {
        let mut next = Some(class);
        for _ in 0..MOST_ROUNDS {
            let Some(id) = next else { return true };
            // Imports promise the same.
            let Some(Calls { names, parent }) = self.own_calls.get(id) else {
                return id != class;
            };
            if self.returning.contains(id) || names.as_ref().is_none_or(|names| !names.is_empty()) {
                return false;
            }
            next = parent.as_ref();
        }
        false
    }

    /// What functions need and ask for that run like this.
    pub fn demanding(&self, construction: Construction) -> impl Iterator<Item = (&Id, &Demanding)> {
        let demanding = self.demanding.iter();
        let like_this = demanding.filter(move |((_, runs), _)| *runs == construction);
        like_this.map(|((id, _), demanding)| (id, demanding))
    }

    /// The bindings that must have values when a function runs.
    pub(super) fn needs_of(&self, id: &Id, construction: Construction) -> Option<&FxHashSet<Id>> {
        self.list(construction).get(id).or_else(|| {
            let demanding = self.demanding.get(&(id.clone(), construction))?;
            Some(&demanding.needs)
        })
    }

    /// All bindings that must have values when one of the functions runs.
    pub fn all_needs(&self) -> impl Iterator<Item = &Id> {
        let demanding = self.demanding.values().map(|demanding| &demanding.needs);
        let needs = self.calls.values().chain(self.constructions.values());
        needs.chain(demanding).flatten()
    }

    /// Notes what a function needs.
    pub(super) fn note_needs(&mut self, candidate: &Candidate<'_>, needs: FxHashSet<Id>) {
        match self.demanding.get_mut(&candidate.key()) {
            Some(demanding) => demanding.needs = needs,
            None => {
                self.list_mut(candidate.construction())
                    .insert(candidate.id.clone(), needs);
            }
        }
    }

    /// Whether something else was found of a function than what was taken for granted.
    pub(super) fn settle(&mut self, candidate: &Candidate<'_>, judged: Option<&Demands>) -> bool {
        let key = candidate.key();
        match judged {
            Some(demands) if demands.is_empty() => false,
            Some(demands) => {
                self.list_mut(candidate.construction()).remove(&candidate.id);
                let known = self.demanding.get(&key).map(|demanding| &demanding.demands);
                let is_new = known != Some(demands);
                if is_new {
                    let demanding = Demanding {
                        demands: demands.clone(),
                        ..Demanding::default()
                    };
                    self.demanding.insert(key, demanding);
                }
                is_new
            }
            None => {
                self.list_mut(candidate.construction()).remove(&candidate.id);
                self.demanding.remove(&key);
                true
            }
        }
    }

    pub(super) fn has(&self, candidate: &Candidate<'_>) -> bool {
        self.list(candidate.construction()).contains_key(&candidate.id)
    }

    /// Whether the constructor of a class may call methods of one that extends it.
    pub(super) fn calls_one_of(&self, class: &Class, parent: &Id) -> bool {
        let mut next = Some(parent);
        for _ in 0..MOST_ROUNDS {
            let Some(Calls { names, parent }) = next.and_then(|id| self.own_calls.get(id)) else {
                return false;
            };
            if names.as_ref().is_none_or(|names| has_one_of(class, names)) {
                return true;
            }
            next = parent.as_ref();
        }
        true
    }

    fn list(&self, construction: Construction) -> &FxHashMap<Id, FxHashSet<Id>> {
        match construction {
            Construction::Call => &self.calls,
            Construction::New => &self.constructions,
        }
    }

    pub(super) fn list_mut(&mut self, construction: Construction) -> &mut FxHashMap<Id, FxHashSet<Id>> {
        match construction {
            Construction::Call => &mut self.calls,
            Construction::New => &mut self.constructions,
        }
    }
}
