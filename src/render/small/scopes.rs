//! Which names are declared and mentioned in which scopes of a unit.
//!
//! SWC's identities (spelling and context) tell bindings apart, so no look-up of names is needed: where an identity is
//! declared and mentioned says everything. A binding's home is the innermost scope around all of that.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::ecma::ast::{
    ArrowExpr, BlockStmt, BreakStmt, CallExpr, CatchClause, Class, ClassDecl, ClassExpr, Constructor,
    ContinueStmt, Expr, FnDecl, FnExpr, ForInStmt, ForOfStmt, ForStmt, Function, Id, Ident, LabeledStmt,
    Module, Param, ParamOrTsParamProp, Pat, StaticBlock, SwitchStmt, UsingDecl, VarDecl, VarDeclKind,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::adopt::UnitContexts;
use crate::scan::kept_elements::element_type;

/// The scope around everything.
pub const ROOT: u32 = 0;

/// What may become of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BindingKind {
    /// Declared in the unit and known nowhere else.
    Local,
    /// A name of the chunk.
    Chunk,
    /// Declared nowhere: a global.
    Free,
}

/// One name.
#[derive(Debug)]
pub struct Binding {
    /// How it is spelled.
    pub name: Atom,
    pub kind: BindingKind,
    /// The scope that it belongs to.
    pub home: u32,
    /// How often it is there.
    pub count: u32,
    pub is_declared: bool,
    /// Whether an element of JSX is called by it: its name must not start with a small letter.
    pub names_element: bool,
}

impl Binding {
    /// One of a unit whose scopes are not asked for any more.
    pub fn kept(name: Atom, kind: BindingKind, count: u32, names_element: bool) -> Self {
        Self {
            name,
            kind,
            home: ROOT,
            count,
            is_declared: true,
            names_element,
        }
    }
}

/// The scopes of a unit, numbered from the outside to the inside, and its names, in the order of the text.
pub struct Scopes {
    /// The scope around each.
    pub parents: Vec<u32>,
    /// All names.
    pub bindings: Vec<Binding>,
    /// Where bindings are mentioned: binding and scope.
    pub mentions: Vec<(u32, u32)>,
    /// From identities to bindings.
    pub index: FxHashMap<Id, u32>,
    /// The last scope inside each.
    last_inside: Vec<u32>,
}

impl Scopes {
    /// Reads a unit. Free names that are among `chunk_names` are names of the chunk, too.
    pub fn of(module: &Module, contexts: UnitContexts, chunk_names: &FxHashSet<Atom>) -> Self {
        let mut survey = Survey {
            scopes: Self {
                parents: vec![ROOT],
                bindings: Vec::new(),
                mentions: Vec::new(),
                index: FxHashMap::default(),
                last_inside: vec![ROOT],
            },
            last_mention: Vec::new(),
            current: ROOT,
            function: ROOT,
            contexts,
            chunk_names,
        };
        module.visit_children_with(&mut survey);
        let mut scopes = survey.scopes;
        scopes.last_inside[0] = u32::MAX;
        scopes.find_homes();
        scopes
    }

    fn encloses(&self, outer: u32, inner: u32) -> bool {
        outer <= inner && inner <= self.last_inside[outer as usize]
    }

    /// Code that was moved may mention a name outside the scope that declares it.
    fn find_homes(&mut self) {
        for binding in &mut self.bindings {
            if binding.kind == BindingKind::Local && !binding.is_declared {
                binding.kind = BindingKind::Free;
            }
            if binding.kind != BindingKind::Local {
                binding.home = ROOT;
            }
        }
        for (binding, scope) in &self.mentions {
            let mut home = self.bindings[*binding as usize].home;
            while !self.encloses(home, *scope) {
                home = self.parents[home as usize];
            }
            self.bindings[*binding as usize].home = home;
        }
    }
}

struct Survey<'a> {
    scopes: Scopes,
    /// The scope in which each binding was mentioned last.
    last_mention: Vec<u32>,
    current: u32,
    /// The scope of the function around.
    function: u32,
    contexts: UnitContexts,
    chunk_names: &'a FxHashSet<Atom>,
}

/// What a scope holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ScopeKind {
    /// Also its `var`s.
    Function,
    Block,
}

