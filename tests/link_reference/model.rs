//! The linking rules a second time, straight from PROTOCOL's text (§2 to §8 and the pseudo-code of Appendix D),
//! written to be read beside it: names instead of indexes, maps instead of tables, recursion instead of a
//! worklist. Nothing of `esmx_build::link` is used; of the crate only the comparison of a version with a
//! range, which is checked against npm's own.

use std::collections::{BTreeMap, BTreeSet};

use esmx_build::protocol::{NpmRange, Satisfaction, parse_version, satisfies};
use serde_json::{Map, Value};

use crate::world::World;

/// A diagnostic without its words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub code: String,
    pub check: String,
    pub module: String,
    pub package: String,
    pub found: String,
    pub required: String,
}

/// Majors as they rank: `unknown` last, so lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Major {
    Unknown,
    Number(u64),
}

/// §5.3 and §5.4: identity, or the public name of an island, and the major.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub identity: String,
    pub is_island: bool,
    pub major: Major,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub key: Key,
    pub provider: String,
    pub name: String,
    pub real_identity: String,
    pub version: Option<String>,
}

/// What the rules say about a closure.
#[derive(Debug, Default)]
pub struct Answer {
    pub is_cyclic: bool,
    /// In the protocol's order; within the elections and within the checks of one layer in the model's own.
    pub findings: Vec<Finding>,
    pub mounts: Vec<(String, bool)>,
    /// Key → winner and losers, as `provider/name`.
    pub elections: BTreeMap<Key, (String, Vec<String>)>,
    /// Declared module → specifier → chosen group and identifier of its winner.
    pub wiring: BTreeMap<String, BTreeMap<String, (Key, String)>>,
    layers: BTreeMap<String, Layer>,
    root_table: Vec<Offer>,
}

impl Answer {
    /// §7.2 and §7.3 for any specifier.
    pub fn select(&self, module: &str, specifier: &str) -> Option<(Key, String)> {
        let layer = self.layers.get(module)?;
        let key = layer.select(specifier)?;
        let winner = winner_of(&self.root_table, &key)?;
        Some((key, format!("{}/{}", winner.provider, winner.name)))
    }
}

fn winner_of<'a>(table: &'a [Offer], key: &Key) -> Option<&'a Offer> {
    table.iter().find(|offer| offer.key == *key)
}

/// §3.
#[derive(Debug, Clone, Default)]
struct Record {
    name: String,
    version: String,
    is_private: bool,
    maps: [Map<String, Value>; 3],
    is_declared: bool,
    schema_errors: usize,
    provides: Vec<String>,
    uses: Vec<String>,
}

const MAPS: [&str; 3] = ["dependencies", "peerDependencies", "devDependencies"];

impl Record {
    fn read(world: &World, dir: &str) -> Option<Self> {
        let json: Value = serde_json::from_str(world.files.get(&format!("{dir}/package.json"))?).ok()?;
        let object = json.as_object()?;
        let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
        let mut record = Self {
            name: text("name"),
            version: text("version"),
            is_private: object.get("private") == Some(&Value::Bool(true)),
            maps: MAPS.map(|map| {
                let map = object
                    .get(map)
                    .and_then(Value::as_object)
                    .cloned()
                    .unwrap_or_default();
                map.into_iter().filter(|(_, value)| value.is_string()).collect()
            }),
            ..Self::default()
        };
        if let Some(esmx) = object.get("esmx") {
            record.is_declared = true;
            record.declare(esmx);
        }
        Some(record)
    }

    /// §2.2, row by row.
    fn declare(&mut self, esmx: &Value) {
        let Some(esmx) = esmx.as_object() else {
            self.schema_errors += 1;
            return;
        };
        for (key, value) in esmx {
            match key.as_str() {
                "entry" | "exports" => {
                    if !value.is_object() {
                        self.schema_errors += 1;
                    }
                }
                "provides" | "uses" => {
                    let Some(items) = value.as_array() else {
                        self.schema_errors += 1;
                        continue;
                    };
                    for item in items {
                        match item.as_str() {
                            Some(text) if !text.is_empty() => {
                                let list = if key == "uses" {
                                    &mut self.uses
                                } else {
                                    &mut self.provides
                                };
                                // Duplicates collapse in `provides`; in `uses` each counts.
                                if key == "uses" || !list.iter().any(|known| known == text) {
                                    list.push(text.to_owned());
                                }
                            }
                            _ => self.schema_errors += 1,
                        }
                    }
                }
                _ => self.schema_errors += 1,
            }
        }
    }

