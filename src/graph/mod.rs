//! The module graph as plain data: what one source file says of itself ([`ModuleSyntax`]), and how files
//! are connected on one side ([`ModuleGraph`]). `scan` writes it; `bind` and everything after read it.

mod ids;
mod module;
mod syntax;

pub use ids::{ExternalId, LocalId, ModuleId, RecordId, StatementId};
pub use module::{EntryKind, EntryPoint, External, Module, ModuleGraph, ModuleOrigin, Target};
pub use syntax::{
    CommonJsExports, ExportBinding, ExportTarget, Features, ImportRecord, ImportedName, ModuleFormat,
    ModuleSyntax, NamedImport, RequestSyntax, StatementFacts, SyntaxTree, TopLevelSymbol,
};
