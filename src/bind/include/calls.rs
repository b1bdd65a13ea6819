//! Whether functions of other modules are given what they ask for:
//!
//! ```js
//! // pick.js                                                   // names.js
//! export function pick(options) { return options.name }        const name = pick({ name: 'a' })
//! ```

use super::Includer;
use super::promises::{Pending, Terms};
use crate::graph::{Argument, Asked, CallNeeds, Construction, ImportPath, ModuleId, Promise, Shape};

impl Includer<'_, '_> {
    /// Whether an import is quiet, or may be with what it is given: then that is looked at with all other promises.
    pub(super) fn is_met(
        &mut self,
        id: ModuleId,
        call: &CallNeeds,
        by: Option<usize>,
        pending: &mut Pending,
        terms: &mut Terms,
    ) -> bool {
        let Some((module, local)) = self.declared(id, &call.callee, terms) else {
            return false;
        };
        let graph = self.graph;
        let symbol = &graph.modules[module].syntax.symbols[local];
        let (always, with) = match call.construction {
            Construction::Call => (Promise::Quiet, Promise::QuietWith),
            Construction::New => (Promise::QuietClass, Promise::QuietClassWith),
        };
        let is_certain = match call.construction {
            Construction::Call => symbol.is_quiet,
            Construction::New => symbol.is_quiet_class,
        };
        let mut conditions = symbol.holds_if.iter();
        let demanding = conditions
            .find(|condition| condition.promise == with)
            .filter(|_| !is_certain);
        let Some(condition) = demanding else {
            pending.add((module, local, always), by);
            return true;
        };
        let is_met = condition
            .demands
            .iter()
            .all(|demand| match call.arguments.get(demand.position) {
                Some(argument) => {
                    demand.is_met(&mut |asked| self.is_what_is_asked(id, argument, asked, by, pending, terms))
                }
                None => demand.may_be_missing && !call.has_more,
            });
        if is_met {
            pending.add((module, local, with), by);
        }
        is_met
    }

    fn is_what_is_asked(
        &mut self,
        id: ModuleId,
        argument: &Argument,
        asked: Asked,
        by: Option<usize>,
        pending: &mut Pending,
        terms: &mut Terms,
    ) -> bool {
        Asked::ALL.into_iter().filter(|one| asked.has(*one)).all(|one| {
            if argument.is.has(one) {
                return true;
            }
            if let Some(import) = &argument.import {
                return self.is_import(id, import, one, by, pending, terms);
            }
            let mut conditions = argument.is_if.iter();
            conditions
                .find(|(known, _)| *known == one)
                .is_some_and(|(_, needs)| self.keeps_by_itself(id, needs, by, pending, terms))
        })
    }

    /// Whether an import is one of the things that are asked of arguments.
    fn is_import(
        &mut self,
        id: ModuleId,
        import: &ImportPath,
        asked: Asked,
        by: Option<usize>,
        pending: &mut Pending,
        terms: &mut Terms,
    ) -> bool {
        match asked {
            Asked::PLAIN => self.is_value(id, import, terms, |symbol| symbol.is_primitive),
            Asked::NUMBER => self.is_value(id, import, terms, |symbol| symbol.is_number),
            Asked::KEY => self.is_value(id, import, terms, |symbol| {
                symbol.is_primitive || symbol.is_symbol
            }),
            Asked::OBJECT => self.has_shape(id, import, terms, |shape| {
                shape.is_copied() || shape == Shape::Class
            }),
            Asked::LIST => self.has_shape(id, import, terms, Shape::is_list),
            Asked::FUNCTION => self.has_shape(id, import, terms, |shape| shape == Shape::Class),
            Asked::TRUE | Asked::SOMETHING => {
                self.has_shape(id, import, terms, |shape| shape != Shape::Unknown)
            }
            Asked::CALLED => {
                let declared = self.declared(id, import, terms);
                if let Some((module, local)) = declared {
                    pending.add((module, local, Promise::Quiet), by);
                }
                declared.is_some()
            }
            _ => false,
        }
    }
}
