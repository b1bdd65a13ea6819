//! `esmx-build`: a bundler whose speciality is native module linking.
#![allow(missing_docs)]

pub mod base;
pub mod bind;
pub mod chunk;
pub mod diagnostic;
pub mod graph;
#[path = "/tmp/stub/link.rs"] pub mod link;
pub mod protocol;
pub mod render;
pub mod resolve;
pub mod scan;
