//! Variables that may be read before they are initialised:
//!
//! ```js
//! expectError(() => value); let value;
//! switch (kind) { case 1: let found = 1; break; default: expectError(() => found); }
//! ```
//!
//! The reads must fail. The compressor does not know that: it moves `let value;` to the front, knows that `found` is 1, and
//! makes assignments of the declarations of a function that it takes apart. So while it works, such a variable is initialised
//! with something unknown, is used once more, and a statement stands before it that keeps its function in one piece.

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignTarget, CatchClause, DebuggerStmt, Decl, EmptyStmt, Expr,
    ExprOrSpread, ExprStmt, ForInStmt, ForOfStmt, ForStmt, Function, Id, Ident, IdentName, KeyValueProp,
    MemberExpr, MemberProp, Module, ModuleItem, Prop, PropName, SimpleAssignTarget, Stmt, SwitchStmt,
    VarDecl, VarDeclKind, VarDeclarator,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{VisitMut, VisitMutWith as _, noop_visit_mut_type};

use super::NameMarks;
use super::early_classes::{Callees, NamedBy, has_static_code};
use super::early_names::{early_names, lexical_names, names_read};
use super::early_variables::{Values, early_variables};
use super::stand_in::{self, called, function_of, is_call_of, take_argument};

/// The unknown value; without an argument, none was written.
pub(super) const UNKNOWN: &str = "%unknown";
/// The other use.
pub(super) const USE: &str = "%use";
/// The member that stands for the variable itself.
const PLACE: &str = "%place";

/// Guards such variables, and reads of those `others` that other units of the chunk or other chunks declare; whether there
/// are any.
pub fn guard(module: &mut Module, marks: NameMarks, others: &FxHashSet<Atom>) -> bool {
    let mut guard = Guard {
        context: SyntaxContext::empty().apply_mark(marks.unresolved),
        found: false,
    };
    module.visit_mut_with(&mut guard);
    if !others.is_empty() {
        guard.found = true;
        let top_level = SyntaxContext::empty().apply_mark(marks.top_level);
        let names = others.iter().map(|name| (name.clone(), top_level)).collect();
        module.visit_mut_with(&mut Reads {
            guard: &guard,
            names: &names,
            assignments: Assignments::Plain,
        });
    }
    guard.found
}

/// Takes the guards away again.
pub fn unguard(module: &mut Module) {
    module.visit_mut_with(&mut Unguard);
}

pub(super) struct Guard {
    context: SyntaxContext,
    pub(super) found: bool,
}

impl Guard {
    pub(super) fn call(&self, function: &str, argument: Option<Box<Expr>>) -> Expr {
        let arguments = argument.into_iter().map(ExprOrSpread::from).collect();
        stand_in::call(function, arguments, self.context)
    }

    /// Guards what a list of statements declares, if it is one of these variables.
    fn statements(&mut self, statements: &mut Vec<Stmt>, early: &FxHashSet<Id>) {
        let mut pending = early.clone();
        let mut index = 0;
        let mut functions = None;
        self.functions(statements, early);
        while index < statements.len() && !early.is_empty() {
            if !matches!(statements[index], Stmt::Decl(Decl::Fn(_))) {
                let mut reads = Reads {
                    guard: self,
                    names: &pending,
                    assignments: Assignments::Hidden,
                };
                statements[index].visit_mut_with(&mut reads);
            }
            for name in lexical_names(&statements[index]) {
                pending.remove(&name);
            }
            let mut names = Vec::new();
            match &mut statements[index] {
                Stmt::Decl(Decl::Var(declaration)) if declaration.kind != VarDeclKind::Var => {
                    names = self.variables(declaration, early);
                }
                Stmt::Decl(Decl::Class(class)) if early.contains(&class.ident.to_id()) => {
                    names.push(class.ident.clone());
                }
                _ => {}
            }
            if !names.is_empty() {
                self.callees(statements, index, &mut functions);
            }
            index += 1;
            if names.is_empty() {
                continue;
            }
            self.found = true;
            statements.insert(index - 1, Stmt::Debugger(DebuggerStmt { span: DUMMY_SP }));
            index += 1;
            for name in names {
                let expr = Box::new(self.call(USE, Some(Box::new(Expr::Ident(name)))));
                statements.insert(index, Stmt::Expr(ExprStmt { span: DUMMY_SP, expr }));
                index += 1;
            }
        }
    }

