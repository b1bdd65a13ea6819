//! Properties of objects that are one value until some code gives them another:
//!
//! ```js
//! export const config = { onError: null, report() { return config.onError } }
//! export function onError(callback) { config.onError = callback }
//! ```
//!
//! In a bundle without `onError`, `config.onError` is `null` for ever, unless something has the object itself, which could do
//! with it what it wants.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::{Mark, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, AssignExpr, AssignTarget, BinExpr, BinaryOp, CallExpr, Class, Decl, Expr, ForInStmt, Function,
    Id, Ident, MemberExpr, MemberProp, ObjectLit, OptCall, Pat, Prop, PropName, PropOrSpread,
    SimpleAssignTarget, SpreadElement, Stmt, TaggedTpl, ThisExpr, UnaryExpr, UnaryOp, UpdateExpr,
    VarDeclarator,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::dead_branch::constant_value;
use super::named_members::static_member;
use super::normalize::{NormalizedModule, text_of};
use super::side_effects::without_parentheses;
use crate::graph::{Constant, MembersUntilSet, StatementId};

/// Methods of every object that only look at it.
const LOOKING: [&str; 5] = [
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
];

/// Notes them. `reassigned` are the names that something is assigned to.
pub fn note(module: &mut NormalizedModule, reassigned: &FxHashSet<Id>, unresolved_mark: Mark) {
    let unresolved = SyntaxContext::empty().apply_mark(unresolved_mark);
    let mut objects: FxHashMap<Id, MembersUntilSet> = FxHashMap::default();
    for (statement, node) in module.statements.iter_enumerated() {
        if let Some((id, object)) = declared(node)
            && !reassigned.contains(&id)
            && let Some(local) = module.symbol_of.get(&id)
            && module.symbols[*local].declared_by == [statement]
            && let Some(members) = members_of(object, unresolved)
        {
            objects.insert(id, members);
        }
    }
    for symbol in &mut module.symbols {
        symbol.members_until_set = None;
    }
    if objects.is_empty() {
        return;
    }
    let mut users = Users {
        objects,
        statement: StatementId::from_usize(0),
    };
    for (statement, node) in module.statements.iter_enumerated() {
        users.statement = statement;
        node.visit_with(&mut users);
    }
    for (id, members) in users.objects {
        if let Some(local) = module.symbol_of.get(&id) {
            module.symbols[*local].members_until_set = Some(Box::new(members));
        }
    }
}

/// Whether calling a method of an object hands the object to nobody.
pub fn is_kept_by(members: &MembersUntilSet, method: &Atom) -> bool {
    LOOKING.contains(&&**method) || members.keeping.contains(method)
}

fn declared(statement: &Stmt) -> Option<(Id, &ObjectLit)> {
    let Stmt::Decl(Decl::Var(declaration)) = statement else {
        return None;
    };
    let [declarator] = declaration.decls.as_slice() else {
        return None;
    };
    let name = declarator.name.as_ident()?;
    let object = without_parentheses(declarator.init.as_deref()?).as_object()?;
    Some((name.to_id(), object))
}

fn members_of(object: &ObjectLit, unresolved: SyntaxContext) -> Option<MembersUntilSet> {
    let mut members: Vec<(Atom, Constant)> = Vec::new();
    let mut keeping: Vec<Atom> = Vec::new();
    let mut this = OwnThis::default();
    for property in &object.props {
        let PropOrSpread::Prop(property) = property else {
            return None;
        };
        let key = match &**property {
            Prop::KeyValue(pair) => name_of(&pair.key)?,
            Prop::Method(method) => name_of(&method.key)?,
            Prop::Getter(getter) => name_of(&getter.key)?,
            Prop::Setter(setter) => name_of(&setter.key)?,
            Prop::Shorthand(name) => name.sym.clone(),
            Prop::Assign(_) => return None,
        };
        members.retain(|(known, _)| *known != key);
        keeping.retain(|known| *known != key);
        match &**property {
            Prop::KeyValue(pair) => match without_parentheses(&pair.value) {
                Expr::Fn(function) => {
                    this.of_method(&function.function);
                    keeping.push(key);
                }
                Expr::Arrow(_) => keeping.push(key),
                value => {
                    if let Some(value) = constant_value(value, unresolved) {
                        members.push((key, value));
                    }
                }
            },
            Prop::Method(method) => {
                this.of_method(&method.function);
                keeping.push(key);
            }
            Prop::Getter(getter) => this.of_method(&getter.function),
            Prop::Setter(setter) => this.of_method(&setter.function),
            _ => {}
        }
    }
    if this.is_handed || this.called.iter().any(|method| !keeping.contains(method)) {
        return None;
    }
    members.retain(|(name, _)| !this.set.contains(name));
    (!members.is_empty()).then_some(MembersUntilSet {
        members,
        keeping,
        set_in: Vec::new(),
        handed_in: Vec::new(),
    })
}

