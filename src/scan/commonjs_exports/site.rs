//! The objects that values are followed to.

use swc_core::atoms::Atom;
use swc_core::ecma::ast::{ArrayLit, Class, ObjectLit};

use super::callee::Builtin;
use super::facts::{Address, CallId, FunctionId};
use crate::graph::ExportsPart;

/// Where an object is made.
#[derive(Debug, Clone)]
pub enum Site<'a> {
    /// The `exports` object that the module starts with.
    Exports,
    /// `module`
    Module,
    /// `require('…')`
    Required(Atom, CallId),
    /// A part of what `require('…')` gives.
    RequiredPart(Atom, ExportsPart, CallId),
    /// An object literal.
    Object(&'a ObjectLit),
    /// A function.
    Function(FunctionId),
    /// A class.
    Class(&'a Class),
    /// `new F()`
    Instance(FunctionId, CallId),
    /// `new C()`
    ClassInstance(&'a Class, CallId),
    /// `C.prototype`
    Prototype(&'a Class),
    /// The result of a call, whatever it is besides what other sites say.
    Result(CallId),
    /// `call().name`, whatever it is besides what other sites say.
    Member(Address),
    /// A list.
    Array(&'a ArrayLit),
    /// A function of the language.
    Builtin(Builtin),
}

impl Site<'_> {
    /// Equal for equal sites.
    pub fn identity(&self) -> (u8, usize) {
        let of = |address: Address| address.number();
        match self {
            Self::Exports => (0, 0),
            Self::Module => (1, 0),
            Self::Required(_, call) => (2, call.index()),
            Self::Object(object) => (3, of(Address::of::<ObjectLit>(object))),
            Self::Function(function) => (4, function.index()),
            Self::Class(class) => (5, of(Address::of::<Class>(class))),
            Self::Instance(_, call) => (6, call.index()),
            Self::ClassInstance(_, call) => (7, call.index()),
            Self::Prototype(class) => (8, of(Address::of::<Class>(class))),
            Self::Result(call) => (9, call.index()),
            Self::Array(array) => (10, of(Address::of::<ArrayLit>(array))),
            Self::Builtin(builtin) => (11, *builtin as usize),
            Self::Member(address) => (14, of(*address)),
            Self::RequiredPart(_, ExportsPart::Default, call) => (12, call.index()),
            Self::RequiredPart(_, ExportsPart::Result, call) => (13, call.index()),
        }
    }
}
