//! `esmx-build`: a bundler whose speciality is native module linking.
//!
//! ```text
//! PackageRecord ──link──▶ Linkage { mounts, supply, wiring, diagnostics }
//! EntryRequests + &Linkage + Side ──scan──▶ ModuleGraph
//!     ──bind──▶ BoundGraph ──chunk──▶ ChunkGraph ──render──▶ RenderedChunk…
//!     ──emit──▶ EmittedSide { files, manifest } ──write──▶ dist/<side>
//! manifests ──compose──▶ ImportMap ──verify──▶ dist/<side>/importmap.json
//! ```
//!
//! Each stage takes its input by value (or shared, when both sides need it) and returns a new type;
//! [`command::build`] runs them in this order.
//!
//! # Words
//!
//! | word | here it means | the other meaning is called |
//! |---|---|---|
//! | module | one source file in the graph: [`graph::Module`] | the micro-frontend unit: a package with a declaration, [`protocol::ModuleName`], [`link::Mount`] |
//! | link | the protocol: mounts, supply, lookup: [`link`] | matching ES imports to ES exports: [`bind`](mod@bind) |
//! | export | [`graph::ExportBinding`] | a key of a declaration's `exports` |
//! | entry | [`graph::EntryPoint`] | client or server entry of a declaration |
//! | scope | import-map scope | lexical scope: SWC's `SyntaxContext` and `Id` |
//!
//! # Layers
//!
//! Dependencies only point downward:
//! `cli → command → emit → render → chunk → bind → scan → link → resolve → graph, protocol → diagnostic → base`.
//! [`import_map`] sees only `protocol` and below, [`cache`] only `base`. `tests/layers.rs` keeps it true.

pub mod base;
pub mod bind;
pub mod cache;
pub mod chunk;
pub mod cli;
pub mod command;
pub mod diagnostic;
pub mod emit;
pub mod graph;
pub mod import_map;
pub mod link;
pub mod protocol;
pub mod render;
pub mod resolve;
pub mod scan;
