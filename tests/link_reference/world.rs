//! Random closures: a handful of modules with a handful of packages, where everything that the rules
//! distinguish happens often. Written as files, so that both sides read the same text.

use std::collections::BTreeMap;
use std::fmt;

use esmx_build::base::MemoryFileSystem;
use esmx_build::link::BehaviourFacts;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

pub const ROOT: &str = "/w/app";

/// Files and links.
#[derive(Clone, Default)]
pub struct World {
    pub files: BTreeMap<String, String>,
    /// Module → absolute artifact directory.
    pub links: BTreeMap<String, String>,
}

impl World {
    pub fn file_system(&self) -> MemoryFileSystem {
        let mut files = MemoryFileSystem::default();
        for (path, text) in &self.files {
            files.insert(path, text.as_bytes());
        }
        files
    }

    pub fn facts(&self) -> BehaviourFacts {
        BehaviourFacts::with_links(
            self.links
                .iter()
                .map(|(name, path)| (name.as_str(), path.as_str())),
        )
    }

    pub fn json(&self, dir: &str) -> Value {
        serde_json::from_str(&self.files[&format!("{dir}/package.json")]).expect("the generator writes JSON")
    }

    pub fn set_json(&mut self, dir: &str, value: &Value) {
        self.files
            .insert(format!("{dir}/package.json"), value.to_string());
    }
}

/// As it would stand in a literate case.
impl fmt::Debug for World {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter)?;
        for (path, text) in &self.files {
            writeln!(formatter, "{} {text}", path.trim_start_matches("/w/"))?;
        }
        for (name, path) in &self.links {
            writeln!(formatter, "link {name} = {path}")?;
        }
        Ok(())
    }
}

/// What a generated module may do that others rely on not happening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Everything, errors and cycles among them.
    Anything,
    /// Acyclic, every module there once, and what it provides installed: it can be built alone.
    Buildable,
}

/// Names by which packages are asked for, and what may be installed under them.
const KEYS: [&str; 9] = [
    "vue",
    "vue",
    "vue2",
    "vue34",
    "axios",
    "react",
    "@acme/kit",
    "kit",
    "forked",
];
const INSTALLED: [(&str, &[&str]); 5] = [
    (
        "vue",
        &["3.4.21", "3.5.2", "2.7.16", "2.6.14", "3.6.0-beta.2", "", "next"],
    ),
    ("axios", &["0.21.1", "0.27.2", "1.6.0"]),
    ("react", &["19.1.0", "18.3.1", "19.0.0-rc.1"]),
    ("@acme/kit", &["1.0.0", "1.5.0", "2.0.0", "not-a-version"]),
    ("vue-fork", &["3.4.0", "4.0.0"]),
];
const SUBPATHS: [&str; 6] = ["", "", "", "", "/jsx-runtime", "/client"];
const RANGES: [&str; 22] = [
    "^3.4.0",
    "^2.7.0",
    "~3.4.0",
    "^0.27.0",
    "^19.0.0",
    "^18.0.0 || ^19.0.0",
    "^1.0.0",
    ">=2",
    "*",
    "",
    "x",
    "latest",
    "workspace:^3.0.0",
    "file:../x",
    "catalog:",
    "git+ssh://git@example.org/a.git",
    "^9.0.0",
    "2.6.0 - 2.7.99",
    "3.x || 2.x",
    "link:../y",
    "portal:../z",
    "not a range",
];
const ALIAS_RANGES: [&str; 7] = ["@^2.7.0", "@^3.4.0", "@^1.0.0", "", "@next", "@*", "@^0.27.0"];
const MODULE_SPECS: [&str; 8] = [
    "^1.0.0",
    "^2.0.0",
    "workspace:*",
    "*",
    "workspace:^3.0.0",
    "~1.2.0",
    "latest",
    ">=1.0.0 <3",
];
const MODULE_NAMES: [&str; 7] = ["base", "@acme/design", "left", "right", "shell", "data", "extra"];

#[derive(Debug, Clone)]
struct Module {
    uses: Vec<usize>,
    provides: Vec<(usize, usize)>,
    /// Map, key, value.
    dependencies: Vec<(usize, usize, usize)>,
    /// Map, used module, value.
    uses_versions: Vec<(usize, usize, usize)>,
    /// Key, package, version; an installed copy of its own.
    installed: Vec<(usize, usize, usize)>,
    version: usize,
    /// What else there is to it, as dice.
    dice: [u8; 6],
}

