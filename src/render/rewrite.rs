//! Gives every reference in a module its final form: chunk-level names, properties of interop objects,
//! requests turned into calls and file names.

use std::collections::BTreeSet;

use swc_core::atoms::Atom;
use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    AssignExpr, AssignPat, AssignPatProp, BinExpr, BindingIdent, CallExpr, Callee, ComputedPropName, Expr,
    Ident, IdentName, KeyValuePatProp, KeyValueProp, Lit, MemberExpr, MetaPropKind, ObjectPatProp, OptCall,
    Pat, Prop, PropName, SimpleAssignTarget, TaggedTpl, UnaryExpr, UnaryOp,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith};

use super::Delivered;
use super::ast;
use super::names::ChunkNames;
use super::runtime::Helper;
use super::surroundings::Surroundings;
use crate::bind::{Binding, BoundGraph, SymbolId, SymbolOwner, Wrapping};
use crate::graph::{LocalId, Module, ModuleFormat, ModuleId, RecordId, RequestSyntax, Target, record_number};
use crate::scan::named_members::{key_test, static_path};

/// The contexts identifiers get; what the printing stage may rename depends on them.
#[derive(Debug, Clone, Copy)]
pub struct Contexts {
    /// Free names, as the scan marked them.
    pub unresolved: SyntaxContext,
    /// The module's own top-level names.
    pub top_level: SyntaxContext,
    /// Names of the chunk that this module does not declare.
    pub foreign: SyntaxContext,
    /// Top-level names of a CommonJS module, which its wrapper makes local.
    pub local: SyntaxContext,
}

/// Rewrites the statements of one module.
pub struct Rewriter<'a> {
    pub bound: &'a BoundGraph,
    pub module_id: ModuleId,
    pub module: &'a Module,
    pub names: &'a ChunkNames,
    pub contexts: Contexts,
    /// Other files.
    pub surroundings: &'a Surroundings<'a>,
    /// Helpers the rewritten code calls.
    pub helpers: BTreeSet<Helper>,
    /// Delivered modules the rewritten code names.
    pub delivered: Vec<Delivered>,
}

