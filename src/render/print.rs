//! One module's text. `render` hands over the statements of a module whose module-level names are final; this
//! stage returns text and positions, without knowing any other module, so that modules print in parallel.
//!
//! [`Minification::Off`] prints what is there, readable, with its comments. [`Minification::On`] compresses the
//! module on its own, shortens local names and prints without white space.
//!
//! Names. Three kinds of identifiers are final when they arrive and are never touched: those with the top-level
//! mark (declared here), those with the unresolved mark (globals), and references to names of other modules,
//! which carry a syntax context of their own and are declared nowhere in this module. Everything else is local.

mod bare_reads;
mod beside_eval;
mod capture;
mod conditional_parts;
mod declared_twice;
mod detached;
mod early_classes;
mod early_heads;
mod early_names;
mod early_reads;
mod early_variables;
mod effects;
mod emit;
mod empty_variables;
mod forms;
mod known_kinds;
mod literal_members;
mod loop_labels;
mod loop_variables;
mod mangle;
mod mentioned;
mod minify;
mod needed;
mod opaque;
mod operators;
mod parentheses;
mod positions;
mod primitives;
mod private_names;
mod recursion;
mod renamed_classes;
mod stand_in;
mod stencil;
mod strays;
mod unset_variables;
mod unsettled;
mod variables_again;
mod writer;

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::comments::{Comment, Comments, SingleThreadedComments};
use swc_core::common::{BytePos, DUMMY_SP, GLOBALS, Globals, Mark};
use swc_core::ecma::ast::{
    Decl, EsVersion, Id, Ident, Module, ModuleItem, Stmt, VarDecl, VarDeclKind, VarDeclarator,
};
use swc_core::ecma::parser::{EsSyntax, Parser, StringInput, Syntax};
use swc_core::ecma::transforms::base::fixer::fixer;
use swc_core::ecma::transforms::base::rename::contains_eval;
use swc_core::ecma::utils::find_pat_ids;
use swc_core::ecma::visit::VisitMutWith as _;

use super::elements::{has_elements, restore_elements};
use crate::base::recover;
use crate::graph::is_legal;

pub use parentheses::remove_parentheses;
pub use positions::Mapping;
pub use stencil::{Hole, NamePlace, Stencil, placeholder};
pub use unsettled::{Unsettled, mentioned};

/// Whether text is made small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Minification {
    /// Readable text, two-space indentation, all comments.
    Off,
    /// Compressed, local names shortened, only legal comments.
    On,
}

/// Whether positions are recorded while printing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PositionTracking {
    /// [`PrintedModule::mappings`] stays empty.
    Off,
    /// Every token that comes from the source gets a [`Mapping`].
    On,
}

/// How a module is printed.
#[derive(Debug, Clone, Copy)]
pub struct PrintOptions<'a> {
    /// Small or readable.
    pub minification: Minification,
    /// With or without mappings.
    pub position_tracking: PositionTracking,
    /// Chunk-level names that no local name of this module may take, besides those the module mentions
    /// itself (these are known from its tree).
    pub reserved: &'a [Atom],
    /// What compressing and printing may use of the language.
    pub version: EsVersion,
}

/// The marks `resolver` gave the module. A mark that is made later for names local to the module, such as those of a
/// CommonJS module inside its wrapper, must be a child of `top_level` (`Mark::fresh`), as `resolver`'s own are, and be
/// the context of the function that declares them: that is how names which an `eval` can see are told apart.
#[derive(Debug, Clone, Copy)]
pub struct NameMarks {
    /// Marks free names.
    pub unresolved: Mark,
    /// Marks the module's own top-level names, including those `render` adds.
    pub top_level: Mark,
}

/// One module as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrintedModule {
    /// Statements, the last one terminated, without a final line break: texts may be joined with `\n`.
    pub code: String,
    /// Where the text comes from, in the order of the text.
    pub mappings: Vec<Mapping>,
    /// Licences and other comments that must be kept and are not part of `code`, delimiters included, in source
    /// order. The chunk prints each distinct one once.
    pub legal_comments: Vec<String>,
}

/// A unit of several modules as text.
#[derive(Debug, Default)]
pub struct PrintedUnit {
    /// As [`PrintedModule::code`].
    pub code: String,
    /// Where the text comes from, for each source.
    pub mappings: Vec<Vec<Mapping>>,
    /// How many bytes each source gave.
    pub bytes: Vec<usize>,
}

