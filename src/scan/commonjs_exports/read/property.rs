//! Reading properties: of literals, classes, required modules, and what getters return.

use swc_core::atoms::Atom;
use swc_core::ecma::ast::{
    ClassMember, Expr, Function, MemberExpr, MemberProp, ObjectLit, Prop, PropOrSpread,
};

use super::super::callee::builtin_named;
use super::super::context::{ContextId, NO_CONTEXT};
use super::super::facts::{Address, FunctionId, Holder, PlaceId, PlaceKey, function_address};
use super::super::site::Site;
use super::super::syntax::{constant_text, key_text, literal_value, peel, property_text};
use super::{Reading, Search, Sites};
use crate::graph::ExportsPart;

impl<'a> Search<'_, 'a> {
    /// Values that object literals in `base` give their property `name`.
    pub fn literal_values(
        &mut self,
        base: PlaceId,
        name: &Atom,
        context: ContextId,
    ) -> Vec<(&'a Expr, ContextId)> {
        let mut values = Vec::new();
        for (site, context) in self.sites_of_place(base, context).iter() {
            if let Site::Object(object) = site {
                values.extend(literal_value(object, name).map(|value| (value, *context)));
            }
        }
        values
    }

    /// `call().name`, and any element in `arguments[i]` and `list[i]`.
    pub(super) fn read_member(
        &mut self,
        reading: &mut Reading<'a>,
        member: &'a MemberExpr,
        context: ContextId,
    ) {
        if let Some(function) = self.facts.arguments_owner(member) {
            for (call, outer) in self.entries(context, function) {
                for index in 0..self.facts.calls[call].arguments.len() {
                    if let Some(argument) = self.argument(call, index) {
                        reading.expression(argument, outer);
                    }
                }
            }
        } else if let Some(name) = key_text(&member.prop) {
            reading.site(Site::Member(Address::of::<MemberExpr>(member)), context);
            let sites = self.sites_of_expression(&member.obj, context);
            self.read_property_of(reading, &sites, &name);
        } else if matches!(member.prop, MemberProp::Computed(_)) {
            self.read_elements(reading, &member.obj, context);
        }
    }

    pub(super) fn read_elements(&mut self, reading: &mut Reading<'a>, list: &'a Expr, context: ContextId) {
        for (site, context) in self.sites_of_expression(list, context).iter() {
            if let Site::Array(array) = site {
                for element in array.elems.iter().flatten() {
                    reading.expression(&element.expr, *context);
                }
            }
        }
    }

    /// What `base.name` is besides what is assigned to it under that very name.
    pub(super) fn read_property(
        &mut self,
        reading: &mut Reading<'a>,
        base: PlaceId,
        name: &Atom,
        context: ContextId,
    ) {
        if let Some(builtin) = builtin_named(self.facts, base, name) {
            reading.site(Site::Builtin(builtin), NO_CONTEXT);
            return;
        }
        self.read_defined_property(reading, base, name, context);
        let sites = self.sites_of_place(base, context);
        self.read_property_of(reading, &sites, name);
    }

    /// What a getter returns that is given to `base` by a call: `_export(exports, { name: () => … })`,
    /// `Object.defineProperty(exports, 'name', { get: () => … })`.
    pub(super) fn read_defined_property(
        &mut self,
        reading: &mut Reading<'a>,
        base: PlaceId,
        name: &Atom,
        context: ContextId,
    ) {
        for holder in &self.facts.places[base].holders {
            let Holder::Argument(call, 0) = *holder else {
                continue;
            };
            let (getters, key) = match (self.argument(call, 1), self.argument(call, 2)) {
                (Some(getters), None) => (getters, name.clone()),
                (Some(key), Some(descriptor)) if constant_text(key).as_ref() == Some(name) => {
                    (descriptor, Atom::from("get"))
                }
                _ => continue,
            };
            let Expr::Object(getters) = peel(getters) else {
                continue;
            };
            for function in self.functions_in_literal(getters, &key) {
                for value in &self.facts.functions[function].returns {
                    reading.expression(value, context);
                }
            }
        }
    }

    /// Functions that a literal holds under `name`.
    pub(super) fn functions_in_literal(&self, object: &'a ObjectLit, name: &Atom) -> Vec<FunctionId> {
        let mut functions = Vec::new();
        for property in &object.props {
            let PropOrSpread::Prop(property) = property else {
                continue;
            };
            let address = match &**property {
                Prop::KeyValue(pair) if property_text(&pair.key).as_ref() == Some(name) => {
                    function_address(peel(&pair.value))
                }
                Prop::Method(method) if property_text(&method.key).as_ref() == Some(name) => {
                    Some(Address::of::<Function>(&method.function))
                }
                _ => None,
            };
            functions.extend(address.and_then(|address| self.facts.function(address)));
        }
        functions
    }

    pub(super) fn read_property_of(&mut self, reading: &mut Reading<'a>, sites: &Sites<'a>, name: &Atom) {
        for (site, context) in sites.iter() {
            match site {
                Site::Module if *name == *"exports" => {
                    reading.site(Site::Exports, NO_CONTEXT);
                    for &place in &self.module_exports {
                        reading.place(place, NO_CONTEXT);
                    }
                }
                Site::Exports => {
                    let names = self.module_exports.iter().chain([&self.facts.exports]);
                    for base in names.chain(&self.names_of_exports) {
                        if let Some(place) = self.facts.property(*base, name) {
                            reading.place(place, NO_CONTEXT);
                        }
                    }
                }
                Site::Required(specifier, call) if *name == *"default" => {
                    let site = Site::RequiredPart(specifier.clone(), ExportsPart::Default, *call);
                    reading.site(site, NO_CONTEXT);
                }
                Site::Object(object) => self.read_object_property(reading, object, name, *context),
                Site::Class(class) if *name == *"prototype" => {
                    reading.site(Site::Prototype(class), *context);
                }
                Site::Class(class) => {
                    for member in &class.body {
                        match member {
                            ClassMember::Method(method)
                                if method.is_static && property_text(&method.key).as_ref() == Some(name) =>
                            {
                                let address = Address::of::<Function>(&method.function);
                                if let Some(function) = self.facts.function(address) {
                                    reading.site(Site::Function(function), *context);
                                }
                            }
                            ClassMember::ClassProp(property)
                                if property.is_static
                                    && property_text(&property.key).as_ref() == Some(name) =>
                            {
                                if let Some(value) = &property.value {
                                    reading.expression(value, *context);
                                }
                            }
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn read_object_property(
        &mut self,
        reading: &mut Reading<'a>,
        object: &'a ObjectLit,
        name: &Atom,
        context: ContextId,
    ) {
        for property in &object.props {
            let PropOrSpread::Prop(property) = property else {
                continue;
            };
            match &**property {
                Prop::Shorthand(ident) if ident.sym == *name => {
                    let key = PlaceKey::Variable(ident.to_id());
                    if let Some(place) = self.facts.place_named(&key) {
                        reading.place(place, context);
                    }
                }
                Prop::KeyValue(pair) if property_text(&pair.key).as_ref() == Some(name) => {
                    reading.expression(&pair.value, context);
                }
                Prop::Method(method) if property_text(&method.key).as_ref() == Some(name) => {
                    let address = Address::of::<Function>(&method.function);
                    if let Some(function) = self.facts.function(address) {
                        reading.site(Site::Function(function), context);
                    }
                }
                Prop::Getter(getter) if property_text(&getter.key).as_ref() == Some(name) => {
                    let address = Address::of::<Function>(&getter.function);
                    if let Some(function) = self.facts.function(address) {
                        for value in &self.facts.functions[function].returns {
                            reading.expression(value, context);
                        }
                    }
                }
                _ => {}
            }
        }
    }
}
