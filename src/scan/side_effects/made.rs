//! What code makes where it stands: objects whose properties are known to run no code, or which of them do.

use swc_core::atoms::Atom;
use swc_core::ecma::ast::{
    CallExpr, Callee, Class, ClassMember, ClassMethod, Expr, Function, Id, MemberExpr, MethodKind, ObjectLit,
    Prop, PropName, PropOrSpread, ThisExpr,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use super::without_parentheses;
use crate::scan::named_members::static_member;
use crate::scan::normalize::text_of;

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
    /// `new Map()`, `new Set()`
    Collection,
    /// `new WeakMap()`, `new WeakSet()`
    WeakCollection,
    /// `new Uint8Array(4)`
    Numbers,
}

/// An object that code makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// What as.
    pub kind: FreshKind,
    /// The class it extends.
    pub parent: Option<Id>,
    /// Methods of it that ask `this` for properties at most.
    keeping: Vec<Atom>,
    /// Static fields, which hide what it extends.
    fields: Vec<Atom>,
    /// Whether a class has static members with computed names.
    has_computed: bool,
    /// Whether it takes no properties, and keeps its own.
    is_frozen: bool,
    /// Literals inside of it.
    inside: Vec<(Atom, Made)>,
    own: Accessors,
    of_instances: Accessors,
}

/// The names that run code when they are read or written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Accessors {
    names: Vec<Atom>,
    /// Those that every platform has.
    has_symbols: bool,
}

impl Accessors {
    /// Notes one; whether its name is known.
    fn add(&mut self, key: &PropName) -> bool {
        match key {
            PropName::Ident(name) => self.names.push(name.sym.clone()),
            PropName::Str(name) => self.names.push(text_of(&name.value)),
            PropName::Computed(key) if key.expr.is_member() => self.has_symbols = true,
            _ => return false,
        }
        true
    }

    fn has(&self, name: Option<&str>) -> bool {
        match name {
            Some(name) => self.names.iter().any(|known| *known == *name),
            None => self.has_symbols,
        }
    }
}

impl Made {
    fn plain(kind: FreshKind) -> Self {
        Self {
            kind,
            parent: None,
            keeping: Vec::new(),
            fields: Vec::new(),
            has_computed: false,
            is_frozen: false,
            inside: Vec::new(),
            own: Accessors::default(),
            of_instances: Accessors::default(),
        }
    }

    /// What a literal makes, where it is known which of its properties run code.
    pub fn of(value: &Expr) -> Option<Self> {
        match without_parentheses(value) {
            Expr::Object(object) => Self::of_object(object),
            Expr::Array(_) => Some(Self::plain(FreshKind::Array)),
            Expr::Fn(function) => Some(Self::of_function(&function.function)),
            Expr::Arrow(_) => Some(Self::plain(FreshKind::Arrow)),
            Expr::Class(class) => Self::of_class(&class.class),
            _ => None,
        }
    }

    /// An object that inherits nothing.
    pub fn of_nothing() -> Self {
        Self::plain(FreshKind::Object)
    }

    /// The same, which nobody can change.
    pub fn frozen(mut self) -> Self {
        self.is_frozen = true;
        self
    }

    /// The same, which may have got other values since.
    pub fn changed(mut self) -> Self {
        self.inside.clear();
        self
    }

    /// The literal that a property of it is declared as.
    pub fn inside(&self, name: &str) -> Option<&Self> {
        let found = self.inside.iter().rev().find(|(inner, _)| *inner == *name);
        found.map(|(_, made)| made)
    }

    /// Whether methods may change it.
    pub fn is_frozen(&self) -> bool {
        self.is_frozen
    }

    /// Whether declaring a class that extends it throws.
    pub fn is_no_class(&self) -> bool {
        !matches!(self.kind, FreshKind::Function | FreshKind::Class)
    }

    /// What the language makes of `new` with the constructor of this name.
    pub fn of_constructor(name: &str) -> Option<Self> {
        let kind = match name {
            "Map" | "Set" => FreshKind::Collection,
            "WeakMap" | "WeakSet" => FreshKind::WeakCollection,
            "Uint8Array" | "Uint8ClampedArray" | "Uint16Array" | "Uint32Array" | "Int8Array"
            | "Int16Array" | "Int32Array" | "Float32Array" | "Float64Array" => FreshKind::Numbers,
            _ => return None,
        };
        Some(Self::plain(kind))
    }

    /// What declaring a function makes.
    pub fn of_function(function: &Function) -> Self {
        Self::plain(if function.is_async || function.is_generator {
            FreshKind::Arrow
        } else {
            FreshKind::Function
        })
    }

