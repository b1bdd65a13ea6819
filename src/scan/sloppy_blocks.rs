//! A function declared in a block is seen in the whole enclosing function by sloppy code (ECMA-262 annex B.3.2), but not by
//! strict code. So it becomes a `var`:
//!
//! ```text
//! if (a) { function f() {} }        if (a) { var f = function() {} }
//! f();                              f();
//! ```
//!
//! It stays in its block where a `var` would meet another declaration of the name on its way, or a parameter:
//!
//! ```text
//! { let f; { function f() {} } }
//! ```

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::util::take::Take as _;
use swc_core::common::{Mark, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, BindingIdent, BlockStmt, CatchClause, Class, Decl, Expr, FnDecl, FnExpr,
    ForHead, ForInStmt, ForOfStmt, ForStmt, Function, Id, Ident, IfStmt, Pat, Script, Stmt, SwitchStmt,
    VarDecl, VarDeclKind, VarDeclOrExpr, VarDeclarator,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::block_functions::take_apart;
use super::sloppy_script::starts_strict;

/// Makes variables of them, in a sloppy script whose names are resolved.
pub(super) fn hoist_functions_of_blocks(script: &mut Script) {
    let mut hoist = Hoist {
        declared_around: vec![lexical_names(&script.body)],
    };
    script.visit_mut_with(&mut hoist);
}

struct Hoist {
    /// What is declared between a place and the function around it, the function's parameters included.
    declared_around: Vec<FxHashSet<Id>>,
}

impl Hoist {
    fn within(&mut self, names: FxHashSet<Id>, visit: impl FnOnce(&mut Self)) {
        self.declared_around.push(names);
        visit(self);
        self.declared_around.pop();
    }

    fn within_function(&mut self, names: FxHashSet<Id>, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.declared_around, vec![names]);
        visit(self);
        self.declared_around = outer;
    }

    /// What is declared around under a name.
    fn homonyms<'n>(&'n self, name: &'n Atom) -> impl Iterator<Item = &'n Id> {
        self.declared_around
            .iter()
            .flatten()
            .filter(move |id| id.0 == *name)
    }

    fn may_become_variable(&self, function: &FnDecl) -> bool {
        let name = &function.ident.sym;
        self.homonyms(name).next().is_none() && !function.function.is_async && !function.function.is_generator
    }

    fn hoist(&self, statements: &mut Vec<Stmt>, block: SyntaxContext) {
        take_apart(statements, block, |function| self.may_become_variable(function));
        let mut variables = Vec::new();
        let mut kept = OfBlock {
            names: FxHashSet::default(),
            block,
        };
        statements.retain_mut(|statement| match statement {
            Stmt::Decl(Decl::Fn(function)) if function.ident.ctxt != block => {
                let is_variable = self.may_become_variable(function);
                if is_variable {
                    variables.push(as_variable(function));
                } else {
                    // The resolver takes the name in this block for any of these.
                    kept.names.extend(self.homonyms(&function.ident.sym).cloned());
                    kept.names.insert(function.ident.to_id());
                }
                !is_variable
            }
            _ => true,
        });
        statements.splice(0..0, variables);
        if !kept.names.is_empty() {
            statements.visit_mut_with(&mut kept);
        }
    }
}

/// Functions that are seen in their block only.
struct OfBlock {
    names: FxHashSet<Id>,
    block: SyntaxContext,
}

impl VisitMut for OfBlock {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, node: &mut Ident) {
        if self.names.contains(&node.to_id()) {
            node.ctxt = self.block;
        }
    }
}

fn as_variable(declaration: &mut FnDecl) -> Stmt {
    let name = declaration.ident.take();
    let function = std::mem::take(&mut *declaration.function);
    let span = function.span;
    Stmt::Decl(Decl::Var(Box::new(VarDecl {
        span,
        kind: VarDeclKind::Var,
        decls: vec![VarDeclarator {
            span,
            name: Pat::Ident(BindingIdent::from(name)),
            init: Some(Box::new(Expr::Fn(FnExpr {
                ident: None,
                function: Box::new(function),
            }))),
            definite: false,
        }],
        ..VarDecl::default()
    })))
}

/// What `statements` declare for their block alone, functions aside.
fn lexical_names(statements: &[Stmt]) -> FxHashSet<Id> {
    let mut names = FxHashSet::default();
    for statement in statements {
        match statement {
            Stmt::Decl(Decl::Class(class)) => {
                names.insert(class.ident.to_id());
            }
            Stmt::Decl(Decl::Var(variables)) => names.extend(lexical_variables(variables)),
            _ => {}
        }
    }
    names
}

