//! What is declared in lists of statements inside of a statement, and what reads it.

use rustc_hash::FxHashSet;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{
    ArrowExpr, AssignOp, AssignTarget, CallExpr, Class, Constructor, Decl, Expr, Function, Id, Ident, Pat,
    SimpleAssignTarget, Stmt, VarDecl, VarDeclKind, WithStmt,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::{Name, Read, STATEMENT, Unread, called_alone, name_of, quiet_call};

/// Everything that is read.
pub struct Gather<'a> {
    top_level: SyntaxContext,
    unresolved: SyntaxContext,
    quiet: &'a FxHashSet<Id>,
    /// Functions of the module that statements call.
    pub called: FxHashSet<Id>,
    /// The name that what is visited belongs to.
    by: Name,
    function_depth: usize,
    pub declared: FxHashSet<Name>,
    /// Names that statements give values, and the name that these belong to.
    pub written: Vec<Read>,
    pub reads: Vec<Read>,
    /// Whether code is run that is not written there.
    pub evaluates: bool,
}

impl<'a> Gather<'a> {
    pub fn new(asked: &Unread<'a>) -> Self {
        Self {
            top_level: asked.top_level,
            unresolved: asked.purity.unresolved(),
            quiet: asked.quiet,
            called: FxHashSet::default(),
            by: STATEMENT,
            function_depth: 0,
            declared: FxHashSet::default(),
            written: Vec::new(),
            reads: Vec::new(),
            evaluates: false,
        }
    }

    fn belonging_to(&mut self, name: Name, node: &impl VisitWith<Self>) {
        let around = std::mem::replace(&mut self.by, name);
        node.visit_with(self);
        self.by = around;
    }

    fn inside(&mut self, node: &impl VisitWith<Self>) {
        self.function_depth += 1;
        node.visit_children_with(self);
        self.function_depth -= 1;
    }

    fn declare(&mut self, name: &Ident, value: &impl VisitWith<Self>) {
        let name = name_of(name);
        self.declared.insert(name);
        self.belonging_to(name, value);
    }

    fn other(&mut self, statement: &Stmt) {
        if let Some((callee, _)) = called_alone(statement)
            && callee.ctxt == self.top_level
        {
            self.called.insert(callee.to_id());
        }
        match quiet_call(statement, self.quiet) {
            Some((name, call)) => {
                self.declared.insert(name);
                self.belonging_to(name, call);
            }
            None => statement.visit_with(self),
        }
    }

    fn variables(&mut self, declaration: &VarDecl) {
        // Such a `var` is one of the module.
        let is_of_module = declaration.kind == VarDeclKind::Var && self.function_depth == 0;
        for declarator in &declaration.decls {
            match &declarator.name {
                Pat::Ident(name) if !is_of_module => self.declare(&name.id, &declarator.init),
                _ => declarator.visit_with(self),
            }
        }
    }
}

impl Visit for Gather<'_> {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        if ident.ctxt != self.top_level && ident.ctxt != self.unresolved {
            self.reads.push(Read {
                by: self.by,
                name: name_of(ident),
            });
        }
    }

    fn visit_stmts(&mut self, statements: &[Stmt]) {
        for statement in statements {
            match statement {
                Stmt::Decl(Decl::Var(declaration)) => self.variables(declaration),
                Stmt::Decl(Decl::Fn(declaration)) => self.declare(&declaration.ident, &declaration.function),
                Stmt::Decl(Decl::Class(declaration)) => self.declare(&declaration.ident, &declaration.class),
                other => match assigned_alone(other) {
                    Some((name, value)) => {
                        let name = name_of(name);
                        self.written.push(Read { by: self.by, name });
                        self.belonging_to(name, value);
                    }
                    None => self.other(other),
                },
            }
        }
    }

    fn visit_function(&mut self, function: &Function) {
        self.inside(function);
    }

    fn visit_arrow_expr(&mut self, arrow: &ArrowExpr) {
        self.inside(arrow);
    }

    fn visit_constructor(&mut self, constructor: &Constructor) {
        self.inside(constructor);
    }

    fn visit_class(&mut self, class: &Class) {
        self.inside(class);
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        let callee = call.callee.as_expr().and_then(|callee| callee.as_ident());
        self.evaluates |= callee.is_some_and(|callee| callee.sym == *"eval");
        call.visit_children_with(self);
    }

    fn visit_with_stmt(&mut self, _: &WithStmt) {
        self.evaluates = true;
    }
}

/// `name = value`, as a statement.
pub fn assigned_alone(statement: &Stmt) -> Option<(&Ident, &Expr)> {
    let Expr::Assign(assignment) = &*statement.as_expr()?.expr else {
        return None;
    };
    match &assignment.left {
        AssignTarget::Simple(SimpleAssignTarget::Ident(name)) if assignment.op == AssignOp::Assign => {
            Some((&name.id, &assignment.right))
        }
        _ => None,
    }
}
