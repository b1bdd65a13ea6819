//! Assignments that nobody else can see: to variables of a function that is being judged, and to properties of what it has
//! just made.
//!
//! ```js
//! function make() { let last; const list = []; last = 1; list[0] = last; list.push(2); return list }
//! ```

use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignTarget, CallExpr, Callee, Decl, Expr, Id, Ident, MemberExpr, MemberProp, Pat,
    SimpleAssignTarget, Stmt, UpdateExpr, VarDecl, VarDeclKind,
};
use swc_core::ecma::utils::find_pat_ids;

use super::made::{FreshKind, Made};
use super::objects::Part;
use super::{Purity, This, without_parentheses};
use crate::scan::named_members::static_member;

/// Whether an operator converts what was there.
pub fn converts(operator: AssignOp) -> bool {
    !matches!(
        operator,
        AssignOp::Assign | AssignOp::AndAssign | AssignOp::OrAssign | AssignOp::NullishAssign
    )
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

/// Where a property is.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// On the object.
    Object,
    /// On its `prototype`, for what it makes.
    Prototype,
}

impl Purity<'_> {
    /// What an assignment to a property gives a value to.
    pub fn property_target<'e>(&'e self, member: &'e MemberExpr) -> Option<PropertyTarget<'e>> {
        let name = match &member.prop {
            MemberProp::Computed(key) if self.is_well_known_symbol(&key.expr) => None,
            other => Some(static_member(other)?),
        };
        let (object, is_of_prototype) = match &*member.obj {
            Expr::Ident(object) => match self.owner_of_prototype(object) {
                Some(owner) => (owner, true),
                None => (object, false),
            },
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

    /// The function or class of whose `prototype` a name is another: `const proto = Point.prototype; proto.move = move`.
    fn owner_of_prototype(&self, name: &Ident) -> Option<&Ident> {
        let owner = self.objects?.known().owner_of_prototype(&name.to_id())?;
        (!self.may_be_unset(name)).then_some(owner)
    }

    pub(super) fn assignment_has_side_effects(&self, assignment: &AssignExpr) -> bool {
        if self.expression_has_side_effects(&assignment.right) {
            return true;
        }
        match (&assignment.left, assignment.op) {
            (AssignTarget::Simple(SimpleAssignTarget::Ident(name)), operator) => {
                !self.is_inner_variable(&name.id)
                    || converts(operator)
                        && !(self.is_plain_value(&Expr::Ident(name.id.clone()))
                            && self.is_plain_value(&assignment.right))
            }
            (AssignTarget::Simple(SimpleAssignTarget::Member(member)), AssignOp::Assign) => {
                self.property_is_observed(member)
            }
            (AssignTarget::Pat(pattern), AssignOp::Assign) => {
                self.assigned_pattern_has_side_effects(pattern, &assignment.right)
            }
            _ => true,
        }
    }

    pub(super) fn update_has_side_effects(&self, update: &UpdateExpr) -> bool {
        let Expr::Ident(name) = without_parentheses(&update.arg) else {
            return true;
        };
        !self.is_inner_variable(name) || !self.is_plain_value(&Expr::Ident(name.clone()))
    }

    fn property_is_observed(&self, member: &MemberExpr) -> bool {
        if let Some(this) = self.this
            && member.obj.is_this()
        {
            return match &member.prop {
                MemberProp::PrivateName(_) => false,
                other => static_member(other).is_none_or(|name| !self.this_takes(this, &name)),
            };
        }
        if let (Some(This::Class(made)), Expr::Member(inner)) = (self.this, &*member.obj)
            && inner.obj.is_this()
            && static_member(&inner.prop).is_some_and(|middle| middle == *"prototype")
        {
            return static_member(&member.prop)
                .is_none_or(|name| !self.made_takes(made, Some(&name), Place::Prototype));
        }
        if let (Expr::Ident(object), MemberProp::Computed(key)) = (&*member.obj, &member.prop)
            && static_member(&member.prop).is_none()
        {
            let is_list = matches!(
                self.fresh_kind(object),
                Some(FreshKind::Object | FreshKind::Array)
            );
            return !(is_list && self.is_number(&key.expr));
        }
        let Some(target) = self.property_target(member) else {
            return true;
        };
        let fresh = self.fresh.borrow();
        let Some(made) = fresh.get(&target.object.to_id()) else {
            return !self.is_promised_target(&target);
        };
        !self.takes_property(made, &target)
    }

    /// Whether a key converts without running code, and names no property that is more than a value.
    pub fn is_element_key(&self, key: &Expr) -> bool {
        match self.text_of(key) {
            Some(text) => text != "__proto__",
            None => self.is_key(key),
        }
    }

    /// The global `Object`.
    pub fn is_global_object(&self, name: &Ident) -> bool {
        name.ctxt == self.unresolved && name.sym == *"Object"
    }

    fn this_takes(&self, this: This<'_>, name: &str) -> bool {
        match this {
            This::Class(made) => self.made_takes(made, Some(name), Place::Object),
            This::Instance(made, _) => self.made_takes(made, Some(name), Place::Prototype),
        }
    }

    /// Whether giving what was made this property runs no code, in what it extends neither.
    pub fn takes_property(&self, made: &Made, target: &PropertyTarget<'_>) -> bool {
        let place = if target.is_of_prototype {
            Place::Prototype
        } else {
            Place::Object
        };
        self.made_takes(made, target.name.as_deref(), place)
    }

    fn made_takes(&self, made: &Made, name: Option<&str>, place: Place) -> bool {
        let takes = |made: &Made| match place {
            Place::Object => made.takes(name),
            Place::Prototype => made.prototype_takes(name),
        };
        takes(made)
            && match self.objects {
                Some(objects) => {
                    let part = match place {
                        Place::Object => Part::Statics,
                        Place::Prototype => Part::Whole,
                    };
                    objects.parents_pass(made, part, &takes)
                }
                None => made.parent.is_none(),
            }
    }

    pub(super) fn fresh_kind(&self, object: &Ident) -> Option<FreshKind> {
        self.fresh.borrow().get(&object.to_id()).map(|made| made.kind)
    }

    /// Whether a variable belongs to a function or block inside the statement that is judged.
    pub(super) fn is_inner_variable(&self, name: &Ident) -> bool {
        name.ctxt != self.unresolved
            && !self.may_be_unset(name)
            && self
                .module_names
                .is_some_and(|names| !names.contains_key(&name.to_id()))
            && !self.constants.borrow().contains(&name.to_id())
            && !self.unset.borrow().contains(&name.to_id())
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
        for statement in statements {
            if let Stmt::Decl(Decl::Fn(declaration)) = statement {
                let made = Made::of_function(&declaration.function);
                self.fresh.borrow_mut().insert(declaration.ident.to_id(), made);
            }
        }
    }

    /// Remembers what a statement of a function has made.
    pub(super) fn note_values(&self, statement: &Stmt) {
        match statement {
            Stmt::Decl(Decl::Class(declaration)) => {
                if let Some(made) = Made::of_class(&declaration.class) {
                    self.fresh.borrow_mut().insert(declaration.ident.to_id(), made);
                }
            }
            Stmt::Decl(Decl::Var(declaration)) if declaration.kind == VarDeclKind::Const => {
                self.note_constants(declaration);
            }
            _ => {}
        }
    }

    fn note_constants(&self, declaration: &VarDecl) {
        for declarator in &declaration.decls {
            let Pat::Ident(name) = &declarator.name else {
                self.constants
                    .borrow_mut()
                    .extend(find_pat_ids::<_, Id>(&declarator.name));
                continue;
            };
            let id: Id = name.to_id();
            let made = |value: &Expr| Made::of(value).or_else(|| self.own_field(value));
            if let Some(made) = declarator.init.as_ref().and_then(|value| made(value)) {
                self.fresh.borrow_mut().insert(id.clone(), made);
            }
            self.constants.borrow_mut().insert(id);
        }
    }

    /// Whether a function that is written in place can be called with anything.
    pub(super) fn is_quiet_callback(&self, callback: &Expr) -> bool {
        match without_parentheses(callback) {
            Expr::Arrow(arrow) => self.is_quiet_arrow(arrow, self.this),
            Expr::Fn(function) => self.is_quiet_function(function),
            name => name.is_ident() && self.is_pure_function(name),
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
            Pat::Assign(assignment) if assignment.left.is_ident() => {
                !self.expression_has_side_effects(&assignment.right)
            }
            other => self.is_taken_apart_quietly(other),
        }
    }
}
