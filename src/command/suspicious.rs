//! Code that means something, but hardly what its author wanted. Told of the sources that are somebody's own: of an
//! installed package nobody here can change a line.

use swc_core::common::{GLOBALS, Span, Spanned as _, SyntaxContext};
use swc_core::ecma::ast::{
    AssignExpr, BinExpr, BinaryOp, CallExpr, Callee, CondExpr, Expr, IfStmt, Lit, MemberExpr, OptChainBase,
    Prop, TryStmt, UnaryExpr, UnaryOp, UpdateExpr,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use crate::bind::{Binding, BoundGraph};
use crate::diagnostic::{Code, Diagnostic, Location, nearest};
use crate::graph::{
    ImportedName, LocalId, Module, ModuleFormat, ModuleGraph, ModuleId, ModuleOrigin, Resource, StatementId,
    Target, record_number,
};
use crate::resolve::Platform;
use crate::scan::named_members::static_path;

/// One finding for every place, of `eval` for every file, in the order of the text of a module.
pub(super) fn suspicious_code_in(bound: &BoundGraph, id: ModuleId, platform: Platform) -> Vec<Diagnostic> {
    let mut found = missing_packages(&bound.graph, id);
    found.extend(own_code(bound, id, platform));
    found
}

/// Imports of optional packages that are not installed.
fn missing_packages(graph: &ModuleGraph, id: ModuleId) -> Vec<Diagnostic> {
    let module = &graph.modules[id];
    let requests = module.targets.iter_enumerated();
    let missing = requests.filter(
        |(_, target)| matches!(target, Target::External(external) if graph.externals[*external].is_missing),
    );
    missing
        .map(|(record, _)| {
            let record = &module.syntax.records[record];
            let (start, end) = record.span;
            let location = Location::of_range(&module.path, &module.syntax.source, start, end);
            let specifier = &*record.specifier;
            let message = format!(
                "'{specifier}' is optional and not installed: the file that this becomes part of fails when it is loaded."
            );
            let fix = format!("Install `{specifier}`, or see that this is only loaded where it is.");
            Diagnostic::new(Code::OptionalPackage, "", message, fix)
                .with_package(specifier)
                .at(Some(location))
        })
        .collect()
}

fn own_code(bound: &BoundGraph, id: ModuleId, platform: Platform) -> Vec<Diagnostic> {
    let module = &bound.graph.modules[id];
    // What CommonJS requires may lack a name, and code asks for that.
    let is_written_so = !module.syntax.features.is_generated && module.syntax.hoisted.is_none();
    if module.origin != ModuleOrigin::Own {
        return Vec::new();
    }
    if let Some(Resource::Style(sheet)) = &module.syntax.resource {
        return sheet.ignored.clone();
    }
    if !is_written_so {
        return Vec::new();
    }
    let is_missing = |binding: &Binding| *binding == Binding::Undefined;
    if !module.syntax.features.may_be_suspicious && !bound.members[id].values().any(is_missing) {
        return Vec::new();
    }
    let tree = &module.syntax.tree;
    let unresolved = GLOBALS.set(&tree.globals, || {
        SyntaxContext::empty().apply_mark(tree.unresolved_mark)
    });
    let mut finder = Finder {
        platform,
        unresolved,
        bound,
        id,
        module,
        try_depth: 0,
        found: Vec::new(),
    };
    for index in bound.included_statements[id].ones() {
        module.syntax.tree.statements[StatementId::from_usize(index)].visit_with(&mut finder);
    }
    finder.found
}

struct Finder<'a> {
    platform: Platform,
    unresolved: SyntaxContext,
    bound: &'a BoundGraph,
    id: ModuleId,
    module: &'a Module,
    try_depth: usize,
    found: Vec<Diagnostic>,
}

