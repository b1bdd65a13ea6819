//! Splits the statements of an ES module that is evaluated on demand: functions stay outside, where they
//! are usable at once, as hoisting demands; everything else moves into the function that evaluates it.
//!
//! ```js
//! export let a = f()                  var a;
//! export function f() { return a }    function f() { return a }
//!                                     var init_file = __lazy(function () { a = f(); });
//! ```

use swc_core::common::SyntaxContext;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    AssignTarget, ClassExpr, Decl, Expr, ForHead, Function, Id, Ident, Pat, Stmt, VarDecl, VarDeclKind,
    VarDeclOrExpr,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{VisitMut, VisitMutWith};

use super::ast;

/// The two halves of a lazily evaluated module.
pub struct LazyModule {
    /// Functions.
    pub outside: Vec<Stmt>,
    /// Everything that runs.
    pub inside: Vec<Stmt>,
    /// Variables that the inside assigns, in order of appearance.
    pub variables: Vec<Id>,
}

/// Splits rewritten statements; `top_level` marks the module's own names, `local` names of inner scopes.
pub fn split(statements: Vec<Stmt>, top_level: SyntaxContext, local: SyntaxContext) -> LazyModule {
    let mut hoister = Hoister {
        top_level,
        local,
        module: LazyModule {
            outside: Vec::new(),
            inside: Vec::new(),
            variables: Vec::new(),
        },
    };
    for statement in statements {
        hoister.statement(statement);
    }
    hoister.module
}

struct Hoister {
    top_level: SyntaxContext,
    local: SyntaxContext,
    module: LazyModule,
}

impl Hoister {
    fn statement(&mut self, statement: Stmt) {
        match statement {
            Stmt::Decl(Decl::Fn(function)) => self.module.outside.push(Stmt::Decl(Decl::Fn(function))),
            Stmt::Decl(Decl::Class(class)) => {
                self.variable(class.ident.to_id());
                let mut value = ClassExpr {
                    ident: Some(class.ident.clone()),
                    class: class.class,
                };
                // A class has its name for itself: static members use it before the variable has its value.
                value.visit_mut_with(&mut OwnName {
                    name: class.ident.to_id(),
                    local: self.local,
                });
                let value = Expr::Class(value);
                let target = AssignTarget::Simple(class.ident.into());
                self.module
                    .inside
                    .push(ast::statement(ast::assign(target, value)));
            }
            // What linking added for the evaluation alone is no variable of the module.
            Stmt::Decl(Decl::Var(declaration)) if !self.is_of_module(&declaration) => {
                self.module.inside.push(Stmt::Decl(Decl::Var(declaration)));
            }
            Stmt::Decl(Decl::Var(declaration)) => {
                if let Some(assignments) = self.assignments(*declaration, Missing::Undefined) {
                    self.module.inside.push(ast::statement(assignments));
                }
            }
            mut other => {
                other.visit_mut_with(self);
                self.module.inside.push(other);
            }
        }
    }

    fn variable(&mut self, id: Id) {
        if !self.module.variables.contains(&id) {
            self.module.variables.push(id);
        }
    }

    /// `let a = 1, {b} = c` → `a = 1, {b} = c`.
    fn assignments(&mut self, declaration: VarDecl, missing: Missing) -> Option<Expr> {
        let is_let = declaration.kind == VarDeclKind::Let && missing == Missing::Undefined;
        let mut values: Vec<Expr> = Vec::new();
        for declarator in declaration.decls {
            for id in find_pat_ids::<_, Id>(&declarator.name) {
                self.variable(id);
            }
            let value = match declarator.init {
                Some(value) => *value,
                None if is_let => *Expr::undefined(declarator.span),
                None => continue,
            };
            let target =
                AssignTarget::try_from(declarator.name).expect("a declared pattern can also be assigned to");
            values.push(ast::assign(target, value));
        }
        match values.len() {
            0 => None,
            1 => values.pop(),
            _ => Some(ast::sequence(values)),
        }
    }

    fn is_hoisted(&self, declaration: &VarDecl) -> bool {
        declaration.kind == VarDeclKind::Var && self.is_of_module(declaration)
    }

    fn is_of_module(&self, declaration: &VarDecl) -> bool {
        declaration.decls.iter().any(|one| {
            find_pat_ids::<_, Ident>(&one.name)
                .iter()
                .any(|name| name.ctxt == self.top_level)
        })
    }
}

/// Makes a name one of an inner scope.
struct OwnName {
    name: Id,
    local: SyntaxContext,
}

impl VisitMut for OwnName {
    fn visit_mut_ident(&mut self, ident: &mut Ident) {
        if ident.ctxt == self.name.1 && ident.sym == self.name.0 {
            ident.ctxt = self.local;
        }
    }
}

/// What a declaration without a value does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Missing {
    /// `let a` sets `a`.
    Undefined,
    /// `var a` leaves it alone.
    Kept,
}

/// `var` below the top level: the variable is the module's.
impl VisitMut for Hoister {
    fn visit_mut_function(&mut self, _: &mut Function) {}
    fn visit_mut_expr(&mut self, _: &mut Expr) {}

    fn visit_mut_stmt(&mut self, statement: &mut Stmt) {
        if let Stmt::Decl(Decl::Var(declaration)) = statement
            && self.is_hoisted(declaration)
        {
            let declaration = declaration.take();
            *statement = match self.assignments(*declaration, Missing::Kept) {
                Some(assignments) => ast::statement(assignments),
                None => Stmt::dummy(),
            };
            return;
        }
        statement.visit_mut_children_with(self);
    }

    fn visit_mut_for_head(&mut self, head: &mut ForHead) {
        if let ForHead::VarDecl(declaration) = head
            && self.is_hoisted(declaration)
            && let Some(declarator) = declaration.decls.first_mut()
        {
            let name: Pat = declarator.name.take();
            for id in find_pat_ids::<_, Id>(&name) {
                self.variable(id);
            }
            *head = ForHead::Pat(Box::new(name));
        }
    }

    fn visit_mut_var_decl_or_expr(&mut self, init: &mut VarDeclOrExpr) {
        if let VarDeclOrExpr::VarDecl(declaration) = init
            && self.is_hoisted(declaration)
        {
            let declaration = declaration.take();
            let value = self
                .assignments(*declaration, Missing::Kept)
                .unwrap_or_else(|| *Expr::undefined(swc_core::common::DUMMY_SP));
            *init = VarDeclOrExpr::Expr(Box::new(value));
        }
    }
}
