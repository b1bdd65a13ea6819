//! What one walk notes about a file: places that can hold objects and how objects move between them.
//!
//! Written by [`walk`](super::walk), read by the two searches. Syntax is kept as references into the tree;
//! a node is recognised by its address.

use oxc_index::{IndexVec, define_index_type};
use rustc_hash::FxHashMap;
use swc_core::atoms::Atom;
use swc_core::common::{BytePos, Spanned as _, SyntaxContext};
use swc_core::ecma::ast::{
    ArrowExpr, Callee, Class, Expr, ExprOrSpread, Function, Id, Ident, MemberExpr, MemberProp, ObjectLit,
    ThisExpr,
};

use super::syntax::{assigned_expression, key_text, peel};

define_index_type! {
    /// A place that can hold an object.
    pub struct PlaceId = u32;
}
define_index_type! {
    /// A function, arrow function or constructor.
    pub struct FunctionId = u32;
}
define_index_type! {
    /// A call or `new` expression.
    pub struct CallId = u32;
}

/// Identity of a syntax node while the tree is borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(usize);

impl Address {
    /// The address of a node. Only nodes of struct types that are kept as such are compared, never an enum
    /// and its first field, which share an address.
    pub fn of<T>(node: &T) -> Self {
        Self(std::ptr::from_ref(node).addr())
    }

    /// A number that is different for different nodes.
    pub fn number(self) -> usize {
        self.0
    }
}

/// What names a place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PlaceKey {
    /// A variable, parameter or free name.
    Variable(Id),
    /// `base.name`
    Property(PlaceId, Atom),
    /// `this` and the like: no name leads there.
    Nameless,
}

/// What flows into a place.
#[derive(Debug, Clone, Copy)]
pub enum Definition<'a> {
    /// The value of an expression.
    Expression(&'a Expr),
    /// Whatever another place holds.
    Place(PlaceId),
    /// A function declaration, or the name of a function expression inside itself.
    Function(FunctionId),
    /// A class.
    Class(&'a Class),
}

/// Where a value goes.
#[derive(Debug, Clone, Copy)]
pub enum Holder {
    /// It is assigned to a place.
    Place(PlaceId),
    /// It is an argument, counted as written.
    Argument(CallId, usize),
    /// A method of it is called.
    Receiver(CallId),
    /// It is what a function returns.
    Return(FunctionId),
    /// It is the function that is called.
    Callee(CallId),
}

/// A property written to whatever a place holds.
#[derive(Debug, Clone)]
pub enum Write<'a> {
    /// `place.name = …`
    Named(Atom, BytePos),
    /// `place[key] = …`
    Keyed(&'a Expr, BytePos),
}

/// A place and everything said about it.
#[derive(Debug)]
pub struct Place<'a> {
    /// Its name.
    pub key: PlaceKey,
    /// What flows in.
    pub definitions: Vec<Definition<'a>>,
    /// Where its value flows on.
    pub holders: Vec<Holder>,
    /// Properties written through it.
    pub writes: Vec<Write<'a>>,
    /// Calls of the function it holds.
    pub calls: Vec<CallId>,
    /// What fills it from outside.
    pub role: Role<'a>,
}

/// Places that are filled by calls or by the module's environment.
#[derive(Debug, Clone, Copy)]
pub enum Role<'a> {
    /// Only definitions fill it.
    Plain,
    /// Parameter of a function.
    Parameter(FunctionId, usize),
    /// Parameter of the setter that an object literal has for a key.
    SetterParameter(&'a ObjectLit, &'a Atom),
    /// `this` of a function.
    This(FunctionId),
    /// The free `exports`, or `this` of the module.
    Exports,
    /// The free `module`.
    Module,
}

/// A function, arrow function or constructor.
#[derive(Debug)]
pub struct FunctionFacts<'a> {
    /// Identity of its syntax.
    pub address: Address,
    /// Places of its parameters, none for patterns and rest.
    pub parameters: Vec<Option<PlaceId>>,
    /// `this` inside it; none for arrow functions.
    pub this: Option<PlaceId>,
    /// What it returns.
    pub returns: Vec<&'a Expr>,
    /// How it names its arguments.
    pub arity: Arity,
}

/// How a function names its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arity {
    /// By parameters.
    Fixed,
    /// By `arguments[…]` too: what each is may depend on how many there are.
    Open,
}

