//! Who has an object: what is used as a value, not only asked for a property, extended or constructed.
//!
//! ```js
//! const formatters = { plain() {} }, Ticks = { formatters }
//! Ticks.formatters.plain        // nobody has `formatters`
//! give(Ticks.formatters)        // `give` has it, and could put something else in the place of `plain`
//! ```

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{
    ArrayLit, AssignExpr, AssignOp, AssignTarget, BinExpr, BinaryOp, CallExpr, Callee, Class, CondExpr, Decl,
    Expr, ExprOrSpread, ExprStmt, ForHead, ForInStmt, ForOfStmt, Id, Ident, IfStmt, Lit, MemberExpr,
    MemberProp, NewExpr, OptCall, OptChainExpr, Pat, Prop, PropOrSpread, SimpleAssignTarget, SpreadElement,
    TaggedTpl, UnaryExpr, UnaryOp, UpdateExpr, VarDecl, VarDeclKind,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::chains::path_of;
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

impl Visit for Hands {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        self.handed.insert(ident.to_id());
    }

    fn visit_pat(&mut self, pattern: &Pat) {
        if let Pat::Expr(target) = pattern {
            self.written(target);
        }
        if !pattern.is_ident() {
            pattern.visit_children_with(self);
        }
    }

    fn visit_for_head(&mut self, head: &ForHead) {
        match head {
            // Gives it another value.
            ForHead::Pat(pattern) => {
                if let Pat::Expr(target) = &**pattern {
                    self.written(target);
                }
                pattern.visit_children_with(self);
            }
            other => other.visit_children_with(self),
        }
    }

    fn visit_var_decl(&mut self, declaration: &VarDecl) {
        for declarator in &declaration.decls {
            match (&declarator.name, declarator.init.as_deref()) {
                (Pat::Ident(alias), Some(Expr::Ident(name))) if declaration.kind == VarDeclKind::Const => {
                    self.insides.push(Inside {
                        outer: alias.to_id(),
                        inner: name.to_id(),
                        depth: 0,
                    });
                }
                (Pat::Ident(outer), Some(value)) if !value.is_ident() => self.contained(outer, value, 0),
                // Reading properties.
                (Pat::Object(_) | Pat::Array(_), Some(Expr::Ident(object))) => {
                    self.asked(object.to_id(), 1);
                    declarator.name.visit_with(self);
                }
                _ => declarator.visit_with(self),
            }
        }
    }

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        let target = assignment.left.as_simple().and_then(|left| left.as_member());
        if let AssignTarget::Simple(SimpleAssignTarget::Member(member)) = &assignment.left {
            self.written(&Expr::Member(member.clone()));
        }
        if let AssignTarget::Simple(SimpleAssignTarget::Paren(target)) = &assignment.left {
            self.written(&target.expr);
        }
        let path = target.and_then(static_path);
        if let Some((object, path)) = &path {
            if let [prototype, name] = path.as_slice()
                && *prototype == *"prototype"
            {
                self.prototype_names.insert((object.to_id(), name.clone()));
            }
            // `F.prototype.constructor = F`
            if matches!(&*assignment.right, Expr::Ident(value) if value.to_id() == object.to_id()) {
                return;
            }
            let is_plain = Made::of(&assignment.right).is_some_and(|made| made.is_plain_object());
            if is_plain && matches!(path.as_slice(), [name] if *name == *"prototype") {
                assignment.right.visit_with(self);
                return;
            }
        }
        self.target(assignment);
        match (assignment.left.as_ident(), &*assignment.right) {
            // `options = options || {}`
            (Some(name), Expr::Bin(either))
                if matches!(either.op, BinaryOp::LogicalOr | BinaryOp::NullishCoalescing)
                    && either.left.as_ident().map(Ident::to_id) == Some(name.to_id()) =>
            {
                either.right.visit_with(self);
            }
            (_, value) => value.visit_with(self),
        }
    }

    /// What a statement only asks for nobody gets.
    fn visit_expr_stmt(&mut self, statement: &ExprStmt) {
        if let Expr::Call(call) = &*statement.expr
            && let Some(member) = call.callee.as_expr().and_then(|callee| callee.as_member())
            && let (Expr::Ident(object), Some(method)) = (&*member.obj, static_member(&member.prop))
            && !keeps_list(&method, &call.args)
        {
            self.called_alone.push((object.to_id(), method));
            call.args.visit_with(self);
            return;
        }
        let member = match &*statement.expr {
            Expr::Member(member) => Some(member),
            Expr::OptChain(chain) => chain.base.as_member(),
            _ => None,
        };
        let is_path = member
            .and_then(path_of)
            .is_some_and(|(_, path)| path.iter().all(|name| *name != *"prototype"));
        if !is_path {
            statement.visit_children_with(self);
        }
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        self.written(&update.arg);
        update.visit_children_with(self);
    }

    fn visit_unary_expr(&mut self, unary: &UnaryExpr) {
        if unary.op == UnaryOp::Delete {
            self.written(&unary.arg);
        }
        let only_asks = matches!(unary.op, UnaryOp::Bang | UnaryOp::TypeOf | UnaryOp::Void);
        if !(only_asks && without_parentheses(&unary.arg).is_ident()) {
            unary.visit_children_with(self);
        }
    }

    fn visit_decl(&mut self, declaration: &Decl) {
        match declaration {
            Decl::Fn(declaration) => declaration.function.visit_with(self),
            Decl::Class(declaration) => declaration.class.visit_with(self),
            other => other.visit_children_with(self),
        }
    }

    fn visit_class(&mut self, class: &Class) {
        self.head(class);
        for member in &class.body {
            member.visit_with(self);
        }
    }

    fn visit_member_expr(&mut self, member: &MemberExpr) {
        self.member(member, 0);
    }

    fn visit_spread_element(&mut self, spread: &SpreadElement) {
        self.spread(&spread.expr);
    }

    fn visit_array_lit(&mut self, array: &ArrayLit) {
        for element in array.elems.iter().flatten() {
            if element.spread.is_some() {
                self.spread(&element.expr);
            } else {
                element.visit_with(self);
            }
        }
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        if self.only_looks(call) {
            return;
        }
        if let Callee::Expr(callee) = &call.callee {
            match callee
                .as_member()
                .map(|member| (&*member.obj, static_member(&member.prop)))
            {
                // As `at` hands the list to nobody.
                Some((Expr::Ident(object), Some(method))) if keeps_list(&method, &call.args) => {
                    self.called.push((object.to_id(), "at".into()));
                }
                _ => self.callee(callee),
            }
        }
        self.arguments_of(&call.callee, &call.args);
    }

    fn visit_if_stmt(&mut self, statement: &IfStmt) {
        self.tested(&statement.test);
        statement.cons.visit_with(self);
        statement.alt.visit_with(self);
    }

    fn visit_cond_expr(&mut self, condition: &CondExpr) {
        self.tested(&condition.test);
        condition.cons.visit_with(self);
        condition.alt.visit_with(self);
    }

    fn visit_for_in_stmt(&mut self, statement: &ForInStmt) {
        statement.left.visit_with(self);
        self.spread(&statement.right);
        statement.body.visit_with(self);
    }

    fn visit_for_of_stmt(&mut self, statement: &ForOfStmt) {
        statement.left.visit_with(self);
        self.spread(&statement.right);
        statement.body.visit_with(self);
    }

    fn visit_opt_chain_expr(&mut self, chain: &OptChainExpr) {
        let path = chain.base.as_member().and_then(path_of);
        match path {
            Some((object, path)) if !path.iter().any(|name| hands_out(name) || *name == *"prototype") => {
                self.asked(object.to_id(), path.len());
            }
            _ => chain.visit_children_with(self),
        }
    }

    fn visit_opt_call(&mut self, call: &OptCall) {
        self.callee(&call.callee);
        call.args.visit_with(self);
    }

    fn visit_tagged_tpl(&mut self, template: &TaggedTpl) {
        self.callee(&template.tag);
        template.tpl.visit_with(self);
    }

    fn visit_new_expr(&mut self, new: &NewExpr) {
        if !new.callee.is_ident() {
            new.callee.visit_with(self);
        }
        self.arguments(&new.callee, new.args.as_deref().unwrap_or_default());
    }

    fn visit_bin_expr(&mut self, binary: &BinExpr) {
        let only_compares = matches!(binary.op, BinaryOp::EqEqEq | BinaryOp::NotEqEq);
        // What counts as false is no object.
        if binary.op == BinaryOp::LogicalAnd {
            self.tested(&binary.left);
        } else if !(only_compares && binary.left.is_ident()) {
            binary.left.visit_with(self);
        }
        let only_asks = only_compares || matches!(binary.op, BinaryOp::InstanceOf | BinaryOp::In);
        if !(only_asks && binary.right.is_ident()) {
            binary.right.visit_with(self);
        }
    }
}
