//! What the compressor would change of functions by their parameters.

use rustc_hash::FxHashSet;
use swc_core::common::Mark;
use swc_core::ecma::ast::{Expr, Function, Id, Ident, Pat};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith as _, noop_visit_type};

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

/// Whether what stands for a parameter names one behind it, which has no value yet: `(a = b, b) => {}`. Where the compressor
/// knows the arguments, that would be their value.
pub(super) fn reads_ahead(function: &Expr) -> bool {
    let parameters: Vec<&Pat> = match function {
        Expr::Fn(function) => function.function.params.iter().map(|one| &one.pat).collect(),
        Expr::Arrow(function) => function.params.iter().collect(),
        _ => return false,
    };
    parameters.iter().enumerate().any(|(index, parameter)| {
        !parameter.is_ident() && parameters.len() > index + 1 && {
            let later = parameters[index + 1..].iter();
            let mut search = Later {
                names: later.flat_map(|later| find_pat_ids::<_, Id>(*later)).collect(),
                is_found: false,
            };
            parameter.visit_with(&mut search);
            search.is_found
        }
    })
}

struct Later {
    names: Vec<Id>,
    is_found: bool,
}

impl Visit for Later {
    noop_visit_type!();

    fn visit_ident(&mut self, name: &Ident) {
        self.is_found |= self.names.contains(&name.to_id());
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
