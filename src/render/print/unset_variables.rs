//! Variables that a function may ask for before it has given them a value:
//!
//! ```js
//! for (const one of list) (function () { try { if (one) var found = one } finally { show(found) } })()
//! ```
//!
//! Where the compressor puts such a body into a loop, these would keep what they were given the last time round. Like those that
//! [`super::loop_variables`] sets, they are set where the function begins.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::ecma::ast::{
    ArrowExpr, BindingIdent, Decl, ForHead, ForInStmt, ForOfStmt, ForStmt, Function, Id, Ident, Stmt,
    VarDecl, VarDeclKind, VarDeclOrExpr, VarDeclarator,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::early_variables::{Values, early_variables};

/// Those that the body of a function declares. Which have no value where they are declared at the top of it is not said.
pub fn unset_variables(statements: &[Stmt]) -> FxHashSet<Id> {
    let mut search = Search::default();
    search.list(statements);
    let mut found = early_variables(statements, Values::All);
    let Search {
        mentioned, declared, ..
    } = search;
    let is_outside = |declared: &Declared| {
        let mentioned = mentioned.get(&declared.name);
        mentioned.is_some_and(|(first, last)| *first < declared.from || *last >= declared.to)
    };
    found.extend(declared.into_iter().filter(is_outside).map(|one| one.name));
    found
}

/// A variable, and between which mentions it has its value; without one, between none.
struct Declared {
    name: Id,
    from: usize,
    to: usize,
}

#[derive(Default)]
struct Search {
    /// How many names were mentioned.
    count: usize,
    /// The first and the last mention.
    mentioned: FxHashMap<Id, (usize, usize)>,
    declared: Vec<Declared>,
    lists_around: usize,
    functions_around: usize,
}

impl Search {
    fn list(&mut self, statements: &[Stmt]) {
        self.lists_around += 1;
        let mut with_value = Vec::new();
        for statement in statements {
            match statement {
                Stmt::Decl(Decl::Var(declaration)) => {
                    with_value.extend(self.variables(declaration));
                    if self.lists_around > 1 {
                        self.without_value(declaration);
                    }
                }
                Stmt::For(ForStmt {
                    init: Some(VarDeclOrExpr::VarDecl(declaration)),
                    ..
                }) => {
                    with_value.extend(self.variables(declaration));
                    self.without_value(declaration);
                }
                _ => {}
            }
            statement.visit_children_with(self);
        }
        self.lists_around -= 1;
        self.end(with_value);
    }

    /// The variables that a declaration gives values, with what was mentioned before.
    fn variables(&self, declaration: &VarDecl) -> Vec<(Id, usize)> {
        let declarators = self.own(declaration).iter().filter(|one| one.init.is_some());
        let names = declarators.flat_map(|one| find_pat_ids::<_, Id>(&one.name));
        names.map(|name| (name, self.count)).collect()
    }

    fn without_value(&mut self, declaration: &VarDecl) {
        let declarators = self.own(declaration).iter().filter(|one| one.init.is_none());
        let names = declarators.flat_map(|one| find_pat_ids::<_, Id>(&one.name));
        self.declared.extend(names.map(|name| Declared {
            name,
            from: usize::MAX,
            to: 0,
        }));
    }

    /// The `var`s of a declaration that belong to the function.
    fn own<'a>(&self, declaration: &'a VarDecl) -> &'a [VarDeclarator] {
        if declaration.kind == VarDeclKind::Var && self.functions_around == 0 {
            &declaration.decls
        } else {
            &[]
        }
    }

    /// Where variables end that have values.
    fn end(&mut self, variables: Vec<(Id, usize)>) {
        let to = self.count;
        self.declared.extend(
            variables
                .into_iter()
                .map(|(name, from)| Declared { name, from, to }),
        );
    }

    fn function<N: VisitWith<Self>>(&mut self, function: &N) {
        self.functions_around += 1;
        function.visit_children_with(self);
        self.functions_around -= 1;
    }

    /// The variable of a loop has its value in there.
    fn head(&mut self, head: &ForHead, body: &Stmt) {
        head.visit_with(self);
        let names = match head {
            ForHead::VarDecl(declaration) => self.own(declaration),
            _ => &[],
        };
        let names = names.iter().flat_map(|one| find_pat_ids::<_, Id>(&one.name));
        let variables = names.map(|name| (name, self.count)).collect();
        body.visit_with(self);
        self.end(variables);
    }
}

impl Visit for Search {
    noop_visit_type!();

    fn visit_ident(&mut self, name: &Ident) {
        let here = self.count;
        self.count += 1;
        self.mentioned
            .entry(name.to_id())
            .and_modify(|(_, last)| *last = here)
            .or_insert((here, here));
    }

    fn visit_binding_ident(&mut self, _: &BindingIdent) {}

    fn visit_stmts(&mut self, statements: &[Stmt]) {
        self.list(statements);
    }

    /// The only statement of a branch or a loop.
    fn visit_stmt(&mut self, statement: &Stmt) {
        self.list(std::slice::from_ref(statement));
    }

    fn visit_for_in_stmt(&mut self, statement: &ForInStmt) {
        statement.right.visit_with(self);
        self.head(&statement.left, &statement.body);
    }

    fn visit_for_of_stmt(&mut self, statement: &ForOfStmt) {
        statement.right.visit_with(self);
        self.head(&statement.left, &statement.body);
    }

    fn visit_function(&mut self, function: &Function) {
        self.function(function);
    }

    fn visit_arrow_expr(&mut self, function: &ArrowExpr) {
        self.function(function);
    }
}
