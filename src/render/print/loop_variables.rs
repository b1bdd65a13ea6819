//! Variables that are `undefined` at the start of every call:
//!
//! ```js
//! function find(list) { var found; for (const one of list) if (one.fits) found = one; return found }
//! for (const list of lists) console.log(find(list));
//! ```
//!
//! Where the compressor puts the body of the function into the loop, `var found` would keep what it was given the last time
//! round. While it works, such a variable is set by a function that does not exist.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignExpr, AssignOp, Decl, DoWhileStmt, EmptyStmt, Expr, ForInStmt,
    ForOfStmt, ForStmt, Function, Id, Ident, Module, ModuleItem, Stmt, VarDecl, VarDeclKind, VarDeclOrExpr,
    VarDeclarator, WhileStmt,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use super::effects::has_effects;
use super::unset_variables::unset_variables;
use super::variables_again::assign_declared;
use super::{NameMarks, stand_in};
use crate::scan::is_directive;

/// The function.
const RESET: &str = "%reset";

/// Sets such variables; whether there are any.
pub fn guard(module: &mut Module, marks: NameMarks) -> bool {
    let mut guard = Guard {
        context: SyntaxContext::empty().apply_mark(marks.unresolved),
        found: false,
    };
    module.visit_mut_with(&mut guard);
    guard.found
}

/// What sets a variable.
pub(super) fn reset(unresolved: SyntaxContext) -> Expr {
    stand_in::call(RESET, Vec::new(), unresolved)
}

/// Declares the variables as they were, unless they are in a loop now.
pub fn unguard(module: &mut Module) {
    module.visit_mut_with(&mut Unguard { loops_around: 0 });
}

struct Guard {
    context: SyntaxContext,
    found: bool,
}

impl Guard {
    /// Sets those that the function may ask for before it gives them values.
    fn set_at_start(&mut self, parameters: &[Id], statements: &mut Vec<Stmt>) {
        let mut names = unset_variables(statements);
        let functions = statements.iter().filter_map(|one| one.as_decl()?.as_fn_decl());
        let functions: Vec<Id> = functions.map(|function| function.ident.to_id()).collect();
        for other in parameters.iter().chain(&functions) {
            names.remove(other);
        }
        if names.is_empty() {
            return;
        }
        self.found = true;
        assign_declared(statements, &names);
        let mut names: Vec<Id> = names.into_iter().collect();
        names.sort_unstable();
        let set = names.into_iter().map(|name| set_at_first(name, self.context));
        let declaration = Stmt::Decl(Decl::Var(Box::new(VarDecl {
            kind: VarDeclKind::Var,
            decls: set.collect(),
            ..VarDecl::default()
        })));
        let directives = statements.iter().take_while(|one| is_directive(one)).count();
        statements.insert(directives, declaration);
    }

    /// The body of a function with parameters, which are variables that have their values already.
    fn body(&mut self, parameters: &[Id], statements: &mut Vec<Stmt>) {
        if !has_loop(statements) {
            return;
        }
        self.set_at_start(parameters, statements);
        let functions = || statements.iter().filter_map(|one| one.as_decl()?.as_fn_decl());
        let mut set: FxHashSet<Id> = functions().map(|function| function.ident.to_id()).collect();
        set.extend(parameters.iter().cloned());
        // What was done with a variable above its declaration, or by a function that is declared, must last.
        let mut earlier = Named::default();
        for function in functions() {
            function.function.visit_with(&mut earlier);
        }
        let mut waiting: FxHashMap<Id, Place> = FxHashMap::default();
        let mut places = Vec::new();
        for (index, statement) in statements.iter().enumerate() {
            let mut here = Named::default();
            statement.visit_with(&mut here);
            if !matches!(statement, Stmt::Decl(Decl::Fn(_))) {
                for name in &here.names {
                    if let Some(place) = waiting.remove(name)
                        && !sets(statement, name)
                    {
                        places.push(place);
                    }
                }
            }
            for (declarator, name) in without_values(statement) {
                if !set.contains(&name) && !earlier.names.contains(&name) {
                    let statement = index;
                    waiting.insert(
                        name,
                        Place {
                            statement,
                            declarator,
                        },
                    );
                }
            }
            earlier.names.extend(here.names);
        }
        self.found |= !places.is_empty();
        for place in places {
            if let Stmt::Decl(Decl::Var(declaration)) = &mut statements[place.statement] {
                declaration.decls[place.declarator].init = Some(Box::new(reset(self.context)));
            }
        }
    }
}

