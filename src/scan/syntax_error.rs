//! The parser's complaints in plain words, each with the edit that resolves it.

use std::path::Path;

use rustc_hash::FxHashSet;
use swc_core::common::{Span, Spanned as _};
use swc_core::ecma::parser::error::{Error, SyntaxError};

use super::source_kind::SourceKind;
use crate::diagnostic::{Code, Diagnostic, Location};

/// A complaint about a place of the source, not yet tied to a file.
#[derive(Debug)]
pub(super) struct SyntaxProblem {
    /// Where.
    pub span: Span,
    /// What is wrong, a sentence.
    pub message: String,
    /// The edit that resolves it, a sentence.
    pub fix: String,
}

impl SyntaxProblem {
    pub fn new(span: Span, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            fix: fix.into(),
        }
    }

    /// The diagnostic for a person; `module` is left empty.
    pub fn into_diagnostic(self, path: &Path, source: &str) -> Diagnostic {
        let location = Location::of_range(path, source, offset(self.span.lo.0), offset(self.span.hi.0));
        Diagnostic::new(Code::Syntax, "", self.message, self.fix).at(Some(location))
    }
}

/// Positions are 1-based.
fn offset(position: u32) -> usize {
    position.saturating_sub(1) as usize
}

/// Whether a file starts as UTF-16 does.
pub(super) fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff")
}

/// Bytes that are no text.
pub(super) fn not_utf8(path: &Path, bytes: &[u8], valid_up_to: usize) -> Diagnostic {
    let text = String::from_utf8_lossy(bytes);
    let location = Location::of_range(path, &text, valid_up_to, valid_up_to + 1);
    let message = if is_utf16(bytes) {
        "The file is UTF-16, not UTF-8.".to_owned()
    } else {
        format!("The file is not UTF-8: byte {valid_up_to} starts no character.")
    };
    Diagnostic::new(Code::Syntax, "", message, "Save the file as UTF-8.").at(Some(location))
}

/// A `.ts` file that parses as TSX.
pub(super) fn jsx_in_typescript(errors: &[Error]) -> SyntaxProblem {
    let span = errors
        .iter()
        .map(Error::span)
        .min_by_key(|span| span.lo)
        .unwrap_or_default();
    SyntaxProblem::new(
        span,
        "This file contains JSX, which a `.ts` file cannot",
        "Rename the file so that it ends in `.tsx`.",
    )
}

/// A `.js` file that parses as TypeScript.
pub(super) fn types_in_javascript(errors: &[Error], kind: SourceKind) -> SyntaxProblem {
    let span = errors
        .iter()
        .map(Error::span)
        .min_by_key(|span| span.lo)
        .unwrap_or_default();
    let extension = if kind.has_jsx() { ".tsx" } else { ".ts" };
    SyntaxProblem::new(
        span,
        "This file contains types, which a JavaScript file cannot",
        format!("Rename the file so that it ends in `{extension}`, or remove the types."),
    )
}

/// One problem per place, in the order of the source.
pub(super) fn explain(errors: &[Error], kind: SourceKind) -> Vec<SyntaxProblem> {
    let mut errors: Vec<&Error> = errors.iter().collect();
    errors.sort_by_key(|error| error.span().lo);
    let mut seen = FxHashSet::default();
    let mut has_conflict = false;
    errors
        .into_iter()
        .filter(|error| seen.insert(error.span().lo))
        // Each conflict has three markers, and there are rarely few.
        .filter(|error| *error.kind() != SyntaxError::TS1185 || !std::mem::replace(&mut has_conflict, true))
        .map(|error| {
            let (span, error) = innermost(error);
            SyntaxProblem::new(span, message(error), fix(error, kind))
        })
        .collect()
}

fn innermost(error: &Error) -> (Span, &SyntaxError) {
    match error.kind() {
        SyntaxError::WithLabel { inner, .. } => innermost(inner),
        kind => (error.span(), kind),
    }
}

