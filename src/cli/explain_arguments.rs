//! The words of `explain` and `schema`, which need no module.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::diagnostic::Code;

pub(super) const EXPLAIN_EXAMPLES: &str = "\
Examples:
  esmx-build explain E_VERSION   What, why, an example with its message, the repair
  esmx-build explain             All codes, a sentence each";

pub(super) const SCHEMA_EXAMPLES: &str = "\
Examples:
  esmx-build schema > esmx.schema.json
                                 For an editor: the schema of the property `esmx` of package.json
  esmx-build schema config > esmx.config.schema.json
                                 That of esmx.config.json, which holds options

The npm package ships the same files below `esmx-build/schema/`.";

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub(super) struct SchemaArguments {
    /// What the schema is of
    #[arg(value_enum, value_name = "WHAT", default_value = "declaration")]
    pub schema: Schema,
}

/// What there are schemas of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Schema {
    /// The `esmx` field of package.json
    Declaration,
    /// The file `esmx.config.json`, and the `esmxBuild` field of package.json
    Config,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// The code, as it stands in brackets before a finding
    #[arg(value_name = "CODE", value_parser = code_parser(), ignore_case = true, hide_possible_values = true)]
    pub code: Option<Code>,
    /// Write one JSON document to standard output and nothing else
    #[arg(long)]
    pub json: bool,
}

/// Knows the codes, so that a mistyped one is answered with the nearest.
fn code_parser() -> impl TypedValueParser<Value = Code> {
    PossibleValuesParser::new(Code::ALL.iter().map(|code| code.as_str())).map(|text| {
        let is_meant = |code: &&Code| code.as_str().eq_ignore_ascii_case(&text);
        *Code::ALL
            .iter()
            .find(is_meant)
            .expect("the parser lets only codes pass")
    })
}
