//! Everything that the text of a module depends on, for modules of which that is little enough to list.

use std::sync::Arc;

use fixedbitset::FixedBitSet;
use swc_core::atoms::Atom;

use crate::base::Digest;
use crate::bind::{
    Binding, BoundGraph, HandedOver, ModuleExports, SymbolId, SymbolOwner, ViewForm, Wrapping,
};
use crate::chunk::references::{evaluates, interop_symbol, owning_module};
use crate::graph::{
    Constant, ImportMetaUse, LocalId, MemberPath, ModuleId, ModuleSyntax, RecordId, RequestSyntax,
    StatementId, Target,
};
use crate::render::names::ChunkNames;
use crate::render::surroundings::Surroundings;

/// The key of a module's text. Two that are equal stand for the same text.
#[derive(Clone)]
pub struct ModuleKey {
    syntax: Arc<ModuleSyntax>,
    included: FixedBitSet,
    facts: Vec<Fact>,
}

/// A part of a key. What stands where in a key is a matter of the module's syntax, which is part of it, too.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fact {
    Name(Option<Atom>),
    Flags(u32),
    Text(String),
    Constant(Constant),
    Wrapping(Wrapping),
    View(ViewForm),
    Path(LocalId, MemberPath),
    Undefined,
}

impl Fact {
    /// Which fact it is, as far as it has no parts.
    fn kind(&self) -> &'static str {
        match self {
            Self::Name(Some(_)) => "name",
            Self::Name(None) => "no name",
            Self::Flags(_) => "flags",
            Self::Text(_) => "text",
            Self::Constant(Constant::Undefined) => "undefined constant",
            Self::Constant(Constant::Null) => "null",
            Self::Constant(Constant::Boolean(false)) => "false",
            Self::Constant(Constant::Boolean(true)) => "true",
            Self::Constant(Constant::Number(_)) => "number",
            Self::Constant(Constant::Text(_)) => "string",
            Self::Wrapping(Wrapping::Hoisted) => "hoisted",
            Self::Wrapping(Wrapping::CommonJs) => "CommonJS",
            Self::Wrapping(Wrapping::Lazy) => "lazy",
            Self::View(ViewForm::Whole) => "whole view",
            Self::View(ViewForm::Value) => "value",
            Self::View(ViewForm::Names) => "names",
            Self::View(ViewForm::Taken) => "taken names",
            Self::View(ViewForm::Required) => "required value",
            Self::View(ViewForm::Default) => "default",
            Self::Path(..) => "path",
            Self::Undefined => "undefined",
        }
    }
}

impl PartialEq for ModuleKey {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.syntax, &other.syntax)
            && self.included == other.included
            && self.facts == other.facts
    }
}

impl ModuleKey {
    /// The address of what a module says, which stands for it as long as the key is there.
    pub fn syntax(&self) -> usize {
        Arc::as_ptr(&self.syntax).addr()
    }

    /// What it is in every process; none where what the module says has no identity.
    pub fn digest(&self) -> Option<Digest> {
        let mut bytes = self.syntax.identity?.as_bytes().to_vec();
        let mut write = |text: &str| {
            bytes.extend((text.len() as u64).to_le_bytes());
            bytes.extend(text.as_bytes());
        };
        let included: Vec<String> = self.included.ones().map(|index| index.to_string()).collect();
        write(&included.join(" "));
        for fact in &self.facts {
            write(fact.kind());
            match fact {
                Fact::Name(name) => write(name.as_deref().unwrap_or_default()),
                Fact::Flags(flags) => write(&flags.to_string()),
                Fact::Text(text) => write(text),
                Fact::Constant(Constant::Text(text)) => write(text),
                Fact::Constant(Constant::Number(bits)) => write(&bits.to_string()),
                Fact::Constant(Constant::Boolean(_) | Constant::Undefined | Constant::Null)
                | Fact::Wrapping(_)
                | Fact::View(_)
                | Fact::Undefined => {}
                Fact::Path(local, path) => {
                    write(&local.index().to_string());
                    write(&path.len().to_string());
                    for name in path {
                        write(name);
                    }
                }
            }
        }
        Some(Digest::of(&bytes))
    }

