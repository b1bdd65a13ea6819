//! The module graph as plain data: what one source file says of itself ([`ModuleSyntax`]), and how files
//! are connected on one side ([`ModuleGraph`]). `scan` writes it; `bind` and everything after read it.

mod comments;
mod commonjs;
mod demands;
mod ids;
mod import_needs;
mod kept_answer;
pub(crate) mod kept_form;
mod lazy;
mod module;
mod resource;
mod rests;
mod statement_form;
mod syntax;

pub use comments::{ModuleComments, is_legal, mentions_kept_comment};
pub use commonjs::{
    CommonJsExports, ExportAlias, ExportsObject, ExportsOf, ExportsPart, ExportsRead, ExportsUse,
    HoistedCommonJs, OwnExports,
};
pub use demands::{Argument, Asked, CallNeeds, Construction, Demand, Replaces};
pub use ids::{ExternalId, LocalId, ModuleId, RecordId, StatementId, record_number};
pub use import_needs::{Condition, ImportNeeds, ImportPath, Promise, Shape};
pub use kept_answer::SharedAnswers;
pub use lazy::{KeptModule, LazyTree, SourceText, TreeForm};
pub use module::{EntryKind, EntryPoint, External, Module, ModuleGraph, ModuleOrigin, Target};
pub use resource::{
    DeliveredFile, DeliveredSheet, Resource, StyleConditions, StyleImport, StylePart, StylePosition,
    StyleSheet, StyleTarget, StyleText, URL_PLACEHOLDER_START, url_placeholder,
};
pub use rests::Rests;
pub use statement_form::{Renaming, StatementForm, StatementKind};
pub use syntax::{
    AskedName, Constant, DECORATE, DelicateNames, ExportBinding, ExportTarget, Features, IMPORT_BY_NAME,
    ImportMetaUse, ImportRecord, ImportedName, KEEP_NAME, KnownValue, MAP_ARGUMENT, MemberPath,
    MembersUntilSet, ModuleFormat, ModuleSyntax, NAMES_SOURCE_MAP, NamedImport, NamespaceQuestions,
    PROPERTY_KEY, Parameter, REQUIRE_BY_NAME, RequestSyntax, RestOf, StatementFacts, SyntaxTree,
    TopLevelSymbol, UntilSet,
};
