//! What `typeof` gives of the words of CommonJS is known, and branches hang on it.
//!
//! `typeof require` in a file that Node knows as an ES module (`.mjs`, `"type": "module"`). There is no `require`
//! there, and code that runs in both worlds asks:
//!
//! ```js
//! const load = typeof require === 'function' ? require : createRequire(import.meta.url);
//! ```
//!
//! Calls of `require` are bundled in such a file too, which is why the answer has to be written down.
//!
//! In a CommonJS file all three words are there, and what other worlds would ask for need not exist:
//!
//! ```js
//! module.exports = typeof exports === 'object' ? make(require('one')) : make(require('name of it elsewhere'));
//! ```

use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{AssignTarget, Expr, Ident, Lit, Module, Pat, SimpleAssignTarget, UnaryOp};
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith as _, VisitWith as _, noop_visit_mut_type, noop_visit_type,
};

use super::commonjs_words::uses_commonjs;
use super::parse::Marks;

/// Writes the answer into a module; `unresolved` is the context of names that it does not declare.
pub(super) fn answer(module: &mut Module, source: &str, unresolved: SyntaxContext) {
    if memchr::memmem::find(source.as_bytes(), b"typeof require").is_some() {
        let answer = |word: &str| (word == "require").then_some("undefined");
        module.visit_mut_with(&mut Answers { unresolved, answer });
    }
}

/// Writes the answers into a file that is CommonJS, or nothing where it gives the words other values.
pub(super) fn answer_in_commonjs(module: &mut Module, source: &str, marks: Marks) {
    let is_asked = ["typeof require", "typeof module", "typeof exports"]
        .iter()
        .any(|question| memchr::memmem::find(source.as_bytes(), question.as_bytes()).is_some());
    if !is_asked || !uses_commonjs(source, module, marks.unresolved) {
        return;
    }
    let unresolved = marks.unresolved_context();
    let mut given = Given {
        unresolved,
        is_found: false,
    };
    module.visit_with(&mut given);
    if !given.is_found {
        let answer = |word: &str| match word {
            "require" => Some("function"),
            "module" | "exports" => Some("object"),
            _ => None,
        };
        module.visit_mut_with(&mut Answers { unresolved, answer });
    }
}

/// Whether one of the words is assigned to.
struct Given {
    unresolved: SyntaxContext,
    is_found: bool,
}

impl Given {
    fn see(&mut self, name: &Ident) {
        let is_word = matches!(&*name.sym, "require" | "module" | "exports");
        self.is_found |= is_word && name.ctxt == self.unresolved;
    }
}

impl Visit for Given {
    noop_visit_type!();

    fn visit_assign_target(&mut self, target: &AssignTarget) {
        if let AssignTarget::Simple(SimpleAssignTarget::Ident(name)) = target {
            self.see(&name.id);
        }
        target.visit_children_with(self);
    }

    fn visit_pat(&mut self, pattern: &Pat) {
        if let Pat::Ident(name) = pattern {
            self.see(&name.id);
        }
        pattern.visit_children_with(self);
    }
}

struct Answers<A> {
    unresolved: SyntaxContext,
    answer: A,
}

impl<A: Fn(&str) -> Option<&'static str>> VisitMut for Answers<A> {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        expression.visit_mut_children_with(self);
        if let Expr::Unary(unary) = expression
            && unary.op == UnaryOp::TypeOf
            && let Expr::Ident(name) = &*unary.arg
            && name.ctxt == self.unresolved
            && let Some(answer) = (self.answer)(&name.sym)
        {
            *expression = Expr::Lit(Lit::Str(answer.into()));
        }
    }
}
