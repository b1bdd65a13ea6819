//! Reads of bindings that may have no value yet, where the engine cannot tell: those of modules that are evaluated on
//! demand.

use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{AssignOp, AssignTarget, Expr, Ident, SimpleAssignTarget};

use super::ast;
use super::rewrite::Rewriter;
use super::runtime::Helper;
use crate::bind::{Binding, SymbolId, Wrapping};

impl Rewriter<'_> {
    /// The symbol that a name stands for, if reading it here must be checked.
    fn checked_symbol(&self, ident: &Ident) -> Option<SymbolId> {
        // Asked of every name: looking whether the set is empty would take as long as the set is large.
        if self.bound.wrapping[self.module_id] != Wrapping::Lazy {
            return None;
        }
        let local = self.local(ident)?;
        let symbol = match self.bound.imports[self.module_id].get(&local) {
            Some(Binding::Symbol(symbol)) => *symbol,
            Some(_) => return None,
            None => self.bound.symbols.local(self.module_id, local),
        };
        self.is_checked(symbol).then_some(symbol)
    }

    /// Whether the module may run before a binding has its value. Modules outside the cycle run after it.
    fn is_checked(&self, symbol: SymbolId) -> bool {
        self.bound.may_be_unset.contains(symbol.index())
            && self.bound.wrapping[self.module_id] == Wrapping::Lazy
            && (self.is_own(symbol) || self.bound.in_cycle.contains(self.module_id.index()))
    }

    /// `read(name, "name")`: the value, or a `ReferenceError`.
    fn checked_read(&mut self, symbol: SymbolId, name: &str) -> Expr {
        let value = self.symbol(symbol);
        self.helper(Helper::Read, vec![value, ast::string(name)])
    }

    /// A read of a binding that `namespace.name` stands for.
    pub fn check_member(&mut self, binding: &Binding, name: &str) -> Option<Expr> {
        match binding {
            Binding::Symbol(symbol) if self.is_checked(*symbol) => Some(self.checked_read(*symbol, name)),
            _ => None,
        }
    }

    /// The checked form of an expression that reads or assigns such a binding; what it contains is not rewritten.
    pub fn checked(&mut self, expression: &mut Expr) -> Option<Expr> {
        match expression {
            Expr::Ident(ident) => {
                let symbol = self.checked_symbol(ident)?;
                Some(self.checked_read(symbol, &ident.sym))
            }
            Expr::Update(update) => {
                let name = update.arg.as_ident()?.clone();
                let symbol = self.checked_symbol(&name)?;
                let read = self.checked_read(symbol, &name.sym);
                *update.arg = self.symbol(symbol);
                Some(ast::parenthesized(ast::sequence(vec![read, expression.take()])))
            }
            Expr::Assign(assignment) => {
                let AssignTarget::Simple(SimpleAssignTarget::Ident(target)) = &assignment.left else {
                    return None;
                };
                let name = target.id.clone();
                let symbol = self.checked_symbol(&name)?;
                let read = self.checked_read(symbol, &name.sym);
                self.rewrite_assignment(assignment);
                if assignment.op != AssignOp::Assign {
                    return Some(ast::parenthesized(ast::sequence(vec![read, expression.take()])));
                }
                // The value comes first.
                let value = assignment.right.take();
                *assignment.right = self.helper(Helper::Write, vec![*value, read]);
                Some(expression.take())
            }
            _ => None,
        }
    }
}
