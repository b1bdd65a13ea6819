//! A CommonJS module may declare a function twice, or a variable of its name; at the top of an ES module neither is allowed.
//!
//! ```text
//! function f() {}  function f() {}      function f() {}                 // the last counts from the start
//! var g = 1;  function g() {}           var g = function() {};  var g = 1;
//! ```

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    BindingIdent, Decl, Expr, FnDecl, FnExpr, Id, Ident, Pat, Script, Stmt, VarDecl, VarDeclKind,
    VarDeclarator,
};

use super::directives::is_directive;
use super::var_names::var_names;

/// Leaves one declaration of each function at the top of a script whose names are resolved.
pub(super) fn settle(script: &mut Script) {
    let mut last: FxHashMap<Id, usize> = FxHashMap::default();
    let mut is_repeated = false;
    for (position, statement) in script.body.iter().enumerate() {
        if let Some(function) = declared_function(statement) {
            is_repeated |= last.insert(function.ident.to_id(), position).is_some();
        }
    }
    if last.is_empty() {
        return;
    }
    let of_both: FxHashSet<Id> = var_names(&script.body).iter().map(Ident::to_id).collect();
    if !is_repeated && !last.keys().any(|name| of_both.contains(name)) {
        return;
    }
    let mut first = Vec::new();
    let mut position = 0;
    script.body.retain_mut(|statement| {
        position += 1;
        let Some(function) = declared_function(statement) else {
            return true;
        };
        let name = function.ident.to_id();
        if last.get(&name) != Some(&(position - 1)) {
            return false;
        }
        let is_kept = !of_both.contains(&name);
        if !is_kept {
            first.push(as_variable(function));
        }
        is_kept
    });
    let directives = script.body.iter().take_while(|one| is_directive(one)).count();
    script.body.splice(directives..directives, first);
}

fn declared_function(statement: &Stmt) -> Option<&FnDecl> {
    match statement {
        Stmt::Decl(Decl::Fn(function)) => Some(function).filter(|function| !is_type(function)),
        _ => None,
    }
}

/// Whether it only says what the function takes and gives.
fn is_type(function: &FnDecl) -> bool {
    function.declare || function.function.body.is_none()
}

/// `var f = function() {}`, which gives the function its name.
fn as_variable(function: &FnDecl) -> Stmt {
    let value = FnExpr {
        ident: None,
        function: function.function.clone(),
    };
    Stmt::Decl(Decl::Var(Box::new(VarDecl {
        span: DUMMY_SP,
        kind: VarDeclKind::Var,
        decls: vec![VarDeclarator {
            span: DUMMY_SP,
            name: Pat::Ident(BindingIdent::from(function.ident.clone())),
            init: Some(Box::new(Expr::Fn(value))),
            definite: false,
        }],
        ..VarDecl::default()
    })))
}
