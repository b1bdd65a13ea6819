//! Which CommonJS modules stand at the top level of their chunk, as ES modules do, instead of in a function that the first
//! `require()` calls.
//!
//! ```js
//! // main.mjs                         // lib.cjs, which the scan also wrote as an ES module
//! import { used } from './lib.cjs'    exports.used = require('./used.cjs').value
//!                                     exports.unused = () => {}
//! ```
//!
//! The function is there because a module may be asked for at any time, and because what it exports is an object that
//! anybody may look at. Where everybody who asks is an ES module, or a module like this, and asks at the start, the order is
//! that of imports; where everybody reads names that the module is known to write, nobody sees the object. What is asked
//! for in another way keeps its function, and so does all that it requires.

mod forwarders;
mod late;
mod readings;
mod uses;

use std::sync::OnceLock;

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use self::forwarders::pass_through_forwarders;
use self::readings::Reading;
use self::uses::{Uses, is_require, may_be_entry, targets_of};
use super::barrels;
use super::cycles::modules_in_cycles_of;
use super::exports::has_effects;
use crate::graph::{ModuleFormat, ModuleGraph, ModuleId, ModuleSyntax, RecordId, RequestSyntax, Target};
use crate::scan::named_members::INHERITED_NAMES;

/// Whether `require()` of an ES module shows a name beside its exports.
fn is_name_of_object(name: &str) -> bool {
    name == "__esModule" || INHERITED_NAMES.contains(&name)
}

/// Gives modules that nobody can tell from ES modules the form of ES modules.
#[tracing::instrument(skip_all)]
pub fn hoist_simple_commonjs(graph: &mut ModuleGraph) {
    let mut modules = graph.modules.iter();
    if modules.any(|module| module.syntax.features.uses_module_cache) {
        return;
    }
    let mut in_cycle = modules_in_cycles_of(graph, RequestSyntax::evaluates);
    for (id, module) in graph.modules.iter_enumerated() {
        let mut requests = module.syntax.records.iter().zip(&module.targets);
        if requests.any(|(record, target)| record.syntax.evaluates() && *target == Target::Module(id)) {
            in_cycle.insert(id.index());
        }
    }
    pass_through_forwarders(graph, &in_cycle);
    let forms = Forms::of(graph, &in_cycle);
    if forms.chosen.is_clear() {
        return;
    }
    let Forms {
        chosen,
        mut targets,
        objects,
        called,
        ..
    } = forms.decide();
    let mut required = FxHashSet::default();
    for index in chosen.ones() {
        let id = ModuleId::from_usize(index);
        let Some(form) = graph.modules[id].syntax.hoisted_form.clone() else {
            continue;
        };
        let module = &mut graph.modules[id];
        module.targets = targets.remove(&id).unwrap_or_default();
        for (record, target) in form.records.iter().zip(&module.targets) {
            if let Target::Module(target) = target
                && record.is_required
            {
                required.insert(*target);
            }
        }
        module.shows_exports_object = objects.contains(index);
        if module.shows_exports_object || called.contains(index) {
            let object = form.hoisted.as_ref().and_then(|hoisted| hoisted.object.as_ref());
            module.exports_object = object.map(|object| object.local);
        }
        module.syntax = form;
        let hoisted = module.syntax.hoisted.as_ref();
        let passes_on = hoisted.is_some_and(|hoisted| hoisted.aliases.values().any(|alias| alias.is_live));
        if passes_on && has_effects(module) {
            module.may_have_side_effects = true;
        }
    }
    barrels::keep_effects_of_required(graph, required);
}

/// The modules and the forms that are considered for them.
struct Forms<'a> {
    graph: &'a ModuleGraph,
    chosen: FixedBitSet,
    /// Those of them whose exports are used as an object.
    objects: FixedBitSet,
    /// Those of them that are required by calls that stay.
    called: FixedBitSet,
    /// Where the requests of the other forms lead.
    targets: FxHashMap<ModuleId, IndexVec<RecordId, Target>>,
    /// Modules that ask for others while they run, or later, in any of their forms: few of those that only import.
    asking: Vec<ModuleId>,
    /// How importers use what they import.
    uses: IndexVec<ModuleId, OnceLock<Uses<'a>>>,
    /// Whether a module waits when it is evaluated: requiring such a module fails.
    waits: bool,
}

/// What is found out of the modules that are considered.
struct Verdict {
    /// Those that keep their functions.
    refused: FixedBitSet,
    /// Those whose exports are used as an object.
    objects: FixedBitSet,
    /// Those that are required by calls that stay.
    called: FixedBitSet,
}

impl Verdict {
    /// Nothing was found out yet of so many modules.
    fn of(count: usize) -> Self {
        let none = || FixedBitSet::with_capacity(count);
        Self {
            refused: none(),
            objects: none(),
            called: none(),
        }
    }

    fn and(mut self, other: Self) -> Self {
        self.refused |= other.refused;
        self.objects |= other.objects;
        self.called |= other.called;
        self
    }
}

