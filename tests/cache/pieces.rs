//! What is kept of single modules: one was edited, and all others are taken as they are.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::project::{Outcome, Project, outcome, settle, times};

const WORDS: &[&str] = &["bundle", "src/main.ts", "--minify", "--sourcemap"];

fn project() -> Project {
    let project = Project::new("", &[("package.json", r#"{ "name": "app", "type": "module" }"#)]);
    let mut main = String::from("import { DEBUG, call } from './settings';\nimport { old } from './old';\n");
    let mut later = String::new();
    for index in 0..80 {
        let text = format!(
            "import {{ DEBUG }} from './settings';
import {{ old }} from './old';
const label: string = 'part {index}';
export function part{index}(value: number): string {{
    if (DEBUG) console.log('debug', value);
    return label + old + value * {index};
}}\n"
        );
        project.write(&format!("src/part{index}.ts"), &text);
        let importer = if index < 40 { &mut main } else { &mut later };
        writeln!(
            importer,
            "import {{ part{index} }} from './part{index}';\nconsole.log(part{index}({index}));"
        )
        .unwrap();
    }
    main.push_str("console.log(DEBUG, old, call(1));\nimport('./later');\n");
    project.write("src/later.ts", &later);
    project.write("src/main.ts", &main);
    project.write(
        "src/settings.ts",
        "export const DEBUG = false;\nexport function call(value: number, more?: string) { return more ? more + value : value }\n",
    );
    project.write("src/old.cjs", "exports.old = 'old';\n");
    project.write("src/old.ts", "export * from './old.cjs';\n");
    project
}

fn packs(project: &Project) -> Vec<PathBuf> {
    let files = project.cached();
    let packs: Vec<PathBuf> = files
        .into_iter()
        .filter(|path| path.components().any(|part| part.as_os_str() == "packs"))
        .collect();
    assert!(!packs.is_empty());
    packs
}

/// Gives one module another text.
fn edit(project: &Project, round: usize) {
    let path = format!("src/part{}.ts", round % 80);
    project.replace(
        &path,
        "const label: string = '",
        &format!("const label: string = '{round} "),
    );
}

/// Builds where no other build has left its files.
fn warm(project: &Project, words: &[&str]) -> Outcome {
    let _ = fs::remove_dir_all(project.path("dist"));
    project.warm(words)
}

/// How many files were parsed, according to a trace.
fn parsed(project: &Project, words: &[&str]) -> usize {
    times(&traced(project, words), "parse_module")
}

/// Builds, and says where the trace is.
fn traced(project: &Project, words: &[&str]) -> PathBuf {
    let trace = project.root.parent().unwrap().join("trace.json");
    let mut command = project.command(words);
    command.arg("--profile").arg(&trace);
    assert!(outcome(command, &project.root).succeeded);
    trace
}

#[test]
fn files_that_have_not_changed_are_not_even_parsed() {
    let project = project();
    settle();
    assert_eq!(parsed(&project, WORDS), 85);
    // Its file is compressed again, and that of the other half is not.
    edit(&project, 3);
    let again = parsed(&project, WORDS);
    assert!((1..60).contains(&again), "{again}");
    assert_eq!(warm(&project, WORDS), project.cold(WORDS));
}

#[test]
fn where_only_the_inside_of_statements_changed_nothing_is_bound() {
    for words in [WORDS, &["bundle", "src/main.ts"]] {
        let project = project();
        settle();
        for (round, path, from, to, is_bound) in [
            (0, "src/main.ts", "", "", true),
            (1, "src/main.ts", "part7(7)", "part7(70)", false),
            (
                2,
                "src/later.ts",
                "part50(50)",
                "part50(`${50}` as any) as any",
                false,
            ),
            // What it uses is something else.
            (3, "src/main.ts", "part7(70)", "part8(70)", true),
            // As other calls, it says what a parameter is.
            (4, "src/main.ts", "call(1)", "call(1, 'more')", true),
            // `DEBUG` decides what is in it.
            (5, "src/part8.ts", "value * 8", "value * 80", true),
            (6, "src/later.ts", "part50(`${50}`", "part50(`${51}`", false),
        ] {
            project.replace(path, from, to);
            let bound = times(&traced(&project, words), "bind");
            assert_eq!(bound > 0, is_bound, "{round}");
            assert_eq!(warm(&project, words), project.cold(words), "{round}");
        }
    }
}

#[test]
fn what_constants_decide_is_decided_again() {
    for words in [WORDS, &["bundle", "src/main.ts"]] {
        let project = project();
        assert_eq!(warm(&project, words), project.cold(words));
        for (path, from, to) in [
            ("src/settings.ts", "DEBUG = false", "DEBUG = true"),
            ("src/settings.ts", "DEBUG = true", "DEBUG = Math.random() > 2"),
            ("src/main.ts", "call(1)", "call(1, 'one')"),
            ("src/settings.ts", "DEBUG = Math.random() > 2", "DEBUG = false"),
            ("src/main.ts", "call(1, 'one')", "call(2)"),
            ("src/old.cjs", "'old'", "'older', exports.more = exports"),
            ("src/old.cjs", ", exports.more = exports", ""),
        ] {
            project.replace(path, from, to);
            assert_eq!(warm(&project, words), project.cold(words), "{to}");
        }
    }
}

#[test]
fn damaged_pieces_are_made_again() {
    let project = project();
    project.warm(WORDS);
    let flips = [0.0, 0.001, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999];
    for (round, place) in flips.into_iter().enumerate() {
        for pack in packs(&project) {
            let mut bytes = fs::read(&pack).unwrap();
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_precision_loss,
                clippy::cast_sign_loss,
                reason = "some place or other"
            )]
            let place = (bytes.len() as f64 * place) as usize;
            bytes[place] ^= 0x55;
            if round % 3 == 2 {
                bytes.truncate(place);
            }
            fs::write(&pack, bytes).unwrap();
        }
        edit(&project, round);
        assert_eq!(warm(&project, WORDS), project.cold(WORDS), "{place}");
    }
}

#[test]
fn processes_that_build_edited_modules_at_once_or_are_killed_leave_whole_pieces() {
    let project = project();
    let started = Instant::now();
    project.warm(WORDS);
    let whole = started.elapsed();
    for round in 0..12_usize {
        edit(&project, round);
        thread::scope(|scope| {
            for delay in [0, round, 2 * round] {
                let project = &project;
                let pause = whole * u32::try_from(delay).unwrap() / 24;
                scope.spawn(move || {
                    let words = [
                        WORDS,
                        &["--out-dir", if delay == 0 { "other/a" } else { "other/b" }],
                    ]
                    .concat();
                    if delay > round {
                        let mut process = project.command(&words).spawn().unwrap();
                        thread::sleep(pause);
                        let _ = process.kill();
                        process.wait().unwrap();
                    } else {
                        let run = outcome(project.command(&words), Path::new("/nonexistent"));
                        assert!(run.succeeded, "{}", run.said);
                    }
                });
            }
        });
        assert_eq!(warm(&project, WORDS), project.cold(WORDS), "{round}");
    }
}

/// Whenever a file is written, nothing of what is kept may meet a text that it is not about.
#[test]
fn files_that_change_while_they_are_built_never_meet_facts_of_others() {
    let project = project();
    let started = Instant::now();
    project.warm(WORDS);
    let whole = started.elapsed();
    settle();
    for round in 0..16_u32 {
        edit(&project, 79);
        thread::scope(|scope| {
            let building = scope.spawn(|| outcome(project.command(WORDS), Path::new("/nonexistent")));
            thread::sleep(whole * round / 20 + Duration::from_millis(2));
            for index in 0..8 {
                edit(&project, index + 8 * round as usize % 70);
            }
            let run = building.join().unwrap();
            assert!(run.succeeded, "{}", run.said);
        });
        assert_eq!(warm(&project, WORDS), project.cold(WORDS), "{round}");
    }
}

type Change = fn(&Project);

#[test]
fn requests_lead_where_they_lead_when_a_script_was_edited_too() {
    let project = Project::new(
        "",
        &[
            (
                "package.json",
                r##"{ "name": "app", "type": "module", "imports": { "#own": "./src/own.ts" } }"##,
            ),
            (
                "tsconfig.json",
                r#"{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }"#,
            ),
            (
                "node_modules/kit/package.json",
                r#"{ "name": "kit", "version": "1.0.0", "main": "./old.js", "sideEffects": true }"#,
            ),
            ("node_modules/kit/old.js", "exports.kit = 'old';\n"),
            ("node_modules/kit/new.js", "exports.kit = 'new';\n"),
            ("node_modules/linked", "-> ../one"),
            (
                "one/package.json",
                r#"{ "name": "linked", "version": "1.0.0", "main": "./index.js" }"#,
            ),
            ("one/index.js", "exports.linked = 'one';\n"),
            (
                "other/package.json",
                r#"{ "name": "linked", "version": "2.0.0", "main": "./index.js" }"#,
            ),
            ("other/index.js", "exports.linked = 'two';\n"),
            ("src/own.ts", "export const own = 'own';\n"),
            ("src/own2.ts", "export const own = 'own 2';\n"),
            ("src/mapped.ts", "export const mapped = 'mapped';\n"),
            ("moved/mapped.ts", "export const mapped = 'moved';\n"),
            ("src/plain.js", "export const plain = 'plain';\n"),
            (
                "src/main.ts",
                "import { kit } from 'kit';
import { linked } from 'linked';
import { own } from '#own';
import { mapped } from '@/mapped';
import { plain } from './plain';
import { said } from './edited';
import { text } from './embedding';
console.log(kit, linked, own, mapped, plain, said, text);\n",
            ),
            (
                "src/embedding.ts",
                "export { text } from 'data:text/javascript,export const text = 1';\n",
            ),
            ("src/edited.ts", "export const said = 0;\n"),
        ],
    );
    settle();
    assert_eq!(warm(&project, WORDS), project.cold(WORDS));
    let changes: [Change; 9] = [
        |_| {},
        |project| {
            project.replace(
                "src/edited.ts",
                "said =",
                "more = 1;\nimport './plain.js';\nexport const said =",
            );
        },
        |project| project.replace("node_modules/kit/package.json", "./old.js", "./new.js"),
        |project| project.replace("node_modules/kit/package.json", "true", "false"),
        |project| project.replace("package.json", "./src/own.ts", "./src/own2.ts"),
        |project| project.replace("tsconfig.json", "./src/*", "./moved/*"),
        |project| project.write("src/plain.ts", "export const plain = 'typed';\n"),
        |project| project.remove("src/plain.ts"),
        |project| {
            project.remove("node_modules/linked");
            project.write("node_modules/linked", "-> ../other");
        },
    ];
    for (round, change) in changes.into_iter().enumerate() {
        change(&project);
        project.replace(
            "src/edited.ts",
            &format!("said = {round}"),
            &format!("said = {}", round + 1),
        );
        assert_eq!(warm(&project, WORDS), project.cold(WORDS), "{round}");
    }
}
