//! What is worth saying without being a finding of the protocol.

use super::Location;

/// Something the user should know that no code stands for: it is told on standard error, never listed among
/// diagnostics, and changes no exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What is the case, one or two sentences.
    pub message: String,
    /// What the user can do about it.
    pub fix: String,
    /// Where, when there is a place.
    pub location: Option<Location>,
}
