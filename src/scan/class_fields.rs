//! Class fields that assign, as `useDefineForClassFields: false` asks.
//!
//! ```text
//! class A extends B {              class A extends B {
//!   a = 1;                           constructor(...args) { super(...args); this.a = 1; this.#b = 2; }
//!   #b = 2;                          #b;
//!   declared;                        static { this.c = 3; }
//!   static c = 3;                  }
//! }
//! ```
//!
//! Values of private fields move too, so that values are computed in the order of the source. A computed key that is
//! more than a name, a literal or a property of a name must be evaluated once, with the class: it is kept in a
//! variable. Of a field without a value only the key is evaluated, with the next key or in a block.

use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, Mark, Span, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, AssignExpr, AssignOp, AssignTarget, AwaitExpr, BindingIdent, BlockStmt, CallExpr, Callee,
    Class, ClassMember, ClassProp, ComputedPropName, Constructor, DoWhileStmt, Expr, ExprOrSpread, ExprStmt,
    ForInStmt, ForOfStmt, ForStmt, Function, FunctionBody, Ident, IdentName, Lit, MemberExpr, MemberProp,
    MetaPropExpr, ModuleItem, Param, ParamOrTsParamProp, Pat, PrivateProp, Program, PropName, RestPat,
    SeqExpr, SimpleAssignTarget, StaticBlock, Stmt, Super, ThisExpr, WhileStmt, YieldExpr,
};
use swc_core::ecma::utils::constructor::inject_after_super;
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use super::computed_fields::Keys;
use super::constructor_names::move_names_out_of_the_way;
use super::decorators::assignment;

/// Moves the values of fields into constructors and static blocks. To be called before types are removed:
/// that step puts parameter properties before what the constructor starts with, as TypeScript orders them.
pub(super) fn assign_values(program: &mut Program) {
    program.visit_mut_with(&mut AssignValues::default());
}

/// Removes fields without a value. To be called after types are removed: that step declares a field for
/// every parameter property.
pub(super) fn remove_empty(program: &mut Program) {
    program.visit_mut_with(&mut RemoveEmpty);
}

/// Removes fields without a value that nobody decorates. To be called before decorators become calls: such a field would be
/// given what has to happen before it.
pub(super) fn remove_undecorated(program: &mut Program) {
    program.visit_mut_with(&mut RemoveUndecorated);
}

struct RemoveUndecorated;

impl VisitMut for RemoveUndecorated {
    noop_visit_mut_type!();

    fn visit_mut_class_members(&mut self, node: &mut Vec<ClassMember>) {
        node.retain(|member| {
            !matches!(member, ClassMember::ClassProp(field)
                if field.value.is_none() && field.decorators.is_empty() && !field.key.is_computed())
        });
        node.visit_mut_children_with(self);
    }
}

#[derive(Default)]
pub(super) struct AssignValues {
    /// Variables for keys.
    pub keys: Keys,
}

impl VisitMut for AssignValues {
    noop_visit_mut_type!();

    fn visit_mut_stmts(&mut self, node: &mut Vec<Stmt>) {
        self.statements(node);
    }

    fn visit_mut_module_items(&mut self, node: &mut Vec<ModuleItem>) {
        self.items(node);
    }

    fn visit_mut_for_stmt(&mut self, node: &mut ForStmt) {
        self.for_loop(node);
    }

    fn visit_mut_for_in_stmt(&mut self, node: &mut ForInStmt) {
        self.for_in_loop(node);
    }

    fn visit_mut_for_of_stmt(&mut self, node: &mut ForOfStmt) {
        self.for_of_loop(node);
    }

    fn visit_mut_while_stmt(&mut self, node: &mut WhileStmt) {
        self.while_loop(&mut node.test, &mut node.body);
    }

    fn visit_mut_do_while_stmt(&mut self, node: &mut DoWhileStmt) {
        self.while_loop(&mut node.test, &mut node.body);
    }

