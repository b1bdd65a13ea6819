//! Which files may go: those that only releases need which are neither among the last ones nor were live lately. A
//! page that was opened while such a release was live has been open for longer than anybody promised.

use std::collections::BTreeSet;

use super::Retention;
use super::history::{self, History, Record};
use super::store::Store;
use crate::command::CommandError;

/// Removes what nobody keeps; returns the paths. Files that no release brought are never touched.
pub(super) fn prune(
    store: &Store,
    history: &mut History,
    retention: Retention,
) -> Result<Vec<String>, CommandError> {
    let expired = expired(&history.records, retention, history::seconds_now());
    if expired.is_empty() {
        return Ok(Vec::new());
    }
    let kept = |(index, record): (usize, &Record)| {
        (!record.pruned && !expired.contains(&index)).then(|| record.clone())
    };
    let kept: Vec<Record> = history.records.iter().enumerate().filter_map(kept).collect();
    let needed_paths: BTreeSet<&String> = kept.iter().flat_map(|record| record.files.keys()).collect();
    let needed_objects: BTreeSet<&String> = kept.iter().flat_map(|record| record.files.values()).collect();

    let mut paths = BTreeSet::new();
    let mut objects = BTreeSet::new();
    let mut maps = Vec::new();
    for &index in &expired {
        let record = &mut history.records[index];
        for (path, hash) in std::mem::take(&mut record.files) {
            objects.extend((!needed_objects.contains(&hash)).then_some(hash));
            paths.extend((!needed_paths.contains(&path)).then_some(path));
        }
        record.pruned = true;
        maps.push(record.number);
    }
    // The record is first: cut off here, some files stay for ever, and none is missed.
    store.write_history(history)?;
    let removed: Vec<String> = paths.into_iter().filter(|path| store.remove(path)).collect();
    for hash in &objects {
        store.remove_object(hash);
    }
    for number in maps {
        store.remove_map(number);
    }
    Ok(removed)
}

/// The indexes of the records that neither rule keeps.
fn expired(records: &[Record], retention: Retention, now: u64) -> BTreeSet<usize> {
    let horizon = now.saturating_sub(retention.days.saturating_mul(86_400));
    let newest = records.len().saturating_sub(retention.releases.max(1));
    let candidates = (0..newest).filter(|&index| {
        let replaced = records
            .get(index + 1)
            .and_then(|next| history::seconds_of(&next.time));
        // A time that cannot be read keeps the record.
        !records[index].pruned && replaced.is_some_and(|replaced| replaced <= horizon)
    });
    candidates.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::command::importmap::release::history::Action;

    fn record(number: u64, time: &str) -> Record {
        Record {
            number,
            action: Action::Release,
            of: None,
            time: time.to_owned(),
            forced: false,
            map: String::new(),
            modules: Vec::new(),
            files: BTreeMap::new(),
            pruned: false,
        }
    }

    #[test]
    fn what_was_live_lately_stays() {
        let records = [
            record(1, "2026-01-01T00:00:00Z"),
            record(2, "2026-01-02T00:00:00Z"),
            record(3, "2026-02-20T00:00:00Z"),
            record(4, "2026-02-28T00:00:00Z"),
        ];
        let now = history::seconds_of("2026-03-01T00:00:00Z").unwrap();
        let expired = |releases, days| {
            let retention = Retention { releases, days };
            super::expired(&records, retention, now)
                .into_iter()
                .collect::<Vec<_>>()
        };
        // Release 2 was live until the 20th of February.
        assert_eq!(expired(1, 30), [0]);
        assert_eq!(expired(1, 5), [0, 1]);
        assert_eq!(expired(3, 5), [0]);
        assert_eq!(expired(1, 0), [0, 1, 2]);
        assert_eq!(expired(0, 0), [0, 1, 2]);
        assert!(expired(4, 0).is_empty());
    }
}
