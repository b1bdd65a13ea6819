use std::os::unix::fs::{PermissionsExt, symlink};
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use super::*;
use crate::diagnostic::Code;

const SHOP: &str = "acme-shop";

struct Workspace {
    directory: TempDir,
}

impl Workspace {
    fn new() -> Self {
        Self {
            directory: TempDir::new().unwrap(),
        }
    }

    fn dist(&self) -> PathBuf {
        self.directory.path().join("dist")
    }

    /// Builds a module whose both sides have `files`.
    fn build(&self, files: &[(&str, &str)]) -> Result<Written, Box<Diagnostic>> {
        self.build_sides(&Side::BOTH, files)
    }

    fn build_sides(&self, sides: &[Side], files: &[(&str, &str)]) -> Result<Written, Box<Diagnostic>> {
        let manifest = manifest_of(files.iter().map(|(path, _)| *path));
        let files: Vec<_> = files
            .iter()
            .map(|(path, text)| OutputFile {
                path,
                bytes: text.as_bytes(),
            })
            .collect();
        let side = |&side| SideOutput {
            side,
            files: files.clone(),
            manifest: manifest.as_bytes(),
        };
        let extra = vec![OutputFile {
            path: "package.json",
            bytes: b"{}",
        }];
        write_dist(
            SHOP,
            &self.dist(),
            &DistOutput {
                sides: sides.iter().map(side).collect(),
                extra,
            },
        )
    }

    /// Every path below the workspace with its content, sorted.
    fn tree(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let mut directories = vec![self.directory.path().to_path_buf()];
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(directory).unwrap().flatten() {
                let path = entry.path();
                let name = path
                    .strip_prefix(self.directory.path())
                    .unwrap()
                    .display()
                    .to_string();
                if entry.file_type().unwrap().is_dir() {
                    found.push((name, "/".to_owned()));
                    directories.push(path);
                } else {
                    found.push((name, fs::read_to_string(path).unwrap_or_default()));
                }
            }
        }
        found.sort();
        found
    }

    fn client_files(&self) -> Vec<String> {
        let names = self
            .tree()
            .into_iter()
            .filter(|(_, text)| text != "/")
            .map(|(name, _)| name);
        names
            .filter_map(|name| name.strip_prefix("dist/client/").map(str::to_owned))
            .collect()
    }
}

fn manifest_of<'a>(files: impl Iterator<Item = &'a str>) -> String {
    serde_json::json!({ "protocol": 2, "name": SHOP, "files": files.collect::<Vec<_>>() }).to_string()
}

#[test]
fn the_first_build_makes_everything() {
    let workspace = Workspace::new();
    let written = workspace.build(&[("a.mjs", "a"), ("chunks/b.mjs", "b")]).unwrap();
    assert_eq!(
        written,
        Written {
            changed: 7,
            unchanged: 0,
            removed: 0
        }
    );
    assert_eq!(
        workspace.client_files(),
        ["a.mjs", "chunks/b.mjs", "manifest.json"]
    );
    assert_eq!(
        fs::read_dir(workspace.dist()).unwrap().count(),
        3,
        "no staging directory is left"
    );
}

#[test]
fn a_second_build_removes_what_is_stale_and_nothing_else() {
    let workspace = Workspace::new();
    workspace
        .build(&[("a.1.mjs", "a"), ("chunks/b.1.mjs", "b")])
        .unwrap();
    fs::write(workspace.dist().join("client/index.html"), "composed").unwrap();
    let written = workspace.build(&[("a.2.mjs", "A")]).unwrap();
    assert_eq!(
        written,
        Written {
            changed: 4,
            unchanged: 1,
            removed: 4
        }
    );
    assert_eq!(
        workspace.client_files(),
        ["a.2.mjs", "index.html", "manifest.json"]
    );
    assert!(!workspace.dist().join("client/chunks").exists());
}

#[test]
fn a_side_that_is_gone_is_removed_with_its_manifest() {
    let workspace = Workspace::new();
    workspace.build(&[("a.mjs", "a")]).unwrap();
    workspace.build_sides(&[Side::Client], &[("a.mjs", "a")]).unwrap();
    assert!(!workspace.dist().join("server").exists());
    assert!(workspace.dist().join("client/manifest.json").exists());
}

