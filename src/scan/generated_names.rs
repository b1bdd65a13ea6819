//! Names for the identifiers that passes generate.
//!
//! A pass makes `_jsx` with a syntax context of its own, which tells it apart from a `_jsx` of the source
//! only as long as nobody prints names. Giving every generated binding a name that occurs nowhere in the
//! source settles it once, at module level and below, without `hygiene` and a second `resolver`, which
//! would touch every identifier of the file:
//!
//! ```text
//! function f(_jsx) { return <a/> }      import { jsx as _jsx1 } from 'react/jsx-runtime';
//!                                       function f(_jsx) { return _jsx1('a', {}) }
//! ```

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::{Mark, SyntaxContext};
use swc_core::ecma::ast::{
    AssignPat, AssignPatProp, BindingIdent, BreakStmt, CallExpr, Callee, ClassDecl, ClassExpr, ContinueStmt,
    ExportNamedSpecifier, ExportNamespaceSpecifier, Expr, FnDecl, FnExpr, Id, Ident, IdentName,
    ImportDefaultSpecifier, ImportNamedSpecifier, ImportStarAsSpecifier, KeyValuePatProp, KeyValueProp,
    LabeledStmt, Module, ModuleExportName, ModuleItem, NamedExport, ObjectPatProp, Pass, Pat, Program, Prop,
    PropName,
};
use swc_core::ecma::transforms::base::helpers::{Helpers, inject_helpers};
use swc_core::ecma::transforms::base::resolver;
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type,
};

use super::parse::Marks;
use super::sloppy_script::RESERVED;

/// The functions that the passes asked `helpers` for. To be called while `helpers` is set as `HELPERS`.
///
/// The library marks the insides of a helper only roughly (its globals look like bindings of the helper),
/// so they are resolved anew, with the helpers' mark as the top level: that is how passes refer to them.
pub(super) fn helper_statements(helpers: &Helpers, marks: Marks) -> Vec<ModuleItem> {
    let mut program = Program::Module(Module::default());
    inject_helpers(marks.unresolved).process(&mut program);
    if program.as_module().is_some_and(|module| module.body.is_empty()) {
        return Vec::new();
    }
    program.visit_mut_with(&mut ForgetContexts);
    resolver(marks.unresolved, helpers.mark(), false).process(&mut program);
    program.module().map(|module| module.body).unwrap_or_default()
}

struct ForgetContexts;

impl VisitMut for ForgetContexts {
    noop_visit_mut_type!();

    fn visit_mut_syntax_context(&mut self, node: &mut SyntaxContext) {
        *node = SyntaxContext::empty();
    }
}

/// Puts the helpers after the directives.
pub(super) fn prepend(module: &mut Module, helpers: Vec<ModuleItem>) {
    if helpers.is_empty() {
        return;
    }
    let is_directive = |item: &&ModuleItem| {
        item.as_stmt().and_then(|statement| statement.as_expr()).is_some_and(|statement| {
            !statement.span.is_dummy() && statement.expr.as_lit().is_some_and(|literal| literal.is_str())
        })
    };
    let at = module.body.iter().take_while(is_directive).count();
    module.body.splice(at..at, helpers);
}

/// Establishes the promises of [`super::parse`] about identifiers. Contexts newer than
/// `last_context_of_source` belong to generated identifiers.
pub(super) fn make_unique(module: &mut Module, last_context_of_source: SyntaxContext, marks: Marks) {
    module.visit_mut_with(&mut SeparateParameters);
    let mut names = Names { last_context_of_source, ..Names::default() };
    names.taken.extend(RESERVED.map(Atom::from));
    module.visit_with(&mut names);
    let mut renamer = Renamer {
        last_context_of_source,
        top_level_context: SyntaxContext::empty().apply_mark(marks.top_level),
        unresolved_context: marks.unresolved_context(),
        names,
        new_names: FxHashMap::default(),
    };
    module.visit_mut_with(&mut renamer);
}

/// `var E = function(E) { … }({})`, as enums and namespaces become, has two bindings with one `Id`. The
/// parameter gets its own.
struct SeparateParameters;

impl VisitMut for SeparateParameters {
    noop_visit_mut_type!();

    fn visit_mut_call_expr(&mut self, node: &mut CallExpr) {
        if let Callee::Expr(callee) = &mut node.callee
            && let Some(function) = generated_function(callee)
            && let [parameter] = function.function.params.as_slice()
            && let Pat::Ident(parameter) = &parameter.pat
        {
            let from = parameter.to_id();
            let context = SyntaxContext::empty().apply_mark(Mark::new());
            function.function.visit_mut_with(&mut ChangeContext { from, context });
        }
        node.visit_mut_children_with(self);
    }
}

fn generated_function(callee: &mut Expr) -> Option<&mut FnExpr> {
    match callee {
        Expr::Paren(parenthesized) => generated_function(&mut parenthesized.expr),
        Expr::Fn(function) if function.function.span.is_dummy() => Some(function),
        _ => None,
    }
}

struct ChangeContext {
    from: Id,
    context: SyntaxContext,
}

impl VisitMut for ChangeContext {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, node: &mut Ident) {
        if node.ctxt == self.from.1 && node.sym == self.from.0 {
            node.ctxt = self.context;
        }
    }
}

/// What the module binds, and which names are not free for generated identifiers.
#[derive(Default)]
struct Names {
    last_context_of_source: SyntaxContext,
    bound: FxHashSet<Id>,
    taken: FxHashSet<Atom>,
}

impl Names {
    fn bind(&mut self, ident: &Ident) {
        self.bound.insert(ident.to_id());
    }
}

impl Visit for Names {
    noop_visit_type!();