    /// Hides functions that static members of a class call and that name the class.
    fn callees(&self, statements: &mut [Stmt], index: usize, functions: &mut Option<NamedBy>) {
        let id = match &statements[index] {
            Stmt::Decl(Decl::Class(class)) if has_static_code(&class.class) => class.ident.to_id(),
            _ => return,
        };
        let functions = functions
            .get_or_insert_with(|| NamedBy::of(statements))
            .reaching(id);
        if let Stmt::Decl(Decl::Class(class)) = &mut statements[index] {
            let functions = &functions;
            let mut callees = Callees {
                guard: self,
                functions,
            };
            class.class.body.visit_mut_with(&mut callees);
        }
    }

    /// What functions read that may not be there yet: the compressor knows of a class that it is one, and drops what is read
    /// for nothing.
    fn functions(&self, statements: &mut [Stmt], early: &FxHashSet<Id>) {
        if early.is_empty() {
            return;
        }
        let (unread, read): (FxHashSet<Id>, FxHashSet<Id>) = {
            let read = names_read(statements);
            early.iter().cloned().partition(|name| !read.contains(name))
        };
        for (names, assignments) in [(&read, Assignments::Plain), (&unread, Assignments::Hidden)] {
            let mut reads = Reads {
                guard: self,
                names,
                assignments,
            };
            for statement in statements.iter_mut() {
                if !names.is_empty() && statement.as_decl().is_some_and(Decl::is_fn_decl) {
                    statement.visit_mut_with(&mut reads);
                }
            }
        }
    }

    /// Guards the `var`s of a function that are read before they have their values; they are `undefined` then.
    fn late_values(&mut self, statements: &mut [Stmt]) {
        let early = early_variables(statements, Values::Known);
        if early.is_empty() {
            return;
        }
        self.found = true;
        let mut pending = early.clone();
        for statement in statements {
            let mut reads = Reads {
                guard: self,
                names: if statement.as_decl().is_some_and(Decl::is_fn_decl) {
                    &early
                } else {
                    &pending
                },
                assignments: Assignments::Hidden,
            };
            statement.visit_mut_with(&mut reads);
            let mut values = LateValues {
                guard: self,
                names: &early,
                pending: &mut pending,
            };
            statement.visit_mut_with(&mut values);
        }
    }

    pub(super) fn variables(&self, declaration: &mut VarDecl, early: &FxHashSet<Id>) -> Vec<Ident> {
        let mut names = Vec::new();
        for declarator in &mut declaration.decls {
            let mut found: Vec<Ident> = find_pat_ids(&declarator.name);
            found.retain(|name| early.contains(&name.to_id()));
            if found.is_empty() {
                continue;
            }
            names.append(&mut found);
            let written = declarator.init.take().filter(|value| {
                declaration.kind == VarDeclKind::Const
                    || !matches!(&**value, Expr::Ident(name) if name.sym == *"undefined" && name.ctxt == self.context)
            });
            declarator.init = Some(Box::new(self.call(UNKNOWN, written)));
        }
        names
    }
}

/// Hides reads that may come too early, so that they stay where nobody uses what they find.
pub(super) struct Reads<'a> {
    pub(super) guard: &'a Guard,
    pub(super) names: &'a FxHashSet<Id>,
    pub(super) assignments: Assignments,
}

/// What becomes of assignments to names that may not be there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Assignments {
    /// They come too early, and fail; or nobody reads what is assigned, and they would be dropped.
    Hidden,
    /// They are made later, too, and the compressor must see that the variable changes.
    Plain,
}

