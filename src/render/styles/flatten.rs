//! From imported style sheets to one list of rules. A sheet that is imported several times under the same
//! conditions counts where it is imported last, as in a browser; but the order of cascade layers is decided
//! where each is named first, so a sheet that is left out leaves the names of its layers behind.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::graph::{
    ModuleGraph, ModuleId, RecordId, RequestSyntax, Resource, StyleConditions, StyleImport, StylePart,
    StyleSheet, StyleTarget, StyleText, Target,
};

/// A piece of the joined style sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item<'a> {
    /// The conditions of all imports that lead to it, the outermost first.
    pub chain: Vec<Link<'a>>,
    /// What it is.
    pub content: Content<'a>,
}

/// The conditions of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Link<'a> {
    /// Layer, feature query and media.
    pub conditions: &'a StyleConditions,
    /// Which layer without a name it is, where it is one: each time that it is imported, another one.
    pub anonymous: Option<usize>,
}

/// What a piece is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content<'a> {
    /// `@layer a, b;`
    Layers(Vec<String>),
    /// An `@import` that the browser follows; its own conditions are last in the chain.
    Remote(&'a str),
    /// The rules of a sheet.
    Rules(ModuleId, &'a StyleText),
}

/// Everything that `modules` import, in order.
pub fn flatten<'a>(graph: &'a ModuleGraph, modules: &[ModuleId]) -> Vec<Item<'a>> {
    let mut flattener = Flattener {
        graph,
        open: Vec::new(),
        items: Vec::new(),
        anonymous_layers: 0,
    };
    for module in modules {
        flattener.sheet(*module, &[]);
    }
    last_of_each(graph, flattener.items)
}

/// Everything that a sheet needs where it stands alone: the sheets whose names it composes apply before it.
pub fn flatten_alone(graph: &ModuleGraph, sheet: ModuleId) -> Vec<Item<'_>> {
    let mut finished = Vec::new();
    let mut entered = FxHashSet::from_iter([sheet]);
    let mut stack = vec![(sheet, 0)];
    while let Some((module, next)) = stack.last_mut() {
        let node = &graph.modules[*module];
        let Some(record) = node.syntax.records.iter().nth(*next) else {
            finished.push(*module);
            stack.pop();
            continue;
        };
        let target = node.targets[RecordId::from_usize(*next)];
        *next += 1;
        if let Target::Module(target) = target
            && record.syntax == RequestSyntax::Static
            && sheet_of(graph, target).is_some()
            && entered.insert(target)
        {
            stack.push((target, 0));
        }
    }
    flatten(graph, &finished)
}

fn sheet_of(graph: &ModuleGraph, module: ModuleId) -> Option<&StyleSheet> {
    match &graph.modules[module].syntax.resource {
        Some(Resource::Style(sheet)) => Some(sheet),
        _ => None,
    }
}

struct Flattener<'a> {
    graph: &'a ModuleGraph,
    /// Sheets whose imports are being followed: one that leads back to itself imports nothing new.
    open: Vec<ModuleId>,
    items: Vec<Item<'a>>,
    /// How many layers without a name there were so far.
    anonymous_layers: usize,
}

impl<'a> Flattener<'a> {
    fn sheet(&mut self, module: ModuleId, chain: &[Link<'a>]) {
        let Some(sheet) = sheet_of(self.graph, module) else {
            return;
        };
        if self.open.contains(&module) {
            return;
        }
        self.open.push(module);
        for part in &sheet.parts {
            let content = match part {
                StylePart::Layers(names) => Content::Layers(names.clone()),
                StylePart::Rules(text) => Content::Rules(module, text),
                StylePart::Import(import) => {
                    self.import(module, import, chain);
                    continue;
                }
            };
            self.items.push(Item {
                chain: chain.to_vec(),
                content,
            });
        }
        self.open.pop();
    }

    fn import(&mut self, module: ModuleId, import: &'a StyleImport, chain: &[Link<'a>]) {
        let mut chain = chain.to_vec();
        let is_anonymous = matches!(import.conditions.layer, Some(None));
        self.anonymous_layers += usize::from(is_anonymous);
        let link = Link {
            conditions: &import.conditions,
            anonymous: is_anonymous.then_some(self.anonymous_layers),
        };
        match &import.target {
            StyleTarget::Remote(url) => {
                chain.push(link);
                self.items.push(Item {
                    chain,
                    content: Content::Remote(url),
                });
            }
            StyleTarget::Request(record) => {
                if import.conditions != StyleConditions::default() {
                    chain.push(link);
                }
                match self.graph.modules[module].targets[*record] {
                    Target::Module(target) => {
                        let before = self.items.len();
                        self.sheet(target, &chain);
                        // A sheet without rules names its layer all the same.
                        if self.items.len() == before && matches!(import.conditions.layer, Some(Some(_))) {
                            self.items.push(Item {
                                chain,
                                content: Content::Layers(Vec::new()),
                            });
                        }
                    }
                    Target::External(outside) => {
                        if import.conditions == StyleConditions::default() {
                            chain.push(link);
                        }
                        self.items.push(Item {
                            chain,
                            content: Content::Remote(&self.graph.externals[outside].specifier),
                        });
                    }
                    Target::Ignored | Target::Missing => {}
                }
            }
        }
    }
}

/// Keeps the last of equal items.
fn last_of_each<'a>(graph: &ModuleGraph, items: Vec<Item<'a>>) -> Vec<Item<'a>> {
    let mut kept_later: FxHashSet<(Vec<Link<'_>>, usize)> = FxHashSet::default();
    let mut addresses: FxHashMap<&str, usize> = FxHashMap::default();
    let mut kept = Vec::with_capacity(items.len());
    for item in items.into_iter().rev() {
        let identity = match &item.content {
            Content::Layers(_) => None,
            // Texts and URLs are told apart by where they are stored; equal URLs by the first of them.
            Content::Remote(url) => {
                let next = std::ptr::from_ref::<str>(url).cast::<u8>().addr();
                Some(*addresses.entry(url).or_insert(next))
            }
            Content::Rules(_, text) => Some(std::ptr::from_ref::<StyleText>(text).addr()),
        };
        // Two layers without a name are two layers.
        let is_anonymous = item.chain.iter().any(|link| link.anonymous.is_some());
        let Some(identity) = identity.filter(|_| !is_anonymous) else {
            kept.push(item);
            continue;
        };
        if kept_later.insert((item.chain.clone(), identity)) {
            kept.push(item);
            continue;
        }
        if let Some(names) = layers_left_behind(graph, &item) {
            kept.push(names);
        }
    }
    kept.reverse();
    kept
}

/// The layers that a left out sheet would have been the first to name.
fn layers_left_behind<'a>(graph: &ModuleGraph, item: &Item<'a>) -> Option<Item<'a>> {
    let own: &[String] = match &item.content {
        Content::Rules(module, _) => sheet_of(graph, *module).map_or(&[], |sheet| &sheet.layers),
        _ => &[],
    };
    let has_layer = item.chain.iter().any(|link| link.conditions.layer.is_some());
    let names = match (own.is_empty(), has_layer) {
        (true, false) => return None,
        // The chain itself is wrapped around; an empty block in it names its layers.
        (true, true) => Vec::new(),
        (false, _) => own.to_vec(),
    };
    Some(Item {
        chain: item.chain.clone(),
        content: Content::Layers(names),
    })
}
