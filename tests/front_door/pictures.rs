//! `graph` draws what no format may stumble over: names with quotes, brackets, tags and backslashes.

use std::collections::BTreeSet;
use std::fs;

use crate::workspace::Workspace;

const HOSTILE: &str = r#"a"];{b}</script><!-- \n & --x |c| #35;"#;

/// A root that provides and is called like trouble, and a module between it and a package.
fn hostile_workspace() -> Workspace {
    let workspace = Workspace::empty();
    let root = serde_json::json!({
        "name": HOSTILE, "version": HOSTILE, "esmx": { "uses": ["plain"], "provides": [HOSTILE, "vue"] }
    });
    let plain = serde_json::json!({ "name": "plain", "version": "1.0.0", "esmx": { "provides": ["vue"] } });
    workspace.write("root/package.json", root.to_string());
    workspace.write("node_modules/plain/package.json", plain.to_string());
    workspace.write(
        "node_modules/vue/package.json",
        r#"{"name":"vue","version":"3.5.0"}"#,
    );
    workspace
}

fn drawn(workspace: &Workspace, format: &str) -> String {
    let answer = workspace.run("root", &["graph", "--format", format]);
    answer.assert_exit(0);
    assert_eq!(answer.stderr, "");
    answer.stdout
}

#[test]
fn graphviz_can_read_it() {
    let text = drawn(&hostile_workspace(), "dot");
    let tokens = dot_tokens(&text);
    assert_eq!(tokens[..3], ["digraph", "closure", "{"]);
    assert_eq!(tokens.last().map(String::as_str), Some("}"));
    let mut declared = BTreeSet::new();
    let mut linked = BTreeSet::new();
    for statement in tokens[3..tokens.len() - 1].split(|token| token == ";") {
        let head: Vec<&str> = statement
            .iter()
            .map(String::as_str)
            .take_while(|token| *token != "[")
            .collect();
        let attributes = &statement[head.len()..];
        if !attributes.is_empty() {
            assert_eq!(attributes.last().map(String::as_str), Some("]"), "{statement:?}");
            for attribute in attributes[1..attributes.len() - 1].split(|token| token == ",") {
                assert!(
                    matches!(attribute, [_, equals, _] if equals == "="),
                    "{statement:?}"
                );
            }
        }
        match head[..] {
            [] | ["node" | "edge"] | [_, "=", _] => {}
            [id] => assert!(declared.insert(id.to_owned()), "{id} is declared twice"),
            [from, "->", to] => linked.extend([from.to_owned(), to.to_owned()]),
            _ => panic!("no statement: {statement:?}"),
        }
    }
    assert_eq!(declared, linked, "two modules and two packages, all connected");
    assert_eq!(declared.len(), 4);
}

/// The tokens of the subset of DOT that has no HTML strings and no comments.
fn dot_tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let mut token = String::from(character);
        match character {
            ' ' | '\n' => continue,
            '"' => loop {
                let inside = characters.next().expect("a string ends");
                token.push(inside);
                match inside {
                    '\\' => token.extend(characters.next()),
                    '"' => break,
                    _ => {}
                }
            },
            '-' => token.push(characters.next().expect("an arrow has a head")),
            '{' | '}' | '[' | ']' | ';' | ',' | '=' => {}
            _ => {
                while let Some(more) = characters.next_if(|more| more.is_alphanumeric()) {
                    token.push(more);
                }
            }
        }
        tokens.push(token);
    }
    tokens
}

#[test]
fn mermaid_can_read_it() {
    let text = drawn(&hostile_workspace(), "mermaid");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("flowchart TB"));
    let is_id = |text: &str| {
        text.strip_prefix(['m', 'p'])
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    // Only entities may follow `#`, and nothing that ends a label may stand in it.
    let is_label = |text: &str| {
        text.replace("<br/>", "").chars().all(|character| {
            character.is_alphanumeric() || matches!(character, ' ' | '-' | '.' | '/' | '@' | '#' | ';')
        })
    };
    for line in lines.map(str::trim) {
        if line.starts_with("classDef ") {
            continue;
        }
        if let [id, label, class] = line.split('"').collect::<Vec<_>>()[..] {
            let is_arrow = id.contains('|');
            assert!(is_label(label), "{line}");
            if is_arrow {
                let (from, arrow) = id.split_once(' ').expect("an arrow starts at an id");
                assert!(is_id(from) && matches!(arrow, "==>|" | "-.->|"), "{line}");
                assert!(class.strip_prefix("| ").is_some_and(is_id), "{line}");
            } else {
                assert!(
                    is_id(id.trim_end_matches(['[', '{'])) && class.contains(":::"),
                    "{line}"
                );
            }
            continue;
        }
        let [from, "-->|1|", to] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("no statement: {line}")
        };
        assert!(is_id(from) && is_id(to), "{line}");
    }
}

#[test]
fn the_page_holds_the_json_and_nothing_ends_it_early() {
    let workspace = hostile_workspace();
    let page = drawn(&workspace, "html");
    let (_, data) = page
        .split_once("<script type=\"application/json\" id=\"data\">")
        .expect("the page holds its data");
    let (data, _) = data.split_once("</script>").expect("the data ends");
    let of_page: serde_json::Value = serde_json::from_str(data).expect("the data is JSON");
    let of_json: serde_json::Value = serde_json::from_str(&drawn(&workspace, "json")).expect("a document");
    assert_eq!(of_page, of_json);
    assert_eq!(of_json["root"], HOSTILE);
    assert_eq!(page.matches("<!--").count(), 0);
    assert_eq!(page.matches("</script>").count(), 2);
}

#[test]
fn the_name_of_the_file_decides_the_format() {
    let workspace = hostile_workspace();
    for (file, start) in [
        ("closure.html", "<!doctype html>"),
        ("closure.mmd", "flowchart TB"),
        ("closure.dot", "digraph closure {"),
        ("closure.json", "{\n"),
        ("closure", "<!doctype html>"),
    ] {
        let answer = workspace.run("root", &["graph", "--output", file]);
        answer.assert_exit(0);
        assert!(
            answer.stdout.starts_with("Drew a") && answer.stdout.contains(file),
            "{}",
            answer.text()
        );
        let text = fs::read_to_string(workspace.path("root").join(file)).expect("it was written");
        assert!(text.starts_with(start), "{file}");
    }
    let refused = workspace.run("root", &["graph", "--output", "nowhere/closure.html"]);
    refused.assert_exit(2);
    assert!(refused.stderr.contains("cannot be written"), "{}", refused.text());
}
