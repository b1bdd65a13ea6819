//! The picture as one HTML page that needs nothing else: no network, no fonts, no framework. The page's parts are
//! files beside this one; the data stands in it as JSON, and its script builds every element from text.

use super::picture::Picture;
use crate::base::html::{escape_script_json, escape_text};

const PAGE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPTS: [&str; 4] = [
    include_str!("page/layout.js"),
    include_str!("page/canvas.js"),
    include_str!("page/details.js"),
    include_str!("page/page.js"),
];

pub(super) fn draw(picture: &Picture<'_>) -> String {
    let data = serde_json::to_string(picture).expect("a picture has only string keys");
    // One pass over the template: a module may be called like a placeholder.
    let mut text = String::new();
    let mut rest = PAGE;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after
            .split_once("}}")
            .expect("a placeholder of the template ends");
        text.push_str(before);
        match name {
            "title" => text.push_str(&escape_text(&picture.root)),
            "style" => text.push_str(STYLE),
            "data" => text.push_str(&escape_script_json(&data)),
            "script" => text.extend(SCRIPTS),
            other => unreachable!("the template has no placeholder {other}"),
        }
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_script_or_the_title() {
        let picture = Picture {
            root: "</title><script>alert(1)</script>{{script}}".to_owned(),
            is_cyclic: false,
            nodes: Vec::new(),
            edges: Vec::new(),
            elections: Vec::new(),
            diagnostics: Vec::new(),
        };
        let page = draw(&picture);
        assert!(!page.contains("<script>alert"));
        assert_eq!(
            page.matches("</script>").count(),
            PAGE.matches("</script>").count()
        );
        assert!(page.contains("\\u003c/title>\\u003cscript>alert(1)\\u003c/script>{{script}}"));
    }

    #[test]
    fn the_page_asks_nobody() {
        for part in [PAGE, STYLE].iter().chain(&SCRIPTS) {
            for word in ["http://", "https://", "@import", "url(", "fetch(", "import("] {
                let allowed = part.matches("http://www.w3.org/2000/svg").count();
                let found = part.matches(word).count();
                assert!(found == 0 || (word == "http://" && found == allowed), "{word}");
            }
        }
    }
}