    fn visit_mut_function(&mut self, node: &mut Function) {
        self.function(node);
    }

    fn visit_mut_constructor(&mut self, node: &mut Constructor) {
        self.constructor(node);
    }

    fn visit_mut_arrow_expr(&mut self, node: &mut ArrowExpr) {
        self.arrow(node);
    }

    fn visit_mut_class_prop(&mut self, node: &mut ClassProp) {
        self.field(node);
    }

    fn visit_mut_private_prop(&mut self, node: &mut PrivateProp) {
        self.private_field(node);
    }

    fn visit_mut_class(&mut self, node: &mut Class) {
        node.visit_mut_children_with(self);
        let assignments = take_values(&mut node.body, &mut self.keys);
        if assignments.is_empty() {
            return;
        }
        let constructor = node.body.iter_mut().find_map(|member| match member {
            ClassMember::Constructor(constructor) if constructor.body.is_some() => Some(constructor),
            _ => None,
        });
        if let Some(constructor) = constructor {
            move_names_out_of_the_way(constructor, assignments.iter().map(|value| &**value));
            inject_after_super(constructor, assignments);
        } else {
            let mut constructor = new_constructor(node.super_class.is_some());
            inject_after_super(&mut constructor, assignments);
            node.body.insert(0, ClassMember::Constructor(constructor));
        }
    }
}

/// Takes the values out of the members: static ones stay in place as blocks, the others are returned.
#[expect(clippy::vec_box, reason = "the form in which the library injects expressions")]
fn take_values(members: &mut Vec<ClassMember>, keys: &mut Keys) -> Vec<Box<Expr>> {
    let mut assignments = Vec::new();
    let mut taken = Vec::with_capacity(members.len());
    for mut member in members.drain(..) {
        match &mut member {
            ClassMember::ClassProp(field)
                if !field.declare && !field.is_abstract && field.value.is_some() =>
            {
                if let Some(property) = property_of(&mut field.key, keys)
                    && let Some(value) = field.value.take()
                {
                    let assignment = Box::new(assign_to_this(field.span, property, value));
                    if field.is_static {
                        let block = static_block(field.span, assignment);
                        // Of the field nothing is left but its key.
                        let is_evaluated =
                            matches!(&field.key, PropName::Computed(key) if key.expr.is_assign());
                        taken.extend(is_evaluated.then_some(member));
                        taken.push(block);
                        continue;
                    }
                    assignments.push(assignment);
                }
            }
            ClassMember::PrivateProp(field) if !field.is_static => {
                if let Some(value) = field.value.take() {
                    let property = MemberProp::PrivateName(field.key.clone());
                    assignments.push(Box::new(assign_to_this(field.span, property, value)));
                }
            }
            _ => {}
        }
        taken.push(member);
    }
    *members = taken;
    assignments
}

fn static_block(span: Span, expr: Box<Expr>) -> ClassMember {
    let body = BlockStmt {
        stmts: vec![Stmt::Expr(ExprStmt { span, expr })],
        ..BlockStmt::default()
    };
    ClassMember::StaticBlock(StaticBlock { span, body })
}

/// The property that a key names; one that must be evaluated is given to a variable.
fn property_of(key: &mut PropName, keys: &mut Keys) -> Option<MemberProp> {
    let expr = match key {
        PropName::Ident(name) => return Some(MemberProp::Ident(name.clone())),
        PropName::Str(text) => Box::new(Expr::Lit(Lit::Str(text.clone()))),
        PropName::Num(number) => Box::new(Expr::Lit(Lit::Num(number.clone()))),
        PropName::BigInt(number) => Box::new(Expr::Lit(Lit::BigInt(number.clone()))),
        PropName::Computed(computed) if is_stable(&computed.expr) => computed.expr.clone(),
        PropName::Computed(computed) => {
            let variable = can_move(&computed.expr).then(|| keys.variable())??;
            *computed.expr = assignment(&variable, *computed.expr.take());
            Box::new(Expr::Ident(variable))
        }
    };
    Some(MemberProp::Computed(ComputedPropName { span: DUMMY_SP, expr }))
}

