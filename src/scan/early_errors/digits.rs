//! Digits in the text of literals that the parser lets pass (ECMA-262 §12.9.3.1, §12.9.4.1).

/// `\8` and `\9`, or an octal escape such as `\01` or `\08`.
pub(super) fn has_digit_escape(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    let mut index = 0;
    while index + 1 < bytes.len() {
        if bytes[index] != b'\\' {
            index += 1;
            continue;
        }
        let digit = bytes[index + 1];
        let is_nul = digit == b'0' && !bytes.get(index + 2).is_some_and(u8::is_ascii_digit);
        if digit.is_ascii_digit() && !is_nul {
            return true;
        }
        index += 2;
    }
    false
}

/// `\u{1_0}`, which the parser reads as a number.
pub(super) fn has_separator_in_escape(raw: &str) -> bool {
    let mut rest = raw;
    while let Some(start) = rest.find('\\') {
        let escape = &rest[start + 1..];
        if let Some(digits) = escape.strip_prefix("u{")
            && digits
                .split('}')
                .next()
                .is_some_and(|digits| digits.contains('_'))
        {
            return true;
        }
        rest = escape
            .get(escape.chars().next().map_or(0, char::len_utf8)..)
            .unwrap_or_default();
    }
    false
}

/// `010` and `09`.
pub(super) fn is_old_octal(text: &str) -> bool {
    let mut digits = text.bytes();
    digits.next() == Some(b'0') && digits.next().is_some_and(|digit| digit.is_ascii_digit())
}
