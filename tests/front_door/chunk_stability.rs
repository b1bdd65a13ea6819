//! Names of files are stable: a change of one module changes the file that it is in and those that must name it anew,
//! and with `--chunk-import-map` nothing but that file and the map.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;

use crate::workspace::Workspace;

const PARTS: usize = 24;
const PAGES: usize = 5;

/// Two entries, pages that are loaded later, and parts that they share; a worker, and pages that lead back.
fn write_program(workspace: &Workspace) {
    for index in 0..PARTS {
        let mut text = String::new();
        let mut sum = String::new();
        for other in [index * 2 + 1, index * 2 + 2, index + 7] {
            if other > index && other < PARTS && !text.contains(&format!("part{other}.js")) {
                let _ = writeln!(text, "import {{ part{other} }} from './part{other}.js';");
                let _ = write!(sum, " + part{other}()");
            }
        }
        let _ = writeln!(text, "export const part{index} = () => {index}{sum};");
        workspace.write(&format!("app/src/part{index}.js"), text);
    }
    for page in 0..PAGES {
        let part = page * 3 + 2;
        let next = (page + 1) % PAGES;
        let text = format!(
            "import {{ part{part} }} from '../part{part}.js';\nexport const name = 'page {page}';\n\
             export const size = () => part{part}();\nexport const next = () => import('./page{next}.js');\n"
        );
        workspace.write(&format!("app/src/pages/page{page}.js"), text);
    }
    workspace.write(
        "app/src/one.js",
        "import { part0 } from './part0.js';\nconsole.log(part0());\n\
         import('./pages/page0.js').then(console.log);\n",
    );
    workspace.write(
        "app/src/two.js",
        "import { part1 } from './part1.js';\nconsole.log(part1());\n\
         import('./pages/page3.js').then(console.log);\n\
         new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });\n",
    );
    workspace.write(
        "app/src/worker.js",
        "import { part9 } from './part9.js';\npostMessage(part9());\n",
    );
}

/// A bundle: the text of every file by its name without the hash, and what is in which file and names which others.
struct Bundle {
    files: BTreeMap<String, String>,
    inputs: BTreeMap<String, BTreeSet<String>>,
    names: BTreeMap<String, BTreeSet<String>>,
}

impl Bundle {
    fn make(workspace: &Workspace, options: &[&str]) -> Self {
        workspace.remove("app/dist");
        let mut arguments = vec!["bundle", "src/one.js", "src/two.js", "--metafile=meta.json"];
        arguments.extend(options);
        workspace.run("app", &arguments).assert_exit(0);
        let metafile: Value =
            serde_json::from_str(&workspace.read("app/meta.json")).expect("the metafile is JSON");
        let mut bundle = Self {
            files: BTreeMap::new(),
            inputs: BTreeMap::new(),
            names: BTreeMap::new(),
        };
        for (path, bytes) in workspace.outputs() {
            let file = path
                .strip_prefix("app/dist/")
                .expect("there is one output directory");
            let text = String::from_utf8(bytes).expect("outputs are text");
            let before = bundle.files.insert(without_hash(file), format!("{file}\n{text}"));
            assert!(before.is_none(), "{file}: two files have one name");
        }
        for (path, output) in metafile["outputs"].as_object().into_iter().flatten() {
            let file = without_hash(path.trim_start_matches("dist/"));
            let inputs = output["inputs"].as_object().into_iter().flatten();
            bundle
                .inputs
                .insert(file.clone(), inputs.map(|(input, _)| input.clone()).collect());
            let imports = output["imports"].as_array().into_iter().flatten();
            let named = imports.filter_map(|import| import["path"].as_str());
            let named = named.map(|path| without_hash(path.trim_start_matches("dist/")));
            bundle.names.insert(file, named.collect());
        }
        bundle
    }

    /// The files whose names or bytes differ.
    fn changed_since(&self, before: &Self) -> BTreeSet<String> {
        let all: BTreeSet<&String> = self.files.keys().chain(before.files.keys()).collect();
        let is_changed = |file: &&String| self.files.get(*file) != before.files.get(*file);
        all.into_iter().filter(is_changed).cloned().collect()
    }