fn is_stable(key: &Expr) -> bool {
    match key {
        Expr::Lit(_) | Expr::Ident(_) => true,
        Expr::Member(member) => member.prop.is_ident() && is_stable(&member.obj),
        _ => false,
    }
}

fn assign_to_this(span: Span, prop: MemberProp, value: Box<Expr>) -> Expr {
    let this = Box::new(Expr::This(ThisExpr { span: DUMMY_SP }));
    let target = SimpleAssignTarget::Member(MemberExpr {
        span: DUMMY_SP,
        obj: this,
        prop,
    });
    Expr::Assign(AssignExpr {
        span,
        op: AssignOp::Assign,
        left: AssignTarget::Simple(target),
        right: value,
    })
}

/// `constructor() {}`, or for a derived class one that passes all arguments on.
pub(super) fn new_constructor(has_super: bool) -> Constructor {
    let arguments = Ident::new(
        "args".into(),
        DUMMY_SP,
        SyntaxContext::empty().apply_mark(Mark::new()),
    );
    let mut params = Vec::new();
    let mut stmts = Vec::new();
    if has_super {
        params.push(ParamOrTsParamProp::Param(Param {
            span: DUMMY_SP,
            decorators: Vec::new(),
            pat: Pat::Rest(RestPat {
                span: DUMMY_SP,
                dot3_token: DUMMY_SP,
                arg: Box::new(Pat::Ident(BindingIdent::from(arguments.clone()))),
                type_ann: None,
            }),
        }));
        let argument = ExprOrSpread {
            spread: Some(DUMMY_SP),
            expr: Box::new(Expr::Ident(arguments)),
        };
        let call = CallExpr {
            callee: Callee::Super(Super { span: DUMMY_SP }),
            args: vec![argument],
            ..CallExpr::default()
        };
        stmts.push(Stmt::Expr(ExprStmt {
            span: DUMMY_SP,
            expr: Box::new(Expr::Call(call)),
        }));
    }
    Constructor {
        key: PropName::Ident(IdentName::new("constructor".into(), DUMMY_SP)),
        params,
        body: Some(FunctionBody {
            span: DUMMY_SP,
            stmts,
        }),
        ..Constructor::default()
    }
}

struct RemoveEmpty;

impl VisitMut for RemoveEmpty {
    noop_visit_mut_type!();

    fn visit_mut_class_members(&mut self, node: &mut Vec<ClassMember>) {
        // Keys of removed fields, which are evaluated with the next key, or when all keys have been.
        let mut keys = Vec::new();
        node.retain_mut(|member| {
            if let ClassMember::ClassProp(field) = member
                && field.value.is_none()
            {
                let PropName::Computed(key) = &mut field.key else {
                    return false;
                };
                if is_stable(&key.expr) {
                    return false;
                }
                if can_move(&key.expr) {
                    keys.push(key.expr.take());
                    return false;
                }
            }
            if let Some(PropName::Computed(key)) = key_of(member)
                && !keys.is_empty()
            {
                keys.push(key.expr.take());
                *key.expr = Expr::Seq(SeqExpr {
                    span: DUMMY_SP,
                    exprs: std::mem::take(&mut keys),
                });
            }
            true
        });
        if !keys.is_empty() {
            let statement = |expr| Stmt::Expr(ExprStmt { span: DUMMY_SP, expr });
            let body = BlockStmt {
                stmts: keys.into_iter().map(statement).collect(),
                ..BlockStmt::default()
            };
            let block = StaticBlock { span: DUMMY_SP, body };
            node.insert(0, ClassMember::StaticBlock(block));
        }
        node.visit_mut_children_with(self);
    }
}

