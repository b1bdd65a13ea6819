//! What each statement does with objects that CommonJS modules export: the module's own and those of modules that it
//! requires. So it is known which exports nobody reads:
//!
//! ```js
//! exports.used = used                              // gives `used` a value, and does nothing else
//! exports.unused = () => other.name                // dropped with all that it mentions
//! const other = require('./other')
//! other.used()                                     // reads one name
//! inspect(other)                                   // may read every name
//! ```
//!
//! Variables that hold what a `require()` gives are followed where nothing is ever assigned to them; everything else that
//! is not plainly a read of one name counts as reading all of them.

mod holders;
mod this;
mod write;

use oxc_index::IndexVec;
use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{
    AssignExpr, CallExpr, Callee, ClassMember, Decl, Expr, Function, Id, Ident, Lit, MemberExpr, MemberProp,
    ObjectPat, ObjectPatProp, OptCall, OptChainBase, Pat, PropName, SimpleAssignTarget, Stmt, TaggedTpl,
    ThisExpr, UnaryExpr, UnaryOp, UpdateExpr, VarDeclarator,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use self::holders::Holders;
use self::this::functions_without_this;
pub(super) use self::this::{is_without_this, reads_this};
use super::member_parts;
use super::named_members::static_member;
use super::normalize::{NormalizedModule, text_of};
use super::side_effects::Purity;
use crate::graph::{
    ExportTarget, ExportsOf, ExportsRead, ExportsUse, Features, ImportRecord, ModuleFormat, OwnExports,
    RecordId, RequestSyntax, StatementFacts, StatementId, record_number,
};

/// Notes it in the facts of the statements, and says what is known of the module's own exports. The module was collected:
/// requests are numbers.
pub fn note_exports_use(
    module: &NormalizedModule,
    facts: &mut IndexVec<StatementId, StatementFacts>,
    format: ModuleFormat,
    features: &Features,
    purity: &Purity<'_>,
) -> OwnExports {
    let is_require = |record: &ImportRecord| {
        matches!(
            record.syntax,
            RequestSyntax::Require | RequestSyntax::RequireInTry
        )
    };
    if format == ModuleFormat::EsModule && !module.records.iter().any(is_require) {
        return OwnExports::default();
    }
    if features.has_dynamic_scope {
        // What an `eval` runs may read any of them.
        for facts in facts.iter_mut() {
            let required = facts.records.iter().copied();
            let reads = required.map(|record| ExportsRead {
                of: ExportsOf::Required(record),
                name: None,
                is_method: false,
            });
            facts.exports_use = Some(Box::new(ExportsUse {
                reads: reads.collect(),
                ..ExportsUse::default()
            }));
        }
        return OwnExports::default();
    }
    // Reading these before their declaration ran throws.
    let mut declarations: Vec<(StatementId, &Id)> = module
        .symbols
        .iter()
        .filter(|symbol| symbol.is_lexical)
        .filter_map(|symbol| Some((*symbol.declared_by.first()?, &symbol.id)))
        .collect();
    declarations.sort_by_key(|(statement, _)| std::cmp::Reverse(*statement));
    let mut unset: FxHashSet<Id> = declarations.iter().map(|(_, id)| (*id).clone()).collect();
    let mut finder = Finder::new(module, format, purity.unresolved());
    for (id, statement) in module.statements.iter_enumerated() {
        while let Some((_, name)) = declarations.pop_if(|(declaration, _)| *declaration < id) {
            unset.remove(name);
        }
        let is_pure = |value: &Expr| !purity.reading_early(&unset).expression_has_side_effects(value);
        let found = finder.statement(statement, &is_pure);
        if format == ModuleFormat::CommonJs
            && (!found.written.is_empty() || matches!(statement, Stmt::Decl(Decl::Fn(_))))
        {
            facts[id].has_side_effects = false;
        }
        if found != ExportsUse::default() {
            facts[id].exports_use = Some(Box::new(found));
        }
    }
    finder.finish(facts)
}

struct Finder<'a> {
    module: &'a NormalizedModule,
    format: ModuleFormat,
    unresolved: SyntaxContext,
    /// Variables that hold what a request gives.
    holders: FxHashMap<Id, RecordId>,
    /// Functions of the module that do not read their `this`.
    functions: FxHashSet<Id>,
    current: ExportsUse,
    own: OwnExports,
    /// Whether `__esModule` is given `true`.
    is_marked: bool,
    /// Whether there is certainly a `default`.
    has_default: bool,
    /// Exports that may read their `this`.
    see_this: FxHashSet<Atom>,
    /// Exports that were defined as properties.
    defined: FxHashSet<Atom>,
    /// Those of them that are written once more: that may throw.
    refused: FxHashSet<Atom>,
    /// Whether `__esModule` is given another value than `true` somewhere.
    may_unmark: bool,
    /// How many functions (not arrows) or class members are around.
    function_depth: usize,
}

