//! What a module needs of its imports for something to do nothing that can be observed, and what its own bindings promise
//! those who import them.

use serde::{Deserialize, Serialize};

use super::demands::{CallNeeds, Demand};
use super::ids::LocalId;
use super::syntax::MemberPath;
#[cfg(doc)]
use super::syntax::TopLevelSymbol;

/// An import, and the path from there through namespaces and objects.
pub type ImportPath = (LocalId, MemberPath);

/// What imports must be.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ImportNeeds {
    /// Functions without side effects, see [`TopLevelSymbol::is_quiet`].
    pub quiet: Vec<ImportPath>,
    /// Classes without side effects, see [`TopLevelSymbol::is_quiet_class`].
    pub quiet_classes: Vec<ImportPath>,
    /// The same of functions and classes that need be like that only with what they are given.
    pub calls: Vec<CallNeeds>,
    /// Functions that give objects, see [`TopLevelSymbol::gives_objects`].
    pub givers: Vec<ImportPath>,
    /// Values that convert without running code, see [`TopLevelSymbol::is_primitive`].
    pub primitive: Vec<ImportPath>,
    /// Numbers, see [`TopLevelSymbol::is_number`].
    pub numbers: Vec<ImportPath>,
    /// Primitive values, or symbols, see [`TopLevelSymbol::is_symbol`].
    pub keys: Vec<ImportPath>,
    /// Objects, and paths through them that run no code, see [`TopLevelSymbol::path_length`].
    pub paths: Vec<ImportPath>,
    /// Classes that others extend, see [`Promise::Parent`].
    pub parents: Vec<LocalId>,
    /// Classes that others extend which have static properties, see [`Promise::Statics`].
    pub static_parents: Vec<LocalId>,
    /// Objects that are given properties which no object has by itself, see [`Shape`].
    pub given: Vec<LocalId>,
    /// Objects and lists that are copied, or taken apart, see [`Shape`].
    pub copied: Vec<ImportPath>,
    /// Lists whose elements are taken one after the other, see [`Shape::List`].
    pub lists: Vec<ImportPath>,
    /// Regular expressions of whose pattern others are made, see [`Shape::Pattern`].
    pub patterns: Vec<ImportPath>,
    /// Objects, of the module or not, that nobody may have done anything to but what the module shows.
    pub untouched: Vec<LocalId>,
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
            && self.calls.is_empty()
            && self.givers.is_empty()
            && self.primitive.is_empty()
            && self.numbers.is_empty()
            && self.keys.is_empty()
            && self.paths.is_empty()
            && self.parents.is_empty()
            && self.static_parents.is_empty()
            && self.given.is_empty()
            && self.copied.is_empty()
            && self.lists.is_empty()
            && self.patterns.is_empty()
            && self.untouched.is_empty()
            && self.reads.is_empty()
            && !self.browser
    }

    /// Looks at all paths through objects, and at those on which arguments hang.
    pub fn each_path(&self, look: &mut dyn FnMut(&ImportPath)) {
        self.paths.iter().for_each(&mut *look);
        let arguments = self.calls.iter().flat_map(|call| &call.arguments);
        for (_, needs) in arguments.flat_map(|argument| &argument.is_if) {
            needs.each_path(look);
        }
    }
}

/// What a binding is from its declaration on, as long as nobody does anything to it but what the module shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shape {
    /// Not known.
    #[default]
    Unknown,
    /// An object all of whose properties are values.
    Object,
    /// The same, which takes no properties.
    Frozen,
    /// A list as the language makes them.
    List,
    /// The same, which takes no properties.
    FrozenList,
    /// A class or a function of which no property runs code.
    Class,
    /// A regular expression that is valid with other flags, too.
    Pattern,
}

impl Shape {
    /// Whether reading a property of this name runs no code.
    pub fn gives(self, name: &str) -> bool {
        match self {
            Self::Unknown => false,
            // Functions throw when they are asked for these.
            Self::Class => !matches!(name, "arguments" | "caller"),
            Self::Object | Self::Frozen | Self::List | Self::FrozenList | Self::Pattern => true,
        }
    }

    /// Whether copying, and taking apart, runs no code.
    pub fn is_copied(self) -> bool {
        matches!(self, Self::Object | Self::Frozen) || self.is_list()
    }

    /// Whether taking its elements runs no code.
    pub fn is_list(self) -> bool {
        matches!(self, Self::List | Self::FrozenList)
    }

    /// Whether giving it properties that no object has by itself can be observed by nothing but reading those.
    pub fn takes(self) -> bool {
        matches!(self, Self::Object | Self::List | Self::Class)
    }
}

/// What is asked of a binding of another module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Promise {
    /// That calling it does nothing that can be observed.
    Quiet,
    /// That making an instance of it does nothing that can be observed.
    QuietClass,
    /// [`Self::Quiet`] where it is given what it asks for.
    QuietWith,
    /// [`Self::QuietClass`] where it is given what it asks for.
    QuietClassWith,
    /// That it is a class, of which the same holds where another extends it: it has no accessors, calls no methods of what it
    /// makes, and makes nothing else.
    Parent,
    /// That it is a class which has no static accessors.
    Statics,
}

/// What a binding promises where imports of its module are what that needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// What it promises.
    pub promise: Promise,
    /// What it asks of its arguments.
    pub demands: Vec<Demand>,
    /// What that needs, if it needs something.
    pub needs: Option<Box<ImportNeeds>>,
}
