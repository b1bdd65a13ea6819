//! Bindings of a module that are one value for ever: a primitive, an enum whose members are, a function, an object.
//!
//! ```text
//! export const DEBUG = false            export enum Kind { A, B = 'b' }
//! ```

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::{Mark, SyntaxContext};
use swc_core::ecma::ast::{
    AssignExpr, Callee, Decl, Expr, Function, Id, Lit, MemberExpr, MemberProp, Pat, Stmt, VarDecl,
};

use super::dead_branch::constant_value;
use super::named_members::static_member;
use super::normalize::NormalizedModule;
use super::side_effects::without_parentheses;
use crate::graph::{Constant, KnownValue, StatementId};

/// Notes them. `reassigned` are the names that something is assigned to.
pub fn note(module: &mut NormalizedModule, reassigned: &FxHashSet<Id>, unresolved_mark: Mark) {
    let unresolved = SyntaxContext::empty().apply_mark(unresolved_mark);
    let mut found: Vec<(Id, KnownValue)> = Vec::new();
    for (statement, node) in module.statements.iter_enumerated() {
        let known = match node {
            Stmt::Decl(Decl::Var(declaration)) => value_of(declaration, unresolved),
            Stmt::Decl(Decl::Fn(declaration)) => Some((declaration.ident.to_id(), KnownValue::Function)),
            Stmt::Decl(Decl::Class(declaration)) => Some((declaration.ident.to_id(), KnownValue::Function)),
            _ => None,
        };
        if let Some((id, value)) = known
            && !reassigned.contains(&id)
            && is_declared_only_by(module, &id, statement)
        {
            found.push((id, value));
        }
    }
    for (id, value) in found {
        if let Some(local) = module.symbol_of.get(&id) {
            module.symbols[*local].value = Some(value);
        }
    }
}

fn is_declared_only_by(module: &NormalizedModule, id: &Id, statement: StatementId) -> bool {
    module
        .symbol_of
        .get(id)
        .is_some_and(|local| module.symbols[*local].declared_by == [statement])
}

fn value_of(declaration: &VarDecl, unresolved: SyntaxContext) -> Option<(Id, KnownValue)> {
    let [declarator] = declaration.decls.as_slice() else {
        return None;
    };
    let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init) else {
        return None;
    };
    let value = match constant_value(value, unresolved) {
        Some(constant) => KnownValue::Constant(constant),
        None => match members(value, &name.to_id(), unresolved) {
            Some(members) => KnownValue::Enum(members),
            None => kind_of(value)?,
        },
    };
    Some((name.to_id(), value))
}

/// Whether it is a function or another object, as it is written.
fn kind_of(value: &Expr) -> Option<KnownValue> {
    match without_parentheses(value) {
        Expr::Fn(_) | Expr::Arrow(_) | Expr::Class(_) => Some(KnownValue::Function),
        Expr::Object(_) | Expr::Array(_) => Some(KnownValue::Object),
        _ => None,
    }
}

/// The members of `function (E) { E[E["A"] = 0] = "A"; E["B"] = "b"; return E; }(E || {})`, which only a compiler writes.
fn members(value: &Expr, name: &Id, unresolved: SyntaxContext) -> Option<Vec<(Atom, Constant)>> {
    let Expr::Call(call) = value else { return None };
    let [argument] = call.args.as_slice() else {
        return None;
    };
    let is_new = match &*argument.expr {
        Expr::Object(object) => object.props.is_empty(),
        Expr::Bin(either) => matches!(&*either.left, Expr::Ident(left) if left.to_id() == *name),
        _ => false,
    };
    if !is_new {
        return None;
    }
    let Callee::Expr(callee) = &call.callee else {
        return None;
    };
    let mut callee = &**callee;
    while let Expr::Paren(inner) = callee {
        callee = &inner.expr;
    }
    let Expr::Fn(function) = callee else { return None };
    // What a person writes has a place in the source.
    if !function.function.span.is_dummy() && !call.span.is_pure() && !call.span.is_dummy() {
        return None;
    }
    members_of_body(&function.function, unresolved)
}

fn members_of_body(function: &Function, unresolved: SyntaxContext) -> Option<Vec<(Atom, Constant)>> {
    let (last, statements) = function.body.as_ref()?.stmts.split_last()?;
    if !last.is_return_stmt() {
        return None;
    }
    let mut members: Vec<(Atom, Constant)> = Vec::new();
    for statement in statements {
        let Expr::Assign(assignment) = &*statement.as_expr()?.expr else {
            return None;
        };
        let target = target_of(assignment)?;
        let (name, value) = match &target.prop {
            MemberProp::Computed(key) => match &*key.expr {
                Expr::Assign(inner) => (static_member(&target_of(inner)?.prop)?, &inner.right),
                Expr::Lit(Lit::Str(_)) => (static_member(&target.prop)?, &assignment.right),
                _ => return None,
            },
            other => (static_member(other)?, &assignment.right),
        };
        // A member whose value must be computed is no constant, and says nothing about the others.
        members.retain(|(known, _)| *known != name);
        if let Some(value) = constant_value(value, unresolved) {
            members.push((name, value));
        }
    }
    Some(members)
}

fn target_of(assignment: &AssignExpr) -> Option<&MemberExpr> {
    assignment.left.as_simple()?.as_member()
}
