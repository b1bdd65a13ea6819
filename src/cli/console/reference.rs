//! What the program says about itself, whatever the project.

use super::{Console, report, show};
use crate::cli::{Exit, Format, Schema};
use crate::diagnostic::Code;

impl Console {
    /// Shows the page of a code, or the list of all codes.
    pub fn show_explanation(&self, code: Option<Code>) -> Exit {
        match self.format {
            Format::Human => show(&report::of_explain(code, &self.view())),
            Format::Json => show(&report::json_of_explain(code)),
        }
    }

    /// Shows a JSON Schema.
    pub fn show_schema(&self, schema: Schema) -> Exit {
        show(&report::of_schema(schema))
    }
}
