//! Damaged programs: the files of bundle cases with bytes flipped, words lost, doubled and exchanged, pieces of other files
//! in between, an end too early. Whatever is left, `bundle` ends soon, with an output or with diagnostics that have a code and
//! a place in a file, and a refusal writes nothing. What Node still runs by itself shows the same bundled, minified or not.
//!
//! A damage is a function of its number: `MUTATED_PROGRAMS=first..end` takes others than the usual ones.

mod mutate;
#[path = "../build_cases/process.rs"]
mod process;
#[path = "../bundle_cases/program.rs"]
mod program;
#[path = "../support/split_mix.rs"]
mod split_mix;
#[expect(dead_code, reason = "build cases also build and compose what is copied")]
#[path = "../build_cases/workspace.rs"]
mod workspace;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use mutate::Mutator;
use process::{Outcome, run};
use workspace::Workspace;

const MODES: [&str; 2] = ["--no-minify", "--minify"];

#[test]
fn damaged_programs_are_refused_or_behave_as_their_sources() {
    let range = std::env::var("MUTATED_PROGRAMS").unwrap_or_else(|_| "0..160".to_owned());
    let (first, end) = range.split_once("..").expect("MUTATED_PROGRAMS is first..end");
    let number = |text: &str| text.parse::<usize>().expect("the ends are numbers");
    let (first, end) = (number(first), number(end));
    let cases = cases();
    let next = AtomicUsize::new(first);
    let (programs, failures) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end {
                        break;
                    }
                    let program = Program::damaged(&cases, seed);
                    match program.bundle() {
                        Ok(()) => programs.lock().expect("no worker panics").push(program),
                        Err(failure) => failures
                            .lock()
                            .expect("no worker panics")
                            .push(program.told(&failure)),
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().expect("no worker panics");
    let mut programs = programs.into_inner().expect("no worker panics");
    programs.sort_by_key(|program| program.seed);
    failures.extend(differences(&programs));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let built = programs
        .iter()
        .filter(|program| program.output(MODES[0]).exists())
        .count();
    // Otherwise the damage is such that nothing is tried.
    assert!(
        built * 5 > programs.len(),
        "{built} of {} are built",
        programs.len()
    );
}

/// The folders of the bundle cases.
fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bundle");
    let entries = std::fs::read_dir(root).expect("the suite has a folder");
    let mut cases: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    cases.sort();
    cases
}

/// A copy of a case with a damage.
struct Program {
    seed: usize,
    case: PathBuf,
    workspace: Workspace,
    arguments: Vec<String>,
    /// What was damaged.
    file: PathBuf,
}

impl Program {
    fn damaged(cases: &[PathBuf], seed: usize) -> Self {
        let mut mutator = Mutator::new(seed);
        let case = mutator.pick(cases).clone();
        let workspace = Workspace::copy(&case, "program").expect("there is room for a copy");
        let arguments = std::fs::read_to_string(case.join("arguments")).unwrap_or("main.js".to_owned());
        let mut files = Vec::new();
        find_sources(workspace.directory(), &mut files);
        files.sort();
        let file = mutator.pick(&files).clone();
        let read = |file: &PathBuf| std::fs::read(file).expect("it was copied");
        let other = read(mutator.pick(&files));
        let damaged = mutator.damaged(&read(&file), &other);
        std::fs::write(&file, damaged).expect("it is a copy");
        Self {
            seed,
            file: file
                .strip_prefix(workspace.directory())
                .unwrap_or(&file)
                .to_owned(),
            case,
            workspace,
            arguments: arguments.lines().map(str::to_owned).collect(),
        }
    }

    fn output(&self, mode: &str) -> PathBuf {
        self.workspace.directory().join(format!("output{mode}"))
    }

    fn told(&self, failure: &str) -> String {
        let (seed, file) = (self.seed, self.file.display());
        let text = std::fs::read(self.workspace.directory().join(&self.file)).unwrap_or_default();
        let text: String = String::from_utf8_lossy(&text).chars().take(1500).collect();
        format!(
            "=== {seed}: {} with another {file}\n{failure}\n---\n{text}",
            self.case.display()
        )
    }

    /// Bundles it in all modes, which must agree.
    fn bundle(&self) -> Result<(), String> {
        let answers: Vec<bool> = MODES
            .iter()
            .map(|mode| self.bundle_in(mode))
            .collect::<Result<_, _>>()?;
        if answers[0] == answers[1] {
            Ok(())
        } else {
            Err(format!("built in {MODES:?}: {answers:?}"))
        }
    }

