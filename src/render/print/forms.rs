//! Rewrites the few expressions that the fixer and the code generator of SWC print wrongly.
//!
//! | source | printed without this pass |
//! |---|---|
//! | `(new a)()` | `new a()` |
//! | `(a++)()`, `new (a++)`, ``(a++)`b` `` | `a++()`, …, which do not parse |
//! | ``(class {})`b`;``, ``({})`b`;`` | a class declaration, a block |
//! | ``new (a()`b`.c)()`` | ``new a()`b`.c()`` |
//! | `new (new a)(b)` | `new new a(b)`, when white space is left out |
//! | `class A extends (() => {}) {}` | does not parse |
//! | `~-(5 / 3)`, `a % -(5 / 3)` | `~-5/3`, `a%-5/3`, as if `-5/3` were one number |
//! | `((function () {})() + a);` | `function () {}() + a` |
//! | `a([], ({ b } = c))` | `a([], { b } = c)`, which V8 does not parse |
//! | `class { ['constructor'] = 1 }`, `class { static ['prototype']() {} }` | minified without brackets, which means something else |
//!
//! `((function () {})() + a);` has parentheses around the whole: they make the fixer think that the function cannot be taken
//! for a declaration. So parentheses at the start of a statement go before it runs; it puts back what is needed.
//! Most of the others throw when they run; one such line in dead code must not make a whole chunk unreadable for the
//! parser. They become `(0, …)`, which the fixer does handle.

use swc_core::common::DUMMY_SP;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    ArrowFunctionBody, AssignExpr, AssignTarget, BinaryOp, CallExpr, Callee, Class, ClassMember,
    ComputedPropName, Expr, ExprOrSpread, ExprStmt, Lit, Module, NewExpr, Number, OptCall, OptChainBase,
    PropName, SeqExpr, SimpleAssignTarget, Str, TaggedTpl, UnaryOp,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

/// To be called before the fixer.
pub fn rewrite_delicate_forms(module: &mut Module) {
    module.visit_mut_with(&mut Rewrite);
}

struct Rewrite;

impl VisitMut for Rewrite {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, expression: &mut Expr) {
        expression.visit_mut_children_with(self);
        if let Expr::Unary(unary) = expression
            && unary.op == UnaryOp::Minus
            && let Expr::Bin(binary) = without_parentheses(&mut unary.arg)
            && matches!(binary.op, BinaryOp::Mul | BinaryOp::Div)
            && is_number(&binary.left)
            && is_number(&binary.right)
        {
            // The same text, in the form that the fixer puts parentheses around where they are needed.
            let mut binary = binary.take();
            unary.arg = binary.left.take();
            binary.left = Box::new(expression.take());
            *expression = Expr::Bin(binary);
        }
    }

    fn visit_mut_expr_stmt(&mut self, statement: &mut ExprStmt) {
        remove_parentheses_at_start(&mut statement.expr);
        statement.visit_mut_children_with(self);
    }

    fn visit_mut_arrow_function_body(&mut self, body: &mut ArrowFunctionBody) {
        if let ArrowFunctionBody::Expr(value) = body {
            remove_parentheses_at_start(value);
        }
        body.visit_mut_children_with(self);
    }

    fn visit_mut_new_expr(&mut self, new: &mut NewExpr) {
        new.visit_mut_children_with(self);
        wrap_patterns(new.args.get_or_insert_default());
        wrap_if(&mut new.callee, |callee| {
            callee.is_update() || callee.is_new() || is_call_below_tag(callee)
        });
    }

    fn visit_mut_call_expr(&mut self, call: &mut CallExpr) {
        call.visit_mut_children_with(self);
        wrap_patterns(&mut call.args);
    }

    fn visit_mut_callee(&mut self, callee: &mut Callee) {
        callee.visit_mut_children_with(self);
        if let Callee::Expr(callee) = callee {
            wrap_if(callee, Expr::is_update);
        }
    }

    fn visit_mut_opt_call(&mut self, call: &mut OptCall) {
        call.visit_mut_children_with(self);
        wrap_if(&mut call.callee, |callee| callee.is_update() || callee.is_new());
        wrap_patterns(&mut call.args);
    }

    fn visit_mut_tagged_tpl(&mut self, tagged: &mut TaggedTpl) {
        tagged.visit_mut_children_with(self);
        wrap_if(&mut tagged.tag, |tag| {
            tag.is_update() || tag.is_class() || tag.is_object()
        });
    }

    fn visit_mut_class(&mut self, class: &mut Class) {
        class.visit_mut_children_with(self);
        if let Some(parent) = &mut class.super_class {
            wrap_if(parent, |parent| parent.is_arrow() || parent.is_update());
        }
        for member in &mut class.body {
            put_key_in_brackets(member);
        }
    }
}

