//! One source file's text to the standard JavaScript tree that every later stage reads.
//!
//! [`parse_module`] is a pure function: of the path it looks only at the extension (`.mjs` and `.mts` are
//! never scripts), at whether the file is installed and, with [`JsxDevelopment::On`](super::transform::JsxDevelopment), at the file name that
//! React's warnings show. Its result can therefore be cached by content and [`TransformOptions`]. Installed
//! packages are spared the search for early errors, which changes no result, only whether there is one.
//!
//! **What holds for the identifiers of a [`ParsedModule`]**, whatever passes ran:
//! - one module-level binding has one [`Id`](swc_core::ecma::ast::Id), and no other binding shares it;
//! - a name that the file does not declare carries exactly `unresolved_mark`;
//! - a generated identifier (`_jsx`, `_class`, a helper) has a name that the source does not use, so nested
//!   identifiers can be printed by their name; only module-level bindings may need another one.

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashSet;
use swc_core::atoms::Atom;
use swc_core::common::comments::{Comments, SingleThreadedComments};
use swc_core::common::input::StringInput;
use swc_core::common::{BytePos, GLOBALS, Globals, Mark, Spanned as _, SyntaxContext};
use swc_core::ecma::ast::{EsVersion, Module, ModuleItem, Program, Stmt};
use swc_core::ecma::parser::error::{Error, SyntaxError};
use swc_core::ecma::parser::{Lexer, Parser};

use super::early_errors::{self, BlockFunctions, Grammar};
use super::load::DeclaredFormat;
use super::source_facts::{SourceFacts, assigns_exports, module_declares};
use super::source_kind::SourceKind;
use super::syntax_error::{self, SyntaxProblem};
use super::transform::{self, TransformOptions};
use super::type_names::type_names;
use crate::diagnostic::{Code, Diagnostic};
use crate::graph::{ModuleComments, mentions_kept_comment};

/// The file after parsing and all transforms. Written by [`parse_module`], read by the collecting visit,
/// and by rendering, which prints `module`.
///
/// The byte at offset *n* of `source` has the position `BytePos(n + 1)`; generated nodes have dummy spans,
/// and calls that may be dropped when unused either have the span `PURE_SP` (enums) or a `#__PURE__`
/// comment before them (JSX).
#[expect(clippy::struct_excessive_bools, reason = "independent observations")]
pub struct ParsedModule {
    /// Standard JavaScript; a script is a module with the same statements. Without directives and hashbang.
    pub module: Module,
    /// The marks and syntax contexts of `module` live in here: whoever runs a pass on it sets these as
    /// `GLOBALS`. New marks get the next free number, so tasks that share one `ParsedModule` and make marks
    /// each take `Globals::clone_data()` first; only reading needs no copy.
    pub globals: Arc<Globals>,
    /// The mark of every name the file does not declare.
    pub unresolved_mark: Mark,
    /// The mark of the bindings that the source declares at module level. Generated module-level bindings
    /// have marks of their own.
    pub top_level_mark: Mark,
    /// Annotations and licences.
    pub comments: ModuleComments,
    /// The text without a byte order mark.
    pub source: Arc<str>,
    /// The first line, when it is a hashbang: without `#!`.
    pub hashbang: Option<Atom>,
    /// The directives at the start of the file, as `use client`. They are no longer in `module`.
    pub directives: Vec<Atom>,
    /// Whether the source has a static `import` or `export`, `import.meta` or top-level `await`. Looked at
    /// before types are removed: a file with only `import type` is an ES module. TypeScript's
    /// `import a = require()` and `export =` are CommonJS and do not count.
    pub has_module_syntax: bool,
    /// It has TypeScript's `export =`, which makes CommonJS of a file without module syntax, whatever its name and its package
    /// say.
    pub assigns_exports: bool,
    /// Whether evaluation of the module itself waits.
    pub has_top_level_await: bool,
    /// Names that stood for types before these were removed.
    pub type_names: FxHashSet<Atom>,
    /// It is a script that says what only sloppy code can say, and is as it was written.
    pub runs_sloppily: bool,
}

/// The two marks of one module.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks {
    pub unresolved: Mark,
    pub top_level: Mark,
}

impl Marks {
    /// The syntax context of names that the file does not declare.
    pub fn unresolved_context(self) -> SyntaxContext {
        SyntaxContext::empty().apply_mark(self.unresolved)
    }

    /// The syntax context of what the file declares at module level.
    pub fn top_level_context(self) -> SyntaxContext {
        SyntaxContext::empty().apply_mark(self.top_level)
    }
}

