//! The words about sources and output text that `build` and `bundle` share. Only the long help shows them: the
//! short one is for what everyone needs.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// How sources are found and read.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags are booleans until `source_options` names them"
)]
pub(super) struct SourceArguments {
    /// Language or engines of the output: `es2020`, `chrome100,safari16.4`. Newer syntax is rewritten
    #[arg(long, value_name = "TARGET", value_delimiter = ',')]
    pub target: Vec<String>,
    /// Options from this file instead of esmx.config.json
    #[arg(hide_short_help = true, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub config: Option<PathBuf>,
    /// Conditions of `exports` and `imports` beside those of platform and syntax; may be repeated
    #[arg(hide_short_help = true, long, value_name = "NAME", value_delimiter = ',')]
    pub conditions: Vec<String>,
    /// Fields of package.json that name the main file, the first that is there counts
    #[arg(hide_short_help = true, long, value_name = "NAME", value_delimiter = ',')]
    pub main_fields: Vec<String>,
    /// Take a symbolic link for a file where it is, not for the one it leads to
    #[arg(hide_short_help = true, long)]
    pub preserve_symlinks: bool,
    /// Replace a global expression by a value: `--define __DEV__=false`; may be repeated
    #[arg(hide_short_help = true, long = "define", value_name = "K=V")]
    pub defines: Vec<String>,
    /// One tsconfig for all own sources [default: the nearest one of each]
    #[arg(hide_short_help = true, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub tsconfig: Option<PathBuf>,
    /// What JSX becomes [default: what the tsconfig says, otherwise automatic]
    #[arg(hide_short_help = true, long, value_enum, value_name = "RUNTIME")]
    pub jsx: Option<JsxArgument>,
    /// Package whose `jsx-runtime` the automatic runtime imports
    #[arg(hide_short_help = true, long, value_name = "PACKAGE")]
    pub jsx_import_source: Option<String>,
    /// Function of the classic runtime
    #[arg(hide_short_help = true, long, value_name = "NAME")]
    pub jsx_factory: Option<String>,
    /// Fragment of the classic runtime
    #[arg(hide_short_help = true, long, value_name = "NAME")]
    pub jsx_fragment: Option<String>,
    /// Elements know their place in the source (`jsxDEV`)
    #[arg(hide_short_help = true, long)]
    pub jsx_dev: bool,
    /// Elements may have effects: they stay where nobody uses them
    #[arg(hide_short_help = true, long)]
    pub jsx_side_effects: bool,
    /// Leave this out everywhere; may be repeated
    #[arg(
        hide_short_help = true,
        long = "drop",
        value_enum,
        value_name = "WHAT",
        value_delimiter = ','
    )]
    pub dropped: Vec<DropArgument>,
    /// Leave out statements with this label; may be repeated
    #[arg(
        hide_short_help = true,
        long = "drop-labels",
        value_name = "LABEL",
        value_delimiter = ','
    )]
    pub dropped_labels: Vec<String>,
    /// Calls of this global, such as `console.log`, have no effects: they go where nobody uses their value; may be repeated
    #[arg(
        hide_short_help = true,
        long = "pure",
        value_name = "NAME",
        value_delimiter = ','
    )]
    pub pure_calls: Vec<String>,
    /// Exports of this file stand for globals of their names, in all other files; may be repeated
    #[arg(hide_short_help = true, long = "inject", value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub injected: Vec<String>,
    /// How files of an extension become modules: `--loader .svg=text`; may be repeated
    #[arg(hide_short_help = true, long = "loader", value_name = ".EXT=KIND")]
    pub loaders: Vec<String>,
    /// Functions and classes keep their `name`, also where bindings are renamed
    #[arg(hide_short_help = true, long)]
    pub keep_names: bool,
    /// Whether what nobody uses is left out
    #[arg(hide_short_help = true, long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub tree_shaking: Option<bool>,
}

/// What stands around the code.
#[derive(Debug, Args)]
pub(super) struct OuterTextArguments {
    /// Where licences go: comments with `@license`, `@preserve` or `!` [default: inline]
    #[arg(hide_short_help = true, long, value_enum, value_name = "WHERE")]
    pub legal_comments: Option<LegalCommentsArgument>,
    /// Text at the start of every file of code
    #[arg(hide_short_help = true, long, value_name = "TEXT", allow_hyphen_values = true)]
    pub banner: Option<String>,
    /// Text at the end of every file of code
    #[arg(hide_short_help = true, long, value_name = "TEXT", allow_hyphen_values = true)]
    pub footer: Option<String>,
}

/// The values of `--jsx`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum JsxArgument {
    /// Calls of a function that the transform imports
    Automatic,
    /// Calls of a function in scope, `React.createElement` unless said otherwise
    #[value(alias = "transform")]
    Classic,
    /// JSX stays JSX
    Preserve,
}

/// The values of `--drop`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum DropArgument {
    /// Calls of methods of `console`, with their arguments
    Console,
    /// `debugger` statements
    Debugger,
}

/// The values of `--legal-comments`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum LegalCommentsArgument {
    /// Nowhere
    None,
    /// Where they stand; minified code has them at its end
    Inline,
    /// At the end of the file whose code they are about
    Eof,
    /// In a file of their own
    External,
    /// In a file of their own that the code names
    Linked,
}
