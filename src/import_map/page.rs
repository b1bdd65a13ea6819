//! The HTML document of a composition (PROTOCOL §12.7): stylesheets in the head; at the end of the body the
//! import map, the module entry and the module preloads, in this order, because the standard ignores an
//! import map for what was loaded before it.

use std::fmt::Write as _;

use serde_json::Value;

use super::import_map::ImportMap;
use super::inject::{InjectError, fill};
use super::preload::{LinkedFile, Preload};
use crate::base::html::{escape_script_json, escape_text};

/// How the page gets its import map.
#[derive(Debug, Clone, Copy)]
pub enum ImportMapDelivery<'a> {
    /// Written into the document.
    Inline(&'a ImportMap),
    /// Injected by the script of [`script_file`](super::script_file).
    Script {
        /// URL of the script.
        src: &'a str,
        /// The base that the script puts in front of the map's URLs.
        base: &'a str,
    },
}

/// One document.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The `lang` of the document.
    pub language: &'a str,
    /// The title, as text.
    pub title: &'a str,
    /// More HTML for the head, inserted as given.
    pub head: &'a str,
    /// The HTML of the body, inserted as given.
    pub body: &'a str,
    /// What the server hands to the client: JSON in `<script type="application/json" id="…">`.
    pub state: Option<(&'a str, &'a Value)>,
    /// The import map.
    pub import_map: ImportMapDelivery<'a>,
    /// Modules and stylesheets to link.
    pub preload: &'a Preload,
    /// Specifier of the module that starts the page.
    pub entry: &'a str,
}

impl Page<'_> {
    /// The document's text.
    ///
    /// # Panics
    /// Never: writing into a string does not fail.
    pub fn to_html(&self) -> String {
        let mut html = String::new();
        self.write(&mut html)
            .expect("writing into a string does not fail");
        html
    }

    /// A page that somebody wrote, with what this one links: the map before everything that loads modules or could, stylesheets in
    /// the head, the entry and its preloads at the end of the body. Title and body stay as they were written.
    ///
    /// # Errors
    /// When the template has a map already, or no place for one.
    ///
    /// # Panics
    /// Never: writing into a string does not fail.
    pub fn fill(&self, template: &str, map: &ImportMap) -> Result<String, InjectError> {
        let (mut head, mut end) = (String::new(), String::new());
        self.write_head_links(&mut head)
            .and_then(|()| self.write_entry(&mut end))
            .expect("writing into a string does not fail");
        fill(template, &map.to_compact_json(), &head, &end)
    }

    fn write_head_links(&self, html: &mut String) -> std::fmt::Result {
        for stylesheet in &self.preload.stylesheets {
            write_link(html, "stylesheet", stylesheet)?;
        }
        Ok(())
    }

    fn write_entry(&self, html: &mut String) -> std::fmt::Result {
        let entry = escape_script_json(&Value::from(self.entry).to_string());
        writeln!(html, "<script type=\"module\">import {entry};</script>")?;
        for module in &self.preload.modules {
            write_link(html, "modulepreload", module)?;
        }
        Ok(())
    }

    fn write(&self, html: &mut String) -> std::fmt::Result {
        writeln!(html, "<!doctype html>")?;
        writeln!(html, "<html lang=\"{}\">", escape_text(self.language))?;
        writeln!(html, "<head>")?;
        writeln!(html, "<meta charset=\"utf-8\">")?;
        writeln!(
            html,
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        )?;
        writeln!(html, "<title>{}</title>", escape_text(self.title))?;
        self.write_head_links(html)?;
        write_block(html, self.head)?;
        writeln!(html, "</head>")?;
        writeln!(html, "<body>")?;
        write_block(html, self.body)?;
        if let Some((id, state)) = self.state {
            let json = escape_script_json(&state.to_string());
            writeln!(
                html,
                "<script type=\"application/json\" id=\"{}\">{json}</script>",
                escape_text(id)
            )?;
        }
        self.write_import_map(html)?;
        self.write_entry(html)?;
        writeln!(html, "</body>")?;
        writeln!(html, "</html>")
    }

    fn write_import_map(&self, html: &mut String) -> std::fmt::Result {
        match self.import_map {
            ImportMapDelivery::Inline(map) => {
                let json = escape_script_json(&map.to_compact_json());
                writeln!(html, "<script type=\"importmap\">{json}</script>")
            }
            ImportMapDelivery::Script { src, base } => {
                let (src, base) = (escape_text(src), escape_text(base));
                writeln!(html, "<script src=\"{src}\" data-base=\"{base}\"></script>")
            }
        }
    }
}

fn write_block(html: &mut String, block: &str) -> std::fmt::Result {
    if block.is_empty() {
        Ok(())
    } else {
        writeln!(html, "{}", block.trim_end_matches('\n'))
    }
}

fn write_link(html: &mut String, relation: &str, file: &LinkedFile) -> std::fmt::Result {
    write!(
        html,
        "<link rel=\"{relation}\" href=\"{}\"",
        escape_text(&file.url)
    )?;
    if let Some(integrity) = &file.integrity {
        write!(html, " integrity=\"{}\"", escape_text(integrity))?;
    }
    // A response of another origin is opaque, and an opaque response never passes an integrity check.
    if is_other_origin(&file.url) {
        write!(html, " crossorigin=\"anonymous\"")?;
    }
    writeln!(html, ">")
}

/// Whether a URL names a host, so that it may be another than the page's.
fn is_other_origin(url: &str) -> bool {
    url.starts_with("//") || url.contains("://")
}
