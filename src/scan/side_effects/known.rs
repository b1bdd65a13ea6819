//! What is known of the names at the top of a module: which objects they are, which texts, and whether anyone else has them.
//!
//! ```js
//! class Point { get x() { return 1 } }     // reading `Point.prototype.x` runs code, `Point.prototype.y` does not
//! const KEY = 'key', PATH = `${KEY}/path`  // the second converts a text
//! Object.defineProperty(Point, 'z', …)     // whoever is handed an object can give it a getter
//! ```

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::ecma::ast::{
    ArrayLit, AssignExpr, BinExpr, BinaryOp, CallExpr, Callee, Class, Decl, Expr, ForHead, Id, Ident, Lit,
    MemberExpr, MemberProp, NewExpr, Pat, SpreadElement, Stmt, VarDecl, VarDeclKind, VarDeclarator,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::made::{FreshKind, Made};
use super::{Purity, without_parentheses};
use crate::scan::named_members::{static_member, static_path};

/// More parents mean a circle.
const MOST_PARENTS: usize = 32;

/// The facts. Names that something is assigned to are not in them.
#[derive(Debug, Default)]
pub struct Known {
    /// What names are declared as.
    made: FxHashMap<Id, Made>,
    /// Objects that code is handed which may do anything with them.
    handed: FxHashSet<Id>,
    /// Names of primitive values that convert without running code.
    plain: FxHashSet<Id>,
    /// Those that are texts.
    texts: FxHashMap<Id, String>,
}

impl Known {
    /// Looks through the statements of a module. `is_known` says which names always are what they are declared with.
    pub fn of<'a>(
        statements: impl Iterator<Item = &'a Stmt> + Clone,
        purity: &Purity<'_>,
        is_known: &dyn Fn(&Id) -> bool,
    ) -> Self {
        let mut known = Self::default();
        let mut hands = Hands::default();
        for statement in statements.clone() {
            known.note(statement, is_known);
            statement.visit_with(&mut hands);
        }
        known.handed = hands.finish(&known.made);
        for declarator in statements
            .filter_map(as_variables)
            .flat_map(|declaration| &declaration.decls)
        {
            known.note_value(declarator, purity, is_known);
        }
        known
    }

    fn note(&mut self, statement: &Stmt, is_known: &dyn Fn(&Id) -> bool) {
        let mut add = |name: &Ident, made: Option<Made>| {
            let id = name.to_id();
            if let Some(made) = made
                && is_known(&id)
            {
                self.made.insert(id, made);
            }
        };
        match statement {
            Stmt::Decl(Decl::Fn(declaration)) => {
                add(&declaration.ident, Some(Made::of_function(&declaration.function)));
            }
            Stmt::Decl(Decl::Class(declaration)) => {
                add(&declaration.ident, Made::of_class(&declaration.class));
            }
            Stmt::Decl(Decl::Var(declaration)) => {
                for declarator in &declaration.decls {
                    if let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init) {
                        add(name, Made::of(value));
                    }
                }
            }
            _ => {}
        }
    }

    fn note_value(
        &mut self,
        declarator: &VarDeclarator,
        purity: &Purity<'_>,
        is_known: &dyn Fn(&Id) -> bool,
    ) {
        let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init) else {
            return;
        };
        let id = name.to_id();
        if !is_known(&id) {
            return;
        }
        let purity = purity.knowing_objects(self);
        let text = purity.text_of(value);
        if text.is_some() || purity.is_plain_value(value) {
            self.plain.insert(id.clone());
        }
        if let Some(text) = text {
            self.texts.insert(id, text);
        }
    }

    /// What a name is declared as.
    pub fn made(&self, id: &Id) -> Option<&Made> {
        self.made.get(id)
    }

    /// Whether a name is an object that no class can extend.
    pub fn is_no_class(&self, id: &Id) -> bool {
        self.made.get(id).is_some_and(Made::is_no_class)
    }

    /// Whether a name is a primitive value that converts without running code.
    pub fn is_plain(&self, id: &Id) -> bool {
        self.plain.contains(id)
    }

    /// The text a name is.
    pub fn text(&self, id: &Id) -> Option<&str> {
        self.texts.get(id).map(String::as_str)
    }

    /// Whether it and what it extends are as they were made, except for properties that are plain values.
    pub fn is_tame(&self, id: &Id) -> bool {
        self.all_parents(id, &|_| true)
    }

    /// Whether it is a literal none of whose properties runs code.
    pub fn is_tame_literal(&self, id: &Id) -> bool {
        self.all_parents(id, &|made| {
            made.kind == FreshKind::Array || made.is_plain_object()
        })
    }

    /// Whether it is a class or function whose `instanceof` is the usual one.
    pub fn is_constructor(&self, id: &Id) -> bool {
        self.all_parents(id, &|made| made.tests_instances())
    }

    /// Whether reading `object.name` runs no code.
    pub fn gives(&self, id: &Id, name: &str) -> bool {
        self.all_parents(id, &|made| made.gives(name))
    }

    /// Whether reading `object.prototype.name` runs no code.
    pub fn prototype_gives(&self, id: &Id, name: &str) -> bool {
        self.all_parents(id, &|made| made.prototype_gives(name))
    }

    /// Whether what `made` extends is known, and passes.
    pub fn parents_pass(&self, made: &Made, passes: &dyn Fn(&Made) -> bool) -> bool {
        made.parent
            .as_ref()
            .is_none_or(|parent| self.all_parents(parent, passes))
    }

    fn all_parents(&self, id: &Id, passes: &dyn Fn(&Made) -> bool) -> bool {
        let mut next = Some(id);
        for _ in 0..MOST_PARENTS {
            let Some(id) = next else { return true };
            let Some(made) = self.made.get(id) else {
                return false;
            };
            if self.handed.contains(id) || !passes(made) {
                return false;
            }
            next = made.parent.as_ref();
        }
        false
    }
}

