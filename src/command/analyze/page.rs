//! The analysis as one HTML page that needs nothing else: no network, no fonts, no framework. The data stands in it as
//! JSON, and its script builds every element from text.

use super::Analysis;
use crate::base::html::escape_script_json;

const PAGE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPTS: [&str; 2] = [include_str!("page/squarify.js"), include_str!("page/page.js")];

pub(super) fn draw(analysis: &Analysis) -> String {
    let data = serde_json::to_string(analysis).expect("an analysis has only string keys");
    // The data comes last: a path may be called like a placeholder.
    PAGE.replace("{{style}}", STYLE)
        .replace("{{script}}", &SCRIPTS.concat())
        .replace("{{data}}", &escape_script_json(&data))
}

#[cfg(test)]
mod tests {
    use super::super::Output;
    use super::*;

    #[test]
    fn nothing_ends_the_script() {
        let output = Output {
            path: "</script><script>alert(1)</script>{{script}}".to_owned(),
            entry_point: None,
            bytes: 1,
            gzip: None,
            brotli: None,
            packages: Vec::new(),
            modules: Vec::new(),
        };
        let page = draw(&Analysis {
            outputs: vec![output],
            duplicates: Vec::new(),
            times: None,
        });
        assert!(!page.contains("<script>alert"));
        assert_eq!(
            page.matches("</script>").count(),
            PAGE.matches("</script>").count()
        );
        assert!(page.contains("alert(1)\\u003c/script>{{script}}"));
    }

    #[test]
    fn the_page_asks_nobody() {
        for part in [PAGE, STYLE].iter().chain(&SCRIPTS) {
            for word in [
                "http:",
                "https:",
                "@import",
                "url(",
                "fetch(",
                "import(",
                "innerHTML",
                " onclick=",
            ] {
                assert!(!part.contains(word), "{word}");
            }
        }
    }
}
