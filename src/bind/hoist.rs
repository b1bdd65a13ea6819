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
mod uses;

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::atoms::Atom;

use self::forwarders::pass_through_forwarders;
use self::uses::{Uses, is_require, may_be_entry, targets_of};
use super::barrels;
use super::cycles::modules_in_cycles_of;
use super::exports::has_effects;
use crate::graph::{
    ExportTarget, HoistedCommonJs, ImportedName, ModuleFormat, ModuleGraph, ModuleId, ModuleSyntax, RecordId,
    RequestSyntax, Target,
};
use crate::link::is_unprefixed_builtin;
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
    /// How importers use what they import.
    uses: IndexVec<ModuleId, Option<Uses<'a>>>,
    no_uses: Uses<'a>,
    /// Whether a module waits when it is evaluated: requiring such a module fails.
    waits: bool,
}

/// What a request asks of a module.
enum Reading {
    /// Names that the module is known to write.
    Names,
    /// The object that it exports.
    Whole,
    /// What nothing stands for.
    Unknown,
}

impl<'a> Forms<'a> {
    fn of(graph: &'a ModuleGraph, in_cycle: &FixedBitSet) -> Self {
        let mut forms = Self {
            graph,
            chosen: FixedBitSet::with_capacity(graph.modules.len()),
            objects: FixedBitSet::with_capacity(graph.modules.len()),
            called: FixedBitSet::with_capacity(graph.modules.len()),
            targets: FxHashMap::default(),
            uses: graph.modules.iter().map(|_| None).collect(),
            no_uses: Uses::default(),
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
        forms.uses = forms.uses_of_importers();
        forms
    }

    /// How those use what they import of whom that is asked.
    fn uses_of_importers(&self) -> IndexVec<ModuleId, Option<Uses<'a>>> {
        let modules = self.graph.modules.as_raw_slice().par_iter();
        let uses = modules.with_min_len(64).enumerate().map(|(index, module)| {
            let is_chosen =
                |target: &Target| matches!(target, Target::Module(target) if self.is_chosen(*target));
            let is_asked = module.targets.iter().any(is_chosen);
            is_asked.then(|| Uses::of(self.syntax(ModuleId::from_usize(index))))
        });
        IndexVec::from_vec(uses.collect())
    }

