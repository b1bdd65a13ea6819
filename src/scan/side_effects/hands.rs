//! Who has an object: what is used as a value, not only asked for a property, extended or constructed.
//!
//! ```js
//! const formatters = { plain() {} }, Ticks = { formatters }
//! Ticks.formatters.plain        // nobody has `formatters`
//! give(Ticks.formatters)        // `give` has it, and could put something else in the place of `plain`
//! ```

mod visit;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, CallExpr, Class, Expr, ExprOrSpread, Id, Ident, Lit, MemberExpr, MemberProp, Pat,
    Prop, PropOrSpread,
};
use swc_core::ecma::visit::VisitWith;

use super::handed_arguments::{Given, Takers};
use super::made::{FreshKind, Made};
use super::paths::{Paths, note_length};
use super::without_parentheses;
use crate::scan::named_members::{static_member, static_path};

/// What was found.
pub struct Handed {
    /// Objects that code is handed which may do anything with them.
    pub objects: FxHashSet<Id>,
    /// How long the shortest path is that someone asks an object for; what is written to counts as handed.
    pub depths: FxHashMap<Id, usize>,
    /// The same, with what is written to by its name told apart.
    pub paths: Paths,
    /// What is assigned to properties of prototypes.
    pub prototype_names: FxHashSet<(Id, Atom)>,
}

/// An object inside another, so many properties deep; not deep at all is another name of it.
pub(super) struct Inside {
    pub outer: Id,
    pub inner: Id,
    pub depth: usize,
}

/// Finds them.
pub struct Hands {
    pub(super) unresolved: SyntaxContext,
    pub(super) handed: FxHashSet<Id>,
    pub(super) insides: Vec<Inside>,
    /// What functions are given.
    pub(super) given: Vec<Given>,
    /// Objects whose methods are called, and the names of those.
    called: Vec<(Id, Atom)>,
    /// The same, where nobody has what the methods give.
    called_alone: Vec<(Id, Atom)>,
    /// Objects that are given a property of which the name is no text, as `Symbol.iterator`.
    given_symbols: Vec<Id>,
    /// Objects of which some property is asked for.
    indexed: Vec<Id>,
    pub(super) depths: FxHashMap<Id, usize>,
    paths: Paths,
    prototype_names: FxHashSet<(Id, Atom)>,
}

impl Hands {
    /// Nothing was seen yet.
    pub fn new(unresolved: SyntaxContext) -> Self {
        Self {
            unresolved,
            handed: FxHashSet::default(),
            insides: Vec::new(),
            given: Vec::new(),
            called: Vec::new(),
            called_alone: Vec::new(),
            given_symbols: Vec::new(),
            indexed: Vec::new(),
            depths: FxHashMap::default(),
            paths: Paths::default(),
            prototype_names: FxHashSet::default(),
        }
    }

    /// Who has one of the names has the object, and what is inside.
    pub fn finish(mut self, made: &FxHashMap<Id, Made>) -> Handed {
        // Those that are not known may do anything.
        self.settle_given(&Takers::default(), made);
        for (object, method) in std::mem::take(&mut self.called) {
            if made.get(&object).is_some_and(|made| made.is_kept_by(&method)) {
                self.asked(object, 1);
            } else {
                self.handed.insert(object);
            }
        }
        for (object, method) in std::mem::take(&mut self.called_alone) {
            if made.get(&object).is_some_and(|made| made.is_changed_by(&method)) {
                self.asked(object, 1);
            } else {
                self.handed.insert(object);
            }
        }
        // A class or function may give its `prototype`.
        let is_literal = |made: &Made| {
            matches!(
                made.kind,
                FreshKind::Array | FreshKind::Object | FreshKind::Numbers
            )
        };
        for object in std::mem::take(&mut self.indexed) {
            if made.get(&object).is_some_and(is_literal) {
                self.asked(object, 1);
            } else {
                self.handed.insert(object);
            }
        }
        // Lists run what they are given so when their elements are taken.
        for object in std::mem::take(&mut self.given_symbols) {
            if made
                .get(&object)
                .is_some_and(|made| made.kind == FreshKind::Array)
            {
                self.handed.insert(object);
            }
        }
        let mut changes = true;
        let insides = std::mem::take(&mut self.insides);
        while changes {
            changes = false;
            for Inside { outer, inner, depth } in &insides {
                let asked = if self.handed.contains(outer) {
                    Some(0)
                } else {
                    self.depths.get(outer).copied()
                };
                match asked {
                    Some(asked) if asked <= *depth => changes |= self.handed.insert(inner.clone()),
                    Some(asked) => changes |= self.asked(inner.clone(), asked - depth),
                    None => {}
                }
            }
        }
        Handed {
            objects: self.handed,
            depths: self.depths,
            paths: self.paths,
            prototype_names: self.prototype_names,
        }
    }