    /// Whether there is an output.
    fn bundle_in(&self, mode: &str) -> Result<bool, String> {
        let directory = self.workspace.directory();
        let output = format!("output{mode}");
        let mut command = Command::new(env!("CARGO_BIN_EXE_esmx-build"));
        command
            .arg("bundle")
            .args(&self.arguments)
            .args([
                "--out-dir",
                &output,
                "--entry-names",
                "[name].mjs",
                "--json",
                mode,
            ])
            .current_dir(directory);
        let finished = run(&mut command)?;
        let wrong = |what: &str| format!("{mode}: {what}\n{}\n{}", finished.stdout, finished.stderr);
        if finished.stderr.contains("panicked") {
            return Err(wrong("it panics"));
        }
        if finished.outcome == Outcome::TimedOut {
            return Err(wrong("it does not end"));
        }
        let Ok(report) = serde_json::from_str::<serde_json::Value>(&finished.stdout) else {
            return Err(wrong("the answer is no JSON"));
        };
        let errors = report["errors"].as_array().map_or(&[][..], Vec::as_slice);
        let is_built = finished.outcome == Outcome::Succeeded;
        if is_built != errors.is_empty() || is_built != self.output(mode).exists() {
            return Err(wrong(
                "the exit code, the errors and the output directory say different things",
            ));
        }
        let warnings = report["warnings"].as_array().map_or(&[][..], Vec::as_slice);
        for diagnostic in errors.iter().chain(warnings) {
            check_diagnostic(directory, diagnostic).map_err(|failure| wrong(&failure))?;
        }
        Ok(is_built)
    }

    /// The entries as Node imports them, and as they are written.
    fn entries(&self) -> Vec<(String, String)> {
        let entries = self
            .arguments
            .iter()
            .take_while(|argument| !argument.starts_with('-'));
        entries
            .map(|entry| {
                let (name, file) = entry.split_once('=').unwrap_or((entry, entry));
                let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
                (file.to_owned(), format!("{stem}.mjs"))
            })
            .collect()
    }

    /// Whether a `package.json` does not say any more which kind of modules there are. Then other rules than Node's hold
    /// between ES modules and CommonJS.
    fn has_other_type(&self) -> bool {
        let type_in = |directory: &Path| {
            let bytes = std::fs::read(directory.join(&self.file)).unwrap_or_default();
            let package: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
            package["type"].clone()
        };
        self.file.ends_with("package.json") && type_in(&self.case) != type_in(self.workspace.directory())
    }

    /// Whether Node runs the sources without help, and by the same rules.
    fn is_comparable(&self) -> bool {
        // Every ES module that is required is marked `__esModule`; in Node those that have a default export.
        let requires_modules = self
            .case
            .ends_with("required-es-module-that-names-module-exports");
        let is_script = |(file, _): &(String, String)| {
            let extension = Path::new(file).extension().unwrap_or_default();
            ["js", "mjs", "cjs"].iter().any(|script| extension == *script)
        };
        // Node shows of such an entry what its `module.exports` is; its bundle is no module either, and exports nothing.
        let is_no_module = |(file, _): &(String, String)| {
            let text = std::fs::read(self.workspace.directory().join(file)).unwrap_or_default();
            let text = String::from_utf8_lossy(&text);
            !["import", "export", "module"]
                .iter()
                .any(|word| text.contains(word))
        };
        !requires_modules
            && !self.has_other_type()
            && !self.entries().iter().any(is_no_module)
            && !self.case.join("expected").exists()
            && !self.arguments.iter().any(|argument| argument.starts_with('-'))
            && self.entries().iter().all(is_script)
            && self.output(MODES[0]).exists()
    }
}

