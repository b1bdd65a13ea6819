//! The text of helper functions in both print styles, for the target.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use std::sync::Mutex;
use swc_core::common::comments::SingleThreadedComments;
use swc_core::common::{BytePos, GLOBALS, Globals, Mark};
use swc_core::ecma::ast::EsVersion;
use swc_core::ecma::parser::{EsSyntax, Parser, StringInput, Syntax, lexer::Lexer};
use swc_core::ecma::transforms::base::resolver;
use swc_core::ecma::visit::VisitMutWith;

use super::RenderOptions;
use super::lowering::{Lowering, LoweringHelper, Place, lower};
use super::names::ChunkNames;
use super::print::{Minification, NameMarks, PositionTracking, PrintOptions, print_module};
use super::runtime::Helper;

/// What a chunk prints for a helper.
pub struct HelperText {
    /// Its declaration.
    pub code: Cow<'static, str>,
    /// What it calls since it was rewritten for the target.
    pub needs: BTreeSet<LoweringHelper>,
}

/// A helper's declaration as a chunk prints it.
pub fn helper_text(helper: Helper, options: &RenderOptions, names: &ChunkNames) -> HelperText {
    if options.lowering.is_needless() {
        return HelperText {
            code: small_or_readable(helper.declaration(), options.minification, EsVersion::EsNext),
            needs: BTreeSet::new(),
        };
    }
    let place = Place {
        names,
        number: usize::MAX,
        minification: options.minification,
    };
    let (code, needs) = print(
        helper.declaration(),
        options.minification,
        options.lowering.version(),
        Some((&options.lowering, &place)),
    );
    HelperText {
        code: code.into(),
        needs,
    }
}

/// The declaration of a helper that lowered code calls.
pub fn lowering_helper_text(helper: LoweringHelper, options: &RenderOptions) -> Cow<'static, str> {
    small_or_readable(
        helper.declaration().trim_end(),
        options.minification,
        options.lowering.version(),
    )
}

fn small_or_readable(
    source: &'static str,
    minification: Minification,
    version: EsVersion,
) -> Cow<'static, str> {
    match minification {
        Minification::Off => Cow::Borrowed(source),
        Minification::On => Cow::Owned(small_text(source, version)),
    }
}

fn small_text(source: &'static str, version: EsVersion) -> String {
    static SMALL: OnceLock<Mutex<FxHashMap<(&'static str, EsVersion), String>>> = OnceLock::new();
    let small = SMALL.get_or_init(Mutex::default);
    let mut small = small
        .lock()
        .expect("minifying a helper does not panic while the table is locked");
    small
        .entry((source, version))
        .or_insert_with(|| print(source, Minification::On, version, None).0)
        .clone()
}

fn print(
    source: &str,
    minification: Minification,
    version: EsVersion,
    lowering: Option<(&Lowering, &Place<'_>)>,
) -> (String, BTreeSet<LoweringHelper>) {
    let globals = Globals::new();
    let comments = SingleThreadedComments::default();
    let mut needs = BTreeSet::new();
    let (module, marks) = GLOBALS.set(&globals, || {
        let input = StringInput::new(
            source,
            BytePos(1),
            BytePos(1 + u32::try_from(source.len()).unwrap_or(0)),
        );
        let lexer = Lexer::new(Syntax::Es(EsSyntax::default()), EsVersion::EsNext, input, None);
        let mut module = Parser::new_from(lexer)
            .parse_module()
            .expect("helpers are valid JavaScript");
        let marks = NameMarks {
            unresolved: Mark::new(),
            top_level: Mark::new(),
        };
        module.visit_mut_with(&mut resolver(marks.unresolved, marks.top_level, false));
        if let Some((lowering, place)) = lowering {
            (module, needs) = lower(module, lowering, marks, &comments, place);
        }
        (module, marks)
    });
    let options = PrintOptions {
        minification,
        position_tracking: PositionTracking::Off,
        reserved: &[],
        version,
    };
    let code = print_module(module, &globals, marks, &comments, source, &options).code;
    (code, needs)
}
