//! Names that code outside of a unit gives their values, so that they may have others after any call:
//!
//! ```js
//! import { live, set } from './live.js'; const value = set(); return live + value
//! const value = load(); return library(value)        // load() may be what declares `library`
//! ```
//!
//! The compressor takes whatever nobody in the unit assigns to for a constant. It would read `live` before it calls `set`.

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{ExportDefaultExpr, Expr, Ident, Module, ModuleDecl, ModuleItem};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::NameMarks;
use super::stand_in::MARK;
use crate::render::ast;
use crate::scan::is_standard_global;

/// What is assigned, of which nothing is known.
const VALUE: &str = "%value";

/// Names of other units, other chunks and other modules that a unit mentions and whose values are not settled.
#[derive(Debug, Clone, Default)]
pub struct Unsettled {
    /// Those that may have no value yet: reading them fails then.
    pub early: FxHashSet<Atom>,
    /// Those whose values change.
    pub changing: FxHashSet<Atom>,
}

impl Unsettled {
    /// Those among `names` that `is_of` keeps.
    #[must_use]
    pub fn filtered(&self, is_of: impl Fn(&Atom) -> bool) -> Self {
        let filtered = |names: &FxHashSet<Atom>| names.iter().filter(|name| is_of(name)).cloned().collect();
        Self {
            early: filtered(&self.early),
            changing: filtered(&self.changing),
        }
    }
}

/// The names whose values change: those of others, and the free names that do not exist wherever modules run.
pub(super) fn changing_names(module: &Module, changing: &FxHashSet<Atom>, marks: NameMarks) -> Vec<Ident> {
    let context = |mark| SyntaxContext::empty().apply_mark(mark);
    let free = mentioned(module, context(marks.unresolved));
    let is_free = |name: &&Atom| !name.starts_with(MARK) && !is_standard_global(name);
    let free = free
        .iter()
        .filter(is_free)
        .map(|name| ast::ident(name, context(marks.unresolved)));
    let others = changing
        .iter()
        .map(|name| ast::ident(name, context(marks.top_level)));
    let mut names: Vec<Ident> = free.chain(others).collect();
    names.sort_unstable_by(|one, other| one.sym.cmp(&other.sym));
    names
}

/// `export default (value) => [a, a = value, b, b = value]`: tells the compressor that any call may change them. It takes
/// what only one function reads for a variable of that function, and a first assignment for an initialisation.
pub(super) fn assigning_export(names: Vec<Ident>) -> ModuleItem {
    let value = ast::ident(&VALUE.into(), SyntaxContext::empty());
    let parts = names.into_iter().flat_map(|name| {
        let assigned = ast::assign(name.clone().into(), Expr::Ident(value.clone()));
        [Expr::Ident(name), assigned]
    });
    let parts = ast::array(parts.collect());
    ModuleItem::ModuleDecl(ModuleDecl::ExportDefaultExpr(ExportDefaultExpr {
        span: DUMMY_SP,
        expr: Box::new(ast::arrow_of(vec![value], parts)),
    }))
}

/// Names of this context that code mentions.
pub fn mentioned<N: VisitWith<Mentions>>(code: &N, context: SyntaxContext) -> FxHashSet<Atom> {
    let mut mentions = Mentions {
        context,
        names: FxHashSet::default(),
    };
    code.visit_with(&mut mentions);
    mentions.names
}

/// Gathers them.
pub struct Mentions {
    context: SyntaxContext,
    names: FxHashSet<Atom>,
}

impl Visit for Mentions {
    noop_visit_type!();

    fn visit_ident(&mut self, name: &Ident) {
        if name.ctxt == self.context && !self.names.contains(&name.sym) {
            self.names.insert(name.sym.clone());
        }
    }
}
