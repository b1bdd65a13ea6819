//! `static set #a(value) {}` without a getter: reading it fails. SWC's helpers would give `undefined`.

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::DUMMY_SP;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{
    Class, ClassMember, Expr, ExprOrSpread, Function, FunctionBody, Ident, Lit, MethodKind, Module, NewExpr,
    PrivateMethod, Stmt, ThrowStmt,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith as _, noop_visit_mut_type};

/// Gives them getters that fail.
pub(super) fn complete(module: &mut Module, unresolved: SyntaxContext) {
    module.visit_mut_with(&mut Completer { unresolved });
}

struct Completer {
    unresolved: SyntaxContext,
}

impl VisitMut for Completer {
    noop_visit_mut_type!();

    fn visit_mut_class(&mut self, class: &mut Class) {
        class.visit_mut_children_with(self);
        let of_kind = |kind: MethodKind| -> Vec<&PrivateMethod> {
            let methods = class.body.iter().filter_map(ClassMember::as_private_method);
            methods
                .filter(|method| method.is_static && method.kind == kind)
                .collect()
        };
        let read: FxHashSet<&Atom> = of_kind(MethodKind::Getter)
            .into_iter()
            .map(|method| &method.key.name)
            .collect();
        let getters: Vec<ClassMember> = of_kind(MethodKind::Setter)
            .into_iter()
            .filter(|setter| !read.contains(&setter.key.name))
            .map(|setter| ClassMember::PrivateMethod(self.getter_beside(setter)))
            .collect();
        class.body.extend(getters);
    }
}

impl Completer {
    fn getter_beside(&self, setter: &PrivateMethod) -> PrivateMethod {
        let message = format!("#{} has no getter", setter.key.name);
        let error = Expr::New(NewExpr {
            span: DUMMY_SP,
            callee: Box::new(Expr::Ident(Ident::new(
                "TypeError".into(),
                DUMMY_SP,
                self.unresolved,
            ))),
            args: Some(vec![ExprOrSpread::from(Expr::Lit(Lit::Str(message.into())))]),
            ..NewExpr::default()
        });
        let fails = Stmt::Throw(ThrowStmt {
            span: DUMMY_SP,
            arg: Box::new(error),
        });
        PrivateMethod {
            span: DUMMY_SP,
            key: setter.key.clone(),
            function: Box::new(Function {
                body: Some(FunctionBody {
                    stmts: vec![fails],
                    ..FunctionBody::default()
                }),
                ..Function::default()
            }),
            kind: MethodKind::Getter,
            is_static: true,
            ..PrivateMethod::default()
        }
    }
}
