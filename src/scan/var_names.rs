//! The names that `var` declares in a piece of code, wherever it stands below the function around it.

use swc_core::ecma::ast::{Class, Expr, Function, Ident, VarDecl, VarDeclKind};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

/// In the order of the source, with repetitions.
///
/// The library's `extract_var_ids` is not meant: it also returns functions of blocks and what `catch` binds.
pub(super) fn var_names<T: VisitWith<VarNames>>(node: &T) -> Vec<Ident> {
    let mut names = VarNames { found: Vec::new() };
    node.visit_with(&mut names);
    names.found
}

/// The visitor behind [`var_names`].
pub(super) struct VarNames {
    found: Vec<Ident>,
}

impl Visit for VarNames {
    noop_visit_type!();

    fn visit_var_decl(&mut self, node: &VarDecl) {
        if node.kind == VarDeclKind::Var {
            for declarator in &node.decls {
                self.found.extend(find_pat_ids::<_, Ident>(&declarator.name));
            }
        }
    }

    // Statements inside expressions, functions and classes belong to another function.
    fn visit_expr(&mut self, _: &Expr) {}
    fn visit_function(&mut self, _: &Function) {}
    fn visit_class(&mut self, _: &Class) {}
}
