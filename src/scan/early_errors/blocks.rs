//! A `var` that leaves a block may not meet a name that the block declares for itself (ECMA-262 §14.2.1, §14.7.4.1,
//! §14.12.1, §14.15.1), and what `catch` binds is unique:
//!
//! ```text
//! { let a; { var a } }        for (let a of b) { var a }        try {} catch ({ a }) { var a }
//! ```
//!
//! The names at the top of a function or module are looked at by [`super::find`], which knows them resolved.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::Span;
use swc_core::ecma::ast::{
    ArrowExpr, BlockStmt, CatchClause, ClassDecl, Decl, FnDecl, ForHead, ForInStmt, ForOfStmt, ForStmt,
    Function, FunctionBody, Ident, Pat, Program, StaticBlock, Stmt, SwitchStmt, UsingDecl, VarDecl,
    VarDeclKind, VarDeclOrExpr,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::super::syntax_error::SyntaxProblem;

/// Adds what is wrong in `program`.
pub(super) fn find(program: &Program, problems: &mut Vec<SyntaxProblem>) {
    program.visit_with(&mut Blocks {
        open: Vec::new(),
        problems,
    });
}

struct Blocks<'p> {
    /// What the blocks around declare, up to the function around them.
    open: Vec<FxHashMap<Atom, Span>>,
    problems: &'p mut Vec<SyntaxProblem>,
}

impl Blocks<'_> {
    fn block(&mut self, names: FxHashMap<Atom, Span>, visit: impl FnOnce(&mut Self)) {
        self.open.push(names);
        visit(self);
        self.open.pop();
    }

    fn function(&mut self, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::take(&mut self.open);
        visit(self);
        self.open = outer;
    }

    fn check_variable(&mut self, ident: &Ident) {
        let is_declared = self.open.iter().any(|names| names.contains_key(&ident.sym));
        if is_declared && !ident.span.is_dummy() {
            self.problems.push(SyntaxProblem::new(
                ident.span,
                format!("A block around this `var` already declares `{}`", ident.sym),
                "Rename one of the two, or use `let`.",
            ));
        }
    }
}

/// What a block declares for itself.
fn lexical_names<'a>(statements: impl Iterator<Item = &'a Stmt>) -> FxHashMap<Atom, Span> {
    let mut names = FxHashMap::default();
    for declaration in statements.filter_map(Stmt::as_decl) {
        match declaration {
            Decl::Fn(FnDecl { ident, .. }) | Decl::Class(ClassDecl { ident, .. }) => {
                names.insert(ident.sym.clone(), ident.span);
            }
            Decl::Var(variables) => add_lexical(variables, &mut names),
            Decl::Using(using) => add_using(using, &mut names),
            _ => {}
        }
    }
    names
}

fn add_lexical(declaration: &VarDecl, names: &mut FxHashMap<Atom, Span>) {
    if declaration.kind != VarDeclKind::Var {
        for declarator in &declaration.decls {
            add_pattern(&declarator.name, names);
        }
    }
}

fn add_using(declaration: &UsingDecl, names: &mut FxHashMap<Atom, Span>) {
    for declarator in &declaration.decls {
        add_pattern(&declarator.name, names);
    }
}

fn add_pattern(pattern: &Pat, names: &mut FxHashMap<Atom, Span>) {
    for ident in find_pat_ids::<_, Ident>(pattern) {
        names.insert(ident.sym, ident.span);
    }
}

fn head_names(head: &ForHead) -> FxHashMap<Atom, Span> {
    let mut names = FxHashMap::default();
    match head {
        ForHead::VarDecl(declaration) => add_lexical(declaration, &mut names),
        ForHead::UsingDecl(declaration) => add_using(declaration, &mut names),
        ForHead::Pat(_) => {}
    }
    names
}

impl Visit for Blocks<'_> {
    noop_visit_type!();

    fn visit_block_stmt(&mut self, node: &BlockStmt) {
        self.block(lexical_names(node.stmts.iter()), |blocks| {
            node.visit_children_with(blocks);
        });
    }

    fn visit_switch_stmt(&mut self, node: &SwitchStmt) {
        node.discriminant.visit_with(self);
        let statements = node.cases.iter().flat_map(|case| &case.cons);
        self.block(lexical_names(statements), |blocks| node.cases.visit_with(blocks));
    }

    fn visit_for_stmt(&mut self, node: &ForStmt) {
        let mut names = FxHashMap::default();
        if let Some(VarDeclOrExpr::VarDecl(declaration)) = &node.init {
            add_lexical(declaration, &mut names);
        }
        self.block(names, |blocks| node.visit_children_with(blocks));
    }

    fn visit_for_in_stmt(&mut self, node: &ForInStmt) {
        self.block(head_names(&node.left), |blocks| node.visit_children_with(blocks));
    }

    fn visit_for_of_stmt(&mut self, node: &ForOfStmt) {
        self.block(head_names(&node.left), |blocks| node.visit_children_with(blocks));
    }

    fn visit_catch_clause(&mut self, node: &CatchClause) {
        let mut names = FxHashMap::default();
        // `catch (a) { var a }` is allowed for compatibility (annex B.3.4).
        if let Some(pattern) = node.param.as_ref().filter(|pattern| !pattern.is_ident()) {
            let mut seen = FxHashSet::default();
            for ident in find_pat_ids::<_, Ident>(pattern) {
                if !seen.insert(ident.sym.clone()) {
                    self.problems.push(SyntaxProblem::new(
                        ident.span,
                        format!("`catch` binds `{}` twice", ident.sym),
                        "Rename one of the two.",
                    ));
                }
            }
            add_pattern(pattern, &mut names);
        }
        self.block(names, |blocks| node.visit_children_with(blocks));
    }

    fn visit_var_decl(&mut self, node: &VarDecl) {
        if node.kind == VarDeclKind::Var {
            for declarator in &node.decls {
                for ident in find_pat_ids::<_, Ident>(&declarator.name) {
                    self.check_variable(&ident);
                }
            }
        }
        node.visit_children_with(self);
    }

    fn visit_function(&mut self, node: &Function) {
        self.function(|blocks| node.visit_children_with(blocks));
    }

    fn visit_arrow_expr(&mut self, node: &ArrowExpr) {
        self.function(|blocks| node.visit_children_with(blocks));
    }

    fn visit_function_body(&mut self, node: &FunctionBody) {
        self.function(|blocks| node.visit_children_with(blocks));
    }

    // A static block is a function of its own: its own names are its top.
    fn visit_static_block(&mut self, node: &StaticBlock) {
        self.function(|blocks| node.body.visit_with(blocks));
    }
}
