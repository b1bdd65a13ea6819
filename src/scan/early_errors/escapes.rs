//! Words that mean something only when they are spelled without escapes: `new.target`, `import.meta`, `from`, `get`, `set`,
//! `async`, `static` (ECMA-262 §5.1.5), the line break that `async` may not have after it, and names that begin with a
//! character that may only follow (§12.7).

use swc_core::atoms::Atom;
use swc_core::common::{BytePos, Span, Spanned as _};
use swc_core::ecma::ast::{
    ClassMethod, ClassProp, ExportAll, GetterProp, Ident, IdentName, ImportDecl, MetaPropExpr, MethodProp,
    NamedExport, PrivateMethod, PrivateName, PrivateProp, Program, SetterProp, StaticBlock,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::super::syntax_error::SyntaxProblem;
use super::SourceText;

/// Characters of no width that parts of a name may be joined by.
const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];

/// Adds what is wrong in `program`.
pub(super) fn find(program: &Program, source: SourceText<'_>, problems: &mut Vec<SyntaxProblem>) {
    program.visit_with(&mut Escapes {
        source,
        may_join: source.has_escapes(),
        problems,
    });
}

struct Escapes<'s, 'p> {
    source: SourceText<'s>,
    may_join: bool,
    problems: &'p mut Vec<SyntaxProblem>,
}

impl Escapes<'_, '_> {
    /// Looks at the words between two positions.
    fn check(&mut self, from: BytePos, to: BytePos) {
        let span = Span::new(from, to);
        if self.source.without_comments(span).contains('\\') {
            self.problems.push(SyntaxProblem::new(
                span,
                "A keyword is written with an escape here",
                "Spell the keyword without `\\`.",
            ));
        }
    }
}

impl Escapes<'_, '_> {
    fn check_start(&mut self, name: &Atom, span: Span) {
        if self.may_join && name.starts_with(JOINERS) && !span.is_dummy() {
            self.problems.push(SyntaxProblem::new(
                span,
                "A name cannot begin with a character that joins others",
                "Choose another name.",
            ));
        }
    }
}

impl Visit for Escapes<'_, '_> {
    noop_visit_type!();

    fn visit_ident(&mut self, node: &Ident) {
        self.check_start(&node.sym, node.span);
    }

    fn visit_ident_name(&mut self, node: &IdentName) {
        self.check_start(&node.sym, node.span);
    }

    fn visit_private_name(&mut self, node: &PrivateName) {
        self.check_start(&node.name, node.span);
    }

    fn visit_meta_prop_expr(&mut self, node: &MetaPropExpr) {
        self.check(node.span.lo, node.span.hi);
    }

    fn visit_import_decl(&mut self, node: &ImportDecl) {
        let last = node.specifiers.last().map_or(node.span.lo, |last| last.span().hi);
        self.check(last, node.src.span.lo);
    }

    fn visit_named_export(&mut self, node: &NamedExport) {
        if let Some(source) = &node.src {
            let last = node.specifiers.last().map_or(node.span.lo, |last| last.span().hi);
            self.check(last, source.span.lo);
        }
    }

    fn visit_export_all(&mut self, node: &ExportAll) {
        self.check(node.span.lo, node.src.span.lo);
    }

    fn visit_getter_prop(&mut self, node: &GetterProp) {
        self.check(node.span.lo, node.key.span_lo());
        node.visit_children_with(self);
    }

    fn visit_setter_prop(&mut self, node: &SetterProp) {
        self.check(node.span.lo, node.key.span_lo());
        node.visit_children_with(self);
    }

    fn visit_method_prop(&mut self, node: &MethodProp) {
        let (start, key) = (node.function.span.lo, node.key.span_lo());
        if node.function.is_async && start < key {
            self.check(start, key);
            let between = self.source.without_comments(Span::new(start, key));
            if between.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
                self.problems.push(SyntaxProblem::new(
                    node.key.span(),
                    "A line break stands between `async` and the name of the method",
                    "Write both on one line.",
                ));
            }
        }
        node.visit_children_with(self);
    }

    fn visit_class_method(&mut self, node: &ClassMethod) {
        let start = node
            .function
            .decorators
            .last()
            .map_or(node.span.lo, |last| last.span.hi);
        self.check(start, node.key.span_lo());
        node.visit_children_with(self);
    }

    fn visit_private_method(&mut self, node: &PrivateMethod) {
        let start = node
            .function
            .decorators
            .last()
            .map_or(node.span.lo, |last| last.span.hi);
        self.check(start, node.key.span.lo);
        node.visit_children_with(self);
    }

    fn visit_class_prop(&mut self, node: &ClassProp) {
        let start = node.decorators.last().map_or(node.span.lo, |last| last.span.hi);
        self.check(start, node.key.span_lo());
        node.visit_children_with(self);
    }

    fn visit_private_prop(&mut self, node: &PrivateProp) {
        let start = node.decorators.last().map_or(node.span.lo, |last| last.span.hi);
        self.check(start, node.key.span.lo);
        node.visit_children_with(self);
    }

    fn visit_static_block(&mut self, node: &StaticBlock) {
        self.check(node.span.lo, node.body.span.lo);
        node.visit_children_with(self);
    }
}
