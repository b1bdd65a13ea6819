//! Classes as they are written where there are none:
//!
//! ```js
//! var Store = (function () { function Store() { this.list = [] } Store.prototype.add = function (x) {}; return Store })()
//! ```

use rustc_hash::FxHashSet;
use swc_core::ecma::ast::{
    ArrowFunctionBody, AssignExpr, CallExpr, Decl, Expr, Function, Id, Ident, MemberExpr, Pat, Stmt,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::parameters::Assigned;
use super::without_parentheses;
use crate::scan::named_members::static_member;

/// The statements of a function that is called where it is written, and the names of what it is given.
fn called_in_place(value: &Expr) -> Option<(&[Stmt], Vec<Id>)> {
    let call: &CallExpr = without_parentheses(value).as_call()?;
    match without_parentheses(call.callee.as_expr()?) {
        Expr::Fn(function) if !function.function.is_async && !function.function.is_generator => {
            let function = &*function.function;
            let parameters = function.params.iter().map(|parameter| &parameter.pat);
            Some((
                &function.body.as_ref()?.stmts,
                parameters.flat_map(find_pat_ids).collect(),
            ))
        }
        Expr::Arrow(arrow) if !arrow.is_async => match &*arrow.body {
            ArrowFunctionBody::FunctionBody(body) => Some((&body.stmts, find_pat_ids(&arrow.params))),
            ArrowFunctionBody::Expr(_) => None,
        },
        _ => None,
    }
}

/// The statements of such a function.
pub(super) fn statements_in_place(value: &Expr) -> Option<&[Stmt]> {
    called_in_place(value).map(|(statements, _)| statements)
}

/// The function that an expression gives, if that has to do with nothing else that is declared beside it.
pub(super) fn function_in_place(value: &Expr) -> Option<&Function> {
    let (statements, parameters) = called_in_place(value)?;
    let name = statements.last()?.as_return_stmt()?.arg.as_deref()?.as_ident()?;
    let mut inner: FxHashSet<Id> = parameters.into_iter().collect();
    let mut function = None;
    for statement in statements {
        match statement {
            Stmt::Decl(Decl::Fn(declaration)) => {
                let is_first = inner.insert(declaration.ident.to_id());
                if declaration.ident.to_id() == name.to_id() {
                    function = is_first.then_some(&*declaration.function);
                }
            }
            Stmt::Decl(Decl::Var(declaration)) => inner.extend(find_pat_ids::<_, Id>(&declaration.decls)),
            Stmt::Expr(_) | Stmt::Return(_) => {}
            _ => return None,
        }
    }
    let function = function?;
    let mut mentions = Mentions {
        names: &inner,
        found: false,
    };
    function.visit_with(&mut mentions);
    let is_assigned = assigns(statements, name);
    (!mentions.found && !is_assigned).then_some(function)
}

/// Whether a name is given another value than that of its declaration.
pub(super) fn assigns(statements: &[Stmt], name: &Ident) -> bool {
    statements.iter().any(|statement| {
        let mut kept = FxHashSet::from_iter([name.to_id()]);
        match statement {
            Stmt::Decl(Decl::Fn(declaration)) => declaration.function.visit_with(&mut Assigned(&mut kept)),
            other => other.visit_with(&mut Assigned(&mut kept)),
        }
        kept.is_empty()
    })
}

/// Whether code names something.
struct Mentions<'a> {
    names: &'a FxHashSet<Id>,
    found: bool,
}

impl Visit for Mentions<'_> {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        self.found |= self.names.contains(&ident.to_id());
    }
}

/// Other names of the `prototype` of a function, by which that is only given properties: `var proto = Store.prototype`.
pub(super) fn prototype_names(function: &Id, statements: &[Stmt]) -> FxHashSet<Id> {
    let mut names = FxHashSet::default();
    for statement in statements {
        if let Some(name) = named_prototype(function, statement) {
            names.insert(name.to_id());
        }
    }
    if !names.is_empty() {
        let mut uses = Uses { names: &mut names };
        for statement in statements {
            if named_prototype(function, statement).is_none() {
                statement.visit_with(&mut uses);
            }
        }
    }
    names
}

/// The name that a statement gives the `prototype` of a function, if that is all it does.
pub(super) fn named_prototype<'e>(function: &Id, statement: &'e Stmt) -> Option<&'e Ident> {
    let declaration = statement.as_decl()?.as_var()?;
    let [only] = declaration.decls.as_slice() else {
        return None;
    };
    let Pat::Ident(name) = &only.name else { return None };
    let member = only.init.as_deref()?.as_member()?;
    let is_prototype = static_member(&member.prop)? == *"prototype"
        && member.obj.as_ident().map(Ident::to_id).as_ref() == Some(function);
    is_prototype.then_some(&name.id)
}

/// Takes out names that are used for more than giving properties.
struct Uses<'a> {
    names: &'a mut FxHashSet<Id>,
}

impl Visit for Uses<'_> {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        self.names.remove(&ident.to_id());
    }

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        let target = assignment.left.as_simple().and_then(|left| left.as_member());
        if !target.is_some_and(is_own_property) {
            assignment.left.visit_with(self);
        }
        assignment.right.visit_with(self);
    }
}

/// `object.name`
fn is_own_property(member: &MemberExpr) -> bool {
    member.obj.is_ident()
        && static_member(&member.prop).is_some_and(|name| !matches!(&*name, "__proto__" | "constructor"))
}
