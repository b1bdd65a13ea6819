//! Variables that never hold anything but numbers, texts, booleans, `null` and `undefined`, whoever gives them values:
//! operators convert those without running code.
//!
//! ```js
//! let count = 0, last; count++; last = count + 1     // plain
//! let size = 1; size = { valueOf() { log() } }       // not plain: `size++` runs `valueOf`
//! ```
//!
//! All are taken to be plain at first, so that they may be computed of each other; those that are not are taken out until
//! nothing changes.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignTarget, BinaryOp, BindingIdent, CallExpr, CatchClause, ClassDecl, ClassExpr,
    Expr, FnDecl, FnExpr, ForHead, ForInStmt, ForOfStmt, Function, Id, Ident, Lit, ObjectLit, Pat, Prop,
    PropOrSpread, SimpleAssignTarget, Stmt, UnaryOp, UpdateExpr, VarDecl,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::{Purity, without_parentheses};
use crate::scan::named_members::static_member;
use crate::scan::reassigned::{assigned_names, named};

/// What was found.
#[derive(Debug, Default)]
pub struct Plain {
    /// Variables that hold plain values only.
    pub values: FxHashSet<Id>,
    /// Those that hold numbers only, and `undefined` before they are given one.
    pub numbers: FxHashSet<Id>,
    /// Literals all of whose own properties are plain values, where every property that anyone gives them is.
    pub flat: FxHashSet<Id>,
}

/// Looks for them in the statements of a module.
pub fn find_plain<'a>(statements: impl Iterator<Item = &'a Stmt>, purity: &Purity<'_>) -> Plain {
    let mut gathered = Gathered {
        purity,
        values: Table::default(),
        numbers: Table::default(),
        members: Table::default(),
    };
    for statement in statements {
        statement.visit_with(&mut gathered);
    }
    let Gathered {
        mut values,
        mut numbers,
        mut members,
        ..
    } = gathered;
    // A number is taken for a plain value by whoever computes with it.
    values.settle(&|_| false);
    let plain = values.rest();
    numbers.settle(&|id| plain.contains(id));
    members.settle(&|id| plain.contains(id));
    Plain {
        numbers: numbers.rest(),
        flat: members.rest(),
        values: plain,
    }
}

/// Names that may have a property, as far as those do that they depend on.
#[derive(Default)]
struct Table {
    /// What each depends on; nothing where it does not have the property.
    needs: FxHashMap<Id, Option<Vec<Need>>>,
}

/// What something depends on.
#[derive(Clone)]
enum Need {
    /// That this has the property of the table.
    Same(Id),
    /// That this is plain.
    Plain(Id),
}

impl Table {
    fn refuse(&mut self, id: Id) {
        self.needs.insert(id, None);
    }

    fn give(&mut self, id: Id, needs: Option<Vec<Need>>) {
        let known = self.needs.entry(id).or_insert_with(|| Some(Vec::new()));
        match (known.as_mut(), needs) {
            (Some(known), Some(needs)) => known.extend(needs),
            _ => *known = None,
        }
    }

    /// Takes out what does not have the property.
    fn settle(&mut self, is_plain: &dyn Fn(&Id) -> bool) {
        let mut needed_by: FxHashMap<Id, Vec<Id>> = FxHashMap::default();
        let mut refused: Vec<Id> = Vec::new();
        for (id, needs) in &self.needs {
            match needs {
                None => refused.push(id.clone()),
                Some(needs) => {
                    for need in needs {
                        match need {
                            Need::Plain(other) if is_plain(other) => {}
                            Need::Same(other) if self.needs.contains_key(other) => {
                                needed_by.entry(other.clone()).or_default().push(id.clone());
                            }
                            Need::Plain(_) | Need::Same(_) => refused.push(id.clone()),
                        }
                    }
                }
            }
        }
        while let Some(id) = refused.pop() {
            if let Some(needs) = self.needs.get_mut(&id) {
                *needs = None;
            }
            refused.extend(needed_by.remove(&id).into_iter().flatten());
        }
    }

    fn rest(self) -> FxHashSet<Id> {
        let rest = self.needs.into_iter().filter(|(_, needs)| needs.is_some());
        rest.map(|(id, _)| id).collect()
    }
}