/// The text of a file. A byte order mark is removed. Nobody can save a file of an installed package anew, and Node reads it
/// with U+FFFD for what is not UTF-8: old comments have such letters.
///
/// # Errors
/// When the bytes are not UTF-8. The diagnostic's `module` is left for the caller.
pub fn decode_source(path: &Path, bytes: &[u8]) -> Result<Arc<str>, Box<Diagnostic>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.into()),
        Err(_) if is_installed(path) && !syntax_error::is_utf16(bytes) => {
            Ok(String::from_utf8_lossy(bytes).into())
        }
        Err(error) => Err(Box::new(syntax_error::not_utf8(path, bytes, error.valid_up_to()))),
    }
}

/// Parses and transforms one file. It recurses as deep as the source nests, so run it on a thread with a
/// large stack. Sets `GLOBALS` itself.
///
/// # Errors
/// Every syntax error found. The diagnostics' `module` is empty: the caller knows whose file it is.
#[tracing::instrument(skip_all)]
pub fn parse_module(
    path: &Path,
    source: Arc<str>,
    kind: SourceKind,
    declared: DeclaredFormat,
    options: &TransformOptions,
) -> Result<ParsedModule, Vec<Diagnostic>> {
    let source = match source.strip_prefix('\u{feff}') {
        Some(rest) => Arc::from(rest),
        None => source,
    };
    if u32::try_from(source.len()).is_err() {
        return Err(vec![Diagnostic::new(
            Code::Syntax,
            "",
            format!("`{}` is larger than 4 GB", path.display()),
            "Split the file.",
        )]);
    }
    let globals = Arc::new(Globals::new());
    GLOBALS
        .set(&globals, || {
            parse_in_globals(path, &source, kind, declared, options, &globals)
        })
        .map_err(|problems| {
            problems
                .into_iter()
                .map(|problem| problem.into_diagnostic(path, &source))
                .collect()
        })
}

fn parse_in_globals(
    path: &Path,
    source: &Arc<str>,
    kind: SourceKind,
    declared: DeclaredFormat,
    options: &TransformOptions,
    globals: &Arc<Globals>,
) -> Result<ParsedModule, Vec<SyntaxProblem>> {
    let comments = SingleThreadedComments::default();
    let goal = Goal::of(path, declared);
    let Tree { mut program, kind } = parse(source, kind, goal, &comments)?;
    super::leading_annotations::lead(&comments, source);
    super::leading_annotations::leave_calls(&comments, source, &program);

    let facts = SourceFacts::of(&program, source, kind);
    let has_module_syntax = module_declares(&program) || facts.has_import_meta || facts.has_top_level_await;
    let assigns_exports = assigns_exports(&program);
    let (goal, grammar) = match goal {
        _ if has_module_syntax => (goal, Grammar::Module),
        _ if assigns_exports => (Goal::Either, Grammar::CommonJs),
        Goal::Module => (goal, Grammar::Module),
        Goal::Either => (goal, Grammar::CommonJs),
    };
    // What is published has run somewhere; looking through all of it would cost a tenth of parsing.
    let is_checked = !is_installed(path);
    if is_checked {
        let problems = early_errors::find_in_source(&program, source, grammar);
        if !problems.is_empty() {
            return Err(problems);
        }
    }

    if let Some(problem) = super::costly_nesting::find(&program, source) {
        return Err(vec![problem]);
    }

    let hashbang = take_hashbang(&mut program);
    let type_names = if kind.is_typed() {
        type_names(&program)
    } else {
        FxHashSet::default()
    };
    let marks = Marks {
        unresolved: Mark::new(),
        top_level: Mark::new(),
    };
    let mut runs_sloppily =
        matches!(&program, Program::Script(script) if super::sloppy_needs::runs_sloppily(script, source));
    let setting = transform::Setting {
        path,
        source,
        kind,
        options,
        marks,
        facts,
        has_module_syntax,
        is_module_by_name: goal == Goal::Module,
        runs_sloppily,
    };
    let is_script = matches!(program, Program::Script(_));
    let mut module = match transform::transform(program, &comments, &setting) {
        // Strict code cannot say it.
        Err(_) if is_script && !runs_sloppily => {
            replace_comments(&comments, SingleThreadedComments::default());
            let Tree { mut program, .. } = parse(source, kind, goal, &comments)?;
            super::leading_annotations::lead(&comments, source);
            super::leading_annotations::leave_calls(&comments, source, &program);
            take_hashbang(&mut program);
            runs_sloppily = true;
            let setting = transform::Setting {
                runs_sloppily,
                ..setting
            };
            transform::transform(program, &comments, &setting)?
        }
        transformed => transformed?,
    };
    let directives = take_directives(&mut module);
    super::asm_directive::remove(&mut module, source);
    if grammar == Grammar::CommonJs && !runs_sloppily {
        super::parameter_variables::join(&mut module, source, marks);
    }

    if is_checked {
        let block_functions = if runs_sloppily {
            BlockFunctions::OfFunctions
        } else {
            BlockFunctions::OfBlocks
        };
        let unresolved = marks.unresolved_context();
        let problems = early_errors::find(&module, source, grammar, block_functions, unresolved);
        if !problems.is_empty() {
            return Err(problems);
        }
    }

    Ok(ParsedModule {
        module,
        globals: Arc::clone(globals),
        unresolved_mark: marks.unresolved,
        top_level_mark: marks.top_level,
        comments: ModuleComments::keep(comments),
        source: Arc::clone(source),
        hashbang,
        directives,
        has_module_syntax,
        assigns_exports,
        has_top_level_await: facts.has_top_level_await,
        type_names,
        runs_sloppily,
    })
}

