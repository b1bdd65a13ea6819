//! What functions ask of what they are given in order to do nothing that can be observed, and what those who call functions of
//! other modules say of that:
//!
//! ```js
//! // converter.js                                                          // hex.js
//! export function converter(name, options) {                               const hex = converter('hex', { deep: true })
//!   return { name: `to-${name}`, deep: options.deep }
//! }
//! ```
//!
//! `hex` can go where nobody uses it: the first argument converts without running code, the second gives its properties so.

use serde::{Deserialize, Serialize};

use super::import_needs::{ImportNeeds, ImportPath};

/// What is asked of one value, as bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Asked(u16);

impl Asked {
    /// A primitive value that converts without running code.
    pub const PLAIN: Self = Self(1);
    /// A number, or `undefined`.
    pub const NUMBER: Self = Self(1 << 1);
    /// The name of a property.
    pub const KEY: Self = Self(1 << 2);
    /// What gives its properties without running code.
    pub const OBJECT: Self = Self(1 << 3);
    /// A list.
    pub const LIST: Self = Self(1 << 4);
    /// A function that can be called with anything.
    pub const CALLED: Self = Self(1 << 5);
    /// A list without elements.
    pub const EMPTY: Self = Self(1 << 6);
    /// An object without properties.
    pub const BARE: Self = Self(1 << 7);
    /// What counts as false.
    pub const FALSE: Self = Self(1 << 8);
    /// What counts as true.
    pub const TRUE: Self = Self(1 << 9);
    /// `undefined`
    pub const NOTHING: Self = Self(1 << 10);
    /// A function.
    pub const FUNCTION: Self = Self(1 << 11);
    /// Something else than `undefined`.
    pub const SOMETHING: Self = Self(1 << 12);
    /// An object that is made where it is given, of values.
    pub const FRESH: Self = Self(1 << 13);
    /// What `undefined` is, too.
    pub const OF_NOTHING: Self =
        Self(Self::PLAIN.0 | Self::NUMBER.0 | Self::KEY.0 | Self::FALSE.0 | Self::NOTHING.0);
    /// What the list of all further arguments is.
    pub const OF_REST: Self = Self(Self::OBJECT.0 | Self::LIST.0 | Self::TRUE.0);
    /// What `undefined` is not.
    const OF_SOMETHING: Self = Self(
        Self::OBJECT.0
            | Self::LIST.0
            | Self::CALLED.0
            | Self::EMPTY.0
            | Self::BARE.0
            | Self::FUNCTION.0
            | Self::FRESH.0,
    );
    /// Each of them.
    pub const ALL: [Self; 14] = [
        Self::PLAIN,
        Self::NUMBER,
        Self::KEY,
        Self::OBJECT,
        Self::LIST,
        Self::CALLED,
        Self::EMPTY,
        Self::BARE,
        Self::FALSE,
        Self::TRUE,
        Self::NOTHING,
        Self::FUNCTION,
        Self::SOMETHING,
        Self::FRESH,
    ];

    /// Asks for more.
    pub fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether one of these is asked for.
    pub fn has(self, part: Self) -> bool {
        self.0 & part.0 != 0
    }

    /// Whether no more is asked for.
    pub fn is_within(self, all: Self) -> bool {
        self.0 & !all.0 == 0
    }

    /// Whether nothing is asked for.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// What a parameter has a default value in the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Replaces {
    /// `undefined`
    Nothing,
    /// What counts as false.
    False,
}

/// What a function asks of one parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// The number of the parameter.
    pub position: usize,
    /// What is asked of it.
    pub asked: Asked,
    /// What is asked of it only if it counts as true.
    pub asked_if: Asked,
    /// Whether what it takes where nothing is given is that.
    pub may_be_missing: bool,
    /// What it does not take.
    pub replaces: Replaces,
}

impl Demand {
    /// Whether an argument is what is asked for, of which `is` says what it is.
    pub fn is_met(&self, is: &mut dyn FnMut(Asked) -> bool) -> bool {
        let (replaced, kept) = match self.replaces {
            Replaces::Nothing => (Asked::NOTHING, Asked::SOMETHING),
            Replaces::False => (Asked::FALSE, Asked::TRUE),
        };
        if is(replaced) {
            return self.may_be_missing;
        }
        let is_kept = self.may_be_missing
            || self.replaces == Replaces::Nothing && self.asked.has(Asked::OF_SOMETHING)
            || is(kept)
            || is(Asked::TRUE);
        is_kept && self.is_asked_for(is)
    }

    /// The same of what the parameter takes.
    pub fn is_asked_for(&self, is: &mut dyn FnMut(Asked) -> bool) -> bool {
        is(self.asked)
            && (self.asked_if.is_empty()
                || is(Asked::FALSE)
                || is(self.asked_if)
                || self.asked_if == Asked::OBJECT && is(Asked::PLAIN))
    }
}

/// How a function runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Construction {
    /// It is called.
    Call,
    /// With `new`.
    New,
}

/// A call of a function, or a construction, of another module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CallNeeds {
    /// The function.
    pub callee: ImportPath,
    /// How it runs.
    pub construction: Construction,
    /// The first arguments.
    pub arguments: Vec<Argument>,
    /// Whether there may be others.
    pub has_more: bool,
}

/// What is known of an argument.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Argument {
    /// What it always is.
    pub is: Asked,
    /// The import that it is.
    pub import: Option<ImportPath>,
    /// What it is if imports are what that needs.
    pub is_if: Vec<(Asked, ImportNeeds)>,
}
