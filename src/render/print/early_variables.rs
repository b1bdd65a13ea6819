//! Which `var` may be read before it is given its value, by the code before or by a function that is called before:
//!
//! ```js
//! const early = value; var value = 3;                                 // `early` is `undefined`
//! const read = () => value; const early = read(); var value = 3;
//! ```
//!
//! By the order of the text: functions that are declared count where they are first mentioned, others where they stand. What is
//! mentioned in functions is taken for read when something is called.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::ecma::ast::{
    ArrowExpr, AwaitExpr, BindingIdent, CallExpr, ClassMember, Expr, FnDecl, ForHead, ForInStmt, ForOfStmt,
    Function, Id, Ident, NewExpr, Pat, SimpleAssignTarget, Stmt, TaggedTpl, VarDecl, VarDeclKind,
    VarDeclarator, YieldExpr,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

/// Which values of variables count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// All.
    All,
    /// Those that somebody can be told without asking the variable.
    Known,
}

/// The names among those that the body of a function, or a module, declares.
pub fn early_variables(statements: &[Stmt], values: Values) -> FxHashSet<Id> {
    let mut declared = Declared::default();
    statements.visit_with(&mut declared);
    if declared.names.is_empty() {
        return FxHashSet::default();
    }
    let declared_functions = || {
        statements
            .iter()
            .filter_map(|statement| statement.as_decl()?.as_fn_decl())
    };
    let mut search = Search {
        variables: &declared.names,
        values,
        functions: declared_functions()
            .map(|function| (function.ident.to_id(), Vec::new()))
            .collect(),
        mentioned: FxHashSet::default(),
        unread: Vec::new(),
        reached: FxHashSet::default(),
        read: FxHashSet::default(),
        initialised: FxHashSet::default(),
        functions_around: 0,
        early: FxHashSet::default(),
    };
    for function in declared_functions() {
        let mentions = search.mentions_of(&function.function);
        search.functions.insert(function.ident.to_id(), mentions);
    }
    statements.visit_with(&mut search);
    search.early
}

struct Search<'a> {
    variables: &'a FxHashSet<Id>,
    values: Values,
    /// The functions that the list declares, and what they mention.
    functions: FxHashMap<Id, Vec<Id>>,
    /// What the text up to here mentions.
    mentioned: FxHashSet<Id>,
    /// What of that no call was able to read.
    unread: Vec<Id>,
    /// What calls up to here may have read.
    reached: FxHashSet<Id>,
    /// What the text up to here reads, outside of functions.
    read: FxHashSet<Id>,
    /// The variables that the text up to here gave a value.
    initialised: FxHashSet<Id>,
    /// Around this place, within the list.
    functions_around: usize,
    early: FxHashSet<Id>,
}

impl Search<'_> {
    fn mention(&mut self, name: Id) {
        let mut waiting = vec![name];
        while let Some(name) = waiting.pop() {
            if self.mentioned.insert(name.clone()) {
                waiting.extend(self.functions.get(&name).into_iter().flatten().cloned());
                self.unread.push(name);
            }
        }
    }

    fn call(&mut self) {
        if self.functions_around == 0 {
            self.reached.extend(self.unread.drain(..));
        }
    }

    /// A declaration that gives values.
    fn initialise(&mut self, declarator: &VarDeclarator) {
        for name in find_pat_ids::<_, Id>(&declarator.name) {
            if self.functions_around == 0
                && self.initialised.insert(name.clone())
                && (self.read.contains(&name)
                    || self.reached.contains(&name)
                        && (self.values == Values::All || !is_unknown(declarator)))
            {
                self.early.insert(name);
            }
        }
    }

    fn head(&mut self, head: &ForHead) {
        head.visit_with(self);
        for declarator in variables_of(head) {
            self.initialise(declarator);
        }
    }

    fn function<N: VisitWith<Self>>(&mut self, function: &N) {
        self.functions_around += 1;
        function.visit_children_with(self);
        self.functions_around -= 1;
    }

    fn mentions_of(&self, function: &Function) -> Vec<Id> {
        let mut mentions = Mentions {
            variables: self.variables,
            functions: &self.functions,
            found: FxHashSet::default(),
        };
        function.visit_with(&mut mentions);
        mentions.found.into_iter().collect()
    }
}

