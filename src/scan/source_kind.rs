//! The languages of scripts.

use std::path::Path;

use swc_core::ecma::parser::{EsSyntax, Syntax, TsSyntax};

use crate::resolve::is_declaration;

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// `.js`, `.mjs`, `.cjs`. JSX is accepted when the file does not parse without it.
    JavaScript,
    /// `.jsx`
    Jsx,
    /// `.ts`, `.mts`, `.cts`
    TypeScript,
    /// `.tsx`
    Tsx,
}

impl SourceKind {
    /// The kind that the extension says; none for what is not a script, and for declaration files
    /// (`.d.ts`), which have nothing to run.
    pub fn of_path(path: &Path) -> Option<Self> {
        if is_declaration(path.file_name()?.to_str()?) {
            return None;
        }
        match path.extension()?.to_str()? {
            "js" | "mjs" | "cjs" => Some(Self::JavaScript),
            "jsx" => Some(Self::Jsx),
            "ts" | "mts" | "cts" => Some(Self::TypeScript),
            "tsx" => Some(Self::Tsx),
            _ => None,
        }
    }

    /// Whether types are part of the language.
    pub fn is_typed(self) -> bool {
        matches!(self, Self::TypeScript | Self::Tsx)
    }

    pub(super) fn has_jsx(self) -> bool {
        matches!(self, Self::Jsx | Self::Tsx)
    }

    pub(super) fn with_jsx(self) -> Self {
        match self {
            Self::JavaScript | Self::Jsx => Self::Jsx,
            Self::TypeScript | Self::Tsx => Self::Tsx,
        }
    }

    /// What the parser is told.
    pub(super) fn syntax(self) -> Syntax {
        if self.is_typed() {
            Syntax::Typescript(TsSyntax {
                tsx: self.has_jsx(),
                decorators: true,
                ..TsSyntax::default()
            })
        } else {
            Syntax::Es(EsSyntax {
                jsx: self.has_jsx(),
                decorators: true,
                decorators_before_export: true,
                import_attributes: true,
                // A CommonJS module is the body of a function; `early_errors` refuses it in ES modules.
                allow_return_outside_function: true,
                auto_accessors: true,
                explicit_resource_management: true,
                ..EsSyntax::default()
            })
        }
    }
}
