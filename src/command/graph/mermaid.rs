//! A Mermaid flowchart: boxes are modules, hexagons packages. Solid arrows say who uses whom and at which place, thick
//! ones lead from a package to the module whose copy was elected, dotted ones to those that lost.

use std::fmt::Write as _;

use super::picture::{NodeKind, Picture};

pub(super) fn draw(picture: &Picture<'_>) -> String {
    let mut text = String::from("flowchart TB\n");
    for (index, node) in picture.nodes.iter().enumerate() {
        let label = label(&[&node.name, node.version]);
        let class = match (node.kind, node.is_built) {
            (NodeKind::Root, _) => "root",
            (NodeKind::Legacy, _) => "legacy",
            (NodeKind::Module, true) => "built",
            (NodeKind::Module, false) => "unbuilt",
        };
        let _ = writeln!(text, "    m{index}[\"{label}\"]:::{class}");
    }
    let number = |name: &str| picture.nodes.iter().position(|node| node.name == name);
    for edge in &picture.edges {
        if let (Some(from), Some(to)) = (number(&edge.from), number(edge.to)) {
            let _ = writeln!(text, "    m{from} -->|{}| m{to}", edge.position);
        }
    }
    for (index, election) in picture.elections.iter().enumerate() {
        let label = label(&[election.package, &election.major]);
        let _ = writeln!(text, "    p{index}{{{{\"{label}\"}}}}:::package");
        for candidate in &election.candidates {
            let Some(module) = number(candidate.module) else {
                continue;
            };
            let version = escape(candidate.version.unwrap_or("unknown"));
            let arrow = if candidate.identifier == election.winner.identifier {
                "==>"
            } else {
                "-.->"
            };
            let _ = writeln!(text, "    p{index} {arrow}|\"{version}\"| m{module}");
        }
    }
    text.push_str(
        "    classDef root stroke-width:3px\n    classDef unbuilt stroke-dasharray:4\n    classDef built stroke-width:1px\n    \
         classDef legacy stroke-dasharray:1 3\n    classDef package font-style:italic\n",
    );
    text
}

fn label(lines: &[&str]) -> String {
    let lines: Vec<String> = lines
        .iter()
        .filter(|line| !line.is_empty())
        .map(|line| escape(line))
        .collect();
    lines.join("<br/>")
}

/// Everything that could be Markdown, HTML or the end of a string becomes a character entity.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if character.is_alphanumeric() || matches!(character, ' ' | '-' | '.' | '/' | '@') {
            escaped.push(character);
        } else {
            let _ = write!(escaped, "#{};", u32::from(character));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_cannot_leave_its_string() {
        assert_eq!(escape("a\"]; <b>_x_"), "a#34;#93;#59; #60;b#62;#95;x#95;");
        assert_eq!(label(&["@acme/ui", ""]), "@acme/ui");
    }
}
