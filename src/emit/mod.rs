//! From rendered chunks to the files of `dist`.

pub mod write;