    /// The key of a module; none where its text depends on more.
    pub fn of(surroundings: &Surroundings<'_>, names: &ChunkNames, id: ModuleId) -> Option<Self> {
        let bound = &surroundings.graph.bound;
        let module = &bound.graph.modules[id];
        let syntax = &module.syntax;
        if !depends_on_little(surroundings, syntax) || !surroundings.views.made_by(id).is_empty() {
            return None;
        }
        let mut gathered = Gathered {
            surroundings,
            bound,
            names,
            id,
            facts: Vec::with_capacity(2 * syntax.symbols.len() + 4 * syntax.records.len() + 4),
        };
        gathered.module();
        for local in syntax.symbols.indices() {
            gathered.own_binding(local);
        }
        gathered.imports();
        for record in syntax.records.indices() {
            gathered.request(record);
        }
        Some(Self {
            syntax: Arc::clone(syntax),
            included: bound.included_statements[id].clone(),
            facts: gathered.facts,
        })
    }
}

/// Whether all that a module names are bindings and other modules' code, and nothing knows what it is called.
fn depends_on_little(surroundings: &Surroundings<'_>, syntax: &ModuleSyntax) -> bool {
    let features = &syntax.features;
    let is_plain_request = |request: RequestSyntax| {
        matches!(
            request,
            RequestSyntax::Static | RequestSyntax::Require | RequestSyntax::RequireInTry
        )
    };
    // Generated names depend on the place of the module in its file.
    surroundings.options.lowering.is_needless()
        && !surroundings.graph.bound.module_objects.keeps_cache
        && !features.has_dynamic_scope
        && !features.uses_require_value
        && !features.uses_module_object
        && !features.uses_module_arguments
        && !features.uses_module_cache
        // The main module is another one where entries are others, and only in Node there is one.
        && !features.uses_main_module
        && features.import_meta == ImportMetaUse::Nothing
        && syntax.resource.is_none()
        && syntax
            .records
            .iter()
            .all(|record| is_plain_request(record.syntax))
}

struct Gathered<'a> {
    surroundings: &'a Surroundings<'a>,
    bound: &'a BoundGraph,
    names: &'a ChunkNames,
    id: ModuleId,
    facts: Vec<Fact>,
}

