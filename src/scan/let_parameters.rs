//! In sloppy code `let` is a name like others. The parser reads it as one, but for the only parameter of an arrow function:
//!
//! ```js
//! let => let + 1
//! ```
//!
//! It is given a text in which such a parameter has another name of the same length, and the parameter its own name again
//! after that: all positions stay what they are.

use rustc_hash::FxHashSet;
use swc_core::common::{BytePos, Spanned as _};
use swc_core::ecma::ast::{BindingIdent, Program};
use swc_core::ecma::parser::error::Error;
use swc_core::ecma::visit::{VisitMut, VisitMutWith as _, noop_visit_mut_type};

const LET: &str = "let";
const OTHER: &str = "lex";

/// What parsing gives, if the parser has stumbled over such parameters and over nothing else.
pub(super) fn parse(
    source: &str,
    errors: &[Error],
    mut parse: impl FnMut(&str) -> Result<Program, Vec<Error>>,
) -> Option<Result<Program, Vec<Error>>> {
    let mut text = source.to_owned();
    let mut places: FxHashSet<BytePos> = FxHashSet::default();
    let mut place = parameter(&text, errors)?;
    // Each round finds one more.
    loop {
        text.replace_range(place..place + LET.len(), OTHER);
        places.insert(BytePos(u32::try_from(place + 1).ok()?));
        match parse(&text) {
            Ok(mut program) => {
                program.visit_mut_with(&mut Restore { places });
                return Some(Ok(program));
            }
            Err(errors) => place = parameter(&text, &errors)?,
        }
    }
}

/// Where the `let` stands before the `=>` that was not expected.
fn parameter(text: &str, errors: &[Error]) -> Option<usize> {
    errors.iter().find_map(|error| {
        let at = error.span().lo.0 as usize - 1;
        let (before, after) = text.split_at_checked(at)?;
        let before_word = before.trim_end().strip_suffix(LET)?;
        let is_word = !before_word
            .chars()
            .next_back()
            .is_some_and(|one| one.is_alphanumeric() || matches!(one, '_' | '$' | '.' | '#'));
        (after.starts_with("=>") && is_word).then_some(before_word.len())
    })
}

struct Restore {
    places: FxHashSet<BytePos>,
}

impl VisitMut for Restore {
    noop_visit_mut_type!();

    fn visit_mut_binding_ident(&mut self, node: &mut BindingIdent) {
        if self.places.contains(&node.span.lo) {
            node.sym = LET.into();
        }
    }
}
