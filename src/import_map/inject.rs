//! An import map into a page that somebody wrote: `index.html` with scripts and preloads of its own.
//!
//! A map counts for what is loaded after it. So it goes before the first element that loads a module or could: module
//! scripts, classic scripts (they may call `import()`), and links that preload modules. The page is read only as far
//! as that needs: tags, comments, and elements whose content is no HTML.

use std::ops::Range;

use thiserror::Error;

use crate::base::html::{escape_script_json, escape_text};

/// Why a page cannot get a map.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InjectError {
    /// It has one.
    #[error("the page has an import map already")]
    HasMap,
    /// Nothing marks where the document's head or body is.
    #[error("the page has no head, no body and no script")]
    NoPlace,
}

/// The page with the map in it. `map` is the text of an import map, `nonce` that of the page's content security
/// policy.
///
/// # Errors
/// When the page has a map, or no place for one.
pub fn inject(page: &str, map: &str, nonce: Option<&str>) -> Result<String, InjectError> {
    let place = Places::of(page)?.map;
    Ok(insert_line(page, place, &map_element(map, nonce)))
}

/// A page that somebody wrote, made that of a host: the map as [`inject`] writes it, `head` at the end of the head, and `end` at
/// the end of the body. Both are HTML in lines.
///
/// # Errors
/// When the page has a map, or no place for one.
pub(super) fn fill(page: &str, map: &str, head: &str, end: &str) -> Result<String, InjectError> {
    let places = Places::of(page)?;
    let map = map_element(map, None);
    let mut pieces = [
        (places.map, map.as_str()),
        (places.head_end, head),
        (places.body_end, end),
    ];
    // Stable, so what goes to one place keeps its order; written from behind, so that places stay where they are.
    pieces.sort_by_key(|(place, _)| *place);
    let written = pieces.iter().rev().fold(page.to_owned(), |page, (place, lines)| {
        insert_line(&page, *place, lines)
    });
    Ok(written)
}

fn map_element(map: &str, nonce: Option<&str>) -> String {
    let nonce = nonce.map_or_else(String::new, |nonce| format!(" nonce=\"{}\"", escape_text(nonce)));
    let json = escape_script_json(map.trim());
    format!("<script type=\"importmap\"{nonce}>{json}</script>\n")
}

/// `lines` before `place`. They stand on lines of their own, as far in as what follows them.
fn insert_line(page: &str, place: usize, lines: &str) -> String {
    let line_start = page[..place].rfind('\n').map_or(0, |at| at + 1);
    let indent = &page[line_start..place];
    let indent = if indent.trim().is_empty() { indent } else { "" };
    let lines = lines.replace('\n', &format!("\n{indent}"));
    format!("{}{lines}{}", &page[..place], &page[place..])
}

/// Where in a page something goes.
struct Places {
    /// Before everything that loads modules or could.
    map: usize,
    head_end: usize,
    body_end: usize,
}

impl Places {
    fn of(page: &str) -> Result<Self, InjectError> {
        let mut head_end = None;
        let mut body = None;
        let mut body_end = None;
        let mut loader = None;
        for tag in Tags::of(page) {
            match tag.name.as_str() {
                "script" if tag.is("type", "importmap") => return Err(InjectError::HasMap),
                "script" if tag.is_executed() => loader = loader.or(Some(tag.range.start)),
                "link" if tag.loads_modules() => loader = loader.or(Some(tag.range.start)),
                "/head" => head_end = head_end.or(Some(tag.range.start)),
                "body" => body = body.or(Some(tag.range.end)),
                "/body" | "/html" => body_end = body_end.or(Some(tag.range.start)),
                _ => {}
            }
        }
        let place = [loader, head_end, body].into_iter().flatten().min();
        let map = place.ok_or(InjectError::NoPlace)?;
        Ok(Self {
            map,
            head_end: head_end.or(body).unwrap_or(map),
            body_end: body_end.unwrap_or(page.len()),
        })
    }
}

/// The text of the element that [`inject`] writes: what a content security policy takes the hash of.
pub fn injected_text(map: &str) -> String {
    escape_script_json(map.trim())
}

