//! Which of what nothing reads can be observed while it is made: calls, getters, and names that have no value yet.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{
    ArrowExpr, CallExpr, CatchClause, Class, ClassMember, ClassProp, Constructor, Decl, Expr, Function, Id,
    Ident, Pat, PrivateProp, StaticBlock, Stmt, SwitchCase, ThisExpr, VarDecl, VarDeclKind, VarDeclarator,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::gather::assigned_alone;
use super::{Name, Read, STATEMENT, Unread, name_of, quiet_call};
use crate::scan::side_effects::{Purity, without_parentheses};

/// Finds it.
pub struct Observed<'a> {
    unread: &'a FxHashSet<Name>,
    purity: &'a Purity<'a>,
    top_level: SyntaxContext,
    may_be_unset: &'a dyn Fn(&Id) -> bool,
    quiet: &'a FxHashSet<Id>,
    /// The name that what is visited belongs to.
    by: Name,
    /// As if it were read by what it stands in.
    pub reads: Vec<Read>,
    functions: usize,
    function: usize,
    /// Names that have a value from when they are declared, and the functions that declare them; none for those that have
    /// one wherever they are seen.
    set: FxHashMap<Name, Option<usize>>,
    /// Names that refuse other values.
    constants: FxHashSet<Name>,
    is_case_next: bool,
    is_derived: bool,
}

impl<'a> Observed<'a> {
    pub fn new(unread: &'a FxHashSet<Name>, asked: &'a Unread<'a>) -> Self {
        Self {
            unread,
            purity: asked.purity,
            top_level: asked.top_level,
            may_be_unset: asked.may_be_unset,
            quiet: asked.quiet,
            by: STATEMENT,
            reads: Vec::new(),
            functions: 0,
            function: 0,
            set: FxHashMap::default(),
            constants: FxHashSet::default(),
            is_case_next: false,
            is_derived: false,
        }
    }

    fn belonging_to(&mut self, name: Name, node: &impl VisitWith<Self>) {
        let around = std::mem::replace(&mut self.by, name);
        node.visit_with(self);
        self.by = around;
    }

    fn inside(&mut self, node: &impl VisitWith<Self>) {
        self.functions += 1;
        let around = std::mem::replace(&mut self.function, self.functions);
        node.visit_children_with(self);
        self.function = around;
    }

    fn keep(&mut self, name: Name) {
        self.reads.push(Read { by: self.by, name });
    }

    fn is_quiet(&self, value: &Expr) -> bool {
        !self.purity.expression_has_side_effects(value) && self.reads_what_is_set(value)
    }

    fn reads_what_is_set<'n>(&'n self, node: &impl VisitWith<ReadNow<'n, 'a>>) -> bool {
        let mut read = ReadNow {
            observed: self,
            is_set: true,
        };
        node.visit_with(&mut read);
        read.is_set
    }

    fn always_set(&mut self, pattern: &Pat) {
        let names = find_pat_ids::<_, Ident>(pattern);
        self.set.extend(names.iter().map(|name| (name_of(name), None)));
    }

    /// Variables that a list of statements declares.
    fn variables(&mut self, declaration: &VarDecl, is_case: bool) {
        for declarator in &declaration.decls {
            match &declarator.name {
                Pat::Ident(name) if name.id.ctxt != self.top_level => {
                    let name = name_of(&name.id);
                    let value = declarator.init.as_deref();
                    if self.unread.contains(&name) && value.is_some_and(|value| !self.is_quiet(value)) {
                        self.keep(name);
                    }
                    self.belonging_to(name, &declarator.init);
                }
                _ => declarator.visit_with(self),
            }
            self.declared(declaration.kind, declarator, is_case);
        }
    }

    fn declared(&mut self, kind: VarDeclKind, declarator: &VarDeclarator, is_case: bool) {
        let names = find_pat_ids::<_, Ident>(&declarator.name);
        if kind == VarDeclKind::Const {
            self.constants.extend(names.iter().map(name_of));
        }
        if kind == VarDeclKind::Var || !is_case {
            let since = (kind != VarDeclKind::Var).then_some(self.function);
            self.set.extend(names.iter().map(|name| (name_of(name), since)));
        }
    }

    fn assigned(&mut self, name: &Ident, value: &Expr) {
        let name = name_of(name);
        let is_variable = self.is_set(name) && !self.constants.contains(&name);
        if self.unread.contains(&name) && !(is_variable && self.is_quiet(value)) {
            self.keep(name);
        }
        self.belonging_to(name, value);
    }

    fn is_set(&self, name: Name) -> bool {
        match self.set.get(&name) {
            Some(since) => since.is_none_or(|function| function == self.function),
            None => false,
        }
    }
}

