//! Where classes stand, and where the variables that they need are declared.
//!
//! Every evaluation of a class has variables of its own: they are declared in front of the statement, or in a function
//! around the value of a field or a parameter.

use swc_core::common::DUMMY_SP;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignExpr, AssignOp, AssignPat, AssignPatProp, AssignTarget, AutoAccessor,
    ClassDecl, ClassProp, Constructor, Decl, DefaultDecl, DoWhileStmt, ExportDefaultDecl, ExportDefaultExpr,
    ExportNamedSpecifier, ExportSpecifier, Expr, ForInStmt, ForOfStmt, ForStmt, Function, FunctionBody,
    Ident, Key, KeyValueProp, ModuleDecl, ModuleExportName, ModuleItem, NamedExport, Pat, PrivateProp,
    PropName, SimpleAssignTarget, Stmt, VarDeclarator, WhileStmt,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::Writer;
use super::build::{assign, block, called_arrow, returned, statement, variables};
use super::naming::ClassName;
use crate::scan::keep_names::{defines_name, name_block};

/// Where a class stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a statement.
    Statement,
    /// In something that is evaluated at another time.
    Value,
}

impl Writer<'_> {
    fn take_declaration(&mut self) -> Option<Stmt> {
        let declared = std::mem::take(&mut self.declared);
        (!declared.is_empty()).then(|| Stmt::Decl(variables(declared.into_iter().map(|name| (name, None)))))
    }

    fn take_assignments(&mut self) -> impl Iterator<Item = Stmt> + use<> {
        std::mem::take(&mut self.assignments).into_iter().map(statement)
    }

    /// `let name = value`, or where a namespace adds to the class `class name {} name = value`.
    fn declaration(&mut self, ident: Ident, value: Expr) -> Decl {
        if !self.known.namespaces.contains(&ident.to_id()) {
            return variables([(ident, Some(value))]);
        }
        self.assignments.push(assign(&ident, value));
        Decl::Class(ClassDecl {
            ident,
            declare: false,
            class: Box::default(),
        })
    }

    /// Visits something in its place.
    fn within<T>(&mut self, place: Place, node: &mut T)
    where
        T: VisitMutWith<Self>,
    {
        let around = std::mem::replace(&mut self.place, place);
        node.visit_mut_with(self);
        self.place = around;
    }

    /// Visits the body of a loop, which may be a single statement.
    fn loop_body(&mut self, body: &mut Stmt) {
        let around = std::mem::take(&mut self.declared);
        body.visit_mut_with(self);
        if let Some(declaration) = self.take_declaration() {
            *body = Stmt::Block(block(vec![declaration, body.take()]));
        }
        self.declared = around;
    }

    /// A class expression; what it is called by what surrounds it was told before.
    fn class_expression(&mut self, node: &mut Expr) {
        let name = self.name.take();
        let around = std::mem::take(&mut self.declared);
        let Expr::Class(class) = node else { return };
        class.class.visit_mut_with(self);
        let ident = class.ident.clone();
        let text = match &name {
            Some(ClassName::Text(text)) if ident.is_none() => Some(text.clone()),
            _ => None,
        };
        let name = name.map(ClassName::into_expression);
        if let Some(value) = self.class(&mut class.class, ident.as_ref(), name) {
            *node = value;
        } else if self.place == Place::Value
            && !self.declared.is_empty()
            && let Some(text) = text
            && !class.class.body.iter().any(defines_name)
        {
            class.class.body.insert(0, name_block(&text, self.marks));
        }
        if self.place == Place::Value
            && let Some(declaration) = self.take_declaration()
        {
            *node = called_arrow(vec![declaration, returned(node.take())]);
        }
        let own = std::mem::replace(&mut self.declared, around);
        self.declared.extend(own);
    }

    /// `export default @define class {}` is an export of a value.
    fn default_class(
        &mut self,
        export: &mut ExportDefaultDecl,
        items: &mut Vec<ModuleItem>,
    ) -> Option<ModuleItem> {
        let DefaultDecl::Class(class) = &mut export.decl else {
            export.visit_mut_with(self);
            return None;
        };
        class.class.visit_mut_with(self);
        let name = super::build::string("default");
        let ident = class.ident.clone();
        let value = self.class(&mut class.class, ident.as_ref(), Some(name))?;
        let Some(ident) = ident else {
            return Some(ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultExpr(
                ExportDefaultExpr {
                    span: export.span,
                    expr: Box::new(value),
                },
            )));
        };
        items.extend(self.take_declaration().map(ModuleItem::Stmt));
        let declaration = self.declaration(ident.clone(), value);
        items.push(ModuleItem::Stmt(Stmt::Decl(declaration)));
        items.extend(self.take_assignments().map(ModuleItem::Stmt));
        Some(ModuleItem::ModuleDecl(ModuleDecl::ExportNamed(NamedExport {
            span: export.span,
            specifiers: vec![ExportSpecifier::Named(ExportNamedSpecifier {
                span: DUMMY_SP,
                orig: ModuleExportName::Ident(ident),
                exported: Some(ModuleExportName::Ident(Ident::new_no_ctxt(
                    "default".into(),
                    DUMMY_SP,
                ))),
                is_type_only: false,
            })],
            src: None,
            type_only: false,
            with: None,
        })))
    }
}

