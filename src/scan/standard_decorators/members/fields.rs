//! Fields, and what happens before and after them.

use swc_core::atoms::Atom;
use swc_core::ecma::ast::{ClassMember, ClassProp, Expr, Ident, PrivateProp, PropName};

use super::super::build::{call, read, returned, sequence, string, this};
use super::super::mentions::Inside;
use super::private::access;
use super::{Kind, Members, Of};

/// What a field is called when it has its value.
pub(super) enum FieldName {
    Text(Atom),
    Value(Expr),
}

impl FieldName {
    pub(super) fn text(&self) -> Option<&Atom> {
        match self {
            Self::Text(text) => Some(text),
            Self::Value(_) => None,
        }
    }

    pub(super) fn value(&self) -> Option<&Expr> {
        match self {
            Self::Text(_) => None,
            Self::Value(value) => Some(value),
        }
    }
}

impl Members<'_, '_> {
    pub(super) fn field(&mut self, mut field: ClassProp) {
        if field.declare || field.is_abstract {
            field.decorators.clear();
            field.key = self.plain_key(field.key);
            self.own.push(ClassMember::ClassProp(field));
            return;
        }
        let of = Of::from(field.is_static);
        let decorators = std::mem::take(&mut field.decorators);
        let is_decorated = !decorators.is_empty();
        let list = is_decorated.then(|| self.decorators(decorators));
        let word = field
            .key
            .as_ident()
            .map_or(Atom::from("field"), |name| name.sym.clone());
        let name = if self.moves(of) {
            let (key, name) = self.key_elsewhere(field.key);
            field.key = key;
            field.is_static = false;
            Some(name)
        } else if is_decorated {
            let (key, name) = self.decorated_key(field.key);
            field.key = key;
            Some(name)
        } else {
            field.key = self.plain_key(field.key);
            None
        };
        let said = match &field.key {
            PropName::Ident(name) => FieldName::Text(name.sym.clone()),
            PropName::Str(text) => FieldName::Text(text.value.to_string_lossy().as_ref().into()),
            _ => FieldName::Value(name.clone().unwrap_or_else(this)),
        };
        let given = list.map(|list| {
            let [first, extra] = [
                self.declare(&format!("init_{word}")),
                self.declare(&format!("extra_{word}")),
            ];
            let entry = self.tell(of, Kind::Field, name.unwrap_or_else(this), list);
            entry.given = vec![Some(first.clone()), Some(extra.clone())];
            (first, extra)
        });
        field.value = self.value(of, field.value, given, &said);
        field.definite = false;
        field.is_optional &= !is_decorated;
        self.place(of, ClassMember::ClassProp(field));
    }

    pub(super) fn private_field(&mut self, mut field: PrivateProp) {
        let of = Of::from(field.is_static);
        let decorators = std::mem::take(&mut field.decorators);
        let name = format!("#{}", field.key.name);
        let given = (!decorators.is_empty()).then(|| {
            let list = self.decorators(decorators);
            let word = &field.key.name;
            let [first, extra] = [
                self.declare(&format!("init_{word}")),
                self.declare(&format!("extra_{word}")),
            ];
            let access = access(&field.key, Kind::Field);
            let entry = self.tell(of, Kind::Field, string(&name), list);
            entry.told.push(access);
            entry.given = vec![Some(first.clone()), Some(extra.clone())];
            (first, extra)
        });
        field.value = self.value(of, field.value, given, &FieldName::Text(name.into()));
        field.definite = false;
        field.is_static &= !self.moves(of);
        self.place(of, ClassMember::PrivateProp(field));
    }

    /// The value of a field: after what has to happen before, and by way of its initializers.
    pub(super) fn value(
        &mut self,
        of: Of,
        value: Option<Box<Expr>>,
        given: Option<(Ident, Ident)>,
        name: &FieldName,
    ) -> Option<Box<Expr>> {
        let mut calls = std::mem::take(self.calls(of));
        let is_wrapped = given.is_some() || !calls.is_empty();
        let mut value = value.map(|value| *value);
        if let Some(of_source) = value.take() {
            let inside = Inside::of(&of_source);
            let waits = self.moves(of) && (inside.has_super || inside.has_private);
            let named = if is_wrapped || waits {
                self.writer.named(of_source, name.text(), name.value())
            } else {
                of_source
            };
            value = Some(if waits {
                self.closure(vec![returned(named)])
            } else {
                named
            });
        }
        if let Some((first, extra)) = given {
            let arguments = std::iter::once(this()).chain(value).collect();
            value = Some(call(read(&first), arguments));
            self.calls(of).push(call(read(&extra), vec![this()]));
        }
        if !calls.is_empty() {
            calls.extend(value);
            value = Some(sequence(calls));
        }
        value.map(Box::new)
    }
}