/// How arguments reach parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallForm {
    /// `f(a, b)`
    Direct,
    /// `new F(a, b)`
    New,
    /// `f.call(this, a, b)`
    Call,
    /// `f.apply(this, [a, b])`
    Apply,
}

/// What is called.
#[derive(Debug, Clone, Copy)]
pub enum CallTarget<'a> {
    /// A function expression on the spot.
    Function(Address),
    /// What a place holds.
    Place(PlaceId),
    /// `require('…')`, with its specifier.
    Require(&'a Expr),
    /// The result of some expression.
    Other(&'a Expr),
}

/// A call or `new` expression.
#[derive(Debug)]
pub struct CallSite<'a> {
    /// Identity of its syntax.
    pub address: Address,
    /// What is called.
    pub target: CallTarget<'a>,
    /// How arguments reach parameters.
    pub form: CallForm,
    /// As written.
    pub arguments: &'a [ExprOrSpread],
    /// `x` in `x.method()`.
    pub receiver: Option<PlaceId>,
}

/// What a loop variable runs over.
#[derive(Debug, Clone, Copy)]
pub enum KeySource<'a> {
    /// The keys of an object.
    KeysOf(&'a Expr),
    /// The elements of a list, which are the keys of an object in `Object.keys(x)`.
    ElementsOf(&'a Expr),
}

/// How sure it is that a statement runs while the module is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// It runs, if nothing before it throws.
    Certain,
    /// It is in a branch, a loop, or a function that may never be called.
    Uncertain,
}

/// `base.exports = value`; whether `base` is `module` shows when everything is known.
#[derive(Debug, Clone, Copy)]
pub struct ExportsAssignment<'a> {
    /// What `exports` is set on.
    pub base: PlaceId,
    /// What it is set to.
    pub value: &'a Expr,
    /// Whether it runs.
    pub certainty: Certainty,
}

/// A class and its two kinds of `this`.
#[derive(Debug, Clone, Copy)]
pub struct ClassFacts {
    /// `this` in static members: the class.
    pub static_this: PlaceId,
    /// `this` in other members and the constructor.
    pub instance_this: PlaceId,
    /// Its constructor, when it is written.
    pub constructor: Option<FunctionId>,
}

/// Everything noted about one file. More fields than usual: each is one index over the same tree.
pub struct Facts<'a> {
    /// All places.
    pub places: IndexVec<PlaceId, Place<'a>>,
    /// All functions.
    pub functions: IndexVec<FunctionId, FunctionFacts<'a>>,
    /// All calls.
    pub calls: IndexVec<CallId, CallSite<'a>>,
    /// `x.exports = …` in source order.
    pub exports_assignments: Vec<ExportsAssignment<'a>>,
    /// What compilers say the module exports, in code that never runs.
    pub annotations: Vec<&'a Expr>,
    /// What loop variables and callback parameters run over.
    pub key_sources: FxHashMap<PlaceId, Vec<KeySource<'a>>>,
    /// The free `exports`, which is also `this` of the module.
    pub exports: PlaceId,
    /// The free `module`.
    pub module: PlaceId,
    pub(super) place_of_key: FxHashMap<PlaceKey, PlaceId>,
    pub(super) function_of: FxHashMap<Address, FunctionId>,
    pub(super) call_of: FxHashMap<Address, CallId>,
    pub(super) class_of: FxHashMap<Address, ClassFacts>,
    pub(super) this_of: FxHashMap<Address, PlaceId>,
    pub(super) arguments_of: FxHashMap<Address, FunctionId>,
    pub(super) holders_of: FxHashMap<Address, Vec<Holder>>,
    pub(super) unresolved: SyntaxContext,
}

