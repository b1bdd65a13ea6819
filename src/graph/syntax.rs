//! Everything about a source file that does not depend on other files or on the side: a pure function of
//! its bytes and the transform options, so that both sides (and later a cache) can share it.
//!
//! Import and export *syntax* is gone from the tree when this type exists: `export const a = 1` has become
//! `const a = 1` plus an [`ExportBinding`], `import {b} from 'c'` an [`ImportRecord`] plus a
//! [`NamedImport`], and the argument of a literal `import('d')` or `require('e')` has become the number of
//! its record, which is how `render` finds it again.

use std::sync::Arc;

use oxc_index::IndexVec;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use swc_core::atoms::Atom;
use swc_core::common::{Globals, Mark};
use swc_core::ecma::ast::{Id, Stmt};

use super::commonjs::{CommonJsExports, ExportsUse, HoistedCommonJs, OwnExports};
use super::ids::{LocalId, RecordId, StatementId};
use super::import_needs::{Condition, ImportNeeds, Shape};
use super::kept_answer::SharedAnswers;
use super::lazy::{LazyTree, SourceText};
use super::rests::Rests;
use super::statement_form::StatementForm;
use crate::base::{Digest, Pieces};
use crate::diagnostic::Diagnostic;

/// The function that `--keep-names` puts around functions: transforms write calls of it as of a global, chunks
/// that call it declare it.
pub const KEEP_NAME: &str = "__keepName";

/// The function that chooses among required modules by the name that is known when it runs: written like [`KEEP_NAME`].
pub const REQUIRE_BY_NAME: &str = "__requireByName";

/// The same for `import()`.
pub const IMPORT_BY_NAME: &str = "__importByName";

/// The function that makes an element of `arguments` and a parameter one variable: written like [`KEEP_NAME`].
pub const MAP_ARGUMENT: &str = "__mapArgument";

/// The function that applies the decorators of a class: written like [`KEEP_NAME`].
pub const DECORATE: &str = "__decorate";

/// The function that gives the key of a property for a value: written like [`KEEP_NAME`].
pub const PROPERTY_KEY: &str = "__propertyKey";

/// What a module is to the binder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ModuleFormat {
    /// Has ES module semantics.
    EsModule,
    /// Has `module`, `exports` and `require`; evaluated by a wrapper.
    CommonJs,
}

/// One source file after parsing and transforming. What is skipped is not written down: the reader has it from the file.
#[derive(Serialize, Deserialize)]
pub struct ModuleSyntax {
    /// What all of this is made of, and nothing else: where two are equal, so are the modules, also in another process. None
    /// where that is not known.
    #[serde(skip)]
    pub identity: Option<Digest>,
    /// Where answers about it are kept.
    #[serde(skip)]
    pub kept_in: Option<Arc<dyn Pieces>>,
    /// The text positions refer to.
    #[serde(skip)]
    pub source: SourceText,
    /// How the file behaves when imported.
    pub format: ModuleFormat,
    /// Statements and what is needed to print them.
    #[serde(skip)]
    pub tree: LazyTree,
    /// Every request, in source order; static imports come before the requests inside statements.
    pub records: IndexVec<RecordId, ImportRecord>,
    /// Module-level bindings, imports included.
    pub symbols: IndexVec<LocalId, TopLevelSymbol>,
    /// From SWC's identity to ours.
    #[serde(with = "super::kept_form::ids")]
    pub symbol_of: FxHashMap<Id, LocalId>,
    /// Which bindings are imports, and of what.
    pub imports: FxHashMap<LocalId, NamedImport>,
    /// Explicit exports in source order.
    pub exports: Vec<ExportBinding>,
    /// `export * from` requests in source order.
    pub star_exports: Vec<RecordId>,
    /// Facts per statement of `tree`, same order.
    pub statements: IndexVec<StatementId, StatementFacts>,
    /// The forms of the statements, same order.
    pub forms: IndexVec<StatementId, StatementForm>,
    /// Bindings that conditions mention.
    pub deciding: FxHashSet<LocalId>,
    /// Members of imports that are called as methods: `ns.name()`.
    pub called_members: FxHashSet<(LocalId, MemberPath)>,
    /// What static analysis knows of a CommonJS module's exports; empty for ES modules.
    pub commonjs: CommonJsExports,
    /// How a CommonJS module writes its exports.
    pub own_exports: OwnExports,
    /// A CommonJS module written as an ES module, where that is possible. `bind` decides which form counts.
    #[serde(with = "super::kept_form::form")]
    pub hoisted_form: Option<Arc<ModuleSyntax>>,
    /// What is known of such a form.
    pub hoisted: Option<HoistedCommonJs>,
    /// Where branches of a module were left out: what it was.
    #[serde(skip)]
    pub rest_of: Option<RestOf>,
    /// What was left of it in other graphs of this process.
    #[serde(skip)]
    pub rests: Rests,
    /// What other graphs of this process have asked about it.
    #[serde(skip)]
    pub answers: SharedAnswers,
    /// Names bound below module level; a chunk-level name must not be captured by one.
    pub nested_names: FxHashSet<Atom>,
    /// Free names (globals); a chunk-level name must not hide one.
    pub global_names: FxHashSet<Atom>,
    /// Names that stood for types in TypeScript.
    pub type_names: FxHashSet<Atom>,
    /// Rarely needed facts.
    pub features: Features,
    /// What the file gives beside code.
    #[serde(skip)]
    pub resource: Option<super::resource::Resource>,
    /// Warnings and errors of the file itself, with positions.
    #[serde(skip)]
    pub diagnostics: Vec<Diagnostic>,
}

