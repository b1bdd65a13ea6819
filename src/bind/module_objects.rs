//! What the module objects of CommonJS modules have in common: who is known by which key, who is required, and whether
//! anybody looks into the cache of modules. Found in one pass, because every CommonJS module asks for it.

use fixedbitset::FixedBitSet;
use oxc_index::IndexVec;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::graph::{ModuleGraph, ModuleId, RequestSyntax, Target};

/// The answers. Written here; read by `render`.
#[derive(Default, Serialize, Deserialize)]
pub struct ModuleObjects {
    /// Whether code of the bundle reads `require.cache`.
    pub keeps_cache: bool,
    required: FixedBitSet,
    /// How many modules before this one have the same path.
    namesakes: IndexVec<ModuleId, usize>,
}

impl ModuleObjects {
    /// Asks every module once.
    pub fn of(graph: &ModuleGraph, included: &FixedBitSet) -> Self {
        let mut required = FixedBitSet::with_capacity(graph.modules.len());
        let mut seen: FxHashMap<&str, usize> = FxHashMap::default();
        let mut namesakes = IndexVec::with_capacity(graph.modules.len());
        let mut keeps_cache = false;
        for (id, module) in graph.modules.iter_enumerated() {
            let count = seen.entry(&module.stable_path).or_default();
            namesakes.push(*count);
            *count += 1;
            keeps_cache |= included.contains(id.index()) && module.syntax.features.uses_module_cache;
            for (request, target) in module.syntax.records.iter().zip(&module.targets) {
                if let Target::Module(target) = target
                    && matches!(
                        request.syntax,
                        RequestSyntax::Require | RequestSyntax::RequireInTry
                    )
                {
                    required.insert(target.index());
                }
            }
        }
        Self {
            keeps_cache,
            required,
            namesakes,
        }
    }

    /// Whether a `require()` asks for the module.
    pub fn is_required(&self, module: ModuleId) -> bool {
        self.required.contains(module.index())
    }

    /// The path that a module is known by, which no other module has.
    pub fn key(&self, graph: &ModuleGraph, module: ModuleId) -> String {
        let path = &graph.modules[module].stable_path;
        match self.namesakes[module] {
            0 => path.clone(),
            count => format!("{path}?{count}"),
        }
    }
}
