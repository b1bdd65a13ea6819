//! The form that servers expect below `/ac/`: an `ActionResult` of Bazel's remote execution API. Some of them read it, and
//! keep the files that it names as long as the result itself.
//!
//! ```proto
//! message ActionResult { repeated OutputFile output_files = 2; bytes stdout_raw = 5; }
//! message OutputFile   { string path = 1; Digest digest = 2; }
//! message Digest       { string hash = 1; int64 size_bytes = 2; }
//! ```

use crate::base::Digest;

/// Wire types of protocol buffers.
const VARINT: u64 = 0;
const LENGTH_DELIMITED: u64 = 2;

/// A text, and the files that it speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cache) struct ActionResult {
    /// Our own words.
    pub text: String,
    /// Name, digest and size.
    pub files: Vec<(String, Digest, u64)>,
}

impl ActionResult {
    pub fn encode(&self) -> Vec<u8> {
        let mut message = Vec::new();
        for (path, digest, size) in &self.files {
            let mut of_digest = Vec::new();
            put_bytes(&mut of_digest, 1, digest.to_string().as_bytes());
            put_tag(&mut of_digest, 2, VARINT);
            put_varint(&mut of_digest, *size);
            let mut file = Vec::new();
            put_bytes(&mut file, 1, path.as_bytes());
            put_bytes(&mut file, 2, &of_digest);
            put_bytes(&mut message, 2, &file);
        }
        put_bytes(&mut message, 5, self.text.as_bytes());
        message
    }

    /// The text of a message; fields that are not known are passed over.
    pub fn text_of(message: &[u8]) -> Option<String> {
        let mut rest = message;
        let mut text = None;
        while !rest.is_empty() {
            let tag = take_varint(&mut rest)?;
            match tag & 7 {
                VARINT => {
                    take_varint(&mut rest)?;
                }
                1 => rest = rest.get(8..)?,
                LENGTH_DELIMITED => {
                    let length = usize::try_from(take_varint(&mut rest)?).ok()?;
                    let content = rest.get(..length)?;
                    rest = &rest[length..];
                    if tag >> 3 == 5 {
                        text = Some(content);
                    }
                }
                5 => rest = rest.get(4..)?,
                _ => return None,
            }
        }
        String::from_utf8(text?.to_vec()).ok()
    }
}

fn put_tag(message: &mut Vec<u8>, field: u64, kind: u64) {
    put_varint(message, field << 3 | kind);
}

fn put_bytes(message: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    put_tag(message, field, LENGTH_DELIMITED);
    put_varint(message, bytes.len() as u64);
    message.extend_from_slice(bytes);
}

fn put_varint(message: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        message.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    message.push(number.to_le_bytes()[0]);
}

fn take_varint(message: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = message.split_first()?;
        *message = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_what_protocol_buffers_make_of_it() {
        let result = ActionResult {
            text: "hi".to_owned(),
            files: vec![("a".to_owned(), Digest::of(b""), 300)],
        };
        let mut expected = vec![0x12, 74, 0x0a, 1, b'a', 0x12, 69, 0x0a, 64];
        expected.extend_from_slice(Digest::of(b"").to_string().as_bytes());
        expected.extend_from_slice(&[0x10, 0xac, 0x02, 0x2a, 2, b'h', b'i']);
        assert_eq!(result.encode(), expected);
        assert_eq!(ActionResult::text_of(&expected).as_deref(), Some("hi"));
    }

    #[test]
    fn what_is_no_message_has_no_text() {
        for bytes in [
            b"".as_slice(),
            b"<html>",
            &[0x2a, 9, b'x'],
            &[0xff; 20],
            b"\x12\x00",
        ] {
            assert_eq!(ActionResult::text_of(bytes), None);
        }
        // Another field, and exit_code, which a server may add.
        assert_eq!(
            ActionResult::text_of(&[0x20, 1, 0x2a, 1, b'x']).as_deref(),
            Some("x")
        );
    }
}
