//! `--keep-names` of private methods: they become functions, which are called otherwise.
//!
//! ```text
//! class A { #a() {} }      function a() {} __named(a, "#a");
//! ```

use rustc_hash::FxHashMap;
use swc_core::atoms::Atom;
use swc_core::common::{DUMMY_SP, Span};
use swc_core::ecma::ast::{
    CallExpr, Callee, Decl, Expr, ExprOrSpread, ExprStmt, Ident, Lit, MethodKind, Module, ModuleItem,
    PrivateMethod, Stmt,
};
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith as _, VisitWith as _, noop_visit_mut_type, noop_visit_type,
};

use super::helpers::Called;
use super::own_helpers::OwnHelper;
use crate::scan::is_directive;

/// The private methods whose names stay, by their places.
#[derive(Debug, Default)]
pub(super) struct MethodNames(FxHashMap<Span, Atom>);

impl MethodNames {
    /// Those of a module, before its classes are rewritten.
    pub fn of(module: &Module) -> Self {
        let mut names = Self::default();
        module.visit_with(&mut names);
        names
    }

    /// Names the functions that they have become.
    pub fn keep(self, module: &mut Module, called: &mut Called) {
        if !self.0.is_empty() {
            module.visit_mut_with(&mut Namer { names: self, called });
        }
    }
}

impl Visit for MethodNames {
    noop_visit_type!();

    fn visit_private_method(&mut self, method: &PrivateMethod) {
        // A name that takes no room in the source is to stay.
        let key = method.key.span;
        if method.kind == MethodKind::Method && !key.is_dummy() && key.lo == key.hi {
            self.0.insert(method.span, format!("#{}", method.key.name).into());
        }
        method.visit_children_with(self);
    }
}

struct Namer<'a> {
    names: MethodNames,
    called: &'a mut Called,
}

impl Namer<'_> {
    fn naming(&mut self, statement: &Stmt) -> Option<Stmt> {
        let Stmt::Decl(Decl::Fn(function)) = statement else {
            return None;
        };
        let name = self.names.0.get(&function.ident.span)?.clone();
        let arguments = [
            Expr::Ident(Ident::new(
                function.ident.sym.clone(),
                DUMMY_SP,
                function.ident.ctxt,
            )),
            Expr::Lit(Lit::Str(name.into())),
        ];
        Some(Stmt::Expr(ExprStmt {
            span: DUMMY_SP,
            expr: Box::new(Expr::Call(CallExpr {
                span: DUMMY_SP,
                callee: Callee::Expr(Box::new(self.called.own(OwnHelper::Named))),
                args: arguments.map(ExprOrSpread::from).into(),
                ..CallExpr::default()
            })),
        }))
    }
}

impl VisitMut for Namer<'_> {
    noop_visit_mut_type!();

    /// Functions have their values where the statements around them begin, before their class runs.
    fn visit_mut_stmts(&mut self, statements: &mut Vec<Stmt>) {
        statements.visit_mut_children_with(self);
        let names: Vec<Stmt> = statements.iter().filter_map(|one| self.naming(one)).collect();
        let behind = statements.iter().take_while(|one| is_directive(one)).count();
        statements.splice(behind..behind, names);
    }

    fn visit_mut_module_items(&mut self, items: &mut Vec<ModuleItem>) {
        items.visit_mut_children_with(self);
        let statements = items.iter().filter_map(ModuleItem::as_stmt);
        let names: Vec<Stmt> = statements.filter_map(|one| self.naming(one)).collect();
        let is_head = |item: &ModuleItem| item.as_stmt().is_none_or(is_directive);
        let behind = items.iter().take_while(|one| is_head(one)).count();
        items.splice(behind..behind, names.into_iter().map(ModuleItem::Stmt));
    }
}
