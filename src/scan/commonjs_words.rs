//! Whether a file without a word of module syntax, in a package that does not say what its files are, is a
//! CommonJS module. Node takes every such file for one. Here only what could tell the difference is: a script that
//! merely does something is linked as an ES module, without a wrapper.

use swc_core::common::{Mark, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, CallExpr, Callee, Class, Constructor, Expr, Function, Ident, Module, ReturnStmt, ThisExpr,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::member_parts;

/// Whether `module`, made from `source`, uses what only CommonJS has: its names, or a `this` of the file itself, which
/// is `module.exports` there and `undefined` in ES modules, or `arguments` of the file; or whether it returns.
pub(super) fn uses_commonjs(source: &str, module: &Module, unresolved: Mark) -> bool {
    // Cheap, and rules out most files.
    let is_mentioned = [
        "export",
        "module",
        "require",
        "__filename",
        "__dirname",
        "arguments",
        "this",
        "eval(",
        "return",
    ]
    .iter()
    .any(|word| memchr::memmem::find(source.as_bytes(), word.as_bytes()).is_some());
    if !is_mentioned {
        return false;
    }
    let mut uses = CommonJsUses {
        unresolved: SyntaxContext::empty().apply_mark(unresolved),
        function_depth: 0,
        arrow_depth: 0,
        is_found: false,
    };
    module.visit_with(&mut uses);
    uses.is_found
}

struct CommonJsUses {
    unresolved: SyntaxContext,
    /// How many functions (not arrows) or class bodies are around.
    function_depth: usize,
    /// How many arrows are around.
    arrow_depth: usize,
    is_found: bool,
}

impl CommonJsUses {
    fn inside(&mut self, node: &impl VisitWith<Self>) {
        self.function_depth += 1;
        node.visit_children_with(self);
        self.function_depth -= 1;
    }
}

impl Visit for CommonJsUses {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        self.is_found |= ident.ctxt == self.unresolved
            && matches!(
                &*ident.sym,
                "exports" | "module" | "require" | "__filename" | "__dirname"
            );
        self.is_found |= *ident.sym == *"arguments" && self.function_depth == 0;
    }

    // The text that runs may have any of the names.
    fn visit_call_expr(&mut self, call: &CallExpr) {
        self.is_found |= matches!(&call.callee, Callee::Expr(callee)
            if matches!(&**callee, Expr::Ident(ident) if ident.ctxt == self.unresolved && ident.sym == *"eval"));
        call.visit_children_with(self);
    }

    fn visit_this_expr(&mut self, _: &ThisExpr) {
        self.is_found |= self.function_depth == 0;
    }

    fn visit_arrow_expr(&mut self, arrow: &ArrowExpr) {
        self.arrow_depth += 1;
        arrow.visit_children_with(self);
        self.arrow_depth -= 1;
    }

    // The file itself returns: it is the body of a function.
    fn visit_return_stmt(&mut self, statement: &ReturnStmt) {
        self.is_found |= self.function_depth == 0 && self.arrow_depth == 0;
        statement.visit_children_with(self);
    }

    fn visit_function(&mut self, function: &Function) {
        self.inside(function);
    }

    fn visit_constructor(&mut self, constructor: &Constructor) {
        self.inside(constructor);
    }

    fn visit_class(&mut self, class: &Class) {
        class.decorators.visit_with(self);
        class.super_class.visit_with(self);
        for member in &class.body {
            if let Some(key) = member_parts::computed_key(member) {
                key.visit_with(self);
            }
            self.function_depth += 1;
            member_parts::visit_beside_key(member, self);
            self.function_depth -= 1;
        }
    }
}