fn module(shape: Shape) -> impl Strategy<Value = Module> {
    let most = if shape == Shape::Anything { 5 } else { 4 };
    (
        vec(0..9_usize, 0..most),
        vec((0..KEYS.len(), 0..SUBPATHS.len()), 0..4),
        vec((0..3_usize, 0..KEYS.len(), 0..200_usize), 0..6),
        vec((0..3_usize, 0..MODULE_NAMES.len(), 0..MODULE_SPECS.len()), 0..3),
        vec((0..KEYS.len(), 0..INSTALLED.len() * 3, 0..20_usize), 0..5),
        0..6_usize,
        any::<[u8; 6]>(),
    )
        .prop_map(
            |(uses, provides, dependencies, uses_versions, installed, version, dice)| Module {
                uses,
                provides,
                dependencies,
                uses_versions,
                installed,
                version,
                dice,
            },
        )
}

/// A closure whose root is [`ROOT`].
pub fn world(shape: Shape) -> impl Strategy<Value = World> {
    let hoisted = vec((0..KEYS.len(), 0..INSTALLED.len() * 3, 0..20_usize), 0..6);
    (vec(module(shape), 1..=MODULE_NAMES.len() + 1), hoisted).prop_map(move |(modules, hoisted)| {
        let mut world = World::default();
        for (key, package, version) in hoisted {
            install(&mut world, "/w", key, package, version);
        }
        for (index, module) in modules.iter().enumerate() {
            write_module(&mut world, shape, index, modules.len(), module);
        }
        world
    })
}

/// 0 is the root, the others may be used.
fn name_of(index: usize) -> &'static str {
    if index == 0 {
        "app"
    } else {
        MODULE_NAMES[index - 1]
    }
}

fn write_module(world: &mut World, shape: Shape, index: usize, count: usize, module: &Module) {
    let is_free = shape == Shape::Anything;
    let name = name_of(index);
    let [
        link_die,
        kind_die,
        artifact_die,
        schema_die,
        cycle_die,
        private_die,
    ] = module.dice;
    let is_linked = index > 0 && link_die % 4 == 0;
    let dir = match index {
        0 => ROOT.to_owned(),
        _ if is_linked => format!("/w/linked/{name}"),
        _ => format!("/w/node_modules/{name}"),
    };
    let mut uses: Vec<String> = Vec::new();
    for &used in &module.uses {
        let target = index + 1 + used % (count - index).max(1);
        if is_free && cycle_die < 8 {
            uses.push(name_of(used % count).to_owned());
        } else if target < count {
            uses.push(name_of(target).to_owned());
        } else if is_free && cycle_die % 16 == 9 {
            uses.push("missing".to_owned());
        }
    }
    let mut provides: Vec<String> = Vec::new();
    for &(key, sub) in &module.provides {
        let name = format!("{}{}", KEYS[key], SUBPATHS[sub]);
        if !provides.contains(&name) {
            provides.push(name);
        }
    }
    let mut maps = [json!({}), json!({}), json!({})];
    for &(map, key, value) in &module.dependencies {
        maps[map][KEYS[key]] = dependency_value(value).into();
    }
    for &(map, used, value) in &module.uses_versions {
        maps[map][MODULE_NAMES[used]] = MODULE_SPECS[value].into();
    }
    let [dependencies, peer_dependencies, dev_dependencies] = maps;
    let version = ["1.0.0", "1.2.3", "2.0.0", "3.0.0-beta.1", "", "one"][module.version];
    let mut package = json!({
        "name": name, "version": version, "dependencies": dependencies, "peerDependencies": peer_dependencies,
        "devDependencies": dev_dependencies, "esmx": { "uses": uses, "provides": provides }
    });
    if private_die % 3 == 0 {
        package["private"] = true.into();
    }
    if is_free && kind_die % 16 == 3 && index > 0 {
        // A legacy module, or a plain package.
        package.as_object_mut().expect("an object").remove("esmx");
    }
    if is_free {
        break_schema(&mut package, schema_die);
        if kind_die == 77 {
            package["name"] = "another-name".into();
        }
    }
    world.set_json(&dir, &package);
    if is_free && index > 0 && kind_die == 78 {
        world
            .files
            .insert(format!("{dir}/package.json"), "{ not json".to_owned());
    }
    for &(key, package, version) in &module.installed {
        install(world, &dir, key, package, version);
    }
    if !is_free {
        for provided in &provides {
            let key = KEYS
                .iter()
                .position(|key| provided.starts_with(key))
                .expect("a key");
            let parent = provided_parent(provided);
            if !world
                .files
                .contains_key(&format!("{dir}/node_modules/{parent}/package.json"))
            {
                let key = KEYS.iter().position(|one| *one == parent).unwrap_or(key);
                install(
                    world,
                    &dir,
                    key,
                    usize::from(kind_die) % 15,
                    usize::from(artifact_die),
                );
            }
        }
    }
    write_artifact(world, &dir, is_linked, &provides, artifact_die);
    if is_linked {
        world.links.insert(name.to_owned(), format!("{dir}/dist"));
    }
}

