//! The objects of a module, and what they extend.

use std::ops::Deref;

use swc_core::atoms::Atom;
use swc_core::ecma::ast::Id;

use super::known::Known;
use super::made::{FreshKind, Made};
use super::promises::Promised;

/// More parents mean a circle.
const MOST_PARENTS: usize = 32;

/// What of a class is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Properties of its own, and what it inherits of them.
    Statics,
    /// All of it.
    Whole,
}

/// What is known of objects, where imports may keep promises.
#[derive(Clone, Copy)]
pub struct Objects<'a> {
    known: &'a Known,
    promised: Option<&'a Promised<'a>>,
}

impl Deref for Objects<'_> {
    type Target = Known;

    fn deref(&self) -> &Known {
        self.known
    }
}

impl<'a> Objects<'a> {
    /// Those that are known.
    pub fn new(known: &'a Known, promised: Option<&'a Promised<'a>>) -> Self {
        Self { known, promised }
    }

    /// Whether code has it that may do anything with it, and may have run.
    fn is_handed(&self, id: &Id) -> bool {
        self.known.is_handed(id) && (self.known.is_handed_early(id) || !self.is_promised_untouched(id))
    }

    /// Whether it may be relied on that no function has done anything to an object.
    fn is_promised_untouched(&self, id: &Id) -> bool {
        let Some(promised) = self.promised else {
            return false;
        };
        promised.note(|relied| {
            relied.untouched.insert(id.clone());
        });
        true
    }

    /// Whether every property that an object has or gets of its own is a primitive value that converts without running
    /// code.
    pub fn is_flat(&self, id: &Id) -> bool {
        self.known.has_flat_values(id)
            && self.made(id).is_some_and(Made::is_plain_object)
            && !self.is_handed(id)
    }

    /// The same of the elements of a list.
    pub fn is_flat_list(&self, id: &Id) -> bool {
        self.known.has_flat_values(id)
            && self.made(id).is_some_and(|made| made.kind == FreshKind::Array)
            && !self.is_handed(id)
    }

    /// What is known whatever imports are.
    pub fn known(self) -> &'a Known {
        self.known
    }

    /// The same, if imports keep promises.
    pub fn promising(self, promised: &'a Promised<'a>) -> Self {
        Self {
            promised: Some(promised),
            ..self
        }
    }

    /// Whether it is a list of numbers that nobody else has.
    pub fn is_tame_numbers(&self, id: &Id) -> bool {
        self.all_parents(id, Part::Whole, &|made| made.kind == FreshKind::Numbers)
    }

    /// Whether nobody has it, or has given it properties.
    pub fn is_as_made(&self, id: &Id) -> bool {
        self.is_tame(id) && self.known.known_depth(id) != Some(0)
    }

    /// Whether it is a literal as it was written, to which methods may have added elements.
    pub fn is_as_written(&self, id: &Id) -> bool {
        self.is_tame_literal(id) && self.known.known_depth(id) != Some(0)
    }

    /// Whether it and what it extends are as they were made, except for properties that are plain values.
    pub fn is_tame(&self, id: &Id) -> bool {
        self.all_parents(id, Part::Whole, &|_| true)
    }

    /// Whether it is a literal none of whose properties runs code.
    pub fn is_tame_literal(&self, id: &Id) -> bool {
        self.all_parents(id, Part::Whole, &|made| {
            made.kind == FreshKind::Array || made.is_plain_object()
        })
    }

    /// Paths of so many names through an object of objects lead where its literal says, whoever has what is inside.
    pub fn depth(&self, id: &Id) -> usize {
        let is_known = self.is_tame_literal(id) && self.made(id).is_some_and(Made::is_plain_object);
        match self.known.known_depth(id) {
            _ if !is_known => 0,
            Some(depth) => depth,
            None => usize::MAX,
        }
    }

    /// Whether a path through an object of objects leads where its literal says.
    pub fn is_known_path(&self, id: &Id, path: &[Atom]) -> bool {
        self.is_tame_literal(id)
            && self.made(id).is_some_and(Made::is_plain_object)
            && (self.known.paths().are_kept(id, path)
                || self.known.early_paths().are_kept(id, path) && self.is_promised_untouched(id))
    }

    /// Whether it is a class or function whose `instanceof` is the usual one.
    pub fn is_constructor(&self, id: &Id) -> bool {
        self.all_parents(id, Part::Statics, &|made| made.tests_instances())
    }

    /// Whether reading `object.name` runs no code.
    pub fn gives(&self, id: &Id, name: &str) -> bool {
        // Nobody can give a class or a function another `prototype` than a value.
        if name == "prototype" && self.made(id).is_some_and(Made::has_prototype) {
            return true;
        }
        let has_field = self.made(id).is_some_and(|made| made.has_field(name));
        let is_as_made = !self.is_handed(id) && self.known.known_depth(id) != Some(0);
        has_field && is_as_made || self.gives_already(id, name)
    }

    /// The same where a class may not have all of its fields yet.
    pub fn gives_already(&self, id: &Id, name: &str) -> bool {
        self.all_parents(id, Part::Statics, &|made| made.gives(name))
    }

    /// Whether reading `object.prototype.name` runs no code.
    pub fn prototype_gives(&self, id: &Id, name: &str) -> bool {
        self.all_parents(id, Part::Whole, &|made| made.prototype_gives(name))
    }

    /// Whether what `made` extends is known, and passes.
    pub fn parents_pass(&self, made: &Made, part: Part, passes: &dyn Fn(&Made) -> bool) -> bool {
        made.parent.as_ref().is_none_or(|parent| {
            self.is_promised_parent(parent, part) || self.all_parents(parent, part, passes)
        })
    }

    /// Whether a class can be extended, and nothing shows of that: neither it nor what it extends has accessors.
    pub fn is_plain_parent(&self, id: &Id) -> bool {
        self.all_parents(id, Part::Whole, &|made| {
            made.kind == FreshKind::Class && !made.has_accessors() && made.tests_instances()
        })
    }

    /// The same of its static properties only.
    pub fn has_plain_statics(&self, id: &Id) -> bool {
        self.all_parents(id, Part::Statics, &|made| {
            made.kind == FreshKind::Class && !made.has_own_accessors() && made.tests_instances()
        })
    }

    fn all_parents(&self, id: &Id, part: Part, passes: &dyn Fn(&Made) -> bool) -> bool {
        let mut next = id;
        for _ in 0..MOST_PARENTS {
            let Some(made) = self.known.made(next) else {
                return false;
            };
            if self.is_handed(next) || !passes(made) {
                return false;
            }
            let Some(parent) = &made.parent else { return true };
            if self.is_promised_parent(parent, part) {
                return true;
            }
            next = parent;
        }
        false
    }

    fn is_promised_parent(&self, id: &Id, part: Part) -> bool {
        self.promised.is_some_and(|promised| {
            promised.takes(
                id,
                || id.clone(),
                |relied| match part {
                    Part::Statics => &mut relied.static_parents,
                    Part::Whole => &mut relied.parents,
                },
            )
        })
    }
}
