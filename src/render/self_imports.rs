//! A class that reads itself through an import, while it is declared:
//!
//! ```js
//! import * as self from './file.js'
//! export class A { static early = self.A }       // a ReferenceError, but `A` would be the class
//! ```
//!
//! In its body a class has its name for itself, with a value before the declaration has one. What reads the declared name must
//! stand outside:
//!
//! ```js
//! let A = ((read) => class A { static early = read() })(() => A)
//! ```

use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, Mark, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowFunctionBody, Callee, Class, ClassExpr, ClassMember, Decl, Expr, Id, Ident, Stmt, VarDecl,
    VarDeclKind, VarDeclarator,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith as _, noop_visit_mut_type};

use super::ast;
use super::rewrite::Rewriter;
use crate::bind::{Binding, SymbolId};

/// Takes such reads out of the classes that a module declares.
pub fn take_reads_out(rewriter: &Rewriter<'_>, statements: &mut [Stmt]) {
    for statement in statements {
        let Stmt::Decl(Decl::Class(declaration)) = statement else {
            continue;
        };
        if !declaration.class.body.iter().any(runs_with_declaration) {
            continue;
        }
        let Some(local) = rewriter.local(&declaration.ident) else {
            continue;
        };
        let mut reads = Reads {
            rewriter,
            class: rewriter.own_symbol(local),
            name: ast::ident(
                &rewriter.free_name("read"),
                SyntaxContext::empty().apply_mark(Mark::new()),
            ),
            found: None,
        };
        declaration.class.visit_mut_with(&mut reads);
        if let Some(read) = reads.found {
            let name = declaration.ident.clone();
            let mut own_name = OwnName {
                declared: name.to_id(),
                context: SyntaxContext::empty().apply_mark(Mark::new()),
            };
            declaration.class.visit_mut_with(&mut own_name);
            let inner = Ident::new(name.sym.clone(), name.span, own_name.context);
            let value = around(&reads.name, read, inner, declaration.class.take());
            *statement = declared(name, value);
        }
    }
}

/// Whether a member runs code while the class is declared.
fn runs_with_declaration(member: &ClassMember) -> bool {
    match member {
        ClassMember::StaticBlock(_) => true,
        ClassMember::ClassProp(property) => property.is_static,
        ClassMember::PrivateProp(property) => property.is_static,
        _ => false,
    }
}

/// `((read) => class A {})(() => self.A)`
fn around(parameter: &Ident, read: Expr, name: Ident, class: Box<Class>) -> Expr {
    let class = Expr::Class(ClassExpr {
        ident: Some(name),
        class,
    });
    let maker = ast::parenthesized(ast::arrow_of(vec![parameter.clone()], class));
    ast::call(maker, vec![ast::arrow(read)])
}

/// The class in such a value.
pub fn class_with_reads_taken_out(value: &mut Expr) -> Option<&mut Class> {
    let Callee::Expr(callee) = &mut value.as_mut_call()?.callee else {
        return None;
    };
    let mut maker = &mut **callee;
    while let Expr::Paren(inner) = maker {
        maker = &mut inner.expr;
    }
    match &mut *maker.as_mut_arrow()?.body {
        ArrowFunctionBody::Expr(body) => body.as_mut_class().map(|class| &mut *class.class),
        ArrowFunctionBody::FunctionBody(_) => None,
    }
}

/// `let A = value`
fn declared(name: Ident, value: Expr) -> Stmt {
    Stmt::Decl(Decl::Var(Box::new(VarDecl {
        kind: VarDeclKind::Let,
        decls: vec![VarDeclarator {
            span: DUMMY_SP,
            name: name.into(),
            init: Some(Box::new(value)),
            definite: false,
        }],
        ..VarDecl::default()
    })))
}

struct Reads<'a, 'b> {
    rewriter: &'a Rewriter<'b>,
    class: SymbolId,
    /// The function that reads.
    name: Ident,
    /// One of the reads.
    found: Option<Expr>,
}

impl VisitMut for Reads<'_, '_> {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        let binding = match &*expression {
            Expr::Ident(name) => self.rewriter.import_binding(name),
            Expr::Member(member) => self.rewriter.member_binding(member),
            _ => None,
        };
        if binding.is_some_and(|binding| *binding == Binding::Symbol(self.class)) {
            let call = ast::call(Expr::Ident(self.name.clone()), Vec::new());
            self.found = Some(std::mem::replace(expression, call));
            return;
        }
        expression.visit_mut_children_with(self);
    }
}

/// What the class calls itself is not what others call it.
struct OwnName {
    declared: Id,
    context: SyntaxContext,
}

impl VisitMut for OwnName {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, name: &mut Ident) {
        if name.to_id() == self.declared {
            name.ctxt = self.context;
        }
    }
}