    /// Takes modules back until no one is left whose form can be told from the original.
    fn decide(mut self) -> Self {
        loop {
            let lazy = self.lazy_modules();
            let mut refused = FixedBitSet::with_capacity(self.graph.modules.len());
            self.objects.clear();
            self.called.clear();
            for id in self.graph.modules.indices() {
                self.refuse(id, &lazy, &mut refused);
            }
            if refused.is_clear() {
                refused = self.required_too_early();
            }
            if refused.is_clear() {
                return self;
            }
            for id in refused.ones().map(ModuleId::from_usize) {
                self.chosen.set(id.index(), false);
                self.targets.remove(&id);
                self.uses[id] = None;
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
        for id in self.graph.modules.indices() {
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

    /// Notes which modules one module keeps from being hoisted: itself or those that it asks for.
    fn refuse(&mut self, id: ModuleId, lazy: &FixedBitSet, refused: &mut FixedBitSet) {
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
                self.called.insert(target.index());
                if !self.reads_names_of_call(id, record, target) {
                    self.objects.insert(target.index());
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
                Reading::Whole => self.objects.insert(target.index()),
                Reading::Unknown => refused.insert(target.index()),
            }
        }
    }

    /// Whether importing the target of a `require()` gives the same: CommonJS does, and an ES module of which only names are
    /// read.
    fn may_be_imported(&mut self, id: ModuleId, record: RecordId, target: Target) -> bool {
        let target = match target {
            Target::Module(target) => target,
            // An import of what is outside the bundle comes before all code; Node's own modules have no effects.
            Target::External(external) => {
                let external = &self.graph.externals[external];
                let specifier = &*external.specifier;
                return !external.is_builtin
                    || specifier.starts_with("node:")
                    || is_unprefixed_builtin(specifier);
            }
            Target::Ignored | Target::Missing => return false,
        };
        let required = self.syntax(target);
        if self.graph.modules[target].syntax.format == ModuleFormat::CommonJs
            || (required.features.is_json && required.resource.is_none())
        {
            return true;
        }
        let is_special = required.resource.is_some()
            || required.features.is_json
            || required.features.is_plain_script
            || self.waits;
        let syntax = self.syntax(id);
        if is_special
            || required
                .exports
                .iter()
                .any(|export| *export.name == *"module.exports")
        {
            return false;
        }
        let uses = self.uses_of(id);
        syntax
            .imports
            .iter()
            .filter(|(_, import)| import.record == record)
            .all(|(local, _)| {
                let names = uses.names.get(local);
                let is_own = |name: &&Atom| !is_name_of_object(name);
                !uses.whole.contains(local) && names.is_none_or(|names| names.iter().all(is_own))
            })
    }

    fn uses_of(&mut self, id: ModuleId) -> &Uses<'a> {
        let syntax = self.syntax(id);
        self.uses[id].get_or_insert_with(|| Uses::of(syntax))
    }

    /// What a request asks of its target.
    fn reading(&mut self, id: ModuleId, record: RecordId, target: ModuleId) -> Reading {
        if self.passes_on(id, record) || !self.reads_known_names(id, record, target) {
            let syntax = self.syntax(id);
            let hoisted = self.syntax(target).hoisted.as_ref();
            let has_object = hoisted.is_some_and(|hoisted| hoisted.object.is_some());
            return if has_object && !syntax.star_exports.contains(&record) {
                Reading::Whole
            } else {
                Reading::Unknown
            };
        }
        Reading::Names
    }

    /// Whether what a request gives is `module.exports` of a module, too.
    fn passes_on(&self, id: ModuleId, record: RecordId) -> bool {
        let syntax = self.syntax(id);
        let object = syntax
            .hoisted
            .as_ref()
            .and_then(|hoisted| hoisted.object.as_ref());
        let import = object.and_then(|object| syntax.imports.get(&object.local));
        import.is_some_and(|import| import.record == record)
    }

    /// Whether a request asks for nothing but names that the target is known to write.
    fn reads_known_names(&mut self, id: ModuleId, record: RecordId, target: ModuleId) -> bool {
        let syntax = self.syntax(id);
        let form = self.syntax(target);
        let Some(hoisted) = &form.hoisted else {
            return false;
        };
        let is_required = syntax.records[record].is_required;
        let default_is_object =
            !is_required && (self.graph.modules[id].is_node_module_syntax || !hoisted.is_marked);
        // Node has taken the values once.
        let is_snapshot = !is_required && self.graph.modules[id].is_node_module_syntax;
        let is_written =
            |name: &Atom| hoisted.has_exports && form.exports.iter().any(|export| export.name == *name);
        let is_known = |name: &Atom| is_written(name) && !(is_snapshot && hoisted.changing.contains(name));
        // The object shows no others, where it is read itself.
        let is_property = |name: &Atom| {
            is_written(name) || (hoisted.has_names && *name != *"default" && !is_name_of_object(name))
        };
        let is_object = |imported: &ImportedName| match imported {
            ImportedName::Namespace => true,
            ImportedName::Name(name) => *name == *"default" && default_is_object,
        };
        if syntax.star_exports.contains(&record) {
            return false;
        }
        for export in &syntax.exports {
            let is_fine = match &export.target {
                ExportTarget::Reexport(from, ImportedName::Name(name)) if *from == record => {
                    !is_object(&ImportedName::Name(name.clone())) && is_known(name)
                }
                ExportTarget::Reexport(from, ImportedName::Namespace) => *from != record,
                ExportTarget::Local(local) => syntax
                    .imports
                    .get(local)
                    .is_none_or(|import| import.record != record || !is_object(&import.imported)),
                ExportTarget::Reexport(..) => true,
            };
            if !is_fine {
                return false;
            }
        }
        let aliases = syntax.hoisted.iter().flat_map(|hoisted| hoisted.aliases.values());
        if aliases
            .filter(|alias| alias.record == record)
            .any(|alias| !is_property(&alias.name))
        {
            return false;
        }
        self.uses_of(id);
        let uses = self.uses[id].as_ref().unwrap_or(&self.no_uses);
        syntax
            .imports
            .iter()
            .filter(|(_, import)| import.record == record)
            .all(|(local, import)| match &import.imported {
                ImportedName::Name(name) if !is_object(&import.imported) => is_known(name),
                imported => {
                    let is_namespace = *imported == ImportedName::Namespace;
                    let names = uses.names.get(local);
                    !uses.whole.contains(local)
                        && names.is_none_or(|names| {
                            names.iter().all(|name| {
                                let is_object_again =
                                    is_namespace && **name == *"default" && default_is_object;
                                let is_called =
                                    syntax.called_members.contains(&(*local, vec![(*name).clone()]));
                                let is_there = if is_namespace && is_snapshot {
                                    is_known(name)
                                } else {
                                    is_property(name)
                                };
                                !is_object_again
                                    && is_there
                                    && (!is_called || self.is_without_this(target, hoisted, name))
                            })
                        })
                }
            })
    }

    /// Whether an export does not read the exports object as its `this`.
    fn is_without_this(&self, id: ModuleId, hoisted: &HoistedCommonJs, name: &Atom) -> bool {
        let (mut id, mut hoisted, mut name) = (id, hoisted, name);
        loop {
            if hoisted.without_this.contains(name) {
                return true;
            }
            let Some(alias) = hoisted.aliases.get(name) else {
                return false;
            };
            let Target::Module(target) = self.target(id, alias.record) else {
                return false;
            };
            let syntax = self.syntax(target);
            match &syntax.hoisted {
                Some(next) => (id, hoisted, name) = (target, next, &alias.name),
                None => return syntax.own_exports.without_this.contains(&alias.name),
            }
        }
    }
}
