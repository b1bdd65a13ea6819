//! One visit over the statements of a module: which module-level bindings each statement uses, which
//! modules it requests, which names are free and which are bound below module level.
//!
//! The visit also writes: the argument of `import('x')` and `require('x')` becomes the number of its record
//! and the `this` of an ES module becomes `void 0`, so that rendering needs no second analysis.

mod imports;
mod namespaces;
mod requests;

use self::namespaces::{Asked, asked_arguments, questions_of_pattern};
use self::requests::is_opaque;
use oxc_index::IndexVec;
use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::util::take::Take as _;
use swc_core::common::{BytePos, Mark, SyntaxContext};
use swc_core::ecma::ast::{
    AssignTarget, BinExpr, BinaryOp, BlockStmt, CallExpr, Callee, ClassMember, CondExpr, Expr, ExprOrSpread,
    ExprStmt, ForInStmt, Function, Ident, IfStmt, MemberExpr, MetaPropKind, NewExpr, ObjectPatProp, OptCall,
    OptChainBase, Pat, SimpleAssignTarget, SpreadElement, Stmt, SwitchStmt, TaggedTpl, TryStmt, UnaryExpr,
    UnaryOp, UpdateExpr, VarDeclarator, WithStmt,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith};

use super::extended_import::extended_name;
use super::kept_elements::element_type;
use super::member_parts;
use super::named_members::{key_test, static_member};
use super::normalize::NormalizedModule;
use super::read_only_import;
use super::requested_text::caught_import;
use super::side_effects::without_parentheses;
use super::unreachable_code;
use crate::graph::{
    Features, ImportMetaUse, ImportRecord, LocalId, MemberPath, ModuleFormat, NamespaceQuestions, RecordId,
    RequestSyntax, StatementFacts, StatementId,
};

/// What the visit finds besides what it writes into the [`NormalizedModule`].
#[derive(Default)]
pub struct Collected {
    /// Facts per statement; `has_side_effects` is filled by the caller.
    pub statements: IndexVec<StatementId, StatementFacts>,
    /// Names bound below module level.
    pub nested_names: FxHashSet<Atom>,
    /// Free names.
    pub global_names: FxHashSet<Atom>,
    /// Members of imports that are called.
    pub called_members: FxHashSet<(LocalId, MemberPath)>,
    /// Bindings that conditions mention.
    pub deciding: FxHashSet<LocalId>,
    /// Rare facts.
    pub features: Features,
}

/// Visits every statement of `module`.
pub fn collect(
    module: &mut NormalizedModule,
    format: ModuleFormat,
    unresolved_mark: Mark,
    path: &std::path::Path,
    source: &str,
) -> Collected {
    let mut statements = std::mem::take(&mut module.statements);
    let mut collector = Collector {
        unresolved: SyntaxContext::empty().apply_mark(unresolved_mark),
        format,
        last_use: module.symbols.iter().map(|_| None).collect(),
        member_seen: FxHashSet::default(),
        current: StatementId::from_usize(0),
        facts: StatementFacts::default(),
        function_depth: 0,
        try_depth: 0,
        caught_imports: FxHashSet::default(),
        rescue_depth: 0,
        callback_depth: 0,
        condition_depth: 0,
        list_depth: 0,
        output: Collected {
            statements: IndexVec::with_capacity(statements.len()),
            ..Collected::default()
        },
        asked: Vec::new(),
        evaluating: Vec::new(),
        path,
        source,
        module,
    };
    for (id, statement) in statements.iter_mut_enumerated() {
        collector.current = id;
        collector.member_seen.clear();
        statement.visit_mut_with(&mut collector);
        collector.note_only_asked();
        let mut facts = std::mem::take(&mut collector.facts);
        facts.extended = extended_name(statement)
            .and_then(|name| collector.local_of(name))
            .filter(|local| collector.module.imports.contains_key(local));
        collector.output.statements.push(facts);
    }
    let evaluating = std::mem::take(&mut collector.evaluating);
    let mut output = collector.output;
    module.statements = statements;
    if format == ModuleFormat::EsModule {
        // What an `eval` runs may name any import.
        let mut imports: Vec<LocalId> = module.imports.keys().copied().collect();
        imports.sort_unstable();
        for statement in evaluating {
            let uses = &mut output.statements[statement].uses;
            let unused: Vec<LocalId> = imports
                .iter()
                .copied()
                .filter(|local| !uses.contains(local))
                .collect();
            uses.extend(unused);
        }
    }
    output
}

