//! A case: prose with fenced blocks.

use std::fmt::Write as _;

use esmx_build::link::link;

use super::world::World;

/// A case file, cut into prose and blocks.
pub struct Case<'a> {
    parts: Vec<Part<'a>>,
}

enum Part<'a> {
    Prose(&'a str),
    Block { fence: &'a str, body: Vec<&'a str> },
}

impl<'a> Case<'a> {
    pub fn parse(text: &'a str) -> Self {
        let mut parts = Vec::new();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            match line.strip_prefix("```") {
                Some(fence) => {
                    let body = lines.by_ref().take_while(|line| *line != "```").collect();
                    parts.push(Part::Block { fence, body });
                }
                None => parts.push(Part::Prose(line)),
            }
        }
        Self { parts }
    }

    pub fn blocks(&self) -> impl Iterator<Item = (&'a str, &[&'a str])> {
        self.parts.iter().filter_map(|part| match part {
            Part::Block { fence, body } => Some((*fence, body.as_slice())),
            Part::Prose(_) => None,
        })
    }

    pub fn lines_of(&self, kind: &str) -> impl Iterator<Item = &'a str> {
        self.blocks()
            .filter(move |(fence, _)| *fence == kind)
            .flat_map(|(_, body)| body.to_vec())
    }

    /// The case as text, every expectation replaced by what linking yields.
    pub fn with_actual_results(&self) -> String {
        let world = World::of(self);
        let linked = link(&world.files, &world.root, &world.facts, world.owners);
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Prose(line) => text.push_str(line),
                Part::Block { fence, body } => {
                    let (kind, arguments) = fence.split_once(' ').unwrap_or((fence, ""));
                    let lines = match &linked {
                        Ok(linkage) => world.expectation(linkage, kind, arguments, body),
                        Err(error) if kind == "unreadable" => {
                            Some(vec![World::without_root(&error.to_string())])
                        }
                        Err(_) => None,
                    };
                    let lines = lines.unwrap_or_else(|| body.iter().map(ToString::to_string).collect());
                    let _ = write!(text, "```{fence}");
                    for line in lines {
                        let _ = write!(text, "\n{line}");
                    }
                    text.push_str("\n```");
                }
            }
            text.push('\n');
        }
        if let Ok(linkage) = &linked
            && !linkage.diagnostics.is_empty()
            && !self.blocks().any(|(fence, _)| fence == "diagnostics")
        {
            let lines: Vec<String> = linkage.diagnostics.iter().map(World::diagnostic).collect();
            let _ = writeln!(text, "\n```diagnostics\n{}\n```", lines.join("\n"));
        }
        text
    }
}