fn without_parentheses(mut expression: &mut Expr) -> &mut Expr {
    while let Expr::Paren(parentheses) = expression {
        expression = &mut parentheses.expr;
    }
    expression
}

fn is_number(expression: &Expr) -> bool {
    matches!(expression, Expr::Lit(Lit::Num(number)) if !number.value.is_sign_negative())
}

/// A member, not the constructor, of a name that only a computed key may say.
fn put_key_in_brackets(member: &mut ClassMember) {
    let (key, words): (_, &[&str]) = match member {
        ClassMember::Method(method) if method.is_static => (&mut method.key, &["prototype"]),
        ClassMember::Method(method) => (&mut method.key, &["constructor"]),
        // V8 refuses the one with a sign, too.
        ClassMember::ClassProp(property) if property.is_static => {
            (&mut property.key, &["prototype", "constructor", "#constructor"])
        }
        ClassMember::ClassProp(property) => (&mut property.key, &["constructor", "#constructor"]),
        _ => return,
    };
    let name: Str = match key {
        PropName::Ident(name) => name.sym.clone().into(),
        PropName::Str(name) => name.clone(),
        _ => return,
    };
    if words.iter().any(|word| name.value == **word) {
        *key = PropName::Computed(ComputedPropName {
            span: DUMMY_SP,
            expr: Box::new(Expr::Lit(Lit::Str(name))),
        });
    }
}

/// `((a) + b).c` becomes `(a + b).c` in tree form.
fn remove_parentheses_at_start(mut expression: &mut Box<Expr>) {
    loop {
        while let Expr::Paren(parentheses) = &mut **expression {
            *expression = parentheses.expr.take();
        }
        expression = match &mut **expression {
            Expr::Call(CallExpr {
                callee: Callee::Expr(callee),
                ..
            }) => callee,
            Expr::Member(member)
            | Expr::Assign(AssignExpr {
                left: AssignTarget::Simple(SimpleAssignTarget::Member(member)),
                ..
            }) => &mut member.obj,
            Expr::TaggedTpl(tagged) => &mut tagged.tag,
            Expr::OptChain(chain) => match &mut *chain.base {
                OptChainBase::Member(member) => &mut member.obj,
                OptChainBase::Call(call) => &mut call.callee,
            },
            Expr::Bin(binary) => &mut binary.left,
            Expr::Cond(condition) => &mut condition.test,
            Expr::Update(update) if !update.prefix => &mut update.arg,
            Expr::Seq(sequence) => match sequence.exprs.first_mut() {
                Some(first) => first,
                None => return,
            },
            _ => return,
        }
    }
}

/// Whether a template is tagged with the result of a call, on the way to the start of `callee`.
fn is_call_below_tag(mut callee: &Expr) -> bool {
    let mut is_below_tag = false;
    loop {
        callee = match callee {
            Expr::Member(member) => &member.obj,
            Expr::Paren(parentheses) => &parentheses.expr,
            Expr::TaggedTpl(tagged) => {
                is_below_tag = true;
                &tagged.tag
            }
            Expr::Call(_) => return is_below_tag,
            _ => return false,
        }
    }
}

/// Arguments behind others that assign to a pattern.
fn wrap_patterns(arguments: &mut [ExprOrSpread]) {
    for argument in arguments.iter_mut().skip(1) {
        wrap_if(
            &mut argument.expr,
            |value| matches!(value, Expr::Assign(assignment) if assignment.left.is_pat()),
        );
    }
}

/// `(expression)` becomes `(0, expression)`.
fn wrap_if(expression: &mut Box<Expr>, is_delicate: impl Fn(&Expr) -> bool) {
    let mut inner = &**expression;
    while let Expr::Paren(parentheses) = inner {
        inner = &parentheses.expr;
    }
    if is_delicate(inner) {
        let zero = Box::new(Expr::Lit(Lit::Num(Number::from(0.0))));
        let value = expression.take();
        **expression = Expr::Seq(SeqExpr {
            span: DUMMY_SP,
            exprs: vec![zero, value],
        });
    }
}