impl Rewriter<'_> {
    /// A reference to a symbol of the chunk.
    pub fn symbol(&self, symbol: SymbolId) -> Expr {
        Expr::Ident(self.symbol_ident(symbol))
    }

    /// The identifier of a symbol of the chunk.
    pub fn symbol_ident(&self, symbol: SymbolId) -> Ident {
        let symbol = self.surroundings.views.original(symbol);
        let context = if self.is_own(symbol) {
            self.contexts.top_level
        } else {
            self.contexts.foreign
        };
        ast::ident(self.names.of(symbol), context)
    }

    /// Whether the module declares a symbol.
    pub fn is_own(&self, symbol: SymbolId) -> bool {
        crate::chunk::references::owning_module(self.bound, symbol) == Some(self.module_id)
    }

    /// Rewrites the two sides of an assignment.
    pub fn rewrite_assignment(&mut self, assignment: &mut AssignExpr) {
        assignment.visit_mut_children_with(self);
    }

    /// A call of a helper.
    pub fn helper(&mut self, helper: Helper, arguments: Vec<Expr>) -> Expr {
        ast::call(self.helper_value(helper), arguments)
    }

    /// A helper.
    pub fn helper_value(&mut self, helper: Helper) -> Expr {
        self.helpers.insert(helper);
        Expr::Ident(ast::ident(&helper.name().into(), self.contexts.foreign))
    }

    /// The call that evaluates a wrapped module; `await`ed by the caller when that is needed.
    pub fn evaluate(&self, module: ModuleId) -> Expr {
        let wrapper = self
            .bound
            .symbols
            .invented(&SymbolOwner::Wrapper(module))
            .expect("binding invents a wrapper for every wrapped module that is included");
        ast::call(self.symbol(wrapper), Vec::new())
    }

    pub(super) fn local(&self, ident: &Ident) -> Option<LocalId> {
        if ident.ctxt == self.contexts.unresolved {
            return None;
        }
        self.module.syntax.symbol_of.get(&ident.to_id()).copied()
    }

    pub(super) fn import_binding(&self, ident: &Ident) -> Option<&Binding> {
        self.bound.imports[self.module_id].get(&self.local(ident)?)
    }

    pub(super) fn binding(&self, binding: &Binding) -> Expr {
        match binding {
            Binding::Symbol(symbol) => self.symbol(*symbol),
            Binding::Member(symbol, name) if self.bound.is_itself(*symbol, name) => self.symbol(*symbol),
            Binding::Member(symbol, name) => ast::member(self.symbol(*symbol), name),
            Binding::Constant(value) => ast::constant_value(value),
            Binding::Undefined => *Expr::undefined(DUMMY_SP),
        }
    }

    /// What an identifier in expression position becomes, if it changes to something else than a name.
    fn replacement(&mut self, ident: &Ident) -> Option<Expr> {
        if ident.ctxt == self.contexts.unresolved {
            let is_commonjs = self.module.syntax.format == ModuleFormat::CommonJs;
            let helper = match &*ident.sym {
                "require" => Helper::Require,
                "__filename" if is_commonjs => Helper::FileName,
                "__dirname" if is_commonjs => Helper::DirectoryName,
                _ => return None,
            };
            return Some(self.helper_value(helper));
        }
        let binding = self.import_binding(ident)?;
        let mut expression = self.binding(binding);
        expression.set_span(ident.span);
        Some(expression)
    }

    /// A callee that became a property access must not pass the interop object as `this`.
    fn callee(&mut self, callee: &mut Box<Expr>) {
        while let Expr::Paren(inner) = &mut **callee {
            *callee = inner.expr.take();
        }
        let was_name = matches!(&**callee, Expr::Ident(_));
        callee.visit_mut_with(self);
        if was_name && matches!(&**callee, Expr::Member(_)) {
            let value = std::mem::replace(&mut **callee, *Expr::undefined(DUMMY_SP));
            **callee = ast::detached(value);
        }
    }

    /// What `ns.name` stands for.
    pub(super) fn member_binding(&self, member: &MemberExpr) -> Option<&Binding> {
        let (object, path) = static_path(member)?;
        self.bound.members[self.module_id].get(&(self.local(object)?, path))
    }

    /// The symbol of a binding of the module.
    pub(super) fn own_symbol(&self, local: LocalId) -> SymbolId {
        self.bound.symbols.local(self.module_id, local)
    }

    /// A name like this one that the module does not mention.
    pub(super) fn free_name(&self, name: &str) -> Atom {
        let source = &self.module.syntax.source;
        let mut free = name.to_owned();
        while source.contains(&free) {
            free.push('_');
        }
        free.into()
    }

    /// `ns.name` on an import namespace.
    fn member(&mut self, member: &MemberExpr) -> Option<Expr> {
        let (object, path) = static_path(member)?;
        let local = self.local(object)?;
        let bound = self.bound;
        let last = path.last().cloned().unwrap_or_default();
        let binding = bound.members[self.module_id].get(&(local, path))?;
        if let Some(checked) = self.check_member(binding, &last) {
            return Some(checked);
        }
        let mut expression = self.binding(binding);
        expression.set_span(member.span);
        Some(expression)
    }

    /// `'name' in ns` on an import namespace.
    fn key_test(&self, binary: &BinExpr) -> Option<bool> {
        let (name, object) = key_test(binary)?;
        let tests = &self.bound.key_tests[self.module_id];
        tests.get(&(self.local(object)?, name)).copied()
    }

    /// The request of `import(<number>)` or `require(<number>)`.
    pub fn record_of(call: &CallExpr) -> Option<RecordId> {
        let first = call.args.first()?;
        match &*first.expr {
            Expr::Lit(Lit::Num(number)) => record_number(number.value),
            _ => None,
        }
    }

    fn is_require(&self, call: &CallExpr) -> bool {
        match &call.callee {
            Callee::Expr(callee) => match &**callee {
                Expr::Ident(ident) => ident.ctxt == self.contexts.unresolved && ident.sym == *"require",
                _ => false,
            },
            _ => false,
        }
    }

    /// What a `require()` becomes.
    pub(super) fn require(&mut self, record: RecordId) -> Expr {
        let request = &self.module.syntax.records[record];
        if let Target::Module(target) = self.module.targets[record]
            && let Some(value) = self.bound.json_value(target)
        {
            return self.symbol(value);
        }
        match self.module.targets[record] {
            Target::Module(target) if let Some(object) = self.bound.exports_object(target) => {
                self.binding(&object)
            }
            Target::Module(target) => match self.bound.wrapping[target] {
                Wrapping::CommonJs => self.evaluate(target),
                Wrapping::Lazy if super::module::is_async(self.bound, target) => {
                    let name = ast::string(&request.specifier);
                    self.helper(Helper::AsyncModule, vec![name])
                }
                Wrapping::Lazy | Wrapping::Hoisted => {
                    let evaluation = self.evaluate(target);
                    if request.is_discarded() {
                        return evaluation;
                    }
                    let value = if let Some(value) = self.bound.required_value(target) {
                        self.binding(value)
                    } else {
                        let namespace = self
                            .bound
                            .symbols
                            .invented(&SymbolOwner::Namespace(target))
                            .expect("a required ES module has a namespace object");
                        let namespace = self.symbol(namespace);
                        self.helper(Helper::ToCommonJs, vec![namespace])
                    };
                    ast::sequence(vec![evaluation, value])
                }
            },
            Target::External(external) => {
                let external_module = &self.bound.graph.externals[external];
                if external_module.is_builtin {
                    let specifier = ast::string(&self.surroundings.outside(external));
                    self.helper(Helper::Require, vec![specifier])
                } else {
                    let namespace = self
                        .bound
                        .symbols
                        .invented(&SymbolOwner::ExternalNamespace(external))
                        .expect("a required outside module has a namespace");
                    let namespace = self.symbol(namespace);
                    self.helper(Helper::RequireExternal, vec![namespace])
                }
            }
            Target::Ignored | Target::Missing => {
                self.helper(Helper::MissingModule, vec![ast::string(&request.specifier)])
            }
        }
    }

    fn dynamic_import(&self, record: RecordId) -> String {
        match self.module.targets[record] {
            Target::Module(target) => self
                .surroundings
                .dynamic_specifier(target)
                .expect("every included import() target is an entry"),
            Target::External(external) => self.surroundings.outside(external),
            Target::Ignored | Target::Missing => self.module.syntax.records[record].specifier.to_string(),
        }
    }
}

