//! How code and style sheets name the files that are delivered beside them.

use std::sync::Arc;

use super::file_names::url_path;
use crate::base::relative_posix;
use crate::graph::Module;
use crate::scan::{AssetNames, split_path};

/// How delivered files are called and named.
#[derive(Clone)]
pub struct AssetDelivery {
    /// Names of files.
    pub names: Arc<dyn AssetNames>,
    /// How strings of code name them.
    pub urls: AssetUrls,
}

/// How strings of code name delivered files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AssetUrls {
    /// Relative to the file of the code, computed from `import.meta.url`.
    FromCode,
    /// With this prefix; `new URL(…)` objects are relative to the code all the same.
    Prefixed(String),
}

/// Whether style sheets are delivered, and which file each is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StyleDelivery {
    /// They are not.
    Omitted,
    /// Each file of code has one with the style sheets of its modules.
    PerChunk,
    /// Each entry has one with all style sheets that it imports; files that are loaded later have the rest.
    PerEntry,
}

/// Who announces the style sheets that code needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StyleLoading {
    /// Nobody: there is no page, or whoever makes it does.
    Nobody,
    /// The code that imports a file on demand.
    OnDemand,
    /// The same; and entries, for pages that forgot to.
    EntriesToo,
}

impl AssetDelivery {
    /// The output file of a delivered module, relative to the output directory.
    pub fn file(&self, module: &Module) -> Option<String> {
        let file = module.delivered().filter(|file| file.data_url.is_none())?;
        Some(self.names.file(&split_path(&module.path).0, &file.hash))
    }

    /// The URL that a string of code has, where it does not follow from the place of the code.
    pub fn prefixed_url(&self, file: &str) -> Option<String> {
        match &self.urls {
            AssetUrls::FromCode => None,
            AssetUrls::Prefixed(prefix) => Some(format!("{prefix}{}", url_path(file))),
        }
    }
}

/// The relative URL that leads from one output file to another.
pub fn relative_url(from: &str, to: &str) -> String {
    let root = std::path::Path::new("/");
    let directory = root.join(from);
    let relative = relative_posix(directory.parent().unwrap_or(root), &root.join(to));
    let url = url_path(&relative);
    if url.starts_with("../") {
        url
    } else {
        format!("./{url}")
    }
}

/// A URL as it may stand between the parentheses of `url()` without quotes.
pub fn css_url(url: &str) -> String {
    url.chars()
        .map(|character| match character {
            '(' => "%28".to_owned(),
            ')' => "%29".to_owned(),
            '\'' => "%27".to_owned(),
            '"' => "%22".to_owned(),
            '\\' => "%5C".to_owned(),
            ' ' => "%20".to_owned(),
            other => other.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{css_url, relative_url};

    #[test]
    fn urls_lead_from_file_to_file() {
        assert_eq!(
            relative_url("chunks/a.mjs", "assets/b c.png"),
            "../assets/b%20c.png"
        );
        assert_eq!(relative_url("a.mjs", "b.png"), "./b.png");
        assert_eq!(css_url("a(1).png"), "a%281%29.png");
    }
}
