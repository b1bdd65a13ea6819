//! What one build of an output directory knows for the next.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::thread;

use oxc_index::IndexVec;

use super::laid_out::{Blameless, LaidOut};
use crate::base::FileSystem;
use crate::chunk::{ChunkId, ChunkOptions};
use crate::command::report::FileReport;
use crate::command::watch::Layout;
use crate::diagnostic::Diagnostic;
use crate::emit::write::{Patched, WriteMemory, write_patches};
use crate::graph::ModuleId;
use crate::render::{InputMaps, RenderMemory, RenderOptions, RenderedChunk, Target, render, render_again};
use crate::scan::{ScanInput, ScanMemory};

/// What is remembered.
#[derive(Default)]
pub struct BuildMemory {
    /// Where requests lead.
    pub scan: ScanMemory,
    /// What was written.
    pub written: WriteMemory,
    /// What was told of it.
    told: Mutex<Vec<FileReport>>,
    render: RenderMemory,
    last: Mutex<Last>,
}

/// The last build, and what happened since.
#[derive(Default)]
struct Last {
    build: Option<(LaidOut, InputMaps)>,
    changed: Vec<PathBuf>,
    blameless: Blameless,
}

impl BuildMemory {
    /// Forgets modules, and where requests lead, if files came or went.
    pub fn forget(&self, modules: &[PathBuf], layout: Layout) {
        let forgotten = self.with(|last| {
            last.changed.extend_from_slice(modules);
            (layout == Layout::Changed).then(|| last.build.take())
        });
        let Some(forgotten) = forgotten else {
            return;
        };
        self.scan.clear();
        if let Some((laid_out, _)) = &forgotten {
            let blameless = laid_out.blameless();
            self.with(|last| last.blameless = blameless);
        }
        drop_elsewhere(forgotten);
    }

    /// The files of the last build, if only the inside of modules changed since, and the source maps of sources.
    fn laid_out_again(
        &self,
        input: &ScanInput<'_>,
        chunks: &ChunkOptions,
        target: Option<&Target>,
    ) -> Option<(LaidOut, InputMaps)> {
        let (build, mut changed) = self.with(|last| (last.build.take(), std::mem::take(&mut last.changed)));
        changed.sort_unstable();
        changed.dedup();
        if let Some((mut laid_out, maps)) = build {
            // Where small files are joined, it matters how much code there is.
            let is_laid_out =
                chunks.least_bytes == 0 && laid_out.take_over(input, &self.scan, &changed, target).is_some();
            if is_laid_out {
                return Some((laid_out, maps));
            }
            let blameless = laid_out.blameless();
            self.with(|last| last.blameless = blameless);
            drop_elsewhere(laid_out);
        }
        self.scan.forget(&changed);
        None
    }

    /// What need not be looked at again.
    fn blameless(&self) -> Blameless {
        self.with(|last| std::mem::take(&mut last.blameless))
    }

    fn render(
        &self,
        laid_out: &LaidOut,
        options: &RenderOptions,
        last_maps: Option<&InputMaps>,
    ) -> IndexVec<ChunkId, RenderedChunk> {
        if let Some(changed) = only_changed(laid_out, options, last_maps) {
            self.render.only_changed(changed.iter().copied());
        }
        render_again(&laid_out.chunks, options, Some(&self.render))
    }

    /// Whether the last build took over the graph of the one before it.
    pub fn has_taken_over(&self) -> bool {
        self.with(|last| {
            let build = last.build.as_ref();
            build.is_some_and(|(laid_out, _)| laid_out.changed.is_some())
        })
    }

    /// Writes the files of the last build with the changes of modules, if that is all there is to do.
    ///
    /// # Errors
    /// Those of writing.
    pub fn write_changes(
        &self,
        laid_out: &LaidOut,
        options: &RenderOptions,
        last_maps: Option<&InputMaps>,
        label: &str,
    ) -> Result<Option<(usize, Vec<FileReport>)>, Box<Diagnostic>> {
        let Some(changed) = only_changed(laid_out, options, last_maps) else {
            return Ok(None);
        };
        let Some(patches) = self.render.patches(&laid_out.chunks, options, changed) else {
            return Ok(None);
        };
        let Patched { written, changed } =
            write_patches(label, &options.output_dir, &self.written, &patches)?;
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        for (path, size) in changed {
            if let Some(file) = told.iter_mut().find(|file| file.path == path) {
                file.bytes = size as u64;
            }
        }
        Ok(Some((written.changed, told.clone())))
    }

    /// Keeps what is told of a build.
    pub fn tell(&self, files: Vec<FileReport>) {
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = files;
    }

    /// Keeps a build that was written.
    pub fn keep(&self, laid_out: LaidOut, maps: InputMaps) {
        self.with(|last| last.build = Some((laid_out, maps)));
    }

    fn with<Answer>(&self, act: impl FnOnce(&mut Last) -> Answer) -> Answer {
        act(&mut self.last.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Which code is in which file, and what the last build knew of the source maps of sources, if nothing else changed since
/// than the inside of modules. Otherwise `lay_out` finds it out.
///
/// # Errors
/// Those of finding out.
pub fn laid_out(
    memory: Option<&BuildMemory>,
    input: &ScanInput<'_>,
    (chunks, target): (&ChunkOptions, Option<&Target>),
    lay_out: impl FnOnce(&Blameless) -> Result<LaidOut, Vec<Diagnostic>>,
) -> Result<(LaidOut, Option<InputMaps>), Vec<Diagnostic>> {
    let again = memory.and_then(|memory| memory.laid_out_again(input, chunks, target));
    if let Some((laid_out, maps)) = again {
        return Ok((laid_out, Some(maps)));
    }
    let blameless = memory.map(BuildMemory::blameless).unwrap_or_default();
    Ok((lay_out(&blameless)?, None))
}

/// The text of the files.
pub fn rendered(
    memory: Option<&BuildMemory>,
    laid_out: &LaidOut,
    options: &RenderOptions,
    last_maps: Option<&InputMaps>,
) -> Vec<RenderedChunk> {
    let rendered = match memory {
        Some(memory) => memory.render(laid_out, options, last_maps),
        None => render(&laid_out.chunks, options),
    };
    rendered.into_iter().collect()
}

/// The modules whose inside changed, if nothing else did that matters to the text of files.
fn only_changed<'a>(
    laid_out: &'a LaidOut,
    options: &RenderOptions,
    last_maps: Option<&InputMaps>,
) -> Option<&'a [ModuleId]> {
    let has_same_maps = last_maps.is_some_and(|maps| maps.modules() == options.input_maps.modules());
    laid_out.changed.as_deref().filter(|_| has_same_maps)
}

/// The source maps of sources, of which nothing changed but those of some modules.
pub fn input_maps(
    laid_out: &LaidOut,
    last: Option<&InputMaps>,
    files: &dyn FileSystem,
    label: &str,
) -> (InputMaps, Vec<Diagnostic>) {
    match (last, &laid_out.changed) {
        (Some(last), Some(changed)) => last.read_again(changed, &laid_out.chunks, files, label),
        _ => InputMaps::read(&laid_out.chunks, files, label),
    }
}

/// Giving back a large graph piece by piece takes as long as a whole build of a small one.
fn drop_elsewhere<Garbage: Send + 'static>(garbage: Garbage) {
    thread::spawn(move || drop(garbage));
}
