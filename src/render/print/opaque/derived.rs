//! `this` in constructors of derived classes, which fails before `super()`:
//!
//! ```js
//! constructor() { const self = this; log(); super(); }
//! ```
//!
//! The compressor would read it where it is used, or not at all.

use swc_core::ecma::ast::{Class, ClassMember, Expr, Function, Stmt, Super};
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith, VisitWith as _, noop_visit_mut_type, noop_visit_type,
};

use super::Hider;

impl Hider {
    /// Hides what comes too early for certain.
    pub(super) fn early_this(&mut self, class: &mut Class) {
        if class.super_class.is_none() {
            return;
        }
        let constructors = class
            .body
            .iter_mut()
            .filter_map(|member| member.as_mut_constructor());
        for constructor in constructors {
            let statements = constructor.body.iter_mut().flat_map(|body| &mut body.stmts);
            for statement in statements {
                if calls_super(statement) {
                    break;
                }
                statement.visit_mut_with(&mut Early { hider: self });
            }
        }
    }
}

struct Early<'a> {
    hider: &'a mut Hider,
}

impl VisitMut for Early<'_> {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        expression.visit_mut_children_with(self);
        if expression.is_this() {
            self.hider.hide(expression);
        }
    }

    fn visit_mut_function(&mut self, _: &mut Function) {}

    fn visit_mut_class_member(&mut self, member: &mut ClassMember) {
        match member {
            ClassMember::Method(method) => method.key.visit_mut_with(self),
            ClassMember::ClassProp(field) => field.key.visit_mut_with(self),
            _ => {}
        }
    }
}

/// Whether `super()` may be called by a statement.
fn calls_super(statement: &Stmt) -> bool {
    #[derive(Default)]
    struct Search {
        found: bool,
    }
    impl Visit for Search {
        noop_visit_type!();

        fn visit_super(&mut self, _: &Super) {
            self.found = true;
        }

        fn visit_function(&mut self, _: &Function) {}
    }
    let mut search = Search::default();
    statement.visit_with(&mut search);
    search.found
}
