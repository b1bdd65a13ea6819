//! What the user is told: a [`Diagnostic`] has a code, what happened and why, where, and the edit that
//! fixes it. Built beside the check that finds it, collected per stage, rendered for people ([`human`])
//! or tools ([`json`]).

mod code;
pub mod human;
pub mod json;
mod location;
mod nearest;
mod notice;
mod page;

pub use code::{Code, Severity};
pub use location::Location;
pub use nearest::nearest;
pub use notice::Notice;
pub use page::{Block, Page};

/// One finding about the user's project (PROTOCOL §8.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule speaks.
    pub code: Code,
    /// The layer at fault: a module name, or the package directory when the name is missing.
    pub module: String,
    /// The package or module concerned, where the code names one.
    pub package: Option<String>,
    /// `intent` or `substitution-safety`; only with [`Code::Version`].
    pub check: Option<&'static str>,
    /// What is there.
    pub found: Option<String>,
    /// What should be there.
    pub required: Option<String>,
    /// What happened and why, one or two sentences.
    pub message: String,
    /// The edit that resolves it.
    pub fix: String,
    /// Where in the user's files, when one place is to blame.
    pub location: Option<Location>,
    severity: Severity,
}

impl Diagnostic {
    /// A diagnostic with only the fields every code has.
    pub fn new(
        code: Code,
        module: impl Into<String>,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            code,
            module: module.into(),
            package: None,
            check: None,
            found: None,
            required: None,
            message: message.into(),
            fix: fix.into(),
            location: None,
            severity: code.severity(),
        }
    }

    /// Makes a warning stop the build, where the user asked for that.
    #[must_use]
    pub fn raised_to_error(mut self) -> Self {
        self.severity = Severity::Error;
        self
    }

    /// Names the package or module concerned.
    #[must_use]
    pub fn with_package(mut self, package: impl Into<String>) -> Self {
        self.package = Some(package.into());
        self
    }

    /// Says what was found.
    #[must_use]
    pub fn with_found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    /// Says what is required.
    #[must_use]
    pub fn with_required(mut self, required: impl Into<String>) -> Self {
        self.required = Some(required.into());
        self
    }

    /// Names the check of an `E_VERSION`.
    #[must_use]
    pub fn with_check(mut self, check: &'static str) -> Self {
        self.check = Some(check);
        self
    }

    /// Points at the place to blame.
    #[must_use]
    pub fn at(mut self, location: Option<Location>) -> Self {
        self.location = location;
        self
    }

    /// Error or warning: a property of the code, unless the user asked for more.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Whether this stops a build.
    pub fn is_error(&self) -> bool {
        self.severity() == Severity::Error
    }
}

/// Whether any of them stops a build.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}
