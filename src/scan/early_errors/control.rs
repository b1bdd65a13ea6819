//! Where `break`, `continue`, `return`, `super` and `new.target` may lead (ECMA-262 §8.3, §14.8, §14.9, §14.10, §15.7.1),
//! and `await` and `yield` in parameters (§15.3.1, §15.8.1). A function starts anew with labels and loops; an arrow
//! function keeps `super` and `new.target`.

use swc_core::atoms::Atom;
use swc_core::common::Span;
use swc_core::ecma::ast::{
    ArrowExpr, AutoAccessor, AwaitExpr, BreakStmt, CallExpr, Callee, Class, ClassMember, ClassMethod,
    ClassProp, Constructor, ContinueStmt, DoWhileStmt, ForInStmt, ForOfStmt, ForStmt, Function, GetterProp,
    Ident, LabeledStmt, MetaPropExpr, MetaPropKind, MethodProp, PrivateMethod, PrivateProp, Program, Prop,
    ReturnStmt, SetterProp, StaticBlock, Stmt, SuperPropExpr, SwitchStmt, UsingDecl, WhileStmt, YieldExpr,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::super::syntax_error::SyntaxProblem;
use super::Grammar;

/// Adds what is wrong in `program`.
pub(super) fn find(program: &Program, grammar: Grammar, problems: &mut Vec<SyntaxProblem>) {
    program.visit_with(&mut Control {
        place: Place {
            return_allowed: grammar == Grammar::CommonJs,
            new_target_allowed: grammar == Grammar::CommonJs,
            await_allowed: grammar == Grammar::Module,
            ..Place::default()
        },
        problems,
    });
}

/// What is around the code that is looked at.
#[derive(Debug, Clone, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent permissions of one place, as the grammar's parameters are"
)]
struct Place {
    /// Labels, and whether each names a loop.
    labels: Vec<(Atom, bool)>,
    is_in_loop: bool,
    is_breakable: bool,
    return_allowed: bool,
    super_call_allowed: bool,
    super_property_allowed: bool,
    new_target_allowed: bool,
    await_allowed: bool,
    is_static_block: bool,
    is_parameter_list: bool,
}

/// What a function lets its code say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Method,
    /// A constructor of a class that extends another.
    DerivedConstructor,
    Field,
    StaticBlock,
}

struct Control<'p> {
    place: Place,
    problems: &'p mut Vec<SyntaxProblem>,
}

impl Control<'_> {
    fn report(&mut self, span: Span, message: impl Into<String>, fix: &str) {
        self.problems.push(SyntaxProblem::new(span, message, fix));
    }

    fn inside(&mut self, kind: Kind, visit: impl FnOnce(&mut Self)) {
        let place = Place {
            return_allowed: kind != Kind::StaticBlock,
            super_call_allowed: kind == Kind::DerivedConstructor,
            super_property_allowed: kind != Kind::Plain,
            new_target_allowed: true,
            is_static_block: kind == Kind::StaticBlock,
            ..Place::default()
        };
        self.at(place, visit);
    }

    fn at(&mut self, place: Place, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.place, place);
        visit(self);
        self.place = outer;
    }

    fn function(&mut self, kind: Kind, function: &Function) {
        self.inside(kind, |control| {
            function.decorators.visit_with(control);
            control.place.await_allowed = function.is_async;
            control.place.is_parameter_list = function.is_async || function.is_generator;
            function.params.visit_with(control);
            control.place.is_parameter_list = false;
            function.body.visit_with(control);
        });
    }

    fn in_loop(&mut self, visit: impl FnOnce(&mut Self)) {
        let outer = (self.place.is_in_loop, self.place.is_breakable);
        (self.place.is_in_loop, self.place.is_breakable) = (true, true);
        visit(self);
        (self.place.is_in_loop, self.place.is_breakable) = outer;
    }
}

/// Whether a label's statement is a loop, other labels between them aside.
fn is_loop(statement: &Stmt) -> bool {
    match statement {
        Stmt::Labeled(labeled) => is_loop(&labeled.body),
        Stmt::For(_) | Stmt::ForIn(_) | Stmt::ForOf(_) | Stmt::While(_) | Stmt::DoWhile(_) => true,
        _ => false,
    }
}