    fn value(&self, map: usize, key: &str) -> Option<&str> {
        self.maps[map].get(key).and_then(Value::as_str)
    }

    /// `dependencies[k] ?? peerDependencies[k]`
    fn runtime(&self, key: &str) -> Option<&str> {
        self.value(0, key).or_else(|| self.value(1, key))
    }

    fn keys(&self) -> Vec<String> {
        self.maps.iter().flat_map(|map| map.keys().cloned()).collect()
    }
}

/// §5.2.
struct Spec<'a> {
    alias: Option<&'a str>,
    range: Option<&'a str>,
}

fn read_spec(value: &str) -> Spec<'_> {
    let valid = |range: &'_ str| NpmRange::parse(range).is_some();
    if let Some(target) = value.strip_prefix("npm:") {
        let skip = usize::from(target.starts_with('@'));
        let (name, range) = match target[skip..].find('@') {
            Some(at) => (&target[..skip + at], Some(&target[skip + at + 1..])),
            None => (target, None),
        };
        return Spec {
            alias: Some(name),
            range: range.filter(|range| valid(range)),
        };
    }
    let is_placeholder = ["workspace:", "file:", "link:", "portal:"]
        .iter()
        .any(|prefix| value.starts_with(prefix));
    Spec {
        alias: None,
        range: (!is_placeholder && valid(value)).then_some(value),
    }
}

fn split(specifier: &str) -> (String, String) {
    let segments = if specifier.starts_with('@') { 2 } else { 1 };
    let parts: Vec<&str> = specifier.split('/').collect();
    let parent = parts[..segments.min(parts.len())].join("/");
    let sub = specifier[parent.len()..].to_owned();
    (parent, sub)
}

/// §3, Node-style lookup.
fn find(world: &World, from: &str, name: &str) -> Option<String> {
    let mut dir = from;
    loop {
        let candidate = format!("{dir}/node_modules/{name}");
        if world.files.contains_key(&format!("{candidate}/package.json")) {
            return Some(candidate);
        }
        dir = &dir[..dir.rfind('/')?];
    }
}

#[derive(Debug, Clone)]
struct Layer {
    name: String,
    dir: String,
    record: Record,
    manifest: Option<Value>,
    /// Its own offers.
    offers: Vec<Offer>,
    /// What reaches it through `uses`, and with its own offers on top.
    used: Vec<Offer>,
    whole: Vec<Offer>,
    /// All offers of its closure, without and with its own.
    used_closure: Vec<Offer>,
    closure: Vec<Offer>,
}

/// §6.1: later entries overwrite earlier ones per group key; other keys survive.
fn overwrite(table: &mut Vec<Offer>, with: &[Offer]) {
    for offer in with {
        match table.iter_mut().find(|known| known.key == offer.key) {
            Some(known) => *known = offer.clone(),
            None => table.push(offer.clone()),
        }
    }
}

