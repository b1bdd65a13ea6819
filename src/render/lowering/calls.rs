//! Calls, and what is like them, that need a name for something that the source does not name.
//!
//! | source | becomes | because |
//! |---|---|---|
//! | `a?.#b()` | a condition, see [`private_chains`](super::private_chains) | the passes forget where a chain ends |
//! | `(a.b?.c)(1)` | `((_a = a.b)?.c).call(_a, 1)` | the passes forget what `this` is |
//! | ``(a.b?.c)`d` `` | ``((_a = a.b)?.c).bind(_a)`d` `` | the same |
//! | ``a.#b`c` `` | ``(_a = a).#b.bind(_a)`c` `` | the passes ask for `a` again when a getter has run |
//! | `a.#b ??= c` | `a.#b ?? (a.#b = c)`, see [`private_assignments`] | the passes assign always |
//! | `a.#b()`, where `a` changes | `(_a = a).#b.call(_a)` | the same |
//! | `super.a?.(1)` | `super.a?.call(this, 1)` | the passes forget what `this` is |
//! | ``super.a`b` `` | ``super.a.bind(this)`b` `` | the same |
//! | ``tag`\unicode` `` | `tag(_t \|\| (_t = __template([void 0], ["\\unicode"])))` | the escape is an error before es2018 |

use rustc_hash::FxHashSet;
use swc_core::common::DUMMY_SP;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignTarget, BinExpr, BinaryOp, CallExpr, Callee, Expr, ExprOrSpread,
    FunctionBody, Id, Ident, MemberExpr, MemberProp, Module, ModuleItem, OptChainBase, OptChainExpr,
    ReturnStmt, SimpleAssignTarget, Stmt, TaggedTpl, ThisExpr,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::super::ast;
use super::async_functions::fresh;
use super::helpers::Called;
use super::own_helpers::OwnHelper;
use super::private_assignments;
use super::private_chains::{as_condition, has_private_name, kept, named};
use super::reassigned_classes::assigned_names;

/// What is rewritten.
#[derive(Debug, Clone, Copy)]
pub(super) struct CallForms {
    /// Calls of optional chains in parentheses, also as tags, which have been removed.
    pub of_chains: bool,
    /// Optional chains with private names.
    pub of_private_names: bool,
    /// Tagged templates with escapes that were errors.
    pub of_templates: bool,
}

/// Rewrites the calls of a module.
pub(super) fn rewrite(module: &mut Module, forms: CallForms, called: &mut Called) {
    let mut rewriter = Calls {
        forms,
        called,
        names: vec![Vec::new()],
        templates: Vec::new(),
        assigned: if forms.of_private_names {
            assigned_names(module)
        } else {
            FxHashSet::default()
        },
    };
    module.visit_mut_with(&mut rewriter);
    let names = rewriter.names.pop().unwrap_or_default().into_iter();
    let declarations = names
        .chain(rewriter.templates)
        .map(|name| ModuleItem::Stmt(ast::variable(name, None)));
    module.body.splice(0..0, declarations);
}

struct Calls<'a> {
    forms: CallForms,
    called: &'a mut Called,
    /// What the functions around declare, the innermost last.
    names: Vec<Vec<Ident>>,
    /// One per tagged template: its strings are the same object every time.
    templates: Vec<Ident>,
    /// What is assigned to somewhere.
    assigned: FxHashSet<Id>,
}