impl Visit for Observed<'_> {
    noop_visit_type!();

    fn visit_stmts(&mut self, statements: &[Stmt]) {
        let is_case = std::mem::take(&mut self.is_case_next);
        for statement in statements {
            match statement {
                Stmt::Decl(Decl::Var(declaration)) => self.variables(declaration, is_case),
                Stmt::Decl(Decl::Fn(declaration)) => {
                    self.set.insert(name_of(&declaration.ident), None);
                    self.belonging_to(name_of(&declaration.ident), &declaration.function);
                }
                Stmt::Decl(Decl::Class(declaration)) => {
                    let name = name_of(&declaration.ident);
                    if self.unread.contains(&name)
                        && (self.purity.statement_has_side_effects(statement)
                            || !self.reads_what_is_set(&declaration.class))
                    {
                        self.keep(name);
                    }
                    self.belonging_to(name, &declaration.class);
                }
                other => match assigned_alone(other) {
                    Some((name, value)) => self.assigned(name, value),
                    None => match quiet_call(other, self.quiet) {
                        Some((name, call)) => {
                            if self.unread.contains(&name) && !self.is_quiet(call) {
                                self.keep(name);
                            }
                            self.belonging_to(name, call);
                        }
                        None => other.visit_with(self),
                    },
                },
            }
        }
    }

    fn visit_switch_case(&mut self, case: &SwitchCase) {
        case.test.visit_with(self);
        self.is_case_next = true;
        case.cons.visit_with(self);
    }

    fn visit_var_decl(&mut self, declaration: &VarDecl) {
        for declarator in &declaration.decls {
            declarator.visit_with(self);
            self.declared(declaration.kind, declarator, false);
        }
    }

    fn visit_catch_clause(&mut self, clause: &CatchClause) {
        if let Some(parameter) = &clause.param {
            self.always_set(parameter);
        }
        clause.visit_children_with(self);
    }

    fn visit_function(&mut self, function: &Function) {
        for parameter in &function.params {
            self.always_set(&parameter.pat);
        }
        let is_derived = std::mem::take(&mut self.is_derived);
        self.inside(function);
        self.is_derived = is_derived;
    }

    fn visit_arrow_expr(&mut self, arrow: &ArrowExpr) {
        for parameter in &arrow.params {
            self.always_set(parameter);
        }
        self.inside(arrow);
    }

    fn visit_constructor(&mut self, constructor: &Constructor) {
        for parameter in constructor
            .params
            .iter()
            .filter_map(|parameter| parameter.as_param())
        {
            self.always_set(&parameter.pat);
        }
        self.inside(constructor);
    }

    fn visit_class(&mut self, class: &Class) {
        class.decorators.visit_with(self);
        class.super_class.visit_with(self);
        let is_derived = std::mem::replace(&mut self.is_derived, class.super_class.is_some());
        class.body.visit_with(self);
        self.is_derived = is_derived;
    }

    fn visit_class_member(&mut self, member: &ClassMember) {
        self.inside(member);
    }
}

/// Whether what an expression reads at once has a value for certain.
struct ReadNow<'n, 'a> {
    observed: &'n Observed<'a>,
    is_set: bool,
}

impl Visit for ReadNow<'_, '_> {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        let observed = self.observed;
        self.is_set &= if ident.ctxt == observed.purity.unresolved() {
            true
        } else if ident.ctxt == observed.top_level || (observed.may_be_unset)(&ident.to_id()) {
            !(observed.may_be_unset)(&ident.to_id())
        } else {
            observed.is_set(name_of(ident))
        };
    }

    /// There is none before the call of `super`.
    fn visit_this_expr(&mut self, _: &ThisExpr) {
        self.is_set &= !self.observed.is_derived;
    }

    /// What is called on the spot is not looked into.
    fn visit_call_expr(&mut self, call: &CallExpr) {
        let callee = call.callee.as_expr().map(|callee| without_parentheses(callee));
        self.is_set &= !callee.is_some_and(|callee| callee.is_fn_expr() || callee.is_arrow());
        call.visit_children_with(self);
    }

    /// What it extends may be no class.
    fn visit_class(&mut self, class: &Class) {
        self.is_set &= class.super_class.is_none();
        class.visit_children_with(self);
    }

    fn visit_function(&mut self, _: &Function) {}

    fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}

    fn visit_constructor(&mut self, _: &Constructor) {}

    fn visit_static_block(&mut self, _: &StaticBlock) {
        self.is_set = false;
    }

    fn visit_class_prop(&mut self, field: &ClassProp) {
        field.key.visit_with(self);
        if field.is_static {
            field.value.visit_with(self);
        }
    }

    fn visit_private_prop(&mut self, field: &PrivateProp) {
        if field.is_static {
            field.value.visit_with(self);
        }
    }
}
