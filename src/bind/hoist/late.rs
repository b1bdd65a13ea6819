//! `require()` calls that stay calls, of modules that stand at the top level:
//!
//! ```js
//! const first = require('./first')          // an import
//! log('effect')
//! const again = require('./first')          // has run: the object is there
//! const tables = require('./tables')        // nothing can be observed of it: it may run at any time
//! exports.later = () => require('./later')  // keeps its function, if running it has effects
//! ```
//!
//! A module that runs when its chunk loads gives such a call its object, where it would have run before anyway, or where it makes no
//! difference. What has run is found by going through the evaluation of each entry: whatever a module may require while it
//! runs, directly or through modules that keep their functions, may run from then on.

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;

use super::{Forms, is_require};
use crate::graph::{ExportsOf, ModuleFormat, ModuleId, ModuleSyntax, RecordId, RequestSyntax, Target};

/// With more entries than this, only what may run at any time is asked for.
const MOST_ENTRIES: usize = 64;

impl Forms<'_> {
    /// Modules that are required where they may not have run, although it makes a difference when they do.
    #[tracing::instrument(name = "required_too_early", skip_all)]
    pub(super) fn required_too_early(&self) -> FixedBitSet {
        let count = self.graph.modules.len();
        let mut refused = FixedBitSet::with_capacity(count);
        let late: Vec<ModuleId> = self.late_targets();
        if late.is_empty() {
            return refused;
        }
        let idle = self.idle_modules();
        let entries = self.all_entries();
        if self.waits || entries.len() > MOST_ENTRIES {
            refused.extend(late.iter().filter(|id| !idle[**id]).map(|id| id.index()));
            return refused;
        }
        for entry in entries {
            let mut walk = Walk {
                forms: self,
                idle: &idle,
                has_run: FixedBitSet::with_capacity(count),
                entered: FixedBitSet::with_capacity(count),
                reached: FixedBitSet::with_capacity(count),
                refused: &mut refused,
            };
            walk.evaluate(entry);
        }
        refused
    }

    /// Whether a call that stays only reads names of what it gets, other than methods that see the object.
    pub(super) fn reads_names_of_call(&self, id: ModuleId, record: RecordId, target: ModuleId) -> bool {
        let Some(hoisted) = &self.syntax(target).hoisted else {
            return false;
        };
        let uses = self.syntax(id).statements.iter();
        let reads = uses
            .filter_map(|facts| facts.exports_use.as_ref())
            .flat_map(|found| {
                let own = found.forwards.contains(&record).then_some(None);
                let reads = found
                    .reads
                    .iter()
                    .filter(|read| read.of == ExportsOf::Required(record));
                own.into_iter().chain(reads.map(Some))
            });
        let mut reads = reads.map(|read| {
            let read = read?;
            let name = read.name.as_ref()?;
            (!read.is_method || self.is_without_this(target, hoisted, name)).then_some(name)
        });
        hoisted.has_names && reads.all(|name| name.is_some())
    }

    /// Hoisted modules that calls ask for.
    fn late_targets(&self) -> Vec<ModuleId> {
        let mut found = Vec::new();
        for id in self.asking.iter().copied() {
            for (record, request) in self.syntax(id).records.iter_enumerated() {
                if let Target::Module(target) = self.target(id, record)
                    && is_require(request.syntax)
                    && self.is_chosen(target)
                {
                    found.push(target);
                }
            }
        }
        found
    }

    fn all_entries(&self) -> Vec<ModuleId> {
        let mut entries: Vec<ModuleId> = self.graph.entries.iter().map(|entry| entry.module).collect();
        for id in self.asking.iter().copied() {
            for (record, request) in self.syntax(id).records.iter_enumerated() {
                if let Target::Module(target) = self.target(id, record)
                    && request.syntax.loads_later()
                {
                    entries.push(target);
                }
            }
        }
        entries.sort_unstable();
        entries.dedup();
        entries
    }

    /// Whether nothing can be observed of running a module and all that it imports.
    fn idle_modules(&self) -> IndexVec<ModuleId, bool> {
        let modules = self.graph.modules.indices();
        let mut idle: IndexVec<ModuleId, bool> = modules
            .map(|id| self.is_chosen(id) && self.has_no_effects(id) && self.imports_only_plain(id))
            .collect();
        let mut importers: IndexVec<ModuleId, Vec<ModuleId>> = idle.iter().map(|_| Vec::new()).collect();
        let mut busy = Vec::new();
        for (id, is_idle) in idle.iter_enumerated() {
            if *is_idle {
                let imported = self.imported(id).flatten();
                for target in imported.filter(|target| !self.syntax(*target).features.is_json) {
                    importers[target].push(id);
                }
            } else {
                busy.push(id);
            }
        }
        while let Some(id) = busy.pop() {
            for importer in std::mem::take(&mut importers[id]) {
                if std::mem::take(&mut idle[importer]) {
                    busy.push(importer);
                }
            }
        }
        idle
    }

    /// What a module imports; none for what is no module of the bundle.
    fn imported(&self, id: ModuleId) -> impl Iterator<Item = Option<ModuleId>> {
        let records = self.syntax(id).records.iter_enumerated();
        let imports = records.filter(|(_, request)| request.syntax == RequestSyntax::Static);
        imports.map(move |(record, _)| match self.target(id, record) {
            Target::Module(target) => Some(target),
            _ => None,
        })
    }

    fn has_no_effects(&self, id: ModuleId) -> bool {
        let syntax = self.syntax(id);
        syntax.statements.iter().all(|facts| !facts.has_side_effects)
    }

    fn imports_only_plain(&self, id: ModuleId) -> bool {
        self.imported(id).all(|target| {
            let Some(target) = target else { return false };
            let required = self.syntax(target);
            let hoisted = required.hoisted.as_ref();
            let object = hoisted.and_then(|hoisted| hoisted.object.as_ref());
            let is_plain =
                !self.objects.contains(target.index()) || object.is_some_and(|object| object.is_plain);
            required.features.is_json || is_plain
        })
    }
}

