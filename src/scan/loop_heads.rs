//! A variable of a loop that an initialiser before it names:
//!
//! ```js
//! for (let get = () => value, value = 3; value < 5; value++) get()
//! ```
//!
//! The resolver takes the first `value` for a name from around the loop. It does the same in patterns of loops and of `catch`:
//!
//! ```js
//! for (let [first = second, second] of list) …        try {} catch ({ message = cause, cause }) {}
//! ```

use memchr::memmem;
use swc_core::ecma::ast::{
    CatchClause, ForHead, ForInStmt, ForOfStmt, ForStmt, Id, Ident, Program, VarDecl, VarDeclKind,
    VarDeclOrExpr,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::rebind::rebind;

/// The longest head that is looked at.
const LONGEST: usize = 4_000;

/// Whether there seems to be such a variable.
pub(super) fn may_read_ahead(source: &str) -> bool {
    list_may_read_ahead(source) || pattern_may_read_ahead(source)
}

/// Whether a pattern in a head seems to have default values or computed keys.
fn pattern_may_read_ahead(source: &str) -> bool {
    let heads = |keyword: &'static str| {
        memmem::find_iter(source.as_bytes(), keyword).filter_map(move |start| {
            let rest = source[start + keyword.len()..].trim_start();
            rest.strip_prefix('(').map(str::trim_start)
        })
    };
    let declared = heads("for").filter_map(|rest| {
        let rest = rest.strip_prefix("let").or_else(|| rest.strip_prefix("const"));
        rest.map(str::trim_start)
    });
    declared.chain(heads("catch")).any(|pattern| {
        pattern.starts_with(['[', '{']) && {
            let end = memchr::memchr(b')', pattern.as_bytes()).unwrap_or(pattern.len());
            let pattern = &pattern.as_bytes()[..end];
            memchr::memchr(b'=', pattern).is_some() || memchr::memchr2(b'[', b':', &pattern[1..]).is_some()
        }
    })
}

fn list_may_read_ahead(source: &str) -> bool {
    memmem::find_iter(source.as_bytes(), b"for").any(|start| {
        let rest = source[start + 3..].trim_start();
        let Some(rest) = rest.strip_prefix('(').map(str::trim_start) else {
            return false;
        };
        if !rest.starts_with("let") && !rest.starts_with("const") {
            return false;
        }
        let end = memchr::memchr(b';', rest.as_bytes()).unwrap_or(rest.len());
        if end > LONGEST {
            return true;
        }
        let head = &rest[..end];
        memchr::memchr_iter(b',', head.as_bytes()).any(|comma| {
            let after = head[comma + 1..].trim_start();
            let length = after.find(|character| !Ident::is_valid_continue(character));
            let name = &after[..length.unwrap_or(after.len())];
            !name.is_empty() && memmem::find(&head.as_bytes()[..comma], name.as_bytes()).is_some()
        })
    })
}

/// Lets the names in heads of loops be the variables of the loop.
pub(super) fn bind_names(program: &mut Program) {
    program.visit_mut_with(&mut Heads);
}

struct Heads;

impl VisitMut for Heads {
    noop_visit_mut_type!();

    fn visit_mut_for_stmt(&mut self, statement: &mut ForStmt) {
        if let Some(VarDeclOrExpr::VarDecl(declaration)) = &mut statement.init {
            bind_declared(declaration);
        }
        statement.visit_mut_children_with(self);
    }

    fn visit_mut_for_in_stmt(&mut self, statement: &mut ForInStmt) {
        if let ForHead::VarDecl(declaration) = &mut statement.left {
            bind_declared(declaration);
        }
        statement.visit_mut_children_with(self);
    }

    fn visit_mut_for_of_stmt(&mut self, statement: &mut ForOfStmt) {
        if let ForHead::VarDecl(declaration) = &mut statement.left {
            bind_declared(declaration);
        }
        statement.visit_mut_children_with(self);
    }

    fn visit_mut_catch_clause(&mut self, clause: &mut CatchClause) {
        if let Some(pattern) = &mut clause.param
            && !pattern.is_ident()
        {
            let names: Vec<Id> = find_pat_ids(pattern);
            rebind(pattern, names);
        }
        clause.visit_mut_children_with(self);
    }
}

fn bind_declared(declaration: &mut Box<VarDecl>) {
    if declaration.kind != VarDeclKind::Var {
        let names: Vec<Id> = find_pat_ids(&declaration.decls);
        rebind(declaration, names);
    }
}
