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
//! Instead of one pattern per tool, values are followed. `walk` goes over the tree once and
//! notes, per *place* that can hold an object (a variable, a property of one, a `this`), what flows in,
//! where it flows on, and which properties are written through it (`facts`). Then two
//! searches run over those notes:
//!
//! - `read` goes **backward** from `module.exports` to the places where the exported object
//!   is made: here `module.exports` ← the call ← `made` ← `{}`.
//! - `reach` goes **forward** from there to every place that holds the object: `made`,
//!   `module.exports`, `shared`, `exports` of the helper. Whatever is written there is an export:
//!   `version`; through the loop of the helper all names of `./math`; through the loop over a literal list
//!   (`keys`) `get` and `post`.
//!
//! Helpers need no list of names: `__exportStar` is a function whose second parameter holds the exported
//! object and whose loop runs over the keys of the first. Only functions that come from other modules are
//! known by name (`callee`).
//!
//! The order of execution is ignored but for one thing: an assignment to `module.exports` that certainly
//! runs makes earlier ones void. A name too many is harmless (it is `undefined`), a missing one breaks the
//! importer; so in doubt a name is listed.

mod callee;
mod context;
mod environment;
mod facts;
mod keys;
mod reach;
mod read;
mod site;
mod syntax;
#[cfg(test)]
mod tests;
mod walk;
mod written;

use rustc_hash::FxHashSet;
use swc_core::common::{Spanned as _, SyntaxContext};
use swc_core::ecma::ast::Program;

use crate::graph::CommonJsExports;

/// Finds what `program` exports. It must have gone through SWC's `resolver`: `unresolved` marks the free
/// `module`, `exports` and `require`, which are told by it from variables of the same name.
pub fn detect_commonjs_exports(program: &Program, unresolved: SyntaxContext) -> CommonJsExports {
    let environment = environment::Environment { unresolved };
    let facts = walk::walk(program, environment);
    let mut search = read::Search::new(&facts, environment, maximum_steps(program));
    reach::reach(&mut search)
}

/// Adds the names that Node lists although what was written is not what is exported.
pub fn add_names_of_node(exports: &mut CommonJsExports, program: &Program, unresolved: SyntaxContext) {
    let known: FxHashSet<_> = exports.names.iter().cloned().collect();
    let mut added = FxHashSet::default();
    let names = written::written_names(program, unresolved).into_iter();
    exports.names.extend(
        names.filter(|name| *name != *"__proto__" && !known.contains(name) && added.insert(name.clone())),
    );
}

/// Steps that the searches may take: about as long as parsing takes.
fn maximum_steps(program: &Program) -> usize {
    let span = program.span();
    let size = span.hi.0.saturating_sub(span.lo.0) as usize;
    (10_000 + size / 2).min(250_000)
}
