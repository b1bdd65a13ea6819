//! `esmx-build importmap …`: every file in `fixtures/front_door/importmaps` lays out files and shows what the program
//! says about them, word for word. The blocks are those of [`markdown`]; commands run in the directory of the files,
//! one after the other, so that a later one sees what an earlier one wrote.
//!
//! `UPDATE_FRONT_DOOR=1` rewrites what is told; read the difference before keeping it.

use crate::cases::check_every;
use crate::markdown::{self, Case};
use crate::transcript;
use crate::workspace::Workspace;

#[test]
fn every_import_map_is_told_about() {
    check_every("importmaps", |text| {
        let case = Case::parse(text);
        assert!(!case.runs.is_empty(), "a case runs something");
        let workspace = Workspace::empty();
        workspace.lay_out(&case);
        let transcripts: Vec<String> = case
            .runs
            .iter()
            .map(|words| {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                let answer = workspace.run(".", &words);
                if words.contains(&"--json") {
                    assert_eq!(answer.stderr, "", "a document and nothing else");
                }
                without_times(&transcript::of(&answer, &workspace))
            })
            .collect();
        markdown::with_transcripts(text, &transcripts)
    });
}

/// `2026-01-31T12:00:00Z` → `<time>`
fn without_times(text: &str) -> String {
    let is_time = |word: &str| word.len() == 20 && word.ends_with('Z') && word.as_bytes()[10] == b'T';
    let line = |line: &str| {
        let words: Vec<&str> = line
            .split_inclusive(|c: char| !c.is_ascii_alphanumeric() && !":-".contains(c))
            .collect();
        let shown = words.into_iter().map(|word| {
            let end = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            if is_time(end) {
                word.replace(end, "<time>")
            } else {
                word.to_owned()
            }
        });
        shown.collect::<String>() + "\n"
    };
    text.lines().map(line).collect()
}

