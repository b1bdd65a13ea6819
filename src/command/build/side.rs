//! One side of a module, from entry points to files in memory.

use std::sync::Arc;

use super::entries::entry_requests;
use super::manifest::manifest_facts;
use super::module::Tools;
use crate::chunk::chunk_keys;
use crate::command::again::{LaidOut, input_maps, laid_out, rendered};
use crate::command::lay_out::{FileLayout, lay_out};
use crate::command::module_assets::module_assets;
use crate::command::{ChunkNaming, Mode, Progress, Stage, named};
use crate::diagnostic::{Diagnostic, has_errors};
use crate::emit::{EmittedSide, emit_side};
use crate::link::Linkage;
use crate::protocol::Side;
use crate::render::{
    ChunkReferences, CompressedUnits, InputMaps, Lowering, NamePattern, NamePatterns, Preloading,
    RenderOptions, SourceMapPlace, SpecifierPrefixes, StyleDelivery, StyleLoading,
};
use crate::scan::{Copies, Environment, IssuerPackages, ScanInput};

/// What building one side gives.
pub(super) struct BuiltSide {
    pub emitted: EmittedSide,
    /// Told when the other side says it, too.
    pub idle: Vec<Diagnostic>,
    /// Told by each side: what code says and its target does not know, and what it hardly means.
    pub of_code: Vec<Diagnostic>,
    /// How its files are laid out, where no memory has it.
    pub laid_out: Option<LaidOut>,
}

/// One side, from entry points to files in memory.
pub(super) fn build_side(
    tools: &Tools<'_>,
    linkage: &Linkage,
    side: Side,
    progress: &dyn Progress,
) -> Result<BuiltSide, Vec<Diagnostic>> {
    let workshop = tools.workshop;
    let options = &workshop.options;
    let target = options.target.as_ref().map(|target| target.on_side(side));
    let module_name = &linkage.root().name;
    let tell = |stage| progress.stage(module_name, Some(side), stage);

    tell(Stage::Scan);
    let environment = Environment::read(
        tools.files,
        linkage.root_real_dir(),
        options.mode,
        side.into(),
        &workshop.process_variables,
    );
    let assets = module_assets(module_name, linkage.root_real_dir(), side, options.mode);
    let copies = Copies::new(Arc::clone(&assets.names));
    let memory = workshop
        .memories
        .as_ref()
        .map(|memories| memories.of(linkage, side));
    let memory = memory.as_deref();
    let input = ScanInput {
        files: tools.files,
        rule: linkage,
        root_dir: linkage.root_real_dir(),
        module_name,
        platform: side.into(),
        entries: entry_requests(linkage, side),
        resolver: tools.resolver(side),
        environment: Some(&environment),
        syntaxes: &workshop.syntaxes,
        copies: &copies,
        issuers: IssuerPackages::default(),
        memory: memory.map(|memory| &memory.scan),
        kept_targets: tools.targets(side),
    };
    let layout = FileLayout {
        chunks: &options.chunks,
        assets: &assets,
        minification: options.minification,
        target: target.as_ref(),
        source_maps: options.source_maps,
    };
    let (laid_out, last_maps) = laid_out(memory, &input, (layout.chunks, layout.target), |blameless| {
        lay_out(&layout, &input, &tell, blameless, tools.layout(side))
    })?;
    let newer: Vec<Diagnostic> = laid_out.newer().cloned().collect();
    if has_errors(&newer) {
        return Err(named(newer, module_name));
    }
    let of_code = named(laid_out.findings().cloned().collect(), module_name);
    let chunks = &laid_out.chunks;
    let keys = chunk_keys(chunks, module_name);
    tell(Stage::Render);
    let render_options = RenderOptions {
        platform: side.into(),
        minification: options.minification.of_code(),
        source_maps: options.source_maps,
        // What is wrong with one is told by `bundle`; a build stays silent about what it does not need.
        input_maps: match options.source_maps {
            SourceMapPlace::Nowhere => InputMaps::default(),
            _ => input_maps(&laid_out, last_maps.as_ref(), tools.files, module_name).0,
        },
        names: file_names(options.mode),
        references: chunk_references(options.chunk_naming, module_name),
        announced_keys: (side == Side::Server).then(|| keys.clone()),
        outer_text: options.outer_text.clone(),
        assets: assets.clone(),
        styles: match side {
            Side::Client => StyleDelivery::PerChunk,
            Side::Server => StyleDelivery::Omitted,
        },
        preloading: match side {
            Side::Client => options.preloading,
            Side::Server => Preloading::Off,
        },
        style_loading: match side {
            Side::Client => StyleLoading::EntriesToo,
            Side::Server => StyleLoading::Nobody,
        },
        lowering: Lowering::of(target.as_ref()),
        output_dir: linkage.root_real_dir().join("dist").join(side.as_str()),
        pieces: tools.pieces(side),
        // The other side, and other modules, bundle some packages, too.
        compressed_units: CompressedUnits::ByPackage,
    };
    let rendered = rendered(memory, &laid_out, &render_options, last_maps.as_ref());
    let facts = manifest_facts(linkage, side, options.mode);
    let emitted = emit_side(chunks, rendered, &keys, side, &assets, &copies, facts);
    let idle = laid_out.idle.clone();
    let laid_out = match memory {
        Some(memory) => {
            memory.keep(laid_out, render_options.input_maps);
            None
        }
        None => Some(laid_out),
    };
    Ok(BuiltSide {
        emitted,
        idle,
        of_code,
        laid_out,
    })
}

/// Names in the import map are identifiers of the module (PROTOCOL §11.2.1).
fn chunk_references(naming: ChunkNaming, module_name: &str) -> ChunkReferences {
    match naming {
        ChunkNaming::InFiles => ChunkReferences::Paths,
        ChunkNaming::InImportMap => ChunkReferences::Mapped(SpecifierPrefixes {
            entries: format!("{module_name}/"),
            chunks: format!("{module_name}/chunks/"),
        }),
    }
}

/// Production files are served as immutable, so their names carry a hash (PROTOCOL §10.1).
fn file_names(mode: Mode) -> NamePatterns {
    let (entries, chunks) = match mode {
        Mode::Production => ("[name].[hash].final.mjs", "chunks/[name].[hash].final.mjs"),
        Mode::Development => ("[name].mjs", "chunks/[name].mjs"),
    };
    let pattern = |text| NamePattern::parse(text, None).expect("these patterns are well formed");
    NamePatterns {
        entries: pattern(entries),
        chunks: pattern(chunks),
    }
}
