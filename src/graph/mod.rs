//! The module graph as plain data: what one source file says of itself ([`ModuleSyntax`]), and how files
//! are connected on one side ([`ModuleGraph`]). `scan` writes it; `bind` and everything after read it.

mod comments;
mod commonjs;
mod ids;
mod module;
mod syntax;

pub use comments::{ModuleComments, mentions_kept_comment};
pub use commonjs::{CommonJsExports, ExportsPart};
pub use ids::{ExternalId, LocalId, ModuleId, RecordId, StatementId};
pub use module::{EntryKind, EntryPoint, External, Module, ModuleGraph, ModuleOrigin, Target};
pub use syntax::{
    ExportBinding, ExportTarget, Features, ImportRecord, ImportedName, KEEP_NAME, MemberPath, ModuleFormat,
    ModuleSyntax, NamedImport, RequestSyntax, StatementFacts, SyntaxTree, TopLevelSymbol,
};
