//! The URL standard's parser. The `url` crate is that parser but for two places, which are put right here.

use url::{ParseError, Url};

/// Parses `text`, relative to `base` where there is one.
pub(super) fn parse_url(text: &str, base: Option<&Url>) -> Result<Url, ParseError> {
    let url = match base {
        Some(base) => match host_after_slashes(text, base) {
            Some(relative) => base.join(&relative)?,
            None => base.join(text)?,
        },
        None => Url::parse(text)?,
    };
    Ok(with_escaped_carets(url))
}

/// “Special authority ignore slashes state”: after the two slashes before a host any number of further ones is
/// skipped, `///host` means `//host`. The crate finds an empty host there.
fn host_after_slashes(text: &str, base: &Url) -> Option<String> {
    if !base.is_special() || base.scheme() == "file" || !text.starts_with(['/', '\\']) {
        return None;
    }
    // Tabs and line breaks are no part of a URL wherever they stand.
    let text = text.replace(['\t', '\n', '\r'], "");
    let rest = text.trim_start_matches(['/', '\\']);
    (text.len() - rest.len() > 2).then(|| format!("//{rest}"))
}

/// The path percent-encode set has contained `^` since 2024.
fn with_escaped_carets(mut url: Url) -> Url {
    if !url.cannot_be_a_base() && url.path().contains('^') {
        let path = url.path().replace('^', "%5E");
        url.set_path(&path);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, base: &str) -> Option<String> {
        let base = Url::parse(base).unwrap();
        parse_url(text, Some(&base)).ok().map(String::from)
    }

    #[test]
    fn further_slashes_before_a_host_are_skipped() {
        let base = "https://example.com/a/b";
        for text in ["//host/x", "///host/x", "/\\/\\host/x", "/\t//host/x"] {
            assert_eq!(parse(text, base).as_deref(), Some("https://host/x"), "{text}");
        }
        assert_eq!(
            parse("./////x", base).as_deref(),
            Some("https://example.com/a/////x")
        );
        assert_eq!(parse("/x//y", base).as_deref(), Some("https://example.com/x//y"));
        assert_eq!(parse("///", base), None);
        assert_eq!(parse("///x", "file:///d/e").as_deref(), Some("file:///x"));
        assert_eq!(parse("//x/y", "web://d/e").as_deref(), Some("web://x/y"));
    }

    #[test]
    fn carets_are_escaped_in_paths_only() {
        let base = "https://example.com/a/b";
        assert_eq!(
            parse("./x^y?z^#^", base).as_deref(),
            Some("https://example.com/a/x%5Ey?z^#^")
        );
        assert_eq!(parse("data:x^y", base).as_deref(), Some("data:x^y"));
        assert_eq!(parse("file:///c^", base).as_deref(), Some("file:///c%5E"));
    }
}
