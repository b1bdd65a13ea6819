//! Runs every case folder of a suite, as many at a time as the machine has processors.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Checks the folders of `fixtures/<suite>`, or those whose name contains what the environment variable says.
///
/// # Panics
/// When a case fails, with all that failed, and when there is no case at all.
pub fn check_all(suite: &str, variable: &str, check: impl Fn(&Path) -> Result<(), String> + Sync) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(suite);
    let directories = case_directories(&root, &std::env::var(variable).unwrap_or_default());
    assert!(!directories.is_empty(), "no {suite} case has that name");
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(directory) = directories.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(failure) = check(directory) {
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

fn case_directories(root: &Path, wanted: &str) -> Vec<PathBuf> {
    let mut directories: Vec<PathBuf> = std::fs::read_dir(root)
        .expect("the suite has a folder")
        .map(|entry| entry.expect("a directory entry"))
        .filter(|entry| entry.file_name().to_string_lossy().contains(wanted))
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    directories.sort();
    directories
}