    /// Notes a path of so many names; whether none was as short.
    pub(super) fn asked(&mut self, object: Id, length: usize) -> bool {
        note_length(&mut self.paths.depths, object.clone(), length);
        note_length(&mut self.depths, object, length)
    }

    fn callee(&mut self, callee: &Expr) {
        match without_parentheses(callee) {
            Expr::Ident(_) => {}
            // The function sees the object as `this`.
            Expr::Member(member) if let Expr::Ident(object) = &*member.obj => {
                if let Some(method) = static_member(&member.prop) {
                    self.called.push((object.to_id(), method));
                } else {
                    object.visit_with(self);
                    member.prop.visit_with(self);
                }
            }
            Expr::Member(member) => self.member(member, 1),
            other => other.visit_with(self),
        }
    }

    /// A path, of which so many names at the end say nothing of who has what the others lead to.
    fn member(&mut self, member: &MemberExpr, hidden: usize) {
        if let Some((object, path)) = property_path(member) {
            self.asked(object.to_id(), path.len() - hidden);
            return;
        }
        match (&*member.obj, &member.prop) {
            (Expr::Ident(object), MemberProp::Computed(key))
                if !matches!(&*key.expr, Expr::Lit(Lit::Str(_))) =>
            {
                self.indexed.push(object.to_id());
                key.visit_with(self);
            }
            _ => member.visit_children_with(self),
        }
    }

    /// What an assignment writes to is not asked for what was there.
    pub(super) fn target(&mut self, assignment: &AssignExpr) {
        let target = assignment.left.as_simple().and_then(|left| left.as_member());
        // `Point.prototype[Symbol.iterator]`
        if assignment.op == AssignOp::Assign
            && let Some(key) = target.and_then(symbol_of_prototype)
        {
            key.visit_with(self);
            return;
        }
        let is_path = target.is_some_and(|member| property_path(member).is_some());
        let only_writes =
            assignment.op == AssignOp::Assign && is_path || assignment.left.as_ident().is_some();
        if !only_writes {
            assignment.left.visit_with(self);
        }
    }

    /// What is written into is not as it was made.
    pub(super) fn written(&mut self, target: &Expr) {
        if let Expr::Member(MemberExpr {
            obj,
            prop: MemberProp::Computed(key),
            ..
        }) = without_parentheses(target)
            && let Expr::Ident(object) = without_parentheses(obj)
            && key.expr.is_member()
        {
            self.given_symbols.push(object.to_id());
        }
        if let Expr::Member(member) = without_parentheses(target)
            && let Some((object, path)) = static_path(member)
            && let Some(first) = path.first().filter(|first| **first != *"__proto__")
        {
            self.paths.written.insert((object.to_id(), first.clone()));
            note_length(&mut self.depths, object.to_id(), 0);
            return;
        }
        let mut object = target;
        while let Expr::Member(member) = without_parentheses(object) {
            object = &member.obj;
        }
        if let Expr::Ident(name) = without_parentheses(object)
            && !target.is_ident()
        {
            self.asked(name.to_id(), 0);
        }
    }

