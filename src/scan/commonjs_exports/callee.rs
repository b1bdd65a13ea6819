//! What is known of functions that are not in the file: those of the language, and helpers of compilers
//! and libraries that are recognised by name.

use super::facts::{CallId, CallTarget, Facts, PlaceId, PlaceKey};
use swc_core::atoms::Atom;

/// Functions of `Object` and `Reflect` that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Builtin {
    /// `Object.defineProperty(object, key, …)`
    DefineProperty,
    /// `Object.defineProperties(object, { key: … })`
    DefineProperties,
    /// `Object.assign(object, …sources)`
    Assign,
    /// `Object.freeze(object)` and others that give back what they get.
    Identity,
    /// `Object.create(prototype, { key: … })`
    Create,
    /// `Object.keys(object)` and the like.
    Keys,
    /// `Object.getPrototypeOf(object)`
    PrototypeOf,
}

impl Builtin {
    /// Whether a call is its first argument.
    pub fn returns_first_argument(self) -> bool {
        matches!(
            self,
            Self::DefineProperty | Self::DefineProperties | Self::Assign | Self::Identity
        )
    }
}

/// The builtin `base.name`, if `base` is the free `Object` or `Reflect`.
pub fn builtin_named(facts: &Facts<'_>, base: PlaceId, name: &Atom) -> Option<Builtin> {
    if !facts.is_free(base, "Object") && !facts.is_free(base, "Reflect") {
        return None;
    }
    match name.as_str() {
        "defineProperty" => Some(Builtin::DefineProperty),
        "defineProperties" => Some(Builtin::DefineProperties),
        "assign" => Some(Builtin::Assign),
        "freeze" | "seal" | "preventExtensions" | "setPrototypeOf" => Some(Builtin::Identity),
        "create" => Some(Builtin::Create),
        "getPrototypeOf" => Some(Builtin::PrototypeOf),
        "keys" | "getOwnPropertyNames" | "ownKeys" | "entries" => Some(Builtin::Keys),
        _ => None,
    }
}

/// What a function is known for whose code is elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reputation {
    /// `__exportStar(source, target)`
    ExportStar,
    /// `extend(target, …sources)`, `_export(target, getters)`: copies, and returns the target.
    Copy,
    /// `_interopRequireWildcard(x)`, `__toESM(x)`: what it returns has the names of `x`.
    ReturnsArgument,
    /// `_defineProperty(object, 'name', …)`
    DefineProperty,
    /// `__createBinding(object, source, 'name', 'as')`
    CreateBinding,
    /// `keys(object)`
    Keys,
}

/// What the name of the called function says, `helpers.extend`, `(0, _extends2.default)` included.
pub fn reputation(facts: &Facts<'_>, call: CallId) -> Option<Reputation> {
    let CallTarget::Place(place) = facts.calls[call].target else {
        return None;
    };
    let name = match &facts.places[place].key {
        PlaceKey::Property(base, name) if *name == *"_" || *name == *"default" => {
            match &facts.places[*base].key {
                PlaceKey::Variable((name, _)) | PlaceKey::Property(_, name) => name,
                PlaceKey::Nameless => return None,
            }
        }
        PlaceKey::Variable((name, _)) | PlaceKey::Property(_, name) => name,
        PlaceKey::Nameless => return None,
    };
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphabetic)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    match plain.as_str() {
        "exportstar" => Some(Reputation::ExportStar),
        "extend" | "extends" | "assign" | "assignin" | "mixin" | "merge" | "defaults" | "objectspread"
        | "objectspreadprops" | "export" | "exportall" | "defineproperties" | "copyprops" | "d" => {
            Some(Reputation::Copy)
        }
        "defineproperty" | "definepublic" | "defproperty" => Some(Reputation::DefineProperty),
        "createbinding" => Some(Reputation::CreateBinding),
        "object" | "freeze" | "deepfreeze" | "seal" | "harden" | "importstar" | "toesm" | "tocommonjs" => {
            Some(Reputation::ReturnsArgument)
        }
        name if name.starts_with("interop") => Some(Reputation::ReturnsArgument),
        name if name.ends_with("keys") || name.ends_with("functions") || name.ends_with("propertynames") => {
            Some(Reputation::Keys)
        }
        _ => None,
    }
}