fn message(error: &SyntaxError) -> String {
    match error {
        SyntaxError::Eof => "The file ends in the middle of something".to_owned(),
        SyntaxError::UnterminatedStrLit => "This string does not end".to_owned(),
        SyntaxError::UnterminatedTpl => "This template literal does not end".to_owned(),
        SyntaxError::UnterminatedBlockComment => "This comment does not end".to_owned(),
        SyntaxError::UnterminatedRegExp => "This regular expression does not end".to_owned(),
        SyntaxError::UnterminatedJSXContents => "This JSX element does not end".to_owned(),
        SyntaxError::JSXExpectedClosingTag { tag } => format!("`<{tag}>` is not closed"),
        SyntaxError::JSXExpectedClosingTagForLtGt => "`<>` is not closed".to_owned(),
        SyntaxError::Expected(wanted, _) if quoted(wanted) == "`</`" => {
            "A JSX element is not closed, or closed with another name".to_owned()
        }
        SyntaxError::Expected(wanted, got) if is_end(got) => {
            format!("The file ends where {} should follow", quoted(wanted))
        }
        SyntaxError::Expected(wanted, got) => {
            format!("{} should stand here instead of {}", quoted(wanted), quoted(got))
        }
        SyntaxError::Unexpected { got, .. } if is_end(got) => {
            "The file ends in the middle of something".to_owned()
        }
        SyntaxError::Unexpected { got, expected } => {
            format!("{} cannot stand here; expected {expected}", quoted(got))
        }
        SyntaxError::ExpectedSemi | SyntaxError::ExpectedSemiForExprStmt { .. } | SyntaxError::TS1005 => {
            "The statement before this should end here".to_owned()
        }
        SyntaxError::ExpectedIdent | SyntaxError::TS1003 => "A name should stand here".to_owned(),
        SyntaxError::TS1109 | SyntaxError::InvalidExpr => "An expression should stand here".to_owned(),
        SyntaxError::TS1185 => "A merge conflict was left in the file".to_owned(),
        SyntaxError::AwaitInFunction => "`await` is used in a function that is not `async`".to_owned(),
        SyntaxError::ReturnNotAllowed => "`return` stands outside a function".to_owned(),
        SyntaxError::WithInStrict => "`with` is not allowed in strict mode, so not in ES modules".to_owned(),
        SyntaxError::LegacyOctal | SyntaxError::LegacyDecimal => {
            "Old octal notation is not allowed in strict mode, so not in ES modules".to_owned()
        }
        other => first_letter_upper(other.msg().trim_end_matches('.')),
    }
}

fn fix(error: &SyntaxError, kind: SourceKind) -> String {
    match error {
        SyntaxError::Eof => "Close every `{`, `(` and `[` that is still open.".to_owned(),
        SyntaxError::UnterminatedStrLit => {
            "Close the string on the same line with the quote it starts with, or use a template literal."
                .to_owned()
        }
        SyntaxError::UnterminatedTpl => "Close the template literal with a backtick.".to_owned(),
        SyntaxError::UnterminatedBlockComment => "Close the comment with `*/`.".to_owned(),
        SyntaxError::UnterminatedRegExp => {
            "Close the regular expression with `/` on the same line.".to_owned()
        }
        SyntaxError::UnterminatedJSXContents => "Close every element with `</name>` or `/>`.".to_owned(),
        SyntaxError::JSXExpectedClosingTag { tag } => format!("Write `</{tag}>` here, or `<{tag} />` above."),
        SyntaxError::JSXExpectedClosingTagForLtGt => "Write `</>` here.".to_owned(),
        SyntaxError::Expected(wanted, _) if quoted(wanted) == "`</`" => {
            "Close every element with `</name>` or `/>`, the inner ones first.".to_owned()
        }
        SyntaxError::Expected(wanted, got) if is_end(got) => {
            format!("Write {}, or remove what it would close.", quoted(wanted))
        }
        SyntaxError::Expected(wanted, got) => format!("Write {} before {}.", quoted(wanted), quoted(got)),
        SyntaxError::Unexpected { got, .. } if is_end(got) => {
            "Close every `{`, `(` and `[` that is still open.".to_owned()
        }
        SyntaxError::Unexpected { got, .. } if got == ":" && !kind.is_typed() => {
            "Remove the type, or rename the file so that it ends in `.ts`.".to_owned()
        }
        SyntaxError::Unexpected { got, .. } => format!("Remove or replace {}.", quoted(got)),
        SyntaxError::ExpectedSemi | SyntaxError::ExpectedSemiForExprStmt { .. } | SyntaxError::TS1005 => {
            let types = if kind.is_typed() {
                ""
            } else {
                "; types need a file that ends in `.ts`"
            };
            format!("Write `;` or a line break before this, or the operator that is missing{types}.")
        }
        SyntaxError::TS1185 => {
            "Resolve the conflict and remove the `<<<<<<<`, `=======` and `>>>>>>>` lines.".to_owned()
        }
        SyntaxError::AwaitInFunction => "Make the function `async`.".to_owned(),
        SyntaxError::ReturnNotAllowed => "Put the code into a function, or remove `return`.".to_owned(),
        SyntaxError::WithInStrict => {
            "Name the object before each property instead of using `with`.".to_owned()
        }
        SyntaxError::LegacyOctal | SyntaxError::LegacyDecimal => {
            "Write octal numbers as `0o17` and characters as `\\x0f`.".to_owned()
        }
        SyntaxError::ImportExportInScript | SyntaxError::NonTopLevelImportExport => {
            "Move the `import` or `export` to the top level of the file, or use `import()`.".to_owned()
        }
        SyntaxError::ConstDeclarationsRequireInitialization => "Give the `const` a value.".to_owned(),
        SyntaxError::UnexpectedChar { c } => format!("Remove `{c}`."),
        SyntaxError::InvalidIdentInStrict(name) => format!("Choose another name than `{name}`."),
        _ => "Correct the code at this place.".to_owned(),
    }
}