/// Compresses a unit, see [`minify::compress_unit`]; `None` when the compressor panics.
#[tracing::instrument(skip_all)]
pub(super) fn compress_linked(
    module: Module,
    marks: NameMarks,
    comments: &SingleThreadedComments,
    (exported, others): (&FxHashSet<Atom>, &Unsettled),
    version: EsVersion,
) -> Option<Module> {
    recover(|| minify::compress_unit(module, marks, comments, (exported, others), version))
}

/// Prints a unit whose names are placeholders, without white space. `sources` are what was added to the positions of each
/// source, and its text.
#[tracing::instrument(skip_all)]
pub fn draw_stencil(
    module: &mut Module,
    sources: &[(u32, &str)],
    tracking: PositionTracking,
    version: EsVersion,
) -> Stencil {
    private_names::mangle_private_names(module);
    parenthesize(module, None);
    restore_elements(module, None, sources.iter().map(|(_, source)| *source));
    let starts: Vec<u32> = sources.iter().map(|(base, _)| *base).collect();
    let size = sources.iter().map(|(_, source)| source.len() / 3).sum();
    emit::emit_stencil(module, &starts, size, tracking, version)
}

/// Prints `module`. `source` is the text its positions refer to, the first byte being `BytePos(1)`.
///
/// A defect of the compressor must not cost the user the build: when it panics on a module, or returns one that no
/// parser accepts, that module is printed without compression and with its own names.
pub fn print_module(
    module: Module,
    globals: &Globals,
    marks: NameMarks,
    comments: &SingleThreadedComments,
    source: &str,
    options: &PrintOptions<'_>,
) -> PrintedModule {
    match options.minification {
        Minification::Off => GLOBALS.set(globals, || {
            print_readable(module, marks, comments, source, options)
        }),
        // Compressing makes marks. In shared hygiene data their numbers would depend on what other threads do.
        Minification::On => GLOBALS.set(&globals.clone_data(), || {
            print_small(module, marks, comments, source, options)
        }),
    }
}

fn print_readable(
    mut module: Module,
    marks: NameMarks,
    comments: &SingleThreadedComments,
    source: &str,
    options: &PrintOptions<'_>,
) -> PrintedModule {
    capture::free_captured_names(&mut module, marks, source, options.reserved);
    renamed_classes::name_as_in_source(&mut module, source);
    parenthesize(&mut module, Some(comments));
    restore_elements(&mut module, Some(comments), std::iter::once(source));
    let (code, mappings) = emit::emit(&module, Some(comments), source, options);
    // What is left belongs to statements that are not printed, such as imports.
    PrintedModule {
        code,
        mappings,
        legal_comments: legal_comments(comments),
    }
}

fn print_small(
    mut module: Module,
    marks: NameMarks,
    comments: &SingleThreadedComments,
    source: &str,
    options: &PrintOptions<'_>,
) -> PrintedModule {
    let legal_comments = legal_comments(comments);
    if contains_eval(&module, true) {
        // Names an `eval` can see keep their spelling, so the mangler cannot resolve captures there.
        capture::free_captured_names(&mut module, marks, source, options.reserved);
    }
    let untouched = module.clone();
    // The compressor would put other things in the place of elements' names.
    let compressed = (!has_elements(&untouched, std::iter::once(source)))
        .then(|| recover(|| print_compressed(module, marks, comments, source, options)))
        .flatten();
    let (code, mappings) = match compressed {
        Some(Some((code, mappings))) if is_valid(&code) => (code, mappings),
        _ => print_uncompressed(untouched, marks, source, options),
    };
    PrintedModule {
        code,
        mappings,
        legal_comments,
    }
}

fn print_compressed(
    module: Module,
    marks: NameMarks,
    comments: &SingleThreadedComments,
    source: &str,
    options: &PrintOptions<'_>,
) -> Option<(String, Vec<Mapping>)> {
    let names = mangle::top_level_names(&module, marks);
    let declared = declared_names(statements_of(&module));
    let mut module = minify::compress(module, marks, comments, &names, options.version);
    // A block that the compressor dissolves leaves its names to the chunk, which does not know them:
    // `{ function f() {} g(f) }`.
    let kept = declared_names(statements_of(&module));
    if !kept.is_subset(&declared) {
        return None;
    }
    // Other modules of the chunk name what stands behind a `throw`, too: it has no value, but it is declared.
    if matches!(module.body.last(), Some(ModuleItem::Stmt(Stmt::Throw(_)))) {
        let mut lost: Vec<Id> = declared.difference(&kept).cloned().collect();
        lost.sort_unstable();
        module.body.extend(lost.into_iter().map(declared_in_vain));
    }
    mangle::mangle_local_names(&mut module, marks, names.iter().chain(options.reserved));
    private_names::mangle_private_names(&mut module);
    parenthesize(&mut module, None);
    Some(emit::emit(&module, None, source, options))
}