impl Finder<'_> {
    fn text(&self, span: Span) -> &str {
        let offset = |position: u32| (position as usize).saturating_sub(1);
        let source = &self.module.syntax.source;
        source
            .get(offset(span.lo.0)..offset(span.hi.0))
            .unwrap_or_default()
    }

    /// Nothing is said of code that is not in the source.
    fn tell(&mut self, code: Code, span: Span, message: String, fix: String) {
        if span.is_dummy() {
            return;
        }
        let offset = |position: u32| (position as usize).saturating_sub(1);
        let (start, end) = (offset(span.lo.0), offset(span.hi.0));
        let location = Location::of_range(&self.module.path, &self.module.syntax.source, start, end);
        self.found
            .push(Diagnostic::new(code, "", message, fix).at(Some(location)));
    }

    fn is_require(&self, expression: &Expr) -> bool {
        matches!(expression, Expr::Ident(name) if name.sym == *"require" && name.ctxt == self.unresolved)
    }

    /// What `import.meta` has for a name of CommonJS that ES modules lack.
    fn property_of_meta(&self, expression: &Expr) -> Option<&'static str> {
        let name = expression
            .as_ident()
            .filter(|name| name.ctxt == self.unresolved)?;
        match &*name.sym {
            "__dirname" => Some("dirname"),
            "__filename" => Some("filename"),
            _ => None,
        }
        .filter(|_| self.module.syntax.format == ModuleFormat::EsModule)
    }

    /// `module` or `exports`, where nobody declares them.
    fn is_object_of_commonjs(&self, expression: &Expr) -> bool {
        self.module.syntax.format == ModuleFormat::EsModule
            && expression.as_ident().is_some_and(|name| {
                name.ctxt == self.unresolved && matches!(&*name.sym, "module" | "exports")
            })
    }

    /// `require()` of a module that waits, other than to see whether that works.
    fn required_too_early(&mut self, call: &CallExpr) {
        let Some(first) = call.args.first() else { return };
        let Expr::Lit(Lit::Num(number)) = &*first.expr else {
            return;
        };
        let Some(record) = record_number(number.value) else {
            return;
        };
        let Some(Target::Module(target)) = self.module.targets.get(record) else {
            return;
        };
        if self.try_depth == 0 && self.bound.asynchronous.contains(target.index()) {
            let specifier = self.module.syntax.records[record].specifier.clone();
            self.tell(
                Code::RequireAsync,
                call.span,
                format!(
                    "'{specifier}' waits at its top level, or imports what does: `require()` of it throws."
                ),
                "Write `await import(…)`, or `import`.".to_owned(),
            );
        }
    }

    /// Whether the source asks somewhere whether there is such a name: then the name is hardly read where there is none.
    fn asks_whether_declared(&self, name: &str) -> bool {
        self.module.syntax.source.contains(&format!("typeof {name}"))
    }

    /// `require(name)`, other than to see whether it works.
    fn computed_require(&mut self, call: &CallExpr) {
        let is_known = |argument: &Expr| match argument {
            // The number of a request.
            Expr::Lit(Lit::Num(number)) => record_number(number.value).is_some(),
            _ => false,
        };
        let is_computed = call.args.first().is_some_and(|first| !is_known(&first.expr));
        if is_computed && self.try_depth == 0 && self.platform != Platform::Node {
            self.tell(
                Code::Require,
                call.span,
                "What is required here is only known when it runs, and then there is nothing to ask: this throws."
                    .to_owned(),
                "Begin with the directory (`require('./pages/' + name)`), or list the files: `{ a: () => require('./a') }`."
                    .to_owned(),
            );
        }
    }

    fn namespace(&self, expression: &Expr) -> Option<LocalId> {
        let name = expression.as_ident()?;
        let local = *self.module.syntax.symbol_of.get(&name.to_id())?;
        let import = self.module.syntax.imports.get(&local)?;
        (import.imported == ImportedName::Namespace).then_some(local)
    }

    /// `ns.name` where there is no such export.
    fn missing_member(&mut self, member: &MemberExpr) -> bool {
        let Some((object, path)) = static_path(member) else {
            return false;
        };
        let Some(local) = self.namespace(&Expr::Ident(object.clone())) else {
            return false;
        };
        let members = &self.bound.members[self.id];
        let missing = (1..=path.len())
            .find(|length| members.get(&(local, path[..*length].to_vec())) == Some(&Binding::Undefined));
        let Some(length) = missing else {
            return false;
        };
        let (name, outer) = (&path[length - 1], &path[..length - 1]);
        let record = self.module.syntax.imports[&local].record;
        let specifier = self.module.syntax.records[record].specifier.clone();
        let near = match self.module.targets[record] {
            Target::Module(target) if outer.is_empty() => {
                let exports = &self.bound.graph.modules[target].syntax.exports;
                nearest(name, exports.iter().map(|export| &*export.name)).map(str::to_owned)
            }
            _ => None,
        };
        let message = if outer.is_empty() {
            format!("'{specifier}' has no export `{name}`, so this is always undefined.")
        } else {
            format!(
                "`{}.{}` has no export `{name}`, so this is always undefined.",
                object.sym,
                outer.iter().map(|part| &**part).collect::<Vec<_>>().join(".")
            )
        };
        let fix = match near {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!(
                "Use a name that it exports, or ask `'{name}' in {}` first.",
                object.sym
            ),
        };
        self.tell(Code::MissingMember, member.span, message, fix);
        true
    }

    fn assigned_member(&mut self, target: &Expr, span: Span) {
        let Expr::Member(member) = target else { return };
        if self.try_depth == 0 && self.namespace(&member.obj).is_some() {
            let name = self.text(member.span).to_owned();
            self.tell(
                Code::NamespaceAssigned,
                span,
                format!("`{name}` belongs to a namespace, which is read-only: this always throws."),
                "Export a function that sets it where it is declared.".to_owned(),
            );
        }
    }

    /// What is only asked whether it is there may be missing.
    fn test(&mut self, expression: &Expr) {
        match expression {
            Expr::Paren(inner) => self.test(&inner.expr),
            Expr::Unary(unary) if unary.op == UnaryOp::Bang => self.test(&unary.arg),
            Expr::Bin(binary) if is_logical(binary.op) => {
                self.test(&binary.left);
                self.test(&binary.right);
            }
            Expr::Member(member) if self.is_member_of_namespace(member) => {}
            other
                if self.is_top_this(other)
                    || self.is_require(other)
                    || self.is_object_of_commonjs(other)
                    || self.property_of_meta(other).is_some() => {}
            other => other.visit_with(self),
        }
    }

    fn is_member_of_namespace(&self, member: &MemberExpr) -> bool {
        static_path(member).is_some_and(|(object, _)| self.namespace(&Expr::Ident(object.clone())).is_some())
    }

    /// The scan writes `void 0` for it.
    fn is_top_this(&self, expression: &Expr) -> bool {
        matches!(expression, Expr::Unary(unary)
            if unary.op == UnaryOp::Void && !unary.span.is_dummy() && self.text(unary.span) == "this")
    }
}