/// A module of which branches were left out.
#[derive(Clone)]
pub struct RestOf {
    /// All of it.
    pub whole: Arc<ModuleSyntax>,
    /// What decided about branches, as `scan` writes it down.
    pub known: Arc<[u8]>,
}

/// The statements and their printing environment.
pub struct SyntaxTree {
    /// Top-level statements without import and export syntax.
    pub statements: IndexVec<StatementId, Stmt>,
    /// The hygiene data the tree's marks live in.
    pub globals: Arc<Globals>,
    /// Marks free names.
    pub unresolved_mark: Mark,
    /// Marks the module's own top-level names.
    pub top_level_mark: Mark,
    /// Comments by position.
    pub comments: super::comments::ModuleComments,
}

/// Rare properties that change how a module is rendered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "independent observations")]
pub struct Features {
    /// `await` outside a function.
    pub has_top_level_await: bool,
    /// `require` used other than `require('literal')`: needs a value for it.
    pub uses_require_value: bool,
    /// Has neither module syntax nor words of CommonJS, where nothing says which it is: Node takes it for CommonJS, whose
    /// `module.exports` stays empty. Here it is an ES module that has that object as `default`.
    pub is_plain_script: bool,
    /// `require()` gives what it exports as `default`, as of a script that is no module, or of the URL of a file.
    pub is_required_as_default: bool,
    /// An ES module of TypeScript with `export =`: what it exports as `module.exports` is only for `require()`.
    pub assigns_exports: bool,
    /// `module` used other than `module.exports`.
    pub uses_module_object: bool,
    /// `arguments` outside functions of a CommonJS module: those of the function that Node makes of it.
    pub uses_module_arguments: bool,
    /// `require.cache`.
    pub uses_module_cache: bool,
    /// `require.main` of a CommonJS module.
    pub uses_main_module: bool,
    /// A direct `eval` or `with`: every name may be looked up dynamically.
    pub has_dynamic_scope: bool,
    /// A CommonJS module that says what only sloppy code can say.
    pub runs_sloppily: bool,
    /// What it does with `import.meta`.
    pub import_meta: ImportMetaUse,
    /// A JSON file: `default` is the value, and its properties can be imported by name.
    pub is_json: bool,
    /// Whether there may be code in it that means something, but hardly what its author wanted.
    pub may_be_suspicious: bool,
    /// The request of a CommonJS module that does nothing but pass another one on.
    pub passes_on: Option<RecordId>,
    /// First line `#!…`.
    pub hashbang: Option<Atom>,
    /// What it says before its first statement, as `use client`; `use strict` says nothing in an ES module.
    pub directives: Vec<Atom>,
    /// Bindings, and members of imports, that elements of JSX are called by, where JSX is kept.
    pub element_names: Vec<(LocalId, MemberPath)>,
    /// The text was made from a file that is no script: positions in it say nothing about the file.
    pub is_generated: bool,
    /// Nothing of it is left out.
    pub keeps_everything: bool,
    /// The text has [`NAMES_SOURCE_MAP`] somewhere: a comment of it may name the source map that it came with.
    pub may_name_source_map: bool,
}