impl Layer {
    fn select(&self, specifier: &str) -> Option<Key> {
        // §7.2, 1.
        if self.record.provides.iter().any(|provided| provided == specifier) {
            return self
                .offers
                .iter()
                .find(|offer| offer.name == specifier)
                .map(|offer| offer.key.clone());
        }
        let (parent, sub) = split(specifier);
        let value = self
            .record
            .runtime(&parent)
            .or_else(|| self.record.value(2, &parent));
        let spec = value.map(read_spec);
        let mut candidates: Vec<&Offer>;
        if let Some(real) = spec.as_ref().and_then(|spec| spec.alias) {
            // 2.
            let identity = format!("{real}{sub}");
            let of = |identity: &str, is_island: bool| {
                let mut found: Vec<&Offer> = self
                    .whole
                    .iter()
                    .filter(|offer| offer.key.identity == identity && offer.key.is_island == is_island)
                    .collect();
                found.sort_by_key(|offer| std::cmp::Reverse(offer.key.major));
                found
            };
            candidates = of(specifier, true);
            candidates.extend(of(&identity, false));
        } else {
            // 3. An island's group is keyed by its public name, so that name finds it.
            candidates = self
                .whole
                .iter()
                .filter(|offer| offer.key.identity == specifier)
                .collect();
            if candidates.is_empty() {
                let named: BTreeSet<&Key> = self
                    .closure
                    .iter()
                    .filter(|offer| offer.name == specifier)
                    .map(|offer| &offer.key)
                    .collect();
                candidates = self
                    .whole
                    .iter()
                    .filter(|offer| named.contains(&offer.key))
                    .collect();
            }
            candidates.sort_by_key(|offer| (std::cmp::Reverse(offer.key.major), offer.key.is_island));
        }
        // §7.3.
        let range = spec.and_then(|spec| spec.range);
        let first_with = |wanted: Satisfaction| {
            let range = range?;
            candidates.iter().find(|offer| {
                offer
                    .version
                    .as_deref()
                    .map_or(Satisfaction::Undecidable, |version| satisfies(version, range))
                    == wanted
            })
        };
        first_with(Satisfaction::Satisfied)
            .or_else(|| first_with(Satisfaction::Undecidable))
            .or(candidates.first())
            .map(|offer| offer.key.clone())
    }
}

struct Model<'a> {
    world: &'a World,
    answer: Answer,
    layers: BTreeMap<String, Layer>,
    /// The root first, then in mount order.
    order: Vec<String>,
    on_stack: Vec<String>,
    finished: Vec<String>,
}

/// Runs the rules over the closure whose root lies in `root`.
pub fn resolve(world: &World, root: &str) -> Option<Answer> {
    let record = Record::read(world, root)?;
    let name = if record.name.is_empty() {
        root.to_owned()
    } else {
        record.name.clone()
    };
    let mut model = Model {
        world,
        answer: Answer::default(),
        layers: BTreeMap::new(),
        order: vec![name.clone()],
        on_stack: Vec::new(),
        finished: Vec::new(),
    };
    for _ in 0..record.schema_errors {
        model.report("E_SCHEMA", "", &name, "", "", "");
    }
    model.layers.insert(
        name.clone(),
        Layer::new(name.clone(), root.to_owned(), record, None),
    );
    model.walk(&name);
    if !model.answer.is_cyclic {
        model.elect(&name);
        for layer in model.order.clone() {
            model.check(&layer, &name);
            model.wire(&layer, &name);
        }
    }
    model.answer.layers = model.layers;
    let mut seen = BTreeSet::new();
    let is_repeatable = |finding: &Finding| finding.code == "E_SCHEMA";
    model
        .answer
        .findings
        .retain(|finding| is_repeatable(finding) || seen.insert(finding.clone()));
    Some(model.answer)
}

impl Layer {
    fn new(name: String, dir: String, record: Record, manifest: Option<Value>) -> Self {
        Self {
            name,
            dir,
            record,
            manifest,
            offers: Vec::new(),
            used: Vec::new(),
            whole: Vec::new(),
            used_closure: Vec::new(),
            closure: Vec::new(),
        }
    }

