//! What makes a built application module start (PROTOCOL §10.1): its behaviour file as plain JavaScript, and
//! `index.mjs`, which hands it to the runtime.
//!
//! ```text
//! entry.node.ts ──scan … render──▶ dist/node/src/entry.node.mjs
//!                                  dist/index.mjs: start(host, behaviour)
//! ```

use std::path::Path;
use std::sync::Arc;

use crate::base::FileSystem;
use crate::bind::bind;
use crate::chunk::{ChunkOptions, InterfaceNames, chunk};
use crate::command::Mode;
use crate::command::module_assets::module_assets;
use crate::diagnostic::Diagnostic;
use crate::emit::{EmittedFile, asset_files, delivered_at};
use crate::graph::EntryKind;
use crate::link::{Builtins, InstalledPackages, PlainLookup, PlainRules};
use crate::protocol::Side;
use crate::protocol::behaviour::BehaviourFile;
use crate::render::{
    ChunkReferences, CompressedUnits, DeliveryPlace, InputMaps, Lowering, Minification, NamePattern,
    NamePatterns, OuterText, Preloading, RenderOptions, SourceMapPlace, StyleDelivery, StyleLoading,
    deliver_styles, render,
};
use crate::resolve::{Platform, Resolver};
use crate::scan::{Copies, EntryRequest, IssuerPackages, ScanInput, SyntaxCache, scan};

/// Where the compiled behaviour file is, from `dist`.
const BEHAVIOUR: &str = "node/src/entry.node.mjs";

/// What the build of a module shares with its behaviour file.
pub(super) struct ApplicationInput<'a> {
    pub files: &'a dyn FileSystem,
    /// The module's directory, every symlink resolved.
    pub dir: &'a Path,
    pub module_name: &'a str,
    pub resolver: &'a Resolver,
    pub syntaxes: &'a SyntaxCache,
}

/// The files of an application beside its two sides, relative to `dist`.
///
/// # Errors
/// What is wrong with the behaviour file or what it imports.
pub(super) fn application_files(input: &ApplicationInput<'_>) -> Result<Vec<EmittedFile>, Vec<Diagnostic>> {
    let Some(path) = BehaviourFile::find(input.files, input.dir) else {
        return Ok(vec![index(None)]);
    };
    let mut files = behaviour_files(input, &path)?;
    files.push(index(Some(BEHAVIOUR)));
    Ok(files)
}

/// Own files are bundled; packages are left to Node, which finds them from `dist` as it does from the sources.
fn behaviour_files(input: &ApplicationInput<'_>, path: &Path) -> Result<Vec<EmittedFile>, Vec<Diagnostic>> {
    let output_dir = input.dir.join("dist/node");
    let rules = PlainRules {
        packages: InstalledPackages::External,
        ..PlainRules::default()
    };
    let rule = PlainLookup::new(input.files, input.dir, &output_dir, Builtins::Available, &rules);
    // Nothing here is hashed, and nothing is served: URLs lead from file to file.
    let assets = module_assets(input.module_name, input.dir, Side::Client, Mode::Development);
    let copies = Copies::new(Arc::clone(&assets.names));
    let mut graph = scan(&ScanInput {
        files: input.files,
        rule: &rule,
        root_dir: input.dir,
        module_name: input.module_name,
        platform: Platform::Node,
        entries: vec![EntryRequest {
            name: "src/entry.node".to_owned(),
            specifier: path.to_string_lossy().into_owned(),
            kind: EntryKind::Export,
        }],
        resolver: input.resolver,
        environment: None,
        syntaxes: input.syntaxes,
        copies: &copies,
        issuers: IssuerPackages::default(),
        memory: None,
        kept_targets: None,
    })?;
    deliver_styles(&mut graph, &assets, Minification::Off);
    let chunks = chunk(bind(graph)?, &ChunkOptions::default(), InterfaceNames::Readable)?;
    let pattern = |text| NamePattern::parse(text, None).expect("these patterns are well formed");
    let rendered = render(
        &chunks,
        &RenderOptions {
            lowering: Lowering::default(),
            platform: Platform::Node,
            minification: Minification::Off,
            source_maps: SourceMapPlace::Nowhere,
            references: ChunkReferences::Paths,
            input_maps: InputMaps::default(),
            names: NamePatterns {
                entries: pattern("[name].mjs"),
                chunks: pattern("chunks/[name].mjs"),
            },
            announced_keys: None,
            outer_text: OuterText::default(),
            assets: assets.clone(),
            styles: StyleDelivery::Omitted,
            preloading: Preloading::Off,
            style_loading: StyleLoading::Nobody,
            output_dir,
            pieces: None,
            compressed_units: CompressedUnits::Largest,
        },
    );
    let delivered = rendered
        .iter()
        .flat_map(|chunk| delivered_at(chunk, DeliveryPlace::BesideCode));
    let delivered = asset_files(&chunks, &assets, delivered);
    let code = rendered.into_iter().map(|file| EmittedFile {
        path: file.file,
        bytes: file.code.into_bytes(),
    });
    let as_they_are = copies.list().into_iter().map(EmittedFile::from);
    let files = code.chain(delivered).chain(as_they_are).map(|file| EmittedFile {
        path: format!("node/{}", file.path),
        ..file
    });
    Ok(files.collect())
}

/// The bootstrap. The runtime is its only bare import; it starts the host that `dist` lies in.
fn index(behaviour: Option<&str>) -> EmittedFile {
    let text = match behaviour {
        Some(path) => format!(
            "import {{ start }} from \"esmx-build/node/start\";\n\
             import behaviour from \"./{path}\";\n\n\
             await start(new URL(\"..\", import.meta.url), behaviour);\n"
        ),
        None => "import { start } from \"esmx-build/node/start\";\n\n\
             await start(new URL(\"..\", import.meta.url));\n"
            .to_owned(),
    };
    EmittedFile {
        path: "index.mjs".to_owned(),
        bytes: text.into_bytes(),
    }
}
