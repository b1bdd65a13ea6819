//! What values flow where: definitions, patterns, and properties written through a place.

use swc_core::common::{BytePos, Spanned as _};
use swc_core::ecma::ast::{
    BinaryOp, CallExpr, Class, Expr, ForHead, Lit, MemberExpr, NewExpr, ObjectLit, ObjectPatProp, Pat,
};

use super::super::facts::{
    Address, Definition, ExportsAssignment, Holder, KeySource, PlaceId, PlaceKey, Write, function_address,
};
use super::super::syntax::{Target, key_text, peel, property_text, simple_target, stores_right_side};
use super::Walker;

impl<'a> Walker<'a> {
    /// A pattern takes apart `value`; its computed keys, defaults and member targets are code too.
    pub(super) fn bind(&mut self, pattern: &'a Pat, value: Option<&'a Expr>) {
        match pattern {
            Pat::Ident(ident) => {
                if let Some(value) = value {
                    let place = self.facts.variable(&ident.id);
                    self.define(place, value);
                }
            }
            Pat::Assign(with_default) => {
                self.expression(&with_default.right);
                self.bind(&with_default.left, value);
                self.bind(&with_default.left, Some(&with_default.right));
            }
            Pat::Object(object) => {
                let base = value.and_then(|value| self.place(value));
                for property in &object.props {
                    match property {
                        ObjectPatProp::KeyValue(pair) => {
                            self.property_name(&pair.key);
                            self.bind_property(base, property_text(&pair.key), &pair.value);
                        }
                        ObjectPatProp::Assign(short) => {
                            short.value.iter().for_each(|value| self.expression(value));
                            let place = self.facts.variable(&short.key.id);
                            self.define_as_property(place, base, Some(short.key.id.sym.clone()));
                            if let Some(value) = &short.value {
                                self.define(place, value);
                            }
                        }
                        ObjectPatProp::Rest(rest) => self.bind(&rest.arg, None),
                    }
                }
            }
            Pat::Array(array) => {
                for element in array.elems.iter().flatten() {
                    self.bind(element, None);
                }
            }
            Pat::Rest(rest) => self.bind(&rest.arg, None),
            Pat::Expr(target) => {
                if let Expr::Member(member) = peel(target) {
                    self.write_member(member, value);
                }
            }
            Pat::Invalid(_) => {}
        }
    }

    pub(super) fn bind_property(
        &mut self,
        base: Option<PlaceId>,
        name: Option<swc_core::atoms::Atom>,
        pattern: &'a Pat,
    ) {
        let inner = match pattern {
            Pat::Assign(with_default) => &*with_default.left,
            other => other,
        };
        if let Pat::Ident(ident) = inner {
            let place = self.facts.variable(&ident.id);
            self.define_as_property(place, base, name);
        }
        self.bind(pattern, None);
    }

    pub(super) fn define_as_property(
        &mut self,
        place: PlaceId,
        base: Option<PlaceId>,
        name: Option<swc_core::atoms::Atom>,
    ) {
        if let (Some(base), Some(name)) = (base, name) {
            let property = self.facts.place(PlaceKey::Property(base, name));
            self.facts.places[place]
                .definitions
                .push(Definition::Place(property));
            self.facts.places[property].holders.push(Holder::Place(place));
        }
    }

    /// Makes places for what `expression` names, so that the searches can ask for them.
    pub(super) fn note_places(&mut self, expression: &'a Expr) {
        let environment = self.environment;
        environment.for_each_outcome(expression, &mut |outcome| {
            self.place(outcome);
        });
    }

    pub(super) fn loop_variable(&mut self, head: &'a ForHead, source: KeySource<'a>) {
        let (KeySource::KeysOf(object) | KeySource::ElementsOf(object)) = source;
        self.note_places(object);
        let pattern = match head {
            ForHead::VarDecl(declaration) => match declaration.decls.first() {
                Some(declarator) => &declarator.name,
                None => return,
            },
            ForHead::Pat(pattern) => &**pattern,
            ForHead::UsingDecl(_) => return,
        };
        self.key_variable(pattern, source);
        self.bind(pattern, None);
    }

    /// `k` in `for (k of Object.keys(x))` and in `for ([k, v] of Object.entries(x))`.
    pub(super) fn key_variable(&mut self, pattern: &'a Pat, source: KeySource<'a>) {
        let pattern = match pattern {
            Pat::Array(array) => match array.elems.first() {
                Some(Some(first)) => first,
                _ => return,
            },
            other => other,
        };
        let place = match pattern {
            Pat::Ident(ident) => self.facts.variable(&ident.id),
            Pat::Expr(expression) => match peel(expression) {
                Expr::Ident(ident) => self.facts.variable(ident),
                _ => return,
            },
            _ => return,
        };
        self.facts.key_sources.entry(place).or_default().push(source);
    }

