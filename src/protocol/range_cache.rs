//! Ranges that were read before. A closure of hundreds of modules names the same few dozen ranges thousands of times,
//! and reading them was more than half of linking. What a text means never changes, so nobody sees the difference.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::npm_range::NpmRange;

/// A process that lives long forgets everything at this many texts rather than grow for ever.
const MOST: usize = 4096;

thread_local! {
    static READ: RefCell<FxHashMap<Box<str>, Option<Rc<NpmRange>>>> = RefCell::default();
}

/// [`NpmRange::parse`], once per text and thread.
pub(super) fn read_range(text: &str) -> Option<Rc<NpmRange>> {
    READ.with_borrow_mut(|read| {
        if let Some(known) = read.get(text) {
            return known.clone();
        }
        if read.len() >= MOST {
            read.clear();
        }
        let range = NpmRange::parse(text).map(Rc::new);
        read.insert(text.into(), range.clone());
        range
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_once_and_the_memory_is_bounded() {
        let first = read_range("^1.2.0 || 3.x").expect("a range");
        let again = read_range("^1.2.0 || 3.x").expect("a range");
        assert!(Rc::ptr_eq(&first, &again));
        assert!(read_range("latest").is_none() && read_range("latest").is_none());
        for patch in 0..=MOST {
            read_range(&format!("1.0.{patch}"));
        }
        assert!(READ.with_borrow(FxHashMap::len) <= MOST);
        assert_eq!(read_range("^1.2.0 || 3.x").as_deref(), Some(&*first));
    }
}
