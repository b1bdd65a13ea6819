//! The tree and the text of a module, which are there when somebody asks for them.
//!
//! What an earlier process has learnt of a file is enough for most of what happens to it. Its statements are read again
//! where its code is rendered anew, its text where a source map or a message shows it.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use oxc_index::IndexVec;
use swc_core::common::{Globals, Mark};

use super::comments::ModuleComments;
use super::syntax::{ModuleSyntax, SyntaxTree};

/// A module of which everything but the facts can be made again.
pub trait KeptModule: Send + Sync {
    /// Its text.
    fn text(&self) -> &Arc<str>;
    /// The module, read again. Its facts are the kept ones.
    fn made(&self) -> &ModuleSyntax;
}

/// Which form of a module a tree is that of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TreeForm {
    /// The module as it is written.
    AsWritten,
    /// [`ModuleSyntax::hoisted_form`] of it.
    Hoisted,
}

/// A tree, or where it comes from.
pub struct LazyTree(State);

enum State {
    /// That of an empty module.
    Nothing(OnceLock<Box<SyntaxTree>>),
    Here(Box<SyntaxTree>),
    Kept(Arc<dyn KeptModule>, TreeForm),
}

impl LazyTree {
    /// That of a module that can be made again.
    pub fn kept(module: Arc<dyn KeptModule>, form: TreeForm) -> Self {
        Self(State::Kept(module, form))
    }

    /// The tree, where it is here for sure.
    pub fn here_mut(&mut self) -> Option<&mut SyntaxTree> {
        match &mut self.0 {
            State::Here(tree) => Some(tree),
            State::Nothing(_) | State::Kept(..) => None,
        }
    }
}

/// The tree of an empty module.
impl Default for LazyTree {
    fn default() -> Self {
        Self(State::Nothing(OnceLock::new()))
    }
}

fn empty_tree() -> SyntaxTree {
    SyntaxTree {
        statements: IndexVec::new(),
        globals: Arc::new(Globals::new()),
        unresolved_mark: Mark::root(),
        top_level_mark: Mark::root(),
        comments: ModuleComments::default(),
    }
}

impl From<SyntaxTree> for LazyTree {
    fn from(tree: SyntaxTree) -> Self {
        Self(State::Here(Box::new(tree)))
    }
}

impl Deref for LazyTree {
    type Target = SyntaxTree;

    fn deref(&self) -> &SyntaxTree {
        let (module, form) = match &self.0 {
            State::Here(tree) => return tree,
            State::Nothing(tree) => return tree.get_or_init(|| Box::new(empty_tree())),
            State::Kept(module, form) => (module.made(), form),
        };
        match form {
            TreeForm::AsWritten => &module.tree,
            TreeForm::Hoisted => {
                let form = module.hoisted_form.as_ref();
                &form.expect("a form that was kept is made of the same text").tree
            }
        }
    }
}

/// A text, or where it comes from.
pub struct SourceText(TextState);

enum TextState {
    Here(Arc<str>),
    Kept(Arc<dyn KeptModule>),
}

impl SourceText {
    /// That of a module that can be made again.
    pub fn kept(module: Arc<dyn KeptModule>) -> Self {
        Self(TextState::Kept(module))
    }

    /// The same text, for another form of the module.
    #[must_use]
    pub fn shared(&self) -> Self {
        Self(match &self.0 {
            TextState::Here(text) => TextState::Here(Arc::clone(text)),
            TextState::Kept(module) => TextState::Kept(Arc::clone(module)),
        })
    }
}

impl Default for SourceText {
    fn default() -> Self {
        Self::from(Arc::from(""))
    }
}

impl From<Arc<str>> for SourceText {
    fn from(text: Arc<str>) -> Self {
        Self(TextState::Here(text))
    }
}

impl Deref for SourceText {
    type Target = Arc<str>;

    fn deref(&self) -> &Arc<str> {
        match &self.0 {
            TextState::Here(text) => text,
            TextState::Kept(module) => module.text(),
        }
    }
}
