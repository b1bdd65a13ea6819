//! What each expression does with the objects that it names.

use swc_core::ecma::ast::{
    ArrayLit, AssignExpr, AssignTarget, BinExpr, BinaryOp, CallExpr, Callee, Class, CondExpr, Decl, Expr,
    ExprStmt, ForHead, ForInStmt, ForOfStmt, Ident, IfStmt, MemberExpr, NewExpr, OptCall, OptChainExpr, Pat,
    SimpleAssignTarget, SpreadElement, TaggedTpl, UnaryExpr, UnaryOp, UpdateExpr, VarDecl, VarDeclKind,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::super::chains::path_of;
use super::super::made::Made;
use super::super::without_parentheses;
use super::{Hands, Inside, hands_out, keeps_list};
use crate::scan::named_members::{static_member, static_path};

impl Visit for Hands {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        self.handed.insert(ident.to_id());
    }

    fn visit_pat(&mut self, pattern: &Pat) {
        if let Pat::Expr(target) = pattern {
            self.written(target);
        }
        if !pattern.is_ident() {
            pattern.visit_children_with(self);
        }
    }

    fn visit_for_head(&mut self, head: &ForHead) {
        match head {
            // Gives it another value.
            ForHead::Pat(pattern) => {
                if let Pat::Expr(target) = &**pattern {
                    self.written(target);
                }
                pattern.visit_children_with(self);
            }
            other => other.visit_children_with(self),
        }
    }

    fn visit_var_decl(&mut self, declaration: &VarDecl) {
        for declarator in &declaration.decls {
            match (&declarator.name, declarator.init.as_deref()) {
                (Pat::Ident(alias), Some(Expr::Ident(name))) if declaration.kind == VarDeclKind::Const => {
                    self.insides.push(Inside {
                        outer: alias.to_id(),
                        inner: name.to_id(),
                        depth: 0,
                    });
                }
                (Pat::Ident(outer), Some(value)) if !value.is_ident() => self.contained(outer, value, 0),
                // Reading properties.
                (Pat::Object(_) | Pat::Array(_), Some(Expr::Ident(object))) => {
                    self.asked(object.to_id(), 1);
                    declarator.name.visit_with(self);
                }
                _ => declarator.visit_with(self),
            }
        }
    }

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        let target = assignment.left.as_simple().and_then(|left| left.as_member());
        if let AssignTarget::Simple(SimpleAssignTarget::Member(member)) = &assignment.left {
            self.written(&Expr::Member(member.clone()));
        }
        if let AssignTarget::Simple(SimpleAssignTarget::Paren(target)) = &assignment.left {
            self.written(&target.expr);
        }
        let path = target.and_then(static_path);
        if let Some((object, path)) = &path {
            if let [prototype, name] = path.as_slice()
                && *prototype == *"prototype"
            {
                self.prototype_names.insert((object.to_id(), name.clone()));
            }
            // `F.prototype.constructor = F`
            if matches!(&*assignment.right, Expr::Ident(value) if value.to_id() == object.to_id()) {
                return;
            }
            let is_plain = Made::of(&assignment.right).is_some_and(|made| made.is_plain_object());
            if is_plain && matches!(path.as_slice(), [name] if *name == *"prototype") {
                assignment.right.visit_with(self);
                return;
            }
        }
        self.target(assignment);
        match (assignment.left.as_ident(), &*assignment.right) {
            // `options = options || {}`
            (Some(name), Expr::Bin(either))
                if matches!(either.op, BinaryOp::LogicalOr | BinaryOp::NullishCoalescing)
                    && either.left.as_ident().map(Ident::to_id) == Some(name.to_id()) =>
            {
                either.right.visit_with(self);
            }
            (_, value) => value.visit_with(self),
        }
    }

    /// What a statement only asks for nobody gets.
    fn visit_expr_stmt(&mut self, statement: &ExprStmt) {
        if let Expr::Call(call) = &*statement.expr
            && let Some(member) = call.callee.as_expr().and_then(|callee| callee.as_member())
            && let (Expr::Ident(object), Some(method)) = (&*member.obj, static_member(&member.prop))
            && !keeps_list(&method, &call.args)
        {
            self.called_alone.push((object.to_id(), method));
            call.args.visit_with(self);
            return;
        }
        let member = match &*statement.expr {
            Expr::Member(member) => Some(member),
            Expr::OptChain(chain) => chain.base.as_member(),
            _ => None,
        };
        let is_path = member
            .and_then(path_of)
            .is_some_and(|(_, path)| path.iter().all(|name| *name != *"prototype"));
        if !is_path {
            statement.visit_children_with(self);
        }
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        self.written(&update.arg);
        update.visit_children_with(self);
    }

    fn visit_unary_expr(&mut self, unary: &UnaryExpr) {
        if unary.op == UnaryOp::Delete {
            self.written(&unary.arg);
        }
        let only_asks = matches!(unary.op, UnaryOp::Bang | UnaryOp::TypeOf | UnaryOp::Void);
        if !(only_asks && without_parentheses(&unary.arg).is_ident()) {
            unary.visit_children_with(self);
        }
    }

    fn visit_decl(&mut self, declaration: &Decl) {
        match declaration {
            Decl::Fn(declaration) => declaration.function.visit_with(self),
            Decl::Class(declaration) => declaration.class.visit_with(self),
            other => other.visit_children_with(self),
        }
    }

    fn visit_class(&mut self, class: &Class) {
        self.head(class);
        for member in &class.body {
            member.visit_with(self);
        }
    }

    fn visit_member_expr(&mut self, member: &MemberExpr) {
        self.member(member, 0);
    }

    fn visit_spread_element(&mut self, spread: &SpreadElement) {
        self.spread(&spread.expr);
    }

    fn visit_array_lit(&mut self, array: &ArrayLit) {
        for element in array.elems.iter().flatten() {
            if element.spread.is_some() {
                self.spread(&element.expr);
            } else {
                element.visit_with(self);
            }
        }
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        if self.only_looks(call) {
            return;
        }
        if let Callee::Expr(callee) = &call.callee {
            match callee
                .as_member()
                .map(|member| (&*member.obj, static_member(&member.prop)))
            {
                // As `at` hands the list to nobody.
                Some((Expr::Ident(object), Some(method))) if keeps_list(&method, &call.args) => {
                    self.called.push((object.to_id(), "at".into()));
                }
                _ => self.callee(callee),
            }
        }
        self.arguments_of(&call.callee, &call.args);
    }

    fn visit_if_stmt(&mut self, statement: &IfStmt) {
        self.tested(&statement.test);
        statement.cons.visit_with(self);
        statement.alt.visit_with(self);
    }

    fn visit_cond_expr(&mut self, condition: &CondExpr) {
        self.tested(&condition.test);
        condition.cons.visit_with(self);
        condition.alt.visit_with(self);
    }

    fn visit_for_in_stmt(&mut self, statement: &ForInStmt) {
        statement.left.visit_with(self);
        self.spread(&statement.right);
        statement.body.visit_with(self);
    }

    fn visit_for_of_stmt(&mut self, statement: &ForOfStmt) {
        statement.left.visit_with(self);
        self.spread(&statement.right);
        statement.body.visit_with(self);
    }

    fn visit_opt_chain_expr(&mut self, chain: &OptChainExpr) {
        let path = chain.base.as_member().and_then(path_of);
        match path {
            Some((object, path)) if !path.iter().any(|name| hands_out(name) || *name == *"prototype") => {
                self.asked(object.to_id(), path.len());
            }
            _ => chain.visit_children_with(self),
        }
    }

    fn visit_opt_call(&mut self, call: &OptCall) {
        self.callee(&call.callee);
        call.args.visit_with(self);
    }

    fn visit_tagged_tpl(&mut self, template: &TaggedTpl) {
        self.callee(&template.tag);
        template.tpl.visit_with(self);
    }

    fn visit_new_expr(&mut self, new: &NewExpr) {
        if !new.callee.is_ident() {
            new.callee.visit_with(self);
        }
        self.arguments(&new.callee, new.args.as_deref().unwrap_or_default());
    }

    fn visit_bin_expr(&mut self, binary: &BinExpr) {
        let only_compares = matches!(binary.op, BinaryOp::EqEqEq | BinaryOp::NotEqEq);
        // What counts as false is no object.
        if binary.op == BinaryOp::LogicalAnd {
            self.tested(&binary.left);
        } else if !(only_compares && binary.left.is_ident()) {
            binary.left.visit_with(self);
        }
        let only_asks = only_compares || matches!(binary.op, BinaryOp::InstanceOf | BinaryOp::In);
        if !(only_asks && binary.right.is_ident()) {
            binary.right.visit_with(self);
        }
    }
}