struct Gathered<'a> {
    purity: &'a Purity<'a>,
    values: Table,
    numbers: Table,
    /// Properties of declared literals.
    members: Table,
}

impl Gathered<'_> {
    fn refuse(&mut self, ids: impl IntoIterator<Item = Id>) {
        for id in ids {
            self.values.refuse(id.clone());
            self.numbers.refuse(id);
        }
    }

    /// A variable is given a value.
    fn value(&mut self, id: Id, value: &Expr) {
        let mut plain = Vec::new();
        let is_plain = self.gives_plain(value, &mut plain);
        let needs = plain.into_iter().map(Need::Same).collect();
        self.values.give(id.clone(), is_plain.then_some(needs));
        self.number(id, value);
    }

    fn number(&mut self, id: Id, value: &Expr) {
        let mut needs = Vec::new();
        let is_number = self.gives_number(value, &mut needs);
        self.numbers.give(id, is_number.then_some(needs));
    }

    fn assigned(&mut self, id: Id, assignment: &AssignExpr) {
        match assignment.op {
            AssignOp::Assign | AssignOp::AndAssign | AssignOp::OrAssign | AssignOp::NullishAssign => {
                self.value(id, &assignment.right);
            }
            // A sum with a plain value is a number or a text, or there is none.
            AssignOp::AddAssign => {
                self.values.give(id.clone(), Some(Vec::new()));
                self.number(id, &assignment.right);
            }
            _ => self.computed(id),
        }
    }

    /// What is computed of a plain value and does not fail is a number.
    fn computed(&mut self, id: Id) {
        self.values.give(id.clone(), Some(Vec::new()));
        self.numbers.give(id, Some(Vec::new()));
    }

    fn property(&mut self, object: Id, value: &Expr) {
        let mut plain = Vec::new();
        let is_plain = self.gives_plain(value, &mut plain);
        let needs = plain.into_iter().map(Need::Plain).collect();
        self.members.give(object, is_plain.then_some(needs));
    }

    /// `list.push(1)`: what methods of lists give them.
    fn elements(&mut self, call: &CallExpr) {
        let Some(member) = call.callee.as_expr().and_then(|callee| callee.as_member()) else {
            return;
        };
        let (Some(list), Some(method)) = (named(&member.obj), static_member(&member.prop)) else {
            return;
        };
        let first = match &*method {
            "push" | "unshift" | "fill" => 0,
            "splice" => 2,
            _ => return,
        };
        for element in call.args.iter().skip(first) {
            if element.spread.is_some() {
                self.members.refuse(list.clone());
            } else {
                self.property(list.clone(), &element.expr);
            }
        }
    }

    fn literal(&mut self, id: &Id, object: &ObjectLit) {
        self.members.give(id.clone(), Some(Vec::new()));
        for property in &object.props {
            match property {
                PropOrSpread::Prop(property) if let Prop::KeyValue(pair) = &**property => {
                    self.property(id.clone(), &pair.value);
                }
                _ => self.members.refuse(id.clone()),
            }
        }
    }

    /// Whether the value of an expression, if it has one, is plain, as far as these variables are.
    fn gives_plain(&self, value: &Expr, variables: &mut Vec<Id>) -> bool {
        match without_parentheses(value) {
            Expr::Tpl(_) => true,
            Expr::Ident(name) if name.ctxt != self.purity.unresolved() => {
                variables.push(name.to_id());
                true
            }
            Expr::Unary(unary) => match unary.op {
                UnaryOp::Minus | UnaryOp::Tilde => self.gives_plain(&unary.arg, variables),
                _ => true,
            },
            Expr::Bin(binary) => match binary.op {
                BinaryOp::EqEq
                | BinaryOp::NotEq
                | BinaryOp::EqEqEq
                | BinaryOp::NotEqEq
                | BinaryOp::Lt
                | BinaryOp::LtEq
                | BinaryOp::Gt
                | BinaryOp::GtEq
                | BinaryOp::In
                | BinaryOp::InstanceOf => true,
                // Both could be big integers.
                _ => self.gives_plain(&binary.left, variables) && self.gives_plain(&binary.right, variables),
            },
            Expr::Cond(condition) => {
                self.gives_plain(&condition.cons, variables) && self.gives_plain(&condition.alt, variables)
            }
            Expr::Seq(sequence) => {
                let last = sequence.exprs.last();
                last.is_some_and(|last| self.gives_plain(last, variables))
            }
            Expr::Assign(assignment) => {
                assignment.op == AssignOp::Assign && self.gives_plain(&assignment.right, variables)
            }
            Expr::Update(update) => self.gives_plain(&update.arg, variables),
            other => self.purity.is_plain_value(other),
        }
    }

    fn gives_number(&self, value: &Expr, needs: &mut Vec<Need>) -> bool {
        let plain = |operands: &[&Expr], needs: &mut Vec<Need>| {
            let mut variables = Vec::new();
            let are_plain = operands
                .iter()
                .all(|operand| self.gives_plain(operand, &mut variables));
            needs.extend(variables.into_iter().map(Need::Plain));
            are_plain
        };
        match without_parentheses(value) {
            Expr::Lit(Lit::Num(_)) => true,
            Expr::Ident(name) if name.ctxt != self.purity.unresolved() => {
                needs.push(Need::Same(name.to_id()));
                true
            }
            Expr::Unary(unary) => match unary.op {
                UnaryOp::Plus => true,
                UnaryOp::Minus | UnaryOp::Tilde => plain(&[&unary.arg], needs),
                _ => false,
            },
            Expr::Bin(binary) => match binary.op {
                BinaryOp::Add => {
                    self.gives_number(&binary.left, needs) && self.gives_number(&binary.right, needs)
                }
                BinaryOp::Sub
                | BinaryOp::Mul
                | BinaryOp::Div
                | BinaryOp::Mod
                | BinaryOp::Exp
                | BinaryOp::LShift
                | BinaryOp::RShift
                | BinaryOp::BitAnd
                | BinaryOp::BitOr
                | BinaryOp::BitXor => plain(&[&binary.left, &binary.right], needs),
                // Big integers have no such shift.
                BinaryOp::ZeroFillRShift => true,
                _ => false,
            },
            Expr::Update(update) => plain(&[&update.arg], needs),
            Expr::Member(member) => self.purity.is_known_length(member),
            _ => false,
        }
    }
}

