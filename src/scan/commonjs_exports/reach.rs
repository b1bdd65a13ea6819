//! The forward search: from the exported object to everything that is written on it.

mod call;
mod literal;
mod part;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::BytePos;
use swc_core::ecma::ast::{Class, Expr};

use super::callee::Builtin;
use super::context::{ContextId, NO_CONTEXT};
use super::facts::{Address, CallId, Certainty, Holder, PlaceId, Write};
use super::keys::keys_of;
use super::read::{Reading, Search};
use super::site::Site;
use super::syntax::constant_text;
use crate::graph::{CommonJsExports, ExportsPart};
use literal::ClassSide;
use part::{default_part, result_part};

/// How an object is part of the exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    /// It is `module.exports`.
    Whole,
    /// Its properties are copied.
    Copied,
}

/// Finds the exports.
pub fn reach(search: &mut Search<'_, '_>) -> CommonJsExports {
    let mut reach = Reach::new(search);
    reach.start();
    reach.run();
    let whole = std::mem::take(&mut reach.whole);
    let places: FxHashSet<PlaceId> = reach.visited_places.iter().map(|(place, _)| *place).collect();
    let exports = reach.finish();
    let default = default_part(search, &whole, places);
    let result = result_part(search, &whole);
    CommonJsExports {
        default,
        result,
        ..exports
    }
}

