//! For what code is resolved: platform, mode, and what a user says beyond them.

use std::path::PathBuf;

use crate::protocol::Side;

/// Where the output runs. Decides conditions and main fields of packages, and what a module of Node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Platform {
    /// Browsers and workers.
    Browser,
    /// Node, and what behaves like it.
    Node,
    /// Anywhere: no condition of its own, modules of Node stay imports.
    Neutral,
}

impl Platform {
    /// The side of a module whose outputs run there.
    pub fn side(self) -> Side {
        match self {
            Self::Browser | Self::Neutral => Side::Client,
            Self::Node => Side::Server,
        }
    }
}

impl From<Side> for Platform {
    fn from(side: Side) -> Self {
        match side {
            Side::Client => Self::Browser,
            Side::Server => Self::Node,
        }
    }
}

/// Which build of a package is asked for, beside the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Minified, hashed, `NODE_ENV` is `production`.
    Production,
    /// Readable, stable names, `NODE_ENV` is `development`.
    Development,
}

impl Mode {
    /// The value of `process.env.NODE_ENV` and the name of the resolution condition.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Development => "development",
        }
    }
}

/// What decides which file a request leads to, besides the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolveSettings {
    /// Where the output runs.
    pub platform: Platform,
    /// `None` when the output decides at run time.
    pub mode: Option<Mode>,
    /// Conditions of `exports` and `imports` beside those that platform, mode and syntax imply.
    pub conditions: Vec<String>,
    /// The fields of `package.json` that name the main file; `None` means those of the platform.
    pub main_fields: Option<Vec<String>>,
    /// One tsconfig for all own sources instead of the nearest one of each.
    pub tsconfig: Option<PathBuf>,
    /// What a symbolic link is.
    pub links: SymbolicLinks,
}

/// What a symbolic link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SymbolicLinks {
    /// The file that it leads to: one file is one module.
    #[default]
    Followed,
    /// A file where the link is.
    Kept,
}

impl ResolveSettings {
    /// Those of one side of a module.
    pub fn of_side(side: Side, mode: Mode) -> Self {
        Self {
            platform: side.into(),
            mode: Some(mode),
            conditions: Vec::new(),
            main_fields: None,
            tsconfig: None,
            links: SymbolicLinks::Followed,
        }
    }
}
