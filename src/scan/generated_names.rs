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

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::{Mark, SyntaxContext};
use swc_core::ecma::ast::{
    BindingIdent, BreakStmt, CallExpr, Callee, ClassDecl, ClassExpr, ContinueStmt, DefaultDecl,
    ExportDefaultDecl, ExportNamedSpecifier, ExportNamespaceSpecifier, Expr, FnDecl, FnExpr, Function, Id,
    Ident, ImportDefaultSpecifier, ImportNamedSpecifier, ImportStarAsSpecifier, LabeledStmt, Lit, Module,
    ModuleExportName, ModuleItem, NamedExport, ObjectPatProp, Pass, Pat, Program, Prop,
};
use swc_core::ecma::transforms::base::helpers::{Helpers, inject_helpers};
use swc_core::ecma::transforms::base::resolver;
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use super::parse::Marks;
use super::shorthands::{rename_pattern_property, rename_property};
use super::sloppy_script::RESERVED;

/// The functions that passes asked for.
#[derive(Debug, Default)]
pub(super) struct HelperCode {
    items: Vec<ModuleItem>,
    /// The contexts of what stands inside the functions. Such names meet no others and may stay.
    inner_contexts: Range<u32>,
}

impl HelperCode {
    /// What the passes asked `helpers` for. To be called while `helpers` is set as `HELPERS`.
    ///
    /// The library marks the insides of a helper only roughly (its globals look like bindings of the helper),
    /// so they are resolved anew, with the helpers' mark as the top level: that is how passes refer to them.
    pub fn of(helpers: &Helpers, marks: Marks) -> Self {
        let mut program = Program::Module(Module::default());
        inject_helpers(marks.unresolved).process(&mut program);
        if program.as_module().is_some_and(|module| module.body.is_empty()) {
            return Self::default();
        }
        program.visit_mut_with(&mut ForgetContexts);
        // Passes that use helpers have made this context before, so those of the insides are newer.
        let _ = SyntaxContext::empty().apply_mark(helpers.mark());
        let start = next_context().as_u32();
        resolver(marks.unresolved, helpers.mark(), false).process(&mut program);
        let items = program.module().map(|module| module.body).unwrap_or_default();
        Self {
            items,
            inner_contexts: start..next_context().as_u32(),
        }
    }
}

/// A context newer than all that exist: every context made later has a greater number.
pub(super) fn next_context() -> SyntaxContext {
    SyntaxContext::empty().apply_mark(Mark::new())
}

struct ForgetContexts;

impl VisitMut for ForgetContexts {
    noop_visit_mut_type!();

    fn visit_mut_syntax_context(&mut self, node: &mut SyntaxContext) {
        *node = SyntaxContext::empty();
    }
}

/// Puts the helpers after the directives and establishes the promises of [`super::parse`] about identifiers.
/// Contexts newer than `last_context_of_source` belong to generated identifiers.
pub(super) fn settle(
    module: &mut Module,
    helpers: HelperCode,
    last_context_of_source: SyntaxContext,
    marks: Marks,
) {
    let HelperCode {
        items,
        inner_contexts,
    } = helpers;
    if !items.is_empty() {
        let is_directive = |item: &&ModuleItem| {
            item.as_stmt()
                .and_then(|statement| statement.as_expr())
                .is_some_and(|statement| {
                    !statement.span.is_dummy() && statement.expr.as_lit().is_some_and(Lit::is_str)
                })
        };
        let at = module.body.iter().take_while(is_directive).count();
        module.body.splice(at..at, items);
    }
    let mut outer = OuterBindings::default();
    module.visit_with(&mut outer);
    let mut separate = SeparateBindings {
        outer: outer.ids,
        parameters: FxHashSet::default(),
        own_contexts: FxHashSet::default(),
    };
    module.visit_mut_with(&mut separate);
    let contexts = Contexts {
        last_of_source: last_context_of_source.as_u32(),
        inner: inner_contexts,
        own: separate.own_contexts,
        top_level: SyntaxContext::empty().apply_mark(marks.top_level),
        unresolved: marks.unresolved_context(),
    };
    let mut names = Names {
        contexts: &contexts,
        bound: FxHashSet::default(),
        taken: FxHashSet::default(),
    };
    names.taken.extend(
        RESERVED
            .into_iter()
            .chain(["arguments", "eval", "exports", "module"])
            .map(Atom::from),
    );
    module.visit_with(&mut names);
    let Names { bound, taken, .. } = names;
    module.visit_mut_with(&mut Renamer {
        contexts: &contexts,
        bound,
        taken,
        new_names: FxHashMap::default(),
    });
}

