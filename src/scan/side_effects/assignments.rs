//! Assignments that nobody else can see: to variables of a function that is being judged, and to properties of what it has
//! just made.
//!
//! ```js
//! function make() { let last; const list = []; last = 1; list[0] = last; list.push(2); return list }
//! ```

use swc_core::ecma::ast::{
    ArrowFunctionBody, AssignExpr, AssignOp, AssignTarget, CallExpr, Callee, Class, ClassMember, Decl, Expr,
    Function, Id, Ident, MemberExpr, MemberProp, MethodKind, Pat, SimpleAssignTarget, Stmt, VarDecl,
    VarDeclKind,
};
use swc_core::ecma::utils::find_pat_ids;

use super::{Purity, has_accessors, without_parentheses};
use crate::scan::collect::static_member;

/// What an object was made as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FreshKind {
    /// `{}`
    Object,
    /// `[]`
    Array,
    /// `function () {}`
    Function,
    /// What has no `prototype` that can be replaced: a class, or one that has none at all.
    Class,
    /// `() => {}`
    Arrow,
}

impl FreshKind {
    /// What a literal makes, where assigning to its properties runs no code.
    pub fn of(value: &Expr) -> Option<Self> {
        match without_parentheses(value) {
            Expr::Object(object) if !has_accessors(object) => {
                let is_known = object
                    .props
                    .iter()
                    .all(swc_core::ecma::ast::PropOrSpread::is_prop);
                is_known.then_some(Self::Object)
            }
            Expr::Array(_) => Some(Self::Array),
            Expr::Fn(function) => Some(Self::of_function(&function.function)),
            Expr::Arrow(_) => Some(Self::Arrow),
            Expr::Class(class) => Self::of_class(&class.class),
            _ => None,
        }
    }

    /// What declaring a function makes.
    pub fn of_function(function: &Function) -> Self {
        if function.is_async || function.is_generator {
            Self::Arrow
        } else {
            Self::Function
        }
    }

    /// A class, if it has no setters, neither of its own nor inherited ones.
    pub fn of_class(class: &Class) -> Option<Self> {
        let has_accessors = class.body.iter().any(|member| match member {
            ClassMember::Method(method) => method.kind != MethodKind::Method,
            ClassMember::AutoAccessor(_) => true,
            _ => false,
        });
        (class.super_class.is_none() && !has_accessors).then_some(Self::Class)
    }

    /// Whether giving it a property can be observed by nothing but reading that.
    pub fn takes(self, name: &str) -> bool {
        match self {
            Self::Object => name != "__proto__",
            Self::Array => !matches!(name, "__proto__" | "length"),
            Self::Function => !matches!(
                name,
                "__proto__" | "name" | "length" | "arguments" | "caller" | "prototype"
            ),
            Self::Class | Self::Arrow => !matches!(
                name,
                "__proto__" | "name" | "length" | "arguments" | "caller" | "prototype"
            ),
        }
    }

    /// Whether it has a `prototype` that takes properties.
    pub fn has_prototype(self) -> bool {
        matches!(self, Self::Function | Self::Class)
    }
}

/// `object.name`, `object.prototype.name`: the object and the name.
pub struct PropertyTarget<'a> {
    /// The name at the start.
    pub object: &'a Ident,
    /// Whether it is a property of its `prototype`.
    pub is_of_prototype: bool,
    /// The property; nothing for a symbol that every platform has.
    pub name: Option<swc_core::atoms::Atom>,
}