impl<'a> Finder<'a> {
    fn new(module: &'a NormalizedModule, format: ModuleFormat, unresolved: SyntaxContext) -> Self {
        let mut finder = Finder {
            module,
            format,
            unresolved,
            holders: FxHashMap::default(),
            functions: functions_without_this(&module.statements),
            current: ExportsUse::default(),
            own: OwnExports::default(),
            is_marked: false,
            has_default: false,
            see_this: FxHashSet::default(),
            defined: FxHashSet::default(),
            refused: FxHashSet::default(),
            may_unmark: false,
            function_depth: 0,
        };
        let mut holders = Holders {
            finder: &finder,
            found: FxHashMap::default(),
        };
        for statement in &module.statements {
            statement.visit_with(&mut holders);
        }
        let mut holders = holders.found;
        for export in &module.exports {
            // Other modules hold what an exported variable does.
            if let ExportTarget::Local(local) = export.target {
                holders.remove(&module.symbols[local].id);
            }
        }
        finder.holders = holders
            .into_iter()
            .filter_map(|(id, record)| Some((id, record?)))
            .collect();
        finder
    }

    fn statement(&mut self, statement: &Stmt, is_pure: &dyn Fn(&Expr) -> bool) -> ExportsUse {
        self.is_marked |= self.marks(statement);
        self.has_default |= self.gives_default(statement);
        if let Some(written) = self.written(statement, is_pure) {
            self.current.written = written;
        }
        statement.visit_with(self);
        std::mem::take(&mut self.current)
    }

    /// What is known after the last statement.
    fn finish(self, facts: &mut IndexVec<StatementId, StatementFacts>) -> OwnExports {
        let mut own = self.own;
        own.without_this.retain(|name| !self.see_this.contains(name));
        own.has_default_of_its_own = self.is_marked && !self.may_unmark && self.has_default;
        if !self.refused.is_empty() {
            for facts in facts.iter_mut() {
                if let Some(found) = &mut facts.exports_use
                    && found.written.iter().any(|name| self.refused.contains(name))
                {
                    found.written.clear();
                    facts.has_side_effects = true;
                }
            }
        }
        let mut uses = facts.iter_mut().filter_map(|facts| facts.exports_use.as_mut());
        let is_own = |found: &ExportsUse| found.reads.iter().any(|read| read.of == ExportsOf::Own);
        if own.writes_names || uses.any(|found| is_own(found)) {
            let uses = facts.iter_mut().filter_map(|facts| facts.exports_use.as_mut());
            for found in uses.filter(|found| !found.forwards.is_empty()) {
                // It is the other module's object whose names are written or read.
                found.reads.push(ExportsRead {
                    of: ExportsOf::Own,
                    name: None,
                    is_method: false,
                });
            }
        }
        own
    }

    fn is_global(&self, ident: &Ident, name: &str) -> bool {
        ident.ctxt == self.unresolved && ident.sym == *name
    }

    fn is_commonjs(&self) -> bool {
        self.format == ModuleFormat::CommonJs
    }

    /// The request of `require(<number>)`.
    fn required(&self, expression: &Expr) -> Option<RecordId> {
        match expression {
            Expr::Paren(inner) => self.required(&inner.expr),
            Expr::Call(call) => self.required_by(call),
            _ => None,
        }
    }

