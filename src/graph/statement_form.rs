//! What of the form of a statement is asked for where its tree is not needed.

use serde::{Deserialize, Serialize};

use super::ids::LocalId;

/// The form of a top-level statement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementForm {
    /// What it declares.
    pub kind: StatementKind,
    /// Whether nothing that it contains runs with it.
    pub only_defines: bool,
    /// Whether all that it does is to make functions, whose code runs later.
    pub only_holds_functions: bool,
    /// How many bytes of the source it is.
    pub length: u32,
    /// `const name = other`, where both are names of the module.
    pub renames: Option<Renaming>,
    /// Imports that running it reads, other than in functions that it makes; only of CommonJS modules that were written as ES
    /// modules.
    pub read_at_once: Vec<LocalId>,
}

/// What a statement is, as far as anybody asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum StatementKind {
    /// The declaration of a function, which is there before anything runs.
    Function,
    /// The declaration of a class.
    Class,
    /// Anything else.
    #[default]
    Other,
}

/// A variable that is declared as another name of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renaming {
    /// The variable.
    pub name: LocalId,
    /// What it is.
    pub other: LocalId,
    /// Whether it stays that.
    pub is_constant: bool,
}

impl StatementForm {
    /// Whether it declares a function.
    pub fn is_function(&self) -> bool {
        self.kind == StatementKind::Function
    }
}
