//! The forward search: from the exported object to everything that is written on it.

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;
use swc_core::common::{BytePos, Spanned as _};
use swc_core::ecma::ast::{Class, ClassMember, Expr, Key, ObjectLit, Prop, PropName, PropOrSpread};

use super::callee::{Builtin, Reputation, reputation};
use super::facts::{
    Address, Arity, CallForm, CallId, CallTarget, Certainty, FunctionId, Holder, PlaceId, PlaceKey, Write,
};
use super::keys::keys_of;
use super::read::{ContextId, NO_CONTEXT, Reading, Search, Site, literal_value};
use super::syntax::{constant_text, property_text};
use super::{CommonJsExports, ExportsPart};

/// How an object is part of the exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    /// It is `module.exports`.
    Whole,
    /// Its properties are copied.
    Copied,
}

/// Finds the exports.
pub fn reach<'a>(search: &mut Search<'_, 'a>) -> CommonJsExports {
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

/// What `exports.default` has.
fn default_part<'a>(
    search: &mut Search<'_, 'a>,
    whole: &[(Site<'a>, ContextId)],
    places: FxHashSet<PlaceId>,
) -> Option<Box<CommonJsExports>> {
    let default = Atom::from("default");
    let facts = search.facts;
    let mut properties: Vec<PlaceId> = places
        .into_iter()
        .filter_map(|place| facts.property(place, &default))
        .collect();
    properties.sort();
    let mut reach = Reach::new(search);
    for property in properties {
        let reading = reach.search.read_from(property, NO_CONTEXT);
        reach.reading(reading, Part::Whole);
    }
    for (site, context) in whole {
        if let Site::Object(object) = site
            && let Some(value) = literal_value(object, &default)
        {
            reach.value(value, *context, Part::Whole);
        }
    }
    reach.part()
}

/// What calling `module.exports` returns.
fn result_part<'a>(
    search: &mut Search<'_, 'a>,
    whole: &[(Site<'a>, ContextId)],
) -> Option<Box<CommonJsExports>> {
    let mut reach = Reach::new(search);
    for (site, context) in whole {
        if let Site::Function(function) = site {
            for value in &reach.search.facts.functions[*function].returns {
                reach.value(value, *context, Part::Whole);
            }
        }
    }
    reach.part()
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
    forwards: Vec<Atom>,
    stars: Vec<Atom>,
    part_forwards: Vec<(Atom, ExportsPart)>,
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
            forwards: Vec::new(),
            stars: Vec::new(),
            part_forwards: Vec::new(),
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
        let mut names: Vec<(BytePos, Atom)> = self
            .names
            .into_iter()
            .map(|(name, position)| (position, name))
            .collect();
        names.sort();
        let names = names.into_iter().map(|(_, name)| name).collect();
        CommonJsExports {
            names,
            forwards: self.forwards,
            stars: self.stars,
            part_forwards: self.part_forwards,
            is_es_module,
            default: None,
            result: None,
        }
    }

    fn name(&mut self, name: Atom, position: BytePos) {
        if name == *"__proto__" {
            return;
        }
        let earliest = self.names.entry(name).or_insert(position);
        *earliest = position.min(*earliest);
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

    /// `jQuery.extend(source)` writes to `jQuery`, `jQuery.extend(target, source)` does not.
    fn is_target_of_method(&self, call: CallId, function: FunctionId) -> bool {
        let facts = self.search.facts;
        facts.functions[function].arity == Arity::Fixed || facts.calls[call].arguments.len() == 1
    }

    /// `exports.__defineGetter__('name', …)`
    fn receiver(&mut self, call: CallId, context: ContextId) {
        let facts = self.search.facts;
        if let CallTarget::Place(method) = facts.calls[call].target
            && let PlaceKey::Property(_, name) = &facts.places[method].key
            && *name == *"__defineGetter__"
        {
            self.key_argument(call, 0, context);
        }
    }

    fn result(&mut self, call: CallId, context: ContextId) {
        if self.visited_results.insert((call, context)) {
            let facts = self.search.facts;
            self.holders(facts.holders(facts.calls[call].address), context);
        }
    }

    fn this(&mut self, call: CallId, function: FunctionId, context: ContextId) {
        if let Some(this) = self.search.facts.functions[function].this {
            let inside = self.search.enter(call, function, context);
            self.place(this, inside);
        }
    }

    /// The object is passed to a function.
    fn argument(&mut self, call: CallId, index: usize, context: ContextId) {
        let facts = self.search.facts;
        let form = facts.calls[call].form;
        let parameter = self.search.parameter_index(call, index);
        let mut is_known = false;
        for (site, _) in self.search.sites_of_callee(call, context).iter() {
            match site {
                Site::Function(function) => {
                    is_known = true;
                    match parameter {
                        Some(parameter) => self.enter_parameter(call, *function, parameter, context),
                        None if index == 0 => self.this(call, *function, context),
                        None => {}
                    }
                }
                Site::Class(class) if form == CallForm::New => {
                    is_known = true;
                    let constructor = facts
                        .class_of
                        .get(&Address::of::<Class>(class))
                        .and_then(|class| class.constructor);
                    if let (Some(constructor), Some(parameter)) = (constructor, parameter) {
                        self.enter_parameter(call, constructor, parameter, context);
                    }
                }
                Site::Builtin(builtin) if parameter == Some(0) => {
                    is_known = true;
                    self.builtin(call, *builtin, context);
                }
                Site::Builtin(_) => is_known = true,
                _ => {}
            }
        }
        if !is_known && let Some(parameter) = parameter {
            self.helper(call, parameter, context);
        }
    }

    fn enter_parameter(&mut self, call: CallId, function: FunctionId, parameter: usize, context: ContextId) {
        if let Some(Some(place)) = self.search.facts.functions[function].parameters.get(parameter) {
            let inside = self.search.enter(call, function, context);
            self.place(*place, inside);
        }
    }

    fn builtin(&mut self, call: CallId, builtin: Builtin, context: ContextId) {
        match builtin {
            Builtin::DefineProperty => self.key_argument(call, 1, context),
            Builtin::DefineProperties => self.copy_arguments(call, 1, context),
            Builtin::Assign => self.copy_arguments(call, 1, context),
            Builtin::Identity => {}
            Builtin::Create | Builtin::Keys | Builtin::PrototypeOf => return,
        }
        self.result(call, context);
    }

    /// The object is passed to a function that is known by name only.
    fn helper(&mut self, call: CallId, parameter: usize, context: ContextId) {
        match (reputation(self.search.facts, call), parameter) {
            (Some(Reputation::ExportStar), 1) => {
                if let Some(source) = self.search.argument(call, 0) {
                    self.value(source, context, Part::Copied);
                }
            }
            (Some(Reputation::Copy), 0) => {
                // Old `__webpack_require__.d(exports, 'name', getter)`
                self.key_argument(call, 1, context);
                self.copy_arguments(call, 1, context);
                self.result(call, context);
            }
            (Some(Reputation::DefineProperty), 0) => self.key_argument(call, 1, context),
            (Some(Reputation::CreateBinding), 0) => {
                let index = if self.search.argument(call, 3).is_some() {
                    3
                } else {
                    2
                };
                self.key_argument(call, index, context);
            }
            (Some(Reputation::ReturnsArgument), 0) => self.result(call, context),
            _ => {}
        }
    }

    fn key_argument(&mut self, call: CallId, index: usize, context: ContextId) {
        if let Some(key) = self.search.argument(call, index) {
            self.key(key, key.span().lo, context);
        }
    }

    fn copy_arguments(&mut self, call: CallId, first: usize, context: ContextId) {
        for index in first..self.search.facts.calls[call].arguments.len() {
            if let Some(source) = self.search.argument(call, index) {
                self.value(source, context, Part::Copied);
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
            Site::RequiredPart(specifier, required, _) => {
                let forward = (specifier.clone(), *required);
                if part == Part::Whole && !self.part_forwards.contains(&forward) {
                    self.part_forwards.push(forward);
                }
            }
            Site::Member(address) => self.holders(facts.holders(*address), context),
            Site::Exports => {
                self.place(facts.exports, NO_CONTEXT);
                for place in self.search.module_exports.clone() {
                    self.place(place, NO_CONTEXT);
                }
            }
            Site::Required(specifier, address) => {
                let list = if part == Part::Whole {
                    &mut self.forwards
                } else {
                    &mut self.stars
                };
                if !list.contains(specifier) {
                    list.push(specifier.clone());
                }
                self.holders(facts.holders(*address), context);
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
            Site::Module | Site::Array(_) | Site::Builtin(_) => {}
        }
    }

    /// What an instance gets from its class and the classes that it extends.
    fn class_instance(&mut self, class: &'a Class, call: CallId, context: ContextId) {
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

    fn object(&mut self, object: &'a ObjectLit, context: ContextId) {
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

    fn property_name(&mut self, name: &'a PropName, context: ContextId) {
        match (property_text(name), name) {
            (Some(text), _) => self.name(text, name.span().lo),
            (None, PropName::Computed(computed)) => self.key(&computed.expr, computed.span.lo, context),
            _ => {}
        }
    }

    fn class(&mut self, class: &'a Class, side: ClassSide, context: ContextId) {
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
enum ClassSide {
    /// Of the class itself.
    Static,
    /// Of every instance.
    Fields,
    /// Of the prototype.
    Methods,
}