fn name_of(key: &PropName) -> Option<Atom> {
    let name = match key {
        PropName::Ident(name) => name.sym.clone(),
        PropName::Str(name) => text_of(&name.value),
        _ => return None,
    };
    // `__proto__: x` makes the object inherit what `x` has.
    (name != *"__proto__").then_some(name)
}

/// What methods of an object do with their `this`.
#[derive(Default)]
struct OwnThis {
    set: FxHashSet<Atom>,
    called: FxHashSet<Atom>,
    is_handed: bool,
}

impl OwnThis {
    fn of_method(&mut self, function: &Function) {
        function.visit_children_with(self);
    }
}

/// Who has which objects of a module.
struct Users {
    objects: FxHashMap<Id, MembersUntilSet>,
    statement: StatementId,
}

impl Users {
    fn object(&mut self, name: &Ident) -> Option<&mut MembersUntilSet> {
        self.objects.get_mut(&name.to_id())
    }
}

/// What is done with an object that expressions name.
trait Uses: Visit + Sized {
    /// Whether an expression names one.
    fn names(&self, object: &Expr) -> bool;
    /// A property of it is given another value; without a name, any.
    fn set(&mut self, object: &Expr, name: Option<Atom>);
    /// A method of it is called.
    fn called(&mut self, object: &Expr, method: Option<Atom>);

    /// Something is written into a place.
    fn written(&mut self, target: &Expr) {
        match without_parentheses(target) {
            Expr::Member(member) if self.names(&member.obj) => {
                self.set(&member.obj, static_member(&member.prop));
                member.prop.visit_with(self);
            }
            other => other.visit_with(self),
        }
    }

    fn callee(&mut self, callee: &Expr) {
        match without_parentheses(callee) {
            Expr::Member(member) if self.names(&member.obj) => {
                self.called(&member.obj, static_member(&member.prop));
                member.prop.visit_with(self);
            }
            other => other.visit_with(self),
        }
    }

    /// It is looked at.
    fn looked_at(&mut self, object: &Expr) {
        if !self.names(object) {
            object.visit_with(self);
        }
    }
}