/// `var name = %reset()`.
fn set_at_first(name: Id, context: SyntaxContext) -> VarDeclarator {
    VarDeclarator {
        span: DUMMY_SP,
        name: Ident::from(name).into(),
        init: Some(Box::new(reset(context))),
        definite: false,
    }
}

/// Where a variable is declared.
struct Place {
    statement: usize,
    declarator: usize,
}

/// The variables that a statement declares and gives no value, if it does nothing else.
fn without_values(statement: &Stmt) -> Vec<(usize, Id)> {
    let Some(declaration) = statement.as_decl().and_then(Decl::as_var) else {
        return Vec::new();
    };
    let does_more = |one: &VarDeclarator| one.init.as_deref().is_some_and(has_effects);
    if declaration.kind != VarDeclKind::Var || declaration.decls.iter().any(does_more) {
        return Vec::new();
    }
    let declarators = declaration.decls.iter().enumerate();
    declarators
        .filter(|(_, one)| one.init.is_none())
        .filter_map(|(index, one)| Some((index, one.name.as_ident()?.to_id())))
        .collect()
}

impl VisitMut for Guard {
    noop_visit_mut_type!();

    fn visit_mut_function(&mut self, function: &mut Function) {
        function.visit_mut_children_with(self);
        if let Some(body) = &mut function.body {
            let parameters: Vec<Id> = find_pat_ids(&function.params);
            self.body(&parameters, &mut body.stmts);
        }
    }

    fn visit_mut_arrow_expr(&mut self, function: &mut ArrowExpr) {
        function.visit_mut_children_with(self);
        if let ArrowFunctionBody::FunctionBody(body) = &mut *function.body {
            let parameters: Vec<Id> = find_pat_ids(&function.params);
            self.body(&parameters, &mut body.stmts);
        }
    }
}

/// Whether a statement gives the variable a value before it does anything else with it, or leaves the function.
fn sets(statement: &Stmt, name: &Id) -> bool {
    match statement {
        Stmt::Expr(inner) => sets_at_once(&inner.expr, name),
        Stmt::For(inner) => match &inner.init {
            Some(VarDeclOrExpr::Expr(init)) => sets_at_once(init, name),
            Some(VarDeclOrExpr::VarDecl(declaration)) => is_set_in(declaration, name),
            None => false,
        },
        Stmt::Decl(Decl::Var(declaration)) => is_set_in(declaration, name),
        Stmt::Return(_) => true,
        _ => false,
    }
}

fn is_set_in(declaration: &VarDecl, name: &Id) -> bool {
    let first = declaration.decls.iter().find(|one| mentions(*one, name));
    first
        .and_then(|one| one.init.as_deref())
        .is_some_and(|value| sets_at_once(value, name))
}

fn sets_at_once(expression: &Expr, name: &Id) -> bool {
    match expression {
        Expr::Assign(AssignExpr {
            op: AssignOp::Assign,
            left,
            right,
            ..
        }) => {
            if mentions(&**right, name) {
                sets_at_once(right, name)
            } else {
                left.as_ident().is_some_and(|target| target.to_id() == *name)
            }
        }
        Expr::Seq(sequence) => sequence
            .exprs
            .iter()
            .find(|part| mentions(&***part, name))
            .is_some_and(|part| sets_at_once(part, name)),
        _ => false,
    }
}

fn mentions<N: for<'a> VisitWith<Mention<'a>>>(node: &N, name: &Id) -> bool {
    let mut search = Mention { name, found: false };
    node.visit_with(&mut search);
    search.found
}

struct Mention<'a> {
    name: &'a Id,
    found: bool,
}

impl Visit for Mention<'_> {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        self.found |= ident.ctxt == self.name.1 && ident.sym == self.name.0;
    }
}

/// All names of some code, those that are assigned or declared among them.
#[derive(Default)]
struct Named {
    names: FxHashSet<Id>,
}

impl Visit for Named {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        self.names.insert(ident.to_id());
    }
}

