//! The legacy configuration: what `modules` of the behaviour file means for a package without a declaration
//! (PROTOCOL §14).
//!
//! ```ts
//! modules: {
//!     lib: false,
//!     links:   { shared: '../shared/dist' },
//!     imports: { vue: 'shared/vue2', store: { client: 'shared/store' } },
//!     scopes:  { 'admin/': { vue: 'shared/vue' } },
//!     exports: ['pkg:axios', 'root:src/routes.ts', { cart: './src/cart.ts' }]
//! }
//! ```
//!
//! Here everything is wired by hand: nothing is elected, nothing is derived, and the public names of exports are
//! whatever the list yields.

mod read;

use indexmap::IndexMap;

use super::name::{Side, strip_source_extension};
use crate::diagnostic::Location;

pub use read::read_configuration;

/// Scope name → (specifier → identifier or URL), for one side.
pub type ScopeTables = IndexMap<String, IndexMap<String, String>>;

/// The legacy configuration of one module, valid by construction. [`read_configuration`] writes it; `link`
/// builds with it, and migration takes it apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LegacyConfiguration {
    /// `lib`.
    pub kind: LegacyKind,
    /// Module name → artifact directory as written.
    pub links: IndexMap<String, Placed<String>>,
    /// Specifier → identifier or URL.
    pub imports: IndexMap<String, Placed<SideTexts>>,
    /// Scope name → the same.
    pub scopes: IndexMap<String, Placed<IndexMap<String, SideTexts>>>,
    /// The items of `exports`, each object taken apart into its names, in order.
    pub exports: Vec<Placed<LegacyExport>>,
}

/// Something and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<Value> {
    /// What is written.
    pub value: Value,
    /// Where.
    pub location: Location,
}

/// Whether a legacy module has framework entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LegacyKind {
    /// It has them unless told otherwise.
    #[default]
    Application,
    /// `lib: true`: only what `exports` lists.
    Library,
}

/// One text per side; an absent side contributes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SideTexts {
    /// For browsers.
    pub client: Option<String>,
    /// For Node.
    pub server: Option<String>,
    /// Whether the sides were written apart.
    pub form: TextForm,
}

/// How a [`SideTexts`] was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextForm {
    /// One string for both sides.
    #[default]
    Common,
    /// `{ client, server }`.
    Forked,
}

impl SideTexts {
    /// The text of a side.
    pub fn on(&self, side: Side) -> Option<&str> {
        match side {
            Side::Client => self.client.as_deref(),
            Side::Server => self.server.as_deref(),
        }
    }
}

/// One name that `exports` yields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegacyExport {
    /// The public name, after `<module>/`.
    pub name: String,
    /// How it was written, which decides what it can become.
    pub form: ExportForm,
    /// What browsers get; `None` is disabled.
    pub client: Option<ExportTarget>,
    /// What Node gets.
    pub server: Option<ExportTarget>,
}

/// The rows of PROTOCOL §14.2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportForm {
    /// `"pkg:X"`, `"root:P"` or `"S"`.
    Item,
    /// `{ n: "…" }`.
    Named,
    /// `{ n: { client, server } }`; the sides that fall back to the name itself are listed.
    Fork {
        /// Sides given as `true`, as the empty string, or not at all.
        implied: Vec<Side>,
    },
    /// A framework entry that nobody wrote.
    Default,
}

/// What an export is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportTarget {
    /// A package specifier, after `pkg:`.
    Package(String),
    /// A source file, possibly without extension; from `root:P` it starts with `./`.
    File(String),
}

impl ExportTarget {
    /// `pkg:X`, `root:P`, or anything else as it stands.
    fn parse(text: &str) -> Self {
        if let Some(package) = text.strip_prefix("pkg:") {
            Self::Package(package.to_owned())
        } else if let Some(path) = text.strip_prefix("root:") {
            Self::File(format!("./{path}"))
        } else {
            Self::File(text.to_owned())
        }
    }
}

impl LegacyExport {
    /// What a side is made from.
    pub fn on(&self, side: Side) -> Option<&ExportTarget> {
        match side {
            Side::Client => self.client.as_ref(),
            Side::Server => self.server.as_ref(),
        }
    }

    /// A string in the list: only the name of a `root:` item loses its extension.
    fn item(text: &str) -> Self {
        let name = match (text.strip_prefix("pkg:"), text.strip_prefix("root:")) {
            (Some(package), _) => package,
            (None, Some(path)) => strip_source_extension(path),
            (None, None) => text,
        };
        Self::common(name, ExportForm::Item, ExportTarget::parse(text))
    }

    fn common(name: &str, form: ExportForm, target: ExportTarget) -> Self {
        Self {
            name: name.to_owned(),
            form,
            client: Some(target.clone()),
            server: Some(target),
        }
    }

    fn default_entry(side: Side) -> Self {
        let name = format!("src/entry.{side}");
        let target = Some(ExportTarget::File(format!("./{name}")));
        let (client, server) = match side {
            Side::Client => (target, None),
            Side::Server => (None, target),
        };
        Self {
            name,
            form: ExportForm::Default,
            client,
            server,
        }
    }
}

impl LegacyConfiguration {
    /// Every export with its name, the framework entries first; of equal names the last one.
    pub fn effective_exports(&self) -> IndexMap<String, LegacyExport> {
        let defaults = match self.kind {
            LegacyKind::Application => Side::BOTH.map(LegacyExport::default_entry).to_vec(),
            LegacyKind::Library => Vec::new(),
        };
        defaults
            .into_iter()
            .chain(self.exports.iter().map(|export| export.value.clone()))
            .map(|export| (export.name.clone(), export))
            .collect()
    }

    /// Export name → what it is made from, on one side.
    pub fn exports_on(&self, side: Side) -> IndexMap<String, ExportTarget> {
        self.effective_exports()
            .into_iter()
            .filter_map(|(name, export)| Some((name, export.on(side)?.clone())))
            .collect()
    }

    /// The scopes of one side: `imports` are merged over the module scope, and every package that the module
    /// exports itself over both. Scopes that say nothing on this side are left out.
    pub fn scopes_on(&self, module: &str, side: Side) -> ScopeTables {
        let texts = |table: &IndexMap<String, SideTexts>| -> IndexMap<String, String> {
            table
                .iter()
                .filter_map(|(specifier, texts)| Some((specifier.clone(), texts.on(side)?.to_owned())))
                .collect()
        };
        let mut scopes = ScopeTables::from([(String::new(), IndexMap::new())]);
        for (name, table) in &self.scopes {
            scopes
                .entry(name.clone())
                .or_default()
                .extend(texts(&table.value));
        }
        let module_scope = scopes.entry(String::new()).or_default();
        module_scope.extend(
            self.imports
                .iter()
                .filter_map(|(specifier, texts)| Some((specifier.clone(), texts.value.on(side)?.to_owned()))),
        );
        for (name, target) in self.exports_on(side) {
            if matches!(target, ExportTarget::Package(_)) {
                let identifier = format!("{module}/{name}");
                module_scope.insert(name, identifier);
            }
        }
        scopes.retain(|name, table| name.is_empty() || !table.is_empty());
        scopes
    }
}