/// Which contexts mean what.
struct Contexts {
    last_of_source: u32,
    inner: Range<u32>,
    own: FxHashSet<SyntaxContext>,
    top_level: SyntaxContext,
    unresolved: SyntaxContext,
}

impl Contexts {
    /// Whether a pass made the identifier and its name must be looked at.
    fn is_generated(&self, context: SyntaxContext) -> bool {
        context.as_u32() > self.last_of_source
            && !self.inner.contains(&context.as_u32())
            && !self.own.contains(&context)
    }
}

/// What is bound otherwise than by the name of a class expression.
#[derive(Default)]
struct OuterBindings {
    ids: FxHashSet<Id>,
}

impl Visit for OuterBindings {
    noop_visit_type!();

    fn visit_binding_ident(&mut self, node: &BindingIdent) {
        self.ids.insert(node.to_id());
    }

    fn visit_class_decl(&mut self, node: &ClassDecl) {
        self.ids.insert(node.ident.to_id());
        node.visit_children_with(self);
    }
}

/// `var E = function(E) { … }({})`, as enums and namespaces become, and `var A = class A { … }`, as some
/// classes become, have two bindings with one `Id`; so have the accessors of two decorated private members, whose
/// parameters are the same. The inner or later one gets its own; it may keep the name, because everything inside that
/// had the `Id` means it.
struct SeparateBindings {
    outer: FxHashSet<Id>,
    /// What functions bind that were visited before.
    parameters: FxHashSet<Id>,
    own_contexts: FxHashSet<SyntaxContext>,
}

impl SeparateBindings {
    fn own_context(&mut self, from: Id) -> ChangeContext {
        let change = ChangeContext::new(from);
        self.own_contexts.insert(change.context);
        change
    }
}

impl VisitMut for SeparateBindings {
    noop_visit_mut_type!();

