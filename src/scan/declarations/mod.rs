//! One source file to its declaration file: what TypeScript needs to know of it, made from this file alone.
//!
//! ```text
//! export const size = 2;                      export declare const size: number;
//! export const area = (side: number) => …     error: the return type must be written
//! ```
//!
//! No types are computed: a declaration says what the source says. Hand-written declaration files (`.d.ts`) are read
//! with the same eyes and keep their text.

mod issues;
mod lost;
mod requests;
mod surface;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use swc_core::common::comments::{CommentKind, SingleThreadedComments};
use swc_core::common::input::StringInput;
use swc_core::common::{BytePos, FileName, GLOBALS, Globals, Mark};
use swc_core::ecma::ast::{EsVersion, Program};
use swc_core::ecma::codegen::to_code_with_comments;
use swc_core::ecma::parser::{Lexer, Parser, Syntax, TsSyntax};
use swc_core::ecma::transforms::base::resolver;
use swc_core::ecma::visit::VisitMutWith as _;
use swc_core::typescript::fast_dts::{FastDts, FastDtsOptions};

use self::issues::{FUNCTION_PROPERTIES, LOST_EXPORT, diagnostic_of, finding};
use self::lost::{assigned_properties, exported_names};
pub use self::requests::TypeRequest;
use self::requests::{Rewrite, requests_of};
pub use self::surface::{Declared, Surface, Target};
use super::nesting::{DEEPEST, too_deep};
use super::source_kind::SourceKind;
use super::syntax_error;
use crate::base::recover;
use crate::diagnostic::{Code, Diagnostic, Location};

/// What a file is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeSource {
    /// A TypeScript source, whose declaration is made.
    Source(SourceKind),
    /// A declaration file, which stays as it is.
    Declaration,
}

/// The declarations of one file.
pub struct Declarations {
    program: Program,
    comments: SingleThreadedComments,
    /// What the declarations import, in the order of the file.
    pub requests: Vec<TypeRequest>,
}

impl Declarations {
    /// Parses, and leaves nothing but declarations. Recurses as deep as the source nests.
    ///
    /// # Errors
    /// Syntax errors, and places where a type must be written. The diagnostics' `module` is empty.
    pub fn of(path: &Path, source: &str, kind: TypeSource) -> Result<Self, Vec<Diagnostic>> {
        if let Some(offset) = too_deep(source) {
            let message = format!("The code is nested more than {DEEPEST} levels deep here.");
            let fix = "Break the expression into parts.";
            let location = Location::of_range(path, source, offset, offset + 1);
            return Err(vec![
                Diagnostic::new(Code::Syntax, "", message, fix).at(Some(location)),
            ]);
        }
        GLOBALS.set(&Globals::new(), || {
            let (mut program, comments) = parse(path, source, kind)?;
            if let TypeSource::Source(_) = kind {
                declare(path, source, &mut program)?;
                keep_documentation(&comments);
            }
            let requests = requests_of(&mut program, path, source);
            Ok(Self {
                program,
                comments,
                requests,
            })
        })
    }

    /// The text of the declaration file, with specifiers replaced.
    pub fn print(&self, specifiers: &BTreeMap<String, String>) -> String {
        let mut program = self.program.clone();
        program.visit_mut_with(&mut Rewrite { specifiers });
        to_code_with_comments(Some(&self.comments), &program)
    }

    /// What it exports, for comparing.
    pub fn surface(&self) -> Surface {
        Surface::of(&self.program)
    }
}

fn parse(
    path: &Path,
    source: &str,
    kind: TypeSource,
) -> Result<(Program, SingleThreadedComments), Vec<Diagnostic>> {
    let comments = SingleThreadedComments::default();
    let (tsx, dts, shown) = match kind {
        TypeSource::Source(kind) => (kind == SourceKind::Tsx, false, kind),
        TypeSource::Declaration => (false, true, SourceKind::TypeScript),
    };
    let syntax = Syntax::Typescript(TsSyntax {
        tsx,
        dts,
        decorators: true,
        ..TsSyntax::default()
    });
    let end = u32::try_from(source.len() + 1).unwrap_or(u32::MAX);
    let input = StringInput::new(source, BytePos(1), BytePos(end));
    let mut parser = Parser::new_from(Lexer::new(syntax, EsVersion::latest(), input, Some(&comments)));
    let outcome = parser.parse_program();
    let mut errors = parser.take_errors();
    let program = match outcome {
        Ok(program) if errors.is_empty() => return Ok((program, comments)),
        Ok(_) => None,
        Err(error) => Some(error),
    };
    errors.extend(program);
    let problems = syntax_error::explain(&errors, shown);
    Err(problems
        .into_iter()
        .map(|problem| problem.into_diagnostic(path, source))
        .collect())
}

/// Leaves the declarations of `program`.
fn declare(path: &Path, source: &str, program: &mut Program) -> Result<(), Vec<Diagnostic>> {
    if let Program::Module(module) = program {
        module.shebang = None;
    }
    let (exported, properties) = (exported_names(program), assigned_properties(program));
    let issues = recover(|| {
        let unresolved = Mark::new();
        program.mutate(resolver(unresolved, Mark::new(), true));
        let name = Arc::new(FileName::Real(path.to_path_buf()));
        FastDts::new(name, unresolved, FastDtsOptions::default()).transform(program)
    });
    let Some(issues) = issues else {
        let message = "The declarations of this file cannot be made.";
        let fix = "Write its types into a declaration file, and import that.";
        let location = Location::of_range(path, source, 0, 1);
        return Err(vec![
            Diagnostic::new(Code::Declaration, "", message, fix).at(Some(location)),
        ]);
    };
    let mut problems: Vec<Diagnostic> = issues
        .iter()
        .map(|issue| diagnostic_of(issue, path, source))
        .collect();
    if !problems
        .iter()
        .any(|problem| problem.found.as_deref() == Some(FUNCTION_PROPERTIES))
    {
        let properties = properties.into_iter();
        problems.extend(properties.map(|span| finding(FUNCTION_PROPERTIES, span, path, source)));
    }
    let declared = exported_names(program);
    let lost = exported
        .into_iter()
        .filter(|(name, _)| !declared.contains_key(name));
    problems.extend(lost.map(|(_, span)| finding(LOST_EXPORT, span, path, source)));
    problems.dedup();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

/// Leaves the comments that editors show: `/** … */` before what they are about.
fn keep_documentation(comments: &SingleThreadedComments) {
    let (mut leading, mut trailing) = comments.borrow_all_mut();
    trailing.clear();
    for list in leading.values_mut() {
        list.retain(|comment| comment.kind == CommentKind::Block && comment.text.starts_with('*'));
    }
}