#[test]
fn bytes_that_are_there_already_are_not_written_again() {
    let workspace = Workspace::new();
    workspace.build(&[("a.mjs", "a"), ("b.mjs", "b")]).unwrap();
    let modified = |path: &str| {
        fs::metadata(workspace.dist().join(path))
            .unwrap()
            .modified()
            .unwrap()
    };
    let before = (modified("client/a.mjs"), modified("client/b.mjs"));
    std::thread::sleep(std::time::Duration::from_millis(20));
    let written = workspace.build(&[("a.mjs", "a"), ("b.mjs", "B")]).unwrap();
    assert_eq!(
        written,
        Written {
            changed: 2,
            unchanged: 5,
            removed: 0
        }
    );
    assert_eq!(modified("client/a.mjs"), before.0);
    assert_ne!(modified("client/b.mjs"), before.1);
}

#[test]
fn a_failure_leaves_the_last_good_build_whole() {
    let workspace = Workspace::new();
    workspace.build(&[("a.mjs", "a")]).unwrap();
    fs::write(
        workspace.dist().join("client/chunks"),
        "a file where a directory should be",
    )
    .unwrap();
    let before = workspace.tree();
    let problem = workspace
        .build(&[("a.mjs", "A"), ("chunks/b.mjs", "b")])
        .unwrap_err();
    assert_eq!(workspace.tree(), before);
    assert_eq!((problem.code, problem.module.as_str()), (Code::Io, SHOP));
    let blamed = fs::canonicalize(workspace.dist())
        .unwrap()
        .join("client/chunks")
        .display()
        .to_string();
    assert_eq!(
        problem.message,
        format!("Could not create the directory `{blamed}`: not a directory.")
    );
    assert_eq!(
        problem.fix,
        format!("Remove what stands at `{blamed}`: a directory must be there.")
    );
}

#[test]
fn a_move_that_fails_takes_back_the_moves_before_it() {
    let workspace = Workspace::new();
    workspace.build(&[("a.mjs", "a"), ("b.mjs", "b")]).unwrap();
    // The server's manifest moves first, and the client's cannot replace a directory.
    let manifest = workspace.dist().join("client/manifest.json");
    fs::remove_file(&manifest).unwrap();
    fs::create_dir(&manifest).unwrap();
    let before = workspace.tree();
    let problem = workspace
        .build(&[("a.mjs", "A"), ("c.mjs", "c"), ("new/d.mjs", "d")])
        .unwrap_err();
    assert_eq!(workspace.tree(), before);
    assert!(
        problem.message.starts_with("Could not move the new file to `"),
        "{}",
        problem.message
    );
    assert!(
        problem.fix.starts_with("Remove the directory `"),
        "{}",
        problem.fix
    );
}

#[test]
fn a_first_build_that_fails_leaves_no_directory() {
    let workspace = Workspace::new();
    let problem = workspace
        .build(&[("a", "a file"), ("a/b.mjs", "in a directory")])
        .unwrap_err();
    assert_eq!(problem.code, Code::Io);
    assert_eq!(workspace.tree(), []);
}

#[test]
fn a_dist_that_is_a_file_is_told() {
    let workspace = Workspace::new();
    fs::write(workspace.dist(), "").unwrap();
    let problem = workspace.build(&[("a.mjs", "a")]).unwrap_err();
    assert!(
        problem.fix.starts_with("Remove what stands at `"),
        "{}",
        problem.fix
    );
}

