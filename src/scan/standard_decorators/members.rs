//! What the members of a class with decorators become.

mod fields;
mod methods;
mod private;
mod survey;

use survey::{has_decorated_method, placement};
pub(super) use survey::{have_statics, have_work};

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{
    Class, ClassMember, ClassMethod, Decorator, Expr, Id, Ident, IdentName, Key, Lit, MethodKind, MethodProp,
    Null, Number, PrivateName, PrivateProp, Prop, PropName, StaticBlock, Stmt,
};
use swc_core::ecma::visit::VisitWith as _;

use super::build::{
    array, assign, assign_list, call, call_on_this, computed, deleted_from_this, fresh, function, member,
    read, sequence, statement, static_block, string, this,
};
use super::mentions::{Inside, is_computed};
use super::{Names, Writer};
use crate::graph::DECORATE;
use crate::scan::auto_accessors::{PrivateNames, storage_name};
use crate::scan::side_effects::without_parentheses;

/// A key that no member of a source has; it is deleted at once.
const LAST_KEY: &str = " decorators";

/// What the helper knows a decorated member as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Field = 0,
    Accessor = 1,
    Method = 2,
    Getter = 3,
    Setter = 4,
}

impl From<MethodKind> for Kind {
    fn from(kind: MethodKind) -> Self {
        match kind {
            MethodKind::Method => Self::Method,
            MethodKind::Getter => Self::Getter,
            MethodKind::Setter => Self::Setter,
        }
    }
}

/// Where decorators of members are evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Placement {
    /// In the call of the helper: they mean the same there, and no key is computed.
    InCall,
    /// With the keys.
    WithKeys,
}

/// Whose value a static member is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Statics {
    /// The class's.
    Stay,
    /// That of what class decorators make of the class.
    Move,
}

/// Whether a member is one of the class itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Instances,
    Class,
}

impl From<bool> for Of {
    fn from(is_static: bool) -> Self {
        if is_static { Self::Class } else { Self::Instances }
    }
}

/// What the helper is told of one member, and what it gives.
struct Entry {
    told: Vec<Expr>,
    given: Vec<Option<Ident>>,
}

/// The members of one class.
pub(super) struct Members<'a, 'b> {
    writer: &'a mut Writer<'b>,
    placement: Placement,
    statics: Statics,
    taken: FxHashSet<Atom>,
    own: Vec<ClassMember>,
    moved: Vec<ClassMember>,
    closures: Vec<Prop>,
    closures_name: Option<Ident>,
    keys: Vec<Expr>,
    entries: Vec<Entry>,
    instance_calls: Vec<Expr>,
    static_calls: Vec<Expr>,
}

/// What is left to do with the class.
pub(super) struct Rest {
    /// Members that go to what class decorators made.
    pub moved: Vec<ClassMember>,
    /// Calls for every instance, at the end.
    pub instance_calls: Vec<Expr>,
    /// What the initializers of static methods are called by, if they are to be called for what decorators made.
    pub static_initializer: Option<Ident>,
}

/// Rewrites all members; `names` tells what the class is called, if it is decorated itself.
pub(super) fn rewrite(
    writer: &mut Writer<'_>,
    class: &mut Class,
    name: Option<&Id>,
    names: Option<&Names>,
    statics: Statics,
) -> Rest {
    let mut private_names = PrivateNames::default();
    class.visit_with(&mut private_names);
    let initializer = |of: Of, word: &str| has_decorated_method(class, of).then(|| fresh(word));
    let for_instances = initializer(Of::Instances, "initInstance");
    let for_class = initializer(Of::Class, "initStatic");
    let placement = placement(class, name);
    let mut members = Members {
        writer,
        placement,
        statics,
        taken: private_names.found,
        own: Vec::new(),
        moved: Vec::new(),
        closures: Vec::new(),
        closures_name: None,
        keys: Vec::new(),
        entries: Vec::new(),
        instance_calls: Vec::new(),
        static_calls: Vec::new(),
    };
    members.writer.declared.extend(for_instances.clone());
    members.writer.declared.extend(for_class.clone());
    members
        .instance_calls
        .extend(for_instances.iter().map(|name| call(read(name), vec![this()])));
    let runs_at_once = names.is_none() || statics == Statics::Move;
    if runs_at_once {
        members
            .static_calls
            .extend(for_class.iter().map(|name| call(read(name), vec![this()])));
    }
    for member in std::mem::take(&mut class.body) {
        members.member(member);
    }
    members
        .finish(class, names, [for_class.clone(), for_instances])
        .with(for_class.filter(|_| !runs_at_once))
}

