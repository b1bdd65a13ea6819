//! What `emitDecoratorMetadata` tells of enums: `String` where all members are texts, `Number` where none is, else `Object`.
//!
//! ```ts
//! enum Size { small = 'S', large = `X${small}` }      // String
//! enum Size { none }                                  // with this block Object, and Number for `Size.none`
//! ```
//!
//! What is not known before it runs is a number, as TypeScript has it.

use rustc_hash::FxHashMap;
use swc_core::atoms::Atom;
use swc_core::ecma::ast::{
    BinExpr, BinaryOp, Expr, Id, Lit, MemberExpr, MemberProp, Pat, TsEnumDecl, TsEnumMemberId,
    TsKeywordTypeKind, UnaryOp, VarDecl, VarDeclKind,
};

/// How many names may stand for each other.
const DEPTH: usize = 16;

/// The enums of a file, and the constants that they may name.
#[derive(Default)]
pub(super) struct EnumTypes {
    members: FxHashMap<Id, Vec<Member>>,
    constants: FxHashMap<Id, Box<Expr>>,
}

/// A member of an enum.
struct Member {
    name: Atom,
    value: Option<Box<Expr>>,
}

/// What is known of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Text,
    Number,
}

impl EnumTypes {
    /// Notes one block of an enum.
    pub fn note_enum(&mut self, declaration: &TsEnumDecl) {
        let members = declaration.members.iter().map(|member| {
            let name = match &member.id {
                TsEnumMemberId::Ident(name) => name.sym.clone(),
                TsEnumMemberId::Str(name) => name.value.to_string_lossy().as_ref().into(),
            };
            Member {
                name,
                value: member.init.clone(),
            }
        });
        let all = self.members.entry(declaration.id.to_id()).or_default();
        all.extend(members);
    }

    /// Notes constants without types.
    pub fn note_constants(&mut self, variables: &VarDecl) {
        if variables.kind != VarDeclKind::Const {
            return;
        }
        for variable in &variables.decls {
            if let (Pat::Ident(name), Some(value)) = (&variable.name, &variable.init)
                && name.type_ann.is_none()
            {
                self.constants.insert(name.to_id(), value.clone());
            }
        }
    }

    /// The type of all values of an enum.
    pub fn type_of(&self, name: &Id) -> Option<TsKeywordTypeKind> {
        let members = self.members.get(name)?;
        let texts = members
            .iter()
            .filter(|member| self.is_text(name, member.value.as_deref()));
        Some(match texts.count() {
            0 => TsKeywordTypeKind::TsNumberKeyword,
            count if count == members.len() => TsKeywordTypeKind::TsStringKeyword,
            _ => TsKeywordTypeKind::TsAnyKeyword,
        })
    }

    /// The type of one member of an enum.
    pub fn type_of_member(&self, name: &Id, member: &Atom) -> Option<TsKeywordTypeKind> {
        let member = self.members.get(name)?.iter().find(|own| own.name == *member)?;
        Some(if self.is_text(name, member.value.as_deref()) {
            TsKeywordTypeKind::TsStringKeyword
        } else {
            TsKeywordTypeKind::TsNumberKeyword
        })
    }

    fn is_text(&self, name: &Id, value: Option<&Expr>) -> bool {
        value.is_some_and(|value| self.known(Some(name), value, DEPTH) == Some(Known::Text))
    }

    fn member(&self, name: &Id, member: &Atom, depth: usize) -> Option<Known> {
        let member = self.members.get(name)?.iter().find(|own| own.name == *member)?;
        match &member.value {
            None => Some(Known::Number),
            Some(value) => self.known(Some(name), value, depth.checked_sub(1)?),
        }
    }

    /// What is known of a value in an enum.
    fn known(&self, own: Option<&Id>, value: &Expr, depth: usize) -> Option<Known> {
        match value {
            Expr::Lit(Lit::Str(_)) => Some(Known::Text),
            Expr::Lit(Lit::Num(_)) => Some(Known::Number),
            Expr::Tpl(template) => {
                let mut parts = template.exprs.iter();
                parts
                    .all(|part| self.known(own, part, depth).is_some())
                    .then_some(Known::Text)
            }
            Expr::Paren(inner) => self.known(own, &inner.expr, depth),
            Expr::Unary(unary) if matches!(unary.op, UnaryOp::Plus | UnaryOp::Minus | UnaryOp::Tilde) => self
                .known(own, &unary.arg, depth)
                .filter(|known| *known == Known::Number),
            Expr::Bin(binary) => self.known_binary(own, binary, depth),
            Expr::Ident(name) => {
                let of_own = own.and_then(|own| self.member(own, &name.sym, depth));
                of_own.or_else(|| {
                    let constant = self.constants.get(&name.to_id())?;
                    self.known(None, constant, depth.checked_sub(1)?)
                })
            }
            Expr::Member(MemberExpr { obj, prop, .. }) => {
                let name = obj.as_ident()?.to_id();
                match prop {
                    MemberProp::Ident(member) => self.member(&name, &member.sym, depth),
                    MemberProp::Computed(key) => match &*key.expr {
                        Expr::Lit(Lit::Str(member)) => {
                            self.member(&name, &member.value.to_string_lossy().as_ref().into(), depth)
                        }
                        _ => None,
                    },
                    MemberProp::PrivateName(_) => None,
                }
            }
            _ => None,
        }
    }

    fn known_binary(&self, own: Option<&Id>, binary: &BinExpr, depth: usize) -> Option<Known> {
        let sides = [&binary.left, &binary.right].map(|side| self.known(own, side, depth));
        match (sides, binary.op) {
            ([Some(Known::Number), Some(Known::Number)], _) => Some(Known::Number),
            ([Some(_), Some(_)], BinaryOp::Add) => Some(Known::Text),
            _ => None,
        }
    }
}