impl VisitMut for Reads<'_> {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        match expression {
            Expr::Ident(name) => {
                if self.names.contains(&name.to_id()) {
                    *expression = self.guard.call(UNKNOWN, Some(Box::new(expression.take())));
                }
            }
            // Whatever is assigned would be lost when the variable is initialised, but the assignment fails.
            Expr::Assign(assignment) => {
                if self.assignments == Assignments::Hidden
                    && let AssignTarget::Simple(SimpleAssignTarget::Ident(name)) = &assignment.left
                    && self.names.contains(&name.to_id())
                {
                    let place = self.place(name.id.clone());
                    assignment.left = AssignTarget::Simple(SimpleAssignTarget::Member(place));
                } else {
                    assignment.left.visit_mut_with(self);
                }
                assignment.right.visit_mut_with(self);
            }
            Expr::Update(update) => match &*update.arg {
                Expr::Ident(_) if self.assignments == Assignments::Plain => {}
                Expr::Ident(name) if self.names.contains(&name.to_id()) => {
                    *update.arg = Expr::Member(self.place(name.clone()));
                }
                _ => update.arg.visit_mut_with(self),
            },
            _ => expression.visit_mut_children_with(self),
        }
    }

    fn visit_mut_prop(&mut self, property: &mut Prop) {
        if let Prop::Shorthand(name) = property
            && self.names.contains(&name.to_id())
        {
            *property = Prop::KeyValue(KeyValueProp {
                key: PropName::Ident(name.clone().into()),
                value: Box::new(Expr::Ident(name.take())),
            });
        }
        property.visit_mut_children_with(self);
    }
}

impl Reads<'_> {
    /// A member of something unknown: who assigns to it is not in vain.
    fn place(&self, name: Ident) -> MemberExpr {
        MemberExpr {
            span: DUMMY_SP,
            obj: Box::new(self.guard.call(UNKNOWN, Some(Box::new(Expr::Ident(name))))),
            prop: MemberProp::Ident(IdentName::new(PLACE.into(), DUMMY_SP)),
        }
    }
}

/// Hides what some variables are given.
struct LateValues<'a> {
    guard: &'a Guard,
    names: &'a FxHashSet<Id>,
    /// Those that have no value yet.
    pending: &'a mut FxHashSet<Id>,
}

impl VisitMut for LateValues<'_> {
    noop_visit_mut_type!();

    fn visit_mut_var_declarator(&mut self, declarator: &mut VarDeclarator) {
        let mut names: Vec<Id> = find_pat_ids(&declarator.name);
        names.retain(|name| self.names.contains(name));
        if names.is_empty() {
            return;
        }
        if let Some(value) = declarator.init.take() {
            declarator.init = Some(Box::new(self.guard.call(UNKNOWN, Some(value))));
            for name in names {
                self.pending.remove(&name);
            }
        }
    }

    fn visit_mut_expr(&mut self, _: &mut Expr) {}
    fn visit_mut_function(&mut self, _: &mut Function) {}
}

impl VisitMut for Guard {
    noop_visit_mut_type!();

    fn visit_mut_for_stmt(&mut self, statement: &mut ForStmt) {
        statement.visit_mut_children_with(self);
        self.loop_head(statement);
    }

    fn visit_mut_for_of_stmt(&mut self, statement: &mut ForOfStmt) {
        statement.visit_mut_children_with(self);
        self.loop_list(&statement.left, &mut statement.right);
    }

    fn visit_mut_for_in_stmt(&mut self, statement: &mut ForInStmt) {
        statement.visit_mut_children_with(self);
        self.loop_list(&statement.left, &mut statement.right);
    }

    fn visit_mut_catch_clause(&mut self, clause: &mut CatchClause) {
        self.parameters(clause.param.iter_mut());
        clause.visit_mut_children_with(self);
    }

    fn visit_mut_function(&mut self, function: &mut Function) {
        self.parameters(function.params.iter_mut().map(|parameter| &mut parameter.pat));
        function.visit_mut_children_with(self);
        if let Some(body) = &mut function.body {
            self.late_values(&mut body.stmts);
        }
    }

    fn visit_mut_arrow_expr(&mut self, function: &mut ArrowExpr) {
        self.parameters(function.params.iter_mut());
        function.visit_mut_children_with(self);
        if let ArrowFunctionBody::FunctionBody(body) = &mut *function.body {
            self.late_values(&mut body.stmts);
        }
    }

    fn visit_mut_module(&mut self, module: &mut Module) {
        module.visit_mut_children_with(self);
        if !module.body.iter().all(ModuleItem::is_stmt) {
            return;
        }
        let mut statements: Vec<Stmt> = module.body.drain(..).filter_map(ModuleItem::stmt).collect();
        self.late_values(&mut statements);
        let early = early_names(&[&statements]);
        self.statements(&mut statements, &early);
        module.body = statements.into_iter().map(ModuleItem::Stmt).collect();
    }

