//! Code that a build is told to leave out: calls of `console`, `debugger`, labelled statements. And calls that it is
//! told to be without effects.
//!
//! ```js
//! console.log(name);            // --drop console
//! DEV: check(name);             // --drop-labels DEV
//! const a = register(name);     // --pure register: goes when nobody uses `a`
//! ```

use swc_core::atoms::Atom;
use swc_core::common::{BytePos, DUMMY_SP, Span, SyntaxContext};
use swc_core::ecma::ast::{
    CallExpr, Callee, EmptyStmt, Expr, Lit, MemberExpr, MemberProp, NewExpr, Number, OptChainBase,
    OptChainExpr, Program, Stmt, UnaryExpr, UnaryOp,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith as _, noop_visit_mut_type};

/// The span of calls without effects.
const PURE: Span = Span {
    lo: BytePos::PURE,
    hi: BytePos::PURE,
};

/// What is left out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Dropped {
    /// Everywhere.
    pub kinds: Vec<DroppedKind>,
    /// Statements with one of these labels.
    pub labels: Vec<String>,
    /// Globals, or members of globals, whose calls have no effects: the parts of `console.log`.
    pub pure_calls: Vec<Vec<String>>,
}

/// What may be left out everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DroppedKind {
    /// Calls of methods of `console`; their arguments are not evaluated.
    Console,
    /// `debugger` statements.
    Debugger,
}

impl Dropped {
    fn is_nothing(&self) -> bool {
        self.kinds.is_empty() && self.labels.is_empty() && self.pure_calls.is_empty()
    }
}

/// Leaves out of a program what `dropped` says; `unresolved` is the context of names that it does not declare.
pub(super) fn apply(program: &mut Program, dropped: &Dropped, unresolved: SyntaxContext) {
    if !dropped.is_nothing() {
        program.visit_mut_with(&mut Dropper { dropped, unresolved });
    }
}

struct Dropper<'a> {
    dropped: &'a Dropped,
    unresolved: SyntaxContext,
}

impl Dropper<'_> {
    /// The names of `a.b['c']`, where `a` is a global.
    fn path<'e>(&self, expression: &'e Expr) -> Option<Vec<&'e str>> {
        let member = |member: &'e MemberExpr| {
            let mut path = self.path(&member.obj)?;
            path.push(match &member.prop {
                MemberProp::Ident(name) => &name.sym,
                MemberProp::Computed(computed) => match &*computed.expr {
                    Expr::Lit(Lit::Str(text)) => text.value.as_str()?,
                    _ => return None,
                },
                MemberProp::PrivateName(_) => return None,
            });
            Some(path)
        };
        match expression {
            Expr::Ident(name) if name.ctxt == self.unresolved => Some(vec![&name.sym]),
            Expr::Paren(inner) => self.path(&inner.expr),
            Expr::Member(access) => member(access),
            Expr::OptChain(chain) => match &*chain.base {
                OptChainBase::Member(access) => member(access),
                OptChainBase::Call(_) => None,
            },
            _ => None,
        }
    }

    /// Whether a callee is a member of `console`, whatever it is called: `console[level]` too.
    fn is_of_console(&self, callee: &Expr) -> bool {
        if !self.dropped.kinds.contains(&DroppedKind::Console) {
            return false;
        }
        let (mut object, mut is_member) = (callee, false);
        loop {
            object = match object {
                Expr::Paren(inner) => &inner.expr,
                Expr::Member(access) => {
                    is_member = true;
                    &access.obj
                }
                Expr::OptChain(chain) => match &*chain.base {
                    OptChainBase::Member(access) => {
                        is_member = true;
                        &access.obj
                    }
                    OptChainBase::Call(_) => return false,
                },
                Expr::Ident(name) => {
                    return is_member && name.ctxt == self.unresolved && name.sym == *"console";
                }
                _ => return false,
            };
        }
    }

    fn is_pure(&self, callee: &Expr) -> bool {
        !self.dropped.pure_calls.is_empty()
            && self
                .path(callee)
                .is_some_and(|path| self.dropped.pure_calls.iter().any(|pure| *pure == path))
    }

    fn is_dropped(&self, statement: &Stmt) -> bool {
        match statement {
            Stmt::Debugger(_) => self.dropped.kinds.contains(&DroppedKind::Debugger),
            Stmt::Labeled(labelled) => {
                let label: &Atom = &labelled.label.sym;
                self.dropped.labels.iter().any(|dropped| **dropped == **label)
            }
            _ => false,
        }
    }
}

impl VisitMut for Dropper<'_> {
    noop_visit_mut_type!();

    fn visit_mut_stmt(&mut self, statement: &mut Stmt) {
        if self.is_dropped(statement) {
            *statement = Stmt::Empty(EmptyStmt { span: DUMMY_SP });
            return;
        }
        statement.visit_mut_children_with(self);
        if let Stmt::Expr(expression) = statement
            && is_void(&expression.expr)
        {
            *statement = Stmt::Empty(EmptyStmt { span: DUMMY_SP });
        }
    }

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        let is_dropped = match expression {
            Expr::Call(CallExpr {
                callee: Callee::Expr(callee),
                ..
            }) => self.is_of_console(callee),
            Expr::OptChain(OptChainExpr { base, .. }) => match &**base {
                OptChainBase::Call(call) => self.is_of_console(&call.callee),
                OptChainBase::Member(_) => false,
            },
            _ => false,
        };
        if is_dropped {
            *expression = undefined();
        } else {
            expression.visit_mut_children_with(self);
        }
    }

    fn visit_mut_call_expr(&mut self, call: &mut CallExpr) {
        if let Callee::Expr(callee) = &call.callee
            && self.is_pure(callee)
        {
            call.span = PURE;
        }
        call.visit_mut_children_with(self);
    }

    fn visit_mut_new_expr(&mut self, new: &mut NewExpr) {
        if self.is_pure(&new.callee) {
            new.span = PURE;
        }
        new.visit_mut_children_with(self);
    }
}

/// What a call that is left out gives.
fn undefined() -> Expr {
    Expr::Unary(UnaryExpr {
        span: DUMMY_SP,
        op: UnaryOp::Void,
        arg: Box::new(Expr::Lit(Lit::Num(Number {
            span: DUMMY_SP,
            value: 0.0,
            raw: None,
        }))),
    })
}

fn is_void(expression: &Expr) -> bool {
    matches!(expression, Expr::Unary(UnaryExpr { span, op: UnaryOp::Void, .. }) if span.is_dummy())
}