impl Survey<'_> {
    fn inside(&mut self, kind: ScopeKind, visit: impl FnOnce(&mut Self)) {
        let outside = (self.current, self.function);
        let scope = number(self.scopes.parents.len());
        self.scopes.parents.push(self.current);
        self.scopes.last_inside.push(scope);
        self.current = scope;
        if kind == ScopeKind::Function {
            self.function = scope;
        }
        visit(self);
        self.scopes.last_inside[scope as usize] = number(self.scopes.parents.len() - 1);
        (self.current, self.function) = outside;
    }

    fn binding(&mut self, mut id: Id) -> u32 {
        if let Some(binding) = self.scopes.index.get(&id) {
            return *binding;
        }
        let spelled = id.clone();
        let mut kind = BindingKind::Local;
        if id.1 == self.contexts.unresolved {
            kind = BindingKind::Free;
            if self.chunk_names.contains(&id.0) {
                id.1 = self.contexts.chunk;
            }
        }
        if id.1 == self.contexts.chunk {
            kind = BindingKind::Chunk;
        }
        if id.0 == "arguments" {
            kind = BindingKind::Free;
        }
        if let Some(binding) = self.scopes.index.get(&id).copied() {
            self.scopes.index.insert(spelled, binding);
            return binding;
        }
        let binding = number(self.scopes.bindings.len());
        self.scopes.bindings.push(Binding {
            name: id.0.clone(),
            kind,
            home: ROOT,
            count: 0,
            is_declared: false,
            names_element: false,
        });
        self.last_mention.push(u32::MAX);
        if spelled != id {
            self.scopes.index.insert(spelled, binding);
        }
        self.scopes.index.insert(id, binding);
        binding
    }

    fn mention(&mut self, ident: &Ident) {
        let binding = self.binding(ident.to_id());
        self.scopes.bindings[binding as usize].count += 1;
        self.note_mention(binding);
    }

    /// A name that is known in this scope, though it is not written there.
    fn occupy(&mut self, id: Id) {
        let binding = self.binding(id);
        self.note_mention(binding);
    }

    fn note_mention(&mut self, binding: u32) {
        if self.last_mention[binding as usize] != self.current {
            self.last_mention[binding as usize] = self.current;
            self.scopes.mentions.push((binding, self.current));
        }
    }

    fn declare(&mut self, id: Id, scope: u32) {
        let binding = self.binding(id);
        let mut home = scope;
        if self.scopes.bindings[binding as usize].is_declared {
            home = self.scopes.bindings[binding as usize].home;
            // Scopes that are not finished enclose what comes.
            while !self.is_around(home, scope) {
                home = self.scopes.parents[home as usize];
            }
        }
        let declared = &mut self.scopes.bindings[binding as usize];
        declared.is_declared = true;
        declared.home = home;
    }

    fn is_around(&self, outer: u32, mut inner: u32) -> bool {
        while inner > outer {
            inner = self.scopes.parents[inner as usize];
        }
        inner == outer
    }

    fn declare_pattern(&mut self, pattern: &Pat, scope: u32) {
        for id in find_pat_ids::<_, Id>(pattern) {
            self.declare(id, scope);
        }
    }

    fn own_name(&mut self, ident: Option<&Ident>, visit: impl FnOnce(&mut Self)) {
        match ident {
            None => visit(self),
            Some(name) => self.inside(ScopeKind::Block, |survey| {
                survey.declare(name.to_id(), survey.current);
                survey.mention(name);
                visit(survey);
            }),
        }
    }
}

fn number(length: usize) -> u32 {
    u32::try_from(length).expect("a unit has fewer than 2^32 scopes and names")
}