/// What needs a backward search. These wait until no place is left to look at, so that in a file with too
/// much to search the names that are simply written are complete.
enum Question<'a> {
    /// Which objects can this be?
    Value(&'a Expr, ContextId, Part),
    /// Which keys can this be, written at this position?
    Key(&'a Expr, BytePos, ContextId),
}

struct Reach<'s, 'f, 'a> {
    search: &'s mut Search<'f, 'a>,
    names: FxHashMap<Atom, BytePos>,
    forwards: FxHashMap<Atom, BytePos>,
    stars: FxHashMap<Atom, BytePos>,
    part_forwards: FxHashMap<(Atom, ExportsPart), BytePos>,
    /// The objects that are the exports, those that are only copied left out.
    whole: Vec<(Site<'a>, ContextId)>,
    places: Vec<(PlaceId, ContextId)>,
    questions: Vec<Question<'a>>,
    visited_places: FxHashSet<(PlaceId, ContextId)>,
    visited_sites: FxHashSet<((u8, usize), ContextId, Part)>,
    visited_expressions: FxHashSet<(Address, ContextId, Part)>,
    visited_results: FxHashSet<(CallId, ContextId)>,
    visited_classes: FxHashSet<(Address, CallId)>,
}

impl<'s, 'f, 'a> Reach<'s, 'f, 'a> {
    fn new(search: &'s mut Search<'f, 'a>) -> Self {
        Self {
            search,
            names: FxHashMap::default(),
            forwards: FxHashMap::default(),
            stars: FxHashMap::default(),
            part_forwards: FxHashMap::default(),
            whole: Vec::new(),
            places: Vec::new(),
            questions: Vec::new(),
            visited_places: FxHashSet::default(),
            visited_sites: FxHashSet::default(),
            visited_expressions: FxHashSet::default(),
            visited_results: FxHashSet::default(),
            visited_classes: FxHashSet::default(),
        }
    }

    fn part(mut self) -> Option<Box<CommonJsExports>> {
        self.run();
        let exports = self.finish();
        (!exports.is_empty()).then(|| Box::new(exports))
    }

    /// Everything that `module.exports` can be at the end: the last value that is certainly assigned, those
    /// that may be assigned after it, and the first object if nothing is certain.
    fn start(&mut self) {
        let facts = self.search.facts;
        let mut candidates = Vec::new();
        let mut keeps_first_object = true;
        for assignment in &facts.exports_assignments {
            let is_ours = facts
                .property(assignment.base, &Atom::from("exports"))
                .is_some_and(|place| self.search.module_exports.contains(&place));
            if !is_ours {
                continue;
            }
            if assignment.certainty == Certainty::Certain {
                candidates.clear();
                keeps_first_object = false;
            }
            candidates.push(assignment.value);
        }
        for value in candidates {
            self.value(value, NO_CONTEXT, Part::Whole);
        }
        for annotation in &facts.annotations {
            self.value(annotation, NO_CONTEXT, Part::Copied);
        }
        for place in self.search.module_exports.clone() {
            self.place(place, NO_CONTEXT);
        }
        if keeps_first_object {
            self.site(&Site::Exports, NO_CONTEXT, Part::Whole);
        }
    }

    fn run(&mut self) {
        loop {
            while let Some((place, context)) = self.places.pop() {
                self.writes(place, context);
            }
            let Some(question) = self.questions.pop().filter(|_| self.search.step()) else {
                break;
            };
            match question {
                Question::Value(expression, context, part) => {
                    let reading = self.search.read(expression, context);
                    self.reading(reading, part);
                }
                Question::Key(key, position, context) => {
                    let keys = keys_of(self.search, key, context);
                    for name in keys.names {
                        self.name(name, position);
                    }
                    for (object, context) in keys.of_objects {
                        self.value(object, context, Part::Copied);
                    }
                }
            }
        }
    }

    fn reading(&mut self, reading: Reading<'a>, part: Part) {
        for (place, context) in reading.places {
            self.place(place, context);
        }
        for (site, context) in reading.sites {
            self.site(&site, context, part);
        }
    }

    fn finish(self) -> CommonJsExports {
        let is_es_module = self.names.contains_key(&Atom::from("__esModule"));
        let mut part_forwards: Vec<_> = self.part_forwards.into_iter().collect();
        part_forwards
            .sort_by_key(|((specifier, part), position)| (*position, specifier.clone(), *part as u8));
        CommonJsExports {
            names: in_source_order(self.names),
            forwards: in_source_order(self.forwards),
            stars: in_source_order(self.stars),
            part_forwards: part_forwards.into_iter().map(|(forward, _)| forward).collect(),
            is_es_module,
            default: None,
            result: None,
        }
    }

    fn name(&mut self, name: Atom, position: BytePos) {
        if name == *"__proto__" {
            return;
        }
        note(&mut self.names, name, position);
    }

    fn value(&mut self, expression: &'a Expr, context: ContextId, part: Part) {
        if self
            .visited_expressions
            .insert((Address::of::<Expr>(expression), context, part))
        {
            self.questions.push(Question::Value(expression, context, part));
        }
    }

    fn place(&mut self, place: PlaceId, context: ContextId) {
        if self.visited_places.insert((place, context)) {
            self.places.push((place, context));
        }
    }

    fn key(&mut self, key: &'a Expr, position: BytePos, context: ContextId) {
        match constant_text(key) {
            Some(name) => self.name(name, position),
            None => self.questions.push(Question::Key(key, position, context)),
        }
    }

    fn writes(&mut self, place: PlaceId, context: ContextId) {
        let facts = self.search.facts;
        for write in &facts.places[place].writes {
            match write {
                Write::Named(name, position) => self.name(name.clone(), *position),
                Write::Keyed(key, position) => self.key(key, *position, context),
            }
        }
        self.holders(&facts.places[place].holders, context);
    }

    fn holders(&mut self, holders: &[Holder], context: ContextId) {
        for holder in holders {
            match *holder {
                Holder::Place(place) => {
                    self.place(place, context);
                    if self.search.module_exports.contains(&place) {
                        for other in self.search.module_exports.clone() {
                            self.place(other, NO_CONTEXT);
                        }
                    }
                }
                Holder::Argument(call, index) => self.argument(call, index, context),
                Holder::Receiver(call) => {
                    self.receiver(call, context);
                    for (site, _) in self.search.sites_of_callee(call, context).iter() {
                        if let Site::Function(function) = site
                            && self.is_target_of_method(call, *function)
                        {
                            self.this(call, *function, context);
                        }
                    }
                }
                Holder::Return(function) => {
                    for (call, outer) in self.search.entries(context, function) {
                        self.result(call, outer);
                    }
                }
                Holder::Callee(_) => {}
            }
        }
    }

    fn site(&mut self, site: &Site<'a>, context: ContextId, part: Part) {
        if !self.visited_sites.insert((site.identity(), context, part)) {
            return;
        }
        if part == Part::Whole {
            self.whole.push((site.clone(), context));
        }
        let facts = self.search.facts;
        match site {
            Site::RequiredPart(specifier, required, call) if part == Part::Whole => {
                let forward = (specifier.clone(), *required);
                let position = facts.position(*call);
                note(&mut self.part_forwards, forward, position);
            }
            Site::Member(address) => self.holders(facts.holders(*address), context),
            Site::Exports => {
                self.place(facts.exports, NO_CONTEXT);
                for place in self.search.module_exports.clone() {
                    self.place(place, NO_CONTEXT);
                }
            }
            Site::Required(specifier, call) => {
                let list = match part {
                    Part::Whole => &mut self.forwards,
                    Part::Copied => &mut self.stars,
                };
                note(list, specifier.clone(), facts.position(*call));
                self.holders(facts.holders(facts.calls[*call].address), context);
            }
            Site::Object(object) => self.object(object, context),
            Site::Function(function) => {
                self.holders(facts.holders(facts.functions[*function].address), context);
            }
            Site::Class(class) => {
                self.class(class, ClassSide::Static, context);
                if let Some(class_facts) = facts.class_of.get(&Address::of::<Class>(class)) {
                    self.place(class_facts.static_this, context);
                }
                self.holders(facts.holders(Address::of::<Class>(class)), context);
            }
            Site::Instance(function, call) => {
                self.this(*call, *function, context);
                self.result(*call, context);
            }
            Site::ClassInstance(class, call) => {
                self.class_instance(class, *call, context);
                self.result(*call, context);
            }
            Site::Prototype(class) => self.class(class, ClassSide::Methods, context),
            Site::Result(call) => {
                let is_create = self
                    .search
                    .sites_of_callee(*call, context)
                    .iter()
                    .any(|(site, _)| matches!(site, Site::Builtin(Builtin::Create)));
                if is_create {
                    self.copy_arguments(*call, 1, context);
                }
                self.result(*call, context);
            }
            Site::RequiredPart(..) | Site::Module | Site::Array(_) | Site::Builtin(_) => {}
        }
    }
}

fn note<K: Eq + std::hash::Hash>(found: &mut FxHashMap<K, BytePos>, key: K, position: BytePos) {
    let earliest = found.entry(key).or_insert(position);
    *earliest = position.min(*earliest);
}

/// Sorted by position; what a generated tree leaves without one is sorted by itself.
fn in_source_order<K: Ord>(found: FxHashMap<K, BytePos>) -> Vec<K> {
    let mut found: Vec<(BytePos, K)> = found.into_iter().map(|(key, position)| (position, key)).collect();
    found.sort();
    found.into_iter().map(|(_, key)| key).collect()
}
