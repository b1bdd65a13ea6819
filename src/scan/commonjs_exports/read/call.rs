//! Calls: their callees, their callers, their arguments and what they return.

use std::rc::Rc;

use rustc_hash::FxHashSet;
use swc_core::ecma::ast::Expr;

use super::super::callee::{Builtin, Reputation, reputation};
use super::super::context::{ContextId, NO_CONTEXT};
use super::super::facts::{CallForm, CallId, CallTarget, FunctionId, Holder, PlaceId};
use super::super::site::Site;
use super::super::syntax::{constant_text, peel};
use super::{MAXIMUM_MOVES, MAXIMUM_SEARCH_DEPTH, Reading, Search, Sites};
use crate::graph::ExportsPart;

impl<'a> Search<'_, 'a> {
    /// What `call` can call.
    pub fn sites_of_callee(&mut self, call: CallId, context: ContextId) -> Sites<'a> {
        if let Some(sites) = self.sites_of_callees.get(&(call, context)) {
            return Rc::clone(sites);
        }
        if self.depth >= MAXIMUM_SEARCH_DEPTH || !self.busy_callees.insert(call) {
            return Rc::from([]);
        }
        let sites: Sites<'a> = match self.facts.calls[call].target {
            CallTarget::Function(address) => self
                .facts
                .function(address)
                .map(|function| (Site::Function(function), context))
                .into_iter()
                .collect(),
            CallTarget::Place(place) => self.sites_of_place(place, context),
            CallTarget::Require(_) => Rc::from([]),
            CallTarget::Other(expression) => self.sites_of_expression(expression, context),
        };
        self.busy_callees.remove(&call);
        self.sites_of_callees.insert((call, context), Rc::clone(&sites));
        sites
    }

    /// The calls of `function` in this file.
    pub(super) fn callers(&mut self, function: FunctionId) -> Rc<[CallId]> {
        if let Some(callers) = self.callers.get(&function) {
            return Rc::clone(callers);
        }
        if self.depth >= MAXIMUM_SEARCH_DEPTH || !self.busy_functions.insert(function) {
            return Rc::from([]);
        }
        let holders = self.facts.holders(self.facts.functions[function].address);
        let mut callers: Vec<CallId> = holders
            .iter()
            .filter_map(|holder| match holder {
                Holder::Callee(call) => Some(*call),
                _ => None,
            })
            .collect();
        for place in self.places_holding(holders) {
            callers.extend(&self.facts.places[place].calls);
        }
        self.busy_functions.remove(&function);
        let callers: Rc<[CallId]> = callers.into();
        self.callers.insert(function, Rc::clone(&callers));
        callers
    }

    /// Places that a value reaches from where it is made, whatever the context.
    pub(super) fn places_holding(&mut self, holders: &[Holder]) -> Vec<PlaceId> {
        let mut pending = holders.to_vec();
        let mut visited = FxHashSet::default();
        let mut found = Vec::new();
        self.depth += 1;
        for _ in 0..MAXIMUM_MOVES {
            let Some(holder) = pending.pop() else { break };
            if !self.step() {
                break;
            }
            let mut reached = Vec::new();
            match holder {
                Holder::Place(place) => reached.push(place),
                Holder::Argument(call, index) => {
                    for (site, _) in self.sites_of_callee(call, NO_CONTEXT).iter() {
                        if let Site::Function(function) = site
                            && let Some(index) = self.parameter_index(call, index)
                            && let Some(Some(place)) = self.facts.functions[*function].parameters.get(index)
                        {
                            reached.push(*place);
                        }
                    }
                }
                Holder::Return(function) => {
                    for call in self.callers(function).iter() {
                        pending.extend(self.facts.holders(self.facts.calls[*call].address));
                    }
                }
                Holder::Receiver(_) | Holder::Callee(_) => {}
            }
            for place in reached {
                if visited.insert(place) {
                    found.push(place);
                    pending.extend(&self.facts.places[place].holders);
                }
            }
        }
        self.depth -= 1;
        found
    }

    /// Which parameter the argument at `index` reaches; none for the `this` of `f.call(this)`.
    pub fn parameter_index(&self, call: CallId, index: usize) -> Option<usize> {
        match self.facts.calls[call].form {
            CallForm::Direct | CallForm::New => Some(index),
            CallForm::Call => index.checked_sub(1),
            CallForm::Apply => None,
        }
    }

    /// What a call passes for the parameter at `index`.
    pub fn argument(&self, call: CallId, index: usize) -> Option<&'a Expr> {
        let site = &self.facts.calls[call];
        let arguments = site.arguments;
        let element = match site.form {
            CallForm::Direct | CallForm::New => arguments.get(index)?,
            CallForm::Call => arguments.get(index + 1)?,
            CallForm::Apply => match peel(&arguments.get(1)?.expr) {
                Expr::Array(list) => list.elems.get(index)?.as_ref()?,
                _ => return None,
            },
        };
        element.spread.is_none().then_some(&*element.expr)
    }

    pub(super) fn read_call(&mut self, reading: &mut Reading<'a>, call: CallId, context: ContextId) {
        if !reading.visited_calls.insert((call, context)) {
            return;
        }
        let site = &self.facts.calls[call];
        if let CallTarget::Require(specifier) = site.target {
            if let Some(specifier) = constant_text(specifier) {
                reading.site(Site::Required(specifier, call), NO_CONTEXT);
            }
            return;
        }
        reading.site(Site::Result(call), context);
        let mut is_known = false;
        for (callee, _) in self.sites_of_callee(call, context).iter() {
            match callee {
                Site::Function(function) => {
                    is_known = true;
                    if site.form == CallForm::New {
                        reading.site(Site::Instance(*function, call), context);
                    }
                    let inside = self.enter(call, *function, context);
                    for value in &self.facts.functions[*function].returns {
                        reading.expression(value, inside);
                    }
                }
                Site::Required(specifier, required) if site.form != CallForm::New => {
                    let site = Site::RequiredPart(specifier.clone(), ExportsPart::Result, *required);
                    reading.site(site, NO_CONTEXT);
                }
                Site::Class(class) => {
                    is_known = true;
                    reading.site(Site::ClassInstance(class, call), context);
                }
                Site::Builtin(builtin) => {
                    is_known = true;
                    let argument = self.argument(call, 0);
                    if let Some(argument) = argument.filter(|_| builtin.returns_first_argument()) {
                        reading.expression(argument, context);
                    }
                    if let Some(argument) = argument.filter(|_| *builtin == Builtin::PrototypeOf) {
                        for (site, context) in self.sites_of_expression(argument, context).iter() {
                            if let Site::ClassInstance(class, _) = site {
                                reading.site(Site::Prototype(class), *context);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        if !is_known
            && site.form != CallForm::New
            && let Some(argument) = self.argument(call, 0)
        {
            self.read_unknown_result(reading, call, argument, context);
        }
    }

    /// A function that cannot be seen may well return what it gets (`deepFreeze(x)`), except that a required
    /// module is mostly an ingredient; helpers that make a namespace of it are known by name.
    pub(super) fn read_unknown_result(
        &mut self,
        reading: &mut Reading<'a>,
        call: CallId,
        argument: &'a Expr,
        context: ContextId,
    ) {
        if reputation(self.facts, call) == Some(Reputation::ReturnsArgument) {
            reading.expression(argument, context);
            return;
        }
        for (site, context) in self.sites_of_expression(argument, context).iter() {
            if !matches!(site, Site::Required(..) | Site::RequiredPart(..) | Site::Module) {
                reading.site(site.clone(), *context);
            }
        }
    }
}
