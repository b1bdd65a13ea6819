//! Functions and classes: their parameters, their `this`, and how sure it is that they run.

use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, Class, ClassMember, Function, Key, ParamOrTsParamProp, Pat, Stmt,
};

use super::super::facts::{
    Address, Arity, Certainty, ClassFacts, Definition, FunctionFacts, FunctionId, Holder, PlaceId, PlaceKey,
    Role,
};
use super::Walker;

impl<'a> Walker<'a> {
    pub(super) fn hold_function(&mut self, function: FunctionId, place: PlaceId) {
        self.facts.places[place]
            .definitions
            .push(Definition::Function(function));
        let address = self.facts.functions[function].address;
        self.facts
            .holders_of
            .entry(address)
            .or_default()
            .push(Holder::Place(place));
    }

    pub(super) fn hold_class(&mut self, class: &'a Class, place: PlaceId) {
        self.facts.places[place]
            .definitions
            .push(Definition::Class(class));
        self.facts
            .holders_of
            .entry(Address::of::<Class>(class))
            .or_default()
            .push(Holder::Place(place));
    }

    pub(super) fn function(&mut self, function: &'a Function) -> FunctionId {
        let certainty = std::mem::replace(&mut self.certainty, Certainty::Uncertain);
        let id = self.function_as_sure_as_here(function);
        self.certainty = certainty;
        id
    }

    pub(super) fn function_as_sure_as_here(&mut self, function: &'a Function) -> FunctionId {
        let this = self.facts.place(PlaceKey::Nameless);
        self.function_with_this(function, this)
    }

    pub(super) fn function_with_this(&mut self, function: &'a Function, this: PlaceId) -> FunctionId {
        let patterns = function.params.iter().map(|parameter| &parameter.pat);
        let body = function.body.as_ref().map_or(&[][..], |body| &body.stmts);
        self.function_body(Address::of(function), patterns, body, this)
    }

    pub(super) fn function_body(
        &mut self,
        address: Address,
        patterns: impl Iterator<Item = &'a Pat>,
        body: &'a [Stmt],
        this: PlaceId,
    ) -> FunctionId {
        let id = self.add_function(address, Some(this));
        if matches!(self.facts.places[this].role, Role::Plain) {
            self.facts.places[this].role = Role::This(id);
        }
        let outer = (self.this, self.function, self.arguments_owner);
        (self.this, self.function, self.arguments_owner) = (this, Some(id), Some(id));
        self.parameters(id, patterns);
        self.statements(body);
        (self.this, self.function, self.arguments_owner) = outer;
        id
    }

    pub(super) fn add_function(&mut self, address: Address, this: Option<PlaceId>) -> FunctionId {
        let id = self.facts.functions.push(FunctionFacts {
            address,
            parameters: Vec::new(),
            this,
            returns: Vec::new(),
            arity: Arity::Fixed,
        });
        self.facts.function_of.insert(address, id);
        id
    }

    pub(super) fn parameters(&mut self, function: FunctionId, patterns: impl Iterator<Item = &'a Pat>) {
        for (index, pattern) in patterns.enumerate() {
            let named = match pattern {
                Pat::Assign(with_default) => &*with_default.left,
                other => other,
            };
            let place = match named {
                Pat::Ident(ident) => {
                    let place = self.facts.variable(&ident.id);
                    self.facts.places[place].role = Role::Parameter(function, index);
                    Some(place)
                }
                _ => None,
            };
            self.facts.functions[function].parameters.push(place);
            if !matches!(pattern, Pat::Ident(_)) {
                self.bind(pattern, None);
            }
        }
    }

    pub(super) fn arrow(&mut self, arrow: &'a ArrowExpr) {
        self.arrow_with(arrow, Certainty::Uncertain);
    }

    pub(super) fn arrow_with(&mut self, arrow: &'a ArrowExpr, certainty: Certainty) {
        let id = self.add_function(Address::of(arrow), None);
        let outer = (
            std::mem::replace(&mut self.certainty, certainty),
            self.function.replace(id),
        );
        self.parameters(id, arrow.params.iter());
        match &*arrow.body {
            ArrowFunctionBody::FunctionBody(body) => self.statements(&body.stmts),
            ArrowFunctionBody::Expr(value) => {
                self.expression(value);
                self.returns(value);
            }
        }
        (self.certainty, self.function) = outer;
    }

    pub(super) fn class(&mut self, class: &'a Class) {
        class
            .super_class
            .iter()
            .for_each(|parent| self.expression(parent));
        let static_this = self.facts.place(PlaceKey::Nameless);
        let instance_this = self.facts.place(PlaceKey::Nameless);
        let mut constructor = None;
        let outer_this = self.this;
        for member in &class.body {
            match member {
                ClassMember::Constructor(member) => {
                    let patterns = member.params.iter().filter_map(|parameter| match parameter {
                        ParamOrTsParamProp::Param(parameter) => Some(&parameter.pat),
                        ParamOrTsParamProp::TsParamProp(_) => None,
                    });
                    let body = member.body.as_ref().map_or(&[][..], |body| &body.stmts);
                    let mut id = None;
                    self.uncertain(|walker| {
                        id = Some(walker.function_body(Address::of(member), patterns, body, instance_this));
                    });
                    constructor = id;
                }
                ClassMember::Method(member) => {
                    self.property_name(&member.key);
                    let this = if member.is_static {
                        static_this
                    } else {
                        instance_this
                    };
                    self.uncertain(|walker| {
                        walker.function_with_this(&member.function, this);
                    });
                }
                ClassMember::PrivateMethod(member) => {
                    let this = if member.is_static {
                        static_this
                    } else {
                        instance_this
                    };
                    self.uncertain(|walker| {
                        walker.function_with_this(&member.function, this);
                    });
                }
                ClassMember::ClassProp(member) => {
                    self.property_name(&member.key);
                    self.this = if member.is_static {
                        static_this
                    } else {
                        instance_this
                    };
                    member.value.iter().for_each(|value| self.expression(value));
                }
                ClassMember::PrivateProp(member) => {
                    self.this = if member.is_static {
                        static_this
                    } else {
                        instance_this
                    };
                    member.value.iter().for_each(|value| self.expression(value));
                }
                ClassMember::AutoAccessor(member) => {
                    if let Key::Public(name) = &member.key {
                        self.property_name(name);
                    }
                    self.this = if member.is_static {
                        static_this
                    } else {
                        instance_this
                    };
                    member.value.iter().for_each(|value| self.expression(value));
                }
                ClassMember::StaticBlock(block) => {
                    self.this = static_this;
                    self.statements(&block.body.stmts);
                }
                ClassMember::TsIndexSignature(_) | ClassMember::Empty(_) => {}
            }
            self.this = outer_this;
        }
        self.facts.class_of.insert(
            Address::of(class),
            ClassFacts {
                static_this,
                instance_this,
                constructor,
            },
        );
    }
}
