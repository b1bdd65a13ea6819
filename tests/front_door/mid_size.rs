//! A module of a few dozen generated files: several exports, dynamic imports, CommonJS, JSON, JSX, packages.

use std::fmt::Write as _;

use crate::workspace::Workspace;

const PARTS: usize = 40;
const PAGES: usize = 6;

/// Writes it into `directory` of the workspace.
pub fn write(workspace: &Workspace, directory: &str) {
    let write = |path: &str, text: &str| workspace.write(&format!("{directory}/{path}"), text);
    write("package.json", PACKAGE);
    for index in 0..PARTS {
        write(&format!("src/parts/part{index}.ts"), &part(index));
    }
    for index in 0..PAGES {
        write(&format!("src/pages/page{index}.ts"), &page(index));
    }
    for (path, text) in FIXED {
        write(path, text);
    }
    let pages: Vec<String> = (0..PAGES)
        .map(|index| format!("() => import('./pages/page{index}')"))
        .collect();
    write(
        "src/a.ts",
        &format!(
            "import {{ make, value }} from './parts/part0';\nimport {{ label }} from './legacy.cjs';\n\
             import forwarded from 'old-sum';\n\
             export const a = (): string => make('a') + label(String(value)) + forwarded.sum(1, 2);\n\
             export const pages = [{}];\n",
            pages.join(", ")
        ),
    );
}

/// Imports up to two later parts, so that the parts are a graph with many paths and no circle.
fn part(index: usize) -> String {
    let later = [(index * 7 + 1) % PARTS, (index * 3 + 2) % PARTS];
    let used: Vec<usize> = later.into_iter().filter(|&other| other > index).collect();
    let mut text = String::new();
    for other in &used {
        let _ = writeln!(
            text,
            "import {{ value as value{other}, make as make{other} }} from './part{other}';"
        );
    }
    let values: Vec<String> = used.iter().map(|other| format!(" + value{other}")).collect();
    let names: Vec<String> = used
        .iter()
        .map(|other| format!("-${{make{other}(name)}}"))
        .collect();
    let (values, names) = (values.concat(), names.concat());
    let _ = write!(
        text,
        "export interface Shape{index} {{ size: number }}\n\
         export const value: number = {index}{values};\n\
         let count = 0;\n\
         export function make(name: string): string {{\n    count += 1;\n    \
         return `${{name}}-{index}-${{count}}{names}`;\n}}\n"
    );
    text
}

fn page(index: usize) -> String {
    format!(
        "import {{ make }} from '../parts/part{}';\nimport legacy from '../legacy.cjs';\n\
         export default function page(): string {{\n    return make('page{index}') + legacy.label('{index}');\n}}\n",
        index * 5
    )
}

const PACKAGE: &str = r#"{
  "name": "acme-mid",
  "version": "1.0.0",
  "type": "module",
  "dependencies": { "old-sum": "^1.0.0" },
  "esmx": {
    "entry": { "client": "./src/entry.client.ts", "server": "./src/entry.server.ts" },
    "exports": { "./a": "./src/a.ts", "./b": "./src/b.tsx", "./c": "./src/c.js", "./deep/d": "./src/d.ts" },
    "provides": ["old-sum"]
  }
}
"#;

const FIXED: &[(&str, &str)] = &[
    (
        "src/b.tsx",
        "/** @jsx h */\nimport { make } from './parts/part3';\nimport data from './data.json';\n\
         const h = (tag: string, _: unknown, ...children: string[]): string => `<${tag}>${children.join('')}</${tag}>`;\n\
         export const b = (): string => <b>{make('b')}{data.title}</b>;\nexport enum Kind { One = 1, Two }\n",
    ),
    ("src/data.json", "{ \"title\": \"data\", \"list\": [1, 2, 3] }\n"),
    (
        "src/c.js",
        "export * from './parts/part5.ts';\nexport { make as build } from './parts/part6.ts';\n",
    ),
    (
        "src/d.ts",
        "import * as all from './parts/part9';\nexport const names = Object.keys(all);\n\
         export const later = () => import('./a');\n",
    ),
    (
        "src/legacy.cjs",
        "const helper = require('./helper.cjs');\nexports.label = (text) => helper('legacy ' + text);\nexports.answer = 42;\n",
    ),
    (
        "src/helper.cjs",
        "module.exports = function helper(text) { return '<' + text + '>'; };\n",
    ),
    (
        "src/entry.client.ts",
        "import { a } from './a';\nimport { b } from './b';\nconsole.log(a(), b());\n\
         import('./pages/page1').then((page) => console.log(page.default()));\n",
    ),
    (
        "src/entry.server.ts",
        "import { a, pages } from './a';\nexport default async () => {\n    \
         const all = await Promise.all(pages.map((load) => load()));\n    \
         return a() + all.map((page) => page.default()).join();\n};\n",
    ),
    (
        "node_modules/old-sum/package.json",
        "{ \"name\": \"old-sum\", \"version\": \"1.0.0\", \"main\": \"./index.js\" }\n",
    ),
    (
        "node_modules/old-sum/index.js",
        "if (process.env.NODE_ENV === 'production') module.exports = require('./production.js');\n\
         else module.exports = require('./development.js');\n",
    ),
    (
        "node_modules/old-sum/production.js",
        "exports.sum = function (a, b) { return a + b; };\n",
    ),
    (
        "node_modules/old-sum/development.js",
        "exports.sum = function (a, b) { console.log('sum'); return a + b; };\nexports.debug = true;\n",
    ),
];