#[test]
fn a_directory_without_permission_is_told() {
    let workspace = Workspace::new();
    workspace.build(&[("a.mjs", "a")]).unwrap();
    let client = workspace.dist().join("client");
    fs::set_permissions(&client, fs::Permissions::from_mode(0o555)).unwrap();
    let is_bound_by_permissions = fs::write(client.join("probe"), "").is_err();
    if is_bound_by_permissions {
        let before = workspace.tree();
        let problem = workspace.build(&[("b.mjs", "b")]).unwrap_err();
        assert_eq!(workspace.tree(), before);
        assert!(
            problem.fix.starts_with("Let the user who builds write there"),
            "{}",
            problem.fix
        );
    }
    fs::set_permissions(&client, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn what_a_killed_process_left_behind_is_cleaned_up() {
    let workspace = Workspace::new();
    let leftover = workspace.dist().join(".esmx-build-x1");
    fs::create_dir_all(&leftover).unwrap();
    fs::write(leftover.join("new-0"), "half a file").unwrap();
    workspace.build(&[("a.mjs", "a")]).unwrap();
    assert!(!leftover.exists());
}

#[test]
fn no_path_leads_out_of_dist() {
    let workspace = Workspace::new();
    for path in [
        "../x.mjs",
        "/etc/x.mjs",
        "a/../../x.mjs",
        "a//b.mjs",
        "./a.mjs",
        "",
        "a\\..\\b.mjs",
        "a/",
    ] {
        let problem = workspace.build(&[(path, "x")]).unwrap_err();
        assert!(
            problem.message.contains("is no path inside"),
            "{path}: {}",
            problem.message
        );
    }
    assert_eq!(workspace.tree(), []);
}

#[test]
fn a_hostile_manifest_removes_nothing_outside() {
    let workspace = Workspace::new();
    let precious = workspace.directory.path().join("precious.txt");
    fs::write(&precious, "").unwrap();
    workspace.build(&[("a.mjs", "a")]).unwrap();
    let outside = workspace.directory.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("kept.mjs"), "").unwrap();
    symlink(&outside, workspace.dist().join("client/linked")).unwrap();
    let files = [
        "../../precious.txt",
        precious.to_str().unwrap(),
        "linked/kept.mjs",
    ];
    fs::write(
        workspace.dist().join("client/manifest.json"),
        manifest_of(files.into_iter()),
    )
    .unwrap();
    workspace.build(&[("a.mjs", "a")]).unwrap();
    assert!(precious.exists() && outside.join("kept.mjs").exists());
}

#[test]
fn links_are_not_written_through() {
    let workspace = Workspace::new();
    workspace.build(&[("a.mjs", "a")]).unwrap();
    let outside = workspace.directory.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("a.mjs"), "theirs").unwrap();

    fs::remove_file(workspace.dist().join("client/a.mjs")).unwrap();
    symlink(outside.join("a.mjs"), workspace.dist().join("client/a.mjs")).unwrap();
    workspace.build(&[("a.mjs", "ours")]).unwrap();
    assert_eq!(fs::read_to_string(outside.join("a.mjs")).unwrap(), "theirs");
    assert!(!workspace.dist().join("client/a.mjs").is_symlink());

    symlink(&outside, workspace.dist().join("client/linked")).unwrap();
    let problem = workspace.build(&[("linked/a.mjs", "ours")]).unwrap_err();
    assert!(
        problem.fix.starts_with("Remove what stands at `"),
        "{}",
        problem.fix
    );
    assert_eq!(fs::read_to_string(outside.join("a.mjs")).unwrap(), "theirs");
}

#[test]
fn a_dist_that_is_a_link_is_written_to() {
    let workspace = Workspace::new();
    let elsewhere = workspace.directory.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    symlink(&elsewhere, workspace.dist()).unwrap();
    workspace.build(&[("a.mjs", "a")]).unwrap();
    assert!(elsewhere.join("client/a.mjs").exists());
}

#[test]
fn one_name_for_two_files_is_refused() {
    let workspace = Workspace::new();
    let problem = workspace.build(&[("a.mjs", "a"), ("a.mjs", "b")]).unwrap_err();
    assert!(
        problem.message.starts_with("Two outputs would both be `"),
        "{}",
        problem.message
    );
    workspace.build(&[("a.mjs", "a"), ("a.mjs", "a")]).unwrap();
}

#[test]
fn composed_files_join_a_build() {
    let workspace = Workspace::new();
    workspace.build(&[("a.mjs", "a")]).unwrap();
    let map = OutputFile {
        path: "client/importmap.json",
        bytes: b"{}",
    };
    let written = write_files(SHOP, &workspace.dist(), &[map]).unwrap();
    assert_eq!(
        written,
        Written {
            changed: 1,
            unchanged: 0,
            removed: 0
        }
    );
    assert_eq!(
        workspace.client_files(),
        ["a.mjs", "importmap.json", "manifest.json"]
    );
}

#[test]
fn builds_of_one_module_at_once_take_turns() {
    let workspace = Workspace::new();
    let files: Vec<String> = (0..50).map(|index| format!("{index}.mjs")).collect();
    let finished = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for text in ["one", "two", "three", "four"] {
            let (workspace, files, finished) = (&workspace, &files, &finished);
            scope.spawn(move || {
                let files: Vec<_> = files.iter().map(|file| (file.as_str(), text)).collect();
                workspace.build(&files).unwrap();
                finished.fetch_add(1, Ordering::Relaxed);
            });
        }
    });
    assert_eq!(finished.into_inner(), 4);
    let texts: BTreeSet<String> = workspace
        .tree()
        .into_iter()
        .filter(|(name, _)| {
            Path::new(name)
                .extension()
                .is_some_and(|extension| extension == "mjs")
        })
        .map(|(_, text)| text)
        .collect();
    assert_eq!(texts.len(), 1, "the files of two builds are not mixed");
}
