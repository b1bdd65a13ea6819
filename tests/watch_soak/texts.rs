//! What the modules of the project say.

use std::fmt::Write as _;

use super::project::{FORMATS, Form, Format, Project};

impl Project {
    /// The text of a module.
    pub fn text(&self, number: usize) -> String {
        let module = &self.modules[number];
        if module.is_broken {
            return "this is { no code\n".to_owned();
        }
        let inside = module.inside;
        match module.format {
            Format::Json => format!("{{ \"e0\": {inside}, \"e1\": {{ \"deep\": [{number}] }} }}\n"),
            Format::Css => format!(".m{number} {{ color: rgb({inside}, 0, 0) }}\n"),
            Format::CssModule => format!(
                ".e{} {{ color: blue }}\n.e1 {{ margin: {inside}px }}\n",
                inside % 2
            ),
            Format::Text => format!("text {inside}\n"),
            Format::Image => format!("not really a picture {inside}\n"),
            Format::CommonJs => self.commonjs_text(number),
            Format::JavaScript | Format::TypeScript | Format::Jsx => self.module_text(number),
        }
    }

    fn commonjs_text(&self, number: usize) -> String {
        let module = &self.modules[number];
        let mut text = format!("/*! licence of {} */\n", number % 3);
        for (index, import) in module.imports.iter().enumerate() {
            let specifier = self.specifier(import.target);
            let is_code = FORMATS[..5].contains(&self.modules[import.target].format);
            if is_code && import.form != Form::Dynamic {
                let _ = writeln!(text, "const value{index} = require('{specifier}');");
                let _ = writeln!(text, "console.log(value{index}.e{});", import.name);
            } else if is_code {
                let _ = writeln!(text, "import('{specifier}').then(console.log);");
            }
        }
        for name in &module.exports {
            let _ = writeln!(text, "exports.e{name} = 'm{number} e{name} {}';", module.inside);
        }
        if module.extras.contains(&0) {
            text.push_str("exports.whole = module;\n");
        }
        if module.extras.contains(&1) {
            text.push_str("console.log(require.main === module, __filename);\n");
        }
        if module.extras.contains(&2) {
            let _ = writeln!(
                text,
                "module.exports = {{ e0: {number}, value() {{ return this }} }};"
            );
        }
        text
    }

    fn module_text(&self, number: usize) -> String {
        let module = &self.modules[number];
        let mut text = String::new();
        let mut uses = String::new();
        for (index, import) in module.imports.iter().enumerate() {
            let specifier = self.specifier(import.target);
            let name = import.name;
            let statement = match import.form {
                Form::Named => {
                    let _ = write!(uses, "value{index}, ");
                    format!("import {{ e{name} as value{index} }} from '{specifier}';")
                }
                Form::Default => {
                    let _ = write!(uses, "value{index}, ");
                    format!("import value{index} from '{specifier}';")
                }
                Form::Namespace => {
                    let member = [String::new(), format!(".e{name}")][module.inside % 2].clone();
                    let _ = write!(uses, "value{index}{member}, ");
                    format!("import * as value{index} from '{specifier}';")
                }
                Form::Effect => format!("import '{specifier}';"),
                Form::Dynamic => {
                    let _ = write!(uses, "() => import('{specifier}'), ");
                    String::new()
                }
                Form::Reexport => format!("export {{ e{name} as r{index} }} from '{specifier}';"),
                Form::Star => format!("export * from '{specifier}';"),
                Form::Require => {
                    let _ = write!(uses, "() => require('{specifier}'), ");
                    String::new()
                }
                Form::Raw => {
                    let _ = write!(uses, "value{index}, ");
                    format!("import value{index} from '{specifier}?raw';")
                }
                Form::Url => {
                    let _ = write!(uses, "new URL('{specifier}', import.meta.url), ");
                    String::new()
                }
            };
            text.push_str(&statement);
            text.push('\n');
        }
        let inside = module.inside;
        let typed = if module.format == Format::TypeScript {
            ": unknown"
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "const value = 'm{number}', helper{typed} = () => [{uses}value, {inside}];"
        );
        for name in &module.exports {
            match (number + name) % 4 {
                0 => {
                    let _ = writeln!(
                        text,
                        "export const e{name} = {};",
                        if inside < 3 { inside } else { number }
                    );
                }
                1 => {
                    let _ = writeln!(text, "export function e{name}() {{ return [helper, {inside}] }}");
                }
                2 => {
                    let _ = writeln!(
                        text,
                        "export class e{name} {{ field = helper; static inside = {inside} }}"
                    );
                }
                _ => {
                    let _ = writeln!(text, "export let e{name} = helper();\ne{name} = [e{name}];");
                }
            }
        }
        if number % 2 == 1 {
            // Other modules have such a name, too.
            let _ = writeln!(text, "const named{0} = [];\nconsole.log(named{0});", inside % 3);
        }
        for extra in &module.extras {
            text.push_str(&extra_text(*extra, number, inside));
        }
        if module.format == Format::Jsx {
            let _ = writeln!(
                text,
                "console.log(<div title=\"{inside}\">{{value}}</div>);\nfunction h0() {{}}\nfunction h1() {{}}"
            );
        }
        text
    }
}

/// How many statements there are to choose from.
pub const EXTRAS: usize = 15;

/// A statement that is there or not.
fn extra_text(extra: usize, number: usize, inside: usize) -> String {
    match extra {
        0 => format!("console.log(value, {inside});\n"),
        1 => "console.log(helper);\n".to_owned(),
        2 => format!("function unused{inside}() {{ return helper }}\n"),
        3 => format!("if (value === 'm{number}') console.log(helper()); else console.log({inside});\n"),
        4 => "console.log(import.meta.url);\n".to_owned(),
        5 => format!(
            "const DEBUG = {};\nif (DEBUG) console.log('debug', helper);\n",
            inside.is_multiple_of(2)
        ),
        6 => format!("// only a comment {inside}\n/* @__PURE__ */ helper();\n"),
        7 => format!("export default class {{ method() {{ return {inside} }} }}\n"),
        8 => format!(
            "function inner(value) {{\n{}const helper = {inside}; return [value, helper] }}\nconsole.log(inner);\n",
            "value();\n".repeat(inside)
        ),
        9 => "console.log(import.meta.glob('../part0/*.txt'));\n".to_owned(),
        10 => format!(
            "globalThis.m{number} = async () => {{ for await (const one of helper()) console.log(one?.two) }};\n"
        ),
        11 => format!("/*! licence {inside} */\nconsole.log(typeof value);\n"),
        12 => format!("console.log('{}');\n", "line\\n".repeat(inside)),
        // What it uses is another binding then.
        13 => format!("console.log(() => {});\n", ["value", "helper"][inside % 2]),
        _ => format!("helper.title = 'm{number}';\n{}", "\n".repeat(inside)),
    }
}
