//! Going on after a panic in code that is not ours.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static IS_RECOVERING: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`; `None` when it panics. For library passes that have a fallback; what `work` changes must not
/// be used after a panic. The program's panic hook stays silent meanwhile, see [`is_recovering`].
pub fn recover<Answer>(work: impl FnOnce() -> Answer) -> Option<Answer> {
    let before = IS_RECOVERING.replace(true);
    let answer = catch_unwind(AssertUnwindSafe(work)).ok();
    IS_RECOVERING.set(before);
    answer
}

/// Whether a panic on this thread has somebody who handles it.
pub fn is_recovering() -> bool {
    IS_RECOVERING.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_answer() {
        assert_eq!(recover(|| 1), Some(1));
        assert_eq!(recover(|| -> u8 { panic!("as a library may") }), None);
        assert!(!is_recovering());
    }
}