fn is_end(token: &str) -> bool {
    matches!(token, "<eof>" | "eof" | "EOF" | "Eof")
}

/// Tokens arrive as the parser writes them, some already in quotes.
fn quoted(token: &str) -> String {
    let token = token.trim_matches(|character| matches!(character, '`' | '\''));
    match token {
        "ident" | "identifier" => "a name".to_owned(),
        "<eof>" | "eof" => "the end of the file".to_owned(),
        "string literal" | "template literal" | "numeric literal" | "regexp literal" => format!("a {token}"),
        _ => format!("`{token}`"),
    }
}

fn first_letter_upper(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::super::test_support::refused;

    /// Line, column, and the texts of the only diagnostic.
    fn only(name: &str, source: &str) -> (usize, usize, String, String) {
        let diagnostics = refused(name, source);
        let [diagnostic] = diagnostics.as_slice() else {
            panic!("{diagnostics:#?}")
        };
        let location = diagnostic.location.as_ref().expect("a syntax error has a place");
        (
            location.line,
            location.column,
            diagnostic.message.clone(),
            diagnostic.fix.clone(),
        )
    }

    #[test]
    fn a_file_of_another_kind_is_named_once() {
        let jsx = only(
            "/a.ts",
            "const a = 1;\nexport const b = () => <div class='a'>{a}</div>;\nconst c: number = 1;",
        );
        assert_eq!(
            (jsx.0, jsx.3.as_str()),
            (2, "Rename the file so that it ends in `.tsx`.")
        );
        let types = only(
            "/a.js",
            "export function f(a: string, b: number): void {}\ninterface A { b: string }",
        );
        assert_eq!((types.0, types.1), (1, 20));
        assert!(types.3.contains("`.ts`"), "{types:?}");
        assert!(
            only("/a.js", "import type { A } from 'a';\nlet a: ?number = 1;")
                .2
                .contains("contains types")
        );
    }

    #[test]
    fn what_is_open_is_named() {
        assert_eq!(only("/a.js", "const a = 'b\nc").2, "This string does not end");
        assert_eq!(
            only("/a.js", "f(`a").3,
            "Close the template literal with a backtick."
        );
        assert_eq!(only("/a.js", "a; /* b").3, "Close the comment with `*/`.");
        assert_eq!(
            only("/a.js", "function f() { if (a) {").2,
            "The file ends where `}` should follow"
        );
        let element = only("/a.jsx", "const a =\n  <b>c</i>;");
        assert_eq!(
            (element.0, element.3.as_str()),
            (2, "Write `</b>` here, or `<b />` above.")
        );
    }

    #[test]
    fn a_wrong_token_is_named_with_its_line() {
        let diagnostics = refused("/a.js", "const ok = 1;\n  const a = ;\n");
        let location = diagnostics[0]
            .location
            .as_ref()
            .expect("a syntax error has a place");
        assert_eq!(
            (location.line, location.column, location.source_line.as_str()),
            (2, 13, "  const a = ;")
        );
        assert!(diagnostics[0].module.is_empty());
        assert_eq!(
            only("/a.js", "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> c").2,
            "A merge conflict was left in the file"
        );
        assert_eq!(
            only("/a.js", "function f() { await g() }").3,
            "Make the function `async`."
        );
    }

    #[test]
    fn every_recoverable_error_is_reported() {
        let lines: Vec<usize> = refused("/a.ts", "const a;\nlet b = 1;\nconst c;\n")
            .iter()
            .filter_map(|diagnostic| diagnostic.location.as_ref().map(|location| location.line))
            .collect();
        assert_eq!(lines, [1, 3]);
    }
}
