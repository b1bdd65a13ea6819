//! A project that is edited at random.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use esmx_build::command::watch::Happening;

use super::split_mix::SplitMix64;
use super::texts::EXTRAS;

/// How many modules there are at most.
const MODULES: usize = 22;

/// What a module is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    JavaScript,
    TypeScript,
    Jsx,
    CommonJs,
    Json,
    Css,
    CssModule,
    Text,
    Image,
}

/// How one module asks for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Named,
    Default,
    Namespace,
    Effect,
    Dynamic,
    Reexport,
    Star,
    Require,
    Raw,
    Url,
}

#[derive(Debug, Clone)]
pub struct Import {
    pub target: usize,
    pub form: Form,
    /// Which of the exports.
    pub name: usize,
}

#[derive(Debug, Clone)]
pub struct Module {
    pub format: Format,
    folder: usize,
    /// How often it was moved.
    moves: usize,
    pub exports: BTreeSet<usize>,
    pub imports: Vec<Import>,
    /// What the inside says.
    pub inside: usize,
    /// Statements beside the exports.
    pub extras: BTreeSet<usize>,
    pub is_broken: bool,
    is_there: bool,
}

/// What a project is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Files.
    Plain,
    /// A module that uses another one.
    Declared,
}

/// The project as it is meant.
pub struct Project {
    kind: Kind,
    chance: SplitMix64,
    pub modules: Vec<Module>,
    /// Files beside the modules.
    settings: [usize; 3],
    present: BTreeMap<String, String>,
    /// What the last edit was.
    pub last_edit: String,
}

impl Project {
    /// A project of a seed.
    pub fn new(kind: Kind, mut chance: SplitMix64) -> Self {
        let modules = (0..MODULES)
            .map(|number| Module::new(number, &mut chance))
            .collect();
        let mut project = Self {
            kind,
            chance,
            modules,
            settings: [0; 3],
            present: BTreeMap::new(),
            last_edit: "nothing yet".to_owned(),
        };
        project.present = project.files();
        project
    }

