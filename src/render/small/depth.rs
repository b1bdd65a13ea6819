//! Code that nests without end. The compressor looks at what is inside of a condition or a function again at each level,
//! so that its time grows with the square of the depth, or worse. People do not write such code; it is printed as it is.

use swc_core::ecma::ast::{ArrowExpr, BinaryOp};
use swc_core::ecma::ast::{Expr, Function, Stmt};
use swc_core::ecma::visit::{Visit, VisitWith as _, noop_visit_type};

/// Tables that programs write as conditions in conditions have some hundreds.
const DEEPEST: usize = 400;

/// Functions in functions.
const DEEPEST_FUNCTION: usize = 40;

/// Whether compressing the statements would take longer than it is worth.
pub fn is_too_deep(statements: &[Stmt]) -> bool {
    let mut finder = Finder {
        depth: 0,
        functions: 0,
        found: false,
    };
    statements.visit_with(&mut finder);
    finder.found
}

struct Finder {
    depth: usize,
    functions: usize,
    found: bool,
}

impl Finder {
    fn enter(&mut self, children: impl FnOnce(&mut Self)) {
        if self.depth == DEEPEST {
            self.found = true;
        }
        if self.found {
            return;
        }
        self.depth += 1;
        children(self);
        self.depth -= 1;
    }

    fn enter_function(&mut self, children: impl FnOnce(&mut Self)) {
        if self.functions == DEEPEST_FUNCTION {
            self.found = true;
        }
        if self.found {
            return;
        }
        self.functions += 1;
        children(self);
        self.functions -= 1;
    }
}

impl Visit for Finder {
    noop_visit_type!();

    fn visit_expr(&mut self, expression: &Expr) {
        match expression {
            // Sums and chains of calls are taken step by step.
            Expr::Member(_) | Expr::Call(_) | Expr::OptChain(_) => expression.visit_children_with(self),
            Expr::Bin(binary)
                if !matches!(
                    binary.op,
                    BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing
                ) =>
            {
                expression.visit_children_with(self);
            }
            _ => self.enter(|finder| expression.visit_children_with(finder)),
        }
    }

    fn visit_stmt(&mut self, statement: &Stmt) {
        self.enter(|finder| statement.visit_children_with(finder));
    }

    fn visit_function(&mut self, function: &Function) {
        self.enter_function(|finder| function.visit_children_with(finder));
    }

    fn visit_arrow_expr(&mut self, arrow: &ArrowExpr) {
        self.enter_function(|finder| arrow.visit_children_with(finder));
    }
}

#[cfg(test)]
mod tests {
    use super::super::unit::Part;
    use super::*;

    fn judged(open: &str, core: &str, close: &str, depth: usize) -> bool {
        let text = format!("x = {}{core}{}", open.repeat(depth), close.repeat(depth));
        is_too_deep(&Part::of_text(&text).statements)
    }

    #[test]
    fn depth_is_what_nests() {
        assert!(judged("a ? b : ", "c", "", 500));
        assert!(!judged("a ? b : ", "c", "", 300));
        assert!(judged("() => ", "c", "", 50));
        assert!(!judged("() => ", "c", "", 30));
        assert!(judged("", "c", " && d", 500));
        assert!(!judged("", "c", " + d", 5000));
        assert!(!judged("", "c", ".d().e", 5000));
    }
}