impl Rest {
    fn with(self, static_initializer: Option<Ident>) -> Self {
        Self {
            static_initializer,
            ..self
        }
    }
}

impl Members<'_, '_> {
    fn member(&mut self, member: ClassMember) {
        match member {
            ClassMember::Method(method) => self.method(method),
            ClassMember::PrivateMethod(method) => self.private_method(method),
            ClassMember::ClassProp(field) => self.field(field),
            ClassMember::PrivateProp(field) => self.private_field(field),
            ClassMember::AutoAccessor(accessor) => self.accessor(accessor),
            ClassMember::StaticBlock(block) => self.static_block(block),
            other => self.own.push(other),
        }
    }

    fn moves(&self, of: Of) -> bool {
        of == Of::Class && self.statics == Statics::Move
    }

    fn calls(&mut self, of: Of) -> &mut Vec<Expr> {
        match of {
            Of::Instances => &mut self.instance_calls,
            Of::Class => &mut self.static_calls,
        }
    }

    /// Puts a member where it belongs.
    fn place(&mut self, of: Of, member: ClassMember) {
        if self.moves(of) {
            self.moved.push(member);
        } else {
            self.own.push(member);
        }
    }

    fn declare(&mut self, name: &str) -> Ident {
        let name = fresh(name);
        self.writer.declared.push(name.clone());
        name
    }

    /// The decorators of a member as a list, which is evaluated in order.
    fn decorators(&mut self, decorators: Vec<Decorator>) -> Expr {
        let list = self.writer.list(decorators);
        if self.placement == Placement::InCall {
            return list;
        }
        let variable = self.declare("decorators");
        self.keys.push(assign(&variable, list));
        read(&variable)
    }

    /// What a key is called; one that is computed is kept in a variable when it is.
    fn name_of(&mut self, key: &PropName) -> (Expr, Expr) {
        let name = match key {
            PropName::Ident(name) => string(&name.sym),
            PropName::Str(text) => Expr::Lit(Lit::Str(text.clone())),
            PropName::Num(number) => Expr::Lit(Lit::Num(number.clone())),
            PropName::BigInt(number) => Expr::Lit(Lit::BigInt(number.clone())),
            PropName::Computed(key) if without_parentheses(&key.expr).is_lit() => (*key.expr).clone(),
            PropName::Computed(key) => {
                let variable = self.declare("key");
                let value = self.writer.property_key((*key.expr).clone());
                return (read(&variable), assign(&variable, value));
            }
        };
        (name.clone(), name)
    }

    /// What comes before a key that is computed is computed with it.
    fn key_after_others(&mut self, key: Expr) -> PropName {
        let mut values = std::mem::take(&mut self.keys);
        values.push(key);
        computed(sequence(values))
    }

    /// The key of a member without decorators.
    fn plain_key(&mut self, key: PropName) -> PropName {
        match key {
            PropName::Computed(key) if !self.keys.is_empty() => self.key_after_others(*key.expr),
            other => other,
        }
    }

    /// The key of a decorated member, and its name.
    fn decorated_key(&mut self, key: PropName) -> (PropName, Expr) {
        let (name, value) = self.name_of(&key);
        if self.placement == Placement::InCall {
            return (key, name);
        }
        (self.key_after_others(value), name)
    }

    /// The key that a member has elsewhere, and its name.
    fn key_elsewhere(&mut self, key: PropName) -> (PropName, Expr) {
        let (name, value) = self.name_of(&key);
        if !is_computed(&key) {
            return (key, name);
        }
        self.keys.push(value);
        (computed(name.clone()), name)
    }

    fn tell(&mut self, of: Of, kind: Kind, name: Expr, decorators: Expr) -> &mut Entry {
        let flags = kind as u8 + if of == Of::Class { 8 } else { 0 };
        let flags = Expr::Lit(Lit::Num(Number::from(usize::from(flags))));
        self.entries.push(Entry {
            told: vec![flags, name, decorators],
            given: Vec::new(),
        });
        let last = self.entries.len() - 1;
        &mut self.entries[last]
    }

