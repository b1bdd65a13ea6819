//! Variables that are one value until a function of their module gives them another:
//!
//! ```js
//! let listener = null
//! export function listen(callback) { listener = callback }
//! export function tell(text) { if (listener) listener(text) }
//! ```
//!
//! In a bundle without `listen`, `listener` is `null` for ever.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::common::{Mark, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, AssignExpr, Constructor, Decl, ForHead, Function, Id, Pat, Stmt, UpdateExpr,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::dead_branch::constant_value;
use super::normalize::NormalizedModule;
use super::reassigned::{assigned_names, named, names_in_head};
use crate::graph::{Constant, ExportTarget, LocalId, StatementId, UntilSet};

/// Notes them.
pub fn note(module: &mut NormalizedModule, unresolved_mark: Mark) {
    let unresolved = SyntaxContext::empty().apply_mark(unresolved_mark);
    let mut setters = Setters::default();
    for (statement, node) in module.statements.iter_enumerated() {
        setters.statement = Some(statement);
        node.visit_with(&mut setters);
    }
    let mut found: Vec<(LocalId, UntilSet)> = Vec::new();
    for (statement, node) in module.statements.iter_enumerated() {
        let Some((id, value)) = declared(node, unresolved) else {
            continue;
        };
        if setters.elsewhere.contains(&id) {
            continue;
        }
        if let Some(set_in) = setters.in_functions.remove(&id)
            && let Some(local) = module.symbol_of.get(&id)
            && module.symbols[*local].declared_by == [statement]
        {
            found.push((*local, UntilSet { value, set_in }));
        }
    }
    for symbol in &mut module.symbols {
        symbol.until_set = None;
    }
    for (local, until_set) in found {
        module.symbols[local].until_set = Some(Box::new(until_set));
    }
}

/// Forgets those that conditions of this module do not ask for, and no other module can.
pub fn keep_deciding(module: &mut NormalizedModule, deciding: &FxHashSet<LocalId>) {
    let exported: FxHashSet<LocalId> = module
        .exports
        .iter()
        .filter_map(|export| match export.target {
            ExportTarget::Local(local) => Some(local),
            ExportTarget::Reexport(..) => None,
        })
        .collect();
    for (local, symbol) in module.symbols.iter_mut_enumerated() {
        if !deciding.contains(&local) && !exported.contains(&local) {
            symbol.until_set = None;
            symbol.members_until_set = None;
        }
    }
}

/// The variable that a statement declares, and the constant that it is then.
fn declared(statement: &Stmt, unresolved: SyntaxContext) -> Option<(Id, Constant)> {
    let Stmt::Decl(Decl::Var(declaration)) = statement else {
        return None;
    };
    let [declarator] = declaration.decls.as_slice() else {
        return None;
    };
    let Pat::Ident(name) = &declarator.name else {
        return None;
    };
    let value = match &declarator.init {
        Some(value) => constant_value(value, unresolved)?,
        None => Constant::Undefined,
    };
    Some((name.to_id(), value))
}

/// Finds assignments.
#[derive(Default)]
struct Setters {
    /// The statement that is looked at.
    statement: Option<StatementId>,
    function_depth: usize,
    in_functions: FxHashMap<Id, Vec<StatementId>>,
    elsewhere: FxHashSet<Id>,
}

impl Setters {
    fn note_all(&mut self, ids: impl IntoIterator<Item = Id>) {
        for id in ids {
            self.note(id);
        }
    }

    fn note(&mut self, id: Id) {
        match self.statement {
            Some(statement) if self.function_depth > 0 => {
                let set_in = self.in_functions.entry(id).or_default();
                if set_in.last() != Some(&statement) {
                    set_in.push(statement);
                }
            }
            _ => {
                self.elsewhere.insert(id);
            }
        }
    }

    fn inside(&mut self, node: &impl VisitWith<Self>) {
        self.function_depth += 1;
        node.visit_children_with(self);
        self.function_depth -= 1;
    }
}

impl Visit for Setters {
    noop_visit_type!();

    fn visit_function(&mut self, function: &Function) {
        self.inside(function);
    }

    fn visit_constructor(&mut self, constructor: &Constructor) {
        self.inside(constructor);
    }

    fn visit_arrow_expr(&mut self, arrow: &ArrowExpr) {
        self.inside(arrow);
    }

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        self.note_all(assigned_names(&assignment.left));
        assignment.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        self.note_all(named(&update.arg));
        update.visit_children_with(self);
    }

    /// `[(name)] = list`
    fn visit_pat(&mut self, pattern: &Pat) {
        if let Pat::Expr(target) = pattern {
            self.note_all(named(target));
        }
        pattern.visit_children_with(self);
    }

    fn visit_for_head(&mut self, head: &ForHead) {
        self.note_all(names_in_head(head));
        head.visit_children_with(self);
    }
}
