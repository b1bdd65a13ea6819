//! Compression of one module with SWC's minifier.

use swc_core::common::comments::SingleThreadedComments;
use swc_core::ecma::ast::{EsVersion, Module, Program};
use swc_core::ecma::minifier::optimize;
use swc_core::ecma::minifier::option::{CompressOptions, ExtraOptions, MinifyOptions};
use swc_core::ecma::transforms::base::fixer::paren_remover;
use swc_core::ecma::visit::VisitMutWith as _;

use super::NameMarks;

/// Makes the module shorter without changing what it does or which module-level names it has.
pub fn compress(mut module: Module, marks: NameMarks, comments: &SingleThreadedComments) -> Module {
    // The minifier compares expressions; parentheses would hide that two of them are the same.
    module.visit_mut_with(&mut paren_remover(Some(comments)));
    let options = MinifyOptions { compress: Some(compress_options()), ..MinifyOptions::default() };
    let extra =
        ExtraOptions { unresolved_mark: marks.unresolved, top_level_mark: marks.top_level, mangle_name_cache: None };
    let program =
        optimize(Program::Module(module), Default::default(), Some(comments), None, &options, &extra);
    match program {
        Program::Module(module) => module,
        Program::Script(_) => unreachable!("the minifier returns the kind of program it is given"),
    }
}

fn compress_options() -> CompressOptions {
    CompressOptions {
        ecma: EsVersion::Es2022,
        passes: 2,
        // Both would let the minifier drop, inline and invent module-level names, which other modules of the
        // chunk use and which must be unique among them. (SWC's `module` implies `top_level`.)
        module: false,
        top_level: None,
        reduce_vars: true,
        // `1/0` is shorter than `Infinity` and slower.
        keep_infinity: true,
        // `length` of a function is observable.
        keep_fargs: true,
        // The author put it there; removing it is not a matter of size.
        drop_debugger: false,
        ..CompressOptions::default()
    }
}
