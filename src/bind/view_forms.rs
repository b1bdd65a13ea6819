//! How much of a view of a CommonJS module its importers need.
//!
//! ```js
//! import common, { name } from './common.cjs'
//! ```
//!
//! In general a view is an object of its own: `default` stands beside the live names of `module.exports`, and the object can
//! be looked at. Most importers only read, and where none of those of one kind reads both, the value itself or something
//! near it gives the same answers.

use serde::{Deserialize, Serialize};

use super::{BoundGraph, SymbolId, SymbolOwner};
use crate::graph::{ModuleId, Target};

/// What the importers of one kind, Node's or those of bundlers, read of a CommonJS module.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewReads {
    /// `default`
    pub default: bool,
    /// Other names.
    pub names: bool,
    /// The view is used as an object.
    pub whole: bool,
}

/// What stands for `module.exports` in an importer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewForm {
    /// An object with everything.
    Whole,
    /// `module.exports`, which is all that is read under the name `default`.
    Value,
    /// `module.exports`, whose properties are read.
    Names,
    /// The names that are read, with the values that they have when the module has finished: what Node takes.
    Taken,
    /// `module.exports`, as a `require()` gives it.
    Required,
    /// Something with a `default`.
    Default,
}

impl BoundGraph {
    /// How a view is made. The same for all importers of one kind, as the modules of a chunk share views.
    pub fn view_form(&self, view: SymbolId) -> ViewForm {
        let SymbolOwner::Interop(importer, record) = *self.symbols.owner(view) else {
            return ViewForm::Whole;
        };
        let importer = &self.graph.modules[importer];
        if importer.syntax.records[record].is_required {
            return ViewForm::Required;
        }
        let Target::Module(target) = importer.targets[record] else {
            return ViewForm::Whole;
        };
        let is_of_node = importer.is_node_module_syntax;
        match self.view_reads.get(&(target, is_of_node)) {
            Some(ViewReads {
                default: true,
                names: false,
                whole: false,
            }) => {
                if is_of_node {
                    ViewForm::Value
                } else {
                    ViewForm::Default
                }
            }
            Some(ViewReads {
                default: false,
                names: true,
                whole: false,
            }) => {
                if is_of_node {
                    ViewForm::Taken
                } else {
                    ViewForm::Names
                }
            }
            _ => ViewForm::Whole,
        }
    }

    /// Whether Node has one namespace for this view and for another that is used as an object.
    pub fn is_shown_to_node(&self, view: SymbolId) -> bool {
        let target = self.seen_by_node(view);
        target.is_some()
            && self
                .shown_views
                .iter()
                .any(|shown| self.seen_by_node(*shown) == target)
    }

    /// The CommonJS module of a view that an ES module of Node has of it.
    fn seen_by_node(&self, view: SymbolId) -> Option<ModuleId> {
        let SymbolOwner::Interop(importer, record) = *self.symbols.owner(view) else {
            return None;
        };
        let importer = &self.graph.modules[importer];
        match importer.targets[record] {
            Target::Module(target) if importer.is_node_module_syntax => Some(target),
            _ => None,
        }
    }

    /// Whether reading `name` of what a symbol holds gives the symbol's own value.
    pub fn is_itself(&self, symbol: SymbolId, name: &str) -> bool {
        name == "default" && self.view_form(symbol) == ViewForm::Value
    }
}
