//! Decorators that are given private members of their class:
//!
//! ```ts
//! class A { static #key = 1; @note(A.#key) method() {} }
//! ```
//!
//! The library's pass calls them behind the class, where these have no names. Such calls go to the end of the class.

use swc_core::common::DUMMY_SP;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    BlockStmt, Class, ClassMember, Decl, DefaultDecl, Expr, Ident, ModuleDecl, ModuleItem, Pat, PrivateName,
    Program, StaticBlock, Stmt,
};
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith, VisitWith as _, noop_visit_mut_type, noop_visit_type,
};

use super::decorators::decorated;

/// Moves them there.
pub(super) fn move_in(program: &mut Program) {
    program.visit_mut_with(&mut Mover);
}

struct Mover;

impl VisitMut for Mover {
    noop_visit_mut_type!();

    fn visit_mut_module_items(&mut self, items: &mut Vec<ModuleItem>) {
        items.visit_mut_children_with(self);
        move_calls(items, ModuleItem::as_mut_stmt, class_of_item);
    }

    fn visit_mut_stmts(&mut self, statements: &mut Vec<Stmt>) {
        statements.visit_mut_children_with(self);
        move_calls(statements, |statement| Some(statement), class_of);
    }
}

fn move_calls<T>(
    items: &mut Vec<T>,
    as_statement: fn(&mut T) -> Option<&mut Stmt>,
    class_of: fn(&mut T) -> Option<Declared<'_>>,
) {
    let mut index = 0;
    while index < items.len() {
        index += 1;
        if class_of(&mut items[index - 1]).is_none() {
            continue;
        }
        let mut count = 0;
        for item in &mut items[index..] {
            if !as_statement(item).is_some_and(|statement| decorates_member(statement)) {
                break;
            }
            count += 1;
        }
        let moved = &mut items[index..index + count];
        let mut statements = moved.iter_mut().filter_map(as_statement);
        if !statements.any(|statement| names_private(statement)) {
            continue;
        }
        let moved = items.drain(index..index + count);
        let stmts = moved
            .filter_map(|mut item| as_statement(&mut item).map(Stmt::take))
            .collect();
        if let Some(declared) = class_of(&mut items[index - 1]) {
            // A variable has no value before the class is there.
            if let Some((own, name)) = declared.variable {
                own.get_or_insert_with(|| name.clone());
            }
            declared.class.body.push(ClassMember::StaticBlock(StaticBlock {
                span: DUMMY_SP,
                body: BlockStmt {
                    stmts,
                    ..BlockStmt::default()
                },
            }));
        }
    }
}

/// A class that is declared.
struct Declared<'a> {
    class: &'a mut Class,
    /// The name that it has inside, and that of the variable, where it is the value of one.
    variable: Option<(&'a mut Option<Ident>, &'a Ident)>,
}

impl<'a> Declared<'a> {
    fn directly(class: &'a mut Class) -> Self {
        Self {
            class,
            variable: None,
        }
    }
}

/// Whether a statement decorates a member of a class; the class itself is assigned.
fn decorates_member(statement: &Stmt) -> bool {
    (statement.as_expr()).is_some_and(|statement| decorated(&statement.expr).is_some())
}

fn names_private(statement: &Stmt) -> bool {
    let mut search = Private { is_found: false };
    statement.visit_with(&mut search);
    search.is_found
}

struct Private {
    is_found: bool,
}

impl Visit for Private {
    noop_visit_type!();

    fn visit_private_name(&mut self, _: &PrivateName) {
        self.is_found = true;
    }
}

/// The class that an item of a module declares.
fn class_of_item(item: &mut ModuleItem) -> Option<Declared<'_>> {
    match item {
        ModuleItem::Stmt(statement) => class_of(statement),
        ModuleItem::ModuleDecl(ModuleDecl::ExportDecl(export)) => class_of_declaration(&mut export.decl),
        ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultDecl(export)) => match &mut export.decl {
            DefaultDecl::Class(class) => Some(Declared::directly(&mut class.class)),
            _ => None,
        },
        ModuleItem::ModuleDecl(_) => None,
    }
}

fn class_of(statement: &mut Stmt) -> Option<Declared<'_>> {
    match statement {
        Stmt::Decl(declaration) => class_of_declaration(declaration),
        _ => None,
    }
}

fn class_of_declaration(declaration: &mut Decl) -> Option<Declared<'_>> {
    match declaration {
        Decl::Class(class) => Some(Declared::directly(&mut class.class)),
        Decl::Var(variable) => {
            let [only] = variable.decls.as_mut_slice() else {
                return None;
            };
            let (Pat::Ident(name), Some(Expr::Class(class))) = (&only.name, only.init.as_deref_mut()) else {
                return None;
            };
            Some(Declared {
                class: &mut class.class,
                variable: Some((&mut class.ident, &name.id)),
            })
        }
        _ => None,
    }
}
