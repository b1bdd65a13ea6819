//! `for await`:
//!
//! ```text
//! for await (const a of b) c(a);     let _steps = __forAwait(b), _failure;
//!                                    try {
//!                                      for (; _steps.take(await _steps.next()); _steps.isOpen = false) {
//!                                        const a = _steps.value;
//!                                        c(a);
//!                                      }
//!                                    } catch (error) {
//!                                      _failure = [error];
//!                                    } finally {
//!                                      try {
//!                                        if (_steps.isOpen) _steps.check(await _steps.close());
//!                                      } finally {
//!                                        if (_failure) throw _failure[0];
//!                                      }
//!                                    }
//! ```

use swc_core::common::DUMMY_SP;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    ArrowExpr, AssignTarget, AssignTargetPat, BlockStmt, CatchClause, Class, Expr, ForHead, ForOfStmt,
    ForStmt, Function, Id, Ident, IfStmt, LabeledStmt, Lit, MemberExpr, MemberProp, Pat, SimpleAssignTarget,
    Stmt, ThrowStmt, TryStmt, VarDecl, VarDeclKind,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::super::ast;
use super::async_functions::fresh;
use super::helpers::Called;
use super::own_helpers::OwnHelper;

/// Rewrites the loops of one function, without those of functions in it.
pub(super) fn lower_loops(statements: &mut Vec<Stmt>, called: &mut Called) {
    statements.visit_mut_with(&mut Loops { called });
}

struct Loops<'a> {
    called: &'a mut Called,
}

impl VisitMut for Loops<'_> {
    noop_visit_mut_type!();

    fn visit_mut_stmt(&mut self, node: &mut Stmt) {
        if let Some(waiting) = waiting_loop(node) {
            waiting.right.visit_mut_with(self);
            waiting.body.visit_mut_with(self);
            self.lower(node);
        } else {
            node.visit_mut_children_with(self);
        }
    }

    fn visit_mut_function(&mut self, _: &mut Function) {}

    fn visit_mut_arrow_expr(&mut self, _: &mut ArrowExpr) {}

    fn visit_mut_class(&mut self, _: &mut Class) {}
}

/// The `for await` of a statement, perhaps behind labels.
fn waiting_loop(statement: &mut Stmt) -> Option<&mut ForOfStmt> {
    match statement {
        Stmt::Labeled(labeled) => waiting_loop(&mut labeled.body),
        Stmt::ForOf(node) if node.is_await => Some(node),
        _ => None,
    }
}

impl Loops<'_> {
    fn lower(&mut self, statement: &mut Stmt) {
        let mut labels = Vec::new();
        let mut inner = statement.take();
        let node = loop {
            match inner {
                Stmt::Labeled(labeled) => {
                    labels.push(labeled.label);
                    inner = *labeled.body;
                }
                Stmt::ForOf(node) => break node,
                _ => unreachable!("the caller found a loop behind the labels"),
            }
        };
        let (steps, failure) = (fresh("_steps"), fresh("_failure"));
        let start = ast::call(self.called.own(OwnHelper::ForAwait), vec![*node.right]);
        let mut rounds = Stmt::For(ForStmt {
            span: node.span,
            init: None,
            test: Some(Box::new(method(
                &steps,
                "take",
                vec![ast::wait_for(method(&steps, "next", Vec::new()))],
            ))),
            update: Some(Box::new(ast::assign(
                AssignTarget::Simple(SimpleAssignTarget::Member(member(&steps, "isOpen"))),
                Expr::Lit(Lit::from(false)),
            ))),
            body: Box::new(Stmt::Block(round(node.left, read(&steps, "value"), *node.body))),
        });
        for label in labels.into_iter().rev() {
            rounds = Stmt::Labeled(LabeledStmt {
                span: DUMMY_SP,
                label,
                body: Box::new(rounds),
            });
        }
        *statement = ast::block(vec![
            ast::variable(steps.clone(), Some(start)),
            ast::variable(failure.clone(), Some(*Expr::undefined(DUMMY_SP))),
            guarded(rounds, &steps, &failure),
        ]);
    }
}

