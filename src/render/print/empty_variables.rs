//! Variables that begin without a value and get others without `=`:
//!
//! ```js
//! let best; const isFirst = best === undefined; best ??= first; show(isFirst)
//! ```
//!
//! The compressor does not count `??=`, `++` and the heads of loops as assignments to them, and puts what asks for the first
//! value behind these. While it works, such a variable is set by a function that does not exist.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::common::SyntaxContext;
use swc_core::ecma::ast::{
    ArrowExpr, AssignExpr, AssignOp, BindingIdent, DoWhileStmt, Expr, FnDecl, ForHead, ForInStmt, ForOfStmt,
    ForStmt, Function, Id, Ident, Module, Pat, UpdateExpr, VarDecl, VarDeclKind, WhileStmt,
};
use swc_core::ecma::visit::{
    Visit, VisitMut, VisitMutWith as _, VisitWith, noop_visit_mut_type, noop_visit_type,
};

use super::NameMarks;
use super::loop_variables::reset;

/// Sets such variables, which [`super::loop_variables::unguard`] takes back; whether there are any.
pub fn guard(module: &mut Module, marks: NameMarks) -> bool {
    let mut finder = Finder::default();
    module.visit_with(&mut finder);
    let names = finder.found();
    if names.is_empty() {
        return false;
    }
    module.visit_mut_with(&mut Guard {
        names,
        context: SyntaxContext::empty().apply_mark(marks.unresolved),
    });
    true
}

#[derive(Default)]
struct Finder {
    /// Variables that are declared without a value, and how many declared functions are around.
    empty: FxHashMap<Id, usize>,
    /// Those of them that are `var`.
    functions_own: FxHashSet<Id>,
    /// Names that get values without `=`.
    stepped: FxHashSet<Id>,
    /// Names that get values in other ways, or have them when they are declared.
    others: FxHashSet<Id>,
    /// Names so far, and how many declared functions are around at most.
    mentioned: FxHashMap<Id, usize>,
    declared_functions: usize,
    loops: usize,
}

impl Finder {
    fn found(self) -> FxHashSet<Id> {
        let is_hoisted = |name: &Id, depth: usize| {
            self.functions_own.contains(name) && self.mentioned.get(name).is_some_and(|most| *most > depth)
        };
        let names = self.empty.iter().filter(|(name, depth)| {
            self.stepped.contains(name) && !self.others.contains(name) && !is_hoisted(name, **depth)
        });
        names.map(|(name, _)| name.clone()).collect()
    }

    fn mention(&mut self, name: Id) {
        let most = self.mentioned.entry(name).or_default();
        *most = self.declared_functions.max(*most);
    }

    fn in_loop<N: VisitWith<Self>>(&mut self, node: &N) {
        self.loops += 1;
        node.visit_children_with(self);
        self.loops -= 1;
    }

    fn in_function<N: VisitWith<Self>>(&mut self, node: &N) {
        let around = std::mem::take(&mut self.loops);
        node.visit_children_with(self);
        self.loops = around;
    }
}

impl Visit for Finder {
    noop_visit_type!();

    fn visit_ident(&mut self, name: &Ident) {
        self.mention(name.to_id());
    }

    fn visit_binding_ident(&mut self, name: &BindingIdent) {
        self.mention(name.to_id());
        self.others.insert(name.to_id());
    }

    fn visit_var_decl(&mut self, declaration: &VarDecl) {
        for declarator in &declaration.decls {
            match &declarator.name {
                Pat::Ident(name) if declarator.init.is_none() => {
                    let name = name.to_id();
                    if declaration.kind == VarDeclKind::Var {
                        // It may have a value already.
                        if self.loops > 0 || self.mentioned.contains_key(&name) {
                            self.others.insert(name.clone());
                        }
                        self.functions_own.insert(name.clone());
                    }
                    self.mention(name.clone());
                    self.empty.insert(name, self.declared_functions);
                }
                _ => declarator.visit_children_with(self),
            }
        }
    }

    fn visit_for_head(&mut self, head: &ForHead) {
        match head {
            ForHead::VarDecl(declaration) => {
                for declarator in &declaration.decls {
                    declarator.visit_children_with(self);
                }
            }
            ForHead::Pat(pattern) if pattern.is_ident() => {
                if let Pat::Ident(name) = &**pattern {
                    self.mention(name.to_id());
                    self.stepped.insert(name.to_id());
                }
            }
            _ => head.visit_children_with(self),
        }
    }

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        if let Some(name) = assignment.left.as_ident() {
            self.mention(name.to_id());
            let assigned = match assignment.op {
                AssignOp::Assign => &mut self.others,
                _ => &mut self.stepped,
            };
            assigned.insert(name.to_id());
        } else {
            assignment.left.visit_with(self);
        }
        assignment.right.visit_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        if let Expr::Ident(name) = &*update.arg {
            self.stepped.insert(name.to_id());
        }
        update.visit_children_with(self);
    }

    fn visit_fn_decl(&mut self, declaration: &FnDecl) {
        self.others.insert(declaration.ident.to_id());
        self.declared_functions += 1;
        declaration.function.visit_with(self);
        self.declared_functions -= 1;
    }

    fn visit_function(&mut self, function: &Function) {
        self.in_function(function);
    }

    fn visit_arrow_expr(&mut self, function: &ArrowExpr) {
        self.in_function(function);
    }

    fn visit_for_stmt(&mut self, statement: &ForStmt) {
        self.in_loop(statement);
    }

    fn visit_for_in_stmt(&mut self, statement: &ForInStmt) {
        self.in_loop(statement);
    }

    fn visit_for_of_stmt(&mut self, statement: &ForOfStmt) {
        self.in_loop(statement);
    }

    fn visit_while_stmt(&mut self, statement: &WhileStmt) {
        self.in_loop(statement);
    }

    fn visit_do_while_stmt(&mut self, statement: &DoWhileStmt) {
        self.in_loop(statement);
    }
}

struct Guard {
    names: FxHashSet<Id>,
    context: SyntaxContext,
}

impl VisitMut for Guard {
    noop_visit_mut_type!();

    /// Its variables have the values of the loop.
    fn visit_mut_for_head(&mut self, head: &mut ForHead) {
        if !head.is_var_decl() {
            head.visit_mut_children_with(self);
        }
    }

    fn visit_mut_var_decl(&mut self, declaration: &mut VarDecl) {
        for declarator in &mut declaration.decls {
            if let Pat::Ident(name) = &declarator.name
                && declarator.init.is_none()
                && self.names.contains(&name.to_id())
            {
                declarator.init = Some(Box::new(reset(self.context)));
            }
            declarator.visit_mut_children_with(self);
        }
    }
}
