//! A module that was built before.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::findings::{KeptFinding, found_findings, kept_findings};
use super::{
    Contents, KeptFile, LAYOUTS, MINIFIED, by_layout, found_files, kept_files, may_keep_layouts, portable,
    targets_of,
};
use crate::base::{DiskFileSystem, Observer, Units};
use crate::cache::{BuildKey, Cache, CacheSettings, Finished, Found, Keeping, Learnt, Output, Pack};
use crate::command::again::{KeptLayout, LaidOut};
use crate::command::report::{ModuleReport, SideReport};
use crate::command::{BuildOptions, BuildScope};
use crate::emit::write::{DistOutput, OutputFile, SideOutput, has_leftovers, has_stale_files, write_dist};
use crate::protocol::Side;
use crate::scan::{Environment, KeptTargets};

/// The manifest of a side, as outputs are called.
const MANIFEST: &str = "manifest.json";

/// The files of `dist` as the cache has them.
pub(in crate::command) fn contents<'a>(output: &DistOutput<'a>) -> Contents<'a> {
    let mut contents = Contents::new();
    for side in &output.sides {
        let directory = side.side.as_str();
        let files = side.files.iter();
        contents.extend(files.map(|one| (format!("{directory}/{}", one.path), one.bytes)));
        contents.push((format!("{directory}/{MANIFEST}"), side.manifest));
    }
    let extra = output.extra.iter();
    contents.extend(extra.map(|one| (one.path.to_owned(), one.bytes)));
    contents
}

/// The cache, as one module uses it.
pub(in crate::command) struct KeptModule<'a> {
    cache: &'a Cache,
    /// The module's directory.
    dir: &'a Path,
    key: BuildKey,
    /// What `import.meta.env` may be, on either side.
    values: String,
    /// What builds with these options have made so far of the code of each side, client first.
    pub pieces: [Arc<Pack>; 2],
    /// How the files of both were laid out.
    layouts: Arc<Pack>,
}

/// What a build that is made now begins with.
pub(in crate::command) struct LookedAt {
    /// Who remembers what the disk says to it.
    pub observer: Arc<Observer>,
    /// Where the requests of each side led in the last one, client first.
    pub targets: [Arc<KeptTargets>; 2],
    /// How the files of each side were laid out in the last one, where that may be kept.
    pub layouts: Option<[Arc<KeptLayout>; 2]>,
}

/// What a module is built with beside its own files.
pub(in crate::command) struct Told<'a> {
    pub options: &'a BuildOptions,
    /// Module name → artifact directory, as somebody else than the module says it.
    pub links: Vec<(&'a str, &'a Path)>,
    /// The variables of the process.
    pub variables: &'a BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
struct Report {
    name: String,
    client: Vec<KeptFile>,
    server: Vec<KeptFile>,
    application: Vec<KeptFile>,
    findings: Vec<KeptFinding>,
}

impl<'a> KeptModule<'a> {
    /// The module in `dir`.
    pub fn new(cache: &'a Cache, name: &str, dir: &'a Path, told: &Told<'_>) -> Self {
        let mode = told.options.mode;
        let values = Side::BOTH.map(|side| {
            let environment = Environment::read(&DiskFileSystem, dir, mode, side.into(), told.variables);
            environment.key().to_owned()
        });
        let key = key(name, dir, told);
        let pieces = Side::BOTH.map(|side| {
            let kind = format!("{MINIFIED} {}", side.as_str());
            Arc::new(cache.pack(&key, &kind))
        });
        Self {
            cache,
            layouts: Arc::new(cache.pack(&key, LAYOUTS)),
            key,
            values: values.join("\n"),
            pieces,
            dir,
        }
    }

    /// The module, if it was built before; its files are where they belong then. Otherwise what is known of files.
    ///
    /// # Errors
    /// What was learnt.
    pub fn find(&self) -> Result<ModuleReport, Learnt> {
        let found = self.cache.find(&self.key, self.dir, &self.values)?;
        self.take(&found).ok_or_else(Learnt::default)
    }

    /// What the build that is made now begins with. If only scripts are not what they were, requests lead where they
    /// led; then that was asked already.
    pub fn look(&self, learnt: Learnt, options: &BuildOptions) -> LookedAt {
        let observer = Observer::new(Units::Several).knowing(learnt.known);
        let settings = &options.sources;
        let (last, targets) = targets_of(&self.pieces[0], learnt.layouts, settings, &observer);
        let layouts = may_keep_layouts(settings, &options.chunks).then(|| {
            Side::BOTH.map(|side| {
                let layouts = Arc::clone(&self.layouts);
                Arc::new(KeptLayout::new(layouts, side.as_str(), last))
            })
        });
        LookedAt {
            observer: Arc::new(observer),
            targets,
            layouts,
        }
    }

