//! The helper functions that lowered code calls. A chunk has each of them once.

use std::collections::BTreeSet;

use swc_core::atoms::Atom;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{Decl, Expr, Module, Pass as _, Program};
use swc_core::ecma::transforms::base::helpers::generated::ALL;
use swc_core::ecma::transforms::base::helpers::inject_helpers;

use super::super::ast;
use super::super::print::NameMarks;
use super::own_helpers::OwnHelper;

/// One helper function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LoweringHelper {
    /// One of SWC's, by its position in their list.
    Library(usize),
    /// One of ours.
    Own(OwnHelper),
}

impl LoweringHelper {
    /// Its declaration.
    pub fn declaration(self) -> &'static str {
        match self {
            Self::Library(position) => ALL[position].source,
            Self::Own(helper) => helper.declaration(),
        }
    }

    /// Every name that helpers declare at the level of the chunk.
    pub fn all_names() -> impl Iterator<Item = Atom> {
        let of_library = ALL.iter().flat_map(|helper| {
            helper
                .source
                .lines()
                .filter_map(|line| line.strip_prefix("function ")?.split('(').next())
        });
        of_library
            .chain(OwnHelper::ALL.iter().map(|helper| helper.name()))
            .map(Atom::from)
    }
}

/// What one module calls.
pub(super) struct Called {
    /// The context of names that helpers have.
    pub context: SyntaxContext,
    /// The helpers, with those that they need.
    pub helpers: BTreeSet<LoweringHelper>,
}

impl Called {
    /// Nothing so far.
    pub fn new(context: SyntaxContext) -> Self {
        Self {
            context,
            helpers: BTreeSet::new(),
        }
    }

    /// A reference to one of our helpers.
    pub fn own(&mut self, helper: OwnHelper) -> Expr {
        self.helpers.insert(LoweringHelper::Own(helper));
        self.helpers
            .extend(helper.needs().iter().map(|needed| LoweringHelper::Own(*needed)));
        Expr::Ident(ast::ident(&helper.name().into(), self.context))
    }

    /// Adds the helpers that SWC's passes asked for, and those that these need. To be called while `HELPERS` is set.
    pub fn add_those_of_library(&mut self, marks: NameMarks) {
        let mut program = Program::Module(Module::default());
        inject_helpers(marks.unresolved).process(&mut program);
        let Program::Module(module) = program else {
            unreachable!("a pass returns the kind of program it is given")
        };
        let declared: BTreeSet<Atom> = module
            .body
            .into_iter()
            .filter_map(|item| match item.stmt()?.decl()? {
                Decl::Fn(function) => Some(function.ident.sym),
                _ => None,
            })
            .collect();
        let positions = ALL
            .iter()
            .enumerate()
            .filter(|(_, helper)| declared.contains(&Atom::from(helper.local)))
            .map(|(position, _)| LoweringHelper::Library(position));
        self.helpers.extend(positions);
    }
}