impl Gathered<'_> {
    fn module(&mut self) {
        let (bound, id) = (self.bound, self.id);
        let module = &bound.graph.modules[id];
        self.facts.push(Fact::Wrapping(bound.wrapping[id]));
        self.flags([
            bound.asynchronous.contains(id.index()),
            bound.in_cycle.contains(id.index()),
            module.is_node_module_syntax,
            self.surroundings.options.input_maps.of(id).is_some(),
        ]);
        self.invented(&SymbolOwner::Wrapper(id));
        let included = bound.included_statements[id].ones();
        let values = included.filter(|index| {
            let statement = StatementId::from_usize(*index);
            bound.only_values.contains(&(id, statement))
        });
        let values: Vec<String> = values.map(|index| index.to_string()).collect();
        self.facts.push(Fact::Text(values.join(" ")));
        if bound.object_of_some(id).is_some() {
            let mut asked: Vec<&Atom> = bound.asked_properties.get(&id).into_iter().flatten().collect();
            asked.sort_unstable();
            self.flags([true]);
            let names = asked.into_iter().map(|name| Fact::Name(Some(name.clone())));
            self.facts.extend(names);
        }
    }

    fn own_binding(&mut self, local: LocalId) {
        let symbol = self.bound.symbols.local(self.id, local);
        self.facts.push(Fact::Name(self.names.get(symbol).cloned()));
        let is_asked = self.bound.asked_names.contains(&symbol);
        let is_checked = self.bound.may_be_unset.contains(symbol.index());
        let is_unread = self.bound.is_declared_in_vain(symbol);
        if is_asked || is_checked || is_unread {
            self.flags([is_asked, is_checked, is_unread]);
        }
    }

    fn imports(&mut self) {
        let bound = self.bound;
        let mut imports: Vec<(&LocalId, &Binding)> = bound.imports[self.id].iter().collect();
        imports.sort_unstable_by_key(|(local, _)| **local);
        for (local, binding) in imports {
            self.facts.push(Fact::Path(*local, MemberPath::default()));
            self.binding(binding);
        }
        let mut members: Vec<(&(LocalId, MemberPath), &Binding)> = bound.members[self.id].iter().collect();
        members.sort_unstable_by_key(|(place, _)| *place);
        for ((local, path), binding) in members {
            self.facts.push(Fact::Path(*local, path.clone()));
            self.binding(binding);
        }
        let mut tests: Vec<(&(LocalId, Atom), &bool)> = bound.key_tests[self.id].iter().collect();
        tests.sort_unstable_by_key(|(place, _)| *place);
        for ((local, name), answer) in tests {
            self.facts.push(Fact::Path(*local, vec![name.clone()]));
            self.flags([*answer]);
        }
    }

    fn request(&mut self, record: RecordId) {
        let (bound, id, views) = (self.bound, self.id, self.surroundings.views);
        let target = match bound.graph.modules[id].targets[record] {
            Target::Module(target) => target,
            Target::External(external) => {
                let is_builtin = bound.graph.externals[external].is_builtin;
                self.flags([true, is_builtin]);
                let specifier = self.surroundings.outside(external);
                self.facts.push(Fact::Text(specifier));
                self.invented(&SymbolOwner::ExternalNamespace(external));
                // What is required is held by a variable of the module.
                match interop_symbol(bound, id, record) {
                    Some(view) => self.symbol(view),
                    None => self.facts.push(Fact::Undefined),
                }
                return;
            }
            Target::Ignored | Target::Missing => {
                self.facts.push(Fact::Undefined);
                return;
            }
        };
        self.facts.push(Fact::Wrapping(bound.wrapping[target]));
        self.flags([
            bound.asynchronous.contains(target.index()),
            evaluates(bound, id, record).is_some(),
            views.is_evaluated(id, record),
            bound.graph.modules[target].syntax.features.is_required_as_default,
        ]);
        let handed_over = bound.handed_over(target);
        let is_handed = |which: fn(HandedOver) -> bool| handed_over.is_some_and(which);
        self.flags([
            handed_over.is_some(),
            is_handed(|objects| objects.view),
            is_handed(|objects| objects.live),
        ]);
        match bound.json_value(target) {
            Some(value) => self.symbol(value),
            None => self.facts.push(Fact::Undefined),
        }
        match bound.exports_object(target) {
            Some(object) => self.binding(&object),
            None => self.facts.push(Fact::Undefined),
        }
        self.invented(&SymbolOwner::Wrapper(target));
        self.invented(&SymbolOwner::Namespace(target));
        self.flags([bound.handed_over(target).is_some()]);
        if let Some(view) = interop_symbol(bound, id, record) {
            let form = bound.view_form(view);
            self.facts.push(Fact::View(form));
            if form == ViewForm::Taken {
                let names = bound.view_names.get(&target).into_iter().flatten();
                self.facts
                    .extend(names.map(|name| Fact::Name(Some(name.clone()))));
            }
            self.symbol(view);
            self.flags([
                views.is_listed(bound, view),
                views.original(view) != view,
                views.is_made(id, record),
            ]);
        }
        if let Some(exports) = bound.exports.get(&target) {
            self.shown(exports);
        }
    }

    /// What a view of a module, or its value for `require()`, says of its exports.
    fn shown(&mut self, exports: &ModuleExports) {
        for name in &exports.commonjs_names {
            self.facts.push(Fact::Name(Some(name.clone())));
        }
        for (name, binding) in &exports.bindings {
            if matches!(&**name, "default" | "module.exports") {
                self.facts.push(Fact::Name(Some(name.clone())));
                self.binding(binding);
            }
        }
    }

    fn binding(&mut self, binding: &Binding) {
        match binding {
            Binding::Symbol(symbol) => self.symbol(*symbol),
            Binding::Member(symbol, name) => {
                self.flags([true, self.bound.is_itself(*symbol, name)]);
                self.symbol(*symbol);
                self.facts.push(Fact::Name(Some(name.clone())));
            }
            Binding::Constant(value) => self.facts.push(Fact::Constant(value.clone())),
            Binding::Undefined => self.facts.push(Fact::Undefined),
        }
    }

    fn invented(&mut self, owner: &SymbolOwner) {
        match self.bound.symbols.invented(owner) {
            Some(symbol) => self.symbol(symbol),
            None => self.facts.push(Fact::Undefined),
        }
    }

    /// What a symbol is called, whose it is, and whether reading it is checked.
    fn symbol(&mut self, symbol: SymbolId) {
        let original = self.surroundings.views.original(symbol);
        let is_own = |symbol: SymbolId| owning_module(self.bound, symbol) == Some(self.id);
        let flags = [
            is_own(symbol),
            is_own(original),
            self.bound.may_be_unset.contains(symbol.index()),
        ];
        self.facts.push(Fact::Name(self.names.get(original).cloned()));
        self.flags(flags);
    }

    fn flags<const COUNT: usize>(&mut self, flags: [bool; COUNT]) {
        let bits = flags
            .iter()
            .enumerate()
            .map(|(bit, flag)| u32::from(*flag) << bit);
        self.facts.push(Fact::Flags(bits.sum()));
    }
}