fn is_logical(operator: BinaryOp) -> bool {
    matches!(
        operator,
        BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing
    )
}

impl Visit for Finder<'_> {
    noop_visit_type!();

    fn visit_expr(&mut self, expression: &Expr) {
        if self.is_require(expression) && self.try_depth == 0 {
            self.tell(
                Code::Require,
                expression.span(),
                "What `require` is asked for by another name is not bundled.".to_owned(),
                "Call `require('…')` itself.".to_owned(),
            );
            return;
        }
        if let Expr::Unary(unary) = expression
            && self.is_top_this(expression)
            && self.module.syntax.format == ModuleFormat::EsModule
        {
            self.tell(
                Code::This,
                unary.span,
                "`this` is undefined at the top of an ES module.".to_owned(),
                "Write `globalThis` if the global object is meant.".to_owned(),
            );
            return;
        }
        if self.is_object_of_commonjs(expression) {
            let name = self.text(expression.span());
            if self.try_depth == 0 && !self.asks_whether_declared(name) {
                let message = format!("`{name}` is not defined in an ES module: this throws.");
                let fix = "Write `export`, or `require()` in place of all imports and exports.".to_owned();
                self.tell(Code::CommonJsExports, expression.span(), message, fix);
            }
            return;
        }
        if let Some(property) = self.property_of_meta(expression) {
            let span = expression.span();
            let name = self.text(span);
            if self.try_depth == 0 && !self.asks_whether_declared(name) {
                let message = format!("`{name}` is not defined in an ES module: this throws.");
                self.tell(
                    Code::FileName,
                    span,
                    message,
                    format!("Write `import.meta.{property}`."),
                );
            }
            return;
        }
        expression.visit_children_with(self);
    }

    /// `{ __dirname }`
    fn visit_prop(&mut self, property: &Prop) {
        match property {
            Prop::Shorthand(name) => self.visit_expr(&Expr::Ident(name.clone())),
            _ => property.visit_children_with(self),
        }
    }

    fn visit_member_expr(&mut self, member: &MemberExpr) {
        if self.is_require(&member.obj) {
            member.prop.visit_with(self);
        } else if !self.missing_member(member) {
            member.visit_children_with(self);
        }
    }

    /// `ns?.name` asks whether it is there.
    fn visit_opt_chain_base(&mut self, base: &OptChainBase) {
        match base {
            OptChainBase::Member(member) => self.test(&member.obj),
            OptChainBase::Call(call) => {
                self.test(&call.callee);
                call.args.visit_with(self);
            }
        }
    }

    fn visit_if_stmt(&mut self, statement: &IfStmt) {
        self.test(&statement.test);
        statement.cons.visit_with(self);
        statement.alt.visit_with(self);
    }

    fn visit_cond_expr(&mut self, conditional: &CondExpr) {
        self.test(&conditional.test);
        conditional.cons.visit_with(self);
        conditional.alt.visit_with(self);
    }

    fn visit_bin_expr(&mut self, binary: &BinExpr) {
        if is_logical(binary.op) {
            self.test(&binary.left);
            binary.right.visit_with(self);
        } else {
            binary.visit_children_with(self);
        }
    }

    fn visit_unary_expr(&mut self, unary: &UnaryExpr) {
        match unary.op {
            UnaryOp::TypeOf | UnaryOp::Bang => self.test(&unary.arg),
            UnaryOp::Delete => {}
            _ => unary.visit_children_with(self),
        }
    }

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        if let Some(target) = assignment.left.as_simple().and_then(|target| target.as_member()) {
            self.assigned_member(&Expr::Member(target.clone()), assignment.span);
            target.obj.visit_with(self);
        } else {
            assignment.left.visit_with(self);
        }
        assignment.right.visit_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        self.assigned_member(&update.arg, update.span);
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        if let Callee::Expr(callee) = &call.callee
            && callee.as_ident().is_some_and(|name| name.sym == *"eval")
            && self.module.syntax.features.has_dynamic_scope
            && self.found.iter().all(|told| told.code != Code::Eval)
        {
            self.tell(
                Code::Eval,
                call.span,
                "What a direct `eval` runs may use every name of the module, so they all stay.".to_owned(),
                "Write `(0, eval)(…)` or `new Function(…)`, which see global names alone.".to_owned(),
            );
        }
        match &call.callee {
            Callee::Expr(callee) if self.is_require(callee) => {
                self.computed_require(call);
                self.required_too_early(call);
            }
            callee => callee.visit_with(self),
        }
        for argument in &call.args {
            // As of `assert.throws`.
            let is_callback = matches!(&*argument.expr, Expr::Fn(_) | Expr::Arrow(_));
            self.try_depth += usize::from(is_callback);
            argument.visit_with(self);
            self.try_depth -= usize::from(is_callback);
        }
    }

    fn visit_try_stmt(&mut self, statement: &TryStmt) {
        self.try_depth += 1;
        statement.block.visit_with(self);
        self.try_depth -= 1;
        statement.handler.visit_with(self);
        statement.finalizer.visit_with(self);
    }
}
