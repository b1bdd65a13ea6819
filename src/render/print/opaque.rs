//! Operations that run code though they do not look like it, and whose value nobody uses. The compressor would drop them:
//!
//! ```js
//! `${object}`; +object; [...iterable]; 'a' in 5       // toString, valueOf, an iterator, a TypeError
//! [].own                                              // a getter that somebody gave to all arrays
//! ```
//!
//! They are hidden in calls of a function that does not exist until the compressor is done.

use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, BinaryOp, CallExpr, Callee, Class, Decl, Expr, ExprOrSpread, ExprStmt, Function, Ident, Lit,
    MemberExpr, MemberProp, Module, NewExpr, Prop, PropName, PropOrSpread, SimpleAssignTarget, Stmt, TryStmt,
    UnaryOp,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::NameMarks;

/// No source can have an identifier like that.
const HIDING: &str = "%opaque";

/// Hides such operations; whether there are any.
pub fn hide(module: &mut Module, marks: NameMarks) -> bool {
    let mut hider = Hider {
        context: SyntaxContext::empty().apply_mark(marks.unresolved),
        found: false,
        watched_depth: 0,
    };
    module.visit_mut_with(&mut hider);
    hider.found
}

/// Shows them again.
pub fn show(module: &mut Module) {
    module.visit_mut_with(&mut Shower);
}

struct Hider {
    context: SyntaxContext,
    found: bool,
    /// How many functions and `try` blocks are around, of which someone may expect that they fail.
    watched_depth: usize,
}

impl Hider {
    fn hide(&mut self, expression: &mut Expr) {
        self.found = true;
        let hidden = expression.take();
        *expression = Expr::Call(CallExpr {
            span: DUMMY_SP,
            callee: Callee::Expr(Box::new(Expr::Ident(Ident::new(
                HIDING.into(),
                DUMMY_SP,
                self.context,
            )))),
            args: vec![ExprOrSpread::from(hidden)],
            ..CallExpr::default()
        });
    }

