//! What a CommonJS module exports, found without running it.
//!
//! ES modules import names, so a CommonJS module must say its names before it runs. Packages assign them
//! in many ways, most of them written by tools:
//!
//! ```js
//! const shared = module.exports = create();            // an alias, and the result of a function
//! __exportStar(require('./math'), exports);             // a loop in a helper copies what is there
//! ['get', 'post'].forEach((method) => { shared[method] = request.bind(null, method); });
//! function create() { const made = {}; made.version = '1'; return made; }
//! ```
//!
//! Instead of one pattern per tool, values are followed. [`walk`](self::walk) goes over the tree once and
//! notes, per *place* that can hold an object (a variable, a property of one, a `this`), what flows in,
//! where it flows on, and which properties are written through it ([`facts`](self::facts)). Then two
//! searches run over those notes:
//!
//! - [`read`](self::read) goes **backward** from `module.exports` to the places where the exported object
//!   is made: here `module.exports` ← the call ← `made` ← `{}`.
//! - [`reach`](self::reach) goes **forward** from there to every place that holds the object: `made`,
//!   `module.exports`, `shared`, `exports` of the helper. Whatever is written there is an export:
//!   `version`; through the loop of the helper all names of `./math`; through the loop over a literal list
//!   ([`keys`](self::keys)) `get` and `post`.
//!
//! Helpers need no list of names: `__exportStar` is a function whose second parameter holds the exported
//! object and whose loop runs over the keys of the first. Only functions that come from other modules are
//! known by name ([`callee`](self::callee)).
//!
//! The order of execution is ignored but for one thing: an assignment to `module.exports` that certainly
//! runs makes earlier ones void. A name too many is harmless (it is `undefined`), a missing one breaks the
//! importer; so in doubt a name is listed.

mod callee;
mod facts;
mod keys;
mod reach;
mod read;
mod syntax;
mod walk;

use swc_core::atoms::Atom;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::Program;

/// What can be known of a CommonJS module's exports without running it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

/// Finds what `program` exports. It must have gone through SWC's `resolver`: `unresolved` marks the free
/// `module`, `exports` and `require`, which are told by it from variables of the same name.
pub fn detect_commonjs_exports(program: &Program, unresolved: SyntaxContext) -> CommonJsExports {
    let environment = syntax::Environment { unresolved };
    let facts = walk::walk(program, environment);
    let mut search = read::Search::new(&facts, environment);
    reach::reach(&mut search)
}