    /// §5.3 and §5.4.
    fn offers(&self, world: &World) -> Vec<Offer> {
        let mut offers: Vec<Offer> = Vec::new();
        for name in &self.record.provides {
            let (parent, sub) = split(name);
            let alias = (0..3)
                .find_map(|map| self.record.value(map, &parent))
                .and_then(|value| read_spec(value).alias.map(str::to_owned));
            let by_spec = format!("{}{sub}", alias.unwrap_or_else(|| parent.clone()));
            let (identity, version) = if let Some(dir) = find(world, &self.dir, &parent) {
                let installed: Value =
                    serde_json::from_str(&world.files[&format!("{dir}/package.json")]).unwrap_or_default();
                let text = |key: &str| {
                    installed[key]
                        .as_str()
                        .filter(|text| !text.is_empty())
                        .map(str::to_owned)
                };
                (
                    text("name").map_or(by_spec, |real| format!("{real}{sub}")),
                    text("version"),
                )
            } else {
                let built = self
                    .manifest
                    .as_ref()
                    .map(|manifest| &manifest["provides"][name.as_str()]);
                let version = built.and_then(|built| built.as_str().or_else(|| built["version"].as_str()));
                let package = built.and_then(|built| built["package"].as_str());
                (
                    package.map_or(by_spec, str::to_owned),
                    version
                        .filter(|version| !version.is_empty() && *version != "0.0.0")
                        .map(str::to_owned),
                )
            };
            let major = version
                .as_deref()
                .and_then(parse_version)
                .map_or(Major::Unknown, |version| Major::Number(version.major));
            offers.push(Offer {
                key: Key {
                    identity: identity.clone(),
                    is_island: false,
                    major,
                },
                provider: self.name.clone(),
                name: name.clone(),
                real_identity: identity,
                version,
            });
        }
        let group = |offer: &Offer| (offer.real_identity.clone(), offer.key.major);
        let representative = |offers: &[Offer], of: &(String, Major)| {
            let in_group = offers
                .iter()
                .filter(|offer| group(offer) == *of)
                .map(|offer| offer.name.clone());
            let names: Vec<String> = in_group.collect();
            names
                .iter()
                .find(|name| **name == of.0)
                .or(names.first())
                .cloned()
        };
        let all = offers.clone();
        for offer in &mut offers {
            if representative(&all, &group(offer)).as_deref() != Some(offer.name.as_str()) {
                offer.key.identity.clone_from(&offer.name);
                offer.key.is_island = true;
            }
        }
        offers
    }
}