impl Visit for Control<'_> {
    noop_visit_type!();

    fn visit_function(&mut self, node: &Function) {
        self.function(Kind::Plain, node);
    }

    fn visit_arrow_expr(&mut self, node: &ArrowExpr) {
        let place = Place {
            return_allowed: true,
            super_call_allowed: self.place.super_call_allowed,
            super_property_allowed: self.place.super_property_allowed,
            new_target_allowed: self.place.new_target_allowed,
            await_allowed: node.is_async,
            is_static_block: self.place.is_static_block,
            is_parameter_list: true,
            ..Place::default()
        };
        self.at(place, |control| {
            node.params.visit_with(control);
            control.place.is_parameter_list = false;
            node.body.visit_with(control);
        });
    }

    fn visit_method_prop(&mut self, node: &MethodProp) {
        node.key.visit_with(self);
        self.function(Kind::Method, &node.function);
    }

    fn visit_getter_prop(&mut self, node: &GetterProp) {
        node.key.visit_with(self);
        self.function(Kind::Method, &node.function);
    }

    fn visit_setter_prop(&mut self, node: &SetterProp) {
        node.key.visit_with(self);
        self.function(Kind::Method, &node.function);
    }

    fn visit_class_method(&mut self, node: &ClassMethod) {
        node.key.visit_with(self);
        self.function(Kind::Method, &node.function);
    }

    fn visit_private_method(&mut self, node: &PrivateMethod) {
        self.function(Kind::Method, &node.function);
    }

    fn visit_class_prop(&mut self, node: &ClassProp) {
        node.key.visit_with(self);
        node.decorators.visit_with(self);
        self.inside(Kind::Field, |control| node.value.visit_with(control));
    }

    fn visit_private_prop(&mut self, node: &PrivateProp) {
        node.decorators.visit_with(self);
        self.inside(Kind::Field, |control| node.value.visit_with(control));
    }

    fn visit_auto_accessor(&mut self, node: &AutoAccessor) {
        node.key.visit_with(self);
        node.decorators.visit_with(self);
        self.inside(Kind::Field, |control| node.value.visit_with(control));
    }

    fn visit_static_block(&mut self, node: &StaticBlock) {
        self.inside(Kind::StaticBlock, |control| node.body.visit_with(control));
    }

    fn visit_class(&mut self, node: &Class) {
        node.decorators.visit_with(self);
        node.super_class.visit_with(self);
        for member in &node.body {
            if let ClassMember::Constructor(Constructor { params, body, .. }) = member {
                let kind = if node.super_class.is_some() {
                    Kind::DerivedConstructor
                } else {
                    Kind::Method
                };
                self.inside(kind, |control| {
                    params.visit_with(control);
                    body.visit_with(control);
                });
            } else {
                member.visit_with(self);
            }
        }
    }

    fn visit_labeled_stmt(&mut self, node: &LabeledStmt) {
        node.label.visit_with(self);
        if self.place.labels.iter().any(|(name, _)| *name == node.label.sym) {
            let message = format!("A statement around this has the label `{}`, too", node.label.sym);
            self.report(node.label.span, message, "Rename one of the two.");
        }
        self.place
            .labels
            .push((node.label.sym.clone(), is_loop(&node.body)));
        node.body.visit_with(self);
        self.place.labels.pop();
    }

    fn visit_for_stmt(&mut self, node: &ForStmt) {
        self.in_loop(|control| node.visit_children_with(control));
    }

    fn visit_for_in_stmt(&mut self, node: &ForInStmt) {
        self.in_loop(|control| node.visit_children_with(control));
    }

    fn visit_for_of_stmt(&mut self, node: &ForOfStmt) {
        self.in_loop(|control| node.visit_children_with(control));
    }

    fn visit_while_stmt(&mut self, node: &WhileStmt) {
        self.in_loop(|control| node.visit_children_with(control));
    }

    fn visit_do_while_stmt(&mut self, node: &DoWhileStmt) {
        self.in_loop(|control| node.visit_children_with(control));
    }

    fn visit_switch_stmt(&mut self, node: &SwitchStmt) {
        node.discriminant.visit_with(self);
        let outer = std::mem::replace(&mut self.place.is_breakable, true);
        node.cases.visit_with(self);
        self.place.is_breakable = outer;
    }

    fn visit_break_stmt(&mut self, node: &BreakStmt) {
        match &node.label {
            Some(label) if !self.place.labels.iter().any(|(name, _)| *name == label.sym) => {
                let message = format!("There is no label `{}` around this `break`", label.sym);
                self.report(label.span, message, "Correct the label, or remove it.");
            }
            None if !self.place.is_breakable => {
                self.report(
                    node.span,
                    "`break` stands outside a loop and outside a `switch`",
                    "Remove it, or name the label of a block to leave.",
                );
            }
            _ => {}
        }
    }

    fn visit_continue_stmt(&mut self, node: &ContinueStmt) {
        match &node.label {
            Some(label) => {
                let known = self.place.labels.iter().find(|(name, _)| *name == label.sym);
                if known.is_none_or(|(_, is_loop)| !is_loop) {
                    let message = format!(
                        "There is no loop with the label `{}` around this `continue`",
                        label.sym
                    );
                    self.report(label.span, message, "Correct the label, or remove it.");
                }
            }
            None if !self.place.is_in_loop => {
                self.report(node.span, "`continue` stands outside a loop", "Remove it.");
            }
            None => {}
        }
    }

    fn visit_return_stmt(&mut self, node: &ReturnStmt) {
        if !self.place.return_allowed {
            self.report(
                node.span,
                "`return` stands outside a function, in an ES module",
                "Put the code into a function, or remove `return`.",
            );
        }
        node.visit_children_with(self);
    }

    fn visit_call_expr(&mut self, node: &CallExpr) {
        if let Callee::Super(keyword) = &node.callee
            && !self.place.super_call_allowed
        {
            self.report(
                keyword.span,
                "`super()` stands outside the constructor of a class that extends another",
                "Call it in the constructor, or remove it.",
            );
        }
        node.visit_children_with(self);
    }

    fn visit_super_prop_expr(&mut self, node: &SuperPropExpr) {
        if !self.place.super_property_allowed {
            self.report(
                node.span,
                "`super` stands outside a method",
                "Use it in a method, a getter, a setter or a field of a class or object.",
            );
        }
        node.visit_children_with(self);
    }

    /// Written with an escape, since it would be the operator otherwise.
    fn visit_ident(&mut self, node: &Ident) {
        let is_in_async_function = self.place.await_allowed && self.place.return_allowed;
        if node.sym == *"await" && is_in_async_function && !node.span.is_dummy() {
            self.report(
                node.span,
                "`await` cannot be a name in async functions",
                "Choose another name.",
            );
        }
    }

    fn visit_await_expr(&mut self, node: &AwaitExpr) {
        if self.place.is_parameter_list {
            self.report(
                node.span,
                "`await` cannot stand in the parameters of a function",
                "Wait for the value in the function's body.",
            );
        }
        node.visit_children_with(self);
    }

    fn visit_yield_expr(&mut self, node: &YieldExpr) {
        if self.place.is_parameter_list {
            self.report(
                node.span,
                "`yield` cannot stand in the parameters of a function",
                "Yield in the function's body.",
            );
        }
        node.visit_children_with(self);
    }

    fn visit_meta_prop_expr(&mut self, node: &MetaPropExpr) {
        if node.kind == MetaPropKind::NewTarget && !self.place.new_target_allowed {
            self.report(
                node.span,
                "`new.target` stands outside a function",
                "Use it in a function or a class.",
            );
        }
    }

    fn visit_using_decl(&mut self, node: &UsingDecl) {
        if node.is_await && !self.place.await_allowed {
            self.report(
                node.span,
                "`await using` stands outside an async function",
                "Make the function async.",
            );
        }
        node.visit_children_with(self);
    }

    fn visit_prop(&mut self, node: &Prop) {
        if let Prop::Shorthand(name) = node
            && name.sym == *"arguments"
            && self.place.is_static_block
        {
            self.report(
                name.span,
                "`arguments` stands outside a function",
                "Use it in a function that is no arrow function.",
            );
        }
        node.visit_children_with(self);
    }
}