    /// What stands in a literal, so many properties deep.
    fn contained(&mut self, outer: &Ident, value: &Expr, depth: usize) {
        match without_parentheses(value) {
            Expr::Ident(inner) => self.insides.push(Inside {
                outer: outer.to_id(),
                inner: inner.to_id(),
                depth,
            }),
            Expr::Object(object) => {
                for property in &object.props {
                    match property {
                        PropOrSpread::Prop(property) => match &**property {
                            Prop::Shorthand(inner) => {
                                self.contained(outer, &Expr::Ident(inner.clone()), depth + 1);
                            }
                            Prop::KeyValue(pair) => {
                                pair.key.visit_with(self);
                                self.contained(outer, &pair.value, depth + 1);
                            }
                            other => other.visit_with(self),
                        },
                        PropOrSpread::Spread(spread) => spread.visit_with(self),
                    }
                }
            }
            Expr::Array(array) => {
                for element in array.elems.iter().flatten() {
                    if element.spread.is_some() {
                        self.spread(&element.expr);
                    } else {
                        self.contained(outer, &element.expr, depth + 1);
                    }
                }
            }
            Expr::Call(call) if let Some(frozen) = self.frozen(call) => self.contained(outer, frozen, depth),
            other => other.visit_with(self),
        }
    }

    /// The literal in `Object.freeze({ … })`.
    fn frozen<'e>(&self, call: &'e CallExpr) -> Option<&'e Expr> {
        let member = call.callee.as_expr()?.as_member()?;
        let object = member.obj.as_ident()?;
        let is_freeze = object.ctxt == self.unresolved
            && object.sym == *"Object"
            && static_member(&member.prop)? == *"freeze";
        let [only] = call.args.as_slice() else { return None };
        let value = without_parentheses(&only.expr);
        let is_literal = value.is_object() || value.is_array();
        (is_freeze && is_literal && only.spread.is_none()).then_some(value)
    }

    /// What of a class runs before its members are looked at. A name that it extends is not given to anybody by that.
    pub(super) fn head(&mut self, class: &Class) {
        class.decorators.visit_with(self);
        match class.super_class.as_deref() {
            None | Some(Expr::Ident(_)) => {}
            Some(parent) => parent.visit_with(self),
        }
    }

    /// Copying gives away what is inside.
    pub(super) fn spread(&mut self, value: &Expr) {
        match value {
            Expr::Ident(object) => {
                self.asked(object.to_id(), 1);
            }
            other => other.visit_with(self),
        }
    }
}

/// Whether a method of lists calls a function that does not take the list.
fn keeps_list(method: &str, arguments: &[ExprOrSpread]) -> bool {
    let most = match (method, arguments) {
        (
            "every" | "filter" | "find" | "findIndex" | "findLast" | "findLastIndex" | "flatMap" | "forEach"
            | "map" | "some",
            [_],
        ) => 2,
        ("reduce" | "reduceRight", [_] | [_, ExprOrSpread { spread: None, .. }]) => 3,
        _ => return false,
    };
    matches!(arguments, [ExprOrSpread { spread: None, expr }, ..] if matches!(without_parentheses(expr),
        Expr::Arrow(arrow) if arrow.params.len() <= most && !arrow.params.iter().any(Pat::is_rest)))
}

/// The path to a property of an object, unless it gives more than what is written there.
fn property_path(member: &MemberExpr) -> Option<(&Ident, Vec<Atom>)> {
    let (object, path) = static_path(member)?;
    let is_property = match path.as_slice() {
        [first] => *first != *"prototype" && !hands_out(first),
        [first, second, ..] => !(hands_out(first) || *first == *"prototype" && hands_out(second)),
        [] => false,
    };
    is_property.then_some((object, path))
}

/// The key in `Point.prototype[Symbol.iterator]`.
fn symbol_of_prototype(member: &MemberExpr) -> Option<&Expr> {
    let MemberProp::Computed(key) = &member.prop else {
        return None;
    };
    let (_, path) = static_path(member.obj.as_member()?)?;
    let is_prototype = matches!(path.as_slice(), [only] if *only == *"prototype");
    (is_prototype && (key.expr.is_member() || key.expr.is_call())).then_some(&*key.expr)
}

/// Whether a property of every object gives more than it has of its own.
fn hands_out(name: &str) -> bool {
    matches!(name, "constructor" | "__proto__")
}
