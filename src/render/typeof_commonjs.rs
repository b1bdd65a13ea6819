//! What `typeof exports` and `typeof module` are in a CommonJS module is known: the wrapper passes objects.
//!
//! ```js
//! typeof exports === 'object' && typeof module !== 'undefined' ? module.exports = make() : self.lib = make();
//! ```
//!
//! Said to the compressor, of this line of so many packages only `module.exports = make()` is left.

use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    AssignExpr, AssignTarget, Expr, Ident, Lit, SimpleAssignTarget, Stmt, Str, UnaryOp, UpdateExpr,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith as _, VisitWith as _, noop_visit_mut_type, noop_visit_type,
};

/// Writes the answers into the statements of a CommonJS module; `parameters` is the context of its `exports` and `module`.
pub fn answer_typeof(statements: &mut [Stmt], parameters: SyntaxContext) {
    let mut assigned = Assigned {
        parameters,
        found: false,
    };
    for statement in &*statements {
        statement.visit_with(&mut assigned);
    }
    if !assigned.found {
        let mut answers = Answers { parameters };
        for statement in statements {
            statement.visit_mut_with(&mut answers);
        }
    }
}

fn is_parameter(name: &Ident, parameters: SyntaxContext) -> bool {
    name.ctxt == parameters && matches!(&*name.sym, "exports" | "module")
}

/// Whether a module gives `exports` or `module` another value.
struct Assigned {
    parameters: SyntaxContext,
    found: bool,
}

impl Visit for Assigned {
    noop_visit_type!();

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        match &assignment.left {
            AssignTarget::Simple(SimpleAssignTarget::Ident(name)) => {
                self.found |= is_parameter(name, self.parameters);
            }
            AssignTarget::Simple(_) => {}
            AssignTarget::Pat(_) => {
                let names: Vec<Ident> = find_pat_ids(&assignment.left);
                self.found |= names.iter().any(|name| is_parameter(name, self.parameters));
            }
        }
        assignment.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        if let Expr::Ident(name) = &*update.arg {
            self.found |= is_parameter(name, self.parameters);
        }
        update.visit_children_with(self);
    }

    /// Declarations of these names are seen here, too.
    fn visit_pat(&mut self, pattern: &swc_core::ecma::ast::Pat) {
        if let Some(name) = pattern.as_ident() {
            self.found |= is_parameter(name, self.parameters);
        }
        pattern.visit_children_with(self);
    }

    fn visit_fn_decl(&mut self, declaration: &swc_core::ecma::ast::FnDecl) {
        self.found |= is_parameter(&declaration.ident, self.parameters);
        declaration.visit_children_with(self);
    }
}

struct Answers {
    parameters: SyntaxContext,
}

impl VisitMut for Answers {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        if let Expr::Unary(unary) = expression
            && unary.op == UnaryOp::TypeOf
            && let Expr::Ident(name) = &*unary.arg
            && is_parameter(name, self.parameters)
        {
            *expression = Expr::Lit(Lit::Str(Str {
                span: DUMMY_SP,
                value: "object".into(),
                raw: None,
            }));
            return;
        }
        expression.visit_mut_children_with(self);
    }
}
