//! Keys of classes without decorators, beside classes that have some.
//!
//! The library's pass evaluates every key that is no name before the statement that the class stands in, with whatever
//! `this` and private names are there:
//!
//! ```js
//! @define class Store {
//!     static #size = 8;
//!     static Part = class { [Store.#size]() {} }       // an error in front of `Store`
//! }
//! ```
//!
//! That is needed for decorated classes only. So the others show it variables as keys; their keys wait in a static block
//! of the class, where the pass rewrites what it has to.

use swc_core::atoms::Atom;
use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    ArrayLit, BlockStmt, Class, ClassMember, ComputedPropName, Expr, ExprOrSpread, ExprStmt, Ident, Lit,
    MemberExpr, MemberProp, Program, PropName, StaticBlock, Stmt,
};
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

/// No name of a source.
const HIDDEN: &str = "\0key";

/// Hides the keys. Whether there are any.
pub(super) fn hide(program: &mut Program) -> bool {
    let mut hide = Hide { has_hidden: false };
    program.visit_mut_with(&mut hide);
    hide.has_hidden
}

/// Puts them back.
pub(super) fn show(program: &mut Program) {
    program.visit_mut_with(&mut Show);
}

fn key_of(member: &mut ClassMember) -> Option<&mut PropName> {
    match member {
        ClassMember::Method(method) => Some(&mut method.key),
        ClassMember::ClassProp(field) => Some(&mut field.key),
        _ => None,
    }
}

/// Whether the pass has nothing to do in a class itself.
fn is_plain(class: &Class) -> bool {
    class.decorators.is_empty()
        && class.body.iter().all(|member| match member {
            ClassMember::Method(method) => method.function.decorators.is_empty(),
            ClassMember::PrivateMethod(method) => method.function.decorators.is_empty(),
            ClassMember::ClassProp(field) => field.decorators.is_empty(),
            ClassMember::PrivateProp(field) => field.decorators.is_empty(),
            ClassMember::AutoAccessor(_) => false,
            _ => true,
        })
}

struct Hide {
    has_hidden: bool,
}

impl VisitMut for Hide {
    noop_visit_mut_type!();

    fn visit_mut_class(&mut self, node: &mut Class) {
        node.visit_mut_children_with(self);
        if !is_plain(node) {
            return;
        }
        let mut keys = Vec::new();
        for key in node.body.iter_mut().filter_map(key_of) {
            let value = match key {
                PropName::Str(text) => Expr::Lit(Lit::Str(text.clone())),
                PropName::Num(number) => Expr::Lit(Lit::Num(number.clone())),
                PropName::BigInt(number) => Expr::Lit(Lit::BigInt(number.clone())),
                // A class in there may have decorators.
                PropName::Computed(computed) if !computed.expr.is_ident() && !has_class(&computed.expr) => {
                    // In brackets, so that `["constructor"]` stays what it is.
                    let value = ExprOrSpread::from(computed.expr.clone());
                    Expr::Array(ArrayLit {
                        span: DUMMY_SP,
                        elems: vec![Some(value)],
                    })
                }
                _ => continue,
            };
            let name = Atom::from(format!("{HIDDEN}{}", keys.len()));
            keys.push(Some(ExprOrSpread::from(value)));
            *key = PropName::Computed(ComputedPropName {
                span: DUMMY_SP,
                expr: Box::new(Expr::Ident(Ident::new(name, DUMMY_SP, SyntaxContext::empty()))),
            });
        }
        if !keys.is_empty() {
            self.has_hidden = true;
            node.body.push(waiting(keys));
        }
    }
}

/// `static { [keys].hidden }`
fn waiting(keys: Vec<Option<ExprOrSpread>>) -> ClassMember {
    let keys = Expr::Array(ArrayLit {
        span: DUMMY_SP,
        elems: keys,
    });
    let value = Expr::Member(MemberExpr {
        span: DUMMY_SP,
        obj: Box::new(keys),
        prop: MemberProp::Ident(HIDDEN.into()),
    });
    ClassMember::StaticBlock(StaticBlock {
        span: DUMMY_SP,
        body: BlockStmt {
            stmts: vec![Stmt::Expr(ExprStmt {
                span: DUMMY_SP,
                expr: Box::new(value),
            })],
            ..BlockStmt::default()
        },
    })
}

/// The keys that wait in a member, if it is the one.
fn waiting_in(member: &mut ClassMember) -> Option<&mut ArrayLit> {
    let ClassMember::StaticBlock(block) = member else {
        return None;
    };
    let [Stmt::Expr(statement)] = block.body.stmts.as_mut_slice() else {
        return None;
    };
    let Expr::Member(value) = &mut *statement.expr else {
        return None;
    };
    let is_it = matches!(&value.prop, MemberProp::Ident(name) if name.sym == *HIDDEN);
    value.obj.as_mut_array().filter(|_| is_it)
}

fn has_class(value: &Expr) -> bool {
    let mut found = Classes(false);
    value.visit_with(&mut found);
    found.0
}

struct Classes(bool);

impl Visit for Classes {
    noop_visit_type!();

    fn visit_class(&mut self, _: &Class) {
        self.0 = true;
    }
}

struct Show;

impl VisitMut for Show {
    noop_visit_mut_type!();

    fn visit_mut_class(&mut self, node: &mut Class) {
        let place = node
            .body
            .iter_mut()
            .position(|member| waiting_in(member).is_some());
        if let Some(place) = place {
            let mut block = node.body.remove(place);
            let keys = waiting_in(&mut block).map(std::mem::take).unwrap_or_default();
            for key in node.body.iter_mut().filter_map(key_of) {
                let number = key
                    .as_computed()
                    .and_then(|computed| computed.expr.as_ident())
                    .and_then(|name| name.sym.strip_prefix(HIDDEN)?.parse::<usize>().ok());
                let hidden = number.and_then(|number| keys.elems.get(number)?.as_ref());
                if let Some(shown) = hidden.and_then(|hidden| shown(&hidden.expr)) {
                    *key = shown;
                }
            }
        }
        node.visit_mut_children_with(self);
    }
}

fn shown(hidden: &Expr) -> Option<PropName> {
    Some(match hidden {
        Expr::Lit(Lit::Str(text)) => PropName::Str(text.clone()),
        Expr::Lit(Lit::Num(number)) => PropName::Num(number.clone()),
        Expr::Lit(Lit::BigInt(number)) => PropName::BigInt(number.clone()),
        Expr::Array(brackets) => PropName::Computed(ComputedPropName {
            span: DUMMY_SP,
            expr: brackets.elems.first()?.as_ref()?.expr.clone(),
        }),
        _ => return None,
    })
}
