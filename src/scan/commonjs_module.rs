//! What a CommonJS module asks of `module`, `require` and its `arguments` beside `module.exports` and `require('x')`.
//!
//! Most modules need no more than an object with `exports`. What the others need is told apart here, so that only they
//! get it: the whole module object, the cache of modules, or the file that a specifier stands for.

use swc_core::ecma::ast::{
    BinExpr, BinaryOp, CallExpr, Callee, Expr, ExprOrSpread, Ident, Lit, MemberExpr, OptCall, OptChainBase,
    OptChainExpr, UnaryExpr, UnaryOp,
};

use super::collect::Collector;
use super::named_members::static_member;
use super::normalize::{byte_range, text_of};
use crate::graph::{ModuleFormat, RequestSyntax};

impl Collector<'_> {
    fn is_commonjs(&self) -> bool {
        self.format == ModuleFormat::CommonJs
    }

    /// A member of `module` or `require`. Whether nothing is left to visit.
    pub(super) fn module_member(&mut self, member: &MemberExpr) -> bool {
        let Expr::Ident(object) = &*member.obj else {
            return false;
        };
        let Some(name) = static_member(&member.prop) else {
            return false;
        };
        if self.is_commonjs() && self.is_global(object, "module") {
            self.output.global_names.insert(object.sym.clone());
            self.output.features.uses_module_object |= !matches!(&*name, "exports" | "hot");
            return true;
        }
        if !self.is_global(object, "require") {
            return false;
        }
        let features = &mut self.output.features;
        match &*name {
            "cache" => features.uses_module_cache = true,
            "main" if self.format == ModuleFormat::CommonJs => features.uses_main_module = true,
            _ => return false,
        }
        self.output.global_names.insert(object.sym.clone());
        true
    }

    /// `module` as a value. `typeof module` and comparing it with `require.main` take no more than any object.
    pub(super) fn module_value(&mut self, ident: &Ident) {
        if self.is_commonjs() {
            let is_of_module = *ident.sym == *"module";
            let is_arguments = *ident.sym == *"arguments" && self.function_depth == 0;
            self.output.features.uses_module_object |= is_of_module;
            self.output.features.uses_module_arguments |= is_arguments;
        }
    }

    /// `typeof module`
    pub(super) fn asks_type_of_module(&mut self, unary: &UnaryExpr) -> bool {
        let Expr::Ident(ident) = &*unary.arg else {
            return false;
        };
        let is_asked = unary.op == UnaryOp::TypeOf && self.is_commonjs() && self.is_global(ident, "module");
        if is_asked {
            self.output.global_names.insert(ident.sym.clone());
        }
        is_asked
    }

    /// `require.main === module`
    pub(super) fn compares_with_main(&mut self, comparison: &BinExpr) -> bool {
        let is_equality = matches!(
            comparison.op,
            BinaryOp::EqEq | BinaryOp::EqEqEq | BinaryOp::NotEq | BinaryOp::NotEqEq
        );
        if !is_equality || !self.is_commonjs() {
            return false;
        }
        let is_main = |side: &Expr| {
            side.as_member().is_some_and(|member| {
                let object = member.obj.as_ident();
                object.is_some_and(|object| self.is_global(object, "require"))
                    && static_member(&member.prop).is_some_and(|name| name == *"main")
            })
        };
        let is_module = |side: &Expr| {
            side.as_ident()
                .is_some_and(|ident| self.is_global(ident, "module"))
        };
        let is_found = is_main(&comparison.left) && is_module(&comparison.right)
            || is_module(&comparison.left) && is_main(&comparison.right);
        if is_found {
            self.output.features.uses_main_module = true;
            self.output.global_names.insert("module".into());
            self.output.global_names.insert("require".into());
        }
        is_found
    }

    /// `module.require('x')`, `(require)('x')` and `require?.('x')` are `require('x')`.
    pub(super) fn plain_require(&self, expr: &mut Expr) {
        let call = match expr {
            Expr::OptChain(chain) => chain,
            Expr::Call(call) => {
                if let Callee::Expr(callee) = &mut call.callee
                    && let Expr::Paren(inner) = &mut **callee
                    && matches!(&*inner.expr, Expr::Ident(ident) if self.is_global(ident, "require"))
                {
                    *callee = std::mem::take(&mut inner.expr);
                }
                if let Callee::Expr(callee) = &mut call.callee
                    && let Expr::Member(member) = &**callee
                    && let Expr::Ident(object) = &*member.obj
                    && self.is_commonjs()
                    && self.is_global(object, "module")
                    && static_member(&member.prop).is_some_and(|name| name == *"require")
                {
                    **callee = Ident::new("require".into(), member.span, self.unresolved).into();
                }
                return;
            }
            _ => return,
        };
        let OptChainExpr { base, .. } = call;
        if let OptChainBase::Call(OptCall {
            span, callee, args, ..
        }) = &mut **base
            && let Expr::Ident(ident) = &**callee
            && self.is_global(ident, "require")
        {
            *expr = Expr::Call(CallExpr {
                span: *span,
                callee: Callee::Expr(std::mem::take(callee)),
                args: std::mem::take(args),
                ..CallExpr::default()
            });
        }
    }

    /// Whether a call is `require.resolve(…)`.
    fn is_resolution(&self, call: &CallExpr) -> bool {
        let Callee::Expr(callee) = &call.callee else {
            return false;
        };
        let Expr::Member(member) = &**callee else {
            return false;
        };
        let object = member.obj.as_ident();
        object.is_some_and(|object| self.is_global(object, "require"))
            && static_member(&member.prop).is_some_and(|name| name == *"resolve")
    }

    /// `require(require.resolve('x'))` is `require('x')`.
    pub(super) fn resolved_argument(&self, argument: &mut Expr) {
        if let Expr::Call(inner) = argument
            && self.is_resolution(inner)
            && let [ExprOrSpread { spread: None, expr }] = inner.args.as_slice()
            && matches!(&**expr, Expr::Lit(Lit::Str(_)))
        {
            *argument = (**expr).clone();
        }
    }

    /// `require.resolve('x')`
    pub(super) fn resolution_request(&mut self, call: &mut CallExpr) -> bool {
        if !self.is_resolution(call) {
            return false;
        }
        let Some(ExprOrSpread { spread: None, expr }) = call.args.first_mut() else {
            return false;
        };
        match &**expr {
            Expr::Lit(Lit::Str(text)) => {
                let span = text.span;
                let specifier = text_of(&text.value);
                let record = self.add_record(specifier, RequestSyntax::RequireResolve, byte_range(span));
                **expr = f64::from(record.raw()).into();
                self.output.global_names.insert("require".into());
                call.args.len() == 1
            }
            // A number written by the user must not be taken for a record's number later.
            Expr::Lit(Lit::Num(number)) => {
                **expr = Expr::Lit(Lit::Str(number.value.to_string().into()));
                false
            }
            _ => false,
        }
    }
}

/// Whether an argument can be left out.
pub(super) fn is_idle(argument: &ExprOrSpread) -> bool {
    argument.spread.is_none() && matches!(&*argument.expr, Expr::Lit(_) | Expr::Ident(_))
}
