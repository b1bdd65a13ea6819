//! Dense indexes. Inner loops index vectors with these; strings are hashed only while scanning.

use oxc_index::define_index_type;

define_index_type! {
    /// A source module of the graph, numbered depth-first from the entries.
    pub struct ModuleId = u32;
}
define_index_type! {
    /// A specifier that stays an import of the output.
    pub struct ExternalId = u32;
}
define_index_type! {
    /// An import record within its module.
    pub struct RecordId = u32;
}
define_index_type! {
    /// A module-level binding within its module.
    pub struct LocalId = u32;
}
define_index_type! {
    /// A top-level statement within its module.
    pub struct StatementId = u32;
}

/// The request that a number in the code stands for: scanning writes it as the argument of `import()` and `require()`.
pub fn record_number(value: f64) -> Option<RecordId> {
    let is_whole = value >= 0.0 && value.fract() == 0.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "scanning wrote the number from a u32"
    )]
    is_whole.then(|| RecordId::from_raw(value as u32))
}
