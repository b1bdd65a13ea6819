//! The object goes through calls: as argument, as receiver, as result.

use swc_core::common::Spanned as _;
use swc_core::ecma::ast::Class;

use super::super::callee::{Builtin, Reputation, reputation};
use super::super::context::ContextId;
use super::super::facts::{Address, Arity, CallForm, CallId, CallTarget, FunctionId, PlaceKey};
use super::super::site::Site;
use super::{Part, Reach};

impl Reach<'_, '_, '_> {
    /// `jQuery.extend(source)` writes to `jQuery`, `jQuery.extend(target, source)` does not.
    pub(super) fn is_target_of_method(&self, call: CallId, function: FunctionId) -> bool {
        let facts = self.search.facts;
        facts.functions[function].arity == Arity::Fixed || facts.calls[call].arguments.len() == 1
    }

    /// `exports.__defineGetter__('name', …)`
    pub(super) fn receiver(&mut self, call: CallId, context: ContextId) {
        let facts = self.search.facts;
        if let CallTarget::Place(method) = facts.calls[call].target
            && let PlaceKey::Property(_, name) = &facts.places[method].key
            && *name == *"__defineGetter__"
        {
            self.key_argument(call, 0, context);
        }
    }

    pub(super) fn result(&mut self, call: CallId, context: ContextId) {
        if self.visited_results.insert((call, context)) {
            let facts = self.search.facts;
            self.holders(facts.holders(facts.calls[call].address), context);
        }
    }

    pub(super) fn this(&mut self, call: CallId, function: FunctionId, context: ContextId) {
        if let Some(this) = self.search.facts.functions[function].this {
            let inside = self.search.enter(call, function, context);
            self.place(this, inside);
        }
    }

    /// The object is passed to a function.
    pub(super) fn argument(&mut self, call: CallId, index: usize, context: ContextId) {
        let facts = self.search.facts;
        let form = facts.calls[call].form;
        let parameter = self.search.parameter_index(call, index);
        let mut is_known = false;
        for (site, _) in self.search.sites_of_callee(call, context).iter() {
            match site {
                Site::Function(function) => {
                    is_known = true;
                    match parameter {
                        Some(parameter) => self.enter_parameter(call, *function, parameter, context),
                        None if index == 0 => self.this(call, *function, context),
                        None => {}
                    }
                }
                Site::Class(class) if form == CallForm::New => {
                    is_known = true;
                    let constructor = facts
                        .class_of
                        .get(&Address::of::<Class>(class))
                        .and_then(|class| class.constructor);
                    if let (Some(constructor), Some(parameter)) = (constructor, parameter) {
                        self.enter_parameter(call, constructor, parameter, context);
                    }
                }
                Site::Builtin(builtin) if parameter == Some(0) => {
                    is_known = true;
                    self.builtin(call, *builtin, context);
                }
                Site::Builtin(_) => is_known = true,
                _ => {}
            }
        }
        if !is_known && let Some(parameter) = parameter {
            self.helper(call, parameter, context);
        }
    }

    pub(super) fn enter_parameter(
        &mut self,
        call: CallId,
        function: FunctionId,
        parameter: usize,
        context: ContextId,
    ) {
        if let Some(Some(place)) = self.search.facts.functions[function].parameters.get(parameter) {
            let inside = self.search.enter(call, function, context);
            self.place(*place, inside);
        }
    }

    pub(super) fn builtin(&mut self, call: CallId, builtin: Builtin, context: ContextId) {
        match builtin {
            Builtin::DefineProperty => self.key_argument(call, 1, context),
            Builtin::DefineProperties | Builtin::Assign => self.copy_arguments(call, 1, context),
            Builtin::Identity => {}
            Builtin::Create | Builtin::Keys | Builtin::PrototypeOf => return,
        }
        self.result(call, context);
    }

    /// The object is passed to a function that is known by name only.
    pub(super) fn helper(&mut self, call: CallId, parameter: usize, context: ContextId) {
        match (reputation(self.search.facts, call), parameter) {
            (Some(Reputation::ExportStar), 1) => {
                if let Some(source) = self.search.argument(call, 0) {
                    self.value(source, context, Part::Copied);
                }
            }
            (Some(Reputation::Copy), 0) => {
                // Old `__webpack_require__.d(exports, 'name', getter)`
                self.key_argument(call, 1, context);
                self.copy_arguments(call, 1, context);
                self.result(call, context);
            }
            (Some(Reputation::DefineProperty), 0) => self.key_argument(call, 1, context),
            (Some(Reputation::CreateBinding), 0) => {
                let index = if self.search.argument(call, 3).is_some() {
                    3
                } else {
                    2
                };
                self.key_argument(call, index, context);
            }
            (Some(Reputation::ReturnsArgument), 0) => self.result(call, context),
            _ => {}
        }
    }

    pub(super) fn key_argument(&mut self, call: CallId, index: usize, context: ContextId) {
        if let Some(key) = self.search.argument(call, index) {
            self.key(key, key.span().lo, context);
        }
    }

    pub(super) fn copy_arguments(&mut self, call: CallId, first: usize, context: ContextId) {
        for index in first..self.search.facts.calls[call].arguments.len() {
            if let Some(source) = self.search.argument(call, index) {
                self.value(source, context, Part::Copied);
            }
        }
    }
}
