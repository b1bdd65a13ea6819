//! The text of helper functions in both print styles.

use std::borrow::Cow;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use std::sync::Mutex;
use swc_core::common::comments::SingleThreadedComments;
use swc_core::common::{BytePos, GLOBALS, Globals, Mark};
use swc_core::ecma::ast::EsVersion;
use swc_core::ecma::parser::{EsSyntax, Parser, StringInput, Syntax, lexer::Lexer};
use swc_core::ecma::transforms::base::resolver;
use swc_core::ecma::visit::VisitMutWith;

use super::print::{Minification, NameMarks, PositionTracking, PrintOptions, print_module};
use super::runtime::Helper;

/// A helper's declaration as a chunk prints it.
pub fn helper_text(helper: Helper, minification: Minification) -> Cow<'static, str> {
    match minification {
        Minification::Off => Cow::Borrowed(helper.declaration()),
        Minification::On => Cow::Owned(small_text(helper)),
    }
}

fn small_text(helper: Helper) -> String {
    static SMALL: OnceLock<Mutex<FxHashMap<Helper, String>>> = OnceLock::new();
    let small = SMALL.get_or_init(Mutex::default);
    let mut small = small
        .lock()
        .expect("minifying a helper does not panic while the table is locked");
    small
        .entry(helper)
        .or_insert_with(|| minify(helper.declaration()))
        .clone()
}

fn minify(source: &str) -> String {
    let globals = Globals::new();
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
        (module, marks)
    });
    let options = PrintOptions {
        minification: Minification::On,
        position_tracking: PositionTracking::Off,
        reserved: &[],
    };
    print_module(
        module,
        &globals,
        marks,
        &SingleThreadedComments::default(),
        source,
        &options,
    )
    .code
}
