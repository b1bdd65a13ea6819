//! Statements that do nothing else than to give bindings of their module values or properties:
//!
//! ```js
//! let current; current = 1; let count = 0; count++; [current, count] = [1, 2]
//! function Point() {} Point.prototype.move = function () {}; Point.origin = {}
//! const list = []; list.push(1); const table = {}; table.a = table['b'] = true
//! Object.assign(Point.prototype, { stay() {} }); Object.freeze(table); Point.prototype = Other.prototype
//! var Kind; (function (Kind) { Kind[Kind['A'] = 0] = 'A' })(Kind || (Kind = {}))
//! ```
//!
//! if (typeof window === 'undefined') current = 2; for (let i = 0; i < 9; i++) list[i] = i
//!
//! Such a statement counts where one of the bindings is used.

mod limits;

use std::cell::RefCell;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignTarget, BinaryOp, CallExpr, Callee, Expr, ExprOrSpread, Id, Ident, Lit,
    MemberExpr, MemberProp, ObjectLit, Prop, PropOrSpread, SimpleAssignTarget, Stmt, UnaryOp,
};

use self::limits::{Limit, defined_name, key_name, limits_of, names_of_descriptors};
use super::named_members::static_member;
use super::normalize::NormalizedModule;
use super::reassigned::Reassigned;
use super::side_effects::{
    Filling, FreshKind, Known, NotedFilling, Objects, PropertyTarget, Purity, converts, is_of_no_object,
    without_parentheses,
};
use crate::graph::{LocalId, StatementId};

/// What decides.
pub struct Fills<'a> {
    /// The module.
    pub module: &'a NormalizedModule,
    /// What is assigned to.
    pub reassigned: &'a Reassigned,
    /// What its objects are.
    pub known: &'a Known,
    /// Objects that do not take every property any more.
    limits: FxHashMap<Id, Vec<Limit>>,
}

impl<'a> Fills<'a> {
    /// Looks for objects with limits.
    pub fn new(module: &'a NormalizedModule, reassigned: &'a Reassigned, known: &'a Known) -> Self {
        let limits = limits_of(module);
        Self {
            module,
            reassigned,
            known,
            limits,
        }
    }

    /// The bindings that a statement fills, if it does nothing else.
    pub fn filled_by(
        &self,
        statement: StatementId,
        purity: &Purity<'_>,
        declared_later: &FxHashSet<Id>,
    ) -> Option<Vec<LocalId>> {
        let node = &self.module.statements[statement];
        self.filled_by_code(node, statement, purity, declared_later)
    }

    /// The same of code in the place of a statement.
    pub fn filled_by_code(
        &self,
        node: &Stmt,
        statement: StatementId,
        purity: &Purity<'_>,
        declared_later: &FxHashSet<Id>,
    ) -> Option<Vec<LocalId>> {
        let place = Place::of_statement(self, statement.index(), declared_later);
        let filling = purity.filling(&place);
        if filling.statement_has_side_effects(node) {
            return None;
        }
        let filled = place.found.into_inner().into_iter();
        let mut locals: Vec<LocalId> = filled
            .filter_map(|id| self.module.symbol_of.get(&id).copied())
            .collect();
        locals.sort_unstable();
        (!locals.is_empty()).then_some(locals)
    }
}

/// Where code stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    /// In the statement of this number.
    Statement(usize),
    /// In a function, which may run at any time.
    Function,
}

/// Code that may fill something.
pub struct Place<'a> {
    fills: &'a Fills<'a>,
    position: Position,
    /// What has no value yet.
    declared_later: Option<&'a FxHashSet<Id>>,
    /// What is filled.
    found: RefCell<FxHashSet<Id>>,
}

impl NotedFilling for Place<'_> {
    fn as_filling(&self) -> &dyn Filling {
        self
    }

    fn take(&self) -> FxHashSet<Id> {
        self.found.take()
    }
}

impl Filling for Place<'_> {
    fn fills(&self, expression: &Expr, purity: &Purity<'_>) -> bool {
        let filled = match expression {
            Expr::Assign(assignment) => self.assigned(assignment, purity),
            Expr::Update(update) => match without_parentheses(&update.arg) {
                Expr::Ident(name) if purity.is_plain_value(&Expr::Ident(name.clone())) => Some(name.to_id()),
                Expr::Member(member) => self.given_property(member, Operation::Computes, purity),
                _ => None,
            },
            Expr::Unary(unary) if unary.op == UnaryOp::Delete => match without_parentheses(&unary.arg) {
                Expr::Member(member) => self.deleted(member, purity),
                _ => None,
            },
            Expr::Call(call) => self.filled_by_call(call, purity),
            _ => None,
        };
        let gives_value = match expression {
            Expr::Assign(assignment) => assignment.left.as_ident().is_some(),
            Expr::Update(update) => without_parentheses(&update.arg).is_ident(),
            _ => false,
        };
        filled.is_some_and(|id| self.note(id, gives_value))
    }

    fn assigns(&self, name: &Ident, _: &Purity<'_>) -> bool {
        self.note(name.to_id(), true)
    }

    fn fills_all(&self, names: &FxHashSet<Id>) -> bool {
        names.iter().all(|name| self.note(name.clone(), false))
    }
}

