//! Parameters of functions at the top of a module that decide something, and what calls give for them:
//!
//! ```js
//! function read(text, options) { return options ? withOptions(text, options) : text }
//! read('a'), read('b')            // `options` is never given
//! ```

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use swc_core::common::{GLOBALS, Mark, SyntaxContext};
use swc_core::ecma::ast::{
    AssignExpr, BinExpr, BinaryOp, CallExpr, Callee, CondExpr, Decl, Expr, ForHead, Function, Id, Ident,
    IfStmt, Pat, Stmt, SwitchStmt, UpdateExpr, VarDeclarator,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::dead_branch::constant_value;
use super::normalize::NormalizedModule;
use super::side_effects::without_parentheses;
use crate::graph::{Constant, Parameter, StatementId, SyntaxTree};

/// Notes the parameters.
pub fn note(module: &mut NormalizedModule, reassigned: &FxHashSet<Id>, unresolved_mark: Mark) {
    let unresolved = SyntaxContext::empty().apply_mark(unresolved_mark);
    let mut found = Vec::new();
    for statement in &module.statements {
        let Some((id, patterns)) = function_of(statement) else {
            continue;
        };
        let Some(local) = module.symbol_of.get(&id) else {
            continue;
        };
        if patterns.is_empty() || reassigned.contains(&id) || module.symbols[*local].declared_by.len() != 1 {
            continue;
        }
        let parameters = patterns.iter().enumerate().filter_map(|(index, pattern)| {
            let (name, default) = match pattern {
                Pat::Ident(name) => (name, Some(Constant::Undefined)),
                Pat::Assign(assignment) => (
                    assignment.left.as_ident()?,
                    constant_value(&assignment.right, unresolved),
                ),
                _ => return None,
            };
            Some(Parameter {
                index,
                id: name.to_id(),
                default,
                is_assigned: false,
            })
        });
        let mut parameters: Vec<Parameter> = parameters.collect();
        let mut uses = Uses {
            ids: parameters.iter().map(|parameter| parameter.id.clone()).collect(),
            decide: FxHashSet::default(),
            assigned: FxHashSet::default(),
            condition_depth: 0,
        };
        statement.visit_with(&mut uses);
        for parameter in &mut parameters {
            parameter.is_assigned = uses.assigned.contains(&parameter.id);
        }
        parameters.retain(|parameter| parameter.is_assigned || uses.decide.contains(&parameter.id));
        if !parameters.is_empty() {
            found.push((*local, parameters));
        }
    }
    for (local, parameters) in found {
        module.symbols[local].parameters = parameters;
    }
}

/// The function that a statement declares.
fn function_of(statement: &Stmt) -> Option<(Id, Vec<&Pat>)> {
    let of_function = |function: &Function| !function.params.is_empty();
    match statement {
        Stmt::Decl(Decl::Fn(declaration)) if of_function(&declaration.function) => Some((
            declaration.ident.to_id(),
            declaration
                .function
                .params
                .iter()
                .map(|parameter| &parameter.pat)
                .collect(),
        )),
        Stmt::Decl(Decl::Var(declaration)) => {
            let [declarator] = declaration.decls.as_slice() else {
                return None;
            };
            let name = declarator.name.as_ident()?;
            match without_parentheses(declarator.init.as_deref()?) {
                Expr::Arrow(arrow) => Some((name.to_id(), arrow.params.iter().collect())),
                // A function that has a name may call itself by it.
                Expr::Fn(function) if function.ident.is_none() => Some((
                    name.to_id(),
                    function
                        .function
                        .params
                        .iter()
                        .map(|parameter| &parameter.pat)
                        .collect(),
                )),
                _ => None,
            }
        }
        _ => None,
    }
}

/// What a function does with its parameters.
struct Uses {
    ids: FxHashSet<Id>,
    decide: FxHashSet<Id>,
    assigned: FxHashSet<Id>,
    condition_depth: usize,
}

impl Uses {
    fn condition(&mut self, condition: &Expr) {
        self.condition_depth += 1;
        condition.visit_with(self);
        self.condition_depth -= 1;
    }

    fn assign(&mut self, pattern: &Pat) {
        self.assigned.extend(find_pat_ids::<_, Id>(pattern));
    }

    fn assign_expression(&mut self, target: &Expr) {
        if let Expr::Ident(name) = without_parentheses(target) {
            self.assigned.insert(name.to_id());
        }
    }
}

impl Visit for Uses {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        if self.condition_depth > 0 {
            let id = ident.to_id();
            if self.ids.contains(&id) {
                self.decide.insert(id);
            }
        }
    }

    fn visit_if_stmt(&mut self, statement: &IfStmt) {
        self.condition(&statement.test);
        statement.cons.visit_with(self);
        statement.alt.visit_with(self);
    }

    fn visit_switch_stmt(&mut self, statement: &SwitchStmt) {
        self.condition(&statement.discriminant);
        statement.cases.visit_with(self);
    }

    fn visit_cond_expr(&mut self, condition: &CondExpr) {
        self.condition(&condition.test);
        condition.cons.visit_with(self);
        condition.alt.visit_with(self);
    }

    fn visit_bin_expr(&mut self, binary: &BinExpr) {
        if matches!(
            binary.op,
            BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing
        ) {
            self.condition(&binary.left);
            binary.right.visit_with(self);
        } else {
            binary.visit_children_with(self);
        }
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        let depth = std::mem::take(&mut self.condition_depth);
        call.visit_children_with(self);
        self.condition_depth = depth;
        if !call.callee.as_expr().is_some_and(|callee| callee.is_ident()) {
            return;
        }
        // What another function is given may decide there.
        for argument in &call.args {
            if let Some(name) = argument.expr.as_ident() {
                let id = name.to_id();
                if self.ids.contains(&id) {
                    self.decide.insert(id);
                }
            }
        }
    }

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        self.assigned.extend(find_pat_ids::<_, Id>(&assignment.left));
        if let Some(target) = assignment.left.as_simple().and_then(|target| target.as_paren()) {
            self.assign_expression(&target.expr);
        }
        assignment.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        self.assign_expression(&update.arg);
        update.visit_children_with(self);
    }

    fn visit_pat(&mut self, pattern: &Pat) {
        if let Pat::Expr(target) = pattern {
            self.assign_expression(target);
        }
        pattern.visit_children_with(self);
    }

    fn visit_for_head(&mut self, head: &ForHead) {
        if let ForHead::Pat(pattern) = head {
            self.assign(pattern);
        }
        head.visit_children_with(self);
    }

    /// `function parameter() {}`
    fn visit_decl(&mut self, declaration: &Decl) {
        if let Decl::Fn(function) = declaration {
            self.assigned.insert(function.ident.to_id());
        }
        declaration.visit_children_with(self);
    }

    /// `var parameter = value`
    fn visit_var_declarator(&mut self, declarator: &VarDeclarator) {
        self.assign(&declarator.name);
        declarator.visit_children_with(self);
    }
}

