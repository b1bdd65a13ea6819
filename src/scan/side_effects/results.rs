//! Functions that end with what they have made, and so give everyone who calls them an object of his own:
//!
//! ```js
//! function sides(of) { return { left: of.left, right: of.right } }
//! const both = sides(page), left = both.left          // reading `left` of that runs no code
//!
//! function memo(of) { const element = { of }; element.kind = 'memo'; return element }
//! const Page = memo(page); Page.displayName = 'Page'  // nobody but who uses `Page` sees that
//! ```

use rustc_hash::FxHashMap;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignExpr, AssignOp, AssignTarget, CallExpr, Class, Decl, Expr, ForHead,
    Function, Id, Ident, MemberExpr, NewExpr, OptChainExpr, Pat, ReturnStmt, SimpleAssignTarget, Stmt,
    TaggedTpl,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith as _, noop_visit_type};

use super::function_classes::{assigns, named_prototype, prototype_names, statements_in_place};
use super::hands::Hands;
use super::made::Made;
use super::{Purity, without_parentheses};
use crate::scan::named_members::{static_member, static_path};

/// Finds them among the statements of a module. `is_known` says which names always are what they are declared with.
pub fn results<'a>(
    statements: impl Iterator<Item = &'a Stmt>,
    unresolved: SyntaxContext,
    is_known: &dyn Fn(&Id) -> bool,
) -> FxHashMap<Id, Made> {
    let mut found = FxHashMap::default();
    let mut add = |name: &Ident, made: Option<Made>| {
        let id = name.to_id();
        if let Some(made) = made
            && is_known(&id)
        {
            found.insert(id, made);
        }
    };
    for statement in statements {
        match statement {
            Stmt::Decl(Decl::Fn(declaration)) => {
                add(
                    &declaration.ident,
                    result_of_function(&declaration.function, unresolved),
                );
            }
            Stmt::Decl(Decl::Var(declaration)) => {
                for declarator in &declaration.decls {
                    let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init) else {
                        continue;
                    };
                    match without_parentheses(value) {
                        Expr::Fn(function) => add(name, result_of_function(&function.function, unresolved)),
                        Expr::Arrow(arrow) => add(name, result_of_arrow(arrow, unresolved)),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// What a function makes that is called where it is written.
pub fn result_in_place(value: &Expr, unresolved: SyntaxContext) -> Option<(Made, Kept)> {
    let statements = statements_in_place(value)?;
    let made = result_of_body(statements, unresolved).map(|made| (made, Kept::Always));
    made.or_else(|| {
        let made = only_called_later(statements).then(|| function_class(statements))??;
        Some((made, Kept::UntilCalled))
    })
}

/// How long nobody else has what a function in place gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Nobody ever gets it from there.
    Always,
    /// Functions may give it to someone that it has made there, as methods do.
    UntilCalled,
}

/// Whether a function calls nothing but makes functions.
fn only_called_later(statements: &[Stmt]) -> bool {
    let mut calls = Calls(false);
    statements.visit_with(&mut calls);
    !calls.0
}

struct Calls(bool);

impl Visit for Calls {
    noop_visit_type!();

    fn visit_call_expr(&mut self, _: &CallExpr) {
        self.0 = true;
    }

    fn visit_new_expr(&mut self, _: &NewExpr) {
        self.0 = true;
    }

    fn visit_tagged_tpl(&mut self, _: &TaggedTpl) {
        self.0 = true;
    }

    fn visit_opt_chain_expr(&mut self, _: &OptChainExpr) {
        self.0 = true;
    }

    fn visit_function(&mut self, _: &Function) {}
    fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}

    fn visit_class(&mut self, _: &Class) {
        self.0 = true;
    }
}

/// The function that is given, if all that is done to it is to give it, and its `prototype`, properties that are functions.
fn function_class(statements: &[Stmt]) -> Option<Made> {
    let (last, before) = statements.split_last()?;
    let name = without_parentheses(last.as_return_stmt()?.arg.as_deref()?).as_ident()?;
    let id = name.to_id();
    let prototypes = prototype_names(&id, statements);
    let mut made = None;
    for statement in before {
        match statement {
            Stmt::Decl(Decl::Fn(declaration)) if declaration.ident.to_id() == id => {
                let is_first = made.is_none();
                made = is_first.then(|| Made::of_function(&declaration.function));
                made.as_ref()?;
            }
            Stmt::Decl(Decl::Fn(_)) => {}
            Stmt::Expr(statement) => {
                let assignment = statement
                    .expr
                    .as_assign()
                    .filter(|one| one.op == AssignOp::Assign)?;
                let member = assignment.left.as_simple()?.as_member()?;
                let (object, path) = static_path(member)?;
                let is_function = assignment.right.is_fn_expr() || assignment.right.is_arrow();
                let is_method = match path.as_slice() {
                    [name] => {
                        object.to_id() == id && made.as_ref()?.takes(Some(name))
                            || prototypes.contains(&object.to_id()) && !is_special(name)
                    }
                    [prototype, name] => {
                        object.to_id() == id && *prototype == *"prototype" && !is_special(name)
                    }
                    _ => false,
                };
                if !(is_function && is_method) {
                    return None;
                }
            }
            other if named_prototype(&id, other).is_some_and(|name| prototypes.contains(&name.to_id())) => {}
            _ => return None,
        }
    }
    made.filter(|_| !assigns(statements, name))
}

fn is_special(name: &str) -> bool {
    matches!(name, "__proto__" | "constructor")
}

/// The name of the function that an expression calls.
pub fn called_name(value: &Expr) -> Option<Id> {
    let call = without_parentheses(value).as_call()?;
    let callee = without_parentheses(call.callee.as_expr()?).as_ident()?;
    Some(callee.to_id())
}

impl Purity<'_> {
    /// What a call of a function of the module makes.
    pub(super) fn result_of(&self, call: &CallExpr) -> Option<&Made> {
        let callee = without_parentheses(call.callee.as_expr()?).as_ident()?;
        (!self.may_be_unset(callee)).then_some(())?;
        self.objects?.known().result(&callee.to_id())
    }
}

fn result_of_function(function: &Function, unresolved: SyntaxContext) -> Option<Made> {
    let is_plain = !function.is_async && !function.is_generator;
    result_of_body(&function.body.as_ref().filter(|_| is_plain)?.stmts, unresolved)
}

fn result_of_arrow(arrow: &ArrowExpr, unresolved: SyntaxContext) -> Option<Made> {
    if arrow.is_async {
        return None;
    }
    match &*arrow.body {
        ArrowFunctionBody::Expr(value) => made_in_place(value),
        ArrowFunctionBody::FunctionBody(body) => result_of_body(&body.stmts, unresolved),
    }
}

fn result_of_body(statements: &[Stmt], unresolved: SyntaxContext) -> Option<Made> {
    let (last, before) = statements.split_last()?;
    let mut returns = Returns(false);
    for statement in before {
        statement.visit_with(&mut returns);
    }
    let value = last.as_return_stmt()?.arg.as_deref().filter(|_| !returns.0)?;
    match without_parentheses(value) {
        Expr::Ident(name) => kept_variable(name, statements, unresolved),
        value => made_in_place(value),
    }
}

/// What an expression makes that nobody else can have.
fn made_in_place(value: &Expr) -> Option<Made> {
    let value = without_parentheses(value);
    let is_nameless = match value {
        Expr::Object(_) | Expr::Array(_) | Expr::Arrow(_) => true,
        // By its name it could give itself properties.
        Expr::Fn(function) => function.ident.is_none(),
        _ => false,
    };
    is_nameless.then(|| Made::of(value))?
}

/// What a variable of a function holds, if the function gives it to nobody and only adds properties that are values.
fn kept_variable(name: &Ident, statements: &[Stmt], unresolved: SyntaxContext) -> Option<Made> {
    let id = name.to_id();
    let mut declared = statements.iter().filter(|statement| declares(&id, statement));
    let made = declared_as(&id, declared.next()?).filter(|_| declared.next().is_none())?;
    let mut hands = Hands::new(unresolved);
    let mut changes = Changes {
        name: &id,
        made: &made,
        are_known: true,
    };
    let (_, before) = statements.split_last()?;
    let prototypes = prototype_names(&id, statements);
    for statement in before {
        if named_prototype(&id, statement).is_some_and(|name| prototypes.contains(&name.to_id())) {
            continue;
        }
        statement.visit_with(&mut hands);
        statement.visit_with(&mut changes);
    }
    let are_known = changes.are_known;
    let made = FxHashMap::from_iter([(id.clone(), made)]);
    let is_kept = are_known && !hands.finish(&made).objects.contains(&id);
    made.into_values().next().filter(|_| is_kept).map(Made::changed)
}

fn declares(id: &Id, statement: &Stmt) -> bool {
    match statement {
        Stmt::Decl(Decl::Fn(declaration)) => declaration.ident.to_id() == *id,
        Stmt::Decl(Decl::Var(declaration)) => find_pat_ids::<_, Id>(&declaration.decls).contains(id),
        _ => false,
    }
}

/// What a statement declares a name as, if that is known.
fn declared_as(id: &Id, statement: &Stmt) -> Option<Made> {
    match statement {
        Stmt::Decl(Decl::Fn(declaration)) => Some(Made::of_function(&declaration.function)),
        Stmt::Decl(Decl::Var(declaration)) => {
            let mut own = declaration.decls.iter().filter(|declarator| {
                let names: Vec<Id> = find_pat_ids(&declarator.name);
                names.contains(id)
            });
            let only = own.next().filter(|_| own.next().is_none())?;
            made_in_place(only.init.as_deref().filter(|_| only.name.is_ident())?)
        }
        _ => None,
    }
}

/// Whether a variable keeps its value, and what that is given are properties that it takes.
struct Changes<'a> {
    name: &'a Id,
    made: &'a Made,
    are_known: bool,
}

impl Changes<'_> {
    fn is_property(&self, member: &MemberExpr) -> bool {
        matches!(without_parentheses(&member.obj), Expr::Ident(object) if object.to_id() == *self.name)
    }
}

