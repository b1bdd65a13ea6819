//! The program through its front door: the real binary on small workspaces in temporary directories.
//!
//! `fixtures/front_door/workspace.md` is a good workspace; every file in `fixtures/front_door/refusals` breaks it
//! in one way and shows what the user is told. To add a case, add a file; see [`refusals`].

mod answers;
mod builds;
mod cases;
mod chunk_stability;
mod determinism;
mod explanations;
mod hostile_input;
mod hostile_system;
mod importmaps;
mod inspection;
mod markdown;
mod mid_size;
mod migrations;
mod options;
mod pictures;
mod program;
mod refusals;
mod reporters;
mod source_maps;
mod special_files;
mod success;
mod teaching;
mod transcript;
mod validations;
mod workspace;