impl Calls<'_> {
    fn name(&mut self) -> Ident {
        let name = fresh("_object");
        if let Some(names) = self.names.last_mut() {
            names.push(name.clone());
        }
        name
    }

    /// A value, and the same once more.
    fn twice(&mut self, value: Expr) -> (Expr, Expr) {
        match value {
            Expr::Ident(name) if self.assigned.contains(&name.to_id()) => kept(name.into(), self.name()),
            value => named(value, &mut || self.name()),
        }
    }

    fn call_chain(&mut self, node: &mut CallExpr) {
        let Callee::Expr(callee) = &mut node.callee else {
            return;
        };
        let Some(this) = self.this_of_chain(callee) else {
            return;
        };
        let function = callee.take();
        **callee = ast::member(*function, &"call".into());
        node.args.insert(0, ExprOrSpread::from(this));
    }

    fn tag_chain(&mut self, node: &mut TaggedTpl) {
        if let Some(this) = self.this_of_chain(&mut node.tag) {
            let function = node.tag.take();
            *node.tag = ast::call(ast::member(*function, &"bind".into()), vec![this]);
        }
    }

    /// What a method that a chain ends with is called on.
    fn this_of_chain(&mut self, function: &mut Expr) -> Option<Expr> {
        let Expr::OptChain(OptChainExpr { base, optional, .. }) = function else {
            return None;
        };
        let OptChainBase::Member(member) = &mut **base else {
            return None;
        };
        if matches!(&*member.obj, Expr::Ident(_) | Expr::This(_)) {
            return Some((*member.obj).clone());
        }
        let name = self.name();
        let object = member.obj.take();
        *member.obj = ast::assign(target(&name), *object);
        // Where the chain ends early the call fails, whatever comes after.
        *optional = true;
        Some(Expr::Ident(name))
    }

    fn open_private_chain(&mut self, node: &mut Expr) {
        match node {
            Expr::Call(call) => {
                let callee = call.callee.as_expr().and_then(|callee| callee.as_opt_chain());
                if callee.is_some_and(has_private_name) {
                    self.call_chain(call);
                }
            }
            Expr::TaggedTpl(tagged) if tagged.tag.as_opt_chain().is_some_and(has_private_name) => {
                self.tag_chain(tagged);
            }
            Expr::OptChain(chain) if has_private_name(chain) => {
                *node = as_condition(chain.take(), &mut || self.name());
            }
            _ => {}
        }
    }

    /// `a.#b()`, where a getter may change `a`.
    fn call_private_function(&mut self, call: &mut CallExpr) {
        let Callee::Expr(callee) = &mut call.callee else {
            return;
        };
        let Expr::Member(member) = &mut **callee else {
            return;
        };
        let Expr::Ident(object) = &*member.obj else { return };
        if !member.prop.is_private_name() || !self.assigned.contains(&object.to_id()) {
            return;
        }
        let name = self.name();
        *member.obj = ast::assign(target(&name), *member.obj.take());
        let function = callee.take();
        **callee = ast::member(*function, &"call".into());
        call.args.insert(0, ExprOrSpread::from(Expr::Ident(name)));
    }

    /// `a.#b` as a tag: its `this` is bound, so that the object is asked for once, before a getter runs.
    fn bind_private_tag(&mut self, tagged: &mut TaggedTpl) {
        let Expr::Member(member) = &mut *tagged.tag else {
            return;
        };
        if !member.prop.is_private_name() || member.obj.is_this() {
            return;
        }
        let name = self.name();
        *member.obj = ast::assign(target(&name), *member.obj.take());
        let function = tagged.tag.take();
        *tagged.tag = ast::call(ast::member(*function, &"bind".into()), vec![Expr::Ident(name)]);
    }

    fn call_tag(&mut self, node: &mut TaggedTpl) -> Expr {
        let name = fresh("_strings");
        self.templates.push(name.clone());
        let quasis = &node.tpl.quasis;
        let cooked = quasis.iter().map(|part| {
            let text = part.cooked.as_ref().and_then(|cooked| cooked.as_str());
            text.map_or_else(|| *Expr::undefined(DUMMY_SP), ast::string)
        });
        let raw = quasis.iter().map(|part| ast::string(&part.raw));
        let strings = ast::call(
            self.called.own(OwnHelper::Template),
            vec![ast::array(cooked.collect()), ast::array(raw.collect())],
        );
        let once = Expr::Bin(BinExpr {
            span: DUMMY_SP,
            op: BinaryOp::LogicalOr,
            left: Box::new(Expr::Ident(name.clone())),
            right: Box::new(ast::assign(target(&name), strings)),
        });
        let mut arguments = vec![once];
        arguments.extend(node.tpl.exprs.drain(..).map(|value| *value));
        ast::call(*node.tag.take(), arguments)
    }
}