impl Visit for Survey<'_> {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        self.mention(ident);
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        if let Some(Expr::Ident(name)) = element_type(call) {
            let binding = self.binding(name.to_id());
            self.scopes.bindings[binding as usize].names_element = true;
        }
        call.visit_children_with(self);
    }

    // Labels have a space of names of their own.
    fn visit_labeled_stmt(&mut self, statement: &LabeledStmt) {
        statement.body.visit_with(self);
    }
    fn visit_break_stmt(&mut self, _: &BreakStmt) {}
    fn visit_continue_stmt(&mut self, _: &ContinueStmt) {}

    fn visit_function(&mut self, function: &Function) {
        function.decorators.visit_with(self);
        self.inside(ScopeKind::Function, |survey| {
            for parameter in &function.params {
                survey.declare_pattern(&parameter.pat, survey.current);
            }
            function.params.visit_with(survey);
            function.body.visit_with(survey);
        });
    }

    fn visit_param(&mut self, parameter: &Param) {
        parameter.decorators.visit_with(self);
        parameter.pat.visit_with(self);
    }

    fn visit_arrow_expr(&mut self, arrow: &ArrowExpr) {
        self.inside(ScopeKind::Function, |survey| {
            for parameter in &arrow.params {
                survey.declare_pattern(parameter, survey.current);
            }
            arrow.params.visit_with(survey);
            arrow.body.visit_with(survey);
        });
    }

    fn visit_constructor(&mut self, constructor: &Constructor) {
        self.inside(ScopeKind::Function, |survey| {
            for parameter in &constructor.params {
                if let ParamOrTsParamProp::Param(parameter) = parameter {
                    survey.declare_pattern(&parameter.pat, survey.current);
                }
            }
            constructor.params.visit_with(survey);
            constructor.body.visit_with(survey);
        });
    }

    fn visit_static_block(&mut self, block: &StaticBlock) {
        self.inside(ScopeKind::Function, |survey| block.body.visit_with(survey));
    }

    fn visit_block_stmt(&mut self, block: &BlockStmt) {
        self.inside(ScopeKind::Block, |survey| block.visit_children_with(survey));
    }

    fn visit_for_stmt(&mut self, statement: &ForStmt) {
        self.inside(ScopeKind::Block, |survey| statement.visit_children_with(survey));
    }

    fn visit_for_in_stmt(&mut self, statement: &ForInStmt) {
        self.inside(ScopeKind::Block, |survey| statement.visit_children_with(survey));
    }

    fn visit_for_of_stmt(&mut self, statement: &ForOfStmt) {
        self.inside(ScopeKind::Block, |survey| statement.visit_children_with(survey));
    }

    fn visit_switch_stmt(&mut self, statement: &SwitchStmt) {
        statement.discriminant.visit_with(self);
        self.inside(ScopeKind::Block, |survey| statement.cases.visit_with(survey));
    }

    fn visit_catch_clause(&mut self, clause: &CatchClause) {
        self.inside(ScopeKind::Block, |survey| {
            if let Some(parameter) = &clause.param {
                survey.declare_pattern(parameter, survey.current);
            }
            clause.param.visit_with(survey);
            survey.inside(ScopeKind::Block, |survey| {
                // What the body declares must not be called alike, even where it does not mention the parameter.
                for id in find_pat_ids::<_, Id>(&clause.param) {
                    survey.occupy(id);
                }
                clause.body.visit_children_with(survey);
            });
        });
    }

    fn visit_fn_decl(&mut self, declaration: &FnDecl) {
        self.declare(declaration.ident.to_id(), self.current);
        declaration.visit_children_with(self);
    }

    fn visit_class_decl(&mut self, declaration: &ClassDecl) {
        self.declare(declaration.ident.to_id(), self.current);
        declaration.visit_children_with(self);
    }

    fn visit_fn_expr(&mut self, expression: &FnExpr) {
        self.own_name(expression.ident.as_ref(), |survey| {
            Visit::visit_function(survey, &expression.function);
        });
    }

    fn visit_class_expr(&mut self, expression: &ClassExpr) {
        self.own_name(expression.ident.as_ref(), |survey| {
            let class: &Class = &expression.class;
            class.visit_with(survey);
        });
    }

    fn visit_var_decl(&mut self, declaration: &VarDecl) {
        let scope = match declaration.kind {
            VarDeclKind::Var => self.function,
            VarDeclKind::Let | VarDeclKind::Const => self.current,
        };
        for declarator in &declaration.decls {
            match &declarator.name {
                Pat::Ident(name) => self.declare(name.to_id(), scope),
                pattern => self.declare_pattern(pattern, scope),
            }
        }
        declaration.visit_children_with(self);
    }

    fn visit_using_decl(&mut self, declaration: &UsingDecl) {
        for declarator in &declaration.decls {
            self.declare_pattern(&declarator.name, self.current);
        }
        declaration.visit_children_with(self);
    }
}