fn key_of(member: &mut ClassMember) -> Option<&mut PropName> {
    match member {
        ClassMember::Method(method) => Some(&mut method.key),
        ClassMember::ClassProp(field) => Some(&mut field.key),
        _ => None,
    }
}

/// Whether a key means the same in a block of its class.
fn can_move(key: &Expr) -> bool {
    let mut surroundings = Surroundings::default();
    key.visit_with(&mut surroundings);
    !surroundings.are_named
}

/// What is another thing in a block of a class.
#[derive(Default)]
struct Surroundings {
    are_named: bool,
}

impl Visit for Surroundings {
    noop_visit_type!();

    fn visit_this_expr(&mut self, _: &ThisExpr) {
        self.are_named = true;
    }

    fn visit_super(&mut self, _: &Super) {
        self.are_named = true;
    }

    fn visit_await_expr(&mut self, _: &AwaitExpr) {
        self.are_named = true;
    }

    fn visit_yield_expr(&mut self, _: &YieldExpr) {
        self.are_named = true;
    }

    fn visit_meta_prop_expr(&mut self, _: &MetaPropExpr) {
        self.are_named = true;
    }

    fn visit_ident(&mut self, name: &Ident) {
        self.are_named |= name.sym == *"arguments";
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_support::transformed;
    use super::super::transform::{ClassFieldSemantics, TransformOptions};

    fn assigned(source: &str) -> String {
        let class_fields = ClassFieldSemantics::Assign;
        transformed(
            "/a.ts",
            source,
            &TransformOptions {
                class_fields,
                ..TransformOptions::default()
            },
        )
    }

    #[test]
    fn values_move_into_the_constructor_in_order() {
        assert_eq!(
            assigned(
                "class A { a = 1; #b = 2; 'c-d' = this.#b; [Symbol.iterator] = 3; e?: string; declare f: 1 }"
            ),
            "class A {\n    constructor(){\n        this.a = 1;\n        this.#b = 2;\n        this['c-d'] = this.#b;\n        \
             this[Symbol.iterator] = 3;\n    }\n    #b;\n}\n"
        );
    }

    #[test]
    fn parameter_properties_come_first_and_super_before_all() {
        assert_eq!(
            assigned("class A extends B { a = this.b; constructor(public b = 1) { super(); c() } }"),
            "class A extends B {\n    constructor(b = 1){\n        super(), this.b = b, this.a = this.b;\n        c();\n    }\n}\n"
        );
        assert_eq!(
            assigned("class A extends B { a = 1 }"),
            "class A extends B {\n    constructor(...args){\n        super(...args), this.a = 1;\n    }\n}\n"
        );
    }

    #[test]
    fn static_values_are_assigned_where_they_stand() {
        assert_eq!(
            assigned("class A { static a = 1; static b; static { c() } static #d = 2 }"),
            "class A {\n    static{\n        this.a = 1;\n    }\n    static{\n        c();\n    }\n    static #d = 2;\n}\n"
        );
    }

    #[test]
    fn a_moved_value_does_not_see_the_constructors_names() {
        let text = assigned(
            "const a = 1, args = 2; class A { b = a; constructor(a: number) { f(a) } } class C extends A { d = args }",
        );
        assert!(
            text.contains("constructor(a1){\n        this.b = a;\n        f(a1);"),
            "{text}"
        );
        assert!(
            text.contains("constructor(...args1){\n        super(...args1), this.d = args;"),
            "{text}"
        );
    }

    #[test]
    fn a_key_that_computes_is_evaluated_with_its_class() {
        assert_eq!(
            assigned("class A { [f()] = 1; [g()]; }"),
            "let key;\nclass A {\n    static{\n        key = f();\n        g();\n    }\n    constructor(){\n        \
             this[key] = 1;\n    }\n}\n"
        );
        assert_eq!(
            assigned("class A { [f()]; [g()]() {} [this.x]; }"),
            "class A {\n    [(f(), g())]() {}\n    [this.x];\n}\n"
        );
    }
}