fn guarded(rounds: Stmt, steps: &Ident, failure: &Ident) -> Stmt {
    let error = fresh("_error");
    let keep = ast::assign(
        AssignTarget::Simple(SimpleAssignTarget::Ident(failure.clone().into())),
        ast::array(vec![Expr::Ident(error.clone())]),
    );
    let close = method(
        steps,
        "check",
        vec![ast::wait_for(method(steps, "close", Vec::new()))],
    );
    let first = Expr::Member(MemberExpr {
        span: DUMMY_SP,
        obj: Box::new(Expr::Ident(failure.clone())),
        prop: MemberProp::Computed(swc_core::ecma::ast::ComputedPropName {
            span: DUMMY_SP,
            expr: Box::new(ast::number(0.0)),
        }),
    });
    let throw = Stmt::Throw(ThrowStmt {
        span: DUMMY_SP,
        arg: Box::new(first),
    });
    Stmt::Try(Box::new(TryStmt {
        span: DUMMY_SP,
        block: block(vec![rounds]),
        handler: Some(CatchClause {
            span: DUMMY_SP,
            param: Some(Pat::Ident(error.into())),
            body: block(vec![ast::statement(keep)]),
        }),
        finalizer: Some(block(vec![Stmt::Try(Box::new(TryStmt {
            span: DUMMY_SP,
            block: block(vec![when(read(steps, "isOpen"), ast::statement(close))]),
            handler: None,
            finalizer: Some(block(vec![when(Expr::Ident(failure.clone()), throw)])),
        }))])),
    }))
}

/// One round: the value under its name, then what the source does with it.
fn round(head: ForHead, value: Expr, body: Stmt) -> BlockStmt {
    let mut names: Vec<Id> = Vec::new();
    let first = match head {
        ForHead::VarDecl(mut declaration) => {
            if declaration.kind != VarDeclKind::Var {
                names = find_pat_ids(&declaration.decls);
            }
            if let Some(declarator) = declaration.decls.first_mut() {
                declarator.init = Some(Box::new(value));
            }
            Stmt::Decl(swc_core::ecma::ast::Decl::Var(declaration))
        }
        ForHead::Pat(pattern) => ast::statement(ast::assign(assigned(*pattern), value)),
        // Declarations with `using` were rewritten when the file was read.
        ForHead::UsingDecl(declaration) => Stmt::Decl(swc_core::ecma::ast::Decl::Var(Box::new(VarDecl {
            kind: VarDeclKind::Const,
            decls: declaration.decls,
            ..VarDecl::default()
        }))),
    };
    match body {
        Stmt::Block(block) if !declares_one_of(&block, &names) => {
            let mut statements = vec![first];
            statements.extend(block.stmts);
            BlockStmt {
                stmts: statements,
                ..block
            }
        }
        body => block(vec![first, body]),
    }
}

fn declares_one_of(block: &BlockStmt, names: &[Id]) -> bool {
    block.stmts.iter().any(|statement| {
        let Stmt::Decl(declaration) = statement else {
            return false;
        };
        let declared: Vec<Id> = match declaration {
            swc_core::ecma::ast::Decl::Var(variables) => find_pat_ids(&variables.decls),
            swc_core::ecma::ast::Decl::Class(class) => vec![class.ident.to_id()],
            swc_core::ecma::ast::Decl::Fn(function) => vec![function.ident.to_id()],
            _ => Vec::new(),
        };
        // Names are compared: the binding of the block has a context of its own.
        declared
            .iter()
            .any(|(name, _)| names.iter().any(|(other, _)| name == other))
    })
}

fn assigned(pattern: Pat) -> AssignTarget {
    match pattern {
        Pat::Ident(name) => AssignTarget::Simple(SimpleAssignTarget::Ident(name)),
        Pat::Array(pattern) => AssignTarget::Pat(AssignTargetPat::Array(pattern)),
        Pat::Object(pattern) => AssignTarget::Pat(AssignTargetPat::Object(pattern)),
        Pat::Expr(place) => match *place {
            Expr::Member(member) => AssignTarget::Simple(SimpleAssignTarget::Member(member)),
            Expr::SuperProp(property) => AssignTarget::Simple(SimpleAssignTarget::SuperProp(property)),
            other => AssignTarget::Simple(SimpleAssignTarget::Paren(swc_core::ecma::ast::ParenExpr {
                span: DUMMY_SP,
                expr: Box::new(other),
            })),
        },
        _ => unreachable!("the parser allows no other pattern in the head of a loop"),
    }
}

fn block(statements: Vec<Stmt>) -> BlockStmt {
    BlockStmt {
        span: DUMMY_SP,
        stmts: statements,
        ..BlockStmt::default()
    }
}

fn when(test: Expr, consequence: Stmt) -> Stmt {
    Stmt::If(IfStmt {
        span: DUMMY_SP,
        test: Box::new(test),
        cons: Box::new(consequence),
        alt: None,
    })
}

fn member(object: &Ident, name: &str) -> MemberExpr {
    MemberExpr {
        span: DUMMY_SP,
        obj: Box::new(Expr::Ident(object.clone())),
        prop: MemberProp::Ident(swc_core::ecma::ast::IdentName::new(name.into(), DUMMY_SP)),
    }
}

fn read(object: &Ident, name: &str) -> Expr {
    Expr::Member(member(object, name))
}

fn method(object: &Ident, name: &str, arguments: Vec<Expr>) -> Expr {
    ast::call(read(object, name), arguments)
}
