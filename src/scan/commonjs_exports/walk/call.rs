//! Calls: what is called, where arguments go, and callbacks that get keys.

use swc_core::ecma::ast::{CallExpr, Expr, ExprOrSpread, NewExpr};

use super::super::facts::{
    Address, CallForm, CallId, CallSite, CallTarget, FunctionId, Holder, KeySource, PlaceId, call_form,
    callee_expression, function_address,
};
use super::super::syntax::{constant_text, peel};
use super::Walker;

impl<'a> Walker<'a> {
    pub(super) fn call(&mut self, call: &'a CallExpr) {
        let Some(callee) = callee_expression(&call.callee) else {
            self.expressions(&call.args);
            return;
        };
        let is_require = self.environment.is_free(callee, "require") && call.args.len() == 1;
        if is_require && constant_text(&call.args[0].expr).is_some() {
            let target = CallTarget::Require(&call.args[0].expr);
            self.add_call(Address::of(call), target, CallForm::Direct, &call.args, None);
            return;
        }
        let (function, form) = match peel(callee) {
            Expr::Member(member) if call_form(member) != CallForm::Direct => {
                (peel(&member.obj), call_form(member))
            }
            other => (other, CallForm::Direct),
        };
        let receiver = match (form, function) {
            (CallForm::Direct, Expr::Member(member)) => self.place(&member.obj),
            _ => None,
        };
        // What is called on the spot runs as surely as the call.
        self.callee(function);
        self.expressions(&call.args);
        let target = self.call_target(function);
        let id = self.add_call(Address::of(call), target, form, &call.args, receiver);
        self.callback_keys(function, &call.args);
        if let Some(receiver) = receiver {
            self.facts.places[receiver].holders.push(Holder::Receiver(id));
        }
    }

    pub(super) fn new_expression(&mut self, new: &'a NewExpr) {
        let callee = peel(&new.callee);
        self.callee(callee);
        let arguments = new.args.as_deref().unwrap_or_default();
        self.expressions(arguments);
        let target = self.call_target(callee);
        self.add_call(Address::of(new), target, CallForm::New, arguments, None);
    }

    pub(super) fn callee(&mut self, callee: &'a Expr) {
        match callee {
            Expr::Fn(function) => {
                let id = self.function_as_sure_as_here(&function.function);
                if let Some(ident) = &function.ident {
                    let place = self.facts.variable(ident);
                    self.hold_function(id, place);
                }
            }
            Expr::Arrow(arrow) => {
                let certainty = self.certainty;
                self.arrow_with(arrow, certainty);
            }
            other => self.expression(other),
        }
    }

    pub(super) fn call_target(&mut self, callee: &'a Expr) -> CallTarget<'a> {
        if let Some(address) = function_address(callee) {
            return CallTarget::Function(address);
        }
        match self.place(callee) {
            Some(place) => CallTarget::Place(place),
            None => CallTarget::Other(callee),
        }
    }

    pub(super) fn add_call(
        &mut self,
        address: Address,
        target: CallTarget<'a>,
        form: CallForm,
        arguments: &'a [ExprOrSpread],
        receiver: Option<PlaceId>,
    ) -> CallId {
        let id = self.facts.calls.push(CallSite {
            address,
            target,
            form,
            arguments,
            receiver,
        });
        self.facts.call_of.insert(address, id);
        match target {
            CallTarget::Function(function) => {
                self.facts
                    .holders_of
                    .entry(function)
                    .or_default()
                    .push(Holder::Callee(id));
            }
            CallTarget::Place(place) => self.facts.places[place].calls.push(id),
            CallTarget::Require(_) | CallTarget::Other(_) => {}
        }
        for (index, argument) in arguments.iter().enumerate() {
            if argument.spread.is_none() {
                self.flow(&argument.expr, Holder::Argument(id, index));
            }
        }
        id
    }

    /// Callbacks that get keys: `list.forEach((key) => …)`, `each(object, (value, key) => …)`.
    pub(super) fn callback_keys(&mut self, callee: &'a Expr, arguments: &'a [ExprOrSpread]) {
        let callback = |index: usize| -> Option<FunctionId> {
            self.facts
                .function(function_address(peel(&arguments.get(index)?.expr))?)
        };
        // jQuery's `each` passes key and value, others value and key: both parameters can be either.
        let (function, list, count) = match (callback(0), callback(1), callee) {
            (Some(function), _, Expr::Member(member)) => (function, &*member.obj, 1),
            (_, Some(function), _) => (function, &*arguments[0].expr, 2),
            _ => return,
        };
        self.note_places(list);
        let parameters: Vec<PlaceId> = self.facts.functions[function]
            .parameters
            .iter()
            .take(count)
            .copied()
            .flatten()
            .collect();
        for parameter in parameters {
            let sources = self.facts.key_sources.entry(parameter).or_default();
            sources.push(KeySource::ElementsOf(list));
            if count > 1 {
                sources.push(KeySource::KeysOf(list));
            }
        }
    }
}
