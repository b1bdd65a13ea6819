//! The text of helper functions, for the target. Compressing it is a matter of the chunk.

use std::borrow::Cow;
use std::collections::BTreeSet;

use swc_core::common::comments::SingleThreadedComments;
use swc_core::common::{BytePos, GLOBALS, Globals, Mark};
use swc_core::ecma::ast::EsVersion;
use swc_core::ecma::parser::{EsSyntax, Parser, StringInput, Syntax, lexer::Lexer};
use swc_core::ecma::transforms::base::resolver;
use swc_core::ecma::visit::VisitMutWith;

use super::RenderOptions;
use super::lowering::{LoweringHelper, Place, lower};
use super::names::ChunkNames;
use super::print::{Minification, NameMarks, PositionTracking, PrintOptions, print_module};
use super::runtime::Helper;
use crate::resolve::Platform;

/// The declarations of helpers and of those they need.
pub fn helper_texts(
    mut helpers: BTreeSet<Helper>,
    mut lowering_helpers: BTreeSet<LoweringHelper>,
    names: &ChunkNames,
    options: &RenderOptions,
) -> Vec<Cow<'static, str>> {
    add_needed(&mut helpers);
    let mut texts: Vec<Cow<'static, str>> = Vec::new();
    for helper in helpers {
        match helper.declaration_in_node() {
            Some(text) if options.platform == Platform::Node => texts.push(text.into()),
            _ if options.lowering.is_needless() => texts.push(helper.declaration().into()),
            _ => {
                let (text, needed) = lowered_text(helper, names, options);
                lowering_helpers.extend(needed);
                texts.push(text.into());
            }
        }
    }
    let of_lowering = lowering_helpers
        .into_iter()
        .map(|helper| helper.declaration().trim_end().into());
    of_lowering.chain(texts).collect()
}

/// Adds what helpers call.
pub fn add_needed(helpers: &mut BTreeSet<Helper>) {
    for helper in helpers.clone() {
        helpers.extend(helper.needs());
        helpers.extend(helper.needs().iter().flat_map(|needed| needed.needs()));
    }
}

fn lowered_text(
    helper: Helper,
    names: &ChunkNames,
    options: &RenderOptions,
) -> (String, BTreeSet<LoweringHelper>) {
    let source = helper.declaration();
    let globals = Globals::new();
    let comments = SingleThreadedComments::default();
    let (lowered, marks) = GLOBALS.set(&globals, || {
        let end = BytePos(1 + u32::try_from(source.len()).unwrap_or(0));
        let input = StringInput::new(source, BytePos(1), end);
        let lexer = Lexer::new(Syntax::Es(EsSyntax::default()), EsVersion::EsNext, input, None);
        let mut module = Parser::new_from(lexer)
            .parse_module()
            .expect("helpers are valid JavaScript");
        let marks = NameMarks {
            unresolved: Mark::new(),
            top_level: Mark::new(),
        };
        module.visit_mut_with(&mut resolver(marks.unresolved, marks.top_level, false));
        let place = Place {
            names,
            number: usize::MAX,
            minification: options.minification,
        };
        let lowered = lower(module, &options.lowering, marks, &comments, &place);
        (lowered, marks)
    });
    let print_options = PrintOptions {
        minification: Minification::Off,
        position_tracking: PositionTracking::Off,
        reserved: &[],
        version: options.lowering.version(),
    };
    let printed = print_module(lowered.module, &globals, marks, &comments, source, &print_options);
    (printed.code, lowered.helpers)
}