/// What is done with a property.
#[derive(Clone, Copy)]
enum Operation<'a> {
    /// It is given this value.
    Gives(&'a Expr),
    /// A value is computed of what it was.
    Computes,
}

impl<'a> Place<'a> {
    fn of_statement(fills: &'a Fills<'a>, index: usize, declared_later: &'a FxHashSet<Id>) -> Self {
        Self {
            fills,
            position: Position::Statement(index),
            declared_later: Some(declared_later),
            found: RefCell::default(),
        }
    }

    /// Code that may run at any time.
    pub fn of_functions(fills: &'a Fills<'a>) -> Self {
        Self {
            fills,
            position: Position::Function,
            declared_later: None,
            found: RefCell::default(),
        }
    }

    /// Notes a binding that is filled, if that may be.
    fn note(&self, id: Id, is_assigned: bool) -> bool {
        let module = self.fills.module;
        let is_own = module.symbol_of.get(&id).is_some_and(|local| {
            !module.imports.contains_key(local) && !module.symbols[*local].declared_by.is_empty()
        });
        let is_fillable = is_own
            && !(is_assigned && self.fills.reassigned.constants.contains(&id))
            && self.declared_later.is_none_or(|later| !later.contains(&id));
        if is_fillable {
            self.found.borrow_mut().insert(id);
        }
        is_fillable
    }

    /// Whether a property, or any, can not simply be assigned to at this point.
    fn is_limited(&self, id: &Id, name: Option<&Atom>) -> bool {
        let limits = self.fills.limits.get(id).into_iter().flatten();
        let is_over = |limit: &&Limit| match self.position {
            Position::Statement(index) => limit.from <= index,
            Position::Function => true,
        };
        limits.filter(is_over).any(|limit| {
            let names = limit.name.as_ref().zip(name);
            names.is_none_or(|(limited, name)| limited == name)
        })
    }

    /// Whether a property may have been defined before by a statement that defines it.
    fn is_defined_again(&self, id: &Id, name: Option<&Atom>) -> bool {
        let Position::Statement(index) = self.position else {
            return true;
        };
        let limits = self.fills.limits.get(id).into_iter().flatten();
        let of_name = limits.filter(|limit| {
            let names = limit.name.as_ref().zip(name);
            names.is_none_or(|(limited, name)| limited == name)
        });
        let mut here = 0;
        of_name.into_iter().any(|limit| match limit.at {
            None => true,
            Some(at) => {
                here += usize::from(at == index);
                at < index || here > 1
            }
        })
    }

    /// What an assignment gives a value or a property.
    fn assigned(&self, assignment: &AssignExpr, purity: &Purity<'_>) -> Option<Id> {
        let value = &assignment.right;
        if purity.expression_has_side_effects(value) {
            return None;
        }
        match &assignment.left {
            AssignTarget::Simple(SimpleAssignTarget::Ident(name)) => {
                let is_quiet = !converts(assignment.op)
                    || purity.is_plain_value(&Expr::Ident(name.id.clone())) && purity.is_plain_value(value);
                is_quiet.then(|| name.to_id())
            }
            AssignTarget::Simple(SimpleAssignTarget::Member(member)) => {
                let operation = if converts(assignment.op) {
                    if !purity.is_plain_value(value) {
                        return None;
                    }
                    Operation::Computes
                } else {
                    Operation::Gives(value)
                };
                self.given_property(member, operation, purity)
            }
            _ => None,
        }
    }

