//! The names of decorated classes: decorators see them, and the library's pass loses some of them.
//!
//! ```text
//! @define class Panel {}            class Panel { static { __keepName(this, "Panel") } static { … } }
//! const Panel = @define class {}    the same
//! ```
//!
//! So `context.name` and `Panel.name` are those of the source, whatever the class is called in the output.

use rustc_hash::FxHashMap;
use swc_core::atoms::Atom;
use swc_core::common::{DUMMY_SP, Mark, SyntaxContext};
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignPat, AssignPatProp, AssignTarget, AssignTargetPat, Callee, Class, ClassDecl,
    ClassExpr, ClassMember, ClassProp, DefaultDecl, ExportDefaultDecl, ExportDefaultExpr, Expr, Id, Ident,
    KeyValueProp, ObjectPatProp, Pat, Program, PropName, SimpleAssignTarget, Stmt, VarDeclarator,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::keep_names::{defines_name, name_block};
use super::parse::Marks;
use crate::base::identifier_from;
use crate::scan::side_effects::without_parentheses;

/// What the library calls in a static block of every class that it has rewritten.
const APPLY: &str = "_apply_decs_2311";

/// The names that classes without one get from what they are assigned to.
#[derive(Default)]
pub(super) struct DecoratedClassNames {
    /// By the identifier that such a class has for the pass; nothing refers to it.
    names: FxHashMap<Id, Atom>,
}

impl DecoratedClassNames {
    /// Gives an identifier to every decorated class without one.
    pub fn settle(program: &mut Program) -> Self {
        let mut found = Self::default();
        program.visit_mut_with(&mut found);
        found
    }

    /// Has what the pass has made of the classes keep their names.
    pub fn restore(self, program: &mut Program, marks: Marks) {
        program.visit_mut_with(&mut Restore {
            names: self.names,
            marks,
        });
    }

    /// A class without a name takes that of what it is assigned to (ECMA-262 §8.4 `NamedEvaluation`).
    fn name_anonymous(&mut self, value: &mut Expr, name: &Atom) {
        match value {
            Expr::Class(class) if class.ident.is_none() => self.name_class(class, name),
            Expr::Paren(inner) => self.name_anonymous(&mut inner.expr, name),
            _ => {}
        }
    }

    fn name_class(&mut self, node: &mut ClassExpr, name: &Atom) {
        if node.class.decorators.is_empty() {
            return;
        }
        let context = SyntaxContext::empty().apply_mark(Mark::new());
        let ident = Ident::new(identifier_from(name).into(), DUMMY_SP, context);
        self.names.insert(ident.to_id(), name.clone());
        node.ident = Some(ident);
    }
}

impl VisitMut for DecoratedClassNames {
    noop_visit_mut_type!();

    fn visit_mut_export_default_decl(&mut self, node: &mut ExportDefaultDecl) {
        node.visit_mut_children_with(self);
        if let DefaultDecl::Class(class) = &mut node.decl
            && class.ident.is_none()
        {
            self.name_class(class, &"default".into());
        }
    }

    fn visit_mut_export_default_expr(&mut self, node: &mut ExportDefaultExpr) {
        node.visit_mut_children_with(self);
        self.name_anonymous(&mut node.expr, &"default".into());
    }

    fn visit_mut_var_declarator(&mut self, node: &mut VarDeclarator) {
        node.visit_mut_children_with(self);
        if let (Pat::Ident(name), Some(value)) = (&node.name, &mut node.init) {
            self.name_anonymous(value, &name.sym);
        }
    }

    fn visit_mut_assign_expr(&mut self, node: &mut AssignExpr) {
        node.visit_mut_children_with(self);
        let names = matches!(
            node.op,
            AssignOp::Assign | AssignOp::AndAssign | AssignOp::OrAssign | AssignOp::NullishAssign
        );
        if names && let AssignTarget::Simple(SimpleAssignTarget::Ident(target)) = &node.left {
            self.name_anonymous(&mut node.right, &target.sym);
        }
    }

    fn visit_mut_assign_pat(&mut self, node: &mut AssignPat) {
        node.visit_mut_children_with(self);
        if let Pat::Ident(name) = &*node.left {
            self.name_anonymous(&mut node.right, &name.sym);
        }
    }

    fn visit_mut_object_pat_prop(&mut self, node: &mut ObjectPatProp) {
        node.visit_mut_children_with(self);
        if let ObjectPatProp::Assign(AssignPatProp { key, value, .. }) = node
            && let Some(value) = value
        {
            self.name_anonymous(value, &key.id.sym);
        }
    }

    fn visit_mut_key_value_prop(&mut self, node: &mut KeyValueProp) {
        node.visit_mut_children_with(self);
        if let Some(name) = text_of(&node.key).filter(|name| *name != *"__proto__") {
            self.name_anonymous(&mut node.value, &name);
        }
    }

    fn visit_mut_class_prop(&mut self, node: &mut ClassProp) {
        node.visit_mut_children_with(self);
        if let (Some(name), Some(value)) = (text_of(&node.key), &mut node.value) {
            self.name_anonymous(value, &name);
        }
    }
}

/// A static method or accessor called `name` is there before any static block; a static field comes later.
fn has_static_method_name(member: &ClassMember) -> bool {
    !matches!(member, ClassMember::ClassProp(_)) && defines_name(member)
}

/// What a key says, where that is text in the source.
fn text_of(key: &PropName) -> Option<Atom> {
    match key {
        PropName::Ident(name) => Some(name.sym.clone()),
        PropName::Str(text) => text.value.as_str().map(Atom::from),
        _ => None,
    }
}

struct Restore {
    names: FxHashMap<Id, Atom>,
    marks: Marks,
}

impl Restore {
    fn name(&self, class: &mut Class, ident: &Ident) {
        let has_own = class.body.iter().any(has_static_method_name);
        if !has_own && class.body.iter().any(decorates_class) {
            let name = self.names.get(&ident.to_id()).unwrap_or(&ident.sym);
            class.body.insert(0, name_block(name, self.marks));
        }
    }
}

impl VisitMut for Restore {
    noop_visit_mut_type!();

    fn visit_mut_class_decl(&mut self, node: &mut ClassDecl) {
        node.visit_mut_children_with(self);
        self.name(&mut node.class, &node.ident);
    }

    fn visit_mut_class_expr(&mut self, node: &mut ClassExpr) {
        node.visit_mut_children_with(self);
        if let Some(ident) = &node.ident {
            self.name(&mut node.class, ident);
        }
    }
}

/// `static { ({ c: [_Panel, _init] } = _apply_decs_2311(this, …)) }`
fn decorates_class(member: &ClassMember) -> bool {
    let ClassMember::StaticBlock(block) = member else {
        return false;
    };
    block.body.stmts.iter().any(|statement| {
        let Stmt::Expr(statement) = statement else {
            return false;
        };
        let Some(assignment) = without_parentheses(&statement.expr).as_assign() else {
            return false;
        };
        let is_call = without_parentheses(&assignment.right).as_call().is_some_and(
            |call| matches!(&call.callee, Callee::Expr(callee) if callee.is_ident_ref_to(APPLY)),
        );
        let AssignTarget::Pat(AssignTargetPat::Object(results)) = &assignment.left else {
            return false;
        };
        is_call && results.props.iter().any(is_class_result)
    })
}

/// `c: [_Panel, _init]`, which is there where the class itself is decorated.
fn is_class_result(property: &ObjectPatProp) -> bool {
    match property {
        ObjectPatProp::KeyValue(property) => text_of(&property.key).is_some_and(|key| key == *"c"),
        _ => false,
    }
}
