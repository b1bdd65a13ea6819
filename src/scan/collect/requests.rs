//! Requests that code makes: calls of `require` and `import()`, and what they are given.

use swc_core::common::Spanned as _;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{CallExpr, Callee, Expr, ExprOrSpread, Lit, Number, ParenExpr, UnaryOp, op};
use swc_core::ecma::visit::VisitMutWith;

use super::super::commonjs_module::is_idle;
use super::super::normalize::{byte_range, text_of};
use super::super::request_comments::{is_left_alone, wanted_file_name};
use super::super::requested_text::{constant_text, type_in_options};
use super::Collector;
use crate::graph::{RequestSyntax, record_number};

impl Collector<'_> {
    /// `require(test ? 'a' : 'b')` as `test ? require('a') : require('b')`; `import()` likewise. Whether it is one.
    pub(super) fn choice_of_requests(&mut self, expr: &mut Expr) -> bool {
        let Expr::Call(call) = expr else {
            return false;
        };
        let is_request = match &call.callee {
            Callee::Import(_) => true,
            Callee::Expr(callee) => callee
                .as_ident()
                .is_some_and(|ident| self.is_global(ident, "require")),
            Callee::Super(_) => false,
        };
        // Arguments after the first would run before the test.
        if !is_request || !call.args.iter().skip(1).all(is_idle) {
            return false;
        }
        let Some(ExprOrSpread {
            spread: None,
            expr: first,
        }) = call.args.first_mut()
        else {
            return false;
        };
        while let Expr::Paren(inner) = &mut **first {
            *first = inner.expr.take();
        }
        let Expr::Cond(choice) = &mut **first else {
            return false;
        };
        let mut choice = choice.take();
        for arm in [&mut choice.cons, &mut choice.alt] {
            let mut request = call.clone();
            request.args[0].expr = arm.take();
            **arm = Expr::Call(request);
        }
        self.condition(&mut choice.test);
        // Which of them there must be is known when it runs.
        self.rescue_depth += 1;
        choice.cons.visit_mut_with(self);
        choice.alt.visit_mut_with(self);
        self.rescue_depth -= 1;
        *expr = Expr::Paren(ParenExpr {
            span: choice.span,
            expr: Box::new(Expr::Cond(choice)),
        });
        true
    }

    /// `import('x')` and `require('x')` with a constant argument.
    pub(super) fn request(&mut self, call: &mut CallExpr) -> bool {
        let syntax = match &call.callee {
            Callee::Import(_) => RequestSyntax::Dynamic,
            Callee::Expr(callee) => match &**callee {
                Expr::Ident(ident)
                    if self.is_global(ident, "require") && call.args.iter().skip(1).all(is_idle) =>
                {
                    if self.try_depth + self.rescue_depth > 0 {
                        RequestSyntax::RequireInTry
                    } else {
                        RequestSyntax::Require
                    }
                }
                _ => return false,
            },
            Callee::Super(_) => return false,
        };
        let wanted_type = call
            .args
            .get(1)
            .and_then(|options| type_in_options(&options.expr));
        let is_dynamic = syntax == RequestSyntax::Dynamic;
        let is_left_alone = is_dynamic && is_left_alone(self.source, call);
        let file_name = wanted_file_name(self.source, call).filter(|_| is_dynamic);
        let Some(ExprOrSpread { spread: None, expr }) = call.args.first_mut() else {
            return false;
        };
        self.resolved_argument(expr);
        let (specifier, span) = match &**expr {
            Expr::Lit(Lit::Str(_)) if is_left_alone => return false,
            Expr::Lit(Lit::Str(text)) => (text_of(&text.value), text.span),
            other if !is_left_alone && let Some(text) = constant_text(other) => (text.into(), other.span()),
            // A number written by the user must not be taken for a record's number later.
            Expr::Lit(Lit::Num(number)) => {
                **expr = Expr::Lit(Lit::Str(number.value.to_string().into()));
                return false;
            }
            _ => return false,
        };
        let record = self.add_record(specifier, syntax, byte_range(span));
        self.module.records[record].wanted_type = wanted_type;
        self.module.records[record].file_name = file_name;
        self.module.records[record].may_fail = is_dynamic
            && (self.try_depth + self.rescue_depth > 0 || self.caught_imports.contains(&call.span.lo));
        **expr = Expr::Lit(Lit::Num(Number {
            span,
            value: f64::from(record.raw()),
            raw: None,
        }));
        true
    }

    /// A `require()` whose value nobody takes asks for nothing.
    pub(super) fn note_discarded(&mut self, expression: &Expr) {
        match expression {
            Expr::Paren(inner) => self.note_discarded(&inner.expr),
            Expr::Unary(unary) if matches!(unary.op, UnaryOp::Void | UnaryOp::Bang) => {
                self.note_discarded(&unary.arg);
            }
            Expr::Seq(sequence) => {
                for expression in &sequence.exprs {
                    self.note_discarded(expression);
                }
            }
            Expr::Bin(binary) if matches!(binary.op, op!("&&") | op!("||") | op!("??")) => {
                self.note_discarded(&binary.right);
            }
            Expr::Cond(choice) => {
                self.note_discarded(&choice.cons);
                self.note_discarded(&choice.alt);
            }
            Expr::Call(CallExpr {
                callee: Callee::Expr(callee),
                args,
                ..
            }) if callee
                .as_ident()
                .is_some_and(|callee| self.is_global(callee, "require")) =>
            {
                if let [ExprOrSpread { spread: None, expr }, ..] = &**args
                    && let Expr::Lit(Lit::Num(number)) = &**expr
                    && let Some(record) = record_number(number.value)
                {
                    self.module.records[record].asked = Some(Vec::new());
                }
            }
            _ => {}
        }
    }
}

/// Whether what an expression is says nothing of the names in it.
pub(super) fn is_opaque(expression: &Expr) -> bool {
    matches!(
        expression,
        Expr::Call(_)
            | Expr::New(_)
            | Expr::Fn(_)
            | Expr::Arrow(_)
            | Expr::Class(_)
            | Expr::Array(_)
            | Expr::Object(_)
            | Expr::TaggedTpl(_)
            | Expr::OptChain(_)
            | Expr::Assign(_)
            | Expr::Update(_)
            | Expr::Await(_)
            | Expr::Yield(_)
    )
}
