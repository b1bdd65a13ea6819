//! In a sloppy function with simple parameters, `arguments` and the parameters are the same variables (ECMA-262 §10.4.4):
//!
//! ```js
//! function f(a) { a = 1; return g.apply(this, arguments) }     // `g` gets 1
//! function h(a) { arguments[0] = 2; return a }                 // 2
//! ```
//!
//! In strict code they are not, so where it can be noticed, the elements of `arguments` become accessors of the parameters:
//!
//! ```js
//! function h(a) { __mapArgument(arguments, 0, () => a, (value) => a = value); arguments[0] = 2; return a }
//! ```

use rustc_hash::FxHashSet;
use swc_core::common::{DUMMY_SP, Mark, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignExpr, AssignOp, AssignTarget, BindingIdent, CallExpr, Callee, Class,
    ClassMember, Expr, ExprOrSpread, ExprStmt, FnDecl, Function, GetterProp, Id, Ident, Lit, MemberExpr,
    MemberProp, Number, Pat, Script, SetterProp, SimpleAssignTarget, Stmt, UnaryExpr, UnaryOp, UpdateExpr,
    VarDeclarator,
};
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use super::directives::is_directive;
use super::named_members::static_member;
use super::sloppy_script::starts_strict;
use crate::graph::MAP_ARGUMENT;

/// Maps the arguments of the functions of a sloppy script whose names are resolved.
pub(super) fn map_arguments(script: &mut Script, unresolved: SyntaxContext) {
    script.visit_mut_with(&mut MapArguments { unresolved });
}

struct MapArguments {
    unresolved: SyntaxContext,
}

impl VisitMut for MapArguments {
    noop_visit_mut_type!();

    fn visit_mut_class(&mut self, _: &mut Class) {
        // Strict, with everything in it.
    }

    fn visit_mut_function(&mut self, node: &mut Function) {
        let Some(body) = &mut node.body else { return };
        if starts_strict(&body.stmts) {
            return;
        }
        body.visit_mut_with(self);
        let names: Option<Vec<&BindingIdent>> = node.params.iter().map(|one| one.pat.as_ident()).collect();
        let Some(names) = names.filter(|names| !names.is_empty()) else {
            return;
        };
        let mut arguments = ArgumentsUse::of(self.unresolved);
        body.visit_with(&mut arguments);
        if !arguments.is_relevant() {
            return;
        }
        let mut assigned = Assigned::default();
        body.visit_with(&mut assigned);
        let mut mapped: Vec<Stmt> = Vec::new();
        for (index, name) in names.iter().enumerate() {
            // Of parameters with one name the last counts.
            let is_last = !names[index + 1..].iter().any(|later| later.sym == name.sym);
            let shows = assigned.names.contains(&name.to_id()) && arguments.reads.contains(index);
            if is_last && (shows || arguments.writes.contains(index)) {
                mapped.push(self.map(index, name));
            }
        }
        let start = body
            .stmts
            .iter()
            .take_while(|statement| is_directive(statement))
            .count();
        body.stmts.splice(start..start, mapped);
    }
}

impl MapArguments {
    fn map(&self, index: usize, name: &Ident) -> Stmt {
        let global = |name: &str| Expr::Ident(Ident::new(name.into(), DUMMY_SP, self.unresolved));
        let value = Ident::new(
            "value".into(),
            DUMMY_SP,
            SyntaxContext::empty().apply_mark(Mark::new()),
        );
        let arrow = |params: Vec<Pat>, body: Expr| {
            Expr::Arrow(ArrowExpr {
                params,
                body: Box::new(ArrowFunctionBody::Expr(Box::new(body))),
                ..ArrowExpr::default()
            })
        };
        let set = Expr::Assign(AssignExpr {
            span: DUMMY_SP,
            op: AssignOp::Assign,
            left: AssignTarget::Simple(SimpleAssignTarget::Ident(name.clone().into())),
            right: Box::new(value.clone().into()),
        });
        #[expect(clippy::cast_precision_loss, reason = "nobody has that many parameters")]
        let index = Expr::Lit(Lit::Num(Number::from(index as f64)));
        let arguments = [
            global("arguments"),
            index,
            arrow(Vec::new(), name.clone().into()),
            arrow(vec![Pat::Ident(value.into())], set),
        ];
        Stmt::Expr(ExprStmt {
            span: DUMMY_SP,
            expr: Box::new(Expr::Call(CallExpr {
                callee: Callee::Expr(Box::new(global(MAP_ARGUMENT))),
                args: arguments.into_iter().map(ExprOrSpread::from).collect(),
                ..CallExpr::default()
            })),
        })
    }
}

/// Some elements of `arguments`.
#[derive(Default)]
struct Elements {
    all: bool,
    some: FxHashSet<usize>,
}

impl Elements {
    fn contains(&self, index: usize) -> bool {
        self.all || self.some.contains(&index)
    }

    fn add(&mut self, index: Option<usize>) {
        match index {
            Some(index) => {
                self.some.insert(index);
            }
            None => self.all = true,
        }
    }
}

