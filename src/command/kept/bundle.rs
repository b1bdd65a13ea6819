//! A bundle that was made before.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::findings::{KeptFinding, found_findings, kept_findings};
use super::{
    Contents, KeptFile, LAYOUTS, LearntOfFiles, MINIFIED, by_layout, found_files, kept_files,
    may_keep_layouts, portable, targets_of,
};
use crate::base::{DiskFileSystem, Observer, Units};
use crate::cache::{BuildKey, Cache, CacheSettings, Finished, Found, Keeping, Learnt, Output, Pack};
use crate::command::again::{KeptLayout, LaidOut};
use crate::command::build::process_variables;
use crate::command::bundle::{BundleOptions, effective_mode, write_bundle};
use crate::command::report::BundleReport;
use crate::command::{Progress, Stage};
use crate::emit::write::{OutputFile, has_leftovers};
use crate::scan::{Environment, KeptTargets};

/// What is called like this is the metafile; outputs have names.
const METAFILE: &str = "";

/// Outputs and metafile as the cache has them.
pub(in crate::command) fn contents<'a>(files: &[OutputFile<'a>], metafile: Option<&'a str>) -> Contents<'a> {
    let files = files.iter().map(|file| (file.path.to_owned(), file.bytes));
    let metafile = metafile.map(|text| (METAFILE.to_owned(), text.as_bytes()));
    files.chain(metafile).collect()
}

/// The cache, as one bundle uses it.
pub(in crate::command) struct KeptBundle<'a> {
    pub cache: Cache,
    options: &'a BundleOptions,
    key: BuildKey,
    /// What `import.meta.env` may be.
    values: String,
    /// What bundles with these options have made so far.
    pub pieces: Arc<Pack>,
    /// What was learnt of files.
    pub learnt: LearntOfFiles,
    /// How files were laid out.
    layouts: Arc<Pack>,
}

/// What a bundle that is made now begins with.
pub(in crate::command) struct LookedAt {
    /// Who remembers what the disk says to it.
    pub observer: Arc<Observer>,
    /// Where requests led in the last one.
    pub targets: Arc<KeptTargets>,
    /// How the files of the last one were laid out, where that may be kept.
    pub layout: Option<Arc<KeptLayout>>,
}

#[derive(Serialize, Deserialize)]
struct Report {
    name: String,
    outputs: Vec<KeptFile>,
    findings: Vec<KeptFinding>,
}

impl<'a> KeptBundle<'a> {
    /// None where nothing is kept.
    pub fn of(options: &'a BundleOptions) -> Option<Self> {
        if options.entries.is_empty() || !options.findings.is_empty() {
            return None;
        }
        let cache = Cache::open(&options.cache, &options.root)?;
        let values = effective_mode(options).map(|mode| {
            let variables = process_variables();
            Environment::read(&DiskFileSystem, &options.root, mode, options.platform, &variables)
                .key()
                .to_owned()
        });
        let key = key(options);
        Some(Self {
            pieces: Arc::new(cache.pack(&key, MINIFIED)),
            learnt: LearntOfFiles::of(&cache, &key, options.source_maps),
            layouts: Arc::new(cache.pack(&key, LAYOUTS)),
            cache,
            key,
            values: values.unwrap_or_default(),
            options,
        })
    }

    /// The bundle, if it was made before; its files are where they belong then. Otherwise what is known of files.
    pub fn find(&self, progress: &dyn Progress) -> Result<BundleReport, Learnt> {
        let root = &self.options.root;
        let found = self.cache.find(&self.key, root, &self.values)?;
        self.take(&found, progress).ok_or_else(Learnt::default)
    }

    /// What the bundle that is made now begins with. If only scripts are not what they were, requests lead where they led;
    /// then that was asked already.
    pub fn look(&self, learnt: Learnt) -> LookedAt {
        let observer = Observer::new(Units::One).knowing(learnt.known);
        let settings = &self.options.sources;
        let (last, [targets]) = targets_of(&self.learnt.facts, learnt.layouts, settings, &observer);
        let layout = may_keep_layouts(settings, &self.options.chunks)
            .then(|| Arc::new(KeptLayout::new(Arc::clone(&self.layouts), "", last)));
        LookedAt {
            observer: Arc::new(observer),
            targets,
            layout,
        }
    }