    fn given_property(
        &self,
        member: &MemberExpr,
        operation: Operation<'_>,
        purity: &Purity<'_>,
    ) -> Option<Id> {
        if let Operation::Computes = operation
            && !member
                .obj
                .as_ident()
                .is_some_and(|object| Objects::new(self.fills.known, None).is_flat(&object.to_id()))
        {
            return None;
        }
        let Some(target) = purity.property_target(member) else {
            return self.given_element(member, operation, purity);
        };
        let id = target.object.to_id();
        let Some(made) = self.fills.known.made(&id) else {
            return self.given_by_import(id, &target, purity);
        };
        let is_replaced = self.fills.reassigned.prototypes.contains(&id);
        let is_known = if !target.is_of_prototype && target.name.as_deref() == Some("prototype") {
            made.kind == FreshKind::Function
        } else if made.kind == FreshKind::Array && target.name.as_deref() == Some("length") {
            !made.is_frozen() && matches!(operation, Operation::Gives(length) if is_length(length))
        } else {
            purity.takes_property(made, &target) && !(target.is_of_prototype && is_replaced)
        };
        // The object may have another name.
        let named = member.obj.as_ident().map(Ident::to_id);
        let is_limited = named
            .iter()
            .chain([&id])
            .any(|id| self.is_limited(id, target.name.as_ref()));
        (is_known && !is_limited).then_some(id)
    }

    /// `const Page = memo(page); Page.displayName = 'Page'`, where `memo` is an import.
    fn given_by_import(&self, id: Id, target: &PropertyTarget<'_>, purity: &Purity<'_>) -> Option<Id> {
        let name = target.name.as_ref().filter(|_| !target.is_of_prototype)?;
        let giver = self.fills.known.giver(&id)?;
        let takes = is_of_no_object(name) && !self.is_limited(&id, Some(name));
        (takes && purity.is_promised_giver(giver)).then_some(id)
    }

    /// `table[KEY]`, where the key is a value that converts without running code.
    fn given_element(
        &self,
        member: &MemberExpr,
        operation: Operation<'_>,
        purity: &Purity<'_>,
    ) -> Option<Id> {
        let MemberProp::Computed(key) = &member.prop else {
            return None;
        };
        let id = member.obj.as_ident()?.to_id();
        let made = self.fills.known.made(&id)?;
        if made.is_frozen() {
            return None;
        }
        let takes = match (made.kind, operation) {
            (FreshKind::Array, _) => purity.is_number(&key.expr),
            // Its elements are numbers: values are converted.
            (FreshKind::Numbers, Operation::Gives(value)) => {
                purity.is_number(&key.expr) && purity.is_plain_value(value)
            }
            _ => made.is_plain_object() && purity.is_element_key(&key.expr),
        };
        (takes && !self.is_limited(&id, None)).then_some(id)
    }

    /// `delete table.name`
    fn deleted(&self, member: &MemberExpr, purity: &Purity<'_>) -> Option<Id> {
        let id = member.obj.as_ident()?.to_id();
        let is_known = match &member.prop {
            MemberProp::Ident(_) => true,
            MemberProp::Computed(key) => purity.is_element_key(&key.expr),
            MemberProp::PrivateName(_) => false,
        };
        let made = self.fills.known.made(&id)?;
        let may_lose = made.is_plain_object() && !made.is_frozen();
        (is_known && may_lose && !self.is_limited(&id, None)).then_some(id)
    }

    fn filled_by_call(&self, call: &CallExpr, purity: &Purity<'_>) -> Option<Id> {
        let Callee::Expr(callee) = &call.callee else {
            return None;
        };
        if call.args.iter().any(|argument| argument.spread.is_some()) {
            return None;
        }
        let are_quiet = |arguments: &[ExprOrSpread]| {
            !arguments
                .iter()
                .any(|argument| purity.expression_has_side_effects(&argument.expr))
        };
        if let Some(id) = self.merged_enum(callee, &call.args, purity) {
            return Some(id);
        }
        let member = without_parentheses(callee).as_member()?;
        let method = static_member(&member.prop)?;
        let object = member.obj.as_ident()?;
        if let Some(made) = self.fills.known.made(&object.to_id()) {
            let id = object.to_id();
            let sorts = made.kind == FreshKind::Array
                && method == *"sort"
                && call.args.is_empty()
                && Objects::new(self.fills.known, None).is_flat_list(&id);
            let only_fills = sorts || purity.method_only_fills(made.kind, &method, &call.args);
            return (only_fills && !made.is_frozen() && are_quiet(&call.args) && !self.is_limited(&id, None))
                .then_some(id);
        }
        // Functions may run before what limits an object has.
        if !purity.is_global_object(object) || self.position == Position::Function {
            return None;
        }
        let (target, others) = call.args.split_first()?;
        let id = self.whole_or_prototype(&target.expr)?;
        let is_quiet = match (&*method, others) {
            ("freeze" | "seal" | "preventExtensions", []) => target.expr.is_ident(),
            ("defineProperty", [key, descriptor]) => {
                let made = self.fills.known.made(&id)?;
                let name = defined_name(&key.expr);
                !made.is_frozen()
                    && purity.is_element_key(&key.expr)
                    && is_plain_literal(&descriptor.expr)
                    && !self.is_defined_again(&id, name.as_ref())
                    && !(made.kind == FreshKind::Array && name.as_deref().is_none_or(|name| name == "length"))
            }
            ("defineProperties", [descriptors]) => {
                !self.fills.known.made(&id)?.is_frozen()
                    && are_plain_descriptors(&descriptors.expr)
                    && names_of_descriptors(&descriptors.expr)
                        .iter()
                        .all(|name| !self.is_defined_again(&id, name.as_ref()))
            }
            ("assign", sources) => {
                let made = self.fills.known.made(&id)?;
                let takes_all = if target.expr.is_ident() {
                    made.is_plain_object() && !made.is_frozen()
                } else {
                    made.parent.is_none() && !made.has_accessors()
                };
                takes_all && sources.iter().all(|source| self.is_copied(&id, &source.expr))
            }
            _ => false,
        };
        (is_quiet && are_quiet(others)).then_some(id)
    }

