//! Changes of texts in place.

/// A part of a text that another takes the place of.
#[derive(Debug, PartialEq, Eq)]
pub struct Splice {
    /// Where it starts.
    pub start: usize,
    /// How many bytes it has.
    pub length: usize,
    /// What is there instead.
    pub text: String,
}

impl Splice {
    /// How far what stands behind it moves.
    pub fn moves(&self, place: &mut usize) {
        *place = *place - self.length + self.text.len();
    }

    /// Changes a text.
    pub fn apply(&self, bytes: &mut Vec<u8>) {
        let end = self.start + self.length;
        let (old, new) = (bytes.len(), bytes.len() - self.length + self.text.len());
        if new > old {
            bytes.resize(new, 0);
        }
        bytes.copy_within(end..old, self.start + self.text.len());
        bytes.truncate(new);
        bytes[self.start..self.start + self.text.len()].copy_from_slice(self.text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_replaced_by_longer_shorter_and_no_text() {
        for (text, expected) in [("", "ad"), ("x", "axd"), ("xy", "axyd"), ("long", "alongd")] {
            let mut bytes = b"abcd".to_vec();
            let splice = Splice {
                start: 1,
                length: 2,
                text: text.to_owned(),
            };
            splice.apply(&mut bytes);
            assert_eq!(bytes, expected.as_bytes());
            let mut end = 4;
            splice.moves(&mut end);
            assert_eq!(end, expected.len());
        }
    }
}
