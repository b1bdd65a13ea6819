//! The declaration: the `esmx` object of a `package.json` (PROTOCOL §2.1), as facts that are valid by
//! construction. `schema` writes it; `link`, `scan` and `emit` read it.

use indexmap::IndexMap;
use schemars::JsonSchema;

use super::declaration_schema::{Name, PATH_PATTERN, SideSource, WrittenExports, without_required};
use super::name::{ModuleName, Side};

/// What a module states about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, JsonSchema)]
#[schemars(
    title = "The esmx field of a package.json",
    description = "What a module states about itself: its entries, what it exports, which packages it provides to others and which modules it uses.",
    deny_unknown_fields,
    transform = without_required
)]
pub struct Declaration {
    /// The framework entries. `None` makes the module a library, also when both sides of `Some` are disabled.
    #[schemars(
        with = "SideFiles",
        description = "The entries that start the application in the browser and on the server. Without `entry` the module is a library."
    )]
    pub entry: Option<SideFiles>,
    /// Logical export (the key without `./`) → source file per side.
    #[schemars(
        with = "WrittenExports",
        extend("propertyNames" = { "pattern": PATH_PATTERN }),
        description = "What other modules can import: `\"./name\": \"./src/file.ts\"` is imported as `<module>/name`."
    )]
    pub exports: IndexMap<String, SideFiles>,
    /// Packages handed to consumers, each once, in the order of the declaration.
    #[schemars(
        with = "Vec<Name>",
        description = "Packages, or subpaths of packages, that modules which use this one get from it."
    )]
    pub provides: Vec<String>,
    /// Modules consumed from. Order matters, and so does a repetition: the last one decides.
    #[schemars(
        with = "Vec<Name>",
        description = "Modules that this one imports from. The order matters: of several that provide the same major of a package, the last wins."
    )]
    pub uses: Vec<ModuleName>,
}

/// A source file per side, each as written (`./src/a.ts`); `None` is a disabled side.
#[derive(Debug, Clone, PartialEq, Eq, Default, JsonSchema)]
#[schemars(
    description = "A source file per side. A side that is left out, or false, is disabled.",
    deny_unknown_fields,
    transform = without_required
)]
pub struct SideFiles {
    /// What browsers get.
    #[schemars(with = "SideSource")]
    pub client: Option<String>,
    /// What Node gets.
    #[schemars(with = "SideSource")]
    pub server: Option<String>,
}

impl SideFiles {
    /// One file for both sides.
    pub fn both(path: &str) -> Self {
        Self {
            client: Some(path.to_owned()),
            server: Some(path.to_owned()),
        }
    }

    /// The file of a side.
    pub fn on(&self, side: Side) -> Option<&str> {
        match side {
            Side::Client => self.client.as_deref(),
            Side::Server => self.server.as_deref(),
        }
    }

    /// The place that holds the file of a side.
    pub(super) fn on_mut(&mut self, side: Side) -> &mut Option<String> {
        match side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }
}
