//! Where a module's files are addressed, and how a path becomes part of a URL (PROTOCOL §10.4, §11.5).

use std::path::Path;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::base::to_posix;

/// What would not survive as itself in the path of any URL: `a#b.mjs` would end at the `#`, and `a%20b.mjs`
/// would name another file.
const IN_ANY_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// What Node's `pathToFileURL` escapes as well. Node names a referrer by that function, so a scope key in
/// any other spelling of the same path would never match it.
const IN_FILE_PATH: &AsciiSet = &IN_ANY_PATH.add(b'[').add(b']').add(b'^').add(b'|').add(b'~');

/// The URL space of one module on one side: a directory and everything below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlSpace {
    directory: String,
}

impl UrlSpace {
    /// The space below a directory URL; a missing final slash is added.
    pub fn new(directory_url: impl Into<String>) -> Self {
        let mut directory = directory_url.into();
        if !directory.ends_with('/') {
            directory.push('/');
        }
        Self { directory }
    }

    /// `<base>/<module name>/`, the space of a module in a browser. A scoped name keeps its slash.
    pub fn served(base: &str, module_name: &str) -> Self {
        let name = utf8_percent_encode(module_name, IN_ANY_PATH);
        Self::new(format!("{}/{name}/", normalize_base(base)))
    }

    /// The directory's URL, with its final slash.
    pub fn directory(&self) -> &str {
        &self.directory
    }

    /// The URL of a path relative to the directory, POSIX separators. A path that ends in a slash gives a
    /// prefix.
    pub fn url_of(&self, path: &str) -> String {
        let escaped = if self.directory.starts_with("file:") {
            IN_FILE_PATH
        } else {
            IN_ANY_PATH
        };
        format!(
            "{}{}",
            self.directory,
            utf8_percent_encode(plain_path(path), escaped)
        )
    }
}

/// The `file:` URL of a directory, with a final slash, spelled as Node spells it. `path` is absolute and
/// real: Node reports real paths as referrers, so a key made from a symlink would never match (§11.5).
pub fn file_directory_url(path: &Path) -> String {
    let posix = to_posix(path);
    // Windows: `\\?\C:\dir`, the form of `canonicalize`, is the same place as `C:\dir`.
    let posix = posix.strip_prefix("//?/").unwrap_or(&posix);
    let absolute = posix.trim_start_matches('/').trim_end_matches('/');
    let directory = format!("file:///{}", utf8_percent_encode(absolute, IN_FILE_PATH));
    UrlSpace::new(directory).directory
}

/// The base without final slashes. A base is a path (`/shop`), a URL (`https://cdn.example/shop`) or relative
/// to the page (`.`); `shop` means `/shop`, because a bare word would not be an address.
pub(super) fn normalize_base(base: &str) -> String {
    let base = base.trim_end_matches('/');
    let is_address = base.is_empty() || base.starts_with(['/', '.']) || base.contains("://");
    if is_address {
        base.to_owned()
    } else {
        format!("/{base}")
    }
}

/// A path of a manifest without the `./` that some builders write in front.
pub(super) fn plain_path(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scoped_names_keep_their_slash() {
        let space = UrlSpace::served("", "@acme/kit");
        assert_eq!(
            space.url_of("form/input.1a2b3c4d.final.mjs"),
            "/@acme/kit/form/input.1a2b3c4d.final.mjs"
        );
    }

    #[test]
    fn every_form_of_base_gives_an_address() {
        let directory = |base| UrlSpace::served(base, "m").directory().to_owned();
        assert_eq!(directory(""), "/m/");
        assert_eq!(directory("/"), "/m/");
        assert_eq!(directory("/shop/"), "/shop/m/");
        assert_eq!(directory("shop"), "/shop/m/");
        assert_eq!(directory("."), "./m/");
        assert_eq!(directory("https://cdn.example/x/"), "https://cdn.example/x/m/");
    }

    #[test]
    fn paths_are_escaped_so_that_they_name_the_same_file() {
        let space = UrlSpace::served("", "m");
        assert_eq!(space.url_of("./a b#c?d%20.mjs"), "/m/a%20b%23c%3Fd%2520.mjs");
        assert_eq!(space.url_of("[id]~é.mjs"), "/m/[id]~%C3%A9.mjs");
    }

    #[test]
    fn file_urls_are_spelled_as_node_spells_them() {
        assert_eq!(
            file_directory_url(Path::new("/a^b|c[d]/é \"<>`{}~;=&+$,!'()*@:%23?#")),
            "file:///a%5Eb%7Cc%5Bd%5D/%C3%A9%20%22%3C%3E%60%7B%7D%7E;=&+$,!'()*@:%2523%3F%23/"
        );
        assert_eq!(file_directory_url(Path::new("/")), "file:///");
        let space = UrlSpace::new(file_directory_url(Path::new("/w/m/dist/server")));
        assert_eq!(
            space.url_of("chunks/[id].mjs"),
            "file:///w/m/dist/server/chunks/%5Bid%5D.mjs"
        );
    }
}
