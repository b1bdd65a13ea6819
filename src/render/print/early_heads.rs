//! Variables that may be read before they are initialised, in heads of loops and among parameters:
//!
//! ```js
//! for (let a = a;;) {}
//! for (const a of [!a]) {}
//! (a = b, b) => {}
//! ```
//!
//! They are guarded as others are, see [`super::early_reads`].

use rustc_hash::FxHashSet;
use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    AssignTarget, Bool, Expr, ForHead, ForStmt, Id, Ident, Lit, Pat, SeqExpr, Stmt, VarDecl, VarDeclKind,
    VarDeclOrExpr,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitMutWith, VisitWith, noop_visit_type};

use super::early_reads::{Assignments, Guard, Reads, USE};
use super::effects::has_effects;

impl Guard {
    /// `for (let a = a;;)`
    pub(super) fn loop_head(&mut self, statement: &mut ForStmt) {
        let Some(VarDeclOrExpr::VarDecl(declaration)) = &mut statement.init else {
            return;
        };
        let unused = unused_values(
            declaration,
            &[&statement.test, &statement.update],
            &statement.body,
        );
        if declaration.kind == VarDeclKind::Var {
            self.use_in_test(unused, &mut statement.test);
            return;
        }
        let names: Vec<Id> = find_pat_ids(&declaration.decls);
        let mut pending: FxHashSet<Id> = names.into_iter().collect();
        let mut early: Vec<Ident> = Vec::new();
        for declarator in &mut declaration.decls {
            let mut reads = EarlyReads::of(&pending);
            declarator.visit_with(&mut reads);
            early.append(&mut reads.found);
            declarator.visit_mut_with(&mut Reads {
                guard: self,
                names: &pending,
                assignments: Assignments::Hidden,
            });
            for name in find_pat_ids::<_, Id>(&declarator.name) {
                pending.remove(&name);
            }
        }
        if early.is_empty() {
            self.use_in_test(unused, &mut statement.test);
            return;
        }
        let early_names = early.iter().map(Ident::to_id).collect();
        self.variables(declaration, &early_names);
        // Where nobody uses the variable, its declaration must stay.
        self.use_in_test(early, &mut statement.test);
    }

    /// Uses variables once more, whenever a loop asks whether it shall go on.
    fn use_in_test(&mut self, names: Vec<Ident>, test: &mut Option<Box<Expr>>) {
        if names.is_empty() {
            return;
        }
        self.found = true;
        let mut exprs: Vec<Box<Expr>> = names
            .into_iter()
            .map(|name| Box::new(self.call(USE, Some(Box::new(Expr::Ident(name))))))
            .collect();
        exprs.push(test.take().unwrap_or_else(|| {
            Box::new(Expr::Lit(Lit::Bool(Bool {
                span: DUMMY_SP,
                value: true,
            })))
        }));
        *test = Some(Box::new(Expr::Seq(SeqExpr {
            span: DUMMY_SP,
            exprs,
        })));
    }

    /// `for (const a of [!a])`
    pub(super) fn loop_list(&mut self, head: &ForHead, list: &mut Expr) {
        let declaration = match head {
            ForHead::VarDecl(declaration) if declaration.kind != VarDeclKind::Var => declaration,
            _ => return,
        };
        let names: FxHashSet<Id> = find_pat_ids::<_, Id>(&declaration.decls).into_iter().collect();
        self.reads_in(list, &names);
    }

    /// Guards what is read of names that have no values yet.
    fn reads_in<Part>(&mut self, part: &mut Part, names: &FxHashSet<Id>)
    where
        Part: for<'a> VisitWith<EarlyReads<'a>> + for<'a> VisitMutWith<Reads<'a>>,
    {
        let mut reads = EarlyReads::of(names);
        part.visit_with(&mut reads);
        if !reads.found.is_empty() {
            self.found = true;
            part.visit_mut_with(&mut Reads {
                guard: self,
                names,
                assignments: Assignments::Hidden,
            });
        }
    }

    /// `(a = b, b) => {}`
    pub(super) fn parameters<'a>(&mut self, parameters: impl Iterator<Item = &'a mut Pat>) {
        let parameters: Vec<&mut Pat> = parameters.collect();
        if parameters.iter().all(|parameter| parameter.is_ident()) {
            return;
        }
        let names = parameters
            .iter()
            .flat_map(|parameter| find_pat_ids::<_, Id>(&**parameter));
        let mut pending: FxHashSet<Id> = names.collect();
        for parameter in parameters {
            self.reads_in(parameter, &pending);
            for name in find_pat_ids::<_, Id>(&*parameter) {
                pending.remove(&name);
            }
        }
    }
}

/// Variables of a head whose values run code, and that the loop does not mention. The compressor would take the values out of
/// the head, and what stands before them would come after them: `for (let a = start(), b = log(a);;)`.
fn unused_values(declaration: &VarDecl, tests: &[&Option<Box<Expr>>], body: &Stmt) -> Vec<Ident> {
    let with_effects = (declaration.decls.iter().skip(1))
        .filter(|one| one.init.as_ref().is_some_and(|value| has_effects(value)));
    let mut names: Vec<Ident> = with_effects
        .filter_map(|one| Some(one.name.as_ident()?.id.clone()))
        .collect();
    if names.is_empty() {
        return names;
    }
    let searched: FxHashSet<Id> = names.iter().map(Ident::to_id).collect();
    let mut reads = EarlyReads::of(&searched);
    for part in tests {
        part.visit_with(&mut reads);
    }
    body.visit_with(&mut reads);
    let found: FxHashSet<Id> = reads.found.iter().map(Ident::to_id).collect();
    names.retain(|name| !found.contains(&name.to_id()));
    names
}

/// The names that are read, of some.
struct EarlyReads<'a> {
    names: &'a FxHashSet<Id>,
    found: Vec<Ident>,
}

impl<'a> EarlyReads<'a> {
    fn of(names: &'a FxHashSet<Id>) -> Self {
        let found = Vec::new();
        Self { names, found }
    }
}

impl Visit for EarlyReads<'_> {
    noop_visit_type!();

    fn visit_expr(&mut self, expression: &Expr) {
        match expression {
            Expr::Ident(name) if self.names.contains(&name.to_id()) => self.found.push(name.clone()),
            _ => expression.visit_children_with(self),
        }
    }

    fn visit_assign_target(&mut self, target: &AssignTarget) {
        let assigned = find_pat_ids::<_, Ident>(target).into_iter();
        let early = assigned.filter(|name| self.names.contains(&name.to_id()));
        self.found.extend(early);
        target.visit_children_with(self);
    }
}
