//! What other programs are given to show: GitHub's workflow commands and SARIF logs, held against what their formats
//! require.

use std::path::Path;

use serde_json::Value;

use crate::program::{self, Answer};
use crate::workspace::Workspace;

/// Runs the words again for every reporter; `codes` is what people were told, in order.
pub fn assert_same_for_reporters(workspace: &Workspace, words: &[&str], answer: &Answer, codes: &[&str]) {
    let github = workspace.run("app", &[words, &["--reporter", "github"]].concat());
    assert_eq!(github.exit, answer.exit, "{}", github.text());
    let annotated: Vec<&str> = github
        .stdout
        .lines()
        .filter(|line| line.starts_with("::"))
        .map(annotated_code)
        .collect();
    assert_eq!(annotated, codes, "{}", github.text());

    let sarif = workspace.run("app", &[words, &["--reporter", "sarif"]].concat());
    assert_eq!(sarif.exit, answer.exit, "{}", sarif.text());
    let log = sarif.document();
    assert_is_sarif(&log, &workspace.path("app"));
    let results = list(&log["runs"][0]["results"]);
    let told: Vec<&str> = results.iter().map(|result| text(&result["ruleId"])).collect();
    assert_eq!(told, codes, "{}", sarif.text());
    assert_eq!(
        log["runs"][0]["invocations"][0]["exitCode"],
        answer.exit.expect("an exit code")
    );
}

/// The code in `::error title=CODE …,…::message`, when the line follows the syntax of workflow commands.
fn annotated_code(line: &str) -> &str {
    let (command, rest) = line[2..].split_once(' ').expect("a command and its properties");
    assert!(["error", "warning"].contains(&command), "{line}");
    let (properties, message) = rest.split_once("::").expect("properties and a value");
    assert!(message.contains("%0Afix: "), "{line}");
    assert_escaped(message, "");
    for property in properties.split(',') {
        let (name, value) = property.split_once('=').expect("a name and a value");
        assert!(
            ["title", "file", "line", "col", "endLine", "endColumn"].contains(&name),
            "{line}"
        );
        assert_escaped(value, ":,");
    }
    properties
        .strip_prefix("title=")
        .and_then(|title| title.split([' ', ',']).next())
        .expect("a title that starts with the code")
}

fn assert_escaped(text: &str, also: &str) {
    assert!(!text.contains(|one| also.contains(one)), "{text}");
    for (index, _) in text.match_indices('%') {
        let escape = text.get(index..index + 3).unwrap_or_default();
        assert!(["%25", "%0D", "%0A", "%3A", "%2C"].contains(&escape), "{text}");
    }
}

/// The properties that SARIF 2.1.0 requires (§3.13 to §3.50), and the limits of those that are used.
fn assert_is_sarif(log: &Value, directory: &Path) {
    assert_eq!(log["version"], "2.1.0");
    assert!(text(&log["$schema"]).starts_with("https://"));
    assert_keys(log, &["$schema", "version", "runs"]);
    let runs = list(&log["runs"]);
    assert_eq!(runs.len(), 1);
    let run = &runs[0];
    assert_keys(run, &["tool", "invocations", "columnKind", "results"]);
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "esmx-build");
    assert_eq!(driver["semanticVersion"], env!("CARGO_PKG_VERSION"));
    assert!(text(&driver["informationUri"]).starts_with("https://"));
    for invocation in list(&run["invocations"]) {
        assert!(invocation["executionSuccessful"].is_boolean());
    }
    let rules = list(&driver["rules"]);
    let mut ids: Vec<&str> = rules.iter().map(|rule| text(&rule["id"])).collect();
    for rule in rules {
        assert!(!text(&rule["shortDescription"]["text"]).is_empty());
        assert!(!text(&rule["help"]["text"]).is_empty());
        assert!(["error", "warning"].contains(&text(&rule["defaultConfiguration"]["level"])));
    }
    for result in list(&run["results"]) {
        assert_keys(
            result,
            &[
                "ruleId",
                "ruleIndex",
                "level",
                "message",
                "locations",
                "properties",
            ],
        );
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("a small number");
        assert_eq!(ids[index], text(&result["ruleId"]), "the index is the rule's");
        assert!(["error", "warning"].contains(&text(&result["level"])));
        assert!(!text(&result["message"]["text"]).is_empty());
        for location in list(&result["locations"]) {
            assert_is_sarif_location(location, directory);
        }
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "rules are listed once");
}

fn assert_is_sarif_location(location: &Value, directory: &Path) {
    let logical = list(&location["logicalLocations"]);
    assert!(!text(&logical[0]["name"]).is_empty());
    let Some(physical) = location.get("physicalLocation") else {
        return;
    };
    let uri = text(&physical["artifactLocation"]["uri"]);
    assert_eq!(physical["artifactLocation"]["uriBaseId"], "%SRCROOT%");
    assert!(!uri.starts_with('/') && !uri.contains([' ', ':', '\\']), "{uri}");
    assert!(directory.join(uri).is_file(), "{uri} is a file");
    let region = &physical["region"];
    let number = |key: &str| {
        region[key]
            .as_u64()
            .unwrap_or_else(|| panic!("{key} in {region}"))
    };
    assert!(number("startLine") >= 1 && number("startColumn") >= 1);
    assert_eq!(number("endLine"), number("startLine"));
    assert!(number("endColumn") > number("startColumn"));
    assert!(region["snippet"]["text"].is_string());
}

fn assert_keys(value: &Value, allowed: &[&str]) {
    for key in value.as_object().expect("an object").keys() {
        assert!(allowed.contains(&key.as_str()), "{key} in {value}");
    }
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("a list, not {value}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}"))
}

/// A workflow that works in a part of its checkout annotates the files of the checkout.
#[test]
fn annotations_are_relative_to_the_checkout() {
    let workspace = Workspace::empty();
    workspace.write("app/package.json", r#"{ "name": "acme-app", "esmx": [] }"#);
    let mut command = program::command(&workspace.path("app"), &["validate", "--reporter", "github"]);
    command.env("GITHUB_WORKSPACE", workspace.root());
    let answer = program::finish(command);
    answer.assert_exit(1);
    assert!(
        answer.stdout.contains(",file=app/package.json,line=1,col=31,"),
        "{}",
        answer.text()
    );
}

/// `build` has the same findings, and no file list between them.
#[test]
fn builds_report_too() {
    let workspace = Workspace::of_sources();
    workspace.write("shop/src/late.ts", "export const = 1;\n");
    let manifest = workspace.read("shop/package.json");
    workspace.write(
        "shop/package.json",
        manifest.replacen(
            "\"exports\": {",
            "\"exports\": { \"./late\": \"./src/late.ts\",",
            1,
        ),
    );
    let people = workspace.run("shop", &["-r"]);
    people.assert_exit(1);
    let github = workspace.run("shop", &["-r", "--reporter", "github"]);
    github.assert_exit(1);
    assert!(
        github
            .stdout
            .starts_with("::error title=E_SYNTAX acme-shop,file=src/late.ts,line=1,"),
        "{}",
        github.text()
    );
    let sarif = workspace.run("shop", &["-r", "--reporter=sarif"]);
    sarif.assert_exit(1);
    assert_is_sarif(&sarif.document(), &workspace.path("shop"));
    let json = workspace.run("shop", &["-r", "--reporter", "json"]);
    assert_eq!(json.document()["diagnostics"][0]["code"], "E_SYNTAX");
    let both = workspace.run("shop", &["--json", "--reporter", "sarif"]);
    both.assert_exit(2);
}
