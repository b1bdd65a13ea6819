//! The parser takes a comment for the end of what stands before it on the same line. An annotation speaks of what comes next:
//!
//! ```js
//! first(); /* @__PURE__ */ second()
//! ```

use swc_core::common::BytePos;
use swc_core::common::comments::SingleThreadedComments;

/// Puts annotations before what they speak of.
pub fn lead(comments: &SingleThreadedComments, source: &str) {
    let (mut leading, mut trailing) = comments.borrow_all_mut();
    for list in trailing.values_mut() {
        let mut index = 0;
        while index < list.len() {
            let text = &list[index].text;
            if text.contains("__PURE__") || text.contains("__NO_SIDE_EFFECTS__") {
                let comment = list.remove(index);
                let next = next_token(source, comment.span.hi.0.saturating_sub(1) as usize);
                let place = BytePos(u32::try_from(next + 1).unwrap_or(u32::MAX));
                leading.entry(place).or_default().push(comment);
            } else {
                index += 1;
            }
        }
    }
}

/// Where the first token at or after `start` begins.
fn next_token(source: &str, start: usize) -> usize {
    let mut position = start;
    loop {
        let Some(rest) = source.get(position..) else {
            return position;
        };
        let trimmed = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
        position += rest.len() - trimmed.len();
        let length = if trimmed.starts_with("/*") {
            trimmed.find("*/").map(|end| end + 2)
        } else if trimmed.starts_with("//") {
            trimmed.find('\n')
        } else {
            None
        };
        match length {
            Some(length) => position += length,
            None => return position,
        }
    }
}