impl Model<'_> {
    fn report(&mut self, code: &str, check: &str, module: &str, package: &str, found: &str, required: &str) {
        self.answer.findings.push(Finding {
            code: code.to_owned(),
            check: check.to_owned(),
            module: module.to_owned(),
            package: package.to_owned(),
            found: found.to_owned(),
            required: required.to_owned(),
        });
    }

    /// §4.1 and §6.1 together, as Appendix D has them.
    fn walk(&mut self, module: &str) {
        if self.on_stack.iter().any(|one| one == module) {
            self.answer.is_cyclic = true;
            self.report("E_CYCLE", "", module, "", "", "");
            return;
        }
        if self.finished.iter().any(|one| one == module) {
            return;
        }
        self.on_stack.push(module.to_owned());
        let mut used = Vec::new();
        let mut closure: Vec<Offer> = Vec::new();
        for name in self.layers[module].record.uses.clone() {
            if !self.mount(module, &name) {
                continue;
            }
            self.gate(module, &name);
            self.walk(&name);
            let below = self.layers[&name].clone();
            overwrite(&mut used, &below.whole);
            for offer in below.closure {
                if !closure.contains(&offer) {
                    closure.push(offer);
                }
            }
        }
        self.on_stack.pop();
        let world = self.world;
        let layer = self.layers.get_mut(module).expect("it is being walked");
        layer.offers = layer.offers(world);
        layer.whole.clone_from(&used);
        let own = layer.offers.clone();
        overwrite(&mut layer.whole, &own);
        layer.used_closure.clone_from(&closure);
        closure.extend(own);
        layer.used = used;
        layer.closure = closure;
        self.finished.push(module.to_owned());
    }

    /// Whether there is something to consume from.
    fn mount(&mut self, consumer: &str, name: &str) -> bool {
        // 1.
        if self.layers.contains_key(name) {
            return true;
        }
        let link = self.world.links.get(name);
        let found = match link {
            // 2.
            Some(artifact) => Some((
                artifact[..artifact.rfind('/').unwrap_or(0)].to_owned(),
                vec![artifact.clone()],
            )),
            // 3, and Appendix C.7.
            None => find(self.world, &self.layers[consumer].dir, name)
                .map(|dir| (dir.clone(), vec![format!("{dir}/dist"), dir])),
        };
        let record =
            found.and_then(|(dir, artifacts)| Some((Record::read(self.world, &dir)?, dir, artifacts)));
        // 4.
        let Some((record, dir, artifacts)) = record else {
            self.report("E_NOT_LINKED", "", consumer, name, "", "");
            return false;
        };
        // Appendix C.6.
        if record.name != name {
            let actual = record.name.clone();
            self.report("E_NOT_LINKED", "", consumer, name, &actual, "");
            return false;
        }
        // 5.
        for _ in 0..record.schema_errors {
            self.report("E_SCHEMA", "", name, "", "", "");
        }
        // 6, and Appendix C.10.
        let manifest_text = artifacts
            .iter()
            .find_map(|artifact| self.world.files.get(&format!("{artifact}/client/manifest.json")));
        let manifest: Option<Value> = manifest_text
            .and_then(|text| serde_json::from_str(text).ok())
            .filter(Value::is_object);
        let is_built = manifest.is_some();
        if let Some(manifest) = &manifest {
            // 7.
            let protocol = &manifest["protocol"];
            if protocol.as_f64().is_some_and(|number| number > 2.0) {
                self.report("E_PROTOCOL", "", consumer, name, &protocol.to_string(), "<= 2");
            }
        } else {
            self.report("E_NOT_BUILT", "", consumer, name, "", "");
        }
        self.answer.mounts.push((name.to_owned(), is_built));
        self.order.push(name.to_owned());
        self.layers.insert(
            name.to_owned(),
            Layer::new(name.to_owned(), dir, record, manifest),
        );
        true
    }

    /// §4.2.
    fn gate(&mut self, consumer: &str, name: &str) {
        let range = self.layers[consumer]
            .record
            .runtime(name)
            .and_then(|value| read_spec(value).range)
            .map(str::to_owned);
        let used = &self.layers[name].record;
        if let Some(range) = range
            && !used.is_private
            && satisfies(&used.version, &range) == Satisfaction::Violated
        {
            let version = used.version.clone();
            self.report("E_VERSION", "intent", consumer, name, &version, &range);
        }
    }

    /// §6.3 and §8.4.
    fn elect(&mut self, root: &str) {
        let table = self.layers[root].whole.clone();
        let mut candidates: Vec<(Key, Vec<Offer>)> = Vec::new();
        for module in self.finished.clone() {
            for offer in &self.layers[&module].offers {
                match candidates.iter_mut().find(|(key, _)| *key == offer.key) {
                    Some((_, list)) => list.push(offer.clone()),
                    None => candidates.push((offer.key.clone(), vec![offer.clone()])),
                }
            }
        }
        for (key, list) in candidates {
            let winner = winner_of(&table, &key)
                .expect("merging never removes keys")
                .clone();
            let losers: Vec<Offer> = list
                .into_iter()
                .filter(|offer| offer.provider != winner.provider)
                .collect();
            let identifier = |offer: &Offer| format!("{}/{}", offer.provider, offer.name);
            self.answer.elections.insert(
                key.clone(),
                (identifier(&winner), losers.iter().map(identifier).collect()),
            );
            if losers.is_empty() {
                continue;
            }
            let names: Vec<&str> = losers.iter().map(|loser| loser.provider.as_str()).collect();
            self.report(
                "W_MULTI_CANDIDATE",
                "",
                root,
                &key.identity,
                &names.join(", "),
                &winner.provider,
            );
            for loser in losers {
                let built = self.layers[&loser.provider]
                    .manifest
                    .as_ref()
                    .and_then(|manifest| {
                        let built = &manifest["provides"][loser.name.as_str()];
                        built
                            .as_str()
                            .or_else(|| built["version"].as_str())
                            .map(str::to_owned)
                    });
                let (Some(built), Some(version)) = (built, winner.version.clone()) else {
                    continue;
                };
                let major = |text: &str| parse_version(text).map(|version| version.major);
                if let (Some(one), Some(other)) = (major(&built), major(&version))
                    && one != other
                {
                    let required = format!("built against {built} (same major)");
                    self.report(
                        "E_VERSION",
                        "substitution-safety",
                        &loser.provider,
                        &key.identity,
                        &version,
                        &required,
                    );
                }
            }
        }
        let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
        for offer in &table {
            *groups.entry(&offer.key.identity).or_default() += 1;
        }
        let several: Vec<String> = groups
            .into_iter()
            .filter(|(_, count)| *count > 1)
            .map(|(identity, _)| identity.to_owned())
            .collect();
        for identity in several {
            self.report("W_MULTI_MAJOR", "", root, &identity, "", "");
        }
        self.answer.root_table = table;
    }

    /// §8.3 and §8.5.
    fn check(&mut self, module: &str, root: &str) {
        let layer = self.layers[module].clone();
        if !layer.record.is_declared {
            return;
        }
        let table = self.layers[root].whole.clone();
        let keys: BTreeSet<String> = layer.record.maps[..2]
            .iter()
            .flat_map(|map| map.keys().cloned())
            .collect();
        for key in keys {
            let value = layer.record.runtime(&key).expect("it is a key");
            let spec = read_spec(value);
            let Some(range) = spec.range else { continue };
            let real = spec.alias.unwrap_or(&key);
            let below = layer.whole.iter().map(|offer| split(&offer.key.identity));
            let subpaths = below.filter(|(parent, sub)| parent == real && !sub.is_empty());
            let specifiers =
                std::iter::once(key.clone()).chain(subpaths.map(|(_, sub)| format!("{key}{sub}")));
            for specifier in specifiers {
                let winner = layer
                    .select(&specifier)
                    .and_then(|group| winner_of(&table, &group));
                if let Some(version) = winner.and_then(|winner| winner.version.as_deref())
                    && satisfies(version, range) == Satisfaction::Violated
                {
                    self.report("E_VERSION", "intent", module, &key, version, range);
                }
            }
        }
        let identities: BTreeSet<&str> = layer
            .used
            .iter()
            .map(|offer| offer.key.identity.as_str())
            .collect();
        for identity in identities {
            let parent = split(identity).0;
            let dependency_keys = layer.record.keys();
            let by_name = dependency_keys.iter().any(|key| {
                let value = layer.record.runtime(key).or_else(|| layer.record.value(2, key));
                value.and_then(|value| read_spec(value).alias).unwrap_or(key) == parent
            });
            let by_public_name = layer
                .used_closure
                .iter()
                .any(|offer| offer.key.identity == identity && dependency_keys.contains(&offer.name));
            if !by_name && !by_public_name {
                self.report("W_NO_RANGE", "", module, identity, "", "");
            }
        }
        for key in layer.record.maps[2].keys() {
            let Some(winner) = layer.select(key).and_then(|group| winner_of(&table, &group)) else {
                continue;
            };
            let local = find(self.world, &layer.dir, key).and_then(|dir| {
                let installed: Value =
                    serde_json::from_str(&self.world.files[&format!("{dir}/package.json")]).ok()?;
                installed["version"]
                    .as_str()
                    .filter(|text| !text.is_empty())
                    .map(str::to_owned)
            });
            if let (Some(local), Some(version)) = (local, &winner.version)
                && local != *version
            {
                self.report("W_TYPE_DRIFT", "", module, key, &local, version);
            }
        }
    }

    /// §7.4.
    fn wire(&mut self, module: &str, root: &str) {
        let layer = self.layers[module].clone();
        if !layer.record.is_declared {
            return;
        }
        let mut specifiers: BTreeSet<String> = layer.record.keys().into_iter().collect();
        specifiers.extend(layer.whole.iter().map(|offer| offer.key.identity.clone()));
        specifiers.extend(layer.closure.iter().map(|offer| offer.name.clone()));
        let table = &self.layers[root].whole;
        let wired = specifiers.into_iter().filter_map(|specifier| {
            let key = layer.select(&specifier)?;
            let winner = winner_of(table, &key)?;
            let identifier = format!("{}/{}", winner.provider, winner.name);
            Some((specifier, (key, identifier)))
        });
        let wired = wired.collect();
        self.answer.wiring.insert(module.to_owned(), wired);
    }
}
