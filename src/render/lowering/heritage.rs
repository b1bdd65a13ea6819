//! What a class extends is evaluated before its keys; the passes put the keys in front of the class.
//!
//! ```js
//! class A extends mixin() { [key()] = 1 }     let parent = mixin(); class A extends parent { [key()] = 1 }
//! ```

use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, Mark, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignTarget, BindingIdent, Class, ClassDecl, ClassExpr, ClassMember,
    DefaultDecl, ExportDefaultDecl, Expr, FunctionBody, Ident, Module, ModuleItem, PropName, Stmt,
};
use swc_core::ecma::utils::IdentUsageFinder;
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::super::ast;

/// Evaluates it in front of the classes whose keys may notice. To be called before keys are moved.
pub(super) fn evaluate_first(module: &mut Module) {
    module.visit_mut_with(&mut Heritage::default());
}

#[derive(Default)]
struct Heritage {
    /// Statements that come before the one that is visited.
    before: Vec<Stmt>,
}

fn fresh() -> Ident {
    let context = SyntaxContext::empty().apply_mark(Mark::new());
    Ident::new("parent".into(), DUMMY_SP, context)
}

fn has_computed_key(class: &Class) -> bool {
    class.body.iter().any(|member| {
        let key = match member {
            ClassMember::Method(method) => &method.key,
            ClassMember::ClassProp(field) => &field.key,
            _ => return false,
        };
        matches!(key, PropName::Computed(key) if !key.expr.is_lit())
    })
}

fn has_moving_parts(class: &Class) -> bool {
    class.body.iter().any(|member| {
        matches!(
            member,
            ClassMember::ClassProp(_)
                | ClassMember::PrivateProp(_)
                | ClassMember::PrivateMethod(_)
                | ClassMember::StaticBlock(_)
        )
    })
}

/// What the class extends, if it is to be evaluated before.
fn take_parent(class: &mut Class, name: Option<&Ident>) -> Option<(Ident, Expr)> {
    if !has_computed_key(class) || !has_moving_parts(class) {
        return None;
    }
    let parent = class.super_class.as_mut()?;
    if parent.is_ident() || parent.is_lit() || name.is_some_and(|name| IdentUsageFinder::find(name, parent)) {
        return None;
    }
    let variable = fresh();
    let value = std::mem::replace(&mut **parent, Expr::Ident(variable.clone()));
    Some((variable, value))
}

impl Heritage {
    fn declaration(&mut self, class: &mut Class) {
        if let Some((variable, value)) = take_parent(class, None) {
            self.before.push(ast::variable(variable, Some(value)));
        }
    }
}

impl VisitMut for Heritage {
    noop_visit_mut_type!();

    fn visit_mut_module_items(&mut self, node: &mut Vec<ModuleItem>) {
        let mut items = Vec::with_capacity(node.len());
        for mut item in node.take() {
            item.visit_mut_with(self);
            items.extend(self.before.drain(..).map(ModuleItem::Stmt));
            items.push(item);
        }
        *node = items;
    }

    fn visit_mut_stmts(&mut self, node: &mut Vec<Stmt>) {
        let around = std::mem::take(&mut self.before);
        let mut statements = Vec::with_capacity(node.len());
        for mut statement in node.take() {
            statement.visit_mut_with(self);
            statements.append(&mut self.before);
            statements.push(statement);
        }
        *node = statements;
        self.before = around;
    }

    fn visit_mut_arrow_expr(&mut self, node: &mut ArrowExpr) {
        node.params.visit_mut_with(self);
        let around = std::mem::take(&mut self.before);
        node.body.visit_mut_with(self);
        let mut stmts = std::mem::replace(&mut self.before, around);
        if let ArrowFunctionBody::Expr(value) = &mut *node.body
            && !stmts.is_empty()
        {
            stmts.push(ast::returned(*value.take()));
            *node.body = ArrowFunctionBody::FunctionBody(FunctionBody {
                span: DUMMY_SP,
                stmts,
            });
        }
    }

    fn visit_mut_class_decl(&mut self, node: &mut ClassDecl) {
        node.visit_mut_children_with(self);
        self.declaration(&mut node.class);
    }

    fn visit_mut_export_default_decl(&mut self, node: &mut ExportDefaultDecl) {
        match &mut node.decl {
            DefaultDecl::Class(class) => {
                class.class.visit_mut_with(self);
                self.declaration(&mut class.class);
            }
            other => other.visit_mut_with(self),
        }
    }

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        node.visit_mut_children_with(self);
        let Expr::Class(ClassExpr { ident, class }) = node else {
            return;
        };
        if let Some((variable, value)) = take_parent(class, ident.as_ref()) {
            self.before.push(ast::variable(variable.clone(), None));
            let target = AssignTarget::from(BindingIdent::from(variable));
            let first = ast::assign(target, value);
            *node = ast::parenthesized(ast::sequence(vec![first, node.take()]));
        }
    }
}
