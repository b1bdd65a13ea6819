//! One source file's text to the standard JavaScript tree that every later stage reads.
//!
//! [`parse_module`] is a pure function: of the path it looks only at the extension (`.mjs` and `.mts` are
//! never scripts) and, with [`JsxDevelopment::On`](super::transform::JsxDevelopment), at the file name that
//! React's warnings show. Its result can therefore be cached by content and [`TransformOptions`].
//!
//! **What holds for the identifiers of a [`ParsedModule`]**, whatever passes ran:
//! - one module-level binding has one [`Id`](swc_core::ecma::ast::Id), and no other binding shares it;
//! - a name that the file does not declare carries exactly `unresolved_mark`;
//! - a generated identifier (`_jsx`, `_class`, a helper) has a name that the source does not use, so nested
//!   identifiers can be printed by their name; only module-level bindings may need another one.

use std::path::Path;
use std::sync::Arc;

use swc_core::atoms::Atom;
use swc_core::common::comments::{Comments, SingleThreadedComments};
use swc_core::common::input::StringInput;
use swc_core::common::{BytePos, GLOBALS, Globals, Mark, Spanned as _, SyntaxContext};
use swc_core::ecma::ast::{EsVersion, Module, ModuleItem, Program, Stmt};
use swc_core::ecma::parser::error::{Error, SyntaxError};
use swc_core::ecma::parser::{EsSyntax, Lexer, Parser, Syntax, TsSyntax};

use super::comments::{ModuleComments, mentions_kept_comment};
use super::early_errors::{self, Grammar};
use super::source_facts::{SourceFacts, module_declares};
use super::syntax_error::{self, SyntaxProblem};
use super::transform::{self, TransformOptions};
use crate::diagnostic::{Code, Diagnostic};

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// `.js`, `.mjs`, `.cjs`. JSX is accepted when the file does not parse without it.
    JavaScript,
    /// `.jsx`
    Jsx,
    /// `.ts`, `.mts`, `.cts`
    TypeScript,
    /// `.tsx`
    Tsx,
}

impl SourceKind {
    /// The kind that the extension says; none for what is not a script, and for declaration files
    /// (`.d.ts`), which have nothing to run.
    pub fn of_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        if [".d.ts", ".d.mts", ".d.cts"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            return None;
        }
        match path.extension()?.to_str()? {
            "js" | "mjs" | "cjs" => Some(Self::JavaScript),
            "jsx" => Some(Self::Jsx),
            "ts" | "mts" | "cts" => Some(Self::TypeScript),
            "tsx" => Some(Self::Tsx),
            _ => None,
        }
    }

    /// Whether types are part of the language.
    pub fn is_typed(self) -> bool {
        matches!(self, Self::TypeScript | Self::Tsx)
    }

    pub(super) fn has_jsx(self) -> bool {
        matches!(self, Self::Jsx | Self::Tsx)
    }

    fn with_jsx(self) -> Self {
        match self {
            Self::JavaScript | Self::Jsx => Self::Jsx,
            Self::TypeScript | Self::Tsx => Self::Tsx,
        }
    }

    fn syntax(self) -> Syntax {
        if self.is_typed() {
            Syntax::Typescript(TsSyntax {
                tsx: self.has_jsx(),
                decorators: true,
                ..TsSyntax::default()
            })
        } else {
            Syntax::Es(EsSyntax {
                jsx: self.has_jsx(),
                decorators: true,
                decorators_before_export: true,
                import_attributes: true,
                // A CommonJS module is the body of a function; `early_errors` refuses it in ES modules.
                allow_return_outside_function: true,
                auto_accessors: true,
                explicit_resource_management: true,
                ..EsSyntax::default()
            })
        }
    }
}

/// The file after parsing and all transforms. Written by [`parse_module`], read by the collecting visit,
/// and by rendering, which prints `module`.
///
/// The byte at offset *n* of `source` has the position `BytePos(n + 1)`; generated nodes have dummy spans,
/// and calls that may be dropped when unused either have the span `PURE_SP` (enums) or a `#__PURE__`
/// comment before them (JSX).
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
    /// Whether evaluation of the module itself waits.
    pub has_top_level_await: bool,
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
}

/// The text of a file. A byte order mark is removed.
///
/// # Errors
/// When the bytes are not UTF-8. The diagnostic's `module` is left for the caller.
pub fn decode_source(path: &Path, bytes: &[u8]) -> Result<Arc<str>, Box<Diagnostic>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes)
        .map(Arc::from)
        .map_err(|error| Box::new(syntax_error::not_utf8(path, bytes, error.valid_up_to())))
}

/// Parses and transforms one file. It recurses as deep as the source nests, so run it on a thread with a
/// large stack. Sets `GLOBALS` itself.
///
/// # Errors
/// Every syntax error found. The diagnostics' `module` is empty: the caller knows whose file it is.
pub fn parse_module(
    path: &Path,
    source: Arc<str>,
    kind: SourceKind,
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
            parse_in_globals(path, &source, kind, options, &globals)
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
    options: &TransformOptions,
    globals: &Arc<Globals>,
) -> Result<ParsedModule, Vec<SyntaxProblem>> {
    let comments = SingleThreadedComments::default();
    let goal = Goal::of_path(path);
    let Tree { mut program, kind } = parse(source, kind, goal, &comments)?;

    let facts = SourceFacts::of(&program, source, kind);
    let has_module_syntax = module_declares(&program) || facts.has_import_meta || facts.has_top_level_await;

    let hashbang = take_hashbang(&mut program);
    // The decorator pass rewrites assignments to undeclared names in decorators to `globalThis.name = …`
    // for contexts 0 and 1. A context taken before keeps ours away from those numbers.
    let _ = SyntaxContext::empty().apply_mark(Mark::new());
    let marks = Marks {
        unresolved: Mark::new(),
        top_level: Mark::new(),
    };
    let setting = transform::Setting {
        path,
        source,
        kind,
        options,
        marks,
        facts,
        has_module_syntax,
    };
    let mut module = transform::transform(program, &comments, &setting)?;
    let directives = take_directives(&mut module);

    let is_module = has_module_syntax || goal == Goal::Module;
    let grammar = if is_module {
        Grammar::Module
    } else {
        Grammar::CommonJs
    };
    let problems = early_errors::find(&module, source, grammar, marks.unresolved_context());
    if !problems.is_empty() {
        return Err(problems);
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
        has_top_level_await: facts.has_top_level_await,
    })
}

/// What a file may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    /// Its extension says ES module.
    Module,
    /// ES module when it has module syntax, otherwise a CommonJS script.
    Either,
}

impl Goal {
    fn of_path(path: &Path) -> Self {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("mjs" | "mts") => Self::Module,
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
    if matches!(parsed, Ok(Program::Script(_))) {
        errors.retain(|error| !is_function_in_if(error, source));
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

/// `if (a) function f() {}` is allowed in scripts (ECMA-262 annex B.3.3); the parser reads it and complains.
fn is_function_in_if(error: &Error, source: &str) -> bool {
    *error.kind() == SyntaxError::DeclNotAllowed
        && source[(error.span().lo.0 - 1) as usize..].starts_with("function")
}

fn take_hashbang(program: &mut Program) -> Option<Atom> {
    match program {
        Program::Module(module) => module.shebang.take(),
        Program::Script(script) => script.shebang.take(),
    }
}

/// Removes the directive prologue (ECMA-262 §11.2.1) and returns its strings. Output is always strict, and
/// a directive in the middle of a chunk means nothing; whoever wants `use client` finds it in the list.
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
    directives
}
