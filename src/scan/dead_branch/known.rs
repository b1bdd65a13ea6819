//! What an expression is known to be.

use fixedbitset::FixedBitSet;
use swc_core::atoms::Wtf8Atom;
use swc_core::ecma::ast::Id;

use super::KnownNames;
use crate::graph::{KnownValue, MemberPath};

/// A value known without running anything.
#[derive(Debug, Clone, PartialEq)]
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
        let members = self.members.iter();
        let members = members.map(|(member, value)| format!("{member:?} {value:?}"));
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
        self.members.insert((object, path), Known::of(value));
    }
}