/// A start or end tag.
struct Tag {
    /// Lower case; `/head` for an end tag.
    name: String,
    attributes: Vec<(String, String)>,
    range: Range<usize>,
}

impl Tag {
    fn attribute(&self, name: &str) -> Option<&str> {
        // Of an attribute that is written twice the first counts.
        let mut attributes = self.attributes.iter();
        attributes
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.attribute(name)
            .is_some_and(|found| found.trim().eq_ignore_ascii_case(value))
    }

    /// A script of code, not a block of data.
    fn is_executed(&self) -> bool {
        let Some(kind) = self.attribute("type") else {
            return true;
        };
        let kind = kind.trim().to_ascii_lowercase();
        kind.is_empty() || kind == "module" || kind.ends_with("javascript") || kind.ends_with("ecmascript")
    }

    fn loads_modules(&self) -> bool {
        let relations = self.attribute("rel").unwrap_or_default().to_ascii_lowercase();
        relations.split_ascii_whitespace().any(|relation| match relation {
            "modulepreload" => true,
            "preload" | "prefetch" => self.is("as", "script") || self.is("as", "worker"),
            _ => false,
        })
    }
}

/// Content that is text, or that no browser runs.
const OPAQUE: [&str; 8] = [
    "script", "style", "textarea", "title", "template", "noscript", "iframe", "xmp",
];

/// The tags of a page in order.
struct Tags<'a> {
    page: &'a str,
    at: usize,
}

impl<'a> Tags<'a> {
    fn of(page: &'a str) -> Self {
        Self { page, at: 0 }
    }

    fn read_tag(&mut self, start: usize) -> Tag {
        let bytes = self.page.as_bytes();
        let name_ends = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'>' || (*byte == b'/');
        let mut at = start + 1;
        if bytes.get(at) == Some(&b'/') {
            at += 1;
        }
        while bytes.get(at).is_some_and(|byte| !name_ends(byte)) {
            at += 1;
        }
        let name = self.page[start + 1..at].to_ascii_lowercase();
        self.at = at;
        let mut attributes = Vec::new();
        while let Some(attribute) = self.read_attribute() {
            attributes.push(attribute);
        }
        Tag {
            name,
            attributes,
            range: start..self.at,
        }
    }

    /// The next attribute; `None` behind the end of the tag.
    fn read_attribute(&mut self) -> Option<(String, String)> {
        let bytes = self.page.as_bytes();
        while bytes
            .get(self.at)
            .is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'/')
        {
            self.at += 1;
        }
        match bytes.get(self.at) {
            None => return None,
            Some(b'>') => {
                self.at += 1;
                return None;
            }
            Some(_) => {}
        }
        let start = self.at;
        // An equals sign at the start is part of the name.
        self.at += self.page[start..].chars().next().map_or(1, char::len_utf8);
        let name_ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>' | b'/');
        while bytes.get(self.at).is_some_and(|byte| !name_ends(byte)) {
            self.at += 1;
        }
        let name = self.page[start..self.at].to_ascii_lowercase();
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        if bytes.get(self.at) != Some(&b'=') {
            return Some((name, String::new()));
        }
        self.at += 1;
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        let (open, close): (usize, &[char]) = match bytes.get(self.at) {
            Some(b'"') => (1, &['"']),
            Some(b'\'') => (1, &['\'']),
            _ => (0, &[' ', '\t', '\n', '\r', '\u{c}', '>']),
        };
        let value_start = (self.at + open).min(self.page.len());
        let length = self.page[value_start..].find(close);
        let end = length.map_or(self.page.len(), |length| value_start + length);
        self.at = (end + open).min(self.page.len());
        Some((name, self.page[value_start..end].to_owned()))
    }

    /// Behind the end tag of an element whose content is no HTML.
    fn skip_content(&mut self, name: &str) {
        let end = format!("</{name}");
        let rest = self.page[self.at..].to_ascii_lowercase();
        self.at = rest.find(&end).map_or(self.page.len(), |found| self.at + found);
    }
}

