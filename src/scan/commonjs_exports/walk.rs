//! The one walk over the tree. It skips branches that cannot run in a CommonJS module and notes the rest
//! in [`Facts`]. Hand-written instead of a `Visit` because notes keep references into the tree.

mod call;
mod expression;
mod flow;
mod function;

use swc_core::ecma::ast::{
    Decl, DefaultDecl, Expr, ModuleDecl, ModuleItem, Program, Stmt, VarDecl, VarDeclOrExpr,
};

use super::environment::Environment;
use super::facts::{Address, Certainty, Facts, FunctionId, KeySource, PlaceId};

/// Walks all of `program`.
pub fn walk(program: &Program, environment: Environment) -> Facts<'_> {
    let facts = Facts::new(environment.unresolved);
    let this = facts.exports;
    let mut walker = Walker {
        facts,
        environment,
        certainty: Certainty::Certain,
        this,
        function: None,
        arguments_owner: None,
        last_assignment: None,
    };
    match program {
        Program::Module(module) => module.body.iter().for_each(|item| walker.module_item(item)),
        Program::Script(script) => walker.statements(&script.body),
    }
    walker.facts
}

struct Walker<'a> {
    facts: Facts<'a>,
    environment: Environment,
    certainty: Certainty,
    /// What `this` is here.
    this: PlaceId,
    /// The function that `return` leaves.
    function: Option<FunctionId>,
    /// The function that `arguments` belongs to.
    arguments_owner: Option<FunctionId>,
    /// The assignment that ended last, and the value it assigned.
    last_assignment: Option<(Address, &'a Expr)>,
}

impl<'a> Walker<'a> {
    fn module_item(&mut self, item: &'a ModuleItem) {
        match item {
            ModuleItem::Stmt(statement) => self.statement(statement),
            ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(export)) => self.declaration(&export.decl),
            ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultExpr(export)) => self.expression(&export.expr),
            ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultDecl(export)) => match &export.decl {
                DefaultDecl::Class(class) => self.class(&class.class),
                DefaultDecl::Fn(function) => {
                    self.function(&function.function);
                }
                DefaultDecl::TsInterfaceDecl(_) => {}
            },
            ModuleItem::ModuleDecl(_) => {}
        }
    }

    fn statements(&mut self, statements: &'a [Stmt]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn uncertain(&mut self, walk: impl FnOnce(&mut Self)) {
        let certainty = std::mem::replace(&mut self.certainty, Certainty::Uncertain);
        walk(self);
        self.certainty = certainty;
    }

    fn statement(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Block(block) => self.statements(&block.stmts),
            Stmt::With(with) => {
                self.expression(&with.obj);
                self.uncertain(|walker| walker.statement(&with.body));
            }
            Stmt::Return(statement) => {
                if let Some(argument) = &statement.arg {
                    self.expression(argument);
                    self.returns(argument);
                }
            }
            Stmt::Labeled(labeled) => self.statement(&labeled.body),
            Stmt::If(statement) => {
                self.expression(&statement.test);
                let truth = self.environment.truth(&statement.test);
                let alternative = statement.alt.as_deref();
                match truth {
                    Some(true) => self.statement(&statement.cons),
                    Some(false) => alternative.into_iter().for_each(|branch| self.statement(branch)),
                    None => self.uncertain(|walker| {
                        walker.statement(&statement.cons);
                        if let Some(branch) = alternative {
                            walker.statement(branch);
                        }
                    }),
                }
            }
            Stmt::Switch(switch) => {
                self.expression(&switch.discriminant);
                self.uncertain(|walker| {
                    for case in &switch.cases {
                        case.test.iter().for_each(|test| walker.expression(test));
                        walker.statements(&case.cons);
                    }
                });
            }
            Stmt::Throw(throw) => self.expression(&throw.arg),
            Stmt::Try(statement) => {
                self.uncertain(|walker| {
                    walker.statements(&statement.block.stmts);
                    if let Some(handler) = &statement.handler {
                        walker.statements(&handler.body.stmts);
                    }
                });
                statement
                    .finalizer
                    .iter()
                    .for_each(|block| self.statements(&block.stmts));
            }
            Stmt::While(statement) => {
                self.expression(&statement.test);
                self.uncertain(|walker| walker.statement(&statement.body));
            }
            Stmt::DoWhile(statement) => {
                self.statement(&statement.body);
                self.expression(&statement.test);
            }
            Stmt::For(statement) => {
                match &statement.init {
                    Some(VarDeclOrExpr::VarDecl(declaration)) => self.variables(declaration),
                    Some(VarDeclOrExpr::Expr(expression)) => self.expression(expression),
                    None => {}
                }
                statement.test.iter().for_each(|test| self.expression(test));
                statement.update.iter().for_each(|update| self.expression(update));
                self.uncertain(|walker| walker.statement(&statement.body));
            }
            Stmt::ForIn(statement) => {
                self.expression(&statement.right);
                self.loop_variable(&statement.left, KeySource::KeysOf(&statement.right));
                self.uncertain(|walker| walker.statement(&statement.body));
            }
            Stmt::ForOf(statement) => {
                self.expression(&statement.right);
                self.loop_variable(&statement.left, KeySource::ElementsOf(&statement.right));
                self.uncertain(|walker| walker.statement(&statement.body));
            }
            Stmt::Decl(declaration) => self.declaration(declaration),
            Stmt::Expr(statement) => self.expression(&statement.expr),
            Stmt::Empty(_) | Stmt::Debugger(_) | Stmt::Break(_) | Stmt::Continue(_) => {}
        }
    }

    fn declaration(&mut self, declaration: &'a Decl) {
        match declaration {
            Decl::Class(class) => {
                self.class(&class.class);
                let place = self.facts.variable(&class.ident);
                self.hold_class(&class.class, place);
            }
            Decl::Fn(function) => {
                let id = self.function(&function.function);
                let place = self.facts.variable(&function.ident);
                self.hold_function(id, place);
            }
            Decl::Var(declaration) => self.variables(declaration),
            Decl::Using(declaration) => {
                declaration.decls.iter().for_each(|declarator| {
                    declarator.init.iter().for_each(|value| self.expression(value));
                });
            }
            Decl::TsInterface(_) | Decl::TsTypeAlias(_) | Decl::TsEnum(_) | Decl::TsModule(_) => {}
        }
    }

    fn variables(&mut self, declaration: &'a VarDecl) {
        for declarator in &declaration.decls {
            if let Some(value) = &declarator.init {
                self.expression(value);
                self.bind(&declarator.name, Some(value));
            } else {
                self.bind(&declarator.name, None);
            }
        }
    }
}
