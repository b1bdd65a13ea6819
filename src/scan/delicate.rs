//! Names that a statement with effects uses or declares in such a way that the effect may be one which does not show: a
//! setter, a class whose parent has no value yet.
//!
//! ```js
//! class A { static set s(value) { log(value) } }   A.s = 1
//! ```
//!
//! A compressor that knows what `A` is takes this for nothing. Names that are only passed on, read or converted, and those of
//! functions that nobody calls, are none of them.
//!
//! A function that is called may be put in place of the call, and what it does with its parameters is then done with the
//! arguments, as converting them: `convert({ valueOf() { log('o') } })`. Where those are literals that convert without running
//! code, only what the function does with other names matters, which its module knows.

use rustc_hash::FxHashSet;
use swc_core::ecma::ast::{
    AssignExpr, AssignTarget, BinExpr, BinaryOp, CallExpr, Callee, Class, ClassDecl, Decl, Expr,
    ExprOrSpread, ForInStmt, ForOfStmt, Function, Id, MemberExpr, NewExpr, OptCall, Pat, Prop, PropName,
    PropOrSpread, SimpleAssignTarget, SpreadElement, Stmt, TaggedTpl, Tpl, UnaryExpr, UnaryOp, UpdateExpr,
    VarDeclarator,
};
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::side_effects::{Purity, without_parentheses};

/// Names of a statement.
#[derive(Debug, Default)]
pub struct Delicate {
    /// Effects of the statement hang on what these are.
    pub names: FxHashSet<Id>,
    /// These are called with nothing but literals.
    pub called: FxHashSet<Id>,
}

/// The names of a statement. Of `imported` names it is not known what they are.
pub fn delicate_names(statement: &Stmt, purity: &Purity<'_>, imported: &FxHashSet<Id>) -> Delicate {
    let mut finder = Finder {
        purity: Some(purity),
        is_imported: &|id| imported.contains(id),
        code: Code::Standing,
        output: Delicate::default(),
    };
    statement.visit_with(&mut finder);
    finder.output
}

/// Whether a statement declares `name` as a function that does nothing with names from outside (`is_outer`) but call them,
/// pass them on and compare them, so that it does the same in any other place.
pub fn declares_robust_function(
    statement: &Stmt,
    name: &Id,
    is_imported: &dyn Fn(&Id) -> bool,
    is_outer: &dyn Fn(&Id) -> bool,
) -> bool {
    let mut finder = Finder {
        purity: None,
        is_imported,
        code: Code::Moved,
        output: Delicate::default(),
    };
    match statement {
        Stmt::Decl(Decl::Fn(declaration)) if is_simple(&declaration.function) => {
            declaration.function.visit_with(&mut finder);
        }
        Stmt::Decl(Decl::Var(declaration)) => {
            let value = declaration
                .decls
                .iter()
                .find(|declarator| declarator.name.as_ident().is_some_and(|own| own.to_id() == *name))
                .and_then(|declarator| declarator.init.as_deref());
            match value.map(without_parentheses) {
                Some(Expr::Fn(function)) if is_simple(&function.function) => {
                    function.function.visit_with(&mut finder);
                }
                Some(Expr::Arrow(arrow)) if !arrow.is_async => arrow.visit_with(&mut finder),
                _ => return false,
            }
        }
        _ => return false,
    }
    !finder.output.names.iter().any(is_outer)
}

fn is_simple(function: &Function) -> bool {
    !function.is_async && !function.is_generator
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Code {
    /// Where it is: the compressor knows that operators and reading properties may run code.
    Standing,
    /// Where it may be moved, to what its parameters are then. Calls do the same there.
    Moved,
}

struct Finder<'a> {
    /// Nothing where only names matter.
    purity: Option<&'a Purity<'a>>,
    /// Of imports it is not known what they are.
    is_imported: &'a dyn Fn(&Id) -> bool,
    code: Code,
    output: Delicate,
}

