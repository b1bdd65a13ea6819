//! Tells the program which sources it was built from, so that what one version has kept is never taken for what another
//! one would make.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut files = ["Cargo.toml", "Cargo.lock", "build.rs"]
        .map(|name| root.join(name))
        .to_vec();
    collect(&root.join("src"), &mut files);
    files.sort();
    // Two differently started hashes of 64 bits: nobody attacks this one, but it must not collide by chance.
    let mut hashers = [DefaultHasher::new(), DefaultHasher::new()];
    1_u8.hash(&mut hashers[1]);
    for file in &files {
        let name = file
            .strip_prefix(&root)
            .unwrap_or(file)
            .to_string_lossy()
            .replace('\\', "/");
        let content = fs::read(file).unwrap_or_default();
        for hasher in &mut hashers {
            name.hash(hasher);
            content.hash(hasher);
        }
    }
    let [first, second] = hashers.map(|hasher| hasher.finish());
    println!("cargo::rustc-env=ESMX_BUILD_SOURCES={first:016x}{second:016x}");
    for name in ["src", "Cargo.toml", "Cargo.lock", "build.rs"] {
        println!("cargo::rerun-if-changed={name}");
    }
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}
