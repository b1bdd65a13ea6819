//! The arguments that `build` and `bundle` share → what to do.

use std::path::{Path, PathBuf};

use super::bundle_invocation::misused;
use super::source_arguments::{
    DropArgument, JsxArgument, LegalCommentsArgument, OuterTextArguments, SourceArguments,
};
use crate::base::normalize;
use crate::command::{CommandError, Resolution, Target};
use crate::render::{LegalComments, OuterText};
use crate::resolve::SymbolicLinks;
use crate::scan::{
    Define, Dropped, DroppedKind, ElementEffects, FunctionNames, JsxDevelopment, JsxOverrides, JsxRuntime,
    Loader, Loaders, SourceSettings, StyleSettings, TreeShaking, is_dotted_name, is_factory,
};

/// What stands around the code.
pub(super) fn outer_text(arguments: OuterTextArguments) -> OuterText {
    OuterText {
        banner: arguments.banner,
        footer: arguments.footer,
        legal_comments: match arguments.legal_comments {
            Some(LegalCommentsArgument::None) => LegalComments::Omitted,
            None | Some(LegalCommentsArgument::Inline) => LegalComments::InPlace,
            Some(LegalCommentsArgument::Eof) => LegalComments::AtEnd,
            Some(LegalCommentsArgument::External) => LegalComments::Unlinked,
            Some(LegalCommentsArgument::Linked) => LegalComments::Linked,
        },
    }
}

/// What decides which file a request leads to.
pub(super) fn resolution(arguments: &SourceArguments) -> Resolution {
    Resolution {
        conditions: arguments.conditions.clone(),
        main_fields: Some(arguments.main_fields.clone()).filter(|fields| !fields.is_empty()),
        links: if arguments.preserve_symlinks {
            SymbolicLinks::Kept
        } else {
            SymbolicLinks::Followed
        },
    }
}

/// How sources are read; the mode is for the caller.
pub(super) fn source_settings(
    arguments: SourceArguments,
    root: &Path,
) -> Result<SourceSettings, CommandError> {
    let tsconfig = arguments.tsconfig.map(|file| normalize(&root.join(file)));
    if let Some(file) = tsconfig.as_ref().filter(|file| !file.is_file()) {
        let fix = "Name a tsconfig.json that exists.";
        return Err(misused(
            "--tsconfig",
            &file.to_string_lossy(),
            "there is no such file",
            fix,
        ));
    }
    let config = arguments.config.as_ref().map(|file| normalize(&root.join(file)));
    if let Some(file) = config.filter(|file| !file.is_file()) {
        let fix = "Name a file that has options as esmx.config.json has them.";
        return Err(misused(
            "--config",
            &file.to_string_lossy(),
            "there is no such file",
            fix,
        ));
    }
    for name in &arguments.pure_calls {
        if !is_dotted_name(name) {
            let fix = "Write a global name or names joined by dots: `--pure console.log`.";
            return Err(misused("--pure", name, "it is no name", fix));
        }
    }
    for (option, name) in [
        ("--jsx-factory", &arguments.jsx_factory),
        ("--jsx-fragment", &arguments.jsx_fragment),
    ] {
        if let Some(name) = name.as_ref().filter(|name| !is_factory(name)) {
            let fix = format!("Write a name or names joined by dots: `{option} React.createElement`.");
            return Err(misused(option, name, "it is no name", &fix));
        }
    }
    Ok(SourceSettings {
        mode: None,
        styles: StyleSettings::default(),
        defines: arguments
            .defines
            .iter()
            .map(|text| define(text))
            .collect::<Result<_, _>>()?,
        jsx: JsxOverrides {
            runtime: arguments.jsx.map(|runtime| match runtime {
                JsxArgument::Automatic => JsxRuntime::Automatic,
                JsxArgument::Classic => JsxRuntime::Classic,
                JsxArgument::Preserve => JsxRuntime::Kept,
            }),
            import_source: arguments.jsx_import_source,
            factory: arguments.jsx_factory,
            fragment_factory: arguments.jsx_fragment,
            effects: if arguments.jsx_side_effects {
                ElementEffects::Observable
            } else {
                ElementEffects::None
            },
            development: if arguments.jsx_dev {
                JsxDevelopment::On
            } else {
                JsxDevelopment::Off
            },
        },
        tsconfig,
        injected: injected(&arguments.injected, root)?,
        dropped: Dropped {
            kinds: arguments
                .dropped
                .iter()
                .map(|what| match what {
                    DropArgument::Console => DroppedKind::Console,
                    DropArgument::Debugger => DroppedKind::Debugger,
                })
                .collect(),
            labels: arguments.dropped_labels,
            pure_calls: arguments
                .pure_calls
                .iter()
                .map(|name| name.split('.').map(str::to_owned).collect())
                .collect(),
        },
        loaders: loaders(&arguments.loaders)?,
        function_names: if arguments.keep_names {
            FunctionNames::Kept
        } else {
            FunctionNames::Free
        },
        shaking: match arguments.tree_shaking {
            None | Some(true) => TreeShaking::On,
            Some(false) => TreeShaking::Off,
        },
    })
}

/// What the output may use of the language.
pub(super) fn target(texts: &[String]) -> Result<Option<Target>, CommandError> {
    if texts.is_empty() {
        return Ok(None);
    }
    let text = texts.join(",");
    Target::parse(&text).map(Some).map_err(|problem: String| {
        let fix = "Write a year of the language or engines with their versions: `--target es2022`, `--target chrome100,safari16.4`.";
        misused("--target", &text, &problem, fix)
    })
}

/// The files whose exports stand for globals, by their real paths.
fn injected(texts: &[String], root: &Path) -> Result<Vec<PathBuf>, CommandError> {
    let real_path = |text: &String| {
        let file = std::fs::canonicalize(root.join(text)).ok();
        file.filter(|file| file.is_file()).ok_or_else(|| {
            let fix = "Name a file of the project, with its extension: `--inject ./shims.js`.";
            misused("--inject", text, "there is no such file", fix)
        })
    };
    texts.iter().map(real_path).collect()
}

fn define(text: &str) -> Result<Define, CommandError> {
    let fix = "Write an expression, `=`, and its value; a string needs quotes of its own: `--define 'VERSION=\"1.2\"'`.";
    let Some((expression, value)) = text.split_once('=') else {
        return Err(misused("--define", text, "it has no value", fix));
    };
    Define::new(expression, value).map_err(|error| misused("--define", text, &error.to_string(), fix))
}

fn loaders(texts: &[String]) -> Result<Loaders, CommandError> {
    // A text is what bundlers make of text files; everything else is asked for.
    let mut by_ending = vec![(".txt".to_owned(), Loader::Text)];
    for text in texts {
        let fix = format!(
            "Write an extension and a kind, one of {}: `--loader .svg=text`.",
            Loader::WORDS.join(", ")
        );
        let fix = format!("{fix} `default` means the one that such files have anyway.");
        let (ending, word) = match text.split_once('=') {
            Some((ending, word)) if ending.starts_with('.') && ending.len() > 1 => (ending, word),
            _ => {
                return Err(misused(
                    "--loader",
                    text,
                    "it does not start with an extension",
                    &fix,
                ));
            }
        };
        if word == "default" {
            by_ending.retain(|(other, _): &(String, Loader)| other != ending || other == ".txt");
            continue;
        }
        let Some(loader) = Loader::of_word(word) else {
            return Err(misused(
                "--loader",
                text,
                &format!("there is no loader `{word}`"),
                &fix,
            ));
        };
        by_ending.push((ending.to_owned(), loader));
    }
    Ok(Loaders::new(by_ending))
}
