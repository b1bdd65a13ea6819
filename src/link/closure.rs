//! The closure of `uses` (PROTOCOL §4): walk depth-first from the root, mount every module once, check its
//! version, notice cycles.
//!
//! `app` uses `[left, right]` and both use `base`. Mount order is `left, base, right` (as met); finishing
//! order is `base, left, right, app` (dependencies first). Merging needs the second, people expect the first.

use oxc_index::IndexVec;
use std::path::{Path, PathBuf};

use super::behaviour::BehaviourFacts;
use super::findings::Findings;
use super::legacy::LegacyModule;
use super::mount::{Consumer, Mount, MountTable, mount, mount_legacy_link};
use crate::base::FileSystem;
use crate::diagnostic::{Code, Diagnostic};
use crate::protocol::{Declaration, PackageRecord, Satisfaction, satisfies};

oxc_index::define_index_type! {
    /// A module of the closure: 0 is the root, `n` the mount at position `n - 1`.
    pub struct LayerIndex = u32;
}

/// The root's place among the layers.
pub(super) const ROOT: LayerIndex = LayerIndex::from_usize_unchecked(0);

/// The root and everything it uses.
#[derive(Debug)]
pub(super) struct Closure {
    pub root: PackageRecord,
    pub root_real_dir: PathBuf,
    pub mounts: MountTable,
    /// What each layer uses, in its own order; entries that could not be mounted are left out.
    pub uses: IndexVec<LayerIndex, Vec<LayerIndex>>,
    /// Every layer behind everything it uses; the root is last.
    pub finished: Vec<LayerIndex>,
    pub shape: Shape,
}

/// Whether a merge order exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Acyclic,
    Cyclic,
}

impl Closure {
    /// Walks the closure of `root`, reporting what it meets.
    pub(super) fn walk(
        files: &dyn FileSystem,
        root: PackageRecord,
        facts: &BehaviourFacts,
        findings: &mut Findings,
    ) -> Self {
        let root_real_dir = files.real_path(&root.dir).unwrap_or_else(|_| root.dir.clone());
        let closure = Self {
            root,
            root_real_dir,
            mounts: MountTable::default(),
            uses: oxc_index::index_vec![Vec::new()],
            finished: Vec::new(),
            shape: Shape::Acyclic,
        };
        Walk {
            files,
            facts,
            closure,
            findings,
            progress: oxc_index::index_vec![Progress::Open],
            stack: Vec::new(),
        }
        .run()
    }

    /// The closure of a legacy root: itself and what it links, with no transitive walk. Nobody in it uses
    /// anybody, so nothing is merged.
    pub(super) fn of_legacy(
        files: &dyn FileSystem,
        root: PackageRecord,
        legacy: &LegacyModule,
        findings: &mut Findings,
    ) -> Self {
        let root_real_dir = files.real_path(&root.dir).unwrap_or_else(|_| root.dir.clone());
        let mut mounts = MountTable::default();
        for (name, artifact_dir) in legacy.links() {
            let (mounted, diagnostic) = mount_legacy_link(files, name, artifact_dir, &root);
            findings.extend(diagnostic);
            mounts.push(mounted);
        }
        Self {
            uses: (0..=mounts.len()).map(|_| Vec::new()).collect(),
            root,
            root_real_dir,
            mounts,
            finished: vec![ROOT],
            shape: Shape::Acyclic,
        }
    }

    /// All layers, the root first, then in mount order.
    pub(super) fn layers(&self) -> impl Iterator<Item = LayerIndex> + use<> {
        (0..=self.mounts.len()).map(LayerIndex::from_usize)
    }

    pub(super) fn mount_of(&self, layer: LayerIndex) -> Option<&Mount> {
        layer
            .index()
            .checked_sub(1)
            .map(|position| self.mounts.at(position))
    }

    pub(super) fn record(&self, layer: LayerIndex) -> &PackageRecord {
        self.mount_of(layer).map_or(&self.root, |mount| &mount.record)
    }

    pub(super) fn declaration(&self, layer: LayerIndex) -> Option<&Declaration> {
        self.record(layer).declaration.as_ref()
    }

    pub(super) fn real_dir(&self, layer: LayerIndex) -> &Path {
        self.mount_of(layer)
            .map_or(&self.root_real_dir, |mount| &mount.real_root)
    }

    pub(super) fn name(&self, layer: LayerIndex) -> String {
        self.mount_of(layer)
            .map_or_else(|| self.root.label(), |mount| mount.name.clone())
    }

    pub(super) fn layer_named(&self, name: &str) -> Option<LayerIndex> {
        if self.root.name == name {
            return Some(ROOT);
        }
        self.mounts
            .position(name)
            .map(|position| LayerIndex::from_usize(position + 1))
    }

