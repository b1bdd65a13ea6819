//! Which keys an expression in `object[key]` can be: strings, or all keys of some other object.

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::ecma::ast::{BinExpr, BinaryOp, CallExpr, Expr, Lit, MemberExpr, MemberProp, NewExpr};

use super::callee::{Builtin, Reputation, reputation};
use super::context::ContextId;
use super::facts::{Address, CallId, Definition, KeySource, PlaceId, PlaceKey, Role, callee_expression};
use super::read::Search;
use super::site::Site;
use super::syntax::{constant_text, key_text, peel, text_of};

/// What a key can be.
#[derive(Default)]
pub struct Keys<'a> {
    /// These strings.
    pub names: Vec<Atom>,
    /// Any key of the values of these expressions.
    pub of_objects: Vec<(&'a Expr, ContextId)>,
}

/// What is asked of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Question {
    /// Which strings is it?
    Key,
    /// Which strings does the list hold?
    Elements,
}

/// Finds what `key` can be.
pub fn keys_of<'a>(search: &mut Search<'_, 'a>, key: &'a Expr, context: ContextId) -> Keys<'a> {
    find(search, key, context, 0)
}

/// How deep concatenations are taken apart.
const MAXIMUM_NESTING: usize = 4;
/// How many names a concatenation may have.
const MAXIMUM_COMBINATIONS: usize = 1000;

fn find<'a>(search: &mut Search<'_, 'a>, key: &'a Expr, context: ContextId, nesting: usize) -> Keys<'a> {
    let mut finder = Finder {
        search,
        nesting,
        keys: Keys::default(),
        pending: vec![(Question::Key, key, context)],
        visited: FxHashSet::default(),
        asked: FxHashSet::default(),
    };
    while let Some((question, expression, context)) = finder.pending.pop() {
        if !finder.search.step() {
            break;
        }
        if !finder
            .asked
            .insert((Address::of::<Expr>(expression), context, question))
        {
            continue;
        }
        match question {
            Question::Key => finder.key(expression, context),
            Question::Elements => finder.elements(expression, context),
        }
    }
    finder.keys
}

struct Finder<'s, 'f, 'a> {
    search: &'s mut Search<'f, 'a>,
    nesting: usize,
    keys: Keys<'a>,
    pending: Vec<(Question, &'a Expr, ContextId)>,
    visited: FxHashSet<(PlaceId, ContextId, Question)>,
    asked: FxHashSet<(Address, ContextId, Question)>,
}