/// A release that ends half-way, here at a directory in the place of a file, leaves everything that is live as it was;
/// tried again it finishes.
#[test]
fn a_release_that_is_cut_off_changes_nothing() {
    let workspace = Workspace::empty();
    let lay_out = |directory: &str, version: u32| {
        let map = format!(r#"{{"imports":{{"shop":"/shop/main.{version}.final.mjs"}}}}"#);
        workspace.write(&format!("{directory}/importmap.json"), map);
        let main = format!("{directory}/shop/main.{version}.final.mjs");
        workspace.write(&main, format!("export const version = {version};"));
        workspace.write(
            &format!("{directory}/shop/notes.txt"),
            format!("version {version}"),
        );
    };
    lay_out("one", 1);
    lay_out("two", 2);
    workspace.write("two/zone/last.txt", "last");
    let release = |words: &[&str]| {
        workspace.run(
            ".",
            &[&["importmap", "release"], words, &["--to", "site"]].concat(),
        )
    };
    release(&["one"]).assert_exit(0);
    let live = workspace.read("site/importmap.json");

    workspace.write("site/zone/last.txt/in-the-way", "");
    release(&["two"]).assert_exit(2);
    assert_eq!(workspace.read("site/importmap.json"), live);
    assert_eq!(workspace.read("site/shop/notes.txt"), "version 1");
    let history = workspace.run(".", &["importmap", "history", "--to", "site"]);
    let told: Vec<&str> = history
        .stdout
        .lines()
        .map(|line| &line["1  2026-01-31T12:00:00Z  ".len()..])
        .collect();
    assert_eq!(told, ["release, cut off before it was live", "release, live"]);
    assert!(workspace.path("site/shop/main.1.final.mjs").is_file());

    workspace.remove("site/zone");
    release(&["two"]).assert_exit(0);
    assert!(workspace.read("site/importmap.json").contains("main.2"));
    assert_eq!(workspace.read("site/shop/notes.txt"), "version 2");
    workspace
        .run(".", &["importmap", "rollback", "--to", "site"])
        .assert_exit(0);
    assert_eq!(workspace.read("site/importmap.json"), live);
    assert_eq!(
        workspace.read("site/shop/notes.txt"),
        "version 1",
        "a file without a hash in its name comes back"
    );
    assert_eq!(
        workspace.read("site/shop/main.2.final.mjs"),
        "export const version = 2;",
        "open pages keep theirs"
    );
}

/// What a process leaves that ends between its record and its map: the next release gives the live one its files back.
#[test]
fn a_release_that_was_cut_off_before_its_map_is_ended_by_the_next_one() {
    let workspace = Workspace::empty();
    for version in 1..=3 {
        let map = format!(r#"{{"imports":{{"shop":"/shop/main.{version}.final.mjs"}}}}"#);
        workspace.write(&format!("{version}/importmap.json"), map);
        workspace.write(&format!("{version}/shop/main.{version}.final.mjs"), "export {};");
        // The third brings nothing in the place of the file that the second has changed.
        if version < 3 {
            workspace.write(&format!("{version}/shop/notes.txt"), format!("version {version}"));
        }
    }
    let run = |words: &[&str]| workspace.run(".", &[&["importmap"], words, &["--to", "site"]].concat());
    run(&["release", "1"]).assert_exit(0);
    let live = workspace.read("site/importmap.json");
    run(&["release", "2"]).assert_exit(0);
    workspace.write("site/importmap.json", live);
    assert_eq!(workspace.read("site/shop/notes.txt"), "version 2");
    let told = run(&["history"]).stdout;
    assert!(
        told.contains("release, cut off before it was live\n1  "),
        "{told}"
    );
    assert!(told.contains("release, live"), "{told}");

    run(&["release", "3"]).assert_exit(0);
    assert_eq!(workspace.read("site/shop/notes.txt"), "version 1");
    assert!(run(&["history"]).stdout.contains("cut off before it was live"));
    let back = run(&["rollback"]);
    assert!(
        back.stdout.starts_with("Release 1 is live again"),
        "{}",
        back.stdout
    );
}

/// A deployment behind a server: types, redirects and missing files are those of the answers.
#[test]
fn a_deployment_is_fetched() {
    let server = Server::start(&[
        (
            "/shop/main.mjs",
            "200 OK",
            "Content-Type: text/javascript; charset=utf-8",
            "import { a } from './moved.mjs'; import './page.mjs'; import './gone.mjs'; a();",
        ),
        (
            "/shop/moved.mjs",
            "302 Found",
            "Location: /elsewhere/here.mjs",
            "",
        ),
        (
            "/elsewhere/here.mjs",
            "200 OK",
            "Content-Type: application/javascript",
            "export { a } from './beside.mjs';",
        ),
        (
            "/elsewhere/beside.mjs",
            "200 OK",
            "Content-Type: text/javascript",
            "export const a = () => {};",
        ),
        (
            "/shop/page.mjs",
            "200 OK",
            "Content-Type: text/html",
            "<!doctype html>",
        ),
    ]);
    let workspace = Workspace::empty();
    workspace.write("importmap.json", r#"{"imports":{"shop":"/shop/main.mjs"}}"#);
    let base = format!("http://{}/", server.address);
    let answer = workspace.run(
        ".",
        &["importmap", "check", "importmap.json", "--base", &base, "--json"],
    );
    answer.assert_exit(1);
    let document = answer.document();
    let messages: Vec<String> = document["diagnostics"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| {
            let message = finding["message"].as_str().expect("a message");
            format!(
                "{} {}",
                finding["code"].as_str().expect("a code"),
                message.replace(&base, "/")
            )
        })
        .collect();
    assert_eq!(
        messages,
        [
            "E_DEPLOYED_FILE /shop/page.mjs is served as text/html, and a browser runs no module of that type. The way there: \
             /shop/main.mjs → /shop/page.mjs.",
            "E_DEPLOYED_FILE /shop/gone.mjs does not arrive: http status: 404. The way there: /shop/main.mjs → \
             /shop/gone.mjs.",
        ]
    );
    let count = document["files"].as_array().map(Vec::len);
    assert_eq!(
        count,
        Some(5),
        "the redirected file's own import is followed: {}",
        answer.text()
    );
}

/// A module of another origin runs where its server allows it, which the page's own server need not.
#[test]
fn modules_of_other_origins_have_to_be_allowed() {
    const SCRIPT: &str = "Content-Type: text/javascript";
    let open = Server::start(&[
        (
            "/any.mjs",
            "200 OK",
            "Content-Type: text/javascript\r\nAccess-Control-Allow-Origin: *",
            "import './closed.mjs'; import './other.mjs';",
        ),
        ("/closed.mjs", "200 OK", SCRIPT, ""),
        (
            "/other.mjs",
            "200 OK",
            "Content-Type: text/javascript\r\nAccess-Control-Allow-Origin: https://other.example",
            "",
        ),
    ]);
    let open_address = open.address;
    let moved: &'static str = format!("Location: http://{open_address}/any.mjs").leak();
    let page = Server::start(&[
        ("/own.mjs", "200 OK", SCRIPT, "import './moved.mjs';"),
        ("/moved.mjs", "302 Found", moved, ""),
    ]);
    let (base, cdn) = (
        format!("http://{}/", page.address),
        format!("http://{open_address}/"),
    );
    let workspace = Workspace::empty();
    let map = format!(r#"{{"imports":{{"own":"/own.mjs","any":"{cdn}any.mjs"}}}}"#);
    workspace.write("importmap.json", map);
    let check = |base: &str| {
        let words = ["importmap", "check", "importmap.json", "--base", base, "--json"];
        let answer = workspace.run(".", &words);
        let document = answer.document();
        let diagnostics = document["diagnostics"].as_array().expect("findings");
        let told = diagnostics.iter().map(|finding| {
            let message = finding["message"].as_str().expect("a message");
            let message = message.replace(base, "page:/").replace(&cdn, "cdn:/");
            let message = message.replace(base.trim_end_matches('/'), "page:");
            message.replace(cdn.trim_end_matches('/'), "cdn:")
        });
        told.collect::<Vec<String>>()
    };
    assert_eq!(
        check(&base),
        [
            "cdn:/closed.mjs is of another origin, and a browser does not let the page run it: cdn: sends it without \
             `Access-Control-Allow-Origin` to page:. The way there: cdn:/any.mjs → cdn:/closed.mjs.",
            "cdn:/other.mjs is of another origin, and a browser does not let the page run it: cdn: sends it with \
             `Access-Control-Allow-Origin: https://other.example` to page:. The way there: cdn:/any.mjs → cdn:/other.mjs.",
        ]
    );
    workspace.write("importmap.json", r#"{"imports":{"any":"/any.mjs"}}"#);
    assert_eq!(check(&cdn), [""; 0], "for a page there it is no other origin");
}

/// Answers on the loopback address while it lives.
struct Server {
    address: std::net::SocketAddr,
}

type Page = (&'static str, &'static str, &'static str, &'static str);

impl Server {
    fn start(pages: &[Page]) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it listens");
        let pages = pages.to_vec();
        // The thread ends with the test program.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, &pages);
            }
        });
        Self { address }
    }
}

fn answer(mut stream: std::net::TcpStream, pages: &[Page]) {
    use std::io::{BufRead as _, BufReader, Write as _};
    let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
    let path = lines
        .next()
        .and_then(|line| Some(line.split(' ').nth(1)?.to_owned()))
        .unwrap_or_default();
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    let missing = ("", "404 Not Found", "Content-Type: text/plain", "");
    let (_, status, header, body) = pages.iter().find(|page| page.0 == path).unwrap_or(&missing);
    let length = body.len();
    // Whoever hangs up has heard enough.
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\n{header}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
}
