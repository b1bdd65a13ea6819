//! The words of CommonJS that are left when requests and exports have been written: reads of an export become reads of
//! its variable, all else makes a module one that stays as it is.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::{Spanned as _, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, CallExpr, Callee, Class, Constructor, Expr, Function, Id, Ident, Lit, MetaPropExpr, OptCall,
    OptChainBase, OptChainExpr, Prop, ReturnStmt, TaggedTpl, ThisExpr, UnaryExpr, UpdateExpr, WithStmt,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::whole::ExportsVariable;
use crate::scan::member_parts;
use crate::scan::named_members::static_member;

pub(super) struct Words<'a> {
    unresolved: SyntaxContext,
    exported: &'a FxHashMap<Atom, Ident>,
    /// Exports that can not be read by a name of the module.
    live: &'a FxHashSet<Atom>,
    holders: &'a FxHashSet<Id>,
    object: Option<&'a ExportsVariable>,
    /// How many functions, not arrows, or class bodies are around.
    function_depth: usize,
    arrow_depth: usize,
    /// Whether the module has to stay as it is.
    pub is_failed: bool,
    /// Whether the module reads its exports.
    pub has_read: bool,
}

impl<'a> Words<'a> {
    pub fn new(
        unresolved: SyntaxContext,
        exported: &'a FxHashMap<Atom, Ident>,
        live: &'a FxHashSet<Atom>,
        holders: &'a FxHashSet<Id>,
        object: Option<&'a ExportsVariable>,
    ) -> Self {
        Self {
            unresolved,
            exported,
            live,
            holders,
            object,
            function_depth: 0,
            arrow_depth: 0,
            is_failed: false,
            has_read: false,
        }
    }

    fn inside(&mut self, node: &mut impl VisitMutWith<Self>) {
        self.function_depth += 1;
        node.visit_mut_children_with(self);
        self.function_depth -= 1;
    }

    /// The variable that `exports.name` stands for.
    fn read(&self, expression: &Expr) -> Option<Expr> {
        let member = expression.as_member()?;
        let object = member.obj.as_ident()?;
        if object.ctxt != self.unresolved || object.sym != *"exports" {
            return None;
        }
        let name = static_member(&member.prop).filter(|name| !self.live.contains(name))?;
        let local = self.exported.get(&name)?;
        Some(Expr::Ident(Ident {
            span: member.span,
            ..local.clone()
        }))
    }
}

impl Words<'_> {
    /// The variable that `module.exports` stands for.
    fn whole(&self, expression: &Expr) -> Option<Expr> {
        let object = self.object?;
        let is_global = |ident: &Ident, name: &str| ident.ctxt == self.unresolved && ident.sym == *name;
        let is_object = match expression {
            Expr::Ident(ident) => object.is_exports && is_global(ident, "exports"),
            Expr::Member(member) => {
                member
                    .obj
                    .as_ident()
                    .is_some_and(|object| is_global(object, "module"))
                    && static_member(&member.prop).is_some_and(|name| name == *"exports")
            }
            _ => false,
        };
        is_object.then(|| {
            Expr::Ident(Ident {
                span: expression.span(),
                ..object.local.clone()
            })
        })
    }
}

impl VisitMut for Words<'_> {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, ident: &mut Ident) {
        if ident.ctxt == self.unresolved {
            self.is_failed |= matches!(
                &*ident.sym,
                "exports" | "module" | "require" | "__filename" | "__dirname" | "await"
            ) || (*ident.sym == *"arguments" && self.function_depth == 0);
        } else {
            self.is_failed |= ident.sym == *"await";
        }
    }

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        if let Some(read) = self.read(expression) {
            self.has_read = true;
            *expression = read;
        } else if let Some(whole) = self.whole(expression) {
            *expression = whole;
        } else {
            expression.visit_mut_children_with(self);
        }
    }

    fn visit_mut_prop(&mut self, property: &mut Prop) {
        property.visit_mut_children_with(self);
    }

    fn visit_mut_update_expr(&mut self, update: &mut UpdateExpr) {
        self.is_failed |= self.read(&update.arg).is_some();
        update.visit_mut_children_with(self);
    }

    fn visit_mut_unary_expr(&mut self, unary: &mut UnaryExpr) {
        use swc_core::ecma::ast::UnaryOp;
        self.is_failed |= unary.op == UnaryOp::Delete && self.read(&unary.arg).is_some();
        unary.visit_mut_children_with(self);
    }

    fn visit_mut_call_expr(&mut self, call: &mut CallExpr) {
        if let Callee::Expr(callee) = &call.callee {
            match &**callee {
                Expr::Ident(ident) if ident.ctxt == self.unresolved && ident.sym == *"require" => {
                    let is_plain = call.args.len() == 1
                        && matches!(&*call.args[0].expr, Expr::Lit(Lit::Str(_)))
                        && call.args[0].spread.is_none();
                    self.is_failed |= !is_plain;
                    return;
                }
                Expr::Ident(ident) if ident.ctxt == self.unresolved && ident.sym == *"eval" => {
                    self.is_failed = true;
                }
                // The exports object would be its `this`.
                callee => self.is_failed |= self.read(callee).is_some(),
            }
        }
        call.visit_mut_children_with(self);
    }

    fn visit_mut_opt_call(&mut self, call: &mut OptCall) {
        self.is_failed |= self.read(&call.callee).is_some();
        call.visit_mut_children_with(self);
    }

    fn visit_mut_tagged_tpl(&mut self, template: &mut TaggedTpl) {
        self.is_failed |= self.read(&template.tag).is_some();
        template.visit_mut_children_with(self);
    }

    fn visit_mut_opt_chain_expr(&mut self, chain: &mut OptChainExpr) {
        // What is required may be nothing at all.
        if let OptChainBase::Member(member) = &*chain.base {
            self.is_failed |= member
                .obj
                .as_ident()
                .is_some_and(|object| self.holders.contains(&object.to_id()));
        }
        chain.visit_mut_children_with(self);
    }

    fn visit_mut_with_stmt(&mut self, _: &mut WithStmt) {
        self.is_failed = true;
    }

    fn visit_mut_meta_prop_expr(&mut self, _: &mut MetaPropExpr) {
        self.is_failed |= self.function_depth == 0;
    }

    fn visit_mut_this_expr(&mut self, _: &mut ThisExpr) {
        self.is_failed |= self.function_depth == 0;
    }

    fn visit_mut_return_stmt(&mut self, statement: &mut ReturnStmt) {
        self.is_failed |= self.function_depth == 0 && self.arrow_depth == 0;
        statement.visit_mut_children_with(self);
    }

    fn visit_mut_arrow_expr(&mut self, arrow: &mut ArrowExpr) {
        self.arrow_depth += 1;
        arrow.visit_mut_children_with(self);
        self.arrow_depth -= 1;
    }

    fn visit_mut_function(&mut self, function: &mut Function) {
        self.inside(function);
    }

    fn visit_mut_constructor(&mut self, constructor: &mut Constructor) {
        self.inside(constructor);
    }

    fn visit_mut_class(&mut self, class: &mut Class) {
        class.super_class.visit_mut_with(self);
        for member in &mut class.body {
            if let Some(key) = member_parts::computed_key_mut(member) {
                key.visit_mut_with(self);
            }
            self.function_depth += 1;
            member_parts::visit_mut_beside_key(member, self);
            self.function_depth -= 1;
        }
    }
}
