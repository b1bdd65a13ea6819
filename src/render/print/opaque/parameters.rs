//! What the compressor would change of functions by their parameters.

use rustc_hash::FxHashSet;
use swc_core::common::Mark;
use swc_core::ecma::ast::{Function, Id, Pat};

use super::Hider;
use super::questions::is_undefined;

impl Hider {
    /// `(a = undefined) => {}`: without a default value, it would be part of the `length` of the function.
    pub(super) fn keep_length<'a>(&mut self, mut parameters: impl Iterator<Item = &'a mut Pat>) {
        if let Some(Pat::Assign(first)) = parameters.find(|parameter| parameter.is_assign())
            && is_undefined(&first.right, self.context)
        {
            self.hide(&mut first.right);
        }
    }
}

/// Renames parameters that functions of the body cover: `function (a) { function a() {} }`. The compressor takes both for
/// one variable that has the value of the argument.
pub(super) fn rename_covered_parameters(function: &mut Function) {
    let Some(body) = &function.body else {
        return;
    };
    let declared: FxHashSet<Id> = (body.stmts.iter())
        .filter_map(|statement| Some(statement.as_decl()?.as_fn_decl()?.ident.to_id()))
        .collect();
    if declared.is_empty() || !function.params.iter().all(|parameter| parameter.pat.is_ident()) {
        return;
    }
    for parameter in &mut function.params {
        if let Pat::Ident(name) = &mut parameter.pat
            && declared.contains(&name.to_id())
        {
            name.ctxt = name.ctxt.apply_mark(Mark::new());
        }
    }
}
