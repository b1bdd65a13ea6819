//! Two forms that cost more with each level than the passes of SWC should take:
//!
//! ```ts
//! class extends class extends class extends A {} {} {}    // each level doubles the work of resolving names
//! namespace A.B.C { namespace D {} }                      // each level is a function, looked through by all above
//! ```

use swc_core::common::Span;
use swc_core::ecma::ast::{Class, Program, TsModuleDecl, TsNamespaceDecl};
use swc_core::ecma::visit::{Visit, VisitWith as _};

use super::syntax_error::SyntaxProblem;

/// Mixins written into each other have a few levels.
const MOST_PARENTS: usize = 12;

/// So do names of namespaces.
const MOST_NAMESPACES: usize = 200;

/// Where classes are parents of classes, or namespaces are in namespaces, without end.
pub(super) fn find(program: &Program, source: &str) -> Option<SyntaxProblem> {
    let has = |word: &str, most| {
        memchr::memmem::find_iter(source.as_bytes(), word)
            .nth(most)
            .is_some()
    };
    if !has("extends", MOST_PARENTS) && !has("namespace", 0) && !has("module", 0) {
        return None;
    }
    let mut finder = Finder::default();
    program.visit_with(&mut finder);
    finder.problem
}

#[derive(Default)]
struct Finder {
    parents: usize,
    namespaces: usize,
    problem: Option<SyntaxProblem>,
}

impl Finder {
    fn enter_namespace(&mut self, span: Span, children: impl FnOnce(&mut Self)) {
        if self.namespaces == MOST_NAMESPACES {
            self.problem.get_or_insert_with(|| {
                SyntaxProblem::new(
                    span,
                    format!("Namespaces are nested more than {MOST_NAMESPACES} levels deep here."),
                    "Use modules.",
                )
            });
            return;
        }
        self.namespaces += 1;
        children(self);
        self.namespaces -= 1;
    }
}

impl Visit for Finder {
    fn visit_class(&mut self, class: &Class) {
        if self.parents > MOST_PARENTS {
            self.problem.get_or_insert_with(|| {
                SyntaxProblem::new(
                    class.span,
                    format!("More than {MOST_PARENTS} classes are written as parents of each other here."),
                    "Declare the inner ones before, and extend them by their names.",
                )
            });
            return;
        }
        self.parents += 1;
        class.super_class.visit_with(self);
        self.parents -= 1;
        class.decorators.visit_with(self);
        class.body.visit_with(self);
    }

    fn visit_ts_module_decl(&mut self, namespace: &TsModuleDecl) {
        self.enter_namespace(namespace.span, |finder| namespace.visit_children_with(finder));
    }

    fn visit_ts_namespace_decl(&mut self, namespace: &TsNamespaceDecl) {
        self.enter_namespace(namespace.span, |finder| namespace.visit_children_with(finder));
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::{parsed, refused};
    use super::super::transform::TransformOptions;

    #[test]
    fn parents_of_parents_are_refused_when_they_are_many() {
        let text = |depth| format!("f({} A{})", "class extends ".repeat(depth), "{}".repeat(depth));
        assert!(refused("/a.js", &text(40))[0].message.contains("parents"));
        parsed("/a.js", &text(8), &TransformOptions::default());
        let siblings = "f(class extends A {});".repeat(100);
        parsed("/a.js", &siblings, &TransformOptions::default());
    }

    #[test]
    fn namespaces_in_namespaces_are_refused_when_they_are_many() {
        let text = |depth| format!("namespace A{} {{ export const a = 1 }}", ".A".repeat(depth));
        assert!(refused("/a.ts", &text(300))[0].message.contains("Namespaces"));
        parsed("/a.ts", &text(100), &TransformOptions::default());
    }
}
