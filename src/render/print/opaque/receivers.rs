//! Objects whose methods are functions from elsewhere, which may ask for `this`:
//!
//! ```js
//! function run(next) { const step = { value: 1, next }; step.next(); return step.value }
//! ```
//!
//! The compressor makes variables of the properties, and would call `next` without the object, or leave out of the object what
//! is not read here.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::ecma::ast::{
    AssignExpr, AssignTarget, Expr, FnDecl, Function, Id, Ident, Lit, MemberExpr, MemberProp, Module,
    ObjectLit, OptChainBase, Pat, Prop, PropName, PropOrSpread, SimpleAssignTarget, VarDeclarator,
};
use swc_core::ecma::utils::{contains_this_expr, find_pat_ids};
use swc_core::ecma::visit::{Visit, VisitWith as _, noop_visit_type};

use super::Hider;

/// Variables that are such objects, with the names of the functions.
pub(super) struct Receivers(FxHashMap<Id, FxHashSet<Atom>>);

impl Receivers {
    /// Finds them.
    pub(super) fn of(module: &Module) -> Self {
        let mut search = Search::default();
        module.visit_with(&mut search);
        let mut receivers: FxHashMap<Id, FxHashSet<Atom>> = FxHashMap::default();
        for method in search.methods {
            let value = method.value.as_ref();
            let asks_for_nothing = value
                .is_some_and(|value| search.without_this.contains(value) && !search.others.contains(value));
            if !asks_for_nothing {
                receivers.entry(method.object).or_default().insert(method.name);
            }
        }
        Self(receivers)
    }

    fn has(&self, member: &MemberExpr) -> bool {
        let Some(methods) = start_of(&member.obj).and_then(|name| self.0.get(&name.to_id())) else {
            return false;
        };
        match &member.prop {
            MemberProp::Ident(name) => methods.contains(&name.sym),
            MemberProp::Computed(key) => match &*key.expr {
                Expr::Lit(Lit::Str(key)) => key
                    .value
                    .as_str()
                    .is_some_and(|key| methods.contains(&Atom::from(key))),
                _ => true,
            },
            MemberProp::PrivateName(_) => false,
        }
    }
}

/// What a path such as `a.b.c` begins with.
fn start_of(path: &Expr) -> Option<&Ident> {
    match path {
        Expr::Ident(name) => Some(name),
        Expr::Member(member) => start_of(&member.obj),
        Expr::OptChain(chain) => start_of(&chain.base.as_member()?.obj),
        _ => None,
    }
}

/// A property that may be a function which is written somewhere else.
struct Method {
    object: Id,
    name: Atom,
    /// The name of the function.
    value: Option<Id>,
}

#[derive(Default)]
struct Search {
    methods: Vec<Method>,
    /// Functions that do not ask for `this`.
    without_this: FxHashSet<Id>,
    /// Names of functions that do, or that are given other values.
    others: FxHashSet<Id>,
}

impl Search {
    fn given(&mut self, name: &Id, value: &Expr) {
        match value {
            Expr::Object(object) => self.object(name, object),
            Expr::Arrow(_) => {
                self.without_this.insert(name.clone());
            }
            Expr::Fn(function) => self.function(name, &function.function),
            _ => {}
        }
    }

    fn function(&mut self, name: &Id, function: &Function) {
        if !contains_this_expr(&function.params) && !contains_this_expr(&function.body) {
            self.without_this.insert(name.clone());
        } else {
            self.others.insert(name.clone());
        }
    }

    /// The properties of an object, and those of objects inside.
    fn object(&mut self, variable: &Id, object: &ObjectLit) {
        for property in &object.props {
            let PropOrSpread::Prop(property) = property else {
                continue;
            };
            let (name, value) = match &**property {
                Prop::Shorthand(name) => (name.sym.clone(), Some(name.to_id())),
                Prop::KeyValue(pair) => match (&*pair.value, &pair.key) {
                    (Expr::Object(inner), _) => {
                        self.object(variable, inner);
                        continue;
                    }
                    (value, _) if is_written_here(value) => continue,
                    (value, PropName::Ident(name)) => (name.sym.clone(), value.as_ident().map(Ident::to_id)),
                    (value, PropName::Str(name)) => match name.value.as_str() {
                        Some(name) => (name.into(), value.as_ident().map(Ident::to_id)),
                        None => continue,
                    },
                    _ => continue,
                },
                _ => continue,
            };
            self.methods.push(Method {
                object: variable.clone(),
                name,
                value,
            });
        }
    }
}

fn is_written_here(value: &Expr) -> bool {
    matches!(
        value,
        Expr::Fn(_) | Expr::Arrow(_) | Expr::Lit(_) | Expr::Tpl(_) | Expr::Array(_) | Expr::Class(_)
    )
}

impl Visit for Search {
    noop_visit_type!();

    fn visit_var_declarator(&mut self, declarator: &VarDeclarator) {
        if let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init) {
            self.given(&name.id.to_id(), value);
        }
        declarator.visit_children_with(self);
    }

    fn visit_fn_decl(&mut self, declaration: &FnDecl) {
        self.function(&declaration.ident.to_id(), &declaration.function);
        declaration.visit_children_with(self);
    }

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        if let Some(name) = assignment.left.as_ident()
            && let Expr::Object(object) = &*assignment.right
        {
            self.object(&name.id.to_id(), object);
        }
        assignment.visit_children_with(self);
    }

    fn visit_assign_target(&mut self, target: &AssignTarget) {
        match target {
            AssignTarget::Simple(SimpleAssignTarget::Ident(name)) => {
                self.others.insert(name.id.to_id());
            }
            AssignTarget::Pat(pattern) => self.others.extend(find_pat_ids::<_, Id>(pattern)),
            AssignTarget::Simple(_) => {}
        }
        target.visit_children_with(self);
    }
}

impl Hider {
    /// Hides the object that is called by one of these names.
    pub(super) fn receiver(&mut self, callee: &mut Expr) {
        match callee {
            Expr::Member(member) if self.receivers.has(member) => self.hide(&mut member.obj),
            Expr::OptChain(chain) => {
                if let OptChainBase::Member(member) = &mut *chain.base
                    && self.receivers.has(member)
                {
                    self.hide(&mut member.obj);
                }
            }
            _ => {}
        }
    }
}