    fn visit_ident(&mut self, node: &Ident) {
        if node.ctxt.as_u32() <= self.last_context_of_source.as_u32() && !self.taken.contains(&node.sym) {
            self.taken.insert(node.sym.clone());
        }
    }

    fn visit_binding_ident(&mut self, node: &BindingIdent) {
        self.bind(&node.id);
        node.visit_children_with(self);
    }

    fn visit_fn_decl(&mut self, node: &FnDecl) {
        self.bind(&node.ident);
        node.visit_children_with(self);
    }

    fn visit_fn_expr(&mut self, node: &FnExpr) {
        if let Some(ident) = &node.ident {
            self.bind(ident);
        }
        node.visit_children_with(self);
    }

    fn visit_class_decl(&mut self, node: &ClassDecl) {
        self.bind(&node.ident);
        node.visit_children_with(self);
    }

    fn visit_class_expr(&mut self, node: &ClassExpr) {
        if let Some(ident) = &node.ident {
            self.bind(ident);
        }
        node.visit_children_with(self);
    }

    fn visit_import_named_specifier(&mut self, node: &ImportNamedSpecifier) {
        self.bind(&node.local);
        self.visit_ident(&node.local);
    }

    fn visit_import_default_specifier(&mut self, node: &ImportDefaultSpecifier) {
        self.bind(&node.local);
        self.visit_ident(&node.local);
    }

    fn visit_import_star_as_specifier(&mut self, node: &ImportStarAsSpecifier) {
        self.bind(&node.local);
        self.visit_ident(&node.local);
    }
}

struct Renamer {
    last_context_of_source: SyntaxContext,
    top_level_context: SyntaxContext,
    unresolved_context: SyntaxContext,
    names: Names,
    new_names: FxHashMap<Id, Id>,
}

impl Renamer {
    /// The identifier's final name and context.
    fn rename(&mut self, ident: &mut Ident) {
        let is_generated = ident.ctxt.as_u32() > self.last_context_of_source.as_u32();
        let is_bare = ident.ctxt == SyntaxContext::empty();
        if !is_generated && !is_bare && ident.ctxt != self.top_level_context {
            return;
        }
        let id = ident.to_id();
        if !self.names.bound.contains(&id) {
            // A pass wrote the name of a global, or a JSX factory that the file does not declare.
            if !is_generated {
                ident.ctxt = self.unresolved_context;
            }
            return;
        }
        if !is_generated && !is_bare {
            return;
        }
        let names = &mut self.names;
        let (name, context) = self.new_names.entry(id).or_insert_with_key(|(name, context)| {
            let context = if is_bare { SyntaxContext::empty().apply_mark(Mark::new()) } else { *context };
            (free_name(name, &mut names.taken), context)
        });
        ident.sym.clone_from(name);
        ident.ctxt = *context;
    }
}

fn free_name(name: &Atom, taken: &mut FxHashSet<Atom>) -> Atom {
    let mut candidate = name.clone();
    let mut number = 0_usize;
    while !taken.insert(candidate.clone()) {
        number += 1;
        candidate = format!("{name}{number}").into();
    }
    candidate
}

fn key_of(ident: &Ident) -> IdentName {
    IdentName::new(ident.sym.clone(), ident.span)
}

impl VisitMut for Renamer {
    noop_visit_mut_type!();

    fn visit_mut_ident(&mut self, node: &mut Ident) {
        self.rename(node);
    }

    // Labels have a space of names of their own.
    fn visit_mut_labeled_stmt(&mut self, node: &mut LabeledStmt) {
        node.body.visit_mut_with(self);
    }
    fn visit_mut_break_stmt(&mut self, _: &mut BreakStmt) {}
    fn visit_mut_continue_stmt(&mut self, _: &mut ContinueStmt) {}

    fn visit_mut_import_named_specifier(&mut self, node: &mut ImportNamedSpecifier) {
        let old = node.local.clone();
        self.rename(&mut node.local);
        if node.imported.is_none() && old.sym != node.local.sym {
            node.imported = Some(ModuleExportName::Ident(old));
        }
    }

    fn visit_mut_named_export(&mut self, node: &mut NamedExport) {
        if node.src.is_none() {
            node.visit_mut_children_with(self);
        }
    }

    fn visit_mut_export_namespace_specifier(&mut self, _: &mut ExportNamespaceSpecifier) {}

    fn visit_mut_export_named_specifier(&mut self, node: &mut ExportNamedSpecifier) {
        let ModuleExportName::Ident(local) = &mut node.orig else { return };
        let old = local.clone();
        self.rename(local);
        if node.exported.is_none() && old.sym != local.sym {
            node.exported = Some(ModuleExportName::Ident(old));
        }
    }

    fn visit_mut_prop(&mut self, node: &mut Prop) {
        if let Prop::Shorthand(ident) = node {
            let key = key_of(ident);
            self.rename(ident);
            if key.sym != ident.sym {
                let value = Box::new(Expr::Ident(ident.clone()));
                *node = Prop::KeyValue(KeyValueProp { key: PropName::Ident(key), value });
            }
            return;
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_object_pat_prop(&mut self, node: &mut ObjectPatProp) {
        if let ObjectPatProp::Assign(AssignPatProp { span, key: ident, value }) = node {
            let key = key_of(ident);
            self.rename(ident);
            value.visit_mut_with(self);
            if key.sym != ident.sym {
                let binding = Pat::Ident(ident.clone());
                let pattern = match value.take() {
                    Some(right) => Pat::Assign(AssignPat {
                        span: *span,
                        left: Box::new(binding),
                        right,
                    }),
                    None => binding,
                };
                *node = ObjectPatProp::KeyValue(KeyValuePatProp {
                    key: PropName::Ident(key),
                    value: Box::new(pattern),
                });
            }
            return;
        }
        node.visit_mut_children_with(self);
    }
}
