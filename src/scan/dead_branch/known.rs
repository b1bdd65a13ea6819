//! What an expression is known to be.

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
        self.names.is_empty() && self.members.is_empty()
    }

    /// Notes what a name is.
    pub fn add(&mut self, name: Id, value: &KnownValue) {
        self.names.insert(name, Known::of(value));
    }

    /// Notes what a member is.
    pub fn add_member(&mut self, object: Id, path: MemberPath, value: &KnownValue) {
        self.members.insert((object, path), Known::of(value));
    }
}