/// It has a code, says something, and its place is in a file.
fn check_diagnostic(directory: &Path, diagnostic: &serde_json::Value) -> Result<(), String> {
    let text = |name: &str| diagnostic[name].as_str().unwrap_or_default();
    if text("code").is_empty() || text("message").is_empty() {
        return Err("a diagnostic says nothing".to_owned());
    }
    let location = &diagnostic["location"];
    let Some(file) = location["file"].as_str() else {
        return match text("code") {
            "E_SYNTAX" | "E_UNRESOLVED" | "E_NO_EXPORT" => Err("a diagnostic has no place".to_owned()),
            _ => Ok(()),
        };
    };
    // One file read in two ways is two modules.
    let file = file.split_once('?').map_or(file, |(file, _)| file);
    let bytes = std::fs::read(directory.join(file)).map_err(|error| format!("{file}: {error}"))?;
    let source = String::from_utf8_lossy(&bytes);
    let number =
        |name: &str| usize::try_from(location[name].as_u64().unwrap_or_default()).unwrap_or_default();
    let line = source.split('\n').nth(number("line").wrapping_sub(1));
    if line.is_none_or(|line| number("column") == 0 || number("column") > line.len() + 1) {
        return Err(format!("{location} is not in the file"));
    }
    Ok(())
}

/// Programs that show something else when they are bundled.
fn differences(programs: &[Program]) -> Vec<String> {
    let compared: Vec<&Program> = programs
        .iter()
        .filter(|program| program.is_comparable())
        .collect();
    let jobs: Vec<Vec<Vec<String>>> = compared
        .iter()
        .map(|program| {
            let (sources, outputs): (Vec<String>, Vec<String>) = program.entries().into_iter().unzip();
            let below = |directory: &Path, files: &[String]| -> Vec<String> {
                let paths = files.iter().map(|file| directory.join(file));
                paths.map(|path| path.to_string_lossy().into_owned()).collect()
            };
            let bundled = MODES.map(|mode| below(&program.output(mode), &outputs));
            let [readable, minified] = bundled;
            vec![below(program.workspace.directory(), &sources), readable, minified]
        })
        .collect();
    let answers = shown(&jobs);
    assert_eq!(answers.len(), compared.len());
    let incomparable = answers
        .iter()
        .filter(|texts| texts[0].starts_with("not comparable"))
        .count();
    assert!(
        compared.len() < 10 || incomparable * 2 < compared.len(),
        "{incomparable} of {} programs were not run to their end",
        compared.len()
    );
    let differing = compared.iter().zip(answers).filter(|(_, texts)| {
        !texts[0].starts_with("not comparable") && texts.iter().any(|text| *text != texts[0])
    });
    differing
        .map(|(program, texts)| {
            let [sources, readable, minified] = texts.as_slice() else {
                unreachable!("there are sources and two bundles");
            };
            program.told(&format!(
                "--- sources\n{sources}--- readable\n{readable}--- minified\n{minified}"
            ))
        })
        .collect()
}

/// What programs show, those of each job. One that Node itself does not survive takes all others with it, so they run on their
/// own then.
fn shown(jobs: &[Vec<Vec<String>>]) -> Vec<Vec<String>> {
    let list = tempfile::NamedTempFile::new().expect("there is room for a file");
    std::fs::write(list.path(), serde_json::json!(jobs).to_string()).expect("it is ours");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mutated_programs/run_all.mjs");
    let mut command = Command::new("node");
    command
        .arg(script)
        .arg(list.path())
        .env("NODE_NO_WARNINGS", "1")
        .env_remove("NODE_ENV");
    let finished = run(&mut command).expect("Node runs");
    if finished.outcome == Outcome::Succeeded {
        return serde_json::from_str(&finished.stdout).expect("the script prints lists of texts");
    }
    match jobs {
        [only] if only.len() == 1 => vec![vec!["not comparable: Node does not survive it".to_owned()]],
        [only] => {
            let texts = only.iter().map(|files| shown(&[vec![files.clone()]]));
            vec![texts.flatten().flatten().collect()]
        }
        // Halves are enough where one program of many does that.
        many => {
            let (left, right) = many.split_at(many.len() / 2);
            [shown(left), shown(right)].concat()
        }
    }
}

/// What a build reads, also in `node_modules`.
fn find_sources(directory: &Path, found: &mut Vec<PathBuf>) {
    const NOT_READ: [&str; 7] = [
        "README.md",
        "arguments",
        "expected",
        "warnings",
        "outputs",
        "absent",
        "generate.mjs",
    ];
    for entry in std::fs::read_dir(directory).expect("it was copied").flatten() {
        let kind = entry.file_type().expect("it was copied");
        if kind.is_dir() {
            find_sources(&entry.path(), found);
        } else if kind.is_file() && !NOT_READ.iter().any(|name| entry.file_name() == *name) {
            found.push(entry.path());
        }
    }
}