    /// The names of classes that a statement declares.
    fn classes_that_may_fail(&self, statement: &Stmt) -> Vec<Ident> {
        match statement {
            Stmt::Decl(Decl::Class(declaration)) if may_fail(&declaration.class, self.watched_depth) => {
                vec![declaration.ident.clone()]
            }
            Stmt::Decl(Decl::Var(variables)) => variables
                .decls
                .iter()
                .filter(|one| {
                    matches!(one.init.as_deref(), Some(Expr::Class(class)) if may_fail(&class.class, self.watched_depth))
                })
                .filter_map(|one| one.name.as_ident().map(|name| name.id.clone()))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// An expression whose value is not used.
    fn discarded(&mut self, expression: &mut Expr) {
        match expression {
            Expr::Seq(sequence) => {
                for part in &mut sequence.exprs {
                    self.discarded(part);
                }
            }
            Expr::Paren(inner) => self.discarded(&mut inner.expr),
            Expr::Cond(condition) => {
                self.discarded(&mut condition.cons);
                self.discarded(&mut condition.alt);
            }
            Expr::Unary(unary) if matches!(unary.op, UnaryOp::Void | UnaryOp::Bang) => {
                self.discarded(&mut unary.arg);
            }
            Expr::Bin(binary)
                if matches!(
                    binary.op,
                    BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing
                ) =>
            {
                self.discarded(&mut binary.right);
            }
            Expr::Bin(binary) if matches!(binary.op, BinaryOp::EqEqEq | BinaryOp::NotEqEq) => {
                self.discarded(&mut binary.left);
                self.discarded(&mut binary.right);
            }
            Expr::Bin(binary) if !(is_plain(&binary.left) && is_plain(&binary.right)) => {
                self.hide(expression);
            }
            Expr::Unary(unary)
                if matches!(unary.op, UnaryOp::Plus | UnaryOp::Minus | UnaryOp::Tilde)
                    && !is_plain(&unary.arg) =>
            {
                self.hide(expression);
            }
            Expr::Tpl(template) if !template.exprs.iter().all(|part| is_plain(part)) => self.hide(expression),
            Expr::Array(array)
                if array
                    .elems
                    .iter()
                    .flatten()
                    .any(|element| element.spread.is_some()) =>
            {
                self.hide(expression);
            }
            Expr::Object(object) if object.props.iter().any(copies_or_computes) => self.hide(expression),
            Expr::Class(class) if may_fail(&class.class, self.watched_depth) => self.hide(expression),
            Expr::New(new) if refuses_arguments(new) => self.hide(expression),
            _ => {}
        }
    }
}

/// Whether nobody would miss the class if it could be declared, but it may not.
fn may_fail(class: &Class, watched_depth: usize) -> bool {
    class.super_class.as_deref().is_some_and(|parent| {
        cannot_be_extended(parent) || watched_depth > 0 && !matches!(parent, Expr::Lit(Lit::Null(_)))
    })
}

/// `new Array(-1)`, `new RegExp('(')`.
fn refuses_arguments(new: &NewExpr) -> bool {
    let arguments = new.args.as_deref().unwrap_or_default();
    match &*new.callee {
        Expr::Ident(name) if name.sym == *"Array" => arguments.len() == 1,
        Expr::Ident(name) if name.sym == *"RegExp" => !arguments.is_empty(),
        _ => false,
    }
}

/// The pattern in `new RegExp('(?<=a)')`.
fn pattern_of(expression: &mut Expr) -> Option<&mut Expr> {
    let (callee, arguments) = match expression {
        Expr::New(new) => (&*new.callee, new.args.as_mut()?),
        Expr::Call(call) => (&**call.callee.as_expr()?, &mut call.args),
        _ => return None,
    };
    let is_constructor = callee.as_ident().is_some_and(|name| name.sym == *"RegExp");
    let pattern = &mut *arguments.first_mut().filter(|_| is_constructor)?.expr;
    pattern.is_lit().then_some(pattern)
}

fn is_plain(expression: &Expr) -> bool {
    matches!(expression, Expr::Lit(literal) if !matches!(literal, Lit::Regex(_) | Lit::BigInt(_)))
}

fn copies_or_computes(property: &PropOrSpread) -> bool {
    match property {
        PropOrSpread::Spread(_) => true,
        PropOrSpread::Prop(property) => match &**property {
            Prop::KeyValue(pair) => pair.key.is_computed(),
            Prop::Method(method) => method.key.is_computed(),
            Prop::Getter(getter) => getter.key.is_computed(),
            Prop::Setter(setter) => setter.key.is_computed(),
            Prop::Shorthand(_) | Prop::Assign(_) => false,
        },
    }
}

/// `__proto__: null`.
fn sets_prototype(property: &PropOrSpread) -> bool {
    matches!(property, PropOrSpread::Prop(property) if matches!(&**property, Prop::KeyValue(pair)
    if match &pair.key {
        PropName::Ident(name) => name.sym == *"__proto__",
        PropName::Str(name) => name.value == *"__proto__",
        _ => false,
    }))
}

/// Whether a literal is asked for what it does not have by itself.
fn asks_for_unknown(member: &MemberExpr) -> bool {
    let MemberProp::Ident(name) = &member.prop else {
        return false;
    };
    let known: &[&str] = match &*member.obj {
        Expr::Array(_) => &[
            "at",
            "concat",
            "copyWithin",
            "entries",
            "every",
            "fill",
            "filter",
            "find",
            "findIndex",
            "findLast",
            "findLastIndex",
            "flat",
            "flatMap",
            "forEach",
            "includes",
            "indexOf",
            "join",
            "keys",
            "lastIndexOf",
            "length",
            "map",
            "pop",
            "push",
            "reduce",
            "reduceRight",
            "reverse",
            "shift",
            "slice",
            "some",
            "sort",
            "splice",
            "toString",
            "unshift",
            "values",
            "constructor",
        ],
        Expr::Lit(Lit::Str(_)) | Expr::Tpl(_) => &[
            "at",
            "charAt",
            "charCodeAt",
            "codePointAt",
            "concat",
            "constructor",
            "endsWith",
            "includes",
            "indexOf",
            "lastIndexOf",
            "length",
            "localeCompare",
            "match",
            "matchAll",
            "normalize",
            "padEnd",
            "padStart",
            "repeat",
            "replace",
            "replaceAll",
            "search",
            "slice",
            "split",
            "startsWith",
            "substr",
            "substring",
            "toLowerCase",
            "toString",
            "toUpperCase",
            "trim",
            "trimEnd",
            "trimStart",
            "valueOf",
        ],
        Expr::Lit(Lit::Num(_)) => &[
            "toFixed",
            "toString",
            "toPrecision",
            "toExponential",
            "valueOf",
            "constructor",
        ],
        Expr::Object(object) if object.props.iter().any(sets_prototype) => &[],
        Expr::Object(object) if object.props.is_empty() => &[
            "constructor",
            "hasOwnProperty",
            "isPrototypeOf",
            "propertyIsEnumerable",
            "toLocaleString",
            "toString",
            "valueOf",
        ],
        _ => return false,
    };
    !known.contains(&&*name.sym)
}

/// The literal in `({ key() {} }).key.name`. Taken out of it, the function would have no name.
fn asks_for_name(member: &mut MemberExpr) -> Option<&mut Expr> {
    if !matches!(&member.prop, MemberProp::Ident(name) if name.sym == *"name") {
        return None;
    }
    let inner = member.obj.as_mut_member()?;
    let mut object = &mut *inner.obj;
    while let Expr::Paren(parentheses) = object {
        object = &mut parentheses.expr;
    }
    object.is_object().then_some(object)
}

impl VisitMut for Hider {
    noop_visit_mut_type!();

    fn visit_mut_expr_stmt(&mut self, statement: &mut ExprStmt) {
        statement.visit_mut_children_with(self);
        self.discarded(&mut statement.expr);
    }

    /// Of a primitive value the compressor knows the answer, but not whether the question fails.
    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        expression.visit_mut_children_with(self);
        // As a literal it would be an error of the whole file, if this engine does not know the pattern.
        if let Some(pattern) = pattern_of(expression) {
            self.hide(pattern);
        }
        if let Expr::Bin(binary) = expression
            && matches!(binary.op, BinaryOp::InstanceOf | BinaryOp::In)
            && (binary.left.is_lit() && binary.op == BinaryOp::InstanceOf
                || matches!(&*binary.left, Expr::Ident(name) if name.sym == *"undefined")
                || binary.right.is_lit())
        {
            // The operand, too: inside the call the compressor would still answer.
            self.hide(&mut binary.left);
            self.hide(expression);
        }
    }

    fn visit_mut_function(&mut self, function: &mut Function) {
        self.watched_depth += 1;
        function.visit_mut_children_with(self);
        self.watched_depth -= 1;
    }

    fn visit_mut_arrow_expr(&mut self, function: &mut ArrowExpr) {
        self.watched_depth += 1;
        function.visit_mut_children_with(self);
        self.watched_depth -= 1;
    }

    fn visit_mut_try_stmt(&mut self, statement: &mut TryStmt) {
        self.watched_depth += 1;
        statement.block.visit_mut_with(self);
        self.watched_depth -= 1;
        statement.handler.visit_mut_with(self);
        statement.finalizer.visit_mut_with(self);
    }

    /// Assigning to a member of a primitive value throws; imports that are assigned to become that.
    fn visit_mut_simple_assign_target(&mut self, target: &mut SimpleAssignTarget) {
        target.visit_mut_children_with(self);
        if let SimpleAssignTarget::Member(member) = target
            && member.obj.is_lit()
        {
            self.hide(&mut member.obj);
        }
    }

    /// Extending what is no class throws; in a function or a `try` block someone may wait for that. The compressor would leave nothing of an
    /// unused class but its parent.
    fn visit_mut_stmts(&mut self, statements: &mut Vec<Stmt>) {
        statements.visit_mut_children_with(self);
        let mut index = 0;
        while index < statements.len() {
            let names = self.classes_that_may_fail(&statements[index]);
            index += 1;
            for name in names {
                let mut read = Box::new(Expr::Ident(name));
                self.hide(&mut read);
                let read = Stmt::Expr(ExprStmt {
                    span: DUMMY_SP,
                    expr: read,
                });
                statements.insert(index, read);
                index += 1;
            }
        }
    }

    fn visit_mut_member_expr(&mut self, member: &mut MemberExpr) {
        member.visit_mut_children_with(self);
        if asks_for_unknown(member) {
            self.hide(&mut member.obj);
        } else if let Some(object) = asks_for_name(member) {
            self.hide(object);
        }
    }
}

fn cannot_be_extended(parent: &Expr) -> bool {
    match parent {
        Expr::Paren(inner) => cannot_be_extended(&inner.expr),
        Expr::Lit(literal) => !matches!(literal, Lit::Null(_)),
        Expr::Ident(name) => matches!(
            &*name.sym,
            "undefined" | "NaN" | "Infinity" | "Math" | "JSON" | "Reflect"
        ),
        Expr::Fn(function) => function.function.is_async || function.function.is_generator,
        Expr::Object(_) | Expr::Array(_) | Expr::Arrow(_) | Expr::Tpl(_) | Expr::Unary(_) => true,
        _ => false,
    }
}

struct Shower;

impl VisitMut for Shower {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        if let Expr::Call(call) = expression
            && matches!(&call.callee, Callee::Expr(callee) if matches!(&**callee, Expr::Ident(name) if name.sym == *HIDING))
            && let Some(hidden) = call.args.pop()
        {
            *expression = *hidden.expr;
        }
        expression.visit_mut_children_with(self);
    }
}