impl Visit for Gathered<'_> {
    noop_visit_type!();

    fn visit_var_decl(&mut self, declaration: &VarDecl) {
        for declarator in &declaration.decls {
            match (&declarator.name, declarator.init.as_deref()) {
                (Pat::Ident(name), Some(value)) => {
                    let id = name.to_id();
                    if let Expr::Object(object) = without_parentheses(value) {
                        self.literal(&id, object);
                    }
                    if let Expr::Array(array) = without_parentheses(value) {
                        self.members.give(id.clone(), Some(Vec::new()));
                        for element in array.elems.iter().flatten() {
                            if element.spread.is_some() {
                                self.members.refuse(id.clone());
                            } else {
                                self.property(id.clone(), &element.expr);
                            }
                        }
                    }
                    self.value(id, value);
                }
                // What a loop gives it is said by the loop.
                (Pat::Ident(name), None) => {
                    self.values.give(name.to_id(), Some(Vec::new()));
                    self.numbers.give(name.to_id(), Some(Vec::new()));
                }
                (pattern, _) => self.refuse(find_pat_ids::<_, Id>(pattern)),
            }
        }
        declaration.visit_children_with(self);
    }

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        match &assignment.left {
            AssignTarget::Simple(SimpleAssignTarget::Ident(name)) => self.assigned(name.to_id(), assignment),
            AssignTarget::Simple(SimpleAssignTarget::Member(member)) => {
                if let Some(object) = named(&member.obj) {
                    match assignment.op {
                        AssignOp::Assign
                        | AssignOp::AndAssign
                        | AssignOp::OrAssign
                        | AssignOp::NullishAssign => self.property(object, &assignment.right),
                        _ => self.members.give(object, Some(Vec::new())),
                    }
                }
            }
            target => self.refuse(assigned_names(target)),
        }
        assignment.visit_children_with(self);
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        self.elements(call);
        call.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        if let Some(id) = named(&update.arg) {
            self.computed(id);
        }
        update.visit_children_with(self);
    }

    /// `[(name)] = list`, and members of literals that a pattern gives values.
    fn visit_pat(&mut self, pattern: &Pat) {
        if let Pat::Expr(target) = pattern {
            self.refuse(named(target));
            if let Expr::Member(member) = without_parentheses(target)
                && let Some(object) = named(&member.obj)
            {
                self.members.refuse(object);
            }
        }
        pattern.visit_children_with(self);
    }

    fn visit_for_in_stmt(&mut self, statement: &ForInStmt) {
        self.loop_head(&statement.left, None);
        statement.visit_children_with(self);
    }

    fn visit_for_of_stmt(&mut self, statement: &ForOfStmt) {
        self.loop_head(&statement.left, Some(&statement.right));
        statement.visit_children_with(self);
    }

    fn visit_function(&mut self, function: &Function) {
        for parameter in &function.params {
            self.refuse(find_pat_ids::<_, Id>(&parameter.pat));
        }
        function.visit_children_with(self);
    }

    fn visit_arrow_expr(&mut self, arrow: &swc_core::ecma::ast::ArrowExpr) {
        for parameter in &arrow.params {
            self.refuse(find_pat_ids::<_, Id>(parameter));
        }
        arrow.visit_children_with(self);
    }

    fn visit_constructor(&mut self, constructor: &swc_core::ecma::ast::Constructor) {
        for parameter in &constructor.params {
            if let Some(parameter) = parameter.as_param() {
                self.refuse(find_pat_ids::<_, Id>(&parameter.pat));
            }
        }
        constructor.visit_children_with(self);
    }

    fn visit_catch_clause(&mut self, clause: &CatchClause) {
        if let Some(parameter) = &clause.param {
            self.refuse(find_pat_ids::<_, Id>(parameter));
        }
        clause.visit_children_with(self);
    }

    fn visit_fn_decl(&mut self, declaration: &FnDecl) {
        self.refuse([declaration.ident.to_id()]);
        declaration.visit_children_with(self);
    }

    fn visit_fn_expr(&mut self, function: &FnExpr) {
        self.refuse(function.ident.as_ref().map(Ident::to_id));
        function.visit_children_with(self);
    }

    fn visit_class_decl(&mut self, declaration: &ClassDecl) {
        self.refuse([declaration.ident.to_id()]);
        declaration.visit_children_with(self);
    }

    fn visit_class_expr(&mut self, class: &ClassExpr) {
        self.refuse(class.ident.as_ref().map(Ident::to_id));
        class.visit_children_with(self);
    }
}

