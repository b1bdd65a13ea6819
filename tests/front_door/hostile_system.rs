//! A system that does not play along: permissions, read-only directories, full disks, killed builds.

use crate::inspection::assert_refused;
use crate::program::{self, Answer};
use crate::workspace::{Workspace, assert_same};

/// A refusal that names the path and left everything as it was.
fn assert_io_error(answer: &Answer, words: &[&str]) {
    assert_refused(answer);
    assert!(answer.stderr.contains("[E_IO] "), "{}", answer.text());
    assert!(answer.stderr.contains("\n  fix: "), "{}", answer.text());
    for word in words {
        assert!(answer.stderr.contains(word), "{word} in\n{}", answer.text());
    }
}

#[test]
fn a_file_where_dist_should_be_is_told_and_kept() {
    let workspace = Workspace::built();
    workspace.remove("shop/dist");
    workspace.write("shop/dist", "mine");
    assert_io_error(&workspace.run("shop", &[]), &["shop/dist"]);
    assert_eq!(workspace.read("shop/dist"), "mine");
    workspace.remove("shop/dist");
    workspace.build();
}

#[test]
fn a_file_where_a_side_should_be_is_told_and_kept() {
    let workspace = Workspace::built();
    workspace.remove("shop/dist/client");
    workspace.write("shop/dist/client", "mine");
    let before = workspace.outputs();
    assert_io_error(&workspace.run("shop", &[]), &["shop/dist/client"]);
    assert_same(&before, &workspace.outputs(), "a refused build changes nothing");
}

#[test]
fn a_directory_where_a_file_should_be_is_told() {
    let workspace = Workspace::built();
    workspace.remove("shop/dist/client/manifest.json");
    workspace.write("shop/dist/client/manifest.json/notes.txt", "mine");
    let before = workspace.outputs();
    assert_io_error(&workspace.run("shop", &[]), &["shop/dist/client/manifest.json"]);
    assert_same(&before, &workspace.outputs(), "a refused build changes nothing");
}

#[test]
fn a_dist_that_links_nowhere_is_told() {
    let workspace = Workspace::built();
    workspace.remove("shop/dist");
    workspace.link("shop/dist", "dist");
    assert_io_error(&workspace.run("shop", &[]), &["shop/dist"]);
}

#[test]
fn what_a_killed_build_left_is_removed_by_the_next() {
    let workspace = Workspace::built();
    let before = workspace.outputs();
    workspace.write("shop/dist/.esmx-build-Ab12Cd/new-0", "half a file");
    workspace.build();
    assert_same(&before, &workspace.outputs(), "the remains are gone");
}

#[test]
fn a_broken_answer_is_no_success() {
    if !std::path::Path::new("/dev/full").exists() {
        eprintln!("skipped: this system has no /dev/full");
        return;
    }
    let workspace = Workspace::built();
    for arguments in ["", "--json"] {
        let answer = in_shell(&workspace, &format!("\"$1\" {arguments} > /dev/full"));
        answer.assert_exit(1);
        assert!(
            answer.stderr.contains("The answer could not be written"),
            "{}",
            answer.text()
        );
    }
}

/// Runs a line of shell in the shop, with the program as `$1`.
fn in_shell(workspace: &Workspace, line: &str) -> Answer {
    let mut command = program::plain("sh", &workspace.path("shop"));
    command.args(["-c", line, "sh"]).arg(program::binary());
    program::finish(command)
}

/// A file may not grow beyond some kilobytes: what a quota or an old file system does.
#[test]
#[cfg(unix)]
fn a_file_that_may_not_grow_is_told() {
    let workspace = Workspace::built();
    let before = workspace.outputs();
    let text = format!("\nexport const text = '{}';\n", "lorem ipsum ".repeat(50_000));
    workspace.append("shop/src/format.ts", &text);
    workspace.append("shop/src/widget.ts", "export { text } from './format';\n");
    // Ignoring the signal turns it into an error that the program can tell.
    let answer = in_shell(&workspace, "trap '' XFSZ; ulimit -f 200; \"$1\"");
    assert_io_error(&answer, &["shop/dist/", "too large"]);
    assert_same(&before, &workspace.outputs(), "a refused build changes nothing");
    workspace.build();
}

