//! What an expression that is put together from texts can be.

use swc_core::ecma::ast::{BinaryOp, Expr, Lit};

use super::super::requested_text::{concatenated_to, is_raw_tag};

/// Texts, with anything between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// At least two; where nothing is known at the end, the last is empty.
    texts: Vec<String>,
}

impl Pattern {
    /// The pattern of an expression that starts with a relative directory and is not known whole.
    pub(super) fn of(expression: &Expr) -> Option<Self> {
        let mut texts = vec![String::new()];
        add(expression, &mut texts);
        let start = texts.first()?;
        let is_relative = start.starts_with("./") || start.starts_with("../");
        (is_relative && texts.len() > 1).then_some(Self { texts })
    }

    /// The directory that the start names, with the slash.
    pub(super) fn directory(&self) -> &str {
        let start = &self.texts[0];
        let end = start.rfind('/').map_or(0, |slash| slash + 1);
        &start[..end]
    }

    /// Whether a text can be what the expression gives.
    pub(super) fn matches(&self, text: &str) -> bool {
        let (first, rest) = (&self.texts[0], &self.texts[1..]);
        let Some(mut text) = text.strip_prefix(&**first) else {
            return false;
        };
        let Some((last, middle)) = rest.split_last() else {
            return text.is_empty();
        };
        for part in middle {
            match text.find(&**part) {
                Some(start) => text = &text[start + part.len()..],
                None => return false,
            }
        }
        text.ends_with(&**last)
    }

    /// Whether the expression ends with the extension of a file.
    pub(super) fn names_extension_of(&self, path: &str) -> bool {
        let last = self.texts.last().map_or("", |text| text.as_str());
        let extension = path.rfind('.').map(|dot| &path[dot..]);
        extension.is_some_and(|extension| last.ends_with(extension))
    }
}

fn add(expression: &Expr, texts: &mut Vec<String>) {
    let literal = |text: &str, texts: &mut Vec<String>| {
        if let Some(last) = texts.last_mut() {
            last.push_str(text);
        }
    };
    match expression {
        Expr::Lit(Lit::Str(text)) => literal(&text.value.to_string_lossy(), texts),
        Expr::Lit(Lit::Num(number)) => literal(&number.value.to_string(), texts),
        Expr::Paren(paren) => add(&paren.expr, texts),
        Expr::Bin(sum) if sum.op == BinaryOp::Add => {
            add(&sum.left, texts);
            add(&sum.right, texts);
        }
        Expr::Tpl(template) => {
            for (index, quasi) in template.quasis.iter().enumerate() {
                let cooked = quasi.cooked.as_ref();
                literal(
                    &cooked.map_or_else(Default::default, |text| text.to_string_lossy()),
                    texts,
                );
                if let Some(inner) = template.exprs.get(index) {
                    add(inner, texts);
                }
            }
        }
        Expr::TaggedTpl(tagged) if is_raw_tag(&tagged.tag) => {
            for (index, quasi) in tagged.tpl.quasis.iter().enumerate() {
                literal(&quasi.raw, texts);
                if let Some(inner) = tagged.tpl.exprs.get(index) {
                    add(inner, texts);
                }
            }
        }
        Expr::Call(call) if let Some(start) = concatenated_to(call) => {
            add(start, texts);
            for argument in &call.args {
                add(&argument.expr, texts);
            }
        }
        _ => texts.push(String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    fn pattern(texts: &[&str]) -> Pattern {
        Pattern {
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
        }
    }

    #[test]
    fn anything_may_stand_between_the_texts() {
        let languages = pattern(&["./locale/", ".js"]);
        assert_eq!(languages.directory(), "./locale/");
        assert!(languages.matches("./locale/de.js"));
        assert!(languages.matches("./locale/de/at.js"));
        assert!(!languages.matches("./locale/de"));
        assert!(!languages.matches("./other/de.js"));
        let pages = pattern(&["./page-", "/", ""]);
        assert_eq!(pages.directory(), "./");
        assert!(pages.matches("./page-one/index"));
        assert!(!pages.matches("./page-one"));
    }
}
