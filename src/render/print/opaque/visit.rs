//! Where what is hidden stands.

use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    ArrowExpr, AssignExpr, AssignPat, AssignTarget, BinaryOp, CallExpr, Callee, Class, ClassDecl, ClassExpr,
    ClassProp, Constructor, Expr, ExprStmt, FnDecl, Function, IfStmt, MemberExpr, MemberProp, OptCall, Pat,
    Prop, PropOrSpread, ReturnStmt, SimpleAssignTarget, Stmt, TaggedTpl, TryStmt, UnaryOp, VarDecl,
    VarDeclKind, VarDeclarator,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::big_integers::compares_big_integers;
use super::own_names::uses_itself;
use super::parameters::{reads_ahead, rename_covered_parameters};
use super::parts::may_be_element;
use super::questions::{
    cannot_be_extended, compares, converts, deleted_from, is_number_in_other_words, is_true, is_undefined,
    may_give_one, names_itself, pattern_of, sets_prototype,
};
use super::{FunctionKind, Hider};
use crate::render::print::detached::is_detached;
use crate::render::print::effects::has_quiet_branches;
use crate::render::print::known_kinds::runs_code;
use crate::render::print::literal_members::{asks_for_name, asks_for_unknown};
use crate::render::print::operators::{may_fail as operator_may_fail, take_spread_apart};

impl Hider {
    /// Visits a function, of which someone may expect that it fails.
    fn body_of(&mut self, kind: FunctionKind, visit: impl FnOnce(&mut Self)) {
        let around = std::mem::replace(&mut self.kind, kind);
        self.watched_depth += 1;
        visit(self);
        self.watched_depth -= 1;
        self.kind = around;
    }
}

impl VisitMut for Hider {
    noop_visit_mut_type!();

    /// A function that is called where it is written is made as often as that.
    fn visit_mut_callee(&mut self, callee: &mut Callee) {
        match callee {
            Callee::Expr(callee) => {
                self.made_in_place(callee);
                if callee.is_fn_expr() && reads_ahead(callee) {
                    self.hide(callee);
                }
            }
            _ => callee.visit_mut_children_with(self),
        }
    }

    /// What becomes a member of something stays there.
    fn visit_mut_assign_expr(&mut self, assignment: &mut AssignExpr) {
        assignment.left.visit_mut_with(self);
        match &assignment.left {
            AssignTarget::Simple(SimpleAssignTarget::Member(member)) => {
                self.made_in_place(&mut assignment.right);
                if !self.needed.start_of(member) {
                    self.discarded(&mut assignment.right);
                }
            }
            _ => assignment.right.visit_mut_with(self),
        }
    }

    fn visit_mut_expr_stmt(&mut self, statement: &mut ExprStmt) {
        statement.visit_mut_children_with(self);
        self.discarded(&mut statement.expr);
    }

