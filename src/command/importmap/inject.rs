//! `importmap inject`: a map into a page that somebody wrote.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::check::no_map;
use super::{ImportMapReport, TextSource};
use crate::command::CommandError;
use crate::diagnostic::{Code, Diagnostic};
use crate::import_map::{inject as into_page, injected_text, parse_import_map_string};

/// What `importmap inject` is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InjectOptions {
    /// The page.
    pub page: TextSource,
    /// The map.
    pub map: TextSource,
    /// Of the page's content security policy.
    pub nonce: Option<String>,
    /// Where the page is written; `None` is standard output.
    pub output: Option<PathBuf>,
}

/// The page with the map.
#[derive(Debug, Default, Serialize)]
pub struct InjectReport {
    /// The text; absent when something is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// What a content security policy lists in `script-src` for the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub csp: Option<String>,
    /// Where it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// What is wrong.
    #[serde(skip)]
    pub diagnostics: Vec<Diagnostic>,
}

/// Makes the page.
pub(super) fn inject(options: &InjectOptions) -> Result<ImportMapReport, CommandError> {
    let page = options.page.read()?;
    let map = options.map.read()?;
    let anywhere = Url::parse("http://page.invalid/").expect("the text is a URL");
    let mut report = InjectReport::default();
    if let Err(error) = parse_import_map_string(&map, &anywhere) {
        report.diagnostics.push(no_map(&options.map.label(), &error));
        return Ok(ImportMapReport::Inject(report));
    }
    match into_page(&page, &map, options.nonce.as_deref()) {
        Ok(html) => {
            let hash = STANDARD.encode(Sha256::digest(injected_text(&map)));
            report.csp = Some(format!("'sha256-{hash}'"));
            if let Some(file) = &options.output {
                write(file, &html)?;
            }
            report.file.clone_from(&options.output);
            report.html = Some(html);
        }
        Err(error) => {
            let label = options.page.label();
            report.diagnostics.push(Diagnostic::new(
                Code::ImportMap,
                label.clone(),
                format!("{label} cannot get the import map: {error}."),
                "Give a page with a head or a body, and without an import map of its own.",
            ));
        }
    }
    Ok(ImportMapReport::Inject(report))
}

/// The file appears whole or not at all.
fn write(file: &Path, text: &str) -> Result<(), CommandError> {
    let written = || -> std::io::Result<()> {
        let directory = file.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(directory)?;
        let mut temporary = tempfile::NamedTempFile::new_in(directory)?;
        std::io::Write::write_all(&mut temporary, text.as_bytes())?;
        // Temporary files are for their owner alone; a page is for the server, too.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let permissions = std::fs::Permissions::from_mode(0o644);
            temporary.as_file().set_permissions(permissions)?;
        }
        temporary.persist(file).map_err(|error| error.error)?;
        Ok(())
    };
    written().map_err(|error| {
        CommandError::Unusable(Box::new(Diagnostic::new(
            Code::Io,
            file.display().to_string(),
            format!("{} cannot be written: {error}.", file.display()),
            "Name a file in a directory that you may write to.",
        )))
    })
}