impl Finder<'_> {
    /// Something that an operator converts, or of which a property is read.
    fn operand(&mut self, expression: &Expr) {
        if self.code == Code::Moved {
            self.root(expression);
        }
    }

    fn has_side_effects(&self, expression: &Expr) -> bool {
        self.purity
            .is_none_or(|purity| purity.expression_has_side_effects(expression))
    }

    fn global_name<'e>(&self, expression: &'e Expr) -> Option<&'e str> {
        self.purity.and_then(|purity| purity.global_name(expression))
    }

    /// The name that an expression asks something of.
    fn root(&mut self, expression: &Expr) {
        match expression {
            Expr::Ident(name) => {
                self.output.names.insert(name.to_id());
            }
            Expr::Paren(inner) => self.root(&inner.expr),
            Expr::Member(member) => match &*member.obj {
                Expr::Ident(name) if (self.is_imported)(&name.to_id()) => {}
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

impl Finder<'_> {
    /// Whether a value is written out, so that no operator and no reader of its properties runs code.
    fn is_literal(&self, expression: &Expr) -> bool {
        match without_parentheses(expression) {
            Expr::Lit(_) | Expr::Fn(_) | Expr::Arrow(_) => true,
            Expr::Ident(_) => self.global_name(expression).is_some() && !self.has_side_effects(expression),
            Expr::Tpl(template) => template.exprs.iter().all(|part| self.is_literal(part)),
            Expr::Unary(unary) => unary.op != UnaryOp::Delete && self.is_literal(&unary.arg),
            Expr::Bin(binary) => {
                !matches!(binary.op, BinaryOp::In | BinaryOp::InstanceOf)
                    && self.is_literal(&binary.left)
                    && self.is_literal(&binary.right)
            }
            Expr::Array(array) => array
                .elems
                .iter()
                .flatten()
                .all(|element| element.spread.is_none() && self.is_literal(&element.expr)),
            Expr::Object(object) => object.props.iter().all(|property| match property {
                PropOrSpread::Prop(property) => match &**property {
                    Prop::KeyValue(pair) => is_quiet_key(&pair.key) && self.is_literal(&pair.value),
                    Prop::Method(method) => is_quiet_key(&method.key),
                    _ => false,
                },
                PropOrSpread::Spread(_) => false,
            }),
            Expr::New(new) => {
                self.global_name(&new.callee).is_some()
                    && !self.has_side_effects(expression)
                    && new
                        .args
                        .iter()
                        .flatten()
                        .all(|argument| argument.spread.is_none() && self.is_literal(&argument.expr))
            }
            _ => false,
        }
    }
}

/// Whether the language does not look for a property of this name by itself.
fn is_quiet_key(key: &PropName) -> bool {
    let name = match key {
        PropName::Ident(name) => &*name.sym,
        PropName::Str(name) => return name.value.as_str().is_some_and(is_quiet_name),
        PropName::Num(_) => return true,
        _ => return false,
    };
    is_quiet_name(name)
}

fn is_quiet_name(name: &str) -> bool {
    !matches!(name, "valueOf" | "toString" | "toJSON" | "then" | "__proto__")
}

impl Visit for Finder<'_> {
    noop_visit_type!();

    fn visit_expr(&mut self, expression: &Expr) {
        if let Expr::Ident(name) = expression
            && self
                .purity
                .is_some_and(|purity| purity.expression_has_side_effects(expression))
        {
            self.output.names.insert(name.to_id());
        }
        expression.visit_children_with(self);
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        if let Callee::Expr(callee) = &call.callee {
            match (without_parentheses(callee), self.code) {
                // Reading a method is part of the call, which stays.
                (Expr::Ident(_) | Expr::Member(_), Code::Moved) => {}
                (Expr::Ident(name), Code::Standing)
                    if call
                        .args
                        .iter()
                        .all(|argument| argument.spread.is_none() && self.is_literal(&argument.expr)) =>
                {
                    self.output.called.insert(name.to_id());
                }
                (callee, _) => self.root(callee),
            }
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
        let is_plain = matches!(&*member.obj, Expr::Ident(name) if (self.is_imported)(&name.to_id()))
            || self.purity.is_some_and(|purity| purity.is_plain_member(member));
        if !is_plain {
            self.operand(&member.obj);
        }
        member.visit_children_with(self);
    }

    fn visit_assign_expr(&mut self, assignment: &AssignExpr) {
        match &assignment.left {
            AssignTarget::Simple(SimpleAssignTarget::Ident(name)) => {
                self.output.names.insert(name.to_id());
            }
            AssignTarget::Simple(SimpleAssignTarget::Member(member)) => self.root(&member.obj),
            AssignTarget::Pat(pattern) => {
                self.output.names.extend(find_pat_ids::<_, Id>(pattern));
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
            self.operand(&unary.arg);
        }
        unary.visit_children_with(self);
    }

    fn visit_bin_expr(&mut self, binary: &BinExpr) {
        if !is_choice(binary.op) {
            self.operand(&binary.left);
            self.operand(&binary.right);
        }
        binary.visit_children_with(self);
    }

    fn visit_tpl(&mut self, template: &Tpl) {
        for part in &template.exprs {
            self.operand(part);
        }
        template.visit_children_with(self);
    }

    fn visit_prop_name(&mut self, key: &PropName) {
        if let PropName::Computed(key) = key {
            self.operand(&key.expr);
        }
        key.visit_children_with(self);
    }

    fn visit_spread_element(&mut self, spread: &SpreadElement) {
        self.operand(&spread.expr);
        spread.visit_children_with(self);
    }

    fn visit_expr_or_spread(&mut self, element: &ExprOrSpread) {
        if element.spread.is_some() {
            self.operand(&element.expr);
        }
        element.visit_children_with(self);
    }

    fn visit_var_declarator(&mut self, declarator: &VarDeclarator) {
        if let (Pat::Object(_) | Pat::Array(_), Some(value)) = (&declarator.name, &declarator.init) {
            self.operand(value);
        }
        declarator.visit_children_with(self);
    }

    fn visit_for_of_stmt(&mut self, statement: &ForOfStmt) {
        self.operand(&statement.right);
        statement.visit_children_with(self);
    }

    fn visit_for_in_stmt(&mut self, statement: &ForInStmt) {
        self.operand(&statement.right);
        statement.visit_children_with(self);
    }

    fn visit_class_decl(&mut self, declaration: &ClassDecl) {
        self.output.names.insert(declaration.ident.to_id());
        declaration.visit_children_with(self);
    }

    fn visit_class(&mut self, class: &Class) {
        if let Some(parent) = &class.super_class {
            self.root(parent);
        }
        class.visit_children_with(self);
    }
}