pub(super) struct Collector<'a> {
    pub(super) unresolved: SyntaxContext,
    pub(super) format: ModuleFormat,
    /// The last statement that used a binding: keeps `uses` free of duplicates without a set.
    last_use: IndexVec<LocalId, Option<StatementId>>,
    member_seen: FxHashSet<(LocalId, MemberPath)>,
    current: StatementId,
    facts: StatementFacts,
    /// How many functions (not arrows) or class bodies are around: `this` is the module's only at 0.
    pub(super) function_depth: usize,
    try_depth: usize,
    /// Where an `import()` stands whose failure something like `.catch(…)` handles.
    caught_imports: FxHashSet<BytePos>,
    /// `catch` clauses and choices around the current node.
    rescue_depth: usize,
    /// How many functions around are arguments of a call.
    callback_depth: usize,
    pub(super) output: Collected,
    /// How many conditions are around.
    condition_depth: usize,
    /// How many lists of statements are around.
    list_depth: usize,
    /// Imports that the current statement only asks what is in them, and how often they were mentioned before.
    asked: Vec<Asked>,
    /// Statements with a direct `eval`.
    evaluating: Vec<StatementId>,
    path: &'a std::path::Path,
    pub(super) source: &'a str,
    pub(super) module: &'a mut NormalizedModule,
}

impl Collector<'_> {
    fn condition(&mut self, condition: &mut Expr) {
        self.condition_depth += 1;
        condition.visit_mut_with(self);
        self.condition_depth -= 1;
    }

    fn use_local(&mut self, local: LocalId) {
        if self.condition_depth > 0 {
            self.output.deciding.insert(local);
        }
        self.module.symbols[local].reference_count += 1;
        if self.last_use[local] != Some(self.current) {
            self.last_use[local] = Some(self.current);
            self.facts.uses.push(local);
        }
    }

    pub(super) fn local_of(&self, ident: &Ident) -> Option<LocalId> {
        self.module.symbol_of.get(&ident.to_id()).copied()
    }

    pub(super) fn is_global(&self, ident: &Ident, name: &str) -> bool {
        ident.ctxt == self.unresolved && ident.sym == *name
    }

    pub(super) fn add_record(
        &mut self,
        specifier: Atom,
        syntax: RequestSyntax,
        span: (usize, usize),
    ) -> RecordId {
        let record = self.module.records.push(ImportRecord {
            specifier,
            syntax,
            span,
            wanted_type: None,
            other_attributes: Vec::new(),
            may_fail: false,
            file_name: None,
            asked: None,
            is_required: false,
        });
        self.facts.records.push(record);
        record
    }

    fn visit_arguments(&mut self, arguments: &mut [ExprOrSpread]) {
        for argument in arguments {
            let is_callback = matches!(&*argument.expr, Expr::Fn(_) | Expr::Arrow(_));
            self.callback_depth += usize::from(is_callback);
            argument.visit_mut_with(self);
            self.callback_depth -= usize::from(is_callback);
        }
    }

    /// `import.meta.name`, read.
    fn property_of_import_meta(&mut self, member: &MemberExpr) -> bool {
        let is_meta = matches!(&*member.obj, Expr::MetaProp(meta) if meta.kind == MetaPropKind::ImportMeta);
        let Some(name) = static_member(&member.prop).filter(|_| is_meta) else {
            return false;
        };
        if !matches!(&*name, "url" | "resolve" | "env" | "dirname" | "filename") {
            let known = &mut self.output.features.import_meta;
            *known = (*known).max(ImportMetaUse::Properties);
        }
        true
    }
}