    /// The layers whose own offers can reach a layer: itself and everything it uses, for every layer.
    pub(super) fn reach(&self) -> IndexVec<LayerIndex, Vec<LayerIndex>> {
        let mut reach: IndexVec<LayerIndex, Vec<LayerIndex>> = self.layers().map(|_| Vec::new()).collect();
        for &layer in &self.finished {
            let mut reached: Vec<LayerIndex> = self.uses[layer]
                .iter()
                .flat_map(|&used| reach[used].iter().copied())
                .chain([layer])
                .collect();
            reached.sort_unstable();
            reached.dedup();
            reach[layer] = reached;
        }
        reach
    }
}

/// How far the walk is with a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// Not begun, or met for the first time.
    Open,
    OnStack,
    Finished,
}

/// The walk keeps its own stack: a chain of uses may be longer than the thread's.
struct Walk<'a> {
    files: &'a dyn FileSystem,
    facts: &'a BehaviourFacts,
    closure: Closure,
    findings: &'a mut Findings,
    progress: IndexVec<LayerIndex, Progress>,
    stack: Vec<Frame>,
}

struct Frame {
    layer: LayerIndex,
    next_use: usize,
}

impl Walk<'_> {
    fn run(mut self) -> Closure {
        self.enter(ROOT);
        while let Some(frame) = self.stack.last_mut() {
            let layer = frame.layer;
            let position = frame.next_use;
            frame.next_use += 1;
            let next = self
                .closure
                .declaration(layer)
                .and_then(|declaration| declaration.uses.get(position));
            match next.map(|name| name.as_str().to_owned()) {
                None => self.leave(layer),
                Some(name) => {
                    if let Some(used) = self.mount_once(&name, layer) {
                        self.visit(layer, used);
                    }
                }
            }
        }
        self.closure
    }

    fn enter(&mut self, layer: LayerIndex) {
        self.progress[layer] = Progress::OnStack;
        self.stack.push(Frame { layer, next_use: 0 });
    }

    fn leave(&mut self, layer: LayerIndex) {
        self.stack.pop();
        self.progress[layer] = Progress::Finished;
        self.closure.finished.push(layer);
    }

    fn visit(&mut self, consumer: LayerIndex, used: LayerIndex) {
        let rejected = reject_version(
            &self.closure.name(used),
            self.closure.record(consumer),
            self.closure.record(used),
        );
        self.findings.extend(rejected);
        self.closure.uses[consumer].push(used);
        match self.progress[used] {
            Progress::Open => self.enter(used),
            Progress::Finished => {}
            Progress::OnStack => {
                self.closure.shape = Shape::Cyclic;
                let diagnostic = self.cycle(consumer, used);
                self.findings.push(diagnostic);
            }
        }
    }

    fn mount_once(&mut self, name: &str, consumer: LayerIndex) -> Option<LayerIndex> {
        if let Some(known) = self.closure.layer_named(name) {
            return Some(known);
        }
        let asking = Consumer {
            record: self.closure.record(consumer),
            real_dir: self.closure.real_dir(consumer),
        };
        match mount(self.files, name, asking, &self.closure.root.dir, self.facts) {
            Ok((mounted, diagnostics)) => {
                self.findings.extend(diagnostics);
                let position = self.closure.mounts.push(mounted);
                self.closure.uses.push(Vec::new());
                self.progress.push(Progress::Open);
                Some(LayerIndex::from_usize(position + 1))
            }
            Err(diagnostic) => {
                self.findings.push(*diagnostic);
                None
            }
        }
    }

    fn cycle(&self, consumer: LayerIndex, entered_again: LayerIndex) -> Diagnostic {
        let name = self.closure.name(entered_again);
        let circle: Vec<String> = self
            .stack
            .iter()
            .map(|frame| frame.layer)
            .skip_while(|layer| *layer != entered_again)
            .chain([entered_again])
            .map(|layer| self.closure.name(layer))
            .collect();
        let record = self.closure.record(consumer);
        Diagnostic::new(
            Code::Cycle,
            name.clone(),
            format!(
                "{} use each other in a circle, so there is no order in which their packages \
                 could be merged.",
                circle.join(" \u{2192} ")
            ),
            format!(
                "Remove {name} from esmx.uses of {}, or move what both need into a module that \
                 uses neither.",
                self.closure.name(consumer)
            ),
        )
        .at(record.location_of_item(&["esmx", "uses"], &name))
    }
}

/// The version gate for used modules (PROTOCOL §4.2).
fn reject_version(name: &str, consumer: &PackageRecord, used: &PackageRecord) -> Option<Diagnostic> {
    let range = consumer.runtime_spec(name)?.checkable_range()?;
    if used.is_private || satisfies(&used.version, range) != Satisfaction::Violated {
        return None;
    }
    let version = &used.version;
    Some(
        Diagnostic::new(
            Code::Version,
            consumer.label(),
            format!(
                "{} depends on {name} {range}, but the {name} it uses is {version}.",
                consumer.label()
            ),
            format!(
                "Change the range of {name} in {} so that it accepts {version}, or install a \
                 release of {name} that satisfies {range}.",
                consumer.label()
            ),
        )
        .with_package(name)
        .with_check("intent")
        .with_found(version.clone())
        .with_required(range)
        .at(consumer.location_of_dependency(name)),
    )
}