    /// The entries.
    pub const ENTRIES: [&'static str; 2] = ["src/main.js", "src/other.js"];

    /// Writes every file.
    pub fn write_all(&self, root: &Path) {
        for (path, text) in &self.present {
            put(&place(root, path), text);
        }
        if self.kind == Kind::Declared {
            link(&root.join("../base"), &root.join("node_modules/base"));
        }
    }

    /// Edits, in one or several places; the answer is where something happened.
    pub fn edit(&mut self, root: &Path) -> BTreeMap<PathBuf, Happening> {
        self.last_edit.clear();
        for _ in 0..=self.chance.below(7) / 5 {
            self.change();
        }
        let files = self.files();
        let mut touched = BTreeMap::new();
        for (path, _) in self.present.iter().filter(|(path, _)| !files.contains_key(*path)) {
            fs::remove_file(place(root, path)).unwrap();
            touched.insert(place(root, path), Happening::Moved);
        }
        for (path, text) in &files {
            let path_there = place(root, path);
            match self.present.get(path) {
                Some(before) if before == text => continue,
                Some(_) => touched.insert(path_there.clone(), Happening::Written),
                None => touched.insert(path_there.clone(), Happening::Moved),
            };
            put(&path_there, text);
        }
        if touched.is_empty() {
            // Saved without a change.
            let number = self.chance.below(files.len());
            if let Some(path) = files.keys().nth(number) {
                touched.insert(place(root, path), Happening::Written);
            }
        }
        self.present = files;
        touched
    }

    fn change(&mut self) {
        let number = self.chance.below(MODULES);
        let choice = self.chance.below(40);
        let name = self.chance.below(4);
        let import = self.import(number);
        let (inside, extra) = (self.chance.below(6), self.chance.below(EXTRAS));
        let repaired = self
            .modules
            .iter()
            .position(|module| module.is_broken || !module.is_there);
        let module = &mut self.modules[number];
        let said = match choice {
            // What is broken does not stay so for long: most states are to be builds.
            _ if repaired.is_some() && choice.is_multiple_of(2) => {
                let module = &mut self.modules[repaired.unwrap_or(number)];
                (module.is_broken, module.is_there) = (false, true);
                format!("{repaired:?} is repaired")
            }
            0..=13 => {
                module.inside = inside;
                format!("{number} says {inside}")
            }
            14..=18 => {
                if !module.extras.remove(&extra) {
                    module.extras.insert(extra);
                }
                format!("{number} has or lacks the statement {extra}")
            }
            19..=22 => {
                let said = format!("{number} imports {import:?}");
                module.imports.push(import);
                said
            }
            23..=25 => {
                let last = module.imports.pop();
                format!("{number} does not import {last:?}")
            }
            26..=28 => {
                module.exports.insert(name);
                format!("{number} exports e{name}")
            }
            29 => {
                module.exports.remove(&name);
                format!("{number} does not export e{name}")
            }
            30..=31 => {
                module.moves += 1;
                format!("{number} is moved")
            }
            32 => {
                module.folder = 1 - module.folder;
                format!("{number} is in the other folder")
            }
            33 => {
                module.is_there = false;
                format!("{number} is gone")
            }
            34 => {
                module.is_broken = true;
                format!("{number} is broken")
            }
            35 => {
                let format = FORMATS[inside % 4];
                if FORMATS[..4].contains(&module.format) {
                    module.format = format;
                }
                format!("{number} is {format:?}")
            }
            36..=37 => {
                let which = self.chance.below(3);
                self.settings[which] = inside;
                format!("setting {which} is {inside}")
            }
            _ => "nothing".to_owned(),
        };
        let _ = write!(self.last_edit, "{said}; ");
    }

    /// A request that most likely is fine.
    fn import(&mut self, from: usize) -> Import {
        let target = self.chance.below(MODULES);
        let format = self.modules[target].format;
        let is_code = FORMATS[..4].contains(&format);
        let forms = if from % 5 == 4 { &FORMS[..] } else { &FORMS[..8] };
        let form = match format {
            Format::Css | Format::Image | Format::CssModule if self.chance.below(3) == 0 => Form::Url,
            Format::Css => Form::Effect,
            Format::CssModule | Format::Json => [Form::Default, Form::Namespace][self.chance.below(2)],
            Format::Text => Form::Raw,
            Format::Image => Form::Default,
            _ => forms[self.chance.below(forms.len())],
        };
        let exports: Vec<usize> = self.modules[target].exports.iter().copied().collect();
        let name = exports
            .get(self.chance.below(exports.len()))
            .copied()
            .unwrap_or_default();
        let has_name = !exports.is_empty() || format == Format::CommonJs;
        let form = match form {
            Form::Named | Form::Reexport if is_code && !has_name => Form::Namespace,
            Form::Default if is_code && format != Format::CommonJs => Form::Namespace,
            form => form,
        };
        Import { target, form, name }
    }

    /// Every file, by path.
    fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        for (number, module) in self.modules.iter().enumerate() {
            if module.is_there {
                files.insert(self.path(number), self.text(number));
            }
        }
        let [kept, package, of_types] = self.settings;
        let main: String = (0..MODULES / 2)
            .map(|number| self.plain_import("./", number))
            .collect();
        files.insert(
            "src/main.js".to_owned(),
            format!("{main}import dep from 'dep';\nexport {{ dep }};\n"),
        );
        let other: String = (MODULES / 3..MODULES)
            .map(|number| self.plain_import("./", number))
            .collect();
        files.insert(
            "src/other.js".to_owned(),
            format!("{other}console.log('other');\n"),
        );
        files.insert(
            "src/injected.js".to_owned(),
            format!("export const injected = {kept};\n"),
        );
        let effects = ["true", "false", r#"["*.css"]"#][package % 3];
        let declaration = match self.kind {
            Kind::Plain => "",
            Kind::Declared => {
                files.insert("../base/package.json".to_owned(), BASE.to_owned());
                let text = format!(
                    "export const value = 'base {}';\nexport const e{kept} = 1;\n",
                    kept / 2
                );
                files.insert("../base/src/value.js".to_owned(), text);
                let main = files.entry("src/main.js".to_owned()).or_default();
                main.push_str("export { value } from 'base/value';\n");
                DECLARATION
            }
        };
        files.insert(
            "package.json".to_owned(),
            format!(r#"{{ "name": "soaked", "type": "module", "sideEffects": {effects} {declaration} }}"#),
        );
        files.insert(
            "tsconfig.json".to_owned(),
            format!(
                r#"{{ "compilerOptions": {{ "jsx": "react", "jsxFactory": "h{}", "useDefineForClassFields": {} }} }}"#,
                of_types % 2,
                of_types > 2
            ),
        );
        files.insert(
            "node_modules/dep/package.json".to_owned(),
            r#"{ "name": "dep", "version": "1.0.0", "main": "index.js" }"#.to_owned(),
        );
        files.insert(
            "node_modules/dep/index.js".to_owned(),
            "exports.__esModule = true;\nexports.default = require('./inner.js').value;\n".to_owned(),
        );
        files.insert(
            "node_modules/dep/inner.js".to_owned(),
            format!("// @license dep\nexports.value = 'dep {}';\n", kept % 3),
        );
        if self.kind == Kind::Declared {
            // What it offers is what both modes have.
            files.insert("node_modules/dep/index.js".to_owned(), FORKED.to_owned());
            files.insert(
                "node_modules/dep/production.js".to_owned(),
                format!("exports.both = 1;\nexports.e{} = 2;\n", kept % 2),
            );
            files.insert(
                "node_modules/dep/development.js".to_owned(),
                format!("exports.both = {kept};\nexports.e0 = exports.e1 = 3;\n"),
            );
        }
        files
    }

    fn plain_import(&self, from: &str, number: usize) -> String {
        let module = &self.modules[number];
        // Every other is reached through others only.
        let is_asked = number.is_multiple_of(2) && module.format != Format::Text;
        if is_asked {
            format!("import '{from}{}';\n", self.below_source(number))
        } else {
            String::new()
        }
    }

    fn below_source(&self, number: usize) -> String {
        let module = &self.modules[number];
        let moves = if module.moves == 0 {
            String::new()
        } else {
            format!("_{}", module.moves)
        };
        format!("part{}/m{number}{moves}.{}", module.folder, module.extension())
    }

    fn path(&self, number: usize) -> String {
        format!("src/{}", self.below_source(number))
    }

    pub fn specifier(&self, target: usize) -> String {
        format!("../{}", self.below_source(target))
    }
}

const DECLARATION: &str = r#", "dependencies": { "base": "*", "dep": "*" },
    "esmx": { "exports": { "./main": "./src/main.js", "./other": "./src/other.js" }, "uses": ["base"], "provides": ["dep"] }"#;

const FORKED: &str = "module.exports = process.env.NODE_ENV === 'production' ? require('./production.js') : \
    require('./development.js');\n";

const BASE: &str = r#"{ "name": "base", "type": "module", "version": "1.0.0",
    "esmx": { "exports": { "./value": "./src/value.js" } } }"#;

pub const FORMATS: [Format; 9] = [
    Format::JavaScript,
    Format::TypeScript,
    Format::Jsx,
    Format::CommonJs,
    Format::Json,
    Format::Css,
    Format::CssModule,
    Format::Text,
    Format::Image,
];

const FORMS: [Form; 8] = [
    Form::Named,
    Form::Named,
    Form::Namespace,
    Form::Default,
    Form::Reexport,
    Form::Star,
    Form::Dynamic,
    Form::Require,
];

impl Module {
    fn new(number: usize, chance: &mut SplitMix64) -> Self {
        let format = if number.is_multiple_of(3) {
            FORMATS[chance.below(FORMATS.len())]
        } else {
            FORMATS[chance.below(4)]
        };
        Self {
            format,
            folder: number % 2,
            moves: 0,
            exports: (0..chance.below(4)).collect(),
            imports: Vec::new(),
            inside: 0,
            extras: BTreeSet::from([chance.below(EXTRAS)]),
            is_broken: false,
            is_there: true,
        }
    }

    fn extension(&self) -> &'static str {
        match self.format {
            Format::JavaScript => "js",
            Format::TypeScript => "ts",
            Format::Jsx => "jsx",
            Format::CommonJs => "cjs",
            Format::Json => "json",
            Format::Css => "css",
            Format::CssModule => "module.css",
            Format::Text => "txt",
            Format::Image => "png",
        }
    }
}

/// Where a file is: `../` leads to what is beside the project.
fn place(root: &Path, path: &str) -> PathBuf {
    match path.strip_prefix("../") {
        Some(path) => root.parent().unwrap().join(path),
        None => root.join(path),
    }
}

fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[cfg(unix)]
fn link(original: &Path, link: &Path) {
    if !link.exists() {
        std::os::unix::fs::symlink(original, link).unwrap();
    }
}

#[cfg(not(unix))]
fn link(original: &Path, link: &Path) {
    if !link.exists() {
        std::os::windows::fs::symlink_dir(original, link).unwrap();
    }
}
