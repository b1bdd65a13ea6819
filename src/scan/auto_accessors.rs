//! `accessor` members beside experimental decorators, as TypeScript writes them:
//!
//! ```ts
//! class Field {
//!     @note accessor value = 1        // #value_accessor_storage = 1;
//! }                                   // @note get value() { return this.#value_accessor_storage }
//! ```                                 // set value(value) { this.#value_accessor_storage = value }
//!
//! The pass for standard decorators does it itself.

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::util::take::Take as _;
use swc_core::common::{DUMMY_SP, Mark, SyntaxContext};
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignTarget, AutoAccessor, BindingIdent, Class, ClassDecl, ClassExpr, ClassMember,
    ClassMethod, ComputedPropName, Expr, ExprStmt, Function, FunctionBody, Ident, Key, MemberExpr,
    MemberProp, MethodKind, ModuleItem, Param, Pat, PrivateMethod, PrivateName, PrivateProp, Program,
    PropName, ReturnStmt, SimpleAssignTarget, Stmt, ThisExpr,
};
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use super::decorators::declaration_of;

/// Makes a private field, a getter and a setter of every `accessor`. The getter has its decorators.
pub(super) fn write_out(program: &mut Program) {
    program.visit_mut_with(&mut WriteOut::default());
}

#[derive(Default)]
struct WriteOut {
    /// Variables for computed keys, of the statements that are visited.
    declared: Vec<Ident>,
}

impl WriteOut {
    fn members(&mut self, class: &mut Class, name: Option<&Ident>) {
        if !class.body.iter().any(ClassMember::is_auto_accessor) {
            return;
        }
        let mut names = PrivateNames::default();
        class.visit_with(&mut names);
        for member in class.body.take() {
            match member {
                ClassMember::AutoAccessor(accessor) => {
                    let members = self.parts(accessor, name, &mut names.found);
                    class.body.extend(members);
                }
                other => class.body.push(other),
            }
        }
    }

    /// What one `accessor` becomes.
    fn parts(
        &mut self,
        accessor: AutoAccessor,
        class: Option<&Ident>,
        taken: &mut FxHashSet<Atom>,
    ) -> [ClassMember; 3] {
        let AutoAccessor {
            span,
            key,
            value,
            type_ann,
            is_static,
            decorators,
            ..
        } = accessor;
        let storage = PrivateName {
            span: DUMMY_SP,
            name: storage_name(&key, taken),
        };
        let target = || MemberExpr {
            span: DUMMY_SP,
            obj: Box::new(match class.filter(|_| is_static) {
                Some(name) => Expr::Ident(name.clone()),
                None => Expr::This(ThisExpr { span: DUMMY_SP }),
            }),
            prop: MemberProp::PrivateName(storage.clone()),
        };
        let parameter = fresh("value");
        let getter = Function {
            decorators,
            return_type: type_ann,
            ..function(
                Vec::new(),
                Stmt::Return(ReturnStmt {
                    span: DUMMY_SP,
                    arg: Some(Box::new(Expr::Member(target()))),
                }),
            )
        };
        let setter = function(
            vec![Param {
                span: DUMMY_SP,
                decorators: Vec::new(),
                pat: Pat::Ident(parameter.clone().into()),
            }],
            Stmt::Expr(ExprStmt {
                span: DUMMY_SP,
                expr: Box::new(assignment(
                    AssignTarget::Simple(SimpleAssignTarget::Member(target())),
                    Expr::Ident(parameter),
                )),
            }),
        );
        let (getter_key, setter_key) = self.keys(key);
        let method = |key: Key, kind: MethodKind, function: Function| match key {
            Key::Private(key) => ClassMember::PrivateMethod(PrivateMethod {
                span,
                key,
                function: Box::new(function),
                kind,
                is_static,
                ..PrivateMethod::default()
            }),
            Key::Public(key) => ClassMember::Method(ClassMethod {
                span,
                key,
                function: Box::new(function),
                kind,
                is_static,
                ..ClassMethod::default()
            }),
        };
        [
            ClassMember::PrivateProp(PrivateProp {
                span,
                key: storage.clone(),
                value,
                is_static,
                ..PrivateProp::default()
            }),
            method(getter_key, MethodKind::Getter, getter),
            method(setter_key, MethodKind::Setter, setter),
        ]
    }