impl Gathered<'_> {
    /// What a loop gives its variable: texts, or the elements of a list.
    fn loop_head(&mut self, head: &ForHead, elements: Option<&Expr>) {
        let name = match head {
            ForHead::VarDecl(declaration) => match declaration.decls.as_slice() {
                [declarator] => declarator.name.as_ident().map(BindingIdent::to_id),
                _ => None,
            },
            ForHead::Pat(pattern) => pattern.as_ident().map(BindingIdent::to_id),
            ForHead::UsingDecl(_) => None,
        };
        let Some(id) = name else {
            let ids: Vec<Id> = match head {
                ForHead::VarDecl(declaration) => find_pat_ids(&declaration.decls),
                ForHead::Pat(pattern) => find_pat_ids(pattern),
                ForHead::UsingDecl(declaration) => find_pat_ids(&declaration.decls),
            };
            return self.refuse(ids);
        };
        match elements.map(without_parentheses) {
            None => {
                self.values.give(id.clone(), Some(Vec::new()));
                self.numbers.refuse(id);
            }
            Some(Expr::Array(array))
                if array
                    .elems
                    .iter()
                    .all(|element| element.as_ref().is_some_and(|element| element.spread.is_none())) =>
            {
                for element in array.elems.iter().flatten() {
                    self.value(id.clone(), &element.expr);
                }
            }
            Some(_) => self.refuse([id]),
        }
    }
}
