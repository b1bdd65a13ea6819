//! Operations that run code though they do not look like it, and whose value nobody uses. The compressor would drop them:
//!
//! ```js
//! `${object}`; +object; [...iterable]; 'a' in 5       // toString, valueOf, an iterator, a TypeError
//! [].own                                              // a getter that somebody gave to all arrays
//! ```
//!
//! They are hidden in calls of a function that does not exist until the compressor is done.

mod added;
mod big_integers;
mod derived;
mod discarded;
mod initial_values;
mod own_names;
mod parameters;
mod parts;
mod questions;
mod receivers;
mod results;
mod show;
mod visit;

use rustc_hash::FxHashSet;
use swc_core::common::SyntaxContext;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    Decl, Expr, Id, Ident, IdentName, KeyValueProp, Lit, Module, Prop, PropName, PropOrSpread, Stmt,
};
use swc_core::ecma::visit::{VisitMutWith, VisitWith as _};

use self::questions::may_fail;
use self::receivers::Receivers;
pub use self::show::show;
use super::mentioned::{Mentioned, is_vague};
use super::needed::Needed;
use super::operators::take_apart;
use super::primitives::Primitives;
use super::{NameMarks, stand_in};

/// What hides them.
const HIDING: &str = "%opaque";

/// Hides such operations; whether there are any.
pub fn hide(module: &mut Module, marks: NameMarks) -> bool {
    let mut mentioned = Mentioned::default();
    module.visit_with(&mut mentioned);
    let context = SyntaxContext::empty().apply_mark(marks.unresolved);
    let mut hider = Hider {
        context,
        found: false,
        watched_depth: 0,
        function_depth: 0,
        primitives: Primitives::of(module, context),
        needed: Needed::of(module),
        vague: mentioned.vague,
        assigned_early: mentioned.assigned_early,
        derived: mentioned.derived,
        receivers: Receivers::of(module),
        kind: FunctionKind::Other,
    };
    module.visit_mut_with(&mut hider);
    hider.found
}

/// The call that hides an expression.
pub(super) fn hiding_call(hidden: Expr, unresolved: SyntaxContext) -> Expr {
    stand_in::call(HIDING, vec![hidden.into()], unresolved)
}

struct Hider {
    context: SyntaxContext,
    found: bool,
    /// How many functions and `try` blocks are around, of which someone may expect that they fail.
    watched_depth: usize,
    /// How many functions are around.
    function_depth: usize,
    /// Names of which operators ask nothing.
    primitives: Primitives,
    /// Names and results that somebody needs.
    needed: Needed,
    /// Names of what calls return.
    vague: FxHashSet<Id>,
    /// Names that are assigned before they are declared.
    assigned_early: FxHashSet<Id>,
    /// Names of classes that extend something.
    derived: FxHashSet<Id>,
    /// Objects that functions from elsewhere are called on.
    receivers: Receivers,
    /// What the function around is.
    kind: FunctionKind,
}

/// Functions, as far as `return` is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FunctionKind {
    AsyncGenerator,
    Other,
}

impl Hider {
    fn hide(&mut self, expression: &mut Expr) {
        self.found = true;
        *expression = hiding_call(expression.take(), self.context);
    }

    fn take_apart(&mut self, expression: &mut Expr) {
        self.found = true;
        take_apart(expression, self.context);
    }

    /// What becomes part of a text.
    fn joined(&mut self, part: &mut Expr) {
        let is_known = match part {
            Expr::Ident(name) => !self.vague.contains(&name.to_id()),
            // The text of a pattern has its flags in another order than the source may have them.
            Expr::Array(_) | Expr::Lit(Lit::Regex(_)) => false,
            _ => !is_vague(part),
        };
        if !is_known {
            self.hide(part);
        }
    }

    /// A function that does not get to another place.
    fn made_in_place(&mut self, value: &mut Expr) {
        match value {
            Expr::Fn(function) => function.visit_mut_with(self),
            _ => value.visit_mut_with(self),
        }
    }

    /// The names of classes that a statement declares.
    fn classes_that_may_fail(&self, statement: &Stmt) -> Vec<Ident> {
        match statement {
            Stmt::Decl(Decl::Class(declaration)) if may_fail(&declaration.class, self.watched_depth) => {
                vec![declaration.ident.clone()]
            }
            Stmt::Decl(Decl::Var(variables)) => variables
                .decls
                .iter()
                .filter(|one| {
                    matches!(one.init.as_deref(), Some(Expr::Class(class)) if may_fail(&class.class, self.watched_depth))
                })
                .filter_map(|one| one.name.as_ident().map(|name| name.id.clone()))
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// `{ name }` of a global name, which the compressor would forget to read; whether it was one.
fn write_out_global(property: &mut PropOrSpread, unresolved: SyntaxContext) -> bool {
    if let PropOrSpread::Prop(property) = property
        && let Prop::Shorthand(name) = &mut **property
        && name.ctxt == unresolved
    {
        **property = Prop::KeyValue(KeyValueProp {
            key: PropName::Ident(IdentName::from(name.clone())),
            value: Box::new(Expr::Ident(name.take())),
        });
        return true;
    }
    false
}
