//! What is done to paths through objects of objects, and calls that only look at an object:
//!
//! ```js
//! const library = { basic: { parts: [] }, other: {} }
//! library.other = {}              // says nothing of `library.basic.parts`
//! Object.keys(library)            // neither does that
//! ```

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::ecma::ast::{CallExpr, Expr, ExprOrSpread, Id};
use swc_core::ecma::visit::VisitWith as _;

use super::hands::Hands;
use crate::scan::named_members::static_member;

/// What is done to paths through objects of objects.
#[derive(Debug, Default)]
pub struct Paths {
    /// How long the shortest path is that someone asks an object for.
    pub(super) depths: FxHashMap<Id, usize>,
    /// The first names of those that are written to.
    pub(super) written: FxHashSet<(Id, Atom)>,
}

impl Paths {
    /// Whether a path leads where the literals along it say.
    pub fn are_kept(&self, object: &Id, path: &[Atom]) -> bool {
        let is_asked = self.depths.get(object).is_some_and(|depth| *depth < path.len());
        let first = path.first().map(|first| (object.clone(), first.clone()));
        !is_asked && !first.is_some_and(|first| self.written.contains(&first))
    }
}

/// Notes the length of a path; whether none was as short.
pub(super) fn note_length(depths: &mut FxHashMap<Id, usize>, object: Id, length: usize) -> bool {
    let depth = depths.entry(object).or_insert(usize::MAX);
    let is_shorter = length < *depth;
    *depth = length.min(*depth);
    is_shorter
}

impl Hands {
    /// `Object.assign(table, first, second)`: what is inside of all but the first is given away.
    fn copied(&mut self, arguments: &[ExprOrSpread]) {
        for (position, argument) in arguments.iter().enumerate() {
            if position > 0 && argument.spread.is_none() {
                self.spread(&argument.expr);
            } else {
                argument.visit_with(self);
            }
        }
    }

    /// Whether a call only looks at what it is given: `Object.keys(table)`, `Object.entries(table)`.
    pub(super) fn only_looks(&mut self, call: &CallExpr) -> bool {
        let Some(member) = call.callee.as_expr().and_then(|callee| callee.as_member()) else {
            return false;
        };
        let (Expr::Ident(object), Some(method)) = (&*member.obj, static_member(&member.prop)) else {
            return false;
        };
        if object.ctxt == self.unresolved && object.sym == *"Object" && method == *"assign" {
            self.copied(&call.args);
            return true;
        }
        let [only] = call.args.as_slice() else {
            return false;
        };
        if object.ctxt != self.unresolved || only.spread.is_some() || !only.expr.is_ident() {
            return false;
        }
        match (&*object.sym, &*method) {
            ("Object", "keys" | "getOwnPropertyNames" | "isFrozen" | "isSealed") | ("Array", "isArray") => {
                true
            }
            // What is inside is given away.
            ("Object", "values" | "entries") | ("Array", "from") => {
                self.spread(&only.expr);
                true
            }
            _ => false,
        }
    }
}