    fn visit_mut_call_expr(&mut self, node: &mut CallExpr) {
        if let Callee::Expr(callee) = &mut node.callee
            && let Some(function) = generated_function(callee)
            && let [parameter] = function.function.params.as_slice()
            && let Pat::Ident(parameter) = &parameter.pat
        {
            let mut change = self.own_context(parameter.to_id());
            function.function.visit_mut_with(&mut change);
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_function(&mut self, node: &mut Function) {
        for parameter in find_pat_ids::<_, Id>(&node.params) {
            if !self.parameters.insert(parameter.clone()) {
                let mut change = self.own_context(parameter);
                node.visit_mut_children_with(&mut change);
            }
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_class_expr(&mut self, node: &mut ClassExpr) {
        if let Some(ident) = &node.ident
            && self.outer.contains(&ident.to_id())
        {
            let mut change = self.own_context(ident.to_id());
            node.visit_mut_with(&mut change);
        }
        node.visit_mut_children_with(self);
    }

    // The class of `export default class A {}` is a declaration, whatever its type says.
    fn visit_mut_export_default_decl(&mut self, node: &mut ExportDefaultDecl) {
        match &mut node.decl {
            DefaultDecl::Class(class) => class.visit_mut_children_with(self),
            other => other.visit_mut_with(self),
        }
    }
}

fn generated_function(callee: &mut Expr) -> Option<&mut FnExpr> {
    match callee {
        Expr::Paren(parenthesized) => generated_function(&mut parenthesized.expr),
        Expr::Fn(function) if function.function.span.is_dummy() => Some(function),
        _ => None,
    }
}

/// Gives one identifier a new context.
pub(super) struct ChangeContext {
    from: Id,
    context: SyntaxContext,
}

impl ChangeContext {
    pub fn new(from: Id) -> Self {
        Self {
            from,
            context: SyntaxContext::empty().apply_mark(Mark::new()),
        }
    }

    /// That of the binding from then on.
    pub fn context(&self) -> SyntaxContext {
        self.context
    }
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
struct Names<'a> {
    contexts: &'a Contexts,
    bound: FxHashSet<Id>,
    taken: FxHashSet<Atom>,
}

impl Names<'_> {
    fn bind(&mut self, ident: &Ident) {
        self.bound.insert(ident.to_id());
    }
}

impl Visit for Names<'_> {
    noop_visit_type!();

    fn visit_ident(&mut self, node: &Ident) {
        if !self.contexts.is_generated(node.ctxt) && !self.taken.contains(&node.sym) {
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

struct Renamer<'a> {
    contexts: &'a Contexts,
    bound: FxHashSet<Id>,
    taken: FxHashSet<Atom>,
    new_names: FxHashMap<Id, Id>,
}

impl Renamer<'_> {
    /// Gives the identifier its final name and context.
    fn rename(&mut self, ident: &mut Ident) {
        let is_bare = ident.ctxt == SyntaxContext::empty();
        let is_generated = is_bare || self.contexts.is_generated(ident.ctxt);
        if !is_generated && ident.ctxt != self.contexts.top_level {
            return;
        }
        let id = ident.to_id();
        if !self.bound.contains(&id) {
            // A pass wrote the name of a global, or a JSX factory that the file does not declare.
            ident.ctxt = self.contexts.unresolved;
        } else if is_generated {
            let taken = &mut self.taken;
            let (name, context) = self.new_names.entry(id).or_insert_with_key(|(name, context)| {
                (
                    free_name(name, taken),
                    if is_bare { next_context() } else { *context },
                )
            });
            ident.sym.clone_from(name);
            ident.ctxt = *context;
        }
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

impl VisitMut for Renamer<'_> {
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
        let ModuleExportName::Ident(local) = &mut node.orig else {
            return;
        };
        let old = local.clone();
        self.rename(local);
        if node.exported.is_none() && old.sym != local.sym {
            node.exported = Some(ModuleExportName::Ident(old));
        }
    }

    fn visit_mut_prop(&mut self, property: &mut Prop) {
        rename_property(property, self, Renamer::rename);
    }

    fn visit_mut_object_pat_prop(&mut self, property: &mut ObjectPatProp) {
        rename_pattern_property(property, self, Renamer::rename);
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::transformed;
    use super::super::transform::{DecoratorSemantics, NullTypes, TransformOptions};

    fn text(name: &str, source: &str, decorators: DecoratorSemantics) -> String {
        // Proves the identifiers, whatever the text.
        transformed(
            name,
            source,
            &TransformOptions {
                decorators,
                ..TransformOptions::default()
            },
        )
    }

    #[test]
    fn a_generated_name_is_free_everywhere() {
        let source = "import { _jsx1 } from 'p'; export function f(_jsx) { return <a>{_jsx}{_jsx1}</a> }";
        let text = text("/a.jsx", source, DecoratorSemantics::Standard);
        assert!(text.contains("import { jsxs as _jsxs } from"), "{text}");
        let source = "export function f(_jsxs, _jsxs1) { return <a>{_jsxs}{_jsxs1}</a> }";
        let text = super::tests::text("/a.jsx", source, DecoratorSemantics::Standard);
        assert!(text.contains("import { jsxs as _jsxs2 } from"), "{text}");
    }

    #[test]
    fn enums_and_namespaces_have_a_binding_of_their_own_inside() {
        let source = "export enum E { A = f() } { enum E { B } g(E.B) } export namespace N.M { export const a = E } h(E, N)";
        text("/a.ts", source, DecoratorSemantics::Standard);
    }

    #[test]
    fn helpers_are_written_into_the_module() {
        let source = "'use client'; import { d } from 'd'; const _ts_decorate = 1; @d class A { @d a() { return A } } export { _ts_decorate };";
        let text = text("/a.ts", source, DecoratorSemantics::Experimental);
        assert!(
            text.contains("function _ts_decorate1(decorators, target, key, desc)"),
            "{text}"
        );
        assert!(!text.contains("@swc/helpers"), "{text}");
    }

    #[test]
    fn every_decorator_form_keeps_its_names_apart() {
        let source = "
            import { d } from 'd';
            const _class = 1, B = 2, _dec = 3;
            export @d class A { @d a = A; @d static b = 1; @d c(@p q) {} @d get e() { return _class } @d [f()]() {} }
            export const c = @d class B { @d m() { return B } }, g = @d class { @d n() {} };
            function h(_initClass, d) { return @d class A extends A { @d o = _dec } }
            export default @d class {}
        ";
        text("/a.ts", source, DecoratorSemantics::Experimental);
        text(
            "/a.ts",
            source,
            DecoratorSemantics::ExperimentalWithMetadata(NullTypes::default()),
        );
        let standard = source.replace("@p q", "q");
        text("/a.ts", &standard, DecoratorSemantics::Standard);
        text(
            "/a.js",
            &standard.replace("[f()]", "accessor #x = 1; @d r"),
            DecoratorSemantics::Standard,
        );
    }

    #[test]
    fn using_disposes() {
        let source = "using a = f(); export class Z {} export function g() { using b = a; for (using c of b) {} return Z }";
        let text = text("/a.ts", source, DecoratorSemantics::Standard);
        assert!(!text.contains("using "), "{text}");
    }
}
