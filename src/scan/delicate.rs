//! Names that a statement with effects uses or declares in such a way that the effect may be one which does not show: a
//! setter, a getter, a conversion, a class whose parent has no value yet.
//!
//! ```js
//! class A { static set s(value) { log(value) } }   A.s = 1
//! const o = { valueOf() { log('o') } }, sum = o + 1
//! ```
//!
//! A compressor that knows what `A`, `o` and `sum` are takes these for nothing. Names that are only passed on, and those of
//! functions that nobody calls, are none of them.

use rustc_hash::FxHashSet;
use swc_core::ecma::ast::{
    AssignExpr, AssignTarget, BinExpr, BinaryOp, CallExpr, Callee, Class, ClassDecl, Decl, Expr,
    ExprOrSpread, ForInStmt, ForOfStmt, Id, MemberExpr, NewExpr, OptCall, Pat, Prop, PropName, PropOrSpread,
    SimpleAssignTarget, SpreadElement, Stmt, TaggedTpl, Tpl, UnaryExpr, UnaryOp, UpdateExpr, VarDeclarator,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::side_effects::Purity;

/// The names of a statement. Of `imported` names it is not known what they are.
pub fn delicate_names(statement: &Stmt, purity: &Purity<'_>, imported: &FxHashSet<Id>) -> FxHashSet<Id> {
    let mut finder = Finder {
        purity,
        imported,
        names: FxHashSet::default(),
    };
    statement.visit_with(&mut finder);
    if let Stmt::Decl(Decl::Var(declaration)) = statement {
        let fragile = declaration
            .decls
            .iter()
            .filter(|declarator| !finder.is_firm_declarator(declarator));
        let fragile: Vec<Id> = fragile
            .flat_map(|declarator| find_pat_ids::<_, Id>(&declarator.name))
            .collect();
        finder.names.extend(fragile);
    }
    finder.names
}

struct Finder<'a> {
    purity: &'a Purity<'a>,
    imported: &'a FxHashSet<Id>,
    names: FxHashSet<Id>,
}

impl Finder<'_> {
    /// The name that an expression asks something of.
    fn root(&mut self, expression: &Expr) {
        match expression {
            Expr::Ident(name) => {
                self.names.insert(name.to_id());
            }
            Expr::Paren(inner) => self.root(&inner.expr),
            Expr::Member(member) => match &*member.obj {
                Expr::Ident(name) if self.imported.contains(&name.to_id()) => {}
                object => self.root(object),
            },
            Expr::Cond(condition) => {
                self.root(&condition.cons);
                self.root(&condition.alt);
            }
            Expr::Bin(binary) => {
                self.root(&binary.left);
                self.root(&binary.right);
            }
            Expr::Assign(assignment) => self.root(&assignment.right),
            Expr::Seq(sequence) => {
                if let Some(last) = sequence.exprs.last() {
                    self.root(last);
                }
            }
            _ => {}
        }
    }

    fn is_firm_declarator(&self, declarator: &VarDeclarator) -> bool {
        declarator.name.is_ident() && declarator.init.as_ref().is_none_or(|value| self.is_firm(value))
    }

    /// Whether everything that can be observed of an expression is a call, so that it is there whoever uses the value.
    fn is_firm(&self, expression: &Expr) -> bool {
        match expression {
            Expr::Call(_) | Expr::New(_) | Expr::Await(_) | Expr::TaggedTpl(_) => true,
            Expr::Paren(inner) => self.is_firm(&inner.expr),
            Expr::Cond(condition) => {
                self.is_firm(&condition.test) && self.is_firm(&condition.cons) && self.is_firm(&condition.alt)
            }
            Expr::Bin(binary) if is_choice(binary.op) => {
                self.is_firm(&binary.left) && self.is_firm(&binary.right)
            }
            Expr::Array(array) => array
                .elems
                .iter()
                .flatten()
                .all(|element| element.spread.is_none() && self.is_firm(&element.expr)),
            Expr::Object(object) => object.props.iter().all(|property| match property {
                PropOrSpread::Prop(property) => match &**property {
                    Prop::KeyValue(pair) => !pair.key.is_computed() && self.is_firm(&pair.value),
                    Prop::Shorthand(name) => self.is_firm(&Expr::Ident(name.clone())),
                    Prop::Method(method) => !method.key.is_computed(),
                    _ => false,
                },
                PropOrSpread::Spread(_) => false,
            }),
            other => !self.purity.expression_has_side_effects(other),
        }
    }
}