fn as_variables(statement: &Stmt) -> Option<&VarDecl> {
    statement.as_decl()?.as_var().map(|declaration| &**declaration)
}

/// Finds what is used as a value, not only asked for a property, extended or constructed.
#[derive(Default)]
struct Hands {
    handed: FxHashSet<Id>,
    /// Constants that are other names of something.
    aliases: Vec<(Id, Id)>,
    /// Objects whose methods are called, and the names of those.
    called: Vec<(Id, Atom)>,
    /// Objects of which some property is asked for.
    indexed: Vec<Id>,
}

impl Hands {
    /// Who has one of the names has the object.
    fn finish(mut self, made: &FxHashMap<Id, Made>) -> FxHashSet<Id> {
        for (object, method) in self.called {
            if !made.get(&object).is_some_and(|made| made.is_kept_by(&method)) {
                self.handed.insert(object);
            }
        }
        // A class or function may give its `prototype`.
        let is_literal = |made: &Made| matches!(made.kind, FreshKind::Array | FreshKind::Object);
        let indexed = self.indexed.into_iter();
        self.handed
            .extend(indexed.filter(|object| !made.get(object).is_some_and(is_literal)));
        let mut pending = self.aliases;
        loop {
            let before = pending.len();
            pending.retain(|(alias, name)| {
                let is_handed = self.handed.contains(alias);
                if is_handed {
                    self.handed.insert(name.clone());
                }
                !is_handed
            });
            if pending.len() == before {
                return self.handed;
            }
        }
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
            other => other.visit_with(self),
        }
    }
}

impl Visit for Hands {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        self.handed.insert(ident.to_id());
    }

    fn visit_pat(&mut self, pattern: &Pat) {
        if !pattern.is_ident() {
            pattern.visit_children_with(self);
        }
    }

    fn visit_for_head(&mut self, head: &ForHead) {
        match head {
            // Gives it another value.
            ForHead::Pat(pattern) => pattern.visit_children_with(self),
            other => other.visit_children_with(self),
        }
    }

    fn visit_var_decl(&mut self, declaration: &VarDecl) {
        for declarator in &declaration.decls {
            match (&declarator.name, declarator.init.as_deref()) {
                (Pat::Ident(alias), Some(Expr::Ident(name))) if declaration.kind == VarDeclKind::Const => {
                    self.aliases.push((alias.to_id(), name.to_id()));
                }
                // Reading properties.
                (Pat::Object(_) | Pat::Array(_), Some(Expr::Ident(_))) => declarator.name.visit_with(self),
                _ => declarator.visit_with(self),
            }
        }
    }

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        let target = assignment.left.as_simple().and_then(|left| left.as_member());
        let path = target.and_then(static_path);
        if let Some((object, path)) = &path {
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
        assignment.visit_children_with(self);
    }

    fn visit_decl(&mut self, declaration: &Decl) {
        match declaration {
            Decl::Fn(declaration) => declaration.function.visit_with(self),
            Decl::Class(declaration) => declaration.class.visit_with(self),
            other => other.visit_children_with(self),
        }
    }

    fn visit_class(&mut self, class: &Class) {
        for decorator in &class.decorators {
            decorator.visit_with(self);
        }
        match class.super_class.as_deref() {
            None | Some(Expr::Ident(_)) => {}
            Some(parent) => parent.visit_with(self),
        }
        for member in &class.body {
            member.visit_with(self);
        }
    }

    fn visit_member_expr(&mut self, member: &MemberExpr) {
        if let Some((_, path)) = static_path(member) {
            let hands_out = |name: &str| matches!(name, "constructor" | "__proto__");
            let is_property = match path.as_slice() {
                [first] => *first != *"prototype" && !hands_out(first),
                [first, second, ..] => !(hands_out(first) || *first == *"prototype" && hands_out(second)),
                [] => false,
            };
            if is_property {
                return;
            }
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

    fn visit_spread_element(&mut self, spread: &SpreadElement) {
        if !spread.expr.is_ident() {
            spread.visit_children_with(self);
        }
    }

    fn visit_array_lit(&mut self, array: &ArrayLit) {
        for element in array.elems.iter().flatten() {
            if !(element.spread.is_some() && element.expr.is_ident()) {
                element.visit_with(self);
            }
        }
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        if let Callee::Expr(callee) = &call.callee {
            self.callee(callee);
        }
        call.args.visit_with(self);
    }

    fn visit_new_expr(&mut self, new: &NewExpr) {
        if !new.callee.is_ident() {
            new.callee.visit_with(self);
        }
        new.args.visit_with(self);
    }

    fn visit_bin_expr(&mut self, binary: &BinExpr) {
        let only_compares = matches!(binary.op, BinaryOp::EqEqEq | BinaryOp::NotEqEq);
        if !(only_compares && binary.left.is_ident()) {
            binary.left.visit_with(self);
        }
        let only_asks = only_compares || matches!(binary.op, BinaryOp::InstanceOf | BinaryOp::In);
        if !(only_asks && binary.right.is_ident()) {
            binary.right.visit_with(self);
        }
    }
}