    /// A class, if what it extends has a name.
    pub fn of_class(class: &Class) -> Option<Self> {
        let mut made = Self::plain(FreshKind::Class);
        if let Some(parent) = &class.super_class {
            made.parent = Some(parent.as_ident()?.to_id());
        }
        let is_known = class.body.iter().all(|member| match member {
            ClassMember::Method(method) => made.takes_method(method),
            ClassMember::AutoAccessor(_) => false,
            ClassMember::ClassProp(field) => {
                made.has_computed |= field.is_static && field.key.is_computed();
                if let Some(name) = field.key.as_ident().filter(|_| field.is_static) {
                    made.fields.push(name.sym.clone());
                }
                true
            }
            _ => true,
        });
        is_known.then_some(made)
    }

    fn takes_method(&mut self, method: &ClassMethod) -> bool {
        let accessors = if method.is_static {
            &mut self.own
        } else {
            &mut self.of_instances
        };
        self.has_computed |= method.is_static && method.key.is_computed();
        if let Some(name) = method.key.as_ident().filter(|_| method.is_static)
            && !hands_out_this(&method.function)
        {
            self.keeping.push(name.sym.clone());
        }
        method.kind == MethodKind::Method || accessors.add(&method.key)
    }

    fn of_object(object: &ObjectLit) -> Option<Self> {
        let mut made = Self::plain(FreshKind::Object);
        let is_known = object.props.iter().all(|property| match property {
            // What it copies are values, whatever gave them; they may hide what stands before.
            PropOrSpread::Spread(_) => {
                made.inside.clear();
                true
            }
            PropOrSpread::Prop(property) => match &**property {
                Prop::Getter(getter) => made.own.add(&getter.key),
                Prop::Setter(setter) => made.own.add(&setter.key),
                // `__proto__: x` makes the object inherit what `x` has.
                Prop::KeyValue(pair) => {
                    let name = match &pair.key {
                        PropName::Ident(name) => Some(name.sym.clone()),
                        PropName::Str(name) => Some(text_of(&name.value)),
                        _ => None,
                    };
                    if let Some(name) = &name {
                        // The last of a name counts.
                        made.inside.retain(|(inner, _)| inner != name);
                        if let (Expr::Object(_) | Expr::Array(_), Some(inner)) =
                            (without_parentheses(&pair.value), Self::of(&pair.value))
                        {
                            made.inside.push((name.clone(), inner));
                        }
                    } else if pair.key.is_computed() {
                        made.inside.clear();
                    }
                    name.is_none_or(|name| name != *"__proto__")
                }
                Prop::Shorthand(name) => {
                    made.inside.retain(|(inner, _)| *inner != name.sym);
                    true
                }
                Prop::Method(method) => {
                    match method.key.as_ident() {
                        Some(name) => made.inside.retain(|(inner, _)| *inner != name.sym),
                        None => made.inside.clear(),
                    }
                    true
                }
                Prop::Assign(_) => true,
            },
        });
        is_known.then_some(made)
    }

    /// Whether giving it a property can be observed by nothing but reading that, its parents aside. No name stands for a
    /// symbol that every platform has.
    pub fn takes(&self, name: Option<&str>) -> bool {
        let is_plain = match (self.kind, name) {
            (_, None) => true,
            (FreshKind::Object, Some(name)) => name != "__proto__",
            (FreshKind::Array, Some(name)) => {
                !matches!(name, "__proto__" | "length" | "constructor") && !is_list_method(name)
            }
            // What they inherit throws.
            (FreshKind::Collection | FreshKind::WeakCollection | FreshKind::Numbers, Some(_)) => false,
            (FreshKind::Function | FreshKind::Class | FreshKind::Arrow, Some(name)) => !matches!(
                name,
                "__proto__" | "name" | "length" | "arguments" | "caller" | "prototype"
            ),
        };
        is_plain && !self.is_frozen && !self.own.has(name)
    }

    /// Whether giving it a property of its own can be observed by nothing but reading that, unless the property is one
    /// that some objects have: see [`is_of_no_object`].
    pub fn takes_most(&self) -> bool {
        let is_literal = matches!(
            self.kind,
            FreshKind::Object | FreshKind::Array | FreshKind::Function | FreshKind::Arrow
        );
        is_literal && self.parent.is_none() && !self.is_frozen && !self.has_accessors()
    }

    /// The same of its `prototype`.
    pub fn prototype_takes(&self, name: Option<&str>) -> bool {
        self.has_prototype() && name != Some("__proto__") && !self.of_instances.has(name)
    }

