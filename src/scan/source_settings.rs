//! What decides how sources are read, besides the files themselves.

use std::path::PathBuf;

use super::define::Define;
use super::dropped::Dropped;
use super::keep_names::FunctionNames;
use super::loaders::Loaders;
use super::styles::StyleSettings;
use super::transform::{ElementEffects, JsxDevelopment, JsxOptions, JsxRuntime};
use crate::resolve::Mode;

/// How sources are read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceSettings {
    /// Production or development; `None` leaves `process.env.NODE_ENV` to run time.
    pub mode: Option<Mode>,
    /// Expressions with a value known at build time; they win over what the mode says.
    pub defines: Vec<Define>,
    /// What is said of JSX over the tsconfig.
    pub jsx: JsxOverrides,
    /// One tsconfig for all own sources instead of the nearest one of each.
    pub tsconfig: Option<PathBuf>,
    /// Files whose exports stand for globals, in the order of evaluation.
    pub injected: Vec<PathBuf>,
    /// Loaders by extension.
    pub loaders: Loaders,
    /// What is left out everywhere.
    pub dropped: Dropped,
    /// Whether what nobody uses is left out.
    pub shaking: TreeShaking,
    /// Whether functions and classes keep the names they have in the sources.
    pub function_names: FunctionNames,
    /// How style sheets are written.
    pub styles: StyleSettings,
}

/// Whether what nobody uses is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TreeShaking {
    /// Statements without effects that nothing refers to, and unused modules that promise to have none.
    #[default]
    On,
    /// Everything that is imported is kept.
    Off,
}

/// What is said of JSX over the tsconfig; pragmas in a file win over both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JsxOverrides {
    /// Who provides the function.
    pub runtime: Option<JsxRuntime>,
    /// The package of the automatic runtime.
    pub import_source: Option<String>,
    /// The function of the classic runtime.
    pub factory: Option<String>,
    /// The fragment of the classic runtime.
    pub fragment_factory: Option<String>,
    /// Whether elements carry their place in the source.
    pub development: JsxDevelopment,
    /// Whether an element that nobody uses stays.
    pub effects: ElementEffects,
}

impl SourceSettings {
    /// Everything as the files say.
    pub fn of_mode(mode: Mode) -> Self {
        Self {
            mode: Some(mode),
            ..Self::default()
        }
    }

    /// The defines of every file, each expression once.
    pub(super) fn all_defines(&self) -> Vec<Define> {
        let node_env = self.mode.map(|mode| {
            Define::new("process.env.NODE_ENV", &format!("\"{}\"", mode.as_str()))
                .expect("a dotted name and a string literal are a valid definition")
        });
        let mut defines: Vec<Define> = Vec::new();
        for define in self.defines.iter().rev().cloned().chain(node_env) {
            if !defines.iter().any(|other| other.is_for_the_same(&define)) {
                defines.push(define);
            }
        }
        defines.sort();
        defines
    }
}

impl JsxOverrides {
    /// Says over `options` what was said.
    pub(super) fn apply(&self, options: &mut JsxOptions) {
        // A factory chooses the runtime that calls it, unless the runtime is said too.
        let has_factory = self.factory.is_some() || self.fragment_factory.is_some();
        if let Some(runtime) = self.runtime {
            options.runtime = runtime;
        } else if self.import_source.is_some() {
            options.runtime = JsxRuntime::Automatic;
        } else if has_factory {
            options.runtime = JsxRuntime::Classic;
        }
        let set = |place: &mut String, value: &Option<String>| {
            if let Some(value) = value {
                place.clone_from(value);
            }
        };
        set(&mut options.import_source, &self.import_source);
        set(&mut options.factory, &self.factory);
        set(&mut options.fragment_factory, &self.fragment_factory);
        if self.development == JsxDevelopment::On {
            options.development = JsxDevelopment::On;
        }
        if self.effects == ElementEffects::Observable {
            options.effects = ElementEffects::Observable;
        }
    }
}