    fn required_by(&self, call: &CallExpr) -> Option<RecordId> {
        let callee = call.callee.as_expr()?.as_ident()?;
        if !self.is_global(callee, "require") {
            return None;
        }
        let Expr::Lit(Lit::Num(number)) = &*call.args.first()?.expr else {
            return None;
        };
        let record = record_number(number.value)?;
        let syntax = self.module.records.get(record)?.syntax;
        matches!(syntax, RequestSyntax::Require | RequestSyntax::RequireInTry).then_some(record)
    }

    /// `exports` and `module.exports`
    fn is_own_object(&self, expression: &Expr) -> bool {
        if !self.is_commonjs() {
            return false;
        }
        match expression {
            Expr::Paren(inner) => self.is_own_object(&inner.expr),
            Expr::Ident(ident) => self.is_global(ident, "exports"),
            Expr::Member(member) => self.is_own_member(member),
            _ => false,
        }
    }

    /// `module.exports`
    fn is_own_member(&self, member: &MemberExpr) -> bool {
        let object = member.obj.as_ident();
        self.is_commonjs()
            && object.is_some_and(|object| self.is_global(object, "module"))
            && static_member(&member.prop).is_some_and(|name| name == *"exports")
    }

    /// Whose exports an expression is.
    fn exports_object(&self, expression: &Expr) -> Option<ExportsOf> {
        if self.is_own_object(expression) {
            return Some(ExportsOf::Own);
        }
        match expression {
            Expr::Paren(inner) => self.exports_object(&inner.expr),
            Expr::Ident(ident) => {
                let record = self.holders.get(&ident.to_id()).copied();
                record.map(ExportsOf::Required)
            }
            other => self.required(other).map(ExportsOf::Required),
        }
    }

    fn read(&mut self, of: ExportsOf, name: Option<Atom>, is_method: bool) {
        let read = ExportsRead { of, name, is_method };
        if !self.current.reads.contains(&read) {
            self.current.reads.push(read);
        }
    }

    /// A read of one name; whether it is one.
    fn read_member(&mut self, member: &MemberExpr, is_method: bool) -> bool {
        let Some(name) = static_member(&member.prop) else {
            return false;
        };
        let Some(of) = self.exports_object(&member.obj) else {
            return false;
        };
        self.read(of, Some(name), is_method);
        true
    }

    /// A pattern that takes names from an exports object; whether it shows all of them.
    fn take(&mut self, of: ExportsOf, pattern: &ObjectPat) -> bool {
        let mut names = Vec::new();
        for property in &pattern.props {
            names.push(match property {
                ObjectPatProp::Assign(property) => property.key.id.sym.clone(),
                ObjectPatProp::KeyValue(property) => match &property.key {
                    PropName::Ident(key) => key.sym.clone(),
                    PropName::Str(key) => text_of(&key.value),
                    _ => return false,
                },
                ObjectPatProp::Rest(_) => return false,
            });
        }
        for name in names {
            self.read(of, Some(name), false);
        }
        true
    }

    fn visit_callee(&mut self, callee: &Expr) {
        match callee {
            Expr::Paren(inner) => self.visit_callee(&inner.expr),
            Expr::Member(member) if self.read_member(member, true) => {}
            Expr::OptChain(chain)
                if let OptChainBase::Member(member) = &*chain.base
                    && self.read_member(member, true) => {}
            other => other.visit_with(self),
        }
    }
}