pub(super) fn is_installed(path: &Path) -> bool {
    path.components()
        .any(|component| component.as_os_str() == "node_modules")
}

/// What a file may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    /// Its extension or its package says ES module.
    Module,
    /// ES module when it has module syntax, otherwise a CommonJS script.
    Either,
}

impl Goal {
    fn of(path: &Path, declared: DeclaredFormat) -> Self {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("mjs" | "mts") => Self::Module,
            _ if declared == DeclaredFormat::EsModule => Self::Module,
            _ => Self::Either,
        }
    }
}

struct Tree {
    program: Program,
    kind: SourceKind,
}

/// Parses as `kind` says; a JavaScript file that fails is tried once more with JSX. A file that only another
/// kind could read gets one problem that says so, instead of thirty about its consequences.
fn parse(
    source: &str,
    kind: SourceKind,
    goal: Goal,
    comments: &SingleThreadedComments,
) -> Result<Tree, Vec<SyntaxProblem>> {
    let errors = match parse_as(source, kind, goal, comments) {
        Ok(program) => return Ok(Tree { program, kind }),
        Err(errors) => errors,
    };
    let mut furthest = errors;
    if !kind.has_jsx() {
        let with_jsx = SingleThreadedComments::default();
        match parse_as(source, kind.with_jsx(), goal, &with_jsx) {
            Ok(program) if kind == SourceKind::JavaScript => {
                replace_comments(comments, with_jsx);
                return Ok(Tree {
                    program,
                    kind: SourceKind::Jsx,
                });
            }
            Ok(_) => return Err(vec![syntax_error::jsx_in_typescript(&furthest)]),
            // Both fail: the attempt that got further knows what the author meant.
            Err(errors) if first_position(&errors) > first_position(&furthest) => furthest = errors,
            Err(_) => {}
        }
    }
    let has_types = |typed| {
        let ignored = SingleThreadedComments::default();
        match parse_as(source, typed, goal, &ignored) {
            Ok(_) => true,
            Err(errors) => first_position(&errors) > first_position(&furthest),
        }
    };
    if !kind.is_typed()
        && [SourceKind::TypeScript, SourceKind::Tsx]
            .into_iter()
            .any(has_types)
    {
        return Err(vec![syntax_error::types_in_javascript(&furthest, kind)]);
    }
    Err(syntax_error::explain(&furthest, kind))
}

fn first_position(errors: &[Error]) -> BytePos {
    errors
        .iter()
        .map(|error| error.span().lo)
        .min()
        .unwrap_or_default()
}

fn replace_comments(comments: &SingleThreadedComments, new: SingleThreadedComments) {
    let (leading, trailing) = new.take_all();
    let (mut old_leading, mut old_trailing) = comments.borrow_all_mut();
    *old_leading = leading.take();
    *old_trailing = trailing.take();
}

fn parse_as(
    source: &str,
    kind: SourceKind,
    goal: Goal,
    comments: &SingleThreadedComments,
) -> Result<Program, Vec<Error>> {
    let mut outcome = parse_once(source, kind, goal, comments);
    if goal == Goal::Either
        && let Err(errors) = &outcome
        && let Some(parsed) = super::let_parameters::parse(source, errors, |text| {
            replace_comments(comments, SingleThreadedComments::default());
            parse_once(text, kind, goal, comments)
        })
    {
        outcome = parsed;
    }
    let mut known: Option<String> = None;
    // Each round finds at least one more.
    while let Err(errors) = &outcome
        && let Some(text) = as_the_parser_knows_it(known.as_deref().unwrap_or(source), kind, errors)
    {
        replace_comments(comments, SingleThreadedComments::default());
        outcome = parse_once(&text, kind, goal, comments);
        known = Some(text);
    }
    outcome
}

