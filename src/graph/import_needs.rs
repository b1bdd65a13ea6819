//! What a module needs of its imports for something to do nothing that can be observed, and what its own bindings promise
//! those who import them.

use serde::{Deserialize, Serialize};

use super::ids::LocalId;
use super::syntax::MemberPath;
#[cfg(doc)]
use super::syntax::TopLevelSymbol;

/// What imports must be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportNeeds {
    /// Functions without side effects, see [`TopLevelSymbol::is_quiet`].
    pub quiet: Vec<LocalId>,
    /// Classes without side effects, see [`TopLevelSymbol::is_quiet_class`].
    pub quiet_classes: Vec<LocalId>,
    /// Functions that give objects, see [`TopLevelSymbol::gives_objects`].
    pub givers: Vec<LocalId>,
    /// Values that convert without running code, see [`TopLevelSymbol::is_primitive`].
    pub primitive: Vec<LocalId>,
    /// Such values, or symbols, see [`TopLevelSymbol::is_symbol`].
    pub keys: Vec<LocalId>,
    /// Objects, and paths through them that run no code, see [`TopLevelSymbol::path_length`].
    pub paths: Vec<(LocalId, MemberPath)>,
    /// Classes that others extend, see [`Promise::Parent`].
    pub parents: Vec<LocalId>,
    /// What must have a value.
    pub reads: Vec<LocalId>,
    /// Whether there must be what browsers have, as `HTMLElement`.
    pub browser: bool,
}

impl ImportNeeds {
    /// Whether nothing is needed.
    pub fn is_empty(&self) -> bool {
        self.quiet.is_empty()
            && self.quiet_classes.is_empty()
            && self.givers.is_empty()
            && self.primitive.is_empty()
            && self.keys.is_empty()
            && self.paths.is_empty()
            && self.parents.is_empty()
            && self.reads.is_empty()
            && !self.browser
    }
}

/// What is asked of a binding of another module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Promise {
    /// That calling it does nothing that can be observed.
    Quiet,
    /// That making an instance of it does nothing that can be observed.
    QuietClass,
    /// That it is a class, of which the same holds where another extends it: it has no accessors, calls no methods of what it
    /// makes, and makes nothing else.
    Parent,
}

/// What a binding promises where imports of its module are what that needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// What it promises.
    pub promise: Promise,
    /// What that needs.
    pub needs: ImportNeeds,
}
