//! Short names for what is local to a module.
//!
//! SWC's analysis of scopes and of `eval` is used; which names may change and what they become is decided here,
//! because SWC's own mangler also renames a module-level `var` that is declared inside a block:
//! `if (a) { var b = 1 }`, and `b` may be used by every other module of the chunk.

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{Id, Ident, Module};
use swc_core::ecma::transforms::base::hygiene::Config;
use swc_core::ecma::transforms::base::rename::{Renamer, renamer};
use swc_core::ecma::visit::{Visit, VisitMutWith as _, VisitWith as _, noop_visit_type};

use super::NameMarks;
use crate::base::short_name::{is_reserved, nth_name};

/// The module-level names that the module mentions, in the order it does.
pub fn top_level_names(module: &Module, marks: NameMarks) -> Vec<Atom> {
    let context = SyntaxContext::empty().apply_mark(marks.top_level);
    let mut names = TopLevelNames {
        context,
        seen: FxHashSet::default(),
        names: Vec::new(),
    };
    module.visit_with(&mut names);
    names.names
}

struct TopLevelNames {
    context: SyntaxContext,
    seen: FxHashSet<Atom>,
    names: Vec<Atom>,
}

impl Visit for TopLevelNames {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        if ident.ctxt == self.context && !self.seen.contains(&ident.sym) {
            self.seen.insert(ident.sym.clone());
            self.names.push(ident.sym.clone());
        }
    }
}

/// Renames everything that is declared below module level, except where an `eval` or `with` can see it. No new name
/// is one of `taken`. (The analysis itself avoids names that are declared nowhere.)
pub fn mangle_local_names<'a>(
    module: &mut Module,
    marks: NameMarks,
    taken: impl IntoIterator<Item = &'a Atom>,
) {
    let names = LocalNames::new(
        SyntaxContext::empty().apply_mark(marks.top_level),
        taken.into_iter().cloned().collect(),
    );
    let config = Config {
        keep_class_names: false,
        top_level_mark: marks.top_level,
        ignore_eval: false,
    };
    module.visit_mut_with(&mut renamer(config, names));
}

/// How many names are made beforehand: most functions need fewer.
const FIRST_NAMES: usize = 256;

/// Hands out the short names that are free in the whole module, in order.
struct LocalNames {
    top_level: SyntaxContext,
    taken: FxHashSet<Atom>,
    /// The first free names. Every scope starts again from the first one, so they are made once.
    first: Vec<Atom>,
    /// Which short name follows the last of `first`.
    next: usize,
}

impl LocalNames {
    fn new(top_level: SyntaxContext, taken: FxHashSet<Atom>) -> Self {
        let mut names = Self {
            top_level,
            taken,
            first: Vec::with_capacity(FIRST_NAMES),
            next: 0,
        };
        let mut next = 0;
        for _ in 0..FIRST_NAMES {
            let name = names.free_name(&mut next);
            names.first.push(name);
        }
        names.next = next;
        names
    }

    /// The first free name from `index` on; `index` moves behind it.
    fn free_name(&self, index: &mut usize) -> Atom {
        loop {
            let name = Atom::from(nth_name(*index));
            *index += 1;
            if !is_reserved(&name) && !self.taken.contains(&name) {
                return name;
            }
        }
    }
}

impl Renamer for LocalNames {
    type Target = Atom;

    const MANGLE: bool = true;
    const RESET_N: bool = false;

    fn new_name_for(&self, _: &Id, count: &mut usize) -> Atom {
        let position = *count;
        *count += 1;
        if let Some(name) = self.first.get(position) {
            return name.clone();
        }
        // Beyond the table `count` is an offset into all short names, so that it still only grows.
        let mut index = self.next + (position - self.first.len());
        let name = self.free_name(&mut index);
        *count = self.first.len() + (index - self.next);
        name
    }

    fn preserve_name(&self, id: &Id) -> bool {
        id.1 == self.top_level
    }
}