fn this() -> Expr {
    Expr::This(ThisExpr { span: DUMMY_SP })
}

/// Makes `super.a?.call(this)` of `super.a?.()`: no more than the method says whether there is a call, and the passes would
/// forget what `this` is.
pub(super) fn call_method_of_super(chain: &mut OptChainExpr) {
    let OptChainBase::Call(call) = &mut *chain.base else {
        return;
    };
    if !chain.optional || !call.callee.is_super_prop() {
        return;
    }
    let method = call.callee.take();
    *call.callee = Expr::OptChain(OptChainExpr {
        span: chain.span,
        optional: true,
        base: Box::new(OptChainBase::Member(MemberExpr {
            span: DUMMY_SP,
            obj: method,
            prop: MemberProp::Ident("call".into()),
        })),
    });
    call.args.insert(0, ExprOrSpread::from(this()));
    chain.optional = false;
}

pub(super) fn target(name: &Ident) -> AssignTarget {
    AssignTarget::Simple(SimpleAssignTarget::Ident(name.clone().into()))
}

impl VisitMut for Calls<'_> {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        if self.forms.of_private_names {
            self.open_private_chain(node);
            match node {
                Expr::OptChain(chain) => call_method_of_super(chain),
                Expr::TaggedTpl(tagged) if tagged.tag.is_super_prop() => {
                    let method = tagged.tag.take();
                    *tagged.tag = ast::call(ast::member(*method, &"bind".into()), vec![this()]);
                }
                _ => {}
            }
        }
        node.visit_mut_children_with(self);
        match node {
            Expr::Assign(assignment) if self.forms.of_private_names => {
                if let Some(condition) =
                    private_assignments::as_condition(assignment, |object| self.twice(object))
                {
                    *node = condition;
                }
            }
            Expr::Call(call) => {
                if self.forms.of_chains {
                    self.call_chain(call);
                }
                if self.forms.of_private_names {
                    self.call_private_function(call);
                }
            }
            Expr::TaggedTpl(tagged) => {
                if self.forms.of_chains {
                    self.tag_chain(tagged);
                }
                if self.forms.of_private_names {
                    self.bind_private_tag(tagged);
                }
            }
            _ => {}
        }
        match node {
            Expr::TaggedTpl(tagged)
                if self.forms.of_templates && tagged.tpl.quasis.iter().any(|part| part.cooked.is_none()) =>
            {
                *node = self.call_tag(tagged);
            }
            _ => {}
        }
    }

    fn visit_mut_function_body(&mut self, node: &mut FunctionBody) {
        self.names.push(Vec::new());
        node.visit_mut_children_with(self);
        let names = self.names.pop().unwrap_or_default();
        let declarations = names.into_iter().map(|name| ast::variable(name, None));
        node.stmts.splice(0..0, declarations);
    }

    fn visit_mut_arrow_expr(&mut self, node: &mut ArrowExpr) {
        node.params.visit_mut_with(self);
        let ArrowFunctionBody::Expr(value) = &mut *node.body else {
            node.body.visit_mut_with(self);
            return;
        };
        self.names.push(Vec::new());
        value.visit_mut_with(self);
        let names = self.names.pop().unwrap_or_default();
        if names.is_empty() {
            return;
        }
        let mut statements: Vec<Stmt> = names.into_iter().map(|name| ast::variable(name, None)).collect();
        statements.push(Stmt::Return(ReturnStmt {
            span: DUMMY_SP,
            arg: Some(value.take()),
        }));
        *node.body = ArrowFunctionBody::FunctionBody(FunctionBody {
            span: DUMMY_SP,
            stmts: statements,
        });
    }
}
