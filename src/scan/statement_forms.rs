//! The forms of the statements of a module, for whoever does not need their trees.

use oxc_index::IndexVec;
use rustc_hash::FxHashMap;
use swc_core::common::Spanned as _;
use swc_core::ecma::ast::{
    ArrowExpr, ClassMember, Constructor, Decl, Expr, Function, Id, Ident, Stmt, VarDecl, VarDeclKind,
};
use swc_core::ecma::visit::{Visit, VisitWith as _, noop_visit_type};

use crate::graph::{LocalId, NamedImport, Renaming, StatementForm, StatementId, StatementKind};

/// The form of each statement.
pub fn forms_of(
    statements: &IndexVec<StatementId, Stmt>,
    symbol_of: &FxHashMap<Id, LocalId>,
) -> IndexVec<StatementId, StatementForm> {
    statements
        .iter()
        .map(|statement| form_of(statement, symbol_of))
        .collect()
}

fn form_of(statement: &Stmt, symbol_of: &FxHashMap<Id, LocalId>) -> StatementForm {
    let span = statement.span();
    StatementForm {
        kind: match statement {
            Stmt::Decl(Decl::Fn(_)) => StatementKind::Function,
            Stmt::Decl(Decl::Class(_)) => StatementKind::Class,
            _ => StatementKind::Other,
        },
        only_defines: only_defines(statement),
        only_holds_functions: only_holds_functions(statement),
        length: span.hi.0.saturating_sub(span.lo.0),
        renames: renaming(statement, symbol_of),
        read_at_once: Vec::new(),
    }
}

/// Whether nothing that a statement contains runs with it.
fn only_defines(statement: &Stmt) -> bool {
    match statement {
        Stmt::Decl(Decl::Fn(_)) | Stmt::Empty(_) => true,
        Stmt::Decl(Decl::Var(declaration)) => gives_functions_or_literals(declaration),
        Stmt::Decl(Decl::Class(declaration)) => {
            let class = &declaration.class;
            let is_method =
                |member: &ClassMember| matches!(member, ClassMember::Constructor(_) | ClassMember::Method(_));
            class.super_class.is_none() && class.decorators.is_empty() && class.body.iter().all(is_method)
        }
        _ => false,
    }
}

/// Whether all that a statement does is to make functions, whose code runs later.
fn only_holds_functions(statement: &Stmt) -> bool {
    match statement {
        Stmt::Decl(Decl::Fn(_)) => true,
        Stmt::Decl(Decl::Var(declaration)) => declaration.decls.iter().all(|declarator| {
            declarator.name.is_ident()
                && matches!(declarator.init.as_deref(), Some(Expr::Fn(_) | Expr::Arrow(_)))
        }),
        _ => false,
    }
}

fn gives_functions_or_literals(declaration: &VarDecl) -> bool {
    declaration.decls.iter().all(|one| {
        one.name.is_ident()
            && one
                .init
                .as_deref()
                .is_none_or(|value| matches!(value, Expr::Fn(_) | Expr::Arrow(_) | Expr::Lit(_)))
    })
}

fn renaming(statement: &Stmt, symbol_of: &FxHashMap<Id, LocalId>) -> Option<Renaming> {
    let declaration = statement.as_decl()?.as_var()?;
    let [declarator] = declaration.decls.as_slice() else {
        return None;
    };
    let other = declarator.init.as_ref()?.as_ident()?;
    let name = declarator.name.as_ident()?;
    Some(Renaming {
        name: *symbol_of.get(&name.to_id())?,
        other: *symbol_of.get(&other.to_id())?,
        is_constant: declaration.kind == VarDeclKind::Const,
    })
}

/// The imports that running a statement reads, other than in functions that it makes.
pub fn imports_read_at_once(
    statement: &Stmt,
    symbol_of: &FxHashMap<Id, LocalId>,
    imports: &FxHashMap<LocalId, NamedImport>,
) -> Vec<LocalId> {
    let mut reads = ReadsAtOnce {
        symbol_of,
        imports,
        found: Vec::new(),
    };
    statement.visit_with(&mut reads);
    reads.found.sort_unstable();
    reads.found.dedup();
    reads.found
}

struct ReadsAtOnce<'a> {
    symbol_of: &'a FxHashMap<Id, LocalId>,
    imports: &'a FxHashMap<LocalId, NamedImport>,
    found: Vec<LocalId>,
}

impl Visit for ReadsAtOnce<'_> {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        let local = self.symbol_of.get(&ident.to_id());
        self.found
            .extend(local.filter(|local| self.imports.contains_key(local)));
    }

    fn visit_function(&mut self, _: &Function) {}

    fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}

    fn visit_constructor(&mut self, _: &Constructor) {}
}