/// Whether an operator converts nothing.
fn is_choice(operator: BinaryOp) -> bool {
    matches!(
        operator,
        BinaryOp::LogicalAnd
            | BinaryOp::LogicalOr
            | BinaryOp::NullishCoalescing
            | BinaryOp::EqEqEq
            | BinaryOp::NotEqEq
    )
}

impl Visit for Finder<'_> {
    noop_visit_type!();

    fn visit_expr(&mut self, expression: &Expr) {
        if let Expr::Ident(name) = expression
            && self.purity.expression_has_side_effects(expression)
        {
            self.names.insert(name.to_id());
        }
        expression.visit_children_with(self);
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        if let Callee::Expr(callee) = &call.callee {
            self.root(callee);
        }
        call.visit_children_with(self);
    }

    fn visit_opt_call(&mut self, call: &OptCall) {
        self.root(&call.callee);
        call.visit_children_with(self);
    }

    fn visit_new_expr(&mut self, new: &NewExpr) {
        self.root(&new.callee);
        new.visit_children_with(self);
    }

    fn visit_tagged_tpl(&mut self, tagged: &TaggedTpl) {
        self.root(&tagged.tag);
        tagged.visit_children_with(self);
    }

    fn visit_member_expr(&mut self, member: &MemberExpr) {
        let is_plain = matches!(&*member.obj, Expr::Ident(name) if self.imported.contains(&name.to_id()))
            || self.purity.is_plain_member(member);
        if !is_plain {
            self.root(&member.obj);
        }
        member.visit_children_with(self);
    }

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        match &assignment.left {
            AssignTarget::Simple(SimpleAssignTarget::Ident(name)) => {
                self.names.insert(name.to_id());
            }
            AssignTarget::Simple(SimpleAssignTarget::Member(member)) => self.root(&member.obj),
            AssignTarget::Pat(pattern) => {
                self.names.extend(find_pat_ids::<_, Id>(pattern));
                self.root(&assignment.right);
            }
            AssignTarget::Simple(_) => {}
        }
        assignment.visit_children_with(self);
    }

    fn visit_update_expr(&mut self, update: &UpdateExpr) {
        self.root(&update.arg);
        update.visit_children_with(self);
    }

    fn visit_unary_expr(&mut self, unary: &UnaryExpr) {
        if !matches!(unary.op, UnaryOp::Bang | UnaryOp::Void) {
            self.root(&unary.arg);
        }
        unary.visit_children_with(self);
    }

    fn visit_bin_expr(&mut self, binary: &BinExpr) {
        if !is_choice(binary.op) {
            self.root(&binary.left);
            self.root(&binary.right);
        }
        binary.visit_children_with(self);
    }

    fn visit_tpl(&mut self, template: &Tpl) {
        for part in &template.exprs {
            self.root(part);
        }
        template.visit_children_with(self);
    }

    fn visit_prop_name(&mut self, key: &PropName) {
        if let PropName::Computed(key) = key {
            self.root(&key.expr);
        }
        key.visit_children_with(self);
    }

    fn visit_spread_element(&mut self, spread: &SpreadElement) {
        self.root(&spread.expr);
        spread.visit_children_with(self);
    }

    fn visit_expr_or_spread(&mut self, element: &ExprOrSpread) {
        if element.spread.is_some() {
            self.root(&element.expr);
        }
        element.visit_children_with(self);
    }

    fn visit_var_declarator(&mut self, declarator: &VarDeclarator) {
        if let (Pat::Object(_) | Pat::Array(_), Some(value)) = (&declarator.name, &declarator.init) {
            self.root(value);
        }
        declarator.visit_children_with(self);
    }

    fn visit_for_of_stmt(&mut self, statement: &ForOfStmt) {
        self.root(&statement.right);
        statement.visit_children_with(self);
    }

    fn visit_for_in_stmt(&mut self, statement: &ForInStmt) {
        self.root(&statement.right);
        statement.visit_children_with(self);
    }

    fn visit_class_decl(&mut self, declaration: &ClassDecl) {
        self.names.insert(declaration.ident.to_id());
        declaration.visit_children_with(self);
    }

    fn visit_class(&mut self, class: &Class) {
        if let Some(parent) = &class.super_class {
            self.root(parent);
        }
        class.visit_children_with(self);
    }
}
