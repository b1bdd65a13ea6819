//! JSON as far as import maps look at it.
//!
//! A general reader differs from the standard's "parse a JSON string" where it matters here: it refuses a number that
//! is too large or a value that is nested too deeply, although nobody looks at either, and half of a surrogate pair
//! (`"\ud800"`), which JSON can write and Rust's text cannot hold. So the grammar is checked without building values,
//! and then the few values that count are read.

use indexmap::IndexMap;
use serde::de::IgnoredAny;

/// A value, as much of it as counts.
pub(super) enum JsonValue {
    /// A string.
    Text(String),
    /// An object; what lies deeper than the tables of a scope is not read.
    Object(JsonObject),
    /// Anything else.
    Other,
}

/// In the order of the text. Of two equal keys the later one gives the value, the earlier one the place.
pub(super) type JsonObject = IndexMap<String, JsonValue>;

/// The map, `scopes`, and the table of one scope.
const DEEPEST_OBJECT: usize = 3;

/// Reads a whole text.
///
/// # Errors
/// The text is not JSON.
pub(super) fn read(text: &str) -> Result<JsonValue, serde_json::Error> {
    let _: IgnoredAny = serde_json::from_str(text)?;
    let mut reader = Reader { text, at: 0 };
    reader.skip_spaces();
    Ok(reader.value(0))
}

/// Walks over a text whose grammar is known to be right.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> JsonValue {
        match self.peek() {
            Some(b'"') => JsonValue::Text(self.string()),
            Some(b'{') if depth < DEEPEST_OBJECT => JsonValue::Object(self.object(depth + 1)),
            Some(b'{') => {
                self.skip_value();
                JsonValue::Object(JsonObject::new())
            }
            _ => {
                self.skip_value();
                JsonValue::Other
            }
        }
    }

    fn object(&mut self, depth: usize) -> JsonObject {
        let mut object = JsonObject::new();
        self.at += 1;
        self.skip_spaces();
        while self.peek() == Some(b'"') {
            let key = self.string();
            self.skip_spaces();
            self.at += 1; // the colon
            self.skip_spaces();
            let value = self.value(depth);
            object.insert(key, value);
            self.skip_spaces();
            if self.peek() == Some(b',') {
                self.at += 1;
                self.skip_spaces();
            }
        }
        self.at += 1; // the closing brace
        object
    }

    fn string(&mut self) -> String {
        self.at += 1;
        let mut string = String::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.find(['"', '\\']).unwrap_or(rest.len());
            string.push_str(&rest[..plain]);
            self.at += plain;
            if self.peek() != Some(b'\\') {
                self.at += 1;
                return string;
            }
            string.push(self.escape());
        }
    }

    fn escape(&mut self) -> char {
        let kind = self.text.as_bytes().get(self.at + 1).copied().unwrap_or(b'\\');
        self.at += 2;
        match kind {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.code_units(),
            other => char::from(other),
        }
    }

    /// One code unit, or two that belong together. A lonely half becomes what every URL makes of it.
    fn code_units(&mut self) -> char {
        let first = self.code_unit();
        if let Some(character) = char::from_u32(first) {
            return character;
        }
        let after = self.at;
        if first < 0xdc00 && self.text[self.at..].starts_with("\\u") {
            self.at += 2;
            let second = self.code_unit();
            if (0xdc00..0xe000).contains(&second) {
                let character = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return char::from_u32(character).unwrap_or(char::REPLACEMENT_CHARACTER);
            }
            self.at = after;
        }
        char::REPLACEMENT_CHARACTER
    }

    fn code_unit(&mut self) -> u32 {
        let digits = self.text.get(self.at..self.at + 4).unwrap_or_default();
        self.at += digits.len();
        u32::from_str_radix(digits, 16).unwrap_or(0xfffd)
    }

    /// Over a value nobody looks at, however deep it is.
    fn skip_value(&mut self) {
        let mut open = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.string();
                    if open == 0 {
                        return;
                    }
                    continue;
                }
                b'{' | b'[' => open += 1,
                b'}' | b']' | b',' | b' ' | b'\t' | b'\n' | b'\r' if open == 0 => return,
                b'}' | b']' => {
                    open -= 1;
                    if open == 0 {
                        self.at += 1;
                        return;
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    fn skip_spaces(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> JsonObject {
        match read(text) {
            Ok(JsonValue::Object(object)) => object,
            _ => panic!("{text} is an object"),
        }
    }

    fn shape(value: &JsonValue) -> String {
        match value {
            JsonValue::Text(text) => format!("{text:?}"),
            JsonValue::Object(object) => {
                let members: Vec<_> = object
                    .iter()
                    .map(|(key, value)| format!("{key}:{}", shape(value)))
                    .collect();
                format!("{{{}}}", members.join(","))
            }
            JsonValue::Other => "_".to_owned(),
        }
    }

    #[test]
    fn what_nobody_looks_at_is_skipped() {
        let text =
            r#" { "a" : 1e999 , "b":[ "]", {"x":[]} ],"c" :null,"d":{"e":{"f":"g","h":{"i":1}}},"j":"k" } "#;
        assert_eq!(
            shape(&read(text).unwrap()),
            r#"{a:_,b:_,c:_,d:{e:{f:"g",h:{}}},j:"k"}"#
        );
        let deep = format!("{{\"a\":{}1{},\"b\":\"c\"}}", "[".repeat(5000), "]".repeat(5000));
        assert_eq!(shape(&read(&deep).unwrap()), r#"{a:_,b:"c"}"#);
        assert_eq!(shape(&read("[1]").unwrap()), "_");
        assert_eq!(shape(&read("true").unwrap()), "_");
    }

    #[test]
    fn of_equal_keys_the_later_gives_the_value() {
        assert_eq!(
            shape(&JsonValue::Object(object(r#"{"a":"1","b":"2","a":"3"}"#))),
            r#"{a:"3",b:"2"}"#
        );
    }

    #[test]
    fn escapes_are_read() {
        let text =
            r#"{"\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00":"x","\ud800":"y","\ud800\u0041":"","\udc00":""}"#;
        let keys: Vec<_> = object(text).into_keys().collect();
        assert_eq!(
            keys,
            ["\"\\/\u{8}\u{c}\n\r\tA\u{e9}\u{1f600}", "\u{fffd}", "\u{fffd}A",]
        );
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in [
            "",
            "{",
            "{a:1}",
            "{\"a\":01}",
            "{} {}",
            "{\"a\":\"\n\"}",
            "\u{feff}{}",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
