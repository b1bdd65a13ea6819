//! Variables that nothing reads, and whose values have effects:
//!
//! ```js
//! const unused = start()          // becomes `start()`
//! table.entry = start()           // too, where nothing reads `table`
//! ```

use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{Decl, Expr, Id, Stmt, VarDecl};
use swc_core::ecma::utils::IdentUsageFinder;

use super::ast;
use crate::bind::{BoundGraph, Wrapping};
use crate::graph::{ModuleId, StatementId};

/// Leaves nothing of such a statement but the value.
pub fn leave_value(bound: &BoundGraph, module: ModuleId, statement: StatementId, node: &mut Stmt) {
    if bound.only_values.contains(&(module, statement)) {
        if let Stmt::Expr(assigned) = node
            && let Expr::Assign(assignment) = &mut *assigned.expr
        {
            *node = ast::statement(*assignment.right.take());
        }
        return;
    }
    let syntax = &bound.graph.modules[module].syntax;
    let features = &syntax.features;
    let is_whole = features.has_dynamic_scope || features.keeps_everything;
    if is_whole || bound.wrapping[module] == Wrapping::CommonJs {
        return;
    }
    let Stmt::Decl(Decl::Var(declaration)) = node else {
        return;
    };
    let Some(value) = unread_value(declaration, &|name| {
        let local = syntax.symbol_of.get(name);
        local.is_some_and(|local| bound.is_declared_in_vain(bound.symbols.local(module, *local)))
    }) else {
        return;
    };
    *node = ast::statement(value);
}

/// The value of the one variable of a declaration, if nothing reads that. Values that are called like their variable keep
/// it.
fn unread_value(declaration: &mut VarDecl, is_unread: &dyn Fn(&Id) -> bool) -> Option<Expr> {
    let [declarator] = declaration.decls.as_mut_slice() else {
        return None;
    };
    let name = &declarator.name.as_ident()?.id;
    let value = declarator.init.as_mut()?;
    let is_named = matches!(
        value.unwrap_parens(),
        Expr::Fn(_) | Expr::Arrow(_) | Expr::Class(_)
    );
    let is_unread = !is_named && is_unread(&name.to_id()) && !IdentUsageFinder::find(name, value);
    is_unread.then(|| *value.take())
}
