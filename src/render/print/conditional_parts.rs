//! Parts of expressions that run only sometimes, of which the compressor believes that they always do:
//!
//! ```js
//! call?.(a = 1); const { b = (a = 2) } = object; c ??= (a = 3);
//! ```
//!
//! It would know afterwards what `a` is. While it works, they stand behind a condition that nobody knows.

use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, AssignExpr, AssignOp, AssignPat, AssignPatProp, BinExpr, BinaryOp, CallExpr, Callee, Class,
    Expr, ExprOrSpread, Function, MemberProp, Module, OptChainBase, OptChainExpr, UnaryOp, UpdateExpr,
};
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith as _, VisitWith, noop_visit_mut_type, noop_visit_type,
};

use super::{NameMarks, stand_in};

/// The condition.
const MAYBE: &str = "%maybe";

/// Puts such parts behind conditions; whether there are any.
pub fn guard(module: &mut Module, marks: NameMarks) -> bool {
    let mut guard = Guard {
        context: SyntaxContext::empty().apply_mark(marks.unresolved),
        found: false,
    };
    module.visit_mut_with(&mut guard);
    guard.found
}

/// Takes the conditions away again.
pub fn unguard(module: &mut Module) {
    module.visit_mut_with(&mut Unguard);
}

struct Guard {
    context: SyntaxContext,
    found: bool,
}

impl Guard {
    fn part(&mut self, part: &mut Expr) {
        if !sets_names(part) {
            return;
        }
        self.found = true;
        let condition = stand_in::call(MAYBE, Vec::new(), self.context);
        let part_itself = part.take();
        *part = Expr::Bin(BinExpr {
            span: DUMMY_SP,
            op: BinaryOp::LogicalAnd,
            left: Box::new(condition),
            right: Box::new(part_itself),
        });
    }

    /// What of a chain is behind one of its `?.`.
    fn chain(&mut self, expression: &mut Expr) -> Behind {
        match expression {
            Expr::OptChain(chain) => {
                let before = match &mut *chain.base {
                    OptChainBase::Member(member) => self.chain(&mut member.obj),
                    OptChainBase::Call(call) => self.chain(&mut call.callee),
                };
                let here = if chain.optional { Behind::Question } else { before };
                match &mut *chain.base {
                    OptChainBase::Member(member) => self.key(&mut member.prop, here),
                    OptChainBase::Call(call) => self.arguments(&mut call.args, here),
                }
                here
            }
            Expr::Member(member) => {
                let here = self.chain(&mut member.obj);
                self.key(&mut member.prop, here);
                here
            }
            Expr::Call(call) => {
                let here = match &mut call.callee {
                    Callee::Expr(callee) => self.chain(callee),
                    _ => Behind::Nothing,
                };
                self.arguments(&mut call.args, here);
                here
            }
            _ => Behind::Nothing,
        }
    }

    fn key(&mut self, key: &mut MemberProp, place: Behind) {
        if let MemberProp::Computed(key) = key
            && place == Behind::Question
        {
            self.part(&mut key.expr);
        }
    }

    fn arguments(&mut self, arguments: &mut [ExprOrSpread], place: Behind) {
        if place == Behind::Question {
            for argument in arguments {
                self.part(&mut argument.expr);
            }
        }
    }
}

/// Where in a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Behind {
    /// It always runs.
    Nothing,
    /// It runs if something is there.
    Question,
}

impl VisitMut for Guard {
    noop_visit_mut_type!();

    fn visit_mut_opt_chain_expr(&mut self, chain: &mut OptChainExpr) {
        chain.visit_mut_children_with(self);
        // A chain within this one is visited on its own; parts that have a condition already are not given another.
        let mut whole = Expr::OptChain(chain.take());
        self.chain(&mut whole);
        if let Expr::OptChain(guarded) = whole {
            *chain = guarded;
        }
    }

    fn visit_mut_assign_pat(&mut self, pattern: &mut AssignPat) {
        pattern.visit_mut_children_with(self);
        self.part(&mut pattern.right);
    }

    fn visit_mut_assign_pat_prop(&mut self, property: &mut AssignPatProp) {
        property.visit_mut_children_with(self);
        if let Some(value) = &mut property.value {
            self.part(value);
        }
    }

    fn visit_mut_assign_expr(&mut self, assignment: &mut AssignExpr) {
        assignment.visit_mut_children_with(self);
        if matches!(
            assignment.op,
            AssignOp::AndAssign | AssignOp::OrAssign | AssignOp::NullishAssign
        ) {
            self.part(&mut assignment.right);
        }
    }
}

/// Whether running the part gives names other values, or calls a function that is written there.
fn sets_names(part: &Expr) -> bool {
    if is_condition_of_part(part) {
        return false;
    }
    let mut search = SetsNames { found: false };
    part.visit_with(&mut search);
    search.found
}

fn is_condition_of_part(part: &Expr) -> bool {
    matches!(part, Expr::Bin(binary) if binary.op == BinaryOp::LogicalAnd && is_condition(&binary.left))
}

fn is_condition(expression: &Expr) -> bool {
    stand_in::is_call_of(expression, MAYBE)
}

struct SetsNames {
    found: bool,
}

impl Visit for SetsNames {
    noop_visit_type!();

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        self.found |= !matches!(assignment.left.as_simple(), Some(target) if target.is_member());
        assignment.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        self.found |= update.arg.is_ident();
        update.visit_children_with(self);
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        self.found |=
            matches!(&call.callee, Callee::Expr(callee) if callee.is_fn_expr() || callee.is_arrow());
        call.visit_children_with(self);
    }

    fn visit_function(&mut self, _: &Function) {}
    fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}
    fn visit_class(&mut self, _: &Class) {}
}

struct Unguard;

impl VisitMut for Unguard {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        expression.visit_mut_children_with(self);
        match expression {
            Expr::Bin(binary) if binary.op == BinaryOp::LogicalAnd => {
                if is_condition(&binary.left) {
                    *expression = *binary.right.take();
                } else if let Expr::Bin(left) = &mut *binary.left
                    && left.op == BinaryOp::LogicalAnd
                    && is_condition(&left.right)
                {
                    // `(a && %maybe()) && b`
                    binary.left = left.left.take();
                }
            }
            Expr::Bin(binary)
                if binary.op == BinaryOp::LogicalOr
                    && matches!(&*binary.left, Expr::Unary(not) if not.op == UnaryOp::Bang && is_condition(&not.arg)) =>
            {
                *expression = *binary.right.take();
            }
            Expr::Cond(choice) if is_condition(&choice.test) => *expression = *choice.cons.take(),
            Expr::Cond(choice) if matches!(&*choice.test, Expr::Unary(not) if not.op == UnaryOp::Bang && is_condition(&not.arg)) =>
            {
                *expression = *choice.alt.take();
            }
            _ => {}
        }
    }
}