    /// Whether copying a literal to an object is no more than assigning values.
    fn is_copied(&self, id: &Id, source: &Expr) -> bool {
        let Expr::Object(object) = source else {
            return false;
        };
        is_plain_literal(source)
            && object.props.iter().all(|property| {
                let PropOrSpread::Prop(property) = property else {
                    return false;
                };
                let name = match &**property {
                    Prop::Shorthand(name) => Some(name.sym.clone()),
                    Prop::KeyValue(pair) => key_name(&pair.key),
                    Prop::Method(method) => key_name(&method.key),
                    _ => None,
                };
                name.is_some_and(|name| !self.is_limited(id, Some(&name)))
            })
    }

    /// `X` or `X.prototype`, for what the module has made.
    fn whole_or_prototype(&self, target: &Expr) -> Option<Id> {
        let object = match target {
            Expr::Ident(object) => object,
            Expr::Member(member) if static_member(&member.prop)? == *"prototype" => member.obj.as_ident()?,
            _ => return None,
        };
        let id = object.to_id();
        let made = self.fills.known.made(&id)?;
        let has_prototype = matches!(made.kind, FreshKind::Function | FreshKind::Class);
        (target.is_ident() || has_prototype && !self.fills.reassigned.prototypes.contains(&id)).then_some(id)
    }

    /// `(function (E) { … })(E || (E = {}))`
    fn merged_enum(&self, callee: &Expr, arguments: &[ExprOrSpread], purity: &Purity<'_>) -> Option<Id> {
        let mut callee = callee;
        while let Expr::Paren(inner) = callee {
            callee = &inner.expr;
        }
        let [argument] = arguments else { return None };
        let either = argument
            .expr
            .as_bin()
            .filter(|either| either.op == BinaryOp::LogicalOr)?;
        let id = either.left.as_ident()?.to_id();
        let mut right = &*either.right;
        while let Expr::Paren(inner) = right {
            right = &inner.expr;
        }
        let assignment = right
            .as_assign()
            .filter(|assignment| assignment.op == AssignOp::Assign)?;
        let is_filled = matches!(&assignment.left, AssignTarget::Simple(SimpleAssignTarget::Ident(name)) if name.to_id() == id)
            && assignment
                .right
                .as_object()
                .is_some_and(|object| object.props.is_empty());
        let is_only_filled = self.fills.reassigned.is_empty_object(&id)
            || self
                .fills
                .known
                .made(&id)
                .is_some_and(|made| made.parent.is_none() && !made.has_accessors());
        (is_filled && is_only_filled && purity.fills_enum(callee)).then_some(id)
    }
}

/// `{ name: { value: 1 } }`
fn are_plain_descriptors(descriptors: &Expr) -> bool {
    let Expr::Object(object) = descriptors else {
        return false;
    };
    object.props.iter().all(|property| {
        let PropOrSpread::Prop(property) = property else {
            return false;
        };
        matches!(&**property, Prop::KeyValue(pair)
            if key_name(&pair.key).is_some_and(|name| name != *"__proto__") && is_plain_literal(&pair.value))
    })
}

/// A length that lists may have.
fn is_length(value: &Expr) -> bool {
    matches!(value, Expr::Lit(Lit::Num(number)) if number.value.fract() == 0.0 && (0.0..100_000.0).contains(&number.value))
}

/// A literal whose properties run no code when they are read.
fn is_plain_literal(value: &Expr) -> bool {
    let copies = |object: &ObjectLit| object.props.iter().any(PropOrSpread::is_spread);
    super::side_effects::Made::of(value).is_some_and(|made| made.is_plain_object())
        && !value.as_object().is_some_and(copies)
}
