//! Names that object literals and classes spell out.

use swc_core::common::Spanned as _;
use swc_core::ecma::ast::{Class, ClassMember, Key, ObjectLit, Prop, PropName, PropOrSpread};

use super::super::context::ContextId;
use super::super::facts::{Address, CallId};
use super::super::site::Site;
use super::super::syntax::property_text;
use super::{Part, Reach};

impl<'a> Reach<'_, '_, 'a> {
    /// What an instance gets from its class and the classes that it extends.
    pub(super) fn class_instance(&mut self, class: &'a Class, call: CallId, context: ContextId) {
        if !self.visited_classes.insert((Address::of::<Class>(class), call)) {
            return;
        }
        self.class(class, ClassSide::Fields, context);
        if let Some(class_facts) = self.search.facts.class_of.get(&Address::of::<Class>(class)) {
            match class_facts.constructor {
                Some(constructor) => self.this(call, constructor, context),
                None => self.place(class_facts.instance_this, context),
            }
        }
        if let Some(parent) = &class.super_class {
            for (site, context) in self.search.sites_of_expression(parent, context).iter() {
                if let Site::Class(parent) = site {
                    self.class_instance(parent, call, *context);
                }
            }
        }
    }

    pub(super) fn object(&mut self, object: &'a ObjectLit, context: ContextId) {
        for property in &object.props {
            let property = match property {
                PropOrSpread::Spread(spread) => {
                    self.value(&spread.expr, context, Part::Copied);
                    continue;
                }
                PropOrSpread::Prop(property) => &**property,
            };
            match property {
                Prop::Shorthand(ident) => self.name(ident.sym.clone(), ident.span.lo),
                Prop::KeyValue(pair) => self.property_name(&pair.key, context),
                Prop::Getter(getter) => self.property_name(&getter.key, context),
                Prop::Setter(setter) => self.property_name(&setter.key, context),
                Prop::Method(method) => self.property_name(&method.key, context),
                Prop::Assign(_) => {}
            }
        }
        let facts = self.search.facts;
        self.holders(facts.holders(Address::of::<ObjectLit>(object)), context);
    }

    pub(super) fn property_name(&mut self, name: &'a PropName, context: ContextId) {
        match (property_text(name), name) {
            (Some(text), _) => self.name(text, name.span().lo),
            (None, PropName::Computed(computed)) => self.key(&computed.expr, computed.span.lo, context),
            _ => {}
        }
    }

    pub(super) fn class(&mut self, class: &'a Class, side: ClassSide, context: ContextId) {
        for member in &class.body {
            let (name, found) = match member {
                ClassMember::Method(method) if method.is_static => (&method.key, ClassSide::Static),
                ClassMember::Method(method) => (&method.key, ClassSide::Methods),
                ClassMember::ClassProp(property) if property.is_static => (&property.key, ClassSide::Static),
                ClassMember::ClassProp(property) => (&property.key, ClassSide::Fields),
                ClassMember::AutoAccessor(accessor) if accessor.is_static => match &accessor.key {
                    Key::Public(name) => (name, ClassSide::Static),
                    Key::Private(_) => continue,
                },
                _ => continue,
            };
            if found == side {
                self.property_name(name, context);
            }
        }
    }
}

/// Which members of a class are properties of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClassSide {
    /// Of the class itself.
    Static,
    /// Of every instance.
    Fields,
    /// Of the prototype.
    Methods,
}
