//! A Graphviz digraph: boxes are modules, ellipses packages, as in the Mermaid flowchart.

use std::fmt::Write as _;

use super::picture::{NodeKind, Picture};

pub(super) fn draw(picture: &Picture<'_>) -> String {
    let mut text = String::from(
        "digraph closure {\n  rankdir=TB;\n  node [fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=10];\n",
    );
    for node in &picture.nodes {
        let style = match (node.kind, node.is_built) {
            (NodeKind::Root, _) => "rounded,bold",
            (NodeKind::Legacy, _) => "dotted",
            (NodeKind::Module, true) => "rounded",
            (NodeKind::Module, false) => "rounded,dashed",
        };
        let label = label(&[&node.name, node.version]);
        let id = module_id(&node.name);
        let _ = writeln!(text, "  {id} [shape=box, style=\"{style}\", label={label}];");
    }
    for edge in &picture.edges {
        let (from, to) = (module_id(&edge.from), module_id(edge.to));
        let _ = writeln!(text, "  {from} -> {to} [label=\"{}\"];", edge.position);
    }
    for election in &picture.elections {
        let id = quote(&format!("package:{}", election.id));
        let label = label(&[election.package, &election.major]);
        let _ = writeln!(text, "  {id} [shape=ellipse, label={label}];");
        for candidate in &election.candidates {
            let module = module_id(candidate.module);
            let version = quote(candidate.version.unwrap_or("unknown"));
            let style = if candidate.identifier == election.winner.identifier {
                "bold"
            } else {
                "dotted"
            };
            let _ = writeln!(text, "  {id} -> {module} [label={version}, style={style}];");
        }
    }
    text.push_str("}\n");
    text
}

fn module_id(name: &str) -> String {
    quote(&format!("module:{name}"))
}

fn label(lines: &[&str]) -> String {
    let lines: Vec<&str> = lines.iter().copied().filter(|line| !line.is_empty()).collect();
    // A line break of the text is escaped by `quote`; the one between the lines is Graphviz's own.
    let quoted: Vec<String> = lines.iter().map(|line| inner(line)).collect();
    format!("\"{}\"", quoted.join("\\n"))
}

fn quote(text: &str) -> String {
    format!("\"{}\"", inner(text))
}

/// The inside of a quoted string. Graphviz reads `\`-escapes and HTML's character entities in labels.
fn inner(text: &str) -> String {
    let mut inner = String::new();
    for character in text.chars() {
        match character {
            '"' => inner.push_str("\\\""),
            '\\' => inner.push_str("\\\\"),
            '&' => inner.push_str("&amp;"),
            control if control.is_control() => inner.push('\u{fffd}'),
            other => inner.push(other),
        }
    }
    inner
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_cannot_leave_its_string() {
        assert_eq!(quote("a\"b\\c&d\n"), "\"a\\\"b\\\\c&amp;d\u{fffd}\"");
        assert_eq!(label(&["a", "1.0.0"]), "\"a\\n1.0.0\"");
    }
}
