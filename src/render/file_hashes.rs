//! The hashes of files: of a file's own text and of the hashes of the files that it names.
//!
//! Files that name each other in a circle have one hash together first: of all their texts and of what they name outside.
//! Tarjan's components come in the order that this needs, those that are named before those that name them, so that one
//! pass over all files is enough.

use oxc_index::IndexVec;

use crate::base::content_hash;
use crate::chunk::ChunkId;

/// As many hexadecimal digits as there are.
const ALL_DIGITS: usize = 64;

/// The whole hash of every file, from the hashes of their own texts and from who names whom.
pub fn whole_hashes(
    own: &IndexVec<ChunkId, String>,
    named: &IndexVec<ChunkId, Vec<ChunkId>>,
) -> IndexVec<ChunkId, String> {
    let mut search = Search {
        own,
        named,
        numbers: own.iter().map(|_| None).collect(),
        lowest: own.iter().map(|_| 0).collect(),
        next_number: 0,
        open: Vec::new(),
        hashes: own.iter().map(|_| None).collect(),
    };
    for file in own.indices() {
        if search.numbers[file].is_none() {
            search.run(file);
        }
    }
    let hashes = search.hashes.into_iter();
    hashes
        .map(|hash| hash.expect("every file is in one component, and all components were closed"))
        .collect()
}

struct Search<'a> {
    own: &'a IndexVec<ChunkId, String>,
    named: &'a IndexVec<ChunkId, Vec<ChunkId>>,
    /// In the order of discovery.
    numbers: IndexVec<ChunkId, Option<usize>>,
    /// The lowest number that is known to be reachable.
    lowest: IndexVec<ChunkId, usize>,
    next_number: usize,
    /// Files whose component is not complete.
    open: Vec<ChunkId>,
    /// Those of complete components.
    hashes: IndexVec<ChunkId, Option<String>>,
}

impl Search<'_> {
    fn enter(&mut self, file: ChunkId) {
        self.numbers[file] = Some(self.next_number);
        self.lowest[file] = self.next_number;
        self.next_number += 1;
        self.open.push(file);
    }

    fn run(&mut self, root: ChunkId) {
        let mut stack: Vec<(ChunkId, usize)> = vec![(root, 0)];
        self.enter(root);
        while let Some((file, next)) = stack.last_mut() {
            let file = *file;
            let Some(target) = self.named[file].get(*next).copied() else {
                stack.pop();
                if let Some((naming, _)) = stack.last() {
                    self.lowest[*naming] = self.lowest[*naming].min(self.lowest[file]);
                }
                if Some(self.lowest[file]) == self.numbers[file] {
                    self.close(file);
                }
                continue;
            };
            *next += 1;
            match self.numbers[target] {
                None => {
                    self.enter(target);
                    stack.push((target, 0));
                }
                Some(number) if self.hashes[target].is_none() => {
                    self.lowest[file] = self.lowest[file].min(number);
                }
                Some(_) => {}
            }
        }
    }

    /// Everything opened after `root` is one component.
    fn close(&mut self, root: ChunkId) {
        let start = self.open.iter().rposition(|file| *file == root);
        let component = self
            .open
            .split_off(start.expect("a file is open until its component is complete"));
        let mut texts: Vec<&str> = component.iter().map(|file| self.own[*file].as_str()).collect();
        texts.sort_unstable();
        let mut outside: Vec<&str> = component
            .iter()
            .flat_map(|file| &self.named[*file])
            .filter_map(|target| self.hashes[*target].as_deref())
            .collect();
        outside.sort_unstable();
        outside.dedup();
        let parts = texts.into_iter().chain(outside).map(str::as_bytes);
        let together = content_hash(parts, ALL_DIGITS);
        for file in component {
            let parts = [self.own[file].as_bytes(), together.as_bytes()];
            self.hashes[file] = Some(content_hash(parts, ALL_DIGITS));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// a ⇄ b → c, d → a; e alone.
    fn hashes(texts: [&str; 5]) -> Vec<String> {
        let own = texts.into_iter().map(str::to_owned).collect();
        let named = [vec![1], vec![0, 2], vec![], vec![0], vec![]];
        let named = named
            .into_iter()
            .map(|files| files.into_iter().map(ChunkId::from_usize).collect())
            .collect();
        whole_hashes(&own, &named).into_iter().collect()
    }

    #[test]
    fn a_change_reaches_those_who_name_it_and_nobody_else() {
        let before = hashes(["a", "b", "c", "d", "e"]);
        for (changed, reached) in [
            (["A", "b", "c", "d", "e"], [true, true, false, true, false]),
            (["a", "B", "c", "d", "e"], [true, true, false, true, false]),
            (["a", "b", "C", "d", "e"], [true, true, true, true, false]),
            (["a", "b", "c", "D", "e"], [false, false, false, true, false]),
            (["a", "b", "c", "d", "E"], [false, false, false, false, true]),
        ] {
            let after = hashes(changed);
            let differs: Vec<bool> = before
                .iter()
                .zip(&after)
                .map(|(one, other)| one != other)
                .collect();
            assert_eq!(differs, reached, "{changed:?}");
        }
    }

    #[test]
    fn a_circle_of_many_files_needs_no_stack() {
        let count = 50_000;
        let own = (0..count).map(|index| index.to_string()).collect();
        let named = (0..count)
            .map(|index| vec![ChunkId::from_usize((index + 1) % count)])
            .collect();
        assert_eq!(whole_hashes(&own, &named).len(), count);
    }
}
