//! What code does with the names that it imports.

use swc_core::ecma::ast::{Expr, Id, Ident, MemberExpr};

use super::super::named_members::static_path;
use super::super::normalize::byte_range;
use super::super::read_only_import;
use super::super::side_effects::without_parentheses;
use super::Collector;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::graph::{LocalId, MemberPath};

impl Collector<'_> {
    pub(super) fn is_import(&self, ident: &Ident) -> bool {
        self.local_of(ident)
            .is_some_and(|local| self.module.imports.contains_key(&local))
    }

    /// What stands for an import that is assigned to. Code that may be there to see the `TypeError`, in a `try` block
    /// or a callback as of `assert.throws`, gets it; anything else is a mistake that the build tells.
    pub(super) fn assigned_import(&mut self, ident: &Ident) -> Option<MemberExpr> {
        if !self.is_import(ident) {
            return None;
        }
        if self.try_depth == 0 && self.callback_depth == 0 {
            self.refuse_assignment(&ident.to_id(), ident.span);
            return None;
        }
        Some(read_only_import::read_only_target(ident))
    }

    pub(super) fn refuse_assignment(&mut self, id: &Id, span: swc_core::common::Span) {
        let (start, end) = byte_range(span);
        self.module.diagnostics.push(
            Diagnostic::new(
                Code::ImportAssigned,
                "",
                format!(
                    "`{}` is imported, and imports are read-only: this assignment always throws.",
                    id.0
                ),
                format!(
                    "Copy it first (`let own = {}`), or export a function that sets it where it is declared.",
                    id.0
                ),
            )
            .at(Some(Location::of_range(self.path, self.source, start, end))),
        );
    }

    /// The import at the start of `object.first.second`, and the names.
    pub(super) fn import_path(&self, member: &MemberExpr) -> Option<(LocalId, MemberPath)> {
        let (object, path) = static_path(member)?;
        let local = self.local_of(object)?;
        self.module.imports.contains_key(&local).then_some((local, path))
    }

    pub(super) fn note_call(&mut self, callee: &Expr) {
        if let Expr::Member(member) = without_parentheses(callee)
            && let Some(called) = self.import_path(member)
        {
            self.output.called_members.insert(called);
        }
    }

    /// What an element is called by.
    pub(super) fn note_element(&mut self, named: &Expr) {
        let named = match named {
            Expr::Ident(name) => self.local_of(name).map(|local| (local, MemberPath::default())),
            Expr::Member(member) => self.import_path(member),
            _ => None,
        };
        if let Some(named) = named
            && !self.output.features.element_names.contains(&named)
        {
            self.output.features.element_names.push(named);
        }
    }
}
