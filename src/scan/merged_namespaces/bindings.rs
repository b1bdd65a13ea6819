//! What is bound in a namespace.

use rustc_hash::FxHashSet;
use swc_core::ecma::ast::{
    AssignTarget, AssignTargetPat, BindingIdent, ClassDecl, ClassExpr, Expr, FnDecl, FnExpr, ForHead, Id,
    Ident, TsEnumDecl, TsImportEqualsDecl, TsModuleDecl, TsModuleName,
};
use swc_core::ecma::visit::{Visit, VisitWith};

/// Everything that is bound somewhere, without the places of assignments.
#[derive(Default)]
pub(super) struct Bindings {
    pub ids: FxHashSet<Id>,
    is_assignment: bool,
}

impl Bindings {
    fn add(&mut self, name: &Ident) {
        self.ids.insert(name.to_id());
    }

    fn visit_places(&mut self, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.is_assignment, true);
        visit(self);
        self.is_assignment = outer;
    }
}

impl Visit for Bindings {
    fn visit_binding_ident(&mut self, node: &BindingIdent) {
        if !self.is_assignment {
            self.add(&node.id);
        }
    }

    fn visit_assign_target(&mut self, node: &AssignTarget) {
        self.visit_places(|bindings| node.visit_children_with(bindings));
    }

    fn visit_assign_target_pat(&mut self, node: &AssignTargetPat) {
        self.visit_places(|bindings| node.visit_children_with(bindings));
    }

    fn visit_for_head(&mut self, node: &ForHead) {
        match node {
            ForHead::Pat(_) => self.visit_places(|bindings| node.visit_children_with(bindings)),
            _ => node.visit_children_with(self),
        }
    }

    fn visit_expr(&mut self, node: &Expr) {
        let outer = std::mem::replace(&mut self.is_assignment, false);
        node.visit_children_with(self);
        self.is_assignment = outer;
    }

    fn visit_fn_decl(&mut self, node: &FnDecl) {
        self.add(&node.ident);
        node.visit_children_with(self);
    }

    fn visit_fn_expr(&mut self, node: &FnExpr) {
        if let Some(name) = &node.ident {
            self.add(name);
        }
        node.visit_children_with(self);
    }

    fn visit_class_decl(&mut self, node: &ClassDecl) {
        self.add(&node.ident);
        node.visit_children_with(self);
    }

    fn visit_class_expr(&mut self, node: &ClassExpr) {
        if let Some(name) = &node.ident {
            self.add(name);
        }
        node.visit_children_with(self);
    }

    fn visit_ts_enum_decl(&mut self, node: &TsEnumDecl) {
        self.add(&node.id);
        node.visit_children_with(self);
    }

    fn visit_ts_module_decl(&mut self, node: &TsModuleDecl) {
        if let TsModuleName::Ident(name) = &node.id {
            self.add(name);
        }
        node.visit_children_with(self);
    }

    fn visit_ts_import_equals_decl(&mut self, node: &TsImportEqualsDecl) {
        self.add(&node.id);
    }
}