impl<'a> Forms<'a> {
    fn of(graph: &'a ModuleGraph, in_cycle: &FixedBitSet) -> Self {
        let asks = |syntax: &ModuleSyntax| {
            let mut records = syntax.records.iter();
            records.any(|record| is_require(record.syntax) || record.syntax.loads_later())
        };
        let modules = graph.modules.raw.par_iter().enumerate().with_min_len(256);
        let asking = modules.filter(|(_, module)| {
            let form = module.syntax.hoisted_form.as_ref();
            asks(&module.syntax) || form.is_some_and(|form| asks(form))
        });
        let mut forms = Self {
            graph,
            asking: asking.map(|(index, _)| ModuleId::from_usize(index)).collect(),
            chosen: FixedBitSet::with_capacity(graph.modules.len()),
            objects: FixedBitSet::with_capacity(graph.modules.len()),
            called: FixedBitSet::with_capacity(graph.modules.len()),
            targets: FxHashMap::default(),
            uses: graph.modules.iter().map(|_| OnceLock::new()).collect(),
            waits: graph
                .modules
                .iter()
                .any(|module| module.syntax.features.has_top_level_await),
        };
        for (id, module) in graph.modules.iter_enumerated() {
            if let Some(form) = &module.syntax.hoisted_form
                && module.syntax.format == ModuleFormat::CommonJs
                && !in_cycle.contains(id.index())
                && may_be_entry(graph, id, form)
                && let Some(targets) = targets_of(module, form)
            {
                forms.chosen.insert(id.index());
                forms.targets.insert(id, targets);
            }
        }
        forms
    }

    /// Takes modules back until no one is left whose form can be told from the original.
    #[tracing::instrument(name = "decide", skip_all)]
    fn decide(mut self) -> Self {
        loop {
            let Verdict {
                mut refused,
                objects,
                called,
            } = self.verdict(&self.lazy_modules());
            (self.objects, self.called) = (objects, called);
            if refused.is_clear() {
                refused = self.required_too_early();
            }
            if refused.is_clear() {
                return self;
            }
            for id in refused.ones().map(ModuleId::from_usize) {
                self.chosen.set(id.index(), false);
                self.targets.remove(&id);
                self.uses[id] = OnceLock::new();
            }
        }
    }

    fn is_chosen(&self, id: ModuleId) -> bool {
        self.chosen.contains(id.index())
    }

    fn syntax(&self, id: ModuleId) -> &'a ModuleSyntax {
        let syntax = &self.graph.modules[id].syntax;
        match &syntax.hoisted_form {
            Some(form) if self.is_chosen(id) => form,
            _ => syntax,
        }
    }

    fn target(&self, id: ModuleId, record: RecordId) -> Target {
        match self.targets.get(&id) {
            Some(targets) if self.is_chosen(id) => targets[record],
            _ => self.graph.modules[id].targets[record],
        }
    }

    /// ES modules that run when they are required, and what they import.
    fn lazy_modules(&self) -> FixedBitSet {
        let mut lazy = FixedBitSet::with_capacity(self.graph.modules.len());
        let mut pending = Vec::new();
        for id in self.asking.iter().copied() {
            for (record, request) in self.syntax(id).records.iter_enumerated() {
                if let Target::Module(target) = self.target(id, record)
                    && is_require(request.syntax)
                    && !self.is_chosen(target)
                {
                    pending.push(target);
                }
            }
        }
        while let Some(id) = pending.pop() {
            let syntax = self.syntax(id);
            if syntax.format == ModuleFormat::CommonJs || lazy.put(id.index()) {
                continue;
            }
            for (record, request) in syntax.records.iter_enumerated() {
                if let Target::Module(target) = self.target(id, record)
                    && request.syntax == RequestSyntax::Static
                {
                    pending.push(target);
                }
            }
        }
        lazy
    }

    /// What all modules say.
    fn verdict(&self, lazy: &FixedBitSet) -> Verdict {
        let count = self.graph.modules.len();
        let modules = (0..count).into_par_iter().with_min_len(64);
        let verdicts = modules.fold(
            || Verdict::of(count),
            |mut verdict, index| {
                self.judge(ModuleId::from_usize(index), lazy, &mut verdict);
                verdict
            },
        );
        verdicts.reduce(|| Verdict::of(count), Verdict::and)
    }

    /// Notes which modules one module keeps from being hoisted, itself or those that it asks for, and how it asks for others.
    fn judge(&self, id: ModuleId, lazy: &FixedBitSet, verdict: &mut Verdict) {
        let Verdict {
            refused,
            objects,
            called,
        } = verdict;
        let syntax = self.syntax(id);
        if self.is_chosen(id) && lazy.contains(id.index()) {
            refused.insert(id.index());
        }
        for (record, request) in syntax.records.iter_enumerated() {
            let target = self.target(id, record);
            if request.is_required && !self.may_be_imported(id, record, target) {
                refused.insert(id.index());
            }
            let Target::Module(target) = target else {
                continue;
            };
            if !self.is_chosen(target) {
                continue;
            }
            if is_require(request.syntax) {
                let hoisted = self.syntax(target).hoisted.as_ref();
                if hoisted.is_none_or(|hoisted| hoisted.object.is_none()) {
                    refused.insert(target.index());
                    continue;
                }
                called.insert(target.index());
                if !self.reads_names_of_call(id, record, target) {
                    objects.insert(target.index());
                }
                continue;
            }
            let runs_first = syntax.format == ModuleFormat::EsModule
                && request.syntax == RequestSyntax::Static
                && !lazy.contains(id.index())
                && !syntax.features.has_dynamic_scope;
            match self.reading(id, record, target) {
                _ if !runs_first => refused.insert(target.index()),
                Reading::Names => {}
                Reading::Whole => objects.insert(target.index()),
                Reading::Unknown => refused.insert(target.index()),
            }
        }
    }
}
