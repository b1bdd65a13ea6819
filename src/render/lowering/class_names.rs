//! Anonymous classes with static parts.
//!
//! `const A = class { static b = 1 }` becomes `const A = (_class = class {}, _class.b = 1, _class)`, where the class
//! would be called `_class`. It gets the name it had, unless something in it uses a binding of this name; then it is
//! told its name before all else.

use swc_core::atoms::Atom;
use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, Mark, SyntaxContext};
use swc_core::ecma::ast::{
    AssignExpr, AssignPat, AssignPatProp, AssignTarget, Class, ClassExpr, ClassMember, ClassProp, Expr,
    Ident, IdentName, KeyValueProp, Module, ObjectLit, Pat, Prop, PropName, PropOrSpread, SimpleAssignTarget,
    ThisExpr, VarDeclarator,
};
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use super::super::ast;
use super::super::print::{Minification, NameMarks};
use crate::base::{is_identifier_name, is_unbindable};

/// Names the classes that rewriting would take the name from.
pub(super) fn keep(module: &mut Module, marks: NameMarks, minification: Minification) {
    module.visit_mut_with(&mut Namer { marks, minification });
}

/// `_class = class {}` would call a class `_class` that has no name. To be called when rewriting has named things with
/// contexts newer than `last_of_source`.
pub(super) fn keep_namelessness(module: &mut Module, last_of_source: SyntaxContext) {
    module.visit_mut_with(&mut Nameless { last_of_source });
}

struct Namer {
    marks: NameMarks,
    minification: Minification,
}

impl Namer {
    fn name(&self, value: &mut Expr, name: &Atom) {
        match value {
            Expr::Paren(parenthesized) => self.name(&mut parenthesized.expr, name),
            Expr::Class(class) if class.ident.is_none() && has_static_parts(class) => {
                self.name_class(class, name);
            }
            _ => {}
        }
    }

    fn name_class(&self, class: &mut ClassExpr, name: &Atom) {
        let mut mention = Mention {
            name,
            is_found: false,
        };
        class.visit_with(&mut mention);
        // The compressor drops names of classes that nobody uses.
        if self.minification == Minification::Off && !mention.is_found && is_identifier(name) {
            let context = SyntaxContext::empty().apply_mark(Mark::new());
            class.ident = Some(ast::ident(name, context));
            return;
        }
        tell_name(&mut class.class, name, self.marks);
    }
}

/// Tells a class its name before all else.
pub(super) fn tell_name(class: &mut Class, name: &Atom, marks: NameMarks) {
    let unresolved = SyntaxContext::empty().apply_mark(marks.unresolved);
    let define = ast::member(ast::global("Object", unresolved), &"defineProperty".into());
    let property = |key: &str, value| {
        PropOrSpread::Prop(Box::new(Prop::KeyValue(KeyValueProp {
            key: PropName::Ident(IdentName::new(key.into(), DUMMY_SP)),
            value: Box::new(value),
        })))
    };
    let description = Expr::Object(ObjectLit {
        span: DUMMY_SP,
        props: vec![
            property("value", ast::string(name)),
            property("configurable", Expr::Lit(true.into())),
        ],
    });
    let this = Expr::This(ThisExpr { span: DUMMY_SP });
    let call = ast::call(define, vec![this, ast::string("name"), description]);
    class
        .body
        .insert(0, ast::static_block(vec![ast::statement(call)]));
}

fn has_static_parts(class: &ClassExpr) -> bool {
    class.class.body.iter().any(|member| match member {
        ClassMember::StaticBlock(_) => true,
        ClassMember::ClassProp(field) => field.is_static,
        ClassMember::PrivateProp(field) => field.is_static,
        ClassMember::PrivateMethod(method) => method.is_static,
        // A class that is called `name` itself has no other name.
        _ => false,
    })
}

fn property_name(key: &PropName) -> Option<Atom> {
    match key {
        PropName::Ident(name) => Some(name.sym.clone()),
        PropName::Str(text) => text.value.as_str().map(Atom::from),
        _ => None,
    }
}

impl VisitMut for Namer {
    noop_visit_mut_type!();

    fn visit_mut_var_declarator(&mut self, node: &mut VarDeclarator) {
        node.visit_mut_children_with(self);
        if let (Pat::Ident(name), Some(value)) = (&node.name, &mut node.init) {
            self.name(value, &name.id.sym);
        }
    }

    fn visit_mut_assign_expr(&mut self, node: &mut AssignExpr) {
        node.visit_mut_children_with(self);
        if let AssignTarget::Simple(SimpleAssignTarget::Ident(name)) = &node.left {
            self.name(&mut node.right, &name.id.sym);
        }
    }

    fn visit_mut_assign_pat(&mut self, node: &mut AssignPat) {
        node.visit_mut_children_with(self);
        if let Pat::Ident(name) = &*node.left {
            self.name(&mut node.right, &name.id.sym);
        }
    }

    fn visit_mut_assign_pat_prop(&mut self, node: &mut AssignPatProp) {
        node.visit_mut_children_with(self);
        if let Some(value) = &mut node.value {
            self.name(value, &node.key.id.sym);
        }
    }

    fn visit_mut_key_value_prop(&mut self, node: &mut KeyValueProp) {
        node.visit_mut_children_with(self);
        if let Some(name) = property_name(&node.key).filter(|name| name != "__proto__") {
            self.name(&mut node.value, &name);
        }
    }

    fn visit_mut_class_prop(&mut self, node: &mut ClassProp) {
        node.visit_mut_children_with(self);
        if let (Some(name), Some(value)) = (property_name(&node.key), &mut node.value) {
            self.name(value, &name);
        }
    }
}

struct Nameless {
    last_of_source: SyntaxContext,
}

impl VisitMut for Nameless {
    noop_visit_mut_type!();

    fn visit_mut_assign_expr(&mut self, node: &mut AssignExpr) {
        node.visit_mut_children_with(self);
        if let AssignTarget::Simple(SimpleAssignTarget::Ident(name)) = &node.left
            && name.id.ctxt.as_u32() > self.last_of_source.as_u32()
            && matches!(&*node.right, Expr::Class(class) if class.ident.is_none())
        {
            let class = node.right.take();
            *node.right = ast::sequence(vec![ast::number(0.0), *class]);
        }
    }
}

/// Whether a name is used.
struct Mention<'a> {
    name: &'a Atom,
    is_found: bool,
}

impl Visit for Mention<'_> {
    noop_visit_type!();

    fn visit_ident(&mut self, node: &Ident) {
        self.is_found |= node.sym == *self.name;
    }
}

fn is_identifier(name: &Atom) -> bool {
    is_identifier_name(name) && !is_unbindable(name)
}
