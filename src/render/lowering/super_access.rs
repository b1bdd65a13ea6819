//! `super.name` inside a generator that is no method: through functions that the method has made.
//!
//! | source | becomes |
//! |---|---|
//! | `super.a`, `super[b]` | `_super_get("a")`, `_super_get(b)` |
//! | `super.a(1)` | `_super_get("a").call(this, 1)` |
//! | `super.a = 1` | `_super_set("a", 1)` |
//! | `super.a += 1` | `_super_set("a", _super_get("a") + 1)` |
//! | `++super.a` | `_super_set("a", (_temporary = _super_get("a"), ++_temporary))` |

use swc_core::common::DUMMY_SP;
use swc_core::common::util::take::Take as _;
use swc_core::ecma::ast::{
    AssignExpr, AssignTarget, CallExpr, Callee, Class, ClassMember, Expr, ExprOrSpread, Function,
    FunctionBody, Ident, IdentName, ObjectLit, Param, Pat, Prop, PropName, PropOrSpread, SetterProp,
    SimpleAssignTarget, Stmt, Super, SuperProp, SuperPropExpr, TaggedTpl, ThisExpr, UpdateExpr,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use super::super::ast;
use super::async_functions::fresh;

/// Rewrites the uses of `super`; returns the declarations that they need, for the function around the generator.
pub(super) fn capture(params: &mut Vec<Param>, body: &mut FunctionBody) -> Vec<Stmt> {
    let mut rewriter = SuperUses {
        get: fresh("_super_get"),
        set: fresh("_super_set"),
        is_read: false,
        is_written: false,
        temporaries: Vec::new(),
    };
    params.visit_mut_with(&mut rewriter);
    body.visit_mut_with(&mut rewriter);
    rewriter.declarations()
}

struct SuperUses {
    get: Ident,
    set: Ident,
    is_read: bool,
    is_written: bool,
    temporaries: Vec<Ident>,
}

impl SuperUses {
    fn declarations(self) -> Vec<Stmt> {
        let property = |key: &Ident| SuperPropExpr {
            span: DUMMY_SP,
            obj: Super { span: DUMMY_SP },
            prop: SuperProp::Computed(swc_core::ecma::ast::ComputedPropName {
                span: DUMMY_SP,
                expr: Box::new(Expr::Ident(key.clone())),
            }),
        };
        let function = |params: Vec<Ident>, value: Expr| {
            let Expr::Arrow(mut arrow) = ast::arrow(value) else {
                unreachable!("the builder of arrow functions makes one")
            };
            arrow.params = params.into_iter().map(|name| Pat::Ident(name.into())).collect();
            Expr::Arrow(arrow)
        };
        let mut statements = Vec::new();
        if self.is_read {
            let key = fresh("_key");
            let read = Expr::SuperProp(property(&key));
            statements.push(ast::variable(self.get, Some(function(vec![key], read))));
        }
        if self.is_written {
            let (key, value) = (fresh("_key"), fresh("_value"));
            let target = AssignTarget::Simple(SimpleAssignTarget::SuperProp(property(&key)));
            let write = ast::assign(target, Expr::Ident(value.clone()));
            statements.push(ast::variable(self.set, Some(function(vec![key, value], write))));
        }
        statements.extend(self.temporaries.into_iter().map(|name| ast::variable(name, None)));
        statements
    }

    fn read(&mut self, key: Expr) -> Expr {
        self.is_read = true;
        ast::call(Expr::Ident(self.get.clone()), vec![key])
    }

    fn write(&mut self, key: Expr, value: Expr) -> Expr {
        self.is_written = true;
        ast::call(Expr::Ident(self.set.clone()), vec![key, value])
    }

    fn temporary(&mut self) -> Ident {
        let name = fresh("_temporary");
        self.temporaries.push(name.clone());
        name
    }

    /// The key twice: as it is evaluated first, and as it is used again.
    fn key_twice(&mut self, prop: &mut SuperProp) -> (Expr, Expr) {
        match key(prop) {
            literal @ Expr::Lit(_) => (literal.clone(), literal),
            computed => {
                let name = self.temporary();
                (ast::assign(target(&name), computed), Expr::Ident(name))
            }
        }
    }

    /// `super.a op= value`
    fn assign(&mut self, node: &mut AssignExpr, property: &mut SuperPropExpr) -> Expr {
        let value = *node.right.take();
        // Logical assignments have been rewritten before.
        let Some(operator) = node.op.to_update() else {
            return self.write(key(&mut property.prop), value);
        };
        let (first, again) = self.key_twice(&mut property.prop);
        let old = self.read(again);
        let value = ast::binary(operator, old, value);
        self.write(first, value)
    }

    /// `super.a++`
    fn update(&mut self, node: &UpdateExpr, property: &mut SuperPropExpr) -> Expr {
        // A variable is updated in its place: a big integer stays one.
        let (first, again) = self.key_twice(&mut property.prop);
        let value = self.temporary();
        let read = ast::assign(target(&value), self.read(again));
        let mut updated = Expr::Update(UpdateExpr {
            span: DUMMY_SP,
            op: node.op,
            prefix: node.prefix,
            arg: Box::new(Expr::Ident(value.clone())),
        });
        if node.prefix {
            return self.write(first, ast::sequence(vec![read, updated]));
        }
        let old = self.temporary();
        updated = ast::assign(target(&old), updated);
        let write = self.write(first, ast::sequence(vec![read, updated, Expr::Ident(value)]));
        ast::sequence(vec![write, Expr::Ident(old)])
    }

    /// `({ set value(v) { super.a = v } }).value`, for patterns.
    fn place(&mut self, property: &mut SuperPropExpr) -> Expr {
        let value = fresh("_value");
        let write = self.write(key(&mut property.prop), Expr::Ident(value.clone()));
        let setter = Prop::Setter(SetterProp {
            span: DUMMY_SP,
            key: PropName::Ident(IdentName::new("value".into(), DUMMY_SP)),
            function: Box::new(Function {
                params: vec![Param::from(Pat::Ident(value.into()))],
                body: Some(FunctionBody {
                    span: DUMMY_SP,
                    stmts: vec![ast::statement(write)],
                }),
                ..Function::default()
            }),
        });
        let object = Expr::Object(ObjectLit {
            span: DUMMY_SP,
            props: vec![PropOrSpread::Prop(Box::new(setter))],
        });
        ast::member(object, &"value".into())
    }
}

fn target(name: &Ident) -> AssignTarget {
    AssignTarget::Simple(SimpleAssignTarget::Ident(name.clone().into()))
}

fn key(prop: &mut SuperProp) -> Expr {
    match prop {
        SuperProp::Ident(name) => ast::string(&name.sym),
        SuperProp::Computed(computed) => *computed.expr.take(),
    }
}

impl VisitMut for SuperUses {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, node: &mut Expr) {
        node.visit_mut_children_with(self);
        let replacement = match node {
            Expr::SuperProp(property) => Some(self.read(key(&mut property.prop))),
            Expr::Assign(assignment) => match &mut assignment.left {
                AssignTarget::Simple(SimpleAssignTarget::SuperProp(property)) => {
                    let mut property = property.take_property();
                    Some(self.assign(assignment, &mut property))
                }
                _ => None,
            },
            Expr::Update(update) => match &mut *update.arg {
                Expr::SuperProp(property) => {
                    property.prop.visit_mut_with(self);
                    let mut property = property.take_property();
                    Some(self.update(update, &mut property))
                }
                _ => None,
            },
            _ => None,
        };
        if let Some(replacement) = replacement {
            *node = replacement;
        }
    }

    fn visit_mut_update_expr(&mut self, node: &mut UpdateExpr) {
        // Its place is not read as an expression of its own.
        if !node.arg.is_super_prop() {
            node.visit_mut_children_with(self);
        }
    }

    fn visit_mut_call_expr(&mut self, node: &mut CallExpr) {
        let is_method = matches!(&node.callee, Callee::Expr(callee) if callee.is_super_prop());
        node.visit_mut_children_with(self);
        if is_method && let Callee::Expr(callee) = &mut node.callee {
            let function = callee.take();
            **callee = ast::member(*function, &"call".into());
            let this = Expr::This(ThisExpr { span: DUMMY_SP });
            node.args.insert(0, ExprOrSpread::from(this));
        }
    }

    fn visit_mut_tagged_tpl(&mut self, node: &mut TaggedTpl) {
        let is_method = node.tag.is_super_prop();
        node.visit_mut_children_with(self);
        if is_method {
            let function = node.tag.take();
            let bind = ast::member(*function, &"bind".into());
            *node.tag = ast::call(bind, vec![Expr::This(ThisExpr { span: DUMMY_SP })]);
        }
    }

    fn visit_mut_pat(&mut self, node: &mut Pat) {
        if let Pat::Expr(place) = node
            && let Expr::SuperProp(property) = &mut **place
        {
            property.prop.visit_mut_with(self);
            **place = self.place(&mut property.take_property());
            return;
        }
        node.visit_mut_children_with(self);
    }

    fn visit_mut_function(&mut self, _: &mut Function) {}

    fn visit_mut_class(&mut self, node: &mut Class) {
        node.super_class.visit_mut_with(self);
        for member in &mut node.body {
            if let ClassMember::Method(method) = member {
                method.key.visit_mut_with(self);
            }
        }
    }
}

trait TakeProperty {
    fn take_property(&mut self) -> SuperPropExpr;
}

impl TakeProperty for SuperPropExpr {
    fn take_property(&mut self) -> SuperPropExpr {
        std::mem::replace(
            self,
            SuperPropExpr {
                span: DUMMY_SP,
                obj: Super { span: DUMMY_SP },
                prop: SuperProp::Ident(IdentName::new("".into(), DUMMY_SP)),
            },
        )
    }
}
