//! Which `var` may be read before it is given its value, by a function that is called before:
//!
//! ```js
//! const read = () => value; const early = read(); var value = 3;      // `early` is `undefined`
//! ```
//!
//! By the order of the text: functions that are declared count where they are first mentioned, others where they stand. What is
//! mentioned is taken for read when something is called.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::ecma::ast::{
    ArrowExpr, AwaitExpr, BindingIdent, CallExpr, ClassMember, Decl, Expr, Function, Id, Ident, NewExpr, Pat,
    Stmt, TaggedTpl, VarDecl, VarDeclKind, VarDeclarator, YieldExpr,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

/// The names among those that the body of a function, or a module, declares.
pub fn early_variables(statements: &[Stmt]) -> FxHashSet<Id> {
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
        functions: declared_functions()
            .map(|function| (function.ident.to_id(), Vec::new()))
            .collect(),
        mentioned: FxHashSet::default(),
        reached: FxHashSet::default(),
        early: FxHashSet::default(),
    };
    for function in declared_functions() {
        let mentions = search.mentions_of(&*function.function);
        search.functions.insert(function.ident.to_id(), mentions);
    }
    for statement in statements {
        search.statement(statement);
    }
    search.early
}

struct Search<'a> {
    variables: &'a FxHashSet<Id>,
    /// The functions that the list declares, and what they mention.
    functions: FxHashMap<Id, Vec<Id>>,
    /// What the text up to here mentions.
    mentioned: FxHashSet<Id>,
    /// What calls up to here may have read.
    reached: FxHashSet<Id>,
    early: FxHashSet<Id>,
}

impl Search<'_> {
    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Decl(Decl::Fn(_)) => {}
            Stmt::Decl(Decl::Var(declaration)) => {
                for declarator in &declaration.decls {
                    self.run(declarator);
                    if declaration.kind == VarDeclKind::Var {
                        self.declarator(declarator);
                    }
                }
            }
            other => {
                let mut inside = Declared::default();
                other.visit_with(&mut inside);
                let reached = inside
                    .names
                    .into_iter()
                    .filter(|name| self.reached.contains(name));
                self.early.extend(reached);
                self.run(other);
            }
        }
    }

    fn declarator(&mut self, declarator: &VarDeclarator) {
        if let Some(name) = name_with_value(declarator)
            && self.reached.contains(&name.to_id())
        {
            self.early.insert(name.to_id());
        }
    }

    fn run<N: for<'b> VisitWith<Mentions<'b>> + VisitWith<Calls>>(&mut self, node: &N) {
        let mut waiting = self.mentions_of(node);
        while let Some(name) = waiting.pop() {
            if self.mentioned.insert(name.clone())
                && let Some(more) = self.functions.get(&name)
            {
                waiting.extend(more.iter().cloned());
            }
        }
        let mut calls = Calls::default();
        node.visit_with(&mut calls);
        if calls.found {
            self.reached.extend(self.mentioned.iter().cloned());
        }
    }

    fn mentions_of<N: for<'b> VisitWith<Mentions<'b>>>(&self, node: &N) -> Vec<Id> {
        let mut mentions = Mentions {
            variables: self.variables,
            functions: &self.functions,
            found: FxHashSet::default(),
        };
        node.visit_with(&mut mentions);
        mentions.found.into_iter().collect()
    }
}

/// The variable that a declarator gives a value of its own, which others could be told without asking it.
pub fn name_with_value(declarator: &VarDeclarator) -> Option<&Ident> {
    let value = declarator.init.as_deref()?;
    let name = declarator.name.as_ident()?;
    let is_unknown = matches!(
        value,
        Expr::Call(_) | Expr::New(_) | Expr::Await(_) | Expr::Yield(_) | Expr::Member(_)
    );
    (!is_unknown).then_some(&name.id)
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
            let names = declaration.decls.iter().filter_map(name_with_value);
            self.names.extend(names.map(Ident::to_id));
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
        let own = match (&declarator.name, declarator.init.as_deref()) {
            (Pat::Ident(name), Some(Expr::Fn(_) | Expr::Arrow(_))) => Some(name.to_id()),
            _ => None,
        };
        let own = own.filter(|name| !self.found.contains(name));
        declarator.visit_children_with(self);
        if let Some(own) = own {
            self.found.remove(&own);
        }
    }
}

/// Whether code outside of functions calls something.
#[derive(Default)]
struct Calls {
    found: bool,
}

impl Visit for Calls {
    noop_visit_type!();

    fn visit_call_expr(&mut self, _: &CallExpr) {
        self.found = true;
    }

    fn visit_new_expr(&mut self, _: &NewExpr) {
        self.found = true;
    }

    fn visit_tagged_tpl(&mut self, _: &TaggedTpl) {
        self.found = true;
    }

    fn visit_await_expr(&mut self, _: &AwaitExpr) {
        self.found = true;
    }

    fn visit_yield_expr(&mut self, _: &YieldExpr) {
        self.found = true;
    }

    fn visit_function(&mut self, _: &Function) {}
    fn visit_arrow_expr(&mut self, _: &ArrowExpr) {}
}
