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
    ArrowExpr, ArrowFunctionBody, BlockStmt, CatchClause, Class, ClassDecl, Constructor, Decl, FnDecl,
    ForHead, ForInStmt, ForOfStmt, ForStmt, Function, Ident, ModuleItem, Pat, Program, StaticBlock, Stmt,
    SwitchStmt, UsingDecl, VarDecl, VarDeclKind, VarDeclOrExpr,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::super::sloppy_script::starts_strict;
use super::super::syntax_error::SyntaxProblem;
use super::{Grammar, SourceText};

/// Adds what is wrong in `program`.
pub(super) fn find(
    program: &Program,
    source: SourceText<'_>,
    grammar: Grammar,
    problems: &mut Vec<SyntaxProblem>,
) {
    let (is_strict, top): (bool, &[Stmt]) = match program {
        Program::Script(script) => (starts_strict(&script.body), &script.body),
        Program::Module(_) => (true, &[]),
    };
    let mut blocks = Blocks {
        source,
        grammar,
        is_strict,
        top: Vec::new(),
        caught: Vec::new(),
        open: Vec::new(),
        problems,
    };
    match program {
        Program::Script(_) => blocks.top = lexical_at_top(top.iter()),
        Program::Module(module) => {
            let statements = module.body.iter().filter_map(ModuleItem::as_stmt);
            blocks.top = lexical_at_top(statements);
        }
    }
    program.visit_with(&mut blocks);
}

struct Blocks<'s, 'p> {
    source: SourceText<'s>,
    grammar: Grammar,
    is_strict: bool,
    /// What the top of the function around declares with `let`, `const` or `class`.
    top: Vec<Atom>,
    /// The names that `catch` binds around, up to the function around.
    caught: Vec<Atom>,
    /// What the blocks around declare, up to the function around them.
    open: Vec<FxHashMap<Atom, Span>>,
    problems: &'p mut Vec<SyntaxProblem>,
}

/// Names that are declared at the top of a function for its own scope; its functions are like variables there.
fn lexical_at_top<'a>(statements: impl Iterator<Item = &'a Stmt>) -> Vec<Atom> {
    let statements = statements.filter(|statement| !matches!(statement, Stmt::Decl(Decl::Fn(_))));
    lexical_names(statements).into_keys().collect()
}

impl Blocks<'_, '_> {
    fn block(&mut self, names: FxHashMap<Atom, Span>, visit: impl FnOnce(&mut Self)) {
        self.open.push(names);
        visit(self);
        self.open.pop();
    }

    fn function(&mut self, body: Option<&[Stmt]>, visit: impl FnOnce(&mut Self)) {
        let open = std::mem::take(&mut self.open);
        let caught = std::mem::take(&mut self.caught);
        let statements = body.unwrap_or_default();
        let top = std::mem::replace(&mut self.top, lexical_at_top(statements.iter()));
        let is_strict = self.is_strict;
        self.is_strict |= starts_strict(statements);
        visit(self);
        (self.open, self.caught, self.top, self.is_strict) = (open, caught, top, is_strict);
    }

    /// Of scripts the names in blocks are compared here: the resolver makes the functions of sloppy blocks names of the
    /// function around them.
    fn check_repeated<'a>(&mut self, statements: impl Iterator<Item = &'a Stmt>) {
        if self.grammar == Grammar::Module {
            return;
        }
        let mut seen: FxHashMap<Atom, (bool, Span)> = FxHashMap::default();
        for declaration in statements.filter_map(Stmt::as_decl) {
            let is_plain_function = matches!(declaration, Decl::Fn(function)
                if !function.function.is_async && !function.function.is_generator);
            if matches!(declaration, Decl::Fn(function) if function.function.body.is_none()) {
                continue;
            }
            let mut names = FxHashMap::default();
            add_declared(declaration, &mut names);
            for (name, span) in names {
                if let Some((was_plain_function, first)) =
                    seen.insert(name.clone(), (is_plain_function, span))
                    && !(was_plain_function && is_plain_function && !self.is_strict)
                {
                    self.problems.push(SyntaxProblem::new(
                        span,
                        format!(
                            "`{name}` is already declared on line {}",
                            self.source.line_of(first)
                        ),
                        "Rename or remove one of the two.",
                    ));
                }
            }
        }
    }

    fn check_variable(&mut self, ident: &Ident) {
        // What `catch` binds hides the names at the top from the resolver.
        let is_declared = self.open.iter().any(|names| names.contains_key(&ident.sym))
            || self.caught.contains(&ident.sym) && self.top.contains(&ident.sym);
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
        add_declared(declaration, &mut names);
    }
    names
}

fn add_declared(declaration: &Decl, names: &mut FxHashMap<Atom, Span>) {
    match declaration {
        Decl::Fn(FnDecl { ident, .. }) | Decl::Class(ClassDecl { ident, .. }) => {
            names.insert(ident.sym.clone(), ident.span);
        }
        Decl::Var(variables) => add_lexical(variables, names),
        Decl::Using(using) => add_using(using, names),
        _ => {}
    }
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

impl Visit for Blocks<'_, '_> {
    noop_visit_type!();

    fn visit_block_stmt(&mut self, node: &BlockStmt) {
        self.check_repeated(node.stmts.iter());
        self.block(lexical_names(node.stmts.iter()), |blocks| {
            node.visit_children_with(blocks);
        });
    }

    fn visit_switch_stmt(&mut self, node: &SwitchStmt) {
        node.discriminant.visit_with(self);
        let statements = node.cases.iter().flat_map(|case| &case.cons);
        self.check_repeated(statements.clone());
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
        let outer = self.caught.len();
        if let Some(Pat::Ident(ident)) = &node.param {
            self.caught.push(ident.sym.clone());
        }
        self.block(names, |blocks| node.visit_children_with(blocks));
        self.caught.truncate(outer);
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
        let body = node.body.as_ref().map(|body| body.stmts.as_slice());
        self.function(body, |blocks| node.visit_children_with(blocks));
    }

    fn visit_arrow_expr(&mut self, node: &ArrowExpr) {
        let body = match &*node.body {
            ArrowFunctionBody::FunctionBody(body) => Some(body.stmts.as_slice()),
            ArrowFunctionBody::Expr(_) => None,
        };
        self.function(body, |blocks| node.visit_children_with(blocks));
    }

    fn visit_constructor(&mut self, node: &Constructor) {
        let body = node.body.as_ref().map(|body| body.stmts.as_slice());
        self.function(body, |blocks| node.visit_children_with(blocks));
    }

    fn visit_class(&mut self, node: &Class) {
        let outer = std::mem::replace(&mut self.is_strict, true);
        node.visit_children_with(self);
        self.is_strict = outer;
    }

    // A static block is a function of its own: its own names are its top.
    fn visit_static_block(&mut self, node: &StaticBlock) {
        let statements = &node.body.stmts;
        let own = statements
            .iter()
            .filter(|statement| !matches!(statement, Stmt::Decl(Decl::Fn(_))));
        self.function(Some(statements), |blocks| {
            blocks.block(lexical_names(own), |blocks| statements.visit_with(blocks));
        });
    }
}