fn statements_of(module: &Module) -> impl Iterator<Item = &Stmt> {
    module.body.iter().filter_map(ModuleItem::as_stmt)
}

/// `let name;`
pub fn declared_in_vain(name: Id) -> ModuleItem {
    let declarator = VarDeclarator {
        span: DUMMY_SP,
        name: Ident::from(name).into(),
        init: None,
        definite: false,
    };
    let declaration = VarDecl {
        kind: VarDeclKind::Let,
        decls: vec![declarator],
        ..VarDecl::default()
    };
    ModuleItem::Stmt(Stmt::Decl(Decl::Var(Box::new(declaration))))
}

/// The names that statements at the top level of a module declare.
pub fn declared_names<'a>(statements: impl IntoIterator<Item = &'a Stmt>) -> FxHashSet<Id> {
    let mut names = FxHashSet::default();
    for statement in statements {
        match statement {
            Stmt::Decl(Decl::Fn(function)) => {
                names.insert(function.ident.to_id());
            }
            Stmt::Decl(Decl::Class(class)) => {
                names.insert(class.ident.to_id());
            }
            Stmt::Decl(Decl::Var(variables)) => {
                names.extend(
                    variables
                        .decls
                        .iter()
                        .flat_map(|one| find_pat_ids::<_, Id>(&one.name)),
                );
            }
            _ => {}
        }
    }
    names
}

/// The text of statements that keep all their names.
pub fn print_text(
    statements: Vec<Stmt>,
    source: &str,
    minification: Minification,
    version: EsVersion,
) -> String {
    let mut module = Module {
        span: DUMMY_SP,
        body: statements.into_iter().map(ModuleItem::Stmt).collect(),
        shebang: None,
    };
    parenthesize(&mut module, None);
    let options = PrintOptions {
        minification,
        position_tracking: PositionTracking::Off,
        reserved: &[],
        version,
    };
    emit::emit(&module, None, source, &options).0
}

/// Small by white space alone.
fn print_uncompressed(
    mut module: Module,
    marks: NameMarks,
    source: &str,
    options: &PrintOptions<'_>,
) -> (String, Vec<Mapping>) {
    capture::free_captured_names(&mut module, marks, source, options.reserved);
    parenthesize(&mut module, None);
    restore_elements(&mut module, None, std::iter::once(source));
    emit::emit(&module, None, source, options)
}

/// Whether a browser will be able to read `code`. The compressor turns `({}).a++` into `void 0++`, and one such line
/// would cost the whole chunk.
#[tracing::instrument(skip_all)]
pub fn is_valid(code: &str) -> bool {
    let syntax = Syntax::Es(EsSyntax {
        decorators: true,
        auto_accessors: true,
        jsx: true,
        import_attributes: true,
        explicit_resource_management: true,
        ..EsSyntax::default()
    });
    let end = BytePos(u32::try_from(code.len()).map_or(u32::MAX, |length| length + 1));
    let mut parser = Parser::new(syntax, StringInput::new(code, BytePos(1), end), None);
    parser.parse_module().is_ok() && parser.take_errors().is_empty()
}

/// Parentheses exactly where the printed text needs them.
fn parenthesize(module: &mut Module, comments: Option<&SingleThreadedComments>) {
    forms::rewrite_delicate_forms(module);
    module.visit_mut_with(&mut fixer(comments.map(|comments| comments as &dyn Comments)));
}

/// Removes what [`legal_comments`] returns, so that it is not printed in its place.
pub fn take_legal_comments(comments: &SingleThreadedComments) -> Vec<String> {
    let legal = legal_comments(comments);
    let (mut leading, mut trailing) = comments.borrow_all_mut();
    for list in leading.values_mut().chain(trailing.values_mut()) {
        list.retain(|comment| !is_legal(&comment.text));
    }
    legal
}

/// The comments that a licence asks to keep, in source order.
fn legal_comments(comments: &SingleThreadedComments) -> Vec<String> {
    let (leading, trailing) = comments.borrow_all();
    let mut legal: Vec<&Comment> = leading
        .values()
        .chain(trailing.values())
        .flatten()
        .filter(|comment| is_legal(&comment.text))
        .collect();
    legal.sort_by_key(|comment| comment.span);
    legal.dedup_by_key(|comment| comment.span);
    legal.into_iter().map(emit::comment_text).collect()
}

#[cfg(test)]
mod tests;