impl<'a> Finder<'_, '_, 'a> {
    fn outcomes(&self, expression: &'a Expr) -> Vec<&'a Expr> {
        let mut outcomes = Vec::new();
        self.search
            .environment
            .for_each_outcome(expression, &mut |outcome| outcomes.push(outcome));
        outcomes
    }

    fn key(&mut self, expression: &'a Expr, context: ContextId) {
        for outcome in self.outcomes(expression) {
            if let Some(text) = constant_text(outcome) {
                self.keys.names.push(text);
            } else if let Expr::Bin(BinExpr {
                op: BinaryOp::Add,
                left,
                right,
                ..
            }) = outcome
            {
                self.concatenation(left, right, context);
            } else if let Expr::Call(call) = outcome {
                self.key_of_call(call, context);
            } else if let Some(place) = self.search.facts.find(outcome) {
                self.place(place, context, Question::Key);
            } else if let Expr::Member(MemberExpr {
                obj,
                prop: MemberProp::Computed(_),
                ..
            }) = outcome
            {
                self.pending.push((Question::Elements, obj, context));
            }
        }
    }

    /// Babel's `_toPropertyKey(key)`, which is in the file.
    fn key_of_call(&mut self, call: &'a CallExpr, context: ContextId) {
        let Some(id) = self.search.facts.call::<CallExpr>(call) else {
            return;
        };
        for (site, _) in self.search.sites_of_callee(id, context).iter() {
            if let Site::Function(function) = site {
                let inside = self.search.enter(id, *function, context);
                for value in &self.search.facts.functions[*function].returns {
                    self.pending.push((Question::Key, value, inside));
                }
            }
        }
    }

    /// `method + 'Form'`
    fn concatenation(&mut self, left: &'a Expr, right: &'a Expr, context: ContextId) {
        if self.nesting >= MAXIMUM_NESTING {
            return;
        }
        let mut names_of = |expression| find(self.search, expression, context, self.nesting + 1).names;
        let (left, right) = (names_of(left), names_of(right));
        if left.len() * right.len() <= MAXIMUM_COMBINATIONS {
            for left in &left {
                self.keys
                    .names
                    .extend(right.iter().map(|right| Atom::from(format!("{left}{right}"))));
            }
        }
    }

    /// Asks the same of everything that flows into `place`.
    fn place(&mut self, place: PlaceId, context: ContextId, question: Question) {
        let facts = self.search.facts;
        if !self.visited.insert((place, context, question)) {
            return;
        }
        if question == Question::Key {
            for source in facts.key_sources.get(&place).into_iter().flatten() {
                match source {
                    KeySource::KeysOf(object) => self.keys.of_objects.push((object, context)),
                    KeySource::ElementsOf(list) => self.pending.push((Question::Elements, list, context)),
                }
            }
        }
        if let Role::Parameter(function, index) = facts.places[place].role {
            for (call, outer) in self.search.entries(context, function) {
                if let Some(argument) = self.search.argument(call, index) {
                    self.pending.push((question, argument, outer));
                }
            }
        }
        if let PlaceKey::Property(base, name) = &facts.places[place].key {
            for (value, context) in self.search.literal_values(*base, name, context) {
                self.pending.push((question, value, context));
            }
        }
        for definition in &facts.places[place].definitions {
            match *definition {
                Definition::Expression(expression) => self.pending.push((question, expression, context)),
                Definition::Place(place) => self.place(place, context, question),
                Definition::Function(_) | Definition::Class(_) => {}
            }
        }
    }

    fn elements(&mut self, list: &'a Expr, context: ContextId) {
        for outcome in self.outcomes(list) {
            match outcome {
                Expr::Array(array) => {
                    for element in array.elems.iter().flatten() {
                        if element.spread.is_some() {
                            self.pending.push((Question::Elements, &element.expr, context));
                            continue;
                        }
                        // `[['name', value], …]`
                        let element = match peel(&element.expr) {
                            Expr::Array(pair) => match pair.elems.first() {
                                Some(Some(first)) => &first.expr,
                                _ => continue,
                            },
                            _ => &element.expr,
                        };
                        self.pending.push((Question::Key, element, context));
                    }
                }
                Expr::Call(call) => self.elements_of_call(call, context),
                Expr::New(NewExpr {
                    args: Some(arguments),
                    ..
                }) => {
                    // `new Set(['a', 'b'])`
                    if let Some(first) = arguments.first() {
                        self.pending.push((Question::Elements, &first.expr, context));
                    }
                }
                other => {
                    if let Some(place) = self.search.facts.find(other) {
                        self.place(place, context, Question::Elements);
                    }
                }
            }
        }
    }

    fn elements_of_call(&mut self, call: &'a CallExpr, context: ContextId) {
        if let Some(Expr::Member(member)) = callee_expression(&call.callee).map(peel)
            && self.elements_of_method(member, call, context)
        {
            return;
        }
        let Some(id) = self.search.facts.call::<CallExpr>(call) else {
            return;
        };
        let mut is_known = false;
        for (site, _) in self.search.sites_of_callee(id, context).iter() {
            match site {
                Site::Builtin(Builtin::Keys) => {
                    is_known = true;
                    self.keys_of_argument(id, context);
                }
                Site::Function(function) => {
                    is_known = true;
                    let inside = self.search.enter(id, *function, context);
                    for value in &self.search.facts.functions[*function].returns {
                        self.pending.push((Question::Elements, value, inside));
                    }
                }
                _ => {}
            }
        }
        // The list that a local `keys` returns may be filled in a loop, out of sight.
        if (!is_known || self.keys.of_objects.is_empty())
            && reputation(self.search.facts, id) == Some(Reputation::Keys)
        {
            self.keys_of_argument(id, context);
        }
    }

    fn keys_of_argument(&mut self, call: CallId, context: ContextId) {
        if let Some(argument) = self.search.argument(call, 0) {
            self.keys.of_objects.push((argument, context));
        }
    }

    /// Methods of lists that keep elements, and `'a b'.split(' ')`.
    fn elements_of_method(&mut self, member: &'a MemberExpr, call: &'a CallExpr, context: ContextId) -> bool {
        let Some(name) = key_text(&member.prop) else {
            return false;
        };
        match name.as_str() {
            "concat" => {
                for argument in &call.args {
                    self.pending.push((Question::Elements, &argument.expr, context));
                }
                self.pending.push((Question::Elements, &member.obj, context));
                true
            }
            "filter" | "sort" | "slice" | "reverse" | "flat" | "values" => {
                self.pending.push((Question::Elements, &member.obj, context));
                true
            }
            "split" => {
                let separator = call
                    .args
                    .first()
                    .and_then(|argument| constant_text(&argument.expr));
                if let (Expr::Lit(Lit::Str(text)), Some(separator)) = (peel(&member.obj), separator)
                    && !separator.is_empty()
                {
                    self.keys
                        .names
                        .extend(text_of(&text.value).split(&*separator).map(Atom::from));
                }
                true
            }
            _ => false,
        }
    }
}
