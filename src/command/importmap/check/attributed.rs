//! Files that are imported as something else than JavaScript: `import … with { type: 'json' }`.

use std::collections::HashSet;

use super::reached;
use crate::command::importmap::deployment::Deployment;
use crate::command::importmap::files::{Fetched, is_json};
use crate::command::importmap::surface::RequestTarget;
use crate::diagnostic::{Code, Diagnostic};

/// Each file that does not arrive as what its importer says it is, of the pairs that are asked for.
pub(in crate::command::importmap) fn findings(
    deployment: &Deployment,
    is_asked: impl Fn(&str, &str) -> bool,
) -> Vec<Diagnostic> {
    let mut told = HashSet::new();
    let importers = deployment.modules.iter();
    importers
        .flat_map(|(importer, module)| module.imports.iter().map(move |import| (importer, import)))
        .filter(|(_, import)| matches!(import.kind, RequestTarget::Json | RequestTarget::Css))
        .filter_map(|(importer, import)| {
            let target = import.target.as_ref().ok()?;
            if !is_asked(importer, target.as_str())
                || !told.insert((target.as_str(), import.kind == RequestTarget::Json))
            {
                return None;
            }
            let (reason, fix) = objection(&deployment.files.fetch(target), import.kind)?;
            let shown = deployment.files.shown(target.as_str());
            Some(
                Diagnostic::new(
                    Code::DeployedFile,
                    deployment.module_of(target.as_str()),
                    format!("{shown} {reason}.{}", reached(deployment, target.as_str())),
                    fix,
                )
                .with_found(shown),
            )
        })
        .collect()
}

fn objection(file: &Result<Fetched, String>, kind: RequestTarget) -> Option<(String, &'static str)> {
    let (name, is_right): (&str, fn(&str) -> bool) = match kind {
        RequestTarget::Json => ("JSON", is_json),
        _ => ("a style sheet", |mime| mime == "text/css"),
    };
    match file {
        Err(reason) => Some((
            format!("does not arrive: {reason}"),
            "Deploy the file beside those that import it.",
        )),
        Ok(Fetched {
            refusal: Some(refusal),
            ..
        }) => Some((
            format!("is of another origin, and a browser does not let the page have it: {refusal}"),
            "Let the server of the file send `Access-Control-Allow-Origin`, or serve the file where the page is.",
        )),
        Ok(file) if !is_right(&file.mime) => {
            let mime = if file.mime.is_empty() {
                "no type"
            } else {
                &file.mime
            };
            Some((
                format!("is served as {mime}, and imported as {name}"),
                "Let the server send the type that the import attribute names, or import the file as what it is.",
            ))
        }
        Ok(file) if kind == RequestTarget::Json => {
            let error = serde_json::from_slice::<serde::de::IgnoredAny>(&file.bytes).err()?;
            Some((
                format!("is no JSON: {error}"),
                "Deploy the file as it was written.",
            ))
        }
        Ok(_) => None,
    }
}
