//! Syntax that the target does not know and that cannot be rewritten for it.

use fixedbitset::FixedBitSet;
use swc_core::common::Span;
use swc_core::ecma::ast::{
    ArrowExpr, AwaitExpr, BigInt, CallExpr, Callee, ClassMember, ForOfStmt, Function, MetaPropExpr,
    MetaPropKind, Regex,
};
use swc_core::ecma::visit::{Visit, VisitWith};

use crate::bind::BoundGraph;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::graph::{Module, ModuleId, StatementId};
use crate::render::{Syntax, Target};

/// One finding for every kind of such syntax in a bundled module.
pub(super) fn unlowered_syntax_in(bound: &BoundGraph, id: ModuleId, target: &Target) -> Vec<Diagnostic> {
    let module = &bound.graph.modules[id];
    let mut finder = Finder {
        target,
        function_depth: 0,
        found: Vec::new(),
    };
    let included = &bound.included_statements[id];
    let is_old = module.syntax.kept_answer(
        || format!("unlowered {target:?} {:?}", included.as_slice()),
        || {
            finder.visit(module, included);
            finder.found.is_empty()
        },
    );
    if is_old {
        return Vec::new();
    }
    if finder.found.is_empty() {
        finder.visit(module, included);
    }
    let found = finder.found.iter();
    found.map(|found| finding(module, found, target)).collect()
}

fn finding(module: &Module, found: &Found, target: &Target) -> Diagnostic {
    let Found { syntax, span } = found;
    let offset = |position: u32| (position as usize).saturating_sub(1);
    let location = (!span.is_dummy()).then(|| {
        let (start, end) = (offset(span.lo.0), offset(span.hi.0));
        Location::of_range(&module.path, &module.syntax.source, start, end)
    });
    let year = syntax.year();
    let name = name(*syntax);
    let diagnostic = if *syntax == Syntax::TopLevelAwait {
        Diagnostic::new(
            Code::TargetError,
            "",
            format!(
                "This is {name}, which came with es{year} and cannot be written in older words; the target is {target}."
            ),
            "Move it into an async function, or choose a newer target.",
        )
    } else {
        Diagnostic::new(
            Code::Target,
            "",
            format!("This is {name}, which came with es{year} and stays as it is; the target is {target}."),
            "Choose a newer target, or write it in another way.",
        )
    };
    diagnostic.at(location)
}

fn name(syntax: Syntax) -> &'static str {
    match syntax {
        Syntax::BigInt => "a big integer",
        Syntax::DynamicImport => "`import()`",
        Syntax::ImportMeta => "`import.meta`",
        Syntax::RegExpIndices => "a regular expression with the flag d",
        Syntax::RegExpLookbehind => "a regular expression that looks behind",
        Syntax::RegExpModifiers => "a regular expression with modifiers",
        Syntax::TopLevelAwait => "a top-level await",
    }
}

struct Found {
    syntax: Syntax,
    span: Span,
}

struct Finder<'a> {
    target: &'a Target,
    function_depth: usize,
    found: Vec<Found>,
}

impl Finder<'_> {
    fn visit(&mut self, module: &Module, included: &FixedBitSet) {
        for index in included.ones() {
            module.syntax.tree.statements[StatementId::from_usize(index)].visit_with(self);
        }
    }

    fn find(&mut self, syntax: Syntax, span: Span) {
        let is_told = self.found.iter().any(|found| found.syntax == syntax);
        if !is_told && !self.target.knows(syntax) {
            self.found.push(Found { syntax, span });
        }
    }

    fn inside_function(&mut self, visit: impl FnOnce(&mut Self)) {
        self.function_depth += 1;
        visit(self);
        self.function_depth -= 1;
    }
}

impl Visit for Finder<'_> {
    fn visit_function(&mut self, node: &Function) {
        self.inside_function(|finder| node.visit_children_with(finder));
    }

    fn visit_arrow_expr(&mut self, node: &ArrowExpr) {
        self.inside_function(|finder| node.visit_children_with(finder));
    }

    fn visit_await_expr(&mut self, node: &AwaitExpr) {
        if self.function_depth == 0 {
            self.find(Syntax::TopLevelAwait, node.span);
        }
        node.visit_children_with(self);
    }

    fn visit_for_of_stmt(&mut self, node: &ForOfStmt) {
        if node.is_await && self.function_depth == 0 {
            self.find(Syntax::TopLevelAwait, node.span);
        }
        node.visit_children_with(self);
    }

    fn visit_big_int(&mut self, node: &BigInt) {
        self.find(Syntax::BigInt, node.span);
    }

    fn visit_meta_prop_expr(&mut self, node: &MetaPropExpr) {
        if node.kind == MetaPropKind::ImportMeta {
            self.find(Syntax::ImportMeta, node.span);
        }
    }

    fn visit_call_expr(&mut self, node: &CallExpr) {
        if matches!(node.callee, Callee::Import(_)) {
            self.find(Syntax::DynamicImport, node.span);
        }
        node.visit_children_with(self);
    }

    fn visit_class_member(&mut self, node: &ClassMember) {
        match node {
            // Keys are evaluated where the class stands, bodies are not.
            ClassMember::Method(_) | ClassMember::ClassProp(_) => node.visit_children_with(self),
            _ => self.inside_function(|finder| node.visit_children_with(finder)),
        }
    }

    fn visit_regex(&mut self, node: &Regex) {
        if node.flags.contains('d') {
            self.find(Syntax::RegExpIndices, node.span);
        }
        if ["(?<=", "(?<!"].iter().any(|text| node.exp.contains(text)) {
            self.find(Syntax::RegExpLookbehind, node.span);
        }
        if has_modifiers(&node.exp) {
            self.find(Syntax::RegExpModifiers, node.span);
        }
    }
}

/// `(?i:`, `(?-s:`, `(?im-s:`.
fn has_modifiers(expression: &str) -> bool {
    expression.split("(?").skip(1).any(|rest| {
        let end = rest
            .find(|character: char| !matches!(character, 'i' | 'm' | 's' | '-'))
            .unwrap_or(rest.len());
        end > 0 && rest[end..].starts_with(':')
    })
}
