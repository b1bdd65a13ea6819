//! `esmx-build`: a bundler whose speciality is native module linking.
#![allow(missing_docs)]

pub mod base;
pub mod bind;
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
