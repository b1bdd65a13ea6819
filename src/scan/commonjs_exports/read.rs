//! The backward search: from an expression to the objects it can be.
//!
//! Calls are followed with their context, so that in `copy(exports, a); copy(other, b)` the parameter of
//! `copy` that receives `exports` meets `a` and not `b`. Contexts nest a few calls deep; beyond that, and
//! where the caller is not known, all calls of a function count.

use std::rc::Rc;

use oxc_index::{IndexVec, define_index_type};
use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::ecma::ast::{
    ArrayLit, CallExpr, Class, ClassMember, Expr, MemberExpr, MemberProp, NewExpr, ObjectLit, Prop,
    PropOrSpread,
};

use super::ExportsPart;
use super::callee::{Builtin, Reputation, builtin_named, reputation};
use super::facts::{
    Address, CallForm, CallId, CallTarget, Definition, Facts, FunctionId, Holder, KeySource, PlaceId,
    PlaceKey, Role, function_address,
};
use super::syntax::{Environment, constant_text, key_text, peel, property_text};

define_index_type! {
    /// A chain of calls.
    pub struct ContextId = u32;
}

/// No call: the module's own code, or a function whose caller is not known.
pub const NO_CONTEXT: ContextId = ContextId::from_raw_unchecked(0);

/// How deep calls nest in contexts.
const MAXIMUM_CONTEXT_DEPTH: usize = 3;
/// How deep one search may start another.
const MAXIMUM_SEARCH_DEPTH: usize = 5;
/// How many moves of a function are followed to find its callers.
const MAXIMUM_MOVES: usize = 200;
/// Steps of all searches of one file: an end to files that nothing here foresees.
const MAXIMUM_STEPS: usize = 400_000;

/// The call that is being followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Context {
    call: Option<CallId>,
    function: Option<FunctionId>,
    outer: ContextId,
    depth: usize,
}