impl VisitMut for Rewriter<'_> {
    /// Binding positions and plain references; expression positions go through `visit_mut_expr`.
    fn visit_mut_ident(&mut self, ident: &mut Ident) {
        let is_commonjs = self.module.syntax.format == ModuleFormat::CommonJs;
        if ident.ctxt == self.contexts.unresolved {
            if is_commonjs && matches!(&*ident.sym, "exports" | "module") {
                ident.ctxt = self.contexts.local;
            }
        } else if is_commonjs {
            if ident.ctxt == self.contexts.top_level {
                ident.ctxt = self.contexts.local;
            }
        } else if let Some(local) = self.local(ident) {
            let symbol = self.bound.symbols.local(self.module_id, local);
            if let Some(name) = self.names.get(symbol) {
                ident.sym = name.clone();
                ident.ctxt = self.contexts.top_level;
            }
        }
    }

    fn visit_mut_expr(&mut self, expr: &mut Expr) {
        if let Some(checked) = self.checked(expr) {
            *expr = checked;
            return;
        }
        match expr {
            Expr::Ident(ident) => match self.replacement(ident) {
                Some(replacement) => *expr = replacement,
                None => self.visit_mut_ident(ident),
            },
            Expr::MetaProp(meta) if meta.kind == MetaPropKind::ImportMeta => {
                if let Some(own) = self.own_import_meta() {
                    *expr = own;
                }
            }
            Expr::New(_) | Expr::Member(_) if let Some(replacement) = self.file_url(expr) => {
                *expr = replacement;
            }
            Expr::Member(member) if let Some(replacement) = self.member_of_require(member) => {
                *expr = replacement;
            }
            Expr::Bin(binary) if let Some(answer) = self.key_test(binary) => {
                *expr = Expr::Lit(Lit::Bool(answer.into()));
            }
            Expr::Member(member) => match self.member(member) {
                Some(replacement) => *expr = replacement,
                None => member.visit_mut_children_with(self),
            },
            Expr::Call(call) if matches!(call.callee, Callee::Import(_)) => {
                let styles = self.styles_of_import(call);
                let taken = self.taken_of_commonjs(call);
                let preloads = self.preloads_of_import(call, !styles.is_empty());
                let options = self.options_of_import(call);
                call.visit_mut_with(self);
                if let Some(mut options) = options {
                    options.visit_mut_with(self);
                    *expr = self.after_options(options, expr.take());
                }
                if let Some(taken) = taken {
                    *expr = self.take_of_imported(taken, expr.take());
                }
                if !styles.is_empty() {
                    *expr = self.after_styles(&styles, expr.take());
                }
                if !preloads.is_empty() {
                    *expr = self.after_preloads(&preloads, expr.take());
                }
            }
            Expr::Call(call) if self.is_require(call) && Self::record_of(call).is_some() => {
                let record = Self::record_of(call).expect("checked by the guard");
                *expr = self.require(record);
            }
            Expr::Call(call) if let Some(replacement) = self.resolution(call) => *expr = replacement,
            Expr::Call(call) if self.is_direct_eval(call) => {
                call.args.visit_mut_with(self);
                if let Some(handed_over) = self.evaluated_code(call) {
                    *expr = handed_over;
                }
            }
            _ => expr.visit_mut_children_with(self),
        }
    }

    fn visit_mut_call_expr(&mut self, call: &mut CallExpr) {
        match &mut call.callee {
            Callee::Import(_) => {
                if let Some(record) = Self::record_of(call)
                    && self
                        .module
                        .syntax
                        .records
                        .get(record)
                        .is_some_and(|record| record.syntax == RequestSyntax::Dynamic)
                {
                    let specifier = self.dynamic_import(record);
                    *call.args[0].expr = ast::string(&specifier);
                }
            }
            Callee::Expr(callee) => self.callee(callee),
            Callee::Super(_) => {}
        }
        call.args.visit_mut_with(self);
    }

    fn visit_mut_opt_call(&mut self, call: &mut OptCall) {
        self.callee(&mut call.callee);
        call.args.visit_mut_with(self);
    }

    fn visit_mut_tagged_tpl(&mut self, template: &mut TaggedTpl) {
        self.callee(&mut template.tag);
        template.tpl.visit_mut_with(self);
    }

    fn visit_mut_simple_assign_target(&mut self, target: &mut SimpleAssignTarget) {
        // `ns.name = 1` goes to the namespace object, never to the binding.
        if let SimpleAssignTarget::Member(member) = target {
            member.visit_mut_children_with(self);
        } else {
            target.visit_mut_children_with(self);
        }
    }

    fn visit_mut_unary_expr(&mut self, unary: &mut UnaryExpr) {
        match &mut *unary.arg {
            Expr::Member(member) if unary.op == UnaryOp::Delete => member.visit_mut_children_with(self),
            _ => unary.visit_mut_children_with(self),
        }
    }

    fn visit_mut_pat(&mut self, pattern: &mut Pat) {
        match pattern {
            Pat::Expr(target) => match &mut **target {
                Expr::Member(member) => member.visit_mut_children_with(self),
                other => other.visit_mut_with(self),
            },
            _ => pattern.visit_mut_children_with(self),
        }
    }

    fn visit_mut_update_expr(&mut self, update: &mut swc_core::ecma::ast::UpdateExpr) {
        if let Expr::Member(member) = &mut *update.arg {
            member.visit_mut_children_with(self);
        } else {
            update.visit_mut_children_with(self);
        }
    }

    fn visit_mut_prop(&mut self, property: &mut Prop) {
        if let Prop::Shorthand(ident) = property {
            let key = IdentName::new(ident.sym.clone(), ident.span);
            let mut value = Expr::Ident(ident.clone());
            value.visit_mut_with(self);
            let is_same = matches!(&value, Expr::Ident(name) if name.sym == key.sym);
            // Mangling may rename what is the same here.
            if is_same
                && key.sym != *"__proto__"
                && let Expr::Ident(name) = value
            {
                *ident = name;
            } else {
                *property = Prop::KeyValue(KeyValueProp {
                    key: own_key(key),
                    value: Box::new(value),
                });
            }
            return;
        }
        property.visit_mut_children_with(self);
    }

    fn visit_mut_object_pat_prop(&mut self, property: &mut ObjectPatProp) {
        if let ObjectPatProp::Assign(AssignPatProp { key, value, span }) = property {
            value.visit_mut_with(self);
            let original = IdentName::new(key.id.sym.clone(), key.id.span);
            let mut name: Ident = key.id.clone();
            self.visit_mut_ident(&mut name);
            if name.sym == original.sym {
                key.id = name;
                return;
            }
            let target = Pat::Ident(BindingIdent::from(name));
            let value = match value.take() {
                None => target,
                Some(default) => Pat::Assign(AssignPat {
                    span: *span,
                    left: Box::new(target),
                    right: default,
                }),
            };
            *property = ObjectPatProp::KeyValue(KeyValuePatProp {
                key: PropName::Ident(original),
                value: Box::new(value),
            });
            return;
        }
        property.visit_mut_children_with(self);
    }
}

/// `__proto__: value` would set the prototype where `{ __proto__ }` makes a property.
fn own_key(name: IdentName) -> PropName {
    if name.sym != *"__proto__" {
        return PropName::Ident(name);
    }
    PropName::Computed(ComputedPropName {
        span: name.span,
        expr: Box::new(Expr::Lit(Lit::Str(name.sym.into()))),
    })
}