    /// The keys of getter and setter; an expression is evaluated once.
    fn keys(&mut self, key: Key) -> (Key, Key) {
        let Key::Public(PropName::Computed(computed)) = key else {
            return (key.clone(), key);
        };
        if computed.expr.is_lit() {
            let key = Key::Public(PropName::Computed(computed));
            return (key.clone(), key);
        }
        let variable = fresh("key");
        self.declared.push(variable.clone());
        let of = |expr: Expr| {
            Key::Public(PropName::Computed(ComputedPropName {
                span: DUMMY_SP,
                expr: Box::new(expr),
            }))
        };
        let target = AssignTarget::from(BindingIdent::from(variable.clone()));
        (of(assignment(target, *computed.expr)), of(Expr::Ident(variable)))
    }
}

impl VisitMut for WriteOut {
    noop_visit_mut_type!();

    fn visit_mut_class_decl(&mut self, node: &mut ClassDecl) {
        node.class.visit_mut_children_with(self);
        self.members(&mut node.class, Some(&node.ident));
    }

    fn visit_mut_class_expr(&mut self, node: &mut ClassExpr) {
        node.class.visit_mut_children_with(self);
        self.members(&mut node.class, node.ident.as_ref());
    }

    fn visit_mut_module_items(&mut self, node: &mut Vec<ModuleItem>) {
        let around = std::mem::take(&mut self.declared);
        node.visit_mut_children_with(self);
        node.extend(declaration_of(&mut self.declared).map(ModuleItem::Stmt));
        self.declared = around;
    }

    fn visit_mut_stmts(&mut self, node: &mut Vec<Stmt>) {
        let around = std::mem::take(&mut self.declared);
        node.visit_mut_children_with(self);
        node.extend(declaration_of(&mut self.declared));
        self.declared = around;
    }
}

/// The private names that a class declares or uses.
#[derive(Default)]
pub(super) struct PrivateNames {
    /// Those of a class.
    pub found: FxHashSet<Atom>,
}

impl Visit for PrivateNames {
    noop_visit_type!();

    fn visit_private_name(&mut self, node: &PrivateName) {
        self.found.insert(node.name.clone());
    }
}

/// A private name that is free, after the key.
pub(super) fn storage_name(key: &Key, taken: &mut FxHashSet<Atom>) -> Atom {
    let word = match key {
        Key::Private(name) => &*name.name,
        Key::Public(PropName::Ident(name)) => &*name.sym,
        Key::Public(_) => "computed",
    };
    let name = format!("{word}_accessor_storage");
    let numbered = (1..).map(|number| Atom::from(format!("{name}_{number}")));
    let free = std::iter::once(Atom::from(name.as_str()))
        .chain(numbered)
        .find(|name| !taken.contains(name))
        .unwrap_or_default();
    taken.insert(free.clone());
    free
}

/// A generated identifier; what its name is in the end is decided later.
fn fresh(name: &str) -> Ident {
    Ident::new(
        name.into(),
        DUMMY_SP,
        SyntaxContext::empty().apply_mark(Mark::new()),
    )
}

fn function(params: Vec<Param>, statement: Stmt) -> Function {
    Function {
        params,
        body: Some(FunctionBody {
            stmts: vec![statement],
            ..FunctionBody::default()
        }),
        ..Function::default()
    }
}

fn assignment(left: AssignTarget, value: Expr) -> Expr {
    Expr::Assign(AssignExpr {
        span: DUMMY_SP,
        op: AssignOp::Assign,
        left,
        right: Box::new(value),
    })
}
