//! The declaration: the `esmx` object of a `package.json` (PROTOCOL §2.1), as facts that are valid by
//! construction. `schema` writes it; `link`, `scan` and `emit` read it.

use indexmap::IndexMap;

use super::name::{ModuleName, Side};

/// What a module states about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Declaration {
    /// The framework entries. `None` makes the module a library, also when both sides of `Some` are disabled.
    pub entry: Option<SideFiles>,
    /// Logical export (the key without `./`) → source file per side.
    pub exports: IndexMap<String, SideFiles>,
    /// Packages handed to consumers, each once, in the order of the declaration.
    pub provides: Vec<String>,
    /// Modules consumed from. Order matters, and so does a repetition: the last one decides.
    pub uses: Vec<ModuleName>,
}

/// A source file per side, each as written (`./src/a.ts`); `None` is a disabled side.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SideFiles {
    /// What browsers get.
    pub client: Option<String>,
    /// What Node gets.
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
