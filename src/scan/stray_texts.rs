//! Texts that are statements but no directives:
//!
//! ```js
//! function read(size = 1) { if (DEBUG) warn(); 'use strict'; return size }
//! function show(size = 1) { ('use strict'); return size }
//! ```
//!
//! Where what stands before such a text is left out, or the parentheses are, it would become a directive, which not every
//! function may have. So it goes first.

use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{EmptyStmt, FunctionBody, Lit, Module, ModuleItem, Program, Script, Stmt};
use swc_core::ecma::visit::{VisitMut, VisitMutWith as _, noop_visit_mut_type};

use super::directives::is_directive;
use super::side_effects::without_parentheses;

/// Removes them.
pub(super) fn remove(program: &mut Program, source: &str) {
    if may_occur(source) {
        program.visit_mut_with(&mut Remover);
    }
}

/// Whether a text that somebody may take for a directive stands elsewhere than at the start of the file.
fn may_occur(source: &str) -> bool {
    let bytes = source.as_bytes();
    memchr::memmem::find_iter(bytes, b"use ").any(|at| {
        let before = &source[..at];
        before
            .strip_suffix(['"', '\''])
            .is_some_and(|before| !is_made_of_comments(before))
    })
}

fn is_made_of_comments(mut text: &str) -> bool {
    loop {
        text = text.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
        let (end, rest) = if let Some(rest) = text.strip_prefix("/*") {
            ("*/", rest)
        } else if let Some(rest) = text.strip_prefix("//").or_else(|| text.strip_prefix("#!")) {
            ("\n", rest)
        } else {
            return text.is_empty();
        };
        match rest.split_once(end) {
            Some((_, after)) => text = after,
            None => return false,
        }
    }
}

struct Remover;

impl Remover {
    /// The statements of a program or a function, which start with directives.
    fn body(&mut self, statements: &mut Vec<Stmt>) {
        let directives = statements
            .iter()
            .take_while(|statement| is_directive(statement))
            .count();
        let mut others = statements.split_off(directives);
        self.visit_mut_stmts(&mut others);
        statements.append(&mut others);
    }
}

impl VisitMut for Remover {
    noop_visit_mut_type!();

    fn visit_mut_function_body(&mut self, body: &mut FunctionBody) {
        self.body(&mut body.stmts);
    }

    fn visit_mut_script(&mut self, script: &mut Script) {
        self.body(&mut script.body);
    }

    fn visit_mut_module(&mut self, module: &mut Module) {
        let is_directive =
            |item: &ModuleItem| matches!(item, ModuleItem::Stmt(statement) if is_directive(statement));
        let directives = module.body.iter().take_while(|item| is_directive(item)).count();
        for item in &mut module.body[directives..] {
            item.visit_mut_with(self);
        }
    }

    fn visit_mut_stmts(&mut self, statements: &mut Vec<Stmt>) {
        statements.retain(|statement| !is_text(statement));
        statements.visit_mut_children_with(self);
    }

    fn visit_mut_stmt(&mut self, statement: &mut Stmt) {
        if is_text(statement) {
            *statement = Stmt::Empty(EmptyStmt { span: DUMMY_SP });
        } else {
            statement.visit_mut_children_with(self);
        }
    }
}

/// Whether a statement is a text, in parentheses or not.
fn is_text(statement: &Stmt) -> bool {
    let Stmt::Expr(statement) = statement else {
        return false;
    };
    matches!(without_parentheses(&statement.expr).as_lit(), Some(Lit::Str(_)))
}

#[cfg(test)]
mod tests {
    use super::may_occur;

    #[test]
    fn only_texts_behind_code_are_looked_for() {
        for (source, expected) in [
            ("'use strict';\nexports.a = 1", false),
            (
                "#!/usr/bin/env node\n// use strict\n/* a */ \"use strict\";",
                false,
            ),
            ("const a = 'to use it';", false),
            ("function f() { 'use strict'; }", true),
            ("let a; ('use strict')", true),
        ] {
            assert_eq!(may_occur(source), expected, "{source}");
        }
    }
}