impl Iterator for Tags<'_> {
    type Item = Tag;

    fn next(&mut self) -> Option<Tag> {
        loop {
            let start = self.at + self.page[self.at..].find('<')?;
            let rest = &self.page[start..];
            let second = rest.as_bytes().get(1).copied().unwrap_or_default();
            let third = rest.as_bytes().get(2).copied().unwrap_or_default();
            if let Some(comment) = rest.strip_prefix("<!--") {
                let end = comment.find("-->");
                self.at = end.map_or(self.page.len(), |end| start + 4 + end + 3);
            } else if second.is_ascii_alphabetic() || second == b'/' && third.is_ascii_alphabetic() {
                let tag = self.read_tag(start);
                if OPAQUE.contains(&tag.name.as_str()) {
                    self.skip_content(&tag.name);
                }
                return Some(tag);
            } else {
                self.at = start + 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = r#"{"imports":{"a":"/</script>"}}"#;
    const ELEMENT: &str = r#"<script type="importmap">{"imports":{"a":"/\u003c/script>"}}</script>"#;

    #[track_caller]
    fn expect_before(page: &str) {
        let wanted = page.replace('|', &format!("{ELEMENT}\n"));
        assert_eq!(inject(&page.replace('|', ""), MAP, None).as_ref(), Ok(&wanted));
    }

    #[test]
    fn the_map_is_before_everything_that_loads_modules() {
        expect_before(
            "<head><title>a<script></title>|<script type=module src=/a.js></script></head><body></body>",
        );
        expect_before(
            "<head>|<link href='/a>b.mjs' rel=\"preconnect modulepreload\"></head><script></script>",
        );
        expect_before("<head><link rel=stylesheet>|<link as=script rel=preload></head>");
        expect_before("<head><!-- <script> -->|<script>import('a')</script></head>");
        expect_before(
            "<head><script type='application/json'>{\"a\":\"<script>\"}</script>|</head><script></script>",
        );
        expect_before("<HEAD><style>/* <script> */</style><template><script></script></template>|</HEAD>");
        expect_before("<!doctype html><body class=\"a>b\" data-x=a/b>|<p>1 < 2</p></body>");
        expect_before("|<SCRIPT TYPE=Module>import 'a'</SCRIPT>");
    }

    #[test]
    fn a_page_is_filled_where_each_piece_belongs() {
        let filled = |page: &str| {
            fill(page, "{}", "HEAD\n", "END\n")
                .unwrap()
                .replace("<script type=\"importmap\">{}</script>", "MAP")
        };
        assert_eq!(
            filled("<head>\n  <script></script>\n</head>\n<body>\n  <p>x</p>\n</body>\n"),
            "<head>\n  MAP\n  <script></script>\nHEAD\n</head>\n<body>\n  <p>x</p>\nEND\n</body>\n"
        );
        // Of pieces in one place the map is the first.
        assert_eq!(
            filled("<head></head>\n<p>x</p>"),
            "<head>MAP\nHEAD\n</head>\n<p>x</p>END\n"
        );
        assert_eq!(
            filled("<body class=\"a>b\">\n<p>x</p></html>"),
            "<body class=\"a>b\">MAP\nHEAD\n\n<p>x</p>END\n</html>"
        );
        assert_eq!(fill("<p>x</p>", "{}", "", ""), Err(InjectError::NoPlace));
    }

    #[test]
    fn the_element_stands_on_a_line_of_its_own() {
        let page = "<head>\n  <script src=\"/a.js\"></script>\n</head>\n";
        assert_eq!(
            inject(page, "{}\n", Some("a\"b")).unwrap(),
            "<head>\n  <script type=\"importmap\" nonce=\"a&quot;b\">{}</script>\n  <script src=\"/a.js\"></script>\n</head>\n"
        );
    }

    #[test]
    fn pages_without_a_place_are_refused() {
        assert_eq!(inject("<p>text", MAP, None), Err(InjectError::NoPlace));
        let with_map = "<head><script type=' ImportMap '>{}</script></head>";
        assert_eq!(inject(with_map, MAP, None), Err(InjectError::HasMap));
        for broken in [
            "<", "<a", "<a b", "<a b=", "<a b='", "<!--", "<script", "</", "<a =é",
        ] {
            assert_eq!(
                inject(broken, MAP, None).is_err(),
                broken != "<script",
                "{broken}"
            );
        }
    }
}
