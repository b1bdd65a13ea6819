//! Work of unlike size on all threads.

use std::cmp::Reverse;

use rayon::iter::{ParallelBridge as _, ParallelIterator as _};

/// Works on all items, the largest first, so that none of the threads is left alone with a large one that came last. What
/// comes of them has the order of the items. (The LPT rule: Graham, Bounds on Multiprocessing Timing Anomalies, 1969.)
pub fn largest_first<T: Send, R: Send>(
    items: Vec<T>,
    size: impl Fn(&T) -> usize,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let mut queue: Vec<(usize, T)> = items.into_iter().enumerate().collect();
    queue.sort_by_cached_key(|(_, item)| Reverse(size(item)));
    let mut done: Vec<(usize, R)> = queue
        .into_iter()
        .par_bridge()
        .map(|(place, item)| (place, work(item)))
        .collect();
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::largest_first;

    #[test]
    fn results_have_the_order_of_the_items() {
        let items: Vec<usize> = (0..100).map(|number| number * 37 % 101).collect();
        let doubled: Vec<usize> = items.iter().map(|number| number * 2).collect();
        assert_eq!(
            largest_first(items, |number| *number, |number| number * 2),
            doubled
        );
    }
}
