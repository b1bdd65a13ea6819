//! What static analysis knows of a CommonJS module's exports.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use swc_core::atoms::Atom;

use super::ids::{LocalId, RecordId};

/// What can be known of a CommonJS module's exports without running it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommonJsExports {
    /// Names that are written one by one, in source order and without duplicates. `default` and
    /// `__esModule` are listed when they are written, `__proto__` never.
    pub names: Vec<Atom>,
    /// Specifiers of `module.exports = require('x')`. Several are alternatives, of which one will be taken:
    /// the importer can rely on the names that all of them have.
    pub forwards: Vec<Atom>,
    /// Specifiers of modules whose names are all copied: `__exportStar(require('x'), exports)`,
    /// `module.exports = { ...require('x') }`.
    pub stars: Vec<Atom>,
    /// Modules of which one part becomes the exports: `module.exports = require('x').default`,
    /// `module.exports = require('x')()`. The names are those of that part, see `default` and `result`.
    pub part_forwards: Vec<(Atom, ExportsPart)>,
    /// Whether `exports.__esModule` is written: the module was compiled from an ES module.
    pub is_es_module: bool,
    /// What the value of the export `default` has, when it is an object with names.
    pub default: Option<Box<CommonJsExports>>,
    /// What calling `module.exports` returns, when that is an object with names.
    pub result: Option<Box<CommonJsExports>>,
}

/// A part of one module that can become the exports of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ExportsPart {
    /// `require('x').default`
    Default,
    /// `require('x')()`
    Result,
}

impl CommonJsExports {
    /// Whether nothing is known that has a name.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
            && self.forwards.is_empty()
            && self.stars.is_empty()
            && self.part_forwards.is_empty()
    }

    /// What a part of the module has.
    pub fn part(&self, part: ExportsPart) -> Option<&CommonJsExports> {
        match part {
            ExportsPart::Default => self.default.as_deref(),
            ExportsPart::Result => self.result.as_deref(),
        }
    }
}

/// What a statement does with objects that CommonJS modules export.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportsUse {
    /// The exports of its own module that it gives a value to, where that is all that can be observed of it.
    pub written: Vec<Atom>,
    /// The names it reads.
    pub reads: Vec<ExportsRead>,
    /// `module.exports = require('x')`
    pub forwards: Vec<RecordId>,
}

/// A read of an exports object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportsRead {
    /// Whose.
    pub of: ExportsOf,
    /// The name; none where every name may be read.
    pub name: Option<Atom>,
    /// Whether it is called, with the object as its `this`.
    pub is_method: bool,
}

/// Whose exports object it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportsOf {
    /// The module's own.
    Own,
    /// That of a required module.
    Required(RecordId),
}

/// What is known of how a CommonJS module writes its exports.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnExports {
    /// Exports whose values do not read the object as their `this` when they are called as its methods.
    pub without_this: FxHashSet<Atom>,
    /// Whether `__esModule` is certainly `true`, and there is certainly a `default`: then that is the default export.
    pub has_default_of_its_own: bool,
    /// Whether names are written one by one.
    pub writes_names: bool,
}

/// What must be known of a CommonJS module that was written as an ES module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoistedCommonJs {
    /// Whether it says `__esModule` and has a `default`: then that is the default export.
    pub has_default_of_its_own: bool,
    /// Whether `module.exports` has any names. Otherwise the only export is `default`, the empty object.
    pub has_exports: bool,
    /// Whether the names of its exports are known.
    pub has_names: bool,
    /// Exports whose values do not read the object as their `this` when they are called as its methods.
    pub without_this: FxHashSet<Atom>,
    /// Exports that may get other values when the module has run.
    pub changing: FxHashSet<Atom>,
    /// Exports that are names of required modules.
    pub aliases: FxHashMap<Atom, ExportAlias>,
    /// Exports that are read from a property of a variable each time.
    pub members: FxHashMap<Atom, (LocalId, Atom)>,
    /// What `module.exports` is, where that can be used as a whole.
    pub object: Option<ExportsObject>,
}

/// A variable that is the `module.exports` of a CommonJS module that was written as an ES module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportsObject {
    /// The variable, or an import of the module whose exports are passed on.
    pub local: LocalId,
    /// Whether its members can be read without anything happening.
    pub is_plain: bool,
    /// Whether it may say `__esModule` where the module does not.
    pub may_be_marked: bool,
}

/// An export whose value is that of a required module's export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportAlias {
    /// The request.
    pub record: RecordId,
    /// The name there.
    pub name: Atom,
    /// Whether it is read there each time, not once.
    pub is_live: bool,
}
