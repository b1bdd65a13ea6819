//! A statement that is only a name, `a` or `typeof a`, throws where `a` is not initialised yet. The compressor would drop
//! it, unless the name is a free one. A `var` has a value from the start.

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::{Mark, SyntaxContext};
use swc_core::ecma::ast::{
    ClassExpr, Expr, ExprStmt, FnExpr, Id, Ident, Module, UnaryOp, VarDecl, VarDeclKind,
};
use swc_core::ecma::utils::{collect_decls, find_pat_ids};
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith as _, VisitWith as _, noop_visit_type};

use super::NameMarks;

/// Keeps such statements. Their names are returned: the declarations must stay, too.
pub fn keep_bare_reads(module: &mut Module, marks: NameMarks) -> FxHashSet<Atom> {
    let mut finder = Finder::default();
    module.visit_with(&mut finder);
    if !finder.found {
        return FxHashSet::default();
    }
    let mut own_names = OwnNames {
        names: collect_decls(module),
        variables: FxHashSet::default(),
    };
    module.visit_with(&mut own_names);
    let mut keeper = Keeper {
        declared: own_names.names,
        variables: own_names.variables,
        top_level: SyntaxContext::empty().apply_mark(marks.top_level),
        unresolved: marks.unresolved,
        read: FxHashSet::default(),
    };
    module.visit_mut_with(&mut keeper);
    keeper.read
}

fn bare_read(expression: &Expr) -> Option<&Ident> {
    match expression {
        Expr::Ident(name) => Some(name),
        Expr::Unary(unary) if unary.op == UnaryOp::TypeOf => unary.arg.as_ident(),
        _ => None,
    }
}

#[derive(Default)]
struct Finder {
    found: bool,
}

impl Visit for Finder {
    noop_visit_type!();

    fn visit_expr_stmt(&mut self, statement: &ExprStmt) {
        self.found |= bare_read(&statement.expr).is_some();
        statement.visit_children_with(self);
    }
}

/// Adds the names that functions and classes have for themselves.
struct OwnNames {
    names: FxHashSet<Id>,
    /// Those that `var` declares.
    variables: FxHashSet<Id>,
}

impl Visit for OwnNames {
    noop_visit_type!();

    fn visit_fn_expr(&mut self, function: &FnExpr) {
        self.names.extend(function.ident.as_ref().map(Ident::to_id));
        function.visit_children_with(self);
    }

    fn visit_var_decl(&mut self, declaration: &VarDecl) {
        if declaration.kind == VarDeclKind::Var {
            self.variables.extend(find_pat_ids::<_, Id>(&declaration.decls));
        }
        declaration.visit_children_with(self);
    }

    fn visit_class_expr(&mut self, class: &ClassExpr) {
        self.names.extend(class.ident.as_ref().map(Ident::to_id));
        class.visit_children_with(self);
    }
}

struct Keeper {
    declared: FxHashSet<Id>,
    variables: FxHashSet<Id>,
    top_level: SyntaxContext,
    unresolved: Mark,
    read: FxHashSet<Atom>,
}

impl VisitMut for Keeper {
    /// Names of the chunk are final, so that they may pass as free ones.
    fn visit_mut_expr_stmt(&mut self, statement: &mut ExprStmt) {
        let unresolved = SyntaxContext::empty().apply_mark(self.unresolved);
        if let Some(name) = bare_read(&statement.expr)
            && name.ctxt != unresolved
            && (name.ctxt == self.top_level || !self.declared.contains(&name.to_id()))
            && !self.variables.contains(&name.to_id())
        {
            let mut name = name.clone();
            self.read.insert(name.sym.clone());
            name.ctxt = unresolved;
            *statement.expr = Expr::Ident(name);
        }
        statement.visit_mut_children_with(self);
    }
}