    fn visit_mut_stmts(&mut self, statements: &mut Vec<Stmt>) {
        statements.visit_mut_children_with(self);
        let early = early_names(&[statements]);
        self.statements(statements, &early);
    }

    fn visit_mut_switch_stmt(&mut self, switch: &mut SwitchStmt) {
        switch.discriminant.visit_mut_with(self);
        for case in &mut switch.cases {
            case.test.visit_mut_with(self);
            for statement in &mut case.cons {
                statement.visit_mut_with(self);
            }
        }
        let cases: Vec<&Vec<Stmt>> = switch.cases.iter().map(|case| &case.cons).collect();
        let early = early_names(&cases);
        for case in &mut switch.cases {
            self.statements(&mut case.cons, &early);
        }
    }
}

struct Unguard;

impl Unguard {
    fn drop_uses(expression: &mut Expr) {
        if let Expr::Seq(sequence) = expression {
            sequence.exprs.retain(|part| called(part) != Some(USE));
            if sequence.exprs.len() == 1
                && let Some(only) = sequence.exprs.pop()
            {
                *expression = *only;
            }
        }
    }
}

impl VisitMut for Unguard {
    noop_visit_mut_type!();

    fn visit_mut_var_declarator(&mut self, declarator: &mut VarDeclarator) {
        if let Some(Expr::Call(call)) = declarator.init.as_deref_mut()
            && call.args.is_empty()
            && function_of(call) == Some(UNKNOWN)
        {
            declarator.init = None;
        }
        declarator.visit_mut_children_with(self);
    }

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        Self::drop_uses(expression);
        if let Expr::Member(member) = expression
            && is_place(member)
        {
            *expression = *member.obj.take();
        }
        // One may stand in the other: the value of such a variable may be such a read.
        while is_call_of(expression, UNKNOWN) {
            let written = take_argument(expression, UNKNOWN);
            *expression = written.unwrap_or_else(|| *Expr::undefined(DUMMY_SP));
        }
        if is_call_of(expression, USE) {
            *expression = *Expr::undefined(DUMMY_SP);
        }
        expression.visit_mut_children_with(self);
    }

    fn visit_mut_simple_assign_target(&mut self, target: &mut SimpleAssignTarget) {
        target.visit_mut_children_with(self);
        if let SimpleAssignTarget::Member(member) = target
            && is_place(member)
            && let Expr::Ident(name) = &*member.obj
        {
            *target = SimpleAssignTarget::Ident(name.clone().into());
        }
    }

    fn visit_mut_stmt(&mut self, statement: &mut Stmt) {
        let is_guard = match statement {
            Stmt::Expr(inner) => called(&inner.expr) == Some(USE),
            Stmt::Debugger(debugger) => debugger.span.is_dummy(),
            _ => false,
        };
        if is_guard {
            *statement = Stmt::Empty(EmptyStmt { span: DUMMY_SP });
        }
        statement.visit_mut_children_with(self);
    }

    fn visit_mut_stmts(&mut self, statements: &mut Vec<Stmt>) {
        statements.visit_mut_children_with(self);
        join(statements);
    }

    fn visit_mut_module(&mut self, module: &mut Module) {
        module.visit_mut_children_with(self);
        if module.body.iter().all(ModuleItem::is_stmt) {
            let mut statements = module.body.drain(..).filter_map(ModuleItem::stmt).collect();
            join(&mut statements);
            module.body = statements.into_iter().map(ModuleItem::Stmt).collect();
        }
    }
}

/// Joins the declarations between which the guards stood.
fn join(statements: &mut Vec<Stmt>) {
    let mut joined: Vec<Stmt> = Vec::with_capacity(statements.len());
    for statement in statements.drain(..) {
        match (joined.last_mut(), statement) {
            (_, Stmt::Empty(_)) => {}
            (Some(Stmt::Decl(Decl::Var(before))), Stmt::Decl(Decl::Var(after)))
                if before.kind == after.kind && !before.declare && !after.declare =>
            {
                before.decls.extend(after.decls);
            }
            (_, statement) => joined.push(statement),
        }
    }
    *statements = joined;
}

fn is_place(member: &MemberExpr) -> bool {
    matches!(&member.prop, MemberProp::Ident(name) if name.sym == *PLACE)
}