/// A file system of its own, so small that it is soon full.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_and_changes_nothing() {
    let workspace = Workspace::of_sources();
    let mount = "mount -t tmpfs -o size=256k none \"$0\"";
    let is_permitted = {
        let mut command = unshared(&workspace, mount);
        command
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    if !is_permitted {
        eprintln!("skipped: mounting a file system needs user namespaces, and this system has none");
        return;
    }
    // The mount is gone with the process, so all of it happens in one: build, change, fill, build, compare, repair.
    // Twice: with no space left at all, and with a little, so that some files are written before it is full.
    let script = format!(
        r#"set -e
        {mount}; cp -a shop base node_modules "$0"; cd "$0"/shop; "$1" -r --no-cache > /dev/null 2>&1
        listing() {{ find dist | sort; find dist -type f -exec cksum {{}} + | sort; }}
        listing > ../before
        echo 'export const more = 1;' >> src/widget.ts
        for left in 0 12288; do
            dd if=/dev/zero of=../filling bs=1024 2> /dev/null || true
            size=$(stat -c %s ../filling); truncate -s $((size - left)) ../filling
            status=0; "$1" --no-cache || status=$?; echo "status $status"
            : > ../filling
            listing > ../after; cmp ../before ../after && echo untouched
        done
        "$1" --no-cache > /dev/null 2>&1 && echo repaired"#
    );
    let mut command = unshared(&workspace, &script);
    command.arg(program::binary());
    let answer = program::finish(command);
    answer.assert_exit(0);
    assert_eq!(
        answer.stdout,
        "status 1\nuntouched\nstatus 1\nuntouched\nrepaired\n",
        "{}",
        answer.text()
    );
    assert_eq!(
        answer.stderr.matches("[E_IO] acme-shop\n").count(),
        2,
        "{}",
        answer.text()
    );
    assert_eq!(
        answer.stderr.matches("No space left on device").count(),
        2,
        "{}",
        answer.text()
    );
    assert_eq!(
        answer.stderr.matches("  fix: Free some space").count(),
        2,
        "{}",
        answer.text()
    );
}

/// A shell that may mount what only it sees. `$0` is a directory for that.
#[cfg(target_os = "linux")]
fn unshared(workspace: &Workspace, script: &str) -> std::process::Command {
    let mut command = program::plain("unshare", workspace.root());
    let place = workspace.path("mounted");
    std::fs::create_dir_all(&place).expect("a directory to mount on");
    command
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script])
        .arg(place);
    command
}

#[cfg(unix)]
mod permissions {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::process::Command;

    use super::*;

    /// Someone whom the system refuses things: us, or `nobody` where we are root.
    struct Commoner {
        prefix: Vec<String>,
    }

    impl Commoner {
        const NOBODY: u32 = 65534;

        /// None, with the reason printed, when root cannot become anyone else here.
        fn find(workspace: &Workspace) -> Option<Self> {
            if fs::metadata(workspace.root()).expect("it is there").uid() != 0 {
                return Some(Self { prefix: Vec::new() });
            }
            let words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
            let commoner = Self {
                prefix: words.map(str::to_owned).into(),
            };
            give_to(workspace.root(), Self::NOBODY);
            let can_start = commoner.command(workspace, "shop", &["--version"]).output();
            if can_start.is_ok_and(|output| output.status.success()) {
                return Some(commoner);
            }
            eprintln!(
                "skipped: root may do everything, and `setpriv` cannot run the program as someone else"
            );
            None
        }

        fn command(&self, workspace: &Workspace, directory: &str, arguments: &[&str]) -> Command {
            let directory = workspace.path(directory);
            let Some((program, words)) = self.prefix.split_first() else {
                return program::command(&directory, arguments);
            };
            let mut command = program::plain(program, &directory);
            command.args(words).arg(program::binary()).args(arguments);
            command
        }