/// Both visitors see the same syntax.
macro_rules! visit_uses {
    () => {
        noop_visit_type!();

        fn visit_member_expr(&mut self, member: &MemberExpr) {
            self.looked_at(&member.obj);
            if let MemberProp::Computed(key) = &member.prop {
                key.visit_with(self);
            }
        }

        fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
            match &assignment.left {
                AssignTarget::Simple(SimpleAssignTarget::Member(member)) => {
                    self.written(&Expr::Member(member.clone()));
                }
                AssignTarget::Simple(SimpleAssignTarget::Paren(target)) => self.written(&target.expr),
                target => target.visit_with(self),
            }
            assignment.right.visit_with(self);
        }

        fn visit_update_expr(&mut self, update: &UpdateExpr) {
            self.written(&update.arg);
        }

        fn visit_unary_expr(&mut self, unary: &UnaryExpr) {
            match unary.op {
                UnaryOp::Delete => self.written(&unary.arg),
                _ => self.looked_at(&unary.arg),
            }
        }

        /// `[object.name] = list`
        fn visit_pat(&mut self, pattern: &Pat) {
            match pattern {
                Pat::Expr(target) => self.written(target),
                other => other.visit_children_with(self),
            }
        }

        fn visit_call_expr(&mut self, call: &CallExpr) {
            match call.callee.as_expr() {
                Some(callee) => self.callee(callee),
                None => call.callee.visit_with(self),
            }
            call.args.visit_with(self);
        }

        fn visit_opt_call(&mut self, call: &OptCall) {
            self.callee(&call.callee);
            call.args.visit_with(self);
        }

        fn visit_tagged_tpl(&mut self, template: &TaggedTpl) {
            self.callee(&template.tag);
            template.tpl.visit_with(self);
        }

        fn visit_bin_expr(&mut self, binary: &BinExpr) {
            binary.left.visit_with(self);
            match binary.op {
                BinaryOp::In => self.looked_at(&binary.right),
                _ => binary.right.visit_with(self),
            }
        }

        fn visit_spread_element(&mut self, spread: &SpreadElement) {
            self.looked_at(&spread.expr);
        }

        fn visit_for_in_stmt(&mut self, statement: &ForInStmt) {
            statement.left.visit_with(self);
            self.looked_at(&statement.right);
            statement.body.visit_with(self);
        }

        fn visit_var_declarator(&mut self, declarator: &VarDeclarator) {
            match &declarator.name {
                Pat::Ident(_) => declarator.init.visit_with(self),
                // Its properties are read.
                Pat::Object(pattern) if !pattern.props.iter().any(|property| property.is_rest()) => {
                    declarator.name.visit_with(self);
                    if let Some(value) = &declarator.init {
                        self.looked_at(value);
                    }
                }
                _ => declarator.visit_children_with(self),
            }
        }
    };
}

impl Uses for Users {
    fn names(&self, object: &Expr) -> bool {
        let name = without_parentheses(object).as_ident();
        name.is_some_and(|name| self.objects.contains_key(&name.to_id()))
    }

    fn set(&mut self, object: &Expr, name: Option<Atom>) {
        let statement = self.statement;
        let Some(object) = without_parentheses(object).as_ident() else {
            return;
        };
        if let Some(object) = self.object(object) {
            match name {
                Some(name) => object.set_in.push((name, statement)),
                None => object.handed_in.push(statement),
            }
        }
    }

    fn called(&mut self, object: &Expr, method: Option<Atom>) {
        let Some(name) = without_parentheses(object).as_ident() else {
            return;
        };
        let kept = self
            .object(name)
            .is_some_and(|members| method.is_some_and(|method| is_kept_by(members, &method)));
        if !kept {
            self.set(object, None);
        }
    }
}

impl Visit for Users {
    visit_uses!();

    fn visit_ident(&mut self, ident: &Ident) {
        let statement = self.statement;
        if let Some(object) = self.object(ident)
            && object.handed_in.last() != Some(&statement)
        {
            object.handed_in.push(statement);
        }
    }
}

impl Uses for OwnThis {
    fn names(&self, object: &Expr) -> bool {
        without_parentheses(object).is_this()
    }

    fn set(&mut self, _: &Expr, name: Option<Atom>) {
        match name {
            Some(name) => {
                self.set.insert(name);
            }
            None => self.is_handed = true,
        }
    }

    fn called(&mut self, _: &Expr, method: Option<Atom>) {
        match method {
            Some(method) if !LOOKING.contains(&&*method) => {
                self.called.insert(method);
            }
            Some(_) => {}
            None => self.is_handed = true,
        }
    }
}

impl Visit for OwnThis {
    visit_uses!();

    fn visit_this_expr(&mut self, _: &ThisExpr) {
        self.is_handed = true;
    }

    fn visit_super_prop_expr(&mut self, _: &swc_core::ecma::ast::SuperPropExpr) {
        self.is_handed = true;
    }

    /// These have a `this` of their own.
    fn visit_function(&mut self, _: &Function) {}

    fn visit_class(&mut self, class: &Class) {
        class.super_class.visit_with(self);
    }

    fn visit_arrow_expr(&mut self, arrow: &ArrowExpr) {
        arrow.visit_children_with(self);
    }
}
