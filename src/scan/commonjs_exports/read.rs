//! The backward search: from an expression to the objects it can be.
//!
//! Calls are followed with their context, so that in `copy(exports, a); copy(other, b)` the parameter of
//! `copy` that receives `exports` meets `a` and not `b`. Contexts nest a few calls deep; beyond that, and
//! where the caller is not known, all calls of a function count.

mod call;
mod property;

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::ecma::ast::{CallExpr, Expr, NewExpr, ObjectLit};

use super::context::{ContextId, Contexts, NO_CONTEXT};
use super::environment::Environment;
use super::facts::{
    Address, CallForm, CallId, Definition, Facts, FunctionId, KeySource, PlaceId, PlaceKey, Role,
    function_address,
};
use super::site::Site;

/// How deep one search may start another.
const MAXIMUM_SEARCH_DEPTH: usize = 5;
/// Steps of one search with all that it starts, so that one question leaves something for the others.
const MAXIMUM_STEPS_OF_SEARCH: usize = 20_000;
/// How many moves of a function are followed to find its callers.
const MAXIMUM_MOVES: usize = 200;

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
    contexts: Contexts,
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
    maximum_steps: usize,
    /// What `steps` may become before the search under way ends.
    limit: usize,
}

impl<'f, 'a> Search<'f, 'a> {
    /// A search over `facts`.
    ///
    /// `maximum_steps` puts an end to files that nothing here foresees; names that are simply written are
    /// found in the first steps.
    pub fn new(facts: &'f Facts<'a>, environment: Environment, maximum_steps: usize) -> Self {
        let mut search = Self {
            facts,
            environment,
            module_exports: Vec::new(),
            names_of_exports: Vec::new(),
            contexts: Contexts::default(),
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
            maximum_steps,
            limit: maximum_steps,
        };
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

    /// Counts a step; false when the file has had its share.
    pub fn step(&mut self) -> bool {
        self.steps += 1;
        self.steps < self.limit
    }

    /// The context of `call` entering `function`.
    pub fn enter(&mut self, call: CallId, function: FunctionId, outer: ContextId) -> ContextId {
        self.contexts.enter(call, function, outer)
    }

    /// The calls that can have entered `function`.
    pub fn entries(&mut self, context: ContextId, function: FunctionId) -> Vec<(CallId, ContextId)> {
        match self.contexts.find(context, function) {
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

    fn run(&mut self, reading: &mut Reading<'a>) {
        if self.depth == 0 {
            self.limit = self.maximum_steps.min(self.steps + MAXIMUM_STEPS_OF_SEARCH);
        }
        self.depth += 1;
        while let Some(pending) = reading.pending.pop() {
            if !self.step() {
                break;
            }
            match pending {
                Pending::Expression(expression, context) => {
                    self.read_expression(reading, expression, context);
                }
                Pending::Place(place, context) => self.read_place(reading, place, context),
            }
        }
        self.depth -= 1;
        if self.depth == 0 {
            self.limit = self.maximum_steps;
        }
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
}
