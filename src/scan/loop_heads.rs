//! A variable of a loop that an initialiser before it names:
//!
//! ```js
//! for (let get = () => value, value = 3; value < 5; value++) get()
//! ```
//!
//! The resolver takes the first `value` for a name from around the loop.

use memchr::memmem;
use rustc_hash::FxHashMap;
use swc_core::atoms::Atom;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{ForStmt, Id, Ident, Program, VarDecl, VarDeclKind, VarDeclOrExpr};
use swc_core::ecma::utils::{collect_decls, find_pat_ids};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

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
            bind_names_of(declaration);
        }
        statement.visit_mut_children_with(self);
    }
}

fn bind_names_of(declaration: &mut VarDecl) {
    let names: Vec<Id> = find_pat_ids(&declaration.decls);
    let mut binder = Binder {
        contexts: names.into_iter().collect(),
        inner: FxHashMap::default(),
    };
    for (name, context) in collect_decls::<Id, VarDecl>(declaration) {
        if binder.contexts.get(&name).is_some_and(|own| *own != context) {
            binder.inner.entry(name).or_default().push(context);
        }
    }
    declaration.visit_mut_with(&mut binder);
}

struct Binder {
    /// The variables of the loop.
    contexts: FxHashMap<Atom, SyntaxContext>,
    /// Names of functions in the head that hide them.
    inner: FxHashMap<Atom, Vec<SyntaxContext>>,
}

impl VisitMut for Binder {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, name: &mut Ident) {
        let is_inner = self
            .inner
            .get(&name.sym)
            .is_some_and(|contexts| contexts.contains(&name.ctxt));
        if let Some(context) = self.contexts.get(&name.sym)
            && !is_inner
        {
            name.ctxt = *context;
        }
    }
}