    fn take(&self, found: &Found, progress: &dyn Progress) -> Option<BundleReport> {
        let options = self.options;
        let report: Report = serde_json::from_str(&found.entry.report).ok()?;
        let mut report = BundleReport {
            name: report.name,
            output_dir: options.output_dir.clone(),
            outputs: found_files(report.outputs)?,
            diagnostics: found_findings(report.findings, &options.root)?,
            ..BundleReport::default()
        };
        progress.plan(std::slice::from_ref(&report.name));
        progress.stage(&report.name, None, Stage::Write);
        report.written = self.put_in_place(found, &report.name)?;
        Some(report)
    }

    fn put_in_place(&self, found: &Found, label: &str) -> Option<usize> {
        let path = |output: &Output| self.path_of(&output.name);
        if self.cache.are_in_place(found, path) && !has_leftovers(&self.options.output_dir) {
            return Some(0);
        }
        // A link may lead to a source, which the output would replace: making the bundle tells that.
        let is_link = |output: &Output| path(output).is_symlink();
        if found.entry.outputs.iter().any(is_link) {
            return None;
        }
        let contents = self.cache.outputs(found)?;
        let outputs = found.entry.outputs.iter().zip(&contents);
        let (metafile, files): (Vec<_>, Vec<_>) = outputs.partition(|(output, _)| output.name == METAFILE);
        let files: Vec<(&str, &[u8])> = files
            .into_iter()
            .map(|(output, bytes)| (output.name.as_str(), bytes.as_slice()))
            .collect();
        let metafile = metafile.first().map(|(_, bytes)| bytes.as_slice());
        write_bundle(label, self.options, &files, metafile).ok()
    }

    fn path_of(&self, name: &str) -> PathBuf {
        match (&self.options.metafile, name) {
            (Some(metafile), METAFILE) => metafile.clone(),
            _ => self.options.output_dir.join(name),
        }
    }

    /// Keeps the bundle.
    pub fn keep(
        &self,
        report: &BundleReport,
        outputs: Vec<Output>,
        LookedAt {
            observer,
            targets,
            layout,
        }: LookedAt,
        laid_out: LaidOut,
    ) -> Keeping {
        let root = &self.options.root;
        let text = serde_json::to_string(&Report {
            name: report.name.clone(),
            outputs: kept_files(&report.outputs),
            findings: kept_findings(&report.diagnostics, root),
        });
        let Ok(text) = text else {
            return Keeping::default();
        };
        let laid_out = Arc::new(laid_out);
        // The process ends next: giving back a large graph would only delay that.
        std::mem::forget(Arc::clone(&laid_out));
        let keeping = self.cache.keep(Finished {
            by_layout: Some(by_layout(
                Arc::clone(&self.learnt.facts),
                [(targets, layout, laid_out)],
                Arc::clone(&observer),
            )),
            key: self.key.clone(),
            root: root.clone(),
            values: self.values.clone(),
            observer,
            outputs,
            report: text,
            took: report.duration,
            made: [Arc::clone(&self.pieces)]
                .into_iter()
                .chain(self.learnt.texts.clone())
                .collect(),
            packs: vec![Arc::clone(&self.learnt.facts), Arc::clone(&self.layouts)],
        });
        self.cache.make_room(vec![keeping], Vec::new())
    }
}

/// Everything that a bundle is told. Whoever adds an option has it here.
fn key(options: &BundleOptions) -> BuildKey {
    let root = &options.root;
    let relative = |path: &Path| portable(root, path);
    let mut told = options.clone();
    told.root = PathBuf::new();
    told.cache = CacheSettings::none();
    told.base_dir = told.base_dir.as_deref().map(relative);
    told.output_dir = relative(&real_directory(&options.output_dir));
    told.asset_names.base_dir = relative(&told.asset_names.base_dir);
    told.metafile = told.metafile.as_deref().map(relative);
    told.sources.tsconfig = told.sources.tsconfig.as_deref().map(relative);
    for file in &mut told.sources.injected {
        *file = relative(file);
    }
    // A package without a name is called like its directory.
    let name = root.file_name().unwrap_or_default().to_string_lossy();
    BuildKey::new("bundle", &format!("{name}\n{told:?}"))
}

/// Where a directory really is, or would be if it were made.
fn real_directory(path: &Path) -> PathBuf {
    let real = path.ancestors().find_map(|ancestor| {
        let real = std::fs::canonicalize(ancestor).ok()?;
        Some(real.join(path.strip_prefix(ancestor).ok()?))
    });
    real.unwrap_or_else(|| path.to_path_buf())
}