/// What stands in a comment before the URL of a source map (ECMA-426 §11.1).
pub const NAMES_SOURCE_MAP: &str = "sourceMappingURL=";

/// What a module does with its `import.meta`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ImportMetaUse {
    /// Nothing, or it reads properties that all modules of a file have in common.
    #[default]
    Nothing,
    /// Reads properties that somebody may have put there.
    Properties,
    /// Uses the object, or writes to it: that is the module's own matter.
    Object,
}

/// A primitive value that is known without running anything.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Constant {
    /// `undefined`
    Undefined,
    /// `null`
    Null,
    /// `true` and `false`
    Boolean(bool),
    /// The bits of a number.
    Number(u64),
    /// A string.
    Text(Atom),
}

/// What a binding of a module always is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum KnownValue {
    /// A primitive value.
    Constant(Constant),
    /// An enum, by its members.
    Enum(Vec<(Atom, Constant)>),
    /// A function or class.
    Function,
    /// An object that is no function.
    Object,
}

impl KnownValue {
    /// Whether it may be written where a name of it stands.
    pub fn is_written_out(&self) -> bool {
        matches!(self, Self::Constant(_) | Self::Enum(_))
    }
}

/// A parameter that decides something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Which it is.
    pub index: usize,
    /// SWC's identity.
    #[serde(with = "super::kept_form::id")]
    pub id: Id,
    /// What it is where nothing is given for it; none if that is not known.
    pub default: Option<Constant>,
    /// Whether the function may give it another value.
    pub is_assigned: bool,
}

/// A variable that only functions give another value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UntilSet {
    /// What it is declared as.
    pub value: Constant,
    /// The statements those functions are in.
    pub set_in: Vec<StatementId>,
}

/// Properties of an object that only some code gives other values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembersUntilSet {
    /// What they are declared as.
    pub members: Vec<(Atom, Constant)>,
    /// Methods that leave the object as it is, and hand it to nobody.
    pub keeping: Vec<Atom>,
    /// What is set, and the statement that code is in.
    pub set_in: Vec<(Atom, StatementId)>,
    /// The statements in which someone gets the object, who may set anything.
    pub handed_in: Vec<StatementId>,
}

/// Names of a module that a statement with effects uses or declares such that an effect may not show: setters, conversions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelicateNames {
    /// Effects hang on what these are.
    pub uses: Vec<LocalId>,
    /// These are called with nothing but literals.
    pub calls: Vec<LocalId>,
}