impl Visit for Changes<'_> {
    noop_visit_type!();

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        match &assignment.left {
            AssignTarget::Simple(SimpleAssignTarget::Member(member)) if self.is_property(member) => {
                self.are_known &=
                    static_member(&member.prop).is_some_and(|name| self.made.takes(Some(&name)));
            }
            AssignTarget::Pat(pattern) => {
                self.are_known &= !find_pat_ids::<_, Id>(pattern).contains(self.name);
            }
            AssignTarget::Simple(_) => {}
        }
        assignment.visit_children_with(self);
    }

    fn visit_for_head(&mut self, head: &ForHead) {
        self.are_known &= !find_pat_ids::<_, Id>(head).contains(self.name);
        head.visit_children_with(self);
    }

    fn visit_pat(&mut self, pattern: &Pat) {
        self.are_known &= !matches!(pattern, Pat::Expr(target)
            if matches!(without_parentheses(target), Expr::Member(member) if self.is_property(member)));
        pattern.visit_children_with(self);
    }
}

struct Returns(bool);

impl Visit for Returns {
    noop_visit_type!();

    fn visit_return_stmt(&mut self, _: &ReturnStmt) {
        self.0 = true;
    }

    fn visit_expr(&mut self, _: &Expr) {}
    fn visit_function(&mut self, _: &Function) {}
    fn visit_class(&mut self, _: &Class) {}
}
