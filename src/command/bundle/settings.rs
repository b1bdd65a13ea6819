//! What the options of a bundle are to each stage.

use std::sync::Arc;

use super::BundleOptions;
use crate::base::FileSystem;
use crate::command::{ChunkNaming, Mode};
use crate::link::{Builtins, PlainLookup};
use crate::render::{
    self, AssetDelivery, AssetUrls, ChunkReferences, CompressedUnits, InputMaps, Lowering, Preloading,
    RenderOptions, SpecifierPrefixes, StyleDelivery, StyleLoading,
};
use crate::resolve::{Platform, ResolveSettings};

pub(super) fn lookup_rule(options: &BundleOptions, files: &dyn FileSystem) -> PlainLookup {
    PlainLookup::new(
        files,
        &options.root,
        &options.output_dir,
        match options.platform {
            Platform::Browser => Builtins::Unavailable,
            Platform::Node => Builtins::Available,
            Platform::Neutral => Builtins::Unknown,
        },
        &options.rules,
    )
}

pub(super) fn render_options(options: &BundleOptions, minification: render::Minification) -> RenderOptions {
    RenderOptions {
        platform: options.platform,
        minification,
        source_maps: options.source_maps,
        input_maps: InputMaps::default(),
        names: options.names.clone(),
        references: chunk_references(options),
        announced_keys: None,
        outer_text: options.outer_text.clone(),
        assets: asset_delivery(options),
        styles: StyleDelivery::PerEntry,
        preloading: match options.platform {
            Platform::Browser => options.preloading,
            Platform::Node | Platform::Neutral => Preloading::Off,
        },
        style_loading: match options.platform {
            Platform::Browser => StyleLoading::OnDemand,
            Platform::Node | Platform::Neutral => StyleLoading::Nobody,
        },
        lowering: Lowering::of(options.target.as_ref()),
        output_dir: options.output_dir.clone(),
        pieces: None,
        compressed_units: CompressedUnits::Largest,
    }
}

/// Names that no package has: `#` starts what is meant inside alone.
fn chunk_references(options: &BundleOptions) -> ChunkReferences {
    match options.chunk_naming {
        ChunkNaming::InFiles => ChunkReferences::Paths,
        ChunkNaming::InImportMap => ChunkReferences::Mapped(SpecifierPrefixes {
            entries: "#entries/".to_owned(),
            chunks: "#chunks/".to_owned(),
        }),
    }
}

pub(super) fn asset_delivery(options: &BundleOptions) -> AssetDelivery {
    AssetDelivery {
        names: Arc::new(options.asset_names.clone()),
        urls: match options.asset_names.public_path.as_str() {
            "" => AssetUrls::FromCode,
            prefix => AssetUrls::Prefixed(format!("{}/", prefix.trim_end_matches('/'))),
        },
    }
}

pub(super) fn resolve_settings(options: &BundleOptions) -> ResolveSettings {
    ResolveSettings {
        platform: options.platform,
        mode: effective_mode(options),
        conditions: options.resolution.conditions.clone(),
        main_fields: options.resolution.main_fields.clone(),
        tsconfig: options.sources.tsconfig.clone(),
        links: options.resolution.links,
    }
}

/// Node has a `process.env` of its own, which decides unless the user does. Elsewhere there is none, so
/// something must.
pub(in crate::command) fn effective_mode(options: &BundleOptions) -> Option<Mode> {
    match (options.mode, options.platform) {
        (Some(mode), _) => Some(mode),
        (None, Platform::Node) => None,
        (None, Platform::Browser | Platform::Neutral) => Some(Mode::Production),
    }
}