    fn take(&self, found: &Found) -> Option<ModuleReport> {
        let report: Report = serde_json::from_str(&found.entry.report).ok()?;
        let mut sides = Vec::new();
        for (side, files) in [(Side::Client, report.client), (Side::Server, report.server)] {
            let files = found_files(files)?;
            sides.push(SideReport { side, files });
        }
        let dist = self.dir.join("dist");
        Some(ModuleReport {
            written: self.put_in_place(found, &report.name, &dist)?,
            name: report.name,
            directory: self.dir.to_path_buf(),
            dist,
            sides,
            application: found_files(report.application)?,
            diagnostics: found_findings(report.findings, self.dir)?,
            duration: std::time::Duration::ZERO,
            keeping: Keeping::default(),
        })
    }

    fn put_in_place(&self, found: &Found, label: &str, dist: &Path) -> Option<usize> {
        let outputs = &found.entry.outputs;
        if self.cache.are_in_place(found, |output| dist.join(&output.name))
            && !has_stale_files(dist, outputs.iter().map(|output| output.name.as_str()))
            && !has_leftovers(dist)
        {
            return Some(0);
        }
        let contents = self.cache.outputs(found)?;
        let mut output = DistOutput::default();
        let mut sides = Side::BOTH.map(|side| (side, Vec::new(), None));
        for (kept, bytes) in outputs.iter().zip(&contents) {
            let place = kept.name.split_once('/').and_then(|(directory, path)| {
                let side = sides.iter_mut().find(|(side, ..)| side.as_str() == directory)?;
                Some((side, path))
            });
            match place {
                Some(((_, _, manifest), MANIFEST)) => *manifest = Some(bytes.as_slice()),
                Some(((_, files, _), path)) => files.push(OutputFile { path, bytes }),
                None => output.extra.push(OutputFile {
                    path: &kept.name,
                    bytes,
                }),
            }
        }
        for (side, files, manifest) in sides {
            let manifest = manifest?;
            output.sides.push(SideOutput {
                side,
                files,
                manifest,
            });
        }
        let written = write_dist(label, dist, &output).ok()?;
        Some(written.changed + written.removed)
    }

    /// Keeps the module.
    pub fn keep(
        &self,
        report: &ModuleReport,
        outputs: Vec<Output>,
        LookedAt {
            observer,
            targets,
            layouts,
        }: LookedAt,
        laid_out: [LaidOut; 2],
    ) -> Keeping {
        let files_of = |side: Side| {
            let side = report.sides.iter().find(|one| one.side == side);
            side.map(|side| kept_files(&side.files)).unwrap_or_default()
        };
        let text = serde_json::to_string(&Report {
            name: report.name.clone(),
            client: files_of(Side::Client),
            server: files_of(Side::Server),
            application: kept_files(&report.application),
            findings: kept_findings(&report.diagnostics, self.dir),
        });
        let Ok(text) = text else {
            return Keeping::default();
        };
        let layouts = layouts.map_or_else(|| [None, None], |layouts| layouts.map(Some));
        let [of_client, of_server] = targets;
        let [client, server] = layouts;
        let [client_files, server_files] = laid_out.map(Arc::new);
        let kinds = [
            (of_client, client, client_files),
            (of_server, server, server_files),
        ];
        self.cache.keep(Finished {
            by_layout: Some(by_layout(
                Arc::clone(&self.pieces[0]),
                kinds,
                Arc::clone(&observer),
            )),
            key: self.key.clone(),
            root: self.dir.to_path_buf(),
            values: self.values.clone(),
            observer,
            outputs,
            report: text,
            took: report.duration,
            made: Vec::new(),
            packs: self.pieces.iter().chain([&self.layouts]).cloned().collect(),
        })
    }
}

/// Everything that a module is told. Whoever adds an option has it here. Who else is built in the same process, and for
/// whom, makes no difference to a module. The name is there because each module has questions of its own.
fn key(name: &str, dir: &Path, told: &Told<'_>) -> BuildKey {
    let relative = |path: &Path| portable(dir, path);
    // To some modules, links mean something else when they are built for others.
    let is_root = told.links.is_empty() || dir == told.options.root;
    let links: Vec<(&str, PathBuf)> = told
        .links
        .iter()
        .map(|(name, path)| (*name, relative(path)))
        .collect();
    let mut options = told.options.clone();
    options.root = PathBuf::new();
    options.scope = BuildScope::Root;
    options.filters.clear();
    options.cache = CacheSettings::none();
    options.links.clear();
    options.sources.tsconfig = options.sources.tsconfig.as_deref().map(relative);
    for file in &mut options.sources.injected {
        *file = relative(file);
    }
    BuildKey::new("build", &format!("{name}\n{is_root}\n{links:?}\n{options:?}"))
}
