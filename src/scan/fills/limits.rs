//! What limits objects: a property that was defined may be read-only, and a frozen object takes none.
//!
//! ```js
//! Object.defineProperty(object, 'name', { value: 1 }); object.name = 2      // fails
//! ```

use rustc_hash::FxHashMap;
use swc_core::atoms::Atom;
use swc_core::ecma::ast::{
    ArrowExpr, CallExpr, Callee, Class, Expr, Function, Id, Lit, Prop, PropName, PropOrSpread, Stmt,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use crate::scan::named_members::static_member;
use crate::scan::normalize::{NormalizedModule, text_of};

/// What assigning to an object may fail for, or run, from a statement on.
pub(super) struct Limit {
    pub from: usize,
    /// Where it stands; in functions it may be done at any time.
    pub at: Option<usize>,
    /// The property that is defined; nothing where the object is frozen, or defines what is not known.
    pub name: Option<Atom>,
}

/// Looks for objects with limits.
pub(super) fn limits_of(module: &NormalizedModule) -> FxHashMap<Id, Vec<Limit>> {
    let mut limits: FxHashMap<Id, Vec<Limit>> = FxHashMap::default();
    for (index, statement) in module.statements.iter().enumerate() {
        let mut limited = Limited {
            at: index,
            from: if statement.is_expr() { index + 1 } else { index },
            is_within_function: false,
            loops: 0,
            limits: &mut limits,
        };
        statement.visit_with(&mut limited);
    }
    limits
}

/// The name that a key gives without being computed.
pub(super) fn key_name(key: &PropName) -> Option<Atom> {
    match key {
        PropName::Ident(name) => Some(name.sym.clone()),
        PropName::Str(name) => Some(text_of(&name.value)),
        _ => None,
    }
}

/// The names in `{ name: { value: 1 } }`; none stands for all.
pub(super) fn names_of_descriptors(descriptors: &Expr) -> Vec<Option<Atom>> {
    let Expr::Object(object) = descriptors else {
        return vec![None];
    };
    let name = |property: &PropOrSpread| match property {
        PropOrSpread::Prop(property) => match &**property {
            Prop::KeyValue(pair) => key_name(&pair.key),
            Prop::Shorthand(name) => Some(name.sym.clone()),
            _ => None,
        },
        PropOrSpread::Spread(_) => None,
    };
    object.props.iter().map(name).collect()
}

/// The property that a key names. `Symbol.iterator` is one, whatever `Symbol` is.
pub(super) fn defined_name(key: &Expr) -> Option<Atom> {
    match key {
        Expr::Lit(Lit::Str(name)) => Some(text_of(&name.value)),
        Expr::Member(member) => {
            let name = member.prop.as_ident()?;
            let is_symbol = member
                .obj
                .as_ident()
                .is_some_and(|object| object.sym == *"Symbol");
            is_symbol.then(|| Atom::from(format!("Symbol.{}", name.sym)))
        }
        _ => None,
    }
}

/// The object that `Object.defineProperty(object, 'name', …)` limits, or its `prototype`; no name stands for all.
fn limited_by(call: &CallExpr) -> Option<(Id, Vec<Option<Atom>>)> {
    let Callee::Expr(callee) = &call.callee else {
        return None;
    };
    let method = static_member(&callee.as_member()?.prop)?;
    let (target, others) = call.args.split_first()?;
    let object = match &*target.expr {
        Expr::Ident(object) => object,
        Expr::Member(member) => member.obj.as_ident()?,
        _ => return None,
    };
    let names = match (&*method, others.first().map(|key| &*key.expr)) {
        ("defineProperty", Some(key)) => vec![defined_name(key)],
        ("defineProperties", Some(descriptors)) => names_of_descriptors(descriptors),
        ("defineProperty" | "defineProperties" | "freeze" | "seal" | "preventExtensions", _) => vec![None],
        _ => return None,
    };
    Some((object.to_id(), names))
}

/// Finds what limits objects, wherever it stands.
struct Limited<'a> {
    at: usize,
    from: usize,
    is_within_function: bool,
    /// How many loops are around.
    loops: usize,
    limits: &'a mut FxHashMap<Id, Vec<Limit>>,
}

impl Visit for Limited<'_> {
    noop_visit_type!();

    fn visit_call_expr(&mut self, call: &CallExpr) {
        if let Some((id, names)) = limited_by(call) {
            let from = if self.is_within_function { 0 } else { self.from };
            let at = (!self.is_within_function).then_some(self.at);
            let limits = self.limits.entry(id).or_default();
            let times = if self.loops > 0 { 2 } else { 1 };
            for name in names.iter().flat_map(|name| std::iter::repeat_n(name, times)) {
                limits.push(Limit {
                    from,
                    at,
                    name: name.clone(),
                });
            }
        }
        call.visit_children_with(self);
    }

    fn visit_stmt(&mut self, statement: &Stmt) {
        let is_loop = matches!(
            statement,
            Stmt::For(_) | Stmt::ForIn(_) | Stmt::ForOf(_) | Stmt::While(_) | Stmt::DoWhile(_)
        );
        self.loops += usize::from(is_loop);
        statement.visit_children_with(self);
        self.loops -= usize::from(is_loop);
    }

    fn visit_function(&mut self, function: &Function) {
        let before = std::mem::replace(&mut self.is_within_function, true);
        function.visit_children_with(self);
        self.is_within_function = before;
    }

    fn visit_arrow_expr(&mut self, arrow: &ArrowExpr) {
        let before = std::mem::replace(&mut self.is_within_function, true);
        arrow.visit_children_with(self);
        self.is_within_function = before;
    }

    fn visit_class(&mut self, class: &Class) {
        let before = std::mem::replace(&mut self.is_within_function, true);
        class.visit_children_with(self);
        self.is_within_function = before;
    }
}