impl Visit for Finder<'_> {
    noop_visit_type!();

    fn visit_stmt(&mut self, statement: &Stmt) {
        // `require('x')` whose value nobody takes.
        if let Stmt::Expr(statement) = statement
            && self.required(&statement.expr).is_some()
        {
            return;
        }
        statement.visit_children_with(self);
    }

    fn visit_var_declarator(&mut self, declarator: &VarDeclarator) {
        let Some(value) = declarator.init.as_deref() else {
            return;
        };
        if let Pat::Ident(ident) = &declarator.name
            && self.required(value).is_some()
            && self.holders.contains_key(&ident.id.to_id())
        {
            return;
        }
        if let Pat::Object(pattern) = &declarator.name
            && let Some(of) = self.exports_object(value)
            && self.take(of, pattern)
        {
            pattern.visit_with(self);
            return;
        }
        declarator.name.visit_with(self);
        value.visit_with(self);
    }

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        if !self.write(assignment) {
            assignment.visit_children_with(self);
        }
    }

    fn visit_simple_assign_target(&mut self, target: &SimpleAssignTarget) {
        // What is written to a module's exports from elsewhere is more than a read.
        if let SimpleAssignTarget::Member(member) = target {
            member.obj.visit_with(self);
            member.prop.visit_with(self);
        } else {
            target.visit_children_with(self);
        }
    }

    fn visit_pat(&mut self, pattern: &Pat) {
        match pattern {
            Pat::Expr(target) if let Expr::Member(member) = &**target => {
                member.obj.visit_with(self);
                member.prop.visit_with(self);
            }
            _ => pattern.visit_children_with(self),
        }
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        match &*update.arg {
            Expr::Member(member) => {
                member.obj.visit_with(self);
                member.prop.visit_with(self);
            }
            other => other.visit_with(self),
        }
    }

    fn visit_unary_expr(&mut self, unary: &UnaryExpr) {
        match &*unary.arg {
            Expr::Member(member) if unary.op == UnaryOp::Delete => {
                member.obj.visit_with(self);
                member.prop.visit_with(self);
            }
            // Any object answers `typeof module` and `typeof exports`.
            Expr::Ident(ident)
                if unary.op == UnaryOp::TypeOf
                    && (self.is_global(ident, "module") || self.is_global(ident, "exports")) => {}
            other => other.visit_with(self),
        }
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        if self.define(call) {
            return;
        }
        if let Some(record) = self.required_by(call) {
            self.read(ExportsOf::Required(record), None, false);
            return;
        }
        match &call.callee {
            Callee::Expr(callee) => self.visit_callee(callee),
            other => other.visit_with(self),
        }
        call.args.visit_with(self);
    }

    fn visit_opt_call(&mut self, call: &OptCall) {
        self.visit_callee(&call.callee);
        call.args.visit_with(self);
    }

    fn visit_tagged_tpl(&mut self, template: &TaggedTpl) {
        self.visit_callee(&template.tag);
        template.tpl.visit_with(self);
    }

    fn visit_member_expr(&mut self, member: &MemberExpr) {
        if self.read_member(member, false) {
            return;
        }
        if self.is_commonjs()
            && let Expr::Ident(object) = &*member.obj
            && self.is_global(object, "module")
            && static_member(&member.prop).is_some_and(|name| name == *"hot")
        {
            return;
        }
        if self.is_own_member(member) {
            self.read(ExportsOf::Own, None, false);
            return;
        }
        member.obj.visit_with(self);
        if let MemberProp::Computed(computed) = &member.prop {
            computed.visit_with(self);
        }
    }

    fn visit_ident(&mut self, ident: &Ident) {
        if let Some(record) = self.holders.get(&ident.to_id()) {
            self.read(ExportsOf::Required(*record), None, false);
        } else if self.is_commonjs() && (self.is_global(ident, "exports") || self.is_global(ident, "module"))
        {
            self.read(ExportsOf::Own, None, false);
        }
    }

    fn visit_this_expr(&mut self, _: &ThisExpr) {
        if self.function_depth == 0 && self.is_commonjs() {
            self.read(ExportsOf::Own, None, false);
        }
    }

    fn visit_function(&mut self, function: &Function) {
        self.function_depth += 1;
        function.visit_children_with(self);
        self.function_depth -= 1;
    }

    fn visit_class_member(&mut self, member: &ClassMember) {
        if let Some(key) = member_parts::computed_key(member) {
            key.visit_with(self);
        }
        self.function_depth += 1;
        member_parts::visit_beside_key(member, self);
        self.function_depth -= 1;
    }
}
