//! The name of a class that its own `extends` mentions:
//!
//! ```js
//! const make = (mixin) => class Part extends mixin(() => Part) {};
//! ```
//!
//! The resolver takes the second `Part` for a name from around the expression.

use memchr::memmem;
use swc_core::ecma::ast::{Class, ClassExpr, Decorator, Expr, Ident, Program};
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith, VisitWith as _, noop_visit_mut_type, noop_visit_type,
};

use super::rebind::rebind;
use super::transform::DecoratorSemantics;

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
pub(super) fn bind_names(program: &mut Program, decorators: DecoratorSemantics) {
    program.visit_mut_with(&mut Heritage { decorators });
}

struct Heritage {
    decorators: DecoratorSemantics,
}

impl VisitMut for Heritage {
    noop_visit_mut_type!();

    fn visit_mut_class_expr(&mut self, node: &mut ClassExpr) {
        if let Some(name) = &node.ident
            && node
                .class
                .super_class
                .as_ref()
                .is_some_and(|parent| may_mention(parent, name))
            && (self.decorators == DecoratorSemantics::Standard || !is_decorated(&node.class))
            && let Some(parent) = &mut node.class.super_class
        {
            rebind(parent, [name.to_id()]);
        }
        node.visit_mut_children_with(self);
    }
}

/// The pass for experimental decorators evaluates what such a class extends in front of it, where there is no such name.
fn is_decorated(class: &Class) -> bool {
    let mut search = Decorators { are_found: false };
    class.visit_with(&mut search);
    search.are_found
}

struct Decorators {
    are_found: bool,
}

impl Visit for Decorators {
    noop_visit_type!();

    fn visit_decorator(&mut self, _: &Decorator) {
        self.are_found = true;
    }
}

fn may_mention(parent: &Expr, name: &Ident) -> bool {
    match parent {
        Expr::Ident(parent) => parent.sym == name.sym,
        _ => true,
    }
}