impl Visit for Search<'_> {
    noop_visit_type!();

    fn visit_ident(&mut self, name: &Ident) {
        let name = name.to_id();
        if self.variables.contains(&name) && self.functions_around == 0 {
            self.read.insert(name.clone());
        }
        if self.variables.contains(&name) || self.functions.contains_key(&name) {
            self.mention(name);
        }
    }

    fn visit_binding_ident(&mut self, _: &BindingIdent) {}

    /// What is assigned to has a value before the one that it is declared with.
    fn visit_simple_assign_target(&mut self, target: &SimpleAssignTarget) {
        match target {
            SimpleAssignTarget::Ident(name) => self.visit_ident(&name.id),
            _ => target.visit_children_with(self),
        }
    }

    fn visit_fn_decl(&mut self, declaration: &FnDecl) {
        if !self.functions.contains_key(&declaration.ident.to_id()) {
            declaration.function.visit_with(self);
        }
    }

    fn visit_var_decl(&mut self, declaration: &VarDecl) {
        for declarator in &declaration.decls {
            declarator.visit_with(self);
            if declaration.kind == VarDeclKind::Var && declarator.init.is_some() {
                self.initialise(declarator);
            }
        }
    }

    fn visit_for_of_stmt(&mut self, statement: &ForOfStmt) {
        statement.right.visit_with(self);
        self.head(&statement.left);
        statement.body.visit_with(self);
    }

    fn visit_for_in_stmt(&mut self, statement: &ForInStmt) {
        statement.right.visit_with(self);
        self.head(&statement.left);
        statement.body.visit_with(self);
    }

    /// What a function says of itself is said when it is called.
    fn visit_var_declarator(&mut self, declarator: &VarDeclarator) {
        let own = function_with_name(declarator).filter(|name| !self.mentioned.contains(name));
        declarator.visit_children_with(self);
        if let Some(own) = own {
            self.mentioned.remove(&own);
            self.unread.retain(|name| *name != own);
        }
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        call.visit_children_with(self);
        self.call();
    }

    fn visit_new_expr(&mut self, call: &NewExpr) {
        call.visit_children_with(self);
        self.call();
    }

    fn visit_tagged_tpl(&mut self, call: &TaggedTpl) {
        call.visit_children_with(self);
        self.call();
    }

    fn visit_await_expr(&mut self, pause: &AwaitExpr) {
        pause.visit_children_with(self);
        self.call();
    }

    fn visit_yield_expr(&mut self, pause: &YieldExpr) {
        pause.visit_children_with(self);
        self.call();
    }

    fn visit_function(&mut self, function: &Function) {
        self.function(function);
    }

    fn visit_arrow_expr(&mut self, function: &ArrowExpr) {
        self.function(function);
    }
}

/// The `var`s of the head of a loop.
fn variables_of(head: &ForHead) -> &[VarDeclarator] {
    match head {
        ForHead::VarDecl(declaration) if declaration.kind == VarDeclKind::Var => &declaration.decls,
        _ => &[],
    }
}

/// Whether nobody can be told the value without asking the variable.
fn is_unknown(declarator: &VarDeclarator) -> bool {
    matches!(
        declarator.init.as_deref(),
        Some(Expr::Call(_) | Expr::New(_) | Expr::Await(_) | Expr::Yield(_) | Expr::Member(_))
    )
}

/// The variable that a declarator makes a function.
fn function_with_name(declarator: &VarDeclarator) -> Option<Id> {
    match (&declarator.name, declarator.init.as_deref()) {
        (Pat::Ident(name), Some(Expr::Fn(_) | Expr::Arrow(_))) => Some(name.to_id()),
        _ => None,
    }
}

/// The variables with values that are declared outside of functions inside.
#[derive(Default)]
struct Declared {
    names: FxHashSet<Id>,
}

impl Visit for Declared {
    noop_visit_type!();

    fn visit_var_decl(&mut self, declaration: &VarDecl) {
        if declaration.kind == VarDeclKind::Var {
            let declarators = declaration.decls.iter();
            let with_value = declarators.filter(|declarator| declarator.init.is_some());
            let names = with_value.flat_map(|declarator| find_pat_ids::<_, Id>(&declarator.name));
            self.names.extend(names);
        }
    }

    fn visit_for_head(&mut self, head: &ForHead) {
        for declarator in variables_of(head) {
            self.names.extend(find_pat_ids::<_, Id>(&declarator.name));
        }
    }

    fn visit_expr(&mut self, _: &Expr) {}
    fn visit_function(&mut self, _: &Function) {}
    fn visit_class_member(&mut self, _: &ClassMember) {}
}

/// What code mentions, but for where it is declared.
struct Mentions<'a> {
    variables: &'a FxHashSet<Id>,
    functions: &'a FxHashMap<Id, Vec<Id>>,
    found: FxHashSet<Id>,
}

impl Visit for Mentions<'_> {
    noop_visit_type!();

    fn visit_ident(&mut self, name: &Ident) {
        let name = name.to_id();
        if self.variables.contains(&name) || self.functions.contains_key(&name) {
            self.found.insert(name);
        }
    }

    fn visit_binding_ident(&mut self, _: &BindingIdent) {}

    /// What a function says of itself is said when it is called.
    fn visit_var_declarator(&mut self, declarator: &VarDeclarator) {
        let own = function_with_name(declarator).filter(|name| !self.found.contains(name));
        declarator.visit_children_with(self);
        if let Some(own) = own {
            self.found.remove(&own);
        }
    }
}
