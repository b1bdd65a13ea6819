//! Variables that are declared more than once:
//!
//! ```js
//! var size = measure(); var first = size; var size = 3; log(first, size)
//! ```
//!
//! The compressor takes each value for the first one, so that `first` would be 3. All but the first declaration with a value are
//! assignments.

use rustc_hash::FxHashSet;
use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, Span};
use swc_core::ecma::ast::{
    ArrowExpr, AssignExpr, AssignOp, AssignTarget, BlockStmt, ClassMember, Decl, Expr, ExprStmt, Function,
    FunctionBody, Id, Ident, Module, ModuleItem, Pat, SimpleAssignTarget, Stmt, VarDecl, VarDeclKind,
    VarDeclarator,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

/// Makes assignments of the others.
pub fn assign_again(module: &mut Module) {
    module.visit_mut_with(&mut Again::default());
}

/// Makes assignments of the values of variables that are declared above.
pub fn assign_declared(statements: &mut Vec<Stmt>, declared: &FxHashSet<Id>) {
    let mut again = Again {
        declared: declared.clone(),
        parameters: FxHashSet::default(),
    };
    statements.visit_mut_with(&mut again);
}

/// A function, or the module.
#[derive(Default)]
struct Again {
    /// What is declared above.
    declared: FxHashSet<Id>,
    /// Parameters of a function whose body comes next.
    parameters: FxHashSet<Id>,
}

impl Again {
    /// Notes the parameters that are variables of the body, too. Those of a function with default values are not.
    fn parameters<'a>(&mut self, patterns: impl Iterator<Item = &'a Pat>) {
        let names: Option<FxHashSet<Id>> = patterns
            .map(|pattern| Some(pattern.as_ident()?.id.to_id()))
            .collect();
        self.parameters = names.unwrap_or_default();
    }

    /// Visits what has variables of its own.
    fn inside(&mut self, declared: FxHashSet<Id>, visit: impl FnOnce(&mut Self)) {
        let around = std::mem::replace(&mut self.declared, declared);
        visit(self);
        self.declared = around;
    }

    /// The declarations and assignments that a declaration stands for, if it is not one declaration.
    fn taken_apart(&mut self, declaration: &mut VarDecl) -> Option<Vec<Stmt>> {
        if declaration.kind != VarDeclKind::Var {
            declaration.visit_mut_children_with(self);
            return None;
        }
        let mut is_declared = Vec::with_capacity(declaration.decls.len());
        for declarator in &mut declaration.decls {
            declarator.visit_mut_children_with(self);
            let name = declarator.name.as_ident().map(|name| name.id.to_id());
            let is_again = name.is_some_and(|name| self.declared.contains(&name));
            is_declared.push(is_again && declarator.init.is_some());
            self.declared.extend(find_pat_ids::<_, Id>(&declarator.name));
        }
        if !is_declared.contains(&true) {
            return None;
        }
        let mut statements: Vec<Stmt> = Vec::new();
        for (declarator, is_again) in declaration.decls.take().into_iter().zip(is_declared) {
            if is_again {
                statements.extend(assignment(declarator));
            } else if let Some(Stmt::Decl(Decl::Var(last))) = statements.last_mut() {
                last.decls.push(declarator);
            } else {
                statements.push(declared(declaration.span, declarator));
            }
        }
        Some(statements)
    }
}

fn declared(span: Span, declarator: VarDeclarator) -> Stmt {
    Stmt::Decl(Decl::Var(Box::new(VarDecl {
        span,
        kind: VarDeclKind::Var,
        decls: vec![declarator],
        ..VarDecl::default()
    })))
}

/// `name = value`.
fn assignment(declarator: VarDeclarator) -> Option<Stmt> {
    let name: Ident = declarator.name.ident()?.id;
    let expr = Box::new(Expr::Assign(AssignExpr {
        span: declarator.span,
        op: AssignOp::Assign,
        left: AssignTarget::Simple(SimpleAssignTarget::Ident(name.into())),
        right: declarator.init?,
    }));
    Some(Stmt::Expr(ExprStmt { span: DUMMY_SP, expr }))
}

impl VisitMut for Again {
    noop_visit_mut_type!();

    fn visit_mut_module_items(&mut self, items: &mut Vec<ModuleItem>) {
        let mut result = Vec::with_capacity(items.len());
        for mut item in items.take() {
            if let ModuleItem::Stmt(Stmt::Decl(Decl::Var(declaration))) = &mut item {
                match self.taken_apart(declaration) {
                    Some(parts) => result.extend(parts.into_iter().map(ModuleItem::Stmt)),
                    None => result.push(item),
                }
            } else {
                item.visit_mut_with(self);
                result.push(item);
            }
        }
        *items = result;
    }

    fn visit_mut_stmts(&mut self, statements: &mut Vec<Stmt>) {
        let mut result = Vec::with_capacity(statements.len());
        for mut statement in statements.take() {
            if let Stmt::Decl(Decl::Var(declaration)) = &mut statement {
                match self.taken_apart(declaration) {
                    Some(parts) => result.extend(parts),
                    None => result.push(statement),
                }
            } else {
                statement.visit_mut_with(self);
                result.push(statement);
            }
        }
        *statements = result;
    }

    /// The only statement of a branch or a loop.
    fn visit_mut_stmt(&mut self, statement: &mut Stmt) {
        let Stmt::Decl(Decl::Var(declaration)) = statement else {
            statement.visit_mut_children_with(self);
            return;
        };
        if let Some(mut parts) = self.taken_apart(declaration) {
            *statement = match parts.as_mut_slice() {
                [part] => part.take(),
                _ => Stmt::Block(BlockStmt {
                    stmts: parts,
                    ..BlockStmt::default()
                }),
            };
        }
    }

    /// In the heads of loops they stay declarations.
    fn visit_mut_var_decl(&mut self, declaration: &mut VarDecl) {
        declaration.visit_mut_children_with(self);
        if declaration.kind == VarDeclKind::Var {
            self.declared.extend(find_pat_ids::<_, Id>(&declaration.decls));
        }
    }

    fn visit_mut_function(&mut self, function: &mut Function) {
        self.inside(FxHashSet::default(), |again| {
            function.params.visit_mut_with(again);
            function.decorators.visit_mut_with(again);
        });
        self.parameters(function.params.iter().map(|parameter| &parameter.pat));
        function.body.visit_mut_with(self);
    }

    fn visit_mut_arrow_expr(&mut self, function: &mut ArrowExpr) {
        self.inside(FxHashSet::default(), |again| {
            function.params.visit_mut_with(again);
        });
        if function.body.is_function_body() {
            self.parameters(function.params.iter());
        }
        function.body.visit_mut_with(self);
    }

    fn visit_mut_function_body(&mut self, body: &mut FunctionBody) {
        let parameters = std::mem::take(&mut self.parameters);
        self.inside(parameters, |again| body.visit_mut_children_with(again));
    }

    fn visit_mut_class_member(&mut self, member: &mut ClassMember) {
        match member {
            ClassMember::StaticBlock(_) => {
                self.inside(FxHashSet::default(), |again| {
                    member.visit_mut_children_with(again);
                });
            }
            _ => member.visit_mut_children_with(self),
        }
    }
}
