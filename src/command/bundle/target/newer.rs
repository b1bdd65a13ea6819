//! Syntax that is newer than the target.

use swc_core::common::Span;
use swc_core::ecma::ast::{
    ArrowExpr, AssignExpr, AssignOp, AwaitExpr, BigInt, BinExpr, BinaryOp, CallExpr, Callee, CatchClause,
    ClassMember, Expr, ForOfStmt, Function, MetaPropExpr, MetaPropKind, ObjectPatProp, OptChainExpr,
    PropOrSpread, Regex,
};
use swc_core::ecma::visit::{Visit, VisitWith};

use super::Target;
use crate::bind::BoundGraph;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::graph::{Module, StatementId};

/// One warning for every kind of syntax in every bundled module that the target does not know.
pub fn newer_syntax(bound: &BoundGraph, target: &Target) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for (id, module) in bound.graph.modules.iter_enumerated() {
        let mut finder = Finder {
            target,
            function_depth: 0,
            found: Vec::new(),
        };
        for index in bound.included_statements[id].ones() {
            module.syntax.tree.statements[StatementId::from_usize(index)].visit_with(&mut finder);
        }
        warnings.extend(finder.found.iter().map(|found| warning(module, found, target)));
    }
    warnings
}

fn warning(module: &Module, found: &Found, target: &Target) -> Diagnostic {
    let Found { what, year, span } = found;
    let offset = |position: u32| (position as usize).saturating_sub(1);
    let location = (!span.is_dummy()).then(|| {
        let (start, end) = (offset(span.lo.0), offset(span.hi.0));
        Location::of_range(&module.path, &module.syntax.source, start, end)
    });
    Diagnostic::new(
        Code::Target,
        "",
        format!("This is {what}, which came with es{year} and stays as it is; the target is {target}."),
        "Choose a newer target, or let a compiler lower the output.",
    )
    .at(location)
}

struct Found {
    what: &'static str,
    year: u16,
    span: Span,
}

struct Finder<'a> {
    target: &'a Target,
    function_depth: usize,
    found: Vec<Found>,
}

impl Finder<'_> {
    fn find(&mut self, what: &'static str, year: u16, span: Span) {
        let is_told = self.found.iter().any(|found| found.what == what);
        if !self.target.knows(year) && !is_told {
            self.found.push(Found { what, year, span });
        }
    }

    fn find_async(&mut self, is_async: bool, is_generator: bool, span: Span) {
        match (is_async, is_generator) {
            (true, true) => self.find("an async generator", 2018, span),
            (true, false) => self.find("an async function", 2017, span),
            (false, _) => {}
        }
    }
}

impl Visit for Finder<'_> {
    fn visit_bin_expr(&mut self, node: &BinExpr) {
        match node.op {
            BinaryOp::Exp => self.find("the operator `**`", 2016, node.span),
            BinaryOp::NullishCoalescing => self.find("the operator `??`", 2020, node.span),
            BinaryOp::In if matches!(*node.left, Expr::PrivateName(_)) => {
                self.find("a test for a private name", 2022, node.span);
            }
            _ => {}
        }
        node.visit_children_with(self);
    }

    fn visit_assign_expr(&mut self, node: &AssignExpr) {
        match node.op {
            AssignOp::ExpAssign => self.find("the operator `**=`", 2016, node.span),
            AssignOp::AndAssign | AssignOp::OrAssign | AssignOp::NullishAssign => {
                self.find("a logical assignment", 2021, node.span);
            }
            _ => {}
        }
        node.visit_children_with(self);
    }

    fn visit_function(&mut self, node: &Function) {
        self.find_async(node.is_async, node.is_generator, node.span);
        self.function_depth += 1;
        node.visit_children_with(self);
        self.function_depth -= 1;
    }

    fn visit_arrow_expr(&mut self, node: &ArrowExpr) {
        self.find_async(node.is_async, false, node.span);
        self.function_depth += 1;
        node.visit_children_with(self);
        self.function_depth -= 1;
    }

    fn visit_await_expr(&mut self, node: &AwaitExpr) {
        if self.function_depth == 0 {
            self.find("a top-level await", 2022, node.span);
        }
        node.visit_children_with(self);
    }

    fn visit_for_of_stmt(&mut self, node: &ForOfStmt) {
        if node.is_await {
            self.find("`for await`", 2018, node.span);
        }
        node.visit_children_with(self);
    }

    fn visit_prop_or_spread(&mut self, node: &PropOrSpread) {
        if let PropOrSpread::Spread(spread) = node {
            self.find("an object spread", 2018, spread.dot3_token);
        }
        node.visit_children_with(self);
    }

    fn visit_object_pat_prop(&mut self, node: &ObjectPatProp) {
        if let ObjectPatProp::Rest(rest) = node {
            self.find("an object rest", 2018, rest.span);
        }
        node.visit_children_with(self);
    }

    fn visit_catch_clause(&mut self, node: &CatchClause) {
        if node.param.is_none() {
            self.find("a catch without a binding", 2019, node.span);
        }
        node.visit_children_with(self);
    }

    fn visit_opt_chain_expr(&mut self, node: &OptChainExpr) {
        self.find("an optional chain", 2020, node.span);
        node.visit_children_with(self);
    }

    fn visit_big_int(&mut self, node: &BigInt) {
        self.find("a big integer", 2020, node.span);
    }

    fn visit_meta_prop_expr(&mut self, node: &MetaPropExpr) {
        if node.kind == MetaPropKind::ImportMeta {
            self.find("`import.meta`", 2020, node.span);
        }
    }

    fn visit_call_expr(&mut self, node: &CallExpr) {
        if matches!(node.callee, Callee::Import(_)) {
            self.find("`import()`", 2020, node.span);
        }
        node.visit_children_with(self);
    }

    fn visit_class_member(&mut self, node: &ClassMember) {
        match node {
            ClassMember::ClassProp(field) => self.find("a class field", 2022, field.span),
            ClassMember::PrivateProp(field) => self.find("a private field", 2022, field.span),
            ClassMember::PrivateMethod(method) => self.find("a private method", 2022, method.span),
            ClassMember::StaticBlock(block) => self.find("a static block", 2022, block.span),
            _ => {}
        }
        self.function_depth += 1;
        node.visit_children_with(self);
        self.function_depth -= 1;
    }

    fn visit_regex(&mut self, node: &Regex) {
        let has = |text: &str| node.exp.contains(text);
        if node.flags.contains('v') {
            self.find("a regular expression with the flag v", 2024, node.span);
        }
        if node.flags.contains('d') {
            self.find("a regular expression with the flag d", 2022, node.span);
        }
        if node.flags.contains('s') || has("(?<") {
            self.find("a regular expression of es2018", 2018, node.span);
        }
    }
}