    /// Whether reading a property runs no code, its parents aside.
    pub fn gives(&self, name: &str) -> bool {
        let is_plain = match self.kind {
            FreshKind::Function | FreshKind::Class | FreshKind::Arrow => {
                !matches!(name, "arguments" | "caller")
            }
            _ => true,
        };
        is_plain && !self.own.has(Some(name))
    }

    /// Whether it has a value of its own by this name.
    pub fn has_field(&self, name: &str) -> bool {
        self.gives(name) && self.fields.iter().any(|field| *field == *name)
    }

    /// The same of its `prototype`.
    pub fn prototype_gives(&self, name: &str) -> bool {
        self.has_prototype() && !self.of_instances.has(Some(name))
    }

    /// Whether what it makes has properties that run code.
    pub fn has_instance_accessors(&self) -> bool {
        self.of_instances.has_symbols || !self.of_instances.names.is_empty()
    }

    /// Whether properties of it or of what it makes run code.
    pub fn has_accessors(&self) -> bool {
        self.has_instance_accessors() || self.has_own_accessors()
    }

    /// Whether properties of it run code.
    pub fn has_own_accessors(&self) -> bool {
        self.own.has_symbols || !self.own.names.is_empty()
    }

    /// Whether it is an object all of whose properties are values.
    pub fn is_plain_object(&self) -> bool {
        self.kind == FreshKind::Object && !self.has_own_accessors()
    }

    /// Whether a method of it, called as one, hands it to nobody.
    pub fn is_kept_by(&self, method: &Atom) -> bool {
        match self.kind {
            // These give the list itself.
            FreshKind::Array => is_list_method(method) && !matches!(&**method, "fill" | "reverse"),
            FreshKind::Collection | FreshKind::WeakCollection => {
                matches!(&**method, "clear" | "delete" | "get" | "has")
            }
            FreshKind::Numbers => matches!(&**method, "at" | "set"),
            FreshKind::Function | FreshKind::Arrow if matches!(&**method, "bind" | "call" | "apply") => true,
            _ => self.keeping.contains(method),
        }
    }

    /// The same, but for the caller.
    pub fn is_changed_by(&self, method: &Atom) -> bool {
        self.is_kept_by(method)
            || match self.kind {
                FreshKind::Array => matches!(&**method, "copyWithin" | "fill" | "reverse" | "sort"),
                FreshKind::Collection | FreshKind::WeakCollection => matches!(&**method, "add" | "set"),
                FreshKind::Numbers => *method == *"fill",
                _ => false,
            }
    }

    /// Whether it has no `Symbol.hasInstance` of its own.
    pub fn tests_instances(&self) -> bool {
        self.has_prototype() && !self.has_computed
    }

    /// Whether it has a `prototype` that takes properties.
    pub fn has_prototype(&self) -> bool {
        matches!(self.kind, FreshKind::Function | FreshKind::Class)
    }
}

/// Whether objects, lists and functions have nothing by this name that differs from an ordinary property.
pub fn is_of_no_object(name: &str) -> bool {
    let kinds = [FreshKind::Object, FreshKind::Array, FreshKind::Function];
    kinds.into_iter().all(|kind| Made::plain(kind).takes(Some(name)))
}

/// Methods of lists that hand the list to nobody but their caller, and run no code of others.
fn is_list_method(name: &str) -> bool {
    matches!(
        name,
        "at" | "concat"
            | "entries"
            | "fill"
            | "flat"
            | "includes"
            | "indexOf"
            | "join"
            | "keys"
            | "lastIndexOf"
            | "pop"
            | "push"
            | "reverse"
            | "shift"
            | "slice"
            | "splice"
            | "toLocaleString"
            | "toReversed"
            | "toSorted"
            | "toSpliced"
            | "toString"
            | "unshift"
            | "values"
            | "with"
    )
}

/// Whether a function uses its `this` for more than reading properties.
fn hands_out_this(function: &Function) -> bool {
    let mut finder = BareThis(false);
    function.visit_with(&mut finder);
    finder.0
}

struct BareThis(bool);

impl Visit for BareThis {
    noop_visit_type!();

    fn visit_this_expr(&mut self, _: &ThisExpr) {
        self.0 = true;
    }

    fn visit_member_expr(&mut self, member: &MemberExpr) {
        let is_property = static_member(&member.prop)
            .is_some_and(|name| !matches!(&*name, "constructor" | "__proto__" | "prototype"));
        if !(member.obj.is_this() && is_property) {
            member.visit_children_with(self);
        }
    }

    fn visit_call_expr(&mut self, call: &CallExpr) {
        if let Callee::Expr(callee) = &call.callee
            && let Expr::Member(member) = &**callee
        {
            member.visit_children_with(self);
            call.args.visit_with(self);
        } else {
            call.visit_children_with(self);
        }
    }
}