/// A module-level binding.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "independent observations")]
pub struct TopLevelSymbol {
    /// The name in the source or of the generated identifier.
    pub name: Atom,
    /// SWC's identity.
    #[serde(with = "super::kept_form::id")]
    pub id: Id,
    /// Whether reading it before its declaration ran throws: `let`, `const`, `class`.
    pub is_lexical: bool,
    /// Whether it is a function whose author promises that calls have no side effects.
    pub is_quiet: bool,
    /// Whether it is a class, or a function like one, of which instances are made without side effects.
    pub is_quiet_class: bool,
    /// Whether it is a function that gives each of its callers an object of his own, or a list or function, without setters.
    pub gives_objects: bool,
    /// Bindings that calling it, or making an instance of it, gives values or properties: nothing else can be observed.
    pub quiet_fills: Vec<LocalId>,
    /// What holds of it if imports of the module are what that needs.
    pub holds_if: Vec<Condition>,
    /// Whether it is a string, a number, a boolean, `null` or `undefined` from its declaration on.
    pub is_primitive: bool,
    /// Whether it is a number from its declaration on, or `undefined`.
    pub is_number: bool,
    /// Whether it is a symbol from its declaration on.
    pub is_symbol: bool,
    /// Whether it is an object from its declaration on that no class can extend: a literal, an arrow function, a generator.
    pub is_no_class: bool,
    /// Paths of so many names through the object literal that it is declared as lead where that says.
    pub path_length: usize,
    /// What it is as long as nobody does anything to it.
    pub shape: Shape,
    /// Whether it keeps the value that its only declaration gives it.
    pub is_fixed: bool,
    /// The `name` of the function or class that it is declared as, if it is one.
    pub function_name: Option<Atom>,
    /// What it is from its declaration on, where that never changes and is known.
    pub value: Option<KnownValue>,
    /// What it is from its declaration on, where only functions change that, and conditions may ask for it.
    pub until_set: Option<Box<UntilSet>>,
    /// The same of properties of the object that it is.
    pub members_until_set: Option<Box<MembersUntilSet>>,
    /// Parameters of the function that it is, which conditions ask for or something assigns to.
    pub parameters: Vec<Parameter>,
    /// Statements that declare it; empty for imports.
    pub declared_by: Vec<StatementId>,
    /// Statements that do nothing but give it a value or a property: they count where it is used.
    pub filled_by: Vec<StatementId>,
    /// How often the file mentions it; short names go to what is mentioned most.
    pub reference_count: u32,
}

/// The syntax that asked for another module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RequestSyntax {
    /// `import` or `export … from`.
    Static,
    /// `import('literal')`.
    Dynamic,
    /// `require('literal')`.
    Require,
    /// `require('literal')` inside `try`: may fail at run time without being an error of the build.
    RequireInTry,
    /// `require.resolve('literal')`: names a module and does not run it.
    RequireResolve,
    /// `new URL('./literal', import.meta.url)` and `url()` of a style sheet: names a file that is delivered.
    Asset,
    /// `new Worker(new URL('./literal', import.meta.url))`: names a module that runs elsewhere.
    Worker,
    /// `@import` of a style sheet.
    Style,
    /// The text of a whole style sheet as a string.
    StyleText,
}

impl RequestSyntax {
    /// Whether the importer evaluates the target, at once or by calling it.
    pub fn evaluates(self) -> bool {
        match self {
            Self::Static | Self::Require | Self::RequireInTry => true,
            Self::Dynamic
            | Self::RequireResolve
            | Self::Asset
            | Self::Worker
            | Self::Style
            | Self::StyleText => false,
        }
    }

    /// Whether the target is needed no later than the importer.
    pub fn is_immediate(self) -> bool {
        !matches!(self, Self::Dynamic | Self::RequireResolve)
    }

    /// Whether the target gets a file of its own that is loaded while the program runs.
    pub fn loads_later(self) -> bool {
        matches!(self, Self::Dynamic | Self::Worker)
    }
}

/// One request for another module.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportRecord {
    /// As written.
    pub specifier: Atom,
    /// Which syntax asked.
    pub syntax: RequestSyntax,
    /// Byte range of the specifier in `source`.
    pub span: (usize, usize),
    /// What the request takes the module for: the `json` of `with { type: 'json' }`.
    pub wanted_type: Option<Atom>,
    /// What else stands in `with { … }` of a static request, in its order.
    pub other_attributes: Vec<(Atom, Atom)>,
    /// An `import()` whose failure the code handles: that there is no such module is no error of the build.
    pub may_fail: bool,
    /// What an `import()` wants the file to be called.
    pub file_name: Option<Atom>,
    /// The names that an `import()` asks for, where it shows that it asks for no others; none where nobody takes what a
    /// `require()` gives.
    pub asked: Option<Vec<AskedName>>,
    /// Whether a static request was a `require()`, which gives `module.exports` itself.
    pub is_required: bool,
}

impl ImportRecord {
    /// Whether nobody takes what the request gives: it only runs the module.
    pub fn is_discarded(&self) -> bool {
        self.asked.as_ref().is_some_and(Vec::is_empty)
    }

