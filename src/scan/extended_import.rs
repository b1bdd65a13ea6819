//! The name after `extends`: where a class is declared that extends what is no class, that throws.
//!
//! ```js
//! import { parse } from './parse.js';
//! class Parser extends parse {}        // a TypeError where `parse` is an arrow function
//! ```

use swc_core::ecma::ast::{Class, Decl, Expr, Ident, Stmt};

use super::side_effects::without_parentheses;

/// What a class extends that the statement declares, where it is a name.
pub fn extended_name(statement: &Stmt) -> Option<&Ident> {
    let class = match statement {
        Stmt::Decl(Decl::Class(declaration)) => &*declaration.class,
        Stmt::Decl(Decl::Var(variables)) => variables
            .decls
            .iter()
            .find_map(|declarator| class_of(declarator.init.as_deref()?))?,
        Stmt::Expr(statement) => class_of(&statement.expr)?,
        _ => return None,
    };
    without_parentheses(class.super_class.as_deref()?).as_ident()
}

fn class_of(value: &Expr) -> Option<&Class> {
    Some(&without_parentheses(value).as_class()?.class)
}
