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
