//! Functions that name a class and are called while it is made:
//!
//! ```js
//! function make() { return new A } class A { static one = make() }
//! ```
//!
//! For the function there is no class yet; inside of the class there would be one. So such a function stays outside: it is
//! not known who is called.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    CallExpr, Callee, Class, ClassMember, Constructor, Decl, Expr, Function, Id, Ident, Pat, Stmt,
};
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith as _, VisitWith, noop_visit_mut_type, noop_visit_type,
};

use super::early_reads::{Guard, UNKNOWN};

/// The functions among statements, by what they name.
pub(super) struct NamedBy(FxHashMap<Id, Vec<Id>>);

impl NamedBy {
    /// Those of statements.
    pub fn of(statements: &[Stmt]) -> Self {
        let mut named_by: FxHashMap<Id, Vec<Id>> = FxHashMap::default();
        let mut note = |function: &Ident, mentioned: Mentioned| {
            for name in mentioned.0 {
                named_by.entry(name).or_default().push(function.to_id());
            }
        };
        for statement in statements {
            match statement {
                Stmt::Decl(Decl::Fn(declaration)) => {
                    note(&declaration.ident, Mentioned::by(&*declaration.function));
                }
                Stmt::Decl(Decl::Var(declaration)) => {
                    for declarator in &declaration.decls {
                        if let (Pat::Ident(name), Some(function)) = (&declarator.name, &declarator.init)
                            && matches!(&**function, Expr::Fn(_) | Expr::Arrow(_))
                        {
                            note(name, Mentioned::by(&**function));
                        }
                    }
                }
                _ => {}
            }
        }
        Self(named_by)
    }

    /// Those that name a class, or others that do.
    pub fn reaching(&self, class: Id) -> FxHashSet<Id> {
        let mut found = FxHashSet::default();
        let mut pending = vec![class];
        while let Some(name) = pending.pop() {
            for function in self.0.get(&name).into_iter().flatten() {
                if found.insert(function.clone()) {
                    pending.push(function.clone());
                }
            }
        }
        found
    }
}

/// Whether making a class runs code of its static members.
pub(super) fn has_static_code(class: &Class) -> bool {
    class.body.iter().any(|member| match member {
        ClassMember::ClassProp(field) => field.is_static && field.value.is_some(),
        ClassMember::PrivateProp(field) => field.is_static && field.value.is_some(),
        ClassMember::StaticBlock(_) => true,
        _ => false,
    })
}

#[derive(Default)]
struct Mentioned(FxHashSet<Id>);

impl Mentioned {
    fn by(function: &impl VisitWith<Self>) -> Self {
        let mut mentioned = Self::default();
        function.visit_with(&mut mentioned);
        mentioned
    }
}

impl Visit for Mentioned {
    noop_visit_type!();

    fn visit_ident(&mut self, name: &Ident) {
        self.0.insert(name.to_id());
    }
}

/// Hides the functions among these that static members call.
pub(super) struct Callees<'a> {
    pub(super) guard: &'a Guard,
    pub(super) functions: &'a FxHashSet<Id>,
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
            && callee
                .as_ident()
                .is_some_and(|name| self.functions.contains(&name.to_id()))
        {
            **callee = self.guard.call(UNKNOWN, Some(callee.take()));
        }
    }

    fn visit_mut_function(&mut self, _: &mut Function) {}

    fn visit_mut_constructor(&mut self, _: &mut Constructor) {}
}
