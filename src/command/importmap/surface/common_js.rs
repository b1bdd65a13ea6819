//! Files that only CommonJS can run: as a module they parse, and end at the first word that a browser does not have.

use std::collections::HashSet;

use swc_core::atoms::Atom;
use swc_core::ecma::ast::{
    ArrowExpr, CallExpr, Callee, Class, Expr, Function, Ident, Lit, MemberExpr, Module, ModuleItem, TryStmt,
    UnaryExpr, UnaryOp,
};
use swc_core::ecma::visit::{Visit, VisitWith};

/// What belongs to CommonJS in a file that neither imports nor exports, and is certainly evaluated or decides by
/// nothing that would tell a browser from Node.
pub(super) fn word_of(module: &Module, declared: &HashSet<Atom>) -> Option<&'static str> {
    if module.body.iter().any(ModuleItem::is_module_decl) {
        return None;
    }
    let mut words = Words {
        declared,
        found: None,
        asks: false,
        depth: 0,
    };
    module.visit_with(&mut words);
    words.found.filter(|_| !words.asks)
}

struct Words<'a> {
    declared: &'a HashSet<Atom>,
    found: Option<&'static str>,
    /// Whether the file asks where it runs, as UMD does.
    asks: bool,
    /// Functions, and what else may not be evaluated or is expected to fail.
    depth: usize,
}

impl Words<'_> {
    fn is_free(&self, ident: &Ident, name: &str) -> bool {
        ident.sym == *name && !self.declared.contains(&ident.sym)
    }

    fn find(&mut self, word: &'static str) {
        if self.depth == 0 {
            self.found.get_or_insert(word);
        }
    }

    fn below(&mut self, node: &impl VisitWith<Self>) {
        self.depth += 1;
        node.visit_children_with(self);
        self.depth -= 1;
    }
}

impl Visit for Words<'_> {
    fn visit_member_expr(&mut self, member: &MemberExpr) {
        if let Expr::Ident(object) = &*member.obj {
            let is_exports = member.prop.as_ident().is_some_and(|name| name.sym == *"exports");
            if is_exports && self.is_free(object, "module") {
                self.find("module.exports");
            } else if self.is_free(object, "exports") {
                self.find("exports");
            }
        }
        member.visit_children_with(self);
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        let first = call.args.first().map(|argument| &*argument.expr);
        if let Some(Expr::Ident(argument)) = first
            && self.is_free(argument, "exports")
        {
            self.find("exports");
        }
        if let Callee::Expr(callee) = &call.callee
            && let Expr::Ident(callee) = &**callee
            && let Some(Expr::Lit(Lit::Str(_))) = first
            && self.is_free(callee, "require")
        {
            self.find("require");
        }
        call.visit_children_with(self);
    }

    fn visit_unary_expr(&mut self, unary: &UnaryExpr) {
        if unary.op == UnaryOp::TypeOf
            && let Expr::Ident(word) = &*unary.arg
            && matches!(&*word.sym, "module" | "exports" | "require" | "define")
        {
            self.asks = true;
        }
        unary.visit_children_with(self);
    }

    fn visit_function(&mut self, function: &Function) {
        self.below(function);
    }

    fn visit_arrow_expr(&mut self, function: &ArrowExpr) {
        self.below(function);
    }

    fn visit_class(&mut self, class: &Class) {
        self.below(class);
    }

    fn visit_try_stmt(&mut self, statement: &TryStmt) {
        self.below(statement);
    }
}
