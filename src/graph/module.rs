//! Source modules of one side and how they are connected.

use std::path::PathBuf;
use std::sync::Arc;

use oxc_index::IndexVec;
use serde::{Deserialize, Serialize};
use swc_core::atoms::Atom;

use super::ids::{ExternalId, LocalId, ModuleId, RecordId};
use super::resource::{DeliveredFile, DeliveredSheet, Resource};
use super::syntax::ModuleSyntax;

/// Where a request leads on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// A source module that is bundled.
    Module(ModuleId),
    /// A specifier that stays an import of the output.
    External(ExternalId),
    /// `"browser": { "x": false }`: an empty object.
    Ignored,
    /// A `require()` inside `try` that resolves nowhere: throws when it runs.
    Missing,
}

/// A specifier that stays in the output: supplied by another module, a builtin, a URL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct External {
    /// What the output imports.
    pub specifier: Atom,
    /// Node's own module: `require()` of it goes through `createRequire`.
    pub is_builtin: bool,
    /// An optional package that is not installed: running the file that imports it fails.
    pub is_missing: bool,
    /// The `json` of `with { type: 'json' }`, which the output must say too.
    pub wanted_type: Option<Atom>,
    /// What else `with { … }` says.
    pub other_attributes: Vec<(Atom, Atom)>,
}

/// Which package a file belongs to; decides interop and names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ModuleOrigin {
    /// The module being built (the declaration's own sources).
    Own,
    /// An installed package that is bundled.
    Package {
        /// Its `name`.
        name: Atom,
    },
}

/// One source file on one side.
#[expect(clippy::struct_excessive_bools, reason = "independent observations")]
pub struct Module {
    /// Real path.
    pub path: PathBuf,
    /// Path that may appear in outputs: relative to the module directory, or from the last `node_modules`.
    pub stable_path: String,
    /// What the file says, shared between sides.
    pub syntax: Arc<ModuleSyntax>,
    /// Where each record leads.
    pub targets: IndexVec<RecordId, Target>,
    /// False when `package.json` promises `sideEffects: false` for this file.
    pub may_have_side_effects: bool,
    /// Whether modules that promise to have no effects pass on names of this one, which promises nothing: who uses a name
    /// through them makes this module run.
    pub runs_for_its_names: bool,
    /// `.mjs`, `.mts` or `"type": "module"`: imports CommonJS the way Node does.
    pub is_node_module_syntax: bool,
    /// Own source or installed package.
    pub origin: ModuleOrigin,
    /// The file that is made of a style sheet, once it is.
    pub sheet_file: Option<DeliveredSheet>,
    /// The variable that is `module.exports` of a CommonJS module that `bind` took out of its function, where not only names
    /// of it are imported.
    pub exports_object: Option<LocalId>,
    /// Whether others may do more with that object than read names of it.
    pub shows_exports_object: bool,
}

impl Module {
    /// The variable that is `module.exports`, where others may do anything with that.
    pub fn shown_object(&self) -> Option<LocalId> {
        self.exports_object.filter(|_| self.shows_exports_object)
    }

    /// The file that is delivered, if there is one.
    pub fn delivered(&self) -> Option<&DeliveredFile> {
        match (&self.syntax.resource, &self.sheet_file) {
            (Some(Resource::File(file)), _) => Some(file),
            (_, sheet) => sheet.as_ref().map(|sheet| &sheet.file),
        }
    }
}

/// Why an entry point exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntryKind {
    /// An export of the declaration or a framework entry: its exports are its signature.
    Export,
    /// An entry of plain bundling: its exports are what Node would show of it.
    Plain,
    /// A provided package: as `Export`, and CommonJS exposes its statically known names.
    Provided,
    /// The target of an `import()`.
    Dynamic,
}

/// A module whose exports are reachable from outside its chunk.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EntryPoint {
    /// Export name (`form/input`, `src/entry.client`, `vue`), or the file stem for dynamic targets.
    pub name: String,
    /// The module.
    pub module: ModuleId,
    /// Why it exists.
    pub kind: EntryKind,
    /// The names its file exports, where they are not simply those of the module: a provided package whose
    /// names depend on the mode exports the same in every mode.
    pub interface: Option<Vec<Atom>>,
}

impl EntryPoint {
    /// Whether a name of the module is one of the entry's file. `default` is no question of names.
    pub fn exposes(&self, name: &Atom) -> bool {
        *name == *"default"
            || self
                .interface
                .as_ref()
                .is_none_or(|interface| interface.contains(name))
    }
}

/// All source modules one side needs.
#[derive(Serialize, Deserialize)]
pub struct ModuleGraph {
    /// Depth-first from the entries. Whoever writes a graph down writes them down for themselves.
    #[serde(skip)]
    pub modules: IndexVec<ModuleId, Module>,
    /// In order of first use.
    pub externals: IndexVec<ExternalId, External>,
    /// Declared entries first, in declaration order, then dynamic ones in module order.
    pub entries: Vec<EntryPoint>,
    /// Whether its modules run where there is what browsers have.
    pub is_for_browsers: bool,
}