impl Purity<'_> {
    /// What an assignment to a property gives a value to.
    pub fn property_target<'e>(&self, member: &'e MemberExpr) -> Option<PropertyTarget<'e>> {
        let name = match &member.prop {
            MemberProp::Computed(key) if self.is_well_known_symbol(&key.expr) => None,
            other => Some(static_member(other)?),
        };
        let (object, is_of_prototype) = match &*member.obj {
            Expr::Ident(object) => (object, false),
            Expr::Member(inner)
                if static_member(&inner.prop).is_some_and(|middle| middle == *"prototype") =>
            {
                (inner.obj.as_ident()?, true)
            }
            _ => return None,
        };
        Some(PropertyTarget {
            object,
            is_of_prototype,
            name,
        })
    }

    pub(super) fn assignment_has_side_effects(&self, assignment: &AssignExpr) -> bool {
        if assignment.op != AssignOp::Assign || self.expression_has_side_effects(&assignment.right) {
            return true;
        }
        match &assignment.left {
            AssignTarget::Simple(SimpleAssignTarget::Ident(name)) => !self.is_inner_variable(&name.id),
            AssignTarget::Simple(SimpleAssignTarget::Member(member)) => self.property_is_observed(member),
            _ => true,
        }
    }

    fn property_is_observed(&self, member: &MemberExpr) -> bool {
        if self.this_is_fresh && member.obj.is_this() {
            return match &member.prop {
                MemberProp::PrivateName(_) => false,
                other => static_member(other).is_none_or(|name| name == *"__proto__"),
            };
        }
        if let (Expr::Ident(object), MemberProp::Computed(key)) = (&*member.obj, &member.prop)
            && static_member(&member.prop).is_none()
        {
            let is_list = matches!(
                self.fresh_kind(object),
                Some(FreshKind::Object | FreshKind::Array)
            );
            return !(is_list && key.expr.as_lit().is_some_and(swc_core::ecma::ast::Lit::is_num));
        }
        let Some(target) = self.property_target(member) else {
            return true;
        };
        let Some(kind) = self.fresh_kind(target.object) else {
            return true;
        };
        match (target.name, target.is_of_prototype) {
            (None, false) => false,
            (Some(name), false) => !kind.takes(&name),
            (None, true) => !kind.has_prototype(),
            (Some(name), true) => !kind.has_prototype() || name == *"__proto__",
        }
    }

    pub(super) fn fresh_kind(&self, object: &Ident) -> Option<FreshKind> {
        self.fresh.borrow().get(&object.to_id()).copied()
    }

    /// Whether a variable belongs to a function or block inside the statement that is judged.
    fn is_inner_variable(&self, name: &Ident) -> bool {
        self.is_within_function
            && name.ctxt != self.unresolved
            && self
                .module_names
                .is_some_and(|names| !names.contains_key(&name.to_id()))
            && !self.constants.borrow().contains(&name.to_id())
            // What is made once and then replaced is not known any more.
            && self.fresh_kind(name).is_none()
    }

    /// `list.push(value)` on a list that was just made.
    pub(super) fn fills_fresh_list(&self, call: &CallExpr) -> bool {
        let Callee::Expr(callee) = &call.callee else {
            return false;
        };
        let Expr::Member(member) = without_parentheses(callee) else {
            return false;
        };
        matches!(&*member.obj, Expr::Ident(object) if self.fresh_kind(object) == Some(FreshKind::Array))
            && static_member(&member.prop).is_some_and(|name| matches!(&*name, "push" | "unshift"))
            && call.args.iter().all(|argument| argument.spread.is_none())
            && !self.arguments_have_side_effects(&call.args)
    }

    /// Remembers the functions that the statements of a function declare.
    pub(super) fn note_functions(&self, statements: &[Stmt]) {
        if !self.is_within_function {
            return;
        }
        for statement in statements {
            if let Stmt::Decl(Decl::Fn(declaration)) = statement {
                let kind = FreshKind::of_function(&declaration.function);
                self.fresh.borrow_mut().insert(declaration.ident.to_id(), kind);
            }
        }
    }

    /// Remembers what a statement of a function has made.
    pub(super) fn note_values(&self, statement: &Stmt) {
        match statement {
            Stmt::Decl(Decl::Class(declaration)) if self.is_within_function => {
                if let Some(kind) = FreshKind::of_class(&declaration.class) {
                    self.fresh.borrow_mut().insert(declaration.ident.to_id(), kind);
                }
            }
            Stmt::Decl(Decl::Var(declaration))
                if self.is_within_function && declaration.kind == VarDeclKind::Const =>
            {
                self.note_constants(declaration);
            }
            _ => {}
        }
    }

    fn note_constants(&self, declaration: &VarDecl) {
        for declarator in &declaration.decls {
            let Pat::Ident(name) = &declarator.name else {
                continue;
            };
            let id: Id = name.to_id();
            if let Some(kind) = declarator.init.as_ref().and_then(|value| FreshKind::of(value)) {
                self.fresh.borrow_mut().insert(id.clone(), kind);
            }
            self.constants.borrow_mut().insert(id);
        }
    }

    /// Whether a function that is written in place can be called with anything.
    pub(super) fn is_quiet_callback(&self, callback: &Expr) -> bool {
        match without_parentheses(callback) {
            Expr::Arrow(arrow) => {
                let inner = self.within_function(self.this_is_fresh);
                inner.are_quiet_parameters(&arrow.params)
                    && match &*arrow.body {
                        ArrowFunctionBody::FunctionBody(body) => {
                            !inner.statements_have_side_effects(&body.stmts)
                        }
                        ArrowFunctionBody::Expr(value) => !inner.expression_has_side_effects(value),
                    }
            }
            _ => false,
        }
    }

    /// Whether taking arguments runs no code. A default value may read only parameters before it.
    pub(super) fn are_quiet_parameters<'p>(&self, parameters: impl IntoIterator<Item = &'p Pat>) -> bool {
        let parameters: Vec<&Pat> = parameters.into_iter().collect();
        let names: Vec<Vec<Id>> = parameters
            .iter()
            .map(|parameter| find_pat_ids(*parameter))
            .collect();
        self.unset.borrow_mut().extend(names.iter().flatten().cloned());
        let are_quiet = parameters.iter().zip(&names).all(|(parameter, names)| {
            let is_quiet = self.is_quiet_parameter(parameter);
            for name in names {
                self.unset.borrow_mut().remove(name);
            }
            is_quiet
        });
        for name in names.iter().flatten() {
            self.unset.borrow_mut().remove(name);
        }
        are_quiet
    }

    fn is_quiet_parameter(&self, parameter: &Pat) -> bool {
        match parameter {
            Pat::Ident(_) => true,
            Pat::Rest(rest) => rest.arg.is_ident(),
            Pat::Assign(assignment) => {
                assignment.left.is_ident() && !self.expression_has_side_effects(&assignment.right)
            }
            _ => false,
        }
    }
}