/// The evaluation of one entry.
struct Walk<'a, 'b> {
    forms: &'a Forms<'b>,
    idle: &'a IndexVec<ModuleId, bool>,
    has_run: FixedBitSet,
    entered: FixedBitSet,
    /// Modules that may have been required.
    reached: FixedBitSet,
    refused: &'a mut FixedBitSet,
}

impl Walk<'_, '_> {
    fn is_wrapped(&self, id: ModuleId) -> bool {
        self.forms.syntax(id).format == ModuleFormat::CommonJs
    }

    fn evaluate(&mut self, entry: ModuleId) {
        if self.is_wrapped(entry) {
            self.reach(entry);
            return;
        }
        let mut stack: Vec<(ModuleId, usize)> = vec![(entry, 0)];
        self.entered.insert(entry.index());
        while let Some((id, next)) = stack.last_mut() {
            let id = *id;
            let records = &self.forms.syntax(id).records;
            if *next == records.len() {
                stack.pop();
                self.reach_from(id);
                self.has_run.insert(id.index());
                continue;
            }
            let record = RecordId::from_usize(*next);
            *next += 1;
            if records[record].syntax != RequestSyntax::Static {
                continue;
            }
            if let Target::Module(target) = self.forms.target(id, record) {
                if self.is_wrapped(target) {
                    self.reach(target);
                } else if !self.entered.put(target.index()) {
                    stack.push((target, 0));
                }
            }
        }
    }

    /// A module may run from here on, and so may what it requires.
    fn reach(&mut self, id: ModuleId) {
        let mut pending = vec![id];
        while let Some(id) = pending.pop() {
            if !self.reached.put(id.index()) {
                self.requests_of(id, &mut pending);
            }
        }
    }

    fn reach_from(&mut self, id: ModuleId) {
        let mut pending = Vec::new();
        self.requests_of(id, &mut pending);
        for id in pending {
            self.reach(id);
        }
    }

    /// What a module requires, or imports when it runs on demand. One that is refused keeps its function, and requires
    /// what that does.
    fn requests_of(&mut self, id: ModuleId, pending: &mut Vec<ModuleId>) {
        let forms = self.forms;
        let original = &forms.graph.modules[id];
        let (syntax, targets): (&ModuleSyntax, _) = match forms.targets.get(&id) {
            Some(targets) if !self.refused.contains(id.index()) => (forms.syntax(id), targets),
            _ => (&original.syntax, &original.targets),
        };
        for (request, target) in syntax.records.iter().zip(targets) {
            let Target::Module(target) = *target else {
                continue;
            };
            let is_call = is_require(request.syntax);
            if forms.is_chosen(target) {
                if is_call && !self.idle[target] && !self.has_run.contains(target.index()) {
                    self.refused.insert(target.index());
                    pending.push(target);
                }
            } else if is_call
                || (request.syntax == RequestSyntax::Static && !self.has_run.contains(target.index()))
            {
                pending.push(target);
            }
        }
    }
}
