//! The name of a class that its own `extends` mentions:
//!
//! ```js
//! const make = (mixin) => class Part extends mixin(() => Part) {};
//! ```
//!
//! The resolver takes the second `Part` for a name from around the expression.

use memchr::memmem;
use swc_core::ecma::ast::{ClassExpr, Expr, Ident, Program};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::rebind::rebind;

/// Whether there seems to be such a class.
pub(super) fn may_occur(source: &str) -> bool {
    memmem::find_iter(source.as_bytes(), b"extends").any(|start| {
        let before = source[..start].trim_end();
        let length: usize = before
            .chars()
            .rev()
            .take_while(|character| Ident::is_valid_continue(*character))
            .map(char::len_utf8)
            .sum();
        let name = &before[before.len() - length..];
        let after = &source[start..];
        let parent = &after[..after.find('{').unwrap_or(after.len())];
        let is_whole = parent.matches('(').count() == parent.matches(')').count();
        // The parameters of a type may be between the name and the word.
        before.ends_with('>') || !is_whole || (!name.is_empty() && parent.contains(name))
    })
}

/// Lets the names in `extends` of class expressions be those of the classes. To be called when names are resolved.
pub(super) fn bind_names(program: &mut Program) {
    program.visit_mut_with(&mut Heritage);
}

struct Heritage;

impl VisitMut for Heritage {
    noop_visit_mut_type!();

    fn visit_mut_class_expr(&mut self, node: &mut ClassExpr) {
        if let Some(name) = &node.ident
            && let Some(parent) = &mut node.class.super_class
            && may_mention(parent, name)
        {
            rebind(parent, [name.to_id()]);
        }
        node.visit_mut_children_with(self);
    }
}

fn may_mention(parent: &Expr, name: &Ident) -> bool {
    match parent {
        Expr::Ident(parent) => parent.sym == name.sym,
        _ => true,
    }
}
