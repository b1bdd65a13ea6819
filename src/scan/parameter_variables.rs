//! `var exports` and `var module` of a CommonJS file are what the file is called with, as `var` of a parameter is
//! everywhere:
//!
//! ```js
//! var module = module || {}; module.exports = 1;
//! ```
//!
//! A `let` or a function of that name is another binding.

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{
    ArrowExpr, Class, Function, Id, Ident, Module, ModuleItem, Stmt, VarDecl, VarDeclKind,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith as _, VisitWith as _, noop_visit_mut_type, noop_visit_type,
};

use super::parse::Marks;

const PARAMETERS: [&str; 2] = ["exports", "module"];

/// Makes such variables the parameters that they are.
pub(super) fn join(module: &mut Module, source: &str, marks: Marks) {
    let contains = |word: &str| memchr::memmem::find(source.as_bytes(), word.as_bytes()).is_some();
    if !contains("var") || !PARAMETERS.iter().any(|word| contains(word)) {
        return;
    }
    let own = SyntaxContext::empty().apply_mark(marks.top_level);
    let mut found = Variables {
        own,
        names: FxHashSet::default(),
    };
    module.visit_with(&mut found);
    for item in &module.body {
        if let ModuleItem::Stmt(Stmt::Decl(declaration)) = item
            && let Some(function) = declaration.as_fn_decl()
        {
            found.names.remove(&function.ident.sym);
        }
    }
    if !found.names.is_empty() {
        module.visit_mut_with(&mut Join {
            own,
            parameter: marks.unresolved_context(),
            names: found.names,
        });
    }
}

/// Names that `var` declares outside functions.
struct Variables {
    own: SyntaxContext,
    names: FxHashSet<Atom>,
}

impl Visit for Variables {
    noop_visit_type!();

    fn visit_var_decl(&mut self, declaration: &VarDecl) {
        if declaration.kind == VarDeclKind::Var {
            let names: Vec<Id> = find_pat_ids(&declaration.decls);
            self.names.extend(
                names
                    .into_iter()
                    .filter(|(name, context)| *context == self.own && PARAMETERS.contains(&&**name))
                    .map(|(name, _)| name),
            );
        }
    }

    fn visit_function(&mut self, _: &Function) {}

    fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}

    fn visit_class(&mut self, _: &Class) {}
}

struct Join {
    own: SyntaxContext,
    parameter: SyntaxContext,
    names: FxHashSet<Atom>,
}

impl VisitMut for Join {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, name: &mut Ident) {
        if name.ctxt == self.own && self.names.contains(&name.sym) {
            name.ctxt = self.parameter;
        }
    }
}