fn lexical_variables(variables: &VarDecl) -> FxHashSet<Id> {
    match variables.kind {
        VarDeclKind::Var => FxHashSet::default(),
        _ => variables
            .decls
            .iter()
            .flat_map(|one| pattern_names(&one.name))
            .collect(),
    }
}

fn pattern_names(pattern: &Pat) -> Vec<Id> {
    find_pat_ids(pattern)
}

fn head_names(head: &ForHead) -> FxHashSet<Id> {
    match head {
        ForHead::VarDecl(variables) => lexical_variables(variables),
        _ => FxHashSet::default(),
    }
}

impl VisitMut for Hoist {
    noop_visit_mut_type!();

    fn visit_mut_class(&mut self, _: &mut Class) {
        // Strict, with everything in it.
    }

    fn visit_mut_function(&mut self, node: &mut Function) {
        let statements = node.body.as_ref().map(|body| body.stmts.as_slice());
        if statements.is_some_and(starts_strict) {
            return;
        }
        let mut names = statements.map(lexical_names).unwrap_or_default();
        names.extend(
            node.params
                .iter()
                .flat_map(|parameter| pattern_names(&parameter.pat)),
        );
        self.within_function(names, |hoist| node.visit_mut_children_with(hoist));
    }

    fn visit_mut_arrow_expr(&mut self, node: &mut ArrowExpr) {
        let statements = match &*node.body {
            ArrowFunctionBody::FunctionBody(body) => body.stmts.as_slice(),
            ArrowFunctionBody::Expr(_) => &[],
        };
        if starts_strict(statements) {
            return;
        }
        let mut names = lexical_names(statements);
        names.extend(node.params.iter().flat_map(pattern_names));
        self.within_function(names, |hoist| node.visit_mut_children_with(hoist));
    }

    fn visit_mut_block_stmt(&mut self, node: &mut BlockStmt) {
        let names = lexical_names(&node.stmts);
        self.within(names, |hoist| node.visit_mut_children_with(hoist));
        self.hoist(&mut node.stmts, node.ctxt);
    }

    fn visit_mut_switch_stmt(&mut self, node: &mut SwitchStmt) {
        let names = node
            .cases
            .iter()
            .flat_map(|case| lexical_names(&case.cons))
            .collect();
        self.within(names, |hoist| node.visit_mut_children_with(hoist));
        for case in &mut node.cases {
            self.hoist(&mut case.cons, node.body_ctxt);
        }
    }

    fn visit_mut_catch_clause(&mut self, node: &mut CatchClause) {
        let names = match &node.param {
            // A `var` may share the name of a plain one (annex B.3.4).
            None | Some(Pat::Ident(_)) => FxHashSet::default(),
            Some(pattern) => pattern_names(pattern).into_iter().collect(),
        };
        self.within(names, |hoist| node.visit_mut_children_with(hoist));
    }

    fn visit_mut_for_stmt(&mut self, node: &mut ForStmt) {
        let names = match &node.init {
            Some(VarDeclOrExpr::VarDecl(variables)) => lexical_variables(variables),
            _ => FxHashSet::default(),
        };
        self.within(names, |hoist| node.visit_mut_children_with(hoist));
    }

    fn visit_mut_for_in_stmt(&mut self, node: &mut ForInStmt) {
        self.within(head_names(&node.left), |hoist| {
            node.visit_mut_children_with(hoist);
        });
    }

    fn visit_mut_for_of_stmt(&mut self, node: &mut ForOfStmt) {
        self.within(head_names(&node.left), |hoist| {
            node.visit_mut_children_with(hoist);
        });
    }

    fn visit_mut_if_stmt(&mut self, node: &mut IfStmt) {
        node.visit_mut_children_with(self);
        for branch in [Some(&mut node.cons), node.alt.as_mut()].into_iter().flatten() {
            if let Stmt::Decl(Decl::Fn(function)) = &mut **branch {
                **branch = if self.may_become_variable(function) {
                    as_variable(function)
                } else {
                    function.ident.ctxt = SyntaxContext::empty().apply_mark(Mark::new());
                    Stmt::Block(BlockStmt {
                        stmts: vec![*branch.take()],
                        ..BlockStmt::default()
                    })
                };
            }
        }
    }
}