/// What a function does with its `arguments`.
struct ArgumentsUse {
    unresolved: SyntaxContext,
    reads: Elements,
    writes: Elements,
    /// Variables that are given the object.
    aliases: FxHashSet<Id>,
}

impl ArgumentsUse {
    fn of(unresolved: SyntaxContext) -> Self {
        Self {
            unresolved,
            reads: Elements::default(),
            writes: Elements::default(),
            aliases: FxHashSet::default(),
        }
    }

    fn is_relevant(&self) -> bool {
        self.reads.all || self.writes.all || !self.reads.some.is_empty() || !self.writes.some.is_empty()
    }

    fn is_arguments(&self, expression: &Expr) -> bool {
        matches!(expression, Expr::Ident(name) if name.ctxt == self.unresolved && name.sym == *"arguments")
    }

    /// Notes what is written, if it is an element of `arguments`.
    fn write(&mut self, target: &MemberExpr) {
        let is_alias = |name: &Ident| self.aliases.contains(&name.to_id());
        if self.is_arguments(&target.obj) || target.obj.as_ident().is_some_and(is_alias) {
            self.writes.add(element(&target.prop));
        }
    }
}

/// The number of an element, if it is one; others may be any.
fn element(property: &MemberProp) -> Option<usize> {
    let MemberProp::Computed(key) = property else {
        return None;
    };
    match &*key.expr {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "just compared"
        )]
        Expr::Lit(Lit::Num(number)) if number.value >= 0.0 && number.value <= 1e6 => {
            Some(number.value as usize)
        }
        _ => None,
    }
}

/// Methods of arrays that change what they are called on.
fn changes_its_list(method: &str) -> bool {
    matches!(
        method,
        "copyWithin" | "fill" | "pop" | "push" | "reverse" | "shift" | "sort" | "splice" | "unshift"
    )
}

impl Visit for ArgumentsUse {
    noop_visit_type!();

    fn visit_expr(&mut self, node: &Expr) {
        if self.is_arguments(node) {
            self.reads.all = true;
        } else {
            node.visit_children_with(self);
        }
    }

    fn visit_var_declarator(&mut self, node: &VarDeclarator) {
        if let (Pat::Ident(name), Some(value)) = (&node.name, &node.init)
            && self.is_arguments(value)
        {
            self.aliases.insert(name.to_id());
        }
        node.visit_children_with(self);
    }

    fn visit_member_expr(&mut self, node: &MemberExpr) {
        if !self.is_arguments(&node.obj) {
            node.visit_children_with(self);
        } else if static_member(&node.prop).is_none_or(|name| !matches!(&*name, "length" | "callee")) {
            self.reads.add(element(&node.prop));
            node.prop.visit_with(self);
        }
    }

    fn visit_assign_expr(&mut self, node: &AssignExpr) {
        if let AssignTarget::Simple(SimpleAssignTarget::Member(target)) = &node.left {
            self.write(target);
        }
        node.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, node: &UpdateExpr) {
        if let Expr::Member(target) = &*node.arg {
            self.write(target);
        }
        node.visit_children_with(self);
    }

    fn visit_unary_expr(&mut self, node: &UnaryExpr) {
        if let (UnaryOp::Delete, Expr::Member(target)) = (node.op, &*node.arg) {
            self.write(target);
        }
        node.visit_children_with(self);
    }

    // `[].shift.call(arguments)`
    fn visit_call_expr(&mut self, node: &CallExpr) {
        if let Callee::Expr(callee) = &node.callee
            && let Expr::Member(call) = &**callee
            && let Expr::Member(method) = &*call.obj
            && static_member(&method.prop).is_some_and(|name| changes_its_list(&name))
            && node
                .args
                .first()
                .is_some_and(|first| self.is_arguments(&first.expr))
        {
            self.writes.all = true;
        }
        node.visit_children_with(self);
    }

    // These have `arguments` of their own.
    fn visit_function(&mut self, _: &Function) {}
    fn visit_getter_prop(&mut self, _: &GetterProp) {}
    fn visit_setter_prop(&mut self, _: &SetterProp) {}
    fn visit_class_member(&mut self, _: &ClassMember) {}
}

/// The names that are given values.
#[derive(Default)]
struct Assigned {
    names: FxHashSet<Id>,
}

impl Visit for Assigned {
    noop_visit_type!();

    fn visit_binding_ident(&mut self, node: &BindingIdent) {
        self.names.insert(node.to_id());
    }

    fn visit_fn_decl(&mut self, node: &FnDecl) {
        self.names.insert(node.ident.to_id());
        node.function.visit_with(self);
    }

    fn visit_update_expr(&mut self, node: &UpdateExpr) {
        if let Expr::Ident(name) = &*node.arg {
            self.names.insert(name.to_id());
        }
        node.visit_children_with(self);
    }

    // `var a;` leaves the parameter as it is.
    fn visit_var_declarator(&mut self, node: &VarDeclarator) {
        if node.init.is_some() || !node.name.is_ident() {
            node.visit_children_with(self);
        }
    }
}
