//! What must never happen: a killed process, a damaged file, a directory that cannot be written or another version that
//! makes a build wrong or makes it fail.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::project::{Project, outcome, times, tree};

/// A project that takes a moment.
fn project() -> Project {
    let project = Project::new("", &[("package.json", r#"{ "name": "app", "type": "module" }"#)]);
    let mut main = String::new();
    for index in 0..120 {
        project.write(
            &format!("src/part{index}.ts"),
            &format!(
                "export function part{index}(value: number): number {{ return value * {index} + value; }}\n"
            ),
        );
        writeln!(
            main,
            "import {{ part{index} }} from './part{index}';\nconsole.log(part{index}({index}));"
        )
        .unwrap();
    }
    project.write("src/main.ts", &main);
    project.write("src/logo.svg", "<svg/>");
    project
}

const WORDS: &[&str] = &["bundle", "src/main.ts", "--minify", "--sourcemap"];

#[test]
fn a_process_may_be_killed_at_any_moment() {
    let project = project();
    let expected = project.cold(WORDS);
    let started = Instant::now();
    assert_eq!(project.warm(WORDS), expected);
    let whole = started.elapsed();
    for round in 0..40_u32 {
        if round % 4 == 0 {
            fs::remove_dir_all(project.cache()).unwrap();
        }
        if round % 3 == 0 {
            let _ = fs::remove_dir_all(project.path("dist"));
        }
        let mut process = project.command(WORDS).spawn().unwrap();
        thread::sleep(whole * round / 40);
        let _ = process.kill();
        process.wait().unwrap();
        let after = project.warm(WORDS);
        assert_eq!(after.said, expected.said, "{round}");
        for (path, node) in &expected.files {
            assert_eq!(after.files.get(path), Some(node), "{round} {}", path.display());
        }
    }
}

#[test]
fn what_is_damaged_is_not_there() {
    let project = project();
    let expected = project.cold(WORDS);
    project.warm(WORDS);
    let files = project.cached();
    assert!(files.len() > 5, "{files:?}");
    for file in &files {
        for damage in [flip_first, flip_middle, shorten, empty, remove] {
            let _ = fs::remove_dir_all(project.path("dist"));
            damage(file);
            assert_eq!(project.warm(WORDS), expected, "{}", file.display());
        }
    }
    let (again, made) = project.warm_made(WORDS);
    assert_eq!((again, made), (expected, 0), "what was damaged was replaced");
}

fn flip_first(file: &Path) {
    flip(file, |_| 0);
}

fn flip_middle(file: &Path) {
    flip(file, |length| length / 2);
}

fn flip(file: &Path, place: impl Fn(usize) -> usize) {
    let Ok(mut bytes) = fs::read(file) else { return };
    let place = place(bytes.len());
    if let Some(byte) = bytes.get_mut(place) {
        *byte ^= 1;
    }
    fs::write(file, bytes).unwrap();
}

fn shorten(file: &Path) {
    let Ok(bytes) = fs::read(file) else { return };
    fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
}

fn empty(file: &Path) {
    fs::write(file, "").unwrap();
}

fn remove(file: &Path) {
    let _ = fs::remove_file(file);
}

#[test]
fn two_processes_may_build_at_the_same_time() {
    let project = project();
    let elsewhere = [WORDS, &["--out-dir", "other/dist"]].concat();
    let expected = project.cold(WORDS);
    let expected_elsewhere = project.cold(&elsewhere);
    let outputs_elsewhere = tree(&project.cold_path("other/dist"));
    for _ in 0..3 {
        let _ = fs::remove_dir_all(project.path("other"));
        let _ = fs::remove_dir_all(project.cache());
        thread::scope(|scope| {
            let running = [WORDS, WORDS, &elsewhere, &elsewhere].map(|words| {
                let command = project.command(words);
                scope.spawn(|| outcome(command, Path::new("/nonexistent")))
            });
            for run in running {
                let run = run.join().unwrap();
                assert!(run.succeeded, "{}", run.said);
            }
        });
        let (again, made) = project.warm_made(WORDS);
        assert_eq!((again, made), (expected.clone(), 0));
        let (again, made) = project.warm_made(&elsewhere);
        assert_eq!((again.said, made), (expected_elsewhere.said.clone(), 0));
        assert_eq!(tree(&project.path("other/dist")), outputs_elsewhere);
    }
}

/// Whoever is root may write everywhere, so a file stands where the directory should be.
#[test]
fn where_nothing_can_be_kept_everything_is_built() {
    let project = project();
    let expected = project.cold(WORDS);
    project.write("node_modules/.cache", "a file");
    for _ in 0..2 {
        let (outcome, made) = project.warm_made(WORDS);
        assert_eq!((outcome, made), (project.cold(WORDS), 1));
    }
    let words = [WORDS, &["--cache-dir", "/dev/null/cache"]].concat();
    assert_eq!(project.warm(&words), expected);
}

#[cfg(target_os = "linux")]
#[test]
fn a_directory_that_cannot_be_written_is_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = project();
    let expected = project.warm(WORDS);
    let set_mode = |mode: u32| {
        let mut directories = vec![project.cache()];
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(&directory).unwrap().flatten() {
                if entry.path().is_dir() {
                    directories.push(entry.path());
                }
            }
            fs::set_permissions(&directory, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    set_mode(0o555);
    let (again, made) = project.warm_made(WORDS);
    assert_eq!((again, made), (expected, 0));
    project.write("src/part3.ts", "export const part3 = (value: number) => value;");
    let changed = project.warm(WORDS);
    set_mode(0o755);
    assert_eq!(changed, project.cold(WORDS));
}

/// A file system refuses to write on in the middle of a file: here one that takes only small files, so that the output has
/// room and what is kept of many sources has not.
#[cfg(unix)]
#[test]
fn what_has_no_room_on_the_disk_is_not_kept() {
    use std::path::PathBuf;
    use std::process::Command;

    let project = Project::new("", &[("package.json", r#"{ "name": "app", "type": "module" }"#)]);
    let mut main = String::from("console.log('only this');\n");
    for index in 1..300_u64 {
        // Names that hold as much as they are long.
        let name = format!("{:x}", index.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        project.write(&format!("src/{name}.js"), "export const nothing = 0;\n");
        writeln!(main, "import './{name}.js';").unwrap();
    }
    project.write("src/main.js", &main);
    let words = ["bundle", "src/main.js"];
    let expected = project.cold(&words);
    let limited = |blocks: u32| {
        let build = project.command(&words);
        let mut command = Command::new("sh");
        command
            .args(["-c", r#"trap "" XFSZ; ulimit -f "$1"; shift; exec "$@""#, "sh"])
            .arg(blocks.to_string())
            .arg(build.get_program())
            .args(build.get_args())
            .current_dir(build.get_current_dir().unwrap());
        outcome(command, &project.root)
    };
    for (blocks, is_made_again) in [(1, 1), (4, 1), (8, 1), (1000, 0)] {
        let _ = fs::remove_dir_all(project.cache());
        assert_eq!(limited(blocks), expected, "{blocks}");
        let cached = project.cached();
        let is_unfinished = |path: &&PathBuf| path.iter().any(|part| part == "unfinished");
        assert_eq!(cached.iter().find(is_unfinished), None, "{blocks}");
        assert_eq!(
            project.warm_made(&words),
            (expected.clone(), is_made_again),
            "{blocks}"
        );
    }
}

#[test]
fn another_version_finds_nothing() {
    let project = project();
    let expected = project.warm(WORDS);
    // The digest of its sources is what tells versions apart; one digit of it makes another program.
    let program = fs::read(env!("CARGO_BIN_EXE_esmx-build")).unwrap();
    let digest = env!("ESMX_BUILD_SOURCES").as_bytes();
    let places: Vec<usize> = memchr::memmem::find_iter(&program, digest).collect();
    assert!(!places.is_empty(), "the program knows its sources");
    let mut other = program;
    for place in places {
        other[place] = if other[place] == b'0' { b'1' } else { b'0' };
    }
    let path = project.root.parent().unwrap().join("other-version");
    fs::write(&path, other).unwrap();
    fs::set_permissions(
        &path,
        fs::metadata(env!("CARGO_BIN_EXE_esmx-build"))
            .unwrap()
            .permissions(),
    )
    .unwrap();
    let trace = project.root.parent().unwrap().join("trace.json");
    for made in [1, 0] {
        let mut command = std::process::Command::new(&path);
        command
            .args(WORDS)
            .arg("--profile")
            .arg(&trace)
            .current_dir(&project.root);
        assert_eq!(outcome(command, &project.root), expected);
        assert_eq!(times(&trace, "scan"), made);
    }
    assert_eq!(
        project.warm_made(WORDS).1,
        0,
        "and the first one's are still there"
    );
}

#[test]
fn it_never_holds_more_than_it_may() {
    let project = project();
    let size = || -> u64 {
        let files = project
            .cached()
            .into_iter()
            .filter(|file| !file.ends_with("CACHEDIR.TAG"));
        files.map(|file| fs::metadata(file).unwrap().len()).sum()
    };
    project.warm(WORDS);
    // A quarter more than needed goes, and the last build has to fit into the rest.
    let limit = size() * 2;
    let limit_word = limit.to_string();
    let words = [WORDS, &["--cache-size", &limit_word]].concat();
    let mut sizes = Vec::new();
    for round in 0..12 {
        project.write(
            "src/part0.ts",
            &format!("export const part0 = (value: number) => value + {round};\n"),
        );
        project.warm(&words);
        sizes.push(size());
        let (outcome, made) = project.warm_made(&words);
        assert_eq!(made, 0, "what was kept last stays: {}", outcome.said);
    }
    assert!(sizes.iter().all(|size| *size <= limit), "{sizes:?} of {limit}");
    assert!(!sizes.is_sorted(), "room was made: {sizes:?} of {limit}");
    assert_eq!(project.warm(&words), project.cold(WORDS));
    project.write("src/part0.ts", "export const part0 = (value: number) => value;\n");
    let without = [WORDS, &["--cache-size", "0"]].concat();
    assert_eq!(project.warm(&without), project.cold(WORDS));
    assert_eq!(size(), 0);
}

#[test]
fn a_file_that_changes_while_it_is_built_is_not_taken_for_what_it_was() {
    let project = project();
    for round in 0..15_u64 {
        let text = |part: u64| format!("export const part7 = (value: number) => value + {part}{round};\n");
        project.write("src/part7.ts", &text(1));
        let mut process = project.command(WORDS).spawn().unwrap();
        thread::sleep(Duration::from_millis(round * 4));
        project.write("src/part7.ts", &text(2));
        process.wait().unwrap();
        assert_eq!(project.warm(WORDS), project.cold(WORDS), "{round}");
    }
}
