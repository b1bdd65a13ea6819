//! Members of enums whose values are known only when they are computed.
//!
//! ```ts
//! enum Size { One = measure(), Two = Size.One }       // `measure` is called once
//! enum Path { Home = `${base}/home` }                 // a text has no name: nothing in `Path[…]` leads back to `Home`
//! ```
//!
//! The pass that removes types writes the value of `One` again where `Two` says its name, and takes the text for a number.

use rustc_hash::FxHashSet;
use swc_core::atoms::{Atom, Wtf8Atom};
use swc_core::common::DUMMY_SP;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, BinaryOp, Expr, Id, Lit, MemberExpr, MemberProp, ParenExpr, Program, TsEnumDecl,
    TsEnumMember, TsEnumMemberId,
};
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith as _, VisitWith as _, noop_visit_mut_type};

use super::side_effects::without_parentheses;

/// A member of an enum.
type Member = (Id, Atom);

/// Keeps the values of computed members where they are written. To be called before types are removed.
pub(super) fn keep_values(program: &mut Program) {
    let mut survey = Survey::default();
    program.visit_with(&mut survey);
    if !survey.computed.is_empty() {
        program.visit_mut_with(&mut Keeper {
            computed: survey.computed,
            is_in_enum: false,
        });
    }
}

/// Drops the names of members that are texts. To be called after types are removed.
pub(super) fn drop_names_of_texts(program: &mut Program) {
    program.visit_mut_with(&mut Texts::default());
}

/// Finds computed members.
#[derive(Default)]
struct Survey {
    computed: FxHashSet<Member>,
}

impl Visit for Survey {
    fn visit_ts_enum_decl(&mut self, node: &TsEnumDecl) {
        if node.declare {
            return;
        }
        let id = node.id.to_id();
        for member in &node.members {
            if (member.init.as_deref()).is_some_and(|value| !self.is_same_anywhere(&id, value)) {
                self.computed.insert((id.clone(), name_of(member)));
            }
        }
    }
}

impl Survey {
    /// Whether the value of a member of `id` has the same value wherever it is written.
    fn is_same_anywhere(&self, id: &Id, value: &Expr) -> bool {
        let is_same = |value: &Expr| self.is_same_anywhere(id, value);
        match value {
            Expr::Lit(_) => true,
            Expr::Ident(name) => !self.computed.contains(&(id.clone(), name.sym.clone())),
            Expr::Paren(inner) => is_same(&inner.expr),
            Expr::TsAs(inner) => is_same(&inner.expr),
            Expr::TsNonNull(inner) => is_same(&inner.expr),
            Expr::TsSatisfies(inner) => is_same(&inner.expr),
            Expr::TsTypeAssertion(inner) => is_same(&inner.expr),
            Expr::TsConstAssertion(inner) => is_same(&inner.expr),
            Expr::Unary(unary) => is_same(&unary.arg),
            Expr::Bin(binary) => is_same(&binary.left) && is_same(&binary.right),
            Expr::Tpl(template) => template.exprs.iter().all(|part| is_same(part)),
            Expr::Member(member) => match member_of(member) {
                Some(member) => !self.computed.contains(&member),
                None => is_same(&member.obj) && !member.prop.is_computed(),
            },
            _ => false,
        }
    }
}

fn name_of(member: &TsEnumMember) -> Atom {
    match &member.id {
        TsEnumMemberId::Ident(name) => name.sym.clone(),
        TsEnumMemberId::Str(name) => text_of(&name.value),
    }
}

fn text_of(text: &Wtf8Atom) -> Atom {
    text.to_string_lossy().as_ref().into()
}

/// Hides from the pass of which enum a computed member is asked.
struct Keeper {
    computed: FxHashSet<Member>,
    is_in_enum: bool,
}

impl VisitMut for Keeper {
    noop_visit_mut_type!();

    fn visit_mut_ts_enum_decl(&mut self, node: &mut TsEnumDecl) {
        let around = std::mem::replace(&mut self.is_in_enum, true);
        node.visit_mut_children_with(self);
        self.is_in_enum = around;
    }

    fn visit_mut_member_expr(&mut self, node: &mut MemberExpr) {
        node.visit_mut_children_with(self);
        if self.is_in_enum && member_of(node).is_some_and(|member| self.computed.contains(&member)) {
            *node.obj = Expr::Paren(ParenExpr {
                span: DUMMY_SP,
                expr: node.obj.take(),
            });
        }
    }
}

/// `A.b`, `A['b']`.
fn member_of(node: &MemberExpr) -> Option<Member> {
    let object = without_parentheses(&node.obj).as_ident()?.to_id();
    let name = match &node.prop {
        MemberProp::Ident(name) => name.sym.clone(),
        MemberProp::Computed(key) => match &*key.expr {
            Expr::Lit(Lit::Str(name)) => text_of(&name.value),
            Expr::Tpl(name) if name.exprs.is_empty() => text_of(name.quasis.first()?.cooked.as_ref()?),
            _ => return None,
        },
        MemberProp::PrivateName(_) => return None,
    };
    Some((object, name))
}

/// `A[A["b"] = …] = "b"`, as the pass writes it, where the value is a text.
#[derive(Default)]
struct Texts {
    members: FxHashSet<Member>,
}

impl Texts {
    fn is_text(&self, value: &Expr) -> bool {
        match value {
            Expr::Lit(literal) => matches!(literal, Lit::Str(_)),
            Expr::Tpl(_) => true,
            Expr::Paren(inner) => self.is_text(&inner.expr),
            Expr::Bin(binary) => {
                binary.op == BinaryOp::Add && (self.is_text(&binary.left) || self.is_text(&binary.right))
            }
            Expr::Member(member) => member_of(member).is_some_and(|member| self.members.contains(&member)),
            _ => false,
        }
    }
}

/// `A.b = …`
fn assigned_member(assignment: &AssignExpr) -> Option<Member> {
    member_of(assignment.left.as_simple()?.as_member()?)
}

/// The assignment of the value in `A[A["b"] = …] = "b"`.
fn value_of_member(node: &mut AssignExpr) -> Option<&mut Expr> {
    let is_name = matches!(&*node.right, Expr::Lit(Lit::Str(_)));
    if !node.span.is_dummy() || node.op != AssignOp::Assign || !is_name {
        return None;
    }
    let member = node.left.as_mut_simple()?.as_mut_member()?;
    let MemberProp::Computed(key) = &mut member.prop else {
        return None;
    };
    Some(&mut key.expr)
}

impl VisitMut for Texts {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        node.visit_mut_children_with(self);
        let Expr::Assign(assignment) = node else { return };
        if let Some(value) = value_of_member(assignment)
            && let Expr::Assign(inner) = value
            && inner.span.is_dummy()
            && let Some(member) = assigned_member(inner)
            && self.is_text(&inner.right)
        {
            self.members.insert(member);
            let value = value.take();
            *node = value;
        } else if assignment.span.is_dummy()
            && assignment.right.is_lit()
            && let Some(member) = assigned_member(assignment)
            && self.is_text(&assignment.right)
        {
            self.members.insert(member);
        }
    }
}