/// The text that means the same to a parser that failed, if there is one; whatever it says is where it was.
fn as_the_parser_knows_it(source: &str, kind: SourceKind, errors: &[Error]) -> Option<String> {
    let declared = || super::declared_members::declare_first(source, errors);
    awaits_joined(source, errors).or_else(|| kind.is_typed().then(declared).flatten())
}

/// At the top of a module the parser takes an `await` before a line break for a name. The text with each such line break,
/// and the comments between, made spaces: all positions stay what they are.
fn awaits_joined(source: &str, errors: &[Error]) -> Option<String> {
    let mut joined: Option<String> = None;
    for error in errors {
        let (start, end) = (error.span().lo.0 as usize - 1, error.span().hi.0 as usize - 1);
        if *error.kind() != SyntaxError::InvalidIdentInAsync || source.get(start..end) != Some("await") {
            continue;
        }
        let rest = &source[end..];
        let gap = rest.len() - without_leading_trivia(rest).len();
        if rest[..gap].contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
            let text = joined.get_or_insert_with(|| source.to_owned());
            text.replace_range(end..end + gap, &" ".repeat(gap));
        }
    }
    joined
}

fn without_leading_trivia(mut text: &str) -> &str {
    loop {
        text = text.trim_start();
        let end = if text.starts_with("//") {
            text.find(['\n', '\r', '\u{2028}', '\u{2029}'])
        } else if text.starts_with("/*") {
            text.find("*/").map(|end| end + 2)
        } else {
            return text;
        };
        text = &text[end.unwrap_or(text.len())..];
    }
}

fn parse_once(
    source: &str,
    kind: SourceKind,
    goal: Goal,
    comments: &SingleThreadedComments,
) -> Result<Program, Vec<Error>> {
    let end = u32::try_from(source.len()).expect("parse_module refuses larger files");
    let input = StringInput::new(source, BytePos(1), BytePos(1 + end));
    // Recording comments costs about 8 %: only for files with a comment that somebody reads.
    let comments: Option<&dyn Comments> =
        mentions_kept_comment(source, kind.has_jsx()).then_some(comments as &dyn Comments);
    let mut parser = Parser::new_from(Lexer::new(kind.syntax(), EsVersion::EsNext, input, comments));
    let parsed = match goal {
        Goal::Module => parser.parse_module().map(Program::Module),
        Goal::Either => parser.parse_program(),
    };
    let mut errors = parser.take_errors();
    // The parser forgets that a static block begins anew with labels, and that a CommonJS module is a function.
    errors.retain(|error| {
        !matches!(
            error.kind(),
            SyntaxError::DuplicateLabel(_) | SyntaxError::InvalidNewTarget
        )
    });
    if matches!(parsed, Ok(Program::Script(_))) {
        errors.retain(|error| !is_left_to_early_errors(error, source));
    }
    match parsed {
        Ok(program) if errors.is_empty() => Ok(program),
        Ok(_) => Err(errors),
        Err(error) => {
            errors.push(error);
            Err(errors)
        }
    }
}

/// What scripts may contain in places of which the parser knows too little: `if (a) function f() {}` (ECMA-262 annex
/// B.3.3), and octal notation outside of functions that are strict. [`early_errors`] knows.
fn is_left_to_early_errors(error: &Error, source: &str) -> bool {
    match error.kind() {
        SyntaxError::DeclNotAllowed => source[(error.span().lo.0 - 1) as usize..].starts_with("function"),
        SyntaxError::LegacyOctal | SyntaxError::LegacyDecimal => true,
        _ => false,
    }
}

fn take_hashbang(program: &mut Program) -> Option<Atom> {
    match program {
        Program::Module(module) => module.shebang.take(),
        Program::Script(script) => script.shebang.take(),
    }
}

/// Removes the directive prologue (ECMA-262 §11.2.1) and returns what others may read there, as `use client`. Output is
/// always strict, and a directive in the middle of a chunk means nothing: those of an entry stand above its code.
fn take_directives(module: &mut Module) -> Vec<Atom> {
    let mut directives = Vec::new();
    for item in &module.body {
        let ModuleItem::Stmt(Stmt::Expr(statement)) = item else {
            break;
        };
        let Some(text) = statement.expr.as_lit().and_then(|literal| literal.as_str()) else {
            break;
        };
        if statement.span.is_dummy() || text.span.is_dummy() {
            break;
        }
        directives.push(text.value.to_atom_lossy().into_owned());
    }
    module.body.drain(..directives.len());
    let mut seen = FxHashSet::default();
    directives.retain(|text| !matches!(&**text, "use strict" | "use asm") && seen.insert(text.clone()));
    directives
}
