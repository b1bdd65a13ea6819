//! A variable of a loop that an initialiser before it names:
//!
//! ```js
//! for (let get = () => value, value = 3; value < 5; value++) get()
//! ```
//!
//! The resolver takes the first `value` for a name from around the loop.

use memchr::memmem;
use swc_core::ecma::ast::{ForStmt, Id, Ident, Program, VarDeclKind, VarDeclOrExpr};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::rebind::rebind;

/// The longest head that is looked at.
const LONGEST: usize = 4_000;

/// Whether there seems to be such a variable.
pub(super) fn may_read_ahead(source: &str) -> bool {
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
        if let Some(VarDeclOrExpr::VarDecl(declaration)) = &mut statement.init
            && declaration.kind != VarDeclKind::Var
        {
            let names: Vec<Id> = find_pat_ids(&declaration.decls);
            rebind(declaration, names);
        }
        statement.visit_mut_children_with(self);
    }
}