impl VisitMut for Writer<'_> {
    noop_visit_mut_type!();

    fn visit_mut_module_items(&mut self, node: &mut Vec<ModuleItem>) {
        let around = std::mem::take(&mut self.declared);
        let place = std::mem::replace(&mut self.place, Place::Statement);
        let mut items = Vec::with_capacity(node.len());
        for mut item in node.drain(..) {
            if let ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultDecl(export)) = &mut item {
                if let Some(other) = self.default_class(export, &mut items) {
                    item = other;
                }
            } else {
                item.visit_mut_with(self);
            }
            items.extend(self.take_declaration().map(ModuleItem::Stmt));
            items.push(item);
            items.extend(self.take_assignments().map(ModuleItem::Stmt));
        }
        *node = items;
        self.declared = around;
        self.place = place;
    }

    fn visit_mut_stmts(&mut self, node: &mut Vec<Stmt>) {
        let around = std::mem::take(&mut self.declared);
        let place = std::mem::replace(&mut self.place, Place::Statement);
        let mut statements = Vec::with_capacity(node.len());
        for mut statement in node.drain(..) {
            statement.visit_mut_with(self);
            statements.extend(self.take_declaration());
            statements.push(statement);
            statements.extend(self.take_assignments());
        }
        *node = statements;
        self.declared = around;
        self.place = place;
    }

    fn visit_mut_for_stmt(&mut self, node: &mut ForStmt) {
        node.init.visit_mut_with(self);
        node.test.visit_mut_with(self);
        node.update.visit_mut_with(self);
        self.loop_body(&mut node.body);
    }

    fn visit_mut_for_in_stmt(&mut self, node: &mut ForInStmt) {
        node.left.visit_mut_with(self);
        node.right.visit_mut_with(self);
        self.loop_body(&mut node.body);
    }

    fn visit_mut_for_of_stmt(&mut self, node: &mut ForOfStmt) {
        node.left.visit_mut_with(self);
        node.right.visit_mut_with(self);
        self.loop_body(&mut node.body);
    }

    fn visit_mut_while_stmt(&mut self, node: &mut WhileStmt) {
        node.test.visit_mut_with(self);
        self.loop_body(&mut node.body);
    }

    fn visit_mut_do_while_stmt(&mut self, node: &mut DoWhileStmt) {
        self.loop_body(&mut node.body);
        node.test.visit_mut_with(self);
    }

    fn visit_mut_function(&mut self, node: &mut Function) {
        node.decorators.visit_mut_with(self);
        self.within(Place::Value, &mut node.params);
        node.body.visit_mut_with(self);
    }

    fn visit_mut_constructor(&mut self, node: &mut Constructor) {
        self.within(Place::Value, &mut node.params);
        node.body.visit_mut_with(self);
    }

    fn visit_mut_arrow_expr(&mut self, node: &mut ArrowExpr) {
        self.within(Place::Value, &mut node.params);
        let around = std::mem::take(&mut self.declared);
        self.within(Place::Statement, &mut node.body);
        if let Some(declaration) = self.take_declaration()
            && let ArrowFunctionBody::Expr(value) = &mut *node.body
        {
            let stmts = vec![declaration, returned(*value.take())];
            *node.body = ArrowFunctionBody::FunctionBody(FunctionBody {
                span: DUMMY_SP,
                stmts,
            });
        }
        self.declared = around;
    }

    fn visit_mut_class_prop(&mut self, node: &mut ClassProp) {
        node.decorators.visit_mut_with(self);
        node.key.visit_mut_with(self);
        if let Some(value) = &mut node.value {
            self.name_next_by_key(value, &mut node.key);
            self.within(Place::Value, value);
        }
    }

    fn visit_mut_private_prop(&mut self, node: &mut PrivateProp) {
        node.decorators.visit_mut_with(self);
        if let Some(value) = &mut node.value {
            self.name_next(value, format!("#{}", node.key.name).into());
            self.within(Place::Value, value);
        }
    }

    fn visit_mut_auto_accessor(&mut self, node: &mut AutoAccessor) {
        node.decorators.visit_mut_with(self);
        node.key.visit_mut_with(self);
        if let Some(value) = &mut node.value {
            match &mut node.key {
                Key::Public(key) => self.name_next_by_key(value, key),
                Key::Private(name) => self.name_next(value, format!("#{}", name.name).into()),
            }
            self.within(Place::Value, value);
        }
    }

    fn visit_mut_decl(&mut self, node: &mut Decl) {
        let Decl::Class(class) = node else {
            node.visit_mut_children_with(self);
            return;
        };
        if class.declare {
            return;
        }
        class.class.visit_mut_with(self);
        let ident = class.ident.clone();
        if let Some(value) = self.class(&mut class.class, Some(&ident), None) {
            *node = self.declaration(ident, value);
        }
    }

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        if node.is_class() {
            self.class_expression(node);
        } else {
            node.visit_mut_children_with(self);
        }
    }

    fn visit_mut_export_default_expr(&mut self, node: &mut ExportDefaultExpr) {
        self.name_next(&node.expr, "default".into());
        node.visit_mut_children_with(self);
    }

    fn visit_mut_var_declarator(&mut self, node: &mut VarDeclarator) {
        node.name.visit_mut_with(self);
        if let (Pat::Ident(name), Some(value)) = (&node.name, &node.init) {
            self.name_next(value, name.sym.clone());
        }
        node.init.visit_mut_with(self);
    }

    fn visit_mut_assign_expr(&mut self, node: &mut AssignExpr) {
        node.left.visit_mut_with(self);
        let names = matches!(
            node.op,
            AssignOp::Assign | AssignOp::AndAssign | AssignOp::OrAssign | AssignOp::NullishAssign
        );
        if names && let AssignTarget::Simple(SimpleAssignTarget::Ident(target)) = &node.left {
            self.name_next(&node.right, target.sym.clone());
        }
        node.right.visit_mut_with(self);
    }

    fn visit_mut_assign_pat(&mut self, node: &mut AssignPat) {
        node.left.visit_mut_with(self);
        if let Pat::Ident(name) = &*node.left {
            self.name_next(&node.right, name.sym.clone());
        }
        node.right.visit_mut_with(self);
    }

    fn visit_mut_assign_pat_prop(&mut self, node: &mut AssignPatProp) {
        if let Some(value) = &mut node.value {
            self.name_next(value, node.key.sym.clone());
            value.visit_mut_with(self);
        }
    }

    fn visit_mut_key_value_prop(&mut self, node: &mut KeyValueProp) {
        node.key.visit_mut_with(self);
        let is_prototype = match &node.key {
            PropName::Ident(name) => name.sym == *"__proto__",
            PropName::Str(text) => text.value == *"__proto__",
            _ => false,
        };
        if !is_prototype {
            self.name_next_by_key(&node.value, &mut node.key);
        }
        node.value.visit_mut_with(self);
    }
}
