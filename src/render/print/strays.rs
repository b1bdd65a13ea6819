//! `var`s that the compressor declares although they are variables of a function around:
//!
//! ```js
//! let item; function last() { if ([]) return item; for (item of list); }      // leaves `return item; var item;`
//! ```
//!
//! It takes what the head of a loop that it drops assigns to for a declaration. And values that nobody uses, which are left of
//! conditions: `if (!0) { let a; f(a) }` leaves `1; let a; f(a)`.

use rustc_hash::FxHashSet;
use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    ArrowExpr, Class, ClassDecl, Decl, EmptyStmt, Expr, ExprStmt, FnDecl, ForStmt, Function, Id, Lit, Module,
    Param, Pat, Stmt, VarDecl, VarDeclKind, VarDeclOrExpr,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith as _, VisitWith, noop_visit_mut_type, noop_visit_type,
};

/// Takes them away.
pub fn drop_strays(module: &mut Module) {
    let mut dropper = Dropper {
        functions: vec![declared_in(&module.body)],
    };
    module.visit_mut_children_with(&mut dropper);
}

fn declared_in<N: VisitWith<Declared> + ?Sized>(node: &N) -> FxHashSet<Id> {
    let mut declared = Declared::default();
    node.visit_with(&mut declared);
    declared.names
}

/// What code declares outside of functions inside.
#[derive(Default)]
pub struct Declared {
    names: FxHashSet<Id>,
}

impl Visit for Declared {
    noop_visit_type!();

    fn visit_var_decl(&mut self, declaration: &VarDecl) {
        self.names.extend(find_pat_ids::<_, Id>(&declaration.decls));
        declaration.visit_children_with(self);
    }

    fn visit_fn_decl(&mut self, declaration: &FnDecl) {
        self.names.insert(declaration.ident.to_id());
    }

    fn visit_class_decl(&mut self, declaration: &ClassDecl) {
        self.names.insert(declaration.ident.to_id());
    }

    fn visit_param(&mut self, parameter: &Param) {
        self.names.extend(find_pat_ids::<_, Id>(&parameter.pat));
    }

    fn visit_expr(&mut self, _: &Expr) {}
    fn visit_class(&mut self, _: &Class) {}
}

struct Dropper {
    /// What the functions around declare, the innermost one last.
    functions: Vec<FxHashSet<Id>>,
}

impl Dropper {
    fn function(&mut self, own: FxHashSet<Id>, visit: impl FnOnce(&mut Self)) {
        self.functions.push(own);
        visit(self);
        self.functions.pop();
    }

    fn is_from_around(&self, name: &Id) -> bool {
        let (_, around) = self.functions.split_last().expect("the module is around");
        around.iter().any(|names| names.contains(name))
    }

    fn drop_stray(&self, declaration: &mut VarDecl) {
        if declaration.kind == VarDeclKind::Var {
            declaration.decls.retain(|declarator| {
                declarator.init.is_some()
                    || declarator
                        .name
                        .as_ident()
                        .is_none_or(|name| !self.is_from_around(&name.to_id()))
            });
        }
    }
}

/// Text may be a directive.
fn is_stray_value(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Expr(ExprStmt { expr, .. })
        if matches!(&**expr, Expr::Lit(Lit::Num(_) | Lit::Bool(_) | Lit::Null(_))))
}

impl VisitMut for Dropper {
    noop_visit_mut_type!();

    fn visit_mut_function(&mut self, function: &mut Function) {
        let mut own = declared_in(&function.body);
        own.extend(declared_in(&function.params));
        self.function(own, |dropper| function.visit_mut_children_with(dropper));
    }

    fn visit_mut_arrow_expr(&mut self, function: &mut ArrowExpr) {
        let mut own = declared_in(&function.body);
        own.extend(find_pat_ids::<Vec<Pat>, Id>(&function.params));
        self.function(own, |dropper| function.visit_mut_children_with(dropper));
    }

    fn visit_mut_stmt(&mut self, statement: &mut Stmt) {
        statement.visit_mut_children_with(self);
        if let Stmt::Decl(Decl::Var(declaration)) = statement {
            self.drop_stray(declaration);
            if declaration.decls.is_empty() {
                *statement = Stmt::Empty(EmptyStmt { span: DUMMY_SP });
            }
        } else if is_stray_value(statement) {
            *statement = Stmt::Empty(EmptyStmt { span: DUMMY_SP });
        }
    }

    fn visit_mut_stmts(&mut self, statements: &mut Vec<Stmt>) {
        statements.visit_mut_children_with(self);
        statements.retain(|statement| !statement.is_empty());
    }

    fn visit_mut_for_stmt(&mut self, statement: &mut ForStmt) {
        statement.visit_mut_children_with(self);
        if let Some(VarDeclOrExpr::VarDecl(declaration)) = &mut statement.init {
            self.drop_stray(declaration);
            if declaration.decls.is_empty() {
                statement.init = None;
            }
        }
    }
}
