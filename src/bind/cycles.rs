//! Which modules import each other in a circle: Tarjan's strongly connected components, with a stack of its own, since
//! cycles of ten thousand modules must not overflow.

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;

use crate::graph::{ModuleGraph, ModuleId, RecordId, RequestSyntax, Target};

/// The modules that are part of a circle of two or more static imports.
pub fn modules_in_cycles(graph: &ModuleGraph) -> FixedBitSet {
    modules_in_cycles_of(graph, |syntax| syntax == RequestSyntax::Static)
}

/// The modules that are part of a circle of two or more requests of certain kinds.
#[tracing::instrument(skip_all)]
pub fn modules_in_cycles_of(graph: &ModuleGraph, counts: fn(RequestSyntax) -> bool) -> FixedBitSet {
    search(graph, counts).found
}

/// For each module, the one that stands for all those that it shares a circle of static imports with; for one in no
/// circle, itself.
pub fn circles_of_modules(graph: &ModuleGraph) -> IndexVec<ModuleId, ModuleId> {
    search(graph, |syntax| syntax == RequestSyntax::Static).circles
}

fn search(graph: &ModuleGraph, counts: fn(RequestSyntax) -> bool) -> Search<'_> {
    let mut search = Search {
        graph,
        counts,
        numbers: graph.modules.iter().map(|_| None).collect(),
        lowest: graph.modules.iter().map(|_| 0).collect(),
        next_number: 0,
        open: Vec::new(),
        is_open: FixedBitSet::with_capacity(graph.modules.len()),
        found: FixedBitSet::with_capacity(graph.modules.len()),
        circles: graph.modules.indices().collect(),
    };
    for module in graph.modules.indices() {
        if search.numbers[module].is_none() {
            search.run(module);
        }
    }
    search
}

struct Search<'a> {
    graph: &'a ModuleGraph,
    /// Which requests count.
    counts: fn(RequestSyntax) -> bool,
    /// In the order of discovery.
    numbers: IndexVec<ModuleId, Option<usize>>,
    /// The lowest number that is known to be reachable.
    lowest: IndexVec<ModuleId, usize>,
    next_number: usize,
    /// Modules whose component is not complete.
    open: Vec<ModuleId>,
    is_open: FixedBitSet,
    found: FixedBitSet,
    /// The one that each component was entered by.
    circles: IndexVec<ModuleId, ModuleId>,
}

impl Search<'_> {
    fn enter(&mut self, module: ModuleId) {
        self.numbers[module] = Some(self.next_number);
        self.lowest[module] = self.next_number;
        self.next_number += 1;
        self.open.push(module);
        self.is_open.insert(module.index());
    }

    fn run(&mut self, root: ModuleId) {
        let mut stack: Vec<(ModuleId, usize)> = vec![(root, 0)];
        self.enter(root);
        while let Some((id, next)) = stack.last_mut() {
            let id = *id;
            let node = &self.graph.modules[id];
            if *next == node.targets.len() {
                stack.pop();
                if let Some((importer, _)) = stack.last() {
                    self.lowest[*importer] = self.lowest[*importer].min(self.lowest[id]);
                }
                if Some(self.lowest[id]) == self.numbers[id] {
                    self.close(id);
                }
                continue;
            }
            let record = RecordId::from_usize(*next);
            *next += 1;
            let Target::Module(target) = node.targets[record] else {
                continue;
            };
            if !(self.counts)(node.syntax.records[record].syntax) {
                continue;
            }
            match self.numbers[target] {
                None => {
                    self.enter(target);
                    stack.push((target, 0));
                }
                Some(number) if self.is_open.contains(target.index()) => {
                    self.lowest[id] = self.lowest[id].min(number);
                }
                Some(_) => {}
            }
        }
    }

    /// Everything opened after `root` is one component.
    fn close(&mut self, root: ModuleId) {
        let start = self.open.iter().rposition(|module| *module == root);
        let component = self
            .open
            .split_off(start.expect("a module is open until its component is complete"));
        for module in &component {
            self.is_open.remove(module.index());
            self.circles[*module] = root;
            if component.len() > 1 {
                self.found.insert(module.index());
            }
        }
    }
}