/// Whether there is a loop, or a `try`: other bodies stay functions where they have variables.
fn has_loop(statements: &[Stmt]) -> bool {
    struct Loops {
        found: bool,
    }
    impl Visit for Loops {
        noop_visit_type!();

        fn visit_stmt(&mut self, statement: &Stmt) {
            if matches!(
                statement,
                Stmt::For(_)
                    | Stmt::ForIn(_)
                    | Stmt::ForOf(_)
                    | Stmt::While(_)
                    | Stmt::DoWhile(_)
                    | Stmt::Try(_)
            ) {
                self.found = true;
            } else {
                statement.visit_children_with(self);
            }
        }

        fn visit_expr(&mut self, _: &Expr) {}
        fn visit_function(&mut self, _: &Function) {}
    }
    let mut loops = Loops { found: false };
    statements.visit_with(&mut loops);
    loops.found
}

struct Unguard {
    loops_around: usize,
}

impl Unguard {
    fn in_loop<N: VisitMutWith<Self>>(&mut self, node: &mut N) {
        self.loops_around += 1;
        node.visit_mut_with(self);
        self.loops_around -= 1;
    }

    fn in_function<N: VisitMutWith<Self>>(&mut self, node: &mut N) {
        let around = std::mem::take(&mut self.loops_around);
        node.visit_mut_children_with(self);
        self.loops_around = around;
    }
}

fn is_reset(expression: &Expr) -> bool {
    stand_in::is_call_of(expression, RESET)
}

impl VisitMut for Unguard {
    noop_visit_mut_type!();

    fn visit_mut_function(&mut self, function: &mut Function) {
        self.in_function(function);
    }

    fn visit_mut_arrow_expr(&mut self, function: &mut ArrowExpr) {
        self.in_function(function);
    }

    fn visit_mut_for_stmt(&mut self, statement: &mut ForStmt) {
        statement.init.visit_mut_with(self);
        self.in_loop(&mut statement.test);
        self.in_loop(&mut statement.update);
        self.in_loop(&mut statement.body);
    }

    fn visit_mut_for_in_stmt(&mut self, statement: &mut ForInStmt) {
        statement.left.visit_mut_with(self);
        statement.right.visit_mut_with(self);
        self.in_loop(&mut statement.body);
    }

    fn visit_mut_for_of_stmt(&mut self, statement: &mut ForOfStmt) {
        statement.left.visit_mut_with(self);
        statement.right.visit_mut_with(self);
        self.in_loop(&mut statement.body);
    }

    fn visit_mut_while_stmt(&mut self, statement: &mut WhileStmt) {
        self.in_loop(&mut statement.test);
        self.in_loop(&mut statement.body);
    }

    fn visit_mut_do_while_stmt(&mut self, statement: &mut DoWhileStmt) {
        self.in_loop(&mut statement.test);
        self.in_loop(&mut statement.body);
    }

    fn visit_mut_var_declarator(&mut self, declarator: &mut VarDeclarator) {
        if declarator.init.as_deref().is_some_and(is_reset) && self.loops_around == 0 {
            declarator.init = None;
        }
        declarator.visit_mut_children_with(self);
    }

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        if let Expr::Seq(sequence) = expression
            && let Some(last) = sequence.exprs.pop()
        {
            sequence.exprs.retain(|part| !is_reset(part));
            sequence.exprs.push(last);
            if sequence.exprs.len() == 1
                && let Some(only) = sequence.exprs.pop()
            {
                *expression = *only;
            }
        }
        if is_reset(expression) {
            *expression = *Expr::undefined(DUMMY_SP);
        }
        expression.visit_mut_children_with(self);
    }

    fn visit_mut_stmt(&mut self, statement: &mut Stmt) {
        if matches!(statement, Stmt::Expr(inner) if is_reset(&inner.expr)) {
            *statement = Stmt::Empty(EmptyStmt { span: DUMMY_SP });
        }
        statement.visit_mut_children_with(self);
    }

    fn visit_mut_stmts(&mut self, statements: &mut Vec<Stmt>) {
        statements.visit_mut_children_with(self);
        statements.retain(|statement| !statement.is_empty());
    }

    fn visit_mut_module(&mut self, module: &mut Module) {
        module.visit_mut_children_with(self);
        module
            .body
            .retain(|item| !matches!(item, ModuleItem::Stmt(Stmt::Empty(_))));
    }
}