impl Collector<'_> {
    /// Namespaces refuse to be changed.
    fn note_changed_member(&mut self, member: &MemberExpr) {
        if let Expr::Ident(object) = &*member.obj
            && let Some(local) = self.local_of(object)
        {
            self.output.features.may_be_suspicious |= self.module.imports.contains_key(&local);
        }
    }
}

impl VisitMut for Collector<'_> {
    fn visit_mut_ident(&mut self, ident: &mut Ident) {
        if ident.ctxt == self.unresolved {
            if ident.sym == "require" {
                self.output.features.uses_require_value = true;
            }
            self.module_value(ident);
            if !self.output.global_names.contains(&ident.sym) {
                self.output.global_names.insert(ident.sym.clone());
            }
        } else if let Some(local) = self.local_of(ident) {
            self.use_local(local);
        } else if !self.output.nested_names.contains(&ident.sym) {
            self.output.nested_names.insert(ident.sym.clone());
        }
    }

    fn visit_mut_expr(&mut self, expr: &mut Expr) {
        self.plain_require(expr);
        if self.choice_of_requests(expr) {
            return;
        }
        match expr {
            Expr::Bin(comparison) if self.compares_with_main(comparison) => return,
            Expr::This(this) if self.function_depth == 0 && self.format == ModuleFormat::EsModule => {
                self.output.features.may_be_suspicious = true;
                *expr = *Expr::undefined(this.span);
                return;
            }
            // A CommonJS module is a function that is called.
            Expr::MetaProp(meta) if self.function_depth == 0 && meta.kind == MetaPropKind::NewTarget => {
                *expr = *Expr::undefined(meta.span);
                return;
            }
            Expr::MetaProp(meta) if meta.kind == MetaPropKind::ImportMeta => {
                self.output.features.import_meta = ImportMetaUse::Object;
            }
            Expr::This(_) if self.function_depth == 1 => self.facts.uses_this = true,
            Expr::Assign(assignment) => {
                if let AssignTarget::Simple(SimpleAssignTarget::Ident(ident)) = &assignment.left
                    && let Some(target) = self.assigned_import(&ident.id.clone())
                {
                    *expr = read_only_import::read_only(assignment.take(), target);
                }
            }
            Expr::Update(update) => {
                if let Expr::Ident(ident) = &*update.arg
                    && let Some(target) = self.assigned_import(&ident.clone())
                {
                    *expr = read_only_import::read_only_update(update, target);
                }
            }
            _ => {}
        }
        if is_opaque(expr) {
            let depth = std::mem::take(&mut self.condition_depth);
            expr.visit_mut_children_with(self);
            self.condition_depth = depth;
        } else {
            expr.visit_mut_children_with(self);
        }
    }

    fn visit_mut_spread_element(&mut self, spread: &mut SpreadElement) {
        if !self.asks(&spread.expr, NamespaceQuestions::COPIED) {
            spread.visit_mut_children_with(self);
        }
    }

    fn visit_mut_for_in_stmt(&mut self, statement: &mut ForInStmt) {
        statement.left.visit_mut_with(self);
        if !self.asks(&statement.right, NamespaceQuestions::NAMES) {
            statement.right.visit_mut_with(self);
        }
        statement.body.visit_mut_with(self);
    }

    fn visit_mut_member_expr(&mut self, member: &mut MemberExpr) {
        if let Some((local, path)) = self.import_path(member) {
            if self.condition_depth > 0 {
                self.output.deciding.insert(local);
            }
            if self.member_seen.insert((local, path.clone())) {
                self.facts.member_uses.push((local, path));
            }
            return;
        }
        if let Expr::Ident(object) = &*member.obj
            && let Some(local) = self.local_of(object)
            && static_member(&member.prop).is_some_and(|name| name == *"name")
        {
            self.facts.asked_names.push(local);
        }
        if self.module_member(member) || self.property_of_import_meta(member) {
            return;
        }
        if member.prop.is_computed() && self.asks(&member.obj, NamespaceQuestions::ANY) {
            member.prop.visit_mut_with(self);
            return;
        }
        member.visit_mut_children_with(self);
    }

    fn visit_mut_if_stmt(&mut self, statement: &mut IfStmt) {
        self.condition(&mut statement.test);
        statement.cons.visit_mut_with(self);
        statement.alt.visit_mut_with(self);
    }

    fn visit_mut_switch_stmt(&mut self, statement: &mut SwitchStmt) {
        self.condition(&mut statement.discriminant);
        statement.cases.visit_mut_with(self);
    }

    fn visit_mut_cond_expr(&mut self, conditional: &mut CondExpr) {
        self.condition(&mut conditional.test);
        conditional.cons.visit_mut_with(self);
        conditional.alt.visit_mut_with(self);
    }

    fn visit_mut_stmts(&mut self, statements: &mut Vec<Stmt>) {
        unreachable_code::remove(statements);
        self.list_depth += 1;
        statements.visit_mut_children_with(self);
        self.list_depth -= 1;
    }

    /// Conditions may mention the variable.
    fn visit_mut_var_declarator(&mut self, declarator: &mut VarDeclarator) {
        declarator.name.visit_mut_with(self);
        match &mut declarator.init {
            Some(value)
                if let Some(asked) = questions_of_pattern(&declarator.name)
                    && self.asks(value, asked) => {}
            Some(value) if self.list_depth > 0 => self.condition(value),
            value => value.visit_mut_with(self),
        }
    }

    fn visit_mut_bin_expr(&mut self, binary: &mut BinExpr) {
        if matches!(
            binary.op,
            BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing
        ) {
            self.condition(&mut binary.left);
            binary.right.visit_mut_with(self);
            return;
        }
        if let Some((name, object)) = key_test(binary)
            && let Some(local) = self.local_of(object)
            && self.module.imports.contains_key(&local)
        {
            self.facts.key_tests.push((local, name));
            return;
        }
        if binary.op == BinaryOp::In && self.asks(&binary.right, NamespaceQuestions::ANY) {
            binary.left.visit_mut_with(self);
            return;
        }
        binary.visit_mut_children_with(self);
    }

    fn visit_mut_simple_assign_target(&mut self, target: &mut SimpleAssignTarget) {
        // Writing to `ns.name` needs the namespace object itself, which refuses the write.
        if let SimpleAssignTarget::Member(member) = target {
            self.note_changed_member(member);
            if !self.module_member(member) {
                member.visit_mut_children_with(self);
            }
        } else {
            target.visit_mut_children_with(self);
        }
    }

    /// `delete ns.name`, `ns?.name` and `[ns.name] = …` too.
    fn visit_mut_unary_expr(&mut self, unary: &mut UnaryExpr) {
        if self.asks_type_of_module(unary) {
            return;
        }
        match &mut *unary.arg {
            Expr::Member(member) if unary.op == UnaryOp::Delete => member.visit_mut_children_with(self),
            // What a function or an object is called is known without it.
            argument if unary.op == UnaryOp::TypeOf => self.condition(argument),
            _ => unary.visit_mut_children_with(self),
        }
    }

    fn visit_mut_opt_chain_base(&mut self, base: &mut OptChainBase) {
        match base {
            OptChainBase::Member(member) => member.visit_mut_children_with(self),
            OptChainBase::Call(call) => call.visit_mut_with(self),
        }
    }

    fn visit_mut_pat(&mut self, pattern: &mut Pat) {
        match pattern {
            Pat::Expr(target) => match &mut **target {
                Expr::Member(member) => member.visit_mut_children_with(self),
                other => other.visit_mut_with(self),
            },
            // Only an assignment can have the name of an import here: no declaration can.
            Pat::Ident(ident) => match self.assigned_import(&ident.id.clone()) {
                Some(target) => *pattern = Pat::Expr(Box::new(target.into())),
                None => pattern.visit_mut_children_with(self),
            },
            _ => pattern.visit_mut_children_with(self),
        }
    }

    fn visit_mut_object_pat_prop(&mut self, property: &mut ObjectPatProp) {
        if let ObjectPatProp::Assign(shorthand) = property
            && let Some(target) = self.assigned_import(&shorthand.key.id.clone())
        {
            *property = read_only_import::shorthand_to(shorthand, target);
        }
        property.visit_mut_children_with(self);
    }

    fn visit_mut_update_expr(&mut self, update: &mut UpdateExpr) {
        match &mut *update.arg {
            Expr::Member(member) => {
                self.note_changed_member(member);
                member.visit_mut_children_with(self);
            }
            _ => update.visit_mut_children_with(self),
        }
    }

    fn visit_mut_expr_stmt(&mut self, statement: &mut ExprStmt) {
        statement.visit_mut_children_with(self);
        self.note_discarded(&statement.expr);
    }

    fn visit_mut_call_expr(&mut self, call: &mut CallExpr) {
        self.caught_imports.extend(caught_import(call));
        if self.request(call) {
            // The callee is no use of `require`'s value, and the first argument is done.
            self.visit_arguments(&mut call.args[1..]);
            return;
        }
        if self.resolution_request(call) {
            return;
        }
        if let Callee::Expr(callee) = &call.callee
            && let Expr::Ident(ident) = without_parentheses(callee)
            && self.is_global(ident, "eval")
        {
            self.output.features.has_dynamic_scope = true;
            if self.evaluating.last() != Some(&self.current) {
                self.evaluating.push(self.current);
            }
        }
        if let Callee::Expr(callee) = &call.callee {
            self.note_call(callee);
        }
        if let Some(asked) = asked_arguments(call, self.unresolved) {
            self.visit_asked(call, asked);
            return;
        }
        if let Some(named) = element_type(call) {
            self.note_element(named);
        }
        match &mut call.callee {
            Callee::Expr(callee) => self.visit_callee(callee, Some(NamespaceQuestions::CALLED)),
            callee => callee.visit_mut_with(self),
        }
        self.visit_arguments(&mut call.args);
    }

    fn visit_mut_opt_call(&mut self, call: &mut OptCall) {
        self.note_call(&call.callee);
        self.visit_callee(&mut call.callee, None);
        call.args.visit_mut_with(self);
    }

    fn visit_mut_tagged_tpl(&mut self, template: &mut TaggedTpl) {
        self.note_call(&template.tag);
        self.visit_callee(&mut template.tag, None);
        template.tpl.visit_mut_with(self);
    }

    fn visit_mut_new_expr(&mut self, new: &mut NewExpr) {
        if self.file_request(new, RequestSyntax::Asset) {
            // The arguments hold nothing else.
            new.callee.visit_mut_with(self);
            return;
        }
        let is_worker = self.worker_request(new);
        new.callee.visit_mut_with(self);
        let mut arguments = new.args.iter_mut().flatten();
        if is_worker && let Some(Expr::New(url)) = arguments.next().map(|argument| &mut *argument.expr) {
            url.callee.visit_mut_with(self);
        }
        for argument in arguments {
            argument.visit_mut_with(self);
        }
    }

    fn visit_mut_with_stmt(&mut self, with: &mut WithStmt) {
        self.output.features.has_dynamic_scope = true;
        with.visit_mut_children_with(self);
    }

    fn visit_mut_try_stmt(&mut self, statement: &mut TryStmt) {
        let TryStmt {
            block,
            handler,
            finalizer,
            ..
        } = statement;
        self.try_depth += 1;
        BlockStmt::visit_mut_with(block, self);
        self.try_depth -= 1;
        // What happens after something failed is not needed for the module to run.
        self.rescue_depth += 1;
        handler.visit_mut_with(self);
        self.rescue_depth -= 1;
        finalizer.visit_mut_with(self);
    }

    fn visit_mut_function(&mut self, function: &mut Function) {
        self.function_depth += 1;
        function.visit_mut_children_with(self);
        self.function_depth -= 1;
    }

    fn visit_mut_class_member(&mut self, member: &mut ClassMember) {
        if let Some(key) = member_parts::computed_key_mut(member) {
            key.visit_mut_with(self);
        }
        self.function_depth += 1;
        member_parts::visit_mut_beside_key(member, self);
        self.function_depth -= 1;
    }
}