    /// Code that is to run for what decorators made, with everything that it can name inside of the class.
    fn closure(&mut self, statements: Vec<Stmt>) -> Expr {
        if self.closures_name.is_none() {
            self.closures_name = Some(self.declare("statics"));
        }
        let holder = self.closures_name.iter().map(read).collect();
        let key = format!("run{}", self.closures.len());
        self.closures.push(Prop::Method(MethodProp {
            key: PropName::Ident(IdentName::new(key.as_str().into(), DUMMY_SP)),
            function: Box::new(function(Vec::new(), statements)),
        }));
        call_on_this(member(sequence(holder), &key), Vec::new())
    }

    fn static_block(&mut self, block: StaticBlock) {
        if self.statics == Statics::Move {
            let mut calls = std::mem::take(&mut self.static_calls);
            calls.push(self.closure(block.body.stmts));
            self.hook(sequence(calls));
            return;
        }
        self.static_calls_in_block();
        self.own.push(ClassMember::StaticBlock(block));
    }

    fn static_calls_in_block(&mut self) {
        if !self.static_calls.is_empty() {
            let calls = std::mem::take(&mut self.static_calls);
            self.own
                .push(static_block(calls.into_iter().map(statement).collect()));
        }
    }

    /// Something that happens between the fields that moved.
    fn hook(&mut self, value: Expr) {
        let key = PrivateName {
            span: DUMMY_SP,
            name: storage_name(&Key::Public(PropName::Ident("static".into())), &mut self.taken),
        };
        self.moved.push(ClassMember::PrivateProp(PrivateProp {
            span: DUMMY_SP,
            key,
            value: Some(Box::new(value)),
            ..PrivateProp::default()
        }));
    }

    fn finish(mut self, class: &mut Class, names: Option<&Names>, initializers: [Option<Ident>; 2]) -> Rest {
        let mut statements = Vec::new();
        if !self.keys.is_empty() {
            // Only a key is evaluated where the decorators of the last members are.
            let key = self.key_after_others(string(LAST_KEY));
            self.own.push(ClassMember::Method(ClassMethod {
                key,
                function: Box::new(function(Vec::new(), Vec::new())),
                is_static: true,
                ..ClassMethod::default()
            }));
            statements.push(statement(deleted_from_this(LAST_KEY)));
        }
        if let Some(holder) = &self.closures_name {
            let has_super = self.closures.iter().any(|closure| Inside::of(closure).has_super);
            let closures = std::mem::take(&mut self.closures);
            let parent = has_super.then(|| member(this(), "__proto__"));
            statements.push(statement(assign(holder, methods::with_parent(parent, closures))));
        }
        let entries = std::mem::take(&mut self.entries);
        if !entries.is_empty() || names.is_some() {
            let [for_class, for_instances] = initializers;
            let mut given = match names {
                Some(names) => vec![Some(names.result.clone()), Some(names.initializer.clone())],
                None => vec![None, None],
            };
            given.extend([for_class, for_instances]);
            given.extend(entries.iter().flat_map(|entry| entry.given.clone()));
            let class_told = names.map_or(Expr::Lit(Lit::Null(Null { span: DUMMY_SP })), |names| {
                array(vec![names.name.clone(), read(&names.decorators)])
            });
            let told = array(entries.into_iter().map(|entry| array(entry.told)).collect());
            let value = call(self.writer.helper(DECORATE), vec![this(), class_told, told]);
            statements.push(statement(assign_list(given, value)));
        }
        if self.statics == Statics::Move {
            let calls = std::mem::take(&mut self.static_calls)
                .into_iter()
                .chain(names.map(|names| call(read(&names.initializer), vec![this()])))
                .collect();
            self.hook(sequence(calls));
        } else {
            self.static_calls_in_block();
        }
        class.body = self.own;
        if !statements.is_empty() {
            class.body.insert(0, static_block(statements));
        }
        Rest {
            moved: self.moved,
            instance_calls: self.instance_calls,
            static_initializer: None,
        }
    }
}
