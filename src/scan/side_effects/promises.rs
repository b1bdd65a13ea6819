//! What a module takes for granted of its imports, and of the platform, where it is not known what they are.
//!
//! ```js
//! import { make } from './make.js'
//! const list = make()              // can go if `make` does nothing that can be observed
//! ```

use std::cell::RefCell;
use std::hash::Hash;

use rustc_hash::FxHashSet;
use swc_core::ecma::ast::{CallExpr, Expr, Id, Ident, MemberExpr};

use super::assignments::PropertyTarget;
use super::imported_calls::ImportedCall;
use super::made::is_of_no_object;
use super::{Purity, without_parentheses};
use crate::graph::{Construction, MemberPath};
use crate::scan::named_members::static_path;

/// A name, and the path from there.
pub type NamePath = (Id, MemberPath);

/// Imports that keep every promise, and what was relied on.
pub struct Promised<'a> {
    /// All of them.
    pub imports: &'a FxHashSet<Id>,
    relied: RefCell<Relied>,
}

/// What imports, and the platform, must be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Relied {
    /// Those that were called with whatever there is.
    pub called: FxHashSet<NamePath>,
    /// Those that were called, or of which an instance was made, with what is known.
    pub calls: FxHashSet<ImportedCall>,
    /// Those of which an instance was made.
    pub constructed: FxHashSet<NamePath>,
    /// Those that a class extends.
    pub parents: FxHashSet<Id>,
    /// The same, where only static properties matter.
    pub static_parents: FxHashSet<Id>,
    /// Objects that were given properties.
    pub given: FxHashSet<Id>,
    /// Those that gave objects which were given properties.
    pub givers: FxHashSet<NamePath>,
    /// Those that were converted.
    pub converted: FxHashSet<NamePath>,
    /// Those that were computed with as numbers.
    pub numbers: FxHashSet<NamePath>,
    /// Those that name properties.
    pub keys: FxHashSet<NamePath>,
    /// Those that were asked for properties, and which.
    pub paths: FxHashSet<NamePath>,
    /// Those that were copied or taken apart.
    pub copied: FxHashSet<NamePath>,
    /// Those whose elements were taken one after the other.
    pub lists: FxHashSet<NamePath>,
    /// Regular expressions of whose patterns others were made.
    pub patterns: FxHashSet<NamePath>,
    /// Objects of the module that nobody may have done anything to.
    pub untouched: FxHashSet<Id>,
    /// Those that were read.
    pub reads: FxHashSet<Id>,
    /// Whether something was read that browsers have.
    pub browser: bool,
}

impl Relied {
    /// Whether nothing but values is needed.
    pub fn is_empty(&self) -> bool {
        self.called.is_empty()
            && self.constructed.is_empty()
            && self.calls.is_empty()
            && self.parents.is_empty()
            && self.static_parents.is_empty()
            && self.given.is_empty()
            && self.givers.is_empty()
            && self.converted.is_empty()
            && self.numbers.is_empty()
            && self.keys.is_empty()
            && self.paths.is_empty()
            && self.copied.is_empty()
            && self.lists.is_empty()
            && self.patterns.is_empty()
            && self.untouched.is_empty()
            && !self.browser
    }

    /// Relies on what others rely on.
    pub fn extend(&mut self, other: &Self) {
        self.called.extend(other.called.iter().cloned());
        self.constructed.extend(other.constructed.iter().cloned());
        self.calls.extend(other.calls.iter().cloned());
        self.parents.extend(other.parents.iter().cloned());
        self.static_parents.extend(other.static_parents.iter().cloned());
        self.given.extend(other.given.iter().cloned());
        self.givers.extend(other.givers.iter().cloned());
        self.converted.extend(other.converted.iter().cloned());
        self.numbers.extend(other.numbers.iter().cloned());
        self.keys.extend(other.keys.iter().cloned());
        self.paths.extend(other.paths.iter().cloned());
        self.copied.extend(other.copied.iter().cloned());
        self.lists.extend(other.lists.iter().cloned());
        self.patterns.extend(other.patterns.iter().cloned());
        self.untouched.extend(other.untouched.iter().cloned());
        self.reads.extend(other.reads.iter().cloned());
        self.browser |= other.browser;
    }
}