    fn file_of(&self, module: &str) -> String {
        let mut holders = self.inputs.iter().filter(|(_, inputs)| inputs.contains(module));
        let holder = holders.next().unwrap_or_else(|| panic!("{module} is in no file"));
        assert!(holders.next().is_none(), "{module} is in two files");
        holder.0.clone()
    }

    /// A file and all whose text says its name, or a name that changes with it.
    fn naming(&self, file: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut pending = vec![file.to_owned()];
        while let Some(file) = pending.pop() {
            let has_hash = self.files[&file].lines().next() != Some(file.as_str());
            if !found.insert(file.clone()) || !has_hash {
                continue;
            }
            let naming = self.names.iter().filter(|(_, named)| named.contains(&file));
            pending.extend(naming.map(|(other, _)| other.clone()));
        }
        found
    }
}

/// `part3-1a2b3c4d.js` → `part3.js`
fn without_hash(file: &str) -> String {
    let Some((stem, extension)) = file.rsplit_once('.') else {
        return file.to_owned();
    };
    match stem.rsplit_once('-') {
        Some((name, hash)) if hash.len() == 8 && hash.chars().all(|one| one.is_ascii_hexdigit()) => {
            format!("{name}.{extension}")
        }
        _ => file.to_owned(),
    }
}

fn modules() -> Vec<String> {
    let parts = (0..PARTS).map(|index| format!("src/part{index}.js"));
    let pages = (0..PAGES).map(|index| format!("src/pages/page{index}.js"));
    let others = ["src/one.js", "src/two.js", "src/worker.js"].map(str::to_owned);
    parts.chain(pages).chain(others).collect()
}

/// Changes every module in turn; `expected` says which files that may change.
fn check(options: &[&str], expected: impl Fn(&Bundle, &str) -> BTreeSet<String>) {
    let workspace = Workspace::empty();
    write_program(&workspace);
    let before = Bundle::make(&workspace, options);
    assert!(
        before.files.len() > 12,
        "a program of some files: {}",
        before.files.len()
    );
    for module in modules() {
        let path = format!("app/{module}");
        let text = workspace.read(&path);
        workspace.append(&path, "globalThis.changed = 'yes';\n");
        let after = Bundle::make(&workspace, options);
        assert_eq!(
            after.changed_since(&before),
            expected(&before, &before.file_of(&module)),
            "{options:?}: what changes with {module}"
        );
        workspace.write(&path, text);
    }
}

#[test]
fn a_change_renames_the_file_and_reaches_those_that_name_it() {
    for options in [&[][..], &["--minify"], &["--entry-names", "[name]-[hash]"]] {
        check(options, Bundle::naming);
    }
}

#[test]
fn with_an_import_map_a_change_stays_in_its_file() {
    for options in [&["--chunk-import-map"][..], &["--chunk-import-map", "--minify"]] {
        check(options, |bundle, file| {
            // Entries have no hash, so the map does not know them; workers have no map, so the worker is named by path.
            let mut expected = BTreeSet::from([file.to_owned()]);
            let in_worker = bundle.naming(file);
            if in_worker.contains("worker.js") {
                expected.extend(["worker.js".to_owned(), "two.js".to_owned()]);
                let is_of_worker =
                    |other: &&String| *other != "one.js" && reaches(bundle, "worker.js", other);
                expected.extend(in_worker.iter().filter(is_of_worker).cloned());
            }
            if !["one.js", "two.js"].contains(&file) {
                expected.insert("importmap.json".to_owned());
            }
            expected
        });
    }
}

/// Whether `from` imports `to`, directly or not.
fn reaches(bundle: &Bundle, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut pending = vec![from.to_owned()];
    while let Some(file) = pending.pop() {
        if file == to {
            return true;
        }
        if seen.insert(file.clone()) {
            pending.extend(bundle.names.get(&file).into_iter().flatten().cloned());
        }
    }
    false
}
