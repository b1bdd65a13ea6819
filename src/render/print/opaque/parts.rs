//! Parts of literals and sides of comparisons.

use swc_core::ecma::ast::{BinExpr, Expr, MemberExpr, MemberProp, Prop, PropOrSpread, UnaryOp};

use super::big_integers::side_beside_integer;
use super::questions::{
    Kind, compared_object, converts, is_exchanged, is_joined, is_plain, kind_of, may_fail,
    operand_in_its_place,
};
use super::{Hider, write_out_global};
use crate::render::print::effects::has_effects;

impl Hider {
    /// Of values of two kinds it is known that they differ.
    pub(super) fn compared(&mut self, binary: &mut BinExpr) {
        for side in [&mut binary.left, &mut binary.right] {
            if matches!(&**side, Expr::Unary(unary) if unary.op == UnaryOp::Delete) {
                self.hide(side);
            }
        }
        if let (Some(left), Some(right)) = (kind_of(&binary.left), kind_of(&binary.right))
            && left != right
        {
            self.discarded(&mut binary.left);
            self.discarded(&mut binary.right);
        } else if kind_of(&binary.left) == Some(Kind::Object) {
            self.discarded(&mut binary.left);
        } else if kind_of(&binary.right) == Some(Kind::Object) {
            self.discarded(&mut binary.right);
        }
        if let Some(side) = side_beside_integer(binary) {
            self.hide(side);
        }
        if converts(&binary.left) {
            self.joined(&mut binary.right);
        } else if converts(&binary.right) {
            self.joined(&mut binary.left);
        }
    }

    /// Operands that are asked where they stand, and compared as what they are.
    pub(super) fn operands_in_their_places(&mut self, binary: &mut BinExpr) {
        if let Some(object) = compared_object(binary) {
            self.hide(object);
        }
        if let Some(operand) = operand_in_its_place(binary) {
            self.hide(operand);
        }
        if is_exchanged(binary) && self.asks_objects(&binary.left) {
            self.hide(&mut binary.left);
        }
        if is_joined(binary) && !is_plain(&binary.left) && self.asks_objects(&binary.right) {
            self.hide(&mut binary.right);
        }
    }

    /// Of a literal that a function returns the compressor may take another part.
    pub(super) fn part_of_literal(&mut self, part: &mut Expr) {
        if matches!(part, Expr::Class(class) if may_fail(&class.class, self.watched_depth)) {
            self.hide(part);
        }
    }

    /// `name` or `length` of a function.
    pub(super) fn is_read_only(&self, member: &MemberExpr) -> bool {
        matches!(&*member.obj, Expr::Ident(name) if self.needed.is_function(name))
            && matches!(&member.prop, MemberProp::Ident(name) if matches!(&*name.sym, "name" | "length"))
    }

    /// A property of what nobody needs. Its key becomes a text.
    pub(super) fn is_given_in_vain(&self, member: &MemberExpr) -> bool {
        !self.needed.start_of(member)
            && matches!(&member.prop, MemberProp::Computed(key)
                if !is_plain(&key.expr) && (self.is_asked(&key.expr) || has_effects(&key.expr)))
    }

    pub(super) fn property_of_literal(&mut self, property: &mut PropOrSpread) {
        self.found |= write_out_global(property, self.context);
        if let PropOrSpread::Prop(property) = property
            && let Prop::KeyValue(pair) = &mut **property
        {
            self.part_of_literal(&mut pair.value);
        }
        // Primitive values have nothing that could be copied.
        if let PropOrSpread::Spread(spread) = property
            && converts(&spread.expr)
        {
            self.discarded(&mut spread.expr);
        }
    }
}

/// `array[key]`, `array.length`.
pub(super) fn may_be_element(property: &MemberProp) -> bool {
    match property {
        MemberProp::Ident(name) => name.sym == *"length",
        MemberProp::Computed(_) => true,
        MemberProp::PrivateName(_) => false,
    }
}
