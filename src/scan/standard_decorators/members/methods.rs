//! Methods, accessors and private methods.
//!
//! What a decorator makes of a private method is in a variable, and what has its name gives that:
//!
//! ```text
//! @note #add(n) {}        get #add() { return add }
//! ```

use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    AssignTarget, AutoAccessor, ClassMember, ClassMethod, Expr, Function, GetterProp, Ident, Key,
    KeyValueProp, Lit, MethodKind, MethodProp, PrivateMethod, PrivateName, PrivateProp, Prop, PropName,
    SetterProp, SimpleAssignTarget,
};

use super::super::build::{
    array, assignment, call_on_this, computed, fresh, function, member, object, parameter, read, returned,
    statement, string, text_key, this,
};
use super::super::mentions::{Inside, is_computed};
use super::fields::FieldName;
use super::private::{access, private_member};
use super::{Kind, Members, Of};
use crate::scan::auto_accessors::storage_name;

/// An object with some methods, whose `super` is `parent`.
pub(super) fn with_parent(parent: Option<Expr>, methods: Vec<Prop>) -> Expr {
    let parent = parent.map(|parent| {
        Prop::KeyValue(KeyValueProp {
            key: PropName::Ident("__proto__".into()),
            value: Box::new(parent),
        })
    });
    object(parent.into_iter().chain(methods).collect())
}

fn method_property(kind: MethodKind, name: &str, function: Box<Function>) -> Prop {
    let key = text_key(&name.into());
    match kind {
        MethodKind::Method => Prop::Method(MethodProp { key, function }),
        MethodKind::Getter => Prop::Getter(GetterProp {
            span: DUMMY_SP,
            key,
            function,
        }),
        MethodKind::Setter => Prop::Setter(SetterProp {
            span: DUMMY_SP,
            key,
            function,
        }),
    }
}

/// `get #name() { return variable }`, or what calls it.
fn stub(kind: MethodKind, variable: &Ident) -> (MethodKind, Function) {
    match kind {
        MethodKind::Method => (
            MethodKind::Getter,
            function(Vec::new(), vec![returned(read(variable))]),
        ),
        MethodKind::Getter => {
            let value = call_on_this(read(variable), Vec::new());
            (MethodKind::Getter, function(Vec::new(), vec![returned(value)]))
        }
        MethodKind::Setter => {
            let value = fresh("value");
            let set = call_on_this(read(variable), vec![read(&value)]);
            let function = function(vec![parameter(value)], vec![statement(set)]);
            (MethodKind::Setter, function)
        }
    }
}

impl Members<'_, '_> {
    pub(super) fn method(&mut self, mut method: ClassMethod) {
        let decorators = std::mem::take(&mut method.function.decorators);
        if decorators.is_empty() || method.is_abstract {
            method.key = self.plain_key(method.key);
        } else {
            let list = self.decorators(decorators);
            let (key, name) = self.decorated_key(method.key);
            method.key = key;
            self.tell(Of::from(method.is_static), method.kind.into(), name, list);
        }
        self.own.push(ClassMember::Method(method));
    }

    pub(super) fn private_method(&mut self, mut method: PrivateMethod) {
        let of = Of::from(method.is_static);
        let decorators = std::mem::take(&mut method.function.decorators);
        let is_signature = method.function.body.is_none();
        if is_signature || (decorators.is_empty() && !self.moves(of)) {
            self.own.push(ClassMember::PrivateMethod(method));
            return;
        }
        let list = if decorators.is_empty() {
            array(Vec::new())
        } else {
            self.decorators(decorators)
        };
        let name = format!("#{}", method.key.name);
        let variable = self.declare(&method.key.name);
        let kind = method.kind;
        let (stub_kind, stub) = stub(kind, &variable);
        let original = std::mem::replace(&mut *method.function, stub);
        method.kind = stub_kind;
        let parent = Inside::of(&original).has_super.then(|| match of {
            Of::Class => member(this(), "__proto__"),
            Of::Instances => member(member(this(), "prototype"), "__proto__"),
        });
        let from = with_parent(parent, vec![method_property(kind, &name, Box::new(original))]);
        let access = access(&method.key, kind.into());
        let entry = self.tell(of, kind.into(), string(&name), list);
        entry.told.extend([access, from]);
        entry.given = vec![Some(variable)];
        method.is_static &= !self.moves(of);
        self.place(of, ClassMember::PrivateMethod(method));
    }

