//! Newer syntax in older words, as far as `--target` asks for it.
//!
//! SWC's passes run on one module of a chunk when its references are final, so that what is analysed, bound and left
//! out is the code as it was written, and what linking adds is rewritten with it. They make new names and call helper
//! functions; here the names are made unique in the chunk, and the chunk gets each helper once.

mod async_functions;
mod async_loops;
mod calls;
mod class_names;
mod constructor_names;
mod generated_names;
mod helpers;
mod heritage;
mod loop_bodies;
mod method_names;
mod new_target;
mod object_super;
mod own_helpers;
mod private_assignments;
mod private_chains;
mod reassigned_classes;
mod small_forms;
mod static_methods;
mod static_setters;
mod super_access;
mod syntax;
mod target;

use std::collections::BTreeSet;

use swc_core::common::comments::SingleThreadedComments;
use swc_core::common::{Mark, SyntaxContext};
use swc_core::ecma::ast::{EsVersion, Module, Program};
use swc_core::ecma::preset_env::{
    Config, EnvConfig, Feature, FeatureOrModule, Targets, Version, Versions, transform_from_env,
};
use swc_core::ecma::transforms::base::assumptions::Assumptions;
use swc_core::ecma::transforms::base::helpers::{HELPERS, Helpers};

use super::print::{NameMarks, remove_parentheses};
use calls::CallForms;
pub use generated_names::Place;
use helpers::Called;
pub use helpers::LoweringHelper;
use method_names::MethodNames;
pub use syntax::Syntax;
pub use target::Target;

/// What has to be rewritten for a target.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lowering {
    features: Vec<Feature>,
    version: Option<EsVersion>,
}

impl Lowering {
    /// What `target` asks for; without one nothing is rewritten.
    pub fn of(target: Option<&Target>) -> Self {
        target.map_or_else(Self::default, |target| Self {
            features: target.lowered(),
            version: Some(target.version()),
        })
    }

    /// Whether code may stay as it is.
    pub fn is_needless(&self) -> bool {
        self.features.is_empty()
    }

    /// The version of the language that generated code may use.
    pub(super) fn version(&self) -> EsVersion {
        self.version.unwrap_or(EsVersion::EsNext)
    }

    /// Whether `??=` may be written.
    pub(super) fn keeps_logical_assignments(&self) -> bool {
        !self.features.contains(&Feature::LogicalAssignmentOperators)
    }
}

/// A module in older words.
pub(super) struct Lowered {
    /// The module.
    pub module: Module,
    /// The helpers that it calls.
    pub helpers: BTreeSet<LoweringHelper>,
    /// The context of their names.
    pub helper_context: SyntaxContext,
}

/// Rewrites a module and says which helpers it calls. To be called with the module's `GLOBALS`.
pub(super) fn lower(
    mut module: Module,
    lowering: &Lowering,
    marks: NameMarks,
    comments: &SingleThreadedComments,
    place: &Place<'_>,
) -> Lowered {
    let features = &lowering.features;
    let has = |feature| features.contains(&feature);
    // `(a?.b)()` calls with `a` as `this`; the passes do not look through parentheses.
    remove_parentheses(&mut module, comments);
    if has(Feature::ClassProperties) || has(Feature::ClassStaticBlock) {
        class_names::keep(&mut module, marks, place.minification);
    }
    let last_of_source = SyntaxContext::empty().apply_mark(Mark::new());
    if has(Feature::ClassProperties) || has(Feature::ClassStaticBlock) || has(Feature::PrivateMethods) {
        reassigned_classes::separate(&mut module, marks);
    }
    if has(Feature::ClassProperties) {
        constructor_names::move_out_of_the_way(&mut module);
        loop_bodies::make_blocks(&mut module);
    }
    if has(Feature::ClassProperties) || has(Feature::ClassStaticBlock) || has(Feature::PrivateMethods) {
        heritage::evaluate_first(&mut module);
    }
    if has(Feature::ClassProperties) || has(Feature::PrivateMethods) {
        static_setters::complete(&mut module, SyntaxContext::empty().apply_mark(marks.unresolved));
    }
    let library = Helpers::new(false);
    let mut called = Called::new(SyntaxContext::empty().apply_mark(library.mark()));
    let call_forms = CallForms {
        of_chains: has(Feature::OptionalChaining),
        of_private_names: has(Feature::ClassProperties) || has(Feature::PrivateMethods),
        of_templates: lowering.version() < EsVersion::Es2018,
    };
    calls::rewrite(&mut module, call_forms, &mut called);
    if has(Feature::ClassProperties) || has(Feature::PrivateMethods) {
        static_methods::rewrite_writes(&mut module, &mut called);
    }
    small_forms::rewrite(&mut module, features, marks, &mut called);
    let has_hidden =
        (has(Feature::ClassProperties) || has(Feature::ClassStaticBlock)) && object_super::hide(&mut module);
    let method_names = MethodNames::of(&module);
    let mut program = Program::Module(module);
    HELPERS.set(&library, || {
        program.mutate(transform_from_env(
            marks.unresolved,
            Some(comments.clone()),
            environment(features),
            Assumptions::default(),
        ));
        called.add_those_of_library(marks);
    });
    let Program::Module(mut module) = program else {
        unreachable!("a pass returns the kind of program it is given")
    };
    if has_hidden {
        object_super::show(&mut module);
    }
    method_names.keep(&mut module, &mut called);
    class_names::keep_namelessness(&mut module, last_of_source);
    if has(Feature::AsyncToGenerator) || has(Feature::AsyncGeneratorFunctions) {
        async_functions::rewrite(&mut module, features, marks, &mut called);
    }
    generated_names::settle(&mut module, last_of_source, called.context, marks, place);
    Lowered {
        module,
        helpers: called.helpers,
        helper_context: called.context,
    }
}

/// What SWC's passes are not asked for: [`async_functions`] and [`small_forms`] do it.
const DONE_HERE: &[Feature] = &[
    Feature::AsyncToGenerator,
    Feature::AsyncGeneratorFunctions,
    Feature::UnicodeSetsRegex,
    Feature::DotAllRegex,
    Feature::NamedCapturingGroupsRegex,
    Feature::UnicodePropertyRegex,
];

/// An engine that knows everything but `features`.
fn environment(features: &[Feature]) -> EnvConfig {
    let newest = Version {
        major: u32::MAX,
        minor: 0,
        patch: 0,
    };
    EnvConfig::from(Config {
        targets: Some(Targets::Versions(Versions {
            chrome: Some(newest),
            ..Versions::default()
        })),
        include: features
            .iter()
            .filter(|feature| !DONE_HERE.contains(feature))
            .copied()
            .map(FeatureOrModule::Feature)
            .collect(),
        ..Config::default()
    })
}