    /// Of a primitive value the compressor knows the answer, but not whether the question fails.
    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        expression.visit_mut_children_with(self);
        // As a literal it would be an error of the whole file, if this engine does not know the pattern.
        if let Some(pattern) = pattern_of(expression) {
            self.hide(pattern);
        }
        match expression {
            Expr::Tpl(template) => {
                for part in &mut template.exprs {
                    self.joined(part);
                }
            }
            Expr::Bin(binary) if binary.op == BinaryOp::Add => {
                self.joined(&mut binary.left);
                self.joined(&mut binary.right);
            }
            Expr::Bin(binary)
                if matches!(
                    binary.op,
                    BinaryOp::EqEqEq | BinaryOp::NotEqEq | BinaryOp::EqEq | BinaryOp::NotEq
                ) =>
            {
                self.compared(binary);
            }
            _ => {}
        }
        if let Expr::Bin(binary) = expression
            && binary.op == BinaryOp::InstanceOf
            && sets_prototype(&binary.left)
        {
            self.hide(&mut binary.left);
        }
        if let Expr::Array(array) = expression {
            let elements = array.elems.iter_mut().flatten();
            elements.for_each(|element| self.part_of_literal(&mut element.expr));
            self.found |= take_spread_apart(array, self.context);
        }
        // The compressor does not count the one as a call, and takes the other for a number.
        if expression.is_tagged_tpl() || is_number_in_other_words(expression) {
            self.hide(expression);
            return;
        }
        if let Expr::Unary(unary) = expression {
            match unary.op {
                // `typeof (0, missing)` fails, `typeof missing` does not.
                UnaryOp::TypeOf if unary.arg.is_seq() => self.hide(&mut unary.arg),
                UnaryOp::Void => self.discarded(&mut unary.arg),
                UnaryOp::TypeOf if runs_code(&unary.arg) => self.hide(&mut unary.arg),
                UnaryOp::Bang if is_true(&unary.arg) => self.discarded(&mut unary.arg),
                UnaryOp::TypeOf if converts(&unary.arg) => self.discarded(&mut unary.arg),
                // It would make a variable of the property, and none can be deleted.
                UnaryOp::Delete => {
                    if let Some(object) = deleted_from(&mut unary.arg)
                        && object.is_ident()
                    {
                        self.hide(object);
                    }
                }
                _ => {}
            }
        }
        if let Expr::Object(object) = expression {
            for property in &mut object.props {
                self.property_of_literal(property);
            }
        }
        if let Expr::Seq(sequence) = expression {
            self.added_in_sequence(sequence);
            if let [unused @ .., _] = sequence.exprs.as_mut_slice() {
                for part in unused {
                    self.discarded(part);
                }
            }
        }
        self.decided(expression);
        if let Expr::Bin(binary) = expression {
            self.operands_in_their_places(binary);
        }
        if matches!(expression, Expr::Fn(function) if uses_itself(function)) || reads_ahead(expression) {
            self.hide(expression);
        }
        if operator_may_fail(expression, self.context)
            || matches!(expression, Expr::Bin(binary) if compares_big_integers(binary)
                || (may_give_one(binary) || compares(binary) && self.primitives.may_be_same(&binary.left, &binary.right))
                    && !self.primitives.contains(&binary.left))
        {
            self.take_apart(expression);
        }
        if let Expr::Class(class) = expression
            && (class.class.super_class.as_deref().is_some_and(cannot_be_extended) || names_itself(class))
        {
            self.hide(expression);
        }
    }

    fn visit_mut_if_stmt(&mut self, statement: &mut IfStmt) {
        statement.visit_mut_children_with(self);
        if has_quiet_branches(statement) || is_true(&statement.test) {
            self.discarded(&mut statement.test);
        }
    }

    fn visit_mut_fn_decl(&mut self, declaration: &mut FnDecl) {
        declaration.visit_mut_children_with(self);
        if !self.needed.result_of(&declaration.ident) {
            self.returned_in_vain(&mut declaration.function);
        }
    }

    fn visit_mut_class_decl(&mut self, declaration: &mut ClassDecl) {
        self.own_head(&declaration.ident, &mut declaration.class);
        declaration.visit_mut_children_with(self);
    }

    fn visit_mut_class_expr(&mut self, class: &mut ClassExpr) {
        if let Some(name) = &class.ident {
            self.own_head(name, &mut class.class);
        }
        class.visit_mut_children_with(self);
    }

    fn visit_mut_class(&mut self, class: &mut Class) {
        self.early_this(class);
        class.visit_mut_children_with(self);
    }

    /// A class that nobody uses leaves of its values only what seems to have effects.
    fn visit_mut_class_prop(&mut self, property: &mut ClassProp) {
        property.visit_mut_children_with(self);
        if property.is_static
            && let Some(value) = &mut property.value
        {
            self.discarded(value);
        }
    }

    fn visit_mut_tagged_tpl(&mut self, call: &mut TaggedTpl) {
        call.visit_mut_children_with(self);
        self.receiver(&mut call.tag);
        if is_detached(&call.tag) {
            self.hide(&mut call.tag);
        }
    }

    fn visit_mut_opt_call(&mut self, call: &mut OptCall) {
        call.visit_mut_children_with(self);
        self.receiver(&mut call.callee);
        if is_detached(&call.callee) {
            self.hide(&mut call.callee);
        }
    }

    fn visit_mut_call_expr(&mut self, call: &mut CallExpr) {
        call.visit_mut_children_with(self);
        let Callee::Expr(callee) = &mut call.callee else {
            return;
        };
        self.receiver(callee);
        if is_detached(callee) {
            self.hide(callee);
        }
        let Callee::Expr(callee) = &call.callee else {
            return;
        };
        let parameters: Vec<&Pat> = match &**callee {
            Expr::Ident(name) => {
                for (index, argument) in call.args.iter_mut().enumerate() {
                    if !self.needed.argument_of(name, index) {
                        self.discarded(&mut argument.expr);
                    }
                }
                return;
            }
            Expr::Fn(function) => function.function.params.iter().map(|one| &one.pat).collect(),
            Expr::Arrow(function) => function.params.iter().collect(),
            _ => return,
        };
        let is_unused =
            |parameter: &Pat| matches!(parameter, Pat::Ident(name) if !self.needed.value_of(name));
        let unused: Vec<bool> = (0..call.args.len())
            .map(|index| parameters.get(index).is_none_or(|parameter| is_unused(parameter)))
            .collect();
        for (argument, _) in call
            .args
            .iter_mut()
            .zip(unused)
            .filter(|(_, is_unused)| *is_unused)
        {
            self.discarded(&mut argument.expr);
        }
    }

    /// What a name stands for that nobody uses.
    fn visit_mut_assign_pat(&mut self, pattern: &mut AssignPat) {
        pattern.visit_mut_children_with(self);
        if matches!(&*pattern.left, Pat::Ident(name) if !self.needed.value_of(name)) {
            self.discarded(&mut pattern.right);
        }
    }

    fn visit_mut_var_declarator(&mut self, declarator: &mut VarDeclarator) {
        declarator.visit_mut_children_with(self);
        self.declared(declarator);
    }

    /// `var name = undefined`, where it was assigned before: the compressor thinks that it is the first value.
    fn visit_mut_var_decl(&mut self, declaration: &mut VarDecl) {
        declaration.visit_mut_children_with(self);
        if declaration.kind != VarDeclKind::Var {
            return;
        }
        for declarator in &mut declaration.decls {
            if let (Pat::Ident(name), Some(value)) = (&declarator.name, &mut declarator.init)
                && self.assigned_early.contains(&name.to_id())
                && is_undefined(value, self.context)
            {
                self.hide(value);
            }
        }
    }

    fn visit_mut_function(&mut self, function: &mut Function) {
        self.keep_length(function.params.iter_mut().map(|parameter| &mut parameter.pat));
        rename_covered_parameters(function);
        let kind = if function.is_async && function.is_generator {
            FunctionKind::AsyncGenerator
        } else {
            FunctionKind::Other
        };
        self.function_depth += 1;
        self.body_of(kind, |hider| function.visit_mut_children_with(hider));
        self.function_depth -= 1;
    }

    fn visit_mut_arrow_expr(&mut self, function: &mut ArrowExpr) {
        self.keep_length(function.params.iter_mut());
        self.function_depth += 1;
        self.body_of(FunctionKind::Other, |hider| {
            function.visit_mut_children_with(hider);
        });
        self.function_depth -= 1;
    }

    fn visit_mut_constructor(&mut self, constructor: &mut Constructor) {
        let parameters = constructor.params.iter_mut();
        self.keep_length(parameters.filter_map(|parameter| Some(&mut parameter.as_mut_param()?.pat)));
        self.body_of(FunctionKind::Other, |hider| {
            constructor.visit_mut_children_with(hider);
        });
    }

    /// `return undefined` waits there, `return` does not.
    fn visit_mut_return_stmt(&mut self, statement: &mut ReturnStmt) {
        statement.visit_mut_children_with(self);
        if let Some(value) = &mut statement.arg
            && self.kind == FunctionKind::AsyncGenerator
        {
            self.hide(value);
        }
    }

    fn visit_mut_try_stmt(&mut self, statement: &mut TryStmt) {
        self.watched_depth += 1;
        statement.block.visit_mut_with(self);
        self.watched_depth -= 1;
        statement.handler.visit_mut_with(self);
        statement.finalizer.visit_mut_with(self);
    }

    /// Assigning to a member of a primitive value throws; imports that are assigned to become that. So does assigning to what is
    /// read-only of a function.
    fn visit_mut_simple_assign_target(&mut self, target: &mut SimpleAssignTarget) {
        target.visit_mut_children_with(self);
        if let SimpleAssignTarget::Member(member) = target
            && (matches!(
                &*member.obj,
                Expr::Lit(_) | Expr::Fn(_) | Expr::Arrow(_) | Expr::Class(_) | Expr::Object(_)
            ) || self.is_read_only(member)
                || self.is_given_in_vain(member))
        {
            self.hide(&mut member.obj);
        }
    }

    /// Extending what is no class throws; in a function or a `try` block someone may wait for that. The compressor would leave nothing of an
    /// unused class but its parent.
    fn visit_mut_stmts(&mut self, statements: &mut Vec<Stmt>) {
        statements.visit_mut_children_with(self);
        self.added_later(statements);
        let mut index = 0;
        while index < statements.len() {
            let names = self.classes_that_may_fail(&statements[index]);
            index += 1;
            for name in names {
                let mut read = Box::new(Expr::Ident(name));
                self.hide(&mut read);
                let read = Stmt::Expr(ExprStmt {
                    span: DUMMY_SP,
                    expr: read,
                });
                statements.insert(index, read);
                index += 1;
            }
        }
    }

    fn visit_mut_member_expr(&mut self, member: &mut MemberExpr) {
        member.visit_mut_children_with(self);
        // Which element is meant may be known, and of the others little would be left.
        match (&mut *member.obj, &member.prop) {
            (Expr::Array(array), property) if may_be_element(property) => {
                for element in array.elems.iter_mut().flatten() {
                    self.discarded_part(&mut element.expr);
                }
            }
            (Expr::Object(object), MemberProp::Ident(_)) => {
                for property in &mut object.props {
                    if let PropOrSpread::Prop(property) = property
                        && let Prop::KeyValue(pair) = &mut **property
                    {
                        self.discarded_part(&mut pair.value);
                    }
                }
            }
            _ => {}
        }
        // The compressor takes every `Math` for that of the language.
        let is_own_math =
            matches!(&*member.obj, Expr::Ident(name) if name.sym == *"Math" && name.ctxt != self.context);
        // Nor does it know that an object may have been declared with a prototype.
        let asks_prototype = member.obj.is_ident()
            && matches!(&member.prop, MemberProp::Ident(name) if name.sym == *"__proto__");
        if is_own_math || asks_prototype || asks_for_unknown(member) {
            self.hide(&mut member.obj);
        } else if let Some(object) = asks_for_name(member) {
            self.hide(object);
        }
    }
}