    /// Notes that `value` flows into `place`.
    pub(super) fn define(&mut self, place: PlaceId, value: &'a Expr) {
        let mut can_matter = false;
        self.environment.for_each_outcome(value, &mut |outcome| {
            can_matter |= !matches!(
                outcome,
                Expr::Lit(
                    Lit::Bool(_)
                        | Lit::Null(_)
                        | Lit::Num(_)
                        | Lit::BigInt(_)
                        | Lit::Regex(_)
                        | Lit::JSXText(_)
                ) | Expr::Unary(_)
                    | Expr::Update(_)
            );
        });
        if can_matter {
            self.facts.places[place]
                .definitions
                .push(Definition::Expression(value));
            self.flow(value, Holder::Place(place));
        }
    }

    pub(super) fn returns(&mut self, value: &'a Expr) {
        if let Some(function) = self.function {
            self.facts.functions[function].returns.push(value);
            self.flow(value, Holder::Return(function));
        }
    }

    /// Notes where every value that `value` can have goes.
    pub(super) fn flow(&mut self, value: &'a Expr, holder: Holder) {
        let environment = self.environment;
        environment.for_each_outcome(value, &mut |outcome| {
            let address = match outcome {
                Expr::Object(object) => Address::of::<ObjectLit>(object),
                Expr::Class(class) => Address::of::<Class>(&class.class),
                Expr::Call(call) => Address::of::<CallExpr>(call),
                Expr::New(new) => Address::of::<NewExpr>(new),
                Expr::Fn(_) | Expr::Arrow(_) => match function_address(outcome) {
                    Some(address) => address,
                    None => return,
                },
                _ => match (self.place(outcome), outcome) {
                    (Some(place), _) => {
                        self.facts.places[place].holders.push(holder);
                        return;
                    }
                    (None, Expr::Member(member)) => Address::of::<MemberExpr>(member),
                    _ => return,
                },
            };
            self.facts.holders_of.entry(address).or_default().push(holder);
        });
    }

    /// The place an expression names.
    pub(super) fn place(&mut self, expression: &'a Expr) -> Option<PlaceId> {
        match peel(expression) {
            Expr::Ident(ident) => Some(self.facts.variable(ident)),
            Expr::This(this) => {
                self.facts.this_of.insert(Address::of(this), self.this);
                Some(self.this)
            }
            Expr::Member(member) => {
                let name = key_text(&member.prop)?;
                let base = self.place(&member.obj)?;
                Some(self.facts.place(PlaceKey::Property(base, name)))
            }
            Expr::Assign(assignment) if stores_right_side(assignment.op) => {
                match simple_target(&assignment.left)? {
                    Target::Variable(ident) => Some(self.facts.variable(ident)),
                    Target::Member(member) => {
                        let name = key_text(&member.prop)?;
                        let base = self.place(&member.obj)?;
                        Some(self.facts.place(PlaceKey::Property(base, name)))
                    }
                }
            }
            Expr::Bin(binary) if matches!(binary.op, BinaryOp::LogicalOr | BinaryOp::NullishCoalescing) => {
                self.place(&binary.left)
            }
            _ => None,
        }
    }

    /// `base.name = value` and `base[key] = value`
    pub(super) fn write_member(&mut self, member: &'a MemberExpr, value: Option<&'a Expr>) {
        self.expression(&member.obj);
        if let swc_core::ecma::ast::MemberProp::Computed(computed) = &member.prop {
            self.expression(&computed.expr);
        }
        let position = member.prop.span().lo;
        let Some(base) = self.place(&member.obj) else {
            return;
        };
        match key_text(&member.prop) {
            Some(name) => self.write_named(base, name, position, value),
            None => {
                if let swc_core::ecma::ast::MemberProp::Computed(computed) = &member.prop {
                    self.facts.places[base]
                        .writes
                        .push(Write::Keyed(&computed.expr, position));
                }
            }
        }
    }

    pub(super) fn write_named(
        &mut self,
        base: PlaceId,
        name: swc_core::atoms::Atom,
        position: BytePos,
        value: Option<&'a Expr>,
    ) {
        self.facts.places[base]
            .writes
            .push(Write::Named(name.clone(), position));
        let Some(value) = value else { return };
        if name == *"exports" {
            self.facts.exports_assignments.push(ExportsAssignment {
                base,
                value,
                certainty: self.certainty,
            });
        }
        let property = self.facts.place(PlaceKey::Property(base, name));
        self.define(property, value);
    }
}
