//! Private names are declared once by a class around their use, are not deleted, and stand alone only before `in`
//! (ECMA-262 §13.5.1.1, §13.10, §15.7.1).

use rustc_hash::FxHashMap;
use swc_core::atoms::Atom;
use swc_core::ecma::ast::{
    BinExpr, BinaryOp, Class, ClassMember, Expr, Key, MemberProp, MethodKind, OptChainBase, PrivateName,
    Program, UnaryExpr, UnaryOp,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::super::syntax_error::SyntaxProblem;

/// Adds what is wrong in `program`.
pub(super) fn find(program: &Program, problems: &mut Vec<SyntaxProblem>) {
    program.visit_with(&mut PrivateNames {
        classes: Vec::new(),
        problems,
    });
}

struct PrivateNames<'p> {
    /// What the classes around declare, the innermost last.
    classes: Vec<FxHashMap<Atom, Declared>>,
    problems: &'p mut Vec<SyntaxProblem>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Declared {
    kind: Option<MethodKind>,
    is_static: bool,
}

impl Declared {
    /// A getter and a setter may share a name.
    fn completes(self, other: Self) -> bool {
        self.is_static == other.is_static
            && matches!(
                (self.kind, other.kind),
                (Some(MethodKind::Getter), Some(MethodKind::Setter))
                    | (Some(MethodKind::Setter), Some(MethodKind::Getter))
            )
    }
}

/// The private name that a member declares. A method without a body is a signature in TypeScript.
fn declared_by(member: &ClassMember) -> Option<(&PrivateName, Declared)> {
    match member {
        ClassMember::PrivateMethod(method) if method.function.body.is_some() => {
            let kind = match method.kind {
                MethodKind::Method => None,
                other => Some(other),
            };
            let is_static = method.is_static;
            Some((&method.key, Declared { kind, is_static }))
        }
        ClassMember::PrivateProp(field) => {
            let is_static = field.is_static;
            Some((
                &field.key,
                Declared {
                    kind: None,
                    is_static,
                },
            ))
        }
        ClassMember::AutoAccessor(accessor) => match &accessor.key {
            Key::Private(key) => {
                let is_static = accessor.is_static;
                Some((
                    key,
                    Declared {
                        kind: None,
                        is_static,
                    },
                ))
            }
            Key::Public(_) => None,
        },
        _ => None,
    }
}

impl PrivateNames<'_> {
    fn declarations(&mut self, class: &Class) -> FxHashMap<Atom, Declared> {
        let mut names: FxHashMap<Atom, Declared> = FxHashMap::default();
        let mut completed: Vec<Atom> = Vec::new();
        for (key, declared) in class.body.iter().filter_map(declared_by) {
            let Some(first) = names.insert(key.name.clone(), declared) else {
                continue;
            };
            if declared.completes(first) && !completed.contains(&key.name) {
                completed.push(key.name.clone());
                continue;
            }
            self.problems.push(SyntaxProblem::new(
                key.span,
                format!("The class declares `#{}` twice", key.name),
                "Rename or remove one of the two.",
            ));
        }
        names
    }
}

/// Whether an expression ends in a private member: `a.#b`, `a?.b.#c`, in parentheses or not.
fn is_private_member(expression: &Expr) -> bool {
    match expression {
        Expr::Paren(inner) => is_private_member(&inner.expr),
        Expr::Member(member) => matches!(member.prop, MemberProp::PrivateName(_)),
        Expr::OptChain(chain) => match &*chain.base {
            OptChainBase::Member(member) => matches!(member.prop, MemberProp::PrivateName(_)),
            OptChainBase::Call(_) => false,
        },
        _ => false,
    }
}

impl Visit for PrivateNames<'_> {
    noop_visit_type!();

    fn visit_class(&mut self, node: &Class) {
        node.decorators.visit_with(self);
        node.super_class.visit_with(self);
        let names = self.declarations(node);
        self.classes.push(names);
        node.body.visit_with(self);
        self.classes.pop();
    }

    fn visit_private_name(&mut self, node: &PrivateName) {
        if !self.classes.iter().any(|names| names.contains_key(&node.name)) {
            self.problems.push(SyntaxProblem::new(
                node.span,
                format!("No class around this declares `#{}`", node.name),
                format!("Declare `#{}` in the class, or use a public name.", node.name),
            ));
        }
    }

    fn visit_bin_expr(&mut self, node: &BinExpr) {
        match &*node.left {
            Expr::PrivateName(name) if node.op == BinaryOp::In => self.visit_private_name(name),
            left => left.visit_with(self),
        }
        node.right.visit_with(self);
    }

    fn visit_expr(&mut self, node: &Expr) {
        if let Expr::PrivateName(name) = node {
            self.problems.push(SyntaxProblem::new(
                name.span,
                format!("`#{}` is no value of its own", name.name),
                format!("Write `this.#{0}`, or `#{0} in object` to ask for it.", name.name),
            ));
            return;
        }
        node.visit_children_with(self);
    }

    fn visit_unary_expr(&mut self, node: &UnaryExpr) {
        if node.op == UnaryOp::Delete && is_private_member(&node.arg) {
            self.problems.push(SyntaxProblem::new(
                node.span,
                "A private member cannot be deleted",
                "Set it to `undefined` instead.",
            ));
        }
        node.visit_children_with(self);
    }
}
