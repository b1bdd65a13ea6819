//! Generated programs that are all graph: many small modules, each a few lines of code.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context as _;

/// How the modules of a graph import each other. The number is how many there are.
#[derive(Clone, Copy)]
pub enum Shape {
    /// Every module imports two others, the last ones none.
    Tree(usize),
    /// Every module imports the next.
    Chain(usize),
    /// A chain whose last module imports the first.
    Cycle(usize),
}

impl Shape {
    pub fn description(self) -> String {
        match self {
            Self::Tree(count) => format!("a tree of {count} modules"),
            Self::Chain(count) => format!("a chain of {count} modules"),
            Self::Cycle(count) => format!("a cycle of {count} modules"),
        }
    }

    /// Writes the graph as a program into `directory`.
    pub fn write(self, directory: &Path) -> anyhow::Result<()> {
        // Only the server side, so that our linker links once, as the other one does.
        let package_json = r#"{
    "name": "graph",
    "type": "module",
    "esmx": { "exports": { "./main": { "client": false, "server": "./module-0.js" } } }
}
"#;
        write(&directory.join("package.json"), package_json)?;
        for index in 0..self.count() {
            write(&directory.join(file_name(index)), &self.module(index))?;
        }
        Ok(())
    }

    fn count(self) -> usize {
        match self {
            Self::Tree(count) | Self::Chain(count) | Self::Cycle(count) => count,
        }
    }

    fn imported(self, index: usize) -> Vec<usize> {
        match self {
            Self::Tree(count) => [2 * index + 1, 2 * index + 2]
                .into_iter()
                .filter(|next| *next < count)
                .collect(),
            Self::Chain(count) => (index + 1..count).take(1).collect(),
            Self::Cycle(count) => vec![(index + 1) % count],
        }
    }

    /// `total` adds up the graph below a module, down to a depth, so that cycles end.
    fn module(self, index: usize) -> String {
        let imported = self.imported(index);
        let mut text = String::new();
        for next in &imported {
            let _ = writeln!(
                text,
                "import {{ total as total{next}, Part as Part{next} }} from './{}';",
                file_name(*next)
            );
        }
        let sum: String = imported.iter().fold(String::new(), |mut sum, next| {
            let _ = write!(sum, " + total{next}(depth - 1)");
            sum
        });
        let parts: String = imported.iter().fold(String::new(), |mut parts, next| {
            let _ = write!(parts, "new Part{next}('part of {index}'), ");
            parts
        });
        let _ = write!(
            text,
            "
const weights = [{index}, {index} % 7, {index} % 11];
let calls = 0;

const weigh = (value) => {{
    const [first, ...others] = weights;
    return others.reduce((sum, weight) => sum + weight * value, first);
}};

export class Part {{
    constructor(name) {{
        this.name = `${{name}} {index}`;
        this.weight = weigh(1);
    }}
    parts() {{
        return [{parts}];
    }}
}}

export function total(depth) {{
    calls += 1;
    if (depth <= 0) return calls;
    return weigh(calls){sum};
}}
"
        );
        if index == 0 {
            let _ = write!(
                text,
                "\nlog(total({}), new Part('root').parts().length);\n",
                self.count()
            );
        }
        text
    }
}

fn file_name(index: usize) -> String {
    format!("module-{index}.js")
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
