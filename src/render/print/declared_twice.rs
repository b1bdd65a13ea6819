//! Names that a function declares more than once, which only the top of a function may do:
//!
//! ```js
//! (function () { var name = 1; function name() {} function name() { return 2 } })()
//! ```
//!
//! The compressor puts statements of functions where these are called, and nowhere else two declarations may stand side by side.
//! The last function is the one that counts; its variables are assignments to it.

use rustc_hash::FxHashSet;
use swc_core::common::DUMMY_SP;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignTarget, BlockStmt, Class, Decl, Expr, ExprStmt, ForHead, Function,
    FunctionBody, Id, Ident, Module, Pat, SeqExpr, Stmt, VarDecl, VarDeclKind, VarDeclOrExpr, VarDeclarator,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

/// Leaves one declaration of each name.
pub fn declare_once(module: &mut Module) {
    module.visit_mut_with(&mut Functions);
}

struct Functions;

impl VisitMut for Functions {
    noop_visit_mut_type!();

    fn visit_mut_function_body(&mut self, body: &mut FunctionBody) {
        body.visit_mut_children_with(self);
        let declared = keep_last(&mut body.stmts);
        if declared.is_empty() {
            return;
        }
        let mut variables = Variables {
            declared,
            others: Vec::new(),
        };
        body.stmts.visit_mut_with(&mut variables);
        if !variables.others.is_empty() {
            let others = variables.others.into_iter().map(|name| VarDeclarator {
                span: DUMMY_SP,
                name: name.into(),
                init: None,
                definite: false,
            });
            body.stmts.push(Stmt::Decl(Decl::Var(Box::new(VarDecl {
                kind: VarDeclKind::Var,
                decls: others.collect(),
                ..VarDecl::default()
            }))));
        }
    }
}

/// The names of functions that are declared; of those with one name only the last stays.
fn keep_last(statements: &mut [Stmt]) -> FxHashSet<Id> {
    let mut declared = FxHashSet::default();
    for statement in statements.iter_mut().rev() {
        if let Stmt::Decl(Decl::Fn(function)) = statement
            && !declared.insert(function.ident.to_id())
        {
            statement.take();
        }
    }
    declared
}

/// Makes assignments of variables that are functions.
struct Variables {
    declared: FxHashSet<Id>,
    /// Variables that stood beside them.
    others: Vec<Ident>,
}

impl Variables {
    fn is_declared(&self, pattern: &Pat) -> bool {
        match pattern {
            Pat::Ident(name) => self.declared.contains(&name.to_id()),
            other => find_pat_ids::<_, Id>(other)
                .iter()
                .any(|name| self.declared.contains(name)),
        }
    }

    fn concerns(&self, declaration: &VarDecl) -> bool {
        declaration.kind == VarDeclKind::Var
            && declaration
                .decls
                .iter()
                .any(|declarator| self.is_declared(&declarator.name))
    }

    fn note_others(&mut self, pattern: &Pat) {
        for name in find_pat_ids::<_, Ident>(pattern) {
            if !self.declared.contains(&name.to_id())
                && !self.others.iter().any(|other| other.to_id() == name.to_id())
            {
                self.others.push(name);
            }
        }
    }

    /// What gives the variables their values.
    fn assignments(&mut self, declaration: &mut VarDecl) -> Option<Box<Expr>> {
        let mut assignments: Vec<Box<Expr>> = Vec::new();
        for declarator in &mut declaration.decls {
            self.note_others(&declarator.name);
            if let Some(value) = declarator.init.take()
                && let Ok(left) = AssignTarget::try_from(declarator.name.take())
            {
                assignments.push(Box::new(Expr::Assign(AssignExpr {
                    span: declarator.span,
                    op: AssignOp::Assign,
                    left,
                    right: value,
                })));
            }
        }
        match assignments.len() {
            0 | 1 => assignments.pop(),
            _ => Some(Box::new(Expr::Seq(SeqExpr {
                span: DUMMY_SP,
                exprs: assignments,
            }))),
        }
    }
}

impl VisitMut for Variables {
    noop_visit_mut_type!();

    fn visit_mut_stmt(&mut self, statement: &mut Stmt) {
        match statement {
            Stmt::Decl(Decl::Var(declaration)) if self.concerns(declaration) => {
                let span = declaration.span;
                *statement = match self.assignments(declaration) {
                    Some(expr) => Stmt::Expr(ExprStmt { span, expr }),
                    None => Stmt::Block(BlockStmt::default()),
                };
            }
            _ => statement.visit_mut_children_with(self),
        }
    }

    fn visit_mut_var_decl_or_expr(&mut self, start: &mut VarDeclOrExpr) {
        if let VarDeclOrExpr::VarDecl(declaration) = start
            && self.concerns(declaration)
        {
            let assignments = self.assignments(declaration);
            *start = VarDeclOrExpr::Expr(assignments.unwrap_or_else(|| Expr::undefined(DUMMY_SP)));
        }
    }

    fn visit_mut_for_head(&mut self, head: &mut ForHead) {
        if let ForHead::VarDecl(declaration) = head
            && self.concerns(declaration)
            && let [only] = declaration.decls.as_mut_slice()
            && only.init.is_none()
        {
            let pattern = only.name.take();
            self.note_others(&pattern);
            *head = ForHead::Pat(Box::new(pattern));
        }
    }

    // No statements of the same function stand there.
    fn visit_mut_expr(&mut self, _: &mut Expr) {}
    fn visit_mut_function(&mut self, _: &mut Function) {}
    fn visit_mut_class(&mut self, _: &mut Class) {}
}
