//! `A.#a = b`, where `#a` is a static method. That fails with a `TypeError`; the passes would write to a variable that does not
//! exist.
//!
//! ```text
//! A.#a = b      __method(A).value = b        // whose setter fails
//! ```

use rustc_hash::FxHashMap;
use swc_core::atoms::Atom;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, Class, ClassMember, Expr, MemberExpr, MemberProp, MethodKind, Module, Pat,
    SimpleAssignTarget, UpdateExpr,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith as _, noop_visit_mut_type};

use super::super::ast;
use super::helpers::Called;
use super::own_helpers::OwnHelper;

/// Rewrites what is assigned to static methods.
pub(super) fn rewrite_writes(module: &mut Module, called: &mut Called) {
    module.visit_mut_with(&mut Writes {
        called,
        classes: Vec::new(),
    });
}

struct Writes<'a> {
    called: &'a mut Called,
    /// The private names of the classes around, the innermost last.
    classes: Vec<FxHashMap<Atom, Kind>>,
}

/// What a private name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    StaticMethod,
    Other,
}

fn private_name(member: &ClassMember) -> Option<(Atom, Kind)> {
    match member {
        ClassMember::PrivateMethod(method) if method.is_static && method.kind == MethodKind::Method => {
            Some((method.key.name.clone(), Kind::StaticMethod))
        }
        ClassMember::PrivateMethod(method) => Some((method.key.name.clone(), Kind::Other)),
        ClassMember::PrivateProp(property) => Some((property.key.name.clone(), Kind::Other)),
        _ => None,
    }
}

impl Writes<'_> {
    fn is_static_method(&self, member: &MemberExpr) -> bool {
        let MemberProp::PrivateName(name) = &member.prop else {
            return false;
        };
        let mut classes = self.classes.iter().rev();
        classes.find_map(|names| names.get(&name.name)) == Some(&Kind::StaticMethod)
    }

    /// `asked` is what the helper is called with.
    fn replace(&mut self, member: &mut MemberExpr, asked: Expr) {
        *member = MemberExpr {
            span: member.span,
            obj: Box::new(ast::call(self.called.own(OwnHelper::Method), vec![asked])),
            prop: MemberProp::Ident("value".into()),
        };
    }

    /// A target that is read, too.
    fn updated(&mut self, member: &mut MemberExpr) {
        if self.is_static_method(member) {
            let read = Expr::Member(member.take());
            self.replace(member, read);
        }
    }

    fn assigned(&mut self, member: &mut MemberExpr) {
        if self.is_static_method(member) {
            let object = *member.obj.take();
            self.replace(member, object);
        }
    }
}

impl VisitMut for Writes<'_> {
    noop_visit_mut_type!();

    fn visit_mut_class(&mut self, class: &mut Class) {
        self.classes
            .push(class.body.iter().filter_map(private_name).collect());
        class.visit_mut_children_with(self);
        self.classes.pop();
    }

    fn visit_mut_assign_expr(&mut self, assignment: &mut AssignExpr) {
        assignment.visit_mut_children_with(self);
        if let Some(SimpleAssignTarget::Member(member)) = assignment.left.as_mut_simple() {
            match assignment.op {
                AssignOp::Assign => self.assigned(member),
                _ => self.updated(member),
            }
        }
    }

    fn visit_mut_update_expr(&mut self, update: &mut UpdateExpr) {
        update.visit_mut_children_with(self);
        if let Expr::Member(member) = &mut *update.arg {
            self.updated(member);
        }
    }

    /// Part of a pattern.
    fn visit_mut_pat(&mut self, pattern: &mut Pat) {
        pattern.visit_mut_children_with(self);
        if let Pat::Expr(target) = pattern
            && let Expr::Member(member) = &mut **target
        {
            self.assigned(member);
        }
    }
}
