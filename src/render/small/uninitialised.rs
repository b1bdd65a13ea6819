//! Keeps `let name;` in its place.
//!
//! The compressor moves such declarations to the front, where they are joined with others. In a module of a cycle, others
//! may ask for the name before its time, and must get an error:
//!
//! ```js
//! // main.js                         // early.js
//! import './early.js';               import { name } from './main.js';
//! export let name;                   name;    // ReferenceError
//! ```
//!
//! So while the compressor works, the name is initialised with something that it knows nothing of.

use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{Decl, Expr, Ident, Module, Stmt, VarDeclKind, VarDeclarator};
use swc_core::ecma::visit::{VisitMut, VisitMutWith as _, noop_visit_mut_type};

/// What stands for no value.
pub const MARKER: &str = "__uninitialised";

/// Initialises the variables of a module that are not.
pub fn mark_uninitialised(statements: &mut [Stmt], context: SyntaxContext) {
    for statement in statements {
        let Stmt::Decl(Decl::Var(declaration)) = statement else {
            continue;
        };
        if declaration.kind == VarDeclKind::Let {
            for declarator in &mut declaration.decls {
                let marker = || Expr::Ident(Ident::new(MARKER.into(), DUMMY_SP, context));
                declarator.init.get_or_insert_with(|| Box::new(marker()));
            }
        }
    }
}

/// Takes the values away again.
pub fn unmark_uninitialised(module: &mut Module) {
    module.visit_mut_with(&mut Unmark);
}

struct Unmark;

impl VisitMut for Unmark {
    noop_visit_mut_type!();

    fn visit_mut_var_declarator(&mut self, declarator: &mut VarDeclarator) {
        if declarator.init.as_deref().is_some_and(is_marker) {
            declarator.init = None;
        }
        declarator.visit_mut_children_with(self);
    }

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        if is_marker(expression) {
            *expression = *Expr::undefined(DUMMY_SP);
        }
        expression.visit_mut_children_with(self);
    }
}

fn is_marker(expression: &Expr) -> bool {
    matches!(expression, Expr::Ident(name) if name.sym == MARKER)
}