fn provided_parent(provided: &str) -> String {
    let segments = if provided.starts_with('@') { 2 } else { 1 };
    provided.split('/').take(segments).collect::<Vec<_>>().join("/")
}

fn dependency_value(choice: usize) -> String {
    if choice % 5 < 2 {
        let (package, _) = INSTALLED[choice / 5 % INSTALLED.len()];
        format!("npm:{package}{}", ALIAS_RANGES[choice / 25 % ALIAS_RANGES.len()])
    } else {
        RANGES[choice % RANGES.len()].to_owned()
    }
}

/// Mostly what the key names; sometimes another package, as an npm alias leaves it.
fn install(world: &mut World, at: &str, key: usize, package: usize, version: usize) {
    let key = KEYS[key];
    let own = match key {
        "vue" | "vue2" | "vue34" => 0,
        "axios" => 1,
        "react" => 2,
        "@acme/kit" | "kit" => 3,
        _ => 4,
    };
    let (real, versions) = INSTALLED[if package < INSTALLED.len() { package } else { own }];
    let version = match key {
        "vue2" if version.is_multiple_of(2) => "2.7.16",
        "vue34" if version.is_multiple_of(2) => "3.4.21",
        _ => versions[version % versions.len()],
    };
    let mut json = json!({ "name": real, "version": version });
    if version.is_empty() {
        json.as_object_mut().expect("an object").remove("version");
    }
    // A package whose package.json has no name goes by what asked for it.
    if package % 11 == 7 {
        json.as_object_mut().expect("an object").remove("name");
    }
    world.set_json(&format!("{at}/node_modules/{key}"), &json);
}

fn write_artifact(world: &mut World, dir: &str, is_linked: bool, provides: &[String], die: u8) {
    let mut built = json!({});
    for (index, provided) in provides.iter().enumerate() {
        let (real, versions) = INSTALLED[(usize::from(die) + index) % INSTALLED.len()];
        let version = versions[usize::from(die) / 8 % versions.len()];
        let own = KEYS.iter().any(|key| *key == real && provided.starts_with(key));
        match (usize::from(die) + index) % 5 {
            0 => {}
            1 => built[provided] = version.into(),
            2 if own => built[provided] = json!({ "version": version, "package": provided, "chunks": [] }),
            3 => built[provided] = json!({ "version": "0.0.0", "chunks": [] }),
            _ => built[provided] = json!({ "version": version }),
        }
    }
    let manifest = json!({ "protocol": 2, "name": "built-name", "provides": built });
    let text = match die % 16 {
        0 => return,
        1 => "{ broken".to_owned(),
        2 => "[]".to_owned(),
        3 => json!({ "protocol": 3, "exports": [1] }).to_string(),
        4 => json!({ "provides": manifest["provides"] }).to_string(),
        _ => manifest.to_string(),
    };
    // Appendix C.7: an installed pack may carry its artifact at the package root.
    let place = if die % 16 == 5 && !is_linked {
        dir.to_owned()
    } else {
        format!("{dir}/dist")
    };
    world.files.insert(format!("{place}/client/manifest.json"), text);
}

/// §2.2: one bad piece, now and then.
fn break_schema(package: &mut Value, die: u8) {
    if package.get("esmx").is_none() {
        return;
    }
    match die {
        0 => package["esmx"] = Value::Null,
        1 => package["esmx"] = "uses".into(),
        2 => package["esmx"]["eager"] = true.into(),
        3 => package["esmx"]["uses"] = "base".into(),
        4 => package["esmx"]["provides"] = json!({}),
        5 => {
            let uses = package["esmx"]["uses"].as_array_mut().expect("an array");
            uses.insert(0, json!(1));
            uses.push("".into());
        }
        6 => package["esmx"]["provides"]
            .as_array_mut()
            .expect("an array")
            .push(Value::Null),
        7 => package["esmx"]["exports"] = json!([]),
        8 => package["dependencies"] = json!([]),
        9 => package["devDependencies"]["vue"] = json!(7),
        _ => {}
    }
}

/// Which of several.
pub fn position() -> impl Strategy<Value = usize> {
    select((0..64_usize).collect::<Vec<_>>())
}
