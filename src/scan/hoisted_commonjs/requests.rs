//! `require()` calls that become imports.

use swc_core::common::Spanned as _;
use swc_core::ecma::ast::{
    BinaryOp, CallExpr, Callee, Expr, Id, Ident, ImportDecl, ImportPhase, ImportSpecifier,
    ImportStarAsSpecifier, Lit, MemberProp, ModuleDecl, ModuleItem, Prop, PropOrSpread, Str, UnaryOp,
};

use super::helpers::asks_for_engine;
use super::{Writer, fresh};
use crate::scan::named_members::static_member;

impl Writer {
    fn required<'e>(&self, call: &'e CallExpr) -> Option<&'e Str> {
        let callee = call.callee.as_expr()?.as_ident()?;
        if !self.is_global(callee, "require") {
            return None;
        }
        match call.args.as_slice() {
            [argument] if argument.spread.is_none() => match &*argument.expr {
                Expr::Lit(Lit::Str(specifier)) => Some(specifier),
                _ => None,
            },
            _ => None,
        }
    }

    /// The specifier of `require('x')`, where nothing can be observed before it.
    pub(super) fn wanted_import(&self, expression: &Expr) -> Option<Str> {
        match expression {
            Expr::Paren(inner) => self.wanted_import(&inner.expr),
            Expr::Call(call) if !self.has_effect => self.required(call).cloned(),
            _ => None,
        }
    }

    /// `import * as name from 'x'`, or an import without a name.
    pub(super) fn import(&mut self, specifier: Str, name: Option<Ident>) {
        let mut specifiers = Vec::new();
        if let Some(name) = name {
            self.holders.insert(name.to_id());
            specifiers.push(ImportSpecifier::Namespace(ImportStarAsSpecifier {
                span: specifier.span,
                local: name,
            }));
        }
        self.body
            .push(ModuleItem::ModuleDecl(ModuleDecl::Import(ImportDecl {
                span: specifier.span,
                specifiers,
                src: Box::new(specifier),
                type_only: false,
                with: None,
                phase: ImportPhase::Evaluation,
            })));
    }

    pub(super) fn is_holder(&self, expression: &Expr) -> bool {
        match expression {
            Expr::Ident(name) => self.holders.contains(&name.to_id()),
            Expr::Paren(inner) => self.is_holder(&inner.expr),
            _ => false,
        }
    }

    /// The required module and the name in `required.name`.
    pub(super) fn part_of_required(&self, value: &Expr) -> Option<(Id, swc_core::atoms::Atom)> {
        let member = value.as_member()?;
        let holder = member.obj.as_ident()?.to_id();
        let name = static_member(&member.prop)?;
        self.holders.contains(&holder).then_some((holder, name))
    }

    /// Takes requests out of an expression as far as nothing can be observed before them, in the order of evaluation.
    pub(super) fn take_requests(&mut self, expression: &mut Expr) {
        if let Some(specifier) = self.wanted_import(expression) {
            let text = specifier.value.to_string_lossy().into_owned();
            let spelling = text.rsplit('/').next().unwrap_or_default();
            let name = fresh(&crate::base::identifier_from(spelling), specifier.span());
            self.import(specifier, Some(name.clone()));
            *expression = Expr::Ident(name);
            return;
        }
        match expression {
            Expr::Paren(inner) => self.take_requests(&mut inner.expr),
            Expr::Lit(_) | Expr::Fn(_) | Expr::Arrow(_) => {}
            // A global may be missing.
            Expr::Ident(name) => self.has_effect |= name.ctxt == self.unresolved && name.sym != *"undefined",
            Expr::Member(member) => {
                self.take_requests(&mut member.obj);
                match &mut member.prop {
                    MemberProp::Ident(_) if self.is_holder(&member.obj) => {}
                    _ => self.has_effect = true,
                }
            }
            Expr::Call(call) if self.is_interop_call(call) => {
                self.take_requests(&mut call.args[0].expr);
            }
            other if asks_for_engine(other) => {}
            Expr::Call(call) => {
                if let Callee::Expr(callee) = &mut call.callee {
                    self.take_requests(callee);
                }
                for argument in &mut call.args {
                    self.take_requests(&mut argument.expr);
                    self.has_effect |= argument.spread.is_some();
                }
                self.has_effect = true;
            }
            Expr::Seq(sequence) => {
                for value in &mut sequence.exprs {
                    self.take_requests(value);
                }
            }
            Expr::Object(object) => {
                for property in &mut object.props {
                    match property {
                        PropOrSpread::Prop(property) => match &mut **property {
                            Prop::KeyValue(pair) if !pair.key.is_computed() => {
                                self.take_requests(&mut pair.value);
                            }
                            Prop::Shorthand(_) | Prop::Method(_) | Prop::Getter(_) | Prop::Setter(_) => {}
                            _ => self.has_effect = true,
                        },
                        PropOrSpread::Spread(_) => self.has_effect = true,
                    }
                }
            }
            Expr::Array(array) => {
                for element in array.elems.iter_mut().flatten() {
                    self.take_requests(&mut element.expr);
                    self.has_effect |= element.spread.is_some();
                }
            }
            Expr::Unary(unary) if matches!(unary.op, UnaryOp::Void | UnaryOp::Bang) => {
                self.take_requests(&mut unary.arg);
            }
            Expr::Bin(binary) if matches!(binary.op, BinaryOp::EqEqEq | BinaryOp::NotEqEq) => {
                self.take_requests(&mut binary.left);
                self.take_requests(&mut binary.right);
            }
            _ => self.has_effect = true,
        }
    }
}
