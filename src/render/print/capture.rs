//! Local names that would capture a name from outside.
//!
//! Binding renames references: `import { a as b } from './m'` makes `b` the chunk-level `a$1`. A local variable
//! that happens to be called `a$1` would then capture it:
//!
//! ```js
//! function f(a$1) { return b }        // must not become: function f(a$1) { return a$1 }
//! ```
//!
//! Only identifiers that do not say what the source says can be captured: for the others the author's own scopes
//! were right. So one visit finds the changed ones, and locals of the same spelling get new names.

use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{
    BindingIdent, ClassDecl, ClassExpr, FnDecl, FnExpr, Id, Ident, Module, Param, Pat,
};
use swc_core::ecma::transforms::base::rename::rename;
use swc_core::ecma::visit::{Visit, VisitMutWith as _, VisitWith as _, noop_visit_type};

use super::NameMarks;

/// Renames local names that are spelled like a changed reference.
pub fn free_captured_names(module: &mut Module, marks: NameMarks, source: &str, reserved: &[Atom]) {
    let mut survey = Survey {
        source: source.as_bytes(),
        unresolved: SyntaxContext::empty().apply_mark(marks.unresolved),
        changed: FxHashSet::default(),
        changed_symbols: FxHashSet::default(),
        contexts: FxHashMap::default(),
        declared: FxHashSet::default(),
    };
    module.visit_with(&mut survey);
    let top_level = SyntaxContext::empty().apply_mark(marks.top_level);
    let renamed = survey.renamed_locals(top_level, reserved);
    if !renamed.is_empty() {
        module.visit_mut_with(&mut rename(&renamed));
    }
}

struct Survey<'a> {
    source: &'a [u8],
    unresolved: SyntaxContext,
    /// Identities that are spelled differently than in the source, somewhere.
    changed: FxHashSet<Id>,
    changed_symbols: FxHashSet<Atom>,
    /// Every spelling and the identities that share it.
    contexts: FxHashMap<Atom, IndexSet<SyntaxContext, FxBuildHasher>>,
    /// What the module declares: others are names of other modules.
    declared: FxHashSet<Id>,
}

impl Survey<'_> {
    fn renamed_locals(&self, top_level: SyntaxContext, reserved: &[Atom]) -> FxHashMap<Id, Atom> {
        let mut renamed = FxHashMap::default();
        let mut clashing: Vec<&Atom> = self
            .changed_symbols
            .iter()
            .filter(|symbol| self.contexts[*symbol].len() > 1)
            .collect();
        // New names must not depend on the order of a hash set.
        clashing.sort_unstable();
        for symbol in clashing {
            let mut number = 0_usize;
            for context in &self.contexts[symbol] {
                let id: Id = (symbol.clone(), *context);
                let is_local = *context != top_level
                    && *context != self.unresolved
                    && !self.changed.contains(&id)
                    && self.declared.contains(&id);
                if !is_local || symbol == "arguments" {
                    continue;
                }
                let name = loop {
                    number += 1;
                    let name = Atom::from(format!("{symbol}${number}"));
                    if !self.contexts.contains_key(&name) && !reserved.contains(&name) {
                        break name;
                    }
                };
                renamed.insert(id, name);
            }
        }
        renamed
    }

    fn is_spelled_as_in_source(&self, ident: &Ident) -> bool {
        self.text_after(ident).is_some()
            && (ident.span.hi.0.wrapping_sub(ident.span.lo.0)) as usize == ident.sym.len()
    }

    /// A parameter, whose place may include its type.
    fn is_spelled_with_type(&self, parameter: &Ident) -> bool {
        let after = self.text_after(parameter).unwrap_or_default();
        matches!(after.trim_ascii_start().first(), Some(b':' | b'?'))
    }

    /// What follows a name in the source, if it stands there.
    fn text_after(&self, ident: &Ident) -> Option<&[u8]> {
        let start = ident.span.lo.0.wrapping_sub(1) as usize;
        self.source.get(start..)?.strip_prefix(ident.sym.as_bytes())
    }
}

impl Visit for Survey<'_> {
    noop_visit_type!();

    /// A parameter declares a name. When a wrapper made it, it is not changed but new: the `exports` of a CommonJS
    /// module must not make the `exports` of functions inside it move.
    fn visit_param(&mut self, parameter: &Param) {
        match &parameter.pat {
            Pat::Ident(name) if name.span.is_dummy() => {
                self.declared.insert(name.to_id());
                self.note(&name.id);
            }
            _ => parameter.visit_children_with(self),
        }
    }

    fn visit_binding_ident(&mut self, node: &BindingIdent) {
        self.declared.insert(node.to_id());
        if self.is_spelled_with_type(&node.id) {
            self.note(&node.id);
        } else {
            node.visit_children_with(self);
        }
    }

    fn visit_fn_decl(&mut self, node: &FnDecl) {
        self.declared.insert(node.ident.to_id());
        node.visit_children_with(self);
    }

    fn visit_fn_expr(&mut self, node: &FnExpr) {
        self.declared.extend(node.ident.as_ref().map(Ident::to_id));
        node.visit_children_with(self);
    }

    fn visit_class_decl(&mut self, node: &ClassDecl) {
        self.declared.insert(node.ident.to_id());
        node.visit_children_with(self);
    }

    fn visit_class_expr(&mut self, node: &ClassExpr) {
        self.declared.extend(node.ident.as_ref().map(Ident::to_id));
        node.visit_children_with(self);
    }

    fn visit_ident(&mut self, ident: &Ident) {
        if ident.ctxt != self.unresolved && !self.is_spelled_as_in_source(ident) {
            self.changed.insert(ident.to_id());
            self.changed_symbols.insert(ident.sym.clone());
        }
        self.note(ident);
    }
}

impl Survey<'_> {
    fn note(&mut self, ident: &Ident) {
        self.contexts
            .entry(ident.sym.clone())
            .or_default()
            .insert(ident.ctxt);
    }
}
