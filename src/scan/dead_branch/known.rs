//! What an expression is known to be.

use fixedbitset::FixedBitSet;
use serde::{Deserialize, Serialize};
use swc_core::atoms::{Atom, Wtf8Atom};
use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{Expr, Id, Lit, Null, Str};

use super::KnownNames;
use crate::graph::{Constant, KnownValue, MemberPath};

/// A value known without running anything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "KnownValue", into = "KnownValue")]
pub(super) enum Known {
    Undefined,
    Null,
    Boolean(bool),
    Number(f64),
    Text(Wtf8Atom),
    /// Some function.
    Function,
    /// Some object that is no function.
    Object,
}

impl From<KnownValue> for Known {
    fn from(value: KnownValue) -> Self {
        Self::of(&value)
    }
}

/// Of what is said of names, which is always one.
impl From<Known> for KnownValue {
    fn from(known: Known) -> Self {
        Self::Constant(match known {
            Known::Undefined => Constant::Undefined,
            Known::Null => Constant::Null,
            Known::Boolean(value) => Constant::Boolean(value),
            Known::Number(value) => Constant::Number(value.to_bits()),
            Known::Text(text) => Constant::Text(text.to_string_lossy().into()),
            Known::Function => return Self::Function,
            Known::Object => return Self::Object,
        })
    }
}

impl Known {
    pub fn of(value: &KnownValue) -> Self {
        match value {
            KnownValue::Constant(Constant::Undefined) => Self::Undefined,
            KnownValue::Constant(Constant::Null) => Self::Null,
            KnownValue::Constant(Constant::Boolean(value)) => Self::Boolean(*value),
            KnownValue::Constant(Constant::Number(bits)) => Self::Number(f64::from_bits(*bits)),
            KnownValue::Constant(Constant::Text(text)) => Self::Text(text.clone().into()),
            KnownValue::Function => Self::Function,
            KnownValue::Enum(_) | KnownValue::Object => Self::Object,
        }
    }

    pub fn to_constant(&self) -> Option<Constant> {
        Some(match self {
            Self::Undefined => Constant::Undefined,
            Self::Null => Constant::Null,
            Self::Boolean(value) => Constant::Boolean(*value),
            Self::Number(value) => Constant::Number(value.is_finite().then(|| value.to_bits())?),
            Self::Text(text) => Constant::Text(text.as_str()?.into()),
            Self::Function | Self::Object => return None,
        })
    }

    /// As a short expression, if there is one.
    pub fn written(&self) -> Option<Expr> {
        Some(match self {
            Self::Undefined => *Expr::undefined(DUMMY_SP),
            Self::Null => Expr::Lit(Lit::Null(Null { span: DUMMY_SP })),
            Self::Boolean(value) => Expr::Lit(Lit::Bool((*value).into())),
            Self::Number(value) if *value == 0.0 && value.is_sign_positive() => {
                Expr::Lit(Lit::Num((*value).into()))
            }
            Self::Text(text) if text.is_empty() => Expr::Lit(Lit::Str(Str {
                span: DUMMY_SP,
                value: text.clone(),
                raw: None,
            })),
            _ => return None,
        })
    }

    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Undefined | Self::Null => false,
            Self::Boolean(value) => *value,
            Self::Number(value) => *value != 0.0 && !value.is_nan(),
            Self::Text(text) => !text.is_empty(),
            Self::Function | Self::Object => true,
        }
    }

    pub fn is_nullish(&self) -> bool {
        matches!(self, Self::Undefined | Self::Null)
    }

    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Null | Self::Object => "object",
            Self::Function => "function",
            Self::Boolean(_) => "boolean",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
        }
    }

    /// `===`; none for two objects, which may be the same.
    pub fn equals(&self, other: &Self) -> Option<bool> {
        let is_object = |value: &Self| matches!(value, Self::Function | Self::Object);
        (!(is_object(self) && is_object(other)) || self != other).then(|| self == other)
    }

    /// `==` where no conversion is needed; none where it is.
    pub fn loosely_equals(&self, other: &Self) -> Option<bool> {
        if self.is_nullish() || other.is_nullish() {
            return Some(self.is_nullish() && other.is_nullish());
        }
        if self.type_name() == other.type_name() {
            self.equals(other)
        } else {
            None
        }
    }
}

impl KnownNames {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.late.is_empty() && self.members.is_empty()
    }

    /// As a text that is the same for the same names and values.
    pub(in crate::scan) fn written(&self) -> String {
        let names = self
            .names
            .iter()
            .map(|(name, value)| format!("{name:?} {value:?}"));
        let late = self.late.iter().map(|(name, (value, statements))| {
            let statements: Vec<usize> = statements.ones().collect();
            format!("{name:?} {value:?} {statements:?}")
        });
        let members = self.members.iter().map(|(member, (value, statements))| {
            let statements: Option<Vec<usize>> = statements.as_ref().map(|these| these.ones().collect());
            format!("{member:?} {value:?} {statements:?}")
        });
        let mut lines: Vec<String> = names.chain(late).chain(members).collect();
        lines.sort_unstable();
        lines.join("\n")
    }

    /// Notes what a name is.
    pub fn add(&mut self, name: Id, value: &KnownValue) {
        self.names.insert(name, Known::of(value));
    }

    /// Notes what a name is in statements of these numbers.
    pub fn add_after(&mut self, name: Id, value: &KnownValue, statements: FixedBitSet) {
        self.late.insert(name, (Known::of(value), statements));
    }

    /// What a name is in the code that is looked at.
    pub(super) fn of_name(&self, name: &Id, statement: Option<usize>) -> Option<Known> {
        if let Some(known) = self.names.get(name) {
            return Some(known.clone());
        }
        let (known, statements) = self.late.get(name)?;
        statement
            .is_some_and(|statement| statements.contains(statement))
            .then(|| known.clone())
    }

    /// Notes what a member is.
    pub fn add_member(&mut self, object: Id, path: MemberPath, value: &KnownValue) {
        self.members.insert((object, path), (Known::of(value), None));
    }

    /// Notes what members of an object are, in statements of these numbers if not everywhere.
    pub fn add_members(
        &mut self,
        object: &Id,
        members: &[(Atom, Constant)],
        statements: Option<&FixedBitSet>,
    ) {
        for (name, value) in members {
            let known = Known::of(&KnownValue::Constant(value.clone()));
            self.members
                .insert((object.clone(), vec![name.clone()]), (known, statements.cloned()));
        }
    }

    /// What a member is in the code that is looked at.
    pub(super) fn of_member(&self, object: Id, path: MemberPath, statement: Option<usize>) -> Option<Known> {
        let (known, statements) = self.members.get(&(object, path))?;
        let is_set = statements
            .as_ref()
            .is_none_or(|statements| statement.is_some_and(|statement| statements.contains(statement)));
        is_set.then(|| known.clone())
    }
}