    /// `with { type: 'json' }`: the module has one export, `default`.
    pub fn wants_json(&self) -> bool {
        self.wanted_type.as_deref() == Some("json")
    }
}

/// A name that an `import()` asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedName {
    /// The name of an export.
    pub name: Atom,
    /// Whether it may be called as a method of the namespace, which is then its `this`.
    pub is_method: bool,
}

/// What a local import binding stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NamedImport {
    /// The request.
    pub record: RecordId,
    /// The name asked for.
    pub imported: ImportedName,
    /// Byte range of the name in `source`.
    pub span: (usize, usize),
}

/// The name in `import { name }`, or the namespace in `import * as`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportedName {
    /// A named export, `default` included.
    Name(Atom),
    /// The namespace object.
    Namespace,
}

/// `export { … as name }` in any of its spellings.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportBinding {
    /// The exported name.
    pub name: Atom,
    /// What it is.
    pub target: ExportTarget,
    /// Byte range of the name in `source`.
    pub span: (usize, usize),
}

/// What an exported name refers to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum ExportTarget {
    /// A binding of this module (possibly an import).
    Local(LocalId),
    /// `export { imported as name } from` or `export * as name from`.
    Reexport(RecordId, ImportedName),
}

/// What tree shaking must know of one statement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementFacts {
    /// Module-level bindings it reads, calls or assigns.
    pub uses: Vec<LocalId>,
    /// Static member reads on imports: `ns.name`, `ns.inner.name`.
    pub member_uses: Vec<(LocalId, MemberPath)>,
    /// `'name' in import`.
    pub key_tests: Vec<(LocalId, Atom)>,
    /// Those of its uses that, if they are namespaces, are asked for what is in them, and given to nobody.
    pub only_asked: Vec<(LocalId, NamespaceQuestions)>,
    /// Requests inside it (`import()`, `require()`).
    pub records: Vec<RecordId>,
    /// Whether running it can be observed.
    pub has_side_effects: bool,
    /// The binding that it gives a value or a property, `binding.name = start()`, where making that is all that can be
    /// observed if nobody uses the binding.
    pub gives: Option<LocalId>,
    /// Names on which effects of it hang.
    pub delicate: DelicateNames,
    /// What imports must be for nothing of it to be observed, where that is all it takes.
    pub silent_if: Option<Box<ImportNeeds>>,
    /// Whether running it reads imports and does nothing else that can be observed: it throws where one of them has no
    /// value yet.
    pub may_read_too_early: bool,
    /// Imports that functions which it calls then may read, besides those that it names.
    pub early_reads: Vec<LocalId>,
    /// The import that a class which it declares extends: declaring the class throws where that is no class.
    pub extended: Option<LocalId>,
    /// Whether a function it declares reads its own `this`.
    pub uses_this: bool,
    /// Bindings of the module whose `name` it reads: `binding.name`.
    pub asked_names: Vec<LocalId>,
    /// What it does with exports of CommonJS modules, if anything.
    pub exports_use: Option<Box<ExportsUse>>,
}

/// What a namespace is asked for as a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamespaceQuestions {
    /// Any member: `ns[key]`.
    pub any: bool,
    /// A member that is called with the namespace as `this`: `ns[key]()`.
    pub called: bool,
    /// All members, symbols too: `{ ...ns }`.
    pub copied: bool,
}

impl NamespaceQuestions {
    /// `Object.keys(ns)`
    pub const NAMES: Self = Self {
        any: false,
        called: false,
        copied: false,
    };
    /// `ns[key]`
    pub const ANY: Self = Self {
        any: true,
        ..Self::NAMES
    };
    /// `ns[key]()`
    pub const CALLED: Self = Self {
        any: true,
        called: true,
        ..Self::NAMES
    };
    /// `{ ...ns }`
    pub const COPIED: Self = Self {
        copied: true,
        ..Self::NAMES
    };

    /// All that both ask.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            any: self.any || other.any,
            called: self.called || other.called,
            copied: self.copied || other.copied,
        }
    }
}

/// The names in `object.first.second`.
pub type MemberPath = Vec<Atom>;
