//! Variables for the keys of fields that assign: a key is evaluated once, with the class.
//!
//! ```text
//! class A {                        let key;
//!     [name()] = 1                 class A {
//! }                                    constructor() { this[key] = 1; }
//!                                      [key = name()];
//!                                  }
//! ```
//!
//! Every evaluation of a class has variables of its own: they are declared in front of the statement. What stands in
//! parameters and in values of other fields has no such place, and stays.

use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, Mark, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, BlockStmt, ClassProp, Constructor, Decl, Expr, ForInStmt, ForOfStmt,
    ForStmt, Function, FunctionBody, Ident, ModuleItem, Pat, PrivateProp, ReturnStmt, Stmt, VarDecl,
    VarDeclKind, VarDeclarator,
};
use swc_core::ecma::visit::VisitMutWith;

use super::class_fields::AssignValues;

/// What variables there are.
#[derive(Default)]
pub struct Keys {
    declared: Vec<Ident>,
    /// So many parameters and values are around.
    values: usize,
}

impl Keys {
    /// A variable, if one can be declared here.
    pub fn variable(&mut self) -> Option<Ident> {
        if self.values > 0 {
            return None;
        }
        let name = Ident::new(
            "key".into(),
            DUMMY_SP,
            SyntaxContext::empty().apply_mark(Mark::new()),
        );
        self.declared.push(name.clone());
        Some(name)
    }

    fn declaration(&mut self) -> Option<Stmt> {
        let declarator = |name: Ident| VarDeclarator {
            span: DUMMY_SP,
            name: Pat::Ident(name.into()),
            init: None,
            definite: false,
        };
        let decls: Vec<VarDeclarator> = self.declared.drain(..).map(declarator).collect();
        (!decls.is_empty()).then(|| {
            Stmt::Decl(Decl::Var(Box::new(VarDecl {
                kind: VarDeclKind::Let,
                decls,
                ..VarDecl::default()
            })))
        })
    }
}

impl AssignValues {
    pub(super) fn statements(&mut self, statements: &mut Vec<Stmt>) {
        let around = self.enter();
        let mut all = Vec::with_capacity(statements.len());
        for mut statement in statements.drain(..) {
            statement.visit_mut_with(self);
            all.extend(self.keys.declaration());
            all.push(statement);
        }
        *statements = all;
        self.keys = around;
    }

    pub(super) fn items(&mut self, items: &mut Vec<ModuleItem>) {
        let around = self.enter();
        let mut all = Vec::with_capacity(items.len());
        for mut item in items.drain(..) {
            item.visit_mut_with(self);
            all.extend(self.keys.declaration().map(ModuleItem::Stmt));
            all.push(item);
        }
        *items = all;
        self.keys = around;
    }

    fn enter(&mut self) -> Keys {
        std::mem::take(&mut self.keys)
    }

    /// Something that is evaluated at another time.
    fn value<T>(&mut self, node: &mut T)
    where
        T: VisitMutWith<Self>,
    {
        self.keys.values += 1;
        node.visit_mut_with(self);
        self.keys.values -= 1;
    }

    /// A body that may be a single statement.
    fn loop_body(&mut self, body: &mut Stmt) {
        let around = self.enter();
        body.visit_mut_with(self);
        if let Some(declaration) = self.keys.declaration() {
            *body = Stmt::Block(BlockStmt {
                stmts: vec![declaration, body.take()],
                ..BlockStmt::default()
            });
        }
        self.keys = around;
    }

    pub(super) fn for_loop(&mut self, node: &mut ForStmt) {
        node.init.visit_mut_with(self);
        self.value(&mut node.test);
        self.value(&mut node.update);
        self.loop_body(&mut node.body);
    }

    pub(super) fn for_in_loop(&mut self, node: &mut ForInStmt) {
        self.value(&mut node.left);
        node.right.visit_mut_with(self);
        self.loop_body(&mut node.body);
    }

    pub(super) fn for_of_loop(&mut self, node: &mut ForOfStmt) {
        self.value(&mut node.left);
        node.right.visit_mut_with(self);
        self.loop_body(&mut node.body);
    }

    pub(super) fn while_loop(&mut self, test: &mut Expr, body: &mut Stmt) {
        self.value(test);
        self.loop_body(body);
    }

    pub(super) fn function(&mut self, node: &mut Function) {
        node.decorators.visit_mut_with(self);
        self.value(&mut node.params);
        node.body.visit_mut_with(self);
    }

    pub(super) fn constructor(&mut self, node: &mut Constructor) {
        self.value(&mut node.params);
        node.body.visit_mut_with(self);
    }

    pub(super) fn arrow(&mut self, node: &mut ArrowExpr) {
        self.value(&mut node.params);
        let around = self.enter();
        node.body.visit_mut_with(self);
        if let Some(declaration) = self.keys.declaration()
            && let ArrowFunctionBody::Expr(value) = &mut *node.body
        {
            let returned = Stmt::Return(ReturnStmt {
                span: DUMMY_SP,
                arg: Some(value.take()),
            });
            *node.body = ArrowFunctionBody::FunctionBody(FunctionBody {
                span: DUMMY_SP,
                stmts: vec![declaration, returned],
            });
        }
        self.keys = around;
    }

    pub(super) fn field(&mut self, node: &mut ClassProp) {
        node.decorators.visit_mut_with(self);
        node.key.visit_mut_with(self);
        self.value(&mut node.value);
    }

    pub(super) fn private_field(&mut self, node: &mut PrivateProp) {
        node.decorators.visit_mut_with(self);
        self.value(&mut node.value);
    }
}
