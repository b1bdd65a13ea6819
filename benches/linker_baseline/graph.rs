//! Generated programs that are all graph: many small modules, each a few lines of code. All modules use the
//! same names at the top, as the modules of real programs do.

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
    Ring(usize),
    /// An index exports every module, and every module imports the next from the index.
    Barrel(usize),
}

impl Shape {
    pub fn description(self) -> String {
        match self {
            Self::Tree(count) => format!("a tree of {count} modules"),
            Self::Chain(count) => format!("a chain of {count} modules"),
            Self::Ring(count) => format!("a ring of {count} modules"),
            Self::Barrel(count) => format!("{count} modules that import from their common index"),
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
        if let Self::Barrel(count) = self {
            let exports = |index| {
                let file = file_name(index);
                format!("export {{ total as total{index}, Part as Part{index} }} from './{file}';\n")
            };
            write(
                &directory.join("index.js"),
                &(0..count).map(exports).collect::<String>(),
            )?;
        }
        Ok(())
    }

    fn count(self) -> usize {
        match self {
            Self::Tree(count) | Self::Chain(count) | Self::Ring(count) | Self::Barrel(count) => count,
        }
    }

    fn imported(self, index: usize) -> Vec<usize> {
        match self {
            Self::Tree(count) => (2 * index + 1..count).take(2).collect(),
            Self::Chain(count) => (index + 1..count).take(1).collect(),
            Self::Ring(count) | Self::Barrel(count) => vec![(index + 1) % count],
        }
    }

    fn import(self, next: usize) -> String {
        match self {
            Self::Barrel(_) => format!("import {{ total{next}, Part{next} }} from './index.js';\n"),
            Self::Tree(_) | Self::Chain(_) | Self::Ring(_) => {
                let file = file_name(next);
                format!("import {{ total as total{next}, Part as Part{next} }} from './{file}';\n")
            }
        }
    }

    /// `total` adds up the graph below a module down to a depth, so that cycles end.
    fn module(self, index: usize) -> String {
        let imported = self.imported(index);
        let for_each =
            |text: &dyn Fn(usize) -> String| imported.iter().map(|next| text(*next)).collect::<String>();
        let imports = for_each(&|next| self.import(next));
        let parts = for_each(&|next| format!("new Part{next}('part of {index}'), "));
        let sum = for_each(&|next| format!(" + total{next}(depth - 1)"));
        let mut text = format!(
            "{imports}
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
            let depth = self.count();
            let _ = write!(text, "\nlog(total({depth}), new Part('root').parts().length);\n");
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
