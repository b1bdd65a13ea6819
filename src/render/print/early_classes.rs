//! Functions that name a class and are called while it is made:
//!
//! ```js
//! function make() { return new A } class A { static one = make() }
//! ```
//!
//! For the function there is no class yet; inside of the class there would be one. So such a function stays outside: it is
//! not known who is called.

use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{CallExpr, Callee, ClassMember, Constructor, Function};
use swc_core::ecma::visit::{VisitMut, VisitMutWith as _, noop_visit_mut_type};

use super::early_reads::{Guard, UNKNOWN};

/// Hides whom static members call.
pub(super) struct Callees<'a> {
    pub(super) guard: &'a Guard,
}

impl VisitMut for Callees<'_> {
    noop_visit_mut_type!();

    fn visit_mut_class_member(&mut self, member: &mut ClassMember) {
        match member {
            ClassMember::ClassProp(field) if field.is_static => field.value.visit_mut_with(self),
            ClassMember::PrivateProp(field) if field.is_static => field.value.visit_mut_with(self),
            ClassMember::StaticBlock(block) => block.visit_mut_with(self),
            _ => {}
        }
    }

    fn visit_mut_call_expr(&mut self, call: &mut CallExpr) {
        call.visit_mut_children_with(self);
        if let Callee::Expr(callee) = &mut call.callee
            && callee.is_ident()
        {
            **callee = self.guard.call(UNKNOWN, Some(callee.take()));
        }
    }

    fn visit_mut_function(&mut self, _: &mut Function) {}

    fn visit_mut_constructor(&mut self, _: &mut Constructor) {}
}