        fn run(&self, workspace: &Workspace, directory: &str, arguments: &[&str]) -> Answer {
            program::finish(self.command(workspace, directory, arguments))
        }
    }

    fn give_to(path: &std::path::Path, user: u32) {
        std::os::unix::fs::lchown(path, Some(user), Some(user)).expect("root may give files away");
        if path.is_dir() && !path.is_symlink() {
            for entry in fs::read_dir(path).expect("a directory of the test") {
                give_to(&entry.expect("an entry").path(), user);
            }
        }
    }

    /// Changes the mode of `path` while the program runs in `directory`.
    fn answer_with_mode(path: &str, mode: u32, directory: &str, change: fn(&Workspace)) -> Option<Answer> {
        let workspace = Workspace::built();
        change(&workspace);
        let commoner = Commoner::find(&workspace)?;
        let path = workspace.path(path);
        let old = fs::metadata(&path).expect("it is there").permissions();
        let before = workspace.outputs();
        fs::set_permissions(&path, Permissions::from_mode(mode)).expect("a mode can be set");
        let arguments: &[&str] = if directory == "shop" { &[] } else { &["shop"] };
        let answer = commoner.run(&workspace, directory, arguments);
        fs::set_permissions(&path, old).expect("a mode can be set");
        assert_same(&before, &workspace.outputs(), "a refused build changes nothing");
        commoner.run(&workspace, "shop", &[]).assert_exit(0);
        Some(answer)
    }

    fn no_change(_: &Workspace) {}

    fn new_output(workspace: &Workspace) {
        workspace.append("shop/src/widget.ts", "export const more = 1;\n");
    }

    #[test]
    fn sources_that_may_not_be_read_are_told() {
        let Some(answer) = answer_with_mode("shop/src/format.ts", 0o000, "shop", no_change) else {
            return;
        };
        assert_io_error(
            &answer,
            &["src/format.ts", "ermission denied", "src/widget.ts:4:24"],
        );
    }

    #[test]
    fn a_directory_of_sources_that_may_not_be_entered_is_told() {
        let Some(answer) = answer_with_mode("shop/src", 0o000, "shop", no_change) else {
            return;
        };
        assert_io_error(&answer, &["src", "ermission denied"]);
    }

    #[test]
    fn a_package_json_that_may_not_be_read_is_told() {
        let Some(answer) = answer_with_mode("shop/package.json", 0o000, "shop", no_change) else {
            return;
        };
        assert_io_error(&answer, &["package.json", "ermission denied", "readable"]);
        answer.assert_exit(2);
    }

    #[test]
    fn a_module_that_may_not_be_entered_is_told() {
        let Some(answer) = answer_with_mode("shop", 0o000, ".", no_change) else {
            return;
        };
        assert_io_error(&answer, &["shop", "ermission denied"]);
        answer.assert_exit(2);
    }

    #[test]
    fn a_dist_that_may_not_be_written_is_told() {
        for path in [
            "shop/dist",
            "shop/dist/client",
            "shop/dist/server",
            "shop/dist/client/chunks",
        ] {
            let change = |workspace: &Workspace| {
                new_output(workspace);
                workspace.append("shop/src/later.ts", "console.log('more');\n");
            };
            let Some(answer) = answer_with_mode(path, 0o555, "shop", change) else {
                return;
            };
            assert_io_error(&answer, &[path, "ermission denied", "owner and mode"]);
            answer.assert_exit(1);
        }
    }

    #[test]
    fn a_dist_that_may_not_be_listed_is_told() {
        let Some(answer) = answer_with_mode("shop/dist", 0o000, "shop", new_output) else {
            return;
        };
        assert_io_error(&answer, &["shop/dist", "ermission denied"]);
    }

    #[test]
    fn a_module_that_may_not_get_a_dist_is_told() {
        let change = |workspace: &Workspace| workspace.remove("shop/dist");
        let Some(answer) = answer_with_mode("shop", 0o555, "shop", change) else {
            return;
        };
        assert_io_error(&answer, &["shop/dist", "ermission denied"]);
    }
}