/// What a call gives a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Argument {
    /// Always the same.
    Constant(Constant),
    /// What a name is, which may be that of a parameter.
    Name(#[serde(with = "crate::graph::kept_form::id")] Id),
    /// Anything.
    Unknown,
}

/// What one statement does with a function.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The arguments of its calls.
    pub calls: Vec<Vec<Argument>>,
    /// Whether it does more with it than calling it.
    pub is_value: bool,
}

/// Looks for calls of the functions that are asked for by name.
pub fn given(
    tree: &SyntaxTree,
    statement: StatementId,
    is_asked: &dyn Fn(&Id) -> bool,
) -> FxHashMap<Id, Given> {
    let mut calls = Calls {
        is_asked,
        unresolved: GLOBALS.set(&tree.globals, || {
            SyntaxContext::empty().apply_mark(tree.unresolved_mark)
        }),
        given: FxHashMap::default(),
    };
    tree.statements[statement].visit_with(&mut calls);
    calls.given
}

struct Calls<'a> {
    is_asked: &'a dyn Fn(&Id) -> bool,
    unresolved: SyntaxContext,
    given: FxHashMap<Id, Given>,
}

impl Calls<'_> {
    fn argument(&self, value: &Expr) -> Argument {
        match constant_value(value, self.unresolved) {
            Some(constant) => Argument::Constant(constant),
            None => match without_parentheses(value) {
                Expr::Ident(name) => Argument::Name(name.to_id()),
                _ => Argument::Unknown,
            },
        }
    }
}

impl Visit for Calls<'_> {
    noop_visit_type!();

    fn visit_ident(&mut self, ident: &Ident) {
        let id = ident.to_id();
        if (self.is_asked)(&id) {
            self.given.entry(id).or_default().is_value = true;
        }
    }

    fn visit_decl(&mut self, declaration: &Decl) {
        match declaration {
            Decl::Fn(declaration) => declaration.function.visit_with(self),
            other => other.visit_children_with(self),
        }
    }

    fn visit_var_declarator(&mut self, declarator: &VarDeclarator) {
        if !declarator.name.is_ident() {
            declarator.name.visit_with(self);
        }
        declarator.init.visit_with(self);
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        if let Callee::Expr(callee) = &call.callee
            && let Expr::Ident(name) = without_parentheses(callee)
            && (self.is_asked)(&name.to_id())
        {
            let arguments = call.args.iter();
            let arguments = arguments.map(|argument| self.argument(&argument.expr)).collect();
            let given = self.given.entry(name.to_id()).or_default();
            given.is_value |= call.args.iter().any(|argument| argument.spread.is_some());
            given.calls.push(arguments);
        } else {
            call.callee.visit_with(self);
        }
        call.args.visit_with(self);
    }
}