/// Where an object is made.
#[derive(Debug, Clone)]
pub enum Site<'a> {
    /// The `exports` object that the module starts with.
    Exports,
    /// `module`
    Module,
    /// `require('…')`
    Required(Atom, Address),
    /// A part of what `require('…')` gives.
    RequiredPart(Atom, ExportsPart, Address),
    /// An object literal.
    Object(&'a ObjectLit),
    /// A function.
    Function(FunctionId),
    /// A class.
    Class(&'a Class),
    /// `new F()`
    Instance(FunctionId, CallId),
    /// `new C()`
    ClassInstance(&'a Class, CallId),
    /// `C.prototype`
    Prototype(&'a Class),
    /// The result of a call, whatever it is besides what other sites say.
    Result(CallId),
    /// `call().name`, whatever it is besides what other sites say.
    Member(Address),
    /// A list.
    Array(&'a ArrayLit),
    /// A function of the language.
    Builtin(Builtin),
}

impl Site<'_> {
    /// Equal for equal sites.
    pub fn identity(&self) -> (u8, usize) {
        let of = |address: Address| address.number();
        match self {
            Self::Exports => (0, 0),
            Self::Module => (1, 0),
            Self::Required(_, address) => (2, of(*address)),
            Self::Object(object) => (3, of(Address::of::<ObjectLit>(object))),
            Self::Function(function) => (4, function.index()),
            Self::Class(class) => (5, of(Address::of::<Class>(class))),
            Self::Instance(_, call) => (6, call.index()),
            Self::ClassInstance(_, call) => (7, call.index()),
            Self::Prototype(class) => (8, of(Address::of::<Class>(class))),
            Self::Result(call) => (9, call.index()),
            Self::Array(array) => (10, of(Address::of::<ArrayLit>(array))),
            Self::Builtin(builtin) => (11, *builtin as usize),
            Self::Member(address) => (14, of(*address)),
            Self::RequiredPart(_, ExportsPart::Default, address) => (12, of(*address)),
            Self::RequiredPart(_, ExportsPart::Result, address) => (13, of(*address)),
        }
    }
}

/// Sites with the calls that lead to them.
pub type Sites<'a> = Rc<[(Site<'a>, ContextId)]>;

/// What a backward search found.
#[derive(Default)]
pub struct Reading<'a> {
    /// Places that hold the objects.
    pub places: Vec<(PlaceId, ContextId)>,
    /// The objects.
    pub sites: Vec<(Site<'a>, ContextId)>,
    visited: FxHashSet<(PlaceId, ContextId)>,
    visited_calls: FxHashSet<(CallId, ContextId)>,
    seen: FxHashSet<((u8, usize), ContextId)>,
    pending: Vec<Pending<'a>>,
}

enum Pending<'a> {
    Expression(&'a Expr, ContextId),
    Place(PlaceId, ContextId),
}

impl<'a> Reading<'a> {
    fn site(&mut self, site: Site<'a>, context: ContextId) {
        if self.seen.insert((site.identity(), context)) {
            self.sites.push((site, context));
        }
    }

    fn expression(&mut self, expression: &'a Expr, context: ContextId) {
        self.pending.push(Pending::Expression(expression, context));
    }

    fn place(&mut self, place: PlaceId, context: ContextId) {
        self.pending.push(Pending::Place(place, context));
    }
}

/// Both searches' view of one file. Answers are kept, since the same helpers are called again and again.
pub struct Search<'f, 'a> {
    /// What the walk noted.
    pub facts: &'f Facts<'a>,
    /// Decides tests on `module` and the like.
    pub environment: Environment,
    /// `module.exports` under all names of `module`.
    pub module_exports: Vec<PlaceId>,
    /// Places that hold the first `exports` object, besides those of `module_exports`.
    names_of_exports: Vec<PlaceId>,
    contexts: IndexVec<ContextId, Context>,
    context_numbers: FxHashMap<Context, ContextId>,
    sites_of_places: FxHashMap<(PlaceId, ContextId), Sites<'a>>,
    sites_of_callees: FxHashMap<(CallId, ContextId), Sites<'a>>,
    sites_of_expressions: FxHashMap<(Address, ContextId), Sites<'a>>,
    callers: FxHashMap<FunctionId, Rc<[CallId]>>,
    busy_places: FxHashSet<PlaceId>,
    busy_callees: FxHashSet<CallId>,
    busy_expressions: FxHashSet<Address>,
    busy_functions: FxHashSet<FunctionId>,
    depth: usize,
    steps: usize,
}

impl<'f, 'a> Search<'f, 'a> {
    /// A search over `facts`.
    pub fn new(facts: &'f Facts<'a>, environment: Environment) -> Self {
        let mut search = Self {
            facts,
            environment,
            module_exports: Vec::new(),
            names_of_exports: Vec::new(),
            contexts: IndexVec::new(),
            context_numbers: FxHashMap::default(),
            sites_of_places: FxHashMap::default(),
            sites_of_callees: FxHashMap::default(),
            sites_of_expressions: FxHashMap::default(),
            callers: FxHashMap::default(),
            busy_places: FxHashSet::default(),
            busy_callees: FxHashSet::default(),
            busy_expressions: FxHashSet::default(),
            busy_functions: FxHashSet::default(),
            depth: 0,
            steps: 0,
        };
        search.contexts.push(Context {
            call: None,
            function: None,
            outer: NO_CONTEXT,
            depth: 0,
        });
        let mut names_of_module = search.places_holding(&facts.places[facts.module].holders);
        names_of_module.push(facts.module);
        let exports = Atom::from("exports");
        search.module_exports = names_of_module
            .into_iter()
            .filter_map(|place| facts.property(place, &exports))
            .collect();
        let holders = search
            .module_exports
            .iter()
            .chain([&facts.exports])
            .flat_map(|place| facts.places[*place].holders.iter().copied())
            .collect::<Vec<_>>();
        search.names_of_exports = search.places_holding(&holders);
        search
    }

    pub fn show(&self, mut c: ContextId) -> String {
        let mut o = String::new();
        while let Some(call) = self.contexts[c].call {
            o += &format!(
                "/{:?}",
                self.facts.calls[call]
                    .arguments
                    .first()
                    .map(|a| swc_core::common::Spanned::span(&a.expr).lo)
            );
            c = self.contexts[c].outer;
        }
        o
    }
    /// Counts a step; false when the file has had its share.
    pub fn step(&mut self) -> bool {
        self.steps += 1;
        self.steps < MAXIMUM_STEPS
    }

    /// The context of `call` entering `function`.
    pub fn enter(&mut self, call: CallId, function: FunctionId, outer: ContextId) -> ContextId {
        let is_recursive = self.find_context(outer, function).is_some();
        let outer = if is_recursive || self.contexts[outer].depth >= MAXIMUM_CONTEXT_DEPTH {
            NO_CONTEXT
        } else {
            outer
        };
        let depth = self.contexts[outer].depth + 1;
        let context = Context {
            call: Some(call),
            function: Some(function),
            outer,
            depth,
        };
        if let Some(&number) = self.context_numbers.get(&context) {
            return number;
        }
        let number = self.contexts.push(context);
        self.context_numbers.insert(context, number);
        number
    }

    /// The call through which `function` was entered, and the context of that call.
    pub fn find_context(&self, mut context: ContextId, function: FunctionId) -> Option<(CallId, ContextId)> {
        loop {
            let Context {
                call,
                function: entered,
                outer,
                ..
            } = self.contexts[context];
            if entered? == function {
                return Some((call?, outer));
            }
            context = outer;
        }
    }

    /// The calls that can have entered `function`.
    pub fn entries(&mut self, context: ContextId, function: FunctionId) -> Vec<(CallId, ContextId)> {
        match self.find_context(context, function) {
            Some(entry) => vec![entry],
            None => self
                .callers(function)
                .iter()
                .map(|call| (*call, NO_CONTEXT))
                .collect(),
        }
    }

    /// Everything `expression` can be.
    pub fn read(&mut self, expression: &'a Expr, context: ContextId) -> Reading<'a> {
        let mut reading = Reading::default();
        reading.expression(expression, context);
        self.run(&mut reading);
        reading
    }

    /// Everything `place` can hold, and the other places that hold it.
    pub fn read_from(&mut self, place: PlaceId, context: ContextId) -> Reading<'a> {
        let mut reading = Reading::default();
        reading.place(place, context);
        self.run(&mut reading);
        reading
    }

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

    /// Everything `place` can hold. Empty while that very question is being answered.
    pub fn sites_of_place(&mut self, place: PlaceId, context: ContextId) -> Sites<'a> {
        if let Some(sites) = self.sites_of_places.get(&(place, context)) {
            return Rc::clone(sites);
        }
        if self.depth >= MAXIMUM_SEARCH_DEPTH || !self.busy_places.insert(place) {
            return Rc::from([]);
        }
        let mut reading = Reading::default();
        reading.place(place, context);
        self.run(&mut reading);
        self.busy_places.remove(&place);
        let sites: Sites<'a> = reading.sites.into();
        self.sites_of_places.insert((place, context), Rc::clone(&sites));
        sites
    }

    /// Everything `expression` can be, remembered. Empty while that very question is being answered.
    pub fn sites_of_expression(&mut self, expression: &'a Expr, context: ContextId) -> Sites<'a> {
        let address = Address::of::<Expr>(expression);
        if let Some(sites) = self.sites_of_expressions.get(&(address, context)) {
            return Rc::clone(sites);
        }
        if self.depth >= MAXIMUM_SEARCH_DEPTH || !self.busy_expressions.insert(address) {
            return Rc::from([]);
        }
        let sites: Sites<'a> = self.read(expression, context).sites.into();
        self.busy_expressions.remove(&address);
        self.sites_of_expressions
            .insert((address, context), Rc::clone(&sites));
        sites
    }

    /// What `call` can call.
    pub fn sites_of_callee(&mut self, call: CallId, context: ContextId) -> Sites<'a> {
        if let Some(sites) = self.sites_of_callees.get(&(call, context)) {
            return Rc::clone(sites);
        }
        if self.depth >= MAXIMUM_SEARCH_DEPTH || !self.busy_callees.insert(call) {
            return Rc::from([]);
        }
        let sites: Sites<'a> = match self.facts.calls[call].target {
            CallTarget::Function(address) => self
                .facts
                .function(address)
                .map(|function| (Site::Function(function), context))
                .into_iter()
                .collect(),
            CallTarget::Place(place) => self.sites_of_place(place, context),
            CallTarget::Require(_) => Rc::from([]),
            CallTarget::Other(expression) => self.sites_of_expression(expression, context),
        };
        self.busy_callees.remove(&call);
        self.sites_of_callees.insert((call, context), Rc::clone(&sites));
        sites
    }

    /// The calls of `function` in this file.
    fn callers(&mut self, function: FunctionId) -> Rc<[CallId]> {
        if let Some(callers) = self.callers.get(&function) {
            return Rc::clone(callers);
        }
        if self.depth >= MAXIMUM_SEARCH_DEPTH || !self.busy_functions.insert(function) {
            return Rc::from([]);
        }
        let holders = self.facts.holders(self.facts.functions[function].address);
        let mut callers: Vec<CallId> = holders
            .iter()
            .filter_map(|holder| match holder {
                Holder::Callee(call) => Some(*call),
                _ => None,
            })
            .collect();
        for place in self.places_holding(holders) {
            callers.extend(&self.facts.places[place].calls);
        }
        self.busy_functions.remove(&function);
        let callers: Rc<[CallId]> = callers.into();
        self.callers.insert(function, Rc::clone(&callers));
        callers
    }

    /// Places that a value reaches from where it is made, whatever the context.
    fn places_holding(&mut self, holders: &[Holder]) -> Vec<PlaceId> {
        let mut pending = holders.to_vec();
        let mut visited = FxHashSet::default();
        let mut found = Vec::new();
        self.depth += 1;
        for _ in 0..MAXIMUM_MOVES {
            let Some(holder) = pending.pop() else { break };
            if !self.step() {
                break;
            }
            let mut reached = Vec::new();
            match holder {
                Holder::Place(place) => reached.push(place),
                Holder::Argument(call, index) => {
                    for (site, _) in self.sites_of_callee(call, NO_CONTEXT).iter() {
                        if let Site::Function(function) = site
                            && let Some(index) = self.parameter_index(call, index)
                            && let Some(Some(place)) = self.facts.functions[*function].parameters.get(index)
                        {
                            reached.push(*place);
                        }
                    }
                }
                Holder::Return(function) => {
                    for call in self.callers(function).iter() {
                        pending.extend(self.facts.holders(self.facts.calls[*call].address));
                    }
                }
                Holder::Receiver(_) | Holder::Callee(_) => {}
            }
            for place in reached {
                if visited.insert(place) {
                    found.push(place);
                    pending.extend(&self.facts.places[place].holders);
                }
            }
        }
        self.depth -= 1;
        found
    }

    /// Which parameter the argument at `index` reaches; none for the `this` of `f.call(this)`.
    pub fn parameter_index(&self, call: CallId, index: usize) -> Option<usize> {
        match self.facts.calls[call].form {
            CallForm::Direct | CallForm::New => Some(index),
            CallForm::Call => index.checked_sub(1),
            CallForm::Apply => None,
        }
    }

    /// What a call passes for the parameter at `index`.
    pub fn argument(&self, call: CallId, index: usize) -> Option<&'a Expr> {
        let site = &self.facts.calls[call];
        let arguments = site.arguments;
        let element = match site.form {
            CallForm::Direct | CallForm::New => arguments.get(index)?,
            CallForm::Call => arguments.get(index + 1)?,
            CallForm::Apply => match peel(&arguments.get(1)?.expr) {
                Expr::Array(list) => list.elems.get(index)?.as_ref()?,
                _ => return None,
            },
        };
        element.spread.is_none().then_some(&*element.expr)
    }

    fn run(&mut self, reading: &mut Reading<'a>) {
        self.depth += 1;
        while let Some(pending) = reading.pending.pop() {
            if !self.step() {
                break;
            }
            match pending {
                Pending::Expression(expression, context) => {
                    self.read_expression(reading, expression, context)
                }
                Pending::Place(place, context) => self.read_place(reading, place, context),
            }
        }
        self.depth -= 1;
    }

    fn read_expression(&mut self, reading: &mut Reading<'a>, expression: &'a Expr, context: ContextId) {
        let mut outcomes = Vec::new();
        self.environment
            .for_each_outcome(expression, &mut |outcome| outcomes.push(outcome));
        for outcome in outcomes {
            match outcome {
                Expr::Object(object) => reading.site(Site::Object(object), context),
                Expr::Array(array) => reading.site(Site::Array(array), context),
                Expr::Class(class) => reading.site(Site::Class(&class.class), context),
                Expr::Fn(_) | Expr::Arrow(_) => {
                    let function = function_address(outcome).and_then(|address| self.facts.function(address));
                    if let Some(function) = function {
                        reading.site(Site::Function(function), context);
                    }
                }
                Expr::Call(call) => {
                    if let Some(id) = self.facts.call::<CallExpr>(call) {
                        self.read_call(reading, id, context);
                    }
                }
                Expr::New(new) => {
                    if let Some(id) = self.facts.call::<NewExpr>(new) {
                        self.read_call(reading, id, context);
                    }
                }
                other => {
                    if let Some(place) = self.facts.find(other) {
                        reading.place(place, context);
                    } else if let Expr::Member(member) = other {
                        self.read_member(reading, member, context);
                    }
                }
            }
        }
    }

    /// `call().name`, and any element in `arguments[i]` and `list[i]`.
    fn read_member(&mut self, reading: &mut Reading<'a>, member: &'a MemberExpr, context: ContextId) {
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

    fn read_elements(&mut self, reading: &mut Reading<'a>, list: &'a Expr, context: ContextId) {
        for (site, context) in self.sites_of_expression(list, context).iter() {
            if let Site::Array(array) = site {
                for element in array.elems.iter().flatten() {
                    reading.expression(&element.expr, *context);
                }
            }
        }
    }

    fn read_place(&mut self, reading: &mut Reading<'a>, place: PlaceId, context: ContextId) {
        if !reading.visited.insert((place, context)) {
            return;
        }
        reading.places.push((place, context));
        let facts = &self.facts.places[place];
        match facts.role {
            Role::Plain => {}
            Role::Exports => reading.site(Site::Exports, NO_CONTEXT),
            Role::Module => reading.site(Site::Module, NO_CONTEXT),
            Role::Parameter(function, index) => {
                for (call, outer) in self.entries(context, function) {
                    if let Some(argument) = self.argument(call, index) {
                        reading.expression(argument, outer);
                    }
                }
                for source in self.facts.key_sources.get(&place).into_iter().flatten() {
                    if let KeySource::ElementsOf(list) = source {
                        self.read_elements(reading, list, context);
                    }
                }
            }
            Role::This(function) => {
                for (call, outer) in self.entries(context, function) {
                    let site = &self.facts.calls[call];
                    match (site.form, site.receiver) {
                        (CallForm::Call | CallForm::Apply, _) => {
                            if let Some(argument) = site.arguments.first() {
                                reading.expression(&argument.expr, outer);
                            }
                        }
                        (CallForm::Direct, Some(receiver)) => reading.place(receiver, outer),
                        _ => {}
                    }
                }
            }
            Role::SetterParameter(object, name) => {
                for base in self.places_holding(self.facts.holders(Address::of::<ObjectLit>(object))) {
                    if let Some(property) = self.facts.property(base, name) {
                        reading.place(property, NO_CONTEXT);
                    }
                }
            }
        }
        for definition in &facts.definitions {
            match *definition {
                Definition::Expression(expression) => reading.expression(expression, context),
                Definition::Place(place) => reading.place(place, context),
                Definition::Function(function) => reading.site(Site::Function(function), context),
                Definition::Class(class) => reading.site(Site::Class(class), context),
            }
        }
        if let PlaceKey::Property(base, name) = &facts.key {
            self.read_property(reading, *base, name, context);
        }
    }

    /// What `base.name` is besides what is assigned to it under that very name.
    fn read_property(&mut self, reading: &mut Reading<'a>, base: PlaceId, name: &Atom, context: ContextId) {
        if let Some(builtin) = builtin_named(self.facts, base, name) {
            reading.site(Site::Builtin(builtin), NO_CONTEXT);
            return;
        }
        let sites = self.sites_of_place(base, context);
        self.read_property_of(reading, &sites, name);
    }

    fn read_property_of(&mut self, reading: &mut Reading<'a>, sites: &Sites<'a>, name: &Atom) {
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
                Site::Required(specifier, address) if *name == *"default" => {
                    let site = Site::RequiredPart(specifier.clone(), ExportsPart::Default, *address);
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
                                let address = Address::of::<swc_core::ecma::ast::Function>(&method.function);
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

    fn read_object_property(
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
                    let address = Address::of::<swc_core::ecma::ast::Function>(&method.function);
                    if let Some(function) = self.facts.function(address) {
                        reading.site(Site::Function(function), context);
                    }
                }
                Prop::Getter(getter) if property_text(&getter.key).as_ref() == Some(name) => {
                    let address = Address::of::<swc_core::ecma::ast::Function>(&getter.function);
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

    fn read_call(&mut self, reading: &mut Reading<'a>, call: CallId, context: ContextId) {
        if !reading.visited_calls.insert((call, context)) {
            return;
        }
        let site = &self.facts.calls[call];
        if let CallTarget::Require(specifier) = site.target {
            if let Some(specifier) = constant_text(specifier) {
                reading.site(Site::Required(specifier, site.address), NO_CONTEXT);
            }
            return;
        }
        reading.site(Site::Result(call), context);
        let mut is_known = false;
        for (callee, _) in self.sites_of_callee(call, context).iter() {
            match callee {
                Site::Function(function) => {
                    is_known = true;
                    if site.form == CallForm::New {
                        reading.site(Site::Instance(*function, call), context);
                    }
                    let inside = self.enter(call, *function, context);
                    for value in &self.facts.functions[*function].returns {
                        reading.expression(value, inside);
                    }
                }
                Site::Required(specifier, address) if site.form != CallForm::New => {
                    let site = Site::RequiredPart(specifier.clone(), ExportsPart::Result, *address);
                    reading.site(site, NO_CONTEXT);
                }
                Site::Class(class) => {
                    is_known = true;
                    reading.site(Site::ClassInstance(class, call), context);
                }
                Site::Builtin(builtin) => {
                    is_known = true;
                    let argument = self.argument(call, 0);
                    if let Some(argument) = argument.filter(|_| builtin.returns_first_argument()) {
                        reading.expression(argument, context);
                    }
                    if let Some(argument) = argument.filter(|_| *builtin == Builtin::PrototypeOf) {
                        for (site, context) in self.sites_of_expression(argument, context).iter() {
                            if let Site::ClassInstance(class, _) = site {
                                reading.site(Site::Prototype(class), *context);
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        if !is_known
            && site.form != CallForm::New
            && let Some(argument) = self.argument(call, 0)
        {
            self.read_unknown_result(reading, call, argument, context);
        }
    }

    /// A function that cannot be seen may well return what it gets (`deepFreeze(x)`), except that a required
    /// module is mostly an ingredient; helpers that make a namespace of it are known by name.
    fn read_unknown_result(
        &mut self,
        reading: &mut Reading<'a>,
        call: CallId,
        argument: &'a Expr,
        context: ContextId,
    ) {
        if reputation(self.facts, call) == Some(Reputation::ReturnsArgument) {
            reading.expression(argument, context);
            return;
        }
        for (site, context) in self.sites_of_expression(argument, context).iter() {
            if !matches!(site, Site::Required(..) | Site::RequiredPart(..) | Site::Module) {
                reading.site(site.clone(), *context);
            }
        }
    }
}

/// `value` of `{ name: value }`
pub fn literal_value<'a>(object: &'a ObjectLit, name: &Atom) -> Option<&'a Expr> {
    object.props.iter().find_map(|property| match property {
        PropOrSpread::Prop(property) => match &**property {
            Prop::KeyValue(pair) if property_text(&pair.key).as_ref() == Some(name) => Some(&*pair.value),
            _ => None,
        },
        PropOrSpread::Spread(_) => None,
    })
}
