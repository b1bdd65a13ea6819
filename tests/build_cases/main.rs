//! Build cases: every folder in `fixtures/build` is a small module whose built output must behave as its
//! sources do.
//!
//! A case is executed, not compared with a snapshot: its modules call a global `log`, and what they logged plus
//! what their exports hold in the end is compared. The sources run in Node as they are; the output
//! runs through its own import map, where nothing else resolves. Both must print the same, for the server and
//! the client side, readable and minified, with the exports imported in the declared and in the opposite order.
//! Each build is made twice, on one thread and on many and in two different folders: the bytes must be equal.
//! A warning fails the case.
//!
//! The folder's name says the behaviour, its `README.md` says it in a sentence. It holds
//!
//! - `package.json` with `esmx.exports`, and sources. Small handmade packages lie in `node_modules`; a module
//!   that is used lies beside the sources and is linked into `node_modules`.
//! - `expected`, or `expected.client` and `expected.server`: what is to be printed, where Node can not run the
//!   sources (TypeScript, JSX) or bundlers agree on something else than Node (`__esModule`, `sideEffects`).
//! - `generate.mjs`: writes sources that are too many or too long to commit, before anything else happens.
//!
//! To add a case, add a folder. `BUILD_CASES=word` runs only those whose name contains the word, and
//! `KEEP_BUILD_CASES=1` leaves the built copies and says where they are.

mod case;
mod process;
mod program;
mod workspace;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use case::Case;

#[test]
fn every_built_module_behaves_as_its_sources() {
    let directories = case_directories(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/build"));
    assert!(!directories.is_empty(), "no build case has that name");
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(directory) = directories.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(failure) = Case::read(directory).and_then(|case| case.check()) {
                        failures
                            .lock()
                            .expect("no worker panics while it holds the lock")
                            .push((directory, failure));
                    }
                }
            });
        }
    });
    let mut failures = failures
        .into_inner()
        .expect("no worker panics while it holds the lock");
    failures.sort();
    let report = failures
        .iter()
        .fold(String::new(), |mut report, (directory, failure)| {
            let name = directory.file_name().unwrap_or_default().to_string_lossy();
            let _ = writeln!(report, "=== {name}\n{failure}");
            report
        });
    assert!(
        failures.is_empty(),
        "{} of {} cases fail\n\n{report}",
        failures.len(),
        directories.len()
    );
}

fn case_directories(root: &Path) -> Vec<PathBuf> {
    let wanted = std::env::var("BUILD_CASES").unwrap_or_default();
    let mut directories: Vec<PathBuf> = std::fs::read_dir(root)
        .expect("fixtures/build exists")
        .map(|entry| entry.expect("a directory entry"))
        .filter(|entry| entry.file_name().to_string_lossy().contains(&wanted))
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    directories.sort();
    directories
}
