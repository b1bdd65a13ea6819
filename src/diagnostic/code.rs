//! Every code the program can say. The protocol's codes are PROTOCOL §8.2; the others are the bundler's.

use std::fmt;

/// Whether a diagnostic stops the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The build stops and the exit code is 1.
    Error,
    /// Told, and nothing else changes.
    Warning,
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $text:literal),+ $(,)?) => {
        /// A stable name for one kind of finding.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $($(#[doc = $doc])+ $variant),+
        }

        impl Code {
            /// Every code, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The text users search for.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The code's page of documentation, Markdown. A code without one does not compile.
            pub(super) fn page(self) -> &'static str {
                match self { $(Self::$variant => include_str!(concat!("explain/", $text, ".md"))),+ }
            }

            /// One sentence: what the code means.
            pub fn summary(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii()),+ }
            }
        }
    };
}

codes! {
    /// The `esmx` field of a `package.json` does not have the shape of a declaration.
    Schema = "E_SCHEMA",
    /// The behaviour file still contains protocol facts although the package has a declaration.
    ProtocolInBehavior = "E_PROTOCOL_IN_BEHAVIOR",
    /// A file named by the declaration does not exist.
    TargetMissing = "E_TARGET_MISSING",
    /// A module named in `uses` is not installed and not linked.
    NotLinked = "E_NOT_LINKED",
    /// A used module has no readable build.
    NotBuilt = "E_NOT_BUILT",
    /// A used module was built for a newer protocol than this tool knows.
    Protocol = "E_PROTOCOL",
    /// Modules use each other in a circle, so no merge order exists.
    Cycle = "E_CYCLE",
    /// A version does not satisfy the range a module declares, or a stale artifact would be substituted.
    Version = "E_VERSION",
    /// An import names a module that is installed but not in the `uses` chain.
    NotUsed = "E_NOT_USED",
    /// An import names something that its module does not export.
    NoExport = "E_NO_EXPORT",
    /// Several modules offer the same major of a package; one was elected.
    MultiCandidate = "W_MULTI_CANDIDATE",
    /// Several majors of a package live side by side.
    MultiMajor = "W_MULTI_MAJOR",
    /// A module gets a package through `uses` without declaring a range for it.
    NoRange = "W_NO_RANGE",
    /// The installed copy used for types differs from the version that will run.
    TypeDrift = "W_TYPE_DRIFT",
    /// A source file could not be parsed.
    Syntax = "E_SYNTAX",
    /// An import resolves to no file and to no supplied package.
    Unresolved = "E_UNRESOLVED",
    /// A source file imports a name that its target does not export.
    MissingExport = "E_MISSING_EXPORT",
    /// A file has a kind that no loader handles.
    NoLoader = "E_NO_LOADER",
    /// Client code imports a module that only Node has.
    BuiltinOnClient = "E_BUILTIN_ON_CLIENT",
    /// An import binding is assigned to.
    ImportAssigned = "E_IMPORT_ASSIGNED",
    /// A `tsconfig.json` could not be used.
    Tsconfig = "E_TSCONFIG",
    /// An option in a configuration file does not exist or does not have this value.
    Config = "E_CONFIG",
    /// A file or directory could not be read or written.
    Io = "E_IO",
    /// A composed import map does not give the result the wiring asks for.
    ImportMap = "E_IMPORT_MAP",
    /// A file that an import map leads to is missing, is no module that a page may run, or is not the one its integrity names.
    DeployedFile = "E_DEPLOYED_FILE",
    /// An import map names a version that can change under it.
    Unpinned = "E_UNPINNED",
    /// A package is there twice in one major version.
    SecondCopy = "E_SECOND_COPY",
    /// A release cannot be put in place or taken back.
    Release = "E_RELEASE",
    /// What a behaviour file does after a build failed.
    PostBuild = "E_POST_BUILD",
    /// The output contains syntax that its target does not know.
    Target = "W_TARGET",
    /// A pattern of a chunk group matches no module.
    ChunkGroup = "W_CHUNK_GROUP",
    /// The sources contain syntax without which they cannot run, and which the target does not know.
    TargetError = "E_TARGET",
    /// The source map that a source file names cannot be used.
    SourceMap = "W_SOURCE_MAP",
    /// A declaration file cannot be made: a type is not written, or an import of types leads nowhere.
    Declaration = "E_DECLARATION",
    /// JavaScript that others see has no declaration file beside it.
    Untyped = "W_UNTYPED",
    /// An export has other types on the client than on the server.
    ForkTypes = "W_FORK_TYPES",
    /// A member of a namespace is read that its module does not export.
    MissingMember = "W_MISSING_MEMBER",
    /// A member of a namespace is assigned to.
    NamespaceAssigned = "W_NAMESPACE_ASSIGNED",
    /// `this` is used at the top of an ES module, where it is undefined.
    This = "W_THIS",
    /// An ES module reads `__dirname` or `__filename`, which only CommonJS has.
    FileName = "W_FILE_NAME",
    /// An ES module uses `module` or `exports`, which only CommonJS has.
    CommonJsExports = "W_COMMONJS_EXPORTS",
    /// An ES module with top-level `await` is asked for with `require()`.
    RequireAsync = "W_REQUIRE_ASYNC",
    /// A direct `eval` keeps every name of its module.
    Eval = "W_EVAL",
    /// What is required is only known when it runs.
    Require = "W_REQUIRE",
    /// An optional package that is not installed is imported.
    OptionalPackage = "W_OPTIONAL_PACKAGE",
    /// Something in a style sheet is no CSS, so browsers ignore it.
    Css = "W_CSS",
}

impl Code {
    /// Errors start with `E_`, warnings with `W_`.
    pub fn severity(self) -> Severity {
        if self.as_str().starts_with("E_") {
            Severity::Error
        } else {
            Severity::Warning
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_say_their_severity() {
        let mut texts: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), Code::ALL.len());
        assert_eq!(Code::MultiMajor.severity(), Severity::Warning);
        assert_eq!(Code::Schema.severity(), Severity::Error);
    }
}