impl Facts<'_> {
    /// Nothing known yet but the module's environment.
    pub fn new(unresolved: SyntaxContext) -> Self {
        let mut facts = Self {
            places: IndexVec::new(),
            functions: IndexVec::new(),
            calls: IndexVec::new(),
            exports_assignments: Vec::new(),
            annotations: Vec::new(),
            key_sources: FxHashMap::default(),
            exports: PlaceId::from_usize(0),
            module: PlaceId::from_usize(0),
            place_of_key: FxHashMap::default(),
            function_of: FxHashMap::default(),
            call_of: FxHashMap::default(),
            class_of: FxHashMap::default(),
            this_of: FxHashMap::default(),
            arguments_of: FxHashMap::default(),
            holders_of: FxHashMap::default(),
            unresolved,
        };
        facts.exports = facts.place(PlaceKey::Variable(("exports".into(), unresolved)));
        facts.places[facts.exports].role = Role::Exports;
        facts.module = facts.place(PlaceKey::Variable(("module".into(), unresolved)));
        facts.places[facts.module].role = Role::Module;
        facts
    }

    /// The place with this name, made when it is new.
    pub fn place(&mut self, key: PlaceKey) -> PlaceId {
        if let Some(&place) = self.place_of_key.get(&key) {
            return place;
        }
        let place = self.places.push(Place {
            key: key.clone(),
            definitions: Vec::new(),
            holders: Vec::new(),
            writes: Vec::new(),
            calls: Vec::new(),
            role: Role::Plain,
        });
        if key != PlaceKey::Nameless {
            self.place_of_key.insert(key, place);
        }
        place
    }

    /// The place of a variable.
    pub fn variable(&mut self, ident: &Ident) -> PlaceId {
        self.place(PlaceKey::Variable(ident.to_id()))
    }

    /// The place with this name, if anything was said about it.
    pub fn place_named(&self, key: &PlaceKey) -> Option<PlaceId> {
        self.place_of_key.get(key).copied()
    }

    /// `base.name`, if anything was said about it.
    pub fn property(&self, base: PlaceId, name: &Atom) -> Option<PlaceId> {
        self.place_of_key
            .get(&PlaceKey::Property(base, name.clone()))
            .copied()
    }

    /// The place an expression names, if anything was said about it.
    pub fn find(&self, expression: &Expr) -> Option<PlaceId> {
        match peel(expression) {
            Expr::Ident(ident) => self.place_of_key.get(&PlaceKey::Variable(ident.to_id())).copied(),
            Expr::This(this) => self.this_of.get(&Address::of::<ThisExpr>(this)).copied(),
            Expr::Member(member) => self.property(self.find(base_of(member))?, &key_text(&member.prop)?),
            _ => None,
        }
    }

    /// The function with this syntax.
    pub fn function(&self, address: Address) -> Option<FunctionId> {
        self.function_of.get(&address).copied()
    }

    /// Where the arguments of a call begin.
    pub fn position(&self, call: CallId) -> BytePos {
        self.calls[call]
            .arguments
            .first()
            .map_or(BytePos(0), |argument| argument.expr.span().lo)
    }

    /// The call with this syntax.
    pub fn call<T>(&self, node: &T) -> Option<CallId> {
        self.call_of.get(&Address::of(node)).copied()
    }

    /// Where the value made at `address` goes.
    pub fn holders(&self, address: Address) -> &[Holder] {
        self.holders_of.get(&address).map_or(&[], Vec::as_slice)
    }

    /// The function whose `arguments[…]` this is.
    pub fn arguments_owner(&self, member: &MemberExpr) -> Option<FunctionId> {
        self.arguments_of.get(&Address::of::<MemberExpr>(member)).copied()
    }

    /// Whether `place` is the free name `name`.
    pub fn is_free(&self, place: PlaceId, name: &str) -> bool {
        matches!(&self.places[place].key, PlaceKey::Variable((symbol, context))
            if *context == self.unresolved && *symbol == *name)
    }
}

/// The object of a member expression whose property is written or read: `a` in `(a = b).c`.
pub fn base_of(member: &MemberExpr) -> &Expr {
    assigned_expression(&member.obj)
}

/// Address of the function syntax in a function or arrow expression.
pub fn function_address(expression: &Expr) -> Option<Address> {
    match expression {
        Expr::Fn(function) => Some(Address::of::<Function>(&function.function)),
        Expr::Arrow(arrow) => Some(Address::of::<ArrowExpr>(arrow)),
        _ => None,
    }
}

/// The callee of a call, none for `super()` and `import()`.
pub fn callee_expression(callee: &Callee) -> Option<&Expr> {
    match callee {
        Callee::Expr(expression) => Some(expression),
        Callee::Super(_) | Callee::Import(_) => None,
    }
}

/// The static name of a member, and whether it is `call` or `apply`.
pub fn call_form(member: &MemberExpr) -> CallForm {
    match &member.prop {
        MemberProp::Ident(name) if name.sym == "call" => CallForm::Call,
        MemberProp::Ident(name) if name.sym == "apply" => CallForm::Apply,
        _ => CallForm::Direct,
    }
}