impl<'a> Promised<'a> {
    /// Nothing of these imports was needed yet.
    pub fn of(imports: &'a FxHashSet<Id>) -> Self {
        Self {
            imports,
            relied: RefCell::default(),
        }
    }

    /// What was relied on since this was last asked.
    pub fn take(&self) -> Relied {
        self.relied.take()
    }

    /// Relies on something.
    pub fn note(&self, note: impl FnOnce(&mut Relied)) {
        note(&mut self.relied.borrow_mut());
    }

    /// Whether a name is an import; it is noted then, or `entry`, which begins with it.
    pub fn takes<Entry: Eq + Hash>(
        &self,
        name: &Id,
        entry: impl FnOnce() -> Entry,
        list: impl FnOnce(&mut Relied) -> &mut FxHashSet<Entry>,
    ) -> bool {
        let is_import = self.imports.contains(name);
        if is_import {
            self.note(|relied| {
                list(relied).insert(entry());
            });
        }
        is_import
    }
}

impl Purity<'_> {
    /// What was relied on since this was last asked.
    pub fn take_relied(&self) -> Relied {
        self.promised.map(Promised::take).unwrap_or_default()
    }

    fn is_promised(&self, name: &Id, list: impl FnOnce(&mut Relied) -> &mut FxHashSet<Id>) -> bool {
        self.promised
            .is_some_and(|promised| promised.takes(name, || name.clone(), list))
    }

    /// The same of a path that starts at it.
    fn is_promised_at(
        &self,
        name: &Id,
        path: MemberPath,
        list: impl FnOnce(&mut Relied) -> &mut FxHashSet<NamePath>,
    ) -> bool {
        if let Some(parameters) = self.parameters.filter(|parameters| parameters.has(name)) {
            parameters.note((name.clone(), path), self.when_asked(name), list);
            return true;
        }
        self.promised
            .is_some_and(|promised| promised.takes(name, || (name.clone(), path), list))
    }

    /// Whether an expression is an import, or what a namespace that is imported has by a name; it is noted then.
    fn is_promised_export(
        &self,
        expression: &Expr,
        list: impl FnOnce(&mut Relied) -> &mut FxHashSet<NamePath>,
    ) -> bool {
        if self.promised.is_none() && self.parameters.is_none() {
            return false;
        }
        self.path_of_export(expression)
            .is_some_and(|(name, path)| self.is_promised_at(&name, path, list))
    }

    /// A name, or what a namespace that is imported has by a name.
    pub(super) fn path_of_export(&self, expression: &Expr) -> Option<NamePath> {
        match without_parentheses(expression) {
            Expr::Ident(name) => Some((name.to_id(), MemberPath::new())),
            Expr::Member(member) => {
                let (name, path) = static_path(member)?;
                let id = name.to_id();
                self.namespaces.contains(&id).then_some((id, path))
            }
            _ => None,
        }
    }

    /// Whether an expression is an import that is to be a function without side effects.
    pub(super) fn is_promised_function(&self, callee: &Expr) -> bool {
        self.is_promised_export(callee, |relied| &mut relied.called)
    }

    /// Whether an expression is an import that is to be a class without side effects.
    pub(super) fn is_promised_class(&self, callee: &Expr) -> bool {
        self.is_promised_export(callee, |relied| &mut relied.constructed)
    }

    /// Whether an expression is an import that is to be an object all of whose properties are values, or a list.
    pub(super) fn is_promised_copy(&self, value: &Expr) -> bool {
        self.is_promised_export(value, |relied| &mut relied.copied)
    }

    /// Whether an expression is an import that is to be a list.
    pub(super) fn is_promised_list(&self, value: &Expr) -> bool {
        self.is_promised_export(value, |relied| &mut relied.lists)
    }

    /// Whether what is given a property is an import that is to be an object which takes it.
    pub(super) fn is_promised_target(&self, target: &PropertyTarget<'_>) -> bool {
        let is_simple = !target.is_of_prototype && target.name.as_deref().is_some_and(is_of_no_object);
        is_simple && self.is_promised(&target.object.to_id(), |relied| &mut relied.given)
    }

    /// Whether an expression is an import that is to be a regular expression.
    pub(super) fn is_promised_pattern(&self, value: &Expr) -> bool {
        self.is_promised_export(value, |relied| &mut relied.patterns)
    }

    /// Whether a name is an import that is to be a class which others can extend, and nothing shows of that.
    pub(super) fn is_promised_parent(&self, name: &Id) -> bool {
        self.is_promised(name, |relied| &mut relied.parents)
    }

    /// Whether a name is an object that the module makes.
    pub fn is_object(&self, id: &Id) -> bool {
        self.objects.is_some_and(|objects| objects.made(id).is_some())
    }

    /// Whether a class of the module can be extended, and nothing shows of that.
    pub fn is_plain_parent(&self, class: &Id) -> bool {
        self.objects.is_some_and(|objects| objects.is_plain_parent(class))
    }

    /// The same of its static properties only.
    pub fn has_plain_statics(&self, class: &Id) -> bool {
        self.objects
            .is_some_and(|objects| objects.has_plain_statics(class))
    }

    /// Whether a name is an import that is to be a function which gives each of its callers an object of his own.
    pub fn is_promised_giver(&self, name: &Id) -> bool {
        self.is_promised_at(name, MemberPath::new(), |relied| &mut relied.givers)
    }

    /// Whether a call is one of an import that is to be such a function.
    pub(super) fn is_promised_result(&self, call: &CallExpr) -> bool {
        let callee = call.callee.as_expr();
        callee.is_some_and(|callee| self.is_promised_export(callee, |relied| &mut relied.givers))
    }

    /// Whether an expression is an import that is to be a number, or `undefined`.
    pub(super) fn is_promised_number(&self, value: &Expr) -> bool {
        self.is_promised_export(value, |relied| &mut relied.numbers)
    }

    /// Whether an expression is an import that is to be a primitive value.
    pub(super) fn is_promised_value(&self, value: &Expr) -> bool {
        self.is_promised_export(value, |relied| &mut relied.converted)
    }

    /// Whether an expression is an import that is to be a primitive value or a symbol.
    pub(super) fn is_promised_key(&self, key: &Expr) -> bool {
        self.is_promised_export(key, |relied| &mut relied.keys)
    }

    /// Whether a path starts at an import that is to be a known object.
    pub(super) fn is_promised_path(&self, member: &MemberExpr) -> bool {
        (self.promised.is_some() || self.parameters.is_some())
            && static_path(member).is_some_and(|(object, path)| {
                self.is_promised_at(&object.to_id(), path, |relied| &mut relied.paths)
            })
    }

    /// Notes that a name is read, if it is an import.
    pub(super) fn note_read(&self, name: &Ident) {
        self.is_promised(&name.to_id(), |relied| &mut relied.reads);
    }

    /// Whether what a function of the module needs of imports may be relied on.
    pub(super) fn relies_on_needs(&self, function: &Ident, construction: Construction) -> bool {
        let Some(quiet) = self.quiet else { return true };
        let id = function.to_id();
        let needs = quiet.needs_of(&id, construction);
        let relied = quiet.relied_on(&id, construction);
        let Some(promised) = self.promised else {
            return relied.is_none();
        };
        promised.note(|known| {
            let read = needs.into_iter().flatten();
            let read = read.filter(|name| promised.imports.contains(*name));
            known.reads.extend(read.cloned());
            if let Some(relied) = relied {
                known.extend(relied);
            }
        });
        true
    }
}