    /// `accessor` is a private field with a getter and a setter.
    pub(super) fn accessor(&mut self, mut accessor: AutoAccessor) {
        let of = Of::from(accessor.is_static);
        let decorators = std::mem::take(&mut accessor.decorators);
        let storage = PrivateName {
            span: DUMMY_SP,
            name: storage_name(&accessor.key, &mut self.taken),
        };
        let list = (!decorators.is_empty()).then(|| self.decorators(decorators));
        let is_static_here = accessor.is_static && !self.moves(of);
        let mut given = None;
        let name = match accessor.key {
            Key::Public(key) => {
                let (first, second, name) = self.accessor_keys(key, list.as_ref());
                if let Some(list) = list {
                    let names = [self.declare("init"), self.declare("extra")];
                    let entry = self.tell(of, Kind::Accessor, name.clone(), list);
                    entry.given = names.iter().cloned().map(Some).collect();
                    given = Some(names);
                }
                for (kind, key) in [(MethodKind::Getter, first), (MethodKind::Setter, second)] {
                    self.own.push(ClassMember::Method(ClassMethod {
                        span: accessor.span,
                        key,
                        function: Box::new(of_storage(kind, &storage)),
                        kind,
                        is_static: accessor.is_static,
                        ..ClassMethod::default()
                    }));
                }
                match name {
                    Expr::Lit(Lit::Str(text)) => {
                        FieldName::Text(text.value.to_string_lossy().as_ref().into())
                    }
                    other => FieldName::Value(other),
                }
            }
            Key::Private(key) => {
                let name = format!("#{}", key.name);
                let kinds = [MethodKind::Getter, MethodKind::Setter];
                let functions = if let Some(list) = list {
                    let names = [self.declare("init"), self.declare("extra")];
                    let variables = [self.declare("get"), self.declare("set")];
                    let from =
                        kinds.map(|kind| method_property(kind, &name, Box::new(of_storage(kind, &storage))));
                    let entry = self.tell(of, Kind::Accessor, string(&name), list);
                    entry
                        .told
                        .extend([access(&key, Kind::Accessor), object(from.into())]);
                    entry.given = names.iter().chain(&variables).cloned().map(Some).collect();
                    given = Some(names);
                    let [get, set] = variables;
                    [stub(MethodKind::Getter, &get).1, stub(MethodKind::Setter, &set).1]
                } else {
                    kinds.map(|kind| of_storage(kind, &storage))
                };
                for (kind, function) in kinds.into_iter().zip(functions) {
                    let method = PrivateMethod {
                        span: accessor.span,
                        key: key.clone(),
                        function: Box::new(function),
                        kind,
                        is_static: is_static_here,
                        ..PrivateMethod::default()
                    };
                    self.place(of, ClassMember::PrivateMethod(method));
                }
                FieldName::Text(name.into())
            }
        };
        let given = given.map(|[first, extra]| (first, extra));
        // The field in which it is has another name.
        let value = accessor
            .value
            .map(|value| Box::new(self.writer.named(*value, name.text(), name.value())));
        let value = self.value(of, value, given, &name);
        let field = PrivateProp {
            span: accessor.span,
            key: storage,
            value,
            is_static: is_static_here,
            ..PrivateProp::default()
        };
        self.place(of, ClassMember::PrivateProp(field));
    }

    /// The keys of getter and setter, and the name; an expression is evaluated once.
    fn accessor_keys(&mut self, key: PropName, decorators: Option<&Expr>) -> (PropName, PropName, Expr) {
        if decorators.is_some() || is_computed(&key) {
            let second = key.clone();
            let (first, name) = self.decorated_key(key);
            let second = if is_computed(&second) {
                computed(name.clone())
            } else {
                second
            };
            (first, second, name)
        } else {
            let (name, _) = self.name_of(&key);
            (key.clone(), key, name)
        }
    }
}

/// `return this.#storage` or `this.#storage = value`
fn of_storage(kind: MethodKind, storage: &PrivateName) -> Function {
    let target = private_member(this(), storage);
    if kind != MethodKind::Setter {
        return function(Vec::new(), vec![returned(Expr::Member(target))]);
    }
    let value = fresh("value");
    let target = AssignTarget::Simple(SimpleAssignTarget::Member(target));
    let set = assignment(target, read(&value));
    function(vec![parameter(value)], vec![statement(set)])
}
